"""The uncertain inputs of a comparison with their ranges: given by the scenario, assumed or estimated."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from i18n.errors import CrossoverError
from i18n.message import N_, Message, figure, message
from pricing.book import suggestion
from pricing.rows import Deployment, Evidence
from pricing.survey.market import name_of

from ..comparison.compare import Comparison
from ..comparison.resolution import counts_people, why_people_do_not_count
from ..cost_lines import SCENARIO_LAYER
from ..fleet import Fleet
from ..scenario.input_ranges import P95_SIGMAS, Array, InputRange, Range
from ..scenario.range_paths import INPUT_SHARE, WORKLOAD_PATHS
from ..scenario.requirements import RESOLVED_REQUEST
from ..scenario.scenario import LIMITS
from ..scenario.uncertain_fields import ESCALATION, INPUTS, REQUESTS, RESOLVED, TOOL_CALLS, TURNS, idle_input
from ..serving.measured_curve import CURVE_SIGMA_LOG
from ..workload.workload import Workload
from .overrides import deployment_of, input_share, row_id

ORIGINS: Final = (N_("scenario"), N_("assumed"), N_("estimated"))
"""Given by the user; our proposal; or the known spread of counts and measurements."""

ASSUMED_VOLUME: Final = (0.5, 2.0)
ASSUMED_ANSWER: Final = (0.8, 1.2)
ASSUMED_RENT: Final = (0.8, 1.3)
"""GPU rents rose in 2026, so the range is wider upwards."""
ASSUMED_PURCHASE: Final = (0.85, 1.2)
"""Ranges proposed where a scenario gives none: multiples of its own figure. Assumptions, without a source."""

LATENCIES: Final = ("measured_first_token_ms", "measured_token_ms")
"""Settings of every strategy that do not change its cost."""

MIN_FACTOR: Final = 1e-6
"""Lowest factor on tokens, prices and speeds."""

ONE_POINT_SIGMA_LOG: Final = 0.17
"""Spread of a speed scaled from one measured point: a median error of 12 % on unseen setups."""

PART_NAMES: Final = {"tool_call": N_("tool call"), "tool_result": N_("tool result")}


@dataclass(frozen=True, slots=True)
class UncertainInput:
    """An input with its range, and where the range comes from."""

    path: str
    label: Message
    range: Range
    origin: str

    def at(self, z: Array) -> Array:
        """Samples (draws,) from standard normal values, clipped to the limits of the input."""
        values = self.range.at(z)
        if self.path in WORKLOAD_PATHS:
            limits = WORKLOAD_PATHS[self.path]
            return np.clip(values, limits.low, limits.high)
        if self.path.startswith("strategies."):
            return values
        return np.maximum(values, MIN_FACTOR)


def inputs_of(comparison: Comparison) -> tuple[UncertainInput, ...]:
    """The ranges of the scenario, then those proposed for inputs that it leaves out.

    Raises CrossoverError for a range of an input that the scenario does not use.
    """
    by_path: dict[str, UncertainInput] = {}
    errors: list[Message] = []
    for given in comparison.scenario.ranges:
        place = f"ranges.{given.path}"
        try:
            by_path[given.path] = _given(comparison, given)
        except CrossoverError as error:
            errors += error.at(place).errors
    if errors:
        raise CrossoverError(*errors)
    for proposed in _proposed(comparison):
        if not proposed.range.is_point:
            by_path.setdefault(proposed.path, proposed)
    return tuple(by_path.values())


def idle(comparison: Comparison, path: str) -> Message | None:
    """Why an input has no effect in this scenario; None where it has one."""
    scenario = comparison.scenario
    highest = {given.path: given.high for given in scenario.ranges}
    turns = max(scenario.turns, highest.get(TURNS, 1))
    if path == INPUT_SHARE and (turns > 1 or scenario.tool_calls_per_request or highest.get(TOOL_CALLS)):
        return message(
            "answers are sent again as input (take out this range, or set turns to 1 and tool calls to 0)"
        )
    is_share = path.startswith("strategies.") and path.endswith(f".{RESOLVED}")
    if (is_share or path == ESCALATION) and not counts_people(comparison):
        missing = why_people_do_not_count(comparison)
        if scenario.needs.rank_by == RESOLVED_REQUEST and missing is not None:
            return missing
        return message(
            "people are not counted (take out this range, or rank by cost per resolved request under the "
            "requirements)"
        )
    if path.startswith("strategies.") and path.rsplit(".", 1)[-1] in LATENCIES:
        return message("it moves no cost (take out this range; the recommendation uses the value as it is)")
    return idle_input(scenario, path)


def _given(comparison: Comparison, given: InputRange) -> UncertainInput:
    no_effect = idle(comparison, given.path)
    if no_effect is not None:
        raise CrossoverError(no_effect)
    span = given.range(point_of(comparison, given.path))
    if span is None:
        raise CrossoverError(message("the setting is blank in the scenario (add likely to the range)"))
    error = span.error()
    if error is not None:
        raise CrossoverError(error)
    return UncertainInput(given.path, label_of(comparison, given.path), span, "scenario")


def point_of(comparison: Comparison, path: str) -> float | None:
    """The scenario's own value; 1 for a factor, None for a setting that is blank."""
    if path in INPUTS:
        return float(INPUTS[path].value(comparison.scenario))
    if path == INPUT_SHARE:
        first = comparison.outcomes[0].strategy.tokenizer
        return input_share(comparison.workload.counted(first))
    group, rest = path.split(".", 1)
    if group == "strategies":
        number, name = rest.split(".", 1)
        value = comparison.outcomes[int(number) - 1].strategy.knob_value(name)
        return None if value is None else float(value)
    used = {
        "prices": (*price_ids(comparison), *successor_ids(comparison)),
        "speeds": tuple(_deployments(comparison)),
        "counts": tuple(comparison.workload.tokens),
    }
    known = used.get(group)
    if known is not None and rest not in known:
        raise CrossoverError(
            message(
                "'{id}' is not used here{hint} (name a row that it uses)",
                id=rest,
                hint=suggestion(rest, known),
            )
        )
    return 1.0


