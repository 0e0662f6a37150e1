"""A moment as logs and databases write it: ISO 8601, or PostgreSQL's text of a timestamptz."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

MOMENT: Final = (
    r"^\d{4}-\d{2}-\d{2}([Tt ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?( ?([Zz]|UTC|GMT|[+-]\d{2}(:?\d{2})?))?)?$"
)
"""What is read: a day, or a time with or without a zone."""
NUMBER: Final = r"^\d{9,19}(\.\d+)?$"
"""Seconds, milliseconds or nanoseconds since 1970: refused, since the unit is not written."""
PLAIN: Final = (
    (r"^(\d{4}-\d{2}-\d{2})t", r"\1T"),
    (r"^(.{11}.*\d) ?(z|UTC|GMT)$", r"\1Z"),
    (r"^(.{11}.*\d) ([+-]\d{2}.*)$", r"\1\2"),
    (r"^(.{11}.*[+-]\d{2})$", r"\1:00"),
)
"""(pattern, replacement) that bring every zone to the form Z or +HH:MM; for `re` and for Arrow's RE2."""


def moment(text: str) -> datetime:
    """The moment; without a zone it is UTC. Raises ValueError for a text that is none."""
    for pattern, plain in PLAIN:
        text = re.sub(pattern, plain, text)
    at = datetime.fromisoformat(text)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at
