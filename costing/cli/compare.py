"""Output of the commands `compare` and `breakeven`: JSON for programs, text for readers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from i18n.message import Message, listed
from pricing.rows import SHIPPED_LAYER

from ..comparison.breakeven import Breakeven, Pair, api_side
from ..comparison.compare import Comparison, Outcome
from ..comparison.endings import limits, unknown_lifecycle
from ..comparison.fee_structures import two_ways_to_charge
from ..comparison.payback import of_comparison
from ..comparison.resolution import counts_people, resolved
from ..comparison.verdict import caveat, horizon_verdict, people_note, verdict
from ..cost_lines import SCENARIO_LAYER, CostLine, rounded_usd, weakest
from ..reports.comparison import counting_method, source_of
from ..reports.fleet import fleet_json
from ..units import TOKENS_PER_MTOK


def comparison_json(comparison: Comparison) -> dict[str, Any]:
    """What `compare --json` prints; amounts are decimal text, exact to the millionth."""
    return {
        "scenario_id": comparison.scenario.id,
        "scenario": comparison.scenario.name(),
        "on": comparison.scenario.on.isoformat(),
        "horizon_months": comparison.scenario.horizon_months,
        "requests_per_day": comparison.scenario.requests_per_day,
        **_currency_json(comparison),
        "verdict": str(verdict(comparison)),
        "caveat": _text(caveat(comparison)),
        "horizon_verdict": _text(horizon_verdict(comparison)),
        "counts_people": counts_people(comparison),
        "strategies": [_outcome_json(comparison, outcome) for outcome in comparison.outcomes],
    }


def _currency_json(comparison: Comparison) -> dict[str, Any]:
    """Currency of the amounts, and the exchange rate with its date and source."""
    currency = comparison.currency
    return {
        "currency": currency.code,
        "fx_per_usd": float(currency.per_usd),
        "fx_date": currency.on.isoformat() if currency.on else None,
        "fx_source": currency.source,
    }


def _text(sentence: Message | None) -> str | None:
    return None if sentence is None else str(sentence)


def _outcome_json(comparison: Comparison, outcome: Outcome) -> dict[str, Any]:
    if not outcome.is_feasible:
        return {"strategy": str(outcome.name), "feasible": False, "reason": str(outcome.infeasible_reason)}
    prompt = outcome.strategy.prompt(comparison.workload)
    return {
        "strategy": str(outcome.name),
        "feasible": True,
        "usd_per_month": float(outcome.usd_per_month),
        "evidence": outcome.evidence,
        "recurring_usd_per_month": float(outcome.recurring_usd),
        "once_usd": float(outcome.once_usd),
        "horizon_usd": float(sum(comparison.usd_by_month(outcome), Decimal(0))),
        "amount_per_month": float(comparison.currency.of(outcome.usd_per_month)),
        **_resolved_json(comparison, outcome),
        "input_tokens_per_request": prompt.input_tokens,
        "output_tokens_per_request": prompt.output_tokens,
        "tokenizer": outcome.strategy.tokenizer,
        "tokens": str(listed(prompt.counting_methods)),
        "input_tokens_low": prompt.input_tokens * prompt.input_band.low,
        "input_tokens_high": prompt.input_tokens * prompt.input_band.high,
        "output_tokens_low": prompt.output_tokens * prompt.output_band.low,
        "output_tokens_high": prompt.output_tokens * prompt.output_band.high,
        "fleet": fleet_json(comparison, outcome),
        "limits": _text(limits(comparison, outcome)),
        "lifecycle_unknown": unknown_lifecycle(comparison, outcome) is not None,
        "notes": [str(note) for note in outcome.notes],
        "lines": [
            {
                "line": str(line.name),
                "category": line.category,
                "cadence": line.cadence,
                "quantity": float(line.quantity),
                "unit": line.unit,
                "usd_per_unit": float(line.usd_per_unit),
                "amount_usd": float(rounded_usd(float(line.usd))),
                "amount": float(comparison.currency.of(rounded_usd(float(line.usd)))),
                "price_ref": line.price.ref,
                "source": source_of(line),
                "checked_on": line.price.checked_on.isoformat() if line.price.checked_on else None,
                "evidence": line.evidence,
                "layer": line.price.layer,
                "quantity_low": None if line.quantity_low is None else float(line.quantity_low),
                "quantity_high": None if line.quantity_high is None else float(line.quantity_high),
            }
            for line in outcome.lines
        ],
    }


def _resolved_json(comparison: Comparison, outcome: Outcome) -> dict[str, Any]:
    """Cost per resolved request; null where it is unknown."""
    resolution = resolved(comparison, outcome)
    usd = None if resolution is None else resolution.usd_per_resolved_request
    return {
        "resolved_share": None if resolution is None else resolution.resolved_share,
        "usd_per_resolved_request": usd,
        "people_usd_per_month": None if resolution is None else resolution.people_usd_per_month,
        "amount_per_resolved_request": None if usd is None else comparison.currency.of_float(usd),
    }


def breakeven_json(comparison: Comparison, result: Breakeven) -> dict[str, Any]:
    """What `breakeven --json` prints: one object."""
    return {
        "scenario_id": comparison.scenario.id,
        "on": comparison.scenario.on.isoformat(),
        **_currency_json(comparison),
        "crossings": [
            {
                "first": str(c.first),
                "second": str(c.second),
                "tokens_per_day": c.tokens_per_day,
                "tokens_per_month": c.tokens_per_month,
                "requests_per_day": c.requests_per_day,
                "usd_per_month": c.usd_per_month,
                "amount_per_month": comparison.currency.of_float(c.usd_per_month),
                "cheaper_below": str(c.cheaper_below),
                "cheaper_above": str(c.cheaper_above),
                "is_jump": c.is_jump,
                "evidence": weakest(pair.first.evidence, pair.second.evidence),
                "tokens": counting_method(comparison, api_side(pair.first, pair.second)),
            }
            for pair in result.pairs
            for c in pair.crossings
        ],
        "marginal_usd_per_mtok": {str(o.name): usd for o, usd in result.marginal_usd_per_mtok},
        "pairs": [
            {
                "first": str(p.first.name),
                "second": str(p.second.name),
                "explanation": str(p.explanation),
                "charges": _text(two_ways_to_charge(comparison, p)),
                "payback": _payback_json(comparison, p),
            }
            for p in result.pairs
        ],
        "winners": [
            {"from_requests_per_day": volume, "strategy": str(name)} for volume, name in result.winners
        ],
        "verdict": str(result.verdict),
    }


def _payback_json(comparison: Comparison, pair: Pair) -> dict[str, Any] | None:
    """Investment in servers compared with the API at the scenario's volume; null where nothing is bought."""
    api = api_side(pair.first, pair.second)
    own = pair.second if api is pair.first else pair.first
    payback = of_comparison(comparison, api, own)
    if payback is None or api.strategy.is_self_hosted:
        return None
    return {
        "horizon_months": len(payback.months),
        "npv_usd": payback.npv_usd,
        "payback_months": payback.payback_months,
        "bought_usd": sum(month.capital_usd for month in payback.months),
        "book_value_usd": payback.book_value_usd,
    }


