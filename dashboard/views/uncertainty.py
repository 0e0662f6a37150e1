"""Risk & sensitivity view: how sure the choice is, cost ranges and the tornado; more in expanders."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from costing.comparison.compare import Comparison, Outcome
from costing.comparison.resolution import ranked, ranked_usd
from costing.decision.recommendation import decide
from costing.reports import uncertainty as report
from costing.reports import uncertainty_sentences as sentences
from costing.reports.cost_basis import with_people
from costing.uncertainty.monte_carlo import DRAWS, MAX_DRAWS, SEED, Uncertainty
from i18n.errors import CrossoverError

from .. import session as state
from ..components.downloads import frame_button
from ..components.figure import figure, spec
from ..components.page_frame import say_errors
from ..components.section import section
from ..figures import uncertainty as figures_of
from ..figures.palette import Palette, palette
from ..language import markdown_safe, render, t, translator
from . import uncertainty_bands, uncertainty_details, uncertainty_ranges, what_if

MAX_BARS: Final = 12
MAX_SEED: Final = 1_000_000
QUICK_S: Final = 0.4
"""A slower simulation does not run at every move of the slider, but when the slider is idle."""
_DRAWS: Final = "draws"
_SEED: Final = "seed"
_OPTION: Final = "tornado_strategy"


def show(comparison: Comparison) -> None:
    """Render the settings, the main results and the expanders with more."""
    answer, settings_button = st.columns([4, 1.2], vertical_alignment="top")
    with settings_button:
        draws, seed, is_requested = _settings()
    result = None if is_requested else state.uncertainty_of(comparison, draws, seed)
    with answer:
        if result is None and (is_requested or draws <= DRAWS):  # few take no longer than the page
            try:
                result = _run(comparison, draws, seed)
            except CrossoverError as error:
                say_errors(error)
        elif result is None:
            st.info(t("The inputs have changed. Press Run to simulate them."))
        if result is not None:
            _answer(result)
    if result is not None:
        _main(result)
    section(t("More analysis"), t("Each of these is calculated when you open it."))
    _more(comparison, result)


def figures(comparison: Comparison) -> dict[str, go.Figure]:
    """Figures on the screen by key; none if sampling fails or is too slow for every move of the slider."""
    draws, seed = _draws_and_seed()
    result = state.uncertainty_of(comparison, draws, seed)
    if result is None:
        if draws > DRAWS or state.drawing_s() > QUICK_S:
            return {}
        try:
            result = state.drawn(comparison, draws, seed)
        except CrossoverError:  # the view shows the error
            return {}
    colours = _palette(comparison)
    return {
        **_main_figures(result, colours),
        **uncertainty_bands.figures(result, colours),
        **uncertainty_details.figures(result, colours),
    }


def specs(comparison: Comparison) -> dict[str, dict[str, Any]]:
    """The same figures for the live panel."""
    return {key: spec(fig) for key, fig in figures(comparison).items()}


def _draws_and_seed() -> tuple[int, int]:
    """Number of simulations, and the seed."""
    return int(state.held(_DRAWS, DRAWS)), int(state.held(_SEED, SEED))


def _palette(comparison: Comparison) -> Palette:
    return palette(render(outcome.name) for outcome in comparison.outcomes)


def _settings() -> tuple[int, int, bool]:
    """Render the settings of the simulation; returns their values, and whether to run it."""
    with st.popover(t("Simulation settings"), icon=":material/tune:", key="simulation", width="stretch"):
        draws = st.number_input(
            t("Simulations"), min_value=100, max_value=MAX_DRAWS, value=DRAWS, step=1000, key=_DRAWS
        )
        seed = st.number_input(
            t("Random seed"),
            min_value=0,
            max_value=MAX_SEED,
            value=SEED,
            key=_SEED,
            help=t("The same seed gives the same results."),
        )
        is_requested = st.button(
            t("Run"), key="draw", type="primary", icon=":material/casino:", width="stretch"
        )
    return int(draws), int(seed), is_requested


def _run(comparison: Comparison, draws: int, seed: int) -> Uncertainty:
    progress = st.progress(0.0, text=t("Simulating"))
    try:
        return state.drawn(comparison, draws, seed, lambda share: _show_progress(progress, share))
    finally:
        progress.empty()


def _show_progress(progress: DeltaGenerator, share: float) -> None:
    progress.progress(share, text=t("Simulating"))


def _answer(result: Uncertainty) -> None:
    """Render how sure the choice is, and what could change it."""
    comparison, decision = result.comparison, decide(result.comparison)
    best = decision.best
    most_frequent = max(result.strategies, key=lambda strategy: strategy.cheapest.share)
    answers = [sentences.sentence(result)]
    if best is not None:
        answers.insert(
            0, sentences.confidence(result, best.outcome, [option.outcome for option in decision.eligible])
        )
        if best.name == most_frequent.outcome.name:
            answers.pop()
    st.markdown(f"#### {markdown_safe(render(answers[0]))}")
    notes = (
        *answers[1:],
        sentences.reversal_inputs(result),
        sentences.evpi_sentence(result),
        sentences.breakeven_sentence(result),
        with_people(comparison),
        *sentences.impossible(result),
        *sentences.slow_formulas(result),
    )
    st.markdown("\n".join(f"- {markdown_safe(render(note))}" for note in notes if note is not None))


def _main(result: Uncertainty) -> None:
    """Render cost ranges, probabilities and the tornado."""
    comparison, translate = result.comparison, translator()
    drawn = _main_figures(result, _palette(comparison))
    height = 56 + figures_of.ROW_PX * len(result.strategies)
    left, right = st.columns(2)
    with left:
        section(
            t("Monthly cost range"),
            t("5th to 95th percentile of {draws:,} simulations; the ring is the median.").format(
                draws=result.draws
            ),
        )
        figure(
            drawn["chart_bands"],
            key="chart_bands",
            height=height,
            alt=t("Bars: 5th to 95th percentile of each option's cost per month"),
        )
    with right:
        section(
            t("Probability of being the cheapest"),
            t("Of all options, in the same simulations; the line is the 95% confidence interval."),
        )
        figure(
            drawn["chart_chances"],
            key="chart_chances",
            height=height,
            alt=t("Bars: share of the simulations in which each option is the cheapest"),
        )
    frame_button(
        f"{comparison.scenario.id}-simulation",
        lambda: report.distributions(result, translate),
        "csv_sure",
    )
    _tornado(result, drawn)


def _main_figures(result: Uncertainty, colours: Palette) -> dict[str, go.Figure]:
    table = report.distributions(result, translator()).sort_values("amount_p50", kind="stable")
    made = {
        "chart_bands": figures_of.cost_ranges(table, colours),
        "chart_chances": figures_of.cheapest_probability(table, colours),
    }
    options = _options(result.comparison)
    if options:
        chosen = _chosen(options)
        usual = float(result.comparison.currency.of(ranked_usd(result.comparison, options[chosen])))
        made["chart_swings"] = figures_of.tornado(_swings(result, chosen), colours, usual)
    return made


def _options(comparison: Comparison) -> dict[str, Outcome]:
    """Feasible options by name, the cheapest first."""
    if not comparison.feasible:
        return {}
    return {render(outcome.name): outcome for outcome in (*ranked(comparison), *comparison.feasible)}


def _chosen(options: dict[str, Outcome]) -> str:
    """The option whose tornado is shown."""
    kept = state.held(state.key(_OPTION), "")
    return kept if kept in options else next(iter(options))


def _swings(result: Uncertainty, option: str) -> pd.DataFrame:
    """The largest swings of one option."""
    table = report.swings(result, translator())
    has_effect = (table["amount_at_low"] != table["amount_at_high"]) & (table["strategy"] == option)
    return table[has_effect].head(MAX_BARS)


def _tornado(result: Uncertainty, drawn: dict[str, go.Figure]) -> None:
    """Render the tornado of one option."""
    section(
        t("Sensitivity (tornado)"),
        t("Cost per month if a single input takes the low or the high end of its range."),
    )
    options = _options(result.comparison)
    if not options:
        return
    chosen = st.selectbox(t("Option"), list(options), key=state.key(_OPTION))
    n = len(_swings(result, chosen))
    if n:
        figure(
            drawn["chart_swings"],
            key="chart_swings",
            height=112 + figures_of.BAR_PX * n,
            alt=t("Bars: the cost at both ends of each input's range, the longest first"),
        )
    else:
        st.info(t("No input changes the cost of this option within its range."))
    frame_button(
        f"{result.comparison.scenario.id}-tornado", lambda: report.swings(result, translator()), "csv_swings"
    )


def _more(comparison: Comparison, result: Uncertainty | None) -> None:
    """Render the expanders; a closed one does not run."""
    drawers: list[tuple[str, str, str, Callable[[], None]]] = [
        (
            "ranges",
            t("Input ranges and correlations"),
            ":material/tune:",
            lambda: uncertainty_ranges.show(comparison),
        )
    ]
    if result is not None:
        colours = _palette(comparison)
        drawers += [
            (
                uncertainty_bands.KEY,
                t("Cost range over time and volume"),
                ":material/area_chart:",
                lambda: uncertainty_bands.show(result, colours),
            ),
            (
                uncertainty_details.EVPI_KEY,
                t("Value of information (EVPI)"),
                ":material/psychology_alt:",
                lambda: uncertainty_details.show_evpi(result, colours),
            ),
            (
                uncertainty_details.TABLES_KEY,
                t("Tables of results and inputs"),
                ":material/table:",
                lambda: uncertainty_details.show_tables(result),
            ),
        ]
    drawers += [
        (
            "map_drawer",
            t("Cheapest option over two inputs"),
            ":material/grid_on:",
            lambda: what_if.show_map(comparison),
        ),
        ("seek_drawer", t("Goal seek"), ":material/my_location:", lambda: what_if.show_seek(comparison)),
    ]
    for key, title, icon, draw in drawers:
        drawer = st.expander(title, icon=icon, key=key, on_change="rerun")
        if drawer.open:
            with drawer:
                draw()
