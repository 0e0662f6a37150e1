"""A CSV of usage priced row by row, and its command."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from i18n.errors import CrossoverError
from pricing import __main__ as command
from pricing.quote import csv_file as module
from pricing.quote.csv_file import quote_file
from pricing.quote.model_names import Resolver
from pricing.quote.moment_forms import moment
from tests.support.factories import frozen_book
from tests.support.paths import GOLDEN

HEADER = "provider,model,date,input_tokens,cached_tokens,cache_write_tokens,output_tokens"
SAMPLE = GOLDEN / "price_golden_sample.csv"


def priced(tmp_path: Path, *lines: str, header: str = HEADER) -> list[Mapping[str, str]]:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("\n".join((header, *lines)) + "\n", encoding="utf-8")
    quote_file(Resolver(frozen_book()), source, target)
    with target.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_rows_keep_their_order_and_columns_and_gain_an_amount(tmp_path: Path) -> None:
    rows = priced(
        tmp_path,
        'openai,gpt-4.1,2026-11-20T10:00:00Z,1000,400,0,100,"a, b"',
        "anthropic,claude-haiku-5-5,2026-11-22T08:00:00+08:00,100001,0,0,0,x",
        header=f"{HEADER},team",
    )
    assert [row["team"] for row in rows] == ["a, b", "x"]
    assert [row["amount_usd"] for row in rows] == ["0.0022", "0.0500005"]
    assert rows[0]["price_ref"] == "openai/gpt-4.1 @ 2026-09-23"
    assert [row["refused"] for row in rows] == ["", ""]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("openai,gpt-99,2026-11-20,1,0,0,0", "no model 'openai/gpt-99'"),
        ("openai,whisper-1,2026-11-20,0,0,0,0", "'openai/whisper-1' is not priced per token"),
        ("openrouter,deepseek/deepseek-r1:free,2026-11-20,1,0,0,0", "is not priced per token"),
        ("azure,gpt-4.1-2025-04-14.ft-0a1b,2026-11-20,1,0,0,0", "write one of azure/tuned-gpt-4.1@global"),
        ("openai,gpt-4.1,2026-13-20,1,0,0,0", "not ISO 8601"),
        ("openai,gpt-4.1,yesterday,1,0,0,0", "not ISO 8601"),
        ("openai,gpt-4.1,1795348800,1,0,0,0", "seconds since 1970 in place of a date"),
        ("openai,gpt-4.1,1795348800000,1,0,0,0", "seconds since 1970 in place of a date"),
        ("openai,gpt-4.1,2026-11-20T12:00:00+8,1,0,0,0", "not ISO 8601"),
        ("openai,gpt-4.1,2026-11-20 12:00:00 CET,1,0,0,0", "not ISO 8601"),
        ("openai,gpt-4.1,2026-11-20,1.5,0,0,0", "not a whole number"),
        ("openai,gpt-4.1,2026-11-20,,0,0,0", "not a whole number"),
        ("openai,gpt-4.1,2026-11-20,-5,0,0,0", "a negative number"),
        ("openai,gpt-4.1,2026-11-20,5,6,0,0", "more cached"),
        ("openai,gpt-4o,2026-11-20,200000,0,0,0", "context window"),
        ("openai,gpt-5.6-luna,2026-01-20,5,0,0,0", "before 2026-07-09"),
    ],
)
def test_a_row_that_cannot_be_priced_says_why(tmp_path: Path, line: str, reason: str) -> None:
    good = "openai,gpt-4.1,2026-11-20T10:00:00Z,1000,0,0,0"
    rows = priced(tmp_path, good, line, good)
    assert [row["amount_usd"] for row in rows] == ["0.002", "", "0.002"]
    assert reason in rows[1]["refused"]
    assert rows[1]["price_ref"] == ""


@pytest.mark.parametrize(
    ("date", "is_before"),
    [
        # PostgreSQL's timestamptz: an offset of whole hours.
        ("2026-11-22 12:00:00+00", False),
        ("2026-11-22 12:00:00.123456+00", False),
        ("2026-11-22T12:00:00-08", False),
        ("2026-11-22 12:00+00", False),
        # BigQuery, RFC 3339 in small letters, Ruby.
        ("2026-11-22 12:00:00 UTC", False),
        ("2026-11-22t12:00:00z", False),
        ("2026-11-22 12:00:00 +0000", False),
        # The price changes at 00:00 UTC: 01:00 in Taiwan is the day before.
        ("2026-09-23 01:00:00+08", True),
        ("2026-09-23 07:59:59 +0800", True),
        ("2026-09-23 08:00:00+08", False),
        ("2026-09-22 20:00:00-08", False),
        ("2026-09-22 23:59:59+00", True),
        ("2026-09-23 00:00:00 UTC", False),
    ],
)
def test_times_as_databases_write_them_are_the_same_moment(
    tmp_path: Path, date: str, is_before: bool
) -> None:
    # The frozen tables hold openai/gpt-4.1 from 2026-09-23 on.
    row, plain = priced(
        tmp_path, f"openai,gpt-4.1,{date},1000,0,0,0", "openai,gpt-4.1,2026-11-20T10:00:00Z,1000,0,0,0"
    )
    assert (row["price_ref"] != plain["price_ref"]) is is_before
    assert is_before or (row["amount_usd"], row["refused"]) == ("0.002", "")


@pytest.mark.parametrize("date", ["1795348800", "1795348800123", "1795348800.5"])
def test_seconds_since_1970_are_refused_by_their_name(tmp_path: Path, date: str) -> None:
    (row,) = priced(tmp_path, f"openai,gpt-4.1,{date},1000,0,0,0")
    assert row["amount_usd"] == ""
    assert row["refused"] == "seconds since 1970 in place of a date (write it as 2026-11-22T12:00:00Z)"


@pytest.mark.parametrize("date", ["2026-11-08", "2026-11-22 25:00:00+00", "2026-11-22+08", "22.11.2026 UTC"])
def test_a_day_is_no_offset_and_a_wrong_time_is_refused(tmp_path: Path, date: str) -> None:
    (row,) = priced(tmp_path, f"openai,gpt-4.1,{date},1000,0,0,0")
    assert ("not ISO 8601" in row["refused"]) is (date != "2026-11-08")


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_heads_in_any_case_and_the_separators_of_spreadsheets_are_read(
    tmp_path: Path, separator: str, mark: str
) -> None:
    heads = ["Provider", "MODEL", "Date", "Input Tokens", "output-tokens", "Team"]
    line = ["openai", "gpt-4.1", "2026-11-20", "1000", "100", "a, b" if separator != "," else "a"]
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(mark + separator.join(heads) + "\n" + separator.join(line) + "\n", encoding="utf-8")
    quote_file(Resolver(frozen_book()), source, target)
    with target.open(encoding="utf-8") as file:
        (row,) = csv.DictReader(file, delimiter=separator)
    # 1,000 x 2 + 100 x 8 USD per Mtok. The heads stay as they were.
    assert [*row] == [*heads, "amount_usd", "price_ref", "refused"]
    assert row["amount_usd"] == "0.0028"
    assert row["Team"] == line[-1]


def test_a_missing_column_is_named_beside_those_that_are_there(tmp_path: Path) -> None:
    with pytest.raises(CrossoverError, match="no column 'date' among: provider, Model, day, input_tokens"):
        priced(tmp_path, header="provider,Model,day,input_tokens,output_tokens")
    with pytest.raises(CrossoverError, match="column 'model' stands twice"):
        priced(tmp_path, header=f"{HEADER},Model")


def test_input_without_cached_tokens_and_output_without_reasoning_are_made_totals(tmp_path: Path) -> None:
    counts = "uncached_input_tokens,cached_tokens,cache_write_tokens,answer_tokens,reasoning_tokens"
    exclusive, _ = priced(
        tmp_path,
        "openai,gpt-4.1,2026-11-20,600,400,0,100,50",
        "openai,gpt-4.1,2026-11-20,0,0,0,0,0",
        header=f"provider,model,date,{counts}",
    )
    # 600 x 2 + 400 x 0.5 + 150 x 8 USD per Mtok.
    assert exclusive["amount_usd"] == "0.0026"
    with pytest.raises(CrossoverError, match="both 'input_tokens' and 'uncached_input_tokens'"):
        priced(tmp_path, header=f"{HEADER},uncached_input_tokens")
    blank, negative = priced(
        tmp_path,
        "openai,gpt-4.1,2026-11-20,,0,0,1,0",
        "openai,gpt-4.1,2026-11-20,-5,10,0,1,0",
        header=f"provider,model,date,{counts}",
    )
    assert "a negative number" in negative["refused"]
    assert "not a whole number" in blank["refused"]


def test_a_column_of_tokens_that_is_in_no_amount_is_warned_of(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "in.csv"
    source.write_text(
        "provider,model,date,input_tokens,output_tokens,audio_input_tokens,total_tokens\n"
        "openai,gpt-4.1,2026-11-20,1000,100,900,2000\n",
        encoding="utf-8",
    )
    assert command.main(["quote", "--batch", str(source), "--out", str(tmp_path / "out.csv")]) == 0
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"warning: {source}: column 'audio_input_tokens' is not read")


def test_optional_columns(tmp_path: Path) -> None:
    header = "tier,reasoning_tokens,cache_write_1h_tokens,output_tokens,input_tokens,date,model,provider"
    rows = priced(
        tmp_path,
        ",5,,10,1000,2026-11-20 10:00,claude-opus-5-5,anthropic",
        "standard,,0,10,1000,2026-11-20,claude-opus-5-5,anthropic",
        "turbo,,0,10,1000,2026-11-20,claude-opus-5-5,anthropic",
        header=header,
    )
    assert rows[0]["amount_usd"] == rows[1]["amount_usd"] == "0.0042"
    assert "no tier of service" in rows[2]["refused"]


def test_an_empty_table_stays_one(tmp_path: Path) -> None:
    assert priced(tmp_path) == []
    header = (tmp_path / "out.csv").read_text(encoding="utf-8")
    assert header.replace('"', "").strip() == f"{HEADER},amount_usd,price_ref,refused"


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "not a table"),
        (b"provider,model\n", "no column 'date'"),
        (f"{HEADER},model\n".encode(), "'model' stands twice"),
        (f"{HEADER},amount_usd\n".encode(), "is what this command adds"),
        (f"{HEADER}\nopenai,gpt-4.1\n".encode(), "not a table"),
        (f"{HEADER}\nopenai,gpt-4.1\xff,2026-11-20,1,0,0,0\n".encode("latin-1"), "UTF-8"),
    ],
)
def test_what_is_no_table_is_refused_and_nothing_is_written(
    tmp_path: Path, content: bytes, what: str
) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_bytes(content)
    target.write_text("before", encoding="utf-8")
    with pytest.raises(CrossoverError, match=what):
        quote_file(Resolver(frozen_book()), source, target)
    assert target.read_text(encoding="utf-8") == "before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv", "out.csv"]


def test_blocks_make_no_difference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, parts = tmp_path / "whole.csv", tmp_path / "parts.csv"
    resolver = Resolver(frozen_book())
    first = quote_file(resolver, SAMPLE, whole)
    monkeypatch.setattr(module, "BLOCK_BYTES", 2000)
    seen: list[int] = []
    second = quote_file(resolver, SAMPLE, parts, seen.append)
    assert whole.read_bytes() == parts.read_bytes()
    assert (first.rows, first.usd, first.refused) == (second.rows, second.usd, second.refused)
    assert len(seen) > 10
    assert seen[-1] == 300
    with whole.open(encoding="utf-8") as file:
        amounts = [Decimal(row["amount_usd"] or 0) for row in csv.DictReader(file)]
    assert sum(amounts) == first.usd


def test_the_command_quotes_one_request(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = "quote --model openai/gpt-6-astra --at 2026-11-22T00:00:00Z --input 300000 --cached 100000"
    assert command.main([*arguments.split(), "--cache-write", "5000", "--output", "500", "--json"]) == 0
    quoted = json.loads(capsys.readouterr().out)
    assert quoted["usd"] == "4.2625"
    assert [line["usd"] for line in quoted["lines"]] == ["3.9", "0.2", "0.125", "0.0375"]
    assert quoted["layer"] == "shipped"
    assert command.main(arguments.split()) == 0
    assert "200,000            20" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("usage", "usd"),
    [
        # Anthropic's own form: 20,000 x 3 + 15,000 x 0.30 USD per Mtok.
        ("--model anthropic/claude-sonnet-4-6 --uncached-input 20000 --cached 15000", "0.0645"),
        # xAI's own ticks: https://github.com/Wei-Shaw/sub2api/issues/5771.
        (
            "--model xai/grok-4.20 --input 10120 --cached 128 --answer 1499 --reasoning 2809",
            "0.0232856",
        ),
    ],
)
def test_the_command_takes_counts_that_leave_cached_or_reasoning_tokens_out(
    usage: str, usd: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["quote", "--at", "2026-11-22", "--json", *usage.split()]) == 0
    assert json.loads(capsys.readouterr().out)["usd"] == usd


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        ("quote", "no --model"),
        ("quote --batch in.csv", "no --out"),
        ("quote --batch nowhere.csv --out out.csv", "nowhere.csv: cannot be read"),
        ("quote --model openai/gpt-41 --input 5", "did you mean 'openai/gpt-4.1'"),
        ("quote --model openai/gpt-4.1 --at 2020-01-01 --input 5 --tier turbo", "no tier of service"),
    ],
)
def test_the_command_says_what_is_wrong(
    arguments: str, what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(arguments.split()) == 2
    error = capsys.readouterr().err
    assert what in error
    assert len(error.splitlines()) == 1


def test_the_command_prices_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out.csv"
    assert command.main(["quote", "--batch", str(SAMPLE), "--out", str(out)]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("300 rows, 30 refused: ")
    assert "30 refused: more input tokens than the model's context window" in printed


def test_models_that_can_be_priced_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["models", "gpt-4.1"]) == 0
    printed = capsys.readouterr().out
    assert "openai/gpt-4.1  (shipped)" in printed
    assert "openrouter/openai/gpt-4.1  (catalogue)" in printed
    assert "groq" not in printed


def test_a_model_without_a_price_per_token_costs_no_other_row_its_price(tmp_path: Path) -> None:
    lines = ["openai,gpt-4o,2026-11-22,1000,0,0,100"] * 3
    rows = priced(tmp_path, *lines, "openai,whisper-1,2026-11-22,0,0,0,0", *lines)
    # 1,000 x 2.50 + 100 x 10 USD per million
    assert [row["amount_usd"] for row in rows] == ["0.0035"] * 3 + [""] + ["0.0035"] * 3


@pytest.mark.parametrize(
    ("written", "changed"),
    [
        # gemini-3.8-flash costs 0.75 USD per million until 2026-12-31, and 1.50 from 2027-01-01 UTC on.
        ("2027-01-01 00:00:00+00", True),  # PostgreSQL
        ("2026-12-31 23:59:59.5+00", False),
        ("2026-12-31T16:00:00-08", True),
        ("2026-12-31T15:59:59-08", False),
        ("2027-01-01 07:59:59+08", False),
        ("2027-01-01 08:00:00+0800", True),
        ("2027-01-01 05:29:59 +05:30", False),
        ("2027-01-01T00:00:00z", True),
        ("2027-01-01t00:00:00Z", True),
        ("2026-12-31 23:59:59 UTC", False),
        ("2027-01-01 00:00 UTC", True),
        ("2027-01-01", True),
    ],
)
def test_a_time_is_read_as_databases_write_it(tmp_path: Path, written: str, changed: bool) -> None:
    line = f"google,gemini-3.8-flash,{written},1000000,0,0,0"
    invalid = "google,gemini-3.8-flash,2026-13-45,1,0,0,0"  # no day: then all are read singly
    usd = "1.5" if changed else "0.75"
    assert priced(tmp_path, line)[0]["amount_usd"] == usd
    assert priced(tmp_path, line, invalid)[0]["amount_usd"] == usd
    assert (moment(written) >= datetime(2027, 1, 1, tzinfo=UTC)) is changed
