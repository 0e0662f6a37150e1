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
from tests.support.paths import GOLDEN

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


FILES = GOLDEN / "training_files"
TOKENS_OF = {
    # In o200k_base with the chat's frame; an example by hand: tests/costing/fine_tuning/test_formats.py.
    "openai": 360,
    "bedrock": 360,
    "gemini": 360,
    "claude": 360,
    "completions": 190,
    "pairs": 330,
    "vision": 270,
}


def outcome(capsys: Captured, *arguments: str) -> tuple[int, list[str], str]:
    """Exit status, lines on standard error, and standard output."""
    status = main(("training", *arguments))
    out, err = capsys.readouterr()
    return status, err.splitlines(), out


@pytest.mark.parametrize("name", sorted(path.stem for path in FILES.glob("*.jsonl")))
def test_both_commands_read_a_file_alike(name: str, capsys: Captured) -> None:
    path = str(FILES / f"{name}.jsonl")
    status, errors, out = outcome(capsys, path, "--on", "2026-11-22")
    status_of_one, errors_of_one, out_of_one = outcome(capsys, path, "--encoding", "o200k_base")
    assert (status_of_one, errors_of_one) == (status, errors)
    assert status == (0 if name in TOKENS_OF else 2)
    if name in TOKENS_OF:
        assert f"10 examples without a fault, {TOKENS_OF[name]} tokens" in out
        assert f"\n{TOKENS_OF[name]} tokens x " in out_of_one
    else:
        named = {line.split(": ")[0] for line in errors}
        assert {f"{path}:{line}" for line in range(1, 11)} <= named


@pytest.mark.parametrize(
    ("encoding", "error"),
    [
        # The e of "Caf\u00e9" is byte 47 of the line in Windows-1252.
        ("cp1252", "{path}:1: not UTF-8 at byte 47 (save the file as UTF-8)"),
        ("utf-16", "{path}: UTF-16 or UTF-32 text (save the file as UTF-8)"),
        ("utf-16-le", "{path}: UTF-16 or UTF-32 text (save the file as UTF-8)"),
    ],
)
@pytest.mark.parametrize("options", [(), ("--encoding", "o200k_base"), ("--model", "openai/gpt-4o")])
def test_an_encoding_that_is_not_utf_8_is_named_by_both(
    encoding: str, error: str, options: tuple[str, ...], tmp_path: Path, capsys: Captured
) -> None:
    line = (
        '{"messages": [{"role": "user", "content": "Caf\u00e9?"}, {"role": "assistant", "content": "A"}]}\n'
    )
    path = tmp_path / "a.jsonl"
    path.write_bytes((line * 12).encode(encoding))
    assert refused(capsys, str(path), *options)[0] == error.format(path=path)


def test_one_vocabulary_counts_low_detail_images_where_the_model_is_known(capsys: Captured) -> None:
    path = str(FILES / "vision.jsonl")
    # 10 x (27 + 85 of GPT-4o's images) = 1,120 tokens; 100 // 10 = 10 epochs.
    _, _, out = outcome(capsys, path, "--model", "openai/gpt-4o")
    assert out.splitlines()[1] == "1,120 tokens x 10 epochs = 11,200 billed"
    assert out.splitlines()[2].startswith("published: ")
    _, _, tuned = outcome(capsys, path, "--model", "openai/tuned-gpt-4o")
    assert tuned.splitlines()[1] == "1,120 tokens x 10 epochs = 11,200 billed"
    _, _, unknown = outcome(capsys, path, "--encoding", "o200k_base")
    assert unknown.splitlines()[1:3] == [
        "270 tokens x 10 epochs = 2,700 billed",
        "of the text alone: 10 images or other media are left out (try --model)",
    ]


def test_one_vocabulary_prints_json_and_refuses_what_needs_prices(tmp_path: Path, capsys: Captured) -> None:
    path = str(FILES / "pairs.jsonl")
    values = json.loads(outcome(capsys, path, "--encoding", "o200k_base", "--json")[2])
    # 10 pairs of 33 tokens, and 3 epochs: OpenAI's rule is for chats.
    assert (values["examples"], values["dataset_tokens"], values["epochs"]) == (10, 330, 3)
    assert (values["trained_tokens"], values["evidence"]) == (990, "estimated")
    (line,) = refused(capsys, path, "--encoding", "o200k_base", "--csv", str(tmp_path / "a.csv"))
    assert line.startswith("--csv: not together with --encoding, --model or --max-example-tokens")


def test_one_vocabulary_counts_a_file_that_is_too_short_for_openai_and_says_so(
    tmp_path: Path, capsys: Captured
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"".join((FILES / "openai.jsonl").read_bytes().splitlines(keepends=True)[:4]))
    out = printed(capsys, str(path), "--encoding", "o200k_base")
    assert "4 examples that can be trained on; OpenAI asks for 10 (add more)" in out.splitlines()
    assert refused(capsys, str(path)) == [
        f"{path}: 4 examples that can be trained on; OpenAI asks for 10 (add more)"
    ]
