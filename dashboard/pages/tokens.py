"""Tokens page: tokens of a prompt in every tokenizer, and what it costs with every model."""

from __future__ import annotations

from typing import Final

import pandas as pd
import streamlit as st

from costing.ranking.prompt_use import Counts, with_prompt
from frames.frame import records
from i18n.errors import CrossoverError
from i18n.message import N_
from pricing.rows import CLOSED_STATES

from .. import session as state
from ..components import control_errors
from ..components.page_frame import say_errors, say_price_errors
from ..components.page_work import PageWork
from ..components.view_choice import view_choice
from ..language import markdown_safe, t
from ..tokens import prompt_inputs, results, saved_entry, spans
from ..tokens.page_state import PromptEntry, counted, entry, needs_counting, work

TITLE: Final = N_("Tokens")
PATH: Final = "tokens"
VIEWS: Final = {
    "tokens": N_("Text as tokens"),
    "tokenizers": N_("Tokenizers"),
    "models": N_("Cost per model"),
    "parts": N_("Cost by part"),
    "savings": N_("Savings"),
}
"""Title of a view by its name in the address."""
_USE: Final = "tokens_use"


WORK: Final = PageWork(
    TITLE,
    lambda: work().history,
    PromptEntry(),
    saved_entry.document_of,
    saved_entry.entry_of,
    saved_entry.link_of,
    saved_entry.with_link,
    saved_entry.omission,
)
"""The prompt and its use."""


def show() -> None:
    """Render the page."""
    say_price_errors()
    title, caption = (
        t("How many tokens, and what do they cost?"),
        t("Texts stay on this server and are only counted."),
    )
    st.markdown(f"### {title}\n:small[:gray[{caption}]]")
    prompt_inputs.show()
    use = entry().use()
    if use.is_empty:
        st.info(t("Paste a prompt or upload a file to see its tokens and its cost with every model."))
        return
    if not prompt_inputs.tools_are_valid():
        st.warning(t("Correct the tool definitions to see the cost."), icon=":material/warning:")
        return
    try:
        counts = _counts()
        table = results.costs(counts)
    except CrossoverError as error:
        say_errors(error)
        return
    _summary(counts, table)
    match view_choice(PATH, VIEWS):
        case "tokens":
            spans.show(counts)
        case "tokenizers":
            results.families(counts)
        case "models":
            results.all_models(table)
        case "parts":
            results.by_part(counts, table)
        case "savings":
            results.savings(counts, table)


def _counts() -> Counts:
    """Counts of the prompt; a progress bar shows while a long text is counted."""
    if not needs_counting():
        return counted()
    words = t("Counting tokens in every tokenizer …")
    bar = st.progress(0.0, words)

    def show_progress(share: float) -> None:
        bar.progress(min(1.0, share), words)

    try:
        return counted(show_progress)
    finally:
        bar.empty()


def _summary(counts: Counts, table: pd.DataFrame) -> None:
    """Render the answer: tokens, the cheapest model, and the button into the comparison."""
    text = counts["o200k_base"].text
    rows = [row for row in records(table) if row["usd_per_month"] is not None]
    sentence = t("**{tokens:,.0f} tokens** of input in o200k_base.").format(tokens=text.tokens)
    if rows:
        best = next((row for row in rows if row["lifecycle"] not in CLOSED_STATES), rows[0])
        last = rows[-1]
        sentence += " " + t(
            "Cheapest of {n} models: **{model}**, {per_1k} USD per 1,000 calls, **{per_month} USD per "
            "month** at {calls:,.0f} calls per day; the most expensive one, {last}, costs {last_usd} USD "
            "per month."
        ).format(
            n=len(rows),
            model=markdown_safe(best["model_name"]),
            per_1k=_usd(best["usd_per_1k_requests"]),
            per_month=_usd(best["usd_per_month"]),
            calls=entry().calls_per_day,
            last=markdown_safe(last["model_name"]),
            last_usd=_usd(last["usd_per_month"]),
        )
        if best["retires_on"] is not None:
            sentence += " " + t("{model} retires on {day}.").format(
                model=markdown_safe(best["model_name"]), day=best["retires_on"].isoformat()
            )
    with st.container(border=True):
        st.markdown(sentence)
        st.button(
            t("Use this prompt in the cost comparison"),
            key=_USE,
            icon=":material/input:",
            type="primary",
            on_click=_use_in_comparison,
            help=t(
                "Replaces the texts, the images and the requests per day of the comparison. Undo reverts it. "
                "A prompt without a question gets a question of 1 token."
            ),
        )
        control_errors.say(_USE)


def _usd(amount: object) -> str:
    value = float(amount)  # type: ignore[arg-type]
    return f"{value:,.0f}" if value >= 100 else f"{value:,.2f}" if value >= 0.1 else f"{value:,.4f}"


def _use_in_comparison() -> None:
    if control_errors.attempt(_USE, lambda: with_prompt(state.scenario(), entry().use())):
        st.toast(t("The cost comparison uses this prompt now."), icon=":material/check:")
