"""Reports in another currency: converted exactly, by a dated rate that they show."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costing.cli.compare import breakeven_json, breakeven_text, comparison_json, comparison_text
from costing.comparison.breakeven import breakeven
from costing.comparison.compare import Comparison, compare
from costing.comparison.fee_structures import two_ways_to_charge
from costing.comparison.verdict import caveat, horizon_verdict, verdict
from costing.currency import USD, Currency, codes, currency_on
from costing.currency_notes import NoteAmounts, in_currency
from costing.reports.comparison import cost_lines as report_cost_lines
from costing.reports.comparison import lines as report_lines
from costing.reports.comparison import months as report_months
from costing.reports.volume import crossings as report_crossings
from costing.reports.volume import marginal as report_marginal
from costing.reports.volume import volume as report_volume
from costing.scenario.library import load_scenario, shipped_ids
from costing.scenario.scenario import Scenario
from costing.units import TOKENS_PER_MTOK
from frames.csv import frame_csv
from i18n.errors import CrossoverError
from i18n.message import message
from pricing.book import PriceBook
from pricing.rows import Electricity, ExchangeRate
from tests.support.rows import rows_of

from ...support.factories import DAY, STUFFED, TUNED, book, choice, frozen_book, scenario, tuned_price
from ...support.factories import scenario as example

RATE = Decimal("31.25")


def rate(code: str = "TWD", per_usd: Decimal = RATE, day: date = date(2026, 10, 21)) -> ExchangeRate:
    return ExchangeRate(
        id=code,
        per_usd=per_usd,
        effective_from=day,
        source="https://example.com/rates",
        checked_on=date(2026, 11, 1),
    )


def in_twd(scenario: Scenario | None = None, prices: PriceBook | None = None) -> Comparison:
    return compare(replace(scenario or example(), currency="TWD"), prices or book(rate()))


def openai_or_azure(**changes: object) -> Comparison:
    return compare(replace(load_scenario("openai_or_azure"), **changes), frozen_book())  # type: ignore[arg-type]


# --- the rate


def test_the_rate_of_the_scenarios_day_is_used() -> None:
    rates = book(rate(), rate(per_usd=Decimal(40), day=date(2026, 12, 1)))
    before = currency_on("TWD", rates.on(date(2026, 11, 30)))
    assert (before.per_usd, before.on) == (RATE, date(2026, 10, 21))
    assert currency_on("TWD", rates.on(date(2026, 12, 1))).per_usd == 40


def test_usd_needs_no_rate_and_shows_none() -> None:
    dollar = currency_on("USD", book().on(DAY))
    assert dollar.per_usd == 1
    assert dollar.rate(DAY) is None


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("TWT", "currency: no exchange rate for 'TWT' on 2026-11-22; did you mean 'TWD'? (choose one of "),
        ("XQZ", "currency: no exchange rate for 'XQZ' on 2026-11-22 (choose one of USD, TWD, or add a row"),
    ],
)
def test_an_unknown_currency_is_refused_with_those_there_are(code: str, message: str) -> None:
    with pytest.raises(CrossoverError) as refused:
        compare(replace(example(), currency=code), book(rate()))
    assert str(refused.value).startswith(message)
    assert "\n" not in str(refused.value)


def test_a_day_before_the_first_rate_is_refused() -> None:
    with pytest.raises(CrossoverError, match="no exchange rate for 'TWD' on 2026-10-20"):
        currency_on("TWD", book(rate()).on(date(2026, 10, 20)))


def test_the_rate_is_shown_with_its_day_its_age_and_its_source() -> None:
    # 21 October to 22 November: 10 + 22 days.
    assert str(in_twd().currency.rate(DAY)) == (
        "1 USD = 31.25 TWD on 2026-10-21 (32 days before the day of the prices; https://example.com/rates)"
    )


@given(
    st.lists(st.decimals(0, 10**12, places=6), min_size=1, max_size=20),
    st.decimals("0.0001", 100_000, places=6),
)
def test_converted_amounts_add_up_to_the_converted_total(usd: list[Decimal], per_usd: Decimal) -> None:
    money = Currency("XXX", per_usd, DAY, "a page")
    assert sum((money.of(amount) for amount in usd), Decimal(0)) == money.of(sum(usd, Decimal(0)))


# --- what converts


def test_a_verdict_speaks_in_the_currency() -> None:
    # 91.3125 USD a month x 31.25 = 2,853.52 TWD.
    assert str(verdict(in_twd())) == (
        "At 1,000 requests a day, Prompt stuffing · large (Acme) costs 2,854 TWD a month; there is "
        "nothing to compare it with."
    )


def test_small_amounts_keep_two_decimals_after_conversion() -> None:
    cheap = in_twd(example(requests_per_day=10.0))
    # 0.913125 USD a month x 31.25 = 28.54 TWD.
    assert "costs 28.54 TWD a month" in str(verdict(cheap))


def test_every_row_of_costs_carries_amount_rate_day_and_source() -> None:
    first, second = rows_of(report_cost_lines(in_twd(example(horizon_months=1))))
    # 60.875 USD x 31.25 = 1,902.34375 and 30.4375 x 31.25 = 951.171875
    assert (first.amount_usd, first.amount) == (Decimal("60.875"), Decimal("1902.34375"))
    assert (second.amount_usd, second.amount) == (Decimal("30.4375"), Decimal("951.171875"))
    assert (first.currency, first.fx_per_usd, first.fx_date, first.fx_source) == (
        "TWD",
        RATE,
        date(2026, 10, 21),
        "https://example.com/rates",
    )


@pytest.mark.parametrize("name", ["cost_lines", "months", "lines", "volume", "crossings", "marginal"])
def test_every_export_of_amounts_shows_rate_and_date(name: str) -> None:
    comparison = in_twd(
        example(STUFFED, TUNED), book(rate(), tuned_price(hosting_usd_per_hour=1, output_usd_per_mtok=5))
    )
    result = breakeven(comparison)
    exports = {
        "cost_lines": report_cost_lines(comparison),
        "months": report_months(comparison),
        "lines": report_lines(comparison),
        "volume": report_volume(comparison, [1.0, 2.0]),
        "crossings": report_crossings(comparison, result),
        "marginal": report_marginal(comparison, result),
    }
    read = list(csv.DictReader(io.StringIO(frame_csv(exports[name]).decode("utf-8-sig"))))
    assert read
    for row in read:
        assert (row["currency"], row["fx_per_usd"], row["fx_date"], row["fx_source"]) == (
            "TWD",
            "31.25",
            "2026-10-21",
            "https://example.com/rates",
        )
        pairs = [
            (usd, amount)
            for usd, amount in (
                ("amount_usd", "amount"),
                ("usd", "amount"),
                ("cumulative_usd", "cumulative_amount"),
                ("usd_per_month", "amount_per_month"),
                ("usd_per_mtok", "amount_per_mtok"),
            )
            if usd in row
        ]
        assert pairs
        for usd, amount in pairs:
            assert float(row[amount]) == pytest.approx(float(row[usd]) * 31.25, rel=1e-12)


@pytest.mark.parametrize("scenario_id", shipped_ids())
def test_a_ready_scenario_in_twd_adds_up_and_leaves_its_usd_as_they_were(scenario_id: str) -> None:
    scenario = load_scenario(scenario_id)
    dollars = rows_of(report_cost_lines(compare(scenario, frozen_book())))
    converted = rows_of(report_cost_lines(compare(replace(scenario, currency="TWD"), frozen_book())))
    assert [row.amount_usd for row in converted] == [row.amount_usd for row in dollars]
    assert [row.amount for row in dollars] == [row.amount_usd for row in dollars]
    per_usd = converted[0].fx_per_usd
    assert per_usd != 1
    assert sum((row.amount for row in converted), Decimal(0)) == per_usd * sum(
        (row.amount_usd for row in converted), Decimal(0)
    )


@pytest.mark.parametrize("scenario_id", shipped_ids())
def test_no_crossing_moves_with_the_currency(scenario_id: str) -> None:
    scenario = load_scenario(scenario_id)
    dollars = breakeven(compare(scenario, frozen_book()))
    yen = breakeven(compare(replace(scenario, currency="JPY"), frozen_book()))
    assert [pair.crossings for pair in yen.pairs] == [pair.crossings for pair in dollars.pairs]
    assert yen.winners == dollars.winners


@pytest.mark.parametrize("scenario_id", shipped_ids())
def test_no_sentence_of_a_report_in_twd_names_an_amount_in_usd(scenario_id: str) -> None:
    comparison = compare(replace(load_scenario(scenario_id), currency="TWD"), frozen_book())
    result = breakeven(comparison)
    sentences = [verdict(comparison), caveat(comparison), horizon_verdict(comparison), result.verdict]
    sentences += [
        sentence
        for pair in result.pairs
        for sentence in (pair.explanation, two_ways_to_charge(comparison, pair))
    ]
    assert not [str(sentence) for sentence in sentences if sentence is not None and " USD" in str(sentence)]


def test_a_printout_shows_the_rate_and_its_lines_multiply_out() -> None:
    text = comparison_text(in_twd())
    assert "1 USD = 31.25 TWD on 2026-10-21" in text
    # 30.4375 Mtok x 2 USD x 31.25 = 62.50 TWD = 1,902.34 TWD
    assert "x 62.5         =       1,902.34 TWD monthly" in text
    assert "USD" not in text.replace("1 USD =", "")
    assert "1 USD = 31.25 TWD on 2026-10-21" in breakeven_text(in_twd(), breakeven(in_twd()))


def test_json_keeps_its_usd_and_adds_the_amount_with_its_rate() -> None:
    comparison = in_twd()
    for shown in (comparison_json(comparison), breakeven_json(comparison, breakeven(comparison))):
        assert (shown["currency"], shown["fx_per_usd"], shown["fx_date"], shown["fx_source"]) == (
            "TWD",
            31.25,
            "2026-10-21",
            "https://example.com/rates",
        )
    (strategy,) = comparison_json(comparison)["strategies"]
    assert (strategy["usd_per_month"], strategy["amount_per_month"]) == (91.3125, 2853.515625)
    assert strategy["lines"][0]["amount"] == 1902.34375


# --- the shipped rates and tariffs


def test_the_shipped_rates_hold_taiwans_currency_on_every_day_of_this_year() -> None:
    for day in (date(2026, 1, 1), date(2026, 6, 30), date(2026, 11, 22)):
        known = codes(frozen_book().on(day))
        assert known[0] == "USD"
        assert {"TWD", "EUR", "JPY", "CNY", "GBP", "KRW", "SGD", "HKD"} <= set(known)


@pytest.mark.parametrize(
    ("code", "low", "high"),
    # What each has been worth over several years: a rate upside down or of another unit is far outside.
    [
        ("TWD", 25, 40),
        ("EUR", 0.7, 1.1),
        ("JPY", 90, 200),
        ("CNY", 5, 9),
        ("GBP", 0.6, 1),
        ("KRW", 900, 2000),
        ("SGD", 1.1, 1.6),
        ("HKD", 7.75, 7.85),
    ],
)
def test_a_shipped_rate_is_units_for_one_usd_and_not_the_other_way_round(
    code: str, low: float, high: float
) -> None:
    for row in frozen_book().history(ExchangeRate, code):
        assert low <= row.per_usd <= high


def test_every_tariff_is_in_a_currency_that_can_be_converted() -> None:
    prices = frozen_book().on(DAY)
    tariffs = prices.rows(Electricity)
    assert len(tariffs) >= 3
    for row in tariffs.values():
        usd_per_kwh = row.price_per_kwh / currency_on(row.currency, prices).per_usd
        assert Decimal("0.03") < usd_per_kwh < Decimal("0.5")


# --- two ways to charge for a tuned model


def test_openai_or_azure_crosses_at_709_million_tokens_in_a_month_of_730_hours() -> None:
    # 3:1 of (3 - 2, 12 - 8) is (3 x 1 + 4) / 4 = 1.75 USD per Mtok; 1.70 x 730 / 1.75 = 709.1 Mtok.
    prices = frozen_book().on(DAY)
    openai, azure = prices.tuned("openai/tuned-gpt-4.1"), prices.tuned("azure/tuned-gpt-4.1@global")
    input_difference = openai.input_usd_per_mtok - azure.input_usd_per_mtok
    output_difference = openai.output_usd_per_mtok - azure.output_usd_per_mtok
    blended = (3 * input_difference + output_difference) / 4
    assert blended == Decimal("1.75")
    assert azure.hosting_usd_per_hour is not None
    assert round(730 * azure.hosting_usd_per_hour / blended, 1) == Decimal("709.1")


def test_the_app_finds_that_crossing_in_its_own_month_of_730_and_a_half_hours() -> None:
    # 1.70 x 730.5 / 1.75 = 709.63 Mtok a month; / 30.4375 days / 1,000 tokens = 23,314 requests a day.
    (pair,) = breakeven(openai_or_azure()).pairs
    (crossing,) = pair.crossings
    assert crossing.tokens_per_month / TOKENS_PER_MTOK == pytest.approx(709.63, abs=0.005)
    assert crossing.requests_per_day == pytest.approx(23_314.3, abs=0.1)
    assert str(crossing.cheaper_below) == "Fine-tuned · GPT-4.1 (OpenAI)"
    assert str(crossing.cheaper_above) == "Fine-tuned · GPT-4.1 (Azure)"


@pytest.mark.parametrize(("examples", "retrainings"), [(10, 0.0), (5000, 0.0), (5000, 12.0)])
def test_training_does_not_move_that_crossing(examples: int, retrainings: float) -> None:
    scenario = load_scenario("openai_or_azure")
    changed = tuple(
        replace(
            choice,
            settings={
                **choice.settings,
                "training_examples": examples,
                "retrainings_per_year": retrainings,
            },
        )
        for choice in scenario.strategies
    )
    (pair,) = breakeven(openai_or_azure(strategies=changed)).pairs
    (crossing,) = pair.crossings
    assert crossing.tokens_per_month / TOKENS_PER_MTOK == pytest.approx(709.63, abs=0.005)


def test_the_two_ways_to_charge_are_said_in_figures() -> None:
    comparison = openai_or_azure()
    (pair,) = breakeven(comparison).pairs
    # Training: 1,000 x 1,000 tokens x 3 x 25 = 75 USD / 36 months = 2.08; hosting 730.5 x 1.70 = 1,241.85.
    # (3 x 3 + 12) / 4 = 5.25 and (3 x 2 + 8) / 4 = 3.50 USD per Mtok.
    assert str(two_ways_to_charge(comparison, pair)) == (
        "Two ways to charge: Fine-tuned · GPT-4.1 (OpenAI) costs 2.08 USD a month before the first "
        "request and 5.25 USD per million tokens, Fine-tuned · GPT-4.1 (Azure) costs 1,244 USD and 3.5 USD."
    )
    assert "(23.3 M tokens per day, 710 M per month)" in str(pair.explanation)


def test_two_ways_to_charge_are_not_said_of_servers() -> None:
    comparison = compare(load_scenario("claim_25m_rented"), frozen_book())
    (pair,) = breakeven(comparison).pairs
    assert len(pair.crossings) == 1
    assert two_ways_to_charge(comparison, pair) is None


def test_the_ready_scenario_says_who_may_not_choose_openai() -> None:
    assert "is for existing customers only" in str(caveat(openai_or_azure()))


def test_the_ready_scenario_speaks_both_languages() -> None:
    scenario = load_scenario("openai_or_azure")
    for texts in (scenario.names, scenario.descriptions):
        assert set(texts) == {"en", "zh_TW"}


def test_amounts_in_notes_are_in_the_currency_of_the_report() -> None:
    # 1 GPU, 730.5 h x 2 USD = 1,461 USD, 46,752 TWD at 32
    def idle(currency: str) -> str:
        own = choice("self_hosted", deployment="open-10b-1xg1", spare_replicas=0)
        rate = ExchangeRate(
            id="TWD",
            effective_from=date(2026, 1, 1),
            per_usd=Decimal(32),
            source="https://example.com/fx",
            checked_on=date(2026, 9, 1),
        )
        (outcome,) = compare(scenario(own, currency=currency), book(rate)).outcomes
        return next(str(note) for note in outcome.notes if "Idle capacity" in str(note))

    assert "of the machines' 1,461 USD a month" in idle("USD")
    assert "of the machines' 46,752 TWD a month" in idle("TWD")


def test_several_amounts_stand_in_a_row_and_other_notes_are_left_alone() -> None:
    twd = Currency("TWD", Decimal(32))
    books = message("By year: {years:,.0f} {currency}", years=NoteAmounts((1000.0, 500.0)), currency=USD)
    assert str(in_currency(books, twd)) == "By year: 32,000 · 16,000 TWD"
    assert str(books) == "By year: 1,000 · 500 USD"
    plain = message("A price of {usd} USD", usd=3, currency="USD")
    assert in_currency(plain, twd) is plain
