"""Ranking of models for one workload: figures equal those of the comparison; filters."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from costing.comparison.compare import compare
from costing.ranking.models import (
    ModelFilter,
    Ranking,
    added,
    rank_models,
    replaceable,
    used_instead,
)
from costing.scenario.library import load_scenario
from costing.scenario.scenario import MAX_STRATEGIES, Part, Scenario, StrategyChoice
from costing.scenario.scenario_yaml import dump
from frames.frame import records
from i18n.errors import CrossoverError
from pricing.book import PriceBook
from pricing.company_tables import current_book
from pricing.rows import ModelPrice

from ...support.factories import estimated_tokenizer, model_price, tokenizer

ON = date(2026, 11, 22)
ANY = ModelFilter()


def model(name: str, usd_per_mtok: str, **changes: Any) -> ModelPrice:
    """A model that costs the same in and out, without a cache and without cliffs."""
    return model_price(
        **{
            "id": name,
            "name": name,
            "vendor": "Vendor",
            "input_usd_per_mtok": Decimal(usd_per_mtok),
            "cached_input_usd_per_mtok": None,
            "cache_write_usd_per_mtok": None,
            "output_usd_per_mtok": Decimal(usd_per_mtok),
            "context_window_tokens": 100_000,
            "context_tiers": (),
            "effective_from": ON,
            "checked_on": ON,
            **changes,
        }
    )


def asking(**changes: Any) -> Scenario:
    """1,000 requests a day of 8,000 tokens in and 2,000 out, for a year."""
    whole = replace(
        load_scenario("small_model"),
        on=ON,
        horizon_months=12,
        requests_per_day=1_000.0,
        turns=1,
        strategies=(StrategyChoice("stuffed_prompt", {"model": "plain"}),),
        **changes,
    )
    for part, tokens in {
        "instruction": 0,
        "example": 0,
        "knowledge": 6_000,
        "question": 2_000,
        "answer": 2_000,
    }.items():
        whole = whole.with_part(part, Part(tokens=tokens))
    return whole


def ranking(*models: ModelPrice, scenario: Scenario | None = None) -> Ranking:
    hungry = estimated_tokenizer(id="hungry", ratios={"en": tuple(Decimal(x) for x in ("1.5", "1.4", "1.6"))})
    book = PriceBook({"models": models, "tokenizers": [tokenizer(), hungry]})
    return rank_models(scenario or asking(), book)


def rows_of(ranked_models: Ranking, wanted: ModelFilter = ANY) -> list[dict[str, Any]]:
    return records(ranked_models.frame(wanted))


def rejected(ranked_models: Ranking, wanted: ModelFilter = ANY) -> list[dict[str, Any]]:
    return records(ranked_models.rejected(wanted))


def names(rows: list[dict[str, Any]]) -> list[str]:
    return [row["model"] for row in rows]


def test_the_cheapest_stands_first_as_worked_by_hand() -> None:
    rows = rows_of(ranking(model("plain", "1"), model("dear", "3")))
    # 30.4375 days x 1,000 requests x 10,000 tokens = 304.375 Mtok a month, at 1 and at 3 USD.
    assert [(row["rank"], row["model"], row["usd_per_month"]) for row in rows] == [
        (1, "plain", Decimal("304.375000")),
        (2, "dear", Decimal("913.125000")),
    ]
    assert [row["more_share"] for row in rows] == [0.0, pytest.approx(2.0)]
    # 1,000 requests of 10,000 tokens are 10 Mtok.
    assert [row["usd_per_1k_requests"] for row in rows] == [Decimal(10), Decimal(30)]
    assert [row["amount_per_1k_requests"] for row in rows] == [Decimal(10), Decimal(30)]


def test_a_hungry_tokenizer_loses_its_lower_price_and_shows_its_band() -> None:
    rows = rows_of(ranking(model("plain", "1"), model("listed-cheaper", "0.8", tokenizer="hungry")))
    # 1.5 times the tokens at 0.8 USD: 365.25, between 1.4 x 0.92 and 1.6 x 1.08 times.
    assert names(rows) == ["plain", "listed-cheaper"]
    hungry = rows[1]
    assert float(hungry["usd_per_month"]) == pytest.approx(365.25)
    assert float(hungry["usd_per_month_low"]) == pytest.approx(304.375 * 0.8 * 1.4 * 0.92)
    assert float(hungry["usd_per_month_high"]) == pytest.approx(304.375 * 0.8 * 1.6 * 1.08)
    assert (rows[0]["made"], hungry["made"]) == ("exact", "estimated")


def test_a_window_that_is_too_short_is_listed_apart_with_the_reason() -> None:
    ranked_models = ranking(model("plain", "1"), model("short", "0.1", context_window_tokens=9_999))
    assert names(rows_of(ranked_models)) == ["plain"]
    (unfit,) = rejected(ranked_models)
    assert (unfit["model"], unfit["context_window_tokens"]) == ("short", 9_999)
    assert "exceed its window of 9,999" in unfit["reason"]
    assert rejected(ranked_models, ModelFilter(vendors=["Another"])) == []


def test_equal_prices_share_a_rank() -> None:
    rows = rows_of(ranking(model("b", "1"), model("a", "1"), model("c", "2")))
    assert [(row["rank"], row["model"]) for row in rows] == [(1, "a"), (1, "b"), (3, "c")]


def test_a_retired_model_is_listed_apart() -> None:
    ranked_models = ranking(model("plain", "1"), model("gone", "0.1", retires_on=ON))
    assert names(rows_of(ranked_models)) == ["plain"]
    assert "was retired on 2026-11-22" in rejected(ranked_models)[0]["reason"]


@pytest.mark.parametrize(
    ("wanted", "left"),
    [
        (ModelFilter(vendors=["Other"]), ["other"]),
        (ModelFilter(min_window_tokens=100_000), ["plain", "other", "closed", "ending", "old", "hungry"]),
        (ModelFilter(min_window_tokens=100_001), []),
        (ModelFilter(open_only=True), ["plain", "other", "ending", "old", "hungry", "no-window"]),
        # A year from 2026-11-22: what ends on its last day lasts.
        (ModelFilter(lasting_only=True), ["plain", "other", "closed", "old", "hungry", "no-window"]),
        (ModelFilter(counted_only=True), ["plain", "other", "closed", "ending", "old", "no-window"]),
        (ModelFilter(checked_within_days=30), ["plain", "other", "closed", "ending", "hungry", "no-window"]),
        (
            ModelFilter(checked_within_days=31),
            ["plain", "other", "closed", "ending", "old", "hungry", "no-window"],
        ),
        (ModelFilter(regions=["EU"]), ["other"]),
        (ModelFilter(vendors=["Other"], open_only=True, min_window_tokens=1), ["other"]),
    ],
)
def test_a_filter_leaves_out_what_does_not_meet_it(wanted: ModelFilter, left: list[str]) -> None:
    ranked_models = ranking(
        model("plain", "1", retires_on=date(2027, 11, 22)),
        model("other", "2", vendor="Other", region="EU"),
        model("closed", "3", lifecycle="existing customers only"),
        model("ending", "4", retires_on=date(2027, 11, 21)),
        model("old", "5", checked_on=date(2026, 10, 22)),
        model("hungry", "6", tokenizer="hungry"),
        model("no-window", "10", context_window_tokens=None),
    )
    rows = rows_of(ranked_models, wanted)
    assert names(rows) == left
    # Ranked among themselves: the first one left is the cheapest.
    assert [row["rank"] for row in rows] == list(range(1, len(left) + 1))
    assert not rows or rows[0]["more_share"] == 0.0


def test_the_data_location_is_the_region_of_the_price_or_a_question_to_the_vendor() -> None:
    rows = rows_of(ranking(model("plain", "1"), model("local", "2", vendor="Other", region="EU")))
    assert [row["data_location"] for row in rows] == ["unknown: ask Vendor", "EU (Other)"]


def test_every_figure_is_the_one_that_the_comparison_then_shows() -> None:
    book = current_book(None)
    scenario = load_scenario("product_handbook")
    ranked_models = rank_models(scenario, book)
    rows = rows_of(ranked_models)
    assert {row["strategy"] for row in rows} == {"Prompt stuffing", "Retrieval (RAG)"}
    for place in (0, 7, 40, len(rows) - 1):
        candidate = ranked_models.fit[place]
        choice = ranked_models.choice(candidate.price.id, candidate.way)
        whole = compare(added(scenario, choice), book)
        assert whole.outcomes[-1].usd_per_month == rows[place]["usd_per_month"]
        assert whole.outcomes[-1].evidence == rows[place]["evidence"]


def test_a_model_stands_in_the_settings_of_the_first_strategy_of_its_kind() -> None:
    scenario = load_scenario("product_handbook")
    ranked_models = rank_models(scenario, current_book(None))
    first = next(chosen for chosen in scenario.strategies if chosen.strategy == "retrieval")
    choice = ranked_models.choice("openai/gpt-4.1", "retrieval")
    assert choice.settings == {**first.settings, "model": "openai/gpt-4.1"}


def test_without_retrieval_in_the_scenario_none_is_ranked() -> None:
    rows = rows_of(rank_models(load_scenario("brand_voice"), current_book(None)))
    assert {row["strategy"] for row in rows} == {"Prompt stuffing"}


def test_the_scenarios_own_ranges_do_not_disturb_it() -> None:
    scenario = load_scenario("claim_25m_owned")
    assert rows_of(rank_models(scenario, current_book(None)))


def test_a_day_without_any_model_is_one_line() -> None:
    book = PriceBook({"models": [model("plain", "1")], "tokenizers": [tokenizer()]})
    with pytest.raises(CrossoverError, match=r"^no model has a price on 2020-05-01 \(choose a later date\)$"):
        rank_models(replace(asking(), on=date(2020, 5, 1)), book)


def test_a_full_comparison_takes_no_more_and_says_what_to_do() -> None:
    full = replace(asking(), strategies=asking().strategies * MAX_STRATEGIES)
    with pytest.raises(
        CrossoverError, match=r"^12 options are compared already, .*\(remove one, or replace "
    ):
        added(full, full.strategies[0])
    assert len(added(asking(), full.strategies[0]).strategies) == 2


def test_a_model_used_instead_keeps_the_other_settings_and_drops_the_name() -> None:
    scenario = replace(
        asking(), strategies=(StrategyChoice("stuffed_prompt", {"model": "a", "caching": False}, "ours"),)
    )
    changed = used_instead(scenario, 0, StrategyChoice("stuffed_prompt", {"model": "b"}))
    assert changed.strategies == (StrategyChoice("stuffed_prompt", {"model": "b", "caching": False}),)
    other = used_instead(scenario, 0, StrategyChoice("retrieval", {"model": "b", "embedding": "e"}))
    assert other.strategies == (StrategyChoice("retrieval", {"model": "b", "embedding": "e"}),)


def test_only_strategies_of_one_hosted_model_can_be_exchanged() -> None:
    scenario = load_scenario("brand_voice")
    prices = current_book(None).on(scenario.on)
    places = [place for place, _ in replaceable(scenario, prices)]
    assert [scenario.strategies[place].strategy for place in places] == ["stuffed_prompt"] * len(places)
    assert places


def test_a_hundred_models_take_well_under_a_second() -> None:
    book = current_book(None)
    scenario = load_scenario("brand_voice")
    rank_models(scenario, book)  # vocabularies load once
    start = time.thread_time()
    ranked_models = rank_models(replace(scenario, requests_per_day=30_000.0), book)
    assert len(rows_of(ranked_models)) >= 70
    assert time.thread_time() - start < 0.5


def test_the_catalogues_models_are_ranked_too_where_asked() -> None:
    book = current_book(None)
    scenario = load_scenario("brand_voice")
    rank_models(scenario, book, catalogue=True)
    start = time.thread_time()
    ranked_models = rank_models(replace(scenario, requests_per_day=30_000.0), book, catalogue=True)
    rows = rows_of(ranked_models)
    assert time.thread_time() - start < 5
    assert len(rows) > 1_500
    assert {row["layer"] for row in rows} == {"shipped", "catalogue"}


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "costing", "rank", *arguments], capture_output=True, text=True, check=False
    )


def test_the_command_prints_writes_and_says_json(tmp_path: Path) -> None:
    path = tmp_path / "ranking.csv"
    arguments = (
        "--workload",
        "product_handbook",
        "--vendor",
        "openai",
        "--min-window",
        "400000",
        "--open-only",
    )
    done = run(*arguments, "--csv", str(path), "--json")
    assert done.returncode == 0, done.stderr
    printout = json.loads(done.stdout)
    assert printout["scenario"] == "product_handbook"
    assert {row["vendor"] for row in printout["models"]} == {"OpenAI"}
    assert all(row["context_window_tokens"] >= 400_000 for row in printout["models"])
    assert path.read_text(encoding="utf-8-sig").count("\n") == len(printout["models"]) + 1
    assert printout["models"][0]["rank"] == 1
    printed = run(*arguments, "--top", "3")
    assert f"and {len(printout['models']) - 3} more" in printed.stdout


def test_the_command_prints_in_the_currency_of_the_scenario(tmp_path: Path) -> None:
    path = tmp_path / "twd.yaml"
    path.write_text(dump(replace(load_scenario("product_handbook"), currency="TWD")), encoding="utf-8")
    arguments = ("--workload", str(path), "--vendor", "openai", "--top", "1")
    (best, *_) = json.loads(run(*arguments, "--json").stdout)["models"]
    printed = run(*arguments).stdout.splitlines()
    assert "TWD per month" in printed[1]
    assert f"{float(best['amount_per_month']):,.2f}" in printed[2]
    assert float(best["amount_per_month"]) > 20 * float(best["usd_per_month"])
    assert "1 USD = " in "\n".join(printed)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ((), "rank: a text or a workload is ranked (name a FILE, or --workload SCENARIO.yaml)"),
        (("x.txt", "--workload", "brand_voice"), "rank: a text or a workload is ranked (name a FILE, or "),
        (("--workload", "brand_voice", "--vendor", "acme"), "no vendor 'acme' (one of Alibaba, "),
        (("--workload", "brand_voice", "--region", "EU"), "no region 'EU' (one of -)"),
        (("--workload", "brand_voice", "--min-window", "-1"), "'-1' is not a whole number"),
    ],
)
def test_a_bad_call_is_one_line(arguments: tuple[str, ...], error: str) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert error in done.stderr
    assert "Traceback" not in done.stderr
