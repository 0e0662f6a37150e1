"""Rows of the comparison: they add up, they name the source of each price, and no cell is a formula."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costing.comparison.breakeven import breakeven
from costing.comparison.compare import Comparison, compare
from costing.cost_lines import Cadence
from costing.reports.comparison import (
    COST_LINE_COLUMNS,
    LINE_COLUMNS,
    MONTH_COLUMNS,
    TOKEN_COLUMNS,
    reference_tokens,
    token_band,
)
from costing.reports.comparison import cost_lines as report_cost_lines
from costing.reports.comparison import lines as report_lines
from costing.reports.comparison import months as report_months
from costing.reports.comparison import tokens as report_tokens
from costing.reports.volume import CROSSING_COLUMNS, VOLUME_COLUMNS, volume_axis
from costing.reports.volume import crossings as report_crossings
from costing.reports.volume import marginal as report_marginal
from costing.reports.volume import volume as report_volume
from costing.reports.volume import winners as report_winners
from costing.scenario.library import load_scenario, shipped_ids
from costing.scenario.scenario import Part
from frames.column import Column, Dtype
from frames.csv import frame_csv, safe_text
from frames.frame import frame
from tests.support.paths import GOLDEN
from tests.support.rows import rows_of
from tests.support.translation import translate_by

from ...support.factories import (
    HOSTED,
    STUFFED,
    TUNED,
    book,
    choice,
    estimated_tokenizer,
    frozen_book,
    model_price,
    scenario,
)

every_scenario = pytest.mark.parametrize("scenario_id", shipped_ids())

COLUMNS = [
    "scenario_id",
    "scenario",
    "on",
    "strategy",
    "line",
    "category",
    "cadence",
    "quantity",
    "unit",
    "usd_per_unit",
    "amount_usd",
    "month",
    "price_ref",
    "source",
    "checked_on",
    "evidence",
    "layer",
    "amount",
    "currency",
    "fx_per_usd",
    "fx_date",
    "fx_source",
    "quantity_low",
    "quantity_high",
]


def shipped(scenario_id: str) -> Comparison:
    return compare(load_scenario(scenario_id), frozen_book())


def cost_csv(comparison: Comparison) -> bytes:
    return frame_csv(report_cost_lines(comparison))


def read_csv(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


# --- the CSV of costs


def test_the_csv_is_the_one_that_was_agreed(update_golden: bool) -> None:
    path = GOLDEN / "brand_voice.csv"
    content = cost_csv(shipped("brand_voice"))
    if update_golden:
        path.write_bytes(content)
    assert content == path.read_bytes(), (
        "figures of brand_voice moved: run with --update-golden, read the diff, say why in CHANGELOG.md"
    )


def test_the_csv_has_exactly_its_columns_in_their_order() -> None:
    header = cost_csv(shipped("claim_25m_owned")).decode("utf-8-sig").splitlines()[0]
    assert header.split(",") == COLUMNS


def test_the_csv_opens_in_excel_in_any_script() -> None:
    scenario = replace(load_scenario("claim_25m_owned"), names={"en": "品牌語氣 — Größe"})
    content = cost_csv(compare(scenario, frozen_book()))
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\xef\xbb\xbf") == 1
    assert read_csv(content)[0]["scenario"] == "品牌語氣 — Größe"


@every_scenario
def test_the_amounts_of_each_month_add_up_to_its_total_to_the_last_digit(scenario_id: str) -> None:
    comparison = shipped(scenario_id)
    totals: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in read_csv(cost_csv(comparison)):
        totals[row["strategy"], row["month"]] += Decimal(row["amount_usd"])
    expected = {
        (str(outcome.name), f"{day:%Y-%m}"): usd
        for outcome in comparison.feasible
        for day, usd in zip(comparison.months, comparison.usd_by_month(outcome), strict=True)
    }
    assert dict(totals) == expected


@every_scenario
def test_an_amount_is_its_quantity_times_its_unit_price_to_a_millionth(scenario_id: str) -> None:
    for row in read_csv(cost_csv(shipped(scenario_id))):
        exact = Decimal(row["quantity"]) * Decimal(row["usd_per_unit"])
        assert abs(Decimal(row["amount_usd"]) - exact) <= Decimal("0.0000005001")


@every_scenario
def test_every_row_of_the_csv_is_filled_in(scenario_id: str) -> None:
    for row in read_csv(cost_csv(shipped(scenario_id))):
        is_input = row["price_ref"].startswith("input: ")
        blank = [name for name in COLUMNS if not row[name]]
        # USD itself has no rate, so no day and no source of one.
        assert blank == (["checked_on"] if is_input else []) + ["fx_date", "fx_source"]
        assert row["scenario_id"] == scenario_id
        assert row["cadence"] in ("once", "monthly")
        assert row["evidence"] in ("measured", "published", "estimated", "assumed")
        assert date.fromisoformat(row["on"]) == date(2026, 11, 22)
        assert is_input or row["price_ref"][-13:-10] == " @ "
        assert "." in row["amount_usd"]
        assert len(row["amount_usd"].split(".")[1]) == 6


@every_scenario
def test_the_same_scenario_and_prices_give_the_same_bytes(scenario_id: str) -> None:
    assert cost_csv(shipped(scenario_id)) == cost_csv(shipped(scenario_id))


def test_a_month_of_a_plain_example() -> None:
    (first, second) = rows_of(report_cost_lines(compare(scenario(horizon_months=1), book())))
    assert first == SimpleNamespace(
        scenario_id="example",
        scenario="An example",
        on=date(2026, 11, 22),
        strategy="Prompt stuffing · large (Acme)",
        line="Input tokens",
        category="input",
        cadence="monthly",
        quantity=30.4375,
        unit="Mtok",
        usd_per_unit=2.0,
        amount_usd=Decimal("60.875000"),
        month="2026-11",
        price_ref="acme/large @ 2026-01-01",
        source="https://example.com/prices; tokens: o200k_base",
        checked_on=date(2026, 9, 1),
        evidence="assumed",
        layer="shipped",
        amount=Decimal("60.875000"),
        currency="USD",
        fx_per_usd=Decimal(1),
        fx_date=None,
        fx_source="",
        quantity_low=30.4375,
        quantity_high=30.4375,
    )
    assert (second.line, second.amount_usd) == ("Output tokens", Decimal("30.437500"))


def test_the_band_of_estimated_tokens_reaches_the_quantities_that_are_paid_for() -> None:
    # 1.5 tokens for each of o200k_base, [1.25 less 8 % = 1.15 to 1.75 and 8 % = 1.89].
    guessed = model_price(id="acme/guessed", tokenizer="guess")
    inputs = scenario(choice("stuffed_prompt", model="acme/guessed"), horizon_months=1)
    comparison = compare(inputs, book(guessed, estimated_tokenizer()))
    for row in rows_of(report_cost_lines(comparison)):
        assert row.quantity_low == pytest.approx(row.quantity * 1.15 / 1.5)
        assert row.quantity_high == pytest.approx(row.quantity * 1.89 / 1.5)
    (outcome,) = comparison.outcomes
    assert token_band(comparison, outcome).share == pytest.approx(0.39 / 1.5)


def test_what_is_paid_once_is_a_row_of_the_first_month_only() -> None:
    rows = rows_of(report_cost_lines(compare(scenario(TUNED, horizon_months=3), book())))
    assert [row.month for row in rows if row.cadence == Cadence.ONCE] == ["2026-11"]
    assert {row.month for row in rows} == {"2026-11", "2026-12", "2027-01"}


def test_a_strategy_that_cannot_be_used_has_no_rows() -> None:
    inputs = scenario(STUFFED, TUNED)
    rows = rows_of(report_cost_lines(compare(inputs, book(model_price(context_window_tokens=10)))))
    assert {row.strategy for row in rows} == {"Fine-tuned · large (Acme)"}


def test_the_rows_can_be_in_another_language() -> None:
    inputs = scenario(names={"en": "One", "zh_TW": "一"}, horizon_months=1)
    translate = translate_by(lambda text: text.replace("Input", "輸入"))
    rows = rows_of(report_cost_lines(compare(inputs, book()), translate, language="zh_TW"))
    assert (rows[0].scenario, rows[0].line) == ("一", "輸入 tokens")


def test_the_source_of_an_estimate_says_how_the_tokens_were_estimated() -> None:
    guessed = model_price(tokenizer="guess")
    (row, _) = rows_of(
        report_cost_lines(compare(scenario(horizon_months=1), book(guessed, estimated_tokenizer())))
    )
    assert row.source == ("https://example.com/prices; tokens: o200k_base x 1.5 [1.15 to 1.89], en, Guess")


def test_how_the_tokens_were_counted_is_said_in_the_reader_s_language() -> None:
    translate = translate_by(
        lambda text: text.replace("tokens:", "權杖：").replace(" x ", " 乘 ").replace(" to ", " 至 ")
    )
    guessed = model_price(tokenizer="guess")
    comparison = compare(scenario(horizon_months=1), book(guessed, estimated_tokenizer()))
    method = "o200k_base 乘 1.5 [1.15 至 1.89], en, Guess"
    assert (
        rows_of(report_cost_lines(comparison, translate=translate))[0].source
        == f"https://example.com/prices; 權杖： {method}"
    )
    assert rows_of(report_months(comparison, translate))[0].counting_method == method
    assert {row.counting_method for row in rows_of(report_tokens(comparison, translate)) if row.tokens} == {
        method
    }


# --- no cell is a formula


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\tx",
        "\rx",
        "＝1+1",
        "＋1",
        "－1",
        "＠x",
        " =1+1",
        "\u3000=1+1",
        "\u00a0=1+1",
        "\ufeff=1+1",
        "\n=1+1",
        " \u3000 \n＝1",
        '=HYPERLINK("http://x")',
    ],
)
def test_a_text_that_a_spreadsheet_would_run_gets_an_apostrophe(text: str) -> None:
    assert safe_text(text) == "'" + text


@pytest.mark.parametrize(
    "text", ["", "a=1", "1+1", "gpt-4o", "北=京", " a", "'=1", "(1)", "#1", "2026-11-22"]
)
def test_any_other_text_stays_as_it_is(text: str) -> None:
    assert safe_text(text) == text


@given(st.text(max_size=20))
def test_no_text_is_left_to_start_like_a_formula(text: str) -> None:
    assert not safe_text(text).lstrip(" \u00a0\u3000\ufeff\n").startswith(tuple("=+-@\t\r＝＋－＠"))
    assert safe_text(text) in (text, "'" + text)


CELLS = (
    Column("text", "", Dtype.TEXT),
    Column("whole", "", Dtype.INTEGER),
    Column("number", "", Dtype.FLOAT),
    Column("amount", "", Dtype.AMOUNT),
    Column("day", "", Dtype.DATE),
    Column("flag", "", Dtype.FLAG),
)
"""One of each kind of cell."""


def cells_csv(*cells: object) -> bytes:
    names = [column.name for column in CELLS]
    return frame_csv(frame(CELLS, [dict(zip(names, cells, strict=True))]))


def test_negative_numbers_stay_numbers_and_text_does_not_become_one() -> None:
    content = cells_csv("-5", -5, -5.5, Decimal("-0.000001"), None, True).decode("utf-8-sig")
    assert content == "text,whole,number,amount,day,flag\r\n'-5,-5,-5.5,-0.000001,,true\r\n"


def test_a_cell_may_hold_commas_quotes_and_lines() -> None:
    (cells,) = read_csv(cells_csv('a,"b"\nc', 1, 1e-7, Decimal("1E+3"), date(2026, 11, 22), False))
    assert cells == {
        "text": 'a,"b"\nc',
        "whole": "1",
        "number": "1e-07",
        "amount": "1000",
        "day": "2026-11-22",
        "flag": "false",
    }


def test_the_names_that_a_user_gives_cannot_become_formulas() -> None:
    inputs = scenario(
        choice("stuffed_prompt", '=HYPERLINK("http://x")', model="acme/large"),
        choice("stuffed_prompt", " ＋1", model="acme/large"),
        names={"en": "@SUM(A1)"},
        horizon_months=1,
    )
    rows = read_csv(cost_csv(compare(inputs, book())))
    assert {row["scenario"] for row in rows} == {"'@SUM(A1)"}
    assert {row["strategy"] for row in rows} == {'\'=HYPERLINK("http://x")', "' ＋1"}


# --- the other tables


@pytest.mark.parametrize(
    "declared",
    [COST_LINE_COLUMNS, MONTH_COLUMNS, LINE_COLUMNS, VOLUME_COLUMNS, TOKEN_COLUMNS, CROSSING_COLUMNS],
)
def test_no_column_has_a_bare_name(declared: Sequence[Column]) -> None:
    names = [column.name for column in declared]
    assert len(set(names)) == len(names)
    assert not {"cost", "price", "rate", "time", "percent"} & set(names)


def test_months_run_up_to_the_total_of_the_horizon() -> None:
    rows = rows_of(report_months(compare(scenario(horizon_months=3, growth_share_per_month=1.0), book())))
    assert [row.month for row in rows] == ["2026-11", "2026-12", "2027-01"]
    assert [row.requests_per_day for row in rows] == [1000, 2000, 4000]
    assert [str(row.usd) for row in rows] == ["91.312500", "182.625000", "365.250000"]
    assert [str(row.cumulative_usd) for row in rows] == ["91.312500", "273.937500", "639.187500"]


def test_a_total_is_no_surer_than_its_weakest_line() -> None:
    # acme/large is published and its tokens exact; the guess is an estimate; given tokens are an assumption.
    exact = Part(text="tiktoken is great!")
    guessed = model_price(id="acme/guessed", tokenizer="guess")
    inputs = scenario(STUFFED, choice("stuffed_prompt", model="acme/guessed"), horizon_months=1)
    both = {**inputs.parts, "question": exact, "answer": exact}
    prices = book(guessed, estimated_tokenizer())
    counted, assumed = (compare(s, prices) for s in (replace(inputs, parts=both), inputs))
    assert [row.evidence for row in rows_of(report_months(counted))] == ["published", "estimated"]
    assert [row.evidence for row in rows_of(report_months(assumed))] == ["assumed", "assumed"]
    assert [row.evidence for row in rows_of(report_volume(counted, [1.0]))] == ["published", "estimated"]
    assert {row.counting_method for row in rows_of(report_months(counted))} == {
        "o200k_base",
        "o200k_base x 1.5 [1.15 to 1.89], en, Guess",
    }


def test_the_lines_of_a_month_stand_cheapest_strategy_first() -> None:
    cheap = model_price(id="acme/small", name="small", input_usd_per_mtok=1, output_usd_per_mtok=5)
    inputs = scenario(STUFFED, choice("stuffed_prompt", model="acme/small"))
    rows = rows_of(report_lines(compare(inputs, book(cheap))))
    assert [row.strategy for row in rows] == ["Prompt stuffing · small (Acme)"] * 2 + [
        "Prompt stuffing · large (Acme)"
    ] * 2


def test_what_is_paid_once_is_spread_in_the_lines_of_a_month() -> None:
    rows = rows_of(report_lines(compare(scenario(TUNED, horizon_months=10), book())))
    training = next(row for row in rows if row.line == "Training")
    # 1,000 examples x 1,100 tokens x 3 epochs = 3.3 Mtok x 10 = 33 USD; 3.30 a month for ten months
    assert training.amount_usd == 33
    assert training.usd_per_month == Decimal("3.3")


@every_scenario
def test_the_lines_of_a_month_add_up_to_the_strategys_cost(scenario_id: str) -> None:
    comparison = shipped(scenario_id)
    rows = rows_of(report_lines(comparison))
    for outcome in comparison.feasible:
        amounts = [row.usd_per_month for row in rows if row.strategy == str(outcome.name)]
        # What is paid once is rounded after it is spread: half a millionth a line.
        assert abs(sum(amounts, Decimal(0)) - outcome.usd_per_month) <= Decimal("0.000001") * len(amounts)


def test_a_volume_row_is_the_cost_of_that_volume() -> None:
    rows = rows_of(report_volume(compare(scenario(STUFFED, HOSTED), book()), [1000, 2000]))
    by_strategy = {(row.strategy, row.requests_per_day): float(row.usd_per_month) for row in rows}
    # 91.3125 USD a month for 1,000 a day; one replica of 730.5 h x 2 USD
    assert by_strategy == {
        ("Prompt stuffing · large (Acme)", 1000): pytest.approx(91.3125),
        ("Prompt stuffing · large (Acme)", 2000): pytest.approx(182.625),
        ("Self-hosted · Open 10B (G1, rented)", 1000): pytest.approx(1461),
        ("Self-hosted · Open 10B (G1, rented)", 2000): pytest.approx(1461),
    }


@every_scenario
def test_the_volumes_worth_drawing_rise_and_hold_every_change_of_the_answer(scenario_id: str) -> None:
    comparison = shipped(scenario_id)
    result = breakeven(comparison)
    axis = volume_axis(comparison, result)
    assert np.all(np.diff(axis) > 0)
    assert axis[0] >= 1
    assert comparison.scenario.requests_per_day in axis
    for volume, _ in result.winners[1:]:
        assert axis[0] < volume < axis[-1]
        assert volume in axis


def test_a_token_row_says_how_it_was_counted() -> None:
    inputs = scenario().with_part("question", Part(text="tiktoken is great!"))
    comparison = compare(inputs, book(model_price(tokenizer="guess"), estimated_tokenizer()))
    row = next(row for row in rows_of(report_tokens(comparison)) if row.part == "question")
    # 6 tokens x 1.5 [1.25 less 8 % to 1.75 and 8 %]
    low, high = pytest.approx(6.9), pytest.approx(11.34)
    how = "o200k_base x 1.5 [1.15 to 1.89], en, Guess"
    assert tuple(vars(row).values()) == ("question", "guess", 9.0, low, high, "estimated", how, "estimated")
    assert [row.part for row in rows_of(report_tokens(comparison))] == [
        "instruction",
        "example",
        "knowledge",
        "question",
        "answer",
    ]


def test_the_reference_counts_are_in_o200k_base_whatever_the_models_use() -> None:
    inputs = scenario().with_part("question", Part(text="tiktoken is great!"))
    prices = book(model_price(tokenizer="guess"), estimated_tokenizer())
    counts = [reference_tokens(inputs, prices, part) for part in ("question", "answer", "knowledge")]
    assert counts == [6, 100, 0]


@every_scenario
def test_a_crossing_row_is_a_crossing(scenario_id: str) -> None:
    comparison = shipped(scenario_id)
    result = breakeven(comparison)
    crossings = [crossing for pair in result.pairs for crossing in pair.crossings]
    rows = rows_of(report_crossings(comparison, result))
    assert [row.requests_per_day for row in rows] == [c.requests_per_day for c in crossings]
    assert [row.cheaper_above for row in rows] == [str(c.cheaper_above) for c in crossings]
    assert len(read_csv(frame_csv(report_crossings(comparison, result)))) == len(crossings)


@every_scenario
def test_winners_and_marginal_costs_are_rows_too(scenario_id: str) -> None:
    comparison = shipped(scenario_id)
    result = breakeven(comparison)
    winners = rows_of(report_winners(comparison, result))
    assert winners[0].from_requests_per_day == 1
    assert [row.from_requests_per_day for row in winners] == sorted(v for v, _ in result.winners)
    marginal = {row.strategy: row.usd_per_mtok for row in rows_of(report_marginal(comparison, result))}
    assert marginal == {str(outcome.name): usd for outcome, usd in result.marginal_usd_per_mtok}
    assert all(usd > 0 for usd in marginal.values())
    assert all(row.counting_method and row.evidence for row in winners)
