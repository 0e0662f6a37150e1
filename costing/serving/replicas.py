"""Whole replicas and servers for a load, and the volumes at which one more replica is needed."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..units import SECONDS_PER_DAY, Quantity

_ROUNDING = 1e-9
"""A load above a whole number of replicas by less than this share is rounded down to it."""


def replicas(
    peak_requests_per_s: Quantity, capacity_requests_per_s: float, target_utilisation: float, spares: int
) -> Quantity:
    """Whole replicas for the peak, at least one, plus spares.

    >>> replicas(peak_requests_per_s=2.5, capacity_requests_per_s=1.0, target_utilisation=0.7, spares=1)
    5.0
    """
    needed = np.asarray(peak_requests_per_s) / (capacity_requests_per_s * target_utilisation)
    whole = np.maximum(1.0, np.ceil(needed * (1 - _ROUNDING))) + spares
    return whole if whole.ndim else float(whole)


def servers(fleet_replicas: Quantity, gpus_per_replica: int, gpus_per_server: int) -> Quantity:
    """Whole servers; a replica stays within one where it fits, and has servers of its own where not.

    >>> servers(3.0, gpus_per_replica=3, gpus_per_server=8)  # two replicas fit one server
    2.0
    """
    if gpus_per_replica >= gpus_per_server:
        return fleet_replicas * -(-gpus_per_replica // gpus_per_server)
    whole = np.ceil(np.asarray(fleet_replicas) / (gpus_per_server // gpus_per_replica))
    return whole if whole.ndim else float(whole)


def requests_per_day_per_replica(
    capacity_requests_per_s: float, target_utilisation: float, peak_to_average: float
) -> float:
    """Daily volume that one more replica carries."""
    return capacity_requests_per_s * target_utilisation * SECONDS_PER_DAY / peak_to_average


def steps(per_replica: float, most: int) -> npt.NDArray[np.float64]:
    """The first `most` daily volumes above which one more replica is needed."""
    return np.arange(1, most + 1, dtype=np.float64) * per_replica
