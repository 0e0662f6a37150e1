"""Build a frame from records, and read records from a frame."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from .column import Column, Dtype


def frame(columns: Sequence[Column], records: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """A DataFrame with exactly these columns, in this order.

    Raises ValueError if a record lacks a column or has another one.
    """
    names = [column.name for column in columns]
    wanted = set(names)
    rows = list(records)
    for record in rows:
        if record.keys() != wanted:
            raise ValueError(f"columns missing or not declared: {sorted(record.keys() ^ wanted)}")
    return pd.DataFrame(
        {column.name: _values(column, [row[column.name] for row in rows]) for column in columns}
    )


def frame_of(
    columns: Sequence[Column], rows: int, values: Mapping[str, Any], constants: Mapping[str, Any]
) -> pd.DataFrame:
    """The same from whole columns: faster for long frames. `constants` have one value in all `rows`.

    Raises ValueError if a column is missing or not declared.
    """
    names = [column.name for column in columns]
    given = values.keys() | constants.keys()
    if given != set(names):
        raise ValueError(f"columns missing or not declared: {sorted(given ^ set(names))}")
    return pd.DataFrame(
        {
            column.name: _values(column, values[column.name])
            if column.name in values
            else _constant(column, constants[column.name], rows)
            for column in columns
        }
    )


def _constant(column: Column, value: Any, rows: int) -> Any:
    if not rows:
        return _values(column, [])
    cell = _values(column, [value])
    return cell.repeat(rows) if not isinstance(cell, pd.Series) else pd.Series([value] * rows, dtype=object)


def _values(column: Column, values: Any) -> Any:
    match column.dtype:
        case Dtype.TEXT:
            return pd.array(values, dtype="str")
        case Dtype.FLOAT:
            return np.array(values, dtype=np.float64)
        case Dtype.INTEGER:
            return pd.array(values, dtype="Int64")
        case Dtype.FLAG:
            return pd.array(values, dtype="boolean")
        case Dtype.AMOUNT if isinstance(values, np.ndarray) or not any(
            isinstance(value, Decimal) for value in values
        ):
            return np.array(values, dtype=np.float64)
    return pd.Series(values, dtype=object)


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as mappings of plain Python values; missing is None."""
    columns = [[plain(value) for value in table[name].array] for name in table.columns]
    return [dict(zip(table.columns, row, strict=True)) for row in zip(*columns, strict=True)]


def plain(value: Any) -> Any:
    """The Python value of a cell; None if it is missing."""
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
        return None
    return value.item() if isinstance(value, np.generic) else value
