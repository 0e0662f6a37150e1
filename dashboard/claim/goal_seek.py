"""Goal-seek tab: the value of one driver at which the break-even is at a given volume."""

from __future__ import annotations

from typing import Final

import streamlit as st

from costing.claim.drivers import DRIVERS
from costing.claim.reconstruction import CLAIMED_TOKENS_PER_DAY, Claim
from costing.claim.sensitivity import amount, seek_frame, seek_sentence
from costing.numerics.goal_seek import Roots

from .. import session as state
from ..components.figure import figure
from ..components.section import section
from ..figures import claim as figures
from ..figures.palette import palette
from ..language import markdown_safe, render, t
from .labels import labelled, volume_input
from .state import move

STEP_TOKENS: Final = 1e6


def show(claim: Claim) -> None:
    """Render the driver, the wanted volume, the answer, and the break-even over the driver's range."""
    section(
        t("Goal seek"),
        t("The value of one assumption at which the break-even is at a given volume; all others stay."),
    )
    names = {driver.id: t(driver.label) for driver in claim.drivers}
    which, wanted = st.columns([3, 2])
    with which:
        name = st.selectbox(
            t("Assumption"),
            list(names),
            index=list(names).index(_first(names)),
            format_func=names.__getitem__,
            key=state.key("claim_seek"),
            persist_state="session",
        )
    with wanted:
        target = volume_input("claim_target", t("Break-even"), CLAIMED_TOKENS_PER_DAY, STEP_TOKENS)
    roots = _sought(claim, name, target)
    driver = DRIVERS[name]
    with st.container(key="claim_answer"):
        st.markdown(f"**{markdown_safe(render(seek_sentence(roots, name, target)))}**")
    st.caption(
        markdown_safe(
            t("Now: {now}. Baseline: {baseline}.").format(
                now=render(amount(driver, claim.values[name])),
                baseline=render(amount(driver, claim.start[name])),
            )
        )
    )
    with st.container(horizontal=True):
        for place, value in enumerate(roots.values):
            st.button(
                t("Use {value}").format(value=render(amount(driver, value))),
                key=f"claim_use_{place}",
                icon=":material/check:",
                on_click=move,
                args=(name, value),
            )
    rows = seek_frame(claim, name)
    if rows["break_even_tokens_per_day"].notna().any():
        figure(
            figures.goal_seek(rows, palette(), name, labelled(driver), target, roots.values),
            key="chart_goal_seek",
            height=360,
            alt=t("Line: the break-even against the assumption, with the wanted volume"),
        )


def _first(names: dict[str, str]) -> str:
    """Driver that is selected at first: the price of the servers."""
    return next(
        (name for name in ("purchase_usd_per_gpu", "rent_usd_per_gpu_hour") if name in names),
        next(iter(names)),
    )


def _sought(claim: Claim, name: str, target: float) -> Roots:
    """Kept result, since a search computes some hundred break-evens."""
    key = (claim.scenario.id, claim.model, claim.moved, state.book(), name, target)
    return state.derived("claim goal seek", key, lambda: claim.sought(name, target))
