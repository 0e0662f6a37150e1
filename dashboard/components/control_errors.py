"""Errors of a control, shown beside it: the rejected input stays in the control, the work as it was."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

import streamlit as st

from costing.scenario.scenario import Scenario
from i18n.errors import CrossoverError

from .. import session as state
from .page_frame import say_errors

_STORE: Final = "control_errors"
V = TypeVar("V")


def attempt(key: str, action: Callable[[], Scenario]) -> bool:
    """Replace the scenario by what `action` returns, or keep its error for the control; whether it worked."""
    return take(key, action, state.put)


def take(key: str, action: Callable[[], V], apply: Callable[[V], object]) -> bool:
    """Apply what `action` returns, or keep its error for the control `key`; whether it worked."""
    clear(key)
    try:
        apply(action())
    except CrossoverError as error:
        _errors()[key] = (state.scenario(), error)
        return False
    return True


def clear(key: str) -> None:
    """Remove the error of a control."""
    _errors().pop(key, None)


def say(*keys: str) -> None:
    """Show the errors of these controls."""
    for key in keys:
        error = _error_of(key)
        if error is not None:
            say_errors(error)


def seeded(key: str, value: Any) -> Any:
    """Like `session.seed`, but a control whose input was rejected keeps that input."""
    if _error_of(key) is not None and key in st.session_state:
        return state.value(key)
    return state.seed(key, value)


def _error_of(key: str) -> CrossoverError | None:
    """The error of a control; none after any later change of the scenario."""
    kept = _errors().get(key)
    return kept[1] if kept is not None and kept[0] is state.scenario() else None


def _errors() -> dict[str, tuple[Scenario, CrossoverError]]:
    """Key of a control -> the scenario as it was, and the error."""
    errors: dict[str, tuple[Scenario, CrossoverError]] = st.session_state.setdefault(_STORE, {})
    return errors
