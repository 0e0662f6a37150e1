"""History of the claim: its break-even on each day on which a price of a model line changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final, TypeVar

import pandas as pd

from frames.frame import frame
from frames.registry import columns
from i18n.message import N_
from pricing.book import PriceBook
from pricing.quote.model_names import Resolver
from pricing.rows import DatedFact, GpuRent, Milestone, ModelPrice

from .reconstruction import Claim, deployment_of

Row = TypeVar("Row", bound=DatedFact)

LINES: Final = {
    "flagship": N_("OpenAI's flagship"),
    "small": N_("OpenAI's small model"),
    "sonnet": N_("Anthropic's Sonnet"),
    "flash": N_("Google's Flash"),
    "open": N_("Open model (DeepSeek)"),
}
"""A line of models -> its name."""


HISTORY: Final = columns(
    "model_line day model input_usd_per_mtok output_usd_per_mtok rent_usd_per_gpu_hour "
    "break_even_tokens_per_day announced price_ref price_source launch_source rent_ref"
)
"""A row for each day from which another price applies. `rent_usd_per_gpu_hour` is missing where the servers'
cost is kept constant, `break_even_tokens_per_day` where the servers never paid."""

_PRICES: Final = (
    "model_line",
    "model",
    "input_usd_per_mtok",
    "output_usd_per_mtok",
    "rent_usd_per_gpu_hour",
)
"""Columns of which one changes in each row."""


def history_frame(
    claim: Claim, book: PriceBook, lines: Sequence[str], today: date, *, dated_rent: bool = False
) -> pd.DataFrame:
    """HISTORY, line by line, oldest first. The servers are those of the claim on every day.

    With `dated_rent` each day uses the rent in force then, and days before the first known
    rent are left out. A day without a price row in force is left out.
    """
    resolver = Resolver(book)
    rents = book.history(GpuRent, deployment_of(claim.own).gpu) if dated_rent else ()
    rows: list[dict[str, Any]] = []
    for line in lines:
        reigns = milestones(book, line)
        for place, milestone in enumerate(reigns):
            ends = reigns[place + 1].launched_on if place + 1 < len(reigns) else date.max
            history = [r for r in resolver.history(milestone.model) if isinstance(r, ModelPrice)]
            changes = {r.effective_from for r in (*history, *rents)}
            days = {milestone.launched_on, *(d for d in changes if milestone.launched_on < d < ends)}
            for day in sorted(days):
                price = row_on(history, day)
                rent = row_on(rents, day)
                if price is None or (dated_rent and rent is None):
                    continue
                rows.append(_row(claim, line, milestone, day, price, rent, today))
    return frame(HISTORY, [row for i, row in enumerate(rows) if not i or not _is_same(rows[i - 1], row)])


def milestones(book: PriceBook, line: str) -> list[Milestone]:
    """The models of one line, by their first day."""
    rows = [r for t, i in book.ids() if t == "milestones" for r in book.history(Milestone, i)]
    return sorted((r for r in rows if r.line == line), key=lambda row: row.launched_on)


def row_on(history: Sequence[Row], day: date) -> Row | None:
    """The row in force on a day; None before the first one and after the end of the last one."""
    started = [row for row in history if row.effective_from <= day]
    if not started or (started[-1].effective_to is not None and started[-1].effective_to < day):
        return None
    return started[-1]


def _row(
    claim: Claim,
    line: str,
    milestone: Milestone,
    day: date,
    price: ModelPrice,
    rent: GpuRent | None,
    today: date,
) -> dict[str, Any]:
    then = claim.with_driver("api_input_usd_per_mtok", float(price.input_usd_per_mtok))
    then = then.with_driver("api_output_usd_per_mtok", float(price.output_usd_per_mtok))
    if rent is not None:
        then = then.with_driver("rent_usd_per_gpu_hour", float(rent.usd_per_gpu_hour))
    return {
        "model_line": line,
        "day": day,
        "model": milestone.model,
        "input_usd_per_mtok": float(price.input_usd_per_mtok),
        "output_usd_per_mtok": float(price.output_usd_per_mtok),
        "rent_usd_per_gpu_hour": None if rent is None else float(rent.usd_per_gpu_hour),
        "break_even_tokens_per_day": then.break_even.tokens_per_day,
        "announced": day > today,
        "price_ref": price.ref,
        "price_source": price.source,
        "launch_source": milestone.source,
        "rent_ref": "" if rent is None else rent.ref,
    }


def _is_same(before: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
    """Whether a new row of the tables changed neither model nor price."""
    return all(before[name] == row[name] for name in _PRICES)
