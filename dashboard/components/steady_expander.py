"""Expander whose controls are kept while it is open, and that stays open when its label changes."""

from __future__ import annotations

from typing import Any, Final

import streamlit as st

_KEY: Final = "expanders"


def steady_expander(label: str, key: str, icon: str | None = None) -> Any:
    """An expander with this key. `st.session_state[key]` is whether it is open.

    Streamlit replaces an expander with all its controls when `label` or `expanded` changes, and a click or a
    text under way is lost. So `expanded` changes only together with the label: on a change of language, or of
    a name. What a reader changes otherwise does not belong in a label.
    """
    rendered: dict[str, tuple[str, bool]] = st.session_state.setdefault(_KEY, {})
    if key not in rendered or rendered[key][0] != label:
        rendered[key] = (label, bool(st.session_state.get(key)))
    return st.expander(label, icon=icon, key=key, expanded=rendered[key][1], on_change="rerun")
