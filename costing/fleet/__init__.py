"""An own fleet of GPUs: what it must be, what it costs, what to know of it. Strategies build on it."""

from __future__ import annotations

from .notes import OwnFleet
from .sizing import FleetSize, Share
from .training import training_gpu_hours

__all__ = ["FleetSize", "OwnFleet", "Share", "training_gpu_hours"]
