"""Custom Streamlit components: their scripts, and the data sent to them."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st


def mount(name: str, key: str, message: Mapping[str, Any], **on_change: Callable[[], None]) -> None:
    """Mount the component with the script `name`.js and send it `message` as JSON, with `key` and time in s.

    The message is sent as bytes: Streamlit would serialise a mapping again to compare it. `on_change` are
    callbacks named `on_STATE_change`. Registered at each run, because the server may have been restarted.
    """
    element: Any = st.components.v2.component(f"crossover_{name}", js=_script(name), isolate_styles=False)
    payload = json.dumps(
        {**message, "key": key, "at": time.monotonic()}, allow_nan=False, separators=(",", ":")
    )
    element(key=key, data=payload.encode(), **on_change)


@cache
def _script(name: str) -> str:
    """Script of a component after the script that all of them share."""
    folder = Path(__file__).parent
    return "".join((folder / f"{part}.js").read_text(encoding="utf-8") for part in ("page", name))
