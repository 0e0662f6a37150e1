"""A scenario in a link: it reads back equal, and a bad link is one clear sentence."""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from costing.comparison.compare import Comparison, compare
from costing.cost_lines import Band
from costing.reports.comparison import part_counts
from costing.scenario.library import shipped, shipped_ids
from costing.scenario.link import link_text, read_link
from costing.scenario.packed_link import MAX_DOCUMENT_BYTES
from costing.scenario.scenario import Part, Scenario, StrategyChoice
from costing.tokenization.stated_count import StatedCount
from costing.tokenization.tokens import TokenCount
from i18n.errors import CrossoverError
from pricing.rows import Evidence

from ...support.factories import frozen_book

PRICES = "0123456789ab"
PROMPT = (
    "You are the support agent of a shop for tents. Answer in one sentence; never promise a date.\n"
    "Antworten Sie höflich, wenn der Kunde Deutsch schreibt.\n"
    "請用繁體中文回答台灣客戶的問題，並說明退貨流程與保固期限。\n"
    'def total(prices): return {"sum": sum(prices), "count": len(prices)}\n'
) * 25
"""A prompt of more than 5,000 characters whose tokens no ratio of one language gives."""


MISTRAL = StrategyChoice("stuffed_prompt", {"model": "mistral/mistral-large-4"})
"""An option whose vocabulary is shipped, so that no ratio gives its exact count."""


def counts(tokens: float) -> dict[str, TokenCount]:
    """An exact count in the reference encoding, and a banded one in another."""
    return {
        "o200k_base": TokenCount(tokens, tokens, tokens, Evidence.MEASURED, (), "exact"),
        "claude4.7": TokenCount(1.25 * tokens, tokens, 1.5 * tokens, Evidence.ESTIMATED, (), "estimated"),
    }


def link(scenario: Scenario, **tokens: float) -> str:
    return link_text(scenario, PRICES, (228.5, None), lambda part: counts(tokens[part]))


def shared(comparison: Comparison) -> str:
    """The link of a comparison, as a page makes it."""
    scenario, book = comparison.scenario, comparison.book
    tokenizers = comparison.over_time.counted.tokens
    return link_text(scenario, PRICES, (), lambda part: part_counts(scenario, book, part, tokenizers))


def amounts(comparison: Comparison) -> list[object]:
    """Each line of each option with its exact amount and its band; then the cost of each month."""
    lines = [
        (str(outcome.name), str(line.name), line.usd, line.band, line.quantity_low, line.quantity_high)
        for outcome in comparison.outcomes
        for line in outcome.lines
    ]
    return [*lines, *(comparison.usd_by_month(outcome) for outcome in comparison.feasible)]


def packed(values: object) -> str:
    return base64.urlsafe_b64encode(zlib.compress(json.dumps(values).encode())).decode().rstrip("=")


