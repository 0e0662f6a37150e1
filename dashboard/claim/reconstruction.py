"""Reconstruction tab: steps of the calculation, capacity of one replica, and the second condition."""

from __future__ import annotations

import streamlit as st

from costing.claim.reconstruction import Claim
from costing.reports.claim import ChainRow, chain_rows, second_condition

from ..components.downloads import csv_button
from ..components.tables import section
from ..language import markdown_safe, render, t, translator
from .labels import table


def show(claim: Claim) -> None:
    """Render the tab; raises CrossoverError if the servers cannot serve the workload."""
    section(
        t("From prices to the break-even"),
        t(
            "Each figure follows from those above it. The servers are paid for whether they are used or not, "
            "so the break-even divides a fixed cost by the API's price."
        ),
    )
    rows = chain_rows(claim, translator())
    table(rows, ChainRow, key="table_chain")
    csv_button("claim-chain", ChainRow, lambda: rows, "csv_chain")
    section(
        t("The same servers against a small model"),
        t("Two conditions must hold: the fixed cost must be earned back, and a token more must be cheaper."),
    )
    for sentence in second_condition(claim):
        st.markdown(f"- {markdown_safe(render(sentence))}")
