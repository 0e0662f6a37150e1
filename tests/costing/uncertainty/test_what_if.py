"""Maps of two inputs and goal-seek for one: what another value would change."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from costing.comparison.compare import Comparison, compare
from costing.reports.what_if import cheapest_by_inputs, goal_seek_curve
from costing.reports.what_if_sentences import answer_sentence, map_sentence
from costing.scenario.input_ranges import InputRange
from costing.scenario.library import load_scenario
from costing.scenario.range_paths import range_error
from costing.scenario.traffic import S_CURVE, Traffic
from costing.scenario.uncertain_fields import GROWTH
from costing.uncertainty.inputs import inputs_of
from costing.uncertainty.what_if import (
    Lever,
    lever,
    levers,
    seek_breakeven,
    seek_equal,
    starting_range,
    winner_map,
)
from i18n.errors import CrossoverError
from i18n.message import message

from ...support.cli import printed, refusal
from ...support.factories import HOSTED, STUFFED, TUNED, book, choice, frozen_book, model_price, scenario


def two(**changes: Any) -> Comparison:
    """A model at 2 and 10 USD per Mtok and one at 3 and 8."""
    other = choice("stuffed_prompt", "other", model="acme/other")
    rows = model_price(id="acme/other", name="other", input_usd_per_mtok=3, output_usd_per_mtok=8)
    return compare(scenario(STUFFED, other, **changes), book(rows))


# --- the map


def test_every_cell_names_the_strategy_that_the_comparison_names_there() -> None:
    comparison = compare(load_scenario("brand_voice"), frozen_book())
    winners = winner_map(
        comparison, lever(comparison, "requests_per_day"), lever(comparison, "peak_to_average"), 5
    )
    for i, peak in enumerate(winners.up_values.tolist()):
        for j, volume in enumerate(winners.across_values.tolist()):
            there = replace(comparison.scenario, requests_per_day=volume, peak_to_average=peak)
            best = compare(there, frozen_book()).choices[0]
            assert comparison.outcomes[int(winners.winner[i, j])].strategy.label == best.strategy.label
            assert winners.usd[i, j] == pytest.approx(float(best.usd_per_month), abs=2e-6)


@pytest.mark.parametrize(
    ("path", "changes", "why"),
    [
        ("peak_to_average", {"hour_shares": (0.5, *(0.0,) * 22, 0.5)}, "the hours of the day say"),
        ("seconds_between_turns", {"turns": 1}, "one turn only"),
        ("tokens.tool_result", {}, "no tools are called"),
        ("input_share", {"turns": 2}, "answers are sent again as input"),
        ("input_share", {"tool_calls_per_request": 0.5}, "answers are sent again as input"),
        ("growth_share_per_month", {"traffic": Traffic(S_CURVE)}, "does not grow by a monthly share"),
    ],
)
def test_an_input_that_means_nothing_here_is_neither_moved_nor_drawn(
    path: str, changes: dict[str, Any], why: str
) -> None:
    usual, changed = two(), two(**changes)
    if path in ("peak_to_average", "input_share"):
        assert path in {input_lever.path for input_lever in levers(usual)}
    assert path not in {input_lever.path for input_lever in levers(changed)}
    with pytest.raises(CrossoverError, match=why if path != GROWTH else "choose another"):
        lever(changed, path)
    ranged = replace(changed, scenario=replace(changed.scenario, ranges=(InputRange(path, 0.5, 0.5, 0.6),)))
    with pytest.raises(CrossoverError, match=f"ranges.{path}: .*{why}"):
        inputs_of(ranged)


def test_the_border_of_a_map_is_where_two_prices_cross() -> None:
    # 2 i + 10 o = 3 i + 8 o at i = 2 o: with 100 tokens of answer, at 200 of question, a fifth of its 1,000.
    comparison = two()
    question = lever(comparison, "tokens.question").between(0.1, 0.3)
    winners = winner_map(comparison, question, lever(comparison, "requests_per_day"), 21)
    assert (winners.winner[:, winners.across_values < 0.199] == 1).all()
    assert (winners.winner[:, winners.across_values > 0.201] == 0).all()


@pytest.mark.parametrize("other", ["turns", "tool_calls_per_request"])
def test_a_map_does_not_cross_the_share_of_input_with_what_sends_answers_again(other: str) -> None:
    comparison = two()
    share = lever(comparison, "input_share")
    repeats = Lever(other, message("again"), 1, 1, 4, True)
    with pytest.raises(CrossoverError, match=rf"input_share and {other}: .*\(choose one of the two\)"):
        winner_map(comparison, share, repeats)
    with pytest.raises(CrossoverError, match=rf"{other} and input_share: "):
        winner_map(comparison, repeats, share)


def test_a_map_row_holds_both_values_and_who_is_cheapest() -> None:
    comparison = two()
    question = lever(comparison, "tokens.question").between(0.1, 2)
    winners = winner_map(comparison, question, lever(comparison, "turns"), 4)
    table = cheapest_by_inputs(comparison, winners)
    assert len(table) == winners.winner.size
    assert set(table["cheapest"]) <= {str(o.name) for o in comparison.outcomes}
    assert (table["same_as_now"] == (table["cheapest"] == str(comparison.outcomes[0].name))).all()


def test_cells_in_which_nothing_is_possible_are_blank_and_not_free() -> None:
    comparison = two()
    long = lever(comparison, "tokens.question").between(50, 200)
    winners = winner_map(comparison, long, lever(comparison, "requests_per_day"), 5)
    assert (winners.winner == -1).any()
    table = cheapest_by_inputs(comparison, winners)
    assert table["cheapest"].isna().sum() == (winners.winner == -1).sum()
    assert table.loc[table["cheapest"].isna(), "usd_per_month"].isna().all()


def test_a_map_that_nothing_turns_says_so() -> None:
    comparison = compare(scenario(STUFFED), book())
    winners = winner_map(comparison, lever(comparison, "turns"), lever(comparison, "requests_per_day"), 4)
    assert "the cheapest everywhere on the map" in str(map_sentence(comparison, winners))


# --- goal-seek


def test_the_input_at_which_two_strategies_cost_the_same_is_found() -> None:
    comparison = two()
    result = seek_equal(comparison, lever(comparison, "tokens.question"), 0, 1)
    assert result.roots.values == pytest.approx([0.2], rel=1e-6)
    assert "if Tokens of the question is 0.2 ×. Today it is 1 ×." in str(answer_sentence(result))


def test_an_impossible_goal_names_the_more_expensive_option_and_by_how_much() -> None:
    # The same price of output, a third less of input: never nearer than where there is most output.
    other = choice("stuffed_prompt", "other", model="acme/other")
    rows = model_price(id="acme/other", name="other", input_usd_per_mtok=3)
    comparison = compare(scenario(STUFFED, other), book(rows))
    result = seek_equal(comparison, lever(comparison, "requests_per_day"), 0, 1)
    assert result.roots.values == ()
    # 3 x 1,000 + 10 x 100 is 4,000; 2 x 1,000 + 10 x 100 is 3,000: a third more at every volume.
    assert "other stays at least 33% more expensive than Prompt stuffing · large (Acme)" in str(
        answer_sentence(result)
    )


def test_the_wanted_break_even_gives_the_price_that_makes_it() -> None:
    comparison = compare(load_scenario("claim_25m_rented"), frozen_book())
    rent = lever(comparison, "strategies.2.rent_usd_per_gpu_hour").between(0.5, 10)
    result = seek_breakeven(comparison, rent, 25e6)
    # 25 M x 30.4375 days at 4.375 USD per Mtok, over two GPUs for 730.5 hours.
    assert result.roots.values == pytest.approx([25 * 30.4375 * 4.375 / (2 * 730.5)], rel=1e-4)


def test_a_break_even_that_no_value_gives_is_explained() -> None:
    comparison = compare(load_scenario("claim_25m_rented"), frozen_book())
    result = seek_breakeven(comparison, lever(comparison, "turns").between(1, 2), 1e12)
    assert str(answer_sentence(result)).startswith(
        "Not possible: with Turns per conversation between 1 and 2"
    )


def test_the_curve_meets_the_goal_at_the_value_that_was_found() -> None:
    comparison = two()
    result = seek_equal(comparison, lever(comparison, "tokens.question").between(0.1, 0.3), 0, 1)
    table = goal_seek_curve(comparison, result)
    gaps = (table["first_value"] - table["second_value"]).dropna().tolist()
    assert gaps[0] > 0 > gaps[-1]
    assert set(table["unit"]) == {"USD per month"}


def test_every_lever_of_a_ready_scenario_can_be_moved() -> None:
    comparison = compare(load_scenario("product_handbook"), frozen_book())
    every = levers(comparison)
    assert len({input_lever.path for input_lever in every}) == len(every) > 20
    for input_lever in every:
        assert input_lever.low < input_lever.high
        values = input_lever.values(5)
        assert (np.diff(values) > 0).all()
        assert not input_lever.whole or (values == np.rint(values)).all()
        winner_map(
            comparison,
            input_lever,
            lever(comparison, "requests_per_day" if input_lever.path != "requests_per_day" else "turns"),
            3,
        )


@pytest.mark.parametrize("scenario_id", ["brand_voice", "product_handbook", "claim_25m_owned"])
def test_every_lever_has_a_range_to_start_from_that_can_be_drawn(scenario_id: str) -> None:
    comparison = compare(load_scenario(scenario_id), frozen_book())
    for path in (*(input_lever.path for input_lever in levers(comparison)), "growth_share_per_month"):
        span = starting_range(comparison, path)
        assert not span.is_point
        input_range = InputRange(path, span.low, span.likely, span.high, span.shape)
        assert range_error(input_range, comparison.scenario.strategies) is None


# --- bad input


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("tokens.answr", "tokens.answr: no such input; did you mean 'tokens.answer'?"),
        ("growth_share_per_month", "it moves the cost over time"),
        ("prices.nobody/none", "'nobody/none' is not used here"),
    ],
)
def test_an_input_that_cannot_be_moved_is_one_clear_line(path: str, says: str) -> None:
    with pytest.raises(CrossoverError) as error:
        lever(two(), path)
    assert len(error.value.errors) == 1
    assert says in str(error.value)


def test_the_same_input_twice_is_no_map() -> None:
    comparison = two()
    turns = lever(comparison, "turns")
    with pytest.raises(CrossoverError, match="twice the same input"):
        winner_map(comparison, turns, turns)


def test_a_break_even_needs_both_sides() -> None:
    comparison = two()
    with pytest.raises(CrossoverError, match="needs a hosted option and one on own servers"):
        seek_breakeven(comparison, lever(comparison, "turns"), 1e6)


def test_the_commands_print_one_json_object_and_write_what_they_print(tmp_path: Path) -> None:
    inputs = ("--across", "requests_per_day", "--up", "tokens.answer=0.5:2")
    report = json.loads(
        printed("map", "claim_25m_rented", *inputs, "--json", "--csv", str(tmp_path / "m.csv"))
    )
    assert report["up"]["low"] == 0.5
    assert len(report["cheapest"]) == len(report["up_values"])
    rows = (tmp_path / "m.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(rows) == 1 + len(report["up_values"]) * len(report["across_values"])
    sought = json.loads(
        printed("seek", "claim_25m_rented", "--input", "prices.openai/gpt-4o", "--equal", "1", "2", "--json")
    )
    # At 25 M tokens a day the two meet where the API costs 25.78 / 25 of what it does.
    assert sought["values"] == pytest.approx([25.783 / 25], rel=1e-3)


def test_the_map_in_letters_has_a_row_for_every_value(tmp_path: Path) -> None:
    text = printed("map", "claim_25m_owned", "--across", "requests_per_day", "--up", "turns")
    assert "A: Prompt stuffing · GPT-4o (OpenAI)" in text
    assert "up:     turns" in text


@pytest.mark.parametrize("command", ["map", "seek"])
def test_the_inputs_there_are_come_a_line_each(command: str) -> None:
    lines = printed(command, "brand_voice", "--inputs").splitlines()
    listed = json.loads(printed(command, "brand_voice", "--inputs", "--json"))
    assert [line.split()[0] for line in lines] == [row["path"] for row in listed]
    volume = listed[0]
    assert (volume["path"], volume["now"], volume["low"]) == ("requests_per_day", 20_000, 200)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("map", "brand_voice", "--across", "turns"), "--up: missing (name one of "),
        (("map", "brand_voice", "--across", "turns=3", "--up", "tokens.answer"), "'3' is no span"),
        (("map", "brand_voice", "--across", "turns=3:2", "--up", "tokens.answer"), "3 to 2 is no span"),
        (("seek", "brand_voice", "--input", "turns", "--equal", "1", "9"), "strategy 9: the scenario has 4"),
        (("seek", "brand_voice", "--input", "turns", "--equal", "1", "1"), "twice the same"),
        (("seek", "brand_voice", "--input", "turns", "--equal", "1", "other"), "no strategy 'other'"),
        (("seek", "brand_voice", "--input", "turns", "--breakeven", "-1"), "must be above 0"),
    ],
)
def test_bad_arguments_are_one_clear_line(arguments: tuple[str, ...], says: str) -> None:
    assert says in refusal(*arguments)


def test_strategies_of_every_kind_are_on_the_map() -> None:
    comparison = compare(scenario(STUFFED, TUNED, HOSTED), book())
    winners = winner_map(
        comparison,
        lever(comparison, "requests_per_day").between(10, 1e6),
        lever(comparison, "strategies.3.rent_usd_per_gpu_hour").between(0.1, 5),
    )
    assert set(np.unique(winners.winner)) == {0, 2}
