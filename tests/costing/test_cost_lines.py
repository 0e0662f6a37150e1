"""Cost lines, their sums, and the one place where an amount is rounded."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costing.cost_lines import (
    Band,
    Cadence,
    PriceRef,
    rounded_usd,
    total_usd,
    usd_per_month,
    usd_per_month_at_ends,
    weakest,
)
from i18n.errors import CrossoverError
from pricing.rows import Evidence

from ..support.factories import cost_line, model_price

SURE_TO_UNSURE: tuple[Evidence, ...] = (
    Evidence.MEASURED,
    Evidence.PUBLISHED,
    Evidence.ESTIMATED,
    Evidence.ASSUMED,
)


def test_a_line_costs_its_quantity_times_its_unit_price() -> None:
    # 3 x 2.50 = 7.50
    assert cost_line(3.0, 2.5).usd == 7.5


def test_a_total_is_the_sum_of_the_lines_of_its_cadence() -> None:
    lines = [cost_line(3.0, 2.0), cost_line(1.0, 4.0), cost_line(10.0, 60.0, cadence=Cadence.ONCE)]
    assert total_usd(lines, Cadence.MONTHLY) == 10  # 6 + 4
    assert total_usd(lines, Cadence.ONCE) == 600


def test_no_lines_cost_nothing() -> None:
    assert total_usd([], Cadence.MONTHLY) == 0


def test_what_is_paid_once_is_spread_over_the_horizon() -> None:
    lines = [cost_line(1.0, 10.0), cost_line(1.0, 600.0, cadence=Cadence.ONCE)]
    # 10 + 600 / 12 = 60; 10 + 600 / 24 = 35
    assert usd_per_month(lines, 12) == 60
    assert usd_per_month(lines, 24) == 35


def test_the_ends_of_a_month_are_those_of_its_token_counts() -> None:
    tokens = replace(cost_line(100.0, 2.0), band=Band(0.5, 1.25))
    training = replace(cost_line(1.0, 600.0, cadence=Cadence.ONCE), band=Band(0.9, 1.1))
    # 2 GPUs at the low end; at the high end nobody knows, so the 3 that are stated.
    fleet = replace(cost_line(3.0, 10.0), band=Band(0.1, 9.0), ends=(2.0, None))
    # Low: 100 + 45 + 20 = 165; high: 250 + 55 + 30 = 335.
    assert usd_per_month_at_ends([tokens, training, fleet], 12) == pytest.approx((165, 335))


def test_the_lines_may_be_handed_in_as_a_generator() -> None:
    lines = (cost_line(1.0, 1.0, cadence=cadence) for cadence in Cadence)
    assert usd_per_month(lines, 2) == 1.5


def test_a_line_of_volumes_costs_an_array() -> None:
    line = cost_line(np.array([1.0, 2.0]), 3.0)
    assert np.array_equal(usd_per_month([line, cost_line(1.0, 1.0)], 12), [4, 7])


@pytest.mark.parametrize(
    ("amount", "rounded"),
    [
        (0.0000005, "0.000000"),  # half to even
        (0.0000015, "0.000002"),
        (0.0000025, "0.000002"),
        (1.1234567, "1.123457"),
        (2.675, "2.675000"),
        (0.1 + 0.2, "0.300000"),
        (-0.0000015, "-0.000002"),
        (1e12, "1000000000000.000000"),
    ],
)
def test_an_amount_is_rounded_to_a_millionth_of_a_usd_half_to_even(amount: float, rounded: str) -> None:
    assert str(rounded_usd(amount)) == rounded


@given(st.floats(-1e6, 1e6))
def test_rounding_moves_an_amount_by_half_a_millionth_at_most(amount: float) -> None:
    rounded = rounded_usd(amount)
    assert rounded == rounded.quantize(Decimal("0.000001"))
    # Besides the half, a float of this size is itself no finer than a ten-thousandth of a millionth.
    assert abs(rounded - Decimal(amount)) <= Decimal("0.0000005001")


@pytest.mark.parametrize(("first", "second"), list(product(SURE_TO_UNSURE, repeat=2)))
def test_a_product_is_no_surer_than_its_weakest_factor(first: Evidence, second: Evidence) -> None:
    less_sure = SURE_TO_UNSURE[max(SURE_TO_UNSURE.index(first), SURE_TO_UNSURE.index(second))]
    assert weakest(first, second) == less_sure


def test_a_line_is_no_surer_than_its_price_or_its_quantity() -> None:
    assert cost_line(quantity_evidence=Evidence.MEASURED).evidence == Evidence.PUBLISHED
    assert cost_line(quantity_evidence=Evidence.ASSUMED).evidence == Evidence.ASSUMED


def test_a_price_says_where_it_came_from() -> None:
    row = model_price(source="https://example.com/page")
    price = PriceRef.of(row)
    assert (price.ref, price.source) == ("acme/large @ 2026-01-01", "https://example.com/page")
    assert (price.checked_on, price.evidence) == (row.checked_on, "published")


def test_a_users_own_figure_is_an_assumption_without_a_day() -> None:
    price = PriceRef.assumed("staff_usd_per_month")
    assert (price.ref, price.checked_on, price.evidence) == ("input: staff_usd_per_month", None, "assumed")


def test_an_amount_too_large_to_round_is_refused_and_not_wrapped_round() -> None:
    # A million millions of USD in millionths is 10^18, and 64 bits end at 9.2 x 10^18.
    assert rounded_usd(1e12) == Decimal(10) ** 12
    with pytest.raises(CrossoverError, match="beyond 1,000,000,000,000"):
        rounded_usd(1e13)
