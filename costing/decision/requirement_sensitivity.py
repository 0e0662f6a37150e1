"""Sensitivity of the recommendation to requirements and rules: each alone at another value."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Final

from i18n.message import Message, message

from ..scenario.requirements import Needs
from .recommendation import Decision, Option
from .reversal import NOTHING, Reversal

_NOT_PROBED: Final = ("near_share", "rank_by", "escalation_usd")


def need_reversals(decision: Decision) -> Iterator[Reversal]:
    """Each need alone at each other value."""
    for name, knob in Needs.declared().items():
        if name in _NOT_PROBED:
            continue
        label = message(knob.label)
        others: dict[Message, Message] = {}
        for value, shown in knob.choices.items():
            if not value or value == getattr(decision.needs, name):
                continue
            best = decision.under(_with(decision.needs, name, value)).best
            if not _same(best, decision.best):
                before = others.get(_name_of(best))
                more = message(shown)
                others[_name_of(best)] = (
                    more if before is None else message("{first} / {second}", first=before, second=more)
                )
        yield from (_need_flip(label, values, other) for other, values in others.items())
    recommended = decision.best
    known = {} if recommended is None else recommended.facts.known
    for name, fact, nudge, shown_limit in _LIMITS:
        its = known.get(fact)
        if isinstance(its, int | float) and 0 < its < 1e9:
            label = message(Needs.declared()[name].label)
            yield from _need(decision, name, float(its) * nudge, label, shown_limit(float(its)))
    planned = known.get("training_examples")
    if isinstance(planned, int | float) and decision.needs.examples_available != 0:
        wanted = Needs.declared()["examples_available"]
        label = message(wanted.label)
        yield from _need(decision, "examples_available", 0, label, message("none"))


def _ms(value: float) -> Message:
    return message("less than {ms:,.0f} ms", ms=value)


def _s(value: float) -> Message:
    return message("less than {seconds:,.1f} s", seconds=value)


def _share(value: float) -> Message:
    return message("more than {share:.0%}", share=value)


_LIMITS: Final[tuple[tuple[str, str, float, Callable[[float], Message]], ...]] = (
    ("first_token_ms_at_most", "first_token_ms", 0.999, _ms),
    ("answer_s_at_most", "answer_s", 0.999, _s),
    ("resolved_share_at_least", "resolved_share", 1.001, _share),
)
"""Need, the fact that it limits, the factor just beyond the value of the best, and its text."""


def _with(needs: Needs, name: str, value: str | float) -> Needs:
    changes: dict[str, Any] = {name: value}
    return replace(needs, **changes)


def _need(
    decision: Decision, name: str, value: str | float, label: Message, shown: Message
) -> Iterator[Reversal]:
    if Needs.declared()[name].error(value) is not None:
        return
    other = decision.under(_with(decision.needs, name, value)).best
    if not _same(other, decision.best):
        yield _need_flip(label, shown, _name_of(other))


def _need_flip(label: Message, shown: Message, other: Message) -> Reversal:
    text = message("If “{need}” is “{value}”: {other}.", need=label, value=shown, other=other)
    return Reversal("need", text, other)


def rule_reversals(decision: Decision) -> Iterator[Reversal]:
    """Each rule alone switched off or on."""
    for place, rule in enumerate(decision.rules):
        rules = list(decision.rules)
        rules[place] = replace(rule, is_on=not rule.is_on)
        other = decision.under(decision.needs, tuple(rules))
        if _same(other.best, decision.best):
            continue
        name = _name_of(other.best)
        if rule.is_on:
            text = message("Without the rule “{rule}”: {other}.", rule=rule.sentence, other=name)
        else:
            text = message("With the rule “{rule}”: {other}.", rule=rule.sentence, other=name)
        yield Reversal("rule", text, name)


def _name_of(option: Option | None) -> Message:
    return NOTHING if option is None else option.name


def _same(first: Option | None, second: Option | None) -> bool:
    return _name_of(first) == _name_of(second)
