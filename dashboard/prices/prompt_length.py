"""Prompt-length tab: cost of one request against the length of its prompt, with price steps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import streamlit as st

from frames.frame import records
from pricing.book import PriceBook
from pricing.rows import TABLES, Offer
from pricing.rows.names import full_names
from pricing.survey.market import standing
from pricing.survey.prompt_length import cliffs, prompt_costs

from .. import session as state
from ..components.downloads import frame_button
from ..components.figure import figure
from ..components.price_labels import named
from ..components.section import section
from ..figures import prices as charts
from ..figures.palette import palette
from ..language import markdown_safe, t
from .selection import Key

USUAL_OUTPUT: Final = 500
MAX_OUTPUT: Final = 100_000


def show(book: PriceBook, picked: Sequence[Key]) -> None:
    """Render the curve of each selected model, every price step as text, and the CSV."""
    section(
        t("Cost against prompt length"),
        t(
            "One request without cached input, at standard service and outside any hours of the day with "
            "other prices. Above a price step (rings) every token of the request costs more, not only those "
            "beyond it."
        ),
    )
    offers = [row for row in (_standing(book, key) for key in picked) if isinstance(row, Offer)]
    if not offers:
        st.info(t("Choose a model in the table above to see what its prompts cost."))
        return
    size, _ = st.columns([3, 2])
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
    costs = prompt_costs(offers, output_tokens)
    if costs.empty:
        st.info(t("An answer of this length leaves no room for a prompt in these models' context windows."))
        return
    names = full_names({offer.id: offer for offer in offers})
    steps = named(cliffs(costs), names)
    figure(
        charts.cost_by_prompt(named(costs, names), steps, palette()),
        key="chart_prompt_cost",
        height=charts.HEIGHT,
        alt=t("Lines: USD per request against prompt tokens, with jumps at the price steps"),
    )
    frame_button("cost-by-prompt-length", lambda: costs, "csv_prompt_cost")
    for step in records(steps):
        sentence = t(
            "{id}: {below:,} prompt tokens cost {usd_below} USD per request; one token more, {usd_above} USD."
        ).format(
            id=step["id"],
            below=step["prompt_tokens"],
            usd_below=f"{step['usd_per_request'].normalize():f}",
            usd_above=f"{step['usd_per_longer_request'].normalize():f}",
        )
        st.markdown(f"- {markdown_safe(sentence)}")
    unknown = [names[offer.id] for offer in offers if offer.context_window_tokens is None]
    if unknown:
        st.caption(
            t("Context window not published; the line ends at an assumed length: {ids}").format(
                ids=markdown_safe(", ".join(unknown))
            )
        )


def _standing(book: PriceBook, key: Key) -> object:
    table, row_id = key
    return standing(book.history(TABLES[table], row_id), state.today())
