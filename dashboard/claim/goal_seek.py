"""Goal-seek tab: the value of one driver at which the break-even is at a given volume."""

from __future__ import annotations

import streamlit as st

from costing.claim.drivers import DRIVERS
from costing.claim.reconstruction import CLAIMED_TOKENS_PER_DAY, Claim
from costing.claim.sensitivity import amount, seek_rows, seek_sentence
from costing.numerics.goal_seek import Roots
from costing.units import TOKENS_PER_MTOK

from .. import session as state
from ..components.inputs import with_unit
from ..components.tables import section
from ..figures import claim as charts
from ..language import markdown_safe, render, t
from .state import move

_LAST = "claim_sought"


def show(claim: Claim) -> None:
    """Render the driver, the target volume, the answer, and the break-even over the driver's range."""
    section(
        t("What would have to be true?"),
        t("One driver is solved for; all others stay as they are on the page."),
    )
    names = {driver.id: t(driver.label) for driver in claim.drivers}
    which, wanted = st.columns([3, 2])
    with which:
        name = st.selectbox(
            t("Solve for"),
            list(names),
            index=list(names).index(_first(names)),
            format_func=names.__getitem__,
            key=state.key("claim_seek"),
            persist_state="session",
        )
    with wanted:
        millions = st.number_input(
            t("Break-even at, M tokens a day"),
            min_value=0.01,
            max_value=100_000.0,
            value=CLAIMED_TOKENS_PER_DAY / TOKENS_PER_MTOK,
            step=1.0,
            key="claim_target",
            persist_state="session",
        )
    target = millions * TOKENS_PER_MTOK
    roots = _sought(claim, name, target)
    sentence = render(seek_sentence(roots, name, target))
    driver = DRIVERS[name]
    with st.container(key="claim_answer"):
        st.markdown(f"**{markdown_safe(sentence)}**")
    if claim.changed.get(name) is not None or roots.values:
        st.caption(
            markdown_safe(
                t("Now: {here}. As rebuilt: {start}.").format(
                    here=render(amount(driver, claim.values[name])),
                    start=render(amount(driver, claim.start[name])),
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
    rows = seek_rows(claim, name)
    if any(row.tokens_per_day is not None for row in rows):
        label = with_unit(driver.label, driver.unit)
        wide = driver.low > 0 and driver.high / driver.low > 100
        st.echarts_chart(
            charts.sought(rows, label, target, roots.values, wide),
            key="chart_sought",
            height=340,
            alt=t("Line: the break-even against the driver, with the wanted volume"),
        )


def _first(names: dict[str, str]) -> str:
    """Driver that is selected at first: the price of the servers."""
    return next(
        (name for name in ("purchase_usd_per_gpu", "rent_usd_per_gpu_hour") if name in names),
        next(iter(names)),
    )


def _sought(claim: Claim, name: str, target: float) -> Roots:
    """Cached result, since a search computes some hundred break-evens."""
    question = (
        claim.scenario.id,
        claim.model,
        tuple(sorted(claim.moved.items())),
        name,
        target,
        id(state.book()),
    )
    last = st.session_state.get(_LAST)
    if last is None or last[0] != question:
        last = st.session_state[_LAST] = (question, claim.sought(name, target))
    roots: Roots = last[1]
    return roots
