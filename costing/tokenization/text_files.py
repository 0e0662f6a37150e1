"""Size limit of a user's file, and the texts in JSONL records."""

from __future__ import annotations

import json
from typing import Any

from i18n.errors import CrossoverError
from i18n.message import message

MAX_BYTES = 20_000_000


def check_size(size_bytes: int) -> None:
    """Raises CrossoverError for a file longer than any model could read."""
    if size_bytes > MAX_BYTES:
        raise CrossoverError(
            message(
                "{size_mb:,.1f} MB, more than {limit:,.0f} MB (longer than any model's window: shorten it)",
                size_mb=size_bytes / 1e6,
                limit=MAX_BYTES / 1e6,
            )
        )


def jsonl_text(text: str) -> str:
    """The texts of JSONL records, a line each; raises CrossoverError at a line that is not JSON."""
    texts: list[str] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise CrossoverError(
                message("line {line}: not JSON (write one JSON object a line)", line=number)
            ) from error
        texts += strings_of(record)
    return "\n".join(texts)


def strings_of(value: Any) -> list[str]:
    """The words of a record: chat contents where it is a chat, else every text in it."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        if isinstance(value.get("messages"), list):
            return [text for item in value["messages"] for text in strings_of(_content(item))]
        return [text for item in value.values() for text in strings_of(item)]
    if isinstance(value, list):
        return [text for item in value for text in strings_of(item)]
    return []


def _content(item: Any) -> Any:
    """What a chat message says; of content in parts, the texts."""
    content = item.get("content") if isinstance(item, dict) else item
    if isinstance(content, list):
        return [part.get("text") if isinstance(part, dict) else part for part in content]
    return content
