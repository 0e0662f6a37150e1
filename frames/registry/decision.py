"""Columns of the recommendation."""

from __future__ import annotations

from typing import Final

from i18n.message import N_

from ..column import Column, Dtype

COLUMNS: Final = (
    Column("standing", N_("Standing"), Dtype.TEXT),
    Column("fact", N_("Fact"), Dtype.TEXT),
    Column("finding", N_("Finding"), Dtype.TEXT),
    Column("rule", N_("Rule"), Dtype.TEXT),
    Column("is_on", N_("Is on"), Dtype.FLAG),
    Column("needs", N_("Needs"), Dtype.TEXT),
    Column("conditions", N_("Conditions"), Dtype.TEXT),
    Column("effect", N_("Effect"), Dtype.TEXT),
    Column("weight", N_("Weight"), Dtype.FLOAT),
    Column("says", N_("Says"), Dtype.TEXT),
    Column("applies_to", N_("Applies to"), Dtype.TEXT),
    Column("change", N_("Change"), Dtype.TEXT),
    Column("instead", N_("Instead"), Dtype.TEXT),
    Column("at", N_("At"), Dtype.FLOAT),
)
