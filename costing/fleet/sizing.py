"""How many replicas, servers and GPUs a load takes: utilisation, spares, whole servers, hours."""

from __future__ import annotations

from dataclasses import dataclass

from i18n.message import N_

from ..serving.replicas import replicas, requests_per_day_per_replica, servers
from ..strategy.base import choice, knob
from ..strategy.configurable import Configurable
from ..strategy.declarations import SettingGroup
from ..units import Quantity, Unit

RENTED = ("tenure", "rented")
OWNED = ("tenure", "owned")
"""Conditions under which a setting matters."""


@dataclass(frozen=True, slots=True)
class FleetSize:
    """Whole replicas and servers; arrays where the volume is one."""

    needed_replicas: Quantity
    replicas: Quantity
    """Spares included."""
    servers: Quantity
    gpus: Quantity
    """All that are paid for: those of whole servers."""


@dataclass(frozen=True, kw_only=True)
class FleetSizing(Configurable):
    """replicas = ceil(peak requests per second / (capacity x target utilisation)) + spares, or twice that.

    servers = ceil(replicas / replicas per server); GPUs = servers x GPUs per server.
    """

    target_utilisation_share: float = knob(
        0.7,
        label=N_("Target utilisation"),
        group=SettingGroup.CAPACITY,
        unit=Unit.SHARE,
        low=0.05,
        high=1,
        step=0.05,
        help=N_("Share of a replica's capacity that is planned for; the rest keeps waiting short."),
    )
    redundancy: str = choice(
        "spares",
        {"spares": N_("N + spare replicas"), "doubled": N_("N + N: all of it twice")},
        label=N_("Redundancy"),
        group=SettingGroup.CAPACITY,
        help=N_("What stands ready for failures: some replicas more, or a second fleet of the same size."),
    )
    spare_replicas: int = knob(
        1,
        label=N_("Spare replicas"),
        group=SettingGroup.CAPACITY,
        unit=Unit.COUNT,
        low=0,
        high=64,
        help=N_("Extra replicas for failures."),
        when=("redundancy", "spares"),
    )
    gpus_per_server: int = knob(
        1,
        label=N_("GPUs per server"),
        group=SettingGroup.CAPACITY,
        unit=Unit.COUNT,
        low=1,
        high=144,
        help=N_(
            "Servers are paid for whole, and a replica stays within one where it fits. 1: GPUs can be had "
            "singly."
        ),
    )
    hours_on_share: float = knob(
        1.0,
        label=N_("Hours switched on"),
        group=SettingGroup.CAPACITY,
        unit=Unit.SHARE,
        low=0.05,
        high=1,
        step=0.05,
        help=N_(
            "Rented GPUs on demand are paid for these hours only; all requests must then come within them."
        ),
        when=RENTED,
    )

    def size(
        self, peak_requests_per_s: Quantity, capacity_requests_per_s: float, gpus_per_replica: int
    ) -> FleetSize:
        """For that peak, with replicas of that capacity before target utilisation."""
        needed = replicas(peak_requests_per_s, capacity_requests_per_s, self.target_utilisation_share, 0)
        in_all = needed * 2 if self.redundancy == "doubled" else needed + self.spare_replicas
        whole_servers = servers(in_all, gpus_per_replica, self.gpus_per_server)
        return FleetSize(needed, in_all, whole_servers, whole_servers * self.gpus_per_server)

    def requests_per_day_per_replica(self, capacity_requests_per_s: float, peak_to_average: float) -> float:
        """Daily volume of the whole workload that one more replica carries."""
        return requests_per_day_per_replica(
            capacity_requests_per_s, self.target_utilisation_share, peak_to_average
        )
