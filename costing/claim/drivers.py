"""Drivers of the 25 M claim: label, unit, range, and the knob or price that each one sets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from i18n.errors import CrossoverError
from i18n.message import N_, message

from ..units import Unit

API: Final = "API"
LOAD: Final = "load"
BOX: Final = "servers"


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

    def matters(self, tenure: str) -> bool:
        return self.tenure in ("", tenure)

    def check(self, value: float) -> None:
        """Raises CrossoverError for a value outside the range."""
        if not self.low <= value <= self.high:
            raise CrossoverError(
                message(
                    "{driver}: {found:g} is outside {low:g} to {high:g} (choose a value in between)",
                    driver=message(self.label),
                    found=value,
                    low=self.low,
                    high=self.high,
                )
            )
        if self.whole and value != int(value):
            raise CrossoverError(
                message("{driver}: {found:g} is not a whole number", driver=message(self.label), found=value)
            )


_DRIVERS: Final = (
    Driver(
        "api_input_usd_per_mtok",
        API,
        N_("API price of input"),
        Unit.USD_PER_MTOK,
        0.01,
        100,
        0.05,
        1.25,
        5,
        N_("What the hosted model charges for a million input tokens."),
    ),
    Driver(
        "api_output_usd_per_mtok",
        API,
        N_("API price of output"),
        Unit.USD_PER_MTOK,
        0.01,
        300,
        0.1,
        5,
        30,
        N_("What the hosted model charges for a million output tokens."),
    ),
    Driver(
        "api_discount_share",
        API,
        N_("Discount on the API"),
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
        N_("Input tokens of all tokens"),
        Unit.SHARE,
        0.05,
        0.95,
        0.01,
        0.5,
        0.9,
        N_("0.75 is three input tokens to one output token. Output is dearer, and slower to serve."),
    ),
    Driver(
        "tokens_per_request",
        LOAD,
        N_("Tokens of a request"),
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
        N_("Peak over average"),
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
        BOX,
        N_("GPUs in a replica"),
        Unit.COUNT,
        1,
        16,
        1,
        2,
        4,
        N_("How many GPUs run one copy of the model; its speed is taken to grow in proportion."),
        whole=True,
    ),
    Driver(
        "spare_replicas",
        BOX,
        N_("Spare replicas"),
        Unit.COUNT,
        0,
        8,
        1,
        0,
        1,
        N_("Extra replicas for failures."),
        whole=True,
    ),
    Driver(
        "target_utilisation_share",
        BOX,
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
        BOX,
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
        BOX,
        N_("Rent per GPU and hour"),
        Unit.USD,
        0.1,
        20,
        0.05,
        1.7,
        2.95,
        N_("Paid around the clock, used or idle."),
        "rented",
    ),
    Driver(
        "purchase_usd_per_gpu",
        BOX,
        N_("Purchase price per GPU"),
        Unit.USD,
        1000,
        100_000,
        500,
        25_000,
        35_000,
        N_("One GPU, without its server."),
        "owned",
    ),
    Driver(
        "host_usd_per_gpu",
        BOX,
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
        BOX,
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
        BOX,
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
        BOX,
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
        BOX,
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
        BOX,
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
        BOX,
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
        BOX,
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
        BOX,
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
        BOX,
        N_("Staff"),
        Unit.USD_PER_MONTH,
        0,
        200_000,
        500,
        0,
        8000,
        N_("People who keep the fleet running."),
    ),
)

DRIVERS: Final[Mapping[str, Driver]] = {driver.id: driver for driver in _DRIVERS}
"""In the order in which they are shown."""

OF_THE_FLEET: Final = frozenset({"gpus_per_replica", "output_tokens_per_s_per_gpu"})
"""Drivers that change the deployment itself; the others of the servers are knobs of the strategy."""
