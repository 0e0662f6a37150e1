"""Self-contained HTML report of a result: tables and inline SVG plots, no script, no network."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from html import escape

import numpy as np

from .intervals import Array, quantile
from .measures import LevelSummary, gaps, ttft_s
from .printout import HEADINGS, lines, load_name, marks, row
from .result import Result

Point = tuple[float, float]
COLOURS = ("#2563a8", "#b4540a", "#3b7a3b", "#7a3b8f", "#8a6d00", "#a02c4a")
WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT = 560, 300, 66, 46, 34, 16
STYLE = """
body{font:15px/1.5 system-ui,sans-serif;max-width:76rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b;
background:#fff}table{border-collapse:collapse;margin:1rem 0}th,td{padding:.25rem .7rem;text-align:right;
border-bottom:1px solid #ddd}
th:first-child,td:first-child,td:last-child{text-align:left}figure{display:inline-block;margin:0 1rem 1rem 0}
figcaption{font-weight:600}pre{white-space:pre-wrap;background:#f6f6f6;padding:1rem}.mark{color:#a02c1a}
"""


def to_html(result: Result) -> str:
    """The page."""
    head = "".join(f"<th>{escape(name)}</th>" for name in HEADINGS)
    rows = "".join(
        "<tr>"
        + "".join(f"<td>{escape(cell)}</td>" for cell in row(summary))
        # Warnings stand beside the figures, not below them.
        + f'<td class="mark">{escape(marks(summary))}</td></tr>'
        for summary in result.summary
    )
    title = escape(f"{result.model}: benchmark of {result.started_at[:10]}")
    plots = "".join(_plots(result))
    text = escape("\n".join(lines(result)))
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{STYLE}</style></head><body><h1>{title}</h1>"
        f"<p>{escape(result.url)} · {escape(str(result.fingerprint))}</p>"
        f"<table><thead><tr>{head}<th></th></tr></thead><tbody>{rows}</tbody></table>"
        f"{plots}<h2>In words</h2><pre>{text}</pre></body></html>\n"
    )


def _plots(result: Result) -> list[str]:
    plots = []
    for name, at, of in (
        (
            "streams at once",
            lambda s: s.concurrency,
            [s for s in result.summary if s.concurrency is not None],
        ),
        (
            "requests per second",
            lambda s: s.rate_per_s,
            [s for s in result.summary if s.rate_per_s is not None],
        ),
    ):
        if len(of) > 1:
            plots += _against_load(name, at, of, result)
    series = []
    between = []
    for i, summary in enumerate(result.summary[: len(COLOURS)]):
        records = [r for r in result.records(i) if r.ok]
        open_loop = summary.rate_per_s is not None
        firsts = [t * 1000 for r in records if (t := ttft_s(r, open_loop)) is not None]
        pooled = [gaps(r) for r in records if len(r.chunk_s) > 1]
        if firsts:
            series.append((load_name(summary), _share_below(np.array(firsts))))
        if pooled:
            values, weights = (np.concatenate(parts) for parts in zip(*pooled, strict=True))
            between.append((load_name(summary), _share_below(values * 1000, weights)))
    for title, lines_ in (("TTFT: share of requests within", series), ("ITL: share of gaps within", between)):
        if lines_:
            plots.append(plot(title, "ms", "share", lines_))
    return plots


def _against_load(
    name: str, at: Callable[[LevelSummary], float | None], of: Sequence[LevelSummary], result: Result
) -> list[str]:
    def curve(value: Callable[[LevelSummary], float | None]) -> list[Point]:
        return sorted((x, y) for s in of if (x := at(s)) is not None and (y := value(s)) is not None)

    def limit(seconds: float | None) -> list[tuple[str, float]]:
        return [] if seconds is None else [("SLO", seconds * 1000)]

    first = [
        ("p50", curve(lambda s: s.ttft_s.p50 * 1000 if s.ttft_s else None)),
        ("p95", curve(lambda s: s.ttft_s.p95 * 1000 if s.ttft_s else None)),
    ]
    each = [
        ("p50", curve(lambda s: s.tpot_s.p50 * 1000 if s.tpot_s else None)),
        ("p95", curve(lambda s: s.tpot_s.p95 * 1000 if s.tpot_s else None)),
    ]
    output = [("output", curve(lambda s: s.output_tokens_per_s))]
    return [
        plot(f"TTFT against {name}", name, "ms", first, limit(result.slo.ttft_s)),
        plot(f"TPOT against {name}", name, "ms", each, limit(result.slo.tpot_s)),
        plot(f"Throughput against {name}", name, "output tokens/s", output),
    ]


def _share_below(values: Array, weights: Array | None = None) -> list[Point]:
    """The distribution as at most 200 points."""
    shares = np.linspace(0, 1, min(200, len(values) + 1))[1:]
    return [(quantile(values, float(share), weights), float(share)) for share in shares]


def plot(
    title: str,
    x_name: str,
    y_name: str,
    series: Sequence[tuple[str, Sequence[Point]]],
    limits: Sequence[tuple[str, float]] = (),
) -> str:
    """Line plot with axes from zero, and horizontal lines for limits."""
    points = [point for _, line in series for point in line]
    if not points:
        return ""
    right = _round_up(max(x for x, _ in points))
    top = _round_up(max([y for _, y in points] + [y for _, y in limits]))

    def place(x: float, y: float) -> str:
        px = LEFT + (WIDTH - LEFT - RIGHT) * x / right
        py = HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * y / top
        return f"{px:.1f},{py:.1f}"

    parts = []
    for i in range(5):
        share = i / 4
        x0, y0 = place(0, top * share).split(",")
        x1, _ = place(right, 0).split(",")
        parts.append(f'<path d="M{x0} {y0}H{x1}" stroke="#e3e3e3"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{float(y0) + 4:.1f}" text-anchor="end">{top * share:g}</text>')
        xt, yt = place(right * share, 0).split(",")
        below = float(yt) + 16
        parts.append(f'<text x="{xt}" y="{below:.1f}" text-anchor="middle">{right * share:g}</text>')
    for i, (name, line) in enumerate(series):
        colour = COLOURS[i % len(COLOURS)]
        path = " ".join(place(x, y) for x, y in line)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        if len(line) <= 12:
            for x, y in line:
                cx, cy = place(x, y).split(",")
                parts.append(f'<circle cx="{cx}" cy="{cy}" r="3" fill="{colour}"/>')
        if len(series) < 4:
            at = f'x="{LEFT + 8 + i * (WIDTH - LEFT) // 3}" y="{TOP - 8}"'
        else:  # below a distribution's lines
            at = f'x="{WIDTH - RIGHT - 6}" y="{HEIGHT - BOTTOM - 8 - 14 * i}" text-anchor="end"'
        parts.append(f'<text {at} fill="{colour}">{escape(name)}</text>')
    for name, level in limits:
        start, end = place(0, level), place(right, level)
        parts.append(
            f'<polyline points="{start} {end}" stroke="#a02c1a" stroke-dasharray="5 4" fill="none"/>'
        )
        xe, ye = end.split(",")
        parts.append(
            f'<text x="{xe}" y="{float(ye) - 4:.1f}" text-anchor="end" fill="#a02c1a">{escape(name)}</text>'
        )
    parts.append(f'<text x="{WIDTH / 2}" y="{HEIGHT - 8}" text-anchor="middle">{escape(x_name)}</text>')
    parts.append(f'<text x="4" y="14">{escape(y_name)}</text>')
    return (
        f"<figure><figcaption>{escape(title)}</figcaption>"
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}" font-size="12" role="img" aria-label="{escape(title)}">'
        f"{''.join(parts)}</svg></figure>"
    )


def _round_up(value: float) -> float:
    """The next of 1, 2, 4, 5, 8 or 10 times a power of ten."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 2, 4, 5, 8, 10) if value <= step * power * (1 + 1e-9))
