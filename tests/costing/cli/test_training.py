"""python -m costing training, as a user runs it."""

from __future__ import annotations

import csv
import io
import json
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from costing.cli.main import main
from costing.scenario.library import SHIPPED, TRAINING_EXAMPLE, load_scenario
from costing.scenario.scenario_yaml import dump

EXAMPLE = str(SHIPPED / TRAINING_EXAMPLE)
Captured = pytest.CaptureFixture[str]


def printed(capsys: Captured, *arguments: str) -> str:
    assert main(("training", *arguments)) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


def refused(capsys: Captured, *arguments: str) -> list[str]:
    assert main(("training", *arguments)) == 2
    out, err = capsys.readouterr()
    assert out == ""
    return err.splitlines()


def table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


def test_every_error_of_a_file_is_printed_and_the_status_is_2(tmp_path: Path, capsys: Captured) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"messages": [{"role": "user", "content": "x"}]}\nbroken\n\n', encoding="utf-8")
    assert refused(capsys, str(path)) == [
        f"warning: {path}:3: a blank line (remove it)",
        f"{path}:1: no assistant's message (add the answer to learn)",
        f"{path}:2: not JSON at character 1 (write one JSON object a line)",
        f"{path}: 0 examples that can be trained on; OpenAI asks for 10 (add more)",
    ]


def test_of_very_many_errors_the_first_hundred_and_their_number_are_printed(
    tmp_path: Path, capsys: Captured
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("x\n" * 5000, encoding="utf-8")
    lines = refused(capsys, str(path))
    assert len(lines) == 101
    assert lines[-1] == "and 4,901 more faults"


def test_a_file_that_is_not_there_is_one_line(capsys: Captured) -> None:
    (line,) = refused(capsys, "nowhere.jsonl")
    assert line.startswith("nowhere.jsonl: cannot be read: ")


def test_the_cost_at_every_vendor_is_a_table_and_a_csv(tmp_path: Path, capsys: Captured) -> None:
    path = tmp_path / "costs.csv"
    text = printed(capsys, EXAMPLE, "--on", "2026-11-22", "--csv", str(path))
    assert "27 examples without a fault" in text
    assert "azure/tuned-gpt-4.1-mini@global" in text
    rows = table(path)
    assert len(rows) > 40
    row = next(row for row in rows if row["offer"] == "openai/tuned-gpt-4.1")
    # Tokens of the file x 3 epochs at 25 USD per Mtok.
    assert float(row["training_usd"]) == pytest.approx(float(row["dataset_tokens"]) * 3 * 25 / 1e6, abs=1e-6)
    # A day on which OpenAI takes no new jobs.
    assert "openai/" not in printed(capsys, EXAMPLE, "--on", "2027-02-01")


def test_with_a_scenario_it_says_what_tuning_saves(tmp_path: Path, capsys: Captured) -> None:
    path = tmp_path / "savings.csv"
    text = printed(capsys, EXAMPLE, "--scenario", "brand_voice", "--savings-csv", str(path))
    assert "Against Prompt stuffing · GPT-4.1 (OpenAI) at 20,000 requests per day" in text
    assert "instructions 20%, examples 0%, knowledge 30%" in text
    for row in table(path):
        if row["saved_usd"]:
            parts = ("shorter_prompt_usd", "other_prices_usd", "hosting_usd", "retraining_usd")
            shorter, prices, hosting, retraining = (float(row[part]) for part in parts)
            assert float(row["saved_usd"]) == pytest.approx(shorter - prices - hosting - retraining, abs=1e-5)


def test_json_is_one_object_and_the_same_each_time(capsys: Captured) -> None:
    arguments = (EXAMPLE, "--scenario", "brand_voice", "--json", "--epochs", "5")
    text = printed(capsys, *arguments)
    assert text == printed(capsys, *arguments)
    printout = json.loads(text)
    assert (printout["examples"], printout["on"]) == (27, "2026-11-22")
    assert {row["epochs"] for row in printout["training"]} == {5}
    assert printout["savings"]["rows"][0]["verdict"] == "training pays for itself within a day at this volume"


def test_amounts_come_in_the_currency_of_the_scenario_too(tmp_path: Path, capsys: Captured) -> None:
    path, costs, saved = (tmp_path / name for name in ("twd.yaml", "costs.csv", "saved.csv"))
    path.write_text(dump(replace(load_scenario("brand_voice"), currency="TWD")), encoding="utf-8")
    files = ("--csv", str(costs), "--savings-csv", str(saved))
    text = printed(capsys, EXAMPLE, "--scenario", str(path), *files)
    assert "TWD saved" in text
    assert "1 USD = " in text
    for file, names in ((costs, ("training",)), (saved, ("saved", "training", "today", "hosting", "tuned"))):
        rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"))))
        assert {row["currency"] for row in rows} == {"TWD"}
        assert all(row["fx_date"] and row["fx_source"] for row in rows)
        for row in rows:
            for name in names:
                usd = row[f"{name}_usd"]
                amount = str(Decimal(usd) * Decimal(row["fx_per_usd"])) if usd else ""
                assert row[name] == amount


def test_one_vocabulary_says_how_it_counted(capsys: Captured) -> None:
    text = printed(capsys, EXAMPLE, "--encoding", "o200k_base")
    assert ": o200k_base + chat frame (openai-cookbook" in text.splitlines()[-1]


def test_standard_input_is_a_file_too(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    class Standard:
        buffer = io.BytesIO(Path(EXAMPLE).read_bytes())

    monkeypatch.setattr(sys, "stdin", Standard)
    assert printed(capsys, "-", "--on", "2026-11-22").startswith("-: 27 examples without a fault")
