"""Row of the deployments table from a benchmark result: throughput within the SLO, and the measured curve."""

from __future__ import annotations

import json
from dataclasses import dataclass

from i18n.errors import CrossoverError
from i18n.message import message

from .measures import LevelSummary
from .result import Result


@dataclass(frozen=True, slots=True)
class Deployed:
    """Facts about the replica that a result does not contain."""

    id: str
    name: str
    open_model: str
    gpu: str
    gpus_per_replica: int
    precision: str
    engine: str
    closed_loop: bool = False
    """Use the closed loop's maximum where no Poisson rate was measured."""


def row(result: Result, deployed: Deployed) -> str:
    """One YAML row; raises CrossoverError where the result cannot carry one."""
    name, chosen = _capacity(result, deployed.closed_loop)
    if chosen.input_tokens_mean is None or chosen.output_tokens_mean is None:
        raise CrossoverError(
            message(
                "the server sent no usage, so lengths and output are unknown (measure a server that sends it)"
            )
        )
    curve = _curve(result)
    fields: list[tuple[str, object]] = [
        ("id", deployed.id),
        ("name", deployed.name),
        ("open_model", deployed.open_model),
        ("gpu", deployed.gpu),
        ("gpus_per_replica", deployed.gpus_per_replica),
        ("precision", deployed.precision),
        ("engine", deployed.engine),
        ("load", name),
        ("input_tokens", round(chosen.input_tokens_mean)),
        ("output_tokens", round(chosen.output_tokens_mean)),
        ("output_tokens_per_s", round(chosen.output_tokens_per_s or 0.0, 3)),
    ]
    if chosen.concurrency is not None:
        fields.append(("concurrency", chosen.concurrency))
    machine = str(result.fingerprint) + (
        f", server {result.fingerprint.server}" if result.fingerprint.server else ""
    )
    note = [f"measured on {machine}"]
    if chosen.ttft_s is not None and chosen.tpot_s is not None:
        note.append(f"TTFT p50 {chosen.ttft_s.p50 * 1000:.1f} ms, TPOT p50 {chosen.tpot_s.p50 * 1000:.2f} ms")
    if result.partial:
        note.append("from a partial run")
    source = f"bench {result.kind} of {result.started_at}, {result.model}"
    lines = [f"{'- ' if i == 0 else '  '}{key}: {scalar(value)}" for i, (key, value) in enumerate(fields)]
    if curve:
        lines.append("  curve:")
        lines += [f"    - {point}" for point in curve]
    lines += [
        "  evidence: measured",
        f"  source: {scalar(source)}",
        f"  checked_on: {result.started_at[:10]}",
        f"  note: {scalar('; '.join(note))}",
    ]
    return "\n".join(lines) + "\n"


def _capacity(result: Result, closed_loop: bool) -> tuple[str, LevelSummary]:
    """The level whose throughput the row states, and its name."""
    if any(summary.client_limited for summary in result.summary):
        raise CrossoverError(
            message("a level is client_limited: its figures are the client's (measure with fewer streams)")
        )
    share = result.slo.attainment_share
    held = [
        s
        for s in result.summary
        if s.arrivals == "poisson"
        and s.output_tokens_per_s
        and not s.partial
        and s.attainment_share is not None
        and s.attainment_share >= share
        and (result.sweep is None or s.rate_per_s == result.sweep.largest_rate_per_s)
    ]
    if held:
        best = max(held, key=lambda s: s.rate_per_s or 0.0)
        limits = [
            f"{name} ≤ {limit * 1000:g} ms"
            for name, limit in (("TTFT", result.slo.ttft_s), ("TPOT", result.slo.tpot_s))
            if limit is not None
        ]
        slo = " and ".join(limits)
        return f"open loop, poisson at {best.rate_per_s:.4g} requests/s; {share:.0%} keep {slo}", best
    closed = [s for s in result.summary if s.concurrency is not None and s.output_tokens_per_s]
    if not closed_loop or not closed:
        raise CrossoverError(
            message(
                "no Poisson rate in the result keeps an SLO (run 'sweep' with --slo-ttft-ms; "
                "--closed-loop takes the ceiling)"
            )
        )
    best = max(closed, key=lambda s: s.output_tokens_per_s or 0.0)
    return "closed loop: a ceiling, expect less under arrivals", best


def _curve(result: Result) -> list[str]:
    """Output of the closed loop over its concurrency; one point each, the last measured."""
    speeds = {
        s.concurrency: s
        for s in result.summary
        if s.concurrency is not None and s.output_tokens_per_s and not s.partial
    }
    points = []
    for many, s in sorted(speeds.items()):
        point = f"concurrency: {many}, output_tokens_per_s: {s.output_tokens_per_s:.3f}"
        points.append("{" + point + "}")
    return points


def scalar(value: object) -> str:
    """A YAML scalar: JSON's form of a text is YAML's, too."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else str(value)
