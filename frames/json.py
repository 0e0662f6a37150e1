"""A frame as JSON: exact amounts as decimal text, dates in ISO format, unknown as null."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd

from .frame import records


def json_records(table: pd.DataFrame, *left_out: str) -> list[dict[str, Any]]:
    """Rows as JSON objects, without the columns in `left_out`."""
    return [
        {name: _json(value) for name, value in row.items() if name not in left_out} for row in records(table)
    ]


def _json(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else value
