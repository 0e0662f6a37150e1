"""`pricing check` refuses a row of the base tables that breaks a rule, and says what to do."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pricing.__main__ import main
from pricing.load import TABLES_VARIABLE
from pricing.rows import Fact, Milestone, Tokenizer, TrainingPrice
from pricing.table_rules import rule_errors

from ..support.factories import (
    book,
    cached_model_price,
    context_tier,
    decimals,
    deployment,
    gpu,
    model_price,
    tokenizer,
    tuned_price,
)

PAGE = {"source": "https://example.com/prices"}
CONTRACT_ROW = (
    "- {id: acme/own, vendor: Acme, name: own, tokenizer: o200k_base, effective_from: 2026-01-01, "
    "input_usd_per_mtok: 1, output_usd_per_mtok: 2, source: contract 7, checked_on: 2026-01-01}\n"
)
CACHE_PAGE = {"cache_source": "https://example.com/caching"}


def errors_of(*rows: Fact) -> list[str]:
    return [str(error) for error in rule_errors(book(*rows))]


def training(**changes: Any) -> TrainingPrice:
    row = {
        **PAGE,
        "id": "acme/7b@lora",
        "vendor": "Acme",
        "base_model": "7B",
        "method": "LoRA",
        "effective_from": date(2026, 1, 1),
        "checked_on": date(2026, 1, 1),
        **changes,
    }
    return TrainingPrice(**decimals(row))


def milestone(**changes: Any) -> Milestone:
    """The flagship of 2026-01-01 is acme/large, whose first price starts on that day."""
    row = {
        **PAGE,
        "id": "flagship-2026-01-01",
        "line": "flagship",
        "model": "acme/large",
        "launched_on": date(2026, 1, 1),
        "checked_on": date(2026, 1, 2),
        **changes,
    }
    return Milestone(**row)


@pytest.mark.parametrize(
    "row",
    [
        model_price(),
        cached_model_price(**CACHE_PAGE),
        model_price(context_tiers=(context_tier(1000), context_tier(2000))),
        model_price(lifecycle="retired", retires_on=date(2026, 6, 1)),
        tuned_price(lifecycle="existing customers only", closed_to_new_customers_on=date(2026, 6, 1)),
        training(training_usd_per_mtok=1),
        training(training_usd_per_hour=1),
        training(minimum_usd_per_job=1),
        milestone(),
    ],
    ids=lambda row: f"{type(row).__name__}",
)
def test_a_plain_row_breaks_no_rule(row: Fact) -> None:
    assert errors_of(row) == []


@pytest.mark.parametrize(
    ("row", "error"),
    [
        (
            deployment(source=" "),
            "deployments.yaml: open-10b-1xg1: source: blank (give an address that shows the figure)",
        ),
        (
            model_price(source="a colleague"),
            "models.yaml: acme/large @ 2026-01-01: source: names no page "
            "(give an address that shows the figure)",
        ),
        (
            model_price(cached_input_usd_per_mtok=3),
            "models.yaml: acme/large @ 2026-01-01: cached_input_usd_per_mtok: 3 is more expensive than "
            "input, 2 (swap them?)",
        ),
        (
            model_price(cache_write_usd_per_mtok=3),
            "models.yaml: acme/large @ 2026-01-01: cached_input_usd_per_mtok: missing, but a cache write has "
            "a price (add it, or remove cache_write_usd_per_mtok)",
        ),
        (
            cached_model_price(),
            "models.yaml: acme/large @ 2026-01-01: cache_source: names no page "
            "(give the address that shows min_cacheable_tokens and cache_ttl_s)",
        ),
        (
            model_price(lifecycle="retired"),
            "models.yaml: acme/large @ 2026-01-01: retires_on: missing (a retired offer needs the day)",
        ),
        (
            tuned_price(lifecycle="existing customers only"),
            "finetunes.yaml: acme/tuned @ 2026-01-01: closed_to_new_customers_on: missing "
            "(an offer for existing customers needs the day)",
        ),
        (
            model_price(context_tiers=(context_tier(1000, input_usd_per_mtok=1),)),
            "models.yaml: acme/large @ 2026-01-01: context_tiers: input_usd_per_mtok above 1,000 tokens is "
            "cheaper than below it (check the order)",
        ),
        (
            model_price(context_tiers=(context_tier(1000), context_tier(2000, output_usd_per_mtok=15))),
            "models.yaml: acme/large @ 2026-01-01: context_tiers: output_usd_per_mtok above 2,000 tokens is "
            "cheaper than below it (check the order)",
        ),
        (
            training(),
            "training.yaml: acme/7b@lora @ 2026-01-01: training_usd_per_mtok: missing "
            "(give a price per Mtok, per hour or per job)",
        ),
        (
            Tokenizer(**{**dict(tokenizer()), "id": "t", "ratios": {"en": (3, 1, 2)}}),
            "tokenizers.yaml: t: ratios.en: not between its bounds (write the ratio, the low, the high)",
        ),
        (
            milestone(id="flagship"),
            "milestones.yaml: flagship: id: is not 'flagship-2026-01-01' (name it by line and day)",
        ),
        (
            milestone(source="a book"),
            "milestones.yaml: flagship-2026-01-01: source: names no page "
            "(give an address that shows the figure)",
        ),
        (
            milestone(checked_on=date(2025, 12, 31)),
            "milestones.yaml: flagship-2026-01-01: launched_on: after checked_on "
            "(only a model that is on sale is a milestone)",
        ),
        (
            milestone(id="flagship-2025-12-31", launched_on=date(2025, 12, 31)),
            "milestones.yaml: flagship-2025-12-31: model: 'acme/large' has no price on 2025-12-31 "
            "(add a row that starts by then)",
        ),
        (
            milestone(model="acme/larg"),
            "milestones.yaml: flagship-2026-01-01: model: no model 'acme/larg'; did you mean 'acme/large'? "
            "(see python -m pricing models)",
        ),
    ],
    ids=lambda value: value.split(": ", 2)[-1][:50] if isinstance(value, str) else "",
)
def test_a_row_that_breaks_a_rule_is_refused(row: Fact, error: str) -> None:
    assert errors_of(row) == [error]


def test_a_deployment_needs_a_rent_and_a_prior_of_its_gpu() -> None:
    other = gpu(id="g2", vendor="Other")
    assert errors_of(other, deployment(gpu="g2")) == [
        "deployments.yaml: open-10b-1xg1: gpu: 'g2' has no row in gpu_rent.yaml (add one)",
        "deployments.yaml: open-10b-1xg1: gpu: throughput_priors: no row for Other datacentre "
        "(add one, or choose another deployment)",
    ]


def test_check_ends_with_2_where_a_base_table_breaks_a_rule(
    frozen_copy: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with (frozen_copy / "models.yaml").open("a", encoding="utf-8") as table:
        table.write(CONTRACT_ROW)
    monkeypatch.setenv(TABLES_VARIABLE, str(frozen_copy))
    assert main(["check"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line == (
        "models.yaml: acme/own @ 2026-01-01: source: names no page (give an address that shows the figure)"
    )


def test_a_companys_rows_are_exempt_from_the_rules(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "models.yaml").write_text(CONTRACT_ROW, encoding="utf-8")
    assert main(["check", "--prices", str(tmp_path)]) == 0
    assert "no faults" in capsys.readouterr().out
