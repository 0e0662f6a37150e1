"""Our client, guidellm and aiperf against the same mock server, and against the same real model.

The peers are searched on the path, or at GUIDELLM and AIPERF (each in an environment of its own: pip
install guidellm, aiperf); a missing one is reported as not installed. All three send prompts
of the same length; of each run the first request of every stream is left out.
Run: python -m perf.bench_peers [streams, as 1,8,64; 0: none] [--real]
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from bench.demo import MODEL, model_server
from bench.intervals import quantile
from bench.self_check import PLAN, mock_server
from bench.workload import WORDS, OutputLength, Synthetic

STREAMS = (1, 16, 64, 128)
SUSTAINED_SHARE = 0.05
"""Largest median error of the ITL, as a share of the true one."""
LONGEST_S = 300
PROMPT_WORDS = 48
REAL_STREAMS = (1, 4)
REAL_OUTPUT_TOKENS = 32


@dataclass(frozen=True, slots=True)
class Seen:
    """A request as a tool reports it."""

    start_s: float
    ttft_s: float
    itl_s: float
    """Its mean, as guidellm and aiperf define their ITL."""
    gaps_s: tuple[float, ...] | None
    """None: the tool does not report them."""


@dataclass(frozen=True, slots=True)
class Job:
    """Task of a tool."""

    url: str
    model: str
    chat: bool
    streams: int
    requests: int
    output_tokens: int
    folder: Path
    """Prompts and the tokenizer are in it; the tool writes there."""


def ours(job: Job) -> list[Seen]:
    out = job.folder / "ours.json"
    _call(
        [sys.executable, "-m", "bench", "run", "--no-self-check", "--quiet", "--warmup=0"],
        f"--url={job.url}",
        f"--model={job.model}",
        f"--api={'chat' if job.chat else 'completions'}",
        f"--prompts={job.folder / 'prompts.jsonl'}",
        f"--output-tokens={job.output_tokens}",
        f"--concurrency={job.streams}",
        f"--requests={job.requests}",
        f"--json={out}",
    )
    seen = []
    for request in json.loads(out.read_text())["requests"]:
        record = request["record"]
        chunks, tokens = record["chunk_s"], record["usage_output_tokens"]
        if record["fault"] is None and len(chunks) > 1:
            gaps = tuple(b - a for a, b in pairwise(chunks))
            itl = (chunks[-1] - chunks[0]) / (tokens - 1)
            seen.append(Seen(record["start_s"], chunks[0] - record["start_s"], itl, gaps))
    return seen


def guidellm(job: Job) -> list[Seen]:
    api = "/v1/chat/completions" if job.chat else "/v1/completions"
    _call(
        [_program("guidellm"), "run", "--disable-console"],
        f"--backend=kind=openai_http,target={job.url},model={job.model},request_format={api}",
        f"--profile=kind=concurrent,streams={job.streams}",
        f"--constraint=kind=max_requests,count={job.requests}",
        f"--tokenizer=kind=huggingface_auto,model={job.folder / 'tokenizer'}",
        f"--data=kind=json_file,path={job.folder / 'prompts.jsonl'}",
        f"--output=kind=json,path={job.folder}",
    )
    requests = json.loads((job.folder / "benchmarks.json").read_text())["benchmarks"][0]["requests"][
        "successful"
    ]
    return [
        Seen(
            request["request_start_time"],
            request["time_to_first_token_ms"] / 1000,
            request["inter_token_latency_ms"] / 1000,
            None,
        )
        for request in requests
    ]


def aiperf(job: Job) -> list[Seen]:
    out = job.folder / "aiperf"
    _call(
        [_program("aiperf"), "profile", "--streaming", "--use-server-token-count", "--no-server-metrics"],
        "--ui=none",
        f"--url={job.url}",
        f"--model={job.model}",
        f"--endpoint-type={'chat' if job.chat else 'completions'}",
        f"--tokenizer={job.folder / 'tokenizer'}",
        f"--input-file={job.folder / 'texts.jsonl'}",
        "--custom-dataset-type=single-turn",
        "--extra-inputs=ignore_eos:true",
        f"--concurrency={job.streams}",
        f"--request-count={job.requests}",
        f"--output-artifact-dir={out}",
    )
    seen = []
    for line in (out / "profile_export.jsonl").read_text().splitlines():
        record = json.loads(line)
        if record.get("error") is None and record["metadata"]["benchmark_phase"] == "profiling":
            took = record["metrics"]
            seen.append(
                Seen(
                    record["metadata"]["request_start_ns"] / 1e9,
                    took["time_to_first_token"]["value"] / 1000,
                    took["inter_token_latency"]["value"] / 1000,
                    tuple(gap / 1000 for gap in took["inter_chunk_latency"]["value"]),
                )
            )
    shutil.rmtree(out)
    return seen


TOOLS: dict[str, Callable[[Job], list[Seen]]] = {"ours": ours, "guidellm": guidellm, "aiperf": aiperf}


def _program(name: str) -> str:
    """The peer's command; FileNotFoundError where there is none."""
    command = os.environ.get(name.upper()) or shutil.which(name)
    if not command:
        raise FileNotFoundError(f"{name}: not installed")
    return command


def _call(command: Sequence[str], *options: str) -> None:
    done = subprocess.run(
        [*command, *options], capture_output=True, text=True, timeout=LONGEST_S, check=False
    )
    if done.returncode:
        output = (done.stderr or done.stdout).strip().splitlines()
        raise RuntimeError(f"{Path(command[0]).name} ended with {done.returncode}: {' / '.join(output[-3:])}")


