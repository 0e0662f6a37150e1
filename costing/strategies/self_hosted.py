"""Open model on rented or bought GPUs, in whole replicas."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from i18n.message import N_, Message, message

from ..cost_lines import CostLine
from ..fleet import OwnFleet
from ..workload.workload import Prompt, Workload


@dataclass(frozen=True, kw_only=True)
class SelfHosted(OwnFleet):
    """Keep enough replicas of an open model running to answer at the peak.

    replicas = ceil(peak requests per second / (capacity x target utilisation)) + spares, or twice that;
    capacity = output tokens per second of a replica / answer tokens. Rented: GPUs x hours x rate.
    Owned: equivalent annual cost of the capital + maintenance + energy + room, a twelfth each month.
    Own training, if any: 6 (LoRA: 4) x parameters x tokens / (MFU x peak) x price of a GPU-hour.
    """

    title = N_("Self-hosted open model")
    summary = N_(
        "Your own GPUs, bought or rented, run an open model; you pay for whole machines, used or idle."
    )
    order = 3
    is_self_hosted: ClassVar[bool] = True

    @property
    def label(self) -> Message:
        if self.tenure == "owned":
            return message("self-hosted {deployment} (bought)", deployment=self.served.name)
        return message("self-hosted {deployment} (rented)", deployment=self.served.name)

    @property
    def tokenizer(self) -> str:
        return self.fleet_tokenizer

    def prompt(self, workload: Workload) -> Prompt:
        return self.fleet_prompt(workload)

    def lines(self, workload: Workload) -> Iterator[CostLine]:
        yield from self.own_lines(workload)
