"""Results of the tokens page: tokenizers, cost per model, cost by part of the call, savings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import pandas as pd
import streamlit as st

from costing.ranking.prompt_costs import family_counts, model_costs, part_costs
from costing.ranking.prompt_savings import prompt_savings
from costing.ranking.prompt_use import Counts
from frames.frame import records

from .. import session as state
from ..components.downloads import frame_button
from ..components.figure import figure
from ..components.frame_table import frame_table
from ..figures import tokens as token_figures
from ..figures.palette import palette
from ..language import markdown_safe, t, translator
from .page_state import entry, prices, put

BAR_PX: Final = 26
"""Height of a bar of a figure."""
EXTRA_PX: Final = 90
DEFAULT_MODELS: Final = (
    "openai/gpt-6.1-terra",
    "openai/gpt-6-luna",
    "anthropic/claude-sonnet-5-5",
    "google/gemini-3.8-flash",
)
"""Shown by part before the reader chooses, those of them that are on sale; else the cheapest."""


def costs(counts: Counts) -> pd.DataFrame:
    """Cost of every model for the entry."""
    return model_costs(entry().use(), counts, prices(), translator())


def families(counts: Counts) -> None:
    """Render the counts of every tokenizer side by side."""
    table = family_counts(counts, prices(), translator())
    st.caption(
        t(
            "The same text in every tokenizer, without chat format. Exact: counted with the vendor's own "
            "vocabulary. Reconstructed: with a vocabulary that is known to count alike. Estimated: by ratio "
            "to o200k_base, with the range from the 5th to the 95th percentile."
        )
    )
    figure(
        token_figures.family_tokens(table, palette()),
        key="figure_token_families",
        alt=t("Bars: tokens of the same text by tokenizer"),
        height=EXTRA_PX + BAR_PX * len(table),
    )
    frame_table(table, "table_token_families")
    frame_button("token-counts", lambda: table, "csv_token_families")


def all_models(table: pd.DataFrame) -> None:
    """Render the cost of every model as one sortable table."""
    st.caption(
        t(
            "Standard prices of {day}; click a heading to sort. Tokens include the chat format where the "
            "vendor publishes it. Retries, conversations and tool calls are part of the cost comparison."
        ).format(day=state.today().isoformat())
    )
    hidden = ["model", "vendor"]
    hidden += [] if entry().cached_percent else ["cached_input_tokens"]
    hidden += [] if entry().images_per_call else ["tokens_per_image"]
    frame_table(
        table,
        "table_model_costs",
        bar="usd_per_month",
        hidden=hidden,
        height=460,
    )
    frame_button("model-costs", lambda: table, "csv_model_costs")


def by_part(counts: Counts, table: pd.DataFrame) -> None:
    """Render where the money goes, for chosen models."""
    names = _names(table)
    chosen = _models(table)
    if not chosen:
        st.info(t("Choose at least one model."))
        return
    book = prices()
    parts = part_costs(entry().use(), counts, [book.model(name) for name in chosen])
    left_out = [name for name in chosen if name not in set(parts["model"])]
    figure(
        token_figures.cost_by_part(parts, palette()),
        key="figure_cost_by_part",
        alt=t("Stacked bars: monthly cost by part of the call and model"),
        height=EXTRA_PX + 40 + 44 * max(1, len(chosen) - len(left_out)),
    )
    if left_out:
        st.caption(
            t("Not shown, because there is no rule for their images: {models}").format(
                models=markdown_safe(", ".join(names[name] for name in left_out))
            )
        )
    frame_table(parts, "table_cost_by_part", hidden=("model",))
    frame_button("cost-by-part", lambda: parts, "csv_cost_by_part")


def savings(counts: Counts, table: pd.DataFrame) -> None:
    """Render what each measure would save with one model."""
    usable = table[table["usd_per_month"].notna()]["model"].tolist()
    if not usable:
        st.info(t("No model can take this prompt."))
        return
    key = state.key("tokens_saving_model")
    first = next((name for name in _models_shown(table) if name in usable), usable[0])
    if st.session_state.get(key, first) not in usable:
        st.session_state.pop(key, None)
    model = st.selectbox(
        t("Model"),
        usable,
        index=usable.index(st.session_state.get(key, first)),
        format_func=_names(table).__getitem__,
        key=key,
    )
    saved = prompt_savings(entry().use(), counts, prices().model(model), prices(), translator())
    figure(
        token_figures.monthly_savings(saved, palette()),
        key="figure_prompt_savings",
        alt=t("Bars: USD per month saved by each measure"),
        height=EXTRA_PX + 40 * max(1, int(saved["saved_usd"].notna().sum())),
    )
    frame_table(saved, "table_prompt_savings", hidden=("note", "reason"))
    lines: list[str] = []
    for row in records(saved):
        measure, reason, note = row["measure"], markdown_safe(row["reason"]), markdown_safe(row["note"])
        if reason or note:
            text = t("not available: {reason}").format(reason=reason) if reason else note
            lines.append("- " + t("**{measure}**: {text}").format(measure=t(measure), text=text))
    st.markdown("\n".join(lines))
    frame_button("prompt-savings", lambda: saved, "csv_prompt_savings")
    st.caption(
        t(
            "Each measure alone, compared with the prompt as entered. Prompt caching: hit rate from the "
            "calls per day and the cache's lifetime, including writes to the cache. Fine-tuned model: the "
            "default settings of that option; test whether its answers are good enough."
        )
    )


def _models(table: pd.DataFrame) -> list[str]:
    """Chosen models; the choice is kept when the page is left."""
    names = sorted(table["model"])
    key = state.key("tokens_models")

    def take() -> None:
        put(replace(entry(), models=tuple(state.value(key))))

    return st.multiselect(
        t("Models"),
        names,
        format_func=_names(table).__getitem__,
        default=state.seed(key, [name for name in _models_shown(table) if name in names]),
        key=key,
        on_change=take,
        max_selections=12,
    )


def _names(table: pd.DataFrame) -> dict[str, str]:
    """Name of a model by its id."""
    return dict(zip(table["model"], table["model_name"], strict=True))


def _models_shown(table: pd.DataFrame) -> Sequence[str]:
    if entry().models:
        return entry().models
    usual = [name for name in DEFAULT_MODELS if name in set(table["model"])]
    cheapest = [row["model"] for row in records(table)[:1]]
    return list(dict.fromkeys((*usual, *cheapest)))
