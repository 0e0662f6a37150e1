"""Format of one training example: OpenAI's chat form, or a prompt with its completion.

Rules: openai-cookbook, Chat_finetuning_data_prep.ipynb, and the reference of the chat API for tools.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from i18n.message import Message, message

from .chat_images import image_details, image_errors, without_images
from .record_form import RECORD_KEYS, ExampleContent

ROLES: Final = ("system", "developer", "user", "assistant", "tool", "function")
MESSAGE_KEYS: Final = frozenset(
    "role content name weight function_call tool_calls tool_call_id refusal audio annotations".split()
)


def completion_errors(record: Mapping[str, Any]) -> list[Message]:
    """Errors of a prompt with its completion."""
    errors: list[Message] = []
    for key in ("prompt", "completion"):
        if key not in record:
            errors.append(message("no {key} (add it)", key=key))
        elif not isinstance(record[key], str):
            errors.append(message("{key}: not text (put it in quotes)", key=key))
        elif key == "completion" and not record[key].strip():
            errors.append(message("completion: nothing in it (write what the model should answer)"))
    return errors


def chat_errors(record: Mapping[str, Any]) -> list[Message]:
    """Everything that is wrong with a chat."""
    messages = record["messages"]
    if not isinstance(messages, list):
        return [message("messages: not a list (write [...])")]
    if not messages:
        return [message("messages: none (add a user's and an assistant's message)")]
    return [
        *conversation_errors(messages, ToolCalls()),
        *_whole_errors(messages),
        *tool_errors(record),
    ]


@dataclass(slots=True)
class ToolCalls:
    """Tool calls of a conversation that is read message by message."""

    made: set[str] = field(default_factory=set)
    """Ids of all calls so far."""
    open: dict[str, str] = field(default_factory=dict)
    """Id of a call that has no result yet -> place of its message."""

    def copy(self) -> ToolCalls:
        return ToolCalls(set(self.made), dict(self.open))


def conversation_errors(
    messages: Sequence[Any], calls: ToolCalls, key: str = "messages"
) -> Iterator[Message]:
    """Errors of each message, with its place after `key`; `calls` is brought up to date.

    OpenAI: a message with tool_calls is followed by one tool message for each of them. Calls in the last
    message need none: the model learns to make them.
    """
    for number, item in enumerate(messages, start=1):
        place = f"{key}[{number}]"
        if isinstance(item, Mapping) and item.get("role") != "tool":
            yield from unanswered(calls)
        for what in _message_errors(item, calls):
            yield message("{place}: {what}", place=place, what=what)
        if isinstance(item, Mapping) and item.get("role") == "assistant":
            calls.open = dict.fromkeys(_call_ids(item), place)
            calls.made.update(calls.open)
    if messages and isinstance(messages[-1], Mapping) and messages[-1].get("role") == "tool":
        yield from unanswered(calls)


def unanswered(calls: ToolCalls) -> Iterator[Message]:
    """An error for each call without a result; afterwards none is open."""
    for call, place in calls.open.items():
        what = message(
            "no tool message answers the call '{id}' (put one with this tool_call_id right after it)",
            id=call[:40],
        )
        yield message("{place}: {what}", place=place, what=what)
    calls.open = {}


def _call_ids(item: Mapping[str, Any]) -> Iterator[str]:
    listed = item.get("tool_calls")
    for call in listed if isinstance(listed, list) else ():
        if isinstance(call, Mapping) and isinstance(call.get("id"), str):
            yield call["id"]


def claude_errors(record: Mapping[str, Any]) -> list[Message]:
    """Everything that is wrong with a chat whose system text stands beside its messages."""
    errors = chat_errors({key: value for key, value in record.items() if key != "system"})
    if not isinstance(record["system"], str) or not record["system"].strip():
        errors.append(message("system: not text (put it in quotes, or leave it out)"))
    return errors


def completion_content(record: Mapping[str, Any]) -> ExampleContent:
    """A prompt with its completion, as a user's and an assistant's message."""
    answer = {"role": "assistant", "content": record["completion"]}
    return ExampleContent(({"role": "user", "content": record["prompt"]}, answer))


def chat_content(record: Mapping[str, Any]) -> ExampleContent:
    """A chat without errors; a system text beside the messages becomes the first of them.

    Images are taken out and counted by their detail.
    """
    system = ({"role": "system", "content": record["system"]},) if "system" in record else ()
    details = [detail for item in record["messages"] for detail in image_details(item)]
    low = details.count("low")
    tools = record.get("tools") or record.get("functions") or ()
    return ExampleContent(
        (*system, *map(without_images, record["messages"])),
        tuple(tools),
        low_detail_images=low,
        unsized_media=len(details) - low,
    )


def _message_errors(item: Any, calls: ToolCalls) -> Iterator[Message]:
    """Errors of one message after the calls before it; a tool's message closes its call."""
    if not isinstance(item, Mapping):
        yield message("not a message (write an object with role and content)")
        return
    role = item.get("role")
    if "role" not in item:
        yield message("no role (add system, user or assistant)")
    elif role not in ROLES:
        yield message("'{value}' is no role (one of {known})", value=str(role)[:40], known=", ".join(ROLES))
    for key in item:
        if key not in MESSAGE_KEYS:
            yield message("unknown field '{key}' (remove it)", key=str(key)[:40])
    if "name" in item and not isinstance(item["name"], str):
        yield message("name: not text (put it in quotes)")
    yield from _weight_errors(item)
    yield from _call_errors(item)
    yield from _content_errors(item)
    if role == "tool":
        call = item.get("tool_call_id")
        if not isinstance(call, str):
            yield message("a tool's message without tool_call_id (say which call it answers)")
        elif call not in calls.made:
            yield message("no call before it has the id '{id}' (put the call first)", id=call[:40])
        elif call not in calls.open:
            yield message(
                "the call '{id}' has a result already, or is not directly before it (put each result right "
                "after its call)",
                id=call[:40],
            )
        else:
            del calls.open[call]
    if role == "function" and not isinstance(item.get("name"), str):
        yield message("a function's message without name (say which function answers)")


