"""Which part of a workload a fleet answers: all of it, or the base load below a percentile of the day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Protocol

from i18n.message import N_

from ..strategy.base import knob
from ..strategy.configurable import Configurable
from ..strategy.declarations import SettingGroup
from ..units import Unit
from ..workload.workload import Workload


@dataclass(frozen=True, slots=True)
class Share:
    """The part of a workload's requests that a fleet answers."""

    of_requests: float
    """Requests answered / all requests, 0 to 1."""
    peak_to_average: float
    """Highest load of the fleet / average load of the whole workload."""


class FleetLoad(Protocol):
    """A rule for the part of a workload that a fleet answers."""

    @property
    def percentile(self) -> float:
        """The fleet suffices for the load up to this percentile of the day's time; 100: for all of it."""

    def share(self, workload: Workload, on_share: float) -> Share:
        """The part answered by a fleet that runs for `on_share` of all hours."""


@dataclass(frozen=True, kw_only=True)
class WholeLoad(Configurable):
    """All requests: the fleet is sized for the peak, and for all requests of a day within its hours."""

    percentile: ClassVar[float] = 100.0

    def share(self, workload: Workload, on_share: float) -> Share:
        return Share(1.0, max(workload.peak_to_average, 1 / on_share))


@dataclass(frozen=True, kw_only=True)
class BaseLoad(Configurable):
    """The load up to a percentile of the day: of each moment's load, at most the base.

    base = load at the percentile / average load; share of requests = mean of min(load, base) / mean load.
    """

    percentile: float = knob(
        50.0,
        label=N_("Percentile of the day's load"),
        group=SettingGroup.CAPACITY,
        unit=Unit.PERCENTILE,
        low=0,
        high=100,
        step=5,
        help=N_(
            "The fleet suffices for this share of the day's time. The day's shape is the scenario's: its 24 "
            "hours, or a bell with its peak over average. 0: no fleet; 100: no API."
        ),
    )

    def share(self, workload: Workload, on_share: float) -> Share:
        """Nothing at percentile 0, and where the load up to the percentile is 0: no spare is kept for it."""
        if self.percentile <= 0 or workload.load_at(self.percentile) <= 0:
            return Share(0.0, 0.0)
        base = workload.load_at(self.percentile)
        answered = workload.share_up_to(base)
        return Share(answered, max(base, answered / on_share))
