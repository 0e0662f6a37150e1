"""Labels and screen values of the claim page."""

from __future__ import annotations

from typing import Final

import pandas as pd
import streamlit as st

from costing.claim.driver import Driver
from costing.claim.history import LINES
from costing.reports.claim import TOKENS_PER_DAY
from costing.units import TOKENS_PER_MTOK, Unit
from i18n.large_number import scaled, scales_of
from i18n.message import N_, Translate, figure

from .. import session as state
from ..language import in_brackets, t, translator

LOWEST_TOKENS_PER_DAY: Final = 1e4
HIGHEST_TOKENS_PER_DAY: Final = 1e11

PERCENT: Final = N_("%")
PERCENT_PER_YEAR: Final = N_("% per year")
_PERCENT_UNITS: Final = {str(Unit.SHARE): PERCENT, str(Unit.SHARE_PER_YEAR): PERCENT_PER_YEAR}
SIDES: Final = {"api": N_("API"), "owned": N_("Self-hosted, bought"), "rented": N_("Self-hosted, rented")}


def labelled(driver: Driver) -> str:
    """Translated label of a driver with its unit; a plain count has none, a share is in percent."""
    unit = _PERCENT_UNITS.get(str(driver.unit), str(driver.unit))
    return in_brackets(t(driver.label), t(unit)) if unit else t(driver.label)


def shown(driver: Driver, value: float) -> float:
    """The value as it is on the screen: a share as a percentage."""
    return round(value * 100, 6) if driver.is_percent else value


def held(driver: Driver, screen_value: float) -> float:
    """The value of a driver that was typed on the screen."""
    return screen_value / 100 if driver.is_percent else screen_value


def with_line_names(table: pd.DataFrame) -> pd.DataFrame:
    """The frame with translated names of model lines."""
    return table.assign(model_line=[t(LINES[line]) for line in table["model_line"]])


def step_result(value: float, unit: str) -> str:
    """Value of a step of the derivation with its unit."""
    if unit in _PERCENT_UNITS:
        return f"{figure(value * 100, 3)}%"
    if unit == TOKENS_PER_DAY:
        return t("{volume} tokens per day").format(volume=scaled(value, translator()))
    return f"{figure(value, 5)} {t(unit)}"


def volume_input(key: str, label: str, tokens_per_day: float, step_tokens: float) -> float:
    """Render a number box of tokens per day in the usual scale of the language; returns tokens per day.

    The value is kept in tokens, so that it survives a change of the language.
    """
    size, word = volume_scale(translator())
    kept = f"{key}_tokens"
    tokens = float(st.session_state.setdefault(kept, tokens_per_day))
    widget = state.key(key)

    def apply() -> None:
        st.session_state[kept] = float(state.value(widget)) * size

    unit = t("{scale} tokens per day").format(scale=word)
    st.number_input(
        in_brackets(label, unit),
        min_value=LOWEST_TOKENS_PER_DAY / size,
        max_value=HIGHEST_TOKENS_PER_DAY / size,
        value=state.seed(widget, round(tokens / size, 6)),
        step=step_tokens / size,
        format="%.6g",
        key=widget,
        on_change=apply,
    )
    return tokens


def volume_scale(translate: Translate) -> tuple[float, str]:
    """Size and word of the largest scale up to a million in the language: (1e6, "M") or (1e4, "萬")."""
    scales = [(size, word) for size, word in scales_of(translate) if size <= TOKENS_PER_MTOK]
    return scales[-1]


def in_percent(table: pd.DataFrame, *values: str) -> pd.DataFrame:
    """The frame with shares of these columns as percentages, by the row's `unit`."""
    share = table["unit"].isin(list(_PERCENT_UNITS))
    changed = {name: table[name].where(~share, table[name] * 100) for name in values}
    return table.assign(**changed, unit=table["unit"].replace(_PERCENT_UNITS))
