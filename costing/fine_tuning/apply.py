"""What was read from a fine-tuning file, put into the knobs of a scenario's strategies that train."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from i18n.errors import CrossoverError
from i18n.message import message
from pricing.book import PricesOnDay

from ..fleet.training import TrainedFleet
from ..scenario.scenario import Scenario, StrategyChoice
from ..strategies import registered
from ..strategy.base import Setting
from ..strategy.tuned_model import TunedModelStrategy
from .cost import Job, held, knobs
from .tokens import TrainingData


def own_tokenizers(scenario: Scenario, prices: PricesOnDay) -> frozenset[str]:
    """Of the open models that the scenario's strategies train themselves."""
    found = (_own_tokenizer(choice, prices) for choice in scenario.strategies)
    return frozenset(name for name in found if name is not None)


def _own_tokenizer(choice: StrategyChoice, prices: PricesOnDay) -> str | None:
    kind = registered()[choice.strategy]
    if not issubclass(kind, TrainedFleet) or choice.settings.get("own_training", "none") == "none":
        return None
    try:
        return kind.build(choice.settings, prices).served.model.tokenizer
    except CrossoverError:  # said with the verdict
        return None


def apply_training_data(
    scenario: Scenario, data: TrainingData, jobs: Sequence[Job], prices: PricesOnDay
) -> Scenario:
    """The scenario whose tuned strategies train on these examples, each billed as its vendor counts them.

    Raises CrossoverError where no strategy trains.
    """
    by_offer = {one.offer.id: one for one in jobs}
    changed = False
    strategies: list[StrategyChoice] = []
    for choice in scenario.strategies:
        found = _settings(choice, data, by_offer.get(str(choice.settings.get("offer"))), prices)
        changed = changed or found is not None
        strategies.append(choice if found is None else replace(choice, settings={**choice.settings, **found}))
    if not changed:
        raise CrossoverError(
            message("no strategy trains a model on this day (add a fine-tuned one, or choose another offer)")
        )
    return replace(scenario, strategies=tuple(strategies))


def _settings(
    choice: StrategyChoice, data: TrainingData, job: Job | None, prices: PricesOnDay
) -> dict[str, Setting] | None:
    """The knobs that change; None where the strategy does not train."""
    if issubclass(registered()[choice.strategy], TunedModelStrategy):
        return None if job is None or not job.billed.examples else knobs(job)
    name = _own_tokenizer(choice, prices)
    if name is None:
        return None
    return held(data.examples, float(data.families[name].tokens.sum()))