def write_prompts(folder: Path, output_tokens: int, seed: int) -> None:
    """Prompts in the forms that the tools read; another seed for each run, so that no cache knows them."""
    source = Synthetic(tuple(WORDS), PROMPT_WORDS, 0, OutputLength(output_tokens), seed=seed)
    prompts = [source.ask(i).prompt for i in range(1000)]
    lines = [{"prompt": text, "output_tokens_count": output_tokens} for text in prompts]
    (folder / "prompts.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    texts = [{"text": text, "output_length": output_tokens} for text in prompts]
    (folder / "texts.jsonl").write_text("".join(json.dumps(line) + "\n" for line in texts))


def write_tokenizer(place: Path) -> None:
    """One that needs no network: a token a word."""
    words = {"<unk>": 0} | {word: i for i, word in enumerate(WORDS, 1)}
    tokenizer: dict[str, Any] = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [],
        "normalizer": None,
        "pre_tokenizer": {"type": "WhitespaceSplit"},
        "post_processor": None,
        "decoder": None,
        "model": {"type": "WordLevel", "vocab": words, "unk_token": "<unk>"},
    }
    place.mkdir()
    (place / "tokenizer.json").write_text(json.dumps(tokenizer))
    kind = {"tokenizer_class": "PreTrainedTokenizerFast", "unk_token": "<unk>"}
    (place / "tokenizer_config.json").write_text(json.dumps(kind))


def measured(name: str, job: Job) -> list[Seen] | str:
    """Requests that a tool reports, without every stream's first one, or the reason why there are none."""
    write_prompts(job.folder, job.output_tokens, 100 * list(TOOLS).index(name) + job.streams)
    try:
        seen = TOOLS[name](job)
    except FileNotFoundError as error:
        return str(error)
    except (RuntimeError, subprocess.TimeoutExpired) as error:
        return str(error)[:300]
    return sorted(seen, key=lambda request: request.start_s)[job.streams :]


def _off(values: Sequence[float], truth_s: float) -> tuple[float, float]:
    """Median and 99th percentile of the error, in milliseconds."""
    errors = np.abs(np.array(values) - truth_s) * 1000
    return quantile(errors, 0.5), quantile(errors, 0.99)


def _pair(values: tuple[float, float] | None) -> str:
    return "not reported" if values is None else f"{values[0]:.2f} / {values[1]:.2f}"


def against_known(streams: Sequence[int], folder: Path) -> None:
    """Errors against the plan, and the number of streams that each tool sustains."""
    print(
        "| streams | tool | requests | TTFT error, ms p50 / p99 | ITL error, mean of a request | gap error |"
    )
    print("|---|---|---|---|---|---|")
    held: dict[str, list[tuple[int, bool, bool | None]]] = {name: [] for name in TOOLS}
    with mock_server(PLAN, "known") as url:
        for many in streams:
            job = Job(url, "known", True, many, max(20, 6 * many) + many, PLAN.output_tokens, folder)
            for name in TOOLS:
                seen = measured(name, job)
                if isinstance(seen, str):
                    print(f"| {many} | {name} | {seen} | | | |", flush=True)
                    continue
                ttft = _off([request.ttft_s for request in seen], PLAN.ttft_s)
                itl = _off([request.itl_s for request in seen], PLAN.itl_s)
                gaps = [gap for request in seen if request.gaps_s is not None for gap in request.gaps_s]
                gap = _off(gaps, PLAN.itl_s) if gaps else None
                limit = SUSTAINED_SHARE * PLAN.itl_s * 1000
                held[name].append((many, itl[0] <= limit, None if gap is None else gap[0] <= limit))
                print(
                    f"| {many} | {name} | {len(seen)} | {_pair(ttft)} | {_pair(itl)} | {_pair(gap)} |",
                    flush=True,
                )
    print(f"\nMost streams of those tried at which the median error is within {SUSTAINED_SHARE:.0%}:\n")
    print("| tool | of ITL, mean of a request | of a gap |\n|---|---|---|")
    for name, levels in held.items():
        if levels:
            by_gap = [many for many, _, gap_holds in levels if gap_holds]
            reported = any(gap_holds is not None for _, _, gap_holds in levels)
            by_itl = max((many for many, itl_holds, _ in levels if itl_holds), default=0)
            print(f"| {name} | {by_itl} | {max(by_gap, default=0) if reported else 'not reported'} |")


def against_real(folder: Path) -> None:
    """Results of each tool for one real model, in turn."""
    print(f"\n{MODEL}, one thread, {REAL_OUTPUT_TOKENS} tokens out\n")
    print(
        "| streams | tool | requests | TTFT, ms p50 | ITL, mean of a request, ms p50 |\n|---|---|---|---|---|"
    )
    with model_server(1, max(REAL_STREAMS)) as url:
        for many in REAL_STREAMS:
            job = Job(url, MODEL, False, many, 12 + many, REAL_OUTPUT_TOKENS, folder)
            for name in TOOLS:
                seen = measured(name, job)
                if isinstance(seen, str):
                    print(f"| {many} | {name} | {seen} | | |", flush=True)
                    continue
                ttft = quantile(np.array([request.ttft_s for request in seen]), 0.5)
                itl = quantile(np.array([request.itl_s for request in seen]), 0.5)
                print(f"| {many} | {name} | {len(seen)} | {ttft * 1000:.1f} | {itl * 1000:.2f} |", flush=True)


def main() -> None:
    arguments = [text for text in sys.argv[1:] if text != "--real"]
    streams = [int(text) for text in arguments[0].split(",") if int(text)] if arguments else STREAMS
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores at the start\n", flush=True)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        write_tokenizer(folder / "tokenizer")
        if streams:
            against_known(streams, folder)
        if "--real" in sys.argv:
            against_real(folder)
    print(f"\nload average {os.getloadavg()[0]:.1f} at the end")


if __name__ == "__main__":
    main()
