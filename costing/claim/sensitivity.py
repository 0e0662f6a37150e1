"""Sensitivity of the claim's break-even: tornado bars, and goal seek for one driver."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from i18n.errors import CrossoverError
from i18n.message import Message, Translate, figure, literal, message, plain

from ..numerics.goal_seek import Roots
from ..units import TOKENS_PER_MTOK, Unit
from .drivers import DRIVERS, Driver
from .reconstruction import CLAIMED_TOKENS_PER_DAY, Claim

USUAL_MODELS: Final = ("openai/gpt-4o-mini", "openai/gpt-5.5")
"""The two hosted models at the ends of the bar for the choice of model."""


@dataclass(frozen=True, slots=True)
class TornadoRow:
    """Break-even at both ends of one driver's usual range, with all others unchanged."""

    driver: str
    unit: str
    low_value: float
    high_value: float
    tokens_per_day_at_low: float | None
    """None: never, or not within the volumes searched."""
    tokens_per_day_at_high: float | None


def tornado_rows(claim: Claim, translate: Translate = plain) -> list[TornadoRow]:
    """A row for each driver that changes it, largest ratio first; "never" counts as the largest."""
    rows = list(_model_row(claim, translate))
    for driver in claim.drivers:
        ends = [
            claim.with_driver(driver.id, value).break_even.tokens_per_day
            for value in (driver.usual_low, driver.usual_high)
        ]
        rows.append(
            TornadoRow(
                translate(driver.label),
                "" if driver.unit == Unit.COUNT else translate(driver.unit),
                driver.usual_low,
                driver.usual_high,
                ends[0],
                ends[1],
            )
        )
    tokens_per_day = claim.break_even.tokens_per_day
    return [
        row for row in sorted(rows, key=_length, reverse=True) if _changes_break_even(row, tokens_per_day)
    ]


def _model_row(claim: Claim, translate: Translate) -> Iterator[TornadoRow]:
    """Row for the choice of model, which changes both API prices; its values are blended USD per Mtok."""
    try:
        ends = [claim.with_model(model) for model in USUAL_MODELS]
        usd = [end.usd_per_mtok(end.api) for end in ends]
    except CrossoverError:  # not for sale on the day of the claim's prices
        return
    name = message("API model: {low} or {high}", low=ends[0].api.model.name, high=ends[1].api.model.name)
    tokens = [end.break_even.tokens_per_day for end in ends]
    yield TornadoRow(name.render(translate), translate("USD per Mtok"), usd[0], usd[1], tokens[0], tokens[1])


def _length(row: TornadoRow) -> float:
    low, high = row.tokens_per_day_at_low, row.tokens_per_day_at_high
    return math.inf if low is None or high is None else abs(math.log(high / low))


def _changes_break_even(row: TornadoRow, tokens_per_day: float | None) -> bool:
    ends = (row.tokens_per_day_at_low, row.tokens_per_day_at_high)
    if tokens_per_day is None:
        return any(end is not None for end in ends)
    return any(end is None or abs(end - tokens_per_day) > 1e-6 * tokens_per_day for end in ends)


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of the tornado chart in M tokens a day, around the current break-even."""

    row: TornadoRow
    start: float
    middle: float
    end: float
    never: bool
    """One end has no break-even: the bar goes to the end of the chart."""


def tornado_bars(rows: Sequence[TornadoRow], tokens_per_day: float | None) -> list[Bar]:
    """A bar for each row, in the same order; without a current break-even they start at the axis end."""
    ends = [[row.tokens_per_day_at_low, row.tokens_per_day_at_high] for row in rows]
    known = [end for pair in ends for end in pair if end is not None]
    far = 1.5 * max([*known, tokens_per_day or 0.0, CLAIMED_TOKENS_PER_DAY])
    middle = far if tokens_per_day is None else tokens_per_day
    bars = []
    for row, pair in zip(rows, ends, strict=True):
        low, high = sorted(far if end is None else end for end in pair)
        start, middle_, end = (x / TOKENS_PER_MTOK for x in (min(low, middle), middle, max(high, middle)))
        bars.append(Bar(row, start, middle_, end, None in pair))
    return bars


@dataclass(frozen=True, slots=True)
class SeekRow:
    """Break-even at one value of the driver that is solved for."""

    value: float
    tokens_per_day: float | None
    """None: never."""


def seek_rows(claim: Claim, name: str, points: int = 41) -> list[SeekRow]:
    """Break-even over the range of one driver, in linear or (over decades) logarithmic steps."""
    driver = DRIVERS[name]
    if driver.whole:
        values = [float(n) for n in range(int(driver.low), int(driver.high) + 1)]
    elif driver.low > 0 and driver.high / driver.low > 100:
        values = np.geomspace(driver.low, driver.high, points).tolist()
    else:
        values = np.linspace(driver.low, driver.high, points).tolist()
    return [SeekRow(v, claim.with_driver(name, v).break_even.tokens_per_day) for v in values]


def seek_sentence(roots: Roots, name: str, tokens_per_day: float) -> Message:
    """Result of the goal seek as a sentence."""
    driver = DRIVERS[name]
    label, tokens = message(driver.label), tokens_per_day / TOKENS_PER_MTOK
    low, high = amount(driver, roots.low), amount(driver, roots.high)
    if roots.values:
        sentence = message(
            "For {tokens:,.1f} M tokens a day, {driver} would have to be {value}.",
            tokens=tokens,
            driver=label,
            value=amount(driver, roots.values[0]),
        )
        for value in roots.values[1:]:
            sentence = message("{before} Or {value}.", before=sentence, value=amount(driver, value))
        return sentence
    if roots.least is None or roots.most is None:
        return message(
            "{driver}: no value between {low} and {high} gives a break-even at all.",
            driver=label,
            low=low,
            high=high,
        )
    if roots.jump is not None:
        return message(
            "{driver}: no value does it exactly; the break-even passes {tokens:,.1f} M tokens a day between "
            "{low} and {high}.",
            driver=label,
            tokens=tokens,
            low=amount(driver, roots.jump[0]),
            high=amount(driver, roots.jump[1]),
        )
    return message(
        "{driver}: no value between {low} and {high} does it; the break-even stays between {least:,.1f} and "
        "{most:,.1f} M tokens a day.",
        driver=label,
        low=low,
        high=high,
        least=roots.least / TOKENS_PER_MTOK,
        most=roots.most / TOKENS_PER_MTOK,
    )


def amount(driver: Driver, value: float) -> Message:
    """A value with its unit."""
    if driver.unit == Unit.COUNT:
        return literal(figure(value))
    return message("{value:,.6g} {unit}", value=value, unit=message(driver.unit))
