"""Undo history: steps, drags, redo."""

from __future__ import annotations

from dashboard.history import MAX_STEPS, History


def test_undo_and_redo_walk_through_the_versions() -> None:
    history = History("a")
    history.put("b")
    history.put("c")
    history.undo()
    history.undo()
    assert (history.value, history.past, history.future) == ("a", [], ["c", "b"])
    history.redo()
    assert history.value == "b"
    history.redo()
    assert (history.value, history.future) == ("c", [])


def test_a_change_after_undo_ends_what_could_be_redone() -> None:
    history = History("a")
    history.put("b")
    history.undo()
    history.put("c")
    history.redo()
    assert history.value == "c"


def test_without_a_step_undo_and_redo_change_nothing() -> None:
    history = History("a")
    history.undo()
    history.redo()
    assert history == History("a")


def test_an_equal_value_is_no_step() -> None:
    history = History("a")
    history.put("a")
    assert history.past == []


def test_all_changes_of_one_drag_are_one_step() -> None:
    history = History(1)
    for value in (2, 3, 4):
        history.put(value, drag_id=7)
    history.put(5, drag_id=8)
    assert history.past == [1, 4]


def test_a_drag_back_to_its_start_is_no_step() -> None:
    history = History(1)
    history.put(2, drag_id=7)
    history.put(1, drag_id=7)
    assert (history.value, history.past) == (1, [])


def test_the_oldest_steps_are_dropped() -> None:
    history = History(0)
    for value in range(1, MAX_STEPS + 11):
        history.put(value)
    assert (len(history.past), history.past[0]) == (MAX_STEPS, 10)
