"""Rows and sentences of what tuning on a file saves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pricing.message import Message, Translate, message

from ..report import plain
from ..units import DAYS_PER_MONTH
from .saving import Saving, Savings


def verdict(one: Saving, horizon_months: int) -> Message:
    """In a sentence: when training has paid for itself, or why it never does."""
    days = one.payback_days
    if days is not None:
        if days > horizon_months * DAYS_PER_MONTH:
            return message(
                "training pays for itself in {days:,.0f} days at this volume, after the horizon of {months} "
                "months",
                days=days,
                months=horizon_months,
            )
        if days < 1:
            return message("training pays for itself within a day at this volume")
        return message("training pays for itself in {days:,.1f} days at this volume", days=days)
    tokens = one.shorter_prompt_usd - one.other_prices_usd
    if tokens <= 0:
        return message(
            "never at this volume: the shorter prompt saves {saved:,.2f} USD a month, and the tuned model's "
            "prices take {dearer:,.2f} more",
            saved=float(one.shorter_prompt_usd),
            dearer=float(one.other_prices_usd),
        )
    fixed = float(one.hosting_usd + one.retraining_usd)
    if one.pays_from_requests_per_day is None:
        return message(
            "never: hosting and retraining cost {fixed:,.2f} USD a month, and the tokens save {saved:,.2f}",
            fixed=fixed,
            saved=float(tokens),
        )
    return message(
        "never at this volume: hosting and retraining cost {fixed:,.2f} USD a month, and the tokens save "
        "{saved:,.2f}; it saves from {requests:,.0f} requests a day",
        fixed=fixed,
        saved=float(tokens),
        requests=one.pays_from_requests_per_day,
    )


@dataclass(frozen=True, slots=True)
class SavingRow:
    """One offer against today's prompt, in USD a month but for the training."""

    offer: str
    saved_usd: Decimal | None
    payback_days: float | None
    verdict: str
    training_usd: Decimal | None
    today_usd: Decimal | None
    shorter_prompt_usd: Decimal | None
    other_prices_usd: Decimal | None
    hosting_usd: Decimal | None
    retraining_usd: Decimal | None
    tuned_usd: Decimal | None
    pays_from_requests_per_day: float | None
    compared_with: str
    evidence: str
    vendor: str
    price_ref: str
    source: str
    checked_on: date


def saving_rows(found: Savings, translate: Translate = plain) -> list[SavingRow]:
    """Of every offer: those that save most first, at the end what cannot be compared."""
    today = found.compared_with.render(translate)
    listed = [
        SavingRow(
            offer=one.job.offer.id,
            saved_usd=one.saved_usd,
            payback_days=one.payback_days,
            verdict=verdict(one, found.horizon_months).render(translate),
            training_usd=one.training_usd,
            today_usd=one.today_usd,
            shorter_prompt_usd=one.shorter_prompt_usd,
            other_prices_usd=one.other_prices_usd,
            hosting_usd=one.hosting_usd,
            retraining_usd=one.retraining_usd,
            tuned_usd=one.tuned_usd,
            pays_from_requests_per_day=one.pays_from_requests_per_day,
            compared_with=today,
            evidence=one.evidence,
            vendor=one.job.offer.vendor,
            price_ref=one.job.offer.ref,
            source=one.job.offer.source,
            checked_on=one.job.offer.checked_on,
        )
        for one in found.found
    ]
    for job, why in found.refused:
        empty = dict.fromkeys(
            (
                "saved_usd",
                "payback_days",
                "training_usd",
                "today_usd",
                "shorter_prompt_usd",
                "other_prices_usd",
                "hosting_usd",
                "retraining_usd",
                "tuned_usd",
                "pays_from_requests_per_day",
            )
        )
        listed.append(
            SavingRow(
                offer=job.offer.id,
                verdict=why.render(translate),
                compared_with=today,
                evidence=job.evidence,
                vendor=job.offer.vendor,
                price_ref=job.offer.ref,
                source=job.offer.source,
                checked_on=job.offer.checked_on,
                **empty,
            )
        )
    return listed
