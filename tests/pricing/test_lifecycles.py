"""Lifecycles: the state of a day, one reading for both spellings, faults of the table, layers."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from frames.frame import records
from i18n.errors import CrossoverError
from pricing.company_tables import layered
from pricing.load import book_of, load_book
from pricing.rows import Fact, ModelPrice, TunedPrice, lifecycle_of
from pricing.survey.market import ends_of, state_on
from pricing.survey.row_details import fields_of
from pricing.survey.timeline import endings
from pricing.table_rules import rule_errors

from ..support.factories import (
    DAY,
    book,
    deployment,
    gpu_rent,
    lifecycle,
    live_book,
    model_price,
    tuned_price,
)
from ..support.paths import FROZEN_TABLES

CLOSED = "existing customers only"


# --- the state of a day


@pytest.mark.parametrize(
    ("fields", "day", "state"),
    [
        ({}, date(2026, 11, 22), None),
        ({"retires_on": date(2027, 1, 14)}, date(2026, 11, 22), None),
        ({"retires_on": date(2027, 1, 14)}, date(2027, 1, 13), None),
        ({"retires_on": date(2027, 1, 14)}, date(2027, 1, 14), "shut down"),
        ({"state": "open"}, date(2026, 11, 22), "open"),
        ({"state": "preview"}, date(2026, 11, 22), "preview"),
        ({"state": "open", "announced_on": date(2026, 11, 1)}, date(2026, 10, 31), "open"),
        ({"state": "open", "announced_on": date(2026, 11, 1)}, date(2026, 11, 1), "deprecated"),
        ({"state": CLOSED, "closed_to_new_customers_on": date(2026, 10, 20)}, date(2026, 10, 19), "open"),
        ({"state": CLOSED, "closed_to_new_customers_on": date(2026, 10, 20)}, date(2026, 10, 20), CLOSED),
        ({"state": CLOSED}, date(2026, 1, 1), CLOSED),
        ({"state": "open", "new_jobs_until": date(2027, 1, 6)}, date(2027, 1, 6), "open"),
        ({"state": "open", "new_jobs_until": date(2027, 1, 6)}, date(2027, 1, 7), "no new jobs"),
        ({"state": "retired", "retires_on": date(2026, 10, 23)}, date(2026, 10, 22), None),
        ({"state": "retired"}, date(2026, 11, 22), "shut down"),
    ],
)
def test_the_state_of_a_day_follows_from_the_dates(
    fields: dict[str, Any], day: date, state: str | None
) -> None:
    assert lifecycle(**fields).state_on(day) == state


def test_the_vertex_tuned_models_are_closed_and_the_day_before_they_were_open() -> None:
    # The notice of 2026-09-16: closed to new and inactive projects on 2026-10-20, ends on 2027-03-31.
    offer = live_book().on(date(2026, 11, 22)).tuned("vertex/tuned-gemini-2.5-flash")
    assert lifecycle_of(offer).state_on(date(2026, 10, 19)) == "open"
    assert lifecycle_of(offer).state_on(date(2026, 10, 20)) == CLOSED
    assert lifecycle_of(offer).state_on(date(2027, 3, 31)) == "shut down"
    assert lifecycle_of(offer).evidence == "assumed"


@pytest.mark.parametrize(
    ("table", "row_id", "retires_on"),
    [
        ("models", "google/gemini-2.5-pro", date(2026, 12, 1)),
        ("models", "google/gemini-2.5-flash", date(2026, 12, 1)),
        ("models", "mistral/mistral-medium-3-5", date(2027, 4, 30)),
        ("models", "together/meta-llama/Llama-3.3-70B-Instruct-Turbo", date(2026, 10, 22)),
        ("models", "fireworks/gpt-oss-120b", date(2026, 11, 7)),
        ("models", "openai/gpt-4o", date(2027, 1, 14)),
        ("finetunes", "vertex/tuned-gemini-2.5-flash-lite", date(2027, 1, 28)),
        ("finetunes", "openai/tuned-gpt-4o-mini", date(2027, 1, 14)),
    ],
)
def test_the_ends_of_the_market_of_2026_11_30_are_in_the_table(
    table: str, row_id: str, retires_on: date
) -> None:
    kind: type[Fact] = ModelPrice if table == "models" else TunedPrice
    assert lifecycle_of(live_book().history(kind, row_id)[-1]).retires_on == retires_on


def test_gemini_2_5_is_billed_as_its_successor_from_december_on() -> None:
    known = lifecycle_of(live_book().history(ModelPrice, "google/gemini-2.5-pro")[-1])
    assert (known.successor, known.billed_as_successor_from) == (
        "google/gemini-3.8-flash",
        date(2026, 12, 1),
    )


# --- one reading, wherever it is written


OWN = {"closed_to_new_customers_on": date(2026, 5, 7), "retires_on": date(2027, 1, 14)}


def test_a_price_row_and_the_table_say_the_same() -> None:
    fields = {**OWN, "new_jobs_until": date(2027, 1, 6)}
    own = book(tuned_price(lifecycle=CLOSED, **fields)).on(DAY).tuned("acme/tuned")
    apart = book(tuned_price(lifecycle=None), lifecycle("acme/tuned", state=CLOSED, **fields))
    joined = apart.on(DAY).tuned("acme/tuned")
    assert state_on(own, DAY) == state_on(joined, DAY) == CLOSED
    assert ends_of(own) == ends_of(joined) == fields
    assert apart.change_days() == book(tuned_price(lifecycle=CLOSED, **fields)).change_days()


def test_every_row_of_the_id_gets_the_lifecycle() -> None:
    prices = book(
        gpu_rent(), gpu_rent(3, effective_from=date(2026, 6, 1)), lifecycle("g1", state="deprecated")
    )
    rows = [*prices.history(type(gpu_rent()), "g1"), prices.on(DAY).gpu("g1")]
    assert [lifecycle_of(row).state for row in rows] == ["deprecated"] * 3
    assert lifecycle_of(prices.on(DAY).deployment(deployment().id)).state is None


def test_a_blank_is_not_known_and_never_open() -> None:
    row = book(model_price(lifecycle=None)).on(DAY).model("acme/large")
    assert state_on(row, DAY) == "not known"
    assert lifecycle_of(row).is_known_on(DAY) is False
    assert lifecycle_of(row).is_closed_on(DAY) is False


def test_the_details_of_a_row_have_the_source_of_its_lifecycle() -> None:
    known = lifecycle(state=CLOSED, retires_on=date(2027, 1, 14), source="https://acme.example/ends")
    row = book(model_price(lifecycle=None), known).on(DAY).model("acme/large")
    shown = dict(fields_of(row).itertuples(index=False))
    assert shown["lifecycle"] == CLOSED
    assert shown["retires_on"] == "2027-01-14"
    assert shown["lifecycle_source"] == "https://acme.example/ends"
    assert list(fields_of(row)["field"]).count("retires_on") == 1


def test_an_end_that_is_near_names_the_source_of_the_lifecycle() -> None:
    known = lifecycle(retires_on=date(2026, 12, 1), source="https://acme.example/ends")
    (row,) = records(endings(book(model_price(lifecycle=None), known), DAY, 30))
    assert (row["id"], row["ending"], row["source"]) == (
        "acme/large",
        "retires",
        "https://acme.example/ends",
    )


# --- faults


MODELS = """\
- id: acme/large
  vendor: Acme
  name: large
  tokenizer: words
  effective_from: 2026-01-01
  input_usd_per_mtok: 2
  output_usd_per_mtok: 10
  source: 'https://example.com'
  checked_on: 2026-01-01
