"""Figures of what-if analyses: the cheapest option over two inputs, and a goal seek over one input."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from ..language import t
from .end_labels import LineEnd, end_labels, margin_px
from .palette import Palette
from .template import AxisType, axis, new_figure, wrapped

SEEK_HEIGHT: Final = 360
_PLOT_PX: Final = SEEK_HEIGHT - 70
_NAMED_SHARE: Final = 0.08
"""A region of at least this share of the map has its name in it; the others are in the legend."""
_NAME_COLUMNS: Final = 18
_RING_DISTANCE: Final = 0.25
"""Share of the size of a region within which its name would cover the ring of the scenario."""


def cheapest_map(
    frame: pd.DataFrame,
    palette: Palette,
    labels: tuple[str, str],
    now: tuple[float | None, float | None],
    scales: tuple[AxisType, AxisType] = ("linear", "linear"),
) -> go.Figure:
    """Heat map of the cheapest option for each pair of values, with its name in its region.

    Columns: across_value, up_value, cheapest, amount_per_month, currency. `labels` are the names of both
    inputs, `now` their values in the scenario, which a ring marks.
    """
    across, up = (sorted(set(frame[name].tolist())) for name in ("across_value", "up_value"))
    currency = str(frame["currency"].iloc[0]) if len(frame) else "USD"
    names = [name for name in palette.options if (frame["cheapest"] == name).any()]
    place = {name: index for index, name in enumerate(names)}
    column, row = ({value: i for i, value in enumerate(values)} for values in (across, up))
    z: list[list[float | None]] = [[None] * len(across) for _ in up]
    tips = [[""] * len(across) for _ in up]
    cells: dict[str, list[tuple[float, float]]] = {name: [] for name in names}
    for x, y, name, amount in zip(
        frame["across_value"].tolist(),
        frame["up_value"].tolist(),
        frame["cheapest"].tolist(),
        frame["amount_per_month"].tolist(),
        strict=True,
    ):
        if name in place:
            z[row[y]][column[x]] = place[name]
            tips[row[y]][column[x]] = f"<b>{name}</b><br>{amount:,.0f} {currency}"
            cells[name].append((x, y))
    named = [name for name in names if len(cells[name]) >= _NAMED_SHARE * len(frame)]
    traces: list[dict[str, Any]] = [
        {
            "type": "heatmap",
            "x": across,
            "y": up,
            "z": z,
            "zmin": -0.5,
            "zmax": len(names) - 0.5,
            "colorscale": _steps([palette.options[name] for name in names]),
            "showscale": False,
            "opacity": 0.7,
            "text": tips,
            "hovertemplate": f"%{{text}}<br>{labels[0]}: %{{x:,.4~g}}<br>{labels[1]}: %{{y:,.4~g}}"
            "<extra></extra>",
        },
        *(
            {
                "type": "scatter",
                "mode": "markers",
                "name": name,
                "x": [None],
                "y": [None],
                "marker": {"symbol": "square", "size": 12, "color": palette.options[name]},
            }
            for name in names
        ),
    ]
    if all(value is not None for value in now):
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": t("Your inputs"),
                "x": [now[0]],
                "y": [now[1]],
                "marker": {
                    "symbol": "circle",
                    "size": 15,
                    "color": "rgba(0,0,0,0)",
                    "line": {"color": palette.text, "width": 3},
                },
                "hovertemplate": t("Your inputs") + "<extra></extra>",
            }
        )
    if named:
        traces.append(_region_names({name: cells[name] for name in named}, palette, scales, now))
    return new_figure(
        traces,
        {
            "showlegend": len(named) < len(names),
            "hovermode": "closest",
            "margin": {"l": 8, "r": 16, "t": 12, "b": 8},
            "xaxis": axis(labels[0], type=scales[0], range=_edges(across, scales[0]), showgrid=False),
            "yaxis": axis(labels[1], type=scales[1], range=_edges(up, scales[1]), showgrid=False),
        },
    )


def _steps(colours: Sequence[str]) -> list[list[Any]]:
    """Colour scale with a constant colour for each whole number from 0 on."""
    n = max(1, len(colours))
    return [[edge, colour] for i, colour in enumerate(colours) for edge in (i / n, (i + 1) / n)] or [
        [0, "#000000"],
        [1, "#000000"],
    ]


def _edges(values: Sequence[float], scale: AxisType) -> list[float]:
    """Range of an axis with half a cell beyond the first and the last value."""
    places = [math.log10(value) if scale == "log" else value for value in values]
    if len(places) < 2:
        return [places[0] - 0.5, places[0] + 0.5] if places else [0, 1]
    half = (places[-1] - places[0]) / (len(places) - 1) / 2
    return [places[0] - half, places[-1] + half]


Place = tuple[float, float]


def _region_names(
    cells: Mapping[str, Sequence[Place]],
    palette: Palette,
    scales: tuple[AxisType, AxisType],
    now: tuple[float | None, float | None],
) -> dict[str, Any]:
    """Trace with the name of each option in its region; a narrow page shows the legend instead."""
    ring = None if now[0] is None or now[1] is None else _on_axes((now[0], now[1]), scales)
    at = [_name_place(own, scales, ring) for own in cells.values()]
    halo = ", ".join([f"0px 0px 3px {palette.paper}"] * 6)
    return {
        "type": "scatter",
        "mode": "text",
        "x": [x for x, _ in at],
        "y": [y for _, y in at],
        "text": [f"<b>{wrapped(name, _NAME_COLUMNS)}</b>" for name in cells],
        "textfont": {"size": 12, "color": palette.text, "shadow": halo},
        "hoverinfo": "skip",
        "showlegend": False,
        "meta": {"role": "end_labels"},
    }


def _name_place(cells: Sequence[Place], scales: tuple[AxisType, AxisType], ring: Place | None) -> Place:
    """Cell for the name of a region: near its middle, but not on the ring of the scenario."""
    places = {cell: _on_axes(cell, scales) for cell in cells}
    spans = [max(p[i] for p in places.values()) - min(p[i] for p in places.values()) or 1.0 for i in (0, 1)]
    middle = tuple(sum(p[i] for p in places.values()) / len(places) for i in (0, 1))

    def apart(first: Sequence[float], second: Sequence[float]) -> float:
        return math.hypot(*((first[i] - second[i]) / spans[i] for i in (0, 1)))

    def unsuitability(cell: Place) -> float:
        place = places[cell]
        return apart(place, middle) + (1.0 if ring and apart(place, ring) < _RING_DISTANCE else 0.0)

    return min(cells, key=unsuitability)


def _on_axes(cell: Place, scales: tuple[AxisType, AxisType]) -> Place:
    """A pair of values in the units of the axes: exponents of 10 where logarithmic."""
    x, y = (math.log10(v) if scale == "log" else v for v, scale in zip(cell, scales, strict=True))
    return x, y


def goal_seek(
    frame: pd.DataFrame,
    palette: Palette,
    names: tuple[str, str],
    label: str,
    values: Mapping[float, str],
    scale: AxisType = "linear",
) -> go.Figure:
    """Both sides of a goal along one input, with vertical lines at the values that reach it.

    Columns: input_value, first_value, second_value, unit. `names` are those of the two sides; an option keeps
    its colour. `label` is the name of the input, `values` the values that reach the goal, with their texts.
    """
    colours = [
        palette.options.get(name, neutral)
        for name, neutral in zip(names, (palette.text, palette.muted), strict=True)
    ]
    traces: list[dict[str, Any]] = []
    ends: list[LineEnd] = []
    for name, colour, side, dash in zip(
        names, colours, ("first_value", "second_value"), ("solid", "dash"), strict=True
    ):
        own = frame[frame[side] > 0]
        if own.empty:
            continue
        ends.append(LineEnd(name, colour, float(own[side].iloc[-1])))
        traces.append(
            {
                "type": "scatter",
                "mode": "lines",
                "name": name,
                "x": own["input_value"].tolist(),
                "y": own[side].tolist(),
                "line": {"color": colour, "width": 2, "dash": dash},
                "hovertemplate": "%{y:,.0f}",
            }
        )
    heights = [y for trace in traces for y in trace["y"]] or [1.0, 10.0]
    low, high = min(heights) / 1.15, max(heights) * 1.15
    across = frame["input_value"].tolist() or [1.0, 10.0]
    if ends:
        traces.append(end_labels(ends, across[-1], (low, high), "log", _PLOT_PX))
    return new_figure(
        traces,
        {
            "showlegend": False,
            "hovermode": "x unified",
            "margin": {"l": 8, "r": margin_px([end.name for end in ends]), "t": 28, "b": 8},
            "xaxis": axis(
                label,
                type=scale,
                range=[math.log10(end) if scale == "log" else end for end in (across[0], across[-1])],
                hoverformat=",.4~g",
            ),
            "yaxis": axis(
                t(frame["unit"].iloc[0]) if len(frame) else "",
                type="log",
                range=[math.log10(low), math.log10(high)],
            ),
            "shapes": [
                {
                    "type": "line",
                    "x0": value,
                    "x1": value,
                    "yref": "paper",
                    "y0": 0,
                    "y1": 1,
                    "line": {"color": palette.accent, "width": 1.5, "dash": "dash"},
                    "label": {
                        "text": text,
                        "textposition": "end",
                        "textangle": 0,
                        "yanchor": "bottom",
                        "font": {"size": 12, "color": palette.accent},
                    },
                }
                for value, text in values.items()
            ],
        },
    )
