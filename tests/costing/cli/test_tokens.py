"""The commands that count and price texts, as a user runs them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from costing.cli.main import main
from costing.cli.tokens import tokenizer_of
from i18n.errors import CrossoverError
from tests.support.paths import GOLDEN

from ...support.factories import frozen_book

TOY = str(GOLDEN / "toy_chat_fine_tuning.jsonl")

Captured = pytest.CaptureFixture[str]


def printed(capsys: Captured, *arguments: str) -> str:
    assert main(arguments) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


def refusal(capsys: Captured, *arguments: str) -> str:
    assert main(arguments) == 2
    (line,) = capsys.readouterr().err.splitlines()
    return line


def test_the_model_decides_the_tokenizer(tmp_path: Path, capsys: Captured) -> None:
    path = tmp_path / "a.txt"
    path.write_text("お誕生日おめでとう", encoding="utf-8")
    assert printed(capsys, "tokens", str(path), "--model", "openai/gpt-4o").split()[0] == "8"
    assert printed(capsys, "tokens", str(path), "--encoding", "cl100k_base").split()[0] == "9"


def test_a_family_known_by_ratio_prints_its_band(tmp_path: Path, capsys: Captured) -> None:
    path = tmp_path / "a.txt"
    path.write_text("the cat is on the mat and it is not for you. " * 50, encoding="utf-8")
    text = printed(capsys, "tokens", str(path), "--model", "xai/grok-4.7")
    tokens, _, low, _, high = text.splitlines()[0].replace("[", "").replace("]", "").split()
    assert int(low) < int(tokens) < int(high)
    printout = json.loads(printed(capsys, "tokens", str(path), "--model", "xai/grok-4.7", "--json"))
    assert printout["evidence"] == "estimated"
    assert printout["total"]["low"] < printout["total"]["tokens"] < printout["total"]["high"]


@pytest.mark.parametrize(
    ("model", "tokenizer"),
    [
        ("openai/gpt-4.1", "o200k_base"),
        ("azure/tuned-gpt-4.1-mini@global", "o200k_base"),
        ("llama-3.3-70b", "llama3"),
        # tiktoken.encoding_for_model says the same of OpenAI's.
        ("gpt-5", "o200k_base"),
        ("o3", "o200k_base"),
        ("o4-mini-2025-04-16", "o200k_base"),
        ("gpt-4", "cl100k_base"),
        ("gpt-4o-2024-08-06", "o200k_base"),
        ("GPT-4o", "o200k_base"),
        ("ft:gpt-4o-mini-2024-07-18:acme::id", "o200k_base"),
        ("claude-sonnet-4-5", "claude3"),
        ("us.anthropic.claude-sonnet-4-6", "claude3"),
        ("models/gemini-2.5-pro", "gemini"),
        ("Llama-3.3-70B", "llama3"),
    ],
)
def test_a_model_of_any_table_has_its_tokenizer(model: str, tokenizer: str) -> None:
    assert tokenizer_of(frozen_book(), model).id == tokenizer


def test_a_model_that_is_none_is_answered_with_the_nearest() -> None:
    with pytest.raises(CrossoverError, match=r"^no model 'openai/gpt-4p' in the price tables; did you mean"):
        tokenizer_of(frozen_book(), "openai/gpt-4p")


def test_a_newer_model_is_not_answered_with_another_version() -> None:
    with pytest.raises(CrossoverError, match=r"^no model 'gpt-5\.9' in the price tables \(see "):
        tokenizer_of(frozen_book(), "gpt-5.9")


def test_a_snapshot_is_counted_by_the_rules_of_its_model(capsys: Captured) -> None:
    for model in ("openai/gpt-4o", "gpt-4o-2024-08-06", "azure/GPT-4o"):
        assert (
            json.loads(printed(capsys, "tokens", TOY, "--model", model, "--json"))["evidence"] == "measured"
        )
        # 85 + 4 tiles of 512 px x 170, as OpenAI publishes
        assert printed(capsys, "image", "1024x1024", "--model", model).startswith("765 tokens (published")


def test_chats_are_said_to_be_framed(capsys: Captured) -> None:
    text = printed(capsys, "tokens", TOY, "--encoding", "cl100k_base")
    # 45 + 111 + 26 + 28 + 8,032, each with its frame
    assert text.splitlines()[0].split()[0] == "8242"
    assert text.splitlines()[1].startswith("5 chats, each with its chat frame (openai-cookbook")


def test_a_broken_line_is_named_and_the_rest_is_counted(tmp_path: Path, capsys: Captured) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"a": "tiktoken is great!"}\nbroken\n{"a": "2 + 2 = 4"}\n', encoding="utf-8")
    assert main(["tokens", str(path)]) == 2
    out, err = capsys.readouterr()
    assert out.split() == ["13", str(path)]
    assert err == f"{path}:2: not JSON (write one JSON object a line)\n"


def test_a_sample_prints_its_interval(tmp_path: Path, capsys: Captured) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("".join(f'{{"a": "record {n} 價格"}}\n' for n in range(500)), encoding="utf-8")
    text = printed(capsys, "tokens", str(path), "--encoding", "cl100k_base", "--sample", "50")
    assert "in OpenAI cl100k_base [95 %: " in text
    assert text.rstrip().endswith("from 50 of 500 records")
    printout = json.loads(
        printed(capsys, "tokens", str(path), "--encoding", "cl100k_base", "--sample", "50", "--json")
    )
    assert printout["sampled"]["low"] <= printout["sampled"]["tokens"] <= printout["sampled"]["high"]
    assert printout["tokenizer"] == "o200k_base"


def test_a_ratio_cannot_be_made_exact_by_a_sample(capsys: Captured) -> None:
    assert refusal(capsys, "tokens", TOY, "--model", "xai/grok-4.7", "--sample", "50") == (
        "--sample: 'unknown' has no counter here, only a ratio (leave --sample out)"
    )


def test_both_a_model_and_an_encoding_are_one_too_many(capsys: Captured) -> None:
    assert refusal(capsys, "tokens", TOY, "--model", "openai/gpt-4o", "--encoding", "o200k_base") == (
        "--encoding and --model both given (give one of them)"
    )


@pytest.mark.parametrize("number", ["0", "x", "-1", "1.5", "65"])
def test_a_number_of_jobs_that_is_none_is_refused(number: str, capsys: Captured) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["tokens", TOY, f"--jobs={number}"])
    assert stop.value.code == 2
    assert f"'{number}' is not a whole number from 1 to 64" in capsys.readouterr().err


def test_the_cookbooks_training_figures_come_out(capsys: Captured) -> None:
    text = printed(capsys, "training", TOY, "--encoding", "cl100k_base", "--max-example-tokens", "4096")
    assert text.splitlines()[:2] == [
        "5 examples, 1 of them cut at 4,096 tokens",
        "4,306 tokens x 20 epochs = 86,120 billed",
    ]


def test_an_image_is_counted_with_its_source(capsys: Captured) -> None:
    assert printed(capsys, "image", "2048x4096", "--model", "openai/gpt-4o").startswith(
        "1105 tokens (published: https://"
    )
    assert "no published rule" in refusal(capsys, "image", "10x10", "--model", "xai/grok-4.7")


def test_a_size_that_is_none_shows_a_good_one(capsys: Captured) -> None:
    with pytest.raises(SystemExit):
        main(["image", "large", "--model", "gpt-4o"])
    assert "'large' is not a size in pixels (write 1024x768)" in capsys.readouterr().err


def test_every_model_is_ranked_and_the_csv_holds_the_same(tmp_path: Path, capsys: Captured) -> None:
    path, out = tmp_path / "a.txt", tmp_path / "out.csv"
    path.write_text("the cat is on the mat and it is not for you", encoding="utf-8")
    options = ["rank", str(path), "--on", "2026-11-22", "--output-tokens", "0"]
    text = printed(capsys, *options, "--csv", str(out))
    lines = text.splitlines()
    assert lines[0] == "12 tokens (o200k_base) in, 0 out; prices of 2026-11-22; USD per 1,000 requests"
    rows = json.loads(printed(capsys, *options, "--json"))["rows"]
    assert len(rows) == len(lines) - 2 == len(out.read_text(encoding="utf-8-sig").splitlines()) - 1
    assert [row["rank"] for row in rows] == sorted(row["rank"] for row in rows)
    assert lines[2].split()[0] == "1"
    # 12 tokens at 2.5 USD per Mtok, a thousand times
    (gpt_4o,) = [row for row in rows if row["model"] == "openai/gpt-4o"]
    assert gpt_4o["usd_per_1k_requests"] == "0.030000"


def test_a_blank_text_is_not_ranked(tmp_path: Path, capsys: Captured) -> None:
    path = tmp_path / "a.txt"
    path.write_text(" \n", encoding="utf-8")
    assert refusal(capsys, "rank", str(path)) == f"{path}: nothing but blanks in it (choose a text)"
    assert refusal(capsys, "rank", str(path) + "x").endswith("(check the path)")
