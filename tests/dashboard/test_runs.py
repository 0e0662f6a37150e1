"""Runs of a session: the value of a control while the browser is behind."""

from __future__ import annotations

from typing import Any

import pytest
import streamlit as st

from dashboard import runs


@pytest.fixture
def state(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A session in its third run, whose browser has drawn the second."""
    values: dict[str, Any] = {"runs": runs.Runs(number=3), "run_number": 2, "price": 4.0}
    monkeypatch.setattr(st, "session_state", values)
    return values


def test_a_browser_that_is_behind_does_not_take_back_a_value_that_the_server_has_set(
    state: dict[str, Any],
) -> None:
    runs.replace_value("price", 17.77)
    assert runs.value_of("price") == 17.77
    state["price"] = 4.0  # as the browser still has it
    assert runs.value_of("price") == 17.77


def test_a_browser_that_has_drawn_the_new_value_may_set_the_old_one_again(state: dict[str, Any]) -> None:
    runs.replace_value("price", 17.77)
    state["price"], state["run_number"] = 4.0, 3
    assert runs.value_of("price") == 4.0


def test_a_third_value_is_the_reader_s_own(state: dict[str, Any]) -> None:
    runs.replace_value("price", 17.77)
    state["price"] = 5.0
    assert runs.value_of("price") == 5.0


def test_a_control_of_the_first_run_has_replaced_nothing(state: dict[str, Any]) -> None:
    runs.replace_value("new", 1)
    state["new"] = 2
    assert runs.value_of("new") == 2
    assert state["runs"].replaced == {}