def unpacked(text: str) -> dict[str, Any]:
    values: dict[str, Any] = json.loads(
        zlib.decompress(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    )
    return values


def own(text: str) -> Scenario:
    """An example with instructions of the reader's own."""
    return shipped("product_handbook").with_part("instruction", Part(text=text))


@pytest.mark.parametrize("scenario_id", shipped_ids())
def test_a_link_to_an_example_opens_the_same_scenario_with_its_texts(scenario_id: str) -> None:
    scenario = shipped(scenario_id)
    text = link_text(scenario, PRICES, (), lambda _: counts(100))
    opened = read_link(text)
    assert opened.scenario == scenario
    assert opened.counted_parts == ()
    assert len(text) < 2_000
    assert set(text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


def test_a_link_holds_token_counts_in_place_of_a_long_text() -> None:
    secret = "Our margin on tents is 41 percent. " * 20
    text = link(own(secret), instruction=160)
    assert "margin" not in json.dumps(unpacked(text))
    opened = read_link(text)
    assert opened.scenario.parts["instruction"] == Part(
        tokens=160,
        kind="en",
        counts={
            "o200k_base": StatedCount(160, 160, 160, Evidence.MEASURED, "exact"),
            "claude4.7": StatedCount(200, 160, 240, Evidence.ESTIMATED, "estimated"),
        },
    )
    assert opened.counted_parts == ("instruction",)


@pytest.mark.parametrize("scenario_id", shipped_ids())
def test_a_link_with_a_prompt_of_ones_own_gives_the_same_amounts_and_bands(scenario_id: str) -> None:
    assert len(PROMPT) > 5_000
    scenario = shipped(scenario_id).with_part("instruction", Part(text=PROMPT))
    sent = compare(replace(scenario, strategies=(*scenario.strategies, MISTRAL)), frozen_book())
    opened = read_link(shared(sent)).scenario
    instruction = opened.parts["instruction"]
    assert instruction.text == ""
    assert amounts(compare(opened, frozen_book())) == amounts(sent)
    by_ratio = opened.with_part("instruction", replace(instruction, counts={}))
    assert amounts(compare(by_ratio, frozen_book())) != amounts(sent)


def test_a_link_with_a_long_text_in_every_part_gives_the_same_amounts_and_bands() -> None:
    tools = json.dumps([{"name": f"tool_{n}", "description": PROMPT[:300]} for n in range(5)])
    scenario = shipped("travel_agent")
    for part in ("instruction", "example", "knowledge", "question", "answer"):
        scenario = scenario.with_part(part, Part(text=f"{part}: {PROMPT}"))
    sent = compare(scenario.with_part("tools", Part(text=tools)), frozen_book())
    assert any(line.band != Band(1.0, 1.0) for outcome in sent.outcomes for line in outcome.lines)
    again = compare(read_link(shared(sent)).scenario, frozen_book())
    assert amounts(again) == amounts(sent)
    assert read_link(shared(again)).scenario == again.scenario  # a link of a link


def test_a_link_of_the_version_before_opens_with_its_reference_tokens() -> None:
    values = unpacked(link(own("Be kind. " * 40), instruction=160))
    del values["scenario"]["workload"]["parts"]["instruction"]["counts"]
    opened = read_link(packed({**values, "format": 1}))
    assert opened.scenario.parts["instruction"] == Part(tokens=160, kind="en")


@pytest.mark.parametrize(
    ("count", "what"),
    [
        ({"tokens": -1, "evidence": "measured", "made": "exact"}, "tokens: -1 is outside 0 to"),
        ({"tokens": 9, "evidence": "sure", "made": "exact"}, "evidence: 'sure' is not one of measured"),
        (
            {"tokens": 9, "low": 10, "evidence": "measured", "made": "exact"},
            ": 10 to 9 does not enclose the count 9",
        ),
        ({"tokens": 9, "evidence": "measured"}, "made: missing"),
        (9, "not a group of"),
    ],
)
def test_a_link_with_a_bad_count_names_it(count: object, what: str) -> None:
    values = unpacked(link(own("Be kind. " * 40), instruction=160))
    values["scenario"]["workload"]["parts"]["instruction"]["counts"]["claude4.7"] = count
    with pytest.raises(CrossoverError, match=rf"parts\.instruction\.counts\.claude4\.7.*{what}"):
        read_link(packed(values))


def test_a_short_text_stays_a_text() -> None:
    assert read_link(link(own("Answer in one sentence."))).scenario.parts["instruction"].text == (
        "Answer in one sentence."
    )


def test_a_link_holds_its_day_its_prices_and_its_costs() -> None:
    scenario = replace(shipped("travel_agent"), on=date(2026, 11, 22), is_pinned=False)
    opened = read_link(link(scenario, instruction=1, example=1, knowledge=1, question=1, answer=1, tools=1))
    assert (opened.on, opened.prices, opened.usd_per_month) == (date(2026, 11, 22), PRICES, (228.5, None))
    assert not opened.scenario.is_pinned


@pytest.mark.parametrize("kept", [0.2, 0.5, 0.9, 0.99])
def test_a_truncated_link_is_said_to_be_damaged(kept: float) -> None:
    text = link(shipped("product_handbook"))
    with pytest.raises(CrossoverError, match="damaged or incomplete"):
        read_link(text[: int(len(text) * kept)])


@pytest.mark.parametrize("text", ["", "abc", "????", "eJwrAAAA", packed([1]), packed("text"), "é" * 40])
def test_what_is_no_link_is_said_to_be_damaged(text: str) -> None:
    with pytest.raises(CrossoverError, match="damaged or incomplete"):
        read_link(text)


def test_a_link_that_unpacks_to_more_than_the_limit_is_refused() -> None:
    with pytest.raises(CrossoverError, match="damaged or incomplete"):
        read_link(packed({"format": 1, "fill": "a" * (MAX_DOCUMENT_BYTES + 1)}))


def test_a_link_of_another_version_says_so() -> None:
    values = {**unpacked(link(shipped("product_handbook"))), "format": 7}
    with pytest.raises(CrossoverError, match=r"another version of Crossover \(its format is 7"):
        read_link(packed(values))


def test_a_link_with_an_unknown_setting_names_it() -> None:
    values = unpacked(link(shipped("product_handbook")))
    values["scenario"]["horizon_months"] = 0
    with pytest.raises(
        CrossoverError, match="cannot be opened in this version: horizon_months: 0 is outside"
    ):
        read_link(packed(values))
    values["scenario"] = None
    with pytest.raises(CrossoverError, match="cannot be opened in this version"):
        read_link(packed(values))


@pytest.mark.parametrize(
    ("field", "value"), [("usd", [-1]), ("usd", "1"), ("texts", []), ("on", "22.11."), ("prices", 3)]
)
def test_a_link_with_a_field_of_another_type_is_damaged(field: str, value: object) -> None:
    values = {**unpacked(link(shipped("product_handbook"))), field: value}
    with pytest.raises(CrossoverError, match="damaged or incomplete"):
        read_link(packed(values))
