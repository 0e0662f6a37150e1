"""History of the claim: the break-even at the prices of each day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from costing.claim.history import LINES, history_frame
from costing.claim.reconstruction import PRESETS, Claim
from costing.scenario.library import load_scenario
from tests.support.factories import DAY, frozen_book, frozen_prices

OWNED = Claim(load_scenario(PRESETS["owned"]), frozen_prices())
RENTED = Claim(load_scenario(PRESETS["rented"]), frozen_prices())


def test_every_day_leads_to_a_price_row_and_two_sources() -> None:
    rows = history_frame(OWNED, frozen_book(), list(LINES), DAY)
    assert set(rows["model_line"]) == set(LINES)
    assert all(ref.startswith(model) for ref, model in zip(rows["price_ref"], rows["model"], strict=True))
    assert rows["price_source"].str.contains("https://").all()
    assert rows["launch_source"].str.contains("https://").all()


def test_the_claim_against_flagships_by_hand() -> None:
    rows = history_frame(OWNED, frozen_book(), ["flagship"], DAY)
    tokens = rows.groupby("model")["break_even_tokens_per_day"].last()
    # gpt-4 blends to (3 x 30 + 60) / 4 = 37.5: 105.825 / 37.5; gpt-5.5 to 11.25
    assert tokens["openai/gpt-4"] == pytest.approx(2.822e6, rel=1e-3)
    assert tokens["openai/gpt-4o"] == pytest.approx(24.189e6, rel=1e-3)
    assert tokens["openai/gpt-5.5"] == pytest.approx(9.407e6, rel=1e-3)
    assert min(rows["day"]) == date(2023, 3, 14)


def test_an_announced_price_is_marked_and_comes_last() -> None:
    rows = history_frame(OWNED, frozen_book(), list(LINES), DAY)
    announced = rows[rows["announced"]]
    assert announced[["model", "day"]].values.tolist() == [["google/gemini-3.8-flash", date(2027, 1, 1)]]
    # Its price doubles, so half the volume is enough.
    flash = rows.loc[rows["model_line"] == "flash", "break_even_tokens_per_day"].tolist()
    assert flash[-1] == pytest.approx(flash[-2] / 2)


def test_with_dated_rents_no_day_is_older_than_the_first_known_rent() -> None:
    rows = history_frame(RENTED, frozen_book(), ["flagship"], DAY, dated_rent=True)
    assert min(rows["day"]) == date(2025, 7, 1)
    assert rows["rent_ref"].str.startswith("h100-sxm @ ").all()
    on = dict(zip(rows["day"], rows["rent_usd_per_gpu_hour"], strict=True))
    assert (on[date(2025, 8, 7)], on[date(2026, 3, 5)], on[date(2026, 9, 22)]) == (1.7, 2.35, 2.95)


def test_servers_that_never_paid_have_no_volume_on_that_day() -> None:
    slow = replace(OWNED, moved={"output_tokens_per_s_per_gpu": 50.0})
    rows = history_frame(slow, frozen_book(), ["small"], DAY)
    assert rows["break_even_tokens_per_day"].isna().any()
