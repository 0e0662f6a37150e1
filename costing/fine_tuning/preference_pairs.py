"""Format of a preference pair (DPO): a prompt, a preferred and a non-preferred answer.

Sources: https://developers.openai.com/api/docs/guides/direct-preference-optimization and, for the roles,
https://learn.microsoft.com/azure/ai-foundry/openai/how-to/fine-tuning-direct-preference-optimization.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from i18n.message import Message, message

from .chat_images import image_details
from .example_format import ToolCalls, conversation_errors, tool_errors
from .record_form import ExampleContent

OUTPUTS: Final = ("preferred_output", "non_preferred_output")
KEYS: Final = frozenset({"input", *OUTPUTS})


def pair_errors(record: Mapping[str, Any]) -> list[Message]:
    """Everything that is wrong with a pair."""
    errors = [
        message("unknown field '{key}' (remove it)", key=str(key)[:40]) for key in record if key not in KEYS
    ]
    calls = ToolCalls()
    errors += _prompt_errors(record.get("input"), calls)
    for key in OUTPUTS:
        errors += _output_errors(record, key, calls.copy())
    return errors


def _prompt_errors(prompt: Any, calls: ToolCalls) -> Iterator[Message]:
    messages = prompt.get("messages") if isinstance(prompt, Mapping) else None
    if not isinstance(messages, list) or not messages:
        yield message('input: no messages (write {{"messages": [...]}})')
        return
    yield from conversation_errors(messages, calls, "input.messages")
    if any(map(image_details, messages)):
        yield message("input: an image (DPO takes text only: leave the example out)")
    yield from tool_errors(prompt)


def _output_errors(record: Mapping[str, Any], key: str, calls: ToolCalls) -> Iterator[Message]:
    if key not in record:
        yield message("no {key} (add it)", key=key)
        return
    answer = record[key]
    if not isinstance(answer, list) or not answer:
        yield message('{key}: not a list of messages (write [{{"role": "assistant", ...}}])', key=key)
        return
    yield from conversation_errors(answer, calls, key)
    roles = [item.get("role") for item in answer if isinstance(item, Mapping)]
    if "assistant" not in roles:
        yield message("{key}: no assistant's message (add the answer)", key=key)
    if any(role not in ("assistant", "tool") for role in roles):
        yield message("{key}: a role besides assistant and tool (put the prompt into input)", key=key)


def pair_content(record: Mapping[str, Any]) -> ExampleContent:
    """A pair without errors: the prompt, the preferred answer, the non-preferred answer."""
    prompt = record["input"]
    preferred, rejected = (record[key] for key in OUTPUTS)
    return ExampleContent(
        (*prompt["messages"], *preferred, *rejected), tuple(prompt.get("tools") or ()), len(rejected)
    )
