"""Sensitivity of the claim's break-even: tornado bars, and goal seek for one driver."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd

from frames.frame import frame
from frames.registry import columns
from i18n.errors import CrossoverError
from i18n.large_number import large
from i18n.message import Message, Translate, figure, literal, message, plain
from pricing.rows.names import model_label

from ..numerics.goal_seek import Roots
from ..units import Unit
from .driver import Driver
from .drivers import DRIVERS
from .reconstruction import Claim

USUAL_MODELS: Final = ("openai/gpt-4o-mini", "openai/gpt-5.5")
"""The two hosted models at the ends of the bar for the choice of model."""


TORNADO: Final = columns("driver unit low_value high_value tokens_per_day_at_low tokens_per_day_at_high")
"""Break-even at both ends of one driver's usual range, with all others unchanged. A missing break-even:
never, or not within the volumes searched."""
SEEK: Final = columns("driver_value break_even_tokens_per_day")
"""Break-even at values of the driver that is solved for; missing: never."""


def tornado_frame(claim: Claim, translate: Translate = plain) -> pd.DataFrame:
    """TORNADO: a row for each driver that changes the break-even, largest ratio first; "never" is largest."""
    rows = list(_model_row(claim, translate))
    for driver in claim.drivers:
        low, high = (
            claim.with_driver(driver.id, value).break_even.tokens_per_day
            for value in (driver.usual_low, driver.usual_high)
        )
        name = translate(driver.label)
        rows.append((name, str(driver.unit), driver.usual_low, driver.usual_high, low, high))
    now = claim.break_even.tokens_per_day
    kept = sorted((row for row in rows if _changes_break_even(row[4:], now)), key=_length, reverse=True)
    return frame(TORNADO, [dict(zip((c.name for c in TORNADO), row, strict=True)) for row in kept])


_Row = tuple[str, str, float, float, float | None, float | None]


def _model_row(claim: Claim, translate: Translate) -> Iterator[_Row]:
    """Row for the choice of model, which changes both API prices; its values are blended USD per Mtok."""
    try:
        ends = [claim.with_model(model) for model in USUAL_MODELS]
        usd = [end.usd_per_mtok(end.api) for end in ends]
    except CrossoverError:  # not for sale on the day of the claim's prices
        return
    first, last = (model_label(end.api.model.name) for end in ends)
    name = message("API model: {low} or {high}", low=first, high=last)
    low, high = (end.break_even.tokens_per_day for end in ends)
    yield (name.render(translate), str(Unit.USD_PER_MTOK), usd[0], usd[1], low, high)


def _length(row: _Row) -> float:
    low, high = row[4:]
    return math.inf if low is None or high is None else abs(math.log(high / low))


def _changes_break_even(ends: tuple[float | None, ...], tokens_per_day: float | None) -> bool:
    if tokens_per_day is None:
        return any(end is not None for end in ends)
    return any(end is None or abs(end - tokens_per_day) > 1e-6 * tokens_per_day for end in ends)


def seek_frame(claim: Claim, name: str, points: int = 41) -> pd.DataFrame:
    """SEEK over the range of one driver, in linear or (over decades) logarithmic steps."""
    driver = DRIVERS[name]
    if driver.whole:
        values = [float(n) for n in range(int(driver.low), int(driver.high) + 1)]
    elif driver.is_logarithmic:
        values = np.geomspace(driver.low, driver.high, points).tolist()
    else:
        values = np.linspace(driver.low, driver.high, points).tolist()
    return frame(
        SEEK,
        [
            {
                "driver_value": value,
                "break_even_tokens_per_day": claim.with_driver(name, value).break_even.tokens_per_day,
            }
            for value in values
        ],
    )


def seek_sentence(roots: Roots, name: str, tokens_per_day: float) -> Message:
    """Result of the goal seek as a sentence."""
    driver = DRIVERS[name]
    label, tokens = message(driver.label), large(tokens_per_day)
    low, high = amount(driver, roots.low), amount(driver, roots.high)
    if roots.values:
        sentence = message(
            "For a break-even at {tokens} tokens per day, {driver} would have to be {value}.",
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
            "{driver}: no value does it exactly; the break-even passes {tokens} tokens per day between "
            "{low} and {high}.",
            driver=label,
            tokens=tokens,
            low=amount(driver, roots.jump[0]),
            high=amount(driver, roots.jump[1]),
        )
    return message(
        "{driver}: no value between {low} and {high} does it; the break-even stays between {least} and "
        "{most} tokens per day.",
        driver=label,
        low=low,
        high=high,
        least=large(roots.least),
        most=large(roots.most),
    )


def amount(driver: Driver, value: float) -> Message:
    """A value with its unit; a share as a percentage."""
    if driver.unit == Unit.COUNT:
        return literal(figure(value))
    if driver.unit == Unit.SHARE:
        return message("{percent:,.4g}%", percent=value * 100)
    if driver.unit == Unit.SHARE_PER_YEAR:
        return message("{percent:,.4g}% per year", percent=value * 100)
    return message("{value:,.6g} {unit}", value=value, unit=message(driver.unit))
