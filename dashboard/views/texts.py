"""Prompt texts view: paste or upload each part of a request, and see its tokens."""

from __future__ import annotations

from typing import Final

import streamlit as st

from costing.comparison.compare import Comparison
from costing.ranking.text_costs import input_characters, of_scenario, text_prices
from costing.reports import comparison as report
from costing.scenario.scenario import LIMITS, Part
from costing.tokenization.tool_schema import tool_definitions
from costing.workload.workload import PARTS
from frames.frame import records
from i18n.errors import CrossoverError
from i18n.message import N_

from .. import session as state
from ..components import start
from ..components.downloads import frame_button
from ..components.frame_table import frame_table
from ..components.page_frame import say_errors
from ..components.section import section
from ..components.text_box import READ_SUFFIXES, TextBox
from ..language import t, translator

LABELS: Final = {
    "instruction": N_("Instructions"),
    "example": N_("Examples"),
    "knowledge": N_("Knowledge"),
    "question": N_("A typical question"),
    "answer": N_("A typical answer"),
    "tools": N_("Tools"),
}
HELP: Final = {
    "instruction": N_("The system prompt: role, tone, rules."),
    "example": N_("Examples of questions with good answers that go with every prompt."),
    "knowledge": N_("Policies, articles or documents that the answer must rest on."),
    "question": N_("What a user typically asks."),
    "answer": N_("What the model typically answers."),
    "tools": N_(
        "The tools or functions that the model may call, as JSON: a list with name, description and "
        "parameters. They go with every prompt."
    ),
}
LONGEST_RANKED: Final = 500_000
"""Maximum characters to rank; counting more in every vocabulary takes seconds."""


def show(comparison: Comparison | None) -> None:
    """Render the parts of a request, and the token table."""
    st.caption(
        t(
            "Paste your own text or upload a file (text, Word, PDF, HTML). Texts stay on this server and are "
            "only counted."
        )
    )
    start.example_texts()
    for part in PARTS:
        with st.container(border=True, key=f"part_{part}"):
            _part(part)
    if comparison is not None:
        section(
            t("Tokens by tokenizer"),
            t(
                "The same text has different numbers of tokens for different vendors. Estimates have a range "
                "from the 5th to the 95th percentile."
            ),
        )
        tokens = report.tokens(comparison, translator())
        frame_table(tokens, "table_tokens")
        frame_button(f"{comparison.scenario.id}-tokens", lambda: tokens, "csv_tokens")
        _model_by_model(comparison)


def _model_by_model(comparison: Comparison) -> None:
    """Render an expander that counts only while it is open, because it counts for every model."""
    drawer = st.expander(
        t("Cost of this text with every model"),
        icon=":material/format_list_numbered:",
        key="model_by_model",
        on_change="rerun",
    )
    if not drawer.open:
        return
    scenario = comparison.scenario
    prices = state.book().on(scenario.on)
    with drawer:
        if sum(len(part.text) for part in scenario.parts.values()) > LONGEST_RANKED:
            st.info(
                t(
                    "Longer than {limit:,} characters: counting it for every model would keep the page busy. "
                    "On the command line: python -m costing rank FILE"
                ).format(limit=LONGEST_RANKED)
            )
            return
        try:
            rows = text_prices(
                of_scenario(scenario, prices), prices, input_characters(scenario), translator()
            )
        except CrossoverError as error:  # a vocabulary that no strategy uses cannot count the text
            say_errors(error)
            return
        st.caption(
            t(
                "One request without caching or conversation, at the standard prices of {day}. A price per "
                "Mtok does not compare across vendors: the same text is more tokens for some. "
                "{moved:,} of {all:,} models change their rank for it."
            ).format(
                day=scenario.on.isoformat(),
                moved=sum(row["rank"] != row["rank_per_mtok"] for row in records(rows)),
                all=len(rows),
            )
        )
        frame_table(rows, key="table_model_by_model", bar="usd_per_1k_requests")
        frame_button(f"{scenario.id}-models", lambda: rows, "csv_models")


def _part(part: str) -> None:
    value = state.scenario().parts[part]
    head, side = st.columns([3, 1], vertical_alignment="center")
    head.markdown(f"**{t(LABELS[part])}**", help=t(HELP[part]))
    side.markdown(_count(part), text_alignment="right")
    TextBox(
        part,
        t(LABELS[part]),
        lambda text: _apply_text(part, text),
        placeholder=t("Paste JSON here") if part == "tools" else "",
        check=tool_definitions if part == "tools" else None,
        suffixes=("json",) if part == "tools" else READ_SUFFIXES,
    ).show(value.text)
    if not value.text.strip():
        _stated_tokens(part, value)


def _count(part: str) -> str:
    try:
        tokens = report.reference_tokens(state.scenario(), state.book(), part)
    except CrossoverError:  # already shown with the verdict
        return ""
    return t("{n:,.0f} tokens (o200k_base)").format(n=tokens)


def _stated_tokens(part: str, value: Part) -> None:
    key = f"tokens_{part}"
    limits = LIMITS["tokens"]
    st.number_input(
        t("or its number of tokens, without the text"),
        value=state.seed(key, int(value.tokens or 0)),
        min_value=int(limits.low),
        max_value=int(limits.high),
        step=100,
        key=key,
        on_change=_apply_tokens,
        args=(part,),
        help=t("In OpenAI's o200k_base; other tokenizers are estimated by ratio."),
    )
    if value.counts:
        st.caption(
            t(
                "Counted from a text that this scenario does not have, in {tokenizers}. A number of your own "
                "replaces these counts."
            ).format(tokenizers=", ".join(sorted(value.counts)))
        )


def _apply_text(part: str, text: str) -> None:
    state.put(state.scenario().with_part(part, Part(text=text)))


def _apply_tokens(part: str) -> None:
    scenario = state.scenario()
    state.put(
        scenario.with_part(
            part, Part(tokens=int(state.value(f"tokens_{part}")), kind=scenario.parts[part].kind)
        )
    )
