"""Savings by tuning on a file at a scenario's volume, and when training has paid for itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

import numpy as np

from i18n.errors import CrossoverError
from i18n.message import Message, message
from pricing.book import PricesOnDay
from pricing.rows import Evidence, TunedPrice

from ..cost_lines import Cadence, CostCategory, CostLine, rounded_usd, total_usd, weakest
from ..scenario.scenario import LIMITS, Scenario, StrategyChoice, named, part_tokens, workload_of
from ..strategies import registered
from ..strategies.fine_tuned import FineTuned
from ..strategies.stuffed_prompt import StuffedPrompt
from ..strategy.base import Infeasible, Setting
from ..tokenization.tokens import REFERENCE_ENCODING, TokenCount
from ..units import DAYS_PER_MONTH, Quantity
from ..workload.workload import RequestTokens, Workload
from .cost import Job, knobs
from .tokens import TrainingData

VOLUMES: Final = 400
ROUNDS: Final = 4
"""Points of the axis on which the volume is looked for from which tuning saves, and how often it is cut
anew between two of them."""


@dataclass(frozen=True, slots=True)
class RetainedShares:
    """Shares of the prompt that the tuned model still needs."""

    instruction: float
    example: float
    knowledge: float
    is_own: bool
    """As a tuned strategy of the scenario says; else as the data shows."""


@dataclass(frozen=True, slots=True)
class Saving:
    """One offer against today's prompt, at the scenario's volume; USD a month but for the training."""

    job: Job
    today_usd: Decimal
    shorter_prompt_usd: Decimal
    """Saved at today's prices by what is no longer sent."""
    other_prices_usd: Decimal
    """Additional cost of the same short requests at the tuned model's prices."""
    hosting_usd: Decimal
    retraining_usd: Decimal
    training_usd: Decimal
    pays_from_requests_per_day: float | None
    """The volume from which on the tuned model's month is cheaper; None: not however large it is."""
    evidence: Evidence

    @property
    def tuned_usd(self) -> Decimal:
        fixed = self.hosting_usd + self.retraining_usd
        return self.today_usd - self.shorter_prompt_usd + self.other_prices_usd + fixed

    @property
    def saved_usd(self) -> Decimal:
        return self.today_usd - self.tuned_usd

    @property
    def payback_days(self) -> float | None:
        """Until the training is earned back; None: never at this volume."""
        if self.saved_usd <= 0:
            return None
        return float(self.training_usd / self.saved_usd) * DAYS_PER_MONTH


@dataclass(frozen=True, slots=True)
class Dropped:
    """Tokens that are no longer sent with a request, in today's tokenizer."""

    examples: float
    instructions: float
    knowledge: float


@dataclass(frozen=True, slots=True)
class Savings:
    """Every offer against today's prompt."""

    compared_with: Message
    kept: RetainedShares
    prompt_tokens: float
    """Tokens of today's request in today's tokenizer, with the history of a conversation."""
    short_prompt_tokens: float
    dropped: Dropped
    system_tokens: float
    """Tokens of the examples' system message and of the instructions, in the reference encoding."""
    instruction_tokens: float
    horizon_months: int
    savings: tuple[Saving, ...]
    """Largest saving first."""
    refused: tuple[tuple[Job, Message], ...]
    """Offers that cannot be compared, with the reason."""


def todays(scenario: Scenario) -> list[int]:
    """Places of the strategies that can stand for what is done today: prompts with everything in them."""
    return [
        place for place, choice in enumerate(scenario.strategies) if choice.strategy == StuffedPrompt.id()
    ]


def tuned(scenario: Scenario) -> StrategyChoice | None:
    """The first fine-tuned strategy, whose shares say what the tuned model still needs."""
    return next((choice for choice in scenario.strategies if choice.strategy == FineTuned.id()), None)


def assumed_epochs(scenario: Scenario | None) -> int:
    """Where no vendor's rule is known: as the scenario's tuned strategy says, or as such a one starts."""
    own = tuned(scenario) if scenario is not None else None
    default = FineTuned.knobs()["epochs"].default
    epochs = default if own is None else own.settings.get("epochs", default)
    return int(epochs or 1)


def savings(
    data: TrainingData, jobs: Sequence[Job], scenario: Scenario, prices: PricesOnDay, today: int | None = None
) -> Savings:
    """Every priced offer against the strategy at place `today`, or the first stuffed prompt.

    The figures are the strategies' own: the same prompts, caches and prices as in a comparison. Raises
    CrossoverError where the scenario has no stuffed prompt.
    """
    places = todays(scenario)
    if not places:
        raise CrossoverError(
            message("no stuffed prompt to compare with (add that strategy: it stands for what is done today)")
        )
    place = places[0] if today is None else today
    choice = scenario.strategies[place]
    base = StuffedPrompt.build(choice.settings, prices)
    own = tuned(scenario)
    instruction = part_tokens(scenario.parts["instruction"], REFERENCE_ENCODING, prices).tokens
    kept = _kept(own, data.mean.system, instruction)
    built: list[tuple[Job, FineTuned]] = []
    refused: list[tuple[Job, Message]] = []
    for job in jobs:
        if not isinstance(job.offer, TunedPrice):
            continue
        if job.note is not None:
            refused.append((job, job.note))
        else:
            built.append((job, FineTuned.build(_settings(job, own, kept), prices)))
    tokenizers = {base.tokenizer, *(each.tokenizer for _, each in built)}
    workload = workload_of(scenario, tokenizers, prices)
    try:
        base.check_startable(prices.day)
        against = _Today(base, kept, workload)
    except Infeasible as error:
        raise CrossoverError(
            message("today's prompt cannot be costed: {what}", what=error.errors[0])
        ) from error
    results: list[Saving] = []
    for job, strategy in built:
        try:
            results.append(_saving(job, strategy, against, workload))
        except Infeasible as error:
            refused.append((job, error.errors[0]))
    kinds = registered()
    labels = tuple(kinds[each.strategy].build(each.settings, prices).label for each in scenario.strategies)
    return Savings(
        compared_with=named(scenario, labels)[place],
        kept=kept,
        prompt_tokens=against.prompt_tokens,
        short_prompt_tokens=against.short_prompt_tokens,
        dropped=_dropped(workload.counted(base.tokenizer), kept),
        system_tokens=data.mean.system,
        instruction_tokens=instruction,
        horizon_months=scenario.horizon_months,
        savings=tuple(sorted(results, key=lambda each: (-each.saved_usd, each.job.offer.id))),
        refused=tuple(refused),
    )


