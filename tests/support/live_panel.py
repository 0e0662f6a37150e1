"""The stage in an AppTest: what it shows, and moves of its slider."""

from __future__ import annotations

import html
import json
import re
from itertools import count
from typing import Any

from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

_SENT = count(1)


def given(app: AppTest, key: str) -> dict[str, Any]:
    """What the browser is given for one of our own elements."""
    found: dict[str, Any] = json.loads(_element(app, key).proto.bytes)
    return found


def _element(app: AppTest, key: str) -> Any:
    every = app.main.get("bidi_component")
    return next(element for element in every if json.loads(element.proto.bytes)["key"] == key)


def verdict(app: AppTest) -> str:
    """The sentence at the top."""
    found = re.search("<h4>(.*?)</h4>", given(app, "stage")["scene"]["verdict"])
    return html.unescape(found[1]) if found else ""


def stage_text(app: AppTest) -> str:
    """All that the stage says, in its HTML."""
    scene = given(app, "stage")["scene"]
    return html.unescape(scene["verdict"] + scene["figures"])


def figures(app: AppTest) -> dict[str, str]:
    """Strategy -> its figure, as the cards show them."""
    cards = given(app, "stage")["scene"]["figures"]
    found = re.findall(r'class="who"><i[^>]*></i>(.*?)</div><div class="usd">(.*?)</div>', cards)
    return {html.unescape(who): usd for who, usd in found}


def volume(app: AppTest) -> float:
    """Where the slider stands."""
    found: float = given(app, "stage")["volume"]
    return found


def tell(app: AppTest, moved: Any) -> AppTest:
    """What the browser says of a move, whatever that is; the page runs."""
    states = app._tree.get_widget_states()
    said = WidgetState(id=_element(app, "stage").proto.id, json_value=json.dumps({"moved": moved}))
    states.widgets.append(said)
    return app._run(states)


def move(app: AppTest, requests_per_day: float, **told: Any) -> AppTest:
    """Move the slider there; one stroke of the hand, unless `told` otherwise."""
    sent = next(_SENT)
    moved = {"volume": requests_per_day, "stroke": sent, "sent": sent, "basis": "", "has": []}
    return tell(app, {**moved, "is_ready": False, **told})