def _weight_errors(item: Mapping[str, Any]) -> Iterator[Message]:
    if "weight" not in item:
        return
    weight = item["weight"]
    if isinstance(weight, bool) or weight not in (0, 1):
        yield message("weight {value} (write 0 or 1)", value=str(weight)[:40])
    elif item.get("role") != "assistant":
        yield message("a weight on a message that is not the assistant's (remove it)")


def _call_errors(item: Mapping[str, Any]) -> Iterator[Message]:
    listed = item.get("tool_calls")
    if listed is not None:
        if item.get("role") != "assistant":
            yield message("tool_calls on a message that is not the assistant's (remove them)")
        if not isinstance(listed, list) or not listed:
            yield message("tool_calls: not a list of calls (write [...] or remove it)")
            listed = []
        for place, call in enumerate(listed, start=1):
            if not isinstance(call, Mapping) or not isinstance(call.get("id"), str):
                yield message("tool_calls[{n}]: no id (add one)", n=place)
            function = call.get("function") if isinstance(call, Mapping) else None
            what = _function_error(function)
            if what is not None:
                yield message("tool_calls[{n}]: {what}", n=place, what=what)
    if item.get("function_call") is not None:
        what = _function_error(item["function_call"])
        if what is not None:
            yield message("function_call: {what}", what=what)


def _function_error(function: Any) -> Message | None:
    if not isinstance(function, Mapping) or not isinstance(function.get("name"), str):
        return message("not a function (write its name and arguments)")
    arguments = function.get("arguments")
    if not isinstance(arguments, str):
        return message("arguments: not text (write the JSON in quotes)")
    try:
        json.loads(arguments)
    except (ValueError, RecursionError):
        return message("arguments: not JSON (write them as JSON in quotes)")
    return None


def _content_errors(item: Mapping[str, Any]) -> Iterator[Message]:
    content = item.get("content")
    is_call = bool(item.get("tool_calls") or item.get("function_call"))
    if content is None:
        if not is_call and item.get("refusal") is None:
            yield message("no content (add what is said)")
    elif isinstance(content, str):
        if not content.strip() and not is_call and item.get("role") != "tool":
            yield message("nothing but blanks in content (add what is said)")
    elif isinstance(content, list):
        if not content:
            yield message("no content (add what is said)")
        for place, part in enumerate(content, start=1):
            for what in _part_errors(part, item.get("role")):
                yield message("content[{n}]: {what}", n=place, what=what)
    else:
        yield message("content: not text (put it in quotes)")


def _part_errors(part: Any, role: Any) -> Iterator[Message]:
    kind = part.get("type") if isinstance(part, Mapping) else None
    if kind == "image_url":
        yield from image_errors(part, role)
    elif kind != "text" or not isinstance(part.get("text"), str):
        yield message('no part of type text (write {{"type": "text", "text": ...}})')


def _whole_errors(messages: list[Any]) -> Iterator[Message]:
    """Errors of the conversation: the last message must be an answer."""
    items = [item for item in messages if isinstance(item, Mapping)]
    answers = [item for item in items if item.get("role") == "assistant"]
    if not answers:
        yield message("no assistant's message (add the answer to learn)")
        return
    if items[-1].get("role") != "assistant":
        yield message("the last message is not the assistant's (end with the answer to learn)")
    if all(item.get("weight") == 0 for item in answers):
        yield message("every assistant's message has weight 0 (give one weight 1)")


def tool_errors(record: Mapping[str, Any]) -> Iterator[Message]:
    """Errors of the tools and of unknown fields beside `messages`."""
    for key in record:
        if key not in RECORD_KEYS:
            yield message("unknown field '{key}' (remove it)", key=str(key)[:40])
    for key in ("tools", "functions"):
        listed = record.get(key)
        if listed is None:
            continue
        if not isinstance(listed, list):
            yield message("{key}: not a list (write [...])", key=key)
            continue
        for place, tool in enumerate(listed, start=1):
            function = tool.get("function") if key == "tools" and isinstance(tool, Mapping) else tool
            if not isinstance(function, Mapping) or not isinstance(function.get("name"), str):
                yield message("{key}[{n}]: not a function (write its name and parameters)", key=key, n=place)
            elif not isinstance(function.get("parameters", {}), Mapping):
                yield message("{key}[{n}]: parameters: not an object", key=key, n=place)