def is_share(path: str) -> bool:
    """Whether an input is a share: 0 to 1 in the scenario, percent on the screen.

    >>> is_share("strategies.1.resolved_share"), is_share("growth_share_per_month"), is_share("turns")
    (True, True, False)
    """
    return "_share" in path.rpartition(".")[2]


def is_factor(path: str) -> bool:
    """Whether an input is a factor: 1 is the value of the scenario or of the price list.

    >>> is_factor("prices.acme/large"), is_factor("turns")
    (True, False)
    """
    return path.partition(".")[0] in ("tokens", "prices", "speeds", "counts")


def value_text(path: str, value: float) -> str:
    """A value of an input as it is shown.

    >>> value_text("retry_share", 0.05), value_text("tokens.answer", 1.2), value_text("turns", 2_000_000.0)
    ('5%', '1.2 ×', '2,000,000')
    """
    if is_share(path):
        return f"{figure(100 * value, 5)}%"
    return f"{figure(value, 5)} ×" if is_factor(path) else figure(value)


def label_of(comparison: Comparison, path: str) -> Message:
    if path in INPUTS:
        return INPUTS[path].label
    if path == INPUT_SHARE:
        return message("Share of input tokens")
    group, rest = path.split(".", 1)
    if group == "tokens":
        return message("Tokens of the {part}", part=message(PART_NAMES.get(rest, rest)))
    if group == "counts":
        return message("Token count by {tokenizer}", tokenizer=rest)
    if group == "prices":
        return message("Price of {row}", row=name_of(comparison.book, rest, comparison.scenario.on))
    if group == "speeds":
        return message("Speed of {deployment}", deployment=_deployments(comparison)[rest].name)
    number, name = rest.split(".", 1)
    outcome = comparison.outcomes[int(number) - 1]
    return message(
        "{setting} ({strategy})", strategy=outcome.name, setting=message(outcome.strategy.knobs()[name].label)
    )


