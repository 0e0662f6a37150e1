"""Distillation: the teacher's answers worked by hand, and whose retirement matters."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from costing.cash_flow.cash_flow import cash_flows
from costing.cash_flow.events import events
from costing.comparison.compare import Comparison, compare
from costing.cost_lines import Cadence, total_usd
from costing.decision.facts import facts
from costing.decision.recommendation import decide, reasons
from costing.scenario.outlook import Outlook
from costing.strategies.distilled import Distilled
from costing.strategy.base import Infeasible
from costing.strategy.profile import PickRole
from costing.uncertainty.monthly_costs import SampledMonths
from costing.uncertainty.strategy_costs import SampledStrategy
from pricing.rows import Fact

from ...support.factories import (
    book,
    choice,
    context_tier,
    model_price,
    prices,
    scenario,
    tuned_price,
    workload,
)

IN_MARCH = date(2027, 3, 1)
"""Within the year from the scenario's day, 2026-11-22, on; month 4 is the first to start after it."""
LOAD = workload(1000, instruction=1000, knowledge=2000)


def distilled(*rows: Fact, **settings: Any) -> Distilled:
    return Distilled.build({"offer": "acme/tuned", "teacher": "acme/large", **settings}, prices(*rows))


def compared(*rows: Fact, outlook: Outlook | None = None, **settings: Any) -> Comparison:
    strategy = choice("distilled", offer="acme/tuned", teacher="acme/large", **settings)
    return compare(scenario(strategy, outlook=outlook or Outlook()), book(*rows))


def usd_by_line(strategy: Distilled) -> dict[tuple[str, str], float]:
    return {(str(line.name), line.cadence): float(line.usd) for line in strategy.lines(LOAD)}


def happenings(comparison: Comparison) -> list[tuple[int, str, str]]:
    """(month, kind, what) of the cash events, retrainings left out."""
    every = events(comparison, cash_flows(comparison))
    return [(event.month, event.kind, str(event.what)) for event in every if event.kind != "retraining"]


def once_by_month(comparison: Comparison) -> dict[int, list[str]]:
    """Names of what is paid once, by month."""
    (flow,) = cash_flows(comparison)
    names: dict[int, list[str]] = {}
    for line in flow.lines:
        if line.kind == "once":
            names.setdefault(line.month, []).append(str(line.name))
    return names


def known(comparison: Comparison) -> dict[str, Any]:
    return dict(facts(comparison, comparison.outcomes[0]).known)


# --- the sum


def test_the_bill_of_a_distilled_model_worked_by_hand() -> None:
    # 1,000 examples of which 80 % are usable: 1,250 answers. Each reads 1,000 + 2,000 + 1,000 tokens at
    # 2 USD per Mtok (5 Mtok: 10 USD) and writes 100 at 10 (0.125 Mtok: 1.25 USD).
    # Training: (200 + 1,000 + 100) tokens x 1,000 examples x 3 epochs = 3.9 Mtok at 10: 39 USD; twice a year.
    # Serving: 30,437.5 requests of 1,200 tokens in (36.525 Mtok at 2) and 100 out (3.04375 Mtok at 10).
    assert usd_by_line(distilled()) == pytest.approx(
        {
            ("Teacher, input tokens", "once"): 10,
            ("Teacher, output tokens", "once"): 1.25,
            ("Training", "once"): 39,
            ("Retraining", "monthly"): 6.5,
            ("Input tokens", "monthly"): 73.05,
            ("Output tokens", "monthly"): 30.4375,
        }
    )


def test_answers_that_are_written_anew_cost_the_teacher_again_at_each_retraining() -> None:
    usd = usd_by_line(distilled(rewrites_answers=True, retrainings_per_year=6))
    # 6 times a year is half a time a month: 5 and 0.625 USD.
    assert usd["Teacher, input tokens, at retraining", "monthly"] == pytest.approx(5)
    assert usd["Teacher, output tokens, at retraining", "monthly"] == pytest.approx(0.625)


def test_the_teachers_reasoning_is_paid_and_not_sent_to_the_student() -> None:
    usd = usd_by_line(distilled(teacher_reasoning_tokens=400))
    # 1,250 x 400 tokens = 0.5 Mtok at 10 USD.
    assert usd["Teacher, reasoning tokens", "once"] == pytest.approx(5)
    assert usd["Training", "once"] == pytest.approx(39)


def test_the_teacher_is_paid_at_the_tier_of_its_own_prompt() -> None:
    cliff = model_price(context_tiers=(context_tier(3999),))
    assert usd_by_line(distilled(cliff))["Teacher, input tokens", "once"] == pytest.approx(20)


def test_the_teacher_answers_one_question_without_history() -> None:
    short, long = (total_usd(distilled().lines(replace(LOAD, turns=turns)), Cadence.ONCE) for turns in (1, 4))
    assert float(short) == pytest.approx(float(long))


