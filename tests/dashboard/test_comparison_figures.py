"""Charts from rows: every cost line has its colour."""

from __future__ import annotations

from costing.comparison.compare import compare
from costing.reports.comparison import line_rows
from dashboard.figures.comparison import LINE_COLOURS, stacked_bar

from ..support.factories import book, choice, deployment, scenario


def test_the_lines_of_a_bought_fleet_with_all_its_extras_can_be_drawn() -> None:
    fleet = choice(
        "self_hosted",
        deployment="open-10b-1xg1",
        tenure="owned",
        licence_usd_per_gpu_year=4500,
        colocation_usd_per_kw_month=150,
        setup_usd=10_000,
    )
    rows = line_rows(compare(scenario(fleet), book(deployment())))
    assert {"licences", "colocation", "setup"} <= {row.category for row in rows} <= set(LINE_COLOURS)
    drawn = {series["name"] for series in stacked_bar(rows, "USD")["series"]}
    assert drawn == {row.line for row in rows}
