"""The command `throughput`: one setup by options, or a file of them."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from i18n.errors import CrossoverError
from i18n.message import message
from pricing.book import PricesOnDay
from pricing.company_tables import current_book

from ..serving.predictor import Prediction, Predictor, Question
from .throughput_batch import answered, question

_OPTIONS = {
    "model": ("model_key", "MODEL", "id of an open model, as llama-3.3-70b"),
    "gpu": ("gpu", "GPU", "id of a GPU, as h100-sxm"),
    "precision": ("precision", "NAME", "bf16, fp8, fp4 or int4"),
    "gpus": ("gpu_count", "N", "GPUs in total"),
    "tp": ("tp", "N", "GPUs that share every layer, as 2, TP2, DEP4; default: all"),
    "engine": ("engine", "NAME", "as vllm, sglang"),
    "input": ("input_len", "TOKENS", "prompt of a request"),
    "output": ("output_len", "TOKENS", "answer of a request"),
    "concurrency": ("concurrency", "N", "requests at once; default: as many as there are"),
}
"""Option -> column of a file, placeholder, help."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("--batch", type=Path, metavar="IN.csv", help="setups, one a row")
    parser.add_argument("--out", type=Path, metavar="OUT.csv", help="where their answers go")
    for option, (column, shown, explained) in _OPTIONS.items():
        preset = "1" if option == "gpus" else ""
        parser.add_argument(f"--{option}", dest=column, default=preset, metavar=shown, help=explained)
    parser.add_argument(
        "--leave-group-out",
        action="store_true",
        help="forget all measurements of the same model, GPU, engine and precision first: shows the error",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(
    options: argparse.Namespace, read: Callable[[str], bytes], write: Callable[[Path, bytes], None]
) -> int:
    """Run the command. Returns 0, or 1 where every row of a file was rejected."""
    prices = current_book(options.prices).on(date.max)  # models and GPUs have no dates
    answer = _answer(prices, options.leave_group_out)
    if options.batch is None:
        if options.out is not None:
            raise CrossoverError(message("--out goes with --batch (name the file of setups)"))
        _print(answer(question(vars(options))), options.json)
        return 0
    if options.out is None:
        raise CrossoverError(message("--batch needs --out (name the file to write)"))
    place = str(options.batch)
    try:
        text = read(place).decode("utf-8")
    except UnicodeDecodeError as error:
        raise CrossoverError(
            message(
                "{place}: not UTF-8 at byte {byte} (save it as CSV, UTF-8)", place=place, byte=error.start
            )
        ) from error
    answers, refused = answered(text, place, answer)
    write(options.out, answers.encode("utf-8"))
    for reason, count in refused.most_common(20):
        print(f"{count} refused: {reason}", file=sys.stderr)
    return 0


def _answer(prices: PricesOnDay, without_group: bool) -> Callable[[Question], Prediction]:
    predictor = Predictor.of(prices)
    if not without_group:
        return predictor.predict

    @cache
    def blind(group: tuple[str, ...]) -> Predictor:
        return Predictor(prices, [row for row in predictor.known if row.traits.group != group])

    return lambda question: blind(predictor.group_of(question)).predict(question)


def _print(prediction: Prediction, as_json: bool) -> None:
    if as_json:
        shown: dict[str, Any] = {
            "predicted_output_tok_s_total": float(f"{prediction.output_tokens_per_s:.6g}"),
            "evidence": prediction.evidence,
            "sigma_log": round(prediction.sigma_log, 3),
            "how": str(prediction.method),
            "warnings": [str(warning) for warning in prediction.warnings],
        }
        print(json.dumps(shown, ensure_ascii=False, indent=2))
        return
    speed = f"{prediction.output_tokens_per_s:,.0f} output tokens/s in total"
    print(f"{speed} ({prediction.evidence}; {prediction.method})")
    print(f"two of three such answers are within a factor of {2.718281828**prediction.sigma_log:.2f}")
    for warning in prediction.warnings:
        print(f"note: {warning}")