def test_a_prompt_that_does_not_fit_the_teachers_window_is_refused() -> None:
    with pytest.raises(Infeasible, match=r"large: prompt and answer of 4,100 tokens exceed its window"):
        list(distilled(model_price(context_window_tokens=4000)).lines(LOAD))


def test_a_teacher_that_is_retired_on_the_first_day_cannot_start() -> None:
    with pytest.raises(Infeasible, match=r"acme/large was retired on 2026-11-01"):
        distilled(model_price(retires_on=date(2026, 11, 1))).check_startable(date(2026, 11, 22))


# --- roles and retirement


def test_the_teacher_trains_and_the_student_serves() -> None:
    strategy = distilled()
    assert [row.id for row in strategy.picked(PickRole.SERVES)] == ["acme/tuned"]
    assert [row.id for row in strategy.picked(PickRole.TRAINS)] == ["acme/large"]
    assert [row.id for row in strategy.profile().hosted] == ["acme/tuned"]
    assert strategy.profile().lasting_picks == {"offer"}
    assert distilled(rewrites_answers=True).profile().lasting_picks == {"offer", "teacher"}
    assert distilled(rewrites_answers=True, retrainings_per_year=0.0).profile().lasting_picks == {"offer"}


def test_a_teacher_that_retires_is_named_neither_in_facts_nor_in_reasons_nor_in_events() -> None:
    comparison = compared(model_price(retires_on=IN_MARCH))
    assert known(comparison)["retires_within_horizon"] == "no"
    assert "2027-03-01" not in " ".join(
        str(fact.text) for fact in facts(comparison, comparison.outcomes[0]).traits
    )
    assert not [sentence for sentence in reasons(decide(comparison)) if "retires" in str(sentence)]
    assert not [note for note in comparison.outcomes[0].notes if "retires" in str(note)]
    assert happenings(comparison) == []
    assert comparison.retirements == ()


def test_a_student_that_retires_is_named_in_facts_and_events() -> None:
    comparison = compared(tuned_price(retires_on=IN_MARCH))
    assert known(comparison)["retires_within_horizon"] == "yes"
    assert [
        sentence for sentence in reasons(decide(comparison)) if "It ends within the horizon" in str(sentence)
    ]
    ((month, kind, what),) = happenings(comparison)
    assert (month, kind) == (4, "retirement")
    assert what.startswith(
        "large (Acme) retires on 2027-03-01; assumed: a successor at the same prices, trained"
    )


def test_kept_answers_are_not_written_again_when_the_student_retires() -> None:
    comparison = compared(tuned_price(retires_on=IN_MARCH), retrainings_per_year=0.0)
    assert once_by_month(comparison) == {
        0: ["Teacher, input tokens", "Teacher, output tokens", "Training"],
        4: ["Training after a retirement"],
    }


def test_answers_that_are_written_anew_are_written_again_when_the_student_retires() -> None:
    comparison = compared(tuned_price(retires_on=IN_MARCH), rewrites_answers=True)
    assert once_by_month(comparison)[4] == [
        "Teacher, input tokens, after a retirement",
        "Teacher, output tokens, after a retirement",
        "Training, after a retirement",
    ]


def test_a_teacher_that_writes_answers_anew_needs_a_successor_when_it_retires() -> None:
    comparison = compared(model_price(retires_on=IN_MARCH), rewrites_answers=True)
    assert known(comparison)["retires_within_horizon"] == "yes"  # another teacher must write the answers
    ((month, kind, what),) = happenings(comparison)
    assert (month, kind) == (4, "retirement")
    assert what == "large (Acme) retires on 2027-03-01; assumed: a successor at the same price."
    assert [note for note in comparison.outcomes[0].notes if "another teacher must write" in str(note)]


def test_a_teacher_whose_price_ends_does_not_stop_the_later_months() -> None:
    comparison = compared(model_price(effective_to=IN_MARCH))
    (flow,) = cash_flows(comparison)
    assert flow.horizon_months == 12
    assert happenings(comparison) == []


def test_a_successor_of_the_teacher_is_not_taken_where_its_answers_are_kept() -> None:
    follower = model_price(id="acme/next")
    outlook = Outlook(successors={"acme/large": "acme/next"})
    comparison = compared(model_price(retires_on=IN_MARCH), follower, outlook=outlook)
    assert comparison.retirements == ()


@pytest.mark.parametrize("rewrites", [False, True])
def test_samples_pay_the_same_in_every_month_as_the_comparison(rewrites: bool) -> None:
    comparison = compared(tuned_price(retires_on=IN_MARCH), rewrites_answers=rewrites)
    months = comparison.usd_by_month(comparison.outcomes[0])
    so_far = np.empty((12, 2))
    SampledMonths(SampledStrategy(comparison, 0, {}, 2), {}, np.empty(0)).into(so_far, np.empty((0, 2)))
    assert so_far[:, 0] == pytest.approx(np.cumsum([float(usd) for usd in months]))
