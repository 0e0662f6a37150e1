"""Custom Streamlit components: their scripts, and the data sent to them."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import streamlit as st

_PARTS: Final = {
    "figure": ("page", "ticks", "figure"),
    "browser_work": ("page", "settled", "browser_work"),
    "named_saves": ("settled", "named_saves"),
}
"""Scripts of a component, if it has more than `page.js` and its own."""


def mount(name: str, key: str, message: Mapping[str, Any], **on_change: Callable[[], None]) -> None:
    """Mount the component with the script `name`.js and send it `message` as JSON, with `key` and time in s.

    The message is sent as bytes: Streamlit would serialise a mapping again to compare it. `on_change` are
    callbacks named `on_STATE_change`. Registered at each run, because the server may have been restarted.
    """
    element: Any = st.components.v2.component(f"crossover_{name}", js=_script(name), isolate_styles=False)
    payload = json.dumps(
        {**message, "key": key, "at": time.monotonic()},
        allow_nan=False,
        separators=(",", ":"),
        default=_plain,
    )
    element(key=key, data=payload.encode(), **on_change)


@cache
def _script(name: str) -> str:
    """Script of a component after those that it shares with others."""
    folder, parts = Path(__file__).parent, _PARTS.get(name, ("page", name))
    return "".join((folder / f"{part}.js").read_text(encoding="utf-8") for part in parts)


def _plain(value: object) -> object:
    """A value of pandas, NumPy or the standard library as one that JSON knows."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    if value is pd.NA or value is pd.NaT:
        return None
    raise TypeError(f"{type(value).__name__} has no JSON")
