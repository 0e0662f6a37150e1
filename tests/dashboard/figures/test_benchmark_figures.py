"""Figures of the benchmark page: unknown values, the SLO, and the largest load that meets it."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.benchmark import against_load, distribution
from dashboard.figures.palette import palette
from tests.support.plotly_figures import lines_of

LOADS = pd.DataFrame(
    {
        "concurrency": [4, 1, 2],
        "ttft_p50_ms": [40.0, 10.0, 20.0],
        "ttft_p95_ms": [80.0, None, None],
        "tpot_p95_ms": [None, None, None],
    }
).astype({"tpot_p95_ms": float})
P50, P95 = {"ttft_p50_ms": "p50"}, {"ttft_p95_ms": "p95"}


def drawn(names: dict[str, str], limit: float | None = None, held_until: float | None = None) -> go.Figure:
    figure = against_load(
        LOADS,
        names,
        palette(),
        x="concurrency",
        x_title="Concurrency",
        unit="ms",
        limit=limit,
        held_until=held_until,
    )
    return go.Figure(figure.to_plotly_json())


def test_points_are_in_the_order_of_the_load_and_an_unknown_one_is_a_gap() -> None:
    lines = lines_of(drawn({**P50, **P95}))
    assert lines["p50"] == [(1, 10), (2, 20), (4, 40)]
    assert lines["p95"] == [(1, None), (2, None), (4, 80)]


def test_a_figure_that_is_known_nowhere_has_no_line() -> None:
    assert list(lines_of(drawn({**P50, "tpot_p95_ms": "TPOT p95"}))) == ["p50"]


def test_two_lines_are_named_at_their_ends_and_one_by_its_axis() -> None:
    labels = [trace for trace in drawn({**P50, **P95}).data if trace.mode == "text"]
    assert [text.strip() for text in labels[0].text] == ["p50", "p95"]
    assert drawn(P50).layout.yaxis.title.text == "p50"


def test_an_slo_above_every_point_is_within_the_axis() -> None:
    figure = drawn(P50, limit=100.0, held_until=2.0)
    slo, held = figure.layout.shapes
    assert (slo.y0, slo.y1, held.x0, held.x1) == (100, 100, 2, 2)
    assert figure.layout.yaxis.range[1] > 100


def test_a_load_with_one_answer_is_a_point_not_a_line() -> None:
    shares = pd.DataFrame(
        {"load": ["1", "2", "2"], "latency_ms": [5.0, 6.0, 7.0], "share_of_answers": [1.0, 0.5, 1.0]}
    )
    figure = go.Figure(distribution(shares, palette(), limit_ms=9.0).to_plotly_json())
    assert [(trace.name, trace.mode) for trace in figure.data] == [("1", "markers"), ("2", "lines")]
    # The linear axis reaches beyond the SLO: 9 x 1.1.
    assert figure.layout.meta["linear"]["xaxis"]["range"][1] > 9
