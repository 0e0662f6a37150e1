"""A vendor's tuned model: training, hosting, lifecycle and tokens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from i18n.message import N_, Message, literal, message
from pricing.rows import Evidence, LifecycleState, TrainingPrice, TunedPrice, lifecycle_of
from pricing.rows.names import model_label

from ..cost_lines import CERTAIN, Cadence, CostCategory, CostLine, PriceRef, weakest
from ..tokenization.tokens import TokenCount
from ..units import HOURS_PER_MONTH, MONTHS_PER_YEAR, TOKENS_PER_MTOK, Unit
from ..workload.workload import Prompt, Workload
from .availability import check_trains
from .base import Infeasible, Strategy, knob, pick, share, switch
from .common_knobs import batch_knob, image_count, reasoning_knob
from .declarations import SettingGroup
from .hosted_model import (
    ASSUMED_CACHE_TTL_S,
    ASSUMED_MIN_CACHEABLE_TOKENS,
    CacheRules,
    cache_notes,
    cache_rules,
    price_notes,
    token_lines,
)
from .hosted_notes import conversation_notes
from .labels import option_label, short_option_label
from .profile import PickRole, StrategyProfile, TrainingPlan

Trained = TunedPrice | TrainingPrice


def job(offer: Trained, trained_tokens: float) -> tuple[float, Unit, float]:
    """Quantity, unit and unit price of one training job, at least the vendor's minimum; of an offer that
    is priced by the token."""
    mtok, usd = trained_tokens / TOKENS_PER_MTOK, float(offer.training_usd_per_mtok or 0)
    least_usd = float(offer.minimum_usd_per_job or 0)
    return (1.0, Unit.JOB, least_usd) if mtok * usd < least_usd else (mtok, Unit.MTOK, usd)


def knowledge_kept_share() -> Any:
    """The share of the knowledge that a tuned model is still sent."""
    return share(
        0.0,
        label=N_("Knowledge still in the prompt"),
        help=N_("Share of the knowledge still sent. Knowledge that changes should stay in the prompt."),
    )


@dataclass(frozen=True, kw_only=True)
class TunedModelStrategy(Strategy):
    """Base of strategies on a tuned model; each defines its prompt."""

    offer: TunedPrice = pick(
        TunedPrice,
        role=PickRole.SERVES,
        label=N_("Offer"),
        help=N_("A vendor's tuned model: training, inference and hosting prices."),
    )
    training_examples: int = knob(
        1000,
        label=N_("Training examples"),
        unit=Unit.COUNT,
        low=10,
        high=1_000_000,
        step=100,
        help=N_("Question and answer pairs to train on; hundreds to thousands are usual."),
    )
    epochs: int = knob(
        3,
        label=N_("Epochs"),
        unit=Unit.PASSES,
        low=1,
        high=50,
        help=N_("How often training reads every example."),
    )
    training_example_tokens: float | None = knob(
        None,
        label=N_("Billed tokens per training example"),
        group=SettingGroup.TRAINING,
        unit=Unit.TOKENS,
        low=1,
        high=10_000_000,
        step=100,
        help=N_(
            "As this vendor bills them, on the mean; training data that was read fills it in. Blank: an "
            "example is taken to be as long as a request of the tuned model with its answer."
        ),
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
    )
    instruction_kept_share: float = share(
        0.2,
        label=N_("Instructions still in the prompt"),
        group=SettingGroup.PROMPT,
        help=N_("Share of the instructions that the tuned model still needs in every prompt."),
    )
    example_kept_share: float = share(
        0.0,
        label=N_("Examples still in the prompt"),
        group=SettingGroup.PROMPT,
        help=N_("Share of the examples still sent; tuning usually replaces them all."),
    )
    caching: bool = switch(
        True,
        label=N_("Prompt caching"),
        group=SettingGroup.CACHING,
        help=N_("Use the vendor's discount for a prefix that repeats, where it has one."),
    )
    reasoning_tokens: int = reasoning_knob()
    batch_share: float = batch_knob()

    @property
    def label(self) -> Message:
        return option_label(self.title, model_label(self.offer.name), self.offer.vendor)

    @property
    def short_label(self) -> Message:
        return short_option_label(self.title, model_label(self.offer.name))

    @property
    def tokenizer(self) -> str:
        return self.offer.tokenizer

    def _rules(self) -> CacheRules:
        return cache_rules(
            self.offer,
            caching=self.caching,
            assumed_ttl_s=ASSUMED_CACHE_TTL_S,
            assumed_min_tokens=ASSUMED_MIN_CACHEABLE_TOKENS,
        )

    def short_prompt(
        self, workload: Workload, *, knowledge_share: float, retrieved: TokenCount | None = None
    ) -> Prompt:
        """The request with what tuning has not replaced, and this much of the knowledge."""
        return workload.prompt(
            self.tokenizer,
            instruction_share=self.instruction_kept_share,
            example_share=self.example_kept_share,
            knowledge_share=knowledge_share,
            retrieved=retrieved,
            image=image_count(workload, self.offer.base_model),
            reasoning_tokens=self.reasoning_tokens,
        )

    def lines(self, workload: Workload) -> Iterator[CostLine]:
        self._check_known()
        prompt = self.prompt(workload)
        yield from self._training_lines(prompt)
        for name, quantity, unit, usd in (
            (
                message("Hosting of the tuned model"),
                HOURS_PER_MONTH,
                Unit.HOUR,
                self.offer.hosting_usd_per_hour,
            ),
            (message("Storage of the tuned model"), 1.0, Unit.MONTH, self.offer.storage_usd_per_month),
        ):
            if usd:
                yield CostLine(
                    name=name,
                    category=CostCategory.HOSTING,
                    quantity=quantity,
                    unit=unit,
                    usd_per_unit=float(usd),
                    cadence=Cadence.MONTHLY,
                    price=PriceRef.of(self.offer),
                )
        yield from token_lines(self.offer, prompt, workload, self._rules(), self.batch_share)

    def _training_lines(self, prompt: Prompt) -> Iterator[CostLine]:
        """The first training and, while the vendor still trains, what retraining costs a month."""
        sent_tokens = prompt.prefix_tokens + prompt.retrieved_tokens + prompt.question_tokens
        example_tokens = sent_tokens + prompt.answer_tokens
        evidence, note, band = (
            weakest(prompt.evidence, Evidence.ESTIMATED),
            prompt.counting_methods,
            prompt.band,
        )
        if self.training_example_tokens is not None:
            example_tokens, band = self.training_example_tokens, CERTAIN
            evidence, note = Evidence.ESTIMATED, (message("as stated for each training example"),)
        quantity, unit, usd = job(self.offer, self.training_examples * example_tokens * self.epochs)
        first = CostLine(
            name=message("Training"),
            category=CostCategory.TRAINING,
            quantity=quantity,
            unit=unit,
            usd_per_unit=usd,
            cadence=Cadence.ONCE,
            price=PriceRef.of(self.offer),
            quantity_evidence=evidence,
            quantity_note=note,
            band=band if unit == Unit.MTOK else CERTAIN,
        )
        yield first
        if self._retrains:
            yield replace(
                first,
                name=message("Retraining"),
                quantity=quantity * self.retrainings_per_year / MONTHS_PER_YEAR,
                cadence=Cadence.MONTHLY,
            )

    @property
    def _retrains(self) -> bool:
        """Whether it is trained again, and the vendor still trains on this day."""
        last = lifecycle_of(self.offer).new_jobs_until
        return bool(self.retrainings_per_year) and (last is None or self.prices.day <= last)

    def _check_known(self) -> None:
        """Raises Infeasible where a price is unknown: it is not taken for 0."""
        offer = self.offer
        if offer.training_usd_per_mtok is None and offer.training_usd_per_hour is not None:
            raise Infeasible(
                message(
                    "{offer} has no training price per token: it trains at {usd} USD per hour, and how many "
                    "hours is not known (choose another offer)",
                    offer=offer.id,
                    usd=offer.training_usd_per_hour,
                )
            )
        if offer.training_usd_per_mtok is None:
            raise Infeasible(
                message(
                    "{offer} has no known training price per token (choose another offer, or add the price)",
                    offer=offer.id,
                )
            )
        if offer.hosting_usd_per_hour is None:
            raise Infeasible(
                message(
                    "{offer} has no known hosting fee (choose another offer, or add the fee: 0 if there is "
                    "none)",
                    offer=offer.id,
                )
            )

    def notes(self, workload: Workload, on: date, until: date) -> Iterator[Message]:
        lifecycle = lifecycle_of(self.offer)
        if lifecycle.state_on(on) == LifecycleState.EXISTING_CUSTOMERS_ONLY:
            since = lifecycle.closed_to_new_customers_on
            yield message(
                "{vendor} takes no new customers for this tuned model{since}: only companies that already "
                "tune there can choose it.",
                vendor=self.offer.vendor,
                since=message(" since {day}", day=since.isoformat()) if since else literal(""),
            )
        last = lifecycle.new_jobs_until
        if last is not None and last < until:
            yield message(
                "{vendor} starts no new training after {day}: no retraining from then on.",
                vendor=self.offer.vendor,
                day=last.isoformat(),
            )
        prompt = self.prompt(workload)
        yield from cache_notes(self.offer, prompt, self._rules())
        yield from conversation_notes(self.offer, prompt, workload, self._rules(), self.batch_share)
        yield from price_notes(self.offer, prompt, on, until)

    def profile(self) -> StrategyProfile:
        profile = super().profile()
        return replace(
            profile,
            knowledge=replace(profile.knowledge, is_tuned=True),
            training=TrainingPlan(self.training_examples, self.retrainings_per_year),
        )

    @property
    def is_open_to_all(self) -> bool:
        return not lifecycle_of(self.offer).is_closed_on(self.prices.day)

    def badge(self, workload: Workload) -> Message | None:
        return None if self.is_open_to_all else message("existing customers only")

    def check_startable(self, on: date) -> None:
        check_trains(self.offer, on)
        super().check_startable(on)
