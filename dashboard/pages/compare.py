"""Compare page: the live panel, then the open view. Views that are not open do not run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from costing.comparison.compare import Comparison
from i18n.errors import CrossoverError
from i18n.message import N_
from pricing.book import PriceBook

from .. import session as state
from ..components import live_panel, prefetch, verdict
from ..components.page_frame import say_errors, say_price_errors, say_strategy_errors
from ..components.top_bar import Undoing
from ..components.view_choice import opened, view_choice
from ..language import language
from ..runs import fragment
from ..views import breakeven, cash_flow, cost_lines, decision, inputs_panel, result, uncertainty

TITLE: Final = N_("Cost comparison")
PATH: Final = ""

_Charts = Callable[[Comparison], Mapping[str, dict[str, Any]] | None]
"""Chart specifications by key; None if they would take too long for every move of the slider."""


def _nothing(_: Comparison) -> dict[str, dict[str, Any]]:
    return {}


def _later(_: Comparison) -> None:
    """None: the charts are rendered with the page."""


def _all(comparison: Comparison) -> object:
    return comparison.scenario


@dataclass(frozen=True, slots=True)
class _View:
    """How to render a view, and which of its charts the live panel updates at once."""

    title: str
    draw: Callable[[Comparison | None], None]
    charts: _Charts = _nothing
    """Charts that the live panel updates."""
    settings: Callable[[], object] = tuple
    """Inputs of these charts besides scenario, prices and language."""
    rest: Callable[[Comparison], object] = _all
    """Inputs of the rest of the view: equal if it would look the same."""


def _priced(draw: Callable[[Comparison], None]) -> Callable[[Comparison | None], None]:
    """A view that is rendered only if there is a comparison."""

    def view(comparison: Comparison | None) -> None:
        if comparison is not None:
            draw(comparison)

    return view


_VIEWS: Final[Mapping[str, _View]] = {
    "overview": _View(N_("Overview"), _priced(result.show), result.specs, rest=result.rest),
    "cost-breakdown": _View(N_("Cost breakdown"), _priced(cost_lines.show)),
    "break-even": _View(N_("Break-even"), _priced(breakeven.show)),
    "cash-flow": _View(N_("Cash flow"), cash_flow.show),
    "risk": _View(
        N_("Risk & sensitivity"),
        _priced(uncertainty.show),
        uncertainty.specs,
        settings=uncertainty.settings,
    ),
    "recommendation": _View(N_("Recommendation"), _priced(decision.show)),
}
"""Name in the address -> view, in the order shown. Only the open view runs."""
VIEWS: Final = {name: view.title for name, view in _VIEWS.items()}


def undoing() -> Undoing:
    """Undo and redo of the scenario."""
    work = state.session().work
    return Undoing(bool(work.past), bool(work.future), state.undo, state.redo)


def show() -> None:
    """Render the page; raises CrossoverError if there is no scenario."""
    state.scenario()
    inputs_panel.show()
    for error in state.take_errors():
        say_errors(error)
    say_price_errors()
    say_strategy_errors()
    session = state.session()
    session.rendered_for = None
    _live_panel()
    live_panel.follow()
    session.rendered_for = _RENDERING
    comparison = _comparison()
    if comparison is not None:
        verdict.show_besides(comparison)
    view = _VIEWS[view_choice(PATH, VIEWS)]
    view.draw(comparison)
    session.rendered_for = _page_inputs(view, comparison)
    if comparison is not None:
        prefetch_state = _prefetch_state(view)
        live_panel.send_prefetched(prefetch_state.inputs_id, _prefetched(prefetch_state, view))


_RENDERING: Final = "rendering"
"""Inputs of a page that is not yet rendered: equal to those of no page."""


@fragment
def _live_panel() -> None:
    """The live panel: reruns alone when the volume changes, and as a part of the page otherwise."""
    session, view, volume = state.session(), _VIEWS[opened(PATH, VIEWS)], state.scenario().requests_per_day
    prefetch_state, is_alone = _prefetch_state(view), session.rendered_for is not None
    page_inputs = prefetch_state.page_inputs
    if is_alone and volume in page_inputs and prefetch.is_shown(prefetch_state, volume):
        live_panel.show(
            None,
            prefetch_state.inputs_id,
            _prefetched(prefetch_state, view),
            is_page_outdated=session.rendered_for != page_inputs[volume],
        )
        return
    try:
        comparison = state.comparison()
        content = _content(comparison, view.charts if is_alone else _later)
        if is_alone:
            page_inputs[volume] = _page_inputs(view, comparison)
    except CrossoverError as error:
        content = live_panel.PanelContent("", "", {})
        say_errors(error)
    live_panel.show(content, prefetch_state.inputs_id, {}, is_page_outdated=is_alone)


def _prefetched(prefetch_state: prefetch.PrefetchState, view: _View) -> live_panel.Contents:
    def make(volume: float) -> live_panel.PanelContent:
        comparison = state.comparison_at(volume)
        content = _content(comparison, view.charts)
        prefetch_state.page_inputs[volume] = _page_inputs(view, comparison)
        return content

    return prefetch.contents(prefetch_state, make, state.scenario().requests_per_day)


def _prefetch_state(view: _View) -> prefetch.PrefetchState:
    try:
        prices: PriceBook | None = state.book()
    except CrossoverError:  # shown where the prices are needed
        prices = None
    scenario = state.all_but_volume(state.scenario())
    return prefetch.state_for((scenario, prices, language(), view.charts, view.settings()))


def _content(comparison: Comparison, specs: _Charts) -> live_panel.PanelContent:
    """Content of the live panel; raises CrossoverError for amounts beyond all bounds."""
    charts = specs(comparison)
    answer, figures = verdict.words(comparison), verdict.cards(comparison)
    return live_panel.PanelContent(answer, figures, charts or {}, is_complete=charts is not None)


def _page_inputs(view: _View, comparison: Comparison | None) -> object:
    """Inputs of the page around the live panel: equal if it would look the same."""
    if comparison is None:
        return "no comparison"
    return verdict.besides(comparison), view.rest(comparison)


def _comparison() -> Comparison | None:
    """The comparison; None if it cannot be shown, for the reason that the live panel shows."""
    try:
        comparison = state.comparison()
        _content(comparison, _nothing)
    except CrossoverError:
        return None
    return comparison
