"""Editor of the forecast: growth, seasons, given months, price drifts, successors of retired models."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

import streamlit as st

from costing.comparison.compare import Comparison, add_months
from costing.comparison.model_retirement import Retirement
from costing.scenario import outlook, traffic
from costing.scenario.scenario import Scenario
from costing.scenario.traffic import (
    COMPOUND,
    GIVEN,
    MONTH_NAMES,
    MONTHS_OF_A_YEAR,
    S_CURVE,
    SHAPES,
    month_name,
)
from costing.scenario.traffic_csv import read_months_csv, template
from costing.strategies import registered
from i18n.message import N_
from pricing.rows import lifecycle_of
from pricing.rows.names import by_name, full_names

from .. import session as state
from ..components.control_errors import attempt, say
from ..components.downloads import frame_button
from ..components.file_upload import file_upload
from ..components.inputs import number_of, scenario_number, shown_number
from ..components.section import section
from ..language import t

_CURVE: Final = {
    "ceiling_multiple": (
        N_("Ceiling, as a multiple"),
        0.5,
        N_("3 means three times the traffic of the first month."),
    ),
    "midpoint_month": (N_("Steepest after months"), 1.0, N_("Half of the way to the ceiling, nearly.")),
    "steepness_per_month": (N_("Steepness"), 0.05, N_("0.1 is slow; 1 is over within a few months.")),
}
_AHEAD: Final = {
    "api_price_drift_share_per_year": N_("API price change per year (%)"),
    "rent_drift_share_per_year": N_("GPU rent change per year (%)"),
    "purchase_drift_share_per_year": N_("GPU purchase price change per year (%)"),
    "staff_drift_share_per_year": N_("Staff cost change per year (%)"),
    "electricity_drift_share_per_year": N_("Electricity price change per year (%)"),
    "room_drift_share_per_year": N_("Colocation price change per year (%)"),
    "licence_drift_share_per_year": N_("Licence cost change per year (%)"),
    "discount_rate_share_per_year": N_("Discount rate per year (%)"),
}
_AHEAD_A_ROW: Final = 4
_UPLOAD: Final = "traffic_upload"


def show(comparison: Comparison | None) -> None:
    """Render all inputs, also without a comparison, so that an error in the traffic can be fixed."""
    scenario = state.scenario()
    _shape(scenario)
    if scenario.traffic.shape == COMPOUND:
        scenario_number(
            "growth_share_per_month",
            "traffic_growth",
            t("Growth per month (%)"),
            step=0.01,
            is_percent=True,
            help=t("5 means 5% more requests every month, -5 means 5% fewer."),
        )
    elif scenario.traffic.shape == S_CURVE:
        for column, (name, (label, step, help_text)) in zip(st.columns(3), _CURVE.items(), strict=True):
            with column:
                _number(
                    "traffic", name, f"traffic_{name}", t(label), traffic.LIMITS[name], step, t(help_text)
                )
    else:
        _given(scenario)
    if scenario.traffic.shape != GIVEN:
        _seasons(scenario)
    st.caption(
        t(
            "Change of prices per year in percent, negative if they fall. It begins where dated prices end: "
            "announced prices count first, and machines already bought keep their purchase price."
        )
    )
    ahead = list(_AHEAD.items())
    for start in range(0, len(ahead), _AHEAD_A_ROW):
        columns = st.columns(_AHEAD_A_ROW, vertical_alignment="bottom")
        for column, (name, label) in zip(columns, ahead[start : start + _AHEAD_A_ROW], strict=True):
            with column:
                _number("outlook", name, name, t(label), outlook.LIMITS[name], 5.0, None, True)
    if comparison is not None:
        _successors(comparison)


def _shape(scenario: Scenario) -> None:
    key = state.key("traffic_shape")
    options = list(SHAPES)
    st.selectbox(
        t("Traffic grows by"),
        options,
        index=options.index(state.seed(key, scenario.traffic.shape)),
        format_func=lambda shape: t(SHAPES[shape]),
        key=key,
        on_change=_apply_shape,
        args=(key,),
    )


def _apply_shape(key: str) -> None:
    """Set the first given months to what the scenario has for them now."""
    scenario, shape = state.scenario(), state.value(key)
    changes: dict[str, Any] = {"shape": shape}
    if shape == GIVEN and not scenario.traffic.given:
        changes["given"] = _as_now(scenario)
    state.put(replace(scenario, traffic=replace(scenario.traffic, **changes)))


def _as_now(scenario: Scenario) -> Mapping[str, float]:
    days = month_days(scenario)
    volumes = scenario.traffic.requests_per_day(
        scenario.requests_per_day, scenario.growth_share_per_month, days
    )
    return {month_name(day): max(1.0, volume) for day, volume in zip(days, volumes.tolist(), strict=True)}


def month_days(scenario: Scenario) -> tuple[date, ...]:
    """First days of the months of the horizon."""
    return tuple(add_months(scenario.on, month) for month in range(scenario.horizon_months))


def _number(
    group: str,
    name: str,
    key: str,
    label: str,
    limits: tuple[float, float],
    step: float,
    help: str | None,
    is_percent: bool = False,
) -> None:
    """Render a number of the scenario's traffic or outlook; a share may be shown as percent."""
    low, high = (shown_number(float(end), is_percent) for end in limits)
    value = shown_number(float(getattr(getattr(state.scenario(), group), name)), is_percent)
    st.number_input(
        label,
        min_value=low,
        max_value=high,
        value=state.seed(key, value),
        step=step,
        format="%.6g" if is_percent else None,
        key=key,
        on_change=_apply,
        args=(group, name, key, is_percent),
        help=help,
    )


