"""Output of the command `uncertainty`: JSON for programs, text for readers."""

from __future__ import annotations

from typing import Any, Final

from frames.frame import records
from frames.text import frame_text

from ..comparison.resolution import counts_people
from ..reports.cost_basis import with_people
from ..reports.uncertainty import distributions, evpi_by_input, input_ranges, swings
from ..reports.uncertainty_sentences import (
    breakeven_sentence,
    evpi_sentence,
    impossible,
    reversal_inputs,
    sentence,
    slow_formulas,
)
from ..uncertainty.monte_carlo import Percentiles, Uncertainty

_TORNADO: Final = ("path", "strategy", "usd_at_low", "usd_at_high", "cheapest_at_low", "cheapest_at_high")
_AMOUNTS: Final = {"amount_p5": ",.2f", "amount_p50": ",.2f", "amount_p95": ",.2f"}
_SHARES: Final = {"cheapest_share": ".1%", "possible_share": ".1%"}
_ENDS: Final = {"input_low": ",.6g", "input_likely": ",.6g", "input_high": ",.6g"}


def document(result: Uncertainty, at_most: float | None = None) -> dict[str, Any]:
    """The object that `uncertainty --json` prints."""
    crossing = result.breakeven
    return {
        "scenario_id": result.comparison.scenario.id,
        "on": result.comparison.scenario.on.isoformat(),
        "draws": result.draws,
        "seed": result.seed,
        "verdict": str(sentence(result)),
        "overturned_by": str(reversal_inputs(result)),
        "counts_people": counts_people(result.comparison),
        "none_share": result.none_share,
        "breakeven_tokens_per_day": _percentiles(crossing.tokens_per_day) if crossing else None,
        "never_share": crossing.never_share if crossing else None,
        "share_at_most": crossing.share_at_most(at_most) if crossing and at_most is not None else None,
        "worth_of_knowing_usd_per_month": {
            row["path"] or "everything": row["worth_usd_per_month"] for row in records(evpi_by_input(result))
        }
        or None,
        "strategies": [
            {
                "strategy": row["strategy"],
                "usd_per_month": _percentiles(item.usd_per_month),
                **{
                    name: row[name]
                    for name in (
                        "cheapest_share",
                        "cheapest_share_low",
                        "cheapest_share_high",
                        "possible_share",
                    )
                },
                "refusal": None if item.refusal is None else str(item.refusal),
            }
            for item, row in zip(result.strategies, records(distributions(result)), strict=True)
        ],
        "inputs": [
            {
                "path": row["path"],
                "label": row["input"],
                "low": row["input_low"],
                "likely": row["input_likely"],
                "high": row["input_high"],
                "shape": row["shape"],
                "origin": row["origin"],
            }
            for row in records(input_ranges(result))
        ],
        "tornado": [{name: row[name] for name in _TORNADO} for row in records(swings(result))],
        "scalar_fallbacks": [
            {"strategy": str(fallback.strategy), "draws": fallback.draws, "place": fallback.place}
            for fallback in result.scalar_fallbacks
        ],
    }


def _percentiles(usd: Percentiles | None) -> dict[str, float] | None:
    return None if usd is None else {"p5": usd.p5, "p50": usd.p50, "p95": usd.p95}


def printout(result: Uncertainty, at_most: float | None = None) -> str:
    """The text that `uncertainty` prints."""
    answers = (
        sentence(result),
        reversal_inputs(result),
        breakeven_sentence(result),
        evpi_sentence(result),
        with_people(result.comparison),
        *impossible(result),
        *slow_formulas(result),
    )
    out = [result.comparison.scenario.name(), *(str(answer) for answer in answers if answer is not None)]
    if result.breakeven is not None and at_most is not None:
        share = result.breakeven.share_at_most(at_most)
        out.append(f"At {at_most:,.0f} tokens per day or below: {share:.1%} of the simulations.")
    code = result.comparison.currency.code
    out += [
        "",
        f"{code} per month, {result.draws:,} simulations, random seed {result.seed}:",
        frame_text(
            distributions(result),
            {**_AMOUNTS, **_SHARES, "strategy": ""},
            ("5%", "median", "95%", "cheapest", "possible", "option"),
        ),
        "",
        "Uncertain inputs:",
        frame_text(
            input_ranges(result),
            {"path": "", **_ENDS, "shape": "", "origin": ""},
            ("input", "low", "likely", "high", "distribution", "origin"),
        ),
    ]
    return "\n".join(out)
