"""Break-even page: whether the 25 M claim holds, its derivation, assumptions, goal seek and history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import streamlit as st

from costing.claim.reconstruction import CLAIMED_TOKENS_PER_DAY, PRESETS, Claim
from costing.claim.standing import answer, standings_frame
from costing.reports.claim import headline
from i18n.errors import CrossoverError
from i18n.large_number import scaled
from i18n.message import N_
from pricing.rows import ModelPrice

from .. import session as state
from ..claim import assumptions, cost_map, derivation, goal_seek, history, payback
from ..claim import state as state_of_claim
from ..claim.labels import with_line_names
from ..components.downloads import frame_button
from ..components.frame_table import frame_table
from ..components.page_frame import say_errors, say_price_errors
from ..language import markdown_safe, render, t, translator

TITLE: Final = N_("Break-even (25 M tokens/day)")
TENURES: Final = {"owned": N_("Bought"), "rented": N_("Rented by the hour")}


def show() -> None:
    """Render the page; it uses the reconstructions of the claim, not the scenario of the comparison."""
    _main()


@st.fragment
def _main() -> None:
    """Render the answer, the choices, the figures, and the tabs, which run only while they are open."""
    say_price_errors()
    try:
        both = state_of_claim.claims()
        claim = both[state_of_claim.claim_state().tenure]
        _answer(claim)
    except CrossoverError as error:
        say_errors(error)
        st.button(t("Back to the baseline"), key="claim_mend", on_click=state_of_claim.reset)
        return
    _choices(claim)
    _figures(claim)
    titles = [
        t("Derivation"),
        t("Assumptions"),
        t("Goal seek"),
        t("Over time"),
        t("Cost map"),
        t("Payback"),
    ]
    tabs = st.tabs(titles, key=state.key("claim_tab"), on_change="rerun")
    for place, tab in enumerate(tabs):
        if tab.open:
            with tab:
                try:
                    _part(place, claim, both)
                except CrossoverError as error:
                    say_errors(error)


def _part(place: int, claim: Claim, both: Mapping[str, Claim]) -> None:
    """Contents of a tab."""
    if place == 4:
        cost_map.show(claim, both)
        return
    parts = (derivation.show, assumptions.show, goal_seek.show, history.show, None, payback.show)
    draw = parts[place]
    if draw is not None:
        draw(claim)


def _answer(claim: Claim) -> None:
    """Title: whether the claim holds; then the break-even, the table by model, and the caveat."""
    today = state.today()
    standing = state_of_claim.standings_of(claim)
    with st.container(key="claim_verdict"):
        st.markdown(f"### {markdown_safe(render(answer(standing, today)))}")
        baseline = state_of_claim.preset(claim.tenure)
        st.markdown(f"**{markdown_safe(render(headline(baseline, claim)))}**")
    st.caption(
        t(
            "A vendor's claim, quoted in an article: above 25 million tokens per day your own servers are "
            "cheaper than a cloud service. This is a reconstruction: the vendor's assumptions are unknown. "
            "The title compares the servers of the reconstruction with each vendor's model of today; all "
            "amounts are in USD, hardware prices as of {day}."
        ).format(day=baseline.scenario.on.isoformat())
    )
    with st.expander(t("Break-even by model"), key="claim_standings"):
        table = standings_frame(standing)
        frame_table(with_line_names(table), "table_standings")
        frame_button("claim-standings", lambda: table, "csv_standings")


def _choices(claim: Claim) -> None:
    side, model, back = st.columns([2, 3, 1], vertical_alignment="bottom")
    tenures = {tenure: t(name) for tenure, name in TENURES.items()}
    with side:
        key = state.key("claim_tenure")
        st.segmented_control(
            t("Servers"),
            list(PRESETS),
            default=state.seed(key, state_of_claim.claim_state().tenure),
            format_func=tenures.__getitem__,
            key=key,
            required=True,
            on_change=_choose_tenure,
            args=(key,),
        )
    with model:
        chosen = claim.api.model.id
        models = sorted({*claim.prices.rows(ModelPrice), chosen})
        st.selectbox(
            t("Hosted model"),
            models,
            index=models.index(state.seed("claim_model", chosen)),
            key="claim_model",
            on_change=lambda: state_of_claim.choose_model(state.value("claim_model")),
            help=t("Another model comes with its own list prices."),
        )
    with back:
        st.button(
            t("Reset all"),
            key="claim_reset",
            icon=":material/restart_alt:",
            on_click=state_of_claim.reset,
            disabled=not claim.changed and not state_of_claim.claim_state().model,
            help=t("Back to the baseline: every assumption and the model."),
        )


def _choose_tenure(key: str) -> None:
    state_of_claim.claim_state().tenure = str(state.value(key))


def _figures(claim: Claim) -> None:
    """Current break-even beside the baseline, the claim, and the capacity of one replica."""
    before = state_of_claim.preset(claim.tenure).break_even.tokens_per_day
    breakeven = claim.break_even
    columns = st.columns(4)
    for column, (label, tokens) in zip(
        columns,
        (
            (t("Break-even, tokens per day"), breakeven.tokens_per_day),
            (t("Baseline, tokens per day"), before),
            (t("The claim, tokens per day"), CLAIMED_TOKENS_PER_DAY),
            (t("Capacity of one replica, tokens per day"), claim.measured_tokens_per_day),
        ),
        strict=True,
    ):
        column.metric(label, t("never") if tokens is None else scaled(tokens, translator()))
    if breakeven.why_not is not None:
        st.warning(markdown_safe(render(breakeven.why_not)), icon=":material/block:")
    if breakeven.again_tokens_per_day is not None:
        st.caption(
            t(
                "Above {tokens} tokens per day the servers need one more replica, and the API is cheaper "
                "again for a while."
            ).format(tokens=scaled(breakeven.again_tokens_per_day, translator()))
        )
    if not claim.values["staff_usd_per_month"]:
        st.caption(f":orange-badge[{t('No staff counted')}] {t('Add it under Assumptions: Staff.')}")
