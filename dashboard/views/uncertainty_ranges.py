"""Editor of input ranges and correlations for the risk view; each control shows its own error."""

from __future__ import annotations

from typing import Final

import streamlit as st

from costing.comparison.compare import Comparison
from costing.reports.uncertainty import correlated_inputs
from costing.scenario.input_ranges import SHAPES, Correlation, InputRange, Range
from costing.scenario.range_edit import (
    ENDS,
    of_shape,
    with_correlation,
    with_end,
    with_range,
    with_values,
    without_correlation,
    without_range,
)
from costing.scenario.scenario import Scenario
from costing.uncertainty.inputs import inputs_of, is_factor, is_share, label_of, point_of
from costing.uncertainty.what_if import levers, over_time_paths, starting_range
from i18n.errors import CrossoverError
from i18n.message import N_

from .. import session as state
from ..components.control_errors import attempt, say, seeded
from ..components.figure import figure
from ..components.page_frame import say_errors
from ..components.section import section
from ..figures import uncertainty as figures_of
from ..figures.palette import palette
from ..language import distinct, render, t, translator

PROPOSED: Final = N_("as proposed")
FIXED: Final = N_("fixed")
_NEW_RANK: Final = 0.5
_CELL_PX: Final = 56


def show(comparison: Comparison) -> None:
    """Render the range of one input at a time, and the correlations."""
    st.caption(
        t(
            "Ranges are saved with the scenario. An input without your own range uses the proposed one, or "
            "stays fixed if none is proposed."
        )
    )
    try:
        proposed = {item.path: item.range for item in inputs_of(comparison)}
        every = [item.path for item in levers(comparison)]
    except CrossoverError as error:
        say_errors(error)
        _unused(comparison)
        return
    paths = list(dict.fromkeys([*proposed, *every, *over_time_paths(comparison)]))
    names = distinct({path: render(label_of(comparison, path)) for path in paths})
    _range(comparison, paths, names, proposed)
    _correlations(comparison, list(proposed), names)


def _unused(comparison: Comparison) -> None:
    """Render buttons to remove ranges of inputs that the scenario no longer uses."""
    for item in comparison.scenario.ranges:
        st.button(
            t("Remove the range of {path}").format(path=item.path),
            key=f"range_remove_{item.path}",
            icon=":material/delete:",
            on_click=lambda path=item.path: state.put(without_range(state.scenario(), path)),
        )


def _range(
    comparison: Comparison, paths: list[str], names: dict[str, str], proposed: dict[str, Range]
) -> None:
    """Render distribution and ends of the chosen input; each change updates the scenario."""
    left, right = st.columns([3, 2])
    with left:
        path = st.selectbox(t("Input"), paths, format_func=names.__getitem__, key=state.key("range_input"))
    given = _given(state.scenario(), path)
    now = _span(comparison, path, given, proposed.get(path))
    shape = PROPOSED if given is None else FIXED if now.is_point else now.shape
    options = [PROPOSED, FIXED, *SHAPES]
    key = state.key(f"range_shape_{path}")
    with right:
        st.selectbox(
            t("Distribution"),
            options,
            index=options.index(seeded(key, shape)),
            format_func=t,
            key=key,
            on_change=_reshape,
            args=(path, now, key),
            help=t(
                "Triangular, uniform: low and high are the ends. Lognormal, normal: they are the 5th and the "
                "95th percentile. Values: a list of equally likely values."
            ),
        )
        say(key)
    if is_factor(path):
        st.caption(t("A factor: 1 is the value of the scenario or of the price list."))
    if path in over_time_paths(comparison):
        st.caption(t("Changes only the months ahead: the cumulative cost, not the monthly cost of today."))
    if shape == "values":
        _values(path, now)
        return
    for column, end, title in zip(st.columns(3), ENDS, (t("Low"), t("Most likely"), t("High")), strict=True):
        key = f"range_{end}_{path}"
        with column:
            st.number_input(
                _with_percent(title, path),
                value=seeded(key, _on_screen(path, float(getattr(now, end)))),
                format="%.6g",
                key=key,
                disabled=shape == PROPOSED or (shape == FIXED and end != "likely"),
                on_change=_move_end,
                args=(path, end, key),
            )
            say(key)


def _on_screen(path: str, value: float) -> float:
    """A value as it is typed: a share in percent."""
    return float(f"{100 * value:.12g}") if is_share(path) else value


def _typed(path: str, value: float) -> float:
    """A typed value as it is in the scenario."""
    return float(f"{value / 100:.12g}") if is_share(path) else value


def _with_percent(title: str, path: str) -> str:
    return f"{title} (%)" if is_share(path) else title


