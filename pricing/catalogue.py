"""The genai-prices catalogue as rows of ours: models that our tables do not have, read only when needed.

Its rows are marked: layer "catalogue", and a source that names the package. What it is known to have wrong
is put right or left out here, with the reason. Embeddings have rows of their own class; models that are not
priced by the token (audio, pages, subscriptions) are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, TypeVar

from i18n.message import N_, Message, message

from .catalogue_tokenizers import tokenizer_of_name
from .rows import WEEKDAYS, DatedFact, EmbeddingPrice, ModelPrice, ServiceTiers, Tiered, Window

Row = TypeVar("Row", bound=DatedFact)

LAYER: Final = "catalogue"
VERSION: Final = "0.2.3"
READ_ON: Final = date(2026, 11, 22)

PREFIX: Final = {"aws": "bedrock", "x-ai": "xai", "moonshotai": "moonshot"}
"""The catalogue's provider -> the first part of our ids, where they differ."""

LEFT_OUT: Final = {
    ("openai", "gpt-oss-120b"): N_("OpenAI does not sell it"),
    ("openai", "gpt-oss-20b"): N_("OpenAI does not sell it"),
    ("together", "meta-llama/Llama-3.3-70B-Instruct-Turbo"): N_("1.04 since, not 0.88; the day is unknown"),
}
"""Models whose catalogue price is known to be wrong, and why; our own rows stand alone."""

WINDOWS_FROM: Final = {
    ("deepseek", "deepseek-v4-pro"): date(2026, 8, 17),
    ("deepseek", "deepseek-v4-flash"): date(2026, 8, 17),
}
"""The day from which hours of the day count; the catalogue applies them to all days before, too."""

WEEKDAYS_ONLY_FROM: Final = date(2026, 8, 23)
"""DeepSeek bills weekends off-peak from this day on; https://github.com/pydantic/genai-prices/issues/582."""
_V4: Final = frozenset({"deepseek-v4-pro", "deepseek-v4-flash", "deepseek-flash"})

MAX_DECIMALS: Final = 9
"""Decimal places of a price per Mtok that a rate card holds exactly."""

_FIELDS: Final = {
    "input_mtok": "input_usd_per_mtok",
    "cache_read_mtok": "cached_input_usd_per_mtok",
    "cache_write_mtok": "cache_write_usd_per_mtok",
    "cache_write_1h_mtok": "cache_write_1h_usd_per_mtok",
    "output_mtok": "output_usd_per_mtok",
    "output_reasoning_mtok": "reasoning_usd_per_mtok",
}
_TIER_OF: Final = {
    ("processing", "batch"): "batch",
    ("service_tier", "flex"): "flex",
    ("service_tier", "priority"): "priority",
    ("service_tier", "fast"): "fast",
    ("speed", "fast"): "fast",
}

_EMBEDS: Final = ("embed", "bge", "gte", "e5-", "rerank", "voyage")
"""Parts of the names of models without priced output."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All token-priced models of the catalogue: id -> rows, oldest first."""

    histories: Mapping[str, tuple[DatedFact, ...]]
    providers: tuple[Any, ...]
    left_out: Mapping[str, str] = field(default_factory=dict)
    """Id -> why its price is known to be wrong."""

    def why_unpriced(self, row_id: str) -> Message:
        """Why a model of the package has no rows here."""
        reason = self.left_out.get(row_id)
        if reason is not None:
            return message(
                "no price for '{id}': the catalogue's is wrong: {reason} (choose another seller)",
                id=row_id,
                reason=Message(reason),
            )
        return message(
            "'{id}' is not priced per token (leave it out, or choose a model that is)",
            id=row_id,
        )


def our_id(provider: str, model: str) -> str:
    """The id under which a catalogue model stands here."""
    return f"{PREFIX.get(provider, provider)}/{model}"


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """The catalogue of the installed package; imported on first use, since that takes 0.3 s."""
    from genai_prices.data import providers

    histories: dict[str, tuple[DatedFact, ...]] = {}
    for provider in providers:
        for model in provider.models:
            if (provider.id, model.id) in LEFT_OUT:
                continue
            rows = tuple(_rows(provider, model))
            if rows:
                histories[our_id(provider.id, model.id)] = rows
    left_out = {our_id(*key): reason for key, reason in LEFT_OUT.items()}
    return Catalogue(histories, tuple(providers), left_out)


def _rows(provider: Any, model: Any) -> Iterator[DatedFact]:
    """A row for each day on which any of its prices changes."""
    for day in _days(provider, model):
        base, windows = _at(provider, model, day)
        rates = _tiered(base)
        per_request = base.get("requests_kcount")
        if rates is None:
            embedding = _embedding(provider, model, day, base)
            if embedding is not None:
                yield embedding
            continue
        row = ModelPrice.model_construct(
            **_about(provider, model, day),
            service_tiers=_service_tiers(model, day, base),
            windows=windows,
            usd_per_1k_requests=per_request if isinstance(per_request, Decimal) else None,
            **_fields_of(rates),
        )
        yield _marked(row)


def _about(provider: Any, model: Any, day: date) -> dict[str, Any]:
    """Fields of a row other than its prices. Not validated, for speed; a test validates all rows."""
    return {
        "id": our_id(provider.id, model.id),
        "vendor": provider.name,
        "name": model.name or model.id,
        "tokenizer": tokenizer_of_name(model.id),
        "context_window_tokens": model.context_window,
        "effective_from": day,
        "source": _source(provider, model),
        "checked_on": READ_ON,
    }


