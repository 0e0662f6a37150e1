"""Output of the command `cashflow`: JSON for programs, text for readers."""

from __future__ import annotations

from typing import Any

from frames.frame import records
from frames.json import json_records

from ..cash_flow.cash_flow import cash_flows
from ..cash_flow.verdict import cash_verdict, changes_of_lead
from ..comparison.compare import Comparison
from ..reports.cash_flow import cash_months, cash_summary, event_timeline, lead_changes
from ..scenario.traffic import month_name


def cashflow_json(comparison: Comparison) -> dict[str, Any]:
    """What `cashflow --json` prints; amounts are decimal text, exact to the millionth."""
    flows = cash_flows(comparison)
    months = json_records(cash_months(comparison, flows), "currency", "fx_per_usd", "fx_date", "fx_source")
    return {
        "scenario_id": comparison.scenario.id,
        "scenario": comparison.scenario.name(),
        "on": comparison.scenario.on.isoformat(),
        "horizon_months": comparison.scenario.horizon_months,
        "discount_rate_share_per_year": comparison.scenario.outlook.discount_rate_share_per_year,
        "currency": comparison.currency.code,
        "fx_per_usd": float(comparison.currency.per_usd),
        "verdict": str(cash_verdict(comparison, flows)),
        "changes_of_lead": [str(sentence) for sentence in changes_of_lead(comparison, flows)],
        "strategies": [
            {
                **row,
                "months": [
                    {name: value for name, value in month.items() if name != "strategy"}
                    for month in months
                    if month["strategy"] == row["strategy"]
                ],
            }
            for row in json_records(cash_summary(comparison, flows))
        ],
        "overtakings": json_records(lead_changes(comparison, flows)),
        "events": json_records(event_timeline(comparison, flows)),
        "not_possible": [
            {"strategy": str(outcome.name), "reason": str(outcome.infeasible_reason)}
            for outcome in comparison.outcomes
            if not outcome.is_feasible
        ],
    }


def cashflow_text(comparison: Comparison) -> str:
    """What `cashflow` prints for a reader."""
    flows, currency = cash_flows(comparison), comparison.currency
    out = [comparison.scenario.name(), str(cash_verdict(comparison, flows))]
    out += [str(sentence) for sentence in changes_of_lead(comparison, flows)]
    rate = currency.rate(comparison.scenario.on)
    out += [] if rate is None else [str(rate)]
    for row in records(cash_summary(comparison, flows)):
        out += ["", f"{row['strategy']}:"]
        out.append(
            f"  {row['total']:,.2f} {currency.code} in total, {row['present_value']:,.2f} at present value, "
            f"{currency.of(row['at_start_usd']):,.2f} of it at the start ({row['evidence']})"
        )
        if row["npv_usd"] is not None:
            payback = _payback(row["payback_months"])
            npv = currency.of(row["npv_usd"])
            out.append(f"  against {row['against']}: NPV {npv:,.2f} {currency.code}, {payback}")
    heading = f"{'month':<8} {'requests/day':>14}" + "".join(
        f" {number:>18}" for number in range(1, len(flows) + 1)
    )
    out += ["", *(f"  {number}: {flow.outcome.name}" for number, flow in enumerate(flows, 1)), "", heading]
    for month, day in enumerate(comparison.months):
        amounts = "".join(f" {currency.of(flow.usd_by_month[month]):>18,.2f}" for flow in flows)
        out.append(f"{month_name(day):<8} {comparison.requests_per_day[month]:>14,.1f}{amounts}")
    dated = records(event_timeline(comparison, flows))
    if dated:
        out += ["", "Events:"]
        out += [
            f"  {event['month']}  {event['event']:<13} {event['strategy'] or 'all'}: {event['description']}"
            for event in dated
        ]
    out += [
        f"\n{outcome.name}: not possible: {outcome.infeasible_reason}"
        for outcome in comparison.outcomes
        if not outcome.is_feasible
    ]
    return "\n".join(out)


def _payback(months: float | None) -> str:
    if months is None:
        return "not paid back within the horizon"
    return f"paid back after {months:.1f} months" if months else "cheaper from the first month on"
