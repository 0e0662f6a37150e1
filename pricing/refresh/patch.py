"""Text patch of a table: new dated rows after the old ones, other lines unchanged."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Final

from i18n.errors import CrossoverError
from i18n.message import message

from ..edit import OpenTable, open_table, save
from ..load import load_book
from ..rows import WEEKDAYS, DatedFact, ModelPrice, Rates, ServiceTiers, Tiered, Window
from .proposals import KINDS, RATES, TIERS, Proposal, proposals


@dataclass(frozen=True, slots=True)
class Refreshed:
    """A table and its proposed text."""

    path: Path
    table: OpenTable
    proposals: tuple[Proposal, ...]
    new: str


def refreshed_table(path: Path, catalogue: Mapping[str, Sequence[DatedFact]], today: date) -> Refreshed:
    """The table and its proposals; raises CrossoverError for a table that is not compared."""
    if path.stem not in KINDS:
        raise CrossoverError(
            message(
                "{place}: the catalogue is compared with {known} alone (name one of them)",
                place=path.name,
                known=", ".join(f"{name}.yaml" for name in KINDS),
            )
        )
    table = open_table(path)
    changes = tuple(proposals(load_book(path.parent), catalogue, today, path.stem))
    return Refreshed(path, table, changes, patched(table.text, changes, today))


def write(refreshed: Sequence[Refreshed], at: datetime) -> list[Path]:
    """Save every changed table, or none; returns the backups."""
    saved: list[tuple[Path, Path]] = []
    try:
        for file in refreshed:
            if file.proposals:
                saved.append((file.path, save(file.path, file.new, file.table.fingerprint, at)))
    except BaseException:
        for path, backup in saved:
            backup.replace(path)
        raise
    return [backup for _, backup in saved]


_DROPPED: Final = ("guaranteed_until", "effective_to", "note", "evidence")
"""Fields of the old price that need not hold for the new one."""


def patched(text: str, changes: Sequence[Proposal], today: date) -> str:
    """The table's text with a new row after each old one; the rest stays as it is, comments included."""
    for proposal in changes:
        block = _block(text, proposal.old)
        if block is not None:
            start, end = block
            text = text[:end] + _new_row(text[start:end], proposal, today) + text[end:]
    return text


def _block(text: str, row: DatedFact) -> tuple[int, int] | None:
    """Start and end of the row's lines."""
    for block in re.finditer(r"(?m)^- id: (.+)\n(?:  .*\n?|\n)*", text):
        same_id = block[1].strip().strip("'\"") == row.id
        if same_id and re.search(rf"(?m)^  effective_from: {row.effective_from.isoformat()}\s*$", block[0]):
            return block.start(), block.end()
    return None


def _new_row(old: str, proposal: Proposal, today: date) -> str:
    lines = [line for line in old.rstrip("\n").split("\n") if not line.startswith(_prefixes(_DROPPED))]
    values: dict[str, str] = {
        "effective_from": proposal.effective_from.isoformat(),
        "checked_on": today.isoformat(),
        "source": f"'{proposal.new.source}'",
    }
    for name in proposal.fields:
        if name != "context_tiers" and name != "windows" and "." not in name:
            values[name] = _plain(getattr(proposal.new, name))
    for name, block in _blocks(proposal):
        lines = _without_block(lines, name)
        place = next(i for i, line in enumerate(lines) if line.startswith("  source:"))
        lines[place:place] = block
    for name, value in values.items():
        place = next((i for i, line in enumerate(lines) if line.startswith(f"  {name}:")), len(lines))
        lines[place : place + 1] = [f"  {name}: {value}"]
    return "\n".join(lines) + "\n"


def _blocks(proposal: Proposal) -> Iterator[tuple[str, list[str]]]:
    """Fields of more than a line that change, whole."""
    old, new = proposal.old, proposal.new
    if not isinstance(old, ModelPrice) or not isinstance(new, ModelPrice):
        return
    if "context_tiers" in proposal.fields:
        yield "context_tiers", list(_cliffs(new, "  "))
    changed = [tier for tier in TIERS if f"service_tiers.{tier}" in proposal.fields]
    if changed:
        merged = {
            tier: _merged(getattr(old.service_tiers, tier), getattr(new.service_tiers, tier))
            for tier in changed
        }
        yield "service_tiers", service_tiers(old.service_tiers.model_copy(update=merged))
    if "windows" in proposal.fields:
        yield "windows", ["  windows:", *(f"    - {{{_window(window)}}}" for window in new.windows)]


def _merged(old: Tiered, new: Tiered) -> Tiered:
    """Their rates, with ours where theirs are unknown."""
    known = {name: usd for name in RATES if (usd := getattr(new, name)) is not None}
    return old.model_copy(update={**known, "context_tiers": new.context_tiers or old.context_tiers})


def service_tiers(tiers: ServiceTiers) -> list[str]:
    """The lines of a row's tiers of service."""
    lines = ["  service_tiers:"]
    for name in TIERS:
        tier: Tiered | None = getattr(tiers, name)
        if tier is None:
            continue
        if not tier.context_tiers:
            lines.append(f"    {name}: {{{_rates(tier)}}}")
            continue
        lines.append(f"    {name}:")
        lines += [f"      {part}" for part in _rates(tier).split(", ")]
        lines += _cliffs(tier, "      ")
    return lines


def _cliffs(tiered: Tiered, indent: str) -> Iterator[str]:
    yield f"{indent}context_tiers:"
    for tier in tiered.context_tiers:
        yield f"{indent}  - {{above_prompt_tokens: {tier.above_prompt_tokens}, {_rates(tier)}}}"


def _window(window: Window) -> str:
    parts = [f"from_utc: '{window.from_utc}'", f"to_utc: '{window.to_utc}'"]
    if window.weekdays != WEEKDAYS:
        parts.append(f"weekdays: [{', '.join(window.weekdays)}]")
    parts.append(_rates(window))
    if window.context_tiers:
        cliffs = (
            f"{{above_prompt_tokens: {t.above_prompt_tokens}, {_rates(t)}}}" for t in window.context_tiers
        )
        parts.append(f"context_tiers: [{', '.join(cliffs)}]")
    return ", ".join(parts)


def _rates(rates: Rates) -> str:
    return ", ".join(f"{name}: {_plain(usd)}" for name in RATES if (usd := getattr(rates, name)) is not None)


def _prefixes(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"  {name}:" for name in names)


def _without_block(lines: list[str], name: str) -> list[str]:
    kept: list[str] = []
    inside = False
    for line in lines:
        if line.startswith("  ") and not line.startswith("   "):
            inside = line.startswith(f"  {name}:")
        if not inside:
            kept.append(line)
    return kept


def _plain(usd: Decimal) -> str:
    return f"{usd.normalize():f}"
