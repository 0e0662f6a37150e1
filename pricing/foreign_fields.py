"""Fields of other price lists, in USD per token or per 1,000 tokens: our field and the factor to it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Final

from i18n.message import Message, message

PER_TOKEN: Final = 1_000_000
PER_THOUSAND: Final = 1_000

_FIELDS: Final[Mapping[str, tuple[str, int]]] = MappingProxyType(
    {
        # LiteLLM: https://github.com/BerriAI/litellm, model_prices_and_context_window.json
        "input_cost_per_token": ("input_usd_per_mtok", PER_TOKEN),
        "output_cost_per_token": ("output_usd_per_mtok", PER_TOKEN),
        "cache_read_input_token_cost": ("cached_input_usd_per_mtok", PER_TOKEN),
        "cache_creation_input_token_cost": ("cache_write_usd_per_mtok", PER_TOKEN),
        "cache_creation_input_token_cost_above_1hr": ("cache_write_1h_usd_per_mtok", PER_TOKEN),
        "output_cost_per_reasoning_token": ("reasoning_usd_per_mtok", PER_TOKEN),
        "input_cost_per_token_batches": ("batch_input_usd_per_mtok", PER_TOKEN),
        # OpenRouter: https://openrouter.ai/docs/api-reference/list-available-models
        "prompt": ("input_usd_per_mtok", PER_TOKEN),
        "completion": ("output_usd_per_mtok", PER_TOKEN),
        "input_cache_read": ("cached_input_usd_per_mtok", PER_TOKEN),
        "input_cache_write": ("cache_write_usd_per_mtok", PER_TOKEN),
        "internal_reasoning": ("reasoning_usd_per_mtok", PER_TOKEN),
    }
)
_UNITS: Final[Mapping[str, int]] = MappingProxyType(
    {
        "_usd_per_token": PER_TOKEN,
        "_price_per_token": PER_TOKEN,
        "_cost_per_token": PER_TOKEN,
        "_usd_per_1k_tokens": PER_THOUSAND,
        "_usd_per_ktok": PER_THOUSAND,
        "_cost_per_1k_tokens": PER_THOUSAND,
        "_price_per_1k_tokens": PER_THOUSAND,
    }
)
"""End of a field -> factor to USD per million tokens."""


def conversion(field: str, value: object, known: Collection[str]) -> Message | None:
    """What to write in the place of such a field, with the value converted; None for any other field, or
    where our row has none for it."""
    ours, factor = _FIELDS.get(field, ("", 0))
    if not ours:
        end = next((end for end in _UNITS if field.endswith(end)), None)
        if end is not None:
            ours, factor = field.removesuffix(end) + "_usd_per_mtok", _UNITS[end]
    if ours not in known:
        return None
    try:
        usd = Decimal(str(value)) * factor
    except InvalidOperation:
        usd = Decimal("NaN")
    if not usd.is_finite():
        return message(
            "unknown field: multiply by {factor:,} and write it as {ours}, USD per million tokens",
            factor=factor,
            ours=ours,
        )
    return message(
        "unknown field: multiply by {factor:,} (USD per million tokens) and write {ours}: {usd}",
        factor=factor,
        ours=ours,
        usd=f"{usd.normalize():f}",
    )
