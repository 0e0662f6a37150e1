"""Savings of fine-tuning: a frame, and a verdict in words."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from frames.frame import frame
from frames.registry import columns
from i18n.message import Message, Translate, message, plain
from pricing.rows import Evidence

from ..currency import DOLLAR, USD, Currency
from ..currency_notes import NoteAmounts, in_currency
from ..fine_tuning.cost import Job
from ..fine_tuning.savings import Saving, Savings
from ..units import DAYS_PER_MONTH


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
            "never at this volume: the shorter prompt saves {saved:,.2f} {currency} per month, and the tuned "
            "model's prices cost {more:,.2f} more",
            saved=NoteAmounts((float(saving.shorter_prompt_usd),)),
            more=NoteAmounts((float(saving.other_prices_usd),)),
            currency=USD,
        )
    fixed = float(saving.hosting_usd + saving.retraining_usd)
    if saving.pays_from_requests_per_day is None:
        return message(
            "never: hosting and retraining cost {fixed:,.2f} {currency} per month, and the tokens save "
            "{saved:,.2f}",
            fixed=NoteAmounts((fixed,)),
            saved=NoteAmounts((float(tokens),)),
            currency=USD,
        )
    return message(
        "never at this volume: hosting and retraining cost {fixed:,.2f} {currency} per month, and the tokens "
        "save {saved:,.2f}; it saves from {requests:,.0f} requests per day",
        fixed=NoteAmounts((fixed,)),
        saved=NoteAmounts((float(tokens),)),
        currency=USD,
        requests=saving.pays_from_requests_per_day,
    )


TUNING_COLUMNS: Final = columns(
    "offer saved_usd saved payback_days verdict training_usd training today_usd today shorter_prompt_usd "
    "shorter_prompt other_prices_usd other_prices hosting_usd hosting retraining_usd retraining tuned_usd "
    "tuned pays_from_requests_per_day compared_with evidence vendor price_ref source checked_on currency "
    "fx_per_usd fx_date fx_source"
)
"""One offer against today's prompt, per month but for the training; in USD and in the report's currency."""

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


def tuning_savings(
    savings: Savings, translate: Translate = plain, currency: Currency = DOLLAR
) -> pd.DataFrame:
    """TUNING_COLUMNS of each offer, largest saving first; offers that cannot be compared come last."""
    rows = [
        {
            **_offer(saving.job, saving.evidence, savings, translate),
            **{
                name: amount
                for field in _AMOUNTS
                for usd in (getattr(saving, f"{field}_usd"),)
                for name, amount in ((f"{field}_usd", usd), (field, currency.of(usd)))
            },
            "payback_days": saving.payback_days,
            "pays_from_requests_per_day": saving.pays_from_requests_per_day,
            "verdict": in_currency(verdict(saving, savings.horizon_months), currency).render(translate),
            **currency.columns(),
        }
        for saving in savings.savings
    ]
    rows += [
        {
            **_offer(job, job.evidence, savings, translate),
            **dict.fromkeys(_FIGURES),
            "verdict": why.render(translate),
            **currency.columns(),
        }
        for job, why in savings.refused
    ]
    return frame(TUNING_COLUMNS, rows)


def _offer(job: Job, evidence: Evidence, savings: Savings, translate: Translate) -> dict[str, Any]:
    return {
        "offer": job.offer.id,
        "compared_with": savings.compared_with.render(translate),
        "evidence": evidence,
        "vendor": job.offer.vendor,
        "price_ref": job.offer.ref,
        "source": job.offer.source,
        "checked_on": job.offer.checked_on,
    }
