"""Which inputs of a comparison are not sure, how far each may lie off, and the comparison with others."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from pricing.book import did_you_mean
from pricing.message import N_, CrossoverError, Message, message
from pricing.rows import Deployment

from ..compare import Comparison
from ..cost import SCENARIO_LAYER, CostLine
from ..counting.images import Images
from ..counting.tokens import TokenCount
from ..deciding.resolved import counts_people
from ..own_fleet import OwnFleet
from ..scenario import LIMITS, images_of, tool_use
from ..serving.own_curve import CURVE_SIGMA_LOG
from ..strategy import Knob, Strategy
from ..workload import PARTS, RequestTokens, Workload
from .range_file import INPUT_SHARE, WORKLOAD_PATHS
from .ranges import P95_SIGMAS, Array, InputRange, Range
from .scenario_inputs import (
    ESCALATION,
    GAP,
    IMAGE_SIZES,
    IMAGES,
    INPUTS,
    PEAK,
    REQUESTS,
    RETRIES,
    TOOL_CALLS,
    TURNS,
    idle_input,
)

ORIGINS: Final = (N_("scenario"), N_("assumed"), N_("estimated"))
"""Given by the user; proposed by us; or the known spread of counts and measurements."""

ASSUMED_VOLUME: Final = (0.5, 2.0)
ASSUMED_ANSWER: Final = (0.8, 1.2)
ASSUMED_RENT: Final = (0.8, 1.3)
"""GPU rents rose in 2026, so the dear side is the longer one."""
ASSUMED_PURCHASE: Final = (0.85, 1.2)
"""Proposals where a scenario gives no range: multiples of its own figure. Ours, without a source."""

RESOLVED: Final = "resolved_share"
LATENCIES: Final = ("measured_first_token_ms", "measured_token_ms")
"""Settings of every strategy that are in no bill."""

LEAST_FACTOR: Final = 1e-6
"""Of tokens, prices and speeds."""

ONE_POINT_SIGMA_LOG: Final = 0.17
"""Of a speed carried from one measured point: the median error of 12 % found on unseen setups."""

PART_NAMES: Final = {"tool_call": N_("call of a tool"), "tool_result": N_("result of a tool")}

Values = Mapping[str, Any]
"""Path -> a number, or a Drawn column of them."""


@dataclass(frozen=True, slots=True)
class UncertainInput:
    """An input with its range, and where the range came from."""

    path: str
    label: Message
    range: Range
    origin: str

    def at(self, z: Array) -> Array:
        """Drawn values, kept within what the input may be: a bell has no ends of its own."""
        values = self.range.at(z)
        if self.path in WORKLOAD_PATHS:
            limits = WORKLOAD_PATHS[self.path]
            return np.clip(values, limits.low, limits.high)
        if self.path.startswith("strategies."):
            return values
        return np.maximum(values, LEAST_FACTOR)


def inputs_of(comparison: Comparison) -> tuple[UncertainInput, ...]:
    """The ranges of the scenario, then those proposed for what it leaves out.

    Raises CrossoverError for a range of something that the scenario does not use.
    """
    found: dict[str, UncertainInput] = {}
    faults: list[Message] = []
    for one in comparison.scenario.ranges:
        place = f"ranges.{one.path}"
        try:
            found[one.path] = _given(comparison, one)
        except CrossoverError as error:
            faults += [message("{place}: {what}", place=place, what=fault) for fault in error.faults]
    if faults:
        raise CrossoverError(*faults)
    for proposed in _proposed(comparison):
        if not proposed.range.is_point:
            found.setdefault(proposed.path, proposed)
    return tuple(found.values())


def idle(comparison: Comparison, path: str) -> Message | None:
    """Why an input of the workload means nothing in this scenario; None where it does."""
    scenario = comparison.scenario
    most = {one.path: one.high for one in scenario.ranges}
    turns = max(scenario.turns, most.get(TURNS, 1))
    if path == INPUT_SHARE and (turns > 1 or scenario.tool_calls_per_request or most.get(TOOL_CALLS)):
        return message(
            "answers are sent again as input (take out this range, or set turns to 1 and tool calls to 0)"
        )
    is_share = path.startswith("strategies.") and path.endswith(f".{RESOLVED}")
    if (is_share or path == ESCALATION) and not counts_people(comparison):
        return message(
            "people are not counted (take out this range, or rank by cost per resolved request under Decide)"
        )
    if path.startswith("strategies.") and path.rsplit(".", 1)[-1] in LATENCIES:
        return message("it moves no cost (take out this range; Decide takes it as it is)")
    return idle_input(scenario, path)


def _given(comparison: Comparison, one: InputRange) -> UncertainInput:
    means_nothing = idle(comparison, one.path)
    if means_nothing is not None:
        raise CrossoverError(means_nothing)
    span = one.range(point_of(comparison, one.path))
    if span is None:
        raise CrossoverError(message("the setting is blank in the scenario (add likely to the range)"))
    wrong = span.fault()
    if wrong is not None:
        raise CrossoverError(wrong)
    return UncertainInput(one.path, label_of(comparison, one.path), span, "scenario")


def point_of(comparison: Comparison, path: str) -> float | None:
    """What the scenario itself says; 1 for a factor, None for a setting that is blank."""
    if path in INPUTS:
        return float(INPUTS[path].value(comparison.scenario))
    if path == INPUT_SHARE:
        first = comparison.outcomes[0].strategy.tokenizer
        return input_share(comparison.workload.counted(first))
    group, rest = path.split(".", 1)
    if group == "strategies":
        number, name = rest.split(".", 1)
        value = getattr(comparison.outcomes[int(number) - 1].strategy, name)
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
                hint=did_you_mean(rest, known),
            )
        )
    return 1.0


def label_of(comparison: Comparison, path: str) -> Message:
    if path in INPUTS:
        return INPUTS[path].label
    if path == INPUT_SHARE:
        return message("Input tokens of all tokens")
    group, rest = path.split(".", 1)
    if group == "tokens":
        return message("Tokens of the {part}", part=message(PART_NAMES.get(rest, rest)))
    if group == "counts":
        return message("How {tokenizer} counts", tokenizer=rest)
    if group == "prices":
        return message("Price of {row}", row=rest)
    if group == "speeds":
        return message("Speed of {deployment}", deployment=_deployments(comparison)[rest].name)
    number, name = rest.split(".", 1)
    outcome = comparison.outcomes[int(number) - 1]
    return message(
        "{setting} ({strategy})", strategy=outcome.name, setting=message(outcome.strategy.knobs()[name].label)
    )


def row_id(line: CostLine) -> str:
    """The price row of a line, without its day."""
    return line.price.ref.split(" @ ")[0]


def price_ids(comparison: Comparison) -> tuple[str, ...]:
    """Rows of the price tables that any line uses."""
    lines = (line for outcome in comparison.outcomes for line in outcome.lines)
    return tuple(dict.fromkeys(row_id(line) for line in lines if line.price.layer != SCENARIO_LAYER))


def successor_ids(comparison: Comparison) -> tuple[str, ...]:
    """Rows to which strategies move within the horizon; a range of theirs moves the months after that."""
    if not comparison.scenario.outlook.successors:
        return ()
    return tuple(dict.fromkeys(one.successor for one in comparison.retirements if one.successor))


def _deployment(strategy: Strategy) -> Deployment | None:
    found = getattr(strategy, "deployment", None)
    return found if isinstance(found, Deployment) else None


def _deployments(comparison: Comparison) -> dict[str, Deployment]:
    found = (_deployment(outcome.strategy) for outcome in comparison.outcomes)
    return {one.id: one for one in found if one is not None}


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
        fleet = outcome.strategy
        if not outcome.is_feasible or not isinstance(fleet, OwnFleet):
            continue
        if fleet.tenure == "owned":
            path, likely = f"strategies.{index + 1}.purchase_usd_per_gpu", fleet.ownership.gpu_usd
            low, high = (likely * end for end in ASSUMED_PURCHASE)
            yield UncertainInput(
                path, label_of(comparison, path), Range(low, likely, high, "triangular"), "assumed"
            )
        elif fleet.rent_usd_per_gpu_hour is not None:
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
        fleet = outcome.strategy
        if outcome.is_feasible and isinstance(fleet, OwnFleet) and fleet.deployment is None:
            end = math.exp(P95_SIGMAS * fleet.pace(comparison.workload).sigma_log)
            yield proposal(f"strategies.{index + 1}.speed_factor", (1 / end, end), "lognormal", "estimated")


def _count_ends(workload: Workload, tokenizer: str) -> tuple[float, float]:
    """The band of all parts of a request together, which one vendor's tokenizer moves alike."""
    counts = workload.tokens[tokenizer].parts().values()
    tokens = sum(count.tokens for count in counts)
    return sum(count.low for count in counts) / tokens, sum(count.high for count in counts) / tokens


