"""Tokens of a request beyond its texts: frames of chat messages and tools, and OpenAI's default epochs."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from i18n.errors import CrossoverError
from i18n.message import N_, Message, listed, literal, message
from pricing.rows import Evidence, Tokenizer

from .tokens import REFERENCE_ENCODING, TokenCount, count

Counter = Callable[[str, Tokenizer], TokenCount]

FRAME: Final = N_("chat frame (openai-cookbook, How_to_count_tokens_with_tiktoken.ipynb)")
"""https://github.com/openai/openai-cookbook/blob/main/examples/How_to_count_tokens_with_tiktoken.ipynb"""

PER_MESSAGE = 3
PER_NAME = 1
PER_REQUEST = 3
"""Tokens of the frame: of every message, of a message with a name, and of the answer's beginning."""

CHECKED_MODELS: Final = frozenset({"gpt-3.5-turbo", "gpt-4", "gpt-4o", "gpt-4o-mini"})
"""Models whose API reported the same number as the rule; for others the frame is an estimate."""

TOOL_START: Final = {"cl100k_base": 10, "o200k_base": 7}
TOOL_PROPERTIES = 3
TOOL_PROPERTY = 3
TOOL_ENUM = -3
TOOL_ENUM_ITEM = 3
TOOLS_END = 12

DEFAULT_EPOCHS = 3
MIN_TRAINED_EXAMPLES = 100
MAX_TRAINED_EXAMPLES = 25_000
MAX_DEFAULT_EPOCHS = 25


@dataclass(slots=True)
class Framed:
    """A request split into the texts that a vocabulary counts and the tokens around them."""

    texts: list[str] = field(default_factory=list)
    frame_tokens: int = 0
    is_published: bool = True
    """Whether the cookbook has a rule for every part of it."""

    def add(self, text: str, frame_tokens: int = 0) -> None:
        self.frame_tokens += frame_tokens
        if text:
            self.texts.append(text)


def framed(
    messages: Sequence[Any], tools: Sequence[Any] = (), *, encoding: str | None = REFERENCE_ENCODING
) -> Framed:
    """Messages and tools split; `encoding` decides the frame of a tool.

    Raises CrossoverError for anything but a chat, and for an image, whose tokens depend on its size.
    """
    frame = Framed(frame_tokens=PER_REQUEST)
    for number, item in enumerate(messages, start=1):
        _add_message(frame, item, number)
    if tools:
        _add_tools(frame, tools, encoding)
    return frame


def chat_tokens(
    messages: Sequence[Any],
    tokenizer: Tokenizer,
    *,
    model: str = "",
    tools: Sequence[Any] = (),
    counter: Counter = count,
) -> TokenCount:
    """Prompt tokens of a chat request: every message with its role and name, the tools, the frame.

    Measured only for the models whose API confirmed the rule; else an estimate, for any vendor.
    """
    frame = framed(messages, tools, encoding=tokenizer.encoding)
    counts = [counter(text, tokenizer) for text in frame.texts]
    evidence: Evidence = Evidence.MEASURED if frame.is_published and is_checked(model) else Evidence.ESTIMATED
    for part in counts:
        evidence = evidence if part.evidence == Evidence.MEASURED else part.evidence
    methods = [part.counting_methods for part in counts] or [(literal(tokenizer.name),)]
    return TokenCount(
        frame.frame_tokens + sum(part.tokens for part in counts),
        frame.frame_tokens + sum(part.low for part in counts),
        frame.frame_tokens + sum(part.high for part in counts),
        evidence,
        (with_frame(listed(methods[0])),),
    )


def with_frame(how: Message) -> Message:
    """The counting method, with a note that the frame of a chat is included."""
    return message("{how} + {frame}", how=how, frame=message(FRAME))


def is_checked(model: str) -> bool:
    """Whether the API of that model confirmed the rule."""
    return model.rsplit("/", 1)[-1] in CHECKED_MODELS


def _add_message(frame: Framed, item: Any, number: int) -> None:
    if not isinstance(item, Mapping):
        raise CrossoverError(
            message("messages[{n}]: not a message (write an object with role and content)", n=number)
        )
    frame.frame_tokens += PER_MESSAGE
    for key, value in item.items():
        if key == "weight":  # of a training example: says what to learn from, and is not sent
            continue
        if key == "name":
            frame.frame_tokens += PER_NAME
        if isinstance(value, str):
            frame.add(value)
        elif key == "content" and isinstance(value, list):
            for part in value:
                frame.add(_part_text(part, number))
        elif value is not None:  # calls of tools: nobody published how they are framed
            frame.add(_json(value))
            frame.is_published = False


def _part_text(part: Any, number: int) -> str:
    if isinstance(part, str):
        return part
    text = part.get("text") if isinstance(part, Mapping) else None
    if isinstance(text, str):
        return text
    kind = part.get("type", "?") if isinstance(part, Mapping) else type(part).__name__
    raise CrossoverError(
        message(
            "messages[{n}]: a part of type '{kind}' (count images by their size: python -m costing image)",
            n=number,
            kind=str(kind),
        )
    )


def _add_tools(frame: Framed, tools: Sequence[Any], encoding: str | None) -> None:
    """The cookbook's rule for functions of flat parameters; what is nested counts as its JSON."""
    start = TOOL_START.get(encoding or "")
    if start is None:
        frame.is_published = False
        start = TOOL_START[REFERENCE_ENCODING]
    for number, tool in enumerate(tools, start=1):
        function = tool.get("function", tool) if isinstance(tool, Mapping) else None
        if not isinstance(function, Mapping) or not isinstance(function.get("name"), str):
            raise CrossoverError(
                message("tools[{n}]: not a function (write its name and parameters)", n=number)
            )
        frame.add(f"{function['name']}:{_undotted(function.get('description'))}", start)
        parameters = function.get("parameters")
        properties = parameters.get("properties") if isinstance(parameters, Mapping) else None
        if isinstance(properties, Mapping) and properties:
            frame.frame_tokens += TOOL_PROPERTIES
            for name, schema in properties.items():
                _add_property(frame, str(name), schema if isinstance(schema, Mapping) else {})
    frame.frame_tokens += TOOLS_END


def _add_property(frame: Framed, name: str, schema: Mapping[str, Any]) -> None:
    frame.frame_tokens += TOOL_PROPERTY
    options = schema.get("enum")
    if isinstance(options, list):
        frame.frame_tokens += TOOL_ENUM
        for option in options:
            frame.add(str(option), TOOL_ENUM_ITEM)
    kind = schema.get("type", "")
    kind = kind if isinstance(kind, str) else _json(kind)
    frame.add(f"{name}:{kind}:{_undotted(schema.get('description'))}")
    nested = {key: value for key, value in schema.items() if key not in ("type", "description", "enum")}
    if nested:
        frame.add(_json(nested))
        frame.is_published = False


def _undotted(description: Any) -> str:
    return description.removesuffix(".") if isinstance(description, str) else ""


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def default_epochs(examples: int) -> int:
    """Epochs that OpenAI chooses: three, more for few examples, fewer for very many.

    Source: openai-cookbook, Chat_finetuning_data_prep.ipynb.
    """
    if examples < 1:
        raise CrossoverError(message("no training example (add at least one)"))
    if examples * DEFAULT_EPOCHS < MIN_TRAINED_EXAMPLES:
        return min(MAX_DEFAULT_EPOCHS, MIN_TRAINED_EXAMPLES // examples)
    if examples * DEFAULT_EPOCHS > MAX_TRAINED_EXAMPLES:
        return max(1, MAX_TRAINED_EXAMPLES // examples)
    return DEFAULT_EPOCHS
