"""Columns of the recommendation."""

from __future__ import annotations

from typing import Final

from i18n.message import N_

from ..column import Column, Dtype

COLUMNS: Final = (
    Column("standing", N_("Status"), Dtype.TEXT),
    Column("fact", N_("Criterion"), Dtype.TEXT),
    Column("finding", N_("Result"), Dtype.TEXT),
    Column("rule", N_("Rule"), Dtype.TEXT),
    Column("is_on", N_("Active"), Dtype.FLAG),
    Column("needs", N_("If the requirements are"), Dtype.TEXT),
    Column("conditions", N_("and the option is"), Dtype.TEXT),
    Column("effect", N_("Effect"), Dtype.TEXT),
    Column("weight", N_("Points"), Dtype.FLOAT, format="%,.3g"),
    Column("says", N_("Reason"), Dtype.TEXT),
    Column("applies_to", N_("Applies to"), Dtype.TEXT),
    Column("change", N_("Change"), Dtype.TEXT),
    Column("instead", N_("Recommended then"), Dtype.TEXT),
    Column("at", N_("From"), Dtype.FLOAT, format="%,.6g"),
)
