"""Cost of one text with each model, in that model's own tokens, and the effect on its rank."""

from __future__ import annotations

import time
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from costing.ranking.text_costs import (
    RequestCounts,
    input_characters,
    of_scenario,
    of_text,
    text_prices,
)
from costing.scenario.library import load_scenario
from costing.tokenization.tokens import exact_tokens
from frames.frame import records
from i18n.errors import CrossoverError
from pricing.book import PriceBook, PricesOnDay
from pricing.rows import Evidence, ModelPrice, Tokenizer

from ...support.factories import (
    DAY,
    context_tier,
    estimated_tokenizer,
    frozen_prices,
    model_price,
    tokenizer,
)

TEXT = "the cat is on the mat and it is not for you " * 10


def hungry(**changes: Any) -> Any:
    """A family that needs 1.5 times the reference's tokens; its band is 1.4 to 1.6."""
    ratios = {"en": tuple(Decimal(x) for x in ("1.5", "1.4", "1.6"))}
    return estimated_tokenizer(id="hungry", name="Hungry", ratios=ratios, **changes)


def model(name: str, usd_per_mtok: str, **changes: Any) -> ModelPrice:
    return model_price(
        **{
            "id": name,
            "name": name,
            "input_usd_per_mtok": Decimal(usd_per_mtok),
            "output_usd_per_mtok": Decimal(usd_per_mtok),
            "context_tiers": (),
            **changes,
        }
    )


def only(*models: ModelPrice, day: date = DAY) -> PricesOnDay:
    """A price book with these models and two tokenizers only."""
    return PriceBook({"models": models, "tokenizers": [tokenizer(), hungry()]}).on(day)


def ranked(*rows: Any, output_tokens: float = 0, text: str = TEXT) -> dict[str, dict[str, Any]]:
    table = text_prices(of_text(text, output_tokens), only(*rows), len(text))
    return {row["model"]: row for row in records(table)}


def test_a_hungrier_tokenizer_shows_the_real_rank() -> None:
    # Listed at 0.80 against 1.00, but 1.5 times the tokens: 1.20 against 1.00.
    rows = ranked(model("plain", "1"), model("cheap", "0.8", tokenizer="hungry"))
    assert (rows["plain"]["rank"], rows["plain"]["rank_per_mtok"]) == (1, 2)
    assert (rows["cheap"]["rank"], rows["cheap"]["rank_per_mtok"]) == (2, 1)


def test_a_thousand_requests_by_hand_with_the_band() -> None:
    tokens = exact_tokens(TEXT)
    rows = ranked(model("cheap", "0.8", tokenizer="hungry"), output_tokens=100)
    cheap = rows["cheap"]
    # 1,000 x (tokens + 100) x 1.5 x 0.8 / 1e6, and 1.4 x 0.92 and 1.6 x 1.08 in place of 1.5
    assert float(cheap["usd_per_1k_requests"] or 0) == pytest.approx((tokens + 100) * 1.5 * 0.8e-3, abs=1e-6)
    assert float(cheap["usd_per_1k_requests_low"] or 0) == pytest.approx(
        (tokens + 100) * 1.4 * 0.92 * 0.8e-3, abs=1e-6
    )
    assert float(cheap["usd_per_1k_requests_high"] or 0) == pytest.approx(
        (tokens + 100) * 1.6 * 1.08 * 0.8e-3, abs=1e-6
    )
    assert float(cheap["usd_per_1k_characters"] or 0) == pytest.approx(
        tokens * 1.5 * 0.8e-6 / len(TEXT) * 1000, abs=1e-9
    )
    assert cheap["evidence"] == Evidence.ESTIMATED
    assert cheap["price_ref"].startswith("cheap @ ")


