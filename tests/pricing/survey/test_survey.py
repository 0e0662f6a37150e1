"""Market survey on a day: prices in force, their age, changes, and cost of a longer prompt."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from frames.frame import records
from pricing.book import PriceBook
from pricing.rows import TABLES, GpuRent, ModelPrice, TunedPrice
from pricing.survey.market import PRICE_TABLES, freshness, matching, survey
from pricing.survey.prompt_length import cliffs, longest_prompt, prompt_costs, rates_at, usd_per_request
from pricing.survey.row_details import fields_of, pages, rates
from pricing.survey.timeline import endings, last_shown_day, price_history, price_steps
from tests.support.factories import frozen_book, live_book

TODAY = date(2026, 11, 22)
KEY = ("models", "acme/one")


def model(row_id: str = "acme/one", **fields: Any) -> ModelPrice:
    plain: dict[str, Any] = {
        "id": row_id,
        "vendor": "Acme",
        "name": row_id.split("/")[-1],
        "tokenizer": "o200k_base",
        "effective_from": date(2026, 1, 1),
        "input_usd_per_mtok": Decimal(2),
        "output_usd_per_mtok": Decimal(8),
        "source": "https://acme.example/prices",
        "checked_on": date(2026, 11, 1),
        "lifecycle": "open",
    }
    return ModelPrice(**{**plain, **fields})


def book(*rows: ModelPrice) -> PriceBook:
    return PriceBook({"models": rows})


def only(*rows: ModelPrice) -> SimpleNamespace:
    (row,) = rows_of(survey(book(*rows), TODAY))
    return row


def rows_of(frame: pd.DataFrame) -> list[SimpleNamespace]:
    return [SimpleNamespace(**record) for record in records(frame)]


def test_every_price_of_the_book_is_surveyed_once() -> None:
    rows = rows_of(survey(frozen_book(), TODAY))
    assert sorted((row.table, row.id) for row in rows) == sorted(
        (table, row_id) for table, row_id in frozen_book().ids() if table in PRICE_TABLES
    )
    assert {"models", "finetunes", "gpu_rent"} <= set(PRICE_TABLES)
    assert "tokenizers" not in PRICE_TABLES


def test_the_price_in_force_stands_not_the_announced_one() -> None:
    row = only(model(), model(effective_from=date(2027, 1, 1), input_usd_per_mtok=Decimal(4)))
    assert row.input_usd_per_mtok == 2
    assert row.state == "open"


def test_a_price_only_announced_says_so() -> None:
    assert only(model(effective_from=date(2027, 1, 1))).state == "announced"


def test_a_price_that_has_ended_says_so() -> None:
    assert only(model(effective_to=TODAY)).state == "open"
    assert only(model(effective_to=TODAY - timedelta(days=1))).state == "ended"


def test_an_offer_is_retired_from_its_day_on_whatever_the_row_says() -> None:
    assert only(model(retires_on=TODAY)).state == "shut down"
    assert only(model(retires_on=TODAY + timedelta(days=1))).state == "open"
    assert only(model(closed_to_new_customers_on=TODAY)).state == "existing customers only"


@pytest.mark.parametrize(
    ("age_days", "expected"), [(0, "fresh"), (29, "fresh"), (30, "ageing"), (89, "ageing"), (90, "old")]
)
def test_the_age_of_a_price_has_three_colours(age_days: int, expected: str) -> None:
    assert freshness(age_days) == expected
    row = only(model(checked_on=TODAY - timedelta(days=age_days)))
    assert (row.age_days, row.freshness) == (age_days, expected)


def test_a_price_checked_tomorrow_elsewhere_on_earth_is_not_younger_than_new() -> None:
    assert only(model(checked_on=TODAY + timedelta(days=1))).age_days == 0


def test_unknown_is_none_and_free_is_zero() -> None:
    assert only(model()).cached_input_usd_per_mtok is None
    assert only(model(cached_input_usd_per_mtok=Decimal(0))).cached_input_usd_per_mtok == 0


def test_what_ends_next_is_named_with_its_day() -> None:
    row = only(
        model(
            guaranteed_until=date(2026, 12, 31),
            retires_on=date(2027, 5, 1),
            closed_to_new_customers_on=date(2026, 6, 1),
        )
    )
    assert (row.ends, row.ends_on) == ("guarantee ends", date(2026, 12, 31))
    past = only(model(closed_to_new_customers_on=date(2026, 6, 1)))
    assert (past.ends, past.ends_on) == ("closed to new customers", date(2026, 6, 1))
    assert (only(model()).ends, only(model()).ends_on) == ("", None)


def test_a_gpus_rent_stands_in_the_other_price_with_its_unit() -> None:
    row = next(row for row in rows_of(survey(frozen_book(), TODAY)) if row.table == "gpu_rent")
    rent = frozen_book().on(TODAY).get(GpuRent, row.id)
    assert (row.other_price, row.other_unit) == (rent.usd_per_gpu_hour, "usd_per_gpu_hour")
    assert row.name == frozen_book().on(TODAY).gpu(row.id).name
    assert row.input_usd_per_mtok is None


def test_a_search_finds_all_its_words_in_id_name_or_vendor_whatever_their_case() -> None:
    rows = survey(book(model("acme/one"), model("acme/two"), model("zeta/two", vendor="Zeta Labs")), TODAY)
    assert list(matching(rows, "TWO")["id"]) == ["acme/two", "zeta/two"]
    assert list(matching(rows, " labs  two ")["id"]) == ["zeta/two"]
    assert matching(rows, "three").empty
    assert matching(rows, "").equals(rows)


def test_filters_narrow_together_and_none_means_all() -> None:
    rows = survey(
        book(model("acme/one"), model("acme/old", lifecycle="retired"), model("zeta/z", vendor="Zeta")), TODAY
    )
    assert list(matching(rows, vendors=["Acme"], states=["shut down"])["id"]) == ["acme/old"]
    assert matching(rows, vendors=["Zeta", "Acme"]).equals(rows)
    assert matching(rows, tables=["finetunes"]).empty
    assert matching(rows, layers=["shipped"]).equals(rows)


# Over time


def test_gemini_flash_doubles_at_new_year() -> None:
    key = ("models", "google/gemini-3.8-flash")
    price_periods = rows_of(price_history(frozen_book(), [key], "input_usd_per_mtok", TODAY))
    assert [(p.price, p.first_day, p.last_day, p.announced) for p in price_periods] == [
        (Decimal("0.75"), date(2026, 9, 23), date(2026, 12, 31), False),
        (Decimal("1.5"), date(2027, 1, 1), None, True),
    ]


def test_a_line_steps_on_the_day_of_the_change_and_ends_where_asked() -> None:
    history = book(model(), model(effective_from=date(2027, 1, 1), input_usd_per_mtok=Decimal(4)))
    periods = price_history(history, [KEY], "input_usd_per_mtok", TODAY)
    until = last_shown_day(periods, TODAY, 10)
    assert until == date(2027, 1, 11)
    assert [(row.day, row.price, row.announced) for row in rows_of(price_steps(periods, TODAY, until))] == [
        (date(2026, 1, 1), 2, False),
        (date(2027, 1, 1), 4, True),
        (until, 4, True),
    ]


def test_between_a_price_that_ended_and_the_next_there_is_none() -> None:
    history = book(model(effective_to=date(2026, 3, 31)), model(effective_from=date(2026, 6, 1)))
    periods = price_history(history, [KEY], "output_usd_per_mtok", TODAY)
    corners = rows_of(price_steps(periods, TODAY, TODAY))
    assert [corner.price for corner in corners] == [8, None, 8, 8]
    assert corners[1].day == date(2026, 4, 1)


def test_a_price_that_was_not_known_at_first_is_none_until_it_is() -> None:
    history = book(model(), model(effective_from=date(2026, 6, 1), cached_input_usd_per_mtok=Decimal("0.2")))
    periods = rows_of(price_history(history, [KEY], "cached_input_usd_per_mtok", TODAY))
    assert [period.price for period in periods] == [None, Decimal("0.2")]
    assert price_history(history, [KEY], "training_usd_per_mtok", TODAY).empty


def test_endings_are_those_within_the_days_and_every_announced_change() -> None:
    rows = (
        model("acme/soon", retires_on=TODAY + timedelta(days=90)),
        model("acme/late", retires_on=TODAY + timedelta(days=91)),
        model("acme/rise"),
        model("acme/rise", effective_from=date(2028, 1, 1), input_usd_per_mtok=Decimal(3)),
        model("acme/lapsed", guaranteed_until=TODAY - timedelta(days=1)),
        model("acme/gone", lifecycle="retired", retires_on=date(2026, 1, 2)),
    )
    ending_prices = rows_of(endings(book(*rows), TODAY, 90))
    assert [(e.id, e.ending, e.days_left) for e in ending_prices] == [
        ("acme/lapsed", "guarantee has run out", -1),
        ("acme/soon", "retires", 90),
        ("acme/rise", "new price", (date(2028, 1, 1) - TODAY).days),
    ]
    assert (ending_prices[-1].input_now, ending_prices[-1].input_then) == (Decimal(2), Decimal(3))
    assert ending_prices[1].input_then is None


def test_a_guarantee_followed_by_an_announced_price_is_one_line() -> None:
    ending_prices = [
        e for e in rows_of(endings(frozen_book(), TODAY, 90)) if e.id == "google/gemini-3.8-flash"
    ]
    assert [(e.day, e.ending) for e in ending_prices] == [(date(2027, 1, 1), "new price")]
    assert (ending_prices[0].output_now, ending_prices[0].output_then) == (Decimal("3.75"), Decimal("7.5"))


# By prompt length


def test_claude_haiku_falls_off_its_cliff_by_one_token() -> None:
    haiku = frozen_book().on(TODAY).model("anthropic/claude-haiku-5-5")
    (cliff,) = rows_of(cliffs(prompt_costs([haiku], output_tokens=0)))
    # 100,000 x 0.1 / 1e6 and 100,001 x 0.5 / 1e6
    assert (cliff.prompt_tokens, cliff.usd_per_request) == (100_000, Decimal("0.01"))
    assert cliff.usd_per_longer_request == Decimal("0.0500005")


TIERED = model(
    context_window_tokens=10_000,
    usd_per_1k_requests=Decimal(5),
    context_tiers=(
        {"above_prompt_tokens": 4_000, "input_usd_per_mtok": 4, "output_usd_per_mtok": 16},
        {"above_prompt_tokens": 9_500, "input_usd_per_mtok": 8, "output_usd_per_mtok": 32},
    ),
)


def test_output_and_the_fee_of_a_request_count_too() -> None:
    # (4,000 x 2 + 1,000 x 8) / 1e6 + 5 / 1,000 = 0.021; past the cliff (4,001 x 4 + 1,000 x 16) / 1e6 + 0.005
    assert usd_per_request(TIERED, 4_000, 1_000) == Decimal("0.021")
    assert usd_per_request(TIERED, 4_001, 1_000) == Decimal("0.037004")


def test_the_answer_must_fit_into_the_window_too() -> None:
    points = prompt_costs([TIERED], output_tokens=1_000)
    lengths = list(points["prompt_tokens"])
    assert (lengths[0], lengths[-1]) == (1_000, 9_000)
    assert list(cliffs(points)["prompt_tokens"]) == [4_000]
    assert prompt_costs([TIERED], output_tokens=9_500).empty


def test_where_the_window_is_not_known_the_line_passes_the_last_cliff() -> None:
    assert longest_prompt(model(), 500) == 128_000
    far = model(
        context_tiers=({"above_prompt_tokens": 200_000, "input_usd_per_mtok": 4, "output_usd_per_mtok": 9},)
    )
    assert longest_prompt(far, 500) == 400_000


@given(st.integers(1, 9_999), st.integers(0, 1_000))
def test_one_token_more_never_costs_less(prompt_tokens: int, output_tokens: int) -> None:
    usd = usd_per_request(TIERED, prompt_tokens, output_tokens)
    assert usd_per_request(TIERED, prompt_tokens + 1, output_tokens) > usd


def test_a_tier_holds_strictly_above_its_threshold() -> None:
    assert rates_at(TIERED, 4_000).input_usd_per_mtok == 2
    assert rates_at(TIERED, 4_001).input_usd_per_mtok == 4
    assert rates_at(TIERED, 9_501).input_usd_per_mtok == 8


# In full


def test_every_rate_of_an_offer_is_a_row() -> None:
    row = model(
        context_tiers=({"above_prompt_tokens": 9, "input_usd_per_mtok": 4, "output_usd_per_mtok": 16},),
        windows=(
            {"from_utc": "01:00", "to_utc": "04:00", "input_usd_per_mtok": 3, "output_usd_per_mtok": 9},
        ),
        service_tiers={"batch": {"input_usd_per_mtok": 1, "output_usd_per_mtok": 4}},
    )
    assert [
        (r.service, r.hours_utc, r.above_prompt_tokens, r.input_usd_per_mtok) for r in rows_of(rates(row))
    ] == [
        ("standard", "", None, Decimal(2)),
        ("standard", "", 9, Decimal(4)),
        ("standard", "01:00-04:00 mon tue wed thu fri sat sun", None, Decimal(3)),
        ("batch", "", None, Decimal(1)),
    ]


def test_a_row_in_full_has_every_field_and_blank_is_unknown() -> None:
    tuned = frozen_book().on(TODAY).tuned("openai/tuned-gpt-4.1")
    shown = dict(zip(*(fields_of(tuned)[name] for name in ("field", "value")), strict=True))
    assert shown["ref"] == "openai/tuned-gpt-4.1 @ 2026-09-22"
    assert shown["layer"] == "shipped"
    assert shown["new_jobs_until"] == "2027-01-06"
    assert shown["retires_on"] == "2027-01-14"
    assert shown["guaranteed_until"] == ""
    rate_fields = {"input_usd_per_mtok", "cached_input_usd_per_mtok", "output_usd_per_mtok"}
    assert not rate_fields & set(shown)
    assert {"training_usd_per_mtok", "note"} <= set(shown) <= {"ref", "layer", *TunedPrice.model_fields}


def test_the_pages_of_a_source_become_links() -> None:
    assert pages("https://a.example/x (b; c); github:o/r@0123abc:dir/f.csv (2026)") == [
        "https://a.example/x",
        "https://github.com/o/r/blob/0123abc/dir/f.csv",
    ]
    assert pages("a price list on paper") == []


@pytest.mark.parametrize("table", PRICE_TABLES)
def test_every_shipped_price_can_be_shown_in_full(table: str) -> None:
    for name, row_id in live_book().ids():
        if name == table:
            for row in live_book().history(TABLES[table], row_id):
                assert set(fields_of(row)["field"]) >= {"ref", "layer", "source", "checked_on"}