def _speed_sigma_log(comparison: Comparison, row: Deployment) -> float:
    """How far off the speed may be: by what it rests on."""
    if row.evidence == "measured":
        return CURVE_SIGMA_LOG
    if row.evidence == "published":
        return ONE_POINT_SIGMA_LOG
    prices = comparison.book.on(comparison.scenario.on)
    model = prices.open_model(row.open_model)
    prior = prices.throughput_prior(prices.gpu(row.gpu), model.has_experts)
    return float(prior.sigma_log)


def moves(path: str, index: int, strategy: Strategy) -> bool:
    """Whether it changes more of the strategy at that place than its volume and its unit prices."""
    group, _, rest = path.partition(".")
    if path == ESCALATION or rest.endswith(f".{RESOLVED}"):
        return False
    if path == REQUESTS or group == "prices" or (path in INPUTS and INPUTS[path].is_over_time):
        return False
    if group == "counts":
        return rest in strategy.tokenizers
    if group == "speeds":
        deployment = _deployment(strategy)
        return deployment is not None and deployment.id == rest
    if group == "strategies":
        return rest.split(".")[0] == str(index + 1)
    return group != PEAK or isinstance(strategy, OwnFleet)


def is_whole(path: str, strategy: Strategy) -> bool:
    """Whether an input that moves this strategy is a whole number, to which its draws are rounded."""
    if path.startswith("strategies."):
        return strategy.knobs()[path.rsplit(".", 1)[-1]].kind == "integer"
    return path in INPUTS and INPUTS[path].limits.whole


