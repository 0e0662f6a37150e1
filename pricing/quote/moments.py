"""Times in a usage log: ISO 8601, and the forms in which databases write it."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .moment_forms import AS_ISO, moment
from .rate_card import Ints

_MOMENT: Final = r"^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?)?$"
_ZONED: Final = r"(Z|[T ].*[+-]\d{2}:?\d{2})$"
_EPOCH: Final = r"^\d{9,19}(\.\d+)?$"


def moments(column: Any) -> tuple[Ints, Any, Any]:
    """Seconds since 1970 of a text column, in UTC; a time without a zone is UTC.

    Returns them with two Boolean columns: which texts are times, and which are seconds (or milliseconds)
    since 1970 instead. Seconds of a text that is no time are 0.
    """
    text = pc.utf8_trim_whitespace(column)
    good = pc.match_substring_regex(text, _MOMENT)
    epoch = pc.match_substring_regex(text, _EPOCH)
    if not pc.all(good).as_py():
        for form, iso in AS_ISO:
            text = pc.replace_substring_regex(text, form, iso)
        good = pc.match_substring_regex(text, _MOMENT)
    text = pc.if_else(good, text, "1970-01-01")
    zoned = pc.match_substring_regex(text, _ZONED)
    try:
        with_zone = pc.if_else(zoned, text, "1970-01-01T00:00:00Z").cast(pa.timestamp("us", "UTC"))
        without = pc.if_else(zoned, "1970-01-01", text).cast(pa.timestamp("us"))
        micro = pc.if_else(zoned, with_zone.cast(pa.int64()), without.cast(pa.int64()))
        seconds = np.asarray(micro.combine_chunks().to_numpy()) // 1_000_000
    except pa.ArrowInvalid:  # an invalid date somewhere: parse one by one
        parsed = [_moment(value) for value in text.to_pylist()]
        good = pc.and_(good, pa.chunked_array([[value is not None for value in parsed]]))
        seconds = np.array([value or 0 for value in parsed], dtype=np.int64)
    return seconds, good, epoch


def _moment(text: str) -> int | None:
    try:
        return int(moment(text).timestamp() // 1)
    except ValueError:
        return None