def _given(scenario: Scenario, path: str) -> InputRange | None:
    return next((item for item in scenario.ranges if item.path == path), None)


def _span(comparison: Comparison, path: str, given: InputRange | None, proposed: Range | None) -> Range:
    """The range to sample from, or a starting range."""
    point = point_of(comparison, path)
    if given is not None:
        span = given.range(point)
        if span is not None:
            return span
    return starting_range(comparison, path) if proposed is None else proposed


def _reshape(path: str, now: Range, key: str) -> None:
    shape = state.value(key)
    if shape == PROPOSED:
        attempt(key, lambda: without_range(state.scenario(), path))
    else:
        attempt(key, lambda: with_range(state.scenario(), of_shape(path, now, shape)))


def _move_end(path: str, end: str, key: str) -> None:
    given = _given(state.scenario(), path)
    value = _typed(path, float(state.value(key)))
    if given is None:
        return
    if given.low == given.high and end == "likely":
        attempt(key, lambda: with_range(state.scenario(), InputRange(path, value, value, value)))
    else:
        attempt(key, lambda: with_range(state.scenario(), with_end(given, end, value)))


def _values(path: str, now: Range) -> None:
    key = f"range_values_{path}"
    title = t("Values, each equally likely; a value that is listed twice is twice as likely")
    st.text_input(
        _with_percent(title, path),
        value=seeded(key, ", ".join(f"{_on_screen(path, value):g}" for value in now.values)),
        key=key,
        on_change=_list_values,
        args=(path, now.likely, key),
    )
    say(key)


def _list_values(path: str, likely: float, key: str) -> None:
    attempt(key, lambda: with_range(state.scenario(), _values_of(path, str(state.value(key)), likely)))


def _values_of(path: str, text: str, likely: float) -> InputRange:
    """The range of a typed list; raises CrossoverError for anything else."""
    if not is_share(path):
        return with_values(path, text, likely)
    percent = with_values(path, text.replace("%", " "), _on_screen(path, likely))
    values = tuple(_typed(path, value) for value in percent.values)
    middle = None if percent.likely is None else _typed(path, percent.likely)
    return InputRange(path, values[0], middle, values[-1], "values", values)


def _correlations(comparison: Comparison, paths: list[str], names: dict[str, str]) -> None:
    """Render the correlations, and inputs to add one."""
    section(t("Correlated inputs"))
    st.caption(
        t(
            "Spearman's rank correlation: 1: both rise together; -1: one rises while the other falls; 0: "
            "independent."
        )
    )
    _correlation_figure(comparison)
    for correlation in state.scenario().correlations:
        pair = (correlation.first, correlation.second)
        key = f"rank_{pair[0]}_{pair[1]}"
        left, right = st.columns([4, 1], vertical_alignment="bottom")
        with left:
            st.slider(
                " · ".join(names.get(path, path) for path in pair),
                min_value=-0.99,
                max_value=0.99,
                value=seeded(key, correlation.rank),
                step=0.01,
                key=key,
                on_change=_strengthen,
                args=(*pair, key),
            )
        right.button(
            t("Remove"),
            key=f"uncorrelate_{pair[0]}_{pair[1]}",
            icon=":material/delete:",
            on_click=lambda pair=pair: state.put(without_correlation(state.scenario(), *pair)),
        )
        say(key)
    if len(paths) < 2:
        return
    left, middle, right = st.columns([2, 2, 1], vertical_alignment="bottom")
    with left:
        first = st.selectbox(
            t("First input"), paths, format_func=names.__getitem__, key=state.key("correlate_first")
        )
    with middle:
        second = st.selectbox(
            t("Second input"),
            paths,
            index=1,
            format_func=names.__getitem__,
            key=state.key("correlate_second"),
        )
    right.button(
        t("Correlate"),
        key="correlate",
        icon=":material/link:",
        on_click=_correlate,
        args=(first, second),
    )
    say("correlate")


def _correlate(first: str, second: str) -> None:
    attempt("correlate", lambda: with_correlation(state.scenario(), Correlation(first, second, _NEW_RANK)))


def _correlation_figure(comparison: Comparison) -> None:
    """Render the heat map of the correlations; nothing if there are none."""
    table = correlated_inputs(comparison, translator())
    if table.empty:
        return
    n = len({*table["first"], *table["second"]})
    figure(
        figures_of.correlations(table, palette()),
        key="chart_correlations",
        height=96 + _CELL_PX * n,
        alt=t("Heat map: rank correlation between inputs"),
    )


def _strengthen(first: str, second: str, key: str) -> None:
    rank = float(state.value(key))
    attempt(key, lambda: with_correlation(state.scenario(), Correlation(first, second, rank)))