def price_ids(comparison: Comparison) -> tuple[str, ...]:
    """Ids of the rows of the price tables that any cost line uses."""
    lines = (line for outcome in comparison.outcomes for line in outcome.lines)
    return tuple(dict.fromkeys(row_id(line) for line in lines if line.price.layer != SCENARIO_LAYER))


def successor_ids(comparison: Comparison) -> tuple[str, ...]:
    """Ids of the rows to which strategies move within the horizon; a range changes the months after that."""
    return tuple(
        dict.fromkeys(retirement.successor for retirement in comparison.retirements if retirement.successor)
    )


def _deployments(comparison: Comparison) -> dict[str, Deployment]:
    rows = (deployment_of(outcome.strategy) for outcome in comparison.outcomes)
    return {row.id: row for row in rows if row is not None}


def _proposed(comparison: Comparison) -> Iterator[UncertainInput]:
    def proposal(path: str, ends: tuple[float, float], shape: str, origin: str = "assumed") -> UncertainInput:
        point = point_of(comparison, path) or 0.0
        return UncertainInput(
            path,
            label_of(comparison, path),
            Range(point * ends[0], point, point * ends[1], shape if point else "triangular"),
            origin,
        )

    low, high = ASSUMED_VOLUME
    volume, limits = comparison.scenario.requests_per_day, LIMITS[REQUESTS]
    yield proposal(REQUESTS, (max(low, limits.low / volume), min(high, limits.high / volume)), "lognormal")
    yield proposal("tokens.answer", ASSUMED_ANSWER, "triangular")
    for index, outcome in enumerate(comparison.outcomes):
        fleet = outcome.strategy.part(Fleet)
        if not outcome.is_feasible or fleet is None:
            continue
        if fleet.is_owned:
            path, likely = f"strategies.{index + 1}.purchase_usd_per_gpu", fleet.owned_gpu.gpu_usd
            low, high = (likely * end for end in ASSUMED_PURCHASE)
            yield UncertainInput(
                path, label_of(comparison, path), Range(low, likely, high, "triangular"), "assumed"
            )
        elif fleet.ownership.rent_usd_per_gpu_hour is not None:
            yield proposal(f"strategies.{index + 1}.rent_usd_per_gpu_hour", ASSUMED_RENT, "triangular")
        else:
            row = fleet.rent[1].ref.split(" @ ")[0]
            if row in price_ids(comparison):
                yield proposal(f"prices.{row}", ASSUMED_RENT, "triangular")
    for tokenizer in comparison.workload.tokens:
        yield proposal(
            f"counts.{tokenizer}", _count_ends(comparison.workload, tokenizer), "lognormal", "estimated"
        )
    for served in _deployments(comparison).values():
        end = math.exp(P95_SIGMAS * _speed_sigma_log(comparison, served))
        yield proposal(f"speeds.{served.id}", (1 / end, end), "lognormal", "estimated")
    for index, outcome in enumerate(comparison.outcomes):
        fleet = outcome.strategy.part(Fleet)
        if outcome.is_feasible and fleet is not None and fleet.replica.deployment is None:
            end = math.exp(P95_SIGMAS * fleet.replica_speed(comparison.workload).sigma_log)
            yield proposal(f"strategies.{index + 1}.speed_factor", (1 / end, end), "lognormal", "estimated")


def _count_ends(workload: Workload, tokenizer: str) -> tuple[float, float]:
    """Low and high factor on the tokens of a request; a tokenizer over- or undercounts all parts together."""
    counts = workload.tokens[tokenizer].parts().values()
    tokens = sum(count.tokens for count in counts)
    return sum(count.low for count in counts) / tokens, sum(count.high for count in counts) / tokens


def _speed_sigma_log(comparison: Comparison, row: Deployment) -> float:
    """Standard deviation of the log speed, by its evidence."""
    if row.evidence == Evidence.MEASURED:
        return CURVE_SIGMA_LOG
    if row.evidence == Evidence.PUBLISHED:
        return ONE_POINT_SIGMA_LOG
    prices = comparison.book.on(comparison.scenario.on)
    model = prices.open_model(row.open_model)
    prior = prices.throughput_prior(prices.gpu(row.gpu), model.has_experts)
    return float(prior.sigma_log)
