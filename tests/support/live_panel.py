"""The live panel in an AppTest: its content, and changes of its volume."""

from __future__ import annotations

import html
import json
import re
from itertools import count
from typing import Any

from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

_SENT = count(1)


def component_data(app: AppTest, key: str) -> dict[str, Any]:
    """Data that the browser receives for a custom component."""
    data: dict[str, Any] = json.loads(_element(app, key).proto.bytes)
    return data


def _element(app: AppTest, key: str) -> Any:
    every = app.main.get("bidi_component")
    return next(element for element in every if json.loads(element.proto.bytes)["key"] == key)


def verdict(app: AppTest) -> str:
    """The verdict sentence."""
    heading = re.search("<h4>(.*?)</h4>", component_data(app, "live_panel")["content"]["verdict"])
    return html.unescape(heading[1]) if heading else ""


def panel_text(app: AppTest) -> str:
    """The HTML of the panel: answer and options."""
    content = component_data(app, "live_panel")["content"]
    return html.unescape(content["verdict"] + content["options"])


_ROW = re.compile(
    r'<th scope="row"><i[^>]*></i>(?P<option>.*?)(?: <span| ?<div|<details)'
    r'.*?<td class="amount" data-heading="(?P<heading>[^"]*)"><b>(?P<amount>.*?)</b>',
    re.DOTALL,
)


def figures(app: AppTest) -> dict[str, str]:
    """Option -> its amount in the table of options, with the currency."""
    table = component_data(app, "live_panel")["content"]["options"]
    rows: dict[str, str] = {}
    for row in _ROW.finditer(table):
        currency = re.search("[A-Z]{3}", row["heading"])
        assert currency is not None
        rows[html.unescape(row["option"])] = f"{row['amount']} {currency[0]}"
    return rows


def volume(app: AppTest) -> float:
    """Requests per day at the position of the slider."""
    requests_per_day: float = component_data(app, "live_panel")["volume"]
    return requests_per_day


def send_change(app: AppTest, moved: Any) -> AppTest:
    """Run the page with this as the browser's message of a volume change, valid or not."""
    states = app._tree.get_widget_states()
    change = WidgetState(id=_element(app, "live_panel").proto.id, json_value=json.dumps({"moved": moved}))
    states.widgets.append(change)
    return app._run(states)


def send_event(app: AppTest, key: str, event: str, value: Any) -> AppTest:
    """Run the page with this as the browser's message of an event in a custom component, valid or not."""
    states = app._tree.get_widget_states()
    sender = f"$$STREAMLIT_INTERNAL_KEY_{_element(app, key).proto.id}__events"
    events = json.dumps([{"event": event, "value": value}])
    states.widgets.append(WidgetState(id=sender, json_trigger_value=events))
    return app._run(states)


def move(app: AppTest, requests_per_day: float, **changes: Any) -> AppTest:
    """Move the slider there in one drag; `changes` replace fields of the browser's message."""
    sent = next(_SENT)
    moved = {"volume": requests_per_day, "drag_id": sent, "sent": sent, "is_released": False}
    return send_change(app, {**moved, **changes})
