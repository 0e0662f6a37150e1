"""Winners tab: cheapest option by volume and API price, and the cost steps of servers against the API."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from costing.claim.reconstruction import Claim
from costing.claim.winner_map import CELLS_A_DECADE, MapRow, StairRow, map_rows, stair_rows

from ..components.downloads import csv_button
from ..components.tables import section
from ..figures import claim as charts
from ..language import render, t


def show(claim: Claim, both: Mapping[str, Claim]) -> None:
    """Render the map with bought and rented servers, then the cost steps of the chosen tenure.

    Raises CrossoverError if the servers cannot serve the workload.
    """
    section(
        t("Who is cheapest, by volume and API price"),
        t(
            "The API at any price, the same servers bought, and rented. Dashed: the price of the model "
            "chosen above; the ring: where it meets the servers. A colour that is missing wins nowhere."
        ),
    )
    rows = map_rows(tuple(both.values()))
    names = {"api": t("API"), "owned": t("Servers, bought"), "rented": t("Servers, rented")}
    st.echarts_chart(
        charts.winners(
            rows, names, claim.usd_per_mtok(claim.api), claim.break_even.tokens_per_day, CELLS_A_DECADE
        ),
        key="chart_winners",
        height=440,
        alt=t("Map: the cheapest of API, bought and rented servers by tokens a day and API price"),
    )
    csv_button("claim-winners", MapRow, lambda: rows, "csv_winners_map")
    section(
        t("The fleet's staircase against the API's line"),
        t("The fleet grows by whole replicas; each step buys room that is idle at first."),
    )
    stairs = stair_rows(claim)
    st.echarts_chart(
        charts.staircase(
            stairs,
            claim.api.model.name,
            render(claim.own.label),
            claim.tenure,
            claim.break_even.tokens_per_day,
        ),
        key="chart_stairs",
        height=400,
        alt=t("Lines: USD a month of the API and of the servers against tokens a day"),
    )
    csv_button("claim-staircase", StairRow, lambda: stairs, "csv_stairs")
