"""Hosted model that is sent only the chunks that a search finds for the question."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from i18n.message import N_, Message
from pricing.rows import ModelPrice
from pricing.rows.names import model_label

from ..cost_lines import CostLine
from ..strategy.availability import check_on_sale
from ..strategy.base import pick, switch
from ..strategy.common_knobs import batch_knob, image_count, reasoning_knob
from ..strategy.hosted_model import (
    ASSUMED_CACHE_TTL_S,
    ASSUMED_MIN_CACHEABLE_TOKENS,
    CacheRules,
    cache_notes,
    cache_rules,
    price_notes,
    token_lines,
)
from ..strategy.hosted_notes import conversation_notes
from ..strategy.labels import option_label, short_option_label
from ..strategy.profile import PickRole
from ..strategy.retrieval_index import RetrievalMixin
from ..workload.workload import Prompt, Workload


@dataclass(frozen=True, kw_only=True)
class Retrieval(RetrievalMixin):
    """Search the knowledge for each question, and send what was found instead of all of it.

    input = prefix (instructions + examples, cached) + min(top_k x chunk, knowledge) + question; index =
    knowledge x overlap x embedding price, once, and its renewed share a month; questions x embedding
    price; store = chunks x dimensions x 4 bytes x overhead x USD per GB-month, or a flat fee; reranker =
    searches x fee.
    """

    title = N_("Retrieval (RAG)")
    summary = N_("A search finds the pieces of the knowledge that fit the question; only they are sent.")
    order = 6

    model: ModelPrice = pick(
        ModelPrice,
        role=PickRole.SERVES,
        label=N_("Model"),
        help=N_("A hosted model of the price tables, at its standard prices."),
    )
    caching: bool = switch(
        True,
        label=N_("Prompt caching"),
        help=N_("Use the vendor's discount for a prefix that repeats, where it has one."),
    )
    reasoning_tokens: int = reasoning_knob()
    batch_share: float = batch_knob()

    @property
    def label(self) -> Message:
        return option_label(self.title, model_label(self.model.name), self.model.vendor)

    @property
    def short_label(self) -> Message:
        return short_option_label(self.title, model_label(self.model.name))

    @property
    def tokenizer(self) -> str:
        return self.model.tokenizer

    def _rules(self) -> CacheRules:
        return cache_rules(
            self.model,
            caching=self.caching,
            assumed_ttl_s=ASSUMED_CACHE_TTL_S,
            assumed_min_tokens=ASSUMED_MIN_CACHEABLE_TOKENS,
        )

    def prompt(self, workload: Workload) -> Prompt:
        return workload.prompt(
            self.tokenizer,
            knowledge_share=0,
            retrieved=self.retrieved(workload),
            image=image_count(workload, self.model.id),
            reasoning_tokens=self.reasoning_tokens,
        )

    def lines(self, workload: Workload) -> Iterator[CostLine]:
        yield from self.retrieval_lines(workload)
        prompt = self.prompt(workload)
        yield from token_lines(self.model, prompt, workload, self._rules(), self.batch_share)

    def notes(self, workload: Workload, on: date, until: date) -> Iterator[Message]:
        prompt = self.prompt(workload)
        yield from self.retrieval_notes(workload, self.model, prompt)
        yield from cache_notes(self.model, prompt, self._rules())
        yield from conversation_notes(self.model, prompt, workload, self._rules(), self.batch_share)
        yield from price_notes(self.model, prompt, on, until)

    def check_startable(self, on: date) -> None:
        check_on_sale(self.model, on)
        super().check_startable(on)
