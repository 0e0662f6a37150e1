"""Retrieval: chunks sent with a question, and the index, vector store and searches."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal

from i18n.errors import CrossoverError
from i18n.message import N_, Message, message
from pricing.rows import EmbeddingPrice, Evidence, ModelPrice, TunedPrice

from ..cost_lines import Cadence, CostCategory, CostLine, PriceRef, weakest
from ..tokenization.tokens import REFERENCE_ENCODING, TokenCount
from ..units import TOKENS_PER_MTOK, Unit
from ..workload.workload import Prompt, Workload, band_of
from .base import Infeasible, Strategy, choice, knob, pick, share, switch
from .declarations import SettingGroup
from .profile import PickRole, StrategyProfile

BYTES_PER_DIMENSION: Final = 4
"""A float32."""
BYTES_PER_GB: Final = 1e9
SEARCHES_PER_FEE: Final = 1000


@dataclass(frozen=True, kw_only=True)
class RetrievalMixin(Strategy):
    """Base of strategies that retrieve. Chunks differ from question to question: none is cached.

    Numbers of tokens that are typed in are o200k_base's, as everywhere, and become a model's own by the
    ratio of the knowledge as counted in both.
    """

    embedding: EmbeddingPrice = pick(
        EmbeddingPrice,
        role=PickRole.EMBEDS,
        label=N_("Embedding model"),
        help=N_("Turns the knowledge, once, and every question into vectors that can be compared."),
    )
    top_k: int = knob(
        5,
        label=N_("Chunks per question"),
        unit=Unit.CHUNKS,
        low=0,
        high=100,
        step=1,
        help=N_("How many pieces of the knowledge go with each question. 0: none, nothing is retrieved."),
    )
    chunk_tokens: int = knob(
        400,
        label=N_("Tokens per chunk"),
        unit=Unit.TOKENS,
        low=50,
        high=8192,
        step=50,
        help=N_("In o200k_base; every chunk is taken to be full."),
    )
    corpus_mtok: float | None = knob(
        None,
        label=N_("Size of the knowledge searched"),
        group=SettingGroup.RETRIEVAL,
        unit=Unit.MTOK,
        low=0,
        high=1_000_000,
        step=1,
        help=N_("Millions of tokens in o200k_base. Blank: the knowledge given under Prompt & tokens."),
        blank=N_("as under Prompt & tokens"),
    )
    overlap_factor: float = knob(
        1.2,
        label=N_("Overlap of chunks"),
        group=SettingGroup.RETRIEVAL,
        unit=Unit.RATIO,
        low=1,
        high=4,
        step=0.05,
        help=N_("Tokens embedded for each token of the knowledge. 1.25: each chunk is a fifth repetition."),
    )
    refresh_share_per_month: float = share(
        0.05,
        label=N_("Knowledge renewed per month"),
        group=SettingGroup.RETRIEVAL,
        high=31,
        help=N_("Share of the knowledge embedded anew each month; 1: all of it once, 4: once a week."),
    )
    batch_index: bool = switch(
        False,
        label=N_("Index by batch"),
        group=SettingGroup.RETRIEVAL,
        help=N_("Embed the knowledge, not the questions, at the vendor's batch price where it has one."),
    )
    store: Literal["by_size", "flat"] = choice(
        "by_size",
        {"by_size": N_("by its size"), "flat": N_("a flat fee")},
        label=N_("Vector store is paid"),
        group=SettingGroup.RETRIEVAL,
        help=N_("Services charge by the GB kept; a database of your own costs the same each month."),
    )
    store_usd_per_gb_month: float = knob(
        0.3,
        label=N_("Vector store"),
        group=SettingGroup.RETRIEVAL,
        unit=Unit.USD_PER_GB_MONTH,
        low=0,
        high=1000,
        step=0.1,
        help=N_("An assumption: enter your own service's price."),
        when=("store", "by_size"),
    )
    dimensions: int = knob(
        1536,
        label=N_("Numbers per vector"),
        group=SettingGroup.RETRIEVAL,
        unit=Unit.DIMENSIONS,
        low=32,
        high=16_384,
        step=128,
        help=N_("What the embedding model gives, of 4 bytes each."),
        when=("store", "by_size"),
    )
    store_overhead_factor: float = knob(
        2.0,
        label=N_("Size in the store"),
        group=SettingGroup.RETRIEVAL,
        unit=Unit.RATIO,
        low=1,
        high=20,
        step=0.5,
        help=N_("Bytes kept for each byte of a vector: with the search index, the text and its labels."),
        when=("store", "by_size"),
    )
    store_usd_per_month: float = knob(
        50.0,
        label=N_("Vector store"),
        group=SettingGroup.RETRIEVAL,
        unit=Unit.USD_PER_MONTH,
        low=0,
        high=1_000_000,
        step=10,
        help=N_("An assumption: enter what your database costs."),
        when=("store", "flat"),
    )
    rerank_usd_per_1k_searches: float = knob(
        0.0,
        label=N_("Reranker"),
        group=SettingGroup.RETRIEVAL,
        unit=Unit.USD_PER_THOUSAND_SEARCHES,
        low=0,
        high=1000,
        step=0.5,
        help=N_("A second model that sorts what the search found, paid by the search. 0: there is none."),
    )

    @property
    def tokenizers(self) -> frozenset[str]:
        return frozenset({self.tokenizer, self.embedding.tokenizer, REFERENCE_ENCODING})

    def profile(self) -> StrategyProfile:
        profile = super().profile()
        knowledge = replace(
            profile.knowledge,
            prompt_share=0.0,
            is_searched=self.top_k > 0,
            renewed_share_per_month=self.refresh_share_per_month,
            corpus_mtok=self.corpus_mtok,
        )
        return replace(profile, knowledge=knowledge)

    def retrieved(self, workload: Workload) -> TokenCount | None:
        """Tokens of the chunks of one question, in the model's own; at most the whole knowledge."""
        if not self.top_k:
            return None
        wanted = _converted(self.top_k * self.chunk_tokens, workload, self.tokenizer)
        whole = self._corpus(workload, self.tokenizer)
        return whole if whole.tokens < wanted.tokens else wanted

    def _corpus(self, workload: Workload, tokenizer: str) -> TokenCount:
        """All the knowledge that is searched, in one tokenizer."""
        if self.corpus_mtok is None:
            return workload.counted(tokenizer).knowledge
        return _converted(self.corpus_mtok * TOKENS_PER_MTOK, workload, tokenizer)

    def retrieval_lines(self, workload: Workload) -> Iterator[CostLine]:
        """Index, refresh, store and searches; none where nothing is retrieved.

        Raises Infeasible where there is nothing to search, or a chunk or question is too long to embed.
        """
        if not self.top_k:
            return
        corpus = self._corpus(workload, self.embedding.tokenizer)
        if not corpus.tokens:
            raise Infeasible(
                message("there is no knowledge to retrieve from (fill in the knowledge, or its size)")
            )
        self._check_embeddable(workload)
        yield from self._index_lines(corpus)
        yield self._store_line(workload)
        yield from self._search_lines(workload)

    def _index_lines(self, corpus: TokenCount) -> Iterator[CostLine]:
        batch_usd = self.embedding.batch_input_usd_per_mtok if self.batch_index else None
        usd = self.embedding.input_usd_per_mtok if batch_usd is None else batch_usd
        index = CostLine(
            name=message("Index build"),
            category=CostCategory.RETRIEVAL,
            quantity=corpus.tokens * self.overlap_factor / TOKENS_PER_MTOK,
            unit=Unit.MTOK,
            usd_per_unit=float(usd),
            cadence=Cadence.ONCE,
            price=PriceRef.of(self.embedding),
            quantity_evidence=weakest(corpus.evidence, Evidence.ESTIMATED),
            quantity_note=corpus.counting_methods,
            formula=f"{corpus.tokens:,.0f} tokens x {self.overlap_factor:g}",
            band=band_of((corpus, 1.0)),
        )
        yield index
        if self.refresh_share_per_month:
            yield replace(
                index,
                name=message("Index refresh"),
                quantity=index.quantity * self.refresh_share_per_month,
                cadence=Cadence.MONTHLY,
                formula=f"{index.formula} x {self.refresh_share_per_month:g}",
            )

    def _store_line(self, workload: Workload) -> CostLine:
        if self.store == "flat":
            return CostLine(
                name=message("Vector store"),
                category=CostCategory.RETRIEVAL,
                quantity=1.0,
                unit=Unit.MONTH,
                usd_per_unit=self.store_usd_per_month,
                cadence=Cadence.MONTHLY,
                price=PriceRef.assumed("store_usd_per_month"),
            )
        chunks = self._chunks(workload)
        bytes_kept = chunks * self.dimensions * BYTES_PER_DIMENSION * self.store_overhead_factor
        return CostLine(
            name=message("Vector store"),
            category=CostCategory.RETRIEVAL,
            quantity=bytes_kept / BYTES_PER_GB,
            unit=Unit.GB_MONTH,
            usd_per_unit=self.store_usd_per_gb_month,
            cadence=Cadence.MONTHLY,
            price=PriceRef.assumed("store_usd_per_gb_month"),
            quantity_evidence=Evidence.ASSUMED,
            formula=(
                f"{chunks:,} chunks x {self.dimensions} x {BYTES_PER_DIMENSION} bytes "
                f"x {self.store_overhead_factor:g}"
            ),
        )

    def _chunks(self, workload: Workload) -> int:
        """In the whole index."""
        indexed = self._corpus(workload, REFERENCE_ENCODING).tokens * self.overlap_factor
        return math.ceil(indexed / self.chunk_tokens)

    def _search_lines(self, workload: Workload) -> Iterator[CostLine]:
        question = workload.counted(self.embedding.tokenizer).question
        yield CostLine(
            name=message("Question embedding"),
            category=CostCategory.RETRIEVAL,
            quantity=workload.requests_per_month * question.tokens / TOKENS_PER_MTOK,
            unit=Unit.MTOK,
            usd_per_unit=float(self.embedding.input_usd_per_mtok),
            cadence=Cadence.MONTHLY,
            price=PriceRef.of(self.embedding),
            quantity_evidence=question.evidence,
            quantity_note=question.counting_methods,
            band=band_of((question, 1.0)),
        )
        if self.rerank_usd_per_1k_searches:
            yield CostLine(
                name=message("Reranker"),
                category=CostCategory.RETRIEVAL,
                quantity=workload.requests_per_month / SEARCHES_PER_FEE,
                unit=Unit.THOUSAND_SEARCHES,
                usd_per_unit=self.rerank_usd_per_1k_searches,
                cadence=Cadence.MONTHLY,
                price=PriceRef.assumed("rerank_usd_per_1k_searches"),
            )

    def _check_embeddable(self, workload: Workload) -> None:
        window = self.embedding.context_window_tokens
        tokenizer = self.embedding.tokenizer
        chunk = _converted(self.chunk_tokens, workload, tokenizer).tokens
        longest = max(chunk, workload.counted(tokenizer).question.tokens)
        if window is not None and longest > window:
            raise Infeasible(
                message(
                    "{model}: a chunk or question of {tokens:,.0f} tokens exceeds the {window:,} that it "
                    "embeds at once (shorten it, or choose another embedding model)",
                    model=self.embedding.name,
                    tokens=longest,
                    window=window,
                )
            )

    def retrieval_notes(
        self, workload: Workload, model: ModelPrice | TunedPrice, prompt: Prompt
    ) -> Iterator[Message]:
        """Notes on the assumptions of retrieval and the use of the context window."""
        if not self.top_k:
            yield message("No chunk is retrieved: the model answers without the knowledge.")
            return
        whole = self._corpus(workload, self.tokenizer).tokens
        if prompt.retrieved_tokens >= whole:
            yield message(
                "The chunks hold all {whole:,.0f} tokens of the knowledge: retrieval leaves nothing out.",
                whole=whole,
            )
        else:
            yield message(
                "Each question brings {tokens:,.0f} of the knowledge's {whole:,.0f} tokens. They differ from "
                "question to question and are not cached; whether they are the right ones is not in the "
                "figures.",
                tokens=prompt.retrieved_tokens,
                whole=whole,
            )
        if self.store == "flat":
            yield message(
                "Assumed: a vector store at {usd:,.2f} USD per month (enter your own).",
                usd=self.store_usd_per_month,
            )
        else:
            yield message(
                "Assumed: a vector store at {usd:g} USD per GB and month, {chunks:,} vectors of "
                "{dimensions:,} numbers, {factor:g} times their bytes (enter your own).",
                usd=self.store_usd_per_gb_month,
                chunks=self._chunks(workload),
                dimensions=self.dimensions,
                factor=self.store_overhead_factor,
            )
        if prompt.turns > 1:
            yield message(
                "Each turn searches by its own question and brings its own chunks; those of earlier turns "
                "are not sent again, and no call to rephrase the question is counted."
            )
        if model.context_window_tokens is not None:
            yield message(
                "With its chunks and answer the longest request takes {tokens:,.0f} of {model}'s window of "
                "{window:,} tokens.",
                tokens=prompt.longest_tokens,
                model=model.name,
                window=model.context_window_tokens,
            )


def _converted(reference_tokens: float, workload: Workload, tokenizer: str) -> TokenCount:
    """Tokens of o200k_base in another tokenizer, as the workload's knowledge, or else its question, was."""
    reference, own = workload.counted(REFERENCE_ENCODING), workload.counted(tokenizer)
    for before, after in ((reference.knowledge, own.knowledge), (reference.question, own.question)):
        if before.tokens:
            scale = reference_tokens / before.tokens
            return TokenCount(
                after.tokens * scale,
                after.low * scale,
                after.high * scale,
                weakest(after.evidence, Evidence.ESTIMATED),
                after.counting_methods,
            )
    raise CrossoverError(
        message(
            "neither knowledge nor a question was counted in '{tokenizer}' (fill in a question)",
            tokenizer=tokenizer,
        )
    )
