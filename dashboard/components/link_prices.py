"""Notice of a link whose amounts differ now: because of other prices, with the choice between both days, or
because a link holds the number of tokens of a long text in place of the text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
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
    if not lines:
        return
    only_texts = bool(linked.counted_parts) and linked.prices == state.book().content_hash
    with st.container(border=True, key="link_prices"):
        if only_texts:
            st.markdown(
                t(
                    "**A link holds the number of tokens of a long text, not the text.** USD per month with "
                    "the texts, and with the numbers:"
                )
            )
        else:
            st.markdown(t("**This link was made with other prices.** USD per month, then and now:"))
        st.markdown("\n".join(f"- {markdown_safe(render(line))}" for line in lines[:MAX_LINES]))
        if only_texts:
            st.button(t("Close"), key="link_close", on_click=restore.dismiss_link)
            return
        is_today = state.scenario().on == state.today()
        with st.container(horizontal=True):
            st.button(
                t("Prices of {day}, as in the link").format(day=linked.on.isoformat()),
                key="link_then",
                on_click=_use,
                args=(linked.on,),
                type="secondary" if is_today else "primary",
            )
            st.button(
                t("Today's prices"),
                key="link_today",
                on_click=_use,
                args=(None,),
                type="primary" if is_today else "secondary",
            )


def changes(linked: LinkedScenario) -> list[Message]:
    """Options that cost something else now than when the link was made."""
    return list(_differences(compare(linked.scenario, state.book()), linked.usd_per_month))


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


def _use(day: date | None) -> None:
    """Take the prices of a day, or those of today."""
    scenario = state.scenario()
    state.put(scenario.unpinned(state.today()) if day is None else scenario.pinned(day))
    restore.dismiss_link()
