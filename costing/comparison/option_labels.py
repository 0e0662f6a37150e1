"""How options are named on a page: in full once, then by a short label."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from i18n.message import Message

from .compare import Comparison, Outcome


@dataclass(frozen=True, slots=True)
class OptionLabel:
    """The two labels of an option."""

    full: Message
    """With vendor or machine and the GPUs that are billed at this volume; the user's own name where given."""
    short: Message
    """Without vendor and machine, where that is still unique in the comparison."""


def option_labels(comparison: Comparison) -> Mapping[Message, OptionLabel]:
    """Labels by the option's name, in the order of the scenario."""
    short = {outcome.name: _short(outcome) for outcome in comparison.outcomes}
    full = {outcome.name: _full(comparison, outcome) for outcome in comparison.outcomes}
    times, times_full = Counter(map(str, short.values())), Counter(map(str, full.values()))
    labels: dict[Message, OptionLabel] = {}
    for name in short:
        whole = full[name] if times_full[str(full[name])] == 1 else name
        labels[name] = OptionLabel(whole, short[name] if times[str(short[name])] == 1 else whole)
    return labels


def _is_named(outcome: Outcome) -> bool:
    """Whether it has the user's own name, or a number that tells it from its equal."""
    return outcome.name != outcome.strategy.label


def _short(outcome: Outcome) -> Message:
    return outcome.name if _is_named(outcome) else outcome.strategy.short_label


def _full(comparison: Comparison, outcome: Outcome) -> Message:
    if _is_named(outcome) or not outcome.is_feasible:
        return outcome.name
    return outcome.strategy.label_at(comparison.workload)
