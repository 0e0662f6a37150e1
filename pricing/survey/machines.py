"""Frames of GPUs and open models, with GPU prices and unknown fields."""

from __future__ import annotations

from typing import Final

import pandas as pd

from frames.frame import frame
from frames.registry import columns
from i18n.message import N_

from ..book import PricesOnDay
from ..rows import Gpu, GpuPurchase, GpuRent, OpenModel
from .row_details import UNKNOWN

DENSE: Final = N_("dense")
KINDS: Final = (N_("datacentre"), N_("consumer or PCIe"), N_("CPU"))
"""Kinds of GPUs, for the translation catalogue."""


MACHINES: Final = columns(
    "name vendor memory_gib bandwidth_gb_per_s bf16_tflops fp8_tflops fp4_tflops tdp_w all_in_kw "
    "usd_per_gpu_hour usd_per_gpu id architecture kind note evidence checked_on source layer"
)
"""Columns of the GPUs; missing is unknown, for fp8 and fp4 also not supported. The rent is on demand."""

OPEN_MODELS: Final = columns(
    "name total_params_b active_params_b experts layers kv_bytes_per_token context_window_tokens licence id "
    "tokenizer note evidence checked_on source layer"
)
"""Columns of the open models. `experts`: used for a token / there are; or DENSE, or UNKNOWN."""


def machines(prices: PricesOnDay) -> pd.DataFrame:
    """Every GPU, in the order of the table."""
    rents, purchases = prices.rows(GpuRent), prices.rows(GpuPurchase)
    rows = [
        {
            "name": gpu.name,
            "vendor": gpu.vendor,
            "memory_gib": gpu.memory_gib,
            "bandwidth_gb_per_s": gpu.bandwidth_gb_per_s,
            "bf16_tflops": gpu.bf16_tflops,
            "fp8_tflops": gpu.fp8_tflops,
            "fp4_tflops": gpu.fp4_tflops,
            "tdp_w": gpu.tdp_w,
            "all_in_kw": gpu.all_in_kw,
            "usd_per_gpu_hour": rents[gpu.id].usd_per_gpu_hour if gpu.id in rents else None,
            "usd_per_gpu": purchases[gpu.id].usd_per_gpu if gpu.id in purchases else None,
            "id": gpu.id,
            "architecture": gpu.architecture,
            "kind": gpu.kind,
            "note": gpu.note,
            "evidence": gpu.evidence,
            "checked_on": gpu.checked_on,
            "source": gpu.source,
            "layer": gpu.layer,
        }
        for gpu in prices.rows(Gpu).values()
    ]
    return frame(MACHINES, rows)


def open_models(prices: PricesOnDay) -> pd.DataFrame:
    """Every open model, in the order of the table."""
    rows = [
        {
            "name": model.name,
            "total_params_b": model.total_params_b,
            "active_params_b": model.active_params_b,
            "experts": _experts(model),
            "layers": model.layers,
            "kv_bytes_per_token": model.kv_bytes_per_token,
            "context_window_tokens": model.context_window_tokens,
            "licence": model.licence,
            "id": model.id,
            "tokenizer": model.tokenizer,
            "note": model.note,
            "evidence": model.evidence,
            "checked_on": model.checked_on,
            "source": model.source,
            "layer": model.layer,
        }
        for model in prices.rows(OpenModel).values()
    ]
    return frame(OPEN_MODELS, rows)


def _experts(model: OpenModel) -> str:
    if not model.has_experts:
        return DENSE
    if model.routed_experts is None or model.experts_per_token is None:
        return UNKNOWN
    return f"{model.experts_per_token} / {model.routed_experts}"
