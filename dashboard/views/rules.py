"""Editor of decision rules: condition, affected strategies, reason, switch and weight of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from costing.decision.recommendation import Decision
from costing.reports import decision as report
from costing.reports.rule_text import in_words
from costing.scenario.decision_rules import MAX_WEIGHT, Rule, RuleChange
from costing.scenario.rules_yaml import read_rules, written
from costing.scenario.scenario import Scenario
from frames.frame import records

from .. import session as state
from ..components.control_errors import attempt, say
from ..components.downloads import frame_button
from ..components.file_upload import file_upload
from ..language import markdown_safe, render, t, translator


def show(decision: Decision) -> None:
    """Render an expander with the rules that apply, then the others."""
    drawer = st.expander(
        t("Rules ({n})").format(n=len(decision.rules)),
        icon=":material/gavel:",
        key="rules",
        on_change="rerun",
    )
    if drawer.open:
        with drawer:
            _rules(decision)


def _rules(decision: Decision) -> None:
    st.caption(
        t(
            "A rule has a condition on your requirements and one on an option. If both are true, it excludes "
            "the option or gives it points. Points decide only among options of about equal cost. You can "
            "switch rules off, change their points or add your own; your changes are saved with the scenario."
        )
    )
    table = report.decision_rules(decision, translator())
    by_id = {rule.id: rule for rule in decision.rules}
    for row in records(table):
        _rule(by_id[row["rule"]], row)
    frame_button(f"{decision.comparison.scenario.id}-rules", lambda: table, "csv_rules")
    _own(decision)


def _rule(rule: Rule, row: Mapping[str, Any]) -> None:
    switch, words, weight = st.columns([1, 6, 1.6], vertical_alignment="center")
    key = f"rule_on_{rule.id}"
    switch.toggle(
        rule.id,
        value=state.seed(key, rule.is_on),
        key=key,
        on_change=_switch,
        args=(rule.id, key),
        label_visibility="collapsed",
    )
    conditions = " · ".join(render(condition) for condition in in_words(rule))
    hit = (
        t("applies to {options}").format(options=row["applies_to"])
        if row["applies_to"]
        else t("applies to no option")
    )
    effect = report.points_of(rule) or row["effect"]
    words.markdown(f"**{markdown_safe(effect)}**: {markdown_safe(render(rule.sentence))}")
    words.caption(markdown_safe(f"{hit} · {conditions} · {row['source']}"))
    if rule.effect == "rules_out":
        return
    key = f"rule_weight_{rule.id}"
    weight.number_input(
        t("Points of {rule}").format(rule=rule.id),
        min_value=0.0,
        max_value=float(MAX_WEIGHT),
        value=state.seed(key, rule.weight),
        step=1.0,
        format="%.3g",
        key=key,
        on_change=_weigh,
        args=(rule.id, key),
        label_visibility="collapsed",
    )


def _change(rule_id: str, how: Callable[[RuleChange], RuleChange]) -> None:
    scenario = state.scenario()
    changes = dict(scenario.needs.rule_changes)
    changes[rule_id] = how(changes.get(rule_id, RuleChange()))
    state.put(replace(scenario, needs=replace(scenario.needs, rule_changes=changes)))


def _switch(rule_id: str, key: str) -> None:
    _change(rule_id, lambda change: replace(change, is_on=bool(state.value(key))))


def _weigh(rule_id: str, key: str) -> None:
    _change(rule_id, lambda change: replace(change, weight=float(state.value(key))))


def _own(decision: Decision) -> None:
    """Render upload of own rules as a file, and the return to the built-in ones."""
    file_upload(
        t("Add your own rules"),
        ["yaml", "yml"],
        1,
        key="rules_upload",
        on_change=_open_rules,
        help=t("A rule with the id of a built-in rule replaces it."),
    )
    say("rules_upload")
    with st.container(horizontal=True):
        st.download_button(
            t("Download all rules"),
            data=lambda: written(decision.rules),
            file_name="rules.yaml",
            mime="application/yaml",
            key="rules_save",
            on_click="ignore",
            icon=":material/save:",
        )
        needs = state.scenario().needs
        st.button(
            t("Restore the built-in rules"),
            key="rules_reset",
            icon=":material/restart_alt:",
            on_click=_reset,
            disabled=not needs.rule_changes and not needs.own_rules,
        )


def _open_rules() -> None:
    upload = state.value("rules_upload")
    if upload is not None:
        attempt("rules_upload", lambda: _with_own(read_rules(upload.getvalue(), upload.name)))


def _with_own(own: tuple[Rule, ...]) -> Scenario:
    scenario = state.scenario()
    return replace(scenario, needs=replace(scenario.needs, own_rules=own))


def _reset() -> None:
    scenario = state.scenario()
    state.put(replace(scenario, needs=replace(scenario.needs, rule_changes={}, own_rules=())))
