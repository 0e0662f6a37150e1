"""Comparison of a scenario's strategies: verdict, months, and infeasible strategies."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costing.comparison.breakeven import breakeven
from costing.comparison.compare import Comparison, add_months, compare
from costing.comparison.verdict import caveat, horizon_verdict, verdict
from costing.reports import comparison as report
from costing.scenario.library import load_scenario, shipped_ids
from costing.scenario.scenario import READY_NAMES, Part, Scenario, StrategyChoice
from i18n.errors import CrossoverError
from pricing.book import PriceBook
from pricing.rows import Fact
from tests.support.rows import rows_of
from tests.support.translation import translate_by

from ...support.factories import (
    DAY,
    HOSTED,
    STUFFED,
    TUNED,
    book,
    choice,
    deployment,
    estimated_tokenizer,
    frozen_book,
    gpu_rent,
    model_price,
    scenario,
    tuned_price,
)

every_scenario = pytest.mark.parametrize("scenario_id", shipped_ids())

SMALL = model_price(id="acme/small", name="small", input_usd_per_mtok=1, output_usd_per_mtok=5)
"""Half the price of acme/large."""
SMALL_CHOICE = choice("stuffed_prompt", model="acme/small")


def compared(scenario: Scenario, *rows: Fact) -> Comparison:
    return compare(scenario, book(*rows))


def names(comparison: Comparison) -> list[str]:
    return [str(outcome.name) for outcome in comparison.outcomes]


# --- the verdict


def test_the_verdict_names_the_cheapest_its_cost_and_its_lead() -> None:
    # large: 60.875 + 30.4375 = 91.3125 USD a month; small: half of it, 45.65625.
    comparison = compared(scenario(STUFFED, SMALL_CHOICE), SMALL)
    assert str(verdict(comparison)) == (
        "At 1,000 requests per day, Prompt stuffing · small (Acme) is cheapest: 45.66 USD per month, 50% "
        "below Prompt stuffing · large (Acme)."
    )
    assert [str(outcome.usd_per_month) for outcome in comparison.feasible] == ["45.656250", "91.312500"]


def test_a_tie_is_called_a_tie() -> None:
    comparison = compared(scenario(STUFFED, choice("stuffed_prompt", "twin", model="acme/large")))
    assert str(verdict(comparison)) == (
        "At 1,000 requests per day, Prompt stuffing · large (Acme) and twin cost the same: 91.31 USD per "
        "month."
    )
    assert [str(outcome.name) for outcome in comparison.feasible] == [
        "Prompt stuffing · large (Acme)",
        "twin",
    ]


def test_a_single_strategy_has_nothing_to_be_compared_with() -> None:
    assert str(verdict(compared(scenario(STUFFED)))) == (
        "At 1,000 requests per day, Prompt stuffing · large (Acme) costs 91.31 USD per month; "
        "there is nothing to "
        "compare it with."
    )


def test_where_nothing_can_be_used_the_verdict_says_so() -> None:
    comparison = compared(scenario(STUFFED), model_price(context_window_tokens=100))
    assert comparison.feasible == ()
    assert str(verdict(comparison)) == "None of these options can serve this workload; see the reasons below."
    assert horizon_verdict(comparison) is None


def test_a_strategy_that_cannot_serve_is_kept_with_its_reason() -> None:
    small_window = model_price(id="acme/small", name="small", context_window_tokens=1099)
    comparison = compared(scenario(SMALL_CHOICE, STUFFED), small_window)
    first, second = comparison.outcomes
    assert not first.is_feasible
    assert str(first.infeasible_reason).startswith(
        "small: prompt and answer of 1,100 tokens exceed its window of 1,099"
    )
    assert first.lines == ()
    assert second.is_feasible
    assert comparison.feasible == (second,)


def test_a_strategy_that_can_no_longer_be_started_is_kept_with_its_reason() -> None:
    retired = tuned_price(lifecycle="retired", retires_on=date(2026, 10, 23))
    first, _ = compared(scenario(TUNED, STUFFED), retired).outcomes
    assert str(first.infeasible_reason) == "acme/tuned was shut down on 2026-10-23 (choose another offer)"
    inputs = scenario(TUNED, STUFFED, on=date(2026, 10, 22))
    assert compared(inputs, retired).outcomes[0].is_feasible


def test_a_price_that_is_missing_is_an_error_and_not_a_reason() -> None:
    with pytest.raises(CrossoverError) as error:
        compared(
            scenario(choice("stuffed_prompt", model="acme/larg"), choice("fine_tuned", offer="acme/tune"))
        )
    assert str(error.value).splitlines() == [
        "example: strategies[1] stuffed_prompt: no price for 'acme/larg' on 2026-11-22 in models; "
        "did you mean 'acme/large'?",
        "example: strategies[2] fine_tuned: no price for 'acme/tune' on 2026-11-22 in finetunes; "
        "did you mean 'acme/tuned'?",
    ]


@pytest.mark.parametrize("part", ["question", "answer"])
def test_nothing_to_ask_or_to_answer_is_an_error(part: str) -> None:
    with pytest.raises(CrossoverError) as error:
        compared(scenario().with_part(part, Part(text=" \n")))
    assert str(error.value) == (f"{part}: no text and no tokens (paste a typical {part}, or give its tokens)")


def test_a_text_that_cannot_be_counted_says_which_part_it_is() -> None:
    with pytest.raises(CrossoverError, match=r"^knowledge: the text has more than 100,000 blanks in a row"):
        compared(scenario().with_part("knowledge", Part(text="x" + " " * 100_001)))


def test_estimated_tokens_are_said_so_first_of_all() -> None:
    guessed = model_price(tokenizer="guess")
    (outcome,) = compared(scenario(), guessed, estimated_tokenizer()).outcomes
    assert str(outcome.notes[0]) == ("Tokens are estimated: o200k_base x 1.5 [1.15 to 1.89], en, Guess.")
    assert compared(scenario()).outcomes[0].notes == ()


# --- names


def test_strategies_of_the_same_name_are_numbered() -> None:
    comparison = compared(
        scenario(STUFFED, STUFFED, choice("stuffed_prompt", "mine", model="acme/large"), STUFFED)
    )
    assert names(comparison) == [
        "Prompt stuffing · large (Acme)",
        "Prompt stuffing · large (Acme) (2)",
        "mine",
        "Prompt stuffing · large (Acme) (3)",
    ]


def test_a_users_own_name_is_used_as_it_is() -> None:
    assert names(compared(scenario(choice("stuffed_prompt", "{usd:x} 便宜", model="acme/large")))) == [
        "{usd:x} 便宜"
    ]


# --- months


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 11, 22), 0, date(2026, 11, 22)),
        (date(2026, 11, 22), 1, date(2026, 12, 22)),
        (date(2026, 11, 22), 2, date(2027, 1, 22)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2026, 1, 31), 3, date(2026, 4, 30)),
        (date(2026, 1, 31), 120, date(2036, 1, 31)),
    ],
)
def test_some_months_later_is_the_same_day_or_the_last_of_a_shorter_month(
    day: date, months: int, later: date
) -> None:
    assert add_months(day, months) == later


def test_the_months_count_from_the_scenarios_day() -> None:
    comparison = compared(scenario(on=date(2026, 12, 31), horizon_months=3))
    assert list(comparison.months) == [date(2026, 12, 31), date(2027, 1, 31), date(2027, 2, 28)]


def test_traffic_grows_from_month_to_month() -> None:
    comparison = compared(scenario(horizon_months=3, growth_share_per_month=0.1))
    assert comparison.requests_per_day == pytest.approx([1000, 1100, 1210])
    usd = list(comparison.usd_by_month(comparison.outcomes[0]))
    # 91.3125 x 1, x 1.1, x 1.21
    assert usd == [Decimal("91.312500"), Decimal("100.443750"), Decimal("110.488125")]


def test_what_is_paid_once_stands_in_the_first_month() -> None:
    inputs = scenario(choice("fine_tuned", offer="acme/tuned", retrainings_per_year=0), horizon_months=3)
    comparison = compared(inputs)
    (outcome,) = comparison.outcomes
    # Training: 1,000 x 1,100 tokens x 3 = 3.3 Mtok x 10 = 33 USD, once; 91.3125 a month.
    assert outcome.once_usd == 33
    assert outcome.recurring_usd == Decimal("91.3125")
    assert outcome.usd_per_month == Decimal("102.3125")  # 91.3125 + 33 / 3
    assert list(comparison.usd_by_month(outcome)) == [
        Decimal("124.3125"),
        Decimal("91.3125"),
        Decimal("91.3125"),
    ]


def test_an_announced_price_moves_the_months_after_it_and_none_before() -> None:
    raised = model_price(input_usd_per_mtok=4, output_usd_per_mtok=20, effective_from=date(2027, 1, 1))
    comparison = compared(scenario(on=date(2026, 11, 22), horizon_months=4), model_price(), raised)
    usd = [str(usd) for usd in comparison.usd_by_month(comparison.outcomes[0])]
    # Months begin on 22 November, 22 December, 22 January and 22 February.
    assert usd == ["91.312500", "91.312500", "182.625000", "182.625000"]
    refs = [line.line.price.ref for line in comparison.month_lines(comparison.outcomes[0])]
    assert refs == ["acme/large @ 2026-01-01"] * 4 + ["acme/large @ 2027-01-01"] * 4


def test_a_price_that_rises_later_does_not_move_the_verdict_of_today() -> None:
    raised = model_price(input_usd_per_mtok=400, effective_from=date(2027, 1, 1))
    assert compared(scenario(), model_price(), raised).outcomes[0].usd_per_month == Decimal("91.3125")


RISING = [
    model_price(),
    model_price(input_usd_per_mtok=6, output_usd_per_mtok=30, effective_from=date(2027, 1, 1)),
    model_price(id="acme/steady", name="steady", input_usd_per_mtok=4, output_usd_per_mtok=20),
]
"""large costs 1 unit now and 3 from 2027 on; steady costs 2 throughout."""
STEADY = choice("stuffed_prompt", model="acme/steady")


def test_over_the_horizon_an_announced_price_can_change_the_answer() -> None:
    comparison = compared(scenario(STUFFED, STEADY, horizon_months=6), *RISING)
    assert "Prompt stuffing · large (Acme) is cheapest: 91.31 USD per month" in str(verdict(comparison))
    # large: 2 x 1 + 4 x 3 = 14 units; steady: 6 x 2 = 12 units of 91.3125 = 1,095.75 USD
    assert str(horizon_verdict(comparison)) == (
        "Over 6 months, with growth and announced prices, Prompt stuffing · steady (Acme) is cheapest: "
        "1,096 USD in total."
    )


def test_over_a_short_horizon_the_answer_stays() -> None:
    # large: 2 x 1 + 1 x 3 = 5 units; steady: 3 x 2 = 6 units
    assert horizon_verdict(compared(scenario(STUFFED, STEADY, horizon_months=3), *RISING)) is None


def test_growth_alone_can_change_the_answer() -> None:
    # The API costs 91.3125 USD a month and doubles each month: 1 + 2 + 4 + 8 = 15 x 91.3125 = 1,370 USD.
    # The replica costs 730.5 h x 0.20 = 146.10 and carries 86,400 a day: 584.40 USD in four months.
    inputs = scenario(STUFFED, HOSTED, horizon_months=4, growth_share_per_month=1.0)
    comparison = compared(inputs, gpu_rent(0.2))
    assert "Prompt stuffing · large (Acme) is cheapest" in str(verdict(comparison))
    assert str(horizon_verdict(comparison)) == (
        "Over 4 months, with growth and announced prices, Self-hosted · Open 10B (G1, rented) is "
        "cheapest: 584 USD in total."
    )


def test_gemini_doubles_within_the_horizon_of_the_labour_law_scenario() -> None:
    comparison = compare(load_scenario("domain_answers"), frozen_book())
    gemini = next(o for o in comparison.outcomes if "Gemini 3.8 Flash" in str(o.name))
    usd = comparison.usd_by_month(gemini)
    # Months begin on the 22nd: November and December at the old price, January on at twice it.
    assert usd[1] == usd[0]
    assert usd[2] == pytest.approx(2 * usd[1], abs=Decimal("0.00001"))
    assert any("guaranteed only until 2026-12-31" in str(note) for note in gemini.notes)


# --- other volumes


def test_a_month_at_another_volume_keeps_the_prices_of_the_day() -> None:
    comparison = compared(scenario(STUFFED, TUNED))
    assert comparison.usd_at(comparison.outcomes[0], 2000.0) == pytest.approx(182.625)


def test_an_array_of_volumes_gives_an_array_of_costs() -> None:
    comparison = compared(scenario(STUFFED, HOSTED), deployment())
    volumes = np.array([1000.0, 86_400.0, 86_500.0])
    for outcome in comparison.outcomes:
        at_once = np.asarray(comparison.usd_at(outcome, volumes))
        assert at_once.shape == (3,)
        assert at_once == pytest.approx([float(np.asarray(comparison.usd_at(outcome, v))) for v in volumes])


# --- laws, over the shipped tables and scenarios


@every_scenario
def test_the_ready_scenarios_can_be_used_as_they_are(scenario_id: str) -> None:
    comparison = compare(load_scenario(scenario_id), frozen_book())
    assert len(comparison.feasible) >= 2
    assert [str(o.infeasible_reason) for o in comparison.outcomes if not o.is_feasible] == []
    assert " is cheapest: " in str(verdict(comparison))


@every_scenario
def test_the_cheapest_strategy_comes_first(scenario_id: str) -> None:
    usd = [o.usd_per_month for o in compare(load_scenario(scenario_id), frozen_book()).feasible]
    assert usd == sorted(usd)


@every_scenario
def test_the_same_scenario_and_prices_give_the_same_result(scenario_id: str) -> None:
    first, second = (compare(load_scenario(scenario_id), frozen_book()) for _ in range(2))
    assert first.outcomes == second.outcomes


@every_scenario
def test_a_comparison_at_another_volume_is_that_of_a_scenario_with_it(scenario_id: str) -> None:
    scenario = load_scenario(scenario_id)
    comparison = compare(scenario, frozen_book())
    list(
        comparison.month_lines(comparison.outcomes[0])
    )  # cached values of one volume must not be used for the next
    for volume in (1.0, 37_000.0, 5e6, scenario.requests_per_day):
        comparison, anew = (
            comparison.at(volume),
            compare(replace(scenario, requests_per_day=volume), frozen_book()),
        )
        assert comparison.scenario == anew.scenario
        assert [(o.name, o.infeasible_reason, o.lines, o.notes) for o in comparison.outcomes] == [
            (o.name, o.infeasible_reason, o.lines, o.notes) for o in anew.outcomes
        ]
        assert rows_of(report.lines(comparison)) == rows_of(report.lines(anew))
        assert rows_of(report.months(comparison)) == rows_of(report.months(anew))
        assert rows_of(report.cost_lines(comparison)) == rows_of(report.cost_lines(anew))
        assert horizon_verdict(comparison) == horizon_verdict(anew)


@every_scenario
def test_the_cost_at_the_scenarios_own_volume_is_that_of_its_lines(scenario_id: str) -> None:
    comparison = compare(load_scenario(scenario_id), frozen_book())
    for outcome in comparison.feasible:
        at_volume = float(np.asarray(comparison.usd_at(outcome, comparison.scenario.requests_per_day)))
        # A millionth of a USD of rounding for each line.
        assert at_volume == pytest.approx(float(outcome.usd_per_month), abs=1e-6 * (1 + len(outcome.lines)))


@given(
    volume=st.floats(1, 1e6),
    growth=st.floats(-0.2, 0.2),
    horizon=st.integers(1, 24),
    on=st.dates(date(2026, 11, 22), date(2027, 12, 31)),
)
def test_the_months_add_up_line_by_line(volume: float, growth: float, horizon: int, on: date) -> None:
    inputs = scenario(
        STUFFED,
        TUNED,
        HOSTED,
        requests_per_day=volume,
        growth_share_per_month=growth,
        horizon_months=horizon,
        on=on,
    )
    prices: PriceBook = book(*RISING)
    comparison = compare(inputs, prices)
    for outcome in comparison.outcomes:
        by_month = comparison.usd_by_month(outcome)
        assert len(by_month) == horizon
        assert sum(by_month) == sum(item.usd for item in comparison.month_lines(outcome))


def test_a_choice_can_be_replaced_in_its_place() -> None:
    inputs = scenario(STUFFED, TUNED).with_strategy(1, HOSTED)
    assert [c.strategy for c in inputs.strategies] == ["stuffed_prompt", "self_hosted"]
    assert inputs.strategies[0] == StrategyChoice("stuffed_prompt", {"model": "acme/large"})


def test_the_day_of_the_examples_is_in_force() -> None:
    assert scenario().on == DAY


def test_a_verdict_does_not_hide_that_only_existing_customers_can_choose_it() -> None:
    comparison = compare(load_scenario("small_model"), frozen_book())
    assert str(comparison.feasible[0].name) == "Fine-tuned · GPT-4o mini (OpenAI)"
    # The prompts of gpt-5.4-nano (until 2027-04-01) and gpt-4.1 cost less, but end within the horizon.
    assert str(caveat(comparison)) == (
        "Fine-tuned · GPT-4o mini (OpenAI) is for existing customers only. Cheapest option open to everyone "
        "for the whole horizon: Self-hosted · gpt-oss-20b (H200, rented), 2,557 USD per month."
    )


def test_a_verdict_says_where_the_lifecycle_of_the_cheapest_is_not_known() -> None:
    # The frozen rows of both models say nothing of their lifecycle: a blank is "not known", never "open".
    assert str(caveat(compare(load_scenario("product_handbook"), frozen_book()))) == (
        "Unknown: whether new customers can choose Gemini Embedding 2, Gemini 2.5 Flash, and until when."
    )


def test_no_retraining_is_billed_after_the_vendor_stops_training() -> None:
    comparison = compare(load_scenario("small_model"), frozen_book())
    tuned = comparison.outcomes[2]
    months = [item.month for item in comparison.month_lines(tuned) if str(item.line.name) == "Retraining"]
    # From 2026-11-22; the last training starts on 2027-01-06. The months that start on 11-22 and 12-22 have
    # retraining, those from 2027-01-22 on have none.
    assert months == [0, 1]


def test_old_prices_are_said_to_be_old() -> None:
    later = replace(load_scenario("product_handbook"), on=date(2027, 6, 1))
    notes = [str(note) for outcome in compare(later, frozen_book()).feasible for note in outcome.notes]
    assert any("last checked on 2026-11-22" in note for note in notes)


def test_a_reference_is_shown_last_and_never_named_the_cheapest() -> None:
    """At a billion requests a day an own model pays back, and it is still only a reference."""
    scenario = load_scenario("claim_25m_owned")
    hosted = next(choice for choice in scenario.strategies if choice.strategy == "stuffed_prompt")
    own = next(choice for choice in scenario.strategies if choice.strategy == "self_hosted")
    reference = StrategyChoice("pre_training", {"deployment": own.settings["deployment"]})
    comparison = compare(
        replace(scenario, requests_per_day=1e7, strategies=(reference, hosted)), frozen_book()
    )
    assert [o.strategy.is_reference for o in comparison.feasible] == [False, True]
    first, last = comparison.feasible
    assert last.usd_per_month < first.usd_per_month
    assert comparison.choices == (first,)
    assert str(last.name) not in str(verdict(comparison)).partition("is cheapest")[0]
    winners = {str(name) for _, name in breakeven(comparison).winners}
    assert winners == {str(first.name)}


def test_of_own_names_those_of_ready_scenarios_alone_are_translated() -> None:
    """A name that equals a label of the screen stays untranslated, or two strategies could share a name."""
    names = (READY_NAMES[0], "Low", "{odd}")
    outcomes = compare(scenario(*(replace(STUFFED, name=name) for name in names)), book()).outcomes
    translations = {READY_NAMES[0]: "長提示詞", "Low": "低"}
    translate = translate_by(lambda text: translations.get(text, text))
    assert [outcome.name.render(translate) for outcome in outcomes] == [
        "長提示詞",
        "Low",
        "{odd}",
    ]
