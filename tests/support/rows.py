"""Rows of a frame with their columns as attributes."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd

from frames.frame import records


def rows_of(table: pd.DataFrame) -> list[SimpleNamespace]:
    """One object a row; missing is None."""
    return [SimpleNamespace(**record) for record in records(table)]
