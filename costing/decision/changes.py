"""What could change the answer: the nearest volume, a price and a day at which another option is better."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

from i18n.dates import dated
from i18n.message import Message, message

from ..comparison.breakeven import Breakeven
from ..comparison.compare import Comparison, Outcome
from ..comparison.endings import Ending, can_be_started, endings
from ..comparison.option_labels import option_labels
from ..comparison.resolution import counts_people, ranked, ranked_usd
from .headline import recommended

MOST: Final = 3
"""Lines that are shown."""


def changes(comparison: Comparison, result: Breakeven) -> tuple[Message, ...]:
    """Sentences about the recommended option, at most MOST; none without a choice."""
    if len(ranked(comparison)) < 2:
        return ()
    best = recommended(comparison)
    sentences = (*_volume(comparison, result, best), *_price(comparison, best), *_day(comparison, best))
    return sentences[:MOST]


def _rivals(comparison: Comparison, best: Outcome) -> list[Outcome]:
    """Other options that last and are open; without any, all others."""
    others = [outcome for outcome in ranked(comparison) if outcome.name != best.name]
    return [outcome for outcome in others if can_be_started(comparison, outcome)] or others


def _volume(comparison: Comparison, result: Breakeven, best: Outcome) -> Iterator[Message]:
    """The nearest volume at which a rival becomes cheaper; not where people count, whom it leaves out."""
    if counts_people(comparison):
        return
    volume, labels = comparison.scenario.requests_per_day, option_labels(comparison)
    rivals = {outcome.name for outcome in _rivals(comparison, best)}
    crossings = [
        (abs(math.log(crossing.requests_per_day / volume)), crossing)
        for pair in result.pairs
        if best.name in (pair.first.name, pair.second.name)
        for crossing in pair.crossings
        if _beyond(crossing.requests_per_day > volume, crossing.cheaper_above, crossing.cheaper_below)
        in rivals
    ]
    if not crossings:
        return
    _, nearest = min(crossings, key=lambda item: item[0])
    if nearest.requests_per_day > volume:
        yield message(
            "Above {volume:,.0f} requests per day, {option} is cheaper.",
            volume=nearest.requests_per_day,
            option=labels[nearest.cheaper_above].short,
        )
    else:
        yield message(
            "Below {volume:,.0f} requests per day, {option} is cheaper.",
            volume=nearest.requests_per_day,
            option=labels[nearest.cheaper_below].short,
        )


def _beyond(is_above: bool, cheaper_above: Message, cheaper_below: Message) -> Message:
    """The option that is cheaper on the far side of a break-even point."""
    return cheaper_above if is_above else cheaper_below


def _price(comparison: Comparison, best: Outcome) -> Iterator[Message]:
    """By how much the cost of the best option would have to rise."""
    labels, own = option_labels(comparison), ranked_usd(comparison, best)
    above = [outcome for outcome in _rivals(comparison, best) if ranked_usd(comparison, outcome) > own]
    if not above or own <= 0:
        return
    nearest = min(above, key=lambda outcome: ranked_usd(comparison, outcome))
    yield message(
        "If the cost of {best} rises by {share:.0%}, {option} is cheaper.",
        best=labels[best.name].short,
        share=float(ranked_usd(comparison, nearest) / own - 1),
        option=labels[nearest.name].short,
    )


def _day(comparison: Comparison, best: Outcome) -> Iterator[Message]:
    """The next dated end: of the best option, else of any other."""
    own = endings(comparison, best)
    ends: list[Ending] = list(own[:1])
    if not ends:
        others = [end for outcome in ranked(comparison) for end in endings(comparison, outcome)]
        ends = sorted(others, key=lambda end: end.day)[:1]
    for end in ends:
        yield message("On {day}, {what}.", day=dated(end.day), what=end.text)
