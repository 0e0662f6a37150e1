"""A hosted model tuned on the company's own examples, with a short prompt."""

from __future__ import annotations

from dataclasses import dataclass, replace

from i18n.message import N_, Message
from pricing.rows.names import model_label

from ..strategy.labels import option_label, short_option_label
from ..strategy.profile import StrategyProfile
from ..strategy.tuned_model import TunedModelStrategy, knowledge_kept_share
from ..workload.workload import Prompt, Workload


@dataclass(frozen=True, kw_only=True)
class FineTuned(TunedModelStrategy):
    """Train once (and again as the knowledge moves), then send short prompts to the tuned model.

    training tokens = examples x (kept prompt + question + answer, or the tokens stated for an example) x
    epochs, once and at every retraining, at least the vendor's minimum a job; hosting = hours x rate and
    storage = months x rate where charged; tokens at the tuned price with the shorter prompt.
    """

    title = N_("Fine-tuned")
    summary = N_("A vendor tunes and hosts the model; the prompt shrinks to what tuning cannot learn.")
    order = 2

    knowledge_kept_share: float = knowledge_kept_share()

    @property
    def label(self) -> Message:
        return option_label(self.title, model_label(self.offer.name), self.offer.vendor)

    @property
    def short_label(self) -> Message:
        return short_option_label(self.title, model_label(self.offer.name))

    def prompt(self, workload: Workload) -> Prompt:
        return self.short_prompt(workload, knowledge_share=self.knowledge_kept_share)

    def profile(self) -> StrategyProfile:
        profile = super().profile()
        return replace(profile, knowledge=replace(profile.knowledge, prompt_share=self.knowledge_kept_share))
