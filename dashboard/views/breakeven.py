"""Break-even view: cheapest option by volume, all break-even points, and reasons where there are none."""

from __future__ import annotations

from typing import Final

import streamlit as st

from costing.comparison.breakeven import Breakeven
from costing.comparison.compare import Comparison
from costing.comparison.fee_structures import two_ways_to_charge
from costing.currency import USD
from costing.reports import pairs as report_of_pairs
from costing.reports import volume as report

from .. import session as state
from ..components.downloads import frame_button
from ..components.frame_table import frame_table
from ..components.section import section
from ..language import markdown_safe, render, t, translator

MAX_SHOWN: Final = 500
"""Maximum rows of the table; the CSV holds all."""
COUNTING: Final = ("counting_method",)
"""Only in the CSV: the overview has it for each option."""
MAX_OPEN_PAIRS: Final = 3
"""Maximum number of pairs whose reasons are open at first."""


def show(comparison: Comparison) -> None:
    """Render the cheapest option by volume, pairs, all break-even points, and marginal costs."""
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
    frame_table(winners, "table_winners", hidden=COUNTING)
    frame_button(f"{scenario_id}-winners", lambda: winners, "csv_winners")

    _pairs(comparison, result)
    _crossings(comparison, result)
    section(
        t("Marginal cost per million tokens at scale"),
        t(
            "With warm caches and a large fleet. An option with a higher marginal cost can never be the "
            "cheapest at high volume, whatever the break-even of its fixed cost is. All are counted in the "
            "tokens of the first hosted option, so that they compare."
        ),
    )
    marginal = report.marginal(comparison, result, translate)
    bar = "usd_per_mtok" if comparison.currency.code == USD else ""
    frame_table(marginal, "table_marginal", bar=bar, hidden=COUNTING)
    frame_button(f"{scenario_id}-marginal", lambda: marginal, "csv_marginal")


def _pairs(comparison: Comparison, result: Breakeven) -> None:
    """Render the first break-even point of each pair, and the reasons as sentences."""
    if not result.pairs:
        return
    section(t("Pairwise comparison"), t("The first break-even point of each pair of options."))
    table = report_of_pairs.pairs(result, translator())
    frame_table(table, "table_pairs", hidden=["cheaper_below", "cheaper_above", "explanation"])
    frame_button(f"{comparison.scenario.id}-pairs", lambda: table, "csv_pairs")
    with st.expander(t("Reasons"), expanded=len(result.pairs) <= MAX_OPEN_PAIRS, key="pair_reasons"):
        for pair in result.pairs:
            names = f"{render(pair.first.name)} · {render(pair.second.name)}"
            why = render(pair.explanation)
            charges = two_ways_to_charge(comparison, pair)
            if charges is not None:
                why = f"{why} {render(charges)}"
            st.markdown(f"- **{markdown_safe(names)}**: {markdown_safe(why)}")


def _crossings(comparison: Comparison, result: Breakeven) -> None:
    """Render every break-even point, with both sides of each."""
    section(t("All break-even points"))
    crossings = report.crossings(comparison, result, translator())
    if not len(crossings):
        st.info(t("There is no break-even point at any volume: one option is always the cheapest."))
        return
    frame_table(crossings.head(MAX_SHOWN), "table_crossings", hidden=["first", "second", *COUNTING])
    if len(crossings) > MAX_SHOWN:
        st.caption(
            t("The first {shown:,} of {all:,}; the CSV holds all.").format(
                shown=MAX_SHOWN, all=len(crossings)
            )
        )
    frame_button(f"{comparison.scenario.id}-crossings", lambda: crossings, "csv_crossings")
