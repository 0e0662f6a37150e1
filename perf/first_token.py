"""Cross-validation error of the time to first token, by group (model, GPU, engine, precision).

Each group in turn is left out, the three constants are fitted to the others, and the group's published
medians are predicted, from its own published output speed. Run: python -m perf.first_token
"""

from __future__ import annotations

from datetime import date

import numpy as np

from costing.serving.measurements import training_point
from costing.serving.roofline import Floats
from costing.serving.ttft import FIXED_S, PREFILLS, STEPS, first_token_s, parts_s
from pricing.load import shipped_book
from pricing.published_throughput import published

_START = np.log(np.array([0.03, 1.0, 1.0]))
_OUTLIER = 0.35
_DRAWN = 0.05
"""Strength of the prior towards the start values."""
SPLIT_ENGINES = ("disagg", "dynamo")
"""Engines with disaggregated prefill, which the model does not cover."""


def rows() -> tuple[Floats, Floats, list[str]]:
    """(prefill, step) seconds, the log of the published median, and the group of each measurement."""
    prices = shipped_book().on(date.max)
    parts, medians, groups = [], [], []
    for measurement in published():
        row = training_point(prices, measurement)
        if row is None or measurement.first_token_p50_ms is None or row.log_concurrency is None:
            continue
        if row.setup.waiting > 0.01 or any(word in measurement.engine for word in SPLIT_ENGINES):
            continue
        parts.append(parts_s(row.setup, float(np.exp(row.log_speed))))
        medians.append(np.log(measurement.first_token_p50_ms / 1000))
        groups.append(" ".join(row.traits.group))
    return np.array(parts), np.array(medians), groups


def predicted(logs: Floats, parts: Floats) -> Floats:
    """Log seconds to the first token by the logs of the three constants."""
    fixed, prefills, steps = np.exp(logs)
    log_s: Floats = np.log(fixed + prefills * parts[:, 0] + steps * parts[:, 1])
    return log_s


def fitted(parts: Floats, medians: Floats) -> Floats:
    """Gauss-Newton on log errors; outliers pull less."""
    coefficients: Floats = _START.copy()
    for _ in range(80):
        error = predicted(coefficients, parts) - medians
        pull = np.sqrt(1 / np.sqrt(1 + (error / _OUTLIER) ** 2)) / _OUTLIER
        terms = np.exp(coefficients) * np.column_stack([np.ones(len(parts)), parts])
        slope = terms / terms.sum(axis=1, keepdims=True)
        left = np.concatenate([slope * pull[:, None], _DRAWN * np.eye(3)])
        right = np.concatenate([-error * pull, _DRAWN * (_START - coefficients)])
        step = np.clip(np.linalg.lstsq(left, right, rcond=None)[0], -0.5, 0.5)
        coefficients += step
        if np.abs(step).max() < 1e-6:
            break
    return coefficients


def main() -> None:
    parts, medians, groups = rows()
    names = np.array(groups)
    errors = np.empty(len(medians))
    for group in sorted(set(groups)):
        in_group = names == group
        errors[in_group] = (
            predicted(fitted(parts[~in_group], medians[~in_group]), parts[in_group]) - medians[in_group]
        )
    fixed, prefills, steps = np.exp(fitted(parts, medians))
    shipped = np.array([np.log(first_token_s(prefill, step)) for prefill, step in parts]) - medians
    print(f"{len(medians)} published medians, {len(set(groups))} groups")
    print(f"fitted: {fixed:.3f} s + {prefills:.2f} prefills + {steps:.2f} steps", end="; ")
    print(f"shipped: {FIXED_S:g} s + {PREFILLS:g} prefills + {STEPS:g} steps")
    for name, errors_of in (
        ("group left out of the fit", errors),
        ("as shipped, on all it was fitted to", shipped),
    ):
        print(f"{name}: median absolute error {np.median(np.abs(np.expm1(errors_of))):.0%}", end="; ")
        print(f"68 % within {np.quantile(np.abs(errors_of), 0.683):.2f} (log)", end=", ")
        print(f"95 % within {np.quantile(np.abs(errors_of), 0.95):.2f}")


if __name__ == "__main__":
    main()
