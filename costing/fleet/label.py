"""How a fleet is named in option labels: its machine, and how many GPUs are billed."""

from __future__ import annotations

import re
from typing import Final

import numpy as np

from i18n.message import Message, message

from ..workload.workload import Workload
from .fleet import Fleet

_ON_GPUS: Final = re.compile(r"(?P<model>.+) on (?P<n>\d+) × (?P<gpu>.+)")
"""Name of a deployment row that also names its GPUs."""


def model_on(fleet: Fleet) -> str | Message:
    """The open model with its precision, or the deployment's own name, without the GPUs."""
    named = _named(fleet)
    if named is not None:
        return named["model"]
    served = fleet.served
    if isinstance(served.name, str):
        return served.name
    return message("{model} {precision}", model=served.model.name, precision=served.precision.upper())


def machine(fleet: Fleet) -> Message:
    """The GPUs of one replica, and whether they are rented: the same at every volume."""
    if fleet.served.gpus == 1:
        return _held(fleet, _gpu(fleet))
    return _held(fleet, message("{n} × {gpu} per replica", n=fleet.served.gpus, gpu=_gpu(fleet)))


def billed_machine(fleet: Fleet, workload: Workload) -> Message:
    """The GPUs that are billed at this volume, and whether they are rented."""
    if fleet.served.gpu.is_cpu:
        return machine(fleet)
    gpus = float(np.max(fleet.size(workload).gpus))
    return _held(fleet, message("{gpus:,.0f} × {gpu}", gpus=gpus, gpu=_gpu(fleet)))


def _held(fleet: Fleet, gpu: str | Message) -> Message:
    if fleet.is_owned:
        return message("{gpu}, bought", gpu=gpu)
    return message("{gpu}, rented", gpu=gpu)


def _gpu(fleet: Fleet) -> str:
    named = _named(fleet)
    return named["gpu"] if named is not None else fleet.served.gpu.name


def _named(fleet: Fleet) -> re.Match[str] | None:
    name = fleet.served.name
    match = _ON_GPUS.fullmatch(name) if isinstance(name, str) else None
    return match if match is not None and int(match["n"]) == fleet.served.gpus else None
