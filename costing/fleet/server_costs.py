"""What comes with a whole replica and not with each of its GPUs: its server's price and power."""

from __future__ import annotations

from dataclasses import dataclass

from i18n.message import N_

from ..strategy.base import knob
from ..units import Unit
from .sizing import OWNED, SizedFleet


@dataclass(frozen=True, kw_only=True)
class HousedFleet(SizedFleet):
    """Shared out over the GPUs of the replica, on top of what each GPU's own share is."""

    host_usd_per_replica: float = knob(
        0.0,
        label=N_("Host and network per replica"),
        unit=Unit.USD,
        low=0,
        high=10_000_000,
        step=1000,
        help=N_("A server's price whatever the number of its GPUs, on top of the share of each GPU."),
        when=OWNED,
    )
    it_kw_per_replica: float = knob(
        0.0,
        label=N_("Power per replica beside its GPUs"),
        unit=Unit.KW,
        low=0,
        high=100,
        step=0.1,
        help=N_("A server's power at full load whatever the number of its GPUs, on top of theirs."),
        when=OWNED,
    )

    @property
    def host_usd_of_each_gpu(self) -> float:
        """Of a replica's own host, the part of one GPU."""
        return self.host_usd_per_replica / self.served.gpus

    @property
    def kw_of_each_gpu(self) -> float:
        """Of a replica's own power, the part of one GPU."""
        return self.it_kw_per_replica / self.served.gpus
