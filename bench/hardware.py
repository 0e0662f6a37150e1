"""Row of the GPUs table for a measured machine without a GPU."""

from __future__ import annotations

import re

from i18n.errors import CrossoverError
from i18n.message import message

from .calibrate import scalar
from .result import Result

_VENDORS = ("AMD", "Apple", "Ampere", "Intel")


def hardware_row(result: Result, row_id: str, kw: float | None) -> str:
    """One YAML row of kind CPU; raises CrossoverError where the machine has a GPU or is not known."""
    machine = result.fingerprint
    if not machine.local:
        raise CrossoverError(
            message("the endpoint was on another machine, which is not known (measure it on its own machine)")
        )
    if machine.gpus:
        raise CrossoverError(
            message(
                "{gpu}: a GPU's bandwidth and arithmetic were not measured (choose its row of gpus.yaml)",
                gpu=machine.gpus[0],
            )
        )
    if machine.memory_gib is None:
        raise CrossoverError(
            message("the machine's memory is not known (write its row by hand: docs/benchmark.md)")
        )
    vendor = next((name for name in _VENDORS if name.lower() in machine.cpu.lower()), "none")
    cpu = re.sub(r"\s+", " ", machine.cpu).strip() or "CPU"
    fields: list[tuple[str, object]] = [
        ("id", row_id),
        ("name", f"{cpu}, {machine.cores} cores"),
        ("vendor", vendor),
        ("kind", "CPU"),
        ("memory_gib", machine.memory_gib),
    ]
    if kw is not None:
        fields.append(("all_in_kw", kw))
    fields += [
        ("evidence", "measured" if kw is None else "assumed"),
        ("source", f"the machine itself, asked by bench {result.kind} of {result.started_at}"),
    ]
    lines = [f"{'- ' if i == 0 else '  '}{key}: {scalar(value)}" for i, (key, value) in enumerate(fields)]
    lines.append(f"  checked_on: {result.started_at[:10]}")
    if kw is not None:
        lines.append(f"  note: {scalar('its power was told, not measured')}")
    return "\n".join(lines) + "\n"
