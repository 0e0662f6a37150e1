"""Winner maps and goal-seeks as rows for CSV, as JSON, and in sentences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

import numpy as np

from i18n.message import COMMA, N_, Message, Translate, figure, listed, literal, message

from ..comparison.compare import Comparison
from ..comparison.resolution import counts_people
from ..uncertainty.samples import Array
from ..uncertainty.what_if import GoalSeekResult, Lever, WinnerMap
from ..units import TOKENS_PER_MTOK
from .comparison import plain
from .cost_basis import basis_columns, with_people

_SIGNS: Final = "ABCDEFGHIJKL"


@dataclass(frozen=True, slots=True)
class InputMapRow:
    """The cheapest strategy at one value of each of two inputs."""

    across: str
    across_value: float
    up: str
    up_value: float
    cheapest: str
    """Blank: no strategy is feasible."""
    usd_per_month: float | None
    amount_per_month: float | None
    same_as_now: bool
    """Whether it is also the cheapest at the scenario's own values."""
    includes_people: bool
    currency: str
    fx_per_usd: Decimal
    fx_date: date | None
    fx_source: str


def map_rows(comparison: Comparison, winners: WinnerMap, translate: Translate = plain) -> list[InputMapRow]:
    """A row for each cell, the lowest row of the map first."""
    names = [outcome.name.render(translate) for outcome in comparison.outcomes]
    currency, rate = comparison.currency, basis_columns(comparison)
    rows: list[InputMapRow] = []
    for i, y in enumerate(winners.up_values.tolist()):
        for j, x in enumerate(winners.across_values.tolist()):
            place, usd = int(winners.winner[i, j]), float(winners.usd[i, j])
            rows.append(
                InputMapRow(
                    winners.across.path,
                    x,
                    winners.up.path,
                    y,
                    names[place] if place >= 0 else "",
                    usd if place >= 0 else None,
                    currency.of_float(usd) if place >= 0 else None,
                    place == winners.current,
                    **rate,
                )
            )
    return rows


def map_sentence(comparison: Comparison, winners: WinnerMap) -> Message:
    """Share of the map that agrees with the verdict, as a sentence."""
    if winners.current < 0:
        return message("No strategy is possible as the scenario stands.")
    share = float(np.mean(winners.winner == winners.current))
    name = comparison.outcomes[winners.current].name
    if share == 1:
        return message("{strategy} is the cheapest all over the map: neither input turns it.", strategy=name)
    others = [
        comparison.outcomes[int(place)].name
        for place in np.unique(winners.winner)
        if place not in (-1, winners.current)
    ]
    return message(
        "{strategy}, the cheapest now, stays so on {share:.0%} of the map; elsewhere: {others}.",
        strategy=name,
        share=share,
        others=listed(others, COMMA) if others else message("none is possible"),
    )


def map_json(comparison: Comparison, winners: WinnerMap) -> dict[str, Any]:
    """What `map --json` prints: one object."""
    return {
        "scenario_id": comparison.scenario.id,
        "on": comparison.scenario.on.isoformat(),
        "verdict": str(map_sentence(comparison, winners)),
        "across": lever_json(winners.across),
        "up": lever_json(winners.up),
        "across_values": winners.across_values.tolist(),
        "up_values": winners.up_values.tolist(),
        "strategies": [str(outcome.name) for outcome in comparison.outcomes],
        "cheapest": winners.winner.tolist(),
        "cheapest_now": winners.current,
        "counts_people": counts_people(comparison),
    }


def map_text(comparison: Comparison, winners: WinnerMap) -> str:
    """What `map` prints for a reader: a letter for each cell, the highest row on top."""
    out = [comparison.scenario.name(), str(map_sentence(comparison, winners)), ""]
    for i in reversed(range(len(winners.up_values))):
        cells = "".join("." if place < 0 else _SIGNS[place] for place in winners.winner[i].tolist())
        out.append(f"{figure(winners.up_values[i]):>14} {cells}")
    low, high = (figure(value) for value in (winners.across_values[0], winners.across_values[-1]))
    out += [f"{'':>14} {low} to {high}", ""]
    out += [f"across: {winners.across.path}", f"up:     {winners.up.path}"]
    out += [
        f"{_SIGNS[i]}: {outcome.name}"
        for i, outcome in enumerate(comparison.outcomes)
        if (winners.winner == i).any()
    ]
    people = with_people(comparison)
    out += [] if people is None else [str(people)]
    return "\n".join(out)


