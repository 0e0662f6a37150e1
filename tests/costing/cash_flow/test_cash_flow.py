"""Cash month by month, worked by hand: purchases, trainings, retirements, drift, present value, crossings."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costing.cash_flow.cash_flow import CashFlow, CashLine, cash_flow, cash_flows, jobs_in_month
from costing.cash_flow.cumulative_crossings import leaders, least_at_start, overtakings, payback_months
from costing.cash_flow.events import events
from costing.cash_flow.verdict import cash_verdict, changes_of_lead
from costing.cli.main import main
from costing.comparison.compare import Comparison, compare
from costing.comparison.payback import of_comparison
from costing.comparison.purchase_cohorts import cohorts, in_service, mean_factor
from costing.reports.cash_flow import (
    cash_months,
    cash_summary,
    event_timeline,
    lead_changes,
    payments,
)
from costing.reports.comparison import cost_lines as report_cost_lines
from costing.scenario.library import load_scenario, shipped_ids
from costing.scenario.outlook import Outlook
from costing.scenario.scenario import StrategyChoice
from costing.scenario.traffic import Traffic
from frames.csv import frame_csv
from frames.frame import records
from i18n.errors import CrossoverError
from pricing.rows import Evidence, Fact
from tests.support.rows import rows_of

from ...support.factories import (
    DAY,
    HOSTED,
    STUFFED,
    TUNED,
    book,
    choice,
    estimated_tokenizer,
    frozen_book,
    gpu_purchase,
    model_price,
    scenario,
    tuned_price,
)

every_scenario = pytest.mark.parametrize("scenario_id", shipped_ids())

OWNED = choice(
    "self_hosted",
    deployment="open-10b-1xg1",
    target_utilisation_share=1.0,
    spare_replicas=0,
    tenure="owned",
    host_usd_per_gpu=0.0,
    life_years=3.0,
    wacc_share=0.0,
    maintenance_share=0.0,
    usd_per_kwh=0.0,
)
"""A GPU for every 86,400 requests a day; 30,000 USD each, and nothing else to pay."""
PLAIN = Outlook(discount_rate_share_per_year=0.0)
SMALL = model_price(id="acme/small", name="small", input_usd_per_mtok=1, output_usd_per_mtok=5)


def compared(*strategies: StrategyChoice, rows: tuple[Fact, ...] = (), **changes: Any) -> Comparison:
    return compare(scenario(*strategies, **changes), book(*rows))


def only(comparison: Comparison) -> CashFlow:
    (flow,) = cash_flows(comparison)
    return flow


def by_kind(flow: CashFlow, kind: str) -> dict[int, float]:
    """Month -> USD of the lines of that kind."""
    usd_by_month: dict[int, float] = defaultdict(float)
    for line in flow.lines:
        if line.kind == kind:
            usd_by_month[line.month] += float(line.usd)
    return dict(usd_by_month)


def event_texts(comparison: Comparison) -> list[tuple[str, str, str]]:
    table = event_timeline(comparison, cash_flows(comparison))
    return [(row["month"], row["event"], row["description"]) for row in records(table)]


# --- machines


def test_a_fleet_is_paid_for_when_it_is_bought_and_when_it_grows() -> None:
    # 80,000 requests a day need one GPU, 160,000 (doubled from the second month on) two, then four.
    own = Traffic("months", given={"2026-11": 80_000.0, "2026-12": 160_000.0, "2027-01": 300_000.0})
    flow = only(compared(OWNED, traffic=own, horizon_months=12))
    assert by_kind(flow, "bought") == {0: 30_000, 1: 30_000, 2: 60_000}
    # 36 months of life; 12, 11 and 10 of them are over at the end.
    left = 30_000 * 24 / 36 + 30_000 * 25 / 36 + 60_000 * 26 / 36
    assert by_kind(flow, "book value") == {11: pytest.approx(-left, abs=1e-5)}
    assert float(flow.total_usd) == pytest.approx(120_000 - left, abs=1e-5)


def test_the_equivalent_month_spreads_what_cash_pays_at_once() -> None:
    comparison = compared(OWNED, requests_per_day=80_000.0, horizon_months=36)
    (outcome,) = comparison.feasible
    # 30,000 / 36 months at no cost of capital
    assert comparison.usd_by_month(outcome)[0] == pytest.approx(Decimal("833.333333"), abs=Decimal("0.00001"))
    flow = cash_flow(comparison, outcome)
    assert float(flow.usd_by_month[0]) == pytest.approx(30_000)
    assert float(flow.total_usd) == pytest.approx(30_000)


def test_worn_out_machines_are_sold_and_bought_anew() -> None:
    own = replace(OWNED, settings={**OWNED.settings, "life_years": 1.0, "residual_share": 0.1})
    flow = only(compared(own, requests_per_day=80_000.0, horizon_months=18))
    assert by_kind(flow, "bought") == {0: 30_000, 12: pytest.approx(30_000)}
    assert by_kind(flow, "sold") == {12: pytest.approx(-3000)}
    # Half a life over: 30,000 x (1 - 0.9 / 2)
    assert by_kind(flow, "book value") == {17: pytest.approx(-16_500)}
    assert ("2027-11", "replacement", "Worn-out machines are replaced; GPUs bought: 1.") in event_texts(
        compared(own, requests_per_day=80_000.0, horizon_months=18)
    )


def test_a_need_that_falls_sells_nothing() -> None:
    bought = cohorts([2, 1, 2, 3], 36)
    assert [(cohort.month, cohort.units) for cohort in bought] == [(0, 2), (3, 1)]


def test_machines_that_stand_idle_are_paid_for_in_the_equivalent_month_too() -> None:
    # Two GPUs in the first month, one afterwards: 60,000 / 36 + 5 % of 60,000 / 12 in every month.
    own = Traffic("months", given={"2026-11": 160_000.0, "2026-12": 80_000.0})
    kept = replace(OWNED, settings={**OWNED.settings, "maintenance_share": 0.05})
    comparison = compared(kept, traffic=own, horizon_months=6)
    (outcome,) = comparison.feasible
    assert [float(usd) for usd in comparison.usd_by_month(outcome)] == pytest.approx([1666.666667 + 250] * 6)
    assert by_kind(cash_flow(comparison, outcome), "bought") == {0: 60_000}


def test_a_dated_purchase_price_counts_from_its_day_on() -> None:
    own = Traffic("months", given={"2026-11": 80_000.0, "2026-12": 160_000.0})
    rows = [gpu_purchase(30_000), gpu_purchase(20_000, effective_from=date(2026, 12, 1))]
    table = book(rows[0])
    # The example book keeps one row for each id, so both rows are added here.
    comparison = compare(
        scenario(OWNED, traffic=own),
        type(table)({**table.tables(), "gpu_purchase": rows}),
    )
    assert by_kind(only(comparison), "bought") == {0: 30_000, 1: 20_000}


@every_scenario
def test_purchases_agree_with_the_payback_of_the_pair(scenario_id: str) -> None:
    comparison = compare(load_scenario(scenario_id), frozen_book())
    for outcome in comparison.feasible:
        result = of_comparison(comparison, outcome, outcome)
        if result is not None:
            flow = cash_flow(comparison, outcome)
            bought = {month.month: month.capital_usd for month in result.months if month.capital_usd}
            assert by_kind(flow, "bought") == pytest.approx(bought)
            left = -sum(by_kind(flow, "book value").values())
            assert left == pytest.approx(result.book_value_usd, abs=1e-4)


def test_the_claims_two_h100_overtake_the_api_in_month_29() -> None:
    comparison = compare(load_scenario("claim_25m_owned"), frozen_book())
    own, api = sorted(cash_flows(comparison), key=lambda flow: flow.at_start_usd, reverse=True)
    assert own.at_start_usd == pytest.approx(Decimal(80_000), abs=Decimal("0.001"))
    # 80,000 / (3,329.10 - 540.29) = 28.69 months
    (change,) = overtakings(own, api)
    assert (change.month, change.ahead) == (28, own)
    assert payback_months(own, api) == pytest.approx(28.69, abs=0.01)
    assert payback_months(api, own) is None
    assert least_at_start((own, api)) is api
    pair = of_comparison(comparison, api.outcome, own.outcome)
    assert pair is not None
    assert float(api.present_value_usd(0.1) - own.present_value_usd(0.1)) == pytest.approx(
        pair.npv_usd, abs=0.01
    )


# --- trainings


def test_trainings_are_paid_as_whole_jobs() -> None:
    # 1,000 examples x 1,100 tokens x 3 epochs = 3.3 Mtok at 10 USD: 33 USD, again after 6, 12 and 18 months.
    flow = only(compared(TUNED, horizon_months=20))
    assert by_kind(flow, "once") == {0: 33}
    assert by_kind(flow, "retraining") == {6: pytest.approx(33), 12: pytest.approx(33), 18: pytest.approx(33)}


@given(st.floats(0, 365), st.integers(1, 120))
def test_as_many_jobs_are_run_as_their_number_a_year_says(per_year: float, months: int) -> None:
    jobs = [jobs_in_month(month, per_year) for month in range(months)]
    assert min(jobs) >= 0
    assert abs(sum(jobs) - per_year * months / 12) <= 1.000001


def test_retraining_ends_with_the_vendors_last_day_for_jobs() -> None:
    # The example book's one row, with a last day; months start on the 22nd.
    offer = tuned_price(new_jobs_until=date(2027, 3, 1))
    comparison = compared(TUNED, rows=(offer,), horizon_months=20)
    assert by_kind(only(comparison), "retraining") == {}
    assert (
        "2027-03",
        "training ends",
        "The vendor accepts no new training jobs; there is no more retraining.",
    ) in event_texts(comparison)


# --- retirements


def test_a_tuned_model_that_retires_is_trained_once_more_at_the_same_price_and_that_is_assumed() -> None:
    offer = tuned_price(retires_on=date(2027, 3, 1))
    comparison = compared(
        choice("fine_tuned", offer="acme/tuned", retrainings_per_year=0.0), rows=(offer,), horizon_months=8
    )
    flow = only(comparison)
    # Month 4 is the first that starts (on 2027-03-22) after that day.
    assert by_kind(flow, "once") == {0: 33, 4: 33}
    (again,) = [line for line in flow.lines if line.kind == "once" and line.month == 4]
    assert (str(again.name), again.evidence) == ("Training after a retirement", "assumed")
    assert event_texts(comparison) == [
        (
            "2027-03",
            "retirement",
            "large (Acme) retires on 2027-03-01; assumed: a successor at the same prices, trained once.",
        )
    ]


def test_a_named_successor_is_trained_and_asked_at_its_own_prices() -> None:
    offer = tuned_price(retires_on=date(2027, 3, 1))
    cheap = tuned_price(id="acme/next", training_usd_per_mtok=20, input_usd_per_mtok=1, output_usd_per_mtok=5)
    comparison = compared(
        choice("fine_tuned", offer="acme/tuned", retrainings_per_year=0.0),
        rows=(offer, cheap),
        horizon_months=8,
        outlook=Outlook(successors={"acme/tuned": "acme/next"}),
    )
    flow = only(comparison)
    assert by_kind(flow, "once") == {0: 33, 4: 66}
    # 91.3125 USD a month of tokens with the old prices, half of it with the new.
    monthly = by_kind(flow, "monthly")
    assert [monthly[month] for month in (3, 4)] == pytest.approx([91.3125, 45.65625])
    refs = {line.month: line.line.price.ref for line in flow.lines if line.kind == "monthly"}
    assert (refs[3], refs[4]) == ("acme/tuned @ 2026-01-01", "acme/next @ 2026-01-01")
    assert [event.kind for event in events(comparison, (flow,))] == ["retirement"]


def test_a_model_that_retires_moves_to_its_successor_or_keeps_its_price() -> None:
    gone = model_price(retires_on=date(2027, 1, 1))
    kept = compared(STUFFED, rows=(gone,), horizon_months=4)
    assert set(only(kept).usd_by_month) == {Decimal("91.312500")}
    assert [event.kind for event in events(kept, cash_flows(kept))] == ["retirement"]
    moved = compared(
        STUFFED,
        rows=(gone, SMALL),
        horizon_months=4,
        outlook=Outlook(successors={"acme/large": "acme/small"}),
    )
    assert [str(usd) for usd in only(moved).usd_by_month] == ["91.312500"] * 2 + ["45.656250"] * 2


def test_a_price_that_ends_without_a_successor_goes_on_and_is_said() -> None:
    ends = model_price(effective_to=date(2027, 1, 31))
    comparison = compared(STUFFED, rows=(ends,), horizon_months=6)
    assert set(only(comparison).usd_by_month) == {Decimal("91.312500")}
    assert [row[:2] for row in event_texts(comparison)] == [("2027-02", "retirement")]


def test_a_successors_tokens_are_counted_its_own_way() -> None:
    gone = model_price(retires_on=date(2027, 1, 1))
    next_one = model_price(id="acme/other", tokenizer="guess")
    comparison = compared(
        STUFFED,
        rows=(gone, next_one, estimated_tokenizer()),
        horizon_months=4,
        outlook=Outlook(successors={"acme/large": "acme/other"}),
    )
    # Half as many tokens again.
    assert [float(usd) for usd in only(comparison).usd_by_month] == pytest.approx(
        [91.3125, 91.3125, 136.96875, 136.96875]
    )


@pytest.mark.parametrize(
    ("successor", "problem"),
    [
        ("acme/smal", "outlook.successors.acme/large: no price for 'acme/smal' on 2027-01-22"),
        ("acme/small", "outlook.successors.acme/large: acme/small itself retires on 2027-01-05"),
    ],
)
def test_a_successor_that_does_not_do_is_refused(successor: str, problem: str) -> None:
    rows = (
        model_price(retires_on=date(2027, 1, 1)),
        model_price(id="acme/small", name="small", retires_on=date(2027, 1, 5)),
    )
    with pytest.raises(CrossoverError) as error:
        compared(STUFFED, rows=rows, outlook=Outlook(successors={"acme/large": successor}))
    assert str(error.value).startswith(problem)


def test_a_successor_may_retire_in_its_turn() -> None:
    rows = (
        model_price(retires_on=date(2027, 1, 1)),
        model_price(id="acme/small", name="small", retires_on=date(2027, 3, 1), input_usd_per_mtok=1),
        model_price(id="acme/last", name="last", input_usd_per_mtok=4),
    )
    comparison = compared(
        STUFFED,
        rows=rows,
        horizon_months=6,
        outlook=Outlook(successors={"acme/large": "acme/small", "acme/small": "acme/last"}),
    )
    # Input 60.875 at 2 USD a Mtok, output 30.4375: then at 1, then at 4.
    assert [float(usd) for usd in only(comparison).usd_by_month] == pytest.approx(
        [91.3125] * 2 + [60.875] * 2 + [152.1875] * 2
    )


# --- other events


def test_an_announced_price_is_an_event_of_its_month() -> None:
    # Gemini 3.8 Flash doubles on 2027-01-01; the month that starts on 2027-01-22 is the first at that price.
    inputs = scenario(choice("stuffed_prompt", model="google/gemini-3.8-flash"), horizon_months=4)
    comparison = compare(inputs, frozen_book())
    (event,) = events(comparison, cash_flows(comparison))
    assert (event.month, event.kind) == (2, "price change")
    assert str(event.what).startswith("google/gemini-3.8-flash: Input tokens from ")


def test_a_fleet_that_grows_is_an_event_bought_or_rented() -> None:
    own = Traffic("months", given={"2026-11": 80_000.0, "2026-12": 160_000.0, "2027-01": 80_000.0})
    for fleet in (OWNED, HOSTED):
        assert event_texts(compared(fleet, traffic=own, horizon_months=2)) == [
            ("2026-12", "fleet grows", "More GPUs are needed: 2 instead of 1.")
        ]


# --- drift


def drifting(**shares: float) -> Outlook:
    changes: Any = {f"{name}_share_per_year": share for name, share in shares.items()}
    return Outlook(**changes)


def test_api_prices_drift_from_the_first_month_on_where_nothing_is_announced() -> None:
    comparison = compared(STUFFED, outlook=drifting(api_price_drift=-0.19), horizon_months=13)
    usd = only(comparison).usd_by_month
    assert float(usd[0]) == pytest.approx(91.3125)
    # (1 - 0.19)^(6/12) = 0.9; after a year 0.81
    assert float(usd[6]) == pytest.approx(91.3125 * 0.9)
    assert float(usd[12]) == pytest.approx(91.3125 * 0.81)


def test_an_announced_price_wins_and_the_drift_begins_with_it() -> None:
    rows = [
        model_price(),
        model_price(effective_from=date(2027, 2, 1), input_usd_per_mtok=4, output_usd_per_mtok=20),
    ]
    table = book()
    comparison = compare(
        scenario(STUFFED, outlook=drifting(api_price_drift=0.21), horizon_months=10),
        type(table)({**table.tables(), "models": rows}),
    )
    usd = [float(amount) for amount in only(comparison).usd_by_month]
    # 2027-02-22 is month 3: doubled. Six months later 1.21^(6/12) = 1.1.
    assert usd[:4] == pytest.approx([91.3125, 91.3125, 91.3125, 182.625])
    assert usd[9] == pytest.approx(182.625 * 1.1)


def test_rents_and_staff_drift_by_their_own_shares() -> None:
    rented = replace(HOSTED, settings={**HOSTED.settings, "staff_usd_per_month": 1000.0})
    comparison = compared(rented, outlook=drifting(rent_drift=0.21, staff_drift=0.44), horizon_months=7)
    lines = {(str(x.name), x.month): float(x.usd) for x in only(comparison).lines}
    # 730.5 h x 2 USD; 1.21^(1/2) = 1.1; 1.44^(1/2) = 1.2
    assert lines["GPU rent", 0] == pytest.approx(1461)
    assert lines["GPU rent", 6] == pytest.approx(1461 * 1.1)
    assert lines["Staff", 6] == pytest.approx(1200)


def test_machines_that_stand_keep_the_price_they_were_bought_at() -> None:
    own = Traffic("months", given={f"{2026 + m // 12}-{m % 12 + 1:02d}": 80_000.0 for m in range(10, 16)})
    own = replace(own, given={**own.given, "2027-05": 160_000.0})
    comparison = compared(OWNED, traffic=own, outlook=drifting(purchase_drift=-0.19), horizon_months=12)
    flow = only(comparison)
    # The second is bought in month 6, at 0.9 of the price.
    assert by_kind(flow, "bought") == {0: pytest.approx(30_000), 6: pytest.approx(27_000)}
    (outcome,) = comparison.feasible
    months = [float(usd) for usd in comparison.usd_by_month(outcome)]
    # The equivalent month: 30,000 / 36 before, (30,000 + 27,000) / 36 after, however far prices fall.
    assert months[5] == pytest.approx(30_000 / 36, abs=1e-4)
    assert months[6] == pytest.approx(57_000 / 36, abs=1e-4)
    assert months[11] == pytest.approx(57_000 / 36, abs=1e-4)


def test_a_price_that_has_drifted_is_assumed_and_says_by_how_much() -> None:
    comparison = compared(STUFFED, outlook=drifting(api_price_drift=-0.19), horizon_months=7)
    rows = rows_of(report_cost_lines(comparison))
    assert {row.evidence for row in rows if row.month == "2026-11"} == {"assumed"}  # typed-in token counts
    assert [row.source for row in rows if "price drift x 0.9" in row.source and row.month == "2027-05"]
    assert not [row for row in rows if "drift" in row.source and row.month == "2026-11"]


def test_power_room_and_licences_drift_by_their_own_shares_and_by_no_other() -> None:
    own = replace(
        OWNED,
        settings={
            **OWNED.settings,
            "usd_per_kwh": 0.15,
            "it_kw_per_gpu": 1.0,
            "colocation_usd_per_kw_month": 100.0,
            "licence_usd_per_gpu_year": 1200.0,
        },
    )
    names = ("Electricity", "Colocation", "Software licences")

    def by_month(outlook: Outlook) -> dict[tuple[str, int], float]:
        lines = only(compared(own, outlook=outlook, horizon_months=7)).lines
        return {(str(x.name), x.month): float(x.usd) for x in lines if str(x.name) in names}

    still = by_month(drifting(api_price_drift=1, rent_drift=1, purchase_drift=1, staff_drift=1))
    assert still["Colocation", 6] == 100
    assert still["Software licences", 6] == 100
    for name in names:
        assert len({usd for (of, _), usd in still.items() if of == name}) == 1
    drifts = by_month(drifting(electricity_drift=0.21, room_drift=0.44, licence_drift=-0.19))
    # Half a year: 1.21^(1/2) = 1.1, 1.44^(1/2) = 1.2, 0.81^(1/2) = 0.9
    for name, factor in zip(names, (1.1, 1.2, 0.9), strict=True):
        assert drifts[name, 0] == still[name, 0]
        assert drifts[name, 6] == pytest.approx(still[name, 0] * factor)


def test_the_mean_price_of_what_stands_is_by_lot() -> None:
    factors = mean_factor([1.0, 1.0, 3.0], 36, np.array([1.0, 0.5, 0.25]))
    # One at 1, two at 0.25: 1.5 / 3
    assert factors.tolist() == [1, 1, 0.5]


# --- present value, crossings, sentences


def test_present_value_discounts_purchases_at_the_start_and_running_costs_at_the_end() -> None:
    flow = only(compared(OWNED, requests_per_day=80_000.0, horizon_months=12, outlook=Outlook()))
    # 30,000 now, 20,000 back after a year at 25 %: 30,000 - 16,000
    assert float(flow.present_value_usd(0.25)) == pytest.approx(14_000, abs=0.001)


def flow_of(*amounts: float, outcome: Any = None) -> CashFlow:
    """A cash flow with these amounts at the end of each month."""
    comparison = compared(STUFFED, horizon_months=1)
    (line,) = only(comparison).lines[:1]
    lines = tuple(
        CashLine(month, line.name, "monthly", 1.0, usd, line.line, "month", Evidence.ASSUMED)
        for month, usd in enumerate(amounts)
    )
    return CashFlow(outcome or comparison.outcomes[0], lines, len(amounts))


def test_every_crossing_is_found_and_not_only_the_first() -> None:
    # So far 10, 11, 12, 33, 34 against 4, 8, 16, 24, 35.
    first, second = flow_of(10, 1, 1, 21, 1), flow_of(4, 4, 8, 8, 11)
    crossings = overtakings(first, second)
    assert [(change.month, change.ahead is first) for change in crossings] == [
        (2, True),
        (3, False),
        (4, True),
    ]
    # 11 - 8 = 3 before, 12 - 16 = -4 after: three sevenths of the third month
    assert crossings[0].after_months == pytest.approx(2 + 3 / 7)
    assert payback_months(first, second) == pytest.approx(4 + 9 / 10)
    assert payback_months(second, first) is None


def test_the_lead_is_that_of_all_strategies_together() -> None:
    # So far 10, 11, 12 and 4, 8, 16 and 5, 10, 11: the second leads for two months, then the third.
    flows = flow_of(10, 1, 1), flow_of(4, 4, 8), flow_of(5, 5, 1)
    assert [(month, flows.index(flow)) for month, flow in leaders(flows)] == [(0, 1), (2, 2)]
    assert leaders(()) == ()


def test_a_tie_is_no_crossing() -> None:
    assert overtakings(flow_of(1, 1, 1), flow_of(1, 1, 1)) == ()
    # 5, 6, 7 against 3, 6, 9: level after the second month, ahead after the third.
    assert [crossing.month for crossing in overtakings(flow_of(5, 1, 1), flow_of(3, 3, 3))] == [2]


def test_who_costs_less_from_the_start_pays_back_at_once() -> None:
    assert payback_months(flow_of(1, 1), flow_of(2, 2)) == 0


def test_the_verdict_names_the_cheapest_and_the_month_of_its_lead() -> None:
    comparison = compare(load_scenario("claim_25m_owned"), frozen_book())
    flows = cash_flows(comparison)
    assert str(cash_verdict(comparison, flows)) == (
        "Over 36 months, Self-hosted · Llama 3.3 70B FP8 (2 × H100 per replica, bought) has the lowest "
        "cost: 99,450 USD in cash, present value 96,850 (discount rate 10.0% per year)."
    )
    (sentence,) = changes_of_lead(comparison, flows)
    assert "than Prompt stuffing · GPT-4o (OpenAI) from month 29 (2029-03) on" in str(sentence)


def test_where_discounting_decides_it_is_said() -> None:
    comparison = compare(load_scenario("claim_25m_owned"), frozen_book())
    dear = compare(
        replace(comparison.scenario, outlook=Outlook(discount_rate_share_per_year=0.5)), frozen_book()
    )
    flows = cash_flows(dear)
    assert "Prompt stuffing · GPT-4o (OpenAI) has the lowest cost" in str(cash_verdict(dear, flows))
    assert str(changes_of_lead(dear, flows)[-1]).startswith("Without discounting, Self-hosted · Llama 3.3")


def test_where_nothing_can_be_used_the_verdict_says_so() -> None:
    comparison = compared(STUFFED, rows=(model_price(context_window_tokens=100),))
    assert cash_flows(comparison) == ()
    assert str(cash_verdict(comparison, ())).startswith("None of these options can serve")
    assert len(cash_summary(comparison, ())) == 0


# --- laws


OUTLOOKS = st.builds(
    Outlook,
    st.floats(-0.5, 0.5),
    st.floats(-0.5, 0.5),
    st.floats(-0.5, 0.5),
    st.floats(-0.5, 0.5),
    st.floats(0, 0.5),
)
GROWN = st.builds(
    Traffic,
    st.sampled_from(["compound", "s_curve"]),
    st.floats(0.1, 20),
    st.floats(0, 36),
    st.floats(0.05, 2),
    st.just({}),
    st.sampled_from([(), (1.0, 2.0, 1.0, 1.0, 3.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 2.0)]),
)
ALL = (STUFFED, TUNED, HOSTED, OWNED)


def any_comparison(outlook: Outlook, traffic: Traffic, growth: float, requests: float) -> Comparison:
    return compared(
        *ALL,
        outlook=outlook,
        traffic=traffic,
        growth_share_per_month=growth,
        requests_per_day=requests,
        horizon_months=30,
    )


@given(OUTLOOKS, GROWN, st.floats(-0.1, 0.1), st.floats(1, 1e6))
def test_a_strategys_lines_sum_to_its_total_in_every_month(
    outlook: Outlook, traffic: Traffic, growth: float, requests: float
) -> None:
    comparison = any_comparison(outlook, traffic, growth, requests)
    flows = cash_flows(comparison)
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in records(payments(comparison, flows)):
        sums[row["strategy"], row["month"]] += row["amount_usd"]
    months = records(cash_months(comparison, flows))
    for month in months:
        assert sums[month["strategy"], month["month"]] == month["cash_usd"]
    for flow in flows:
        assert flow.cumulative_usd[-1] == flow.total_usd == sum(flow.usd_by_month)
    equivalent: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for line in rows_of(report_cost_lines(comparison)):
        equivalent[line.strategy, line.month] += line.amount_usd
    for month in months:
        assert equivalent[month["strategy"], month["month"]] == month["equivalent_usd"]


@given(OUTLOOKS, GROWN, st.floats(-0.1, 0.1), st.floats(1, 1e6))
def test_the_present_value_at_a_rate_of_0_is_the_plain_sum(
    outlook: Outlook, traffic: Traffic, growth: float, requests: float
) -> None:
    for flow in cash_flows(any_comparison(outlook, traffic, growth, requests)):
        assert flow.present_value_usd(0) == flow.total_usd


@given(GROWN, st.floats(-0.1, 0.1), st.floats(1, 1e5), st.floats(1, 5))
def test_more_traffic_never_lowers_a_bill(
    traffic: Traffic, growth: float, requests: float, times: float
) -> None:
    less = cash_flows(any_comparison(PLAIN, traffic, growth, requests))
    more = {
        str(flow.outcome.name): flow
        for flow in cash_flows(any_comparison(PLAIN, traffic, growth, requests * times))
    }
    slack = Decimal("0.001")
    for flow in less:
        other = more[str(flow.outcome.name)]
        assert other.total_usd >= flow.total_usd - slack
        pairs = zip(
            other.cumulative_without_book_value_usd, flow.cumulative_without_book_value_usd, strict=True
        )
        assert all(high >= low - slack for high, low in pairs)


@given(st.lists(st.floats(0, 100), min_size=1, max_size=40), st.integers(1, 60))
def test_what_stands_always_covers_the_need(needed: list[float], life: int) -> None:
    bought = cohorts(needed, life)
    for month, wanted in enumerate(needed):
        assert sum(cohort.units for cohort in in_service(bought, month)) >= wanted - 1e-6


# --- rows and the command line


def test_the_same_scenario_gives_the_same_bytes() -> None:
    def content() -> bytes:
        comparison = compare(load_scenario("claim_25m_owned"), frozen_book())
        return frame_csv(payments(comparison, cash_flows(comparison)))

    assert content() == content()


def test_every_payment_says_where_its_price_came_from() -> None:
    for scenario_id in shipped_ids():
        comparison = compare(load_scenario(scenario_id), frozen_book())
        for row in records(payments(comparison, cash_flows(comparison))):
            assert row["price_ref"]
            assert row["source"]
            assert row["evidence"] in (
                Evidence.MEASURED,
                Evidence.PUBLISHED,
                Evidence.ESTIMATED,
                Evidence.ASSUMED,
            )


def test_the_summary_compares_with_the_one_that_asks_for_least_at_the_start() -> None:
    comparison = compare(load_scenario("claim_25m_owned"), frozen_book())
    own, api = records(cash_summary(comparison, cash_flows(comparison)))
    assert (api["against"], api["npv_usd"], api["payback_months"]) == ("", None, None)
    assert own["against"] == api["strategy"]
    assert own["npv_usd"] == api["present_value_usd"] - own["present_value_usd"]
    assert own["overtakes_in"] == "2029-03"


def test_the_command_line_says_it_and_writes_rows_that_add_up(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "cash.csv"
    assert main(["cashflow", "claim_25m_owned", "--json", "--csv", str(path)]) == 0
    printout = json.loads(capsys.readouterr().out)
    assert printout["strategies"][0]["payback_months"] == pytest.approx(28.69, abs=0.01)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for strategy in printout["strategies"]:
        total = sum(Decimal(r["amount_usd"]) for r in rows if r["strategy"] == strategy["strategy"])
        assert total == Decimal(strategy["total_usd"])
        assert len(strategy["months"]) == 36
    assert main(["cashflow", "claim_25m_owned"]) == 0
    text = capsys.readouterr().out
    assert "than Prompt stuffing · GPT-4o (OpenAI) from month 29 (2029-03) on" in text
    assert "paid back after 28.7 months" in text


def test_another_day_and_currency_are_taken(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cashflow", "claim_25m_owned", "--on", "2026-12-01", "--currency", "TWD"]) == 0
    text = capsys.readouterr().out
    assert "2026-12 " in text
    assert "TWD in cash" in text


def test_the_crossings_of_a_report_are_in_the_order_of_time() -> None:
    comparison = compared(*ALL, requests_per_day=80_000.0, growth_share_per_month=0.05, horizon_months=48)
    after_months = list(lead_changes(comparison, cash_flows(comparison))["after_months"])
    assert after_months == sorted(after_months)
    assert after_months


def test_the_first_month_is_the_day_of_the_prices() -> None:
    assert compared(STUFFED).months[0] == DAY