def comparison_text(comparison: Comparison) -> str:
    """What `compare` prints for a reader."""
    currency = comparison.currency
    out = [comparison.scenario.name(), str(verdict(comparison))]
    more = (
        people_note(comparison),
        caveat(comparison),
        horizon_verdict(comparison),
        currency.rate(comparison.scenario.on),
    )
    out += [str(sentence) for sentence in more if sentence is not None]
    for outcome in comparison.feasible:
        out += ["", f"{outcome.name}: {currency.of(outcome.usd_per_month):,.2f} {currency.code} per month"]
        for line in outcome.lines:
            amount = currency.of(rounded_usd(float(line.usd)))
            quantity, unit_price = float(line.quantity), currency.of_float(float(line.usd_per_unit))
            out.append(
                f"  {line.name!s:<38} {quantity:>16,.3f} {line.unit:<15} x {unit_price:<12.6g}"
                f" = {amount:>14,.2f} {currency.code} {line.cadence:<8} {line.evidence:<9} "
                f"{line.price.ref}{_layer(line)}"
            )
        out += _resolved_text(comparison, outcome)
        out += [f"  note: {note}" for note in outcome.notes]
    out += [
        f"\n{outcome.name}: not possible: {outcome.infeasible_reason}"
        for outcome in comparison.outcomes
        if not outcome.is_feasible
    ]
    return "\n".join(out)


def _resolved_text(comparison: Comparison, outcome: Outcome) -> list[str]:
    """The cost per resolved request, where the resolved share is known."""
    resolution, currency = resolved(comparison, outcome), comparison.currency
    if resolution is None:
        return []
    if resolution.usd_per_resolved_request is None:
        return [
            "  per resolved request: unknown: nothing is resolved, and people have no cost (escalation_usd)"
        ]
    amount = currency.of_float(resolution.usd_per_resolved_request)
    people = "the model alone"
    if resolution.people_usd_per_month is not None:
        amount_of_people = currency.of_float(resolution.people_usd_per_month)
        people = f"with {amount_of_people:,.2f} {currency.code} per month of people"
    how = f"{resolution.resolved_share:.0%} resolved, {people}"
    return [f"  per resolved request: {amount:,.6g} {currency.code} ({how})"]


def _layer(line: CostLine) -> str:
    """Name of the company's price table, where the price comes from one."""
    layer = line.price.layer
    return "" if layer in (SHIPPED_LAYER, SCENARIO_LAYER) else f" [{layer}]"


def breakeven_text(comparison: Comparison, result: Breakeven, most: int = 20) -> str:
    """What `breakeven` prints for a reader; a long list of crossings is cut, with a note."""
    currency = comparison.currency
    out = [comparison.scenario.name(), str(result.verdict)]
    rate = currency.rate(comparison.scenario.on)
    out += [] if rate is None else [str(rate)]
    for pair in result.pairs:
        out += ["", f"{pair.first.name}  |  {pair.second.name}", f"  {pair.explanation}"]
        charges = two_ways_to_charge(comparison, pair)
        out += [] if charges is None else [f"  {charges}"]
        for c in pair.crossings[:most]:
            jump = " (a replica more is needed here)" if c.is_jump else ""
            mtok, monthly = c.tokens_per_day / TOKENS_PER_MTOK, c.tokens_per_month / TOKENS_PER_MTOK
            out.append(
                f"  at {c.requests_per_day:,.1f} requests = {mtok:,.3f} M tokens per day ({monthly:,.1f} M "
                f"per month): above it {c.cheaper_above}{jump}"
            )
        if len(pair.crossings) > most:
            out.append(f"  ... and {len(pair.crossings) - most} more (--json lists all)")
    out += ["", f"Long-run marginal cost, {currency.code} per Mtok:"]
    out += [f"  {o.name!s:<60} {currency.of_float(usd):,.4f}" for o, usd in result.marginal_usd_per_mtok]
    return "\n".join(out)
