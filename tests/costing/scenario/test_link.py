"""A scenario in a link: it reads back equal, and a bad link is one clear sentence."""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from costing.scenario.library import shipped, shipped_ids
from costing.scenario.link import link_text, read_link
from costing.scenario.packed_link import MAX_DOCUMENT_BYTES
from costing.scenario.scenario import Part, Scenario
from i18n.errors import CrossoverError

PRICES = "0123456789ab"


def link(scenario: Scenario, **tokens: float) -> str:
    return link_text(scenario, PRICES, (228.5, None), lambda part: tokens[part])


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
    text = link_text(scenario, PRICES, (), lambda _: 100)
    opened = read_link(text)
    assert opened.scenario == scenario
    assert opened.counted_parts == ()
    assert len(text) < 2_000
    assert set(text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


def test_a_link_holds_the_number_of_tokens_in_place_of_a_long_text() -> None:
    secret = "Our margin on tents is 41 percent. " * 20
    opened = read_link(link(own(secret), instruction=160.4))
    assert opened.scenario.parts["instruction"] == Part(tokens=160, kind="en")
    assert opened.counted_parts == ("instruction",)


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
