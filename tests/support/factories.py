"""Small price rows, workloads and scenarios with round numbers, for sums worked by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from costing.cost_lines import CostLine, PriceRef
from costing.scenario.scenario import Part, Scenario, StrategyChoice
from costing.strategy.base import Setting
from costing.tokenization.tokens import TokenCount
from costing.workload.workload import PARTS, Prompt, RequestTokens, Workload
from i18n.message import literal, message
from pricing.book import PriceBook, PricesOnDay
from pricing.load import SHIPPED, load_book
from pricing.rows import (
    TABLES,
    ContextTier,
    Deployment,
    EmbeddingPrice,
    Evidence,
    Fact,
    Gpu,
    GpuPurchase,
    GpuRent,
    Lifecycle,
    ModelPrice,
    OpenModel,
    ThroughputPrior,
    Tokenizer,
    TunedPrice,
)
from tests.support.paths import FROZEN_TABLES

DAY = date(2026, 11, 22)
DAYS_PER_MONTH = 30.4375
"""Average days per month: 365.25 / 12."""

_SOURCED: dict[str, Any] = {"source": "https://example.com/prices", "checked_on": date(2026, 9, 1)}
_OFFER: dict[str, Any] = {
    **_SOURCED,
    "vendor": "Acme",
    "tokenizer": "o200k_base",
    "effective_from": date(2026, 1, 1),
    "input_usd_per_mtok": 2,
    "output_usd_per_mtok": 10,
    "lifecycle": "open",
}


@lru_cache(maxsize=1)
def frozen_book() -> PriceBook:
    """The frozen copy of the price tables, for every test that quotes a figure."""
    return load_book(FROZEN_TABLES, date.max)


def frozen_prices() -> PricesOnDay:
    return frozen_book().on(DAY)


@lru_cache(maxsize=1)
def live_book() -> PriceBook:
    """The tables of the project as they are now, for laws that every row must obey.

    The day of validation is open: a row may have been checked after DAY, and no test depends on the real
    day. `python -m pricing check`, which `make check` runs, compares `checked_on` with the clock.
    """
    return load_book(SHIPPED, date.max)


def decimals(values: Mapping[str, Any]) -> dict[str, Any]:
    """Floats as decimals with the same digits, which strict rows require."""
    return {name: Decimal(repr(x)) if isinstance(x, float) else x for name, x in values.items()}


def model_price(**changes: Any) -> ModelPrice:
    """2 USD per Mtok in, 10 out, a window of 100,000 tokens, no cache, no cliff."""
    row = {**_OFFER, "id": "acme/large", "name": "large", "context_window_tokens": 100_000, **changes}
    return ModelPrice(**decimals(row))


def cached_model_price(**changes: Any) -> ModelPrice:
    """Cached input at 1 USD per Mtok, from 1,000 tokens on, alive for 300 s."""
    cache = {"cached_input_usd_per_mtok": 1, "min_cacheable_tokens": 1000, "cache_ttl_s": 300}
    return model_price(**{**cache, **changes})


def context_tier(above_prompt_tokens: int, **changes: Any) -> ContextTier:
    """Twice the usual price of input and output."""
    row = {"input_usd_per_mtok": 4, "output_usd_per_mtok": 20, **changes}
    return ContextTier(above_prompt_tokens=above_prompt_tokens, **decimals(row))


def tuned_price(**changes: Any) -> TunedPrice:
    """Training at 10 USD per Mtok, 2 in, 10 out, hosting free."""
    row = {
        **_OFFER,
        "id": "acme/tuned",
        "name": "large",
        "base_model": "acme/large",
        "method": "SFT",
        "context_window_tokens": 100_000,
        "training_usd_per_mtok": 10,
        "hosting_usd_per_hour": 0,
        **changes,
    }
    return TunedPrice(**decimals(row))


def embedding_price(**changes: Any) -> EmbeddingPrice:
    """0.10 USD per Mtok, half of it by batch, 8,000 tokens at once."""
    row = {
        **_SOURCED,
        "id": "vecto/embed",
        "vendor": "Vecto",
        "name": "embed",
        "tokenizer": "o200k_base",
        "effective_from": date(2026, 1, 1),
        "context_window_tokens": 8000,
        "input_usd_per_mtok": 0.1,
        "lifecycle": "open",
        "batch_input_usd_per_mtok": 0.05,
        **changes,
    }
    return EmbeddingPrice(**decimals(row))


def gpu(**changes: Any) -> Gpu:
    """100 GiB, 1,000 GB/s, 100 TFLOPS, 1 kW."""
    row = {
        **_SOURCED,
        "id": "g1",
        "name": "G1",
        "vendor": "NVIDIA",
        "kind": "datacentre",
        "memory_gib": 100,
        "bandwidth_gb_per_s": 1000,
        "bf16_tflops": 50,
        "fp8_tflops": 100,
        "all_in_kw": 1,
        **changes,
    }
    return Gpu(**decimals(row))


def gpu_rent(usd_per_gpu_hour: float = 2, **changes: Any) -> GpuRent:
    row = {
        **_SOURCED,
        "id": "g1",
        "effective_from": date(2026, 1, 1),
        "usd_per_gpu_hour": usd_per_gpu_hour,
        **changes,
    }
    return GpuRent(**decimals(row))


def gpu_purchase(usd_per_gpu: float = 30_000, **changes: Any) -> GpuPurchase:
    row = {
        **_SOURCED,
        "id": "g1",
        "effective_from": date(2026, 1, 1),
        "usd_per_gpu": usd_per_gpu,
        **changes,
    }
    return GpuPurchase(**decimals(row))


def open_model(**changes: Any) -> OpenModel:
    """A dense model of 10 G parameters with 1 kB of KV cache a token."""
    row = {
        **_SOURCED,
        "id": "open-10b",
        "name": "Open 10B",
        "tokenizer": "o200k_base",
        "total_params_b": 10,
        "active_params_b": 10,
        "layers": 10,
        "hidden": 1000,
        "attention_layers": 10,
        "kv_bytes_per_token": 1000,
        "context_window_tokens": 100_000,
        "licence": "Apache 2.0",
        **changes,
    }
    return OpenModel(**decimals(row))


def deployment(**changes: Any) -> Deployment:
    """One G1 that gives 100 output tokens/s at 1,000 input and 100 output tokens: 1 request/s."""
    row = {
        **_SOURCED,
        "id": "open-10b-1xg1",
        "name": "Open 10B on 1 × G1",
        "open_model": "open-10b",
        "gpu": "g1",
        "gpus_per_replica": 1,
        "precision": "fp8",
        "engine": "none",
        "load": "none",
        "input_tokens": 1000,
        "output_tokens": 100,
        "concurrency": 10,
        "output_tokens_per_s": 100,
        **changes,
    }
    return Deployment(**decimals(row))


def prior(**changes: Any) -> ThroughputPrior:
    """Half of the bandwidth, half of the FLOPS in decoding, all of it in prefill, 2 ms a step."""
    row = {
        **_SOURCED,
        "id": "nvidia-datacentre-dense",
        "gpu_vendor": "NVIDIA",
        "gpu_kind": "datacentre",
        "mixture_of_experts": False,
        "mbu": 0.5,
        "mfu_decode": 0.5,
        "mfu_prefill": 1,
        "step_overhead_ms": 2,
        "layer_overhead_us": 100,
        "sigma_log": 0.3,
        **changes,
    }
    return ThroughputPrior(**decimals(row))


def tokenizer(**changes: Any) -> Tokenizer:
    """o200k_base itself: token counts stay the same."""
    return Tokenizer(
        **decimals(
            {**_SOURCED, "id": "o200k_base", "name": "o200k_base", "encoding": "o200k_base", **changes}
        )
    )


def estimated_tokenizer(**changes: Any) -> Tokenizer:
    """50 % more tokens in English, twice as many in German; all estimates."""
    ratios = {
        "en": (Decimal("1.5"), Decimal("1.25"), Decimal("1.75")),
        "de": (Decimal(2), Decimal("1.5"), Decimal("2.5")),
    }
    row = {**_SOURCED, "id": "guess", "name": "Guess", "ratios": ratios, "evidence": "estimated", **changes}
    return Tokenizer(**row)


def book(*rows: Fact) -> PriceBook:
    """Price book with these rows, and the plain example of every kind and id that is not among them."""
    plain: list[Fact] = [
        model_price(),
        tuned_price(),
        embedding_price(),
        gpu(),
        gpu_rent(),
        gpu_purchase(),
        open_model(),
        deployment(),
        prior(),
        tokenizer(),
    ]
    given = {(type(row), row.id) for row in rows}
    every = [*rows, *(row for row in plain if (type(row), row.id) not in given)]
    return PriceBook({table: [row for row in every if type(row) is kind] for table, kind in TABLES.items()})


def lifecycle(row_id: str = "acme/large", **fields: Any) -> Lifecycle:
    """A row of lifecycles.yaml that says nothing but what is given."""
    return Lifecycle(**{**_SOURCED, "id": row_id, **fields})


def prices(*rows: Fact, day: date = DAY) -> PricesOnDay:
    return book(*rows).on(day)


def counted(tokens: float) -> TokenCount:
    """An exactly counted number of tokens."""
    return TokenCount(tokens, tokens, tokens, Evidence.MEASURED, (literal("o200k_base"),))


def request_tokens(**parts: float) -> RequestTokens:
    return RequestTokens(**{part: counted(parts.get(part, 0)) for part in PARTS})


def prompt(
    prefix_tokens: float = 0,
    question_tokens: float = 1000,
    answer_tokens: float = 100,
    turns: int = 1,
    **more: float,
) -> Prompt:
    return Prompt(prefix_tokens, question_tokens, answer_tokens, turns, "measured", "o200k_base", **more)  # type: ignore[arg-type]


def workload(
    requests_per_day: Any = 1000, *, peak_to_average: float = 1, turns: int = 1, **parts: float
) -> Workload:
    """A question of 1,000 tokens and an answer of 100, unless the parts say otherwise."""
    tokens = request_tokens(**{"question": 1000, "answer": 100, **parts})
    return Workload(requests_per_day, peak_to_average, turns, {"o200k_base": tokens})


def choice(strategy: str, name: str = "", **settings: Setting) -> StrategyChoice:
    return StrategyChoice(strategy, settings, name)


STUFFED = choice("stuffed_prompt", model="acme/large")
TUNED = choice("fine_tuned", offer="acme/tuned")
HOSTED = choice("self_hosted", deployment="open-10b-1xg1", target_utilisation_share=1.0, spare_replicas=0)


def scenario(*strategies: StrategyChoice, **changes: Any) -> Scenario:
    """1,000 requests a day of 1,000 input and 100 output tokens, for a year."""
    values: dict[str, Any] = {
        "id": "example",
        "names": {"en": "An example"},
        "descriptions": {"en": ""},
        "on": DAY,
        "horizon_months": 12,
        "requests_per_day": 1000.0,
        "peak_to_average": 1.0,
        "turns": 1,
        "growth_share_per_month": 0.0,
        "parts": {
            **{part: Part() for part in PARTS},
            "question": Part(tokens=1000),
            "answer": Part(tokens=100),
        },
        **changes,
    }
    return Scenario(strategies=strategies or (STUFFED,), **values)


def cost_line(quantity: Any = 1.0, usd_per_unit: Any = 1.0, **changes: Any) -> CostLine:
    values: dict[str, Any] = {
        "name": message("Line"),
        "category": "input",
        "unit": "Mtok",
        "cadence": "monthly",
        "price": PriceRef("acme/large @ 2026-01-01", "https://example.com", DAY, Evidence.PUBLISHED),
        **changes,
    }
    return CostLine(quantity=quantity, usd_per_unit=usd_per_unit, **values)
