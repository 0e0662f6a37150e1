"""One JSON object a line: what else a file or a line can be, and the object of a line."""

from __future__ import annotations

import codecs
import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

from i18n.errors import CrossoverError
from i18n.message import Message, message

WIDE: Final = (
    *(codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE),
    *(b"{\0", b"[\0", b"\0{", b"\0[", b"\0\0\0{", b"\0\0\0["),
)
"""First bytes of a text in UTF-16 or UTF-32, with a byte order mark or without one."""


def not_by_lines(first: bytes) -> Message | None:
    """Why the whole file is not one JSON object a line, by its first line; None where it can be."""
    text = first.strip()
    if text == b"{":
        return message("a JSON object over several lines (write each object on one line)")
    if not text.startswith(b"["):
        return None
    try:
        json.loads(text)
    except RecursionError:  # nested without end: no list of examples
        return None
    except ValueError:  # goes on in the next line
        pass
    return message("a JSON list (write one JSON object a line, without a list around them)")


def record_of(line: bytes) -> tuple[Mapping[str, Any], bytes]:
    """The JSON object on a line, and what it shares with the same object written otherwise.

    Raises CrossoverError for anything else.
    """
    try:
        text = line.decode()
    except UnicodeDecodeError as error:
        raise CrossoverError(
            message("not UTF-8 at byte {byte} (save the file as UTF-8)", byte=error.start + 1)
        ) from error
    try:
        record = json.loads(text)
        same = json.dumps(record, sort_keys=True, ensure_ascii=True).encode()
    except json.JSONDecodeError as error:
        raise CrossoverError(
            message("not JSON at character {column} (write one JSON object a line)", column=error.colno)
        ) from error
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, or nested without end
        raise CrossoverError(message("not JSON that can be read (write one JSON object a line)")) from error
    if not isinstance(record, dict):
        raise CrossoverError(message('not a JSON object (write {{"messages": [...]}})'))
    return record, hashlib.blake2b(same, digest_size=12).digest()
