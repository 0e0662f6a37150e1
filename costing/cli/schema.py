"""The command `schema`: the editors' schemas beside the ready scenarios."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ..scenario.file_schema import SCHEMAS, schema_text
from ..scenario.library import SCHEMA_FOLDER


def run(write: Callable[[Path, bytes], None]) -> int:
    """Write every schema anew."""
    SCHEMA_FOLDER.mkdir(exist_ok=True)
    for name in SCHEMAS:
        write(SCHEMA_FOLDER / name, schema_text(name).encode())
    print(f"{len(SCHEMAS)} schemas in {SCHEMA_FOLDER}")
    return 0
