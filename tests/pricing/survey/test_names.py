"""Names of price rows: unlike in one list, and found for an id that several tables have."""

from __future__ import annotations

from datetime import date

from pricing.rows.names import full_names
from pricing.survey.market import name_of, names_of

from ...support.factories import frozen_book, model_price

TODAY = date(2026, 11, 22)


def test_two_names_that_are_alike_have_their_ids_too() -> None:
    rows = {row_id: model_price(id=row_id, name="gpt-4.1", vendor="OpenAI") for row_id in ("a/one", "b/two")}
    assert full_names(rows) == {
        "a/one": "GPT-4.1 (OpenAI) · a/one",
        "b/two": "GPT-4.1 (OpenAI) · b/two",
    }


def test_a_price_of_a_gpu_has_the_name_of_the_gpu() -> None:
    keys = [("gpu_purchase", "h100-sxm"), ("gpu_rent", "h100-sxm")]
    assert names_of(frozen_book(), keys, TODAY) == {"h100-sxm": "H100 SXM (NVIDIA)"}


def test_the_name_of_an_id_is_found_in_any_table() -> None:
    assert name_of(frozen_book(), "openai/gpt-4.1", TODAY) == "GPT-4.1 (OpenAI)"
    assert name_of(frozen_book(), "no/such-row", TODAY) == "no/such-row"
