"""Hourly load profile: a bell curve from peak over average, or 24 values of the user."""

from __future__ import annotations

from typing import Final

import streamlit as st

from costing.scenario.hourly_profile import as_text, hours, hours_of, shares_of
from costing.scenario.scenario import Scenario
from costing.tokenization.documents import text_of
from costing.workload.load_profile import Hours, bell_hours
from costing.workload.workload import Workload
from i18n.errors import CrossoverError

from .. import session as state
from ..figures.fleet import hourly_load
from ..figures.palette import palette
from ..language import t
from . import control_errors
from .downloads import frame_button
from .figure import figure
from .file_upload import file_upload
from .inputs import scenario_number

_TEXT: Final = "hours_text"
_OWN: Final = "own_hours"


def show() -> None:
    """Render peak over average, or the 24 values, and the profile as bars."""
    scenario = state.scenario()
    own = bool(scenario.hour_shares)
    st.toggle(
        t("Own hours of the day"),
        value=state.seed(_OWN, own),
        key=_OWN,
        on_change=_switch,
        help=t("Give the requests of each hour. Without them the day is a bell with its peak over average."),
    )
    if own:
        _own_hours(scenario)
    else:
        scenario_number(
            "peak_to_average",
            "peak_to_average",
            t("Peak over average"),
            step=0.5,
            help=t("How much busier the busiest moments are than the day's average; it sizes a fleet."),
        )
    table = hours(_day(scenario))
    figure(
        hourly_load(table, palette()),
        key="chart_hours",
        height=170,
        alt=t("Bars: requests in each hour of the day over those of an average hour"),
    )
    if not own:
        st.caption(t("Assumed: a bell; its busiest hour is put at noon."))
    frame_button(f"{scenario.id}-hours", lambda: table, "csv_hours")


def _own_hours(scenario: Scenario) -> None:
    st.text_area(
        t("Requests by hour, from midnight on"),
        value=control_errors.seeded(_TEXT, as_text(scenario.hour_shares)),
        key=_TEXT,
        on_change=_typed,
        height=110,
        help=t(
            "24 numbers in any unit: counts from your logs, or percentages. Only their proportion counts."
        ),
    )
    control_errors.say(_TEXT)
    file_upload(
        t("Or open them from a file"),
        ["csv", "txt"],
        1,
        key="hours_upload",
        on_change=_uploaded,
        help=t("24 lines with a number each, or a table with the columns hour (0 to 23) and requests."),
    )
    control_errors.say("hours_upload")
    st.caption(
        t("Peak over average: {peak:.2f}, by these hours. Within an hour the load is taken as even.").format(
            peak=scenario.peak_to_average
        )
    )


def _day(scenario: Scenario) -> Workload:
    """The workload, as far as the chart depends on it."""
    return Workload(
        scenario.requests_per_day,
        scenario.peak_to_average,
        scenario.turns,
        {},
        hour_shares=scenario.hour_shares,
    )


def _switch() -> None:
    scenario = state.scenario()
    start = shares_of(bell_hours(scenario.peak_to_average), "") if state.value(_OWN) else ()
    state.put(scenario.with_hours(start))


def _typed() -> None:
    name = t("Requests by hour, from midnight on")
    control_errors.attempt(_TEXT, lambda: state.scenario().with_hours(hours_of(state.value(_TEXT), name)))


def _uploaded() -> None:
    upload = state.value("hours_upload")
    if upload is not None:
        control_errors.attempt(
            "hours_upload", lambda: state.scenario().with_hours(_opened(upload.name, upload.getvalue()))
        )


def _opened(name: str, content: bytes) -> Hours:
    try:
        text = text_of(name, content)
    except CrossoverError as error:
        raise error.at(name) from error
    return hours_of(text, name)
