"""The bridge from monthly cost to cash flow: steps worked by hand, and sums that other reports print."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costing.cash_flow.bridge import TOTALS, BridgeStep, bridge
from costing.cash_flow.cash_flow import cash_flows
from costing.comparison.compare import Comparison, compare
from costing.reports.cash_flow import cash_summary, cost_bridge, payments
from costing.reports.comparison import cost_lines
from costing.scenario.library import load_scenario, shipped_ids
from costing.scenario.outlook import Outlook
from costing.scenario.scenario import Scenario, StrategyChoice
from costing.scenario.traffic import Traffic
from frames.csv import frame_csv
from frames.frame import records
from pricing.rows import Fact

from ...support.factories import (
    STUFFED,
    TUNED,
    book,
    choice,
    frozen_book,
    model_price,
    scenario,
    tuned_price,
)

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


def steps_of(*strategies: StrategyChoice, rows: tuple[Fact, ...] = (), **changes: Any) -> dict[str, float]:
    """Step -> USD of the only option, without the steps of zero."""
    comparison = compare(scenario(*strategies, **changes), book(*rows))
    (flow,) = cash_flows(comparison)
    return {str(amount.step): float(amount.usd) for amount in bridge(comparison, flow) if amount.usd}


def test_without_any_change_the_monthly_cost_times_months_is_the_cash_flow() -> None:
    # 1,000 requests a day cost 91.3125 USD per month; four months: 365.25.
    assert steps_of(STUFFED, horizon_months=4) == {
        "Monthly cost × months": 365.25,
        "Cost breakdown, all months": 365.25,
        "Cash flow, all months": 365.25,
    }


def test_growth_is_the_difference_from_the_months_at_the_volume_of_the_first() -> None:
    # 91.3125 per month, doubled in the second and tripled in the third: + 91.3125 + 182.625.
    given_months = Traffic("months", given={"2026-11": 1_000.0, "2026-12": 2_000.0, "2027-01": 3_000.0})
    steps = steps_of(STUFFED, traffic=given_months, horizon_months=3, requests_per_day=1_000.0)
    assert steps["Traffic over the months"] == pytest.approx(273.9375)
    assert steps["Cash flow, all months"] == pytest.approx(273.9375 * 2)
    assert "Price changes and successors" not in steps


def test_a_successors_lower_price_is_a_price_change_and_not_traffic() -> None:
    # Half the price from the third of four months on: 2 x 45.65625 less.
    steps = steps_of(
        STUFFED,
        rows=(
            model_price(retires_on=date(2027, 1, 1)),
            model_price(id="acme/small", name="small", input_usd_per_mtok=1, output_usd_per_mtok=5),
        ),
        horizon_months=4,
        outlook=Outlook(successors={"acme/large": "acme/small"}),
    )
    assert steps == {
        "Monthly cost × months": 365.25,
        "Price changes and successors": pytest.approx(-91.3125),
        "Cost breakdown, all months": pytest.approx(273.9375),
        "Cash flow, all months": pytest.approx(273.9375),
    }


def test_a_training_at_a_retirement_is_a_step_of_its_own() -> None:
    # 33 USD once is in the monthly cost, 33 USD again in the month of the retirement is not.
    steps = steps_of(
        choice("fine_tuned", offer="acme/tuned", retrainings_per_year=0.0),
        rows=(tuned_price(retires_on=date(2027, 3, 1)),),
        horizon_months=8,
    )
    assert steps["Training after a retirement"] == 33
    assert steps["Monthly cost × months"] == pytest.approx(8 * 91.3125 + 33, abs=1e-5)
    assert steps["Cash flow, all months"] == pytest.approx(8 * 91.3125 + 66)


def test_retraining_is_paid_in_whole_jobs() -> None:
    # 33 USD twice a year: 5.5 USD in each of 20 months is 110, but three jobs (months 6, 12, 18) are 99.
    assert steps_of(TUNED, horizon_months=20)["Retraining in whole jobs"] == pytest.approx(-11, abs=1e-4)


def test_purchases_replace_the_equivalent_cost_of_machines() -> None:
    # One GPU of 30,000 USD over 36 months: 10,000 in the first year, and 20,000 left at its end.
    steps = steps_of(OWNED, requests_per_day=80_000.0, horizon_months=12)
    assert steps["Equivalent cost of own machines"] == pytest.approx(-10_000, abs=1e-4)
    assert steps["Machines bought"] == pytest.approx(30_000, abs=1e-4)
    assert steps["Book value at the end"] == pytest.approx(-20_000, abs=1e-4)
    assert steps["Cash flow, all months"] == pytest.approx(10_000, abs=1e-4)


def test_worn_out_machines_are_sold_in_a_step_of_their_own() -> None:
    # After a year the machine is sold for 10% of 30,000 USD, and another is bought.
    own = replace(OWNED, settings={**OWNED.settings, "life_years": 1.0, "residual_share": 0.1})
    steps = steps_of(own, requests_per_day=80_000.0, horizon_months=18)
    assert steps["Worn-out machines sold"] == pytest.approx(-3_000, abs=1e-3)
    assert steps["Machines bought"] == pytest.approx(60_000, abs=1e-3)


def test_idle_machines_after_a_fall_of_traffic_are_a_step_of_traffic() -> None:
    # Two GPUs stand from the first month on, needed or not: 60,000 / 36 in each of 6 months.
    falling = Traffic("months", given={"2026-11": 160_000.0, "2026-12": 80_000.0})
    steps = steps_of(OWNED, traffic=falling, requests_per_day=80_000.0, horizon_months=6)
    assert steps["Monthly cost × months"] == pytest.approx(5_000, abs=1e-4)
    assert steps["Traffic over the months"] == pytest.approx(5_000, abs=1e-4)
    assert "Price changes and successors" not in steps


def test_rounding_of_the_monthly_cost_is_shown_and_not_hidden() -> None:
    # 33 USD over 7 months is 4.714286 per month; times 7 that is 33.000002.
    steps = steps_of(choice("fine_tuned", offer="acme/tuned", retrainings_per_year=0.0), horizon_months=7)
    assert steps["Rounding of the monthly cost"] == pytest.approx(-0.000002, abs=1e-9)


def check_sums(comparison: Comparison) -> None:
    """The law: changes add up to the totals, and the totals are those of the other reports."""
    flows = cash_flows(comparison)
    breakdown = cost_lines(comparison).groupby("strategy")["amount_usd"].sum()
    cash = payments(comparison, flows).groupby("strategy")["amount_usd"].sum()
    summary = cash_summary(comparison, flows).set_index("strategy")["total_usd"]
    table = cost_bridge(comparison, flows)
    assert set(table["strategy"]) == set(breakdown.index)
    for name, rows in table.groupby("strategy"):
        amounts = {row["step"]: row["amount_usd"] for row in records(rows)}
        assert list(amounts) == list(BridgeStep)
        running = Decimal(0)
        for step, usd in amounts.items():
            if step in TOTALS and step != BridgeStep.MONTHLY_COST:
                assert usd == running
            else:
                running += usd
        (outcome,) = (outcome for outcome in comparison.feasible if str(outcome.name) == name)
        months = comparison.scenario.horizon_months
        assert amounts[BridgeStep.MONTHLY_COST] == outcome.usd_per_month * months
        assert amounts[BridgeStep.COST_BREAKDOWN] == breakdown[name]
        assert amounts[BridgeStep.CASH_FLOW] == cash[name] == summary[name]
        assert abs(amounts[BridgeStep.ROUNDING]) <= Decimal("0.0000005") * months


@pytest.mark.parametrize("scenario_id", shipped_ids())
def test_the_steps_of_every_scenario_add_up_to_the_sums_of_its_files(scenario_id: str) -> None:
    check_sums(compare(load_scenario(scenario_id), frozen_book()))


@given(
    st.sampled_from(shipped_ids()),
    st.floats(-0.1, 0.1),
    st.floats(1, 1e6),
    st.floats(-0.5, 0.5),
    st.integers(1, 40),
)
def test_the_steps_add_up_at_any_volume_growth_and_drift(
    scenario_id: str, growth: float, requests: float, drift: float, months: int
) -> None:
    drifting = Outlook(api_price_drift_share_per_year=drift, purchase_drift_share_per_year=drift)
    changed: Scenario = replace(
        load_scenario(scenario_id),
        growth_share_per_month=growth,
        requests_per_day=requests,
        horizon_months=months,
        outlook=drifting,
    )
    check_sums(compare(changed, frozen_book()))


def test_without_dated_prices_and_drift_no_price_step_is_left_over() -> None:
    # The claim's rows are dated once: whatever traffic does, nothing is a price change.
    grown = replace(load_scenario("claim_25m_owned"), growth_share_per_month=-0.07)
    comparison = compare(replace(grown, outlook=Outlook()), frozen_book())
    for flow in cash_flows(comparison):
        prices = next(each for each in bridge(comparison, flow) if each.step == BridgeStep.PRICES)
        assert prices.usd == 0


def test_amounts_in_another_currency_add_up_too_and_steps_have_a_calculation() -> None:
    twd = replace(load_scenario("brand_voice"), currency="TWD")
    comparison = compare(twd, frozen_book())
    table = cost_bridge(comparison, cash_flows(comparison)).query("strategy == strategy.iloc[0]")
    changes = table.loc[~table["step"].isin(TOTALS), "amount"].sum()
    assert table["amount"].iloc[0] + changes == table["amount"].iloc[-1]
    assert table["calculation"].iloc[0].endswith("TWD per month × 24 months")
    assert (table["calculation"] != "").all()
    assert frame_csv(table).decode("utf-8-sig").count("\r\n") == len(BridgeStep) + 1
