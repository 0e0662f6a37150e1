"""Session state: the current scenario, its undo history, and the price book."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, BinaryIO, Final, TypeVar

import pandas as pd
import streamlit as st

from costing.comparison.breakeven import Breakeven, breakeven
from costing.comparison.compare import Comparison, compare
from costing.fine_tuning.tokens import TrainingData
from costing.reports.volume import volume as volume_frame
from costing.reports.volume import volume_axis
from costing.scenario import library
from costing.scenario.scenario import Scenario
from costing.uncertainty.monte_carlo import Uncertainty, uncertainty
from pricing.book import PriceBook
from pricing.load import shipped_book
from pricing.price_cache import PriceCache, PriceSnapshot

from .history import History
from .language import language, translator
from .runs import replace_value, value_of

FIRST_SCENARIO: Final = "travel_agent"
"""The example of a first visit: no option is known to be closed or to end within its horizon."""
MAX_AXES: Final = 4
"""Cached volume axes. Adjacent volumes share two or three."""

_KEY: Final = "table"
_DERIVED: Final = "derived"
_KEEPER: Final = PriceCache()
V = TypeVar("V")


@dataclass(slots=True)
class Training:
    """An uploaded fine-tuning file, and the data read from it; None until it is read."""

    name: str
    content: BinaryIO
    data: TrainingData | None = None


@dataclass(slots=True)
class Session:
    """State of one session."""

    work: History[Scenario]
    comparison: Comparison | None = None
    uncertainty: Uncertainty | None = None
    drawing_s: float = 0.0
    training: Training | None = None

    @property
    def scenario(self) -> Scenario:
        return self.work.value

    @scenario.setter
    def scenario(self, changed: Scenario) -> None:
        self.work.value = changed


def session() -> Session:
    """The session state, created with the default example."""
    if _KEY not in st.session_state:
        st.session_state[_KEY] = Session(History(example(FIRST_SCENARIO)))
    current: Session = st.session_state[_KEY]
    return current


def is_new() -> bool:
    """Whether this session has no scenario yet."""
    return _KEY not in st.session_state


def open_with(*versions: Scenario) -> None:
    """Start the session with the last of these versions of a scenario; undo returns to those before it."""
    st.session_state[_KEY] = Session(History(versions[-1], list(versions[:-1])))


def example(scenario_id: str) -> Scenario:
    """A shipped scenario at the prices of today; the first one if there is none of this id."""
    scenarios, _ = library.ready()
    return replace(scenarios.get(scenario_id) or next(iter(scenarios.values())), on=today(), is_pinned=False)


def scenario() -> Scenario:
    return session().scenario


def book() -> PriceBook:
    """The price book in use, shared by all sessions: shipped tables merged with the company's own."""
    return _KEEPER.kept().book


def kept_prices() -> PriceSnapshot:
    """The price book in use, with the errors of the company's own tables."""
    return _KEEPER.kept()


def forget_prices() -> None:
    """Clear the cache after a table was saved, so that the next read loads the files."""
    shipped_book.cache_clear()


def today() -> date:
    """The current day: ages and remaining days of prices count from it."""
    return date.today()


def now() -> datetime:
    """The time of a save, with its time zone."""
    return datetime.now().astimezone()


def all_but_volume(scenario: Scenario) -> Scenario:
    """The scenario with a fixed volume, to compare scenarios apart from their volume."""
    return replace(scenario, requests_per_day=1.0)


def put(changed: Scenario, drag_id: int | None = None) -> None:
    """Replace the scenario as an undo step. All changes of one drag are one step."""
    session().work.put(changed, drag_id)


def history() -> History[Scenario]:
    """The scenario with the versions to undo and to redo."""
    return session().work


def seed(key: str, value: V) -> V:
    """Make a widget show `value`; unchanged if it already does, so that typing is not disturbed.

    Use the value as the widget's default too: a browser that creates the widget again first sends its
    default, and any other default would count as a change by the user.
    """
    if key not in st.session_state or st.session_state[key] != value:
        replace_value(key, value)
    return value


def held(key: str, first: V) -> V:
    """Value of a widget that is not part of the scenario; `first` before it is rendered."""
    value: V = st.session_state.get(key, first)
    return value


def key(name: str) -> str:
    """Key of a widget with translated options.

    The browser sends the displayed text, so each language needs a widget of its own.
    """
    return name if language() == "en" else f"{name}@{language()}"


def value(key: str) -> Any:
    """Current value of a widget, for its callback."""
    return value_of(key)


def comparison() -> Comparison:
    """Costs of the current scenario. If only the volume has changed, everything else is reused.

    Raises CrossoverError if the scenario cannot be priced.
    """
    current = session()
    current.comparison = _priced(current, book(), current.scenario)
    return current.comparison


def latest() -> Callable[[], Comparison]:
    """Function that returns this session's newest comparison; may be called outside a script run."""
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


def derived(name: str, key: tuple[object, ...], make: Callable[[], V]) -> V:
    """Result of `make`, kept in this session until `key`, what it is computed from, is another one.

    Scenarios are compared by value, comparisons and price books by identity. What is translated has the
    language in its key.
    """
    results: dict[str, tuple[tuple[object, ...], Any]] = st.session_state.setdefault(_DERIVED, {})
    last = results.get(name)
    if last is None or last[0] != key:
        last = results[name] = (key, make())
    result: V = last[1]
    return result


def breakeven_of(comparison: Comparison) -> Breakeven:
    """Break-even of a comparison: it does not depend on the volume."""
    key = (all_but_volume(comparison.scenario), comparison.book)
    return derived("break-even", key, lambda: breakeven(comparison))


def curves_of(comparison: Comparison, result: Breakeven) -> pd.DataFrame:
    """Frame of cost against volume, kept by axis. Most changes of the volume keep the axis."""
    key = (all_but_volume(comparison.scenario), comparison.book, language())
    by_axis: dict[bytes, pd.DataFrame] = derived("curves", key, dict)
    axis = volume_axis(comparison, result)
    curves = by_axis.get(axis.tobytes())
    if curves is None:
        while len(by_axis) >= MAX_AXES:
            del by_axis[next(iter(by_axis))]
        curves = by_axis[axis.tobytes()] = volume_frame(comparison, axis, translator())
    return curves


def uncertainty_of(comparison: Comparison, draws: int, seed: int) -> Uncertainty | None:
    """Monte Carlo result of this comparison; None if there is none or the comparison has changed."""
    result = session().uncertainty
    if result is None or (result.draws, result.seed) != (draws, seed):
        return None
    same = result.comparison.scenario == comparison.scenario and result.comparison.book is comparison.book
    return result if same else None


def drawn(
    comparison: Comparison, draws: int, seed: int, on_progress: Callable[[float], None] | None = None
) -> Uncertainty:
    """Run the Monte Carlo simulation and store the result. `on_progress` receives the share that is done.

    Raises CrossoverError if a sample cannot be priced.
    """
    current, start = session(), time.thread_time()
    current.uncertainty = uncertainty(comparison, draws, seed, on_progress, before=current.uncertainty)
    current.drawing_s = time.thread_time() - start
    return current.uncertainty


def drawing_s() -> float:
    """CPU time of the last simulation."""
    return session().drawing_s
