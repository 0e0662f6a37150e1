"""Compare page: the live panel, then the open view. Views that are not open do not run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import streamlit as st

from costing.comparison.compare import Comparison
from i18n.errors import CrossoverError
from i18n.message import N_

from .. import session as state
from ..components import answer, link_prices, live_panel, options_table, price_date, start
from ..components.page_frame import say_errors, say_price_errors, say_strategy_errors
from ..components.view_choice import opened, view_choice
from ..language import language, t
from ..runs import fragment
from ..views import (
    breakeven,
    cash_flow,
    cost_lines,
    decision,
    inputs_panel,
    model_ranking,
    result,
    uncertainty,
)

TITLE: Final = N_("Cost comparison")
PATH: Final = ""

_Figures = Callable[[Comparison], Mapping[str, dict[str, Any]]]
"""Figures by key, for the live panel."""


def _nothing(_: Comparison) -> dict[str, dict[str, Any]]:
    return {}


@dataclass(frozen=True, slots=True)
class _View:
    """How to render a view, and which of its figures follow the slider while it moves."""

    title: str
    draw: Callable[[Comparison | None], None]
    figures: _Figures = _nothing


def _priced(draw: Callable[[Comparison], None]) -> Callable[[Comparison | None], None]:
    """A view that is rendered only if there is a comparison."""

    def view(comparison: Comparison | None) -> None:
        if comparison is not None:
            draw(comparison)

    return view


_VIEWS: Final[Mapping[str, _View]] = {
    "overview": _View(N_("Overview"), _priced(result.show), result.specs),
    "cost-breakdown": _View(N_("Cost breakdown"), _priced(cost_lines.show)),
    "break-even": _View(N_("Break-even"), _priced(breakeven.show)),
    "cash-flow": _View(N_("Cash flow"), cash_flow.show),
    "risk": _View(N_("Risk & sensitivity"), _priced(uncertainty.show), uncertainty.specs),
    "recommendation": _View(N_("Recommendation"), _priced(decision.show)),
}
"""Name in the address -> view, in the order shown. Only the open view runs."""
VIEWS: Final = {name: view.title for name, view in _VIEWS.items()}


def show() -> None:
    """Render the page; raises CrossoverError if there is no scenario."""
    state.scenario()
    link_prices.show()
    if live_panel.take_opened() == answer.OPEN_OPTIONS:
        inputs_panel.open_section("options")
        model_ranking.open_list()
    inputs_panel.show()
    say_price_errors()
    say_strategy_errors()
    if start.is_blank(state.scenario()):
        st.info(
            t("Paste a prompt or type token numbers under Inputs to see the costs."), icon=":material/edit:"
        )
        return
    st.session_state[_IN_PAGE] = True
    try:
        _live_panel()
    finally:
        st.session_state[_IN_PAGE] = False
    comparison = _comparison()
    price_date.show(comparison)
    if comparison is not None:
        answer.show_besides(comparison)
    _VIEWS[view_choice(PATH, VIEWS)].draw(comparison)
    if comparison is not None and answer.price_models(comparison):
        st.rerun()  # the answer says how many models there are


_IN_PAGE: Final = "live_panel_in_page"
"""Whether the live panel is rendered as a part of the page."""


@fragment
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
        figures = _VIEWS[opened(PATH, VIEWS)].figures(comparison) if is_alone else {}
        content = live_panel.PanelContent(*_answer(comparison), figures)
    except CrossoverError as error:
        say_errors(error)
    live_panel.show(content)


def _comparison() -> Comparison | None:
    """The comparison; None if it cannot be shown, for the reason that the live panel shows."""
    try:
        comparison = state.comparison()
        _answer(comparison)
    except CrossoverError:
        return None
    return comparison


def _answer(comparison: Comparison) -> tuple[str, str]:
    """HTML of headline and options table; raises CrossoverError if the comparison cannot be shown."""
    return state.derived(
        "answer",
        (*answer.objects(comparison), language()),
        lambda: (answer.headline_html(comparison), options_table.html(comparison)),
    )
