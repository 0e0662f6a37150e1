"""Tuning the open model on GPUs of one's own, by LoRA or in full."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from i18n.message import N_, message
from pricing.rows import Evidence

from ..cost_lines import Cadence, CostCategory, CostLine, PriceRef, weakest
from ..strategy.base import choice, knob
from ..strategy.profile import KnowledgeUse, OwnedHardware, StrategyProfile, TrainingPlan
from ..units import MONTHS_PER_YEAR, Unit
from ..workload.workload import Workload
from .fleet_costs import PaidFleet

TRAINED = ("own_training", "lora", "full")
FLOPS_PER_PARAMETER: Final = {"lora": 4, "full": 6}
"""For each token trained on: forward and backward; with LoRA the gradients of the weights are not needed."""
SECONDS_PER_HOUR: Final = 3600


def training_gpu_hours(flops: float, gpu_tflops: float, mfu: float) -> float:
    """FLOPs / (MFU x peak), in hours of one GPU."""
    return flops / (mfu * gpu_tflops * 1e12) / SECONDS_PER_HOUR


@dataclass(frozen=True, kw_only=True)
class TrainedFleet(PaidFleet):
    """Training = 6 (LoRA: 4) x active parameters x tokens / (MFU x peak) x price of a GPU-hour.

    With LoRA of each adapter that is served.
    """

    own_training: str = choice(
        "none",
        {"none": N_("None"), "lora": N_("LoRA"), "full": N_("All weights")},
        label=N_("Own training"),
        help=N_("Tune the open model on GPUs of the same kind, priced by the hour."),
    )
    training_examples: int = knob(
        1000,
        label=N_("Training examples"),
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
        unit=Unit.PASSES,
        low=1,
        high=50,
        help=N_("How often training reads every example."),
        when=TRAINED,
    )
    training_example_tokens: float | None = knob(
        None,
        label=N_("Tokens per training example"),
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
        unit=Unit.SHARE,
        low=0.01,
        high=1,
        step=0.05,
        help=N_("Share of the GPUs' peak that training reaches. An assumption: fill in what you measured."),
        when=TRAINED,
    )

    def owned_hardware(self) -> OwnedHardware | None:
        if self.tenure != "owned":
            return None
        return OwnedHardware(self.life_years, self.residual_share, self.wacc_share)

    def profile(self) -> StrategyProfile:
        kept = (self.instruction_kept_share, self.example_kept_share, self.knowledge_kept_share)
        trains = self.own_training != "none"
        return replace(
            super().profile(),
            has_serving_fleet=True,
            knowledge=KnowledgeUse(
                prompt_share=self.knowledge_kept_share,
                is_tuned=trains or min(kept) < 1,  # what the prompt leaves out was trained in by somebody
            ),
            training=TrainingPlan(self.training_examples, self.retrainings_per_year) if trains else None,
            paid_hours_share=self.paid_hours_share,
        )

    def usd_per_training_hour(self) -> tuple[float, PriceRef, Evidence]:
        """Of one GPU: its rent, or what an hour of a bought one comes to at full load."""
        if self.tenure == "rented":
            usd, price = self.rent
            return usd, price, price.evidence
        owned = self.ownership
        return owned.usd_per_gpu_hour(), owned.gpu_price, weakest(Evidence.ESTIMATED, owned.kw_evidence)

    def training_lines(self, workload: Workload) -> Iterator[CostLine]:
        """The first training, and a month's share of the later ones."""
        if self.own_training == "none":
            return
        prompt = self.fleet_prompt(workload)
        each = prompt.prefix_tokens + prompt.question_tokens + prompt.answer_tokens
        note = prompt.how
        if self.training_example_tokens is not None:
            each, note = self.training_example_tokens, (message("as stated for each training example"),)
        tokens = self.training_examples * each * self.epochs
        active_b = self.served.model.known("active_params_b")
        tflops = self.served.gpu.known("bf16_tflops")
        factor = FLOPS_PER_PARAMETER[self.own_training]
        times_trained = max(1, self.adapters) if self.own_training == "lora" else 1
        flops = factor * float(active_b) * 1e9 * tokens * times_trained
        hours = training_gpu_hours(flops, float(tflops), self.training_mfu)
        usd, price, evidence = self.usd_per_training_hour()
        formula = (
            f"{factor} x {active_b} G parameters x {tokens:g} tokens / ({self.training_mfu:g} x "
            f"{tflops} TFLOPS)"
        )
        if times_trained > 1:
            formula += f" x {times_trained} adapters"
        for name, cadence, times in (
            (message("Own training"), "once", 1.0),
            (message("Own retraining"), "monthly", self.retrainings_per_year / MONTHS_PER_YEAR),
        ):
            if times:
                yield CostLine(
                    name,
                    CostCategory.TRAINING,
                    hours * times,
                    Unit.GPU_HOUR,
                    usd,
                    Cadence.ONCE if cadence == Cadence.ONCE else Cadence.MONTHLY,
                    price,
                    weakest(prompt.evidence, evidence, Evidence.ESTIMATED),
                    quantity_note=note,
                    formula=formula,
                )
