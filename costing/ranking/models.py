"""Ranking of all models of the price book for one workload by monthly cost, cheapest first.

Each model replaces the scenario's model in a stuffed prompt, and in retrieval where the scenario has it. So a
figure of the ranking is the one that the comparison shows once the model is added to it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, Final

import pandas as pd

from frames.frame import frame
from frames.registry import columns
from i18n.errors import CrossoverError
from i18n.message import Message, Translate, listed, message, plain
from pricing.book import PriceBook, PricesOnDay
from pricing.rows import ModelPrice, lifecycle_of, state_label

from ..comparison.compare import Comparison, Outcome, add_months, compare
from ..cost_lines import rounded_usd, usd_per_month_at_ends
from ..decision.facts import data_place
from ..reports.comparison import rate_columns
from ..scenario.row_ids import with_row_ids
from ..scenario.scenario import MAX_STRATEGIES, Scenario, StrategyChoice
from ..strategies import registered
from ..strategy.base import Setting
from ..tokenization.tokens import Made
from ..workload.token_sum import summed
from .ranks import ranks
from .text_costs import REQUESTS

ALWAYS: Final = "stuffed_prompt"
WAYS: Final = (ALWAYS, "retrieval")
"""Strategies with a single model; the second is ranked only where the scenario has it."""
MODEL: Final = "model"
"""The pick of these strategies that names the model."""


@dataclass(frozen=True, slots=True)
class ModelFilter:
    """Conditions on a model; the default has none."""

    vendors: Collection[str] = ()
    """Allowed vendors; empty: any."""
    min_window_tokens: int | None = None
    """A model with an unknown window is rejected."""
    open_only: bool = False
    """Only models that are not known to be closed to new customers."""
    lasting_only: bool = False
    """Only models without an announced retirement within the horizon."""
    counted_only: bool = False
    """Only models whose tokens are counted exactly, by their own vocabulary."""
    checked_within_days: int | None = None
    """Only models whose price was checked at most this number of days before the scenario's day."""
    regions: Collection[str] = ()
    """Allowed regions; a row without a region is rejected."""


@dataclass(frozen=True, slots=True)
class RankedModel:
    """One model in one strategy, and what it costs or why it cannot be used."""

    way: str
    """Id of the strategy."""
    price: ModelPrice
    outcome: Outcome
    usd_per_month: Decimal
    made: Made
    """The least exact counting method of any part of the request."""


RANK_COLUMNS: Final = columns(
    "rank model usd_per_month more_share strategy context_window_tokens lifecycle retires_on vendor made "
    "evidence checked_on usd_per_month_low usd_per_month_high region layer price_ref source counting_method "
    "amount_per_month currency fx_per_usd fx_date fx_source usd_per_1k_requests amount_per_1k_requests "
    "data_location"
)
"""One model of the ranking.

`more_share` is how much more it costs than the cheapest of the frame, as a share, missing where that costs
nothing; `usd_per_month_low` and `usd_per_month_high` are with every token count at the 5th and the 95th
percentile of its band; `amount_per_month` is not rounded again. `region` is that of the price row, and
`data_location` where the request is processed, as far as it is known.
"""

REJECTED_COLUMNS: Final = columns("model strategy vendor context_window_tokens reason")
"""One model that cannot be used for the workload, and why."""


