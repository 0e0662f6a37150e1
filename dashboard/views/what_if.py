"""What-if analyses of the risk view: the cheapest option over two inputs, and goal seek for one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pandas as pd
import streamlit as st

from costing.comparison.compare import Comparison
from costing.reports.what_if import cheapest_by_inputs, goal_seek_curve
from costing.reports.what_if_sentences import answer_sentence, map_sentence
from costing.uncertainty.inputs import is_factor, is_share, value_text
from costing.uncertainty.what_if import GoalSeekResult, Lever, levers, seek_breakeven, seek_equal, winner_map
from i18n.errors import CrossoverError
from i18n.message import message

from .. import session as state
from ..components.downloads import frame_button
from ..components.figure import figure
from ..components.page_frame import say_errors
from ..figures import what_if as figures_of
from ..figures.palette import palette
from ..figures.template import AxisType
from ..language import distinct, in_brackets, markdown_safe, render, t, translator

BREAKEVEN: Final = -1
MAP_HEIGHT: Final = 440
_USUAL_TOKENS_PER_DAY: Final = 25_000_000.0


def _names(every: Mapping[str, Lever]) -> dict[str, str]:
    """Path -> label with its unit; with the path too if two labels are equal."""
    names = distinct({path: render(item.label) for path, item in every.items()})
    return {path: in_brackets(name, unit) if (unit := _unit(path)) else name for path, name in names.items()}


def _unit(path: str) -> str:
    return "%" if is_share(path) else "×" if is_factor(path) else ""


def _percent(path: str) -> float:
    """Factor from a value in the scenario to that on the screen."""
    return 100.0 if is_share(path) else 1.0


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


def _span(lever: Lever, key: str) -> Lever | None:
    """Render the range of values to examine; another input starts with its own range.

    None if the range is not valid; the error is then shown below the two inputs.
    """
    unit = _percent(lever.path)
    now = float(f"{lever.low * unit:.12g}"), float(f"{lever.high * unit:.12g}")
    left, right = st.columns(2)
    title = " (%)" if unit != 1 else ""
    low = left.number_input(t("From") + title, value=now[0], key=f"{key}_low_{lever.path}", format="%.6g")
    high = right.number_input(t("To") + title, value=now[1], key=f"{key}_high_{lever.path}", format="%.6g")
    if (low, high) == now:
        return lever
    if not low < high:
        say_errors(CrossoverError(message("“From” must be less than “To” (change one of them)")))
        return None
    return lever.between(float(f"{low / unit:.12g}"), float(f"{high / unit:.12g}"))


def _scale(lever: Lever) -> AxisType:
    return "log" if lever.is_wide and not lever.whole else "linear"


def show_map(comparison: Comparison) -> None:
    """Render the map of the cheapest option over two inputs."""
    st.caption(
        t(
            "Each cell compares all options, with all other inputs as in the scenario. The ring marks your "
            "inputs. An option that is not on the map is the cheapest nowhere."
        )
    )
    try:
        every = {item.path: item for item in levers(comparison)}
    except CrossoverError as error:
        say_errors(error)
        return
    names = _names(every)
    left, right = st.columns(2)
    with left:
        across = _span(_chosen(t("Horizontal axis"), "map_across", every, names, 0), "map_across")
    with right:
        up = _span(_chosen(t("Vertical axis"), "map_up", every, names, 1), "map_up")
        if across is None or up is None:
            return
        try:
            winners = winner_map(comparison, across, up)
        except CrossoverError as error:
            say_errors(error)
            return
    st.markdown(f"**{markdown_safe(render(map_sentence(comparison, winners)))}**")
    table = cheapest_by_inputs(comparison, winners, translator())
    units = {"across_value": _percent(across.path), "up_value": _percent(up.path)}
    shown = table.assign(**{name: table[name] * unit for name, unit in units.items()})
    figure(
        figures_of.cheapest_map(
            shown,
            palette(render(outcome.name) for outcome in comparison.outcomes),
            (names[across.path], names[up.path]),
            (_now(across), _now(up)),
            (_scale(across), _scale(up)),
        ),
        key="chart_input_map",
        height=MAP_HEIGHT,
        alt=t("Heat map: the cheapest option by the values of two inputs"),
    )
    frame_button(f"{comparison.scenario.id}-map", lambda: table, "csv_input_map")


def _now(lever: Lever) -> float | None:
    """The value in the scenario as on the screen; None if it is blank or outside the range."""
    if lever.usual is None or not lever.low <= lever.usual <= lever.high:
        return None
    return lever.usual * _percent(lever.path)


def show_seek(comparison: Comparison) -> None:
    """Render the goal seek: the value of one input at which two options cost the same."""
    st.caption(t("Finds the value of one input that reaches a goal; all other inputs stay the same."))
    try:
        every = {item.path: item for item in levers(comparison)}
    except CrossoverError as error:
        say_errors(error)
        return
    names = _names(every)
    left, right = st.columns(2)
    with left:
        moved = _span(_chosen(t("Change this input"), "seek_input", every, names, 0), "seek_input")
    with right:
        goal = _goal(comparison)
        if moved is None or goal is None:
            return
        try:
            result = _kept(comparison, moved, goal)
        except CrossoverError as error:
            say_errors(error)
            return
    _answer(comparison, result, names[moved.path])


def _goal(comparison: Comparison) -> tuple[int, float] | None:
    """Render the goal; returns two options, or BREAKEVEN and a number of tokens per day.

    None if there is only one option; that is then said.
    """
    strategies = [render(outcome.name) for outcome in comparison.outcomes]
    goals = {BREAKEVEN: t("Break-even of self-hosting"), **dict(enumerate(strategies))}
    first_choices = [place for place in goals if place != BREAKEVEN or _has_breakeven(comparison)]
    first = st.selectbox(
        t("Goal: this option"),
        first_choices,
        index=len(first_choices) - len(strategies),
        format_func=goals.__getitem__,
        key=state.key("seek_first"),
    )
    if first == BREAKEVEN:
        target = st.number_input(
            t("is at this many tokens per day"),
            min_value=1000.0,
            max_value=1e15,
            value=_USUAL_TOKENS_PER_DAY,
            step=1_000_000.0,
            format="%.0f",
            key="seek_target",
        )
        return BREAKEVEN, float(target)
    others = [place for place in range(len(strategies)) if place != first]
    if not others:
        st.info(t("There is only one option: add another to compare it with."))
        return None
    second = st.selectbox(
        t("costs the same as"),
        others,
        format_func=goals.__getitem__,
        key=state.key(f"seek_second_{first}"),
    )
    return first, float(second)


def _has_breakeven(comparison: Comparison) -> bool:
    own = [outcome.strategy.is_self_hosted for outcome in comparison.choices]
    return any(own) and not all(own)


def _kept(comparison: Comparison, moved: Lever, goal: tuple[int, float]) -> GoalSeekResult:
    """Kept result, since a search needs some hundred comparisons."""

    def search() -> GoalSeekResult:
        if goal[0] == BREAKEVEN:
            return seek_breakeven(comparison, moved, goal[1])
        return seek_equal(comparison, moved, goal[0], int(goal[1]))

    return state.derived("goal seek", (comparison, moved.path, moved.low, moved.high, goal), search)


def _answer(comparison: Comparison, result: GoalSeekResult, label: str) -> None:
    with st.container(key="seek_answer"):
        st.markdown(f"**{markdown_safe(render(answer_sentence(result)))}**")
    table = goal_seek_curve(comparison, result)
    names = (t("Break-even"), t("Goal"))
    if result.first is not None and result.second is not None:
        names = (render(result.first.name), render(result.second.name))
    if table["first_value"].notna().any():
        path, unit = result.lever.path, _percent(result.lever.path)
        shown: pd.DataFrame = table.assign(input_value=table["input_value"] * unit)
        figure(
            figures_of.goal_seek(
                shown,
                palette(render(outcome.name) for outcome in comparison.outcomes),
                names,
                label,
                {value * unit: value_text(path, value) for value in result.roots.values},
                _scale(result.lever),
            ),
            key="chart_seek",
            height=figures_of.SEEK_HEIGHT,
            alt=t("Lines: both sides of the goal along the input"),
        )
    frame_button(f"{comparison.scenario.id}-seek", lambda: table, "csv_seek")
