"""Applies a fine-tuning file to the knobs of a scenario's strategies that train."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from i18n.errors import CrossoverError
from i18n.message import message
from pricing.book import PricesOnDay

from ..fleet import Fleet
from ..scenario.scenario import Scenario, StrategyChoice
from ..strategies import registered
from ..strategy.base import Setting
from .cost import Job, held, knobs
from .tokens import TrainingData


def own_tokenizers(scenario: Scenario, prices: PricesOnDay) -> frozenset[str]:
    """Tokenizers of the open models that the scenario's strategies train on self-hosted fleets."""
    tokenizers = (_own_tokenizer(choice, prices) for choice in scenario.strategies)
    return frozenset(name for name in tokenizers if name is not None)


def _own_tokenizer(choice: StrategyChoice, prices: PricesOnDay) -> str | None:
    """Tokenizer of the open model that it trains on its fleet; None where it trains none."""
    try:
        strategy = registered()[choice.strategy].build(choice.settings, prices)
        fleet = strategy.part(Fleet)
        return None if fleet is None or not fleet.training.is_planned else fleet.tokenizer
    except CrossoverError:  # reported with the verdict
        return None


def apply_training_data(
    scenario: Scenario, data: TrainingData, jobs: Sequence[Job], prices: PricesOnDay
) -> Scenario:
    """The scenario whose tuned strategies train on these examples, each billed as its vendor counts them.

    Raises CrossoverError where no strategy trains.
    """
    by_offer = {job.offer.id: job for job in jobs}
    changed = False
    strategies: list[StrategyChoice] = []
    for choice in scenario.strategies:
        changes = _settings(choice, data, by_offer, prices)
        changed = changed or changes is not None
        settings = choice.settings if changes is None else {**choice.settings, **changes}
        strategies.append(replace(choice, settings=settings))
    if not changed:
        raise CrossoverError(
            message("no strategy trains a model on this day (add a fine-tuned one, or choose another offer)")
        )
    return replace(scenario, strategies=tuple(strategies))


def _settings(
    choice: StrategyChoice, data: TrainingData, by_offer: Mapping[str, Job], prices: PricesOnDay
) -> dict[str, Setting] | None:
    """The knobs that change; None where the strategy does not train."""
    kind = registered()[choice.strategy]
    tuned = [name for name, pick in kind.picks().items() if pick.is_tuned_model]
    if tuned:
        job = by_offer.get(str(choice.settings.get(tuned[0])))
        changes = None if job is None or not job.billed.examples else knobs(job)
    else:
        tokenizer = _own_tokenizer(choice, prices)
        if tokenizer is None:
            return None
        changes = held(data.examples, float(data.families[tokenizer].tokens.sum()))
    declared = kind.knobs()
    return None if changes is None else {name: changes[name] for name in changes if name in declared}
