"""Formats of Amazon Bedrock and of Gemini: turns of parts, checked and read as chat messages.

Sources: https://docs.aws.amazon.com/nova/latest/nova2-userguide/nova-data-prep-sft-2.html,
https://docs.aws.amazon.com/bedrock/latest/userguide/preparing-text-data.html,
https://cloud.google.com/vertex-ai/generative-ai/docs/models/gemini-supervised-tuning-prepare.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from i18n.message import Message, message

from .record_form import ExampleContent

BEDROCK_SCHEMA: Final = "bedrock-conversation-2024"


@dataclass(frozen=True, slots=True)
class TurnFormat:
    """A format whose turns have a role and a list of parts."""

    turns: str
    """Field of the record that holds the turns."""
    parts: str
    """Field of a turn that holds its parts."""
    system: tuple[str, ...]
    """Fields of the record that may hold the system text."""
    roles: tuple[str, ...]
    answers: str
    """Role of the model."""
    media: frozenset[str]
    """Parts whose tokens a file does not tell."""
    structured: frozenset[str]
    """Parts that are counted as their JSON."""
    alternates: bool
    """Whether user and model must take turns, the user first."""
    schema: str | None = None
    """Value that `schemaVersion` must have; None: there is no such field."""

    def errors(self, record: Mapping[str, Any]) -> list[Message]:
        """Everything that is wrong with a record."""
        return [*self._schema_errors(record), *self._system_errors(record), *self._turn_errors(record)]

    def content(self, record: Mapping[str, Any]) -> ExampleContent:
        """A record without errors as chat messages; media are only counted."""
        messages: list[Mapping[str, Any]] = []
        media = 0
        system = self._system_parts(record)
        if system:
            messages.append({"role": "system", "content": _texts(system)})
        for turn in record[self.turns]:
            parts = turn[self.parts]
            role = "assistant" if turn["role"] == self.answers else "user"
            chat: dict[str, Any] = {"role": role, "content": _texts(parts)}
            structured = [part for part in parts if self.structured & part.keys()]
            if structured:
                chat["structured"] = structured
            messages.append(chat)
            media += sum(1 for part in parts if self.media & part.keys())
        return ExampleContent(tuple(messages), unsized_media=media)

    def _schema_errors(self, record: Mapping[str, Any]) -> Iterator[Message]:
        if self.schema is None or record.get("schemaVersion") == self.schema:
            return
        if "schemaVersion" not in record:
            yield message('no schemaVersion (add "schemaVersion": "{schema}")', schema=self.schema)
        else:
            yield message(
                "schemaVersion '{value}' (write '{schema}')",
                value=str(record["schemaVersion"])[:40],
                schema=self.schema,
            )

    def _system_parts(self, record: Mapping[str, Any]) -> Any:
        """The parts of the system text; None where there is none."""
        value = next((record[key] for key in self.system if key in record), None)
        return value.get(self.parts) if isinstance(value, Mapping) else value

    def _system_errors(self, record: Mapping[str, Any]) -> Iterator[Message]:
        key = next((key for key in self.system if key in record), None)
        if key is None:
            return
        parts = self._system_parts(record)
        if not isinstance(parts, list) or not all(_is_text(part) for part in parts):
            yield message('{key}: not a list of texts (write [{{"text": ...}}])', key=key)

    def _turn_errors(self, record: Mapping[str, Any]) -> Iterator[Message]:
        turns = record[self.turns]
        if not isinstance(turns, list):
            yield message("{key}: not a list (write [...])", key=self.turns)
            return
        roles: list[Any] = []
        for number, turn in enumerate(turns, start=1):
            place = f"{self.turns}[{number}]"
            if not isinstance(turn, Mapping):
                yield message(
                    "{place}: not a turn (write an object with role and {key})", place=place, key=self.parts
                )
                continue
            roles.append(turn.get("role"))
            if turn.get("role") not in self.roles:
                yield message(
                    "{place}: '{value}' is no role (one of {known})",
                    place=place,
                    value=str(turn.get("role"))[:40],
                    known=", ".join(self.roles),
                )
            for what in self._part_errors(turn.get(self.parts)):
                yield message("{place}: {what}", place=place, what=what)
        yield from self._order_errors(roles)

    def _part_errors(self, parts: Any) -> Iterator[Message]:
        if not isinstance(parts, list) or not parts:
            yield message('no {key} (write [{{"text": ...}}])', key=self.parts)
            return
        for number, part in enumerate(parts, start=1):
            place = f"{self.parts}[{number}]"
            if isinstance(part, Mapping) and isinstance(part.get("text"), str):
                if not part["text"].strip():
                    yield message("{place}: nothing but blanks (write a text)", place=place)
            elif not isinstance(part, Mapping) or not (self.media | self.structured) & part.keys():
                yield message(
                    '{place}: no part that is known (write {{"text": ...}}, or one of {known})',
                    place=place,
                    known=", ".join(sorted(self.media | self.structured)),
                )

    def _order_errors(self, roles: list[Any]) -> Iterator[Message]:
        if not roles or roles[-1] != self.answers:
            yield message(
                "the last turn is not the model's, role {role} (end with the answer to learn)",
                role=self.answers,
            )
        if self.alternates and any(
            role != (self.answers if number % 2 else "user") for number, role in enumerate(roles)
        ):
            yield message(
                "user and {role} do not take turns, the user first (put them in turn)", role=self.answers
            )


def _is_text(part: Any) -> bool:
    return isinstance(part, Mapping) and isinstance(part.get("text"), str)


def _texts(parts: list[Any]) -> list[Mapping[str, str]]:
    return [{"type": "text", "text": part["text"]} for part in parts if _is_text(part)]


BEDROCK_CONVERSATION: Final = TurnFormat(
    turns="messages",
    parts="content",
    system=("system",),
    roles=("user", "assistant"),
    answers="assistant",
    media=frozenset({"image", "video", "document"}),
    structured=frozenset({"toolUse", "toolResult", "reasoningContent"}),
    alternates=True,
    schema=BEDROCK_SCHEMA,
)
GEMINI_CONTENTS: Final = TurnFormat(
    turns="contents",
    parts="parts",
    system=("systemInstruction", "system_instruction"),
    roles=("user", "model", "function"),
    answers="model",
    media=frozenset({"inlineData", "fileData", "inline_data", "file_data"}),
    structured=frozenset({"functionCall", "functionResponse", "function_call", "function_response"}),
    alternates=False,
)
