"""Options of the benchmark's command line, and their types."""

from __future__ import annotations

import argparse
import json
import math
from pathlib import Path
from typing import Any


def whole(text: str) -> int:
    """A whole number above zero."""
    if not text.isascii() or not text.isdigit() or not 0 < int(text[:10]) <= 10_000_000 or len(text) > 10:
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number above 0")
    return int(text)


def count(text: str) -> int:
    """A whole number from zero."""
    return 0 if text == "0" else whole(text)


def positive(text: str) -> float:
    """A number above zero."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (0 < value < 1e9):
        raise argparse.ArgumentTypeError(f"'{text}' is not a number above 0")
    return value


def share(text: str) -> float:
    """From 0 to 1."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (0 <= value <= 1):
        raise argparse.ArgumentTypeError(f"'{text}' is not a share from 0 to 1")
    return value


def wholes(text: str) -> list[int]:
    """Whole numbers, as 1,2,4."""
    numbers = [whole(part.strip()) for part in text.split(",")]
    if len(set(numbers)) != len(numbers):
        raise argparse.ArgumentTypeError(f"'{text}' names a number twice")
    if max(numbers) > 4096:
        raise argparse.ArgumentTypeError(f"'{text}': more than 4096 streams (start several clients)")
    return numbers


def positives(text: str) -> list[float]:
    """Numbers, as 0.5,1,2."""
    numbers = [positive(part.strip()) for part in text.split(",")]
    if len(set(numbers)) != len(numbers):
        raise argparse.ArgumentTypeError(f"'{text}' names a number twice")
    return numbers


def fields(text: str) -> dict[str, Any]:
    """A JSON object."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise argparse.ArgumentTypeError(f"'{text}' is no JSON object (write '{{\"top_k\": 1}}')")
    return document


def target_options(parser: argparse.ArgumentParser) -> None:
    """Options of the endpoint."""
    parser.add_argument("--url", required=True, help="of the server: http://127.0.0.1:8000")
    parser.add_argument("--model", required=True, help="as the server names it")
    parser.add_argument("--api", choices=("chat", "completions"), default="chat")
    parser.add_argument(
        "--key-variable", default="BENCH_API_KEY", metavar="NAME", help="environment variable with the key"
    )
    parser.add_argument("--trust", default="", metavar="FILE", help="certificates to trust, PEM")
    parser.add_argument("--server", default="", metavar="TEXT", help="name and version of the server")


def load_options(parser: argparse.ArgumentParser, *, input_tokens: int, output_tokens: int) -> None:
    """Options of requests, load and SLO."""
    add = parser.add_argument
    add(
        "--input-tokens", type=whole, default=input_tokens, metavar="N", help="of a synthetic prompt, exactly"
    )
    add("--output-tokens", type=whole, default=output_tokens, metavar="N")
    add("--output-spread", type=share, default=0.0, metavar="SHARE", help="standard deviation over the mean")
    add("--shared-prefix", type=share, default=0.0, metavar="SHARE", help="of the prompt, the same for all")
    add("--prompts", type=Path, metavar="FILE", help="real prompts: a JSONL, or a scenario file")
    add("--ignore-eos", action=argparse.BooleanOptionalAction, default=True, help="force the output's length")
    add("--extra", type=fields, default={}, metavar="JSON", help="further fields of every request")
    add("--requests", type=whole, metavar="N", help="measured at each level; default: enough to fill it")
    add("--warmup", type=count, metavar="N", help="requests at each level's start that are not measured")
    add("--slo-ttft-ms", type=positive, metavar="X")
    add("--slo-tpot-ms", type=positive, metavar="Y")
    add("--slo-share", type=share, default=0.95, metavar="SHARE", help="of requests that must keep the SLO")
    add(
        "--repeats",
        type=whole,
        default=1,
        metavar="N",
        help="of each level; three give throughput an interval",
    )
    add("--seed", type=count, default=1, metavar="N")
    add("--connect-s", type=positive, default=10.0, metavar="S")
    add("--silence-s", type=positive, default=120.0, metavar="S", help="longest wait without a byte")
    add("--timeout-s", type=positive, default=600.0, metavar="S", help="longest wait for an answer's end")
    add("--self-check", action=argparse.BooleanOptionalAction, default=True, help="measure the client first")
    add("--note", default="", metavar="TEXT", help="kept in the result")
    add("--quiet", action="store_true", help="no progress")
    output_options(parser)
    add("--json", type=Path, metavar="FILE", help="the whole result")


def output_options(parser: argparse.ArgumentParser) -> None:
    """Options of the output files."""
    parser.add_argument("--csv", type=Path, metavar="FILE", help="a level a row")
    parser.add_argument("--html", type=Path, metavar="FILE", help="a page with plots that needs nothing else")


def level_options(parser: argparse.ArgumentParser, concurrency: list[int], least: int = 20) -> None:
    """Options of the levels."""
    parser.add_argument("--concurrency", type=wholes, metavar="1,2,4", help="closed loop: so many at once")
    parser.add_argument("--rate", type=positives, metavar="R", help="open loop: requests per second")
    parser.add_argument("--arrivals", choices=("poisson", "constant"), default="poisson")
    parser.add_argument("--duration", type=positive, metavar="S", help="of each level, instead of --requests")
    parser.set_defaults(usual_concurrency=concurrency, least_requests=least)
