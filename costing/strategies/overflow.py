"""Self-hosted fleet for the base load, hosted model for the load above it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt

from i18n.errors import CrossoverError
from i18n.message import N_, Message, message
from pricing.rows import ModelPrice

from ..cost_lines import CostLine, usd_per_month
from ..currency import USD
from ..currency_notes import NoteAmounts
from ..fleet import OwnFleet, Share
from ..strategy.base import knob, pick, switch
from ..strategy.common_knobs import image_count
from ..strategy.hosted_model import (
    ASSUMED_CACHE_TTL_S,
    ASSUMED_MIN_CACHEABLE_TOKENS,
    CacheRules,
    cache_notes,
    cache_rules,
    check_on_sale,
    check_window,
    price_notes,
    token_lines,
)
from ..strategy.hosted_notes import conversation_notes
from ..strategy.profile import PickRole, StrategyProfile
from ..units import MONTHS_PER_YEAR, Unit
from ..workload.workload import Prompt, Workload

TRIED_PERCENTILES: Final = tuple(float(p) for p in range(0, 101, 5))


@dataclass(frozen=True, kw_only=True)
class Overflow(OwnFleet):
    """The fleet carries the day's load up to a percentile of it, the API all above.

    base = load at the percentile of the day; fleet = sized for base, API requests = requests x (1 - mean
    of min(load, base) / mean load). At percentile 0 there is no fleet, nor where the day's load is 0 up to
    the percentile; at 100 there is no API.
    """

    title = N_("Own fleet for the base load, API above")
    summary = N_("Your own GPUs carry the steady part of the day's load; a hosted model takes the peaks.")
    order = 4

    model: ModelPrice = pick(
        ModelPrice,
        role=PickRole.SERVES,
        label=N_("Model"),
        help=N_("A hosted model of the price tables, at its standard prices."),
    )
    percentile: float = knob(
        50.0,
        label=N_("Percentile of the day's load"),
        unit=Unit.PERCENTILE,
        low=0,
        high=100,
        step=5,
        help=N_(
            "The fleet suffices for this share of the day's time. The day's shape is the scenario's: its 24 "
            "hours, or a bell with its peak over average. 0: no fleet; 100: no API."
        ),
    )
    caching: bool = switch(
        True,
        label=N_("Prompt caching"),
        help=N_("Use the vendor's discount for a prefix that repeats, where it has one."),
    )

    @property
    def label(self) -> Message:
        return message(
            "{deployment} up to percentile {percentile:g}, {model} above",
            deployment=self.served.name,
            percentile=self.percentile,
            model=self.model.name,
        )

    @property
    def tokenizer(self) -> str:
        return self.model.tokenizer

    @property
    def tokenizers(self) -> frozenset[str]:
        return frozenset({self.model.tokenizer, self.fleet_tokenizer})

    def prompt(self, workload: Workload) -> Prompt:
        """The request as the API receives it."""
        return workload.prompt(
            self.tokenizer,
            image=image_count(workload, self.model.id),
            reasoning_tokens=self.reasoning_tokens,
        )

    def fleet_share(self, workload: Workload) -> Share:
        if not self._has_fleet(workload):
            return Share(0.0, 0.0)
        base = workload.load_at(self.percentile)
        answered = workload.share_up_to(base)
        return Share(answered, max(base, answered / self.on_share))

    def _has_fleet(self, workload: Workload) -> bool:
        """Without a load to carry nothing is kept ready, no spare either."""
        return self.percentile > 0 and workload.load_at(self.percentile) > 0

    def profile(self) -> StrategyProfile:
        profile = super().profile()
        return replace(
            profile,
            hosted=profile.hosted if self.percentile < 100 else (),
            has_serving_fleet=self.percentile > 0,
        )

    def lines(self, workload: Workload) -> Iterator[CostLine]:
        if self._has_fleet(workload):
            yield from self.own_lines(workload)
        above = self._above(workload)
        if above is None:
            check_window(self.model, self.prompt(workload))
        else:
            yield from token_lines(self.model, self.prompt(workload), above, self._rules())

    def _above(self, workload: Workload) -> Workload | None:
        """The workload of the API; None where it answers nothing."""
        rest = 1 - self.fleet_share(workload).of_requests
        return workload.at(workload.requests_per_day * rest) if rest > 0 else None

    def _rules(self) -> CacheRules:
        return cache_rules(
            self.model,
            caching=self.caching,
            assumed_ttl_s=ASSUMED_CACHE_TTL_S,
            assumed_min_tokens=ASSUMED_MIN_CACHEABLE_TOKENS,
        )

    def best_percentile(self, workload: Workload, horizon_months: int) -> tuple[float, float]:
        """The feasible percentile with the lowest cost, and its USD a month."""
        costs: list[tuple[float, float]] = []
        for percentile in TRIED_PERCENTILES:
            try:
                lines = tuple(replace(self, percentile=percentile).lines(workload))
            except CrossoverError:  # it cannot be, or a figure is unknown
                continue
            costs.append((float(np.max(usd_per_month(lines, horizon_months))), percentile))
        usd, percentile = min(costs)
        return percentile, usd

    def notes(self, workload: Workload, on: date, until: date) -> Iterator[Message]:
        months = max(1, (until.year - on.year) * MONTHS_PER_YEAR + until.month - on.month)
        best, usd = self.best_percentile(workload, months)
        yield message(
            "The fleet answers {share:.1%} of the requests. Of the percentiles 0, 5 … 100 the cheapest at "
            "this volume is {best:g}, at {usd:,.0f} {currency} a month; {shape}.",
            share=self.fleet_share(workload).of_requests,
            best=best,
            usd=NoteAmounts((usd,)),
            currency=USD,
            shape=message("the shape of the day is the scenario's 24 hours")
            if workload.hour_shares
            else message("the shape of the day is an assumption"),
        )
        if self._has_fleet(workload):
            yield from super().notes(workload, on, until)
        if self._above(workload) is not None:
            prompt = self.prompt(workload)
            yield from cache_notes(self.model, prompt, self._rules())
            yield from conversation_notes(self.model, prompt, workload, self._rules(), 0.0)
            yield from price_notes(self.model, prompt, on, until)

    def badge(self, workload: Workload) -> Message | None:
        return super().badge(workload) if self._has_fleet(workload) else None

    def step_requests_per_day(self, workload: Workload, most: int) -> npt.NDArray[np.float64]:
        return super().step_requests_per_day(workload, most) if self._has_fleet(workload) else np.empty(0)

    def check_startable(self, on: date) -> None:
        check_on_sale(self.model, on)
