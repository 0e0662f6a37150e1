"""A column of moments as seconds since 1970."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from .moments import MOMENT, NUMBER, PLAIN, moment

Ints = npt.NDArray[np.int64]

_UNUSUAL: Final = r"(t.*|z|UTC|GMT| [+-]\d{2}(:?\d{2})?|[:.]\d+[+-]\d{2})$"
"""Texts that one of PLAIN changes are among these."""


def seconds_of(column: pa.ChunkedArray) -> tuple[Ints, pa.ChunkedArray, pa.ChunkedArray]:
    """(seconds since 1970, whether it is a moment, whether it is a number such as 1795348800), of shape (n,).

    A time without a zone is UTC. Seconds are 0 where the text is no moment.
    """
    text = pc.utf8_trim_whitespace(column)
    good = pc.match_substring_regex(text, MOMENT)
    numbers = pc.match_substring_regex(text, NUMBER)
    text = pc.if_else(good, text, "1970-01-01")
    if pc.any(pc.match_substring_regex(text, _UNUSUAL)).as_py():  # replacing takes 1 s per million
        for pattern, plain in PLAIN:
            if pc.any(pc.match_substring_regex(text, pattern)).as_py():
                text = pc.replace_substring_regex(text, pattern, plain)
    zoned = pc.match_substring_regex(text, r"(Z|[T ].*[+-]\d{2}:?\d{2})$")
    try:
        with_zone = pc.if_else(zoned, text, "1970-01-01T00:00:00Z").cast(pa.timestamp("us", "UTC"))
        without = pc.if_else(zoned, "1970-01-01", text).cast(pa.timestamp("us"))
        micro = pc.if_else(zoned, with_zone.cast(pa.int64()), without.cast(pa.int64()))
        seconds = np.asarray(micro.combine_chunks().to_numpy()) // 1_000_000
    except pa.ArrowInvalid:  # an invalid date somewhere: parse one by one
        values = [_seconds(value) for value in text.to_pylist()]
        good = pc.and_(good, pa.chunked_array([[value is not None for value in values]]))
        seconds = np.array([value or 0 for value in values], dtype=np.int64)
    return seconds, good, numbers


def _seconds(text: str) -> int | None:
    try:
        return int(moment(text).timestamp() // 1)
    except ValueError:
        return None
