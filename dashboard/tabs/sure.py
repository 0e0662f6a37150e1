"""How-sure tab: draws of the unsure inputs, run on a button; bands, chances, a tornado, and their CSVs."""

from __future__ import annotations

from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from costing.compare import Comparison
from costing.deciding.resolved import ranked, ranked_usd
from costing.sure import report as report
from costing.sure.basis import with_people
from costing.sure.knowing import LEAST_DRAWS
from costing.sure.uncertainty import DRAWS, MOST_DRAWS, SEED, Uncertainty, uncertainty
from pricing.message import CrossoverError

from .. import charts, state, sure_charts
from ..downloads import csv_button
from ..frame import say_faults
from ..i18n import markdown_safe, say, t, translator
from . import sure_bands, sure_ranges, what_if
from .layout import heading, money_table

MOST_BARS: Final = 12
MOST_SEED: Final = 1_000_000


def show(comparison: Comparison) -> None:
    """The button, and what it found for the scenario as it is."""
    heading(
        t("How sure is the verdict?"),
        t(
            "Every input that is not sure is drawn at random within its range, many times, and each time the "
            "strategies are priced anew. Ranges of your own are part of the scenario; the others are "
            "proposed and called assumed."
        ),
    )
    people = with_people(comparison)
    if people is not None:
        st.markdown(f":material/group: {markdown_safe(say(people))}")
    sure_ranges.show(comparison)
    left, middle, right = st.columns(3, vertical_alignment="bottom")
    draws = int(
        left.number_input(
            t("Draws"), min_value=100, max_value=MOST_DRAWS, value=DRAWS, step=1000, key="draws"
        )
    )
    seed = int(
        middle.number_input(
            t("Seed"),
            min_value=0,
            max_value=MOST_SEED,
            value=SEED,
            key="seed",
            help=t("The same seed draws the same figures again."),
        )
    )
    if right.button(t("Draw"), key="draw", type="primary", icon=":material/casino:"):
        _draw(comparison, draws, seed)
    found = state.uncertainty_of(comparison, draws, seed)
    if found is None and draws <= DRAWS:  # so few take no longer than the page itself
        _draw(comparison, draws, seed)
        found = state.uncertainty_of(comparison, draws, seed)
    if found is None:
        st.info(t("Press 'Draw': nothing has been drawn for the scenario as it is now."))
    else:
        _found(found)
    what_if.show(comparison)


def _draw(comparison: Comparison, draws: int, seed: int) -> None:
    progress = st.progress(0.0, text=t("Drawing"))
    try:
        found = uncertainty(
            comparison,
            draws,
            seed,
            lambda share: _tell(progress, share),
            before=state.last_uncertainty(),
        )
        state.keep_uncertainty(found)
    except CrossoverError as error:
        say_faults(error)
    progress.empty()


def _tell(progress: DeltaGenerator, share: float) -> None:
    progress.progress(share, text=t("Drawing"))


def _found(found: Uncertainty) -> None:
    comparison, translate = found.comparison, translator()
    scenario_id, currency = comparison.scenario.id, comparison.currency.code
    colour = charts.colours([say(outcome.name) for outcome in comparison.outcomes])
    for sentence in (
        report.sentence(found),
        report.overturned_by(found),
        report.breakeven_sentence(found),
        report.knowing_sentence(found),
        *report.impossible(found),
    ):
        if sentence is not None:
            st.markdown(f"- {markdown_safe(say(sentence))}")

    rows = report.sure_rows(found, translate)
    height = 64 + 44 * len(rows)
    heading(
        t("What a month may cost"),
        t("From the 5th to the 95th percentile of {draws:,} draws; the ring is the median.").format(
            draws=found.draws
        ),
    )
    st.echarts_chart(
        sure_charts.bands(rows, colour, currency),
        key="chart_bands",
        height=height,
        alt=t("Bands: the 5th to the 95th percentile of each strategy's cost a month"),
    )
    heading(t("How often each is the cheapest"), t("All strategies see the same draws."))
    st.echarts_chart(
        sure_charts.chances(rows, colour),
        key="chart_chances",
        height=height,
        alt=t("Bars: the share of the draws in which each strategy is the cheapest"),
    )
    money_table(rows, report.SureRow, key="table_sure", hidden=("includes_people",))
    csv_button(f"{scenario_id}-how-sure", report.SureRow, lambda: rows, "csv_sure")
    sure_bands.show(found, colour)
    _tornado(found)
    _worth(found)
    heading(
        t("What is not sure"),
        t("Tokens, prices, counts and speeds are factors: 1 is what the scenario or the table says."),
    )
    inputs = report.input_rows(found, translate)
    money_table(inputs, report.InputRow, key="table_inputs")
    csv_button(f"{scenario_id}-ranges", report.InputRow, lambda: inputs, "csv_inputs")


def _worth(found: Uncertainty) -> None:
    """What a test or a pilot could be worth at most, input by input."""
    rows = report.knowing_rows(found, translator())
    heading(
        t("What it is worth to know"),
        t(
            "The expected value of perfect information: what the choice would save on average if that input "
            "were known exactly first. A benchmark or a pilot is worth no more than that for this choice."
        ),
    )
    if not rows:
        st.info(
            t(
                "Nothing to choose from: fewer than two strategies are possible in every draw, or there are "
                "fewer than {least} draws."
            ).format(least=LEAST_DRAWS)
        )
        return
    currency = found.comparison.currency.code
    shown = rows[: MOST_BARS + 1]
    st.echarts_chart(
        sure_charts.worth(shown, currency),
        key="chart_worth",
        height=96 + 36 * len(shown),
        alt=t("Bars: what knowing each input exactly is worth a month, the most on top"),
    )
    csv_button(
        f"{found.comparison.scenario.id}-worth-of-knowing", report.KnowingRow, lambda: rows, "csv_worth"
    )


def _tornado(found: Uncertainty) -> None:
    """Of one strategy, the cheapest of the verdict first."""
    comparison = found.comparison
    heading(
        t("What moves it"),
        t("Each input alone from the low to the high end of its range, all others as they are likely."),
    )
    if not comparison.feasible:
        return
    names = {say(outcome.name): outcome for outcome in (*ranked(comparison), *comparison.feasible)}
    chosen = st.selectbox(t("Strategy"), list(names), key=state.key("tornado_strategy"))
    outcome = names[chosen]
    every = report.swing_rows(found, translator())
    rows = [row for row in every if row.strategy == chosen and row.amount_at_low != row.amount_at_high][
        :MOST_BARS
    ]
    if rows:
        st.echarts_chart(
            sure_charts.tornado(
                rows, float(comparison.currency.of(ranked_usd(comparison, outcome))), comparison.currency.code
            ),
            key="chart_swings",
            height=96 + 36 * len(rows),
            alt=t("Bars: the cost at both ends of each input's range, the longest first"),
        )
    else:
        st.info(t("No input moves it within its range."))
    csv_button(f"{comparison.scenario.id}-tornado", report.SwingRow, lambda: every, "csv_swings")
