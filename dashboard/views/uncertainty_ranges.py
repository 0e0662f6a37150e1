"""Editor of input ranges and correlations for the uncertainty view."""

from __future__ import annotations

from typing import Final

import streamlit as st

from costing.comparison.compare import Comparison
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
from costing.uncertainty.inputs import inputs_of, label_of, point_of
from costing.uncertainty.what_if import levers, over_time_paths, starting_range
from i18n.errors import CrossoverError
from i18n.message import N_

from .. import session as state
from ..components.page_frame import say_errors
from ..language import markdown_safe, render, t

PROPOSED: Final = N_("as proposed")
FIXED: Final = N_("fixed")


def show(comparison: Comparison) -> None:
    """Render the expander with the range of one input at a time, and the correlations."""
    drawer = st.expander(
        t("Ranges: what is not sure, and how far"), icon=":material/tune:", key="ranges", on_change="rerun"
    )
    if not drawer.open:
        return
    with drawer:
        st.caption(
            t(
                "Saved with the scenario; 'Undo' takes a change back. An input without a range of yours is "
                "drawn as proposed, or, where nothing is proposed, stays as it is."
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
        names = {path: render(label_of(comparison, path)) for path in paths}
        twice = [name for name in names.values() if list(names.values()).count(name) > 1]
        names = {path: f"{name} ({path})" if name in twice else name for path, name in names.items()}
        _range(comparison, paths, names, proposed)
        _correlations(list(proposed), names)


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
            index=options.index(state.seed(key, shape)),
            format_func=t,
            key=key,
            on_change=_reshape,
            args=(path, now, key),
            help=t(
                "Triangular, uniform: low and high are the ends. Lognormal, normal: they are the 5th and the "
                "95th percentile. Values: a list, each alike likely."
            ),
        )
    if path.split(".")[0] in ("tokens", "prices", "speeds", "counts"):
        st.caption(t("A factor: 1 is what the scenario or the table says."))
    if path in over_time_paths(comparison):
        st.caption(t("It moves the months to come: the cost so far and the horizon's, not that of a month."))
    if shape == "values":
        _values(path, now)
        return
    for column, end, title in zip(st.columns(3), ENDS, (t("Low"), t("Likely"), t("High")), strict=True):
        key = f"range_{end}_{path}"
        column.number_input(
            title,
            value=state.seed(key, float(getattr(now, end))),
            format="%.6g",
            key=key,
            disabled=shape == PROPOSED or (shape == FIXED and end != "likely"),
            on_change=_move_end,
            args=(path, end, key),
        )


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
        state.put(without_range(state.scenario(), path))
    else:
        state.attempt(lambda: with_range(state.scenario(), of_shape(path, now, shape)))


def _move_end(path: str, end: str, key: str) -> None:
    given = _given(state.scenario(), path)
    value = float(state.value(key))
    if given is None:
        return
    if given.low == given.high and end == "likely":
        state.attempt(lambda: with_range(state.scenario(), InputRange(path, value, value, value)))
    else:
        state.attempt(lambda: with_range(state.scenario(), with_end(given, end, value)))


def _values(path: str, now: Range) -> None:
    key = f"range_values_{path}"
    st.text_input(
        t("Values, each alike likely; one that stands twice is twice as likely"),
        value=state.seed(key, ", ".join(f"{value:g}" for value in now.values)),
        key=key,
        on_change=lambda: state.attempt(
            lambda: with_range(state.scenario(), with_values(path, str(state.value(key)), now.likely))
        ),
    )


def _correlations(paths: list[str], names: dict[str, str]) -> None:
    """Render the correlations, and inputs to add one."""
    title = markdown_safe(t("Inputs that move together"))
    st.markdown(f"**{title}**")
    st.caption(
        t("Spearman's rank correlation: 1 rise together, -1 one falls as the other rises, 0 independent.")
    )
    for correlation in state.scenario().correlations:
        key = f"rank_{correlation.first}_{correlation.second}"
        left, right = st.columns([4, 1], vertical_alignment="bottom")
        pair = (correlation.first, correlation.second)
        left.slider(
            " · ".join(names.get(path, path) for path in pair),
            min_value=-0.99,
            max_value=0.99,
            value=state.seed(key, correlation.rank),
            step=0.01,
            key=key,
            on_change=_strengthen,
            args=(correlation.first, correlation.second, key),
        )
        right.button(
            t("Remove"),
            key=f"uncorrelate_{correlation.first}_{correlation.second}",
            icon=":material/delete:",
            on_click=lambda correlation=correlation: state.put(
                without_correlation(state.scenario(), correlation.first, correlation.second)
            ),
        )
    if len(paths) < 2:
        return
    left, middle, right = st.columns([2, 2, 1], vertical_alignment="bottom")
    with left:
        first = st.selectbox(
            t("First"), paths, format_func=names.__getitem__, key=state.key("correlate_first")
        )
    with middle:
        second = st.selectbox(
            t("Second"), paths, index=1, format_func=names.__getitem__, key=state.key("correlate_second")
        )
    right.button(
        t("Correlate"),
        key="correlate",
        icon=":material/link:",
        on_click=lambda: state.attempt(
            lambda: with_correlation(state.scenario(), Correlation(first, second, 0.5))
        ),
    )


def _strengthen(first: str, second: str, key: str) -> None:
    rank = float(state.value(key))
    state.attempt(lambda: with_correlation(state.scenario(), Correlation(first, second, rank)))
