"""Cross-validation error of predicted throughput, by group (model, GPU, engine, precision).

Each group in turn is left out; the efficiencies are fitted anew to the others, and the whole group is
predicted by the code that ships. Also with one measured point of the group given back, and for points
between others of a measured curve. Run: python -m perf.throughput [--groups]
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from costing.serving.measurements import TrainingPoint
from costing.serving.predictor import Predictor
from costing.serving.roofline import Floats
from pricing.load import shipped_book

OLD_ENGINES = ("vLLM", "TensorRT-LLM", "vllm 0.4.3", "tgi 2.0.4", "nim 1.0.0 (trt-llm)")
OLD_GROUPS = (("llama-3.1-405b", "vllm"),)
"""Engines, and models with their engine, of the data sets of 2024, as only these write them."""


@dataclass
class Errors:
    """Absolute relative errors of one kind."""

    all: list[float] = field(default_factory=list)
    recent: list[float] = field(default_factory=list)

    def add(self, predicted: Floats, measured: Floats, is_recent: bool) -> None:
        errors = np.abs(np.exp(predicted - measured) - 1).tolist()
        self.all += errors
        if is_recent:
            self.recent += errors


def is_recent(row: TrainingPoint) -> bool:
    """Whether the measurement is of 2025 or later."""
    traits = row.traits
    return traits.engine not in OLD_ENGINES and (traits.model, traits.engine) not in OLD_GROUPS


def curve_of(row: TrainingPoint) -> tuple[object, ...]:
    """Key of a curve: everything but the load, with lengths rounded to a few per cent."""
    setup = row.setup
    lengths = (round(np.log(setup.input_tokens) * 16), round(np.log(setup.output_tokens) * 16))
    return (row.traits, row.gpu_count, setup.gpus, setup.stages, setup.spread_experts, *lengths)


def between(rows: Sequence[TrainingPoint], roof: Floats) -> list[tuple[float, float]]:
    """(found, measured) log speeds of every point between two others of its curve, itself left out."""
    curves: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for i, row in enumerate(rows):
        if row.log_concurrency is not None:
            curves[curve_of(row)].append(i)
    pairs: list[tuple[float, float]] = []
    for places in curves.values():
        at = {i: float(rows[i].log_concurrency or 0) for i in places}
        for i in places:
            loads = sorted({at[j] for j in places if at[j] != at[i]})
            if not loads or not loads[0] < at[i] < loads[-1]:
                continue
            errors = [
                np.mean([rows[j].log_speed - roof[j] for j in places if at[j] == load]) for load in loads
            ]
            pairs.append((float(roof[i] + np.interp(at[i], loads, errors)), rows[i].log_speed))
    return pairs


def _table_row(name: str, errors: Errors) -> str:
    recent, every = (f"{_median(values)} ({len(values)})" for values in (errors.recent, errors.all))
    return f"| {name} | {recent} | {every} |"


def main(show_groups: bool) -> None:
    prices = shipped_book().on(date.max)
    known = Predictor.of(prices).known
    groups: dict[tuple[str, ...], list[TrainingPoint]] = defaultdict(list)
    for row in known:
        groups[row.traits.group].append(row)
    priors, corrected, scaled, one_point, curve = (Errors() for _ in range(5))
    spreads: list[float] = []
    by_class: dict[str, Errors] = defaultdict(Errors)
    table = []
    for group, rows in groups.items():
        recent = is_recent(rows[0])
        others = [row for row in known if row.traits.group != group]
        blind = Predictor(prices, others)
        measured = np.array([row.log_speed for row in rows])
        roof, predicted, spread = blind.unseen(rows)
        priors.add(roof, measured, recent)
        corrected.add(predicted, measured, recent)
        by_class[rows[0].group_class].add(predicted, measured, recent)
        if recent:
            spreads += (np.abs(predicted - measured) / spread).tolist()
        if len(rows) > 1:
            given = len(rows) // 2  # the middle one, in the published order
            rest = [row for i, row in enumerate(rows) if i != given]
            left = np.delete(measured, given)
            scaled.add(np.delete(roof, given) + measured[given] - roof[given], left, recent)
            seen = Predictor(prices, [*others, rows[given]]).unseen(rest)[1]
            one_point.add(seen, left, recent)
        for expected, actual in between(rows, roof):
            curve.add(np.array([expected]), np.array([actual]), recent)
        median = float(np.median(np.abs(np.exp(predicted - measured) - 1)))
        plain = float(np.median(np.abs(np.exp(roof - measured) - 1)))
        table.append((" ".join(group), len(rows), "yes" if recent else "no", plain, median))
    print("| median absolute error, group left out of every fit | since 2025 | all |")
    print("|---|---|---|")
    for name, errors in (
        ("roofline with priors alone, half the class, half all", priors),
        ("corrected by similar groups (what ships)", corrected),
        ("one measured point of the group, roofline scaled", scaled),
        ("one measured point of the group (what ships)", one_point),
        ("between points of a measured curve", curve),
    ):
        print(_table_row(name, errors))
    print("\n| class, corrected | since 2025 | all |")
    print("|---|---|---|")
    for name, errors in sorted(by_class.items()):
        print(_table_row(name, errors))
    print(f"\nerror / stated spread, since 2025: 68 % within {np.quantile(spreads, 0.683):.2f}, ", end="")
    print(f"95 % within {np.quantile(spreads, 0.95):.2f}")
    if show_groups:
        print("\n| group | rows | since 2025 | priors | corrected |")
        print("|---|---|---|---|---|")
        for name, count, recent_word, plain, median in sorted(table, key=lambda line: -line[4]):
            print(f"| {name} | {count} | {recent_word} | {plain:.1%} | {median:.1%} |")


def _median(errors: Sequence[float]) -> str:
    return f"{np.median(errors):.1%}" if errors else "–"


if __name__ == "__main__":
    main("--groups" in sys.argv[1:])
