"""What a month of calls would save by a shorter prompt, prompt caching, batch or a fine-tuned model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

import pandas as pd

from frames.frame import frame
from frames.registry import columns
from i18n.message import N_, Message, Translate, message, plain
from pricing.book import PricesOnDay
from pricing.rows import ModelPrice, TunedPrice, lifecycle_of
from pricing.rows.names import full_name

from ..cost_lines import Cadence, rounded_usd, total_usd
from ..strategies.fine_tuned import FineTuned
from ..strategies.stuffed_prompt import StuffedPrompt
from ..strategy.base import Infeasible, Setting
from ..strategy.hosted_model import cache_rules
from ..workload.workload import Workload
from .prompt_costs import model_cost, settings
from .prompt_use import Counts, PromptUse, workload

TRIMMED_SHARE: Final = 0.2

SAVING_COLUMNS: Final = columns(
    "measure usd_per_month saved_usd saved_share one_off_usd note reason price_ref source"
)
"""One measure: cost of the month with it, and the saving against the month without it.

Amounts are missing with a reason where the measure is not offered or a price of it is not known. A negative
saving is a measure that costs more."""

MEASURES: Final = (
    N_("As entered"),
    N_("20% shorter prompt"),
    N_("Prompt caching"),
    N_("Batch"),
    N_("Fine-tuned model"),
)

_NOTHING: Final = Message("")


@dataclass(frozen=True, slots=True)
class MeasureCost:
    """A month with one measure, or why it is not possible."""

    usd: float | None
    price_ref: str = ""
    source: str = ""
    one_off_usd: float | None = None
    note: Message = _NOTHING
    reason: Message = _NOTHING


def prompt_savings(
    use: PromptUse, counts: Counts, price: ModelPrice, prices: PricesOnDay, translate: Translate = plain
) -> pd.DataFrame:
    """SAVING_COLUMNS of every measure for one model; the first row is the month as it was entered."""
    load = workload(use, counts)
    choice = settings(price, use.cached_input_share)
    measures: tuple[Callable[[], MeasureCost], ...] = (
        lambda: _prompt(price, load, prices, choice),
        lambda: _prompt(price, workload(use, counts, 1 - TRIMMED_SHARE), prices, choice),
        lambda: _caching(price, load, prices),
        lambda: _batch(price, load, prices, choice),
        lambda: _tuned(price, load, prices),
    )
    rows: list[dict[str, Any]] = []
    today: Decimal | None = None
    for name, measure in zip(MEASURES, measures, strict=True):
        cost = measure()
        usd = None if cost.usd is None else rounded_usd(cost.usd)
        if name == MEASURES[0]:
            today = usd
        saved = None if usd is None or today is None else today - usd
        rows.append(
            {
                "measure": name,
                "usd_per_month": usd,
                "saved_usd": saved if name != MEASURES[0] else None,
                "saved_share": float(saved / today)
                if saved is not None and today and name != MEASURES[0]
                else None,
                "one_off_usd": None if cost.one_off_usd is None else rounded_usd(cost.one_off_usd),
                "note": cost.note.render(translate),
                "reason": cost.reason.render(translate),
                "price_ref": cost.price_ref,
                "source": cost.source,
            }
        )
    return frame(SAVING_COLUMNS, rows)


def _prompt(
    price: ModelPrice,
    load: Workload,
    prices: PricesOnDay,
    choice: dict[str, Setting],
    note: Message = _NOTHING,
) -> MeasureCost:
    cost = model_cost(price, load, prices, choice)
    if cost.reason is not None:
        return MeasureCost(None, reason=cost.reason)
    return MeasureCost(cost.usd_per_month, price.ref, price.source, note=note)


def _caching(price: ModelPrice, load: Workload, prices: PricesOnDay) -> MeasureCost:
    """With caching at the hit rate that follows from the volume and the cache's lifetime."""
    if price.cached_input_usd_per_mtok is None:
        return MeasureCost(None, reason=message("the vendor lists no price for cached input"))
    choice: dict[str, Setting] = {"model": price.id, "caching": True}
    strategy = StuffedPrompt.build(choice, prices)
    try:
        prefix = strategy.prompt(load).prefix_tokens
    except Infeasible as error:
        return MeasureCost(None, reason=error.errors[0])
    rules = cache_rules(
        price,
        caching=True,
        assumed_ttl_s=strategy.assumed_cache_ttl_s,
        assumed_min_tokens=strategy.assumed_min_cacheable_tokens,
    )
    if prefix < rules.min_tokens:
        return MeasureCost(
            None,
            reason=message(
                "everything before the question has {tokens:,.0f} tokens; a cache needs at least "
                "{limit:,.0f}",
                tokens=prefix,
                limit=rules.min_tokens,
            ),
        )
    note = message(
        "{tokens:,.0f} tokens before the question are cached for {seconds:,.0f} s after each use",
        tokens=prefix,
        seconds=rules.ttl_s,
    )
    return _prompt(price, load, prices, choice, note)


def _batch(price: ModelPrice, load: Workload, prices: PricesOnDay, choice: dict[str, Setting]) -> MeasureCost:
    if price.service_tiers.batch is None:
        return MeasureCost(None, reason=message("the vendor lists no batch price"))
    note = message("answers within a day, not at once")
    return _prompt(price, load, prices, {**choice, "batch_share": 1.0}, note)


def _tuned(price: ModelPrice, load: Workload, prices: PricesOnDay) -> MeasureCost:
    """The cheapest offer that trains this model on the day, with the default settings of that strategy.

    An offer for existing customers only is taken where no other trains the model.
    """
    offers = [offer for offer in prices.rows(TunedPrice).values() if _tunes(offer, price, prices.day)]
    if not offers:
        return MeasureCost(None, reason=message("no vendor of the price tables fine-tunes this model"))
    costs: list[tuple[bool, float, MeasureCost]] = []
    reasons: list[Message] = []
    for offer in offers:
        strategy = FineTuned.build({"offer": offer.id}, prices)
        try:
            strategy.check_startable(prices.day)
            lines = tuple(strategy.lines(load))
        except Infeasible as error:
            reasons.append(error.errors[0])
            continue
        usd = float(total_usd(lines, Cadence.MONTHLY))
        note = message(
            "{offer}{closed}: {kept:.0%} of the system prompt, no examples and no knowledge in the prompt; "
            "{examples:,} training examples",
            offer=full_name(offer),
            closed=_NOTHING if strategy.is_open_to_all else message(" (existing customers only)"),
            kept=strategy.instruction_kept_share,
            examples=strategy.training_examples,
        )
        one_off_usd = float(total_usd(lines, Cadence.ONCE))
        cost = MeasureCost(usd, offer.ref, offer.source, one_off_usd, note)
        costs.append((not strategy.is_open_to_all, usd, cost))
    if not costs:
        return MeasureCost(None, reason=reasons[0])
    return min(costs, key=lambda option: (option[0], option[1], option[2].price_ref))[-1]


def _tunes(offer: TunedPrice, price: ModelPrice, on: date) -> bool:
    """Whether an offer trains that model; a dated or capitalised name is the same model."""
    model = price.id.rsplit("/", 1)[-1].partition("@")[0].lower()
    return not lifecycle_of(offer).is_shut_down_on(on) and model in (
        offer.base_model.lower(),
        offer.name.lower(),
    )
