"""Hypothesis strategies for the needs of a scenario and for changed and additional rules."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from costing.scenario.decision_rules import (
    EFFECTS,
    MAX_WEIGHT,
    RELATIONS,
    STRATEGY_FACTS,
    Condition,
    Rule,
    RuleChange,
)
from costing.scenario.library import shipped_rules
from costing.scenario.requirements import NEED_FACTS, Needs

names = st.sampled_from([rule.id for rule in shipped_rules()])
changes = st.builds(RuleChange, st.none() | st.booleans(), st.none() | st.floats(0, MAX_WEIGHT))
texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60).map(str.strip)


@st.composite
def conditions(draw: st.DrawFn, known: Any) -> tuple[Condition, ...]:
    drawn = []
    for fact in draw(st.lists(st.sampled_from(sorted(known)), min_size=1, max_size=3, unique=True)):
        if known[fact]:
            one_of = draw(st.lists(st.sampled_from([*known[fact], "unknown"]), min_size=1, unique=True))
            drawn.append(Condition(fact, one_of=tuple(one_of)))
        else:
            bound = draw(st.floats(-1e6, 1e6) | st.sampled_from([n for n in NEED_FACTS if not NEED_FACTS[n]]))
            drawn.append(Condition(fact, relation=draw(st.sampled_from(RELATIONS)), bound=bound))
    return tuple(drawn)


rules = st.builds(
    Rule,
    st.from_regex(r"[a-z0-9_]{1,20}", fullmatch=True),
    conditions(NEED_FACTS) | st.just(()),
    conditions(STRATEGY_FACTS),
    st.sampled_from(list(EFFECTS)),
    st.floats(0, MAX_WEIGHT),
    texts.filter(bool),
    texts.filter(bool),
    st.booleans(),
)


@st.composite
def any_needs(draw: st.DrawFn) -> Needs:
    values: dict[str, Any] = {}
    for name, knob in Needs.declared().items():
        if knob.choices:
            values[name] = draw(st.sampled_from(list(knob.choices)))
        elif name == "examples_available":
            values[name] = draw(st.none() | st.integers(0, 10**8))
        else:
            numbers = st.floats(knob.low or 0, knob.high or 0)
            values[name] = draw(numbers if knob.default is not None else st.none() | numbers)
    own = draw(st.lists(rules, max_size=2, unique_by=lambda rule: rule.id))
    return Needs(
        **values, rule_changes=draw(st.dictionaries(names, changes, max_size=3)), own_rules=tuple(own)
    )
