"""Drivers of the 25 M claim: label, unit, range, and the knob or price that each one sets."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from i18n.errors import CrossoverError
from i18n.message import N_, message

from ..units import Unit

API: Final = "API"
LOAD: Final = "load"
FLEET: Final = "fleet"
HARDWARE: Final = "hardware"
OPERATION: Final = "operation"
SERVER_GROUPS: Final = frozenset({FLEET, HARDWARE, OPERATION})
"""Groups of drivers that belong to the servers."""

_PERCENT_UNITS: Final = frozenset({Unit.SHARE, Unit.SHARE_PER_YEAR})
_LOGARITHMIC_FROM: Final = 100
"""Ratio of the ends of a range from which its scale is logarithmic."""
_MOST_STEPS: Final = 200
"""Number of steps of a range from 0 from which its slider is logarithmic."""
_MANTISSAS: Final = (1, 1.2, 1.5, 1.8, 2, 2.2, 2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 9)


@dataclass(frozen=True, slots=True)
class Driver:
    """One input of the claim that a reader may change."""

    id: str
    group: str
    label: str
    unit: Unit
    low: float
    high: float
    step: float
    usual_low: float
    """Plausible low and high value, the ends of the bar in the tornado chart. Our assumption."""
    usual_high: float
    help: str
    tenure: str = ""
    """"owned" or "rented": the only tenure for which the driver matters; blank: both."""
    whole: bool = False
    is_main: bool = False
    """Shown first: a choice of ours, those that usually move the break-even most."""

    @property
    def is_percent(self) -> bool:
        """A share: 0 to 1 here, a percentage on the screen."""
        return self.unit in _PERCENT_UNITS

    @property
    def is_logarithmic(self) -> bool:
        """Whether the range spans decades, so that its scale is logarithmic."""
        return not self.whole and self.low > 0 and self.high / self.low >= _LOGARITHMIC_FROM

    @property
    def positions(self) -> tuple[float, ...]:
        """Values of a slider with a logarithmic scale; none where the scale is linear.

        A range from 0 that spans decades starts at 0, then at its step.
        """
        if not self.is_logarithmic and (self.whole or self.low or self.high / self.step < _MOST_STEPS):
            return ()
        first = self.low or self.step
        power = math.floor(math.log10(first))
        decades = range(power, math.ceil(math.log10(self.high)) + 1)
        values = {float(f"{mantissa}e{decade}") for decade in decades for mantissa in _MANTISSAS}
        inner = sorted(value for value in values if first < value < self.high)
        return (*([0.0] if not self.low else []), float(first), *inner, float(self.high))

    def matters(self, tenure: str) -> bool:
        return self.tenure in ("", tenure)

    def check(self, value: float) -> None:
        """Raises CrossoverError for a value outside the range."""
        if not self.low <= value <= self.high:
            raise CrossoverError(
                message(
                    "{driver}: {value:g} is outside {low:g} to {high:g} (choose a value in between)",
                    driver=message(self.label),
                    value=value,
                    low=self.low,
                    high=self.high,
                )
            )
        if self.whole and value != int(value):
            raise CrossoverError(
                message("{driver}: {value:g} is not a whole number", driver=message(self.label), value=value)
            )


_DRIVERS: Final = (
    Driver(
        "api_input_usd_per_mtok",
        API,
        N_("API input price"),
        Unit.USD_PER_MTOK,
        0.01,
        100,
        0.05,
        1.25,
        5,
        N_("What the hosted model charges for a million input tokens."),
        is_main=True,
    ),
    Driver(
        "api_output_usd_per_mtok",
        API,
        N_("API output price"),
        Unit.USD_PER_MTOK,
        0.01,
        300,
        0.1,
        5,
        30,
        N_("What the hosted model charges for a million output tokens."),
        is_main=True,
    ),
    Driver(
        "api_discount_share",
        API,
        N_("API discount"),
        Unit.SHARE,
        0,
        0.9,
        0.01,
        0,
        0.3,
        N_("Off the list price: a contract, committed spend, or batch service."),
    ),
    Driver(
        "input_share",
        LOAD,
        N_("Share of input tokens"),
        Unit.SHARE,
        0.05,
        0.95,
        0.01,
        0.5,
        0.9,
        N_("75% is three input tokens to one output token. Output is more expensive, and slower to serve."),
        is_main=True,
    ),
    Driver(
        "tokens_per_request",
        LOAD,
        N_("Tokens per request"),
        Unit.TOKENS,
        100,
        50_000,
        100,
        500,
        8000,
        N_("Input and output together. It moves how much the servers can serve, not the API's price."),
    ),
    Driver(
        "peak_to_average",
        LOAD,
        N_("Peak to average load"),
        Unit.RATIO,
        1,
        20,
        0.5,
        1,
        4,
        N_("How much busier the busiest moments are than the day's average; it sizes a fleet."),
    ),
    Driver(
        "gpus_per_replica",
        FLEET,
        N_("GPUs in a replica"),
        Unit.COUNT,
        1,
        16,
        1,
        2,
        4,
        N_("How many GPUs run one copy of the model; its speed is taken to grow in proportion."),
        whole=True,
        is_main=True,
    ),
    Driver(
        "spare_replicas",
        FLEET,
        N_("Spare replicas"),
        Unit.COUNT,
        0,
        8,
        1,
        0,
        1,
        N_("Extra replicas for failures."),
        whole=True,
        is_main=True,
    ),
    Driver(
        "target_utilisation_share",
        FLEET,
        N_("Target utilisation"),
        Unit.SHARE,
        0.05,
        1,
        0.05,
        0.5,
        1,
        N_("Share of a replica's capacity that is planned for; the rest keeps waiting short."),
    ),
    Driver(
        "output_tokens_per_s_per_gpu",
        FLEET,
        N_("Speed of a GPU"),
        Unit.OUTPUT_TOKENS_PER_S,
        50,
        20_000,
        50,
        1000,
        2500,
        N_("At the lengths of the published measurement, when fully loaded."),
    ),
    Driver(
        "rent_usd_per_gpu_hour",
        HARDWARE,
        N_("Rent per GPU and hour"),
        Unit.USD,
        0.1,
        20,
        0.05,
        1.7,
        2.95,
        N_("Paid around the clock, used or idle."),
        "rented",
        is_main=True,
    ),
    Driver(
        "purchase_usd_per_gpu",
        HARDWARE,
        N_("Purchase price per GPU"),
        Unit.USD,
        1000,
        100_000,
        500,
        25_000,
        35_000,
        N_("One GPU, without its server."),
        "owned",
        is_main=True,
    ),
    Driver(
        "host_usd_per_gpu",
        HARDWARE,
        N_("Host and network per GPU"),
        Unit.USD,
        0,
        100_000,
        500,
        5000,
        20_000,
        N_("A GPU's share of servers, network and racks, when bought."),
        "owned",
    ),
    Driver(
        "life_years",
        HARDWARE,
        N_("Useful life"),
        Unit.YEARS,
        1,
        10,
        0.5,
        2,
        5,
        N_("Years over which the purchase is recovered."),
        "owned",
    ),
    Driver(
        "wacc_share",
        HARDWARE,
        N_("Cost of capital (WACC)"),
        Unit.SHARE_PER_YEAR,
        0,
        0.5,
        0.01,
        0.05,
        0.15,
        N_("Yearly return that the company expects of its capital."),
        "owned",
    ),
    Driver(
        "residual_share",
        HARDWARE,
        N_("Residual value"),
        Unit.SHARE,
        0,
        0.9,
        0.05,
        0,
        0.3,
        N_("Share of the purchase price that a sale brings back at the end."),
        "owned",
    ),
    Driver(
        "maintenance_share",
        OPERATION,
        N_("Maintenance"),
        Unit.SHARE_PER_YEAR,
        0,
        0.5,
        0.01,
        0.02,
        0.1,
        N_("Yearly maintenance and support, as a share of the purchase."),
        "owned",
    ),
    Driver(
        "it_kw_per_gpu",
        OPERATION,
        N_("Power per GPU with its server"),
        Unit.KW,
        0.05,
        5,
        0.05,
        0.8,
        1.4,
        N_("At full load."),
        "owned",
    ),
    Driver(
        "load_share",
        OPERATION,
        N_("Average load for power"),
        Unit.SHARE,
        0,
        1,
        0.05,
        0.1,
        0.9,
        N_("Average load of the servers; it moves power between idle and full."),
        "owned",
    ),
    Driver(
        "pue",
        OPERATION,
        N_("PUE"),
        Unit.RATIO,
        1,
        3,
        0.05,
        1.1,
        1.7,
        N_("Power usage effectiveness: the data centre's power over that of its servers."),
        "owned",
    ),
    Driver(
        "usd_per_kwh",
        OPERATION,
        N_("Electricity"),
        Unit.USD_PER_KWH,
        0,
        1,
        0.01,
        0.08,
        0.3,
        N_("Your tariff."),
        "owned",
    ),
    Driver(
        "staff_usd_per_month",
        OPERATION,
        N_("Staff"),
        Unit.USD_PER_MONTH,
        0,
        200_000,
        500,
        0,
        8000,
        N_("People who keep the fleet running."),
        is_main=True,
    ),
)

DRIVERS: Final[Mapping[str, Driver]] = {driver.id: driver for driver in _DRIVERS}
"""In the order in which they are shown."""

OF_THE_FLEET: Final = frozenset({"gpus_per_replica", "output_tokens_per_s_per_gpu"})
"""Drivers that change the deployment itself; the others of the servers are knobs of the strategy."""
