"""A field of another price list is refused with our field, its factor and the value in our unit."""

from __future__ import annotations

from pathlib import Path

import pytest

from pricing.__main__ import main
from pricing.foreign_fields import conversion
from pricing.rows import EmbeddingPrice, ModelPrice, TunedPrice

OURS = ModelPrice.model_fields.keys() | TunedPrice.model_fields.keys() | EmbeddingPrice.model_fields.keys()


@pytest.mark.parametrize(
    ("field", "value", "written"),
    [
        # 0.15 USD per million tokens is 0.00000015 per token and 0.00015 per thousand.
        ("input_cost_per_token", 1.5e-7, "input_usd_per_mtok: 0.15"),
        ("output_cost_per_token", "0.0000006", "output_usd_per_mtok: 0.6"),
        ("cache_read_input_token_cost", 7.5e-8, "cached_input_usd_per_mtok: 0.075"),
        ("cache_creation_input_token_cost", 3.75e-6, "cache_write_usd_per_mtok: 3.75"),
        ("cache_creation_input_token_cost_above_1hr", 6e-6, "cache_write_1h_usd_per_mtok: 6"),
        ("output_cost_per_reasoning_token", 4e-6, "reasoning_usd_per_mtok: 4"),
        ("input_cost_per_token_batches", 1e-8, "batch_input_usd_per_mtok: 0.01"),
        ("prompt", "0.000003", "input_usd_per_mtok: 3"),
        ("completion", "0.000015", "output_usd_per_mtok: 15"),
        ("input_usd_per_1k_tokens", 0.00015, "input_usd_per_mtok: 0.15"),
        ("training_usd_per_token", 0.000025, "training_usd_per_mtok: 25"),
    ],
)
def test_the_hint_holds_the_value_in_our_unit(field: str, value: object, written: str) -> None:
    hint = conversion(field, value, OURS)
    factor = "1,000" if "1k" in field else "1,000,000"
    assert str(hint) == (f"unknown field: multiply by {factor} (USD per million tokens) and write {written}")


def test_every_field_that_is_suggested_is_one_of_ours() -> None:
    assert conversion("seed_cost_per_token", 1, OURS) is None
    assert conversion("input_usd_per_mtok", 1, OURS) is None
    assert conversion("input_cost_per_token", 1e-7, {"usd_per_gpu_hour"}) is None
    hint = conversion("input_cost_per_token", ["0.1"], OURS)
    assert "multiply by 1,000,000 and write it as input_usd_per_mtok" in str(hint)


ROW = """- id: acme/x
  vendor: Acme
  name: x
  tokenizer: o200k_base
  effective_from: 2026-11-01
  {input}: 0.00000015
  {output}: 0.0000006
  source: offer
  evidence: assumed
  checked_on: 2026-11-10
"""


def check_row(tmp_path: Path, input: str, output: str) -> int:
    """Exit status of a check of the row with these names of its prices."""
    folder = tmp_path / "acme"
    folder.mkdir()
    (folder / "models.yaml").write_text(ROW.format(input=input, output=output), encoding="utf-8")
    return main(["check", "--prices", str(folder)])


def test_check_refuses_the_field_of_another_list_with_the_factor(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check_row(tmp_path, "input_cost_per_token", "output_cost_per_token") == 2
    lines = capsys.readouterr().err.splitlines()
    assert (
        "acme/models.yaml:6: acme/x: input_cost_per_token: unknown field: multiply by 1,000,000 (USD per "
        "million tokens) and write input_usd_per_mtok: 0.15"
    ) in lines


def test_check_warns_of_a_price_per_token_without_any_sibling(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check_row(tmp_path, "input_usd_per_mtok", "output_usd_per_mtok") == 0
    lines = capsys.readouterr().out.splitlines()
    assert (
        "warning: acme/models.yaml: acme/x @ 2026-11-01: input_usd_per_mtok: 0.00000015 looks like USD per "
        "token (per million tokens it is 0.15)"
    ) in lines
