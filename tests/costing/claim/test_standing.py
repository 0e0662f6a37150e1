"""The answer of the claim page: whether the claim holds, against what, and since when not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from costing.claim.history import LINES
from costing.claim.reconstruction import PRESETS, Claim
from costing.claim.standing import Standing, answer, standings, standings_frame
from costing.scenario.library import load_scenario
from tests.support.factories import frozen_book, frozen_prices

OWNED = Claim(load_scenario(PRESETS["owned"]), frozen_prices())
TODAY = date(2026, 11, 23)
HELD = Standing("flagship", "large", 9.4e6, True, date(2026, 4, 23), True, None, None)
ENDED = Standing("sonnet", "medium", 26.5e6, False, date(2026, 6, 30), True, None, None)
NEVER_HELD = Standing("small", "tiny", 529e6, False, date(2023, 6, 13), False, None, None)
NO_VOLUME = Standing("open", "free", None, False, date(2026, 4, 24), False, None, None)


def by_line(today: date, claim: Claim = OWNED) -> dict[str, Standing]:
    return {each.model_line: each for each in standings(claim, frozen_book(), today)}


@pytest.mark.parametrize(
    ("today", "holds", "since", "held_before"),
    [
        (date(2025, 4, 13), True, date(2023, 3, 14), False),  # gpt-4o at 4.375 USD: 24.2 M, as all before it
        (date(2025, 4, 14), False, date(2025, 4, 14), True),  # gpt-4.1 at 3.50 USD: 105.825 / 3.5 = 30.2 M
        (date(2025, 8, 7), False, date(2025, 4, 14), True),  # gpt-5 at 3.4375 USD: 30.8 M, no break between
        (date(2025, 12, 11), True, date(2025, 12, 11), True),  # gpt-5.2 at 4.8125 USD: 22.0 M
    ],
)
def test_the_claim_holds_or_fails_since_the_price_that_changed_it(
    today: date, holds: bool, since: date, held_before: bool
) -> None:
    flagship = by_line(today)["flagship"]
    assert (flagship.claim_holds, flagship.day, flagship.held_before) == (holds, since, held_before)


def test_a_small_model_never_let_the_claim_hold() -> None:
    small = by_line(date(2025, 1, 1))["small"]
    assert (small.claim_holds, small.day, small.held_before) == (False, date(2023, 6, 13), False)
    assert small.break_even_tokens_per_day == pytest.approx(403.1e6, rel=1e-3)


def test_a_line_is_left_out_before_its_first_model() -> None:
    assert set(by_line(date(2023, 3, 14))) == {"flagship"}
    assert by_line(date(2023, 3, 13)) == {}


def test_an_announced_price_is_no_standing_but_the_next_change() -> None:
    flash = by_line(TODAY)["flash"]
    assert flash.break_even_tokens_per_day is not None
    assert flash.next_change == date(2027, 1, 1)
    assert flash.next_break_even_tokens_per_day == pytest.approx(flash.break_even_tokens_per_day / 2)


def test_standings_are_sorted_by_break_even_and_lines_without_any_stand_last() -> None:
    slow = replace(OWNED, moved={"output_tokens_per_s_per_gpu": 100.0})
    tokens = [each.break_even_tokens_per_day for each in standings(slow, frozen_book(), TODAY)]
    known = [each for each in tokens if each is not None]
    assert len(tokens) == len(LINES)
    assert tokens == [*sorted(known), *[None] * (len(tokens) - len(known))]
    assert 0 < len(known) < len(tokens)


def test_the_frame_has_a_row_for_each_line() -> None:
    table = standings_frame([HELD, NO_VOLUME])
    assert table["claim_holds"].tolist() == [True, False]
    assert table["break_even_tokens_per_day"].isna().tolist() == [False, True]


@pytest.mark.parametrize(
    ("standing", "sentence"),
    [
        (
            [HELD],
            "Yes: at the prices of 2026-11-23, 25 M tokens per day are enough: self-hosting breaks even at "
            "9.4 M against large.",
        ),
        (
            [HELD, ENDED, NEVER_HELD],
            "Only in part: at the prices of 2026-11-23, 25 M tokens per day are enough against some models: "
            "self-hosting breaks even at 9.4 M against large, but only at 26.5 M against medium (enough "
            "until 2026-06-30) and at 529 M against tiny (never enough).",
        ),
        (
            [ENDED, NEVER_HELD, NO_VOLUME],
            "No longer: at the prices of 2026-11-23, 25 M tokens per day are not enough: self-hosting breaks "
            "even at 26.5 M against medium (enough until 2026-06-30) and at no volume against free (never "
            "enough).",
        ),
        (
            [NEVER_HELD],
            "No: at the prices of 2026-11-23, 25 M tokens per day are not enough: self-hosting breaks even "
            "at 529 M against tiny (never enough).",
        ),
        ([], "Unknown: no line of models has a price on 2026-11-23."),
    ],
)
def test_the_answer_is_one_sentence(standing: list[Standing], sentence: str) -> None:
    assert str(answer(standing, TODAY)) == sentence


def test_the_answer_follows_the_drivers() -> None:
    # With free electricity 99.026 USD per day: gpt-5.4 at 5.625 USD breaks even at 17.6 M instead of 18.8 M.
    day = date(2026, 4, 1)
    for claim, millions in ((OWNED, "18.8 M"), (OWNED.with_driver("usd_per_kwh", 0), "17.6 M")):
        flagship = standings(claim, frozen_book(), day, ["flagship"])
        assert f"breaks even at {millions} against" in str(answer(flagship, day))
