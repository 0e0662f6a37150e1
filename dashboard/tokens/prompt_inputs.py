"""Inputs of the tokens page: the prompt in parts, the answer's length, volume, cached share, images."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import streamlit as st

from costing.scenario import library
from costing.scenario.scenario import Scenario
from costing.tokenization.images import DETAILS
from costing.tokenization.tokens import exact_tokens
from costing.tokenization.tool_schema import tool_definitions
from i18n.errors import CrossoverError
from i18n.message import N_

from .. import session as state
from ..components.page_frame import say_errors
from ..components.text_box import READ_SUFFIXES, TextBox
from ..language import t
from .page_state import LIMITS, PromptEntry, entry, put

EXAMPLE: Final = "brand_voice"
"""Scenario whose texts the example has."""

PARTS: Final = {
    "example": (N_("Examples"), N_("Sample questions and answers that go with every call.")),
    "knowledge": (N_("Knowledge"), N_("Documents that go with every call.")),
    "question": (N_("Question"), N_("What changes from call to call.")),
    "tools": (
        N_("Tool definitions (JSON)"),
        N_("Functions that the model may call, as the request has them."),
    ),
}


def show() -> None:
    """Render the inputs."""
    current = entry()
    with st.container(border=True, key="tokens_prompt"):
        st.markdown(
            _bold(t("Prompt")),
            help=t("The whole prompt, or only its system prompt if you enter the other parts separately."),
        )
        _box("instruction", t("Prompt"), 180, t("Paste your prompt here, or upload a file."))
        with st.container(horizontal=True):
            if not any(text.strip() for text in current.texts.values()):
                st.button(
                    t("Try an example"),
                    key="tokens_example",
                    icon=":material/play_arrow:",
                    on_click=_take_example,
                )
            st.button(
                t("Use the prompt of the comparison"),
                key="tokens_from_comparison",
                icon=":material/input:",
                on_click=_take_scenario,
                type="tertiary",
            )
        _parts(current)
    _use(current)


def _parts(current: PromptEntry) -> None:
    filled = sum(bool(current.texts.get(part, "").strip()) for part in PARTS)
    title = t("Other parts: examples, knowledge, question, tools, images")
    if filled:
        title += " · " + t("{n} filled").format(n=filled)
    with st.expander(title, icon=":material/splitscreen:", key="tokens_parts"):
        for part, (label, help_text) in PARTS.items():
            st.markdown(_bold(t(label)), help=t(help_text))
            _box(part, t(label), 110)
        error = _tools_error()
        if error is not None:
            say_errors(error)
        _images(current)


def _bold(text: str) -> str:
    return f"**{text}**"


def _box(part: str, label: str, height: int, placeholder: str = "") -> None:
    def apply(text: str) -> None:
        stated = {name: value for name, value in entry().stated.items() if name != part}
        put(replace(entry(), texts={**entry().texts, part: text}, stated=stated))

    TextBox(
        f"tokens_{part}",
        label,
        apply,
        placeholder=placeholder or (t("Paste JSON here") if part == "tools" else ""),
        height=height,
        check=tool_definitions if part == "tools" else None,
        suffixes=("json", "txt") if part == "tools" else READ_SUFFIXES,
    ).show(entry().texts.get(part, ""))
    stated = entry().stated.get(part)
    if stated is not None:
        st.caption(t("{n:,} tokens from the comparison, without a text.").format(n=stated.tokens or 0))


def _tools_error() -> CrossoverError | None:
    """What is wrong with the tool definitions; None for valid ones or none."""
    text = entry().texts.get("tools", "")
    try:
        if text.strip():
            tool_definitions(text)
    except CrossoverError as error:
        return error
    return None


def tools_are_valid() -> bool:
    """Whether the tools, if there are any, can be counted; their error stands beside their box."""
    return _tools_error() is None


def _images(current: PromptEntry) -> None:
    st.markdown(
        _bold(t("Images")),
        help=t("Counted by each vendor's published rule. A model without a rule is not priced."),
    )
    columns = st.columns(4)
    with columns[0]:
        _number("images_per_call", t("Images per call"), current.images_per_call, 1.0)
    with columns[1]:
        _number("image_width_px", t("Width (px)"), current.image_width_px, 64)
    with columns[2]:
        _number("image_height_px", t("Height (px)"), current.image_height_px, 64)
    details = {"low": t("Low"), "high": t("High"), "auto": t("Automatic")}
    key = state.key("tokens_image_detail")

    def take() -> None:
        put(replace(entry(), image_detail=state.value(key)))

    columns[3].selectbox(
        t("Detail"),
        DETAILS,
        index=DETAILS.index(state.seed(key, current.image_detail)),
        format_func=details.__getitem__,
        key=key,
        on_change=take,
    )


def _use(current: PromptEntry) -> None:
    columns = st.columns(3)
    with columns[0]:
        _number(
            "answer_tokens",
            t("Answer (tokens)"),
            current.answer_tokens,
            50,
            t("Expected length of an answer, in tokens of OpenAI's o200k_base."),
        )
    with columns[1]:
        _number("calls_per_day", t("Calls per day"), current.calls_per_day, 100.0)
    with columns[2]:
        _number(
            "cached_percent",
            t("Input read from the cache (%)"),
            current.cached_percent,
            5.0,
            t(
                "Share of the input tokens that is billed at the price of cached input, for vendors that "
                "list one. The cost of writing to the cache is not included."
            ),
        )


def _number(field: str, label: str, value: Any, step: Any, help_text: str | None = None) -> None:
    key, kind = f"tokens_{field}", type(value)
    low, high = LIMITS[field]
    st.number_input(
        label,
        value=state.seed(key, value),
        min_value=kind(low),
        max_value=kind(high),
        step=step,
        format="%d" if isinstance(value, int) else "%.6g",
        key=key,
        on_change=_setter(field, key),
        help=help_text,
    )


def _setter(field: str, key: str) -> Callable[[], None]:
    def take() -> None:
        changes: dict[str, Any] = {field: state.value(key)}
        put(replace(entry(), **changes))

    return take


def _take_example() -> None:
    put(_with_texts(library.shipped(EXAMPLE)))


def _take_scenario() -> None:
    scenario = state.scenario()
    answer = scenario.parts["answer"]
    put(
        replace(
            _with_texts(scenario),
            calls_per_day=float(scenario.requests_per_day),
            answer_tokens=answer.tokens or exact_tokens(answer.text),
            images_per_call=float(scenario.images_per_request),
            image_width_px=scenario.image_width_px,
            image_height_px=scenario.image_height_px,
            image_detail=scenario.image_detail,
        )
    )


def _with_texts(scenario: Scenario) -> PromptEntry:
    """The entry with the texts of a scenario in place of its own."""
    parts = {name: part for name, part in scenario.parts.items() if name != "answer"}
    stated = {name: part for name, part in parts.items() if part.tokens and not part.text.strip()}
    return replace(entry(), texts={name: part.text for name, part in parts.items()}, stated=stated)