def input_share(counts: RequestTokens) -> float:
    """Input tokens of all tokens of a request."""
    tokens = [count.tokens for part, count in counts.parts().items() if part in PARTS]
    return 1 - counts.answer.tokens / sum(tokens)


def workload_at(workload: Workload, values: Values) -> Workload:
    """The workload with other peaks, turns, pauses, retries, tool calls, images and token counts."""
    tokens: dict[str, RequestTokens] = {}
    for tokenizer, parts in workload.tokens.items():
        share = values.get(INPUT_SHARE)
        now = None if share is None else input_share(parts)
        counts: dict[str, TokenCount] = {}
        for part, count in parts.parts().items():
            factor = values.get(f"tokens.{part}", 1.0) * values.get(f"counts.{tokenizer}", 1.0)
            if share is not None and now is not None and part in PARTS:
                factor = factor * ((1 - share) / (1 - now) if part == "answer" else share / now)
            counts[part] = count.times(factor)
        tokens[tokenizer] = RequestTokens(**counts)
    turns = values.get(TURNS)
    return replace(
        workload,
        peak_to_average=values.get(PEAK, workload.peak_to_average),
        turns=workload.turns if turns is None else round(turns),
        seconds_between_turns=values.get(GAP, workload.seconds_between_turns),
        retry_share=values.get(RETRIES, workload.retry_share),
        tool_calls=values.get(TOOL_CALLS, workload.tool_calls),
        images=None if workload.images is None else _images_at(workload.images, values),
        tokens=tokens,
    )


def _images_at(images: Images, values: Values) -> Images:
    """Of whole pixels; as many of a mean question as were drawn, a fraction of one too."""
    wide, high = (
        values.get(path, size)
        for path, size in zip(IMAGE_SIZES, (images.width_px, images.height_px), strict=True)
    )
    return replace(
        images,
        per_request=values.get(IMAGES, images.per_request),
        width_px=np.rint(wide) if np.ndim(wide) else round(wide),
        height_px=np.rint(high) if np.ndim(high) else round(high),
    )


def asked_of(comparison: Comparison, workload: Workload, paths: Collection[str]) -> Workload:
    """The workload with what these inputs move, where the scenario calls no tool or sends no image."""
    scenario = comparison.scenario
    if TOOL_CALLS in paths and not scenario.tool_calls_per_request:
        prices = comparison.book.on(scenario.on)
        tokens: dict[str, RequestTokens] = {}
        for name, counts in workload.tokens.items():
            call, result = tool_use(scenario, name, prices)
            tokens[name] = replace(counts, tool_call=call, tool_result=result)
        workload = replace(workload, tokens=tokens)
    if IMAGES in paths and not scenario.images_per_request:
        workload = replace(workload, images=images_of(scenario))
    return workload


def strategy_at(strategy: Strategy, index: int, values: Values) -> Strategy:
    """The strategy at that place of the scenario with other settings and another speed."""
    prefix = f"strategies.{index + 1}."
    knobs = strategy.knobs()
    changes: dict[str, Any] = {}
    for path, value in values.items():
        if path.startswith(prefix):
            name = path.removeprefix(prefix)
            changes[name] = _within(knobs[name], value)
    deployment = _deployment(strategy)
    factor = None if deployment is None else values.get(f"speeds.{deployment.id}")
    if factor is not None:
        changes["speed_factor"] = factor * changes.get("speed_factor", getattr(strategy, "speed_factor", 1.0))
    return replace(strategy, **changes) if changes else strategy


def _within(knob: Knob, value: Any) -> Any:
    """A drawn value as the setting takes it: within its limits, and whole where it must be."""
    low, high = knob.low or 0.0, np.inf if knob.high is None else knob.high
    if np.ndim(value):
        within = np.clip(value, low, high)
        return np.rint(within) if knob.kind == "integer" else within
    within = min(max(value, low), high)
    return round(within) if knob.kind == "integer" else within


def price_factors(lines: Sequence[CostLine], values: Mapping[str, Any]) -> list[Any]:
    """By which each line's unit price is multiplied."""
    return [
        1.0 if line.price.layer == SCENARIO_LAYER else values.get(f"prices.{row_id(line)}", 1.0)
        for line in lines
    ]
