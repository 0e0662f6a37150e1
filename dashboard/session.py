"""What the user has on the table: one immutable scenario, its history, and the prices."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, BinaryIO, Final, TypeVar

import streamlit as st

from costing.comparison.breakeven import Breakeven, breakeven
from costing.comparison.compare import Comparison, compare
from costing.fine_tuning.tokens import TrainingData
from costing.reports.volume import VolumeRow, volume_axis, volume_rows
from costing.scenario import library
from costing.scenario.scenario import Scenario
from costing.uncertainty.monte_carlo import Uncertainty, uncertainty
from i18n.errors import CrossoverError
from pricing.book import PriceBook
from pricing.load import shipped_book
from pricing.price_cache import PriceCache, PriceSnapshot

from .language import language, t, translator

FIRST_SCENARIO: Final = "brand_voice"
MAX_UNDO: Final = 50
MAX_AXES: Final = 4
"""Neighbouring volumes lie on two, or three."""

_KEY: Final = "table"
_KEEPER: Final = PriceCache()
V = TypeVar("V")


@dataclass(slots=True)
class Training:
    """A fine-tuning file that was handed in, and what was read from it, once it was."""

    name: str
    content: BinaryIO
    data: TrainingData | None = None


@dataclass(slots=True)
class Session:
    """One session's work. Scenarios are immutable, so undo is a list of them."""

    scenario: Scenario
    history: list[Scenario] = field(default_factory=list)
    errors: list[CrossoverError] = field(default_factory=list)
    comparison: Comparison | None = None
    breakeven_for: tuple[Scenario, PriceBook] | None = None
    breakeven: Breakeven | None = None
    curves_for: tuple[Scenario, PriceBook, str] | None = None
    curves: dict[bytes, list[VolumeRow]] = field(default_factory=dict)
    """By their axes."""
    uncertainty: Uncertainty | None = None
    drawing_s: float = 0.0
    training: Training | None = None
    stroke: int | None = None
    """The movement of the hand that changed the scenario last."""
    laid: object = None
    """What the page shows besides the stage was drawn for this; None while it is drawn."""


def session() -> Session:
    """This session's table, laid with the first scenario."""
    if _KEY not in st.session_state:
        scenarios, _ = library.ready()
        st.session_state[_KEY] = Session(scenarios.get(FIRST_SCENARIO) or next(iter(scenarios.values())))
    current: Session = st.session_state[_KEY]
    return current


def scenario() -> Scenario:
    return session().scenario


def book() -> PriceBook:
    """The prices in use, shared by all sessions: the shipped tables and a company's own."""
    return _KEEPER.kept().book


def kept_prices() -> PriceSnapshot:
    """The prices in use, with what is wrong with the company's own."""
    return _KEEPER.kept()


def forget_prices() -> None:
    """After a table was saved: the next look reads the tables anew."""
    shipped_book.cache_clear()


def today() -> date:
    """The day on which the reader looks: ages and endings count from it."""
    return date.today()


def now() -> datetime:
    """The moment of a save, with its zone."""
    return datetime.now().astimezone()


def all_but_volume(scenario: Scenario) -> Scenario:
    """A scenario as it is at any volume."""
    return replace(scenario, requests_per_day=1.0)


def put(changed: Scenario, stroke: int | None = None) -> None:
    """Take another scenario, remembering the present one for undo.

    Of what one `stroke` of the hand passes through, undo knows only where it began.
    """
    current = session()
    if changed == current.scenario:
        return
    is_same_stroke = stroke is not None and stroke == current.stroke
    if is_same_stroke and current.history and current.history[-1] == changed:  # back to where it began
        current.scenario, current.stroke = current.history.pop(), None
        return
    if not is_same_stroke:
        current.history.append(current.scenario)
        del current.history[:-MAX_UNDO]
    current.scenario, current.stroke = changed, stroke


def undo() -> None:
    """Back to the scenario before the last change; says so where there is none."""
    current = session()
    if current.history:
        current.scenario, current.stroke = current.history.pop(), None
    else:
        st.toast(t("Nothing to undo"))


