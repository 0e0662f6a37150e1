"""Report of the 25 M claim: headline, derivation step by step, and the second condition."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
import pandas as pd

from frames.frame import frame
from frames.registry import columns
from i18n.large_number import large
from i18n.message import N_, Message, Translate, message, plain
from pricing.rows.names import model_label

from ..claim.reconstruction import CLAIMED_TOKENS_PER_DAY, Claim, deployment_of
from ..units import DAYS_PER_MONTH, Unit

SMALL_MODEL: Final = "openai/gpt-4o-mini"
PEAK: Final = 4.0
"""Peak over average load at which the servers are compared with the small model."""
DERIVATION: Final = columns("step_kind derivation_step step_value unit calculation source")
"""Steps from prices to the break-even; `step_kind` is a value of StepKind, `unit` a text of the catalogue."""
USD_PER_DAY: Final = N_("USD per day")
TOKENS_PER_DAY: Final = N_("tokens per day")


class StepKind(StrEnum):
    """What a step of the derivation is."""

    API = "api"
    SERVER_COST = "server cost"
    SERVERS = "servers"
    BREAK_EVEN = "break-even"
    CAPACITY = "capacity"
    SHARE = "share"


def headline(baseline: Claim, current: Claim) -> Message:
    """The break-even of the reconstruction, and with the reader's changes where there are any."""
    before = baseline.break_even.tokens_per_day
    gpus = current.values["gpus_per_replica"] * (1 + current.values["spare_replicas"])
    values: dict[str, object] = {
        "baseline": _volume(baseline) if before is None else large(before),
        "gpus": large(gpus),
        "gpu": current.prices.gpu(deployment_of(current.own).gpu).name,
        "model": model_label(current.api.model.name),
        "tenure": message("bought") if current.tenure == "owned" else message("rented"),
    }
    now = current.break_even.tokens_per_day
    if not current.changed and current.api.model.id == baseline.api.model.id:
        return message(
            "Break-even: {baseline} tokens per day with {gpus} × {gpu} {tenure}, against {model}.", **values
        )
    if now is None:
        return message(
            "Break-even: baseline {baseline} tokens per day, with your changes at no volume ({gpus} × {gpu} "
            "{tenure}, against {model}).",
            **values,
        )
    values["now"] = large(now)
    return message(
        "Break-even: baseline {baseline}, with your changes {now} tokens per day ({gpus} × {gpu} {tenure}, "
        "against {model}).",
        **values,
    )


def _volume(claim: Claim) -> Message:
    tokens = claim.break_even.tokens_per_day
    if tokens is not None:
        return message("{tokens} tokens per day", tokens=large(tokens))
    return claim.break_even.why_not or message("at no volume")


def derivation(claim: Claim, translate: Translate = plain) -> pd.DataFrame:
    """DERIVATION: prices, the servers, the break-even and their capacity; a row follows from those above it.

    Raises CrossoverError where the servers cannot hold the workload.
    """
    return frame(
        DERIVATION,
        [
            {
                "step_kind": str(step.kind),
                "derivation_step": step.name.render(translate),
                "step_value": step.value,
                "unit": step.unit,
                "calculation": step.calculation.render(translate),
                "source": step.source,
            }
            for step in _steps(claim)
        ],
    )


@dataclass(frozen=True, slots=True)
class _Step:
    kind: StepKind
    name: Message
    value: float
    unit: str
    calculation: Message
    source: str = ""


def _steps(claim: Claim) -> Iterator[_Step]:
    requests, values = 1.0, claim.values
    yield _Step(
        StepKind.API,
        message("API: one million tokens"),
        claim.usd_per_mtok(claim.api),
        str(Unit.USD_PER_MTOK),
        message(
            "{share:.0%} input at {input_usd:g} USD, the rest output at {output_usd:g} USD; discount "
            "{off:.0%}",
            share=values["input_share"],
            input_usd=values["api_input_usd_per_mtok"],
            output_usd=values["api_output_usd_per_mtok"],
            off=values["api_discount_share"],
        ),
        f"{claim.api.model.ref}: {claim.api.model.source}",
    )
    for line in claim.own.lines(claim.workload.at(requests)):
        yield _Step(
            StepKind.SERVER_COST,
            message("Servers: {line}", line=line.name),
            float(line.usd_per_month(claim.scenario.horizon_months)) / DAYS_PER_MONTH,
            USD_PER_DAY,
            message(
                "{quantity:,.6g} {unit} × {usd:,.6g} USD ÷ {days:g} days",
                quantity=float(line.quantity),
                unit=message(line.unit),
                usd=float(line.usd_per_unit),
                days=DAYS_PER_MONTH,
            ),
            f"{line.price.ref}: {line.price.source}",
        )
    usd_per_month = float(claim.usd_per_month_of(claim.own, np.array([requests]))[0])
    yield _Step(
        StepKind.SERVERS,
        message("Servers: total"),
        usd_per_month / DAYS_PER_MONTH,
        USD_PER_DAY,
        message("sum of these lines"),
    )
    tokens = claim.break_even.tokens_per_day
    if tokens is not None:
        yield _Step(
            StepKind.BREAK_EVEN,
            message("Break-even"),
            tokens,
            TOKENS_PER_DAY,
            message("servers per day ÷ API price, where one replica is enough"),
        )
    measured, row = claim.measured_tokens_per_day, deployment_of(claim.own)
    yield _Step(
        StepKind.CAPACITY,
        message("Capacity of one replica"),
        measured,
        TOKENS_PER_DAY,
        message(
            "{speed:,.0f} output tokens per s at {input} input and {output} output tokens, around the clock",
            speed=float(row.output_tokens_per_s),
            input=row.input_tokens,
            output=row.output_tokens,
        ),
        row.source,
    )
    yield _Step(
        StepKind.SHARE,
        message("Share of it that the claim's {claimed} need", claimed=large(CLAIMED_TOKENS_PER_DAY)),
        CLAIMED_TOKENS_PER_DAY / measured,
        str(Unit.SHARE),
        message("the break-even is a statement about fixed cost, not about capacity"),
    )


def second_condition(claim: Claim) -> Iterator[Message]:
    """Sentences that compare the same servers with a small model."""
    small = claim.with_model(SMALL_MODEL)
    name = model_label(small.api.model.name)
    yield message("Against {model}: {volume}.", model=name, volume=_volume(small))
    if claim.tenure == "owned":
        yield message(
            "Without a cost of capital: {volume}.", volume=_volume(small.with_driver("wacc_share", 0.0))
        )
    busy = small.with_driver("peak_to_average", PEAK)
    if busy.break_even.why_not is not None:
        yield message(
            "With a peak of {peak:g} times the average: {why}", peak=PEAK, why=busy.break_even.why_not
        )
    else:
        yield message("With a peak of {peak:g} times the average: {volume}.", peak=PEAK, volume=_volume(busy))
