"""Requirements beside cost: the declared fields of a scenario's `needs`."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from i18n.message import N_

from ..strategy.base import Knob, choice, knob
from ..units import DAYS_PER_MONTH, MONTHS_PER_YEAR, Unit
from .decision_rules import FactValue, Rule, RuleChange

NOT_SAID: Final = N_("not specified")
_YES_NO: Final = {"": NOT_SAID, "yes": N_("yes"), "no": N_("no")}

DAYS_BETWEEN_CHANGES: Final[Mapping[str, float]] = {
    "never": math.inf,
    "yearly": DAYS_PER_MONTH * MONTHS_PER_YEAR,
    "quarterly": DAYS_PER_MONTH * 3,
    "monthly": DAYS_PER_MONTH,
    "weekly": 7.0,
    "daily": 1.0,
}

MODEL_COST: Final = "model_cost"
RESOLVED_REQUEST: Final = "resolved_request"


@dataclass(frozen=True, kw_only=True, slots=True)
class Needs:
    """All blank by default: a rule about a blank need does not apply."""

    knowledge_changes: str = choice(
        "",
        {
            "": NOT_SAID,
            "never": N_("never"),
            "yearly": N_("yearly"),
            "quarterly": N_("quarterly"),
            "monthly": N_("monthly"),
            "weekly": N_("weekly"),
            "daily": N_("daily"),
        },
        label=N_("Knowledge changes"),
        help=N_("How often the knowledge changes enough to make old answers wrong."),
    )
    keeps_a_manner: str = choice(
        "",
        _YES_NO,
        label=N_("Fixed tone or format"),
        help=N_("Whether all answers must follow the same tone or format, which examples teach best."),
    )
    data: str = choice(
        "",
        {
            "": NOT_SAID,
            "may_leave": N_("no restriction"),
            "in_region": N_("only in our region"),
            "own_machines": N_("only on machines that we own or rent alone"),
            "in_house": N_("only on our own premises"),
        },
        label=N_("Data location"),
        help=N_("Where prompts may be processed."),
    )
    examples_available: int | None = knob(
        None,
        label=N_("Training examples available"),
        unit=Unit.COUNT,
        low=0,
        high=100_000_000,
        step=100,
        help=N_("Questions with a good answer. Fine-tuning needs hundreds to thousands."),
        blank=NOT_SAID,
    )
    first_token_ms_at_most: float | None = knob(
        None,
        label=N_("Time to first token, at most"),
        unit=Unit.MILLISECONDS,
        low=1,
        high=600_000,
        step=100,
        help=N_("How long a user may wait until the answer starts."),
        blank=N_("no limit"),
    )
    answer_s_at_most: float | None = knob(
        None,
        label=N_("Time to complete answer, at most"),
        unit=Unit.SECONDS,
        low=0.01,
        high=86_400,
        step=1,
        help=N_("How long a user may wait until the answer is complete."),
        blank=N_("no limit"),
    )
    resolved_share_at_least: float | None = knob(
        None,
        label=N_("Automatic resolution rate, at least"),
        unit=Unit.SHARE,
        low=0,
        high=1,
        step=0.05,
        help=N_("Minimum quality: an option below it is excluded."),
        blank=N_("no minimum"),
    )
    runs_servers: str = choice(
        "",
        _YES_NO,
        label=N_("Staff to run GPU servers"),
        help=N_("Whether you have staff who can operate your own servers."),
    )
    existing_customer: str = choice(
        "",
        _YES_NO,
        label=N_("Existing customer of closed offers"),
        help=N_("Some offers are only for existing customers: whether you are one."),
    )
    escalation_usd: float | None = knob(
        None,
        label=N_("Cost of a request that goes to people"),
        unit=Unit.USD,
        low=0,
        high=1_000_000,
        step=1,
        help=N_("Cost of one request that the model does not resolve. Blank: unknown."),
        blank=N_("unknown"),
    )
    rank_by: str = choice(
        MODEL_COST,
        {MODEL_COST: N_("model cost"), RESOLVED_REQUEST: N_("cost per resolved request, including people")},
        label=N_("Rank by"),
        help=N_(
            "People can be counted only if every option has a resolution rate and the cost of a request that "
            "goes to people is given."
        ),
    )
    near_share: float = knob(
        0.1,
        label=N_("Counts as equal cost, up to"),
        unit=Unit.SHARE,
        low=0,
        high=10,
        step=0.05,
        help=N_(
            "Among options that cost at most this much more than the cheapest, the points from the rules "
            "decide. 0: only the cheapest."
        ),
    )
    rule_changes: Mapping[str, RuleChange] = field(default_factory=dict)
    own_rules: tuple[Rule, ...] = ()

    @classmethod
    def declared(cls) -> dict[str, Knob]:
        return {f.name: f.metadata["knob"] for f in dataclasses.fields(cls) if "knob" in f.metadata}

    def known(self) -> dict[str, FactValue]:
        """The needs by name, as facts for the rules; with the days between two changes of the knowledge."""
        facts: dict[str, FactValue] = {name: getattr(self, name) for name in self.declared()}
        facts["knowledge_days"] = DAYS_BETWEEN_CHANGES.get(self.knowledge_changes)
        return facts


NEED_FACTS: Final[Mapping[str, tuple[str, ...]]] = {
    **{name: tuple(value for value in knob.choices if value) for name, knob in Needs.declared().items()},
    "knowledge_days": (),
}
"""Fact of a scenario's needs -> the values that it can have; none: a number."""
