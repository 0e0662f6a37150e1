"""Laws of the column registry: every column is used, says its unit, and has a heading that is translated."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

import pytest

from frames.column import Column, Dtype
from frames.registry import COLUMNS
from tests.support.paths import ROOT
from tools import catalogue

USERS: Final = ("bench", "costing", "dashboard", "pricing")
UNIT_WORDS: Final = {
    "usd": ("USD",),
    "amount": ("{currency}", "USD"),
    "tokens": ("token",),
    "ms": ("ms",),
    "s": (", s", "/s", "per second"),
    "gib": ("GiB",),
    "kwh": ("kWh",),
    "kg": ("kg",),
    "days": ("day",),
    "months": ("month",),
    "mtok": ("Mtok", "price list"),
    "hour": ("hour",),
}
"""Unit in a column's name -> what its heading or its unit says."""
CHINESE: Final = {item.id for item in catalogue.read("zh_TW") if item.id and all(catalogue.strings(item))}
NUMBERS: Final = (Dtype.AMOUNT, Dtype.FLOAT, Dtype.INTEGER)

every_column = pytest.mark.parametrize("column", COLUMNS.values(), ids=lambda column: str(column.name))


def declared(module: ast.Module) -> Iterator[str]:
    """Names of columns in calls of `columns("...")` and in keywords of `frame.assign(...)`."""
    for call in (node for node in ast.walk(module) if isinstance(node, ast.Call)):
        function = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if function == "columns":
            for part in (part for argument in call.args for part in ast.walk(argument)):
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    yield from part.value.split()
        elif function == "assign":
            yield from (keyword.arg for keyword in call.keywords if keyword.arg)


def silent_units(column: Column) -> list[str]:
    """Units of a column's name that neither its heading nor its unit says."""
    text = f"{column.heading} {column.unit}"
    parts = column.name.split("_")
    named = {part for part in parts if part in ("usd", "amount", "ms", "kwh", "kg")} | {parts[-1]}
    return [
        unit
        for unit in sorted(named & UNIT_WORDS.keys())
        if not any(word.lower() in text.lower() for word in UNIT_WORDS[unit])
    ]


def test_every_registered_column_is_used_by_a_frame() -> None:
    paths = [path for folder in USERS for path in (ROOT / folder).rglob("*.py")]
    used = {name for path in paths for name in declared(ast.parse(path.read_text(encoding="utf-8")))}
    assert sorted(COLUMNS.keys() - used) == []


def test_a_column_that_is_declared_or_added_is_recognised() -> None:
    assert set(declared(ast.parse('columns("a b" + PRICE)\nframe.assign(c=1)'))) == {"a", "b", "c"}


@every_column
def test_a_column_whose_name_ends_in_a_unit_says_that_unit(column: Column) -> None:
    assert silent_units(column) == []


def test_a_unit_that_is_not_said_is_recognised() -> None:
    assert silent_units(Column("npv_usd", "Net present value", Dtype.AMOUNT)) == ["usd"]
    assert silent_units(Column("usd_per_month", "Per month", Dtype.AMOUNT)) == ["usd"]
    assert silent_units(Column("prompt_tokens", "Prompt", Dtype.INTEGER)) == ["tokens"]
    assert silent_units(Column("prompt_tokens", "Prompt", Dtype.INTEGER, unit="tokens")) == []


@every_column
def test_a_share_is_shown_in_percent_and_a_unit_only_stands_with_a_number(column: Column) -> None:
    if column.name.endswith("_share"):
        assert column.format == "percent"
    if column.unit or column.format:
        assert column.dtype in NUMBERS


@every_column
def test_a_heading_is_a_text_with_a_chinese_translation(column: Column) -> None:
    assert column.heading
    assert column.heading not in COLUMNS  # a name of the code
    for text in filter(None, (column.heading, column.help)):
        assert text in CHINESE
