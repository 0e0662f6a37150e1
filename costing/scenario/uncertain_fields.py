"""The numbers of a scenario that can be a range: label, limits and present value of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Final

from i18n.message import Message, message

from ..workload.workload import TOOL_USE
from . import outlook, traffic
from .requirements import Needs
from .scenario import LIMITS, Limits, Scenario
from .traffic import COMPOUND, GIVEN, MONTH_NAMES, S_CURVE

REQUESTS: Final = "requests_per_day"
PEAK: Final = "peak_to_average"
GROWTH: Final = "growth_share_per_month"
TURNS: Final = "turns"
GAP: Final = "seconds_between_turns"
RETRIES: Final = "retry_share"
TOOL_CALLS: Final = "tool_calls_per_request"
IMAGES: Final = "images_per_request"
ESCALATION: Final = "escalation_usd"
RESOLVED: Final = "resolved_share"
"""A setting of every strategy."""
IMAGE_SIZES: Final = ("image_width_px", "image_height_px")
CURVE: Final = ("ceiling_multiple", "midpoint_month", "steepness_per_month")
"""Parameters of an S-curve."""
SEASON: Final = "season_factors."
"""Prefix of the number of a month, from 1."""

_OF_TOOLS: Final = tuple(f"tokens.{part}" for part in TOOL_USE)


@dataclass(frozen=True, slots=True)
class ScenarioInput:
    """A number of a scenario that can be a range."""

    label: Message
    limits: Limits
    value: Callable[[Scenario], float]
    """Its present value."""
    is_over_time: bool = False
    """Whether it changes only later months, not the month of the scenario's day."""


def _workload_input(name: str, label: Message) -> ScenarioInput:
    return ScenarioInput(label, LIMITS[name], attrgetter(name))


def _later_input(group: str, limits: tuple[float, float], name: str, label: Message) -> ScenarioInput:
    return ScenarioInput(label, Limits(*limits), attrgetter(f"{group}.{name}"), is_over_time=True)


def _season(month: int) -> ScenarioInput:
    """The factor of a month (0: January); 1 without seasons."""

    def factor(scenario: Scenario) -> float:
        factors = scenario.traffic.season_factors
        return factors[month] if factors else 1.0

    label = message("Season, {month}", month=message(MONTH_NAMES[month]))
    return ScenarioInput(label, Limits(*traffic.LIMITS["season_factor"]), factor, is_over_time=True)


INPUTS: Final[Mapping[str, ScenarioInput]] = {
    REQUESTS: _workload_input(REQUESTS, message("Requests per day")),
    PEAK: _workload_input(PEAK, message("Peak relative to average")),
    TURNS: _workload_input(TURNS, message("Turns per conversation")),
    GROWTH: ScenarioInput(message("Growth per month"), LIMITS[GROWTH], attrgetter(GROWTH), is_over_time=True),
    GAP: _workload_input(GAP, message("Seconds between turns")),
    RETRIES: _workload_input(RETRIES, message("Retry rate")),
    TOOL_CALLS: _workload_input(TOOL_CALLS, message("Tool calls per request")),
    IMAGES: _workload_input(IMAGES, message("Images per request")),
    "image_width_px": _workload_input("image_width_px", message("Width of an image (px)")),
    "image_height_px": _workload_input("image_height_px", message("Height of an image (px)")),
    ESCALATION: ScenarioInput(
        message("Cost of a request that goes to people"),
        Limits(0, float(Needs.declared()[ESCALATION].high or 0)),
        attrgetter(f"needs.{ESCALATION}"),
    ),
    **{
        name: _later_input("traffic", traffic.LIMITS[name], name, label)
        for name, label in zip(
            CURVE,
            (
                message("Maximum traffic, as a multiple"),
                message("Months until fastest growth"),
                message("Steepness of growth"),
            ),
            strict=True,
        )
    },
    **{f"{SEASON}{month + 1}": _season(month) for month in range(len(MONTH_NAMES))},
    **{
        name: _later_input("outlook", outlook.LIMITS[name], name, label)
        for name, label in (
            ("api_price_drift_share_per_year", message("API price change per year")),
            ("rent_drift_share_per_year", message("GPU rent change per year")),
            ("purchase_drift_share_per_year", message("GPU purchase price change per year")),
            ("staff_drift_share_per_year", message("Staff cost change per year")),
            ("electricity_drift_share_per_year", message("Electricity price change per year")),
            ("room_drift_share_per_year", message("Colocation price change per year")),
            ("licence_drift_share_per_year", message("Licence cost change per year")),
        )
    },
}
"""Path -> input."""

ELSEWHERE: Final[Mapping[str, Message]] = {
    **{
        name: message("a requirement is not an uncertain number (change it under Recommendation or in needs)")
        for name, knob in Needs.declared().items()
        if knob.kind in ("integer", "number") and name != ESCALATION
    },
    "horizon_months": message(
        "the horizon is how far is looked ahead, not what is unsure (compare scenarios of other horizons)"
    ),
    "tool_call_tokens": message("write tokens.tool_call, a factor: 1 is what the scenario says"),
    "tool_result_tokens": message("write tokens.tool_result, a factor: 1 is what the scenario says"),
    "hour_shares": message(
        "the hours make up one day together (take them out, and give peak_to_average a range)"
    ),
    "season_factors": message("one per calendar month: write season_factors.1 for January"),
    "discount_rate_share_per_year": message(
        "the simulation does not discount (strategies.NUMBER.wacc_share is what capital costs)"
    ),
}
"""Number of a scenario that cannot be a range -> the reason, or what to write."""


def idle_input(scenario: Scenario, path: str) -> Message | None:
    """Why an input of the workload or the traffic has no effect in this scenario; None where it has one."""
    ranged = {input_range.path for input_range in scenario.ranges}
    has_tools = bool(scenario.tool_calls_per_request) or TOOL_CALLS in ranged
    has_images = bool(scenario.images_per_request) or IMAGES in ranged
    if path == PEAK and scenario.hour_shares:
        return message("the hours of the day say what the peak is (take out this range, or hour_shares)")
    if path == GROWTH and scenario.traffic.shape != COMPOUND:
        return message(
            "traffic does not grow by a monthly share here (take out this range, or the shape of traffic)"
        )
    if path in CURVE and scenario.traffic.shape != S_CURVE:
        return message("traffic is no S-curve here (take out this range, or set its shape to s_curve)")
    if path.startswith(SEASON) and scenario.traffic.shape == GIVEN:
        return message("months that are given have no seasons (take out this range, or the given months)")
    if path == GAP and scenario.turns == 1 and TURNS not in ranged:
        return message("a conversation has one turn only (take out this range, or set more turns)")
    if path in _OF_TOOLS and not has_tools:
        return message("no tools are called (take out this range, or set tool calls)")
    if path in IMAGE_SIZES and not has_images:
        return message("no images are sent (take out this range, or set images)")
    return None
