"""What-if expanders of the uncertainty view: a map over two inputs, and goal seek for one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import streamlit as st

from costing.comparison.compare import Comparison
from costing.reports.what_if import (
    InputMapRow,
    SoughtRow,
    answer_sentence,
    map_rows,
    map_sentence,
    sought_rows,
)
from costing.uncertainty.what_if import GoalSeekResult, Lever, levers, seek_breakeven, seek_equal, winner_map
from costing.units import TOKENS_PER_MTOK
from i18n.errors import CrossoverError

from .. import session as state
from ..components.downloads import csv_button
from ..components.page_frame import say_errors
from ..figures import comparison as charts
from ..figures import what_if as what_if_charts
from ..language import markdown_safe, render, t, translator

BREAKEVEN: Final = -1
_LAST: Final = "what_if_answer"
_USUAL_MTOK: Final = 25.0


def show(comparison: Comparison) -> None:
    """Render both expanders; a closed one is not computed."""
    for key, title, icon, draw in (
        ("map_drawer", t("Who is cheapest over any two inputs"), ":material/grid_on:", _map),
        ("seek_drawer", t("What would have to be true"), ":material/my_location:", _seek),
    ):
        drawer = st.expander(title, icon=icon, key=key, on_change="rerun")
        if drawer.open:
            with drawer:
                try:
                    draw(comparison)
                except CrossoverError as error:
                    say_errors(error)


def _names(every: tuple[Lever, ...]) -> dict[str, str]:
    """Path -> label; with the path if two labels are equal."""
    called = {item.path: render(item.label) for item in every}
    titles = list(called.values())
    return {path: name if titles.count(name) == 1 else f"{name} ({path})" for path, name in called.items()}


def _chosen(label: str, key: str, every: Mapping[str, Lever], names: Mapping[str, str], place: int) -> Lever:
    options = list(every)
    path = st.selectbox(
        label,
        options,
        index=min(place, len(options) - 1),
        format_func=lambda option: names.get(option, option),
        key=state.key(key),
    )
    return every[path]


def _span(lever: Lever, key: str) -> Lever:
    """Render the range of values to examine; another input starts with its own range."""
    left, right = st.columns(2)
    low = left.number_input(t("From"), value=float(lever.low), key=f"{key}_low_{lever.path}", format="%.6g")
    high = right.number_input(t("To"), value=float(lever.high), key=f"{key}_high_{lever.path}", format="%.6g")
    return lever if (low, high) == (lever.low, lever.high) else lever.between(low, high)


def _map(comparison: Comparison) -> None:
    st.caption(
        t(
            "Every cell prices all strategies anew, with all other inputs as the scenario says. A colour "
            "that is missing wins nowhere; the ring is the scenario as it stands."
        )
    )
    every = {item.path: item for item in levers(comparison)}
    names = _names(tuple(every.values()))
    left, right = st.columns(2)
    with left:
        across = _span(_chosen(t("Across"), "map_across", every, names, 0), "map_across")
    with right:
        up = _span(_chosen(t("Up"), "map_up", every, names, 1), "map_up")
    winners = winner_map(comparison, across, up)
    st.markdown(f"**{markdown_safe(render(map_sentence(comparison, winners)))}**")
    rows = map_rows(comparison, winners, translator())
    spec = what_if_charts.winners(
        rows,
        charts.colours([render(outcome.name) for outcome in comparison.outcomes]),
        (names[across.path], names[up.path]),
        (across.usual, up.usual),
    )
    st.echarts_chart(
        spec,
        key="chart_input_map",
        height=what_if_charts.height_of(spec),
        alt=t("Map: the cheapest strategy by the values of two inputs"),
    )
    csv_button(f"{comparison.scenario.id}-map", InputMapRow, lambda: rows, "csv_input_map")


def _seek(comparison: Comparison) -> None:
    st.caption(t("One input is solved for; all others stay as the scenario says."))
    every = {item.path: item for item in levers(comparison)}
    names = _names(tuple(every.values()))
    strategies = [render(outcome.name) for outcome in comparison.outcomes]
    goals = {BREAKEVEN: t("a break-even of own servers"), **dict(enumerate(strategies))}
    first_choices = [place for place in goals if place != BREAKEVEN or _has_breakeven(comparison)]
    left, right = st.columns(2)
    with left:
        moved = _span(_chosen(t("Solve for"), "seek_input", every, names, 0), "seek_input")
    with right:
        first = st.selectbox(
            t("So that"),
            first_choices,
            index=len(first_choices) - len(strategies),
            format_func=goals.__getitem__,
            key=state.key("seek_first"),
        )
        if first == BREAKEVEN:
            target = st.number_input(
                t("comes at, M tokens a day"),
                min_value=0.001,
                value=_USUAL_MTOK,
                key="seek_target",
            )
            result = _kept(comparison, moved, (BREAKEVEN, target))
        else:
            others = [place for place in range(len(strategies)) if place != first]
            if not others:
                st.info(t("There is only one strategy: add another to compare it with."))
                return
            second = st.selectbox(
                t("costs as much as"),
                others,
                format_func=goals.__getitem__,
                key=state.key(f"seek_second_{first}"),
            )
            result = _kept(comparison, moved, (first, second))
    _answer(comparison, result, names[moved.path])


def _has_breakeven(comparison: Comparison) -> bool:
    own = [outcome.strategy.is_self_hosted for outcome in comparison.choices]
    return any(own) and not all(own)


def _kept(comparison: Comparison, moved: Lever, goal: tuple[int, float]) -> GoalSeekResult:
    """Cached result, since a search needs some hundred comparisons."""
    key = (comparison.scenario, id(comparison.book), moved.path, moved.low, moved.high, goal)
    last = st.session_state.get(_LAST)
    if last is None or last[0] != key:
        if goal[0] == BREAKEVEN:
            result = seek_breakeven(comparison, moved, goal[1] * TOKENS_PER_MTOK)
        else:
            result = seek_equal(comparison, moved, goal[0], int(goal[1]))
        last = st.session_state[_LAST] = (key, result)
    kept: GoalSeekResult = last[1]
    return kept


def _answer(comparison: Comparison, result: GoalSeekResult, label: str) -> None:
    with st.container(key="seek_answer"):
        st.markdown(f"**{markdown_safe(render(answer_sentence(result)))}**")
    rows = sought_rows(comparison, result)
    names = (t("break-even"), t("wanted"))
    colour = charts.colours([render(outcome.name) for outcome in comparison.outcomes])
    if result.first is not None and result.second is not None:
        names = (render(result.first.name), render(result.second.name))
    if any(row.first is not None for row in rows):
        st.echarts_chart(
            what_if_charts.sought(
                rows, names, colour, label, result.roots.values, logarithmic=result.lever.is_wide
            ),
            key="chart_seek",
            height=340,
            alt=t("Lines: both sides along the input that is solved for"),
        )
    csv_button(f"{comparison.scenario.id}-seek", SoughtRow, lambda: rows, "csv_seek")
