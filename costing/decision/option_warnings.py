"""Warnings of an option that can change the decision: closed, ending, without staff."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from i18n.dates import dated
from i18n.message import Message, message

from ..comparison.compare import Comparison, Outcome
from ..comparison.endings import RETIRES, endings, is_closed, is_in_use, uncertain_offers
from ..cost_lines import CostCategory

WarningKind = Literal["closed", "ends", "staff"]


@dataclass(frozen=True, slots=True)
class OptionWarning:
    """Something that can change the decision for an option, as a badge."""

    kind: WarningKind
    text: Message


def option_warnings(comparison: Comparison, outcome: Outcome) -> tuple[OptionWarning, ...]:
    """All warnings of an option, the most serious first."""
    warnings: list[OptionWarning] = []
    if is_closed(comparison, outcome) and not is_in_use(comparison, outcome):
        warnings.append(OptionWarning("closed", message("closed to new customers")))
    for ending in endings(comparison, outcome):
        text = message("retires on {day}", day=dated(ending.day))
        if ending.field != RETIRES:
            text = message("{what} on {day}", what=ending.text, day=dated(ending.day))
        warnings.append(OptionWarning("ends", text))
    warnings += [OptionWarning("ends", text) for text in uncertain_offers(comparison, outcome)]
    if has_no_staff(outcome):
        warnings.append(OptionWarning("staff", message("no staff cost counted")))
    return tuple(warnings)


def has_no_staff(outcome: Outcome) -> bool:
    """Whether it runs servers of its own and counts nobody who operates them."""
    runs_servers = outcome.strategy.profile().has_serving_fleet
    return runs_servers and not any(line.category == CostCategory.STAFF for line in outcome.lines)
