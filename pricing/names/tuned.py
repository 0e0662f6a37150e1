"""Ids of fine-tuned models: OpenAI's `ft:BASE:…`, Azure's `BASE.ft-…`, Bedrock's custom models."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from i18n.message import Message, message

_OPENAI: Final = re.compile(r"ft:(?P<base>[^:/]+)(?::.*)?", re.IGNORECASE)
_AZURE: Final = re.compile(r"(?P<base>[^:/]+?)\.ft-.+", re.IGNORECASE)
_BEDROCK: Final = re.compile(r"custom-model/(?P<base>[^:/]+)[^/]*/.+", re.IGNORECASE)
_DAY: Final = re.compile(r"-\d{4}-\d{2}-\d{2}$")
_SHORT_DAY: Final = re.compile(r"-\d{4}$")
"""GPT-3.5 Turbo's snapshots: gpt-3.5-turbo-0125."""


def tuned_row(seller: str, model: str, bases: Mapping[str, str]) -> str | Message | None:
    """Id of the tuned model's row, or why there is none; None where the name is of another form.

    `bases`: id of a row for a tuned model -> the model that was tuned.
    """
    for owner, form in (("openai", _OPENAI), ("azure", _AZURE), ("bedrock", _BEDROCK)):
        written = form.fullmatch(model)
        if written is None:
            continue
        if owner == "openai" and seller not in ("", "openai"):
            owner = seller
        base = written["base"].lower()
        rows = [
            row_id
            for row_id, tuned in bases.items()
            if row_id.partition("/")[0] == owner and _is_base(base, tuned.lower())
        ]
        if len(rows) == 1:
            return rows[0]
        if rows:
            return message(
                "'{name}' does not say how it is deployed, and the prices differ (write one of {rows})",
                name=model,
                rows=", ".join(rows),
            )
        return message(
            "no price for '{name}': no row for a fine-tuned '{base}' (add one to finetunes.yaml)",
            name=model,
            base=written["base"],
        )
    return None


def _is_base(written: str, known: str) -> bool:
    """Whether a row for `known` holds for the base: the same snapshot, or a row for all of them."""
    if written in (known, _DAY.sub("", known)):
        return True
    all_snapshots = _DAY.search(known) is None and known in (
        _DAY.sub("", written),
        _SHORT_DAY.sub("", written),
    )
    return all_snapshots or written.partition(".")[2].startswith(known.replace(" ", "-") + "-v")
