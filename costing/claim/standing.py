"""Whether the claim holds at the prices of a day, against which models, and since when not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final

import pandas as pd

from frames.frame import frame, records
from frames.registry import columns
from i18n.large_number import large
from i18n.message import COMMA, Message, listed, message
from pricing.book import PriceBook
from pricing.quote.model_names import Resolver
from pricing.rows import ModelPrice
from pricing.rows.names import model_label

from .history import LINES, history_frame, row_on
from .reconstruction import CLAIMED_TOKENS_PER_DAY, Claim

STANDINGS: Final = columns(
    "model_line model break_even_tokens_per_day claim_holds day held_before next_change "
    "next_break_even_tokens_per_day"
)
"""A row for each line of models: its model of today, and since when the claim has held or not held."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether the claimed volume is enough against the model that a line sells on a day."""

    model_line: str
    model: str
    break_even_tokens_per_day: float | None
    """None: at no volume."""
    claim_holds: bool
    day: date
    """First day since which the claim has held, or not held, without a break."""
    held_before: bool
    """Whether it ever held before that day."""
    next_change: date | None
    """Day of the next announced price; None if there is none."""
    next_break_even_tokens_per_day: float | None


def standings(
    claim: Claim, book: PriceBook, today: date, lines: Sequence[str] = tuple(LINES)
) -> list[Standing]:
    """Lowest break-even first, those without one last. A line with no price in force today is left out."""
    resolver = Resolver(book)
    by_line: dict[str, list[dict[str, Any]]] = {}
    for row in records(history_frame(claim, book, lines, today)):
        by_line.setdefault(str(row["model_line"]), []).append(row)
    standing = []
    for line, rows in by_line.items():
        past = [row for row in rows if not row["announced"]]
        if not past:
            continue
        prices = [row for row in resolver.history(past[-1]["model"]) if isinstance(row, ModelPrice)]
        price = row_on(prices, today)
        if price is not None:
            standing.append(_standing(line, price.name, past, [row for row in rows if row["announced"]]))
    return sorted(standing, key=_rank)


def _standing(
    line: str, name: str, past: Sequence[Mapping[str, Any]], announced: Sequence[Mapping[str, Any]]
) -> Standing:
    states = [claim_holds(row["break_even_tokens_per_day"]) for row in past]
    start = len(states) - 1
    while start and states[start - 1] == states[-1]:
        start -= 1
    return Standing(
        model_line=line,
        model=name,
        break_even_tokens_per_day=past[-1]["break_even_tokens_per_day"],
        claim_holds=states[-1],
        day=past[start]["day"],
        held_before=any(states[:start]),
        next_change=announced[0]["day"] if announced else None,
        next_break_even_tokens_per_day=announced[0]["break_even_tokens_per_day"] if announced else None,
    )


def claim_holds(tokens_per_day: float | None) -> bool:
    """Whether a break-even is within the claimed volume."""
    return tokens_per_day is not None and tokens_per_day <= CLAIMED_TOKENS_PER_DAY


def _rank(standing: Standing) -> tuple[bool, float]:
    tokens = standing.break_even_tokens_per_day
    return (tokens is None, tokens or 0.0)


def standings_frame(standing: Sequence[Standing]) -> pd.DataFrame:
    """STANDINGS."""
    return frame(STANDINGS, [asdict(each) for each in standing])


def answer(standing: Sequence[Standing], today: date) -> Message:
    """Whether the claim holds, against what, and since when not, in one sentence.

    Where it holds against no model, the nearest and the farthest model stand for all.
    """
    if not standing:
        return message("Unknown: no line of models has a price on {day}.", day=today.isoformat())
    holding = [_place(each) for each in standing if each.claim_holds]
    failing = [_place(each) for each in standing if not each.claim_holds]
    values: dict[str, object] = {
        "day": today.isoformat(),
        "claimed": large(CLAIMED_TOKENS_PER_DAY),
        "holding": _series(holding),
        "failing": _series(failing if holding else [*failing[:1], *failing[1:][-1:]]),
    }
    if not failing:
        return message(
            "Yes: at the prices of {day}, {claimed} tokens per day are enough: self-hosting breaks even "
            "{holding}.",
            **values,
        )
    if holding:
        return message(
            "Only in part: at the prices of {day}, {claimed} tokens per day are enough against some models: "
            "self-hosting breaks even {holding}, but only {failing}.",
            **values,
        )
    if any(each.held_before for each in standing):
        return message(
            "No longer: at the prices of {day}, {claimed} tokens per day are not enough: self-hosting breaks "
            "even {failing}.",
            **values,
        )
    return message(
        "No: at the prices of {day}, {claimed} tokens per day are not enough: self-hosting breaks even "
        "{failing}.",
        **values,
    )


def _series(parts: Sequence[Message]) -> Message:
    """Parts with commas, and "and" before the last one."""
    if len(parts) < 2:
        return listed(parts)
    return message("{first} and {second}", first=listed(parts[:-1], COMMA), second=parts[-1])


def _place(standing: Standing) -> Message:
    """Break-even against one model, and until when the claimed volume was enough."""
    tokens = standing.break_even_tokens_per_day
    at = message("at no volume") if tokens is None else message("at {volume}", volume=large(tokens))
    if standing.claim_holds:
        return message("{at} against {model}", at=at, model=model_label(standing.model))
    if standing.held_before:
        return message(
            "{at} against {model} (enough until {day})",
            at=at,
            model=model_label(standing.model),
            day=standing.day.isoformat(),
        )
    return message("{at} against {model} (never enough)", at=at, model=model_label(standing.model))
