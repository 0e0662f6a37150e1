"""Cost map tab: cheapest option by volume and API price, and the cost of servers and API by volume."""

from __future__ import annotations

from collections.abc import Mapping

from costing.claim import winner_map
from costing.claim.reconstruction import Claim
from pricing.rows.names import full_name

from ..components.downloads import frame_button
from ..components.figure import figure
from ..components.section import section
from ..figures import claim_costs as figures
from ..figures.palette import palette
from ..language import t
from .labels import SIDES


def show(claim: Claim, both: Mapping[str, Claim]) -> None:
    """Render the map with bought and rented servers, then the cost curves of the chosen tenure.

    Raises CrossoverError if the servers cannot serve the workload.
    """
    names = {side: t(name) for side, name in SIDES.items()}
    section(
        t("Cheapest option by volume and API price"),
        t(
            "The API at any price, and the same servers bought or rented. An option without a region is "
            "never the cheapest."
        ),
    )
    cells = winner_map.cost_map(tuple(both.values()))
    figure(
        figures.cost_map(
            cells, palette(), names, claim.usd_per_mtok(claim.api), claim.break_even.tokens_per_day
        ),
        key="chart_cost_map",
        height=440,
        alt=t("Map: the cheapest of API, bought and rented servers by tokens per day and API price"),
    )
    frame_button("claim-cost-map", lambda: cells, "csv_cost_map")
    section(
        t("Cost by volume"),
        t("The servers grow by whole replicas; each step adds capacity that is idle at first."),
    )
    curves = winner_map.cost_curves(claim)
    figure(
        figures.cost_curves(
            curves,
            palette(),
            {**names, "api": full_name(claim.api.model)},
            claim.tenure,
            claim.break_even.tokens_per_day,
        ),
        key="chart_cost_curves",
        height=400,
        alt=t("Lines: USD per month of the API and of the servers by tokens per day"),
    )
    frame_button("claim-cost-curves", lambda: curves, "csv_cost_curves")
