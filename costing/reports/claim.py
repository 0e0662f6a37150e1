"""Report of the 25 M claim: verdict, calculation step by step, and the second condition."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from i18n.message import Message, Translate, message

from ..claim.reconstruction import CLAIMED_TOKENS_PER_DAY, Claim, deployment_of
from ..cost_lines import Cadence
from ..units import DAYS_PER_MONTH, TOKENS_PER_MTOK
from .comparison import plain

SMALL_MODEL: Final = "openai/gpt-4o-mini"


def verdict(owned: Claim, rented: Claim) -> Message:
    """Both reconstructions as one sentence."""
    volumes = [claim.break_even.tokens_per_day for claim in (owned, rented)]
    model = owned.api.model.name
    if volumes[0] is None or volumes[1] is None:
        return message(
            "Against {model}: bought, {owned}; rented, {rented}.",
            model=model,
            owned=_volume(owned),
            rented=_volume(rented),
        )
    return message(
        "{owned:,.1f} M tokens a day with {gpus:.0f} × {gpu} bought, against {model}; with the same rented, "
        "{rented:,.1f} M.",
        owned=volumes[0] / TOKENS_PER_MTOK,
        rented=volumes[1] / TOKENS_PER_MTOK,
        gpus=owned.values["gpus_per_replica"] * (1 + owned.values["spare_replicas"]),
        gpu=owned.prices.gpu(deployment_of(owned.own).gpu).name,
        model=model,
    )


def _volume(claim: Claim) -> Message:
    tokens = claim.break_even.tokens_per_day
    if tokens is not None:
        return message("{tokens:,.1f} M tokens a day", tokens=tokens / TOKENS_PER_MTOK)
    return claim.break_even.why_not or message("at no volume")


@dataclass(frozen=True, slots=True)
class ChainRow:
    """One step of the calculation of the break-even."""

    what: str
    value: float
    unit: str
    how: str
    source: str


def chain_rows(claim: Claim, translate: Translate = plain) -> list[ChainRow]:
    """From prices to the break-even and the capacity of the servers; each row follows from those above it.

    Raises CrossoverError where the servers cannot hold the workload.
    """
    usd_per_mtok, requests = claim.usd_per_mtok(claim.api), 1.0
    lines = tuple(claim.own.lines(claim.workload.at(requests)))
    a_day = float(claim.usd_a_month(claim.own, np.array([requests]))[0]) / DAYS_PER_MONTH
    rows: list[tuple[Message, float, Message, Message, str]] = [
        (
            message("API: a million tokens"),
            usd_per_mtok,
            message("USD per Mtok"),
            message(
                "{share:.0%} input at {input_usd:g} USD, rest output at {output_usd:g} USD; less {off:.0%}",
                share=claim.values["input_share"],
                input_usd=claim.values["api_input_usd_per_mtok"],
                output_usd=claim.values["api_output_usd_per_mtok"],
                off=claim.values["api_discount_share"],
            ),
            f"{claim.api.model.ref}: {claim.api.model.source}",
        )
    ]
    for line in lines:
        monthly = float(line.usd) / (1 if line.cadence == Cadence.MONTHLY else claim.scenario.horizon_months)
        rows.append(
            (
                message("Servers: {line}", line=line.name),
                monthly / DAYS_PER_MONTH,
                message("USD a day"),
                message(
                    "{quantity:,.6g} {unit} × {usd:,.6g} USD a month, over {days:g} days",
                    quantity=float(line.quantity),
                    unit=message(line.unit),
                    usd=float(line.usd_per_unit),
                    days=DAYS_PER_MONTH,
                ),
                f"{line.price.ref}: {line.price.source}",
            )
        )
    rows.append(
        (message("Servers: together"), a_day, message("USD a day"), message("the sum of these lines"), "")
    )
    tokens = claim.break_even.tokens_per_day
    if tokens is not None:
        rows.append(
            (
                message("Break-even"),
                tokens / TOKENS_PER_MTOK,
                message("M tokens a day"),
                message("servers a day ÷ API price, where one replica is enough"),
                "",
            )
        )
    measured, row = claim.measured_tokens_per_day, deployment_of(claim.own)
    rows.append(
        (
            message("What one replica can serve"),
            measured / TOKENS_PER_MTOK,
            message("M tokens a day"),
            message(
                "{speed:,.0f} output tokens per s at {input} input and {output} output tokens, around the "
                "clock",
                speed=float(row.output_tokens_per_s),
                input=row.input_tokens,
                output=row.output_tokens,
            ),
            row.source,
        )
    )
    rows.append(
        (
            message("The claim's 25 M of that"),
            CLAIMED_TOKENS_PER_DAY / measured,
            message("share"),
            message("so the break-even is a statement about fixed cost, not about capacity"),
            "",
        )
    )
    return [
        ChainRow(what.render(translate), value, unit.render(translate), how.render(translate), source)
        for what, value, unit, how, source in rows
    ]


def second_condition(claim: Claim) -> Iterator[Message]:
    """Sentences that compare the same servers with a small model."""
    small = claim.with_model(SMALL_MODEL)
    name = small.api.model.name
    yield message("Against {model}: {volume}.", model=name, volume=_volume(small))
    if claim.tenure == "owned":
        yield message(
            "Without a cost of capital: {volume}.", volume=_volume(small.with_driver("wacc_share", 0.0))
        )
    busy = small.with_driver("peak_to_average", 4.0)
    if busy.break_even.why_not is not None:
        yield message("At four times the average at the peak: {why}", why=busy.break_even.why_not)
    else:
        yield message("At four times the average at the peak: {volume}.", volume=_volume(busy))
