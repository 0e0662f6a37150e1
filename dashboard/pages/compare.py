"""Compare page: the live panel, then the open view. Views that are not open do not run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import streamlit as st

from costing.comparison.compare import Comparison
from i18n.errors import CrossoverError
from i18n.message import N_

from .. import session as state
from ..components import live_panel, verdict
from ..components.page_frame import say_errors, say_price_errors, say_strategy_errors
from ..language import t
from ..views import breakeven, cash_flow, cost_lines, decision, result, strategies, texts, uncertainty

TITLE: Final = N_("Compare")

_Figures = Callable[[Comparison], Mapping[str, dict[str, Any]]]
"""Figures by key, for the live panel."""


def _nothing(_: Comparison) -> dict[str, dict[str, Any]]:
    return {}


@dataclass(frozen=True, slots=True)
class _View:
    """How to render a view, and which of its figures follow the slider while it moves."""

    draw: Callable[[Comparison | None], None]
    figures: _Figures = _nothing


def _strategies(_: Comparison | None) -> None:
    with suppress(CrossoverError):  # already shown above: without prices there is nothing to pick
        strategies.show()


def _priced(draw: Callable[[Comparison], None]) -> Callable[[Comparison | None], None]:
    """A view that is rendered only if there is a comparison."""

    def view(comparison: Comparison | None) -> None:
        if comparison is not None:
            draw(comparison)

    return view


_VIEWS: Final[Mapping[str, _View]] = {
    N_("Result"): _View(_priced(result.show), result.specs),
    N_("Every line"): _View(_priced(cost_lines.show)),
    N_("Your texts"): _View(texts.show),
    N_("Strategies"): _View(_strategies),
    N_("Break-even"): _View(_priced(breakeven.show)),
    N_("Cash over time"): _View(cash_flow.show),
    N_("How sure"): _View(_priced(uncertainty.show), uncertainty.specs),
    N_("Decide"): _View(_priced(decision.show)),
}
"""Title -> view, in the order shown. Only the open view runs."""


def show() -> None:
    """Render the page.

    Raises CrossoverError if there is no scenario; raised outside the fragment, which cannot pass it on.
    """
    state.scenario()
    _main()


@st.fragment
def _main() -> None:
    """The page without the sidebar, which need not be rendered again when a view is opened."""
    for error in state.take_errors():
        say_errors(error)
    say_price_errors()
    say_strategy_errors()
    st.session_state[_IN_PAGE] = True
    try:
        _live_panel()
    finally:
        st.session_state[_IN_PAGE] = False
    comparison = _comparison()
    if comparison is not None:
        verdict.show_besides(comparison)
    key = state.key("tab")
    opened = st.segmented_control(
        t("View"),
        list(_VIEWS),
        default=state.seed(key, _opened()),
        format_func=t,
        key=key,
        required=True,
        label_visibility="collapsed",
    )
    _VIEWS[opened].draw(comparison)


_IN_PAGE: Final = "live_panel_in_page"
"""Whether the live panel is rendered as a part of the page."""


@st.fragment
def _live_panel() -> None:
    """The live panel: reruns alone while the slider moves, and as a part of the page otherwise.

    Alone it sends the figures of the open view. When the slider is released, the whole page is rerun.
    """
    is_alone = not st.session_state.get(_IN_PAGE)
    if is_alone and live_panel.is_released():
        st.rerun()
    content = live_panel.PanelContent()
    try:
        comparison = state.comparison()
        figures = _VIEWS[_opened()].figures(comparison) if is_alone else {}
        content = live_panel.PanelContent(verdict.words(comparison), verdict.cards(comparison), figures)
    except CrossoverError as error:
        say_errors(error)
    live_panel.show(content)


def _opened() -> str:
    """Title of the open view; known before its control is rendered."""
    opened: str = state.held(state.key("tab"), next(iter(_VIEWS)))
    return opened


def _comparison() -> Comparison | None:
    """The comparison; None if it cannot be shown, for the reason that the live panel shows."""
    try:
        comparison = state.comparison()
        verdict.words(comparison)
        verdict.cards(comparison)
    except CrossoverError:
        return None
    return comparison
