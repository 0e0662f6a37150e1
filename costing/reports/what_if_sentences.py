"""Results of what-if analyses in sentences: maps of the cheapest option, and goal seeks."""

from __future__ import annotations

import numpy as np

from i18n.large_number import large
from i18n.message import COMMA, Message, listed, literal, message

from ..comparison.compare import Comparison
from ..uncertainty.inputs import value_text
from ..uncertainty.what_if import GoalSeekResult, Lever, WinnerMap


def map_sentence(comparison: Comparison, winners: WinnerMap) -> Message:
    """Share of the map that agrees with the verdict, as a sentence."""
    if winners.current < 0:
        return message("No option is possible with the current inputs.")
    share = float(np.mean(winners.winner == winners.current))
    name = comparison.outcomes[winners.current].name
    if share == 1:
        return message(
            "{strategy} is the cheapest everywhere on the map: neither input changes that.", strategy=name
        )
    others = [
        comparison.outcomes[int(place)].name
        for place in np.unique(winners.winner)
        if place not in (-1, winners.current)
    ]
    return message(
        "{strategy} is the cheapest today and on {share:.0%} of the map; elsewhere: {others}.",
        strategy=name,
        share=share,
        others=listed(others, COMMA) if others else message("no option is possible"),
    )


def answer_sentence(result: GoalSeekResult) -> Message:
    """Result of the goal seek as a sentence, or why no value reaches the goal."""
    lever, roots = result.lever, result.roots
    if roots.values:
        sentence = _goal(result, _shown(lever, roots.values[0]))
        for value in roots.values[1:]:
            sentence = message("{before} Or {value}.", before=sentence, value=_shown(lever, value))
        if lever.usual is not None:
            sentence = message("{before} Today it is {now}.", before=sentence, now=_shown(lever, lever.usual))
        return sentence
    ends = {"input": lever.label, "low": _shown(lever, roots.low), "high": _shown(lever, roots.high)}
    if roots.least is None or roots.most is None:
        if result.first is not None:
            return message(
                "Not possible: with no value of {input} between {low} and {high} are both options possible.",
                **ends,
            )
        return message(
            "Not possible: with {input} between {low} and {high} there is no break-even; "
            "self-hosting stays more expensive at every volume.",
            **ends,
        )
    if roots.jump is not None:
        return message(
            "No value of {input} reaches it exactly: the costs cross in one step between {low} and {high}.",
            input=lever.label,
            low=_shown(lever, roots.jump[0]),
            high=_shown(lever, roots.jump[1]),
        )
    if result.first is None or result.second is None:
        return message(
            "Not possible: with {input} between {low} and {high} the break-even stays between "
            "{least} and {most} tokens per day.",
            **ends,
            least=large(roots.least),
            most=large(roots.most),
        )
    cheaper, other, gap = result.first.name, result.second.name, 1 / roots.most - 1
    if roots.least > 1:
        cheaper, other, gap = other, cheaper, roots.least - 1
    return message(
        "Not possible: with {input} between {low} and {high}, {other} stays at least {gap:.0%} "
        "more expensive than {cheaper}.",
        **ends,
        other=other,
        cheaper=cheaper,
        gap=gap,
    )


def _goal(result: GoalSeekResult, value: Message) -> Message:
    if result.first is None or result.second is None:
        return message(
            "Self-hosting is cheaper from {tokens} tokens per day on if {input} is {value}.",
            tokens=large(result.target_tokens_per_day or 0.0),
            input=result.lever.label,
            value=value,
        )
    return message(
        "{first} costs as much as {second} if {input} is {value}.",
        first=result.first.name,
        second=result.second.name,
        input=result.lever.label,
        value=value,
    )


def _shown(lever: Lever, value: float) -> Message:
    return literal(value_text(lever.path, value))
