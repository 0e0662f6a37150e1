"""Cash flow of buying servers compared with the API, worked by hand."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costing.claim.payback import claim_payback, sentence
from costing.claim.reconstruction import Claim
from costing.cli.main import main
from costing.comparison.breakeven import api_side
from costing.comparison.compare import compare
from costing.comparison.payback import Payback, of_comparison, payback
from costing.scenario.library import load_scenario
from costing.serving.ownership import annual_capital_share
from tests.support.factories import frozen_book, frozen_prices


def flat(
    months: int,
    api: float,
    running: float,
    capital: float,
    life_months: float = 1000,
    residual_share: float = 0,
) -> Payback:
    """Payback with equal months and without a cost of capital."""
    return payback(
        [api] * months,
        [running] * months,
        [capital] * months,
        life_months=life_months,
        residual_share=residual_share,
        wacc_share=0,
    )


def test_a_purchase_of_1000_that_saves_100_a_month_is_paid_back_after_10_months() -> None:
    result = flat(24, 150, 50, 1000)
    assert result.payback_months == 10
    assert result.months[-1].cumulative_usd == 24 * 100 - 1000


def test_within_a_month_cash_comes_evenly() -> None:
    # 950 are repaid after 9 months of 100, and half of the tenth.
    result = flat(24, 150, 50, 950)
    assert result.payback_months == pytest.approx(9.5)


def test_a_purchase_that_is_repaid_within_its_first_month() -> None:
    assert flat(3, 100, 0, 25).payback_months == pytest.approx(0.25)


def test_savings_that_are_too_small_never_pay_back() -> None:
    result = flat(12, 60, 50, 1000)
    assert result.payback_months is None
    assert flat(12, 40, 50, 1000).payback_months is None


def test_npv_discounts_each_month_by_a_twelfth_of_the_years_rate() -> None:
    # At 12 months a WACC of 21 %: a month discounts by 1.21^(1/12). Only the last month saves: 1210 / 1.21.
    result = payback(
        [0.0] * 11 + [1210.0], [0.0] * 12, [500.0] * 12, life_months=12, residual_share=0, wacc_share=0.21
    )
    assert result.npv_usd == pytest.approx(-500 + 1000)


def test_what_stands_at_the_end_counts_at_its_book_value() -> None:
    # Half of the life is over; 20 % remain at its end: 1000 x (1 - 0.8 x 0.5) = 600.
    result = flat(12, 0, 0, 1000, life_months=24, residual_share=0.2)
    assert result.book_value_usd == pytest.approx(600)
    assert result.npv_usd == pytest.approx(-400)


def test_a_worn_out_purchase_is_sold_and_bought_anew() -> None:
    result = flat(18, 100, 0, 600, life_months=12, residual_share=0.1)
    again = result.months[12]
    assert again.capital_usd == 600
    assert again.sold_usd == pytest.approx(60)
    # 600 x (1 - 0.9 x 6/12)
    assert result.book_value_usd == pytest.approx(330)


def test_growth_buys_only_what_is_missing() -> None:
    result = payback(
        [0.0] * 3, [0.0] * 3, [100.0, 100.0, 250.0], life_months=36, residual_share=0, wacc_share=0
    )
    assert [month.capital_usd for month in result.months] == [100, 0, 150]


@given(st.floats(0.0, 0.4), st.integers(1, 8), st.floats(0, 0.9), st.floats(100, 1e6))
def test_paying_the_equivalent_annual_cost_at_each_years_end_has_an_npv_of_zero(
    wacc: float, years: int, residual: float, price: float
) -> None:
    annual = annual_capital_share(years, wacc, residual) * price
    savings = [annual if month % 12 == 11 else 0.0 for month in range(years * 12)]
    result = payback(
        savings,
        [0.0] * len(savings),
        [price] * len(savings),
        life_months=years * 12,
        residual_share=residual,
        wacc_share=wacc,
    )
    assert result.npv_usd == pytest.approx(0, abs=1e-6 * price)


def test_the_claims_two_h100_cost_80000_to_buy() -> None:
    comparison = compare(load_scenario("claim_25m_owned"), frozen_book())
    hosted, own = comparison.outcomes
    assert api_side(hosted, own) is hosted
    result = of_comparison(comparison, hosted, own)
    assert result is not None
    first = result.months[0]
    # 2 x (30,000 + 10,000); 25 M tokens x 4.375 x 30.4375 = 3,329.10; 333.33 maintenance + 206.96 power
    assert first.capital_usd == pytest.approx(80_000, rel=1e-9)
    assert first.api_usd == pytest.approx(3329.10, abs=0.01)
    assert first.running_usd == pytest.approx(540.29, abs=0.2)
    # 80,000 / (3,329.10 - 540.15)
    assert result.payback_months == pytest.approx(28.69, abs=0.02)


def test_rented_servers_have_nothing_to_pay_back() -> None:
    comparison = compare(load_scenario("claim_25m_rented"), frozen_book())
    assert of_comparison(comparison, *comparison.outcomes) is None


def test_the_page_and_the_command_line_tell_the_same_of_the_same_volume() -> None:
    scenario = load_scenario("claim_25m_owned")
    comparison = compare(scenario, frozen_book())
    expected = of_comparison(comparison, *comparison.outcomes)
    claim = Claim(scenario, frozen_prices())
    result = claim_payback(claim, frozen_book(), 25e6, 0.0, scenario.horizon_months)
    assert expected is not None
    assert result.npv_usd == pytest.approx(expected.npv_usd, abs=0.01)
    assert result.payback_months == pytest.approx(expected.payback_months, rel=1e-6)


def test_an_announced_rise_of_the_apis_price_counts_from_its_month_on() -> None:
    # Gemini 3.8 Flash doubles on 2027-01-01: months start on the 22nd, so December is cheap, January dear.
    claim = Claim(load_scenario("claim_25m_owned"), frozen_prices(), "google/gemini-3.8-flash")
    result = claim_payback(claim, frozen_book(), 25e6, 0.0, 4)
    november, december, january, february = (month.api_usd for month in result.months)
    assert (december, february) == (november, january)
    assert january == pytest.approx(2 * november)


def test_the_sentence_says_whether_it_pays_back() -> None:
    claim = Claim(load_scenario("claim_25m_owned"), frozen_prices())
    assert "paid back after 28.7 months" in str(
        sentence(claim_payback(claim, frozen_book(), 25e6, 0.0, 36), 25e6, "owned")
    )
    assert "not paid back within them" in str(
        sentence(claim_payback(claim, frozen_book(), 5e6, 0.0, 36), 5e6, "owned")
    )


def test_the_command_line_says_npv_and_payback_of_what_is_bought(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["breakeven", "claim_25m_owned", "--json"]) == 0
    (pair,) = json.loads(capsys.readouterr().out)["pairs"]
    assert pair["payback"]["payback_months"] == pytest.approx(28.69, abs=0.02)
    assert pair["payback"]["bought_usd"] == pytest.approx(80_000, rel=1e-9)
    assert main(["breakeven", "claim_25m_rented", "--json"]) == 0
    (pair,) = json.loads(capsys.readouterr().out)["pairs"]
    assert pair["payback"] is None
