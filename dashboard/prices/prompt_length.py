"""Prompt-length tab: cost of one request against the length of its prompt, with price steps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import streamlit as st

from pricing.book import PriceBook
from pricing.rows import TABLES, Offer
from pricing.survey.market import standing
from pricing.survey.prompt_length import PromptCost, cliffs, prompt_costs

from .. import session as state
from ..components.downloads import csv_button
from ..components.tables import section
from ..figures import prices as charts
from ..language import markdown_safe, t
from .selection import Key

USUAL_OUTPUT: Final = 500
MAX_OUTPUT: Final = 100_000


def show(book: PriceBook, picked: Sequence[Key]) -> None:
    """Render the curve of each chosen model, every price step as text, and the CSV."""
    section(
        t("Cost against prompt length"),
        t(
            "One request without cached input, at standard service and outside any hours of the day with "
            "other prices. Past a cliff every token of the request costs more, not only those beyond it."
        ),
    )
    offers = [row for row in (_standing(book, key) for key in picked) if isinstance(row, Offer)]
    if not offers:
        st.info(t("Choose a model in the table above to see what its prompts cost."))
        return
    size, scale = st.columns([3, 2], vertical_alignment="bottom")
    with size:
        output_tokens = st.number_input(
            t("Output tokens of the request"),
            min_value=0,
            max_value=MAX_OUTPUT,
            value=USUAL_OUTPUT,
            step=100,
            key="prices_output",
            persist_state="session",
        )
    with scale:
        logarithmic = st.toggle(t("Logarithmic"), key="prices_prompt_log", persist_state="session")
    lines = {offer.id: prompt_costs(offer, output_tokens) for offer in offers}
    edges = {row_id: cliffs(points) for row_id, points in lines.items()}
    st.echarts_chart(
        charts.cost_by_prompt(lines, edges, logarithmic),
        key="chart_prompt_cost",
        height=380,
        alt=t("Lines: USD a request against prompt tokens, with jumps at the cliffs"),
    )
    rows = [point for points in lines.values() for point in points]
    csv_button("cost-by-prompt-length", PromptCost, lambda: rows, "csv_prompt_cost")
    for row_id, cliff_rows in edges.items():
        for cliff in cliff_rows:
            sentence = t(
                "{id}: {below:,} prompt tokens cost {usd_below} USD a request; one token more, {usd_above} "
                "USD."
            ).format(
                id=row_id,
                below=cliff.below.prompt_tokens,
                usd_below=f"{cliff.below.usd_per_request.normalize():f}",
                usd_above=f"{cliff.above.usd_per_request.normalize():f}",
            )
            st.markdown(f"- {markdown_safe(sentence)}")
    unknown = [offer.id for offer in offers if offer.context_window_tokens is None]
    if unknown:
        st.caption(
            t("Context window not published, so the line ends where it need not: {ids}").format(
                ids=markdown_safe(", ".join(unknown))
            )
        )


def _standing(book: PriceBook, key: Key) -> object:
    table, row_id = key
    return standing(book.history(TABLES[table], row_id), state.today())