def _kept(own: StrategyChoice | None, system_tokens: float, instruction_tokens: float) -> RetainedShares:
    """As the user's own strategy says; else a tuned model is asked as it was trained: with the system's
    message of the examples, without examples, and with all the knowledge, which tuning does not teach."""
    if own is None:
        share = min(1.0, system_tokens / instruction_tokens) if instruction_tokens else 1.0
        return RetainedShares(share, 0.0, 1.0, is_own=False)
    declared = FineTuned.knobs()
    instruction, example, knowledge = (
        float(own.settings.get(name, declared[name].default) or 0)
        for name in ("instruction_kept_share", "example_kept_share", "knowledge_kept_share")
    )
    return RetainedShares(instruction, example, knowledge, is_own=True)


def _settings(job: Job, own: StrategyChoice | None, kept: RetainedShares) -> dict[str, Setting]:
    return {
        **(own.settings if own is not None else {}),
        "offer": job.offer.id,
        "instruction_kept_share": kept.instruction,
        "example_kept_share": kept.example,
        "knowledge_kept_share": kept.knowledge,
        **knobs(job),
    }


def _dropped(tokens: RequestTokens, kept: RetainedShares) -> Dropped:
    return Dropped(
        tokens.example.tokens * (1 - kept.example),
        tokens.instruction.tokens * (1 - kept.instruction),
        tokens.knowledge.tokens * (1 - kept.knowledge),
    )


def _shortened(workload: Workload, tokenizer: str, kept: RetainedShares) -> Workload:
    """The workload whose prompts hold only what a tuned model still needs."""
    tokens = workload.counted(tokenizer)
    short = replace(
        tokens,
        instruction=_share(tokens.instruction, kept.instruction),
        example=_share(tokens.example, kept.example),
        knowledge=_share(tokens.knowledge, kept.knowledge),
    )
    return replace(workload, tokens={**workload.tokens, tokenizer: short})


def _share(count: TokenCount, share: float) -> TokenCount:
    return replace(count, tokens=count.tokens * share, low=count.low * share, high=count.high * share)


class _Today:
    """Today's prompt at any volume: whole, and without what tuning makes needless."""

    def __init__(self, base: StuffedPrompt, kept: RetainedShares, workload: Workload) -> None:
        self._base = base
        short = _shortened(workload, base.tokenizer, kept)
        self.prompt_tokens = base.prompt(workload).input_tokens
        self.short_prompt_tokens = base.prompt(short).input_tokens
        lines = tuple(base.lines(workload))
        self.evidence = weakest(*(line.evidence for line in lines))
        self.usd = _usd(lines)
        self.short_usd = _usd(base.lines(short))

    def usd_at(self, workload: Workload) -> Quantity:
        return total_usd(self._base.lines(workload), Cadence.MONTHLY)


def _saving(job: Job, strategy: FineTuned, today: _Today, workload: Workload) -> Saving:
    lines = tuple(strategy.lines(workload))
    monthly = [line for line in lines if line.cadence == Cadence.MONTHLY]
    tokens = _usd(
        [line for line in monthly if line.category not in (CostCategory.TRAINING, CostCategory.HOSTING)]
    )
    return Saving(
        job=job,
        today_usd=today.usd,
        shorter_prompt_usd=today.usd - today.short_usd,
        other_prices_usd=tokens - today.short_usd,
        hosting_usd=_usd([line for line in monthly if line.category == CostCategory.HOSTING]),
        retraining_usd=_usd([line for line in monthly if line.category == CostCategory.TRAINING]),
        training_usd=_usd([line for line in lines if line.cadence == Cadence.ONCE]),
        evidence=weakest(job.evidence, today.evidence, *(line.evidence for line in lines)),
        pays_from_requests_per_day=_pays_from(
            lambda volume: (
                today.usd_at(workload.at(volume))
                - total_usd(strategy.lines(workload.at(volume)), Cadence.MONTHLY)
            )
        ),
    )


def _usd(lines: Iterable[CostLine]) -> Decimal:
    return sum((rounded_usd(float(line.usd)) for line in lines), Decimal(0))


def _pays_from(saved: Callable[[Quantity], Quantity]) -> float | None:
    """The volume from which on something is saved; None where nothing is at the largest."""
    limits = LIMITS["requests_per_day"]
    low, high = limits.low, limits.high
    for _ in range(ROUNDS):
        volumes = np.geomspace(low, high, VOLUMES)
        costs = np.flatnonzero(np.broadcast_to(saved(volumes), volumes.shape) <= 0)
        if not len(costs):
            return low
        if costs[-1] == VOLUMES - 1:
            return None if high == limits.high else high
        low, high = float(volumes[costs[-1]]), float(volumes[costs[-1] + 1])
    return high
