"""Claim page: reconstruction of the 25 M claim, its drivers, goal seek, history."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Final

import streamlit as st

from costing.claim.reconstruction import CLAIMED_TOKENS_PER_DAY, PRESETS, Claim
from costing.reports.claim import verdict
from costing.units import TOKENS_PER_MTOK
from i18n.errors import CrossoverError
from i18n.message import N_, filled
from pricing.rows import ModelPrice

from .. import session as state
from ..claim import drivers, goal_seek, history, investment, reconstruction, winners
from ..claim import state as state_of_claim
from ..components.page_frame import say_errors, say_price_errors
from ..language import markdown_safe, render, t

TITLE: Final = N_("The 25 M claim")
TENURES: Final = {"owned": N_("Bought"), "rented": N_("Rented by the hour")}


def show() -> None:
    """Render the page; it uses the ready reconstructions, not the scenario in the sidebar."""
    _main()


@st.fragment
def _main() -> None:
    """Render the verdict, the choices, the figures, and the tabs, which run only while they are open."""
    say_price_errors()
    try:
        both = state_of_claim.claims()
        _verdict()
    except CrossoverError as error:
        say_errors(error)
        st.button(t("Back to the reconstruction"), key="claim_mend", on_click=state_of_claim.reset)
        return
    claim = both[state_of_claim.claim_state().tenure]
    _choices(claim)
    _figures(claim)
    titles = [
        t("Its reconstruction"),
        t("Drivers"),
        t("What would have to be true"),
        t("How it aged"),
        t("Who wins where"),
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
    """What a tab shows."""
    if place == 4:
        winners.show(claim, both)
        return
    parts = (reconstruction.show, drivers.show, goal_seek.show, history.show, None, investment.show)
    draw = parts[place]
    if draw is not None:
        draw(claim)


def _verdict() -> None:
    with st.container(key="claim_verdict"):
        sentence = verdict(state_of_claim.preset("owned"), state_of_claim.preset("rented"))
        st.markdown(f"#### {markdown_safe(render(sentence))}")
    st.caption(
        t(
            "A vendor's claim, quoted in an article: above 25 million tokens a day your own servers are "
            "cheaper than a cloud service. This is a reconstruction: the vendor's assumptions are unknown. "
            "All amounts are in USD, at the prices of {day}."
        ).format(day=state_of_claim.preset("owned").scenario.on.isoformat())
    )


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
            t("Reset"),
            key="claim_reset",
            icon=":material/restart_alt:",
            on_click=state_of_claim.reset,
            disabled=not claim.changed and not claim.model,
            help=t("Back to the reconstruction, every driver as it was."),
        )


def _choose_tenure(key: str) -> None:
    state_of_claim.claim_state().tenure = str(state.value(key))


def _figures(claim: Claim) -> None:
    """HTML cards: current break-even, reconstructed one, the claim, and the capacity of one replica."""
    start = state_of_claim.preset(claim.tenure).break_even.tokens_per_day
    breakeven = claim.break_even
    cards = [
        (t("Break-even now"), _millions(breakeven.tokens_per_day), t("M tokens a day"), "best"),
        (t("As rebuilt"), _millions(start), t("M tokens a day"), ""),
        (t("The claim"), _millions(CLAIMED_TOKENS_PER_DAY), t("M tokens a day"), ""),
        (
            t("One replica can serve"),
            _millions(claim.measured_tokens_per_day),
            t("M tokens a day, where it was measured"),
            "",
        ),
    ]
    st.html(
        '<div class="cards">'
        + "".join(
            f'<div class="card {kind}"><div class="who">{escape(who)}</div>'
            f'<div class="usd">{escape(figure)}</div>'
            f'<div class="more">{escape(unit)}</div></div>'
            for who, figure, unit, kind in cards
        )
        + "</div>"
    )
    if breakeven.why_not is not None:
        st.warning(markdown_safe(render(breakeven.why_not)), icon=":material/block:")
    if breakeven.again_tokens_per_day is not None:
        st.caption(
            t(
                "Above {tokens:,.1f} M tokens a day the fleet needs a replica more, and the API is cheaper "
                "again for a while."
            ).format(tokens=breakeven.again_tokens_per_day / TOKENS_PER_MTOK)
        )
    if claim.changed:
        st.caption(
            markdown_safe(
                t("Changed: {drivers}").format(
                    drivers="; ".join(
                        filled(
                            t("{driver} {here:,.6g} (as rebuilt {start:,.6g})"),
                            driver=t(drivers.label(name)),
                            here=now,
                            start=before,
                        )
                        for name, (before, now) in claim.changed.items()
                    )
                )
            )
        )


def _millions(tokens_per_day: float | None) -> str:
    return t("never") if tokens_per_day is None else f"{tokens_per_day / TOKENS_PER_MTOK:,.1f}"
