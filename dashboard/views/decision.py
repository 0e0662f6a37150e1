"""Recommendation view: the answer, what would change it, non-cost factors, requirements and rules."""

from __future__ import annotations

from html import escape

import streamlit as st

from costing.comparison.compare import Comparison
from costing.decision.facts import FACTS
from costing.decision.recommendation import Decision, Option, decide, reasons, recommendation
from costing.decision.reversal import Reversal
from costing.decision.sensitivity import reversals
from costing.reports import decision as report
from costing.scenario.decision_rules import EFFECTS
from frames.frame import records

from ..components.downloads import frame_button
from ..components.section import section
from ..figures.palette import palette
from ..language import markdown_safe, render, t, translator
from . import inputs_panel, requirements, rules


def show(comparison: Comparison) -> None:
    """Render the view; editors run only while their expanders are open."""
    if not comparison.feasible:
        st.info(t("No option can be calculated yet. Change one under Options."))
        return
    decision = decide(comparison)
    scenario_id = comparison.scenario.id
    with st.container(key="recommendation"):
        st.markdown(f"#### {markdown_safe(render(recommendation(decision)))}")
        st.markdown("\n".join(f"- {markdown_safe(render(reason))}" for reason in reasons(decision)))
    _reversals(scenario_id, reversals(decision))
    section(
        t("Non-cost factors"),
        t(
            "Under each fact is its evidence; point at it for the source, which is also in the file. Unknown "
            "does not mean no: ask the vendor, or measure."
        ),
    )
    with st.container(key="decision_table"):
        st.html(_table(decision))
    frame_button(
        f"{scenario_id}-recommendation", lambda: report.decision_facts(decision, translator()), "csv_decision"
    )
    st.button(
        t("Change the requirements"),
        key="open_needs",
        icon=":material/checklist:",
        on_click=inputs_panel.open_section,
        args=("needs",),
        help=t("They stand among the inputs at the top of the page."),
    )
    requirements.facts(comparison)
    rules.show(decision)


def _reversals(scenario_id: str, changes: list[Reversal]) -> None:
    section(
        t("What would change this"),
        t(
            "One change at a time; the nearest of each kind first. The rules count, and costs within the "
            "margin count as equal, so volumes can differ from those of the break-even."
        ),
    )
    if not changes:
        st.caption(t("No single change of volume, price, requirement or rule changes the recommendation."))
        return
    table = report.reversal_changes(changes, translator())
    st.markdown("\n".join(f"- {markdown_safe(row['change'])}" for row in records(table)))
    frame_button(f"{scenario_id}-changes", lambda: table, "csv_overturn")


def _table(decision: Decision) -> str:
    """HTML table: a column per option, a row per fact. A single element, so that it scrolls as a whole."""
    colour = palette(render(outcome.name) for outcome in decision.comparison.outcomes).options
    head = "".join(_head(decision, option, colour[render(option.name)]) for option in decision.options)
    lines = [f"<tr><td></td>{head}</tr>"]
    for place, title in enumerate(FACTS.values()):
        cells = "".join(_cell(decision, option, place) for option in decision.options)
        lines.append(f'<tr><th scope="row">{escape(t(title))}</th>{cells}</tr>')
    points = "".join(_points(decision, option) for option in decision.options)
    lines.append(f'<tr><th scope="row">{escape(t(report.POINTS))}</th>{points}</tr>')
    label = escape(t("Non-cost factors"))
    focusable = f'tabindex="0" role="region" aria-label="{label}"'  # a keyboard scrolls it on a narrow page
    return f'<div class="decide" {focusable}><table>{"".join(lines)}</table></div>'


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
        text = f"{report.points_of(rule) or t(EFFECTS[rule.effect])}: {render(rule.sentence)}"
        fired.append(f'<li title="{escape(t(rule.source))}">{escape(text)}</li>')
    text = escape(render(report.points_text(option.points)))
    return f"<td{_class(decision, option)}>{text}<ul>{''.join(fired)}</ul></td>"
