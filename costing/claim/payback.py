"""The claim's servers as an investment: cash month by month at a volume, with growth and dated API prices."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import asdict
from typing import Final

import numpy as np
import pandas as pd

from frames.frame import frame
from frames.registry import columns
from i18n.large_number import large
from i18n.message import Message, message
from pricing.book import PriceBook
from pricing.rows import ModelPrice

from ..comparison.compare import add_months
from ..comparison.payback import Payback, payback, split_capital
from ..units import MONTHS_PER_YEAR
from .reconstruction import Array, Claim

MONTHLY_CASH: Final = columns("number api_usd running_usd capital_usd sold_usd net_usd cumulative_usd")
"""Cash of buying servers against the API by month, the first is 1."""


def cash_frame(payback: Payback) -> pd.DataFrame:
    """MONTHLY_CASH."""
    rows = [asdict(cash) for cash in payback.months]
    return frame(MONTHLY_CASH, [{"number": row.pop("month") + 1, **row} for row in rows])


def claim_payback(
    claim: Claim, book: PriceBook, tokens_per_day: float, growth_share_per_month: float, horizon_months: int
) -> Payback:
    """Cash flow from the day of the claim's prices on. A changed API price keeps its ratio to the list price.

    After the last known row of a model its price is held. Raises CrossoverError where the servers cannot
    hold the workload.
    """
    months = np.arange(horizon_months, dtype=np.float64)
    requests = tokens_per_day / claim.tokens_per_request * (1 + growth_share_per_month) ** months
    api_usd = claim.usd_per_month_of(claim.api, requests) * _price_ratios(claim, book, horizon_months)
    hardware, terms = claim.own.owned_hardware(), claim.own.fleet.ownership
    cash = [split_capital(claim.own.lines(claim.workload.at(float(r))), hardware) for r in requests]
    return payback(
        api_usd.tolist(),
        [running for running, _ in cash],
        [capital for _, capital in cash],
        life_months=terms.life_years * MONTHS_PER_YEAR,
        residual_share=terms.residual_share,
        wacc_share=terms.wacc_share,
    )


def _price_ratios(claim: Claim, book: PriceBook, horizon_months: int) -> Array:
    """Cost of a request in each month, divided by its cost at the claim's prices."""
    row_id, first = claim.api.model.id, claim.scenario.on
    history = [row for row in book.history(ModelPrice, row_id) if row.effective_from > first]
    now = claim.with_model(row_id)
    base = now.usd_per_mtok(now.api)
    ratios = [1.0]
    for row in history:
        then = now.with_driver("api_input_usd_per_mtok", float(row.input_usd_per_mtok))
        then = then.with_driver("api_output_usd_per_mtok", float(row.output_usd_per_mtok))
        ratios.append(then.usd_per_mtok(then.api) / base)
    days = [row.effective_from for row in history]
    places = [bisect_right(days, add_months(first, m)) for m in range(horizon_months)]
    return np.array([ratios[place] for place in places])


def sentence(payback: Payback, tokens_per_day: float, tenure: str) -> Message:
    """The result as a sentence for a manager."""
    months = len(payback.months)
    if tenure != "owned":
        return message(
            "Renting at {tokens} tokens per day: NPV {npv:,.0f} USD over {months} months against "
            "staying with the API; nothing is bought, so nothing has to be paid back.",
            tokens=large(tokens_per_day),
            npv=payback.npv_usd,
            months=months,
        )
    if payback.payback_months is None:
        return message(
            "Buying at {tokens} tokens per day: NPV {npv:,.0f} USD over {months} months against staying "
            "with the API; the purchase is not paid back within them.",
            tokens=large(tokens_per_day),
            npv=payback.npv_usd,
            months=months,
        )
    return message(
        "Buying at {tokens} tokens per day: NPV {npv:,.0f} USD over {months} months against staying "
        "with the API; paid back after {payback:,.1f} months.",
        tokens=large(tokens_per_day),
        npv=payback.npv_usd,
        months=months,
        payback=payback.payback_months,
    )
