"""Values in a word of an address: compressed JSON with a format version."""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Mapping
from typing import Any, Final

from i18n.errors import CrossoverError
from i18n.message import literal, message

MAX_DOCUMENT_BYTES: Final = 1_000_000
"""Limit of an unpacked link; a longer one is refused, which bounds the memory for a hostile link."""
DAMAGED: Final = message("This link is damaged or incomplete (copy it again from where it was made)")

_FORMAT: Final = "format"


def packed(values: Mapping[str, Any], version: int) -> str:
    """JSON values as one word of letters, digits, `-` and `_`. `version` is that of their format."""
    document = json.dumps(
        {_FORMAT: version, **values}, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )
    return base64.urlsafe_b64encode(zlib.compress(document.encode(), 9)).decode().rstrip("=")


def unpacked(text: str, version: int, *earlier: int) -> dict[str, Any]:
    """The values of `packed`; raises CrossoverError for a damaged word or a version that is not read."""
    try:
        content = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        unpacker = zlib.decompressobj()
        document = unpacker.decompress(content, MAX_DOCUMENT_BYTES)
        values = json.loads(document) if unpacker.eof else None  # cut off, or beyond the limit
    except (binascii.Error, zlib.error, ValueError, RecursionError) as error:
        raise CrossoverError(DAMAGED) from error
    if not isinstance(values, dict):
        raise CrossoverError(DAMAGED)
    if values.get(_FORMAT) not in (version, *earlier):
        raise CrossoverError(
            message(
                "This link was made with another version of Crossover (its format is {format}, and this "
                "version reads {known}): open it there, or ask for the scenario as a file",
                format=literal(str(values.get(_FORMAT))[:20]),
                known=version,
            )
        )
    return {name: value for name, value in values.items() if name != _FORMAT}
