"""Fleets of GPUs that serve an open model: composed of parts, sized, priced and annotated."""

from __future__ import annotations

from .fleet import Fleet
from .label import billed_machine, machine, model_on
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
    "billed_machine",
    "fleet_badge",
    "fleet_notes",
    "machine",
    "model_on",
    "training_gpu_hours",
    "with_fleet",
]
