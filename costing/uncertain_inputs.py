"""Which inputs of a comparison are not sure, how far each may lie off, and the comparison with others."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

from pricing.book import did_you_mean
from pricing.message import N_, CrossoverError, Message, message
from pricing.rows import Deployment

from .compare import Comparison
from .cost import SCENARIO_LAYER, CostLine
from .own_curve import CURVE_SIGMA_LOG
from .own_fleet import OwnFleet
from .ranges import P95_SIGMAS, InputRange, Range
from .scenario import LIMITS
from .strategy import Strategy
from .workload import RequestTokens, Workload

REQUESTS: Final = "requests_per_day"
PEAK: Final = "peak_to_average"

ORIGINS: Final = (N_("scenario"), N_("assumed"), N_("estimated"))
"""Given by the user; proposed by us; or the known spread of counts and measurements."""

ASSUMED_VOLUME: Final = (0.5, 2.0)
ASSUMED_ANSWER: Final = (0.8, 1.2)
ASSUMED_RENT: Final = (0.8, 1.3)
"""GPU rents rose in 2026, so the dear side is the longer one."""
ASSUMED_PURCHASE: Final = (0.85, 1.2)
"""Proposals where a scenario gives no range: multiples of its own figure. Ours, without a source."""

ONE_POINT_SIGMA_LOG: Final = 0.17
"""Of a speed carried from one measured point: the median error of 12 % found on unseen setups."""

Values = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class UncertainInput:
    """An input with its range, and where the range came from."""

    path: str
    label: Message
    range: Range
    origin: str


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


def _given(comparison: Comparison, one: InputRange) -> UncertainInput:
    if one.path == PEAK and comparison.scenario.hour_shares:
        raise CrossoverError(
            message("the hours of the day say what the peak is (take out this range, or hour_shares)")
        )
    point = _point(comparison, one.path)
    likely = point if one.likely is None else one.likely
    if likely is None:
        raise CrossoverError(message("the setting is blank in the scenario (add likely to the range)"))
    span = Range(one.low, likely, one.high, one.shape)
    wrong = span.fault()
    if wrong is not None:
        raise CrossoverError(wrong)
    return UncertainInput(one.path, _label(comparison, one.path), span, "scenario")


def _point(comparison: Comparison, path: str) -> float | None:
    """What the scenario itself says; 1 for a factor, None for a setting that is blank."""
    if path == REQUESTS:
        return comparison.scenario.requests_per_day
    if path == PEAK:
        return comparison.scenario.peak_to_average
    group, rest = path.split(".", 1)
    if group == "strategies":
        number, name = rest.split(".", 1)
        value = getattr(comparison.outcomes[int(number) - 1].strategy, name)
        return None if value is None else float(value)
    used = {
        "prices": _price_ids(comparison),
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


def _label(comparison: Comparison, path: str) -> Message:
    if path == REQUESTS:
        return message("Requests a day")
    if path == PEAK:
        return message("Peak over average")
    group, rest = path.split(".", 1)
    if group == "tokens":
        return message("Tokens of the {part}", part=message(rest))
    if group == "counts":
        return message("How {tokenizer} counts", tokenizer=rest)
    if group == "prices":
        return message("Price of {row}", row=rest)
    if group == "speeds":
        return message("Speed of {deployment}", deployment=_deployments(comparison)[rest].name)
    number, name = rest.split(".", 1)
    outcome = comparison.outcomes[int(number) - 1]
    return message(
        "{strategy}: {setting}", strategy=outcome.name, setting=message(outcome.strategy.knobs()[name].label)
    )


def row_id(line: CostLine) -> str:
    """The price row of a line, without its day."""
    return line.price.ref.split(" @ ")[0]


def _price_ids(comparison: Comparison) -> tuple[str, ...]:
    lines = (line for outcome in comparison.outcomes for line in outcome.lines)
    return tuple(dict.fromkeys(row_id(line) for line in lines if line.price.layer != SCENARIO_LAYER))


def _deployment(strategy: Strategy) -> Deployment | None:
    found = getattr(strategy, "deployment", None)
    return found if isinstance(found, Deployment) else None


def _deployments(comparison: Comparison) -> dict[str, Deployment]:
    found = (_deployment(outcome.strategy) for outcome in comparison.outcomes)
    return {one.id: one for one in found if one is not None}


def _proposed(comparison: Comparison) -> Iterator[UncertainInput]:
    def proposal(path: str, ends: tuple[float, float], shape: str, origin: str = "assumed") -> UncertainInput:
        point = _point(comparison, path) or 0.0
        return UncertainInput(
            path,
            _label(comparison, path),
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
                path, _label(comparison, path), Range(low, likely, high, "triangular"), "assumed"
            )
        elif fleet.rent_usd_per_gpu_hour is not None:
            yield proposal(f"strategies.{index + 1}.rent_usd_per_gpu_hour", ASSUMED_RENT, "triangular")
        else:
            row = fleet.rent[1].ref.split(" @ ")[0]
            if row in _price_ids(comparison):
                yield proposal(f"prices.{row}", ASSUMED_RENT, "triangular")
    for tokenizer in comparison.workload.tokens:
        yield proposal(
            f"counts.{tokenizer}", _count_ends(comparison.workload, tokenizer), "lognormal", "estimated"
        )
    for served in _deployments(comparison).values():
        end = math.exp(P95_SIGMAS * _speed_sigma_log(comparison, served))
        yield proposal(f"speeds.{served.id}", (1 / end, end), "lognormal", "estimated")


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
    prior = prices.throughput_prior(prices.gpu(row.gpu), model.routed_experts is not None)
    return float(prior.sigma_log)


def moves(one: UncertainInput, index: int, strategy: Strategy) -> bool:
    """Whether it changes more of the strategy at that place than its volume and its unit prices."""
    group, _, rest = one.path.partition(".")
    if group in (REQUESTS, "prices"):
        return False
    deployment = _deployment(strategy)
    if group == "counts":
        return rest in strategy.tokenizers
    if group == "speeds":
        return deployment is not None and deployment.id == rest
    if group == "strategies":
        return rest.split(".")[0] == str(index + 1)
    return group == "tokens" or deployment is not None


def workload_at(workload: Workload, values: Values) -> Workload:
    """The workload with other peaks and token counts."""
    tokens = {
        tokenizer: RequestTokens(
            **{
                part: replace(
                    count, tokens=count.tokens * factor, low=count.low * factor, high=count.high * factor
                )
                for part, count in parts.parts().items()
                for factor in (values.get(f"tokens.{part}", 1.0) * values.get(f"counts.{tokenizer}", 1.0),)
            }
        )
        for tokenizer, parts in workload.tokens.items()
    }
    return replace(workload, peak_to_average=values.get(PEAK, workload.peak_to_average), tokens=tokens)


def strategy_at(strategy: Strategy, index: int, values: Values) -> Strategy:
    """The strategy at that place of the scenario with other settings and another speed."""
    prefix = f"strategies.{index + 1}."
    knobs = strategy.knobs()
    changes: dict[str, Any] = {}
    for path, value in values.items():
        if path.startswith(prefix):
            knob = knobs[path.removeprefix(prefix)]
            within = min(max(value, knob.low or 0.0), knob.high if knob.high is not None else value)
            changes[path.removeprefix(prefix)] = round(within) if knob.kind == "integer" else within
    deployment = _deployment(strategy)
    factor = values.get(f"speeds.{deployment.id}", 1.0) if deployment is not None else 1.0
    if deployment is not None and factor != 1:
        times = Decimal(repr(factor))
        curve = tuple(
            point.model_copy(update={"output_tokens_per_s": point.output_tokens_per_s * times})
            for point in deployment.curve
        )
        changes["deployment"] = deployment.model_copy(
            update={"output_tokens_per_s": deployment.output_tokens_per_s * times, "curve": curve}
        )
    return replace(strategy, **changes) if changes else strategy


def price_factors(lines: Sequence[CostLine], values: Mapping[str, Any]) -> list[Any]:
    """By which each line's unit price is multiplied."""
    return [
        1.0 if line.price.layer == SCENARIO_LAYER else values.get(f"prices.{row_id(line)}", 1.0)
        for line in lines
    ]
