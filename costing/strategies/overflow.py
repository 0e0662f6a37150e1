"""A self-hosted fleet for the base load, and a hosted model for the load above it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt

from i18n.errors import CrossoverError
from i18n.message import N_, Message, message
from pricing.rows import ModelPrice
from pricing.rows.names import model_label

from ..cost_lines import CostLine, usd_per_month
from ..currency import USD
from ..currency_notes import NoteAmounts
from ..fleet import (
    BaseLoad,
    Fleet,
    banded,
    billed_machine,
    fleet_badge,
    fleet_notes,
    machine,
    model_on,
    with_fleet,
)
from ..strategy.availability import check_on_sale
from ..strategy.base import Strategy, pick, switch
from ..strategy.common_knobs import image_count
from ..strategy.configurable import part
from ..strategy.declarations import SettingGroup
from ..strategy.hosted_model import (
    ASSUMED_CACHE_TTL_S,
    ASSUMED_MIN_CACHEABLE_TOKENS,
    CacheRules,
    cache_notes,
    cache_rules,
    check_window,
    price_notes,
    token_lines,
)
from ..strategy.hosted_notes import conversation_notes
from ..strategy.labels import option_label, short_option_label
from ..strategy.profile import OwnedHardware, PickRole, StrategyProfile
from ..units import MONTHS_PER_YEAR
from ..workload.workload import Prompt, Workload

TRIED_PERCENTILES: Final = tuple(float(percentile) for percentile in range(0, 101, 5))


@dataclass(frozen=True, kw_only=True)
class Overflow(Strategy):
    """The fleet carries the day's load up to a percentile, the API the rest.

    base = load at the percentile of the day; fleet = sized for base; API requests = requests x (1 - mean
    of min(load, base) / mean load). At percentile 0 there is no fleet, nor where the day's load is 0 up to
    the percentile; at 100 there is no API.
    """

    title = N_("Base load + API")
    summary = N_("Your own GPUs carry the steady part of the day's load; a hosted model takes the peaks.")
    order = 4

    fleet: Fleet = part(Fleet, load=BaseLoad)
    model: ModelPrice = pick(
        ModelPrice,
        role=PickRole.SERVES,
        label=N_("Model"),
        help=N_("A hosted model of the price tables, at its standard prices."),
    )
    caching: bool = switch(
        True,
        label=N_("Prompt caching"),
        group=SettingGroup.CACHING,
        help=N_("Use the vendor's discount for a prefix that repeats, where it has one."),
    )

    @property
    def label(self) -> Message:
        return option_label(self.title, self._models, self._place(machine(self.fleet)))

    def label_at(self, workload: Workload) -> Message:
        if not self.fleet.is_used(workload):
            return self.label
        return option_label(self.title, self._models, self._place(billed_machine(self.fleet, workload)))

    @property
    def short_label(self) -> Message:
        return short_option_label(self.title, self._models)

    @property
    def _models(self) -> Message:
        return message("{first} + {second}", first=model_on(self.fleet), second=model_label(self.model.name))

    def _place(self, machine: Message) -> Message:
        return message(
            "{machine}; {vendor} above percentile {percentile:g}",
            machine=machine,
            percentile=self.fleet.load.percentile,
            vendor=self.model.vendor,
        )

    @property
    def tokenizer(self) -> str:
        return self.model.tokenizer

    @property
    def tokenizers(self) -> frozenset[str]:
        return frozenset({self.model.tokenizer, self.fleet.tokenizer})

    def prompt(self, workload: Workload) -> Prompt:
        """The request as the API gets it."""
        return workload.prompt(
            self.tokenizer,
            image=image_count(workload, self.model.id),
            reasoning_tokens=self.fleet.model_prompt.reasoning_tokens,
        )

    def lines(self, workload: Workload) -> Iterator[CostLine]:
        if self.fleet.is_used(workload):
            yield from self.fleet.lines(workload)
        above = self._above(workload)
        if above is None:
            check_window(self.model, self.prompt(workload))
        else:
            yield from token_lines(self.model, self.prompt(workload), above, self._rules())

    def banded_lines(self, workload: Workload) -> Iterator[CostLine]:
        yield from banded(self.lines(workload), self.fleet, workload)

    def _above(self, workload: Workload) -> Workload | None:
        """The part of the workload that the API answers; None where it answers nothing."""
        rest = 1 - self.fleet.share(workload).of_requests
        return workload.at(workload.requests_per_day * rest) if rest > 0 else None

    def _rules(self) -> CacheRules:
        return cache_rules(
            self.model,
            caching=self.caching,
            assumed_ttl_s=ASSUMED_CACHE_TTL_S,
            assumed_min_tokens=ASSUMED_MIN_CACHEABLE_TOKENS,
        )

    def best_percentile(self, workload: Workload, horizon_months: int) -> tuple[float, float]:
        """The feasible one of `TRIED_PERCENTILES` with the lowest cost, and that cost in USD per month."""
        costs: list[tuple[float, float]] = []
        for percentile in TRIED_PERCENTILES:
            try:
                lines = tuple(self.with_settings({"percentile": percentile}).lines(workload))
            except CrossoverError:  # infeasible, or a figure is unknown
                continue
            costs.append((float(np.max(usd_per_month(lines, horizon_months))), percentile))
        usd, percentile = min(costs)
        return percentile, usd

    def notes(self, workload: Workload, on: date, until: date) -> Iterator[Message]:
        months = max(1, (until.year - on.year) * MONTHS_PER_YEAR + until.month - on.month)
        best, usd = self.best_percentile(workload, months)
        yield message(
            "The fleet answers {share:.1%} of the requests. Of the percentiles 0, 5 … 100 the cheapest at "
            "this volume is {best:g}, at {usd:,.0f} {currency} per month; {shape}.",
            share=self.fleet.share(workload).of_requests,
            best=best,
            usd=NoteAmounts((usd,)),
            currency=USD,
            shape=message("the shape of the day is the scenario's 24 hours")
            if workload.hour_shares
            else message("the shape of the day is an assumption"),
        )
        if self.fleet.is_used(workload):
            yield from fleet_notes(self.fleet, workload)
        if self._above(workload) is not None:
            prompt = self.prompt(workload)
            yield from cache_notes(self.model, prompt, self._rules())
            yield from conversation_notes(self.model, prompt, workload, self._rules(), 0.0)
            yield from price_notes(self.model, prompt, on, until)

    def badge(self, workload: Workload) -> Message | None:
        return fleet_badge(self.fleet, workload) if self.fleet.is_used(workload) else None

    def step_requests_per_day(self, workload: Workload, most: int) -> npt.NDArray[np.float64]:
        if not self.fleet.is_used(workload):
            return np.empty(0)
        return self.fleet.step_requests_per_day(workload, most)

    def owned_hardware(self) -> OwnedHardware | None:
        return self.fleet.owned_hardware

    def profile(self) -> StrategyProfile:
        return with_fleet(super().profile(), self.fleet)

    def check_startable(self, on: date) -> None:
        check_on_sale(self.model, on)
        super().check_startable(on)
