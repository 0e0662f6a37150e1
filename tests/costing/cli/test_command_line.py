"""The command line, run as a user runs it: what it prints, and one clear line for bad input."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from costing.scenario.library import SHIPPED
from tests.support.cli import json_of, printed, refusal, run_command, run_process
from tests.support.paths import ROOT
from tests.support.time_limit import HANG_S


@pytest.fixture
def scenario_file(tmp_path: Path) -> Path:
    """The 25 M claim in a file of one's own."""
    path = tmp_path / "mine.yaml"
    path.write_bytes((SHIPPED / "claim_25m_owned.yaml").read_bytes())
    return path


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


# --- as a process


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["scenarios"], "The 25 M claim: two H100, bought"),
        (["compare", "claim_25m_owned"], "is cheapest: 3,221 USD per month"),
        (["compare", "claim_25m_owned", "--json"], '"usd_per_month": 3329.1015'),
        (["breakeven", "claim_25m_owned"], "24.189 M tokens per day"),
        (["breakeven", "claim_25m_owned", "--json"], '"is_jump": false'),
    ],
    ids=lambda given: " ".join(given) if isinstance(given, list) else "",
)
def test_a_process_prints_what_the_command_prints(arguments: list[str], words: str) -> None:
    done = run_process(*arguments)
    assert (done.returncode, done.stderr) == (0, "")
    assert words in done.stdout
    assert done == run_command(*arguments)