@dataclass(frozen=True, eq=False)
class Ranking:
    """All models, priced once; filters are applied to the stored result. Equal only to itself."""

    comparison: Comparison
    """The scenario with a strategy for each candidate."""
    candidates: tuple[RankedModel, ...]
    templates: Mapping[str, Mapping[str, Setting]]
    """Strategy -> the settings that all its candidates share."""

    @cached_property
    def fit(self) -> tuple[RankedModel, ...]:
        """Models that can serve the workload, cheapest first; ties in order of name."""
        feasible = (model for model in self.candidates if model.outcome.is_feasible)
        return tuple(sorted(feasible, key=lambda model: (model.usd_per_month, model.price.id, model.way)))

    @cached_property
    def vendors(self) -> tuple[str, ...]:
        return tuple(sorted({model.price.vendor for model in self.candidates}, key=str.lower))

    @cached_property
    def regions(self) -> tuple[str, ...]:
        return tuple(sorted({model.price.region for model in self.candidates if model.price.region}))

    def meeting(self, wanted: ModelFilter) -> list[RankedModel]:
        """Models of `fit` that meet the filter."""
        scenario = self.comparison.scenario
        until = add_months(scenario.on, scenario.horizon_months)
        return [model for model in self.fit if _meets(model, wanted, scenario.on, until)]

    def frame(self, wanted: ModelFilter, translate: Translate = plain) -> pd.DataFrame:
        """RANK_COLUMNS of `meeting`, ranked among themselves; equal amounts share a rank."""
        shown = self.meeting(wanted)
        return frame(
            RANK_COLUMNS,
            [
                self._record(rank, model, shown[0].usd_per_month, translate)
                for rank, model in zip(ranks(model.usd_per_month for model in shown), shown, strict=True)
            ],
        )

    def rejected(self, wanted: ModelFilter, translate: Translate = plain) -> pd.DataFrame:
        """REJECTED_COLUMNS of the filter's vendors, in order of name."""
        rejected = [
            {
                "model": model.price.id,
                "strategy": translate(registered()[model.way].title),
                "vendor": model.price.vendor,
                "context_window_tokens": model.price.context_window_tokens,
                "reason": model.outcome.infeasible_reason.render(translate),
            }
            for model in self.candidates
            if model.outcome.infeasible_reason is not None
            and (not wanted.vendors or model.price.vendor in wanted.vendors)
        ]
        return frame(REJECTED_COLUMNS, sorted(rejected, key=lambda row: (row["model"], row["strategy"])))

    def choice(self, candidate_model: str, way: str) -> StrategyChoice:
        """The strategy of the scenario with this model."""
        return StrategyChoice(way, {**self.templates[way], MODEL: candidate_model})

    def _record(
        self, rank: int | None, model: RankedModel, least: Decimal, translate: Translate
    ) -> dict[str, Any]:
        usd, price = model.usd_per_month, model.price
        lifecycle = lifecycle_of(price)
        low, high = usd_per_month_at_ends(model.outcome.lines, model.outcome.horizon_months)
        currency = self.comparison.currency
        requests = float(self.comparison.workload.requests_per_month)
        per_1k = rounded_usd(float(usd) / requests * REQUESTS) if requests else None
        methods = self.comparison.workload.counted(price.tokenizer).counting_methods
        return {
            "rank": rank,
            "model": price.id,
            "usd_per_month": usd,
            "usd_per_1k_requests": per_1k,
            "amount_per_1k_requests": currency.of_known(per_1k),
            "more_share": float(usd / least - 1) if least else None,
            "strategy": translate(registered()[model.way].title),
            "context_window_tokens": price.context_window_tokens,
            "lifecycle": state_label(lifecycle.state_on(self.comparison.scenario.on)),
            "retires_on": lifecycle.retires_on,
            "vendor": price.vendor,
            "region": price.region,
            "made": model.made,
            "evidence": model.outcome.evidence,
            "checked_on": price.checked_on,
            "usd_per_month_low": rounded_usd(low),
            "usd_per_month_high": rounded_usd(high),
            "layer": price.layer,
            "price_ref": price.ref,
            "source": price.source,
            "counting_method": listed(methods).render(translate),
            "amount_per_month": currency.of(usd),
            "data_location": data_place(model.outcome.strategy).text.render(translate),
            **rate_columns(self.comparison),
        }


