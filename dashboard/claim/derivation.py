"""Derivation tab: from prices to the break-even, capacity of one replica, and the second condition."""

from __future__ import annotations

import streamlit as st

from costing.claim.reconstruction import Claim
from costing.reports import claim as report

from ..components.downloads import frame_button
from ..components.figure import figure
from ..components.frame_table import frame_table
from ..components.section import section
from ..figures import claim as figures
from ..figures.palette import palette
from ..language import markdown_safe, render, t, translator
from .labels import step_result


def show(claim: Claim) -> None:
    """Render the tab; raises CrossoverError if the servers cannot serve the workload."""
    section(
        t("From prices to the break-even"),
        t(
            "The servers are paid for whether they are used or not, so the break-even is their fixed cost "
            "divided by the API's price."
        ),
    )
    steps = report.derivation(claim, translator())
    figure(
        figures.derivation(steps, palette()),
        key="chart_derivation",
        alt=t("Bars: cost of the servers per day by part, their total, and the API at the claimed volume"),
        height=120 + 42 * len(steps),
    )
    results = [step_result(*step) for step in zip(steps["step_value"], steps["unit"], strict=True)]
    shown = steps[["derivation_step"]].assign(
        step_result=results, calculation=steps["calculation"], source=steps["source"]
    )
    frame_table(shown, "table_derivation")
    frame_button("claim-derivation", lambda: steps, "csv_derivation")
    section(
        t("The same servers against a small model"),
        t(
            "Two conditions must hold: the fixed cost must be recovered, and one more token must cost less "
            "on the servers."
        ),
    )
    for sentence in report.second_condition(claim):
        st.markdown(f"- {markdown_safe(render(sentence))}")
