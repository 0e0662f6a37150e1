"""Figures of the claim page: derivation, history, tornado and goal seek of the break-even."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from costing.claim.drivers import DRIVERS
from costing.claim.reconstruction import CLAIMED_TOKENS_PER_DAY
from costing.reports.claim import StepKind
from costing.units import TOKENS_PER_MTOK, Unit
from frames.frame import plain, records
from i18n.large_number import scaled
from i18n.message import figure as number

from ..language import t, translator
from .end_labels import LineEnd, end_labels, margin_px
from .palette import Palette
from .template import axis, categories, new_figure, wrapped

SIDES: Final = {"api": 0, "rented": 1, "owned": 2}
"""Side of the comparison -> place of its colour in the palette."""
MARGIN_DAYS: Final = 60
"""Days shown after today or the last announced price."""
MARGIN_FACTOR: Final = 1.5
"""Room above the highest and below the lowest volume on a logarithmic axis."""
MARGINS_PX: Final = 60
"""Height of a figure outside of its plot area."""
_PERCENT_UNITS: Final = (Unit.SHARE, Unit.SHARE_PER_YEAR)


def derivation(frame: pd.DataFrame, palette: Palette) -> go.Figure:
    """Waterfall of the servers' cost per day, beside the API's cost at the claimed volume.

    Columns: step_kind, derivation_step, step_value (USD per day for the servers, USD per Mtok for the API).
    """
    rows = records(frame)
    parts = [row for row in rows if row["step_kind"] == StepKind.SERVER_COST]
    total = next(row for row in rows if row["step_kind"] == StepKind.SERVERS)
    usd_per_mtok = next(row["step_value"] for row in rows if row["step_kind"] == StepKind.API)
    break_even = next((r["step_value"] for r in rows if r["step_kind"] == StepKind.BREAK_EVEN), None)
    claimed_mtok = CLAIMED_TOKENS_PER_DAY / TOKENS_PER_MTOK
    api_name = t("API at {volume} tokens per day").format(volume=scaled(CLAIMED_TOKENS_PER_DAY, translator()))
    api_usd = claimed_mtok * usd_per_mtok
    result = t("{total:,.2f} ÷ {price:,.4g} USD per Mtok").format(
        total=total["step_value"], price=usd_per_mtok
    )
    if break_even is not None:
        volume = scaled(break_even, translator())
        result += "<br>" + t("= {volume} tokens per day").format(volume=volume)
    bars: list[tuple[str, float, float, str, str]] = []
    start = 0.0
    for row in parts:
        usd = row["step_value"]
        bars.append((row["derivation_step"], start, usd, f"+{usd:,.2f}", palette.muted))
        start += usd
    owned = palette.series(SIDES["owned"])
    bars.append((total["derivation_step"], 0.0, total["step_value"], result, owned))
    api = f"{claimed_mtok:,.4g} × {usd_per_mtok:,.4g} = {api_usd:,.2f}"
    bars.append((api_name, 0.0, api_usd, api, palette.series(SIDES["api"])))
    names = [name for name, *_ in bars]
    widest = max(base + usd for _, base, usd, *_ in bars)
    return new_figure(
        [
            {
                "type": "bar",
                "orientation": "h",
                "y": names,
                "base": [base for _, base, *_ in bars],
                "x": [usd for _, _, usd, *_ in bars],
                "text": [text if usd < 0.5 * widest else "" for _, _, usd, text, _ in bars],
                "textposition": "outside",
                "cliponaxis": False,
                "marker": {"color": [colour for *_, colour in bars]},
                "hovertemplate": "%{y}: %{x:,.2f} " + t("USD per day") + "<extra></extra>",
            },
            {
                "type": "scatter",
                "mode": "text",
                "x": [0.01 * widest for *_, usd, _, _ in bars if usd >= 0.5 * widest],
                "y": [name for name, _, usd, *_ in bars if usd >= 0.5 * widest],
                "text": [text for _, _, usd, text, _ in bars if usd >= 0.5 * widest],
                "textposition": "middle right",
                "textfont": {"color": "#ffffff"},
                "hoverinfo": "skip",
            },
        ],
        {
            "xaxis": axis(t("USD per day"), range=[0, 1.12 * widest]),
            "yaxis": categories(names),
            "showlegend": False,
            "margin": {"t": 8},
        },
    )


def history(
    frame: pd.DataFrame, palette: Palette, names: Mapping[str, str], today: date, height: int = 440
) -> go.Figure:
    """Break-even of each model line as steps over time, with a mark at each dated price.

    Columns: those of HISTORY. `names` are the labels of the model lines in their order; announced prices are
    dashed.
    """
    rows = [row for row in records(frame) if row["model_line"] in names]
    end = max([today, *(row["day"] for row in rows)]) + timedelta(days=MARGIN_DAYS)
    traces: list[dict[str, Any]] = []
    ends: list[LineEnd] = []
    for place, (line, name) in enumerate(names.items()):
        own = [row for row in rows if row["model_line"] == line]
        past = [row for row in own if not row["announced"]]
        future = [row for row in own if row["announced"]]
        colour = palette.series(place)
        width = 2 + 0.9 * (len(names) - 1 - place)  # a line below another one of the same price stays visible
        if past:
            traces.append(_steps(past, None, today, name, colour, "solid", width))
        traces.append(_steps([*past[-1:], *future], today, end, name, colour, "dot", 2))
        tokens = own[-1]["break_even_tokens_per_day"] if own else None
        if tokens is not None:
            ends.append(LineEnd(name, colour, tokens))
    first = min((row["day"] for row in rows), default=today)
    known = [row["break_even_tokens_per_day"] for row in rows if row["break_even_tokens_per_day"]]
    low, high = (
        min([*known, CLAIMED_TOKENS_PER_DAY]) / MARGIN_FACTOR,
        max([*known, CLAIMED_TOKENS_PER_DAY]) * MARGIN_FACTOR,
    )
    claim = t("the claim: {volume}").format(volume=scaled(CLAIMED_TOKENS_PER_DAY, translator()))
    return new_figure(
        [
            _dashed([today, today], [low, high], palette, t("today"), "bottom left"),
            _dashed([end, first], [CLAIMED_TOKENS_PER_DAY] * 2, palette, claim, "top right"),
            *traces,
            end_labels(ends, end, (low, high), "log", height - MARGINS_PX),
        ],
        {
            "xaxis": axis(type="date", range=[first - timedelta(days=MARGIN_DAYS / 3), end]),
            "yaxis": axis(
                t("Break-even, tokens per day"), type="log", range=[math.log10(low), math.log10(high)]
            ),
            "margin": {"t": 8, "r": margin_px([end.name for end in ends])},
            "hovermode": "closest",
            "showlegend": False,
        },
    )


def _steps(
    rows: Sequence[Mapping[str, Any]],
    start: date | None,
    end: date,
    name: str,
    colour: str,
    dash: str,
    width: float,
) -> dict[str, Any]:
    """Steps that hold each value until the next day; a row without a break-even is a gap."""
    x: list[Any] = []
    y: list[float | None] = []
    texts: list[str] = []
    before: float | None = None
    for place, row in enumerate(rows):
        tokens = row["break_even_tokens_per_day"]
        day = start if start is not None and not place else row["day"]
        if tokens is None and before is not None:  # the line ends on this day, not at the row before
            x, y, texts = [*x, day], [*y, before], [*texts, texts[-1]]
        x, y, texts = [*x, day], [*y, tokens], [*texts, _price_text(row)]
        before = tokens
    x, y, texts = [*x, end], [*y, before], [*texts, texts[-1]]
    return {
        "type": "scatter",
        "mode": "lines+markers" if dash == "solid" else "lines",
        "name": name,
        "x": x,
        "y": y,
        "customdata": texts,
        "showlegend": dash == "solid",
        "line": {"shape": "hv", "color": colour, "dash": dash, "width": width},
        "marker": {"size": [7] * (len(x) - 1) + [0], "color": colour},
        "hovertemplate": f"<b>{name}</b><br>%{{customdata}}<extra></extra>",
    }


def _price_text(row: Mapping[str, Any]) -> str:
    tokens = row["break_even_tokens_per_day"]
    price = t("{model} since {day}: {input:,.4g} USD input, {output:,.4g} USD output per Mtok").format(
        model=row["model"], day=row["day"], input=row["input_usd_per_mtok"], output=row["output_usd_per_mtok"]
    )
    return f"{price}<br>{volume_text(tokens)}"


def volume_text(tokens_per_day: float | None) -> str:
    """A break-even as short text."""
    if tokens_per_day is None or math.isnan(tokens_per_day):
        return t("no break-even at any volume")
    return t("{volume} tokens per day").format(volume=scaled(tokens_per_day, translator()))


def _dashed(
    x: Sequence[Any], y: Sequence[float], palette: Palette, label: str, position: str
) -> dict[str, Any]:
    """A dashed line with its label at the last point; a trace, so that it stays on both kinds of axis."""
    return {
        "type": "scatter",
        "mode": "lines+text",
        "x": list(x),
        "y": list(y),
        "text": ["", label],
        "textposition": position,
        "textfont": {"color": palette.muted, "size": 12},
        "line": {"color": palette.muted, "width": 1.5, "dash": "dash"},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def tornado(frame: pd.DataFrame, palette: Palette, tokens_per_day: float | None) -> go.Figure:
    """A bar for each driver around the current break-even, the longest on top.

    Columns: those of TORNADO. An end without a break-even reaches to the end of the axis.
    """
    rows = records(frame)
    ends = [row[name] for row in rows for name in ("tokens_per_day_at_low", "tokens_per_day_at_high")]
    known = [end for end in ends if end is not None]
    far = 1.5 * max([*known, tokens_per_day or 0.0, CLAIMED_TOKENS_PER_DAY])
    middle = far if tokens_per_day is None else tokens_per_day
    names = [row["driver"] for row in rows]
    traces = []
    for end, name, colour in (
        ("low", t("at the low value"), palette.series(SIDES["api"])),
        ("high", t("at the high value"), palette.series(SIDES["rented"])),
    ):
        values = [row[f"tokens_per_day_at_{end}"] for row in rows]
        reached = [far if value is None else value for value in values]
        traces.append(
            {
                "type": "bar",
                "orientation": "h",
                "name": name,
                "y": names,
                "base": [min(value, middle) for value in reached],
                "x": [abs(value - middle) for value in reached],
                "text": [_value_text(row[f"{end}_value"], row["unit"]) for row in rows],
                "textposition": "none",
                "marker": {"color": colour},
                "customdata": [volume_text(value) for value in values],
                "hovertemplate": "%{y}: %{text}<br>%{customdata}<extra></extra>",
            }
        )
    return new_figure(
        traces,
        {
            "barmode": "overlay",
            "xaxis": axis(t("Break-even, tokens per day"), type="log"),
            "yaxis": categories(names),
            "hovermode": "closest",
        },
    )


def _value_text(value: float, unit: str) -> str:
    if unit in _PERCENT_UNITS:
        return f"{number(value * 100, 4)}%"
    return f"{number(value, 6)} {t(unit)}".strip()


def goal_seek(
    frame: pd.DataFrame, palette: Palette, driver_id: str, label: str, target: float, values: Sequence[float]
) -> go.Figure:
    """Break-even against one driver, with the wanted volume as a line and the solutions as rings.

    Columns: driver_value, break_even_tokens_per_day.
    """
    driver = DRIVERS[driver_id]
    factor = 100.0 if driver.is_percent else 1.0
    x = [value * factor for value in frame["driver_value"].tolist()]
    tokens = [plain(value) for value in frame["break_even_tokens_per_day"].array]
    return new_figure(
        [
            _dashed([x[0], x[-1]], [target, target], palette, t("wanted"), "top left"),
            {
                "type": "scatter",
                "mode": "lines+markers" if driver.whole else "lines",
                "x": x,
                "y": tokens,
                "customdata": [volume_text(value) for value in tokens],
                "line": {"color": palette.series(0), "width": 2.5},
                "hovertemplate": wrapped(label) + ": %{x:,.6~g}<br>%{customdata}<extra></extra>",
            },
            {
                "type": "scatter",
                "mode": "markers",
                "x": [value * factor for value in values],
                "y": [target] * len(values),
                "marker": {
                    "size": 12,
                    "color": "rgba(0,0,0,0)",
                    "line": {"color": palette.accent, "width": 2.5},
                },
                "hoverinfo": "skip",
            },
        ],
        {
            "xaxis": axis(label, type="log" if driver.is_logarithmic else "linear"),
            "yaxis": axis(t("Break-even, tokens per day"), type="log"),
            "showlegend": False,
            "hovermode": "closest",
        },
    )
