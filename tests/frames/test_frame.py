"""Tests of frames: columns, missing values, CSV and text."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from frames.column import Column, Dtype
from frames.csv import frame_csv
from frames.frame import frame, frame_of, records
from frames.json import json_records
from frames.registry import COLUMNS, columns
from frames.text import frame_text

FIELDS = (
    Column("name", "Name", Dtype.TEXT),
    Column("usd", "USD", Dtype.AMOUNT),
    Column("share", "Share", Dtype.FLOAT),
    Column("count", "Count", Dtype.INTEGER),
    Column("is_open", "Open", Dtype.FLAG),
    Column("on", "Day", Dtype.DATE),
)
FULL = {
    "name": "=1+1",
    "usd": Decimal("0.000001"),
    "share": 0.1,
    "count": 3,
    "is_open": True,
    "on": date(2026, 11, 30),
}
BLANK = dict.fromkeys(FULL)


def test_records_come_back_as_they_were_given() -> None:
    assert records(frame(FIELDS, [FULL, BLANK])) == [FULL, BLANK]


def test_the_csv_keeps_decimals_leaves_unknown_blank_and_disarms_formulas() -> None:
    written = frame_csv(frame(FIELDS, [FULL, BLANK])).decode("utf-8-sig").splitlines()
    assert written == ["name,usd,share,count,is_open,on", "'=1+1,0.000001,0.1,3,true,2026-11-30", ",,,,,"]


def test_json_keeps_decimals_as_text_and_unknown_as_null() -> None:
    written = {**FULL, "usd": "0.000001", "on": "2026-11-30"}
    assert json_records(frame(FIELDS, [FULL, BLANK])) == [written, BLANK]
    assert json_records(frame(FIELDS, [{**BLANK, "usd": Decimal("3E-9")}]), "on")[0]["usd"] == "0.000000003"
    assert "on" not in json_records(frame(FIELDS, [FULL]), "on")[0]


def test_a_missing_and_an_undeclared_column_are_errors() -> None:
    with pytest.raises(ValueError, match="extra"):
        frame(FIELDS, [{**FULL, "extra": 1}])
    with pytest.raises(ValueError, match="share"):
        frame(FIELDS, [{name: value for name, value in FULL.items() if name != "share"}])


def test_an_empty_frame_has_its_columns() -> None:
    assert list(frame(FIELDS, []).columns) == [column.name for column in FIELDS]


def test_a_text_table_is_aligned_and_shows_unknown_as_a_dash() -> None:
    table = frame(FIELDS, [{**FULL, "name": "微調", "usd": Decimal(1234)}, {**BLANK, "name": "RAG"}])
    assert frame_text(table, {"name": "", "usd": ",.2f"}).splitlines() == ["微調  1,234.00", "RAG          -"]


def test_every_registered_usd_column_is_registered_too() -> None:
    assert {column.usd_column for column in COLUMNS.values() if column.usd_column} <= COLUMNS.keys()
    with pytest.raises(KeyError, match="no_such_column"):
        columns("strategy no_such_column")


def test_a_frame_of_columns_equals_that_of_its_records() -> None:
    constants = {name: value for name, value in FULL.items() if name not in ("share", "usd")}
    rows = [{**FULL, "share": share} for share in (0.1, 0.2)]
    table = frame_of(FIELDS, 2, {"share": [0.1, 0.2], "usd": [FULL["usd"]] * 2}, constants)
    assert records(table) == rows
    assert table.dtypes.to_dict() == frame(FIELDS, rows).dtypes.to_dict()
    assert list(frame_of(FIELDS, 0, {"share": [], "usd": []}, constants).columns) == list(table.columns)


def test_a_frame_of_columns_names_what_is_missing() -> None:
    with pytest.raises(ValueError, match="share"):
        frame_of(FIELDS, 1, {}, {name: value for name, value in FULL.items() if name != "share"})
