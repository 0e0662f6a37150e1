"""Hosted model that is sent all texts with every request, with prompt caching."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from i18n.message import N_, Message
from pricing.rows import ModelPrice
from pricing.rows.names import model_label

from ..cost_lines import CostLine
from ..strategy.availability import check_on_sale
from ..strategy.base import Strategy, knob, pick, switch
from ..strategy.common_knobs import batch_knob, image_count, reasoning_knob
from ..strategy.declarations import SettingGroup
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
from ..units import Unit
from ..workload.workload import Prompt, Workload


@dataclass(frozen=True, kw_only=True)
class StuffedPrompt(Strategy):
    """Send instructions, examples and knowledge with every question.

    input = prefix + question (+ history); a share 1 - e^(-rate x TTL) of the prefix is read from the
    cache, the rest written to it. Every token is priced at the tier of the request's prompt length.
    """

    title = N_("Prompt stuffing")
    summary = N_("Instructions, examples and knowledge go with every request to a hosted model.")
    order = 1

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
    cached_input_share: float | None = knob(
        None,
        label=N_("Input read from the cache"),
        group=SettingGroup.CACHING,
        unit=Unit.SHARE,
        low=0,
        high=1,
        step=0.05,
        help=N_(
            "Of all input tokens, as your bill says; what writing them costs is then not counted. Blank: "
            "worked out from the shared prefix and how often it is asked for."
        ),
        blank=N_("as the arrivals make it"),
    )
    assumed_cache_ttl_s: int = knob(
        ASSUMED_CACHE_TTL_S,
        label=N_("Cache lifetime if unpublished"),
        group=SettingGroup.CACHING,
        unit=Unit.SECONDS,
        low=1,
        high=86_400,
        step=60,
        help=N_("Used only where the vendor publishes no lifetime: seconds a prefix stays cached after use."),
    )
    assumed_min_cacheable_tokens: int = knob(
        ASSUMED_MIN_CACHEABLE_TOKENS,
        label=N_("Shortest cacheable prefix if unpublished"),
        group=SettingGroup.CACHING,
        unit=Unit.TOKENS,
        low=0,
        high=100_000,
        step=256,
        help=N_("Used only where the vendor publishes no minimum: shorter prefixes are not cached."),
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
            assumed_ttl_s=self.assumed_cache_ttl_s,
            assumed_min_tokens=self.assumed_min_cacheable_tokens,
            input_share=self.cached_input_share,
        )

    def prompt(self, workload: Workload) -> Prompt:
        return workload.prompt(
            self.tokenizer,
            image=image_count(workload, self.model.id),
            reasoning_tokens=self.reasoning_tokens,
        )

    def lines(self, workload: Workload) -> Iterator[CostLine]:
        prompt = self.prompt(workload)
        yield from token_lines(self.model, prompt, workload, self._rules(), self.batch_share)

    def notes(self, workload: Workload, on: date, until: date) -> Iterator[Message]:
        prompt = self.prompt(workload)
        yield from cache_notes(self.model, prompt, self._rules())
        yield from conversation_notes(self.model, prompt, workload, self._rules(), self.batch_share)
        yield from price_notes(self.model, prompt, on, until)

    def check_startable(self, on: date) -> None:
        check_on_sale(self.model, on)
        super().check_startable(on)
