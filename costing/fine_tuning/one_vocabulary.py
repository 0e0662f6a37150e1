"""Billed tokens of a fine-tuning file in one vocabulary, without prices."""

from __future__ import annotations

from dataclasses import dataclass

from pricing.rows import Evidence

from ..cost_lines import weakest
from ..tokenization.chat_format import default_epochs, is_checked
from .record_form import Form
from .tokens import Billed, TrainingData, billed


@dataclass(frozen=True, slots=True)
class VocabularyTokens:
    """What a job is billed for where each example is cut at one limit."""

    billed: Billed
    epochs: int
    evidence: Evidence
    left_out: int
    """Images and other media whose tokens are not in it."""

    @property
    def trained_tokens(self) -> float:
        return self.billed.dataset.tokens * self.epochs


def in_one_vocabulary(
    data: TrainingData,
    tokenizer: str,
    *,
    limit: int,
    epochs: int | None = None,
    assumed_epochs: int = 3,
    model: str = "",
) -> VocabularyTokens:
    """Billed tokens in the vocabulary of that tokenizer; `model` decides the tokens of images.

    Epochs, where not given, by OpenAI's published rule for chats; of preference pairs `assumed_epochs`.
    Raises CrossoverError where there is no example.
    """
    family = data.families[tokenizer]
    images, left_out = data.images(model)
    evidence: Evidence = family.evidence
    if evidence == Evidence.MEASURED and not is_checked(model):
        evidence = Evidence.ESTIMATED
    if images.any():  # by a published rule
        evidence = weakest(evidence, Evidence.PUBLISHED)
    if epochs is None:
        epochs = assumed_epochs if data.file.form == Form.PAIRS else default_epochs(data.examples)
    return VocabularyTokens(billed(family, limit, images=images), epochs, evidence, left_out)
