"""Chip with the day of the prices: how many in use are newer, what they change, whether the day is pinned."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

import pandas as pd
import streamlit as st

from costing.comparison.compare import Comparison
from costing.comparison.price_update import COST_EFFECTS, PriceUpdate, newer_rows, price_update
from frames.frame import records
from i18n.message import counted
from pricing.survey.market import names_of

from .. import session as state
from ..language import in_brackets, language, markdown_safe, render, t
from .downloads import frame_button
from .frame_table import UNKNOWN
from .page_frame import say_errors
from .price_labels import field_name

MAX_LINES: Final = 4
_KEY: Final = "price_date"


def show(comparison: Comparison | None) -> None:
    """Render the chip; the difference is calculated only while it is open.

    Without a comparison, as on a day on which a model had no price, another day can be chosen.
    """
    scenario, today = state.scenario(), state.today()
    newer = newer_rows(comparison, today) if comparison is not None and scenario.on < today else 0
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
        if scenario.on == today:
            return
        if comparison is not None:
            _difference(comparison, price_update(comparison, today))
        st.button(
            t("Use today's prices"),
            key="price_update",
            icon=":material/update:",
            type="primary",
            on_click=lambda: state.put(state.scenario().unpinned(today)),
        )


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


def _difference(comparison: Comparison, update: PriceUpdate) -> None:
    """Render what the prices of today change, before they are taken."""
    if update.error is not None:
        st.caption(t("With today's prices the comparison cannot be calculated:"))
        say_errors(update.error)
        return
    if update.prices.empty:
        st.caption(t("The prices that you use are the same today."))
        return
    heading = t("From {before} to {after}").format(before=day_text(update.on), after=day_text(update.to))
    options = [render(outcome.name) for outcome in comparison.outcomes]
    st.markdown(
        "\n".join(
            ["**" + heading + ", " + t("USD per month") + "**", "", *_cost_lines(update.costs, options)]
        )
    )
    st.markdown("\n".join(["**" + t("Prices") + "**", "", *_price_lines(comparison, update)]))
    frame_button("newer-prices", lambda: update.prices, "csv_newer_prices")


def _price_lines(comparison: Comparison, update: PriceUpdate) -> Iterator[str]:
    """A line for each of the first changed prices, those of a tier last."""
    prices = update.prices
    names = names_of(comparison.book, zip(prices["table"], prices["id"], strict=True), update.on)
    rows = sorted(records(prices), key=lambda row: "." in row["field"])
    for row in rows[:MAX_LINES]:
        name = f"{names[row['id']]}: {field_name(row['field'])}"
        yield f"- {markdown_safe(name)}: {_price(row['before_price'])} → {_price(row['after_price'])}"
    if len(rows) > MAX_LINES:
        more = counted("and {n} more price", "and {n} more prices", len(rows) - MAX_LINES)
        yield f"- {markdown_safe(render(more))}"


def _cost_lines(costs: pd.DataFrame, options: Sequence[str]) -> Iterator[str]:
    """A line for each option whose cost changes."""
    is_changed = False
    for name, row in zip(options, records(costs), strict=True):
        before, after, share = (row[column.name] for column in COST_EFFECTS[1:])
        if before == after:
            continue
        is_changed = True
        change = f"{_usd(before)} → {_usd(after)}"
        if share is not None:
            change = in_brackets(change, f"{share:+.0%}")
        yield f"- {markdown_safe(name)}: {change}"
    if not is_changed:
        yield "- " + t("No option costs more or less.")


def _price(price: Decimal | None) -> str:
    return UNKNOWN if price is None else f"{price.normalize():,f}"


def _usd(usd: Decimal | None) -> str:
    return UNKNOWN if usd is None else f"{usd:,.2f}"


def day_text(day: date) -> str:
    """The day as people write it: 22 Nov 2026, 2026 年 11 月 22 日."""
    if language() == "zh_TW":
        return f"{day.year} 年 {day.month} 月 {day.day} 日"
    return f"{day.day} {day:%b} {day.year}"
