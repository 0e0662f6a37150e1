"""Compare page: the stage with the verdict first, then what it rests on; only the open view runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import streamlit as st

from costing.comparison.compare import Comparison
from i18n.errors import CrossoverError
from i18n.message import N_
from pricing.book import PriceBook

from .. import session as state
from ..components import live_panel, prefetch, verdict
from ..components.page_frame import say_errors, say_price_errors, say_strategy_errors
from ..language import language, t
from ..views import breakeven, cash_flow, cost_lines, decision, result, strategies, texts, uncertainty

TITLE: Final = N_("Compare")

_Charts = Callable[[Comparison], Mapping[str, dict[str, Any]] | None]
"""Specifications by their keys; None where they would take too long."""


def _nothing(_: Comparison) -> dict[str, dict[str, Any]]:
    return {}


def _later(_: Comparison) -> None:
    """They come with the page."""


def _all(comparison: Comparison) -> object:
    return comparison.scenario


@dataclass(frozen=True, slots=True)
class _View:
    """What draws it, and what of it a moved volume moves at once."""

    draw: Callable[[Comparison | None], None]
    charts: _Charts = _nothing
    """Those that come with the stage."""
    settings: Callable[[], object] = tuple
    """What these charts depend on besides scenario, prices and language."""
    rest: Callable[[Comparison], object] = _all
    """What all else of it is drawn for: equal where it would look the same."""


def _strategies(_: Comparison | None) -> None:
    with suppress(CrossoverError):  # said above: without prices there is nothing to pick
        strategies.show()


def _priced(draw: Callable[[Comparison], None]) -> Callable[[Comparison | None], None]:
    """What cannot be drawn without a comparison."""

    def view(comparison: Comparison | None) -> None:
        if comparison is not None:
            draw(comparison)

    return view


_VIEWS: Final[Mapping[str, _View]] = {
    N_("Result"): _View(_priced(result.show), result.specs, rest=result.rest),
    N_("Every line"): _View(_priced(cost_lines.show)),
    N_("Your texts"): _View(texts.show),
    N_("Strategies"): _View(_strategies),
    N_("Break-even"): _View(_priced(breakeven.show)),
    N_("Cash over time"): _View(cash_flow.show),
    N_("How sure"): _View(_priced(uncertainty.show), uncertainty.specs, settings=uncertainty.settings),
    N_("Decide"): _View(_priced(decision.show)),
}
"""Title -> the view, in the order shown. Only the open one runs."""


def show() -> None:
    """Draw the page; raises CrossoverError where there is no scenario, which a fragment cannot pass on."""
    state.scenario()
    _main()


@st.fragment
def _main() -> None:
    """All but the sidebar, which an opened view need not draw again."""
    for error in state.take_errors():
        say_errors(error)
    say_price_errors()
    say_strategy_errors()
    table = state.session()
    table.laid = None
    _stage()
    live_panel.follow()
    table.laid = _LAYING
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
    view = _VIEWS[opened]
    view.draw(comparison)
    table.laid = _laid_for(view, comparison)
    if comparison is not None:
        basis = _basis(view)
        live_panel.show_ahead(basis.name, _scenes_ahead(basis, view))


_LAYING: Final = "laying"
"""Until the page is drawn it is drawn for nothing."""


@st.fragment
def _stage() -> None:
    """What a moved volume moves at once; alone when it moves, and else as a part of the whole."""
    laid, view, volume = state.session().laid, _VIEWS[_opened()], state.scenario().requests_per_day
    basis, is_alone = _basis(view), laid is not None
    if is_alone and volume in basis.around and prefetch.is_ready(basis, volume):
        ahead = _scenes_ahead(basis, view)
        live_panel.show(None, basis.name, ahead, is_more_behind=laid != basis.around[volume])
        return
    try:
        comparison = state.comparison()
        scene = _scene(comparison, view.charts if is_alone else _later)
        if is_alone:
            basis.around[volume] = _laid_for(view, comparison)
    except CrossoverError as error:
        scene = live_panel.PanelContent("", "", {})
        say_errors(error)
    live_panel.show(scene, basis.name, {}, is_more_behind=is_alone)


def _scenes_ahead(basis: prefetch.Basis, view: _View) -> live_panel.Scenes:
    def make(volume: float) -> live_panel.PanelContent:
        comparison = state.comparison_at(volume)
        scene = _scene(comparison, view.charts)
        basis.around[volume] = _laid_for(view, comparison)
        return scene

    return prefetch.ahead(basis, make, state.scenario().requests_per_day)


def _basis(view: _View) -> prefetch.Basis:
    try:
        prices: PriceBook | None = state.book()
    except CrossoverError:  # said where they are needed
        prices = None
    scenario = state.all_but_volume(state.scenario())
    return prefetch.basis((scenario, prices, language(), view.charts, view.settings()))


def _scene(comparison: Comparison, specs: _Charts) -> live_panel.PanelContent:
    """Raises CrossoverError for amounts beyond all bounds."""
    charts = specs(comparison)
    answer, figures = verdict.words(comparison), verdict.cards(comparison)
    return live_panel.PanelContent(answer, figures, charts or {}, is_whole=charts is not None)


def _opened() -> str:
    """The open view: known before its control is drawn."""
    opened: str = state.held(state.key("tab"), next(iter(_VIEWS)))
    return opened


def _laid_for(view: _View, comparison: Comparison | None) -> object:
    """What the page besides the stage is drawn for."""
    if comparison is None:
        return "no comparison"
    return verdict.besides(comparison), view.rest(comparison)


def _comparison() -> Comparison | None:
    """None where there is none that can be shown; the stage says why."""
    try:
        comparison = state.comparison()
        _scene(comparison, _nothing)
    except CrossoverError:
        return None
    return comparison
