"""Server-sent events of the mock server, prepared in advance except for their timestamp."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from .kernel_timing import clock

SENT = "sent_s"
"""Field of every event: the machine's clock at the time of writing."""


def opened(event: dict[str, Any], chat: bool) -> bytes:
    """An event up to its timestamp."""
    kind = {"object": "chat.completion.chunk" if chat else "text_completion"}
    return f'data: {json.dumps(kind | event)[:-1]}, "{SENT}": '.encode()


ROLE = opened({"choices": [{"index": 0, "delta": {"role": "assistant", "content": ""}}]}, True)


@lru_cache(maxsize=4096)
def content(chat: bool, tokens: int, usage: tuple[int, int] | None) -> bytes:
    """An event with `tokens` tokens up to its timestamp, prepared so that it can be sent on time."""
    text = "tok " * tokens
    choice: dict[str, Any] = {"index": 0, "finish_reason": None}
    choice |= {"delta": {"content": text}} if chat else {"text": text}
    event: dict[str, Any] = {"choices": [choice]}
    if usage is not None:
        event["usage"] = usage_of(*usage)
    return opened(event, chat)


def usage_of(prompt: int, output: int) -> dict[str, int]:
    return {"prompt_tokens": prompt, "completion_tokens": output}


def stamped(event: bytes) -> bytes:
    return b"%s%.9f}\n\n" % (event, clock())