def attempt(action: Callable[[], Scenario]) -> None:
    """Put what `action` returns; keep the present scenario and show the fault if it raises."""
    try:
        put(action())
    except CrossoverError as error:
        session().errors.append(error)


def take_errors() -> list[CrossoverError]:
    """Faults of the last action, to be shown once."""
    current = session()
    errors, current.errors = current.errors, []
    return errors


def seed(key: str, value: V) -> V:
    """Make a widget show `value`; left alone where it does, so that typing is not disturbed.

    The widget must take the value as its default too: a browser that draws it afresh sends its default
    back for a moment, and any other default would be taken for the user's own change.
    """
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value
    return value


def held(key: str, first: V) -> V:
    """What a widget of no scenario's value holds, or what it starts with."""
    value: V = st.session_state.get(key, first)
    return value


def key(name: str) -> str:
    """A widget's key where its options are shown translated.

    The browser sends the shown text back, so a widget must not outlive the language of its texts.
    """
    return name if language() == "en" else f"{name}@{language()}"


def value(key: str) -> Any:
    """What a widget holds."""
    return st.session_state[key]


def comparison() -> Comparison:
    """The scenario priced; where only its volume moved since the last time, all else is kept.

    Raises CrossoverError for what cannot be priced.
    """
    current = session()
    current.comparison = _priced(current, book(), current.scenario)
    return current.comparison


def comparison_at(requests_per_day: float) -> Comparison:
    """The same at another volume; the scenario stays as it is.

    Raises CrossoverError for what cannot be priced.
    """
    current = session()
    return _priced(current, book(), replace(current.scenario, requests_per_day=requests_per_day))


def latest() -> Callable[[], Comparison]:
    """What gives this session's newest comparison when it is asked for, outside a run too."""
    current, prices = session(), book()
    return lambda: _priced(current, prices, current.scenario)


def _priced(current: Session, prices: PriceBook, now: Scenario) -> Comparison:
    last = current.comparison
    if last is None or last.book is not prices:
        return compare(now, prices)
    if now == last.scenario:
        return last
    same_but_volume = replace(last.scenario, requests_per_day=now.requests_per_day) == now
    return last.at(now.requests_per_day) if same_but_volume else compare(now, prices)


def breakeven_of(comparison: Comparison) -> Breakeven:
    """The break-even of a comparison; it does not depend on the volume, so a moved slider reuses it."""
    current = session()
    key = (all_but_volume(comparison.scenario), comparison.book)
    if current.breakeven is None or current.breakeven_for != key:
        current.breakeven, current.breakeven_for = breakeven(comparison), key
    return current.breakeven


def curves_of(comparison: Comparison, result: Breakeven) -> list[VolumeRow]:
    """Rows of cost against volume. They depend on the volume only by their axis, which most moves leave."""
    current = session()
    key = (all_but_volume(comparison.scenario), comparison.book, language())
    if current.curves_for != key:
        current.curves, current.curves_for = {}, key
    axis = volume_axis(comparison, result)
    rows = current.curves.get(axis.tobytes())
    if rows is None:
        while len(current.curves) >= MAX_AXES:
            del current.curves[next(iter(current.curves))]
        rows = current.curves[axis.tobytes()] = volume_rows(comparison, axis, translator())
    return rows


def uncertainty_of(comparison: Comparison, draws: int, seed: int) -> Uncertainty | None:
    """What was drawn for this very comparison; None where nothing was, or it has changed since."""
    result = session().uncertainty
    if result is None or (result.draws, result.seed) != (draws, seed):
        return None
    same = result.comparison.scenario == comparison.scenario and result.comparison.book is comparison.book
    return result if same else None


def drawn(
    comparison: Comparison, draws: int, seed: int, on_progress: Callable[[float], None] | None = None
) -> Uncertainty:
    """Draw, and keep what was drawn until the next draw; `tell` hears the share that is done.

    Raises CrossoverError for what cannot be drawn.
    """
    current, start = session(), time.thread_time()
    current.uncertainty = uncertainty(comparison, draws, seed, on_progress, before=current.uncertainty)
    current.drawing_s = time.thread_time() - start
    return current.uncertainty


def drawing_s() -> float:
    """CPU time of the last draw."""
    return session().drawing_s
