"""Facts of a strategy beside its cost, each with its evidence and source."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from i18n.message import N_, counted, message
from pricing.rows import EmbeddingPrice, Evidence, ModelPrice, TunedPrice

from ..comparison.compare import Comparison, Outcome, add_months
from ..comparison.endings import retires_on
from ..comparison.resolution import resolved
from ..cost_lines import rounded_usd, weakest
from ..fleet import Fleet
from ..scenario.decision_rules import FactValue
from ..strategy.base import DATA_PLACES, Strategy
from ..strategy.profile import PickRole
from ..units import DAYS_PER_MONTH, MONTHS_PER_YEAR
from .availability import known_yes, last_training_days, lifecycle
from .latency import Milliseconds, first_token_ms, token_ms
from .strategy_fact import StrategyFact, serving_fleet, unknown, yes_no

SCENARIO_INPUT: Final = "scenario input"
JUDGEMENT: Final = "costing/decision/facts.py"
"""Where a fact comes from that is ours to judge."""
INDEX_DAYS: Final = 1.0
"""Days until changed knowledge is in the index, with a run every night. An assumption."""

FACTS: Final[Mapping[str, str]] = {
    "amount_per_month": N_("Cost per month"),
    "amount_per_resolved_request": N_("Cost per resolved request"),
    "resolved_share": N_("Automatic resolution rate"),
    "data_place": N_("Data location"),
    "update_days": N_("Knowledge update"),
    "first_token_ms": N_("Time to first token"),
    "answer_s": N_("Time to complete answer"),
    "lifecycle": N_("Availability"),
    "lock_in": N_("Vendor lock-in"),
    "context_free_share": N_("Free context window"),
}
"""In the order of the table."""

PLACES: Final = {
    "anywhere": N_("any region: the vendor chooses"),
    "region": N_("in the named region"),
    "rented": N_("machines rented only for you"),
    "house": N_("machines you own"),
}


@dataclass(frozen=True, slots=True)
class FactSheet:
    """Facts of one strategy: the cells of the table, and the values that rules may test."""

    traits: tuple[StrategyFact, ...]
    known: Mapping[str, FactValue]


def facts(comparison: Comparison, outcome: Outcome) -> FactSheet:
    """All of a strategy that can be used."""
    strategy, scenario = outcome.strategy, comparison.scenario
    until = add_months(scenario.on, scenario.horizon_months)
    traits = (
        _cost(comparison, outcome),
        _per_resolved_request(comparison, outcome),
        _resolved_share(strategy),
        data_place(strategy),
        update(comparison, strategy),
        *latency(comparison, strategy),
        lifecycle(strategy),
        lock_in(strategy),
        context_free(comparison, strategy),
    )
    known: dict[str, FactValue] = {trait.name: trait.value for trait in traits}
    profile = strategy.profile()
    knowledge, training = profile.knowledge, profile.training
    known |= {
        "learns_by": knowledge.learns_by if _has_knowledge(comparison, strategy) else "nothing",
        "is_tuned": yes_no(knowledge.is_tuned),
        "is_searched": yes_no(knowledge.is_searched),
        "runs_own_servers": yes_no(profile.has_serving_fleet),
        "training_examples": None if training is None else training.examples,
        "retires_within_horizon": known_yes(
            retires_on(comparison, outcome) is not None, comparison, profile.hosted
        ),
        "training_ends_within_horizon": known_yes(
            any(day < until for day in last_training_days(profile.hosted)),
            comparison,
            [row for row in profile.hosted if isinstance(row, TunedPrice)],
        ),
    }
    return FactSheet(traits, known)


def _has_knowledge(comparison: Comparison, strategy: Strategy) -> bool:
    searched = strategy.profile().knowledge.corpus_mtok
    return bool(searched or comparison.workload.counted(strategy.tokenizer).knowledge.tokens)


def _cost(comparison: Comparison, outcome: Outcome) -> StrategyFact:
    currency = comparison.currency
    text = message("{amount} {currency}", amount=currency.text(outcome.usd_per_month), currency=currency.code)
    amount = float(currency.of(outcome.usd_per_month))
    refs = sorted({line.price.ref for line in outcome.lines})
    return StrategyFact("amount_per_month", text, amount, outcome.evidence, "; ".join(refs))


def _per_resolved_request(comparison: Comparison, outcome: Outcome) -> StrategyFact:
    name, cost, currency = "amount_per_resolved_request", resolved(comparison, outcome), comparison.currency
    if cost is None:
        return unknown(name, message("unknown: no resolution rate given"))
    if cost.usd_per_resolved_request is None:
        return unknown(name, message("unknown: nothing is resolved"))
    amount = currency.of_float(float(rounded_usd(cost.usd_per_resolved_request)))
    if cost.people_usd_per_month is None:
        text = message("{amount:,.4g} {currency}, model only", amount=amount, currency=currency.code)
    else:
        text = message("{amount:,.4g} {currency}, people included", amount=amount, currency=currency.code)
    return StrategyFact(name, text, amount, weakest(outcome.evidence, Evidence.ASSUMED), SCENARIO_INPUT)


def _resolved_share(strategy: Strategy) -> StrategyFact:
    share = strategy.resolved_share
    if share is None:
        return unknown("resolved_share", message("unknown: test it"))
    return StrategyFact(
        "resolved_share", message("{share:.0%}", share=share), share, Evidence.ASSUMED, SCENARIO_INPUT
    )


def data_place(strategy: Strategy) -> StrategyFact:
    """The least private of the places that it uses."""
    name = "data_place"
    if strategy.data_place != "as_row":
        text = message(DATA_PLACES[strategy.data_place])
        return StrategyFact(name, text, strategy.data_place, Evidence.ASSUMED, SCENARIO_INPUT)
    profile = strategy.profile()
    for row in profile.hosted:
        if "global" in row.region.lower():
            text = message("any region ({vendor}: {region})", vendor=row.vendor, region=row.region)
            return StrategyFact(name, text, "anywhere", row.evidence, row.source)
    unplaced = [row.vendor for row in profile.hosted if not row.region]
    if profile.knowledge.is_searched:  # who embeds the questions reads them too
        embedding = strategy.picked(PickRole.EMBEDS)
        unplaced += [row.vendor for row in embedding if isinstance(row, EmbeddingPrice)]
    if unplaced:
        return unknown(name, message("unknown: ask {vendor}", vendor=", ".join(dict.fromkeys(unplaced))))
    for row in profile.hosted:
        text = message("{region} ({vendor})", region=row.region, vendor=row.vendor)
        return StrategyFact(name, text, "region", row.evidence, row.source)
    fleet = serving_fleet(strategy)
    if fleet is None:
        return unknown(name)
    place = "house" if fleet.is_owned else "rented"
    return StrategyFact(name, message(PLACES[place]), place, Evidence.ASSUMED, "input: tenure")


def update(comparison: Comparison, strategy: Strategy) -> StrategyFact:
    """How long new knowledge takes until answers use all of it."""
    name, use, training = "update_days", strategy.profile().knowledge, strategy.profile().training
    if not _has_knowledge(comparison, strategy):
        return unknown(name, message("there is no knowledge in this workload"))
    if use.is_searched:
        if not use.renewed_share_per_month:
            return StrategyFact(
                name, message("never: the index is not renewed"), math.inf, Evidence.ASSUMED, SCENARIO_INPUT
            )
        text = message(
            "after indexing, about one day; {share:.0%} per month planned",
            share=use.renewed_share_per_month,
        )
        return StrategyFact(name, text, INDEX_DAYS, Evidence.ASSUMED, JUDGEMENT)
    if use.prompt_share >= 1:
        return StrategyFact(
            name, message("immediately: it is in the prompt"), 0.0, Evidence.ASSUMED, SCENARIO_INPUT
        )
    if training is None:
        return unknown(name, message("{share:.0%} immediately; unknown for the rest", share=use.prompt_share))
    if not training.retrainings_per_year:
        text = message(
            "{share:.0%} immediately, the rest never: no retraining is planned", share=use.prompt_share
        )
        return StrategyFact(name, text, math.inf, Evidence.ASSUMED, SCENARIO_INPUT)
    days = DAYS_PER_MONTH * MONTHS_PER_YEAR / training.retrainings_per_year
    if not use.prompt_share:
        text = message("every {days:,.0f} days, with the next training", days=days)
        return StrategyFact(name, text, days, Evidence.ASSUMED, SCENARIO_INPUT)
    text = message(
        "{share:.0%} immediately, the rest every {days:,.0f} days with the next training",
        share=use.prompt_share,
        days=days,
    )
    return StrategyFact(name, text, days, Evidence.ASSUMED, SCENARIO_INPUT)


def latency(comparison: Comparison, strategy: Strategy) -> Iterator[StrategyFact]:
    """When the answer begins, and when it is complete: measured, published, estimated, or unknown."""
    first = _first_token(comparison, strategy)
    yield first
    token = _token(comparison, strategy)
    if first.value is None or first.evidence is None or token is None:
        yield unknown("answer_s")
        return
    prompt = strategy.prompt(comparison.workload)  # tools of one's own take their time besides
    later = max(0.0, prompt.output_tokens - prompt.calls)
    seconds = (float(first.value) * prompt.calls + token.ms * later) / 1000
    yield StrategyFact(
        "answer_s",
        message(
            "{seconds:,.1f} s, at {each:,.1f} ms per token ({how})",
            seconds=seconds,
            each=token.ms,
            how=token.condition,
        ),
        seconds,
        weakest(first.evidence, token.evidence),
        token.source,
    )


def _first_token(comparison: Comparison, strategy: Strategy) -> StrategyFact:
    name, typed, fleet = "first_token_ms", strategy.measured_first_token_ms, _alone(strategy)
    if typed is not None:
        return StrategyFact(name, message("{ms:,.0f} ms", ms=typed), typed, Evidence.MEASURED, SCENARIO_INPUT)
    estimate = None if fleet is None else first_token_ms(fleet, comparison.workload)
    if estimate is None:
        return unknown(name, message("unknown: measure it"))
    text = message("{ms:,.0f} ms ({how})", ms=estimate.ms, how=estimate.condition)
    return StrategyFact(name, text, estimate.ms, estimate.evidence, estimate.source)


def _token(comparison: Comparison, strategy: Strategy) -> Milliseconds | None:
    typed, fleet = strategy.measured_token_ms, _alone(strategy)
    if typed is not None:
        return Milliseconds(typed, Evidence.MEASURED, SCENARIO_INPUT, message("as stated"))
    return None if fleet is None else token_ms(fleet, comparison.workload)


def _alone(strategy: Strategy) -> Fleet | None:
    """Its fleet, where no hosted model answers too: of that nothing is known."""
    return None if strategy.profile().hosted else serving_fleet(strategy)


def lock_in(strategy: Strategy) -> StrategyFact:
    """Effort to move to another vendor."""
    name, offers = "lock_in", strategy.profile().hosted
    for row in offers:
        if isinstance(row, TunedPrice):
            text = message("high: the tuned weights stay with {vendor}", vendor=row.vendor)
            return StrategyFact(name, text, "high", Evidence.ASSUMED, JUDGEMENT)
    if not offers:
        if not serving_fleet(strategy):
            return unknown(name)
        how = message("none: you can move the weights")
        return StrategyFact(name, how, "none", Evidence.ASSUMED, JUDGEMENT)
    others = {
        other.vendor
        for row in offers
        for other in strategy.prices.rows(ModelPrice).values()
        if other.name == row.name and other.vendor != row.vendor
    }
    if others:
        text = counted(
            "low: {n} other vendor sells this model", "low: {n} other vendors sell this model", len(others)
        )
    else:
        text = message("low: prompts can move to another model after new tests")
    return StrategyFact(name, text, "low", Evidence.ASSUMED, JUDGEMENT)


def context_free(comparison: Comparison, strategy: Strategy) -> StrategyFact:
    """Free share of the context window at the longest request; the smaller of two models."""
    name, workload = "context_free_share", comparison.workload
    prompt = strategy.prompt(workload)
    windows: list[tuple[float, float, int, Evidence, str]] = []
    for row in strategy.profile().hosted:
        window = row.context_window_tokens
        if window is None:
            return unknown(name, message("unknown: the window of {model} is not published", model=row.name))
        free = window - prompt.longest_tokens
        windows.append((free / window, free, window, weakest(row.evidence, prompt.evidence), row.source))
    fleet = serving_fleet(strategy)
    if fleet is not None:
        model, own = fleet.served.model, fleet.prompt(workload)
        free = model.context_window_tokens - own.longest_tokens
        share = free / model.context_window_tokens
        evidence = weakest(model.evidence, own.evidence)
        windows.append((share, free, model.context_window_tokens, evidence, model.source))
    if not windows:
        return unknown(name)
    share, free, window, evidence, source = min(windows)
    text = message("{share:.0%}: {free:,.0f} of {window:,} tokens", share=share, free=free, window=window)
    return StrategyFact(name, text, share, evidence, source)