@pytest.mark.parametrize(
    "arguments",
    [
        ["compare", "no/such.yaml"],
        ["tokens", "pyproject.toml", "--encoding", "o200k"],
        ["compare", "claim_25m_owned", "--on", "soon"],
    ],
    ids=lambda given: " ".join(given) if isinstance(given, list) else "",
)
def test_a_process_refuses_bad_input_with_2(arguments: list[str]) -> None:
    done = run_process(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
    assert done == run_command(*arguments)


def test_a_process_counts_without_optional_packages_as_this_one_does() -> None:
    arguments = ("tokens", "pyproject.toml", "--model", "google/gemini-3.8-flash", "--json")
    assert run_process(*arguments).stdout == run_command(*arguments).stdout


def test_the_tokens_of_standard_input_are_counted() -> None:
    done = run_process("tokens", "-", text="tiktoken is great!")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.split() == ["6", "-"]


# --- what it prints


def test_the_ready_scenarios_are_listed_by_id_and_name() -> None:
    lines = printed("scenarios").splitlines()
    assert [line.split()[0] for line in lines] == sorted(path.stem for path in SHIPPED.glob("*.yaml"))
    assert "claim_25m_owned      The 25 M claim: two H100, bought" in lines


def test_compare_prints_the_verdict_and_every_line() -> None:
    text = printed("compare", "claim_25m_owned")
    lines = text.splitlines()
    assert lines[0] == "The 25 M claim: two H100, bought"
    assert lines[1].startswith(
        "At 25,000 requests per day, Self-hosted · Llama 3.3 70B FP8 (2 × H100 per replica, bought)"
    )
    # 25,000 x 30.4375 x 750 = 570.703 Mtok x 2.50 = 1,426.76 USD
    assert "570.703 Mtok            x 2.5          =       1,426.76 USD monthly" in text
    assert "openai/gpt-4o @ 2026-09-23" in text
    assert "input: usd_per_kwh" in text


def test_compare_as_json_is_one_object_with_its_shape() -> None:
    printout = json_of("compare", "claim_25m_owned")
    assert set(printout) == {
        "scenario_id",
        "scenario",
        "on",
        "horizon_months",
        "requests_per_day",
        "currency",
        "fx_per_usd",
        "fx_date",
        "fx_source",
        "verdict",
        "caveat",
        "horizon_verdict",
        "counts_people",
        "strategies",
    }
    assert (printout["scenario_id"], printout["on"], printout["horizon_months"]) == (
        "claim_25m_owned",
        "2026-11-22",
        36,
    )
    assert printout["horizon_verdict"] is None
    api, servers = printout["strategies"]
    assert api["feasible"] is True
    assert (api["input_tokens_per_request"], api["output_tokens_per_request"]) == (750, 250)
    # 25,000 x 30.4375 requests x (750 x 2.50 + 250 x 10) / 1,000,000 = 3,329.10 USD; 36 months of it
    assert api["usd_per_month"] == pytest.approx(3329.10, abs=0.01)
    assert api["horizon_usd"] == pytest.approx(36 * 3329.1015625, abs=0.001)
    assert set(api["lines"][0]) == {
        "line",
        "category",
        "cadence",
        "quantity",
        "quantity_low",
        "quantity_high",
        "unit",
        "usd_per_unit",
        "amount_usd",
        "amount",
        "price_ref",
        "source",
        "checked_on",
        "evidence",
        "layer",
    }
    assert sum(line["amount_usd"] for line in servers["lines"]) == pytest.approx(servers["usd_per_month"])
    assert servers["lines"][-1]["checked_on"] is None


def test_a_strategy_that_cannot_be_used_is_in_the_json_with_its_reason(scenario_file: Path) -> None:
    edit(scenario_file, "tokens: 750", "tokens: 130000")
    api, servers = json_of("compare", str(scenario_file))["strategies"]
    assert set(api) == {"strategy", "feasible", "reason"}
    assert api["feasible"] is False
    assert api["reason"].startswith(
        "gpt-4o: prompt and answer of 130,250 tokens exceed its window of 128,000"
    )
    assert servers["feasible"] is True
    assert "GPT-4o (OpenAI): not possible: gpt-4o: prompt" in printed("compare", str(scenario_file))


def test_another_day_means_the_prices_of_that_day(scenario_file: Path) -> None:
    edit(scenario_file, "model: openai/gpt-4o", "model: google/gemini-3.8-flash")
    before, after = (
        json_of("compare", str(scenario_file), "--on", day)["strategies"][0]["usd_per_month"]
        for day in ("2026-12-31", "2027-01-01")
    )
    assert after == pytest.approx(2 * before, abs=1e-5)


def test_the_csv_holds_the_rows_and_nothing_else_is_left_behind(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    printed("compare", "claim_25m_owned", "--csv", str(path))
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    # 36 months of 2 lines for the API, and of 4 for the servers: GPUs, host, maintenance, electricity
    assert len(rows) == 36 * (2 + 4)
    assert [entry.name for entry in tmp_path.iterdir()] == ["out.csv"]


def test_breakeven_prints_where_the_answer_changes() -> None:
    text = printed("breakeven", "claim_25m_owned")
    assert "GPT-4o (OpenAI) is cheapest up to 24,189 requests per day, Self-hosted" in text
    assert "at 24,188.6 requests = 24.189 M tokens per day (736.2 M per month): above it Self-hosted" in text
    assert "4.3750" in text


def test_breakeven_as_json_is_one_object_with_its_shape() -> None:
    printout = json_of("breakeven", "claim_25m_owned")
    assert set(printout) == {
        "scenario_id",
        "on",
        "currency",
        "fx_per_usd",
        "fx_date",
        "fx_source",
        "crossings",
        "marginal_usd_per_mtok",
        "pairs",
        "winners",
        "verdict",
    }
    (crossing,) = printout["crossings"]
    assert set(crossing) == {
        "first",
        "second",
        "tokens_per_day",
        "tokens_per_month",
        "requests_per_day",
        "usd_per_month",
        "amount_per_month",
        "cheaper_below",
        "cheaper_above",
        "is_jump",
        "evidence",
        "tokens",
    }
    assert 24.1e6 < crossing["tokens_per_day"] < 24.4e6
    assert crossing["cheaper_above"].startswith("Self-hosted")
    assert [winner["from_requests_per_day"] for winner in printout["winners"]] == pytest.approx(
        [1, crossing["requests_per_day"]]
    )


def test_a_currency_is_chosen_by_its_code_in_any_case() -> None:
    text = printed("compare", "claim_25m_owned", "--currency", "twd")
    assert "TWD per month" in text.splitlines()[1]
    assert text.splitlines()[2].startswith("1 USD = ")
    assert json_of("breakeven", "claim_25m_owned", "--currency", "TWD")["currency"] == "TWD"


def test_a_csv_in_another_currency_keeps_its_usd(tmp_path: Path) -> None:
    for name, arguments in (("usd.csv", []), ("twd.csv", ["--currency", "TWD"])):
        printed("compare", "claim_25m_owned", "--csv", str(tmp_path / name), *arguments)
    dollars, taiwan = (
        list(csv.DictReader(io.StringIO((tmp_path / name).read_text("utf-8-sig"), newline="")))
        for name in ("usd.csv", "twd.csv")
    )
    assert [row["amount_usd"] for row in taiwan] == [row["amount_usd"] for row in dollars]
    assert {row["currency"] for row in taiwan} == {"TWD"}
    assert all(row["fx_date"] and row["fx_source"] for row in taiwan)


def test_an_unknown_currency_is_one_line_with_the_nearest() -> None:
    assert refusal("compare", "claim_25m_owned", "--currency", "TWB").startswith(
        "currency: no exchange rate for 'TWB' on 2026-11-22; did you mean 'TWD'? (choose one of USD, "
    )


def test_openai_or_azure_prints_its_crossing_in_tokens_a_month() -> None:
    text = printed("breakeven", "openai_or_azure")
    assert "at 23,314.3 requests = 23.314 M tokens per day (709.6 M per month): above it" in text
    assert "Two ways to charge: " in text


def test_a_long_list_of_crossings_is_cut_in_the_text_and_whole_in_the_json(scenario_file: Path) -> None:
    # A replica costs almost what the API asks for its tokens, so that the two change places again and again.
    scenario_file.write_bytes((SHIPPED / "claim_25m_rented.yaml").read_bytes())
    edit(scenario_file, "peak_to_average: 1", "peak_to_average: 11")
    edit(scenario_file, "rent_usd_per_gpu_hour: 2.35", "rent_usd_per_gpu_hour: 12.2")
    edit(scenario_file, "spare_replicas: 0", "spare_replicas: 5")
    crossings = json_of("breakeven", str(scenario_file))["crossings"]
    lines = printed("breakeven", str(scenario_file)).splitlines()
    assert len(crossings) > 21
    assert len([line for line in lines if " requests = " in line]) == 20
    assert f"  ... and {len(crossings) - 20} more (--json lists all)" in lines


def test_the_tokens_of_files_are_counted_and_added_up(tmp_path: Path) -> None:
    text_file, jsonl_file = tmp_path / "one.txt", tmp_path / "two.jsonl"
    text_file.write_text("tiktoken is great!", encoding="utf-8")
    jsonl_file.write_text('{"text": "お誕生日おめでとう"}\n', encoding="utf-8")
    # 6 + 8 = 14, and in cl100k_base 6 + 9 = 15
    assert [line.split()[0] for line in printed("tokens", str(text_file), str(jsonl_file)).splitlines()] == [
        "6",
        "8",
        "14",
    ]
    old = printed("tokens", str(text_file), str(jsonl_file), "--encoding", "cl100k_base").splitlines()
    assert [line.split()[0] for line in old] == ["6", "9", "15"]
    assert old[-1].endswith("total (cl100k_base)")


# --- what it refuses, in one line


def test_a_file_that_is_missing_is_one_line() -> None:
    assert refusal("compare", "no/such.yaml") == (
        "no/such.yaml: cannot be read: No such file or directory "
        "(the command 'scenarios' lists the ready ones)"
    )


def test_a_misspelt_scenario_is_answered_with_the_nearest() -> None:
    assert refusal("compare", "claim_25m_ownd").endswith("; did you mean 'claim_25m_owned'?")


def test_malformed_yaml_is_one_line_with_its_place(scenario_file: Path) -> None:
    with scenario_file.open("a", encoding="utf-8") as file:
        file.write("]\n")
    line_number = len(scenario_file.read_text(encoding="utf-8").splitlines())
    assert refusal("breakeven", str(scenario_file)).startswith(f"mine.yaml:{line_number}: not valid YAML: ")


def test_an_unknown_model_is_one_line_with_the_nearest(scenario_file: Path) -> None:
    edit(scenario_file, "model: openai/gpt-4o", "model: openai/gpt-4p")
    assert refusal("compare", str(scenario_file)) == (
        "claim_25m_owned: strategies[1] stuffed_prompt: no price for 'openai/gpt-4p' on 2026-11-22 in "
        "models; did you mean 'openai/gpt-4o'?"
    )


def test_an_unknown_encoding_is_one_line_with_the_nearest() -> None:
    assert refusal("tokens", "pyproject.toml", "--encoding", "o200k") == (
        "no encoding 'o200k' (one of o200k_base, cl100k_base, qwen3, qwen3.5, deepseek, tekken, llama3, "
        "llama4, gemma3); did you mean 'o200k_base'?"
    )


def test_a_binary_file_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "image.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    assert refusal("tokens", str(path)) == f"{path}: a binary file, not text (save it as UTF-8 text)"
    assert refusal("compare", str(path)) == "image.png:1: not UTF-8 text (save the file as UTF-8)"


def test_a_folder_is_one_line(tmp_path: Path) -> None:
    assert refusal("compare", str(tmp_path)).startswith(f"{tmp_path}: cannot be read: Is a directory")


def test_a_day_before_the_first_price_is_a_line_for_each_strategy() -> None:
    done = run_command("compare", "claim_25m_owned", "--on", "2020-01-01")
    assert done.returncode == 2
    for line in done.stderr.splitlines():
        assert line.startswith("claim_25m_owned: strategies[")
        assert "on 2020-01-01: its first row starts on " in line


@pytest.mark.parametrize("day", ["2026-13-01", "soon"])
def test_a_bad_day_ends_with_a_line_that_shows_a_good_one(day: str) -> None:
    done = run_command("compare", "claim_25m_owned", "--on", day)
    assert done.returncode == 2
    assert done.stdout == ""
    last = done.stderr.splitlines()[-1]
    assert last.endswith(f"argument --on: '{day}' is not a date (write 2026-11-22)")


def test_a_csv_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "no" / "such" / "out.csv"
    assert refusal("compare", "claim_25m_owned", "--csv", str(path)) == (
        f"{path}: cannot be written: No such file or directory (choose another place)"
    )


def test_one_bad_file_does_not_hide_the_counts_of_the_others(tmp_path: Path) -> None:
    good = tmp_path / "good.txt"
    good.write_text("hello world", encoding="utf-8")
    done = run_command("tokens", str(good), str(tmp_path / "missing.txt"))
    assert done.returncode == 2
    assert done.stdout.splitlines()[0].split() == ["2", str(good)]
    assert done.stderr.splitlines() == [
        f"{tmp_path / 'missing.txt'}: cannot be read: No such file or directory (check the path)"
    ]


def test_every_error_of_a_scenario_is_a_line(scenario_file: Path) -> None:
    edit(scenario_file, "horizon_months: 36", "horizon_months: 0")
    edit(scenario_file, "turns: 1", "turns: 1.5")
    done = run_command("compare", str(scenario_file))
    assert done.returncode == 2
    error_lines = done.stderr.splitlines()
    assert [line.split(": ", 1)[1] for line in error_lines] == [
        "horizon_months: 0 is outside 1 to 120",
        "workload.turns: 1.5 is not a whole number",
    ]


def test_a_reader_that_stops_reading_is_no_error() -> None:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    with subprocess.Popen(
        [sys.executable, "-m", "costing", "compare", "brand_voice", "--json"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        assert running.stderr.read() == b""
        assert running.wait(timeout=HANG_S) == 0
