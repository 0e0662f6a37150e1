"""Live panel: answer, volume slider and options, and the figures of the open view while the slider moves."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

import streamlit as st

from costing.reports.volume import round_volumes
from costing.scenario.scenario import LIMITS

from .. import session as state
from ..language import t
from .component import mount

VOLUMES: Final = round_volumes(1, 7)
"""Positions of the slider in requests per day: about ten per decade, from 10 to 10 million."""
_KEY: Final = "live_panel"
_FOLLOWED: Final = "live_panel_followed"
"""Session key: number of the last change that the whole page has followed."""
_OPENED: Final = "live_panel_opened"
"""Session key: what the last clicked link opens."""
_LIMITS: Final = LIMITS["requests_per_day"]


@dataclass(frozen=True, slots=True)
class PanelContent:
    """What the live panel shows for one volume: HTML of answer and options, and figures by key.

    `figures` replace those that the browser shows. They are empty while the page itself is rendered.
    """

    verdict: str = ""
    options: str = ""
    figures: Mapping[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class VolumeChange:
    """A change of the volume, as the browser reports it."""

    requests_per_day: float
    drag_id: int
    """Shared by all changes of one drag, which is one undo step."""
    sent: int
    """Number of the change in this browser. An answer to an earlier change does not move the slider."""
    is_released: bool
    """The reader has let go: the whole page follows."""


def show(content: PanelContent) -> None:
    """Render the panel."""
    volume, last = state.scenario().requests_per_day, last_change()
    mount(
        "live_panel",
        _KEY,
        {
            "content": {
                "verdict": content.verdict,
                "options": content.options,
                "figures": content.figures,
            },
            "volume": volume,
            "stops": sorted({*VOLUMES, volume}),
            "least": _LIMITS.low,
            "most": _LIMITS.high,
            "sent": last.sent if last else 0,
            "words": {
                "label": t("Requests per day"),
                "exactly": t("Requests per day, exact number"),
                "help": t(
                    "One request is one question and its answer. A conversation of three turns is three "
                    "requests."
                ),
                "fault": t("“{text}” is not a volume: type a number from {low:,.0f} to {high:,.0f}.").format(
                    text="{text}", low=_LIMITS.low, high=_LIMITS.high
                ),
            },
        },
        on_moved_change=_apply,
        on_opened_change=_open,
    )


def is_released() -> bool:
    """Whether the page must follow: a link was clicked, or the last change ended a drag; once per change."""
    if _OPENED in st.session_state:
        return True
    change = last_change()
    if change is None or not change.is_released or st.session_state.get(_FOLLOWED) == change.sent:
        return False
    st.session_state[_FOLLOWED] = change.sent
    return True


def take_opened() -> str:
    """What the last clicked link of the panel opens (its `data-open`), once; "" if none was clicked."""
    opened: str = st.session_state.pop(_OPENED, "")
    return opened


def _open() -> None:
    component_state = st.session_state.get(_KEY)
    opened = component_state.get("opened") if isinstance(component_state, Mapping) else None
    if isinstance(opened, str) and opened:
        st.session_state[_OPENED] = opened


def _apply() -> None:
    change = last_change()
    if change is not None:
        changed = replace(state.scenario(), requests_per_day=change.requests_per_day)
        state.put(changed, drag_id=change.drag_id)


def last_change() -> VolumeChange | None:
    """The last change that the browser reported; None if there is none or its message is not valid."""
    component_state = st.session_state.get(_KEY)
    moved = component_state.get("moved") if isinstance(component_state, Mapping) else None
    if not isinstance(moved, Mapping):
        return None
    volume, drag_id, sent = (moved.get(name) for name in ("volume", "drag_id", "sent"))
    numbers = (volume, drag_id, sent)
    if any(isinstance(number, bool) for number in numbers):  # an int to Python, no number to the reader
        return None
    if not isinstance(volume, int | float) or not isinstance(drag_id, int) or not isinstance(sent, int):
        return None
    if not math.isfinite(volume) or not _LIMITS.low <= volume <= _LIMITS.high:
        return None
    return VolumeChange(float(volume), drag_id, sent, moved.get("is_released") is True)
