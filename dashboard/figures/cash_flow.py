"""Figures of the cash flow: payments per month, cumulative cash, and events over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from frames.frame import records

from ..language import t
from .comparison import currency_of, decimals_of
from .end_labels import FONT_SIZE, LineEnd, end_labels, margin_px
from .palette import Palette
from .template import axis, categories, new_figure, wrapped

HOVER_COLUMNS: Final = 64
"""Width of a line of a hover text."""
ROW_PX: Final = 46
"""Height of an option's row in the timeline."""
MONTH_TEXT: Final = "%{x|%Y-%m}"

_SYMBOLS: Final[Mapping[str, str]] = {
    "price change": "triangle-up",
    "retirement": "x",
    "fleet grows": "square",
    "replacement": "star",
    "retraining": "circle-open",
    "training ends": "line-ns-open",
    "traffic": "diamond-open",
}
"""Kind of event -> symbol of its markers."""
_OTHER: Final = "diamond"
_QUIET: Final = frozenset({"retraining"})
"""Events that recur, and stand in the timeline only."""


def payments_per_month(frame: pd.DataFrame, palette: Palette) -> go.Figure:
    """Bars side by side: the payments of each option in each month; a month without payment has no bar.

    Columns: strategy, month, cash, currency.
    """
    currency = currency_of(frame)
    decimals = decimals_of([abs(float(amount)) for amount in frame["cash"]])
    traces = [
        {
            "type": "bar",
            "name": option,
            "x": [_date(row["month"]) for row in rows],
            "y": [float(row["cash"]) or None for row in rows],
            "marker": {"color": palette.options[option]},
            "hovertemplate": f"%{{y:,.{decimals}f}} {currency}",
        }
        for option, rows in _by_option(frame).items()
    ]
    return new_figure(
        traces,
        {
            "barmode": "group",
            "hovermode": "x unified",
            "xaxis": _months_axis(),
            "yaxis": axis(t("{currency} in the month").format(currency=currency), type="linear"),
        },
    )


def cumulative_cash(
    frame: pd.DataFrame,
    crossings: pd.DataFrame,
    events: pd.DataFrame,
    leads_in: Sequence[str],
    palette: Palette,
    height: int = 420,
) -> go.Figure:
    """Line per option: payments since the start, with its name at the end.

    Rings are crossings of two lines, symbols are events, dashed lines the months of `leads_in`, from which
    on another option has paid least. Columns of `frame`: strategy, month, paid_so_far, currency; of
    `crossings`: month, ahead, behind, paid_so_far; of `events`: month, strategy, event, description.
    """
    currency = currency_of(frame)
    lines = {
        option: {_date(row["month"]): float(row["paid_so_far"]) for row in rows}
        for option, rows in _by_option(frame).items()
    }
    amounts = [amount for line in lines.values() for amount in line.values()]
    most, least = max(amounts, default=0.0) * 1.05 or 1.0, min(0.0, min(amounts, default=0.0))
    decimals = decimals_of([most])
    traces: list[dict[str, Any]] = [
        {
            "type": "scatter",
            "mode": "lines",
            "name": option,
            "x": list(line),
            "y": list(line.values()),
            "line": {"color": palette.options[option], "width": 2},
            "hovertemplate": f"%{{y:,.{decimals}f}} {currency}",
        }
        for option, line in lines.items()
    ]
    traces += [_crossings(crossings, palette), *_events_on_lines(events, lines, palette)]
    if lines:
        last = max(next(iter(lines.values())))
        ends = [LineEnd(option, palette.options[option], line[last]) for option, line in lines.items()]
        traces.append(end_labels(ends, last, (least, most), "linear", height - 70))
    return new_figure(
        traces,
        {
            "showlegend": False,
            "hovermode": "x unified",
            "margin": {"l": 8, "r": margin_px(list(lines)), "t": 28, "b": 8},
            "xaxis": _months_axis([date for line in lines.values() for date in line]),
            "yaxis": axis(
                t("Cumulative cash, {currency}").format(currency=currency), type="linear", range=[least, most]
            ),
            "shapes": [_lead_line(month, palette) for month in leads_in],
        },
    )


