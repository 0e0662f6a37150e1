"""Warnings of `pricing check` about the calendar: retirements that are near, guarantees that have passed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pricing.book import PriceBook
from pricing.survey.ending_warnings import ending_warnings

from ...support.factories import model_price

TODAY = date(2026, 12, 1)


def warnings_of(*rows: dict[str, Any]) -> list[str]:
    listed = [model_price(**{"effective_from": date(2026, 1, 1), **row}) for row in rows]
    return [str(line) for line in ending_warnings(PriceBook({"models": listed}), TODAY)]


@pytest.mark.parametrize(
    ("retires_on", "lines"),
    [
        # 2026-12-31 is 30 days after 2026-12-01; on its day an offer is gone.
        (
            date(2026, 12, 31),
            ["models.yaml: acme/large: retires on 2026-12-31, in 30 days (look up what follows)"],
        ),
        (
            date(2026, 12, 2),
            ["models.yaml: acme/large: retires on 2026-12-02, in 1 day (look up what follows)"],
        ),
        (date(2027, 1, 1), []),
        (date(2026, 12, 1), []),
    ],
)
def test_a_retirement_within_30_days_is_warned_of(retires_on: date, lines: list[str]) -> None:
    assert warnings_of({"retires_on": retires_on}) == lines


def test_a_guarantee_that_has_passed_is_warned_of_until_a_newer_price_follows() -> None:
    promised = {"guaranteed_until": date(2026, 11, 21)}
    assert warnings_of(promised) == [
        "models.yaml: acme/large: guaranteed_until: 2026-11-21 has passed (look the price up again)"
    ]
    assert warnings_of(promised, {"effective_from": date(2026, 11, 22)}) == []
    # The announced next price begins the day after: nothing is unknown.
    announced = {"guaranteed_until": date(2026, 12, 20)}
    assert warnings_of(announced, {"effective_from": date(2026, 12, 21)}) == []