def _embedding(provider: Any, model: Any, day: date, base: Mapping[str, Any]) -> DatedFact | None:
    price = base.get("input_mtok")
    if not isinstance(price, Decimal) or not any(part in model.id.lower() for part in _EMBEDS):
        return None
    batch = next((v.prices for t, v in _variants(model, day) if t == "batch"), None)
    batch_price = None if batch is None else vars(batch).get("input_mtok")
    return _marked(
        EmbeddingPrice.model_construct(
            **_about(provider, model, day),
            input_usd_per_mtok=price,
            batch_input_usd_per_mtok=batch_price if isinstance(batch_price, Decimal) else None,
        )
    )


def _marked(row: Row) -> Row:
    row._layer = LAYER
    return row


def _source(provider: Any, model: Any) -> str:
    page = (provider.pricing_urls or ["no page named"])[0]
    return f"{page} (genai-prices {VERSION} provider={provider.id} model={model.id})"


def _days(provider: Any, model: Any) -> list[date]:
    days = {date.min}
    conditional = model.prices if isinstance(model.prices, list) else []
    for item in (*conditional, *(model.price_variants or ())):
        start = getattr(item.constraint, "start_date", None)
        if start is not None:
            days.add(start)
    if any(hasattr(item.constraint, "start_time") for item in conditional):
        days.add(WINDOWS_FROM.get((provider.id, model.id), date.min))
        if model.id in _V4:
            days.add(WEEKDAYS_ONLY_FROM)
    return sorted(days)


def _at(provider: Any, model: Any, day: date) -> tuple[Mapping[str, Any], tuple[Window, ...]]:
    """The prices from `day` on, and those of hours of the day."""
    if not isinstance(model.prices, list):
        return vars(model.prices), ()
    base: Mapping[str, Any] = vars(model.prices[0].prices)
    windows: list[Window] = []
    for item in model.prices:  # the last one whose condition holds counts
        constraint = item.constraint
        if constraint is None or getattr(constraint, "start_date", date.max) <= day:
            base, windows = vars(item.prices), []
        elif hasattr(constraint, "start_time") and day >= WINDOWS_FROM.get((provider.id, model.id), date.min):
            rates = _tiered(vars(item.prices))
            if rates is not None:
                weekend_off = model.id in _V4 and day >= WEEKDAYS_ONLY_FROM
                windows.append(
                    Window(
                        from_utc=f"{constraint.start_time:%H:%M}",
                        to_utc=f"{constraint.end_time:%H:%M}",
                        weekdays=WEEKDAYS[:5] if weekend_off else WEEKDAYS,
                        **_fields_of(rates),
                    )
                )
    return base, tuple(windows)


def _variants(model: Any, day: date) -> Iterator[tuple[str, Any]]:
    for variant in model.price_variants or ():
        start = getattr(variant.constraint, "start_date", date.min)
        tier = _TIER_OF.get(next(iter(variant.when.items())))
        if len(variant.when) == 1 and tier is not None and start <= day:
            yield tier, variant


def _service_tiers(model: Any, day: date, base: Mapping[str, Any]) -> ServiceTiers:
    rates_by_tier: dict[str, Tiered] = {}
    for tier, variant in _variants(model, day):
        rates = _tiered({**base, **{k: v for k, v in vars(variant.prices).items() if v is not None}})
        if rates is not None:
            rates_by_tier.setdefault(tier, rates)
    return ServiceTiers(**rates_by_tier)


def _tiered(prices: Mapping[str, Any]) -> Tiered | None:
    """Rates with cliffs; None where the model has no price for input or for output tokens."""
    known = {ours: prices[theirs] for theirs, ours in _FIELDS.items() if prices.get(theirs) is not None}
    if "input_usd_per_mtok" not in known or "output_usd_per_mtok" not in known:
        return None
    edges = sorted({tier.start for price in known.values() for tier in getattr(price, "tiers", ())})

    def at(tokens: int) -> dict[str, Decimal]:
        return {field: _price_at(price, tokens) for field, price in known.items()}

    tiers = [{"above_prompt_tokens": edge, **at(edge + 1)} for edge in edges if edge > 0]
    return Tiered.model_validate({**at(1), "context_tiers": tuple(tiers)})


def _price_at(price: Any, prompt_tokens: int) -> Decimal:
    if isinstance(price, Decimal):
        return _clean(price)
    reached = [tier.price for tier in price.tiers if prompt_tokens > tier.start]
    return _clean(reached[-1] if reached else price.base)


def _clean(usd_per_mtok: Decimal) -> Decimal:
    """Rounded to remove float noise: some prices are 0.18000000000000002 or 0.0833333333333333."""
    return usd_per_mtok if usd_per_mtok == (short := round(usd_per_mtok, MAX_DECIMALS)) else short


def _fields_of(rates: Tiered) -> dict[str, Any]:
    return {name: getattr(rates, name) for name in Tiered.model_fields}


def first_days(launches: Mapping[str, date], history: tuple[DatedFact, ...]) -> tuple[DatedFact, ...]:
    """The history, with an unknown first day replaced by the day on which the model was first listed."""
    seen = launches.get(history[0].id)
    if seen is None:
        return history
    kept = [row for row in history if row.effective_from > seen]
    at_first = [row for row in history if row.effective_from <= seen]
    if at_first:
        first = at_first[-1].model_copy(update={"effective_from": seen})
        kept.insert(0, first)
    return tuple(kept)
