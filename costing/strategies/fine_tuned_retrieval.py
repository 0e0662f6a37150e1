"""Fine-tuned hosted model (style) combined with RAG (facts)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from i18n.message import N_, Message, message
from pricing.rows.names import model_label

from ..cost_lines import CostLine
from ..strategy.labels import option_label, short_option_label
from ..strategy.retrieval_index import RetrievalMixin
from ..strategy.tuned_model import TunedModelStrategy
from ..workload.workload import Prompt, Workload


@dataclass(frozen=True, kw_only=True)
class FineTunedRetrieval(RetrievalMixin, TunedModelStrategy):
    """Tune instructions and examples into the model, and retrieve the knowledge.

    training tokens = examples x (kept prompt + chunks + question + answer, or the tokens stated for an
    example) x epochs, so that it learns to read chunks; hosting and storage as charged; input = kept
    prompt (cached) + min(top_k x chunk, knowledge) + question at the tuned price; index, store and
    searches as for retrieval.
    """

    title = N_("Fine-tuned + RAG")
    summary = N_("Tuning teaches the manner, a search brings the facts: both prompts and knowledge shrink.")
    order = 7

    @property
    def label(self) -> Message:
        return option_label(self.title, model_label(self.offer.name), self.offer.vendor)

    @property
    def short_label(self) -> Message:
        return short_option_label(self.title, model_label(self.offer.name))

    def prompt(self, workload: Workload) -> Prompt:
        return self.short_prompt(workload, knowledge_share=0, retrieved=self.retrieved(workload))

    def lines(self, workload: Workload) -> Iterator[CostLine]:
        yield from super().lines(workload)
        yield from self.retrieval_lines(workload)

    def notes(self, workload: Workload, on: date, until: date) -> Iterator[Message]:
        yield from super().notes(workload, on, until)
        yield from self.retrieval_notes(workload, self.offer, self.prompt(workload))
        if self.top_k:
            yield message("The training examples are taken to hold chunks as the questions do.")
