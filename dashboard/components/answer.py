"""Answer of a comparison: headline as HTML, number of models to choose from, notes and risks."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Final

import streamlit as st

from costing.comparison.compare import Comparison, Outcome
from costing.comparison.resolution import ranked
from costing.comparison.verdict import people_note
from costing.decision.headline import Headline, headline
from costing.decision.option_warnings import OptionWarning, option_warnings
from costing.ranking.models import Ranking, rank_models
from costing.uncertainty.confidence import Confidence, confidence
from costing.uncertainty.monte_carlo import DRAWS, SEED
from costing.uncertainty.strategy_costs import MAX_CACHED_DRAWS
from i18n.errors import CrossoverError
from i18n.message import Message

from .. import session as state
from ..language import markdown_safe, render, t, tn

_NOTES: Final = "notes"
_STATE: Final = "answer"
_NEAREST: Final = 8
"""Models of a ranking that are priced again at another volume; the cheapest is among them."""
OPEN_OPTIONS: Final = "options"
"""`data-open` of links to the inputs in which models are searched."""


@dataclass(slots=True)
class AnswerState:
    """Results of this session that the headline needs and that are slow to compute anew."""

    confidence: Confidence | None = None
    ranking: Ranking | None = None
    ranked_for: object = None
    """Scenario without its volume, and prices."""


def _state() -> AnswerState:
    if _STATE not in st.session_state:
        st.session_state[_STATE] = AnswerState()
    current: AnswerState = st.session_state[_STATE]
    return current


def confidence_of(comparison: Comparison) -> Confidence | None:
    """The simulation of this comparison, with the draws and seed of the last analysis under Risk.

    None where the ranges of its inputs are in conflict.
    """
    current, analysis = _state(), state.session().uncertainty
    draws = DRAWS if analysis is None else min(analysis.draws, MAX_CACHED_DRAWS)
    seed = SEED if analysis is None else analysis.seed
    last = current.confidence
    if (
        last is not None
        and (last.draws, last.seed) == (draws, seed)
        and last.comparison.book is comparison.book
        and last.comparison.scenario == comparison.scenario
    ):
        return last
    try:
        current.confidence = confidence(comparison, draws, seed, before=last)
    except CrossoverError:  # named under Risk, beside the ranges
        return None
    return current.confidence


def headline_of(comparison: Comparison) -> Headline:
    simulation = confidence_of(comparison)
    return state.derived("headline", (comparison, simulation), lambda: headline(comparison, simulation))


def objects(comparison: Comparison) -> tuple[object, ...]:
    """What the answer and the options table are computed from; see `state.derived`."""
    return comparison, confidence_of(comparison), _state().ranking


def headline_html(comparison: Comparison) -> str:
    """HTML of the answer."""
    answer = headline_of(comparison)
    parts = [f"<h4>{escape(render(answer.answer))}</h4>"]
    if answer.warnings:
        badges = "".join(badge_html(warning) for warning in answer.warnings)
        parts.append(f'<p class="badges">{badges}</p>')
    facts = [part for part in (answer.comparison, answer.set_size, answer.confidence) if part is not None]
    words = [escape(render(part)) for part in facts]
    models = models_text(comparison)
    if models:
        words.append(f'<a href="#" data-open="{OPEN_OPTIONS}">{escape(models)}</a>')
    if words:
        sentences = " ".join(words).replace("。 ", "。")  # no space after a Chinese full stop
        parts.append(f'<p class="facts">{sentences}</p>')
    people = people_note(comparison)
    notes = [*([people] if people is not None else []), *answer.notes]
    parts += [f'<p class="aside">{escape(render(note))}</p>' for note in notes]
    rate = comparison.currency.rate(comparison.scenario.on)
    if rate is not None:
        parts.append(f'<p class="rate">{escape(render(rate))}</p>')
    return "".join(parts)


def badge_html(warning: OptionWarning) -> str:
    """A red badge."""
    return f'<span class="badge">{escape(render(warning.text))}</span>'


# --- models that could be compared too


@st.cache_resource
def _vocabularies() -> list[bool]:
    """Whether this process has counted in the vocabularies of all models before, so that it is quick now."""
    return [False]


def price_models(comparison: Comparison) -> bool:
    """Price all models for this workload; whether that is news. Slow once, when vocabularies are loaded."""
    current, key = _state(), _ranking_key(comparison)
    if current.ranked_for == key:
        return False
    current.ranked_for = key
    try:
        current.ranking = rank_models(comparison.scenario, comparison.book)
    except CrossoverError:  # named where models are searched
        current.ranking = None
    _vocabularies()[0] = True
    return True


def models_of(comparison: Comparison) -> tuple[int, float] | None:
    """Number of models that can serve this workload and are not compared yet, and USD per month of the
    cheapest of all; None: not known."""
    current = _state()
    if _vocabularies()[0]:
        price_models(comparison)
    if current.ranked_for != _ranking_key(comparison) or current.ranking is None or not current.ranking.fit:
        return None
    ranking = current.ranking
    return state.derived("models", (ranking, comparison), lambda: _models(ranking, comparison))


def _models(ranking: Ranking, comparison: Comparison) -> tuple[int, float]:
    compared = {row.id for outcome in comparison.outcomes for row in outcome.strategy.profile().hosted}
    models = {model.price.id for model in ranking.fit} - compared
    volume = comparison.scenario.requests_per_day
    if ranking.comparison.scenario.requests_per_day == volume:
        return len(models), float(ranking.fit[0].usd_per_month)
    nearest = (ranking.comparison.usd_at(model.outcome, volume) for model in ranking.fit[:_NEAREST])
    return len(models), float(min(map(float, nearest)))


def models_text(comparison: Comparison) -> str:
    """How many models there are and from which amount; "" until they are priced."""
    known = models_of(comparison)
    if known is None:
        return ""
    count, usd = known
    currency = comparison.currency
    return tn(
        "{n} more model is priced, from {amount} {currency} per month: show",
        "{n} more models are priced, from {amount} {currency} per month: show",
        count,
    ).format(n=count, amount=f"{currency.of_float(usd):,.0f}", currency=currency.code)


def _ranking_key(comparison: Comparison) -> object:
    return state.all_but_volume(comparison.scenario), comparison.book


# --- notes and risks


def show_besides(comparison: Comparison) -> None:
    """Render why options are not possible, the option in use today, and notes and risks."""
    for outcome in comparison.outcomes:
        if outcome.infeasible_reason is not None:
            st.warning(
                markdown_safe(
                    t("{option} is not possible: {reason}").format(
                        option=render(outcome.name), reason=render(outcome.infeasible_reason)
                    )
                ),
                icon=":material/block:",
            )
    notes_at, today_at = st.columns([2, 1], vertical_alignment="top")
    with today_at:
        _choose_today(comparison)
    important, others = notes_of(comparison)
    if not important and not others:
        return
    title = t("Notes & risks: {important}, {others}").format(
        important=tn("{n} important", "{n} important", len(important)).format(n=len(important)),
        others=tn("{n} more", "{n} more", len(others)).format(n=len(others)),
    )
    drawer = notes_at.expander(title, icon=":material/info:", key=_NOTES, on_change="rerun")
    if drawer.open:
        with drawer:
            important_text = t("important")
            mark = f":red-badge[{markdown_safe(important_text)}] "
            for outcome, note in important:
                st.markdown(f"- {mark}{_note(outcome, note)}")
            for outcome, note in others:
                st.markdown(f"- {_note(outcome, note)}")


def _choose_today(comparison: Comparison) -> None:
    """Render the choice of the option in use today, against which the answer states the saving."""
    marks = [choice.is_today for choice in comparison.scenario.strategies]
    key, marked = state.key("option_today"), marks.index(True) if any(marks) else None
    st.selectbox(
        t("In use today"),
        range(len(marks)),
        index=state.seed(key, marked),
        format_func=lambda place: render(comparison.outcomes[place].name),
        key=key,
        placeholder=t("In use today: none of these"),
        label_visibility="collapsed",
        on_change=_mark_today,
        args=(key,),
    )


def _mark_today(key: str) -> None:
    state.put(state.scenario().with_today(state.value(key)))


def _note(outcome: Outcome, note: Message) -> str:
    option, text = markdown_safe(render(outcome.name)), markdown_safe(render(note))
    return t("**{option}**: {note}").format(option=option, note=text)


def notes_of(comparison: Comparison) -> tuple[list[tuple[Outcome, Message]], list[tuple[Outcome, Message]]]:
    """Important ones, which are the warnings of the options; and all others."""
    ordered = [*ranked(comparison), *(o for o in comparison.feasible if o not in ranked(comparison))]
    important = [
        (outcome, warning.text) for outcome in ordered for warning in option_warnings(comparison, outcome)
    ]
    return important, [(outcome, note) for outcome in comparison.feasible for note in outcome.notes]
