"""Reconstruction of the 25 M claim: a ready scenario with drivers, and the break-even of API and servers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from typing import Any, Final, cast

import numpy as np
import numpy.typing as npt

from i18n.errors import CrossoverError
from i18n.large_number import large
from i18n.message import Message, message
from pricing.book import PricesOnDay, suggestion
from pricing.rows import Deployment
from pricing.rows.names import model_label

from ..cost_lines import usd_per_month
from ..numerics.crossings import HIGHEST_REQUESTS_PER_DAY, LOWEST_REQUESTS_PER_DAY, crossing_volumes
from ..numerics.goal_seek import Roots, find_all_roots
from ..scenario.scenario import Part, Scenario, workload_of
from ..strategies.self_hosted import SelfHosted
from ..strategies.stuffed_prompt import StuffedPrompt
from ..strategy.base import Infeasible, Strategy
from ..units import DAYS_PER_MONTH, SECONDS_PER_DAY, TOKENS_PER_MTOK, Quantity
from ..workload.workload import Workload
from .driver import Driver
from .drivers import DRIVERS, OF_THE_FLEET, SERVER_GROUPS

PRESETS: Final = {"owned": "claim_25m_owned", "rented": "claim_25m_rented"}
"""Tenure -> the ready scenario that reconstructs the claim with it."""
CLAIMED_TOKENS_PER_DAY: Final = 25e6

_FIRST_STEPS: Final = 64
_MAX_STEPS: Final = 20_000
_FAR: Final = 1e12
"""Requests a day at which fixed costs are negligible."""

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ClaimBreakeven:
    """From which volume on the servers are cheaper, or why from none."""

    tokens_per_day: float | None
    """Input and output, in the API's tokenizer; None: at no volume, or at none that was searched."""
    why_not: Message | None = None
    again_tokens_per_day: float | None = None
    """Volume at which the API becomes cheaper again, because the fleet grows by a replica."""