def _apply(group: str, name: str, key: str, is_percent: bool) -> None:
    scenario, value = state.scenario(), number_of(float(state.value(key)), is_percent)
    changed: dict[str, Any] = {group: replace(getattr(scenario, group), **{name: value})}
    state.put(replace(scenario, **changed))


def _seasons(scenario: Scenario) -> None:
    drawer = st.expander(t("Seasons"), icon=":material/calendar_month:", key="seasons", on_change="rerun")
    if not drawer.open:
        return
    with drawer:
        st.caption(
            t(
                "How busy each calendar month is beside the others; only the ratios count, and a year's mean "
                "stays as it is. All alike: no seasons."
            )
        )
        factors = scenario.traffic.season_factors or (1.0,) * MONTHS_OF_A_YEAR
        low, high = (float(end) for end in traffic.LIMITS["season_factor"])
        for start in range(0, MONTHS_OF_A_YEAR, 4):
            for column, month in zip(st.columns(4), range(start, start + 4), strict=True):
                with column:
                    key = f"season_{month + 1}"
                    st.number_input(
                        t(MONTH_NAMES[month]),
                        min_value=low,
                        max_value=high,
                        value=state.seed(key, float(factors[month])),
                        step=0.1,
                        key=key,
                        on_change=_apply_season,
                        args=(month, key),
                    )


def _apply_season(month: int, key: str) -> None:
    scenario = state.scenario()
    factors = list(scenario.traffic.season_factors or (1.0,) * MONTHS_OF_A_YEAR)
    factors[month] = float(state.value(key))
    kept = () if len(set(factors)) == 1 else tuple(factors)
    state.put(replace(scenario, traffic=replace(scenario.traffic, season_factors=kept)))


def _given(scenario: Scenario) -> None:
    """Render upload and template, and inputs for one month at a time."""
    given = scenario.traffic.given
    st.caption(
        t(
            "{n} months are given, {first} to {last}; a later month holds the last one's. They count as they "
            "are: the slider above moves the figures of one month, not these."
        ).format(n=len(given), first=min(given, default="-"), last=max(given, default="-"))
    )
    upload, month_column = st.columns(2)
    with upload:
        file_upload(
            t("Requests per day by month (CSV: month, requests_per_day)"),
            ["csv", "txt"],
            1,
            key=_UPLOAD,
            on_change=_take_upload,
        )
        say(_UPLOAD)
        days = month_days(scenario)
        frame_button(
            f"{scenario.id}-traffic",
            lambda: template(days, [_held(given, month_name(day)) for day in days]),
            "csv_traffic",
        )
        st.caption(t("The CSV is the template: it holds the months as they are now."))
    with month_column:
        months = sorted({*given, *(month_name(day) for day in days)})
        kept = state.held("traffic_month", "")
        chosen = st.selectbox(
            t("Month to change"),
            months,
            index=months.index(state.seed("traffic_month", kept if kept in months else months[0])),
            key="traffic_month",
        )
        low, high = (float(end) for end in traffic.LIMITS["given_requests_per_day"])
        st.number_input(
            t("Requests per day in this month"),
            min_value=low,
            max_value=high,
            value=state.seed("traffic_month_volume", float(_held(given, chosen))),
            step=100.0,
            key="traffic_month_volume",
            on_change=_apply_month,
            args=(chosen,),
        )


