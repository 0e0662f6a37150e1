"""The commands `map` and `seek`: who is cheapest over two inputs, and which value of one is needed."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from frames.csv import frame_csv
from i18n.errors import CrossoverError
from i18n.message import figure, message

from ..comparison.compare import Comparison
from ..comparison.resolution import counts_people
from ..reports.cost_basis import with_people
from ..reports.what_if import cheapest_by_inputs, goal_seek_curve
from ..reports.what_if_sentences import answer_sentence, map_sentence
from ..uncertainty.what_if import (
    GoalSeekResult,
    Lever,
    WinnerMap,
    index_of,
    lever,
    levers,
    seek_breakeven,
    seek_equal,
    winner_map,
)

Write = Callable[[Path, bytes], None]
_LETTERS: Final = "ABCDEFGHIJKL"


def map_options(parser: argparse.ArgumentParser) -> None:
    """Options of `map`; those that every scenario command has are added elsewhere."""
    parser.add_argument("--across", metavar="INPUT", help="as requests_per_day, or INPUT=LOW:HIGH")
    parser.add_argument("--up", metavar="INPUT", help="another input, in the same way")
    parser.add_argument("--csv", type=Path, metavar="FILE", help="write every cell")
    _inputs_option(parser)


def seek_options(parser: argparse.ArgumentParser) -> None:
    """Options of `seek`; those that every scenario command has are added elsewhere."""
    parser.add_argument("--input", metavar="INPUT", help="what is solved for, or INPUT=LOW:HIGH")
    goal = parser.add_mutually_exclusive_group()
    goal.add_argument(
        "--equal", nargs=2, metavar=("A", "B"), help="two strategies, by number or name, that cost the same"
    )
    goal.add_argument("--breakeven", type=float, metavar="TOKENS_A_DAY", help="a wanted break-even")
    parser.add_argument("--csv", type=Path, metavar="FILE", help="write the curve over the input")
    _inputs_option(parser)


def _inputs_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--inputs", action="store_true", help="list the inputs there are, with their spans")


def run_map(comparison: Comparison, options: argparse.Namespace, write: Write) -> int:
    """Print the map, or list the inputs that it accepts; returns 0."""
    if options.inputs:
        return _print_inputs(comparison, options.json)
    across, up = (
        _named_input(comparison, options.across, "--across"),
        _named_input(comparison, options.up, "--up"),
    )
    winners = winner_map(comparison, across, up)
    if options.csv is not None:
        write(options.csv, frame_csv(cheapest_by_inputs(comparison, winners)))
    if options.json:
        print(json.dumps(map_document(comparison, winners), ensure_ascii=False, indent=2))
    else:
        print(map_printout(comparison, winners))
    return 0


def run_seek(comparison: Comparison, options: argparse.Namespace, write: Write) -> int:
    """Print the result of the goal seek, or list the inputs that it accepts; returns 0."""
    if options.inputs:
        return _print_inputs(comparison, options.json)
    moved = _named_input(comparison, options.input, "--input")
    if options.breakeven is not None:
        result = seek_breakeven(comparison, moved, options.breakeven)
    else:
        first, second = (index_of(comparison, name) for name in options.equal or ("1", "2"))
        result = seek_equal(comparison, moved, first, second)
    if options.csv is not None:
        write(options.csv, frame_csv(goal_seek_curve(comparison, result)))
    if options.json:
        print(json.dumps(seek_document(comparison, result), ensure_ascii=False, indent=2))
    else:
        people = with_people(comparison) if result.first is not None else None
        print(f"{comparison.scenario.name()}\n{answer_sentence(result)}")
        if people is not None:
            print(people)
    return 0


def _print_inputs(comparison: Comparison, as_json: bool) -> int:
    """Print a line for each input: path, value in the scenario, usual span, label; returns 0."""
    inputs = levers(comparison)
    if as_json:
        print(json.dumps([_input(item) for item in inputs], ensure_ascii=False, indent=2))
        return 0
    rows = [
        (
            item.path,
            "" if item.usual is None else figure(item.usual),
            f"{figure(item.low)} to {figure(item.high)}",
        )
        for item in inputs
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for item, row in zip(inputs, rows, strict=True):
        path, usual, span = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        print(f"{path}  {usual}  {span}  {item.label}")
    return 0


def _named_input(comparison: Comparison, text: str | None, option: str) -> Lever:
    """The input that an option names, with an optional span; raises CrossoverError where none is named."""
    if not text:
        raise CrossoverError(
            message(
                "{option}: missing (name one of {n} inputs, as requests_per_day; --inputs lists them)",
                option=option,
                n=len(levers(comparison)),
            )
        )
    path, _, span = text.partition("=")
    moved = lever(comparison, path)
    if not span:
        return moved
    low, _, high = span.partition(":")
    try:
        ends = float(low), float(high)
    except ValueError as error:
        raise CrossoverError(
            message(
                "{option}: '{span}' is no span (write {path}=LOW:HIGH)", option=option, span=span, path=path
            )
        ) from error
    return moved.between(*ends)


def map_document(comparison: Comparison, winners: WinnerMap) -> dict[str, Any]:
    """The object that `map --json` prints."""
    return {
        "scenario_id": comparison.scenario.id,
        "on": comparison.scenario.on.isoformat(),
        "verdict": str(map_sentence(comparison, winners)),
        "across": _input(winners.across),
        "up": _input(winners.up),
        "across_values": winners.across_values.tolist(),
        "up_values": winners.up_values.tolist(),
        "strategies": [str(outcome.name) for outcome in comparison.outcomes],
        "cheapest": winners.winner.tolist(),
        "cheapest_now": winners.current,
        "counts_people": counts_people(comparison),
    }


def map_printout(comparison: Comparison, winners: WinnerMap) -> str:
    """The text that `map` prints: a letter for each cell, the highest row on top."""
    out = [comparison.scenario.name(), str(map_sentence(comparison, winners)), ""]
    for i in reversed(range(len(winners.up_values))):
        cells = "".join("." if place < 0 else _LETTERS[place] for place in winners.winner[i].tolist())
        out.append(f"{figure(winners.up_values[i]):>14} {cells}")
    low, high = (figure(value) for value in (winners.across_values[0], winners.across_values[-1]))
    out += [f"{'':>14} {low} to {high}", ""]
    out += [f"across: {winners.across.path}", f"up:     {winners.up.path}"]
    out += [
        f"{_LETTERS[i]}: {outcome.name}"
        for i, outcome in enumerate(comparison.outcomes)
        if (winners.winner == i).any()
    ]
    people = with_people(comparison)
    out += [] if people is None else [str(people)]
    return "\n".join(out)


def seek_document(comparison: Comparison, result: GoalSeekResult) -> dict[str, Any]:
    """The object that `seek --json` prints."""
    return {
        "scenario_id": comparison.scenario.id,
        "on": comparison.scenario.on.isoformat(),
        "verdict": str(answer_sentence(result)),
        "input": _input(result.lever),
        "first": None if result.first is None else str(result.first.name),
        "second": None if result.second is None else str(result.second.name),
        "target_tokens_per_day": result.target_tokens_per_day,
        "values": list(result.roots.values),
        "jump": None if result.roots.jump is None else list(result.roots.jump),
    }


def _input(lever: Lever) -> dict[str, Any]:
    """An input with its current value and the range that is searched."""
    return {
        "path": lever.path,
        "label": str(lever.label),
        "now": lever.usual,
        "low": lever.low,
        "high": lever.high,
    }
