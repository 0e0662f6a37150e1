"""Editor of decision rules: condition, affected strategies, reason, switch and weight of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from costing.decision.recommendation import Decision
from costing.reports import decision as report
from costing.reports.rule_text import in_words
from costing.scenario.decision_rules import MAX_WEIGHT, Rule, RuleChange
from costing.scenario.rules_yaml import read_rules, written
from costing.scenario.scenario import Scenario

from .. import session as state
from ..components.downloads import csv_button
from ..language import markdown_safe, render, t, translator


def show(decision: Decision) -> None:
    """Render an expander with the rules that apply, then the others."""
    drawer = st.expander(
        t("The rules ({n})").format(n=len(decision.rules)),
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
            "A rule asks something of your needs and of a strategy. Where both hold, it rules the strategy "
            "out or gives it points. Points decide only among strategies that cost about the same. Switch a "
            "rule off, weigh it anew, or add your own: your changes are saved with the scenario."
        )
    )
    rows = {row.rule: row for row in report.rule_rows(decision, translator())}
    by_id = {rule.id: rule for rule in decision.rules}
    for rule_id, row in rows.items():
        _rule(by_id[rule_id], row)
    csv_button(
        f"{decision.comparison.scenario.id}-rules", report.RuleRow, lambda: list(rows.values()), "csv_rules"
    )
    _own(decision)


def _rule(rule: Rule, row: report.RuleRow) -> None:
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
        t("applies to {strategies}").format(strategies=row.applies_to)
        if row.applies_to
        else t("applies to none")
    )
    words.markdown(f"**{markdown_safe(row.effect)}**: {markdown_safe(render(rule.sentence))}")
    words.caption(markdown_safe(f"{hit} · {conditions} · {row.source}"))
    if rule.effect == "rules_out":
        return
    key = f"rule_weight_{rule.id}"
    weight.number_input(
        t("Weight of {rule}").format(rule=rule.id),
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
    """Render upload of own rules as a file, and the return to the shipped ones."""
    st.file_uploader(
        t("Add rules of your own"),
        type=["yaml", "yml"],
        key="rules_upload",
        on_change=_open_rules,
        max_upload_size=1,
        help=t("A rule with the id of a shipped one replaces it."),
    )
    with st.container(horizontal=True):
        st.download_button(
            t("All rules as a file"),
            data=lambda: written(decision.rules),
            file_name="rules.yaml",
            mime="application/yaml",
            key="rules_save",
            on_click="ignore",
            icon=":material/save:",
        )
        needs = state.scenario().needs
        st.button(
            t("Back to the shipped rules"),
            key="rules_reset",
            icon=":material/restart_alt:",
            on_click=_reset,
            disabled=not needs.rule_changes and not needs.own_rules,
        )


def _open_rules() -> None:
    upload = state.value("rules_upload")
    if upload is not None:
        state.attempt(lambda: _with_own(read_rules(upload.getvalue(), upload.name)))


def _with_own(own: tuple[Rule, ...]) -> Scenario:
    scenario = state.scenario()
    return replace(scenario, needs=replace(scenario.needs, own_rules=own))


def _reset() -> None:
    scenario = state.scenario()
    state.put(replace(scenario, needs=replace(scenario.needs, rule_changes={}, own_rules=())))
