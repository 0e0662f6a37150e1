"""A total row below a frame's rows."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pandas as pd

from .frame import frame, records
from .registry import COLUMNS


def with_total(table: pd.DataFrame, name: str, amounts: Sequence[str], label: str) -> pd.DataFrame:
    """The frame with a last row: `label` in column `name`, exact sums in `amounts`, missing elsewhere.

    A currency that all rows share stays. A frame of fewer than two rows needs no total and stays as it is.
    """
    rows = records(table)
    if len(rows) < 2:
        return table
    total = dict.fromkeys(table.columns)
    if "currency" in total and len(set(table["currency"])) == 1:
        total["currency"] = rows[0]["currency"]
    sums = {each: sum((row[each] for row in rows), Decimal(0)) for each in amounts}
    return frame([COLUMNS[each] for each in table.columns], [*rows, {**total, name: label, **sums}])
