"""Doubtful values in valid rows, and the command line of the price book."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from pricing.__main__ import main
from pricing.audit.checks import difference, doubts, stale
from pricing.audit.outliers import outliers
from pricing.book import PriceBook
from pricing.load import SHIPPED
from pricing.rows import TABLES, Electricity, EmbeddingPrice, Fact, ServiceTiers, Tiered, Window
from pricing.schema import schema_of
from pricing.strict_yaml import parse
from tests.support.paths import FROZEN_TABLES

from ...support.factories import context_tier, decimals, frozen_book, model_price, tuned_price


def doubts_of(*history: Fact) -> list[str]:
    return [f"{field}: {what}" for _, field, what in doubts(history)]


def tariff_from(effective_from: date, price_per_kwh: str) -> Electricity:
    tariff = next(iter(frozen_book().on(date(2026, 11, 22)).rows(Electricity).values()))
    changes = {"effective_from": effective_from, "price_per_kwh": Decimal(price_per_kwh)}
    return tariff.model_copy(update={**changes, "source": "https://example.com"})


def test_a_plausible_row_raises_no_doubt() -> None:
    assert doubts_of(model_price(source="https://example.com/prices")) == []


def test_cached_input_dearer_than_input_is_doubted() -> None:
    row = model_price(source="https://example.com", input_usd_per_mtok=1, cached_input_usd_per_mtok=2)
    assert doubts_of(row) == ["cached_input_usd_per_mtok: 2 is more expensive than input, 1 (swap them?)"]


def test_output_cheaper_than_input_is_doubted() -> None:
    row = model_price(source="https://example.com", input_usd_per_mtok=3, output_usd_per_mtok=2)
    assert doubts_of(row) == ["output_usd_per_mtok: cheaper than input (swap them?)"]


def test_a_published_price_without_a_page_is_doubted_and_an_assumed_one_is_not() -> None:
    assert doubts_of(model_price(source="a colleague")) == [
        "source: names no page (give an address that shows the figure)"
    ]
    assert doubts_of(model_price(source="a guess", evidence="assumed")) == []


@pytest.mark.parametrize(("new", "doubted"), [(9, False), (10, True), (0.2, False), (0.1, True)])
def test_a_tenfold_change_is_doubted(new: float, doubted: bool) -> None:
    prices: dict[str, Any] = {"source": "https://example.com", "output_usd_per_mtok": 20}
    before = model_price(input_usd_per_mtok=1, effective_from=date(2026, 1, 1), **prices)
    after = model_price(input_usd_per_mtok=new, effective_from=date(2026, 2, 1), **prices)
    assert any("factor of 10" in line for line in doubts_of(before, after)) is doubted


def test_a_tenfold_change_of_a_tariff_is_doubted() -> None:
    # A tariff is in the currency of its region, so its price has no "usd" in its name.
    before = tariff_from(date(2026, 1, 1), "0.1")
    after = tariff_from(date(2026, 2, 1), "1")
    assert doubts_of(before, after) == ["price_per_kwh: 1 after 0.1: a factor of 10 or more (check the unit)"]


URL = {"source": "https://example.com"}


def tiered(tier: str, standard: dict[str, Any], **rates: Any) -> list[str]:
    """Doubts about a model with one service tier."""
    row = model_price(**URL, **standard, service_tiers=ServiceTiers(**{tier: Tiered(**decimals(rates))}))
    return doubts_of(row)


@pytest.mark.parametrize("tier", ["batch", "flex"])
def test_a_slower_service_dearer_than_the_standard_one_is_doubted(tier: str) -> None:
    assert tiered(tier, {}, input_usd_per_mtok=2, output_usd_per_mtok=10) == []
    assert tiered(tier, {}, input_usd_per_mtok=1, output_usd_per_mtok=11) == [
        f"service_tiers.{tier}.output_usd_per_mtok: 11 is more expensive than standard, 10"
    ]


def test_a_priority_service_cheaper_than_the_standard_one_is_doubted() -> None:
    assert tiered("priority", {}, input_usd_per_mtok=2, output_usd_per_mtok=10) == []
    assert tiered("priority", {}, input_usd_per_mtok=1.5, output_usd_per_mtok=20) == [
        "service_tiers.priority.input_usd_per_mtok: 1.5 is cheaper than standard, 2"
    ]


def test_a_tier_of_service_is_held_against_the_standard_price_of_the_same_prompt() -> None:
    cliff = {"context_tiers": (context_tier(1000),)}  # 4 in, 20 out
    assert tiered("priority", cliff, input_usd_per_mtok=4, output_usd_per_mtok=20) == []
    assert tiered("priority", cliff, input_usd_per_mtok=3, output_usd_per_mtok=20) == [
        "service_tiers.priority.input_usd_per_mtok: 3 is cheaper than standard, 4"
    ]


@pytest.mark.parametrize(("usd", "doubted"), [(0.3, False), (0.2, True)])
def test_a_tier_of_service_ten_times_off_the_standard_is_doubted(usd: float, doubted: bool) -> None:
    lines = tiered("batch", {}, input_usd_per_mtok=usd, output_usd_per_mtok=10)
    assert any("a factor of 10" in line for line in lines) is doubted


def test_rates_of_tiers_and_hours_are_looked_at_like_those_of_the_row() -> None:
    wrong: dict[str, Any] = {
        "input_usd_per_mtok": 2,
        "cached_input_usd_per_mtok": 3,
        "output_usd_per_mtok": 10,
    }
    window = Window(from_utc="01:00", to_utc="04:00", **wrong)
    cliff = context_tier(1000, cached_input_usd_per_mtok=5)
    row = model_price(
        **URL, windows=(window,), service_tiers=ServiceTiers(batch=Tiered(**wrong)), context_tiers=(cliff,)
    )
    assert [line.split(":")[0] for line in doubts_of(row)] == [
        "context_tiers.0.cached_input_usd_per_mtok",
        "service_tiers.batch.cached_input_usd_per_mtok",
        "windows.0.cached_input_usd_per_mtok",
    ]


@pytest.mark.parametrize(("above", "doubted"), [(127_999, False), (128_000, True), (256_000, True)])
def test_a_context_tier_that_no_prompt_reaches_is_doubted(above: int, doubted: bool) -> None:
    cliff = (context_tier(above),)
    batch = ServiceTiers(
        batch=Tiered(**decimals({"input_usd_per_mtok": 1, "output_usd_per_mtok": 5}), context_tiers=cliff)
    )
    row = model_price(**URL, context_window_tokens=128_000, context_tiers=cliff, service_tiers=batch)
    what = (
        f"context_tiers.0.above_prompt_tokens: {above:,} is not below the context window of 128,000: no "
        "prompt is so long (check both)"
    )
    assert doubts_of(row) == ([what, f"service_tiers.batch.{what}"] if doubted else [])
    assert doubts_of(row.model_copy(update={"context_window_tokens": None})) == []


@pytest.mark.parametrize(("hour", "doubted"), [(2.5, False), (4, False), (2.4, True)])
def test_an_hours_cache_write_cheaper_than_a_short_one_is_doubted(hour: float, doubted: bool) -> None:
    row = model_price(**URL, cache_write_usd_per_mtok=2.5, cache_write_1h_usd_per_mtok=hour)
    assert doubts_of(row) == (
        [f"cache_write_1h_usd_per_mtok: {hour} is cheaper than a short-lived write, 2.5 (swap them?)"]
        if doubted
        else []
    )


@pytest.mark.parametrize(
    ("end", "lines"),
    [
        (date(2026, 1, 30), ["effective_to: no price between 2026-01-30 and the next row, from 2026-02-01"]),
        (date(2026, 1, 31), []),
        (date(2026, 2, 1), ["effective_to: 2026-02-01 overlaps the next row, from 2026-02-01 on"]),
    ],
)
def test_an_end_that_does_not_meet_the_next_start_is_doubted(end: date, lines: list[str]) -> None:
    before = model_price(**URL, effective_from=date(2026, 1, 1), effective_to=end)
    after = model_price(**URL, effective_from=date(2026, 2, 1))
    assert doubts_of(before, after) == lines


def strayed(*rows: Fact) -> list[str]:
    return [f"{row.id}: {field}: {what}" for row, field, what in outliers(rows)]


def test_a_price_far_off_the_same_model_elsewhere_is_doubted() -> None:
    rows = [
        model_price(id="acme/open-1.5b", name="open-1.5b", input_usd_per_mtok=2, output_usd_per_mtok=2),
        model_price(
            id="bolt/open", vendor="Bolt", name="Org/Open-1p5B", input_usd_per_mtok=10, output_usd_per_mtok=2
        ),
    ]
    assert strayed(*rows) == []
    slipped = rows[1].model_copy(update={"input_usd_per_mtok": Decimal("10.1")})
    assert strayed(rows[0], slipped) == [
        "acme/open-1.5b: input_usd_per_mtok: 2, and the median of other offers of the same is 10.1: "
        "more than a factor of 5 (check the unit)",
        "bolt/open: input_usd_per_mtok: 10.1, and the median of other offers of the same is 2: "
        "more than a factor of 5 (check the unit)",
    ]


def test_a_dear_and_a_cheap_model_of_one_vendor_are_no_slip_and_a_strange_output_price_is() -> None:
    dear = model_price(id="acme/big", name="big", input_usd_per_mtok=100, output_usd_per_mtok=500)
    cheap = model_price(id="acme/small", name="small", input_usd_per_mtok=1, output_usd_per_mtok=5)
    other = model_price(id="acme/mid", name="mid", input_usd_per_mtok=3, output_usd_per_mtok=15)
    assert strayed(dear, cheap, other) == []
    slipped = cheap.model_copy(update={"output_usd_per_mtok": Decimal(50)})
    (line,) = strayed(dear, slipped, other)
    assert line == (
        "acme/small: output_usd_per_mtok: 50 times the input price, and the median of other offers of this "
        "vendor is 5 times: more than a factor of 5 (check the unit)"
    )


def test_what_is_free_or_unknown_has_no_siblings() -> None:
    free = model_price(id="acme/free", name="free", input_usd_per_mtok=0, output_usd_per_mtok=0)
    assert strayed(free, model_price(), tuned_price(training_usd_per_mtok=None)) == []


def test_few_rows_of_the_frozen_tables_are_doubted_for_their_figures(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["check"]) == 0
    *warnings, last = capsys.readouterr().out.splitlines()
    figures = [line for line in warnings if not line.endswith("(give an address that shows the figure)")]
    assert len(figures) <= int(last.split()[0]) / 50, figures


def test_most_tenfold_slips_in_a_hosted_models_price_are_doubted() -> None:
    book = frozen_book()
    rows = [book.history(TABLES[table], row_id)[-1] for table, row_id in book.ids() if table == "models"]
    slips = doubted = 0
    for index, row in enumerate(rows):
        for field in ("input_usd_per_mtok", "output_usd_per_mtok"):
            for factor in (Decimal(10), Decimal("0.1")):
                slipped = row.model_copy(update={field: getattr(row, field) * factor})
                others = [*rows[:index], slipped, *rows[index + 1 :]]
                slips += 1
                doubted += bool(doubts_of(slipped)) or any(row is slipped for row, _, _ in outliers(others))
    assert doubted / slips > 0.75


def test_an_embedding_dearer_by_batch_is_doubted() -> None:
    row = EmbeddingPrice(
        id="acme/embed",
        name="embed",
        vendor="Acme",
        tokenizer="o200k_base",
        source="https://example.com",
        checked_on=date(2026, 1, 1),
        effective_from=date(2026, 1, 1),
        input_usd_per_mtok=Decimal(2),
        batch_input_usd_per_mtok=Decimal(1),
    )
    assert doubts_of(row) == []
    dear = row.model_copy(update={"batch_input_usd_per_mtok": Decimal(3)})
    assert doubts_of(dear) == ["batch_input_usd_per_mtok: 3 is more expensive than standard, 2"]


def test_check_says_which_row_has_strayed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (FROZEN_TABLES / "gpu_offers.yaml").read_text(encoding="utf-8")
    table = tmp_path / "gpu_offers.yaml"
    table.write_text(text.replace("usd_per_gpu_hour: 3.949", "usd_per_gpu_hour: 39.49"), encoding="utf-8")
    assert main(["check", str(table)]) == 0
    (line,) = (line for line in capsys.readouterr().out.splitlines() if "factor" in line)
    assert line.startswith("warning: gpu_offers.yaml: modal/h100-sxm @ 2026-09-19: usd_per_gpu_hour: 39.49")


def test_only_the_latest_row_of_an_id_can_be_stale() -> None:
    old = model_price(effective_from=date(2026, 1, 1), checked_on=date(2026, 1, 1))
    new = model_price(effective_from=date(2026, 6, 1), checked_on=date(2026, 6, 1))
    # 2026-06-01 to 2026-11-22: 29 + 31 + 31 + 30 + 31 + 22 = 174 days
    assert stale([old, new], date(2026, 11, 22), 173) == [(new, 174)]
    assert stale([old, new], date(2026, 11, 22), 174) == []


def test_check_of_tables_without_faults_ends_with_0(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].endswith("files: no faults")


def test_check_reports_all_errors_with_file_and_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "gpu_rent.yaml"
    text = (FROZEN_TABLES / "gpu_rent.yaml").read_text(encoding="utf-8")
    table.write_text(text.replace("usd_per_gpu_hour: 0.8\n", "usd_per_gpu_hour: -0.8\n  colour: red\n"))
    assert main(["check", str(table)]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    assert all(line.startswith("gpu_rent.yaml:") and ": l4: " in line for line in lines)


def test_show_gives_the_row_of_the_day(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "google/gemini-3.8-flash", "--on", "2027-01-01"]) == 0
    assert "input_usd_per_mtok: 1.5" in capsys.readouterr().out
    assert main(["show", "google/gemini-3.8-flash", "--on", "2026-12-31"]) == 0
    assert "input_usd_per_mtok: 0.75" in capsys.readouterr().out


def test_show_takes_a_name_as_a_log_writes_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "FT:gpt-4.1-2025-04-14:acme::id", "--on", "2026-11-22"]) == 0
    assert capsys.readouterr().out.startswith("openai/tuned-gpt-4.1 @ ")
    assert main(["show", "us.anthropic.claude-sonnet-4-6", "--on", "2026-11-22"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("bedrock/regional.anthropic.claude-sonnet-4-6-v1:0 @ ")
    assert "layer: catalogue" in shown
    assert "input_usd_per_mtok: 3.3" in shown  # 10 % above Anthropic's own 3


def test_models_answers_a_name_with_its_id(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "gpt-4o-2024-08-06"]) == 0
    assert capsys.readouterr().out.startswith("openai/gpt-4o  (shipped)\n1 of ")


def test_history_gives_announced_rows_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["history", "google/gemini-3.8-flash"]) == 0
    assert "google/gemini-3.8-flash @ 2027-01-01" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("command", "line"),
    [
        (["show", "openai/gtp-4.1"], "no row 'openai/gtp-4.1'; did you mean 'openai/gpt-4.1'?"),
        (["show", "openai/gpt-4.2"], "no row 'openai/gpt-4.2' (see python -m pricing models)"),
        (["show", "whisper-1"], "'openai/whisper-1' is not priced per token"),
        (["show", "openai/gpt-4o", "--on", "2024-01-01"], "its first row starts on 2026-09-23"),
        (["check", "no/such/folder"], "no/such/folder: cannot be read"),
    ],
)
def test_what_is_not_there_is_one_clear_line(
    command: list[str], line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(command) == 2
    (printed,) = capsys.readouterr().err.splitlines()
    assert line in printed


def test_stale_ends_with_0_where_nothing_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stale", "--max-age-days", "100000"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("0 of ")


def test_stale_ends_with_1_where_anything_is(capsys: pytest.CaptureFixture[str]) -> None:
    # Every row was checked on some day; with -100000 days allowed, all of them are too old.
    assert main(["stale", "--max-age-days", "-100000"]) == 1
    assert "days" in capsys.readouterr().out


@pytest.mark.parametrize("table", TABLES)
def test_the_schema_beside_a_table_is_that_of_its_rows(table: str) -> None:
    shipped = (SHIPPED / "schema" / f"{table}.json").read_text(encoding="utf-8")
    assert shipped == schema_of(table), "run: python -m pricing schema"


@pytest.mark.parametrize("table", TABLES)
def test_a_table_points_editors_to_its_schema(table: str) -> None:
    first = (SHIPPED / f"{table}.yaml").read_text(encoding="utf-8").splitlines()[0]
    assert first == f"# yaml-language-server: $schema=schema/{table}.json"


@pytest.mark.parametrize("table", TABLES)
def test_the_schema_takes_the_shipped_table_and_refuses_a_slip(table: str) -> None:
    validator = Draft202012Validator(json.loads(schema_of(table)))
    rows = json.loads(
        json.dumps(parse((SHIPPED / f"{table}.yaml").read_bytes(), table).value, default=_plain)
    )
    assert list(validator.iter_errors(rows)) == []
    assert list(validator.iter_errors([{**rows[0], "colour": "red"}])) != []
    assert list(validator.iter_errors([{k: v for k, v in rows[0].items() if k != "source"}])) != []


@pytest.mark.parametrize("slip", [{"input_usd_per_mtok": -1}, {"input_usd_per_mtok": "2"}])
def test_the_schema_refuses_a_negative_price_and_one_written_as_text(slip: dict[str, object]) -> None:
    validator = Draft202012Validator(json.loads(schema_of("models")))
    row = {
        "id": "acme/large",
        "vendor": "Acme",
        "name": "large",
        "tokenizer": "o200k_base",
        "effective_from": "2026-01-01",
        "input_usd_per_mtok": 2,
        "output_usd_per_mtok": 10,
        "source": "https://example.com",
        "checked_on": "2026-01-01",
    }
    assert list(validator.iter_errors([row])) == []
    assert list(validator.iter_errors([{**row, **slip}])) != []


def _plain(value: object) -> float | str:
    return float(value) if isinstance(value, Decimal) else str(value)


def test_a_difference_names_what_was_added_removed_and_changed() -> None:
    first, second = date(2026, 1, 1), date(2026, 6, 1)
    old = PriceBook({"models": [model_price(id="a/x", effective_from=first), model_price(id="a/y")]})
    new = PriceBook(
        {
            "models": [
                model_price(id="a/x", effective_from=first, output_usd_per_mtok=9),
                model_price(id="a/x", effective_from=second),
            ]
        }
    )
    y = model_price(id="a/y").ref
    before = model_price().output_usd_per_mtok
    assert difference(old, new) == [
        "+ models: a/x @ 2026-06-01",
        f"- models: {y}",
        f"~ models: a/x @ 2026-01-01: output_usd_per_mtok: {before} -> 9",
    ]
    assert difference(old, old) == []
