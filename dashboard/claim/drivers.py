"""Drivers tab: a slider for each driver, and the effect of each on the break-even."""

from __future__ import annotations

from typing import Any, Final

import streamlit as st

from costing.claim.drivers import API, BOX, DRIVERS, LOAD, Driver
from costing.claim.reconstruction import Claim
from costing.claim.sensitivity import TornadoRow, amount, tornado_bars, tornado_rows
from i18n.message import N_

from .. import session as state
from ..components.downloads import csv_button
from ..components.inputs import with_unit
from ..components.tables import section
from ..figures import claim as charts
from ..language import markdown_safe, render, t, translator
from .labels import table
from .state import move

GROUPS: Final = {API: N_("The API"), LOAD: N_("The load"), BOX: N_("The servers")}


def show(claim: Claim) -> None:
    """Render the sliders and beside them the tornado chart; below each other on a phone."""
    left, right = st.columns([2, 3], gap="large")
    with left:
        for group, title in GROUPS.items():
            section(t(title))
            for driver in claim.drivers:
                if driver.group == group:
                    _slider(claim, driver)
    with right:
        _tornado(claim)


def _slider(claim: Claim, driver: Driver) -> None:
    kind: type[float] = int if driver.whole else float
    key = f"claim_driver_{driver.id}"
    current = kind(claim.values[driver.id])
    label = with_unit(driver.label, driver.unit)
    common: dict[str, Any] = {
        "key": key,
        "on_change": _apply,
        "args": (driver.id, key),
        "help": t(driver.help),
    }
    st.slider(
        label,
        min_value=kind(driver.low),
        max_value=kind(driver.high),
        step=kind(driver.step),
        value=state.seed(key, current),
        format="localized",
        **common,
    )
    if driver.id in claim.changed:
        before, _ = claim.changed[driver.id]
        st.caption(markdown_safe(t("As rebuilt: {value}").format(value=render(amount(driver, before)))))


def _apply(name: str, key: str) -> None:
    move(name, float(state.value(key)))


def _tornado(claim: Claim) -> None:
    section(
        t("What moves it"),
        t(
            "Each driver from the low to the high end of a range that a buyer may well meet, all others as "
            "they are now. The ranges are ours; the table names them."
        ),
    )
    rows = tornado_rows(claim, translator())
    if not rows:
        st.info(t("No driver moves it within its usual range."))
        return
    bars = tornado_bars(rows, claim.break_even.tokens_per_day)
    st.echarts_chart(
        charts.tornado(bars, [_tip(row) for row in rows]),
        key="chart_tornado",
        height=80 + 28 * len(rows),
        alt=t("Bars: the break-even at both ends of each driver's range, the longest first"),
    )
    if any(bar.never for bar in bars):
        st.caption(t("A bar that reaches the right end stands for: never."))
    table(rows, TornadoRow, key="table_tornado")
    csv_button("claim-drivers", TornadoRow, lambda: rows, "csv_tornado")


def _tip(row: TornadoRow) -> str:
    return (
        f"{row.driver}<br>{row.low_value:,.6g} {row.unit}: {_tokens(row.tokens_per_day_at_low)}"
        f"<br>{row.high_value:,.6g} {row.unit}: {_tokens(row.tokens_per_day_at_high)}"
    )


def _tokens(tokens_per_day: float | None) -> str:
    if tokens_per_day is None:
        return t("never")
    return t("{tokens:,.0f} tokens a day").format(tokens=tokens_per_day)


def label(name: str) -> str:
    """Untranslated label of a driver."""
    return DRIVERS[name].label
