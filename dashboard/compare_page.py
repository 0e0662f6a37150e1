"""Compare page: the verdict first, then what it rests on, in tabs that run only while they are open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Final

import streamlit as st

from costing.compare import Comparison
from pricing.message import N_, CrossoverError

from . import state, verdict, volume
from .frame import say_faults, say_price_faults
from .i18n import t
from .tabs import crossings, decide, lines, months, results, strategies, sure, texts

TITLE: Final = N_("Compare")


def _texts(comparison: Comparison | None) -> None:
    texts.show(comparison)


def _strategies(comparison: Comparison | None) -> None:
    with suppress(CrossoverError):  # said above: without prices there is nothing to pick
        strategies.show()


def _priced(draw: Callable[[Comparison], None]) -> Callable[[Comparison | None], None]:
    """What cannot be drawn without a comparison."""

    def view(comparison: Comparison | None) -> None:
        if comparison is not None:
            draw(comparison)

    return view


_VIEWS: Final[Mapping[str, Callable[[Comparison | None], None]]] = {
    N_("Result"): _priced(results.show),
    N_("Every line"): _priced(lines.show),
    N_("Your texts"): _texts,
    N_("Strategies"): _strategies,
    N_("Break-even"): _priced(crossings.show),
    N_("Cash over time"): months.show,
    N_("How sure"): _priced(sure.show),
    N_("Decide"): _priced(decide.show),
}
"""Title -> what draws it, in the order shown. Only the open one runs."""


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
    key = state.key("tab")
    opened = st.segmented_control(
        t("View"),
        list(_VIEWS),
        default=state.seed(key, state.held(key, next(iter(_VIEWS)))),
        format_func=t,
        key=key,
        required=True,
        label_visibility="collapsed",
    )
    _VIEWS[opened](comparison)


def _compared() -> Comparison | None:
    """The priced scenario with its verdict shown; None, and why, if it cannot be priced."""
    try:
        comparison = state.comparison()
        verdict.show(comparison)
    except CrossoverError as error:
        say_faults(error)
        volume.show()
        return None
    return comparison
