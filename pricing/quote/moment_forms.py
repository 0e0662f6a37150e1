"""Forms of a time that databases and logs write besides full ISO 8601."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

AS_ISO: Final = (
    (r"^(\d{4}-\d{2}-\d{2})t", r"\1T"),
    (r"(:\d{2}(?:\.\d+)?) ?(?:[zZ]|UTC|GMT)$", r"\1Z"),
    (r"(:\d{2}(?:\.\d+)?) ?([+-]\d{2})$", r"\1\2:00"),
    (r"(:\d{2}(?:\.\d+)?) ([+-]\d{2}:?\d{2})$", r"\1\2"),
)
"""(form, in full ISO 8601): an offset of whole hours, as PostgreSQL writes it and ISO 8601 allows; UTC in
words, as BigQuery does; a blank before the offset, as Ruby does; small letters, as RFC 3339 allows."""


def moment(text: str) -> datetime:
    """The moment; without a zone it is UTC. Raises ValueError for a text of no such form."""
    for form, iso in AS_ISO:
        text = re.sub(form, iso, text)
    at = datetime.fromisoformat(text)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at
