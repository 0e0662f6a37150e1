"""Outlier check against comparable offers: usually a misplaced decimal point."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from statistics import median_high, median_low

from i18n.message import Message, message

from ..rows import EmbeddingPrice, Fact, GpuOffer, ModelPrice, Offer, TrainingPrice, TunedPrice
from ..rows.prices import own_prices

FACTOR = 5
"""Ratio to the median of comparable offers above which a price is reported.

A misplaced decimal point is a factor of ten; less is left for the spread of the offers. No row of the
shipped tables is so far off. Compared are the same item at other vendors and regions and, among the offers
of one vendor, output *as a multiple of input*: prices of a vendor's models differ by a factor of a hundred,
but a typing error changes one price of one row.
"""

Doubt = tuple[Fact, str, Message]


def outliers(rows: Iterable[Fact]) -> Iterator[Doubt]:
    """(row, field, message) of every outlier; `rows` holds the latest row of each id."""
    listed = list(rows)
    for group in _groups(listed, _same_thing):
        for field in sorted({name for row in group for name in own_prices(row)}):
            for row, usd, usual in _far_off([(row, getattr(row, field, None)) for row in group]):
                yield (
                    row,
                    field,
                    message(
                        "{usd}, and the median of other offers of the same is {usual:g}: more than a factor "
                        "of {limit} (check the unit)",
                        usd=usd,
                        usual=usual,
                        limit=FACTOR,
                    ),
                )
    for group in _groups(listed, _vendor_of_offer):
        for row, times, usual in _far_off([(row, _output_multiple(row)) for row in group]):
            yield (
                row,
                "output_usd_per_mtok",
                message(
                    "{times:.3g} times the input price, and the median of other offers of this vendor is "
                    "{usual:.3g} times: more than a factor of {limit} (check the unit)",
                    times=times,
                    usual=usual,
                    limit=FACTOR,
                ),
            )


def _groups(rows: Sequence[Fact], key: Callable[[Fact], str | None]) -> list[list[Fact]]:
    groups: dict[tuple[type[Fact], str], list[Fact]] = {}
    for row in rows:
        name = key(row)
        if name is not None:
            groups.setdefault((type(row), name), []).append(row)
    return list(groups.values())


def _same_thing(row: Fact) -> str | None:
    """A name that two vendors of the same thing share; Fireworks writes a point as p."""
    match row:
        case ModelPrice() | TunedPrice() | EmbeddingPrice():
            name = row.name
        case TrainingPrice():
            name = row.base_model
        case GpuOffer():
            name = row.gpu
        case _:
            return None
    tail = re.sub(r"(?<=\d)p(?=\d)", ".", name.lower().rsplit("/", 1)[-1])
    return re.sub(r"[^a-z0-9<>.]", "", tail)


def _vendor_of_offer(row: Fact) -> str | None:
    return row.vendor if isinstance(row, Offer) else None


def _output_multiple(row: Fact) -> Decimal | None:
    if not isinstance(row, Offer) or not row.input_usd_per_mtok:
        return None
    return row.output_usd_per_mtok / row.input_usd_per_mtok


def _far_off(
    values: Sequence[tuple[Fact, Decimal | None]],
) -> Iterator[tuple[Fact, Decimal, Decimal]]:
    """(row, value, median of comparable offers) of the outliers; free and unknown prices are left out.

    Of two that differ, both are reported.
    """
    known = [(row, value) for row, value in values if value]
    for row, value in known:
        others = [x for other, x in known if other is not row]
        if others:
            middle = (median_low(others), median_high(others))
            if all(max(value / usual, usual / value) > FACTOR for usual in middle):
                yield row, value, middle[0]
