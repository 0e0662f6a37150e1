"""The list of columns in the documentation is that of the registry."""

from __future__ import annotations

from tests.support.documents import text_of
from tools.column_list import document


def test_the_list_of_columns_is_current() -> None:
    assert text_of("docs/columns.md") == document(), "run python -m tools.column_list"
