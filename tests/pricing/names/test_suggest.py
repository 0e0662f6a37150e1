"""Suggestions name the same product, or nothing."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.names.suggest import Products
from tests.support.factories import frozen_book

NAMES = frozen_book().names
IDS = sorted(frozen_book().quoted)
PRODUCTS = Products(IDS)


@pytest.mark.parametrize(
    ("written", "row"),
    [
        ("gtp-4.1", "openai/gpt-4.1"),
        ("openai/gpt-4p", "openai/gpt-4o"),
        ("openai/gpt-4u", "openai/gpt-4o"),
        ("opnai/gpt-4.1", "openai/gpt-4.1"),
        ("gpt41-mini", "openai/gpt-4.1-mini"),
        ("claude-4-6-sonet", "anthropic/claude-sonnet-4-6"),
        ("claude-4-6-sonnet", "anthropic/claude-sonnet-4-6"),
        ("gemini-2.5-flsh", "google/gemini-2.5-flash"),
        ("gpt-6.1-tera", "openai/gpt-6.1-terra"),
    ],
)
def test_a_typing_error_is_answered_with_the_product(written: str, row: str) -> None:
    assert str(NAMES.hint(written)) == f"; did you mean '{row}'?"


@pytest.mark.parametrize(
    "written",
    [
        "gpt-4.2",  # another version
        "gpt-4.11",
        "gpt-5",  # was answered with gpt-5.5
        "gpt-4",  # gpt-4o is another model
        "gpt-4v",
        "gpt-4.1-micro",  # another size
        "o2",
        "command-a-plus-05-2026",
        "us.anthropic.claude-sonnet-4-9-v1:0",  # was answered with claude-sonnet-5-5 of Anthropic
        "mixtral-12b",
        "azure/claude-sonnet-4-6x",  # of another seller
        "zzzz",
        "",
    ],
)
def test_another_product_is_no_suggestion(written: str) -> None:
    assert PRODUCTS.nearest(written) is None


@given(st.sampled_from(IDS), st.text("0123456789", min_size=1, max_size=3), st.data())
def test_a_suggestion_has_the_digits_that_were_written(row_id: str, digits: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(row_id.index("/") + 1, len(row_id)))
    written = row_id[:place] + digits + row_id[place:]
    nearest = PRODUCTS.nearest(written)
    assert nearest is None or re.sub(r"\D", "", nearest) == re.sub(r"\D", "", written)


@given(st.sampled_from(IDS))
def test_an_id_is_nearest_to_itself(row_id: str) -> None:
    assert PRODUCTS.nearest(row_id) == row_id