@dataclass(frozen=True)
class Claim:
    """One reconstruction: a ready scenario at the prices of a day, and the drivers that were changed.

    No slots: the two strategies are cached properties. Raises CrossoverError for a driver or a
    model that does not exist, or a value outside its range.
    """

    scenario: Scenario
    prices: PricesOnDay
    model: str = ""
    """Id of the hosted model; blank: the scenario's."""
    moved: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, value in self.moved.items():
            if name not in DRIVERS:
                raise CrossoverError(
                    message("no assumption '{name}'{hint}", name=name, hint=suggestion(name, DRIVERS))
                )
            DRIVERS[name].check(value)

    def with_driver(self, name: str, value: float) -> Claim:
        return replace(self, moved={**self.moved, name: value})

    def with_model(self, model: str) -> Claim:
        """The claim with another hosted model, at that model's list prices."""
        kept = {k: v for k, v in self.moved.items() if k not in API_PRICES}
        return replace(self, model=model, moved=kept)

    @property
    def tenure(self) -> str:
        return str(self.scenario.strategies[1].settings["tenure"])

    @cached_property
    def drivers(self) -> tuple[Driver, ...]:
        """Drivers that matter for this tenure."""
        return tuple(driver for driver in DRIVERS.values() if driver.matters(self.tenure))

    @cached_property
    def _listed(self) -> tuple[StuffedPrompt, SelfHosted]:
        """Both strategies at the scenario's settings and list prices, without changed drivers."""
        first, second = self.scenario.strategies
        settings = {**first.settings, "model": self.model or first.settings["model"]}
        return StuffedPrompt.build(settings, self.prices), SelfHosted.build(second.settings, self.prices)

    @cached_property
    def start(self) -> Mapping[str, float]:
        """Preset value of every driver."""
        api, own = self._listed
        question, answer = (float(self.scenario.parts[p].tokens or 0) for p in ("question", "answer"))
        gpu = deployment_of(own).gpu
        values = {
            "api_input_usd_per_mtok": float(api.model.input_usd_per_mtok),
            "api_output_usd_per_mtok": float(api.model.output_usd_per_mtok),
            "api_discount_share": 0.0,
            "input_share": question / (question + answer),
            "tokens_per_request": question + answer,
            "peak_to_average": self.scenario.peak_to_average,
            "gpus_per_replica": float(deployment_of(own).gpus_per_replica),
            "output_tokens_per_s_per_gpu": float(deployment_of(own).output_tokens_per_s)
            / deployment_of(own).gpus_per_replica,
        }
        for driver in self.drivers:
            if driver.group not in SERVER_GROUPS or driver.id in OF_THE_FLEET:
                continue
            value = own.knob_value(driver.id)
            if value is None and driver.id == "rent_usd_per_gpu_hour":
                value = self.prices.gpu_rent(gpu).usd_per_gpu_hour
            elif value is None and driver.id == "purchase_usd_per_gpu":
                value = self.prices.gpu_purchase(gpu).usd_per_gpu
            elif value is None:
                value = self.prices.gpu(gpu).all_in_kw
            if value is None:
                raise Infeasible(
                    message(
                        "{gpu}: power is not in the tables (fill in 'Power per GPU with its server')",
                        gpu=self.prices.gpu(gpu).name,
                    )
                )
            values[driver.id] = float(value)
        return values

    @cached_property
    def values(self) -> Mapping[str, float]:
        """Current value of every driver."""
        return {**self.start, **{k: v for k, v in self.moved.items() if k in self.start}}

    @cached_property
    def changed(self) -> Mapping[str, tuple[float, float]]:
        """Driver -> (preset, current value), for those that differ."""
        return {k: (self.start[k], v) for k, v in self.values.items() if v != self.start[k]}

    @cached_property
    def api(self) -> StuffedPrompt:
        """The hosted strategy, with changed prices."""
        api, values = self._listed[0], self.values
        kept = 1 - values["api_discount_share"]
        if not {*API_PRICES, "api_discount_share"} & set(self.changed):
            return api
        prices: dict[str, object] = {
            field: _decimal(values[name] * kept) for name, field in API_PRICES.items()
        }
        prices["context_tiers"] = ()  # a price that was typed holds at every length
        return api.with_settings({"model": api.model.model_copy(update=prices)})

    @cached_property
    def own(self) -> SelfHosted:
        """The self-hosted strategy, with changed knobs."""
        own, values = self._listed[1], self.values
        knobs: dict[str, Any] = {
            name: int(values[name]) if DRIVERS[name].whole else values[name]
            for name in self.changed
            if DRIVERS[name].group in SERVER_GROUPS and name not in OF_THE_FLEET
        }
        if OF_THE_FLEET & set(self.changed):
            gpus = int(values["gpus_per_replica"])
            speed = _decimal(values["output_tokens_per_s_per_gpu"] * gpus)
            knobs["deployment"] = deployment_of(own).model_copy(
                update={"gpus_per_replica": gpus, "output_tokens_per_s": speed}
            )
        return own.with_settings(knobs)

    @cached_property
    def workload(self) -> Workload:
        """Counted in the tokenizers of both sides."""
        tokens, share = self.values["tokens_per_request"], self.values["input_share"]
        scenario = replace(self.scenario, peak_to_average=self.values["peak_to_average"])
        for part, count in (("question", tokens * share), ("answer", tokens * (1 - share))):
            kind = self.scenario.parts[part].kind
            scenario = scenario.with_part(part, Part(tokens=cast(int, max(1.0, count)), kind=kind))
        return workload_of(scenario, {self.api.tokenizer, self.own.tokenizer}, self.prices)

    @cached_property
    def tokens_per_request(self) -> float:
        """Input and output tokens of a request, in the API's tokenizer."""
        return self.api.tokens_per_request(self.workload)

    def usd_per_month_of(self, strategy: Strategy, requests_per_day: Quantity) -> Array:
        """Monthly cost of one strategy at these volumes; raises Infeasible where it cannot serve them."""
        lines = tuple(strategy.lines(self.workload.at(requests_per_day)))
        total = usd_per_month(lines, self.scenario.horizon_months)
        return np.broadcast_to(np.asarray(total, dtype=np.float64), np.shape(requests_per_day))

    def usd_per_mtok(self, strategy: Strategy) -> float:
        """Long-run marginal cost of a million tokens, without fixed costs."""
        usd = self.usd_per_month_of(strategy, np.array([_FAR, 2 * _FAR]))
        return float(usd[1] - usd[0]) / (_FAR * DAYS_PER_MONTH * self.tokens_per_request) * TOKENS_PER_MTOK

    @property
    def measured_tokens_per_day(self) -> float:
        """Capacity of one replica at the measured lengths, in its own tokens."""
        row = deployment_of(self.own)
        tokens = float(row.input_tokens + row.output_tokens)
        return float(row.output_tokens_per_s) / float(row.output_tokens) * tokens * SECONDS_PER_DAY

    @cached_property
    def break_even(self) -> ClaimBreakeven:
        """The lowest volume from which the servers are cheaper."""
        try:
            return self._break_even()
        except CrossoverError as error:
            return ClaimBreakeven(None, error.errors[0])

    def _break_even(self) -> ClaimBreakeven:
        def costs(volumes: Array) -> tuple[Array, Array]:
            return self.usd_per_month_of(self.api, volumes), self.usd_per_month_of(self.own, volumes)

        api, own = costs(np.array([LOWEST_REQUESTS_PER_DAY]))
        if own[0] <= api[0]:
            return ClaimBreakeven(LOWEST_REQUESTS_PER_DAY * self.tokens_per_request)
        for most in (_FIRST_STEPS, _MAX_STEPS):
            steps = self.own.step_requests_per_day(self.workload, most)
            highest = max(min(HIGHEST_REQUESTS_PER_DAY, float(steps[-1])), 2 * LOWEST_REQUESTS_PER_DAY)
            crossings = crossing_volumes(costs, steps[steps < highest], highest)
            if crossings:
                tokens = [volume * self.tokens_per_request for volume, _ in crossings[:2]]
                return ClaimBreakeven(tokens[0], None, tokens[1] if len(tokens) > 1 else None)
            if self.usd_per_mtok(self.own) >= self.usd_per_mtok(self.api):
                return ClaimBreakeven(None, self._never())
        return ClaimBreakeven(
            None,
            message(
                "No break-even up to {tokens} tokens per day, the limit of the search.",
                tokens=large(highest * self.tokens_per_request),
            ),
        )

    def _never(self) -> Message:
        return message(
            "Never: at scale one million tokens cost {own:,.4g} USD on the servers and {api:,.4g} USD with "
            "{model}, so more volume does not help.",
            own=self.usd_per_mtok(self.own),
            api=self.usd_per_mtok(self.api),
            model=model_label(self.api.model.name),
        )

    def sought(self, name: str, tokens_per_day: float = CLAIMED_TOKENS_PER_DAY) -> Roots:
        """Values of one driver that give a break-even at that volume, with all others unchanged."""
        driver = DRIVERS[name]
        return find_all_roots(
            lambda value: self.with_driver(name, value).break_even.tokens_per_day,
            tokens_per_day,
            driver.low,
            driver.high,
            whole=driver.whole,
        )


API_PRICES: Final = {
    "api_input_usd_per_mtok": "input_usd_per_mtok",
    "api_output_usd_per_mtok": "output_usd_per_mtok",
}
"""Driver -> field of the model's row."""


def _decimal(value: float) -> Decimal:
    """The decimal as it is written, without binary rounding."""
    return Decimal(repr(value))


def deployment_of(own: SelfHosted) -> Deployment:
    """The measured deployment that a reconstruction rests on; raises where the fleet was predicted."""
    if own.fleet.replica.deployment is None:
        raise CrossoverError(message("the claim needs a measured deployment (choose one of the tables)"))
    return own.fleet.replica.deployment