def _held(given: Mapping[str, float], month: str) -> float:
    """Value of a month: the given one, or the last one given before it, or the first of all."""
    before = [name for name in given if name <= month]
    return given[max(before)] if before else given[min(given)] if given else 1.0


def _apply_month(month: str) -> None:
    """Set the value of that month; months between it and the given ones keep their present value."""
    scenario = state.scenario()
    given = dict(scenario.traffic.given)
    names = [month_name(day) for day in month_days(scenario)]
    for name in names:
        if given and (min(given) < name < month or month < name < min(given)):
            given.setdefault(name, _held(scenario.traffic.given, name))
    given[month] = float(state.value("traffic_month_volume"))
    state.put(replace(scenario, traffic=replace(scenario.traffic, given=dict(sorted(given.items())))))


def _take_upload() -> None:
    upload = state.value(_UPLOAD)
    if upload is not None:
        attempt(_UPLOAD, lambda: _with_months(read_months_csv(upload.getvalue(), upload.name)))


def _with_months(given: Mapping[str, float]) -> Scenario:
    scenario = state.scenario()
    return replace(scenario, traffic=replace(scenario.traffic, shape=GIVEN, given=given))


def _successors(comparison: Comparison) -> None:
    """Render a choice for every row that retires within the horizon."""
    gone = {retirement.row_id: retirement for retirement in comparison.retirements}
    if not gone:
        return
    section(t("Replacement when a model retires"))
    for retirement in gone.values():
        _successor(comparison, retirement)


def _successor(comparison: Comparison, retirement: Retirement) -> None:
    choice = comparison.scenario.strategies[retirement.strategy_index]
    kind = registered()[choice.strategy].picks()[retirement.pick].kind
    day = comparison.months[retirement.month]
    rows = comparison.book.on(day).rows(kind)
    stays = [i for i, row in rows.items() if (lifecycle_of(row).retires_on or day.max) > day]
    named = comparison.scenario.outlook.successors.get(retirement.row_id, "")
    names = full_names({**comparison.book.on(comparison.scenario.on).rows(kind), **rows})
    names[""] = _assumed_successor(retirement, names)
    options = by_name({"", *stays, named} - {retirement.row_id}, names)
    key = state.key(f"successor_{retirement.row_id}")
    st.selectbox(
        t("{row}, retires on {day}").format(
            row=names.get(retirement.row_id, retirement.row_id), day=retirement.on.isoformat()
        ),
        options,
        index=options.index(state.seed(key, named)),
        format_func=lambda row_id: names.get(row_id, row_id),
        key=key,
        on_change=_apply_successor,
        args=(retirement.row_id, key),
    )


def _assumed_successor(retirement: Retirement, names: Mapping[str, str]) -> str:
    """What follows a row where the scenario names nothing."""
    if retirement.is_billed_as_successor:
        return t("{successor}, which the vendor bills in its place").format(
            successor=names.get(retirement.successor, retirement.successor)
        )
    if retirement.has_no_vendor_successor:
        return t("none at this vendor; another offer at the same price is assumed")
    return t("a successor at the same price is assumed")


def _apply_successor(row_id: str, key: str) -> None:
    scenario = state.scenario()
    successors = {old: new for old, new in scenario.outlook.successors.items() if old != row_id}
    if state.value(key):
        successors[row_id] = state.value(key)
    state.put(replace(scenario, outlook=replace(scenario.outlook, successors=successors)))
