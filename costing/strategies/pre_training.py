"""Pre-training a model from scratch and serving it: a reference."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from i18n.message import N_, Message, message
from pricing.rows import Evidence, OpenModel

from ..cost_lines import Cadence, CostCategory, CostLine, weakest
from ..currency import USD
from ..currency_notes import NoteAmounts
from ..fleet import (
    Fleet,
    banded,
    billed_machine,
    fleet_notes,
    machine,
    model_on,
    training_gpu_hours,
    with_fleet,
)
from ..strategy.base import Strategy, knob
from ..strategy.configurable import part
from ..strategy.declarations import SettingGroup
from ..strategy.labels import option_label, short_option_label
from ..strategy.profile import OwnedHardware, StrategyProfile
from ..units import Unit
from ..workload.workload import Prompt, Workload

FLOPS_PER_PARAMETER_AND_TOKEN = 6
TOKENS_PER_PARAMETER = 20
"""Compute-optimal (Hoffmann et al. 2022, https://arxiv.org/abs/2203.15556); models of today use far more."""


@dataclass(frozen=True, kw_only=True)
class PreTraining(Strategy):
    """Train the deployment's model from nothing, then serve it as a self-hosted one.

    training = 6 x active parameters x tokens / (MFU x peak) x price of a GPU-hour, once. Data, people,
    failed runs and the network of a large cluster come on top and are not in it.
    """

    title = N_("Pre-training")
    summary = N_(
        "What it would cost to train a model of that size from nothing: a reference figure, to show why not."
    )
    order = 5
    is_self_hosted: ClassVar[bool] = True
    is_reference: ClassVar[bool] = True

    fleet: Fleet = part(Fleet)
    pretraining_gtokens: float | None = knob(
        None,
        label=N_("Tokens to train on"),
        group=SettingGroup.TRAINING,
        unit=Unit.BILLION,
        low=0.001,
        high=1_000_000,
        step=100,
        help=N_("Blank: 20 for each parameter, as research of 2022 advises; today's models use far more."),
    )
    pretraining_mfu: float = knob(
        0.4,
        label=N_("Arithmetic used in pre-training (MFU)"),
        group=SettingGroup.TRAINING,
        unit=Unit.SHARE,
        low=0.01,
        high=1,
        step=0.05,
        help=N_("Llama 3 405B reached 0.38 to 0.43 (arXiv 2407.21783)."),
    )

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
        yield self.pretraining_line()
        yield from self.fleet.lines(workload)

    def banded_lines(self, workload: Workload) -> Iterator[CostLine]:
        yield from banded(self.lines(workload), self.fleet, workload)

    @property
    def tokens_g(self) -> float:
        """Training tokens in thousand millions."""
        if self.pretraining_gtokens is not None:
            return self.pretraining_gtokens
        return TOKENS_PER_PARAMETER * float(self._model.known("total_params_b"))

    @property
    def _model(self) -> OpenModel:
        return self.fleet.served.model

    def pretraining_line(self) -> CostLine:
        tflops = self.fleet.served.gpu.known("bf16_tflops")
        active = float(self._model.known("active_params_b"))
        flops = FLOPS_PER_PARAMETER_AND_TOKEN * active * 1e9 * self.tokens_g * 1e9
        gpu_hour = self.fleet.training_gpu_hour()
        return CostLine(
            message("Pre-training"),
            CostCategory.TRAINING,
            training_gpu_hours(flops, float(tflops), self.pretraining_mfu),
            Unit.GPU_HOUR,
            gpu_hour.usd,
            Cadence.ONCE,
            gpu_hour.price,
            weakest(gpu_hour.evidence, Evidence.ASSUMED),
            formula=(
                f"{FLOPS_PER_PARAMETER_AND_TOKEN} x {active:g} G parameters x {self.tokens_g:g} G tokens / "
                f"({self.pretraining_mfu:g} x {tflops} TFLOPS)"
            ),
        )

    def notes(self, workload: Workload, on: date, until: date) -> Iterator[Message]:
        line = self.pretraining_line()
        yield message(
            "A reference, not an offer: {formula} = {hours:,.0f} GPU-hours, {usd:,.0f} {currency} for the "
            "one run that succeeds. Data, people and failed runs come on top.",
            formula=line.formula,
            hours=float(line.quantity),
            usd=NoteAmounts((float(line.usd),)),
            currency=USD,
        )
        yield from fleet_notes(self.fleet, workload)

    def badge(self, workload: Workload) -> Message | None:
        return message("reference")

    def owned_hardware(self) -> OwnedHardware | None:
        return self.fleet.owned_hardware

    def profile(self) -> StrategyProfile:
        return with_fleet(super().profile(), self.fleet)

    def step_requests_per_day(self, workload: Workload, most: int) -> npt.NDArray[np.float64]:
        return self.fleet.step_requests_per_day(workload, most)
