"""An open model on rented or bought GPUs, in whole replicas."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from i18n.message import N_, Message

from ..cost_lines import CostLine
from ..fleet import Fleet, banded, billed_machine, fleet_badge, fleet_notes, machine, model_on, with_fleet
from ..strategy.base import Strategy
from ..strategy.configurable import part
from ..strategy.labels import option_label, short_option_label
from ..strategy.profile import OwnedHardware, StrategyProfile
from ..workload.workload import Prompt, Workload


@dataclass(frozen=True, kw_only=True)
class SelfHosted(Strategy):
    """Keep enough replicas of an open model running to answer at the peak.

    replicas = ceil(peak requests per second / (capacity x target utilisation)) + spares, or twice that;
    capacity = output tokens per second of a replica / answer tokens. Rented: GPUs x hours x rate.
    Owned: equivalent annual cost of the capital + maintenance + energy + room, a twelfth each month.
    Own training, if any: 6 (LoRA: 4) x parameters x tokens / (MFU x peak) x price of a GPU-hour.
    """

    title = N_("Self-hosted")
    summary = N_(
        "Your own GPUs, bought or rented, run an open model; you pay for whole machines, used or idle."
    )
    order = 3
    is_self_hosted: ClassVar[bool] = True

    fleet: Fleet = part(Fleet)

    @property
    def label(self) -> Message:
        return option_label(self.title, model_on(self.fleet), machine(self.fleet))

    def label_at(self, workload: Workload) -> Message:
        return option_label(self.title, model_on(self.fleet), billed_machine(self.fleet, workload))

    @property
    def short_label(self) -> Message:
        return short_option_label(self.title, model_on(self.fleet))

    @property
    def tokenizer(self) -> str:
        return self.fleet.tokenizer

    def prompt(self, workload: Workload) -> Prompt:
        return self.fleet.prompt(workload)

    def lines(self, workload: Workload) -> Iterator[CostLine]:
        yield from self.fleet.lines(workload)

    def banded_lines(self, workload: Workload) -> Iterator[CostLine]:
        yield from banded(self.lines(workload), self.fleet, workload)

    def notes(self, workload: Workload, on: date, until: date) -> Iterator[Message]:
        yield from fleet_notes(self.fleet, workload)

    def owned_hardware(self) -> OwnedHardware | None:
        return self.fleet.owned_hardware

    def profile(self) -> StrategyProfile:
        return with_fleet(super().profile(), self.fleet)

    def badge(self, workload: Workload) -> Message | None:
        return fleet_badge(self.fleet, workload)

    def step_requests_per_day(self, workload: Workload, most: int) -> npt.NDArray[np.float64]:
        return self.fleet.step_requests_per_day(workload, most)
