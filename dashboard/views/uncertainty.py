"""Uncertainty view: Monte Carlo simulation, bands of cost, probabilities, tornado chart, EVPI, and CSVs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from costing.comparison.compare import Comparison, Outcome
from costing.comparison.resolution import ranked, ranked_usd
from costing.reports import uncertainty as report
from costing.reports.cost_basis import with_people
from costing.uncertainty.evpi import MIN_DRAWS
from costing.uncertainty.monte_carlo import DRAWS, MAX_DRAWS, SEED, Uncertainty
from i18n.errors import CrossoverError

from .. import session as state
from ..components.downloads import csv_button
from ..components.live_figure import chart
from ..components.page_frame import say_errors
from ..components.tables import dataframe, section
from ..figures import comparison as charts
from ..figures import uncertainty as uncertainty_figures
from ..language import markdown_safe, render, t, translator
from . import uncertainty_bands, uncertainty_ranges, what_if

MAX_BARS: Final = 12
MAX_WORTH: Final = MAX_BARS + 1
MAX_SEED: Final = 1_000_000
QUICK_S: Final = 0.4
"""A slower simulation does not run at every move of the slider, but when the slider is idle."""
_DRAWS: Final = "draws"
_SEED: Final = "seed"
_STRATEGY: Final = "tornado_strategy"


def show(comparison: Comparison) -> None:
    """Render the inputs, and the results for the current scenario."""
    section(
        t("How sure is the verdict?"),
        t(
            "Every input that is not sure is drawn at random within its range, many times, and each time the "
            "strategies are priced anew. Ranges of your own are part of the scenario; the others are "
            "proposed and called assumed."
        ),
    )
    people = with_people(comparison)
    if people is not None:
        st.markdown(f":material/group: {markdown_safe(render(people))}")
    uncertainty_ranges.show(comparison)
    left, middle, right = st.columns(3, vertical_alignment="bottom")
    draws = int(
        left.number_input(t("Draws"), min_value=100, max_value=MAX_DRAWS, value=DRAWS, step=1000, key=_DRAWS)
    )
    seed = int(
        middle.number_input(
            t("Seed"),
            min_value=0,
            max_value=MAX_SEED,
            value=SEED,
            key=_SEED,
            help=t("The same seed draws the same figures again."),
        )
    )
    is_requested = right.button(t("Draw"), key="draw", type="primary", icon=":material/casino:")
    result = None if is_requested else state.uncertainty_of(comparison, draws, seed)
    if result is None and (is_requested or draws <= DRAWS):  # few draws take no longer than the page
        try:
            result = _draw(comparison, draws, seed)
        except CrossoverError as error:
            say_errors(error)
    elif result is None:
        st.info(t("Press 'Draw': nothing has been drawn for the scenario as it is now."))
    if result is not None:
        _results(result)
    what_if.show(comparison)


def specs(comparison: Comparison) -> dict[str, dict[str, Any]]:
    """Chart specifications by key; none if sampling fails or is too slow for every move of the slider."""
    draws, seed = _draws_and_seed()
    result = state.uncertainty_of(comparison, draws, seed)
    if result is None:
        if draws > DRAWS or state.drawing_s() > QUICK_S:
            return {}
        try:
            result = state.drawn(comparison, draws, seed)
        except CrossoverError:  # the view shows the error
            return {}
    return _specs(result)


def _draws_and_seed() -> tuple[int, int]:
    """Number of draws, and the seed."""
    return int(state.held(_DRAWS, DRAWS)), int(state.held(_SEED, SEED))


def _specs(result: Uncertainty) -> dict[str, dict[str, Any]]:
    comparison, translate = result.comparison, translator()
    currency = comparison.currency.code
    colour = charts.colours([render(outcome.name) for outcome in comparison.outcomes])
    rows = report.uncertainty_rows(result, translate)
    drawn = {
        "chart_bands": uncertainty_figures.bands(rows, colour, currency),
        "chart_chances": uncertainty_figures.chances(rows, colour),
        "chart_worth": uncertainty_figures.worth(report.evpi_rows(result, translate)[:MAX_WORTH], currency),
        **uncertainty_bands.specs(result, colour),
    }
    names = _strategies(comparison)
    if names:
        kept = state.held(state.key(_STRATEGY), "")
        chosen = kept if kept in names else next(iter(names))
        usual = float(comparison.currency.of(ranked_usd(comparison, names[chosen])))
        drawn["chart_swings"] = uncertainty_figures.tornado(
            _swings(report.swing_rows(result, translate), chosen), usual, currency
        )
    return drawn


def _draw(comparison: Comparison, draws: int, seed: int) -> Uncertainty:
    progress = st.progress(0.0, text=t("Drawing"))
    try:
        return state.drawn(comparison, draws, seed, lambda share: _show_progress(progress, share))
    finally:
        progress.empty()


def _show_progress(progress: DeltaGenerator, share: float) -> None:
    progress.progress(share, text=t("Drawing"))


def _results(result: Uncertainty) -> None:
    comparison, translate = result.comparison, translator()
    scenario_id, drawn = comparison.scenario.id, _specs(result)
    for sentence in (
        report.sentence(result),
        report.reversal_inputs(result),
        report.breakeven_sentence(result),
        report.evpi_sentence(result),
        *report.impossible(result),
        *report.slow_formulas(result),
    ):
        if sentence is not None:
            st.markdown(f"- {markdown_safe(render(sentence))}")

    rows = report.uncertainty_rows(result, translate)
    height = 64 + 44 * len(rows)
    section(
        t("What a month may cost"),
        t("From the 5th to the 95th percentile of {draws:,} draws; the ring is the median.").format(
            draws=result.draws
        ),
    )
    chart(
        drawn["chart_bands"],
        key="chart_bands",
        height=height,
        alt=t("Bands: the 5th to the 95th percentile of each strategy's cost a month"),
    )
    section(t("How often each is the cheapest"), t("All strategies see the same draws."))
    chart(
        drawn["chart_chances"],
        key="chart_chances",
        height=height,
        alt=t("Bars: the share of the draws in which each strategy is the cheapest"),
    )
    dataframe(rows, report.UncertaintyRow, key="table_sure", hidden=("includes_people",))
    csv_button(f"{scenario_id}-how-sure", report.UncertaintyRow, lambda: rows, "csv_sure")
    uncertainty_bands.show(result, drawn)
    _tornado(result, drawn)
    _worth(result, drawn)
    section(
        t("What is not sure"),
        t("Tokens, prices, counts and speeds are factors: 1 is what the scenario or the table says."),
    )
    inputs = report.input_rows(result, translate)
    dataframe(inputs, report.InputRow, key="table_inputs")
    csv_button(f"{scenario_id}-ranges", report.InputRow, lambda: inputs, "csv_inputs")


def _worth(result: Uncertainty, drawn: Mapping[str, dict[str, Any]]) -> None:
    """Render the EVPI per input: the most that a test or a pilot is worth."""
    rows = report.evpi_rows(result, translator())
    section(
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
            ).format(least=MIN_DRAWS)
        )
        return
    chart(
        drawn["chart_worth"],
        key="chart_worth",
        height=96 + 36 * len(rows[:MAX_WORTH]),
        alt=t("Bars: what knowing each input exactly is worth a month, the most on top"),
    )
    csv_button(f"{result.comparison.scenario.id}-worth-of-knowing", report.EvpiRow, lambda: rows, "csv_worth")


def _strategies(comparison: Comparison) -> dict[str, Outcome]:
    """Feasible strategies by name, the cheapest first."""
    if not comparison.feasible:
        return {}
    return {render(outcome.name): outcome for outcome in (*ranked(comparison), *comparison.feasible)}


def _swings(rows: Sequence[report.SwingRow], strategy: str) -> list[report.SwingRow]:
    """Largest swings of one strategy."""
    own = [row for row in rows if row.strategy == strategy and row.amount_at_low != row.amount_at_high]
    return own[:MAX_BARS]


def _tornado(result: Uncertainty, drawn: Mapping[str, dict[str, Any]]) -> None:
    """Render the tornado chart of one strategy."""
    comparison = result.comparison
    section(
        t("What moves it"),
        t("Each input alone from the low to the high end of its range, all others as they are likely."),
    )
    names = _strategies(comparison)
    if not names:
        return
    chosen = st.selectbox(t("Strategy"), list(names), key=state.key(_STRATEGY))
    every = report.swing_rows(result, translator())
    rows = _swings(every, chosen)
    if rows:
        chart(
            drawn["chart_swings"],
            key="chart_swings",
            height=96 + 36 * len(rows),
            alt=t("Bars: the cost at both ends of each input's range, the longest first"),
        )
    else:
        st.info(t("No input moves it within its range."))
    csv_button(f"{comparison.scenario.id}-tornado", report.SwingRow, lambda: every, "csv_swings")