def rank_models(scenario: Scenario, book: PriceBook, *, catalogue: bool = False) -> Ranking:
    """Price every model of the tables, and with `catalogue` those of the catalogue, for this workload.

    Each text is counted once for each tokenizer. Raises CrossoverError for bad input.
    """
    scenario = with_row_ids(scenario, book)
    prices = book.on(scenario.on)
    templates = dict(_templates(scenario))
    ids = [*prices.rows(ModelPrice), *(prices.catalogue_ids() if catalogue else ())]
    if not ids:
        raise CrossoverError(
            message("no model has a price on {day} (choose a later date)", day=scenario.on.isoformat())
        )
    choices = [
        StrategyChoice(way, {**settings, MODEL: row_id})
        for way, settings in templates.items()
        for row_id in ids
    ]
    # Ranges refer to strategies by index, and the indices have changed.
    every = replace(scenario, strategies=tuple(choices), ranges=(), correlations=())
    compared = compare(every, book)
    made: dict[str, Made] = {}
    candidates = []
    for choice, outcome in zip(choices, compared.outcomes, strict=True):
        price = prices.model(str(choice.settings[MODEL]))
        if price.tokenizer not in made:
            made[price.tokenizer] = _made(compared, price.tokenizer)
        candidates.append(
            RankedModel(choice.strategy, price, outcome, outcome.usd_per_month, made[price.tokenizer])
        )
    return Ranking(compared, tuple(candidates), templates)


def added(scenario: Scenario, choice: StrategyChoice) -> Scenario:
    """The scenario with a strategy added; raises CrossoverError at the maximum number of strategies."""
    if len(scenario.strategies) >= MAX_STRATEGIES:
        raise CrossoverError(
            message(
                "{n} options are compared already, which is the maximum (remove one, or replace one)",
                n=MAX_STRATEGIES,
            )
        )
    return replace(scenario, strategies=(*scenario.strategies, choice))


def used_instead(scenario: Scenario, place: int, choice: StrategyChoice) -> Scenario:
    """The scenario with that strategy's model replaced, or with the strategy itself where its kind differs.

    A custom name is dropped, since it would still name the old model.
    """
    replaced = scenario.strategies[place]
    if replaced.strategy == choice.strategy:
        settings = {**replaced.settings, MODEL: choice.settings[MODEL]}
        choice = replace(choice, settings=settings)
    return scenario.with_strategy(place, choice)


def replaceable(scenario: Scenario, prices: PricesOnDay) -> Iterator[tuple[int, Message]]:
    """Index and name of each strategy whose only model is a hosted one."""
    for place, choice in enumerate(scenario.strategies):
        if choice.strategy not in WAYS:
            continue
        try:
            label = registered()[choice.strategy].build(choice.settings, prices).label
        except CrossoverError:
            label = message("{place}. {id}", place=place + 1, id=str(choice.settings.get(MODEL, "")))
        yield place, label


def _templates(scenario: Scenario) -> Iterator[tuple[str, Mapping[str, Setting]]]:
    """The settings of the scenario's first strategy of each kind, without its model."""
    for way in WAYS:
        first = next((choice for choice in scenario.strategies if choice.strategy == way), None)
        if first is not None:
            yield way, {name: value for name, value in first.settings.items() if name != MODEL}
        elif way == ALWAYS:
            yield way, {}


def _made(compared: Comparison, tokenizer: str) -> Made:
    parts = compared.workload.counted(tokenizer).parts().values()
    return summed(parts).made


def _meets(model: RankedModel, wanted: ModelFilter, on: date, until: date) -> bool:
    price = model.price
    lifecycle, window = lifecycle_of(price), price.context_window_tokens
    return (
        (not wanted.vendors or price.vendor in wanted.vendors)
        and (wanted.min_window_tokens is None or (window or 0) >= wanted.min_window_tokens)
        and (
            not wanted.open_only or (model.outcome.strategy.is_open_to_all and not lifecycle.is_closed_on(on))
        )
        and (not wanted.lasting_only or lifecycle.retires_on is None or lifecycle.retires_on >= until)
        and (not wanted.counted_only or model.made == "exact")
        and (wanted.checked_within_days is None or (on - price.checked_on).days <= wanted.checked_within_days)
        and (not wanted.regions or price.region in wanted.regions)
    )
