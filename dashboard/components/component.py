"""Our own elements on the page: their scripts, and how figures reach them."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st


def mount(name: str, key: str, given: Mapping[str, Any], **on_change: Callable[[], None]) -> None:
    """Draw the element whose script is `name`.js, with what is `given`, as JSON has it, and when, in seconds.

    It is handed over as bytes: a mapping would be written as JSON once more, only to be compared.
    `on_change` are callbacks by `on_STATE_change`. Registered at each run, for a server may be a new one.
    """
    element: Any = st.components.v2.component(f"crossover_{name}", js=_script(name), isolate_styles=False)
    payload = json.dumps(
        {**given, "key": key, "at": time.monotonic()}, allow_nan=False, separators=(",", ":")
    )
    element(key=key, data=payload.encode(), **on_change)


@cache
def _script(name: str) -> str:
    """With what all of them share."""
    folder = Path(__file__).parent
    return "".join((folder / f"{part}.js").read_text(encoding="utf-8") for part in ("page", name))
