"""Inputs bound to a field of the scenario: they show its value and change it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal

import streamlit as st

from costing.reports.comparison import reference_tokens
from costing.scenario.scenario import LIMITS, Part
from costing.strategy.base import Knob, Setting
from costing.tokenization.text_language import text_kind
from costing.units import Unit
from i18n.errors import CrossoverError

from .. import session as state
from ..language import in_brackets, t


def scenario_number(
    name: str,
    key: str,
    label: str,
    *,
    step: float,
    help: str | None = None,
    format: str | None = None,
    collapsed: bool = False,
    width: int | Literal["stretch"] = "stretch",
    is_percent: bool = False,
) -> None:
    """Render a number of the scenario, within its limits; a share may be shown as percent."""
    limits, factor = LIMITS[name], 100 if is_percent else 1
    kind: Callable[[float], float] = int if limits.whole else float
    st.number_input(
        label,
        value=state.seed(key, shown_number(kind(getattr(state.scenario(), name)), is_percent)),
        min_value=kind(limits.low * factor),
        max_value=kind(limits.high * factor),
        step=kind(step * factor),
        format=format or ("%.6g" if is_percent else None),
        key=key,
        on_change=apply_field,
        args=(name, key, is_percent),
        help=help,
        label_visibility="collapsed" if collapsed else "visible",
        width=width,
    )


def shown_number(value: float, is_percent: bool) -> float:
    """A share as percent, without the noise of the multiplication."""
    return round(value * 100, 8) if is_percent else value


def number_of(shown: float, is_percent: bool) -> float:
    """The value behind a shown number."""
    return round(shown / 100, 10) if is_percent else shown


def with_unit(label: str, unit: str) -> str:
    """Translated label with its unit in brackets; a plain count has none, and a share is percent."""
    if unit == Unit.COUNT:
        return t(label)
    shown: dict[str, str] = {Unit.SHARE: "%", Unit.SHARE_PER_YEAR: t("% per year")}
    return in_brackets(t(label), shown.get(unit) or t(unit))


def apply_field(name: str, key: str, is_percent: bool = False) -> None:
    """Set a field of the scenario to the value of a widget."""
    changes: dict[str, Any] = {
        name: number_of(state.value(key), is_percent) if is_percent else state.value(key)
    }
    state.put(replace(state.scenario(), **changes))


def part_tokens_number(part: str, key: str, label: str) -> None:
    """Render the length of a part of the request; a typed number takes the place of its text."""
    limits = LIMITS["tokens"]
    try:
        tokens = round(reference_tokens(state.scenario(), state.book(), part))
    except CrossoverError:  # shown in place of the answer
        tokens = 0
    st.number_input(
        label,
        value=state.seed(key, tokens),
        min_value=int(limits.low),
        max_value=int(limits.high),
        step=50,
        key=key,
        on_change=_apply_part_tokens,
        args=(part, key),
        help=t("Counted as OpenAI's o200k_base counts them; other families follow by ratio."),
    )


def _apply_part_tokens(part: str, key: str) -> None:
    scenario = state.scenario()
    kind = text_kind(scenario.parts[part].text) if scenario.parts[part].text else scenario.parts[part].kind
    state.put(scenario.with_part(part, Part(tokens=int(state.value(key)), kind=kind)))


def knob_input(
    key: str,
    knob: Knob,
    current: Setting,
    apply: Callable[..., None],
    about: tuple[Any, ...],
    *,
    is_mixed: bool = False,
) -> None:
    """Render a declared number, switch or choice; `apply` receives the widget's key and `about`.

    `is_mixed`: several options differ in it, so that no number is shown until one is typed for all.
    """
    label = with_unit(knob.label, knob.unit)
    common: dict[str, Any] = {"on_change": apply, "help": t(knob.help)}
    if knob.kind == "choice":
        key = state.key(key)
        shown = {value: t(text) for value, text in knob.choices.items()}
        st.selectbox(
            label,
            list(shown),
            index=list(shown).index(str(state.seed(key, current))),
            format_func=shown.__getitem__,
            key=key,
            args=(key, *about),
            **common,
        )
        return
    if knob.kind == "switch":
        st.toggle(label, value=state.seed(key, bool(current)), key=key, args=(key, *about), **common)
        return
    is_percent = is_share(knob)
    is_whole = knob.kind == "integer" and not is_percent
    number: Callable[[float], float] = int if is_whole else float
    factor = 100 if is_percent else 1
    may_be_blank = knob.default is None or is_mixed
    value = None if current is None or is_mixed else shown_number(number(float(current)), is_percent)
    shown_value = state.seed(key, value)
    st.number_input(
        label,
        min_value=number((knob.low or 0) * factor),
        max_value=number((knob.high or 0) * factor),
        step=number((knob.step or 1) * factor),
        value=None if may_be_blank else shown_value,  # None: it may be left blank
        placeholder=_placeholder(knob, is_mixed) if may_be_blank else None,
        format=None if is_whole else "%.6g",
        key=key,
        args=(key, *about),
        **common,
    )


def knob_value(key: str, knob: Knob) -> Setting:
    """What a widget of `knob_input` holds, as the knob's value."""
    value: Setting = state.value(key)
    if knob.kind in ("choice", "switch") or value is None:
        return value
    number = number_of(float(value), is_share(knob))
    return int(number) if knob.kind == "integer" else number


def is_share(knob: Knob) -> bool:
    """Whether it is shown and typed as percent."""
    return knob.unit in (Unit.SHARE, Unit.SHARE_PER_YEAR)


def _placeholder(knob: Knob, is_mixed: bool) -> str:
    """What applies while a number is left blank."""
    if is_mixed:
        return t("differs by option")
    return t(knob.blank) if knob.blank else t("from the price table")
