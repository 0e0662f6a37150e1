"""Tuning the open model on GPUs of the fleet's kind, by LoRA or in full."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from i18n.message import N_, message
from pricing.rows import Evidence

from ..cost_lines import Cadence, CostCategory, CostLine, PriceRef, weakest
from ..strategy.base import choice, knob
from ..strategy.configurable import Configurable
from ..strategy.declarations import SettingGroup
from ..strategy.profile import KnowledgeUse, TrainingPlan
from ..units import MONTHS_PER_YEAR, SECONDS_PER_HOUR, Unit
from ..workload.workload import Prompt
from .prompt import OpenModelPrompt
from .replica import ServedReplica

TRAINED = ("own_training", "lora", "full")
FLOPS_PER_PARAMETER: Final = {"lora": 4, "full": 6}
"""FLOPs per active parameter and token, forward and backward; LoRA needs no gradients of the weights."""


@dataclass(frozen=True, slots=True)
class GpuHour:
    """Price of an hour of one GPU at full load, for training."""

    usd: float
    price: PriceRef
    evidence: Evidence


def training_gpu_hours(flops: float, gpu_tflops: float, mfu: float) -> float:
    """Hours of one GPU = FLOPs / (MFU x peak FLOPS).

    >>> training_gpu_hours(flops=3.6e18, gpu_tflops=1000, mfu=0.5)  # 3.6e18 / (0.5 x 1e15) s = 7200 s
    2.0
    """
    return flops / (mfu * gpu_tflops * 1e12) / SECONDS_PER_HOUR


@dataclass(frozen=True, kw_only=True)
class FleetTraining(Configurable):
    """USD of a training = 6 (LoRA: 4) x active parameters x tokens / (MFU x peak FLOPS) x USD per GPU-hour.

    tokens = examples x tokens of an example x epochs; with LoRA once for each adapter that is served.
    """

    own_training: str = choice(
        "none",
        {"none": N_("None"), "lora": N_("LoRA"), "full": N_("All weights")},
        label=N_("Own training"),
        group=SettingGroup.TRAINING,
        help=N_("Tune the open model on GPUs of the same kind, priced by the hour."),
    )
    training_examples: int = knob(
        1000,
        label=N_("Training examples"),
        group=SettingGroup.TRAINING,
        unit=Unit.COUNT,
        low=10,
        high=1_000_000,
        step=100,
        help=N_("Question and answer pairs to train on; hundreds to thousands are usual."),
        when=TRAINED,
    )
    epochs: int = knob(
        3,
        label=N_("Epochs"),
        group=SettingGroup.TRAINING,
        unit=Unit.PASSES,
        low=1,
        high=50,
        help=N_("How often training reads every example."),
        when=TRAINED,
    )
    training_example_tokens: float | None = knob(
        None,
        label=N_("Tokens per training example"),
        group=SettingGroup.TRAINING,
        unit=Unit.TOKENS,
        low=1,
        high=10_000_000,
        step=100,
        help=N_(
            "In the open model's tokenizer, on the mean; training data that was read fills it in. Blank: an "
            "example is taken to be as long as a request of the tuned model with its answer."
        ),
        when=TRAINED,
        blank=N_("as long as a request"),
    )
    retrainings_per_year: float = knob(
        2.0,
        label=N_("Retrainings per year"),
        group=SettingGroup.TRAINING,
        unit=Unit.COUNT,
        low=0,
        high=365,
        step=1,
        help=N_("After the first training: how often the tuned model is trained anew."),
        when=TRAINED,
    )
    training_mfu: float = knob(
        0.35,
        label=N_("Arithmetic used in training (MFU)"),
        group=SettingGroup.TRAINING,
        unit=Unit.SHARE,
        low=0.01,
        high=1,
        step=0.05,
        help=N_("Share of the GPUs' peak that training reaches. An assumption: fill in what you measured."),
        when=TRAINED,
    )

    @property
    def is_planned(self) -> bool:
        return self.own_training != "none"

    @property
    def plan(self) -> TrainingPlan | None:
        """The training that is paid for; None without one."""
        return TrainingPlan(self.training_examples, self.retrainings_per_year) if self.is_planned else None

    def knowledge_use(self, prompt: OpenModelPrompt) -> KnowledgeUse:
        """What the prompt leaves out is in the weights, trained here or by somebody else."""
        return KnowledgeUse(
            prompt_share=prompt.knowledge_kept_share, is_tuned=self.is_planned or prompt.is_shortened
        )

    def lines(
        self, prompt: Prompt, served: ServedReplica, adapters: int, gpu_hour: GpuHour
    ) -> Iterator[CostLine]:
        """The first training, and a month's share of the later ones."""
        if not self.is_planned:
            return
        each = prompt.prefix_tokens + prompt.question_tokens + prompt.answer_tokens
        note = prompt.counting_methods
        if self.training_example_tokens is not None:
            each, note = self.training_example_tokens, (message("as stated for each training example"),)
        tokens = self.training_examples * each * self.epochs
        active_b = served.model.known("active_params_b")
        tflops = served.gpu.known("bf16_tflops")
        factor = FLOPS_PER_PARAMETER[self.own_training]
        times_trained = max(1, adapters) if self.own_training == "lora" else 1
        flops = factor * float(active_b) * 1e9 * tokens * times_trained
        hours = training_gpu_hours(flops, float(tflops), self.training_mfu)
        formula = (
            f"{factor} x {active_b} G parameters x {tokens:g} tokens / ({self.training_mfu:g} x "
            f"{tflops} TFLOPS)"
        )
        if times_trained > 1:
            formula += f" x {times_trained} adapters"
        for name, cadence, times in (
            (message("Own training"), Cadence.ONCE, 1.0),
            (message("Own retraining"), Cadence.MONTHLY, self.retrainings_per_year / MONTHS_PER_YEAR),
        ):
            if times:
                yield CostLine(
                    name,
                    CostCategory.TRAINING,
                    hours * times,
                    Unit.GPU_HOUR,
                    gpu_hour.usd,
                    cadence,
                    gpu_hour.price,
                    weakest(prompt.evidence, gpu_hour.evidence, Evidence.ESTIMATED),
                    quantity_note=note,
                    formula=formula,
                )
