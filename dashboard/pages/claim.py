"""Break-even page: whether the 25 M claim holds, its derivation, assumptions, goal seek and history."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import streamlit as st

from costing.claim.reconstruction import CLAIMED_TOKENS_PER_DAY, PRESETS, Claim
from costing.claim.standing import answer, standings_frame
from costing.reports.claim import headline
from i18n.errors import CrossoverError
from i18n.large_number import scaled
from i18n.message import N_
from pricing.rows import ModelPrice
from pricing.rows.names import by_name, full_names

from .. import session as state
from ..claim import assumptions, cost_map, derivation, goal_seek, payback, saved_choices
from ..claim import history as history_view
from ..claim import state as state_of_claim
from ..claim.labels import with_line_names
from ..components.downloads import frame_button
from ..components.frame_table import frame_table
from ..components.page_frame import say_errors, say_price_errors
from ..components.page_work import PageWork
from ..components.view_choice import view_choice
from ..language import markdown_safe, render, t, translator

TITLE: Final = N_("Break-even (25 M tokens/day)")
TENURES: Final = {"owned": N_("Bought"), "rented": N_("Rented by the hour")}


PATH: Final = "claim"
METRIC_WIDTH_PX: Final = 170
"""Two beside each other on a phone."""


@dataclass(frozen=True, slots=True)
class _View:
    title: str
    draw: Callable[[Claim, Mapping[str, Claim]], None]
    """Receives the claim with the chosen tenure, and the claims of both."""


def _of_one(draw: Callable[[Claim], None]) -> Callable[[Claim, Mapping[str, Claim]], None]:
    """A view that needs only the claim with the chosen tenure."""
    return lambda claim, _: draw(claim)


_VIEWS: Final[Mapping[str, _View]] = {
    "derivation": _View(N_("Derivation"), _of_one(derivation.show)),
    "assumptions": _View(N_("Assumptions"), _of_one(assumptions.show)),
    "goal-seek": _View(N_("Goal seek"), _of_one(goal_seek.show)),
    "over-time": _View(N_("Over time"), _of_one(history_view.show)),
    "cost-map": _View(N_("Cost map"), cost_map.show),
    "payback": _View(N_("Payback"), _of_one(payback.show)),
}
"""Name in the address -> view, in the order shown. Only the open view runs."""
VIEWS: Final = {name: view.title for name, view in _VIEWS.items()}


WORK: Final = PageWork(
    TITLE,
    state_of_claim.history,
    state_of_claim.Choices(),
    saved_choices.document_of,
    saved_choices.choices_of,
    saved_choices.link_of,
    saved_choices.read_link,
)
"""The assumptions, the model and the tenure."""


def show() -> None:
    """Render the answer, the choices, the figures and the open view.

    The page uses the reconstructions of the claim, not the scenario of the comparison.
    """
    say_price_errors()
    try:
        both = state_of_claim.claims()
        claim = both[state_of_claim.choices().tenure]
        _answer(claim)
    except CrossoverError as error:
        say_errors(error)
        st.button(t("Back to the baseline"), key="claim_mend", on_click=state_of_claim.reset)
        return
    _choices(claim)
    _figures(claim)
    view = _VIEWS[view_choice(PATH, VIEWS)]
    try:
        view.draw(claim, both)
    except CrossoverError as error:
        say_errors(error)


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
            default=state.seed(key, state_of_claim.choices().tenure),
            format_func=tenures.__getitem__,
            key=key,
            required=True,
            on_change=_choose_tenure,
            args=(key,),
        )
    with model:
        chosen = claim.api.model
        names = full_names({**claim.prices.rows(ModelPrice), chosen.id: chosen})
        models = by_name(names, names)
        st.selectbox(
            t("Hosted model"),
            models,
            index=models.index(state.seed("claim_model", chosen.id)),
            format_func=names.__getitem__,
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
            disabled=not claim.changed and not state_of_claim.choices().model,
            help=t("Back to the baseline: every assumption and the model."),
        )


def _choose_tenure(key: str) -> None:
    state_of_claim.choose_tenure(state.value(key))


def _figures(claim: Claim) -> None:
    """Current break-even beside the baseline, the claim, and the capacity of one replica."""
    before = state_of_claim.preset(claim.tenure).break_even.tokens_per_day
    with st.container(horizontal=True):
        for label, tokens in (
            (t("Break-even"), claim.break_even.tokens_per_day),
            (t("Baseline"), before),
            (t("The claim"), CLAIMED_TOKENS_PER_DAY),
            (t("Capacity of one replica"), claim.measured_tokens_per_day),
        ):
            shown = t("never") if tokens is None else scaled(tokens, translator())
            st.metric(label, shown, help=t("tokens per day"), width=METRIC_WIDTH_PX)
    st.caption(_notes(claim))


def _notes(claim: Claim) -> str:
    """What a reader must know beside the figures, as one paragraph that is always there.

    A paragraph that came and went would move the controls below it under the pointer.
    """
    breakeven, staff = claim.break_even, claim.values["staff_usd_per_month"]
    badge, how = t("No staff counted"), t("Add it under Assumptions: Staff.")
    notes = [
        f":orange-badge[{badge}] {how}"
        if not staff
        else markdown_safe(t("Staff counted: {usd:,.0f} USD per month.").format(usd=staff))
    ]
    if breakeven.why_not is not None:
        notes.append(markdown_safe(render(breakeven.why_not)))
    if breakeven.again_tokens_per_day is not None:
        again = t(
            "Above {tokens} tokens per day the servers need one more replica, and the API is cheaper again "
            "for a while."
        ).format(tokens=scaled(breakeven.again_tokens_per_day, translator()))
        notes.append(markdown_safe(again))
    return " ".join(notes)
