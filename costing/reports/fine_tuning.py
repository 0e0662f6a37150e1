"""Savings of fine-tuning: rows and a verdict in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from i18n.message import Message, Translate, message

from ..currency import DOLLAR, USD, Currency
from ..currency_notes import NoteAmounts, in_currency
from ..fine_tuning.savings import Saving, Savings
from ..units import DAYS_PER_MONTH
from .comparison import plain


def verdict(saving: Saving, horizon_months: int) -> Message:
    """When training pays for itself, or why it never does; one sentence."""
    days = saving.payback_days
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
    tokens = saving.shorter_prompt_usd - saving.other_prices_usd
    if tokens <= 0:
        return message(
            "never at this volume: the shorter prompt saves {saved:,.2f} {currency} a month, and the tuned "
            "model's prices take {dearer:,.2f} more",
            saved=NoteAmounts((float(saving.shorter_prompt_usd),)),
            dearer=NoteAmounts((float(saving.other_prices_usd),)),
            currency=USD,
        )
    fixed = float(saving.hosting_usd + saving.retraining_usd)
    if saving.pays_from_requests_per_day is None:
        return message(
            "never: hosting and retraining cost {fixed:,.2f} {currency} a month, and the tokens save "
            "{saved:,.2f}",
            fixed=NoteAmounts((fixed,)),
            saved=NoteAmounts((float(tokens),)),
            currency=USD,
        )
    return message(
        "never at this volume: hosting and retraining cost {fixed:,.2f} {currency} a month, and the tokens "
        "save {saved:,.2f}; it saves from {requests:,.0f} requests a day",
        fixed=NoteAmounts((fixed,)),
        saved=NoteAmounts((float(tokens),)),
        currency=USD,
        requests=saving.pays_from_requests_per_day,
    )


@dataclass(frozen=True, slots=True)
class SavingRow:
    """One offer against today's prompt, a month but for the training; in the report's currency and in USD."""

    offer: str
    saved_usd: Decimal | None
    saved: Decimal | None
    payback_days: float | None
    verdict: str
    training_usd: Decimal | None
    training: Decimal | None
    today_usd: Decimal | None
    today: Decimal | None
    shorter_prompt_usd: Decimal | None
    shorter_prompt: Decimal | None
    other_prices_usd: Decimal | None
    other_prices: Decimal | None
    hosting_usd: Decimal | None
    hosting: Decimal | None
    retraining_usd: Decimal | None
    retraining: Decimal | None
    tuned_usd: Decimal | None
    tuned: Decimal | None
    pays_from_requests_per_day: float | None
    compared_with: str
    evidence: str
    vendor: str
    price_ref: str
    source: str
    checked_on: date
    currency: str
    fx_per_usd: Decimal
    fx_date: date | None
    fx_source: str


_AMOUNTS: Final = (
    "saved",
    "training",
    "today",
    "shorter_prompt",
    "other_prices",
    "hosting",
    "retraining",
    "tuned",
)
_FIGURES: Final = (
    *_AMOUNTS,
    *(f"{name}_usd" for name in _AMOUNTS),
    "payback_days",
    "pays_from_requests_per_day",
)
"""Fields that are blank where an offer cannot be compared."""


def saving_rows(
    savings: Savings, translate: Translate = plain, currency: Currency = DOLLAR
) -> list[SavingRow]:
    """A row for each offer, largest saving first; offers that cannot be compared come last."""
    today = savings.compared_with.render(translate)
    listed = [
        SavingRow(
            offer=saving.job.offer.id,
            saved=currency.of(saving.saved_usd),
            saved_usd=saving.saved_usd,
            payback_days=saving.payback_days,
            verdict=in_currency(verdict(saving, savings.horizon_months), currency).render(translate),
            training=currency.of(saving.training_usd),
            training_usd=saving.training_usd,
            today=currency.of(saving.today_usd),
            today_usd=saving.today_usd,
            shorter_prompt=currency.of(saving.shorter_prompt_usd),
            shorter_prompt_usd=saving.shorter_prompt_usd,
            other_prices=currency.of(saving.other_prices_usd),
            other_prices_usd=saving.other_prices_usd,
            hosting=currency.of(saving.hosting_usd),
            hosting_usd=saving.hosting_usd,
            retraining=currency.of(saving.retraining_usd),
            retraining_usd=saving.retraining_usd,
            tuned=currency.of(saving.tuned_usd),
            tuned_usd=saving.tuned_usd,
            pays_from_requests_per_day=saving.pays_from_requests_per_day,
            compared_with=today,
            evidence=saving.evidence,
            vendor=saving.job.offer.vendor,
            price_ref=saving.job.offer.ref,
            source=saving.job.offer.source,
            checked_on=saving.job.offer.checked_on,
            **currency.columns(),
        )
        for saving in savings.savings
    ]
    for job, why in savings.refused:
        empty: dict[str, Any] = dict.fromkeys(_FIGURES)
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
                **currency.columns(),
            )
        )
    return listed
