"""Figures of the cash flow: what is drawn, and what a hover says."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest

from costing.cash_flow.cash_flow import cash_flows
from costing.comparison.compare import compare
from costing.reports import cash_flow as report
from costing.scenario.library import load_scenario, shipped_ids
from dashboard.figures.cash_flow import cumulative_cash, event_timeline, payments_per_month, timeline_height
from dashboard.figures.palette import palette

from ...support.factories import frozen_book
from ...support.plotly import checked, traces

COLOURS = palette(["A", "B"])
MONTHS = pd.DataFrame(
    [
        {"strategy": name, "month": month, "cash": cash, "paid_so_far": paid, "currency": "USD"}
        for name, amounts in {"A": [(100.0, 100.0), (0.0, 100.0)], "B": [(60.0, 60.0), (60.0, 120.0)]}.items()
        for month, (cash, paid) in zip(("2026-11", "2026-12"), amounts, strict=True)
    ]
)
CROSSINGS = pd.DataFrame([{"month": "2026-12", "ahead": "A", "behind": "B", "paid_so_far": 100.0}])


def event(month: str, strategy: str, kind: str, text: str) -> dict[str, str]:
    return {"month": month, "strategy": strategy, "event": kind, "description": text}


EVENTS = pd.DataFrame(
    [
        event("2026-11", "A", "retraining", "Retraining: 5.00 USD."),
        event("2026-12", "A", "retirement", "a <b> ends."),
        event("2026-12", "A", "price change", "Input is cheaper."),
        event("2026-12", "", "traffic", "Traffic is held."),
    ]
)


def cumulative(**changes: Any) -> go.Figure:
    inputs = {"crossings": CROSSINGS, "events": EVENTS, "leads_in": ["2026-12"], **changes}
    return cumulative_cash(MONTHS, palette=COLOURS, **inputs)


def test_a_month_without_a_payment_has_no_bar_and_no_hover_text() -> None:
    first, second = traces(payments_per_month(MONTHS, COLOURS))
    assert (first["name"], first["x"], first["y"]) == ("A", ["2026-11-01", "2026-12-01"], [100.0, None])
    assert second["y"] == [60.0, 60.0]
    assert first["marker"]["color"] == COLOURS.options["A"]


def test_each_option_is_a_line_with_its_name_at_the_end() -> None:
    first, second, *_, labels = traces(cumulative())
    assert (first["name"], first["y"], second["y"]) == ("A", [100.0, 100.0], [60.0, 120.0])
    assert [text.strip() for text in labels["text"]] == ["A", "B"]
    assert labels["meta"] == {"role": "end_labels"}


def test_a_crossing_is_a_ring_that_says_who_overtakes_whom() -> None:
    ring = next(trace for trace in traces(cumulative()) if trace["name"] == "Crossing")
    assert (ring["x"], ring["y"]) == (["2026-12-01"], [100.0])
    assert ring["text"] == ["A has paid less than B from here on"]


def test_events_of_one_month_share_a_marker_on_the_line_and_retraining_has_none() -> None:
    marked = [trace for trace in traces(cumulative()) if trace["mode"] == "markers" and trace["name"] == "A"]
    (marks,) = marked
    assert (marks["x"], marks["y"]) == (["2026-12-01"], [100.0])
    assert marks["text"] == ["<b>Retirement</b> a &lt;b> ends.<br><b>Price change</b> Input is cheaper."]


def test_a_change_of_the_lead_is_a_dashed_line_with_its_month() -> None:
    (line,) = cumulative().to_plotly_json()["layout"]["shapes"]
    assert (line["x0"], line["label"]["text"], line["line"]["dash"]) == ("2026-12-01", "2026-12", "dash")
    assert cumulative(leads_in=[]).to_plotly_json()["layout"]["shapes"] == []


def test_the_timeline_has_a_row_per_option_and_one_for_all_of_them() -> None:
    figure = event_timeline(EVENTS, ["A", "B"], ["2026-11", "2026-12", "2027-01"], COLOURS)
    layout = figure.to_plotly_json()["layout"]
    assert layout["yaxis"]["categoryarray"] == ["All options", "A"]
    assert layout["xaxis"]["range"] == ["2026-11-01", "2027-01-01"]
    by_kind = {trace["name"]: trace for trace in traces(figure)}
    assert list(by_kind) == ["Retraining", "Retirement", "Price change", "Traffic"]
    assert by_kind["Traffic"]["y"] == ["All options"]
    symbols = [trace["marker"]["symbol"] for trace in by_kind.values()]
    assert len(set(symbols)) == len(symbols)
    assert timeline_height(EVENTS) > timeline_height(EVENTS.head(1))


@pytest.mark.parametrize("scenario_id", shipped_ids())
def test_plotly_accepts_the_figures_of_every_scenario(scenario_id: str) -> None:
    comparison = compare(load_scenario(scenario_id), frozen_book())
    flows = cash_flows(comparison)
    names = [str(outcome.name) for outcome in comparison.outcomes]
    months = report.cash_months(comparison, flows)
    events = report.event_timeline(comparison, flows)
    crossings = report.lead_changes(comparison, flows)
    colours = palette(names)
    for figure in (
        payments_per_month(months, colours),
        cumulative_cash(months, crossings, events, ["2027-01"], colours),
        event_timeline(events, names, ["2026-11", "2027-10"], colours),
    ):
        assert checked(figure)["data"]
