"""Start of a comparison: blank, one's own prompt, token numbers, a usage number, or an example."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

import streamlit as st

from costing.reports.comparison import reference_tokens
from costing.scenario import library
from costing.scenario.scenario import LIMITS, Part, Scenario
from costing.units import DAYS_PER_MONTH
from costing.workload.workload import PARTS
from i18n.errors import CrossoverError
from i18n.message import N_

from .. import session as state
from ..language import language, markdown_safe, render, t
from .inputs import part_tokens_number, scenario_number

OWN: Final = "own"
OWN_NAMES: Final = {"en": "Own workload", "zh_TW": "自訂工作負載"}
PROMPT_KEY: Final = "start_prompt"
SHARED_PARTS: Final = ("instruction", "example", "knowledge", "tools")
"""Parts that every request repeats."""
_WAY: Final = "start_way"
_PENDING: Final = "start_pending_prompt"


def is_example(scenario: Scenario) -> bool:
    """Whether the workload is that of a shipped example, possibly with other numbers."""
    return scenario.id in library.shipped_ids()


def is_blank(scenario: Scenario) -> bool:
    """Whether nothing has been given that could be priced."""
    return scenario.parts["question"].is_empty and scenario.parts["answer"].is_empty


def own(scenario: Scenario, parts: Mapping[str, Part]) -> Scenario:
    """The scenario as the reader's own, with these parts; the others are empty."""
    return replace(
        scenario,
        id=OWN,
        names=OWN_NAMES,
        descriptions={},
        parts={name: parts.get(name, Part()) for name in PARTS},
    )


def show() -> None:
    """Render the ways to start, and the inputs that matter most."""
    ways: dict[str, tuple[str, Callable[[], None]]] = {
        "prompt": (N_("Paste a prompt"), _prompt),
        "tokens": (N_("Token numbers"), _token_numbers),
        "usage": (N_("Usage number"), _usage),
        "example": (N_("Example"), _example),
        "blank": (N_("Blank"), _blank),
    }
    chosen = st.session_state.get("start_way_name", "prompt")
    key = state.key(_WAY)
    st.segmented_control(
        t("Start from"),
        list(ways),
        default=state.seed(key, chosen),
        format_func=lambda name: t(ways[name][0]),
        key=key,
        required=True,
        on_change=lambda: st.session_state.update(start_way_name=state.value(key)),
    )
    ways[chosen][1]()
    st.divider()
    columns = st.columns(4, vertical_alignment="bottom")
    with columns[0]:
        scenario_number("requests_per_day", "requests", t("Requests per day"), step=100, format="%.10g")
    with columns[1]:
        part_tokens_number("answer", "answer_tokens", t("Answer length (tokens)"))
    with columns[2]:
        scenario_number(
            "growth_share_per_month", "growth", t("Growth per month (%)"), step=0.01, is_percent=True
        )
    with columns[3]:
        scenario_number("horizon_months", "horizon", t("Horizon (months)"), step=6)


def _prompt() -> None:
    scenario = state.scenario()
    shown = "" if is_example(scenario) else scenario.parts["instruction"].text
    pending = st.session_state.get(_PENDING)
    st.text_area(
        t("Your prompt"),
        value=state.seed(PROMPT_KEY, shown if pending is None else pending),
        key=PROMPT_KEY,
        height=120,
        on_change=_apply_prompt,
        placeholder=t("Paste the text that goes with every request: system prompt, rules, examples"),
    )
    with st.container(horizontal=True, vertical_alignment="center", key="start_question"):
        if pending is None:
            st.caption(t("The text stays on this server and is only counted."))
            return
        st.markdown(t("The example has texts of its own. Replace them by your prompt?"), width="content")
        st.button(t("Replace"), key="start_replace", type="primary", on_click=_answer, args=("replace",))
        st.button(t("Keep them too"), key="start_keep", on_click=_answer, args=("keep",))
        st.button(t("Cancel"), key="start_cancel", on_click=_answer, args=("cancel",))


def _apply_prompt() -> None:
    paste(state.value(PROMPT_KEY) or "")


def paste(text: str) -> None:
    """Take a prompt as instructions; over the texts of an example one question is asked first."""
    scenario = state.scenario()
    if is_example(scenario) and text.strip():
        st.session_state[_PENDING] = text
        return
    st.session_state.pop(_PENDING, None)
    if not is_example(scenario):
        state.put(scenario.with_part("instruction", Part(text=text)))


def _answer(choice: str) -> None:
    text = st.session_state.pop(_PENDING, None)
    scenario = state.scenario()
    if text is None or choice == "cancel":
        return
    if choice == "keep":
        changed = scenario.with_part("instruction", Part(text=text))
        state.put(replace(changed, id=OWN, names=OWN_NAMES, descriptions={}))
        return
    state.put(own(scenario, {"instruction": Part(text=text), **_lengths(scenario)}))


