"""Overview rows of GPUs and open models, with GPU prices and unknown fields."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from i18n.message import N_

from ..book import PricesOnDay
from ..rows import Evidence, Gpu, GpuPurchase, GpuRent, OpenModel
from .row_details import UNKNOWN

DENSE: Final = N_("dense")
KINDS: Final = (N_("datacentre"), N_("consumer or PCIe"), N_("CPU"))
"""Kinds of GPUs, for the translation catalogue."""


@dataclass(frozen=True, slots=True)
class MachineRow:
    """One GPU; None is unknown, for fp8 and fp4 also not supported."""

    name: str
    vendor: str
    memory_gib: Decimal
    bandwidth_gb_per_s: Decimal | None
    bf16_tflops: Decimal | None
    fp8_tflops: Decimal | None
    fp4_tflops: Decimal | None
    tdp_w: Decimal | None
    all_in_kw: Decimal | None
    usd_per_gpu_hour: Decimal | None
    """On demand, on the day of the prices."""
    usd_per_gpu: Decimal | None
    id: str
    architecture: str
    kind: str
    note: str
    evidence: Evidence
    checked_on: date
    source: str
    layer: str


@dataclass(frozen=True, slots=True)
class OpenModelRow:
    """One open model; None is unknown."""

    name: str
    total_params_b: Decimal | None
    active_params_b: Decimal | None
    experts: str
    """Used for a token / there are; or dense, or unknown."""
    layers: int | None
    kv_bytes_per_token: int | None
    context_window_tokens: int
    licence: str | None
    id: str
    tokenizer: str
    note: str
    evidence: Evidence
    checked_on: date
    source: str
    layer: str


def machine_rows(prices: PricesOnDay) -> list[MachineRow]:
    """Every GPU, in the order of the table."""
    rents, purchases = prices.rows(GpuRent), prices.rows(GpuPurchase)
    return [
        MachineRow(
            name=gpu.name,
            vendor=gpu.vendor,
            memory_gib=gpu.memory_gib,
            bandwidth_gb_per_s=gpu.bandwidth_gb_per_s,
            bf16_tflops=gpu.bf16_tflops,
            fp8_tflops=gpu.fp8_tflops,
            fp4_tflops=gpu.fp4_tflops,
            tdp_w=gpu.tdp_w,
            all_in_kw=gpu.all_in_kw,
            usd_per_gpu_hour=rents[gpu.id].usd_per_gpu_hour if gpu.id in rents else None,
            usd_per_gpu=purchases[gpu.id].usd_per_gpu if gpu.id in purchases else None,
            id=gpu.id,
            architecture=gpu.architecture,
            kind=gpu.kind,
            note=gpu.note,
            evidence=gpu.evidence,
            checked_on=gpu.checked_on,
            source=gpu.source,
            layer=gpu.layer,
        )
        for gpu in prices.rows(Gpu).values()
    ]


def open_model_rows(prices: PricesOnDay) -> list[OpenModelRow]:
    """Every open model, in the order of the table."""
    return [
        OpenModelRow(
            name=model.name,
            total_params_b=model.total_params_b,
            active_params_b=model.active_params_b,
            experts=_experts(model),
            layers=model.layers,
            kv_bytes_per_token=model.kv_bytes_per_token,
            context_window_tokens=model.context_window_tokens,
            licence=model.licence,
            id=model.id,
            tokenizer=model.tokenizer,
            note=model.note,
            evidence=model.evidence,
            checked_on=model.checked_on,
            source=model.source,
            layer=model.layer,
        )
        for model in prices.rows(OpenModel).values()
    ]


def _experts(model: OpenModel) -> str:
    if not model.has_experts:
        return DENSE
    if model.routed_experts is None or model.experts_per_token is None:
        return UNKNOWN
    return f"{model.experts_per_token} / {model.routed_experts}"
