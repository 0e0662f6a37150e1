"""Decision view: recommendation, its sensitivity, facts besides cost, requirements and rules."""

from __future__ import annotations

from html import escape

import streamlit as st

from costing.comparison.compare import Comparison
from costing.decision.facts import FACTS
from costing.decision.recommendation import Decision, Option, decide, reasons, recommendation
from costing.decision.sensitivity import Reversal, reversals
from costing.reports import decision as report
from costing.scenario.decision_rules import EFFECTS

from ..components.downloads import csv_button
from ..components.tables import section
from ..figures import comparison as charts
from ..language import markdown_safe, render, t, translator
from . import requirements, rules


def show(comparison: Comparison) -> None:
    """Render the view; editors run only while their expanders are open."""
    if not comparison.feasible:
        st.info(t("No strategy can be costed yet. Change one in the Strategies tab."))
        return
    decision = decide(comparison)
    scenario_id, translate = comparison.scenario.id, translator()
    with st.container(key="recommendation"):
        st.markdown(f"#### {markdown_safe(render(recommendation(decision)))}")
        st.markdown("\n".join(f"- {markdown_safe(render(reason))}" for reason in reasons(decision)))
    _reversals(scenario_id, reversals(decision))
    section(
        t("What stands beside cost"),
        t(
            "The word under each fact is its evidence; its source shows when you point at it, and stands in "
            "the CSV. Unknown is not no: ask, or measure."
        ),
    )
    with st.container(key="decision_table"):
        st.html(_table(decision))
    rows = report.decision_rows(decision, translate)
    csv_button(f"{scenario_id}-decision", report.DecisionRow, lambda: rows, "csv_decision")
    requirements.show(comparison)
    rules.show(decision)


def _reversals(scenario_id: str, changes: list[Reversal]) -> None:
    section(
        t("What would overturn it"),
        t(
            "One change at a time, all else as it is; nearest of a kind first. Rules count here, and what "
            "costs about the same counts as equal, so volumes may differ from those of Break-even, which "
            "knows cost alone."
        ),
    )
    if not changes:
        st.caption(t("Nothing that was tried: no volume, cost, need or rule alone changes it."))
        return
    rows = report.reversal_rows(changes, translator())
    st.markdown("\n".join(f"- {markdown_safe(row.change)}" for row in rows))
    csv_button(f"{scenario_id}-overturned-by", report.ReversalRow, lambda: rows, "csv_overturn")


def _table(decision: Decision) -> str:
    """HTML table: a column per strategy, a row per fact. One element, so that it scrolls as a whole."""
    colour = charts.colours([render(outcome.name) for outcome in decision.comparison.outcomes])
    head = "".join(_head(decision, option, colour[render(option.name)]) for option in decision.options)
    lines = [f"<tr><td></td>{head}</tr>"]
    for place, title in enumerate(FACTS.values()):
        cells = "".join(_cell(decision, option, place) for option in decision.options)
        lines.append(f'<tr><th scope="row">{escape(t(title))}</th>{cells}</tr>')
    points = "".join(_points(decision, option) for option in decision.options)
    lines.append(f'<tr><th scope="row">{escape(t(report.POINTS))}</th>{points}</tr>')
    return f'<div class="decide"><table>{"".join(lines)}</table></div>'


def _class(decision: Decision, option: Option) -> str:
    if option is decision.best:
        return ' class="best"'
    return ' class="out"' if option.ruled_out_by else ""


def _head(decision: Decision, option: Option, colour: str) -> str:
    return (
        f'<th scope="col"{_class(decision, option)}><i style="background:{colour}"></i>'
        f"{escape(render(option.name))}<small>{escape(t(report.standing(decision, option)))}</small></th>"
    )


def _cell(decision: Decision, option: Option, place: int) -> str:
    trait = option.facts.traits[place]
    evidence = "" if trait.evidence is None else f"<small>{escape(t(trait.evidence))}</small>"
    opened = f'<td{_class(decision, option)} title="{escape(trait.source)}">'
    return f"{opened}{escape(render(trait.text))}{evidence}</td>"


def _points(decision: Decision, option: Option) -> str:
    fired: list[str] = []
    for rule in option.fired:
        weight = "" if rule.effect == "rules_out" else f" {rule.weight:g}"
        words = f"{t(EFFECTS[rule.effect])}{weight}: {render(rule.sentence)}"
        fired.append(f'<li title="{escape(t(rule.source))}">{escape(words)}</li>')
    text = escape(render(report.points_text(option)))
    return f"<td{_class(decision, option)}>{text}<ul>{''.join(fired)}</ul></td>"