def example_texts() -> None:
    """Say that the texts are those of an example, with a button that removes them."""
    if not is_example(state.scenario()):
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            ":orange-badge[" + t("Example") + "] " + t("These are the texts of an example."), width="content"
        )
        st.button(t("Remove its texts"), key="remove_example_texts", on_click=_remove_texts)


def _remove_texts() -> None:
    """Empty the texts; question and answer keep their length."""
    state.put(own(state.scenario(), _lengths(state.scenario())))


def _lengths(scenario: Scenario) -> dict[str, Part]:
    """Question and answer as numbers of tokens: an assumption that the reader can change."""
    return {name: Part(tokens=max(1, _tokens(scenario, name))) for name in ("question", "answer")}


def _tokens(scenario: Scenario, part: str) -> int:
    try:
        return round(reference_tokens(scenario, state.book(), part))
    except CrossoverError:  # a text that cannot be counted is shown beside it
        return 0


def _token_numbers() -> None:
    scenario = state.scenario()
    counts = {name: _tokens(scenario, name) for name in PARTS}
    limits = LIMITS["tokens"]
    shown = (
        ("start_input", t("Input tokens, new in each request"), counts["question"]),
        (
            "start_cached",
            t("Cached input tokens, the same in each request"),
            sum(counts[name] for name in SHARED_PARTS),
        ),
        ("start_output", t("Output tokens"), counts["answer"]),
    )
    with st.form("start_tokens", border=False):
        for column, (key, label, value) in zip(st.columns(3), shown, strict=True):
            column.number_input(
                label, min_value=int(limits.low), max_value=int(limits.high), value=value, step=100, key=key
            )
        st.form_submit_button(t("Use these numbers"), on_click=_apply_token_numbers)


def _apply_token_numbers() -> None:
    given = {
        "question": state.value("start_input"),
        "instruction": state.value("start_cached"),
        "answer": state.value("start_output"),
    }
    state.put(own(state.scenario(), {name: Part(tokens=int(n)) for name, n in given.items() if n}))


def _usage() -> None:
    scenario = state.scenario()
    per_request = sum(_tokens(scenario, name) for name in PARTS)
    units = {"tokens": N_("Tokens per month"), "requests": N_("Requests per day")}
    with st.form("start_usage", border=False):
        unit, number, use = st.columns([1, 1, 1], vertical_alignment="bottom")
        unit.selectbox(
            t("Unit"), list(units), format_func=lambda name: t(units[name]), key=state.key("start_unit")
        )
        number.number_input(
            t("Usage"),
            min_value=1.0,
            max_value=1e15,
            value=float(max(1, round(scenario.requests_per_day * per_request * DAYS_PER_MONTH))),
            step=1000.0,
            format="%.0f",
            key="start_usage_number",
        )
        use.form_submit_button(t("Use this number"), on_click=_apply_usage, args=(per_request,))
    st.caption(
        t("One request has {n:,} tokens: {new:,} in and {out:,} out.").format(
            n=per_request,
            new=per_request - _tokens(scenario, "answer"),
            out=_tokens(scenario, "answer"),
        )
    )


def _apply_usage(tokens_per_request: int) -> None:
    number = float(state.value("start_usage_number"))
    if state.value(state.key("start_unit")) == "tokens":
        number = number / max(1, tokens_per_request) / DAYS_PER_MONTH
    limits = LIMITS["requests_per_day"]
    state.put(replace(state.scenario(), requests_per_day=min(limits.high, max(limits.low, round(number, 2)))))


def _example() -> None:
    current = state.scenario()
    ready, errors = library.ready()
    for error in errors:
        st.warning(markdown_safe(render(error)), icon=":material/warning:")
    names = {key: scenario.name(language()) for key, scenario in ready.items()}
    if current.id not in ready:
        names = {OWN: t("Own: {name}").format(name=current.name(language())), **names}
    key = state.key("scenario")
    chosen = state.seed(key, current.id if current.id in ready else OWN)
    st.selectbox(
        t("Example"),
        list(names),
        index=list(names).index(chosen),
        format_func=names.__getitem__,
        key=key,
        on_change=_open_example,
        args=(key,),
        help=t("Every figure of an example can be changed. Undo returns to your work."),
    )
    st.caption(markdown_safe(current.description(language())))


def _open_example(key: str) -> None:
    chosen = state.value(key)
    ready, _ = library.ready()
    if chosen in ready and chosen != state.scenario().id:  # a browser may repeat what is open already
        state.put(replace(state.example(chosen), currency=state.scenario().currency))


def _blank() -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(t("Start blank"), key="start_blank", icon=":material/add:", on_click=_open_blank)
        st.caption(t("Empties all texts and numbers of tokens; the options stay. Undo returns to your work."))


def _open_blank() -> None:
    state.put(own(state.scenario(), {}))
