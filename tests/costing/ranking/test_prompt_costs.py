"""What a prompt costs with each model, by part of the call, and what measures save."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from costing.comparison.compare import compare
from costing.ranking.on_sale import on_sale
from costing.ranking.prompt_costs import family_counts, model_costs, part_costs
from costing.ranking.prompt_savings import prompt_savings
from costing.ranking.prompt_use import PromptUse, chat_format, count_prompt, with_prompt
from costing.scenario.library import load_scenario
from costing.scenario.scenario import Part, StrategyChoice
from costing.tokenization.images import Images
from frames.frame import records
from i18n.errors import CrossoverError
from pricing.book import PricesOnDay
from pricing.load import shipped_book

MODEL = "openai/gpt-4.1"
DAYS_PER_MONTH = 365.25 / 12


@pytest.fixture(scope="module")
def prices() -> PricesOnDay:
    return shipped_book().on(date(2026, 11, 22))


USE = PromptUse(
    {
        "instruction": Part(tokens=1000),
        "example": Part(tokens=2000),
        "question": Part(tokens=100),
        "answer": Part(tokens=300),
    },
    calls_per_day=1000,
)


def row(table: pd.DataFrame, column: str, value: str) -> dict[str, Any]:
    return next(row for row in records(table) if row[column] == value)


def test_a_call_costs_its_tokens_at_the_list_price(prices: PricesOnDay) -> None:
    costs = row(model_costs(USE, count_prompt(USE, prices), prices), "model", MODEL)
    # 3,100 tokens and 11 of the chat format at 2 USD per Mtok, 300 at 8: 0.006222 + 0.0024 USD a call.
    assert costs["input_tokens"] == 3111
    assert costs["usd_per_1k_requests"] == Decimal("8.622000")
    assert float(costs["usd_per_month"]) == pytest.approx(0.008622 * 1000 * DAYS_PER_MONTH, abs=1e-6)


def test_the_cached_share_is_paid_at_the_price_of_cached_input(prices: PricesOnDay) -> None:
    use = replace(USE, cached_input_share=0.5)
    table = model_costs(use, count_prompt(use, prices), prices)
    costs = row(table, "model", MODEL)
    # Half of 3,111 tokens at 2 USD per Mtok, half at 0.5; 300 at 8.
    assert float(costs["usd_per_1k_requests"]) == pytest.approx(3.111 * 1.25 + 2.4, abs=1e-6)
    assert costs["cached_input_tokens"] == 1555.5
    without = [each for each in records(table) if each["note"]]
    assert without
    for each in without:
        assert each["note"] == "no price for cached input: billed in full"
        assert prices.model(str(each["model"])).cached_input_usd_per_mtok is None


def test_the_parts_of_a_call_add_up_to_its_cost_for_every_model(prices: PricesOnDay) -> None:
    use = replace(USE, cached_input_share=0.4)
    counts = count_prompt(use, prices)
    costs = model_costs(use, counts, prices)
    parts = part_costs(use, counts, on_sale(prices))
    for each in records(costs):
        if each["reason"]:
            continue
        own = parts[parts["model"] == each["model"]]
        assert float(sum(own["usd_per_month"])) == pytest.approx(float(each["usd_per_month"]), abs=1e-5)
        assert sum(own["cost_share"]) == pytest.approx(1.0)
        assert sum(own["cached_input_tokens"]) == pytest.approx(each["cached_input_tokens"])


def test_the_beginning_of_the_prompt_is_what_is_cached(prices: PricesOnDay) -> None:
    use = replace(USE, cached_input_share=0.5)
    parts = part_costs(use, count_prompt(use, prices), [prices.model(MODEL)])
    cached = dict(zip(parts["part_label"], parts["cached_input_tokens"], strict=True))
    # 1,555.5 tokens: the chat format's 11, the system prompt's 1,000, and 544.5 of the examples.
    assert cached == {
        "Chat format": 11,
        "System prompt": 1000,
        "Examples": 544.5,
        "Question": 0,
        "Answer": 0,
    }


def test_a_call_that_exceeds_the_window_has_a_reason_and_no_cost(prices: PricesOnDay) -> None:
    use = replace(USE, parts={**USE.parts, "knowledge": Part(tokens=300_000)})
    table = model_costs(use, count_prompt(use, prices), prices)
    small = [each for each in records(table) if each["usd_per_month"] is None]
    assert small
    assert all("exceed its window" in str(each["reason"]) and each["rank"] is None for each in small)
    assert row(table, "model", MODEL)["reason"] == ""  # a window of a million tokens


def test_images_are_counted_by_the_vendors_rule_and_never_free(prices: PricesOnDay) -> None:
    use = replace(USE, images=Images(1, 1024, 1024, "high"))
    table = model_costs(use, count_prompt(use, prices), prices)
    # OpenAI: 765 tokens for an image of 1,024 x 1,024 pixels.
    assert row(table, "model", MODEL)["input_tokens"] == 3111 + 765
    assert row(table, "model", MODEL)["tokens_per_image"] == 765
    without = [each for each in records(table) if each["reason"]]
    assert all("no rule is published" in str(each["reason"]) for each in without)
    assert all(each["tokens_per_image"] is None for each in without)
    parts = part_costs(use, count_prompt(use, prices), on_sale(prices))
    assert not set(parts["model"]) & {each["model"] for each in without}


def test_the_chat_format_is_counted_only_where_it_is_published(prices: PricesOnDay) -> None:
    # 3 tokens for each of two messages, 1 for each role, 3 for the answer's beginning.
    openai = chat_format(True, True, prices.tokenizer("o200k_base"))
    assert openai is not None
    assert openai.tokens == 11
    assert chat_format(True, True, prices.tokenizer("claude4.7")) is None


def test_families_count_the_text_alone(prices: PricesOnDay) -> None:
    use = PromptUse({"instruction": Part(text="hello world")}, 1)
    table = family_counts(count_prompt(use, prices), prices)
    assert set(table["tokenizer"]) == set(prices.tables["tokenizers"])
    reference = row(table, "tokenizer", "o200k_base")
    assert (reference["tokens"], reference["low"], reference["high"]) == (2, 2, 2)
    assert reference["made"] == "exact"
    assert row(table, "tokenizer", "claude4.7")["made"] == "estimated"


def test_a_shorter_prompt_saves_a_fifth_of_the_texts(prices: PricesOnDay) -> None:
    savings = prompt_savings(USE, count_prompt(USE, prices), prices.model(MODEL), prices)
    shorter = row(savings, "measure", "20% shorter prompt")
    # 620 tokens at 2 USD per Mtok, 1,000 calls a day; the chat format stays.
    assert float(shorter["saved_usd"]) == pytest.approx(620 * 2e-6 * 1000 * DAYS_PER_MONTH, abs=1e-5)


def test_caching_saves_what_the_comparison_says(prices: PricesOnDay) -> None:
    counts = count_prompt(USE, prices)
    savings = prompt_savings(USE, counts, prices.model(MODEL), prices)
    scenario = with_prompt(load_scenario("brand_voice"), USE)
    scenario = replace(
        scenario,
        on=prices.day,
        turns=1,
        retry_share=0.0,
        tool_calls_per_request=0.0,
        strategies=(StrategyChoice("stuffed_prompt", {"model": MODEL}),),
    )
    compared = compare(scenario, shipped_book()).outcomes[0]
    cached = row(savings, "measure", "Prompt caching")
    # The comparison does not count the 11 tokens of the chat format.
    assert float(cached["usd_per_month"]) == pytest.approx(
        sum(float(line.usd) for line in compared.lines), rel=0.005
    )
    assert float(cached["saved_usd"]) > 0


def test_a_measure_that_is_not_offered_has_a_reason_and_no_amount(prices: PricesOnDay) -> None:
    counts = count_prompt(USE, prices)
    for model in on_sale(prices):
        for each in records(prompt_savings(USE, counts, model, prices)):
            assert (each["usd_per_month"] is None) == bool(each["reason"])
            assert (each["saved_usd"] is None) == bool(each["reason"] or each["measure"] == "As entered")
    without_batch = next(model for model in on_sale(prices) if model.service_tiers.batch is None)
    batch = row(prompt_savings(USE, counts, without_batch, prices), "measure", "Batch")
    assert batch["reason"] == "the vendor lists no batch price"


def test_a_prefix_too_short_for_the_cache_says_so(prices: PricesOnDay) -> None:
    use = PromptUse({"instruction": Part(tokens=500), "answer": Part(tokens=10)}, 100)
    cached = row(
        prompt_savings(use, count_prompt(use, prices), prices.model(MODEL), prices),
        "measure",
        "Prompt caching",
    )
    # 500 tokens and 7 of the chat format of one message.
    assert cached["reason"] == ("everything before the question has 507 tokens; a cache needs at least 1,024")


def test_a_tuned_model_for_new_customers_goes_before_a_cheaper_closed_one(prices: PricesOnDay) -> None:
    counts = count_prompt(USE, prices)
    for model in on_sale(prices):
        tuned = row(prompt_savings(USE, counts, model, prices), "measure", "Fine-tuned model")
        if not tuned["reason"]:
            offer = str(tuned["price_ref"]).partition(" @ ")[0]
            closed = prices.tuned(offer).lifecycle == "existing customers only"
            assert ("(existing customers only)" in str(tuned["note"])) == closed
            assert float(tuned["one_off_usd"]) > 0


def test_tools_that_are_no_json_are_an_error(prices: PricesOnDay) -> None:
    use = replace(USE, parts={**USE.parts, "tools": Part(text="{")})
    with pytest.raises(CrossoverError, match="not JSON"):
        count_prompt(use, prices)


def test_counting_reports_its_progress(prices: PricesOnDay) -> None:
    shares: list[float] = []
    count_prompt(USE, prices, shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_the_prompt_replaces_every_text_of_a_scenario() -> None:
    use = PromptUse(
        {"instruction": Part(text="My own prompt"), "answer": Part(tokens=50)},
        calls_per_day=77,
        images=Images(2, 640, 480, "low"),
    )
    scenario = with_prompt(load_scenario("brand_voice"), use)
    assert scenario.parts["instruction"].text == "My own prompt"
    assert scenario.parts["example"].is_empty
    assert scenario.parts["knowledge"].is_empty
    assert scenario.parts["question"] == Part(tokens=1)
    assert scenario.requests_per_day == 77
    assert (scenario.images_per_request, scenario.image_width_px) == (2, 640)