def test_a_prompt_beyond_a_cliff_pays_the_tiers_price() -> None:
    tokens = exact_tokens(TEXT)
    tier = context_tier(tokens - 1, input_usd_per_mtok=Decimal(4), output_usd_per_mtok=Decimal(4))
    rows = ranked(model("cliff", "1", context_tiers=(tier,)), model("flat", "3"))
    assert float(rows["cliff"]["usd_per_1k_requests"] or 0) == pytest.approx(tokens * 4e-3, abs=1e-6)
    assert rows["flat"]["rank"] == 1


def test_a_text_beyond_the_window_has_no_cost_and_no_rank() -> None:
    rows = ranked(model("small", "1", context_window_tokens=20), model("large", "9"))
    small = rows["small"]
    assert (small["rank"], small["usd_per_1k_requests"], small["usd_per_1k_characters"]) == (None, None, None)
    assert list(rows) == ["large", "small"]


def test_a_fee_for_each_request_is_part_of_the_cost() -> None:
    tokens = exact_tokens(TEXT)
    rows = ranked(model("fee", "1", usd_per_1k_requests=Decimal(5)))
    assert float(rows["fee"]["usd_per_1k_requests"] or 0) == pytest.approx(tokens * 1e-3 + 5, abs=1e-6)


def test_a_model_that_is_no_longer_sold_is_left_out() -> None:
    rows = ranked(
        model("gone", "1", retires_on=DAY), model("here", "2"), model("old", "1", lifecycle="retired")
    )
    assert list(rows) == ["here"]


def test_equal_costs_share_a_rank() -> None:
    rows = ranked(model("a", "1"), model("b", "1"), model("c", "2"))
    assert [row["rank"] for row in rows.values()] == [1, 1, 3]


def test_a_day_without_prices_is_one_line() -> None:
    with pytest.raises(CrossoverError, match=r"^no model has a price on 2020-01-01 \(choose a later date\)$"):
        text_prices(of_text(TEXT, 0), only(model("a", "1"), day=date(2020, 1, 1)))


def test_the_text_is_counted_once_for_each_tokenizer() -> None:
    counted: list[str] = []
    of = of_text(TEXT, 0)

    def count_request(row: Tokenizer) -> RequestCounts:
        counted.append(row.id)
        return of(row)

    rows = [model(f"m{n}", "1", tokenizer="hungry") for n in range(50)]
    text_prices(count_request, only(*rows))
    assert sorted(counted) == ["hungry", "o200k_base"]


def test_two_hundred_models_are_ranked_in_under_a_second() -> None:
    shipped = frozen_prices()
    models = {row.id: row for row in shipped.rows(ModelPrice).values()}
    more = {
        f"{n}/{key}": row.model_copy(update={"id": f"{n}/{key}"})
        for n in range(3)
        for key, row in models.items()
    }
    many = PricesOnDay(shipped.day, {**shipped.tables, "models": more}, {}, {})
    text_prices(of_text("warm", 1), many)
    start = time.thread_time()
    rows = text_prices(of_text(TEXT, 300), many, len(TEXT))
    assert len(rows) >= 200
    assert time.thread_time() - start < 1


def test_a_scenarios_request_is_its_parts_without_the_answer() -> None:
    scenario = load_scenario("brand_voice")
    ask = of_scenario(scenario, frozen_prices())(frozen_prices().tokenizer("o200k_base"))
    parts = scenario.parts
    texts = [parts[name].text for name in ("instruction", "example", "knowledge", "question")]
    if all(texts):
        assert ask.input.tokens == sum(exact_tokens(text) for text in texts)
        assert input_characters(scenario) == sum(map(len, texts))
    assert ask.output.tokens > 0


def test_characters_are_unknown_where_a_part_is_stated_in_tokens_only() -> None:
    scenario = load_scenario("claim_25m_owned")
    assert input_characters(scenario) is None
    rows = text_prices(of_scenario(scenario, frozen_prices()), frozen_prices(), None)
    assert {row["usd_per_1k_characters"] for row in records(rows)} == {None}