@dataclass(frozen=True, slots=True)
class SoughtRow:
    """The goal's quantity at one value of the input."""

    input: str
    value: float
    first: float | None
    """USD a month of the first strategy, or the break-even in tokens a day; None: none."""
    second: float | None
    """USD a month of the second strategy, or the wanted break-even."""
    unit: str


def sought_rows(comparison: Comparison, result: GoalSeekResult) -> list[SoughtRow]:
    """A row for each value over the span."""
    unit = N_("tokens a day")
    if result.first is not None:
        unit = N_("USD a month, with people") if counts_people(comparison) else N_("USD a month")
    return [
        SoughtRow(result.lever.path, value, _known(a), _known(b), unit)
        for value, a, b in zip(*(column.tolist() for column in _columns(result)), strict=True)
    ]


def _columns(result: GoalSeekResult) -> tuple[Array, Array, Array]:
    return result.curve.values, result.curve.first, result.curve.second


def _known(figure: float) -> float | None:
    return figure if np.isfinite(figure) else None


def answer_sentence(result: GoalSeekResult) -> Message:
    """Result of the goal seek as a sentence, or why no value reaches the goal."""
    lever, roots = result.lever, result.roots
    if roots.values:
        sentence = _goal(result, literal(figure(roots.values[0])))
        for value in roots.values[1:]:
            sentence = message("{before} Or {value}.", before=sentence, value=figure(value))
        if lever.usual is not None:
            sentence = message("{before} Now it is {now:,.6g}.", before=sentence, now=lever.usual)
        return sentence
    ends = {"input": lever.label, "low": roots.low, "high": roots.high}
    if roots.least is None or roots.most is None:
        if result.first is not None:
            return message(
                "Never: with no value of {input} between {low:,.6g} and {high:,.6g} are both strategies "
                "possible.",
                **ends,
            )
        return message(
            "Never: no value of {input} between {low:,.6g} and {high:,.6g} gives a break-even at all: own "
            "servers stay dearer at every volume.",
            **ends,
        )
    if roots.jump is not None:
        return message(
            "No value of {input} does it exactly: it is passed in one step between {low:,.6g} and "
            "{high:,.6g}.",
            input=lever.label,
            low=roots.jump[0],
            high=roots.jump[1],
        )
    if result.first is None or result.second is None:
        return message(
            "Never: with {input} between {low:,.6g} and {high:,.6g} the break-even stays between "
            "{least:,.1f} and {most:,.1f} M tokens a day.",
            **ends,
            least=roots.least / TOKENS_PER_MTOK,
            most=roots.most / TOKENS_PER_MTOK,
        )
    cheap, dear, gap = result.first.name, result.second.name, 1 / roots.most - 1
    if roots.least > 1:
        cheap, dear, gap = dear, cheap, roots.least - 1
    return message(
        "Never: with {input} between {low:,.6g} and {high:,.6g}, {dear} stays dearer than {cheap}, by "
        "{gap:.0%} at the least.",
        **ends,
        dear=dear,
        cheap=cheap,
        gap=gap,
    )


def _goal(result: GoalSeekResult, value: Message) -> Message:
    if result.first is None or result.second is None:
        return message(
            "Own servers become cheaper from {tokens:,.1f} M tokens a day on if {input} is {value}.",
            tokens=(result.target_tokens_per_day or 0.0) / TOKENS_PER_MTOK,
            input=result.lever.label,
            value=value,
        )
    return message(
        "{first} costs as much as {second} if {input} is {value}.",
        first=result.first.name,
        second=result.second.name,
        input=result.lever.label,
        value=value,
    )


def answer_json(comparison: Comparison, result: GoalSeekResult) -> dict[str, Any]:
    """What `seek --json` prints: one object."""
    return {
        "scenario_id": comparison.scenario.id,
        "on": comparison.scenario.on.isoformat(),
        "verdict": str(answer_sentence(result)),
        "input": lever_json(result.lever),
        "first": None if result.first is None else str(result.first.name),
        "second": None if result.second is None else str(result.second.name),
        "target_tokens_per_day": result.target_tokens_per_day,
        "values": list(result.roots.values),
        "jump": None if result.roots.jump is None else list(result.roots.jump),
    }


def lever_json(lever: Lever) -> dict[str, Any]:
    """An input with its current value and the span that is searched."""
    return {
        "path": lever.path,
        "label": str(lever.label),
        "now": lever.usual,
        "low": lever.low,
        "high": lever.high,
    }
