"""Compare page: the verdict first, then what it rests on, in tabs that run only while they are open."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

import streamlit as st

from costing.compare import Comparison, compare
from pricing.message import N_, CrossoverError

from . import state, verdict, volume
from .frame import say_faults, say_price_faults
from .i18n import t
from .tabs import crossings, decide, lines, results, strategies, sure, texts

TITLE: Final = N_("Compare")
_DRAWN: Final = (results.show, lines.show, None, None, crossings.show, sure.show, decide.show)
"""By tab; None draws itself without a comparison too."""


def show() -> None:
    """Draw the page; raises CrossoverError where there is no scenario, which a fragment cannot pass on."""
    state.scenario()
    _main()


@st.fragment
def _main() -> None:
    """All but the sidebar, which a moved slider or an opened tab need not draw again."""
    for error in state.take_errors():
        say_faults(error)
    say_price_faults()
    comparison = _compared()
    titles = [t("Result"), t("Every line"), t("Your texts"), t("Strategies"), t("Break-even"), t("How sure")]
    titles.append(t("Decide"))
    tabs = st.tabs(titles, key=state.key("tab"), on_change="rerun")
    for tab, draw in zip(tabs, _DRAWN, strict=True):
        if tab.open and draw is not None and comparison is not None:
            with tab:
                draw(comparison)
    if tabs[2].open:
        with tabs[2]:
            texts.show(comparison)
    if tabs[3].open:
        with tabs[3], suppress(CrossoverError):  # said above: without prices there is nothing to pick
            strategies.show()


def _compared() -> Comparison | None:
    """The priced scenario with its verdict shown; None, and why, if it cannot be priced."""
    try:
        comparison = compare(state.scenario(), state.book())
    except CrossoverError as error:
        say_faults(error)
        volume.show()
        return None
    try:
        verdict.show(comparison)
    except CrossoverError as error:
        say_faults(error)
        return None
    return comparison
