"""Assumptions tab: a slider and a number box for each driver, and the effect of each on the break-even."""

from __future__ import annotations

from bisect import insort
from typing import Any, Final

import streamlit as st

from costing.claim.driver import Driver
from costing.claim.drivers import API, FLEET, HARDWARE, LOAD, OPERATION
from costing.claim.reconstruction import Claim
from costing.claim.sensitivity import amount, tornado_frame
from i18n.message import N_
from i18n.message import figure as number

from .. import session as state
from ..components.downloads import frame_button
from ..components.figure import figure
from ..components.frame_table import frame_table
from ..components.section import section
from ..components.steady_expander import steady_expander
from ..figures import claim as figures
from ..figures.palette import palette
from ..language import markdown_safe, render, t, translator
from .labels import held, in_percent, labelled, shown
from .state import move, move_back

GROUPS: Final = {
    API: N_("API"),
    LOAD: N_("Workload"),
    FLEET: N_("Fleet"),
    HARDWARE: N_("Hardware"),
    OPERATION: N_("Power and operation"),
}
_NUMBER_WIDTH_PX: Final = 150


def show(claim: Claim) -> None:
    """Render the assumptions and beside them the tornado chart; below each other on a phone."""
    left, right = st.columns([2, 3], gap="large")
    with left:
        section(t("Most important"))
        for driver in claim.drivers:
            if driver.is_main:
                _driver(claim, driver)
        for group, title in GROUPS.items():
            others = [driver for driver in claim.drivers if driver.group == group and not driver.is_main]
            if others:
                _group(claim, group, t(title), others)
    with right:
        _tornado(claim)


def _group(claim: Claim, group: str, title: str, drivers: list[Driver]) -> None:
    """Render drivers in an expander, which is open at first where one of them is changed."""
    key = state.key(f"claim_group_{group}")
    st.session_state.setdefault(key, any(driver.id in claim.changed for driver in drivers))
    drawer = steady_expander(title, key)
    if drawer.open:
        with drawer:
            for driver in drivers:
                _driver(claim, driver)


def _driver(claim: Claim, driver: Driver) -> None:
    """Render slider, number box and reset of one driver; a changed one is marked."""
    current, is_changed = shown(driver, claim.values[driver.id]), driver.id in claim.changed
    label = labelled(driver)
    with st.container(key=f"claim_row_{driver.id}", horizontal=True, vertical_alignment="bottom"):
        changed = t("changed")
        _slider(driver, f":orange-badge[{changed}] {label}" if is_changed else label, current)
        _number(driver, label, current)
    baseline = render(amount(driver, claim.start[driver.id]))
    st.button(
        markdown_safe(t("Baseline: {value}").format(value=baseline)),
        key=f"claim_back_{driver.id}",
        icon=":material/undo:",
        help=t("Back to the baseline"),
        disabled=not is_changed,
        on_click=move_back,
        args=(driver.id,),
        type="tertiary",
    )


def _slider(driver: Driver, label: str, current: float) -> None:
    key = f"claim_driver_{driver.id}"
    common: dict[str, Any] = {
        "key": key,
        "on_change": _apply,
        "args": (driver, key),
        "help": t(driver.help),
        "width": "stretch",
    }
    positions = [shown(driver, position) for position in driver.positions]
    if positions:
        if current not in positions:
            insort(positions, current)
        st.select_slider(
            label, options=positions, value=state.seed(key, current), format_func=_short, **common
        )
        return
    kind: type[float] = int if driver.whole else float
    st.slider(
        label,
        min_value=kind(shown(driver, driver.low)),
        max_value=kind(shown(driver, driver.high)),
        step=kind(shown(driver, driver.step)),
        value=state.seed(key, kind(current)),
        format="%.6g",
        **common,
    )


def _short(value: float) -> str:
    return number(value, 6)


def _number(driver: Driver, label: str, current: float) -> None:
    key = f"claim_number_{driver.id}"
    kind: type[float] = int if driver.whole else float
    st.number_input(
        label,
        min_value=kind(shown(driver, driver.low)),
        max_value=kind(shown(driver, driver.high)),
        step=kind(shown(driver, driver.step)),
        value=state.seed(key, kind(current)),
        format="%d" if driver.whole else "%.6g",
        key=key,
        on_change=_apply,
        args=(driver, key),
        label_visibility="collapsed",
        width=_NUMBER_WIDTH_PX,
    )


def _apply(driver: Driver, key: str) -> None:
    move(driver.id, held(driver, float(state.value(key))))


def _tornado(claim: Claim) -> None:
    section(
        t("Sensitivity of the break-even"),
        t(
            "Each assumption from the low to the high end of a plausible range, all others as they are now. "
            "The ranges are ours; the table has them."
        ),
    )
    rows = tornado_frame(claim, translator())
    if rows.empty:
        st.info(t("No assumption changes the break-even within its range."))
        return
    figure(
        figures.tornado(rows, palette(), claim.break_even.tokens_per_day),
        key="chart_tornado",
        height=100 + 34 * len(rows),
        alt=t("Bars: the break-even at both ends of each assumption's range, the longest first"),
    )
    if rows[["tokens_per_day_at_low", "tokens_per_day_at_high"]].isna().to_numpy().any():
        st.caption(t("A bar that reaches the right end means: no break-even at any volume."))
    frame_table(in_percent(rows, "low_value", "high_value"), "table_tornado")
    frame_button("claim-sensitivity", lambda: rows, "csv_tornado")
