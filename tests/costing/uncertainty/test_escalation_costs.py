"""Where people count, they are in what is drawn, as they are in the verdict."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from costing.cli.uncertainty import document, printout
from costing.cli.what_if import map_document, map_printout
from costing.comparison.compare import Comparison, compare
from costing.comparison.resolution import horizon_usd, ranked, ranked_usd, ranked_usd_at
from costing.reports.bands import month_bands
from costing.reports.cost_basis import with_people
from costing.reports.uncertainty import distributions, swings
from costing.reports.uncertainty_sentences import impossible, reversal_inputs
from costing.reports.what_if import cheapest_by_inputs, goal_seek_curve
from costing.scenario.input_ranges import InputRange
from costing.scenario.requirements import RESOLVED_REQUEST, Needs
from costing.scenario.scenario import Scenario
from costing.scenario.uncertain_fields import ESCALATION
from costing.uncertainty.monte_carlo import uncertainty
from costing.uncertainty.strategy_costs import SampledStrategy
from costing.uncertainty.what_if import lever, levers, seek_equal, winner_map
from i18n.errors import CrossoverError

from ...support.factories import HOSTED, book, choice, model_price, scenario
from ...support.uncertainty import all_fixed

MEETING: float = 0.800054209
"""Share of the tuned strategy at which it costs as much as the other, worked by hand in test_decision.py."""


def people(stuffed_share: float = 0.8, tuned_share: float = 0.9, **changes: Any) -> Scenario:
    needs = Needs(escalation_usd=5.0, rank_by=RESOLVED_REQUEST)
    return scenario(
        choice("stuffed_prompt", model="acme/large", resolved_share=stuffed_share),
        choice("fine_tuned", offer="acme/tuned", resolved_share=tuned_share),
        **{"needs": needs, **changes},
    )


def priced(**changes: Any) -> Comparison:
    return compare(people(**changes), book())


@settings(max_examples=20, deadline=None)
@given(
    drawn=st.lists(
        st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(0, 50), st.floats(1, 1e5)),
        min_size=1,
        max_size=5,
    )
)
def test_draws_of_quality_and_of_people_are_a_loop_of_scenarios(drawn: list[tuple[float, ...]]) -> None:
    columns = np.array(drawn).T
    paths = ("strategies.1.resolved_share", "strategies.2.resolved_share", ESCALATION, "requests_per_day")
    values = dict(zip(paths, columns, strict=True))
    comparison = priced()
    usd = [SampledStrategy(comparison, place, values, len(drawn)).usd_per_month() for place in (0, 1)]
    for draw, (stuffed, tuned, each, volume) in enumerate(drawn):
        needs = Needs(escalation_usd=each, rank_by=RESOLVED_REQUEST)
        alone = priced(stuffed_share=stuffed, tuned_share=tuned, needs=needs, requests_per_day=volume)
        for place, outcome in enumerate(alone.outcomes):
            assert usd[place][draw] == pytest.approx(float(ranked_usd(alone, outcome)), rel=1e-9, abs=2e-6)


def test_without_any_width_it_is_the_verdict_with_people() -> None:
    comparison = all_fixed(priced(growth_share_per_month=0.03))
    result = uncertainty(comparison, 20)
    assert [distribution.cheapest.share for distribution in result.strategies] == [0, 1]
    for distribution in result.strategies:
        assert distribution.usd_per_month is not None
        assert distribution.horizon_usd is not None
        assert distribution.usd_per_month.p50 == pytest.approx(
            float(ranked_usd(comparison, distribution.outcome))
        )
        assert distribution.horizon_usd.p50 == pytest.approx(
            float(horizon_usd(comparison, distribution.outcome))
        )
        at = ranked_usd_at(comparison, distribution.outcome, distribution.volumes.at)
        assert distribution.volumes.p50 == pytest.approx(np.asarray(at))


def test_the_cheapest_is_the_one_whose_resolved_share_is_large_enough() -> None:
    spread = (0.7, MEETING - 1e-6, MEETING + 1e-6, 0.9)
    own = InputRange("strategies.2.resolved_share", spread[0], 0.8, spread[-1], "values", spread)
    comparison = all_fixed(priced())
    fixed = tuple(input_range for input_range in comparison.scenario.ranges if input_range.path != own.path)
    result = uncertainty(
        replace(comparison, scenario=replace(comparison.scenario, ranges=(*fixed, own))), 400
    )
    tuned = result.usd[1] < result.usd[0]
    assert 0.4 < result.strategies[1].cheapest.share < 0.6
    assert result.strategies[1].cheapest.share == pytest.approx(float(np.mean(tuned)))
    assert "Automatic resolution rate" in str(reversal_inputs(result))
    assert result.evpi is not None
    assert result.evpi.inputs[0].input.path == own.path
    assert result.evpi.inputs[0].usd_per_month > 0


def test_a_reference_without_a_share_stands_without_people_and_says_so() -> None:
    reference = choice("pre_training", deployment="open-10b-1xg1")
    comparison = compare(replace(people(), strategies=(*people().strategies, reference)), book())
    result = uncertainty(comparison, 100)
    assert distributions(result)["includes_people"].tolist() == [True, True, False]
    for table in (month_bands(result), swings(result)):
        reference_rows = table[table["strategy"].str.contains("Pre-training")]
        assert len(reference_rows)
        assert not reference_rows["includes_people"].any()
    assert "is a reference without a resolved share" in str(with_people(comparison))


def test_what_is_missing_to_count_people_is_said() -> None:
    own = InputRange("strategies.2.resolved_share", 0.7, 0.8, 0.9)
    start = people(ranges=(own,), needs=Needs(rank_by=RESOLVED_REQUEST))
    with pytest.raises(CrossoverError, match="the cost of a request that goes to people is not given"):
        uncertainty(compare(start, book()), 10)


def test_why_a_strategy_is_not_possible_in_a_draw_is_said() -> None:
    long = InputRange("tokens.question", 0.5, 1.0, 400_000.0, "values", (0.5, 1.0, 400_000.0))
    result = uncertainty(
        compare(scenario(choice("stuffed_prompt", model="acme/large"), ranges=(long,)), book()), 300
    )
    (sentence,) = impossible(result)
    assert "is possible in only 6" in str(sentence)
    assert "context window" in str(sentence) or "window" in str(sentence)
    assert str(sentence) in printout(result)
    assert document(result)["strategies"][0]["refusal"] is not None
    always_possible = uncertainty(
        compare(scenario(choice("stuffed_prompt", model="acme/large")), book()), 100
    )
    assert impossible(always_possible) == []


def test_the_break_even_knows_cost_alone() -> None:
    plain = scenario(choice("stuffed_prompt", model="acme/large", resolved_share=0.8), HOSTED)
    hosted = replace(HOSTED, settings={**HOSTED.settings, "resolved_share": 0.5})
    counted = replace(
        plain,
        strategies=(plain.strategies[0], hosted),
        needs=Needs(escalation_usd=5.0, rank_by=RESOLVED_REQUEST),
    )
    without, with_them = (uncertainty(compare(start, book()), 50).breakeven for start in (plain, counted))
    assert without is not None
    assert with_them is not None
    assert without.tokens_per_day is not None
    assert with_them.tokens_per_day == without.tokens_per_day


def test_maps_and_goal_seeks_count_people_as_the_verdict_does() -> None:
    comparison = priced()
    share = lever(comparison, "strategies.2.resolved_share")
    winners = winner_map(comparison, share.between(0.7, 0.9), lever(comparison, ESCALATION).between(4, 6))
    winners_at_5_usd = winners.winner[int(np.argmin(np.abs(winners.up_values - 5)))]
    assert (winners_at_5_usd == np.where(winners.across_values > MEETING, 1, 0)).all()
    assert comparison.outcomes[winners.current] == ranked(comparison)[0]
    assert cheapest_by_inputs(comparison, winners)["includes_people"].all()
    sought = seek_equal(comparison, share.between(0.7, 0.9), 0, 1)
    assert sought.roots.values == pytest.approx([MEETING], abs=1e-6)
    assert set(goal_seek_curve(comparison, sought)["unit"]) == {"USD per month, with people"}


def test_quality_is_no_lever_where_people_do_not_count() -> None:
    counted = {input_lever.path for input_lever in levers(priced())}
    alone = {input_lever.path for input_lever in levers(priced(needs=Needs()))}
    assert counted - alone == {"strategies.1.resolved_share", "strategies.2.resolved_share", ESCALATION}
    assert not [path for path in counted if path.endswith("_ms")]


def test_whether_people_are_in_an_amount_is_said() -> None:
    comparison = priced()
    result = uncertainty(comparison, 100)
    assert document(result)["counts_people"] is True
    assert distributions(result)["includes_people"].all()
    assert distributions(result)["usd_per_month"][0] == pytest.approx(30_528.8125)
    assert "People are counted" in printout(result)
    share, escalation = lever(comparison, "strategies.2.resolved_share"), lever(comparison, ESCALATION)
    cells = winner_map(comparison, share, escalation)
    assert "People are counted" in map_printout(comparison, cells)
    assert map_document(comparison, cells)["counts_people"] is True
    alone = priced(needs=Needs())
    assert with_people(alone) is None
    assert not distributions(uncertainty(alone, 100))["includes_people"].any()


@pytest.mark.parametrize("is_ranged", [False, True], ids=["unknown", "a range"])
def test_a_strategy_possible_in_some_draws_alone_is_not_ranked_without_its_people(is_ranged: bool) -> None:
    """Its window is too short for the scenario's own lengths, so that nobody had to state its share."""
    start = people()
    short = choice("stuffed_prompt", model="acme/short")
    length = InputRange("tokens.question", 0.01, 1.0, 1.0, "uniform")
    volume = InputRange("requests_per_day", 1000, 1000, 1000)
    share = InputRange("strategies.3.resolved_share", 0.5, 0.5, 0.5)
    ranges = (volume, length, share) if is_ranged else (volume, length)
    start = replace(start, strategies=(*start.strategies, short), ranges=ranges)
    result = uncertainty(compare(start, book(model_price(id="acme/short", context_window_tokens=600))), 200)
    assert result.comparison.outcomes[2].infeasible_reason is not None
    assert result.strategies[2].cheapest.share == 0
    if is_ranged:
        assert 0 < result.strategies[2].possible_share < 1
        assert np.nanmin(result.usd[2]) > 0.5 * 30_437.5 * 5  # half of the requests go to people
    else:
        assert result.strategies[2].usd_per_month is None
