"""Break-even view: cheapest strategy by volume, all crossings, and reasons where there are none."""

from __future__ import annotations

from typing import Final

import streamlit as st

from costing.comparison.compare import Comparison
from costing.comparison.fee_structures import two_ways_to_charge
from costing.reports import volume as report

from .. import session as state
from ..components.downloads import frame_button
from ..components.frame_table import frame_table
from ..components.tables import section
from ..language import markdown_safe, render, t, translator

MAX_SHOWN: Final = 500
"""Maximum rows of the table; the CSV holds all."""


def show(comparison: Comparison) -> None:
    """Render winners by volume, sentences on pairs, the table of crossings, marginal costs."""
    result = state.breakeven_of(comparison)
    section(
        render(result.verdict),
        t(
            "At the prices of {day}, without growth. Tokens are those of the hosted side of each pair, input "
            "and output, in its own tokenizer."
        ).format(day=comparison.scenario.on.isoformat()),
    )
    translate, scenario_id = translator(), comparison.scenario.id
    winners = report.winners(comparison, result, translate)
    frame_table(winners, "table_winners")
    frame_button(f"{scenario_id}-winners", lambda: winners, "csv_winners")

    section(t("Pair by pair"))
    for pair in result.pairs:
        names = f"{render(pair.first.name)} · {render(pair.second.name)}"
        why = render(pair.explanation)
        charges = two_ways_to_charge(comparison, pair)
        if charges is not None:
            why = f"{why} {render(charges)}"
        st.markdown(f"- **{markdown_safe(names)}**: {markdown_safe(why)}")

    crossings = report.crossings(comparison, result, translate)
    section(t("Every crossing"))
    if len(crossings):
        frame_table(crossings.head(MAX_SHOWN), "table_crossings")
        if len(crossings) > MAX_SHOWN:
            st.caption(
                t("The first {shown:,} of {all:,}; the CSV holds all.").format(
                    shown=MAX_SHOWN, all=len(crossings)
                )
            )
        frame_button(f"{scenario_id}-crossings", lambda: crossings, "csv_crossings")
    else:
        st.info(t("No pair crosses at any volume: one strategy is cheapest throughout."))

    section(
        t("The second condition: what one million tokens more cost in the long run"),
        t(
            "With warm caches and a large fleet. A strategy whose long-run cost is higher can never win at "
            "high volume, whatever the break-even of its fixed cost says. All are counted in the tokens of "
            "the first hosted strategy, so that they compare."
        ),
    )
    marginal = report.marginal(comparison, result, translate)
    frame_table(marginal, "table_marginal")
    frame_button(f"{scenario_id}-marginal", lambda: marginal, "csv_marginal")
