"""What follows a model in the cash flow: the vendor's successor, its bill, or none at that vendor."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from costing.cash_flow.cash_flow import cash_flows
from costing.comparison.compare import Comparison, compare
from costing.reports.cash_flow import event_timeline
from costing.scenario.outlook import Outlook
from costing.scenario.scenario import StrategyChoice
from costing.uncertainty.monte_carlo import uncertainty
from frames.frame import records
from pricing.rows import Fact

from ...support.factories import (
    HOSTED,
    STUFFED,
    TUNED,
    book,
    estimated_tokenizer,
    lifecycle,
    model_price,
    scenario,
    tuned_price,
)
from ...support.uncertainty import all_fixed

GONE = date(2027, 1, 1)
LARGE = model_price(lifecycle=None)
SMALL = model_price(id="acme/small", name="small", input_usd_per_mtok=1, output_usd_per_mtok=5)
BILLED = lifecycle(retires_on=GONE, successor="acme/small", billed_as_successor_from=GONE)


def compared(*strategies: StrategyChoice, rows: tuple[Fact, ...], **changes: Any) -> Comparison:
    return compare(scenario(*strategies, **changes), book(*rows))


def monthly_usd(comparison: Comparison) -> list[str]:
    (flow,) = cash_flows(comparison)
    return [str(usd) for usd in flow.usd_by_month]


def events_of(comparison: Comparison) -> list[tuple[str, str]]:
    table = event_timeline(comparison, cash_flows(comparison))
    return [(row["month"], row["description"]) for row in records(table)]


def test_a_model_that_is_billed_as_its_successor_costs_what_that_costs() -> None:
    # Months start on the 22nd: two at 91.3125 USD, then two at half the price.
    comparison = compared(STUFFED, rows=(LARGE, SMALL, BILLED), horizon_months=4)
    assert monthly_usd(comparison) == ["91.312500"] * 2 + ["45.656250"] * 2
    assert events_of(comparison) == [
        (
            "2027-01",
            "large (Acme) retires on 2027-01-01; its vendor answers with small (Acme) and bills at its "
            "rates.",
        )
    ]
    assert any(
        "from then on its vendor answers with acme/small" in str(x) for x in comparison.outcomes[0].notes
    )


def test_the_choice_of_the_scenario_goes_before_the_vendors() -> None:
    third = model_price(id="acme/third", name="third", input_usd_per_mtok=4, output_usd_per_mtok=20)
    comparison = compared(
        STUFFED,
        rows=(LARGE, SMALL, third, BILLED),
        horizon_months=4,
        outlook=Outlook(successors={"acme/large": "acme/third"}),
    )
    assert monthly_usd(comparison) == ["91.312500"] * 2 + ["182.625000"] * 2


def test_a_successor_that_is_only_named_is_not_taken() -> None:
    named = lifecycle(retires_on=GONE, successor="acme/small")
    comparison = compared(STUFFED, rows=(LARGE, SMALL, named), horizon_months=4)
    assert set(monthly_usd(comparison)) == {"91.312500"}
    assert events_of(comparison) == [
        (
            "2027-01",
            "large (Acme) retires on 2027-01-01; its vendor names small (Acme). Assumed: a successor at "
            "the same price.",
        )
    ]


def test_what_a_vendor_ends_has_no_successor_there() -> None:
    ended = lifecycle(
        "acme/tuned",
        state="existing customers only",
        closed_to_new_customers_on=date(2026, 5, 7),
        retires_on=date(2027, 1, 14),
    )
    comparison = compared(TUNED, rows=(tuned_price(lifecycle=None), ended), horizon_months=4)
    (retirement,) = comparison.retirements
    assert retirement.has_no_vendor_successor
    assert events_of(comparison)[0] == (
        "2027-01",
        "large (Acme) retires on 2027-01-14; its vendor has no successor for it. Assumed: another vendor's "
        "offer at the same prices, trained once.",
    )


def test_who_starts_after_the_end_is_told_which_model_the_vendor_bills() -> None:
    comparison = compared(STUFFED, rows=(LARGE, SMALL, BILLED), on=date(2027, 1, 2))
    assert str(comparison.outcomes[0].infeasible_reason) == (
        "acme/large was retired on 2027-01-01; its vendor answers with acme/small and bills at its rates "
        "(choose that model)"
    )


@pytest.mark.parametrize(("row_id", "name"), [("g1", "G1"), ("open-10b-1xg1", "Open 10B on 1 × G1")])
def test_a_rented_gpu_or_a_deployment_that_ends_is_an_event_of_its_month(row_id: str, name: str) -> None:
    ends = lifecycle(row_id, state="open", retires_on=GONE)
    comparison = compared(HOSTED, rows=(ends,), horizon_months=4)
    assert events_of(comparison) == [
        ("2027-01", f"{name} retires on 2027-01-01; assumed: a successor at the same price.")
    ]


def test_draws_move_to_the_successor_that_the_vendor_bills_and_count_its_tokens() -> None:
    other = model_price(id="acme/small", name="small", tokenizer="guess")
    comparison = all_fixed(
        compared(STUFFED, rows=(LARGE, other, estimated_tokenizer(), BILLED), horizon_months=4)
    )
    (flow,) = cash_flows(comparison)
    result = uncertainty(comparison, 2)
    # 1,000 tokens of input and 100 of output at 2 and 10 USD; the successor counts half as many again:
    # 91.3125 USD a month, then 136.96875.
    paid = [91.3125, 182.625, 319.59375, 456.5625]
    assert [str(usd) for usd in flow.usd_by_month] == ["91.312500"] * 2 + ["136.968750"] * 2
    assert result.strategies[0].months.p50 == pytest.approx(paid, rel=1e-6)
