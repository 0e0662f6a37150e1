"""The units of quantities and inputs, the factors between them, and the type of a quantity."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
import numpy.typing as npt

from i18n.message import N_

Quantity = float | npt.NDArray[np.float64]
"""One figure, or an array of them that broadcasts: a volume sweep, a month axis, draws."""


class Unit(StrEnum):
    """What a quantity, a price or an input is counted in. A value is its label, too."""

    COUNT = ""
    """A plain number of what the label names: no unit is shown beside it."""
    SHARE = N_("share")
    SHARE_PER_YEAR = N_("share per year")
    RATIO = N_("ratio")
    PERCENTILE = N_("percentile")
    TOKENS = N_("tokens")
    MTOK = N_("Mtok")
    OUTPUT_TOKENS_PER_S = N_("output tokens per s")
    PASSES = N_("passes")
    CHUNKS = N_("chunks")
    DIMENSIONS = N_("dimensions")
    BILLION = N_("thousand million")
    THOUSAND_REQUESTS = N_("1,000 requests")
    THOUSAND_SEARCHES = N_("1,000 searches")
    JOB = N_("job")
    SETUP = N_("set-up")
    MILLISECONDS = N_("ms")
    SECONDS = N_("s")
    HOUR = N_("h")
    MONTH = N_("month")
    YEARS = N_("years")
    GPU = N_("GPU")
    GPU_HOUR = N_("GPU-h")
    GPU_MONTH = N_("GPU-month")
    GIB = N_("GiB")
    GB_MONTH = N_("GB-month")
    KW = N_("kW")
    KWH = N_("kWh")
    TONNE_CO2E = N_("t CO2e")
    FTE = N_("FTE")
    FTE_MONTH = N_("FTE-month")
    USD = N_("USD")
    CAPITAL_USD = N_("USD of capital")
    USD_PER_MONTH = N_("USD per month")
    USD_PER_YEAR = N_("USD per year")
    USD_PER_MTOK = N_("USD per Mtok")
    USD_PER_KWH = N_("USD per kWh")
    USD_PER_KW_MONTH = N_("USD per kW and month")
    USD_PER_TONNE_CO2E = N_("USD per t CO2e")
    USD_PER_GB_MONTH = N_("USD per GB and month")
    USD_PER_THOUSAND_SEARCHES = N_("USD per 1,000 searches")


DAYS_PER_MONTH = 365.25 / 12
HOURS_PER_MONTH = 730.5
HOURS_PER_YEAR = 8760
MONTHS_PER_YEAR = 12
SECONDS_PER_DAY = 86_400
SECONDS_PER_HOUR = 3600
TOKENS_PER_MTOK = 1_000_000
