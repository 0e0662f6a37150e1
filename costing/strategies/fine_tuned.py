"""A hosted model tuned on the company's own examples, with a short prompt."""

from __future__ import annotations

from dataclasses import dataclass, replace

from i18n.message import N_, Message, message

from ..strategy.base import share
from ..strategy.common_knobs import image_count
from ..strategy.profile import StrategyProfile
from ..strategy.tuned_model import TunedModelStrategy
from ..workload.workload import Prompt, Workload


@dataclass(frozen=True, kw_only=True)
class FineTuned(TunedModelStrategy):
    """Train once (and again as the knowledge moves), then send short prompts to the tuned model.

    training tokens = examples x (kept prompt + question + answer, or the tokens stated for an example) x
    epochs, once and at every retraining, at least the vendor's minimum a job; hosting = hours x rate and
    storage = months x rate where charged; tokens at the tuned price with the shorter prompt.
    """

    title = N_("Fine-tuned hosted model")
    summary = N_("A vendor tunes and hosts the model; the prompt shrinks to what tuning cannot learn.")
    order = 2

    knowledge_kept_share: float = share(
        0.0,
        label=N_("Knowledge still in the prompt"),
        help=N_("Share of the knowledge still sent. Knowledge that changes should stay in the prompt."),
    )

    @property
    def label(self) -> Message:
        return message("fine-tuned {model} on {vendor}", model=self.offer.name, vendor=self.offer.vendor)

    def prompt(self, workload: Workload) -> Prompt:
        return workload.prompt(
            self.tokenizer,
            instruction_share=self.instruction_kept_share,
            example_share=self.example_kept_share,
            knowledge_share=self.knowledge_kept_share,
            image=image_count(workload, self.offer.base_model),
            reasoning_tokens=self.reasoning_tokens,
        )

    def profile(self) -> StrategyProfile:
        profile = super().profile()
        return replace(profile, knowledge=replace(profile.knowledge, prompt_share=self.knowledge_kept_share))
