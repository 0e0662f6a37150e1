"""Payback and NPV of buying servers against paying for an API."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..cost_lines import Cadence, CostCategory, CostLine
from ..serving.ownership import annual_capital_share
from ..strategy.profile import OwnedHardware
from ..units import MONTHS_PER_YEAR
from .compare import Comparison, Outcome

"""Category of the lines that recover a purchase, where the servers are bought."""

_CENT = 0.01


@dataclass(frozen=True, slots=True)
class MonthCash:
    """One month: what the API would have cost, and what is paid for the servers instead."""

    month: int
    """0 is the first."""
    api_usd: float
    """Saved; at the end of the month, as what the servers cost to run."""
    running_usd: float
    capital_usd: float
    """Bought at the start of the month."""
    sold_usd: float
    """Proceeds of worn-out servers, at the start of the month."""
    net_usd: float
    cumulative_usd: float
    """All net cash so far, not discounted."""


@dataclass(frozen=True, slots=True)
class Payback:
    """Buying against staying with the API, over a horizon."""

    months: tuple[MonthCash, ...]
    npv_usd: float
    """At the start of the first month; servers still standing at the end count at their book value."""
    payback_months: float | None
    """When the savings have repaid all that was spent, for good; None: not within the horizon."""
    book_value_usd: float
    """Book value of the servers at the end of the horizon, straight-line to their residual value."""


def payback(
    api_usd: Sequence[float],
    running_usd: Sequence[float],
    capital_usd: Sequence[float],
    *,
    life_months: float,
    residual_share: float,
    wacc_share: float,
) -> Payback:
    """`capital_usd` is what must stand in each month at its purchase price: more is bought as it grows.

    A purchase that has served its life is sold at the residual share and bought anew where it is still
    needed. Monthly discount: (1 + WACC)^(1/12). Payback counts cash only, without the book value.
    """
    purchases: list[tuple[int, float]] = []
    months: list[MonthCash] = []
    cumulative = npv = 0.0
    for month, (api, running, needed) in enumerate(zip(api_usd, running_usd, capital_usd, strict=True)):
        worn = [purchase for purchase in purchases if month - purchase[0] >= life_months]
        purchases = [purchase for purchase in purchases if month - purchase[0] < life_months]
        sold = sum(usd for _, usd in worn) * residual_share
        bought = max(0.0, needed - sum(usd for _, usd in purchases))
        if bought > _CENT:
            purchases.append((month, bought))
        else:
            bought = 0.0
        net = api - running - bought + sold
        cumulative += net
        npv += _present(sold - bought, month, wacc_share) + _present(api - running, month + 1, wacc_share)
        months.append(MonthCash(month, api, running, bought, sold, net, cumulative))
    end = len(months)
    book = sum(
        usd * (1 - (1 - residual_share) * min(1.0, (end - month) / life_months)) for month, usd in purchases
    )
    npv += _present(book, end, wacc_share)
    return Payback(tuple(months), npv, _payback_months(months), book)


def _present(usd: float, month: float, wacc_share: float) -> float:
    factor: float = (1 + wacc_share) ** (-month / MONTHS_PER_YEAR)
    return usd * factor


def _payback_months(months: Sequence[MonthCash]) -> float | None:
    """The last time the cumulative cash rises through zero, within its month as if it came evenly."""
    under = [cash.month for cash in months if cash.cumulative_usd < 0]
    if not under:
        spent = any(cash.capital_usd for cash in months)
        return _within(months[0], 0.0) if spent and months else 0.0
    last = under[-1]
    if last == months[-1].month:
        return None
    return _within(months[last + 1], months[last].cumulative_usd)


def _within(cash: MonthCash, before_usd: float) -> float:
    at_start = before_usd - cash.capital_usd + cash.sold_usd
    saved = cash.api_usd - cash.running_usd
    return cash.month + min(1.0, max(0.0, -at_start / saved)) if saved > 0 else float(cash.month)


def split_capital(lines: Iterable[CostLine], hardware: OwnedHardware | None) -> tuple[float, float]:
    """(what is paid to run it, what it cost to buy) of one month's lines.

    The purchase follows from the lines that recover it: a month of them is a twelfth of the annual share.
    Rented servers have no purchase.
    """
    running = capital = 0.0
    for line in lines:
        if (
            hardware is not None
            and line.category == CostCategory.HARDWARE
            and line.cadence == Cadence.MONTHLY
        ):
            capital += float(line.usd) / _monthly_share(hardware)
        else:
            running += float(line.usd)
    return running, capital


def _monthly_share(hardware: OwnedHardware) -> float:
    """Share of the purchase price that one month of its lines recovers."""
    life_years, residual = float(hardware.life_years), float(hardware.residual_share)
    return annual_capital_share(life_years, float(hardware.wacc_share), residual) / MONTHS_PER_YEAR


def of_comparison(comparison: Comparison, api: Outcome, own: Outcome) -> Payback | None:
    """With the scenario's growth and the dated prices of each month; None where nothing is bought."""
    hardware, is_choice = own.strategy.owned_hardware(), not own.strategy.is_reference
    if hardware is None or not (own.strategy.is_self_hosted and is_choice):
        return None
    horizon = comparison.scenario.horizon_months
    running, capital = [0.0] * horizon, [0.0] * horizon
    for item in comparison.month_lines(own):
        usd = item.quantity * item.usd_per_unit
        if item.line.category == CostCategory.HARDWARE and item.line.cadence == Cadence.MONTHLY:
            capital[item.month] += usd / _monthly_share(hardware)
        else:
            running[item.month] += usd
    return payback(
        [float(usd) for usd in comparison.usd_by_month(api)],
        running,
        capital,
        life_months=float(hardware.life_years) * MONTHS_PER_YEAR,
        residual_share=float(hardware.residual_share),
        wacc_share=float(hardware.wacc_share),
    )
