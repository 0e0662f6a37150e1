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

NOT_SAID: Final = N_("not said")
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
        label=N_("The knowledge changes"),
        help=N_("How often the facts behind the answers change so much that old answers are wrong."),
    )
    keeps_a_manner: str = choice(
        "",
        _YES_NO,
        label=N_("A tone or format to keep"),
        help=N_("Whether every answer must sound or look alike, which examples teach better than rules."),
    )
    data: str = choice(
        "",
        {
            "": NOT_SAID,
            "may_leave": N_("may leave"),
            "in_region": N_("must stay in our region"),
            "own_machines": N_("must stay on machines of our own, bought or rented"),
            "in_house": N_("must stay in our own house"),
        },
        label=N_("Prompts and data"),
        help=N_("Where what you send may be processed."),
    )
    examples_available: int | None = knob(
        None,
        label=N_("Examples to train on that you have"),
        unit=Unit.COUNT,
        low=0,
        high=100_000_000,
        step=100,
        help=N_("Questions with a good answer each. Tuning needs hundreds to thousands."),
        blank=NOT_SAID,
    )
    first_token_ms_at_most: float | None = knob(
        None,
        label=N_("First token within"),
        unit=Unit.MILLISECONDS,
        low=1,
        high=600_000,
        step=100,
        help=N_("How long a reader may wait until the answer begins."),
        blank=N_("no limit"),
    )
    answer_s_at_most: float | None = knob(
        None,
        label=N_("Whole answer within"),
        unit=Unit.SECONDS,
        low=0.01,
        high=86_400,
        step=1,
        help=N_("How long a reader may wait until the answer is complete."),
        blank=N_("no limit"),
    )
    resolved_share_at_least: float | None = knob(
        None,
        label=N_("Resolved without people, at least"),
        unit=Unit.SHARE,
        low=0,
        high=1,
        step=0.05,
        help=N_("The quality floor: a strategy below it is ruled out."),
        blank=N_("no floor"),
    )
    runs_servers: str = choice(
        "",
        _YES_NO,
        label=N_("People to run GPU servers"),
        help=N_("Whether somebody can keep servers of your own running."),
    )
    existing_customer: str = choice(
        "",
        _YES_NO,
        label=N_("Customer of closed offers already"),
        help=N_("Some offers take existing customers only: whether you are one."),
    )
    escalation_usd: float | None = knob(
        None,
        label=N_("Cost of a request that goes to people"),
        unit=Unit.USD,
        low=0,
        high=1_000_000,
        step=1,
        help=N_("What one request costs that the model did not resolve. Blank: unknown."),
        blank=N_("unknown"),
    )
    rank_by: str = choice(
        MODEL_COST,
        {MODEL_COST: N_("model cost"), RESOLVED_REQUEST: N_("cost per resolved request, people included")},
        label=N_("Rank by"),
        help=N_(
            "People can be counted only where every strategy has a resolved share and the cost of a request "
            "that goes to people is given."
        ),
    )
    near_share: float = knob(
        0.1,
        label=N_("As good as the cheapest, up to"),
        unit=Unit.SHARE,
        low=0,
        high=10,
        step=0.05,
        help=N_(
            "Among strategies at most so much dearer than the cheapest, the points of the rules decide. 0: "
            "the cheapest alone."
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
