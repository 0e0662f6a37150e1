"""Chip with the day of the prices: how many in use are newer, what they change, whether the day is pinned."""

from __future__ import annotations

from datetime import date
from typing import Final

import streamlit as st

from costing.comparison.compare import Comparison
from costing.comparison.price_update import PriceUpdate, newer_rows, price_update
from i18n.message import counted

from .. import session as state
from ..language import language, render, t
from .frame_table import frame_table, heading_of
from .page_frame import say_errors
from .price_labels import field_name

_KEY: Final = "price_date"


def show(comparison: Comparison) -> None:
    """Render the chip; the difference is calculated only while it is open."""
    scenario, today = comparison.scenario, state.today()
    newer = newer_rows(comparison, today) if scenario.on < today else 0
    chip = st.popover(
        _label(scenario.on, today, newer),
        icon=":material/update:" if newer else ":material/event:",
        type="secondary" if newer else "tertiary",
        key=_KEY,
        on_change="rerun",
    )
    if not chip.open:
        return
    with chip:
        _day(scenario.on, today)
        if scenario.on != today:
            _difference(price_update(comparison, today))


def _label(on: date, today: date, newer: int) -> str:
    if newer:
        what = counted(
            "Prices of {day}, {n} newer: update",
            "Prices of {day}, {n} newer: update",
            newer,
            day=day_text(on),
        )
        return render(what)
    if on == today and not state.scenario().is_pinned:
        return t("Today's prices ({day})").format(day=day_text(on))
    if state.scenario().is_pinned:
        return t("Prices of {day} (pinned)").format(day=day_text(on))
    return t("Prices of {day}").format(day=day_text(on))


def _day(on: date, today: date) -> None:
    """Render the choice of the day, and the pin."""
    st.date_input(
        t("Prices of"),
        value=state.seed("price_day", on),
        key="price_day",
        on_change=lambda: state.put(state.scenario().pinned(state.value("price_day"))),
        help=t("Another day pins the prices; later announced prices count in the cash flow."),
    )
    st.toggle(
        t("Pin this day"),
        value=state.seed("price_pin", state.scenario().is_pinned),
        key="price_pin",
        on_change=_pin,
        args=(today,),
        help=t("Pinned: always these prices. Otherwise a saved scenario opens with the prices of its day."),
    )


def _pin(today: date) -> None:
    scenario = state.scenario()
    state.put(scenario.pinned(scenario.on) if state.value("price_pin") else scenario.unpinned(today))


def _difference(update: PriceUpdate) -> None:
    """Render what the prices of today change, before they are taken."""
    if update.error is not None:
        st.caption(t("With today's prices the comparison cannot be calculated:"))
        say_errors(update.error)
        return
    if update.prices.empty:
        st.caption(t("The prices that you use are the same today."))
    else:
        st.markdown(
            "**"
            + t("From {before} to {after}").format(before=day_text(update.on), after=day_text(update.to))
            + "**"
        )
        frame_table(
            update.prices[["id", "field", "before_price", "after_price", "effective_from"]],
            "price_update_prices",
            overrides={
                "field": (
                    [field_name(name) for name in update.prices["field"]],
                    st.column_config.Column(heading_of("price")),
                )
            },
        )
        frame_table(update.costs, "price_update_costs")
    st.button(
        t("Use today's prices"),
        key="price_update",
        icon=":material/update:",
        type="primary",
        on_click=lambda: state.put(state.scenario().unpinned(update.to)),
    )


def day_text(day: date) -> str:
    """The day as people write it: 22 Nov 2026, 2026 年 11 月 22 日."""
    if language() == "zh_TW":
        return f"{day.year} 年 {day.month} 月 {day.day} 日"
    return f"{day.day} {day:%b} {day.year}"
