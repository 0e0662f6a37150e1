"""Fleets of GPUs that serve an open model: composed of parts, sized, priced and annotated."""

from __future__ import annotations

from .fleet import Fleet
from .load import BaseLoad, Share
from .notes import fleet_badge, fleet_notes
from .profile import with_fleet
from .sizing import FleetSize
from .token_bands import banded
from .training import training_gpu_hours

__all__ = [
    "BaseLoad",
    "Fleet",
    "FleetSize",
    "Share",
    "banded",
    "fleet_badge",
    "fleet_notes",
    "training_gpu_hours",
    "with_fleet",
]
