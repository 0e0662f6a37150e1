"""Live panel: verdict, volume slider, cost cards, and the charts of the open view."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
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
_LIMITS: Final = LIMITS["requests_per_day"]


@dataclass(frozen=True, slots=True)
class PanelContent:
    """What the live panel shows for one volume: HTML of verdict and cards, chart specifications by key."""

    verdict: str
    figures: str
    charts: Mapping[str, dict[str, Any]]
    is_complete: bool = True
    """Has all charts of the view. If not, the charts are rendered with the page around the panel."""


@dataclass(frozen=True, slots=True)
class VolumeChange:
    """A change of the volume, as the browser reports it."""

    requests_per_day: float
    drag_id: int
    """Shared by all changes of one drag, which is one undo step."""
    sent: int
    """Number of the change in this browser. An answer to an earlier change does not move the slider."""
    inputs_id: str
    """Identifies the inputs of the contents that the browser has."""
    prefetched_volumes: frozenset[float]
    """Volumes of these contents."""
    is_shown: bool
    """The browser already shows its prefetched content of this volume."""


Contents = Mapping[float, PanelContent | None]
"""Contents by volume in requests per day; None for a volume that cannot be shown."""


def show(
    content: PanelContent | None, inputs_id: str, prefetched: Contents, *, is_page_outdated: bool
) -> None:
    """Render the panel; `content` None shows the content that the browser has prefetched.

    `prefetched` are contents for adjacent volumes. The browser drops those of another `inputs_id`. With
    `is_page_outdated` the page around the panel is rerun when the slider is idle.
    """
    volume, last = state.scenario().requests_per_day, last_change()
    mount(
        "live_panel",
        _KEY,
        {
            "content": asdict(content) if content else None,
            "inputs_id": inputs_id,
            "prefetched": _as_json(prefetched),
            "is_page_outdated": is_page_outdated,
            "volume": volume,
            "stops": sorted({*VOLUMES, volume}),
            "least": _LIMITS.low,
            "most": _LIMITS.high,
            "sent": last.sent if last else 0,
            "words": {
                "label": t("Requests a day"),
                "exactly": t("Requests a day, exactly"),
                "help": t(
                    "One request is one question and its answer. A conversation of three turns is three "
                    "requests."
                ),
                "bounds": t("From {low:,.0f} to {high:,.0f}").format(low=_LIMITS.low, high=_LIMITS.high),
            },
        },
        on_moved_change=_apply,
    )


def send_prefetched(inputs_id: str, contents: Contents) -> None:
    """Send prefetched contents to the browser after the page was rendered."""
    mount("prefetch", "prefetch", {"inputs_id": inputs_id, "contents": _as_json(contents)})


def _as_json(contents: Contents) -> list[tuple[float, dict[str, Any] | None]]:
    return [(volume, asdict(content) if content else None) for volume, content in contents.items()]


def follow() -> None:
    """Let the browser rerun the fragment around this call when the slider is idle."""
    mount("follow", "follow", {}, on_rested_change=_nothing)


def _nothing() -> None:
    """Registers the trigger; the rerun itself is all that is needed."""


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
    volume, drag_id, sent, inputs_id, prefetched = (
        moved.get(name) for name in ("volume", "drag_id", "sent", "inputs_id", "prefetched_volumes")
    )
    if not isinstance(volume, int | float) or not isinstance(drag_id, int) or not isinstance(sent, int):
        return None
    if not isinstance(inputs_id, str) or not isinstance(prefetched, list):
        return None
    if not math.isfinite(volume) or not _LIMITS.low <= volume <= _LIMITS.high:
        return None
    volumes = frozenset(float(each) for each in prefetched if isinstance(each, int | float))
    return VolumeChange(float(volume), drag_id, sent, inputs_id, volumes, moved.get("is_shown") is True)