- id: acme/next
  vendor: Acme
  name: next
  tokenizer: words
  effective_from: 2026-01-01
  input_usd_per_mtok: 2
  output_usd_per_mtok: 10
  source: 'https://example.com'
  checked_on: 2026-01-01
"""
WORDS = """\
- id: words
  name: Words
  encoding: o200k_base
  source: 'https://example.com'
  checked_on: 2026-01-01
"""


def lifecycles(*rows: str) -> str:
    return "".join(f"- {row}\n  source: 'https://example.com'\n  checked_on: 2026-01-01\n" for row in rows)


def errors(text: str, models: str = MODELS) -> list[str]:
    with pytest.raises(CrossoverError) as error:
        book_of({"models.yaml": models, "tokenizers.yaml": WORDS, "lifecycles.yaml": text}, DAY)
    return str(error.value).splitlines()


@pytest.mark.parametrize(
    ("row", "line"),
    [
        (
            "id: acme/large\n  successor: acme/nexd",
            "lifecycles.yaml:1: acme/large: successor: no 'acme/nexd' in models.yaml; did you mean "
            "'acme/next'?",
        ),
        (
            "id: acme/large\n  successor: acme/large",
            "lifecycles.yaml:1: acme/large: successor: 'acme/large' leads back to this row (name a row that "
            "stays, or leave it out)",
        ),
        (
            "id: acme/large\n  closed_to_new_customers_on: 2027-01-01\n  retires_on: 2026-12-01",
            "lifecycles.yaml:1: acme/large: row: retires_on: 2026-12-01 is before "
            "closed_to_new_customers_on, 2027-01-01 (swap them?)",
        ),
        (
            "id: acme/large\n  announced_on: 2027-01-01\n  new_jobs_until: 2026-12-01",
            "lifecycles.yaml:1: acme/large: row: new_jobs_until: 2026-12-01 is before announced_on, "
            "2027-01-01 (swap them?)",
        ),
        (
            "id: acme/large\n  billed_as_successor_from: 2026-12-01",
            "lifecycles.yaml:1: acme/large: row: successor: missing (billed_as_successor_from needs it)",
        ),
    ],
)
def test_a_fault_of_a_lifecycle_is_one_line_with_its_row_and_field(row: str, line: str) -> None:
    assert errors(lifecycles(row)) == [line]


def test_an_id_that_no_row_has_is_named_with_the_nearest() -> None:
    (line,) = errors(lifecycles("id: acme/larg\n  state: open"))
    assert line.startswith("lifecycles.yaml:1: acme/larg: id: no row has it in models.yaml, finetunes.yaml, ")
    assert line.endswith("; did you mean 'acme/large'?")


def test_two_successors_of_each_other_are_both_named_and_a_good_row_is_not() -> None:
    lines = errors(
        lifecycles("id: acme/large\n  successor: acme/next", "id: acme/next\n  successor: acme/large")
    )
    assert [line.split(": ")[1] for line in lines] == ["acme/large", "acme/next"]


def test_a_lifecycle_that_is_written_twice_is_refused_at_the_price_row() -> None:
    twice = MODELS.replace("  source:", "  lifecycle: open\n  source:", 1)
    assert errors(lifecycles("id: acme/large\n  state: open"), twice) == [
        "models.yaml:1: acme/large: lifecycle: also in lifecycles.yaml (keep it there, remove the lifecycle "
        "fields here)"
    ]


def test_a_state_that_is_none_is_refused() -> None:
    (line,) = errors(lifecycles("id: acme/large\n  state: alive"))
    assert line.startswith("lifecycles.yaml:2: acme/large: state: 'alive': ")


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({}, "state: missing, and no day is given (write what is known, or remove the row)"),
        ({"state": "shut down"}, "retires_on: missing (an offer that was shut down needs the day)"),
        (
            {"state": "open", "source": "a book"},
            "source: names no page (give an address that shows the state)",
        ),
        (
            {"state": "open", "announced_on": date(2027, 1, 1)},
            "announced_on: after checked_on (give the day somebody looked)",
        ),
    ],
)
def test_a_row_of_the_table_says_something_that_a_page_shows(fields: dict[str, Any], line: str) -> None:
    lines = [str(error) for error in rule_errors(book(lifecycle(**fields)))]
    assert f"lifecycles.yaml: acme/large: {line}" in lines


# --- layers


def test_tables_of_an_earlier_release_need_no_lifecycles(frozen_copy: Any) -> None:
    (frozen_copy / "lifecycles.yaml").unlink()
    rows = load_book(frozen_copy, date.max).tables()
    assert rows["lifecycles"] == []
    assert len(rows["models"]) == len(load_book(FROZEN_TABLES, date.max).tables()["models"])


def test_a_company_says_more_than_the_tables_below() -> None:
    shipped = book_of(
        {
            "models.yaml": MODELS,
            "tokenizers.yaml": WORDS,
            "lifecycles.yaml": lifecycles("id: acme/large\n  state: existing customers only"),
        },
        DAY,
    )
    own_row = MODELS.split("- id: acme/next", maxsplit=1)[0].replace(
        "  source:", "  lifecycle: open\n  source:"
    )
    by_price_row = layered(shipped, {"models.yaml": own_row}, "acme-inc", DAY)
    assert lifecycle_of(by_price_row.on(DAY).model("acme/large")).state == "open"
    by_table = layered(
        shipped, {"lifecycles.yaml": lifecycles("id: acme/large\n  state: open")}, "acme-inc", DAY
    )
    assert lifecycle_of(by_table.on(DAY).model("acme/large")).state == "open"
    plain = layered(shipped, {"models.yaml": MODELS}, "acme-inc", DAY)
    assert lifecycle_of(plain.on(DAY).model("acme/large")).state == CLOSED