def event_timeline(
    events: pd.DataFrame, options: Sequence[str], months: Sequence[str], palette: Palette
) -> go.Figure:
    """Row per option with a symbol for each event; events of all options have a row of their own.

    Columns: month, strategy, event, description. `options` in the order of the rows; those without an event
    have no row. `months` of the horizon.
    """
    rows = records(events)
    everyone = t("All options")
    present = {row["strategy"] for row in rows}
    names = [*([everyone] if "" in present else []), *(name for name in options if name in present)]
    colours = {**palette.options, everyone: palette.muted}
    traces = []
    for kind in dict.fromkeys(row["event"] for row in rows):
        mine = [row for row in rows if row["event"] == kind]
        name = _capitalised(t(kind))
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": name,
                "x": [_date(row["month"]) for row in mine],
                "y": [row["strategy"] or everyone for row in mine],
                "marker": {
                    "symbol": _SYMBOLS.get(kind, _OTHER),
                    "size": 11,
                    "color": [colours.get(row["strategy"] or everyone, palette.muted) for row in mine],
                    "line": {"width": 2 if _SYMBOLS.get(kind, _OTHER).endswith("-open") else 0},
                },
                "cliponaxis": False,
                "text": [_hover(row["description"]) for row in mine],
                "hovertemplate": f"<b>{name}</b> {MONTH_TEXT}<br>%{{text}}<extra></extra>",
            }
        )
    return new_figure(
        traces,
        {
            "hovermode": "closest",
            "showlegend": bool(traces),
            "xaxis": {**_months_axis([_date(month) for month in months]), "showgrid": True},
            "yaxis": {**categories(names), "showgrid": True},
        },
    )


def timeline_height(events: pd.DataFrame) -> int:
    """Height of `event_timeline` in pixels."""
    return 110 + ROW_PX * int(events["strategy"].nunique())


def _months_axis(dates: Sequence[str] = ()) -> dict[str, Any]:
    """Axis of months; `dates`: from the first of them to the last, without room beside them."""
    ends = {"range": [min(dates), max(dates)]} if len(set(dates)) > 1 else {}
    return {
        **ends,
        "type": "date",
        "tickformat": "%Y-%m",
        "hoverformat": "%Y-%m",
        "showgrid": False,
        "unifiedhovertitle": {"text": f"<b>{MONTH_TEXT}</b>"},
    }


def _date(month: str) -> str:
    """The first day of a month such as 2026-11."""
    return f"{month}-01"


def _by_option(frame: pd.DataFrame) -> dict[str, list[dict[str, Any]]]:
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in records(frame):
        rows.setdefault(row["strategy"], []).append(row)
    return rows


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def _hover(text: str) -> str:
    return wrapped(text.replace("<", "&lt;"), HOVER_COLUMNS)


def _crossings(crossings: pd.DataFrame, palette: Palette) -> dict[str, Any]:
    rows = records(crossings)
    template = t("{ahead} has paid less than {behind} from here on")
    return {
        "type": "scatter",
        "mode": "markers",
        "name": t("Crossing"),
        "x": [_date(row["month"]) for row in rows],
        "y": [float(row["paid_so_far"]) for row in rows],
        "marker": {
            "symbol": "circle-open",
            "size": 12,
            "color": palette.text,
            "line": {"width": 1.5},
        },
        "showlegend": False,
        "text": [_hover(template.format(ahead=row["ahead"], behind=row["behind"])) for row in rows],
        "hovertemplate": "%{text}<extra></extra>",
    }


def _events_on_lines(
    events: pd.DataFrame, lines: Mapping[str, Mapping[str, float]], palette: Palette
) -> list[dict[str, Any]]:
    """Markers on the line of their option; events of one month share a marker."""
    texts: dict[tuple[str, str], list[str]] = {}
    kinds: dict[tuple[str, str], str] = {}
    for row in records(events):
        place = row["strategy"], _date(row["month"])
        if row["event"] in _QUIET or place[0] not in lines:
            continue
        texts.setdefault(place, []).append(
            f"<b>{_capitalised(t(row['event']))}</b> {_hover(row['description'])}"
        )
        kinds.setdefault(place, row["event"])
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "name": option,
            "x": [date for name, date in texts if name == option],
            "y": [lines[option][date] for name, date in texts if name == option],
            "marker": {
                "symbol": [_SYMBOLS.get(kind, _OTHER) for (name, _), kind in kinds.items() if name == option],
                "size": 10,
                "color": palette.options[option],
                "line": {"color": palette.paper, "width": 1},
            },
            "showlegend": False,
            "text": ["<br>".join(lines_) for (name, _), lines_ in texts.items() if name == option],
            "hovertemplate": "%{text}<extra></extra>",
        }
        for option in dict.fromkeys(name for name, _ in texts)
    ]


def _lead_line(month: str, palette: Palette) -> dict[str, Any]:
    date = _date(month)
    return {
        "type": "line",
        "x0": date,
        "x1": date,
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "line": {"color": palette.muted, "width": 1, "dash": "dash"},
        "label": {
            "text": month,
            "textposition": "end",
            "textangle": 0,
            "xanchor": "left",
            "yanchor": "bottom",
            "font": {"size": FONT_SIZE, "color": palette.muted},
        },
    }
