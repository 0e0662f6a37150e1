"""The editor's changes to ranges: each leaves a scenario that can be drawn and saved."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costing.scenario.input_ranges import SHAPES, Correlation, InputRange, Range
from costing.scenario.range_edit import (
    ENDS,
    of_shape,
    renumbered,
    with_correlation,
    with_end,
    with_range,
    with_values,
    without_correlation,
    without_range,
)
from costing.scenario.range_paths import range_error
from costing.scenario.scenario_yaml import dump, read
from i18n.errors import CrossoverError

from ...support.factories import STUFFED, TUNED, scenario

ANSWER = InputRange("tokens.answer", 0.5, 1.0, 2.0)


def test_a_range_that_was_put_in_is_saved_with_the_scenario() -> None:
    changed = with_range(scenario(STUFFED, TUNED), ANSWER)
    assert read(dump(changed), "f.yaml").ranges == (ANSWER,)


def test_a_second_range_of_an_input_takes_the_place_of_the_first() -> None:
    once = with_range(scenario(STUFFED), ANSWER)
    twice = with_range(
        with_range(once, InputRange("turns", 1, 2, 3, "uniform")), InputRange("tokens.answer", 1, 1, 1)
    )
    assert [input_range.path for input_range in twice.ranges] == ["tokens.answer", "turns"]
    assert twice.ranges[0].high == 1
    assert without_range(twice, "tokens.answer").ranges == (InputRange("turns", 1, 2, 3, "uniform"),)


@given(
    low=st.floats(0.01, 100), width=st.floats(0, 100), end=st.sampled_from(ENDS), value=st.floats(0.01, 300)
)
def test_moving_any_end_leaves_ends_that_rise(low: float, width: float, end: str, value: float) -> None:
    moved = with_end(InputRange("tokens.answer", low, low + width / 2, low + width), end, value)
    assert range_error(moved, ()) is None
    assert getattr(moved, end) == value


@pytest.mark.parametrize("shape", [*SHAPES, "fixed"])
def test_every_shape_can_be_made_of_every_other(shape: str) -> None:
    for now in (Range(0.5, 1, 2), Range.of_values([1, 2, 4]), Range(1, 1, 1)):
        reshaped = of_shape("tokens.answer", now, shape)
        assert range_error(reshaped, ()) is None
        span = reshaped.range(1.0)
        assert span is not None
        assert span.is_point == (shape == "fixed" or now.is_point)
        assert span.likely == now.likely


def test_values_are_read_however_they_are_parted() -> None:
    assert with_values("tokens.answer", "4, 1;2  2").values == (1, 2, 2, 4)


@pytest.mark.parametrize(("text", "says"), [("1, two", "is not a list of numbers"), ("", "0 values (write")])
def test_bad_values_are_one_clear_line(text: str, says: str) -> None:
    with pytest.raises(CrossoverError) as error:
        with_values("tokens.answer", text)
    assert says in str(error.value)


def test_a_range_beyond_what_the_input_may_be_is_refused() -> None:
    with pytest.raises(CrossoverError, match=r"ranges\.turns: .* is outside 1 to 100"):
        with_range(scenario(STUFFED), InputRange("turns", 1, 2, 200))


def test_correlations_come_and_go_in_either_order_of_the_two() -> None:
    once = with_correlation(scenario(STUFFED), Correlation("turns", "tokens.answer", 0.5))
    again = with_correlation(once, Correlation("tokens.answer", "turns", -0.3))
    assert again.correlations == (Correlation("tokens.answer", "turns", -0.3),)
    assert without_correlation(again, "turns", "tokens.answer").correlations == ()


def test_correlations_that_contradict_one_another_are_refused_as_they_are_made() -> None:
    edited = with_correlation(scenario(STUFFED), Correlation("turns", "tokens.answer", 0.6))
    edited = with_correlation(edited, Correlation("tokens.answer", "tokens.question", 0.6))
    with pytest.raises(CrossoverError, match="contradict"):
        with_correlation(edited, Correlation("turns", "tokens.question", -0.95))


def test_ranges_follow_their_strategy_when_another_is_removed() -> None:
    epochs = InputRange("strategies.2.epochs", 1, 2, 3, "triangular")
    edited = with_range(scenario(STUFFED, TUNED), epochs)
    edited = with_correlation(edited, Correlation("strategies.2.epochs", "turns", 0.5))
    first_gone = renumbered(edited, lambda place: place - 1 if place else None)
    assert [kept.path for kept in first_gone.ranges] == ["strategies.1.epochs"]
    assert first_gone.correlations == (Correlation("strategies.1.epochs", "turns", 0.5),)
    itself_gone = renumbered(edited, lambda place: None if place == 1 else place)
    assert itself_gone.ranges == ()
    assert itself_gone.correlations == ()
