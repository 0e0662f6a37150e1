"""Notice of a link that was made with other prices: what changed, and the choice between both days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import streamlit as st

from costing.comparison.compare import Comparison, compare
from costing.scenario.link import LinkedScenario
from i18n.errors import CrossoverError
from i18n.message import Message, message

from .. import session as state
from ..language import markdown_safe, render, t
from . import restore

SAME_USD: Final = 0.005
"""Amounts that differ by less are equal: a link holds them as they were calculated."""
MAX_LINES: Final = 6


def show() -> None:
    """Render the notice until one of its buttons is pressed."""
    linked = restore.linked()
    if linked is None:
        return
    try:
        lines = changes(linked)
    except CrossoverError:  # shown in place of the answer
        return
    day, today = linked.scenario.on, state.today()
    if not lines:
        return
    with st.container(border=True, key="link_prices"):
        st.markdown(t("**This link was made with other prices.** USD per month, then and now:"))
        st.markdown("\n".join(f"- {markdown_safe(render(line))}" for line in lines[:MAX_LINES]))
        with st.container(horizontal=True):
            st.button(
                t("Keep the prices of {day}").format(day=day.isoformat()),
                key="link_then",
                on_click=restore.dismiss_link,
            )
            if day != today:
                st.button(t("Use today's prices"), key="link_today", type="primary", on_click=_use_today)


def changes(linked: LinkedScenario) -> list[Message]:
    """Options that cost something else than when the link was made, or that will at today's prices."""
    book = state.book()
    then = compare(linked.scenario, book)
    lines = list(_differences(then, linked.usd_per_month))
    if lines or state.today() == linked.scenario.on:
        return lines
    now = compare(replace(linked.scenario, on=state.today()), book)
    return list(_differences(now, linked.usd_per_month))


def _differences(comparison: Comparison, usd_then: tuple[float | None, ...]) -> Iterator[Message]:
    if len(usd_then) != len(comparison.outcomes):
        return
    for outcome, before in zip(comparison.outcomes, usd_then, strict=True):
        now = float(outcome.usd_per_month) if outcome.is_feasible else None
        if before is None or now is None:
            if before is not None:
                yield message("{option}: {before:,.2f} → not available", option=outcome.name, before=before)
        elif abs(now - before) >= SAME_USD:
            yield message(
                "{option}: {before:,.2f} → {now:,.2f} ({change:+.1%})",
                option=outcome.name,
                before=before,
                now=now,
                change=now / before - 1 if before else 0.0,
            )


def _use_today() -> None:
    state.put(replace(state.scenario(), on=state.today()))
    restore.dismiss_link()
