"""Write docs/columns.md: the columns of all tables and CSV files, from the registry.

`python -m tools.column_list` after a change in `frames/registry/`. A test fails where the document is old.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from frames.column import Column, Dtype
from frames.registry import AREAS

TARGET: Final = Path(__file__).resolve().parent.parent / "docs" / "columns.md"
INTRODUCTION: Final = """# Columns

Every column of the tables on the screen, of their CSV files and of the JSON of reports. One name means one
thing in all of them. *Heading* is that of the screen, where {currency} is the currency of the report.
Unknown is blank, never 0. A share is 0 to 1 in a file and percent on the screen.

`python -m tools.column_list` writes this page from `frames/registry/`.
"""
HOLDS: Final = {
    Dtype.TEXT: "text",
    Dtype.AMOUNT: "amount",
    Dtype.FLOAT: "number",
    Dtype.INTEGER: "whole number",
    Dtype.FLAG: "true or false",
    Dtype.DATE: "date",
    Dtype.OBJECT: "any value",
}


def document() -> str:
    """The text of the page."""
    parts = [INTRODUCTION]
    for area in AREAS:
        title = (area.__doc__ or "").strip().splitlines()[0].rstrip(".")
        parts.append("\n".join([f"## {title}", "", *_table(area.COLUMNS), ""]))
    return "\n".join(parts)


def _table(columns: tuple[Column, ...]) -> Iterator[str]:
    yield "| name | heading | holds | unit or meaning |"
    yield "|---|---|---|---|"
    for column in columns:
        holds = "share" if column.format == "percent" else HOLDS[column.dtype]
        cells = (f"`{column.name}`", column.heading, holds, column.help or column.unit)
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


if __name__ == "__main__":
    TARGET.write_text(document(), encoding="utf-8")
