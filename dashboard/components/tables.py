"""Headings, and tables of report rows with translated columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from decimal import Decimal
from typing import Any, Final

import streamlit as st

from costing.currency import USD
from i18n.message import N_

from ..language import label_of, markdown_safe, t

UNKNOWN: Final = "–"

HEADINGS: Final = {
    "strategy": N_("Option"),
    "line": N_("Cost line"),
    "category": N_("Category"),
    "cadence": N_("Paid"),
    "quantity": N_("Quantity"),
    "unit": N_("Unit"),
    "amount": N_("Amount in {currency}"),
    "amount_per_month": N_("{currency} per month"),
    "amount_per_mtok": N_("{currency} per Mtok"),
    "currency": N_("Currency"),
    "fx_per_usd": N_("For 1 USD"),
    "fx_date": N_("Rate of"),
    "fx_source": N_("Source of the rate"),
    "tokens_per_month": N_("Tokens per month"),
    "usd_per_unit": N_("USD per unit"),
    "amount_usd": N_("Amount in USD"),
    "usd_per_month": N_("USD per month"),
    "price_ref": N_("Price row"),
    "source": N_("Source"),
    "checked_on": N_("Checked on"),
    "evidence": N_("Evidence"),
    "layer": N_("Price from"),
    "from_requests_per_day": N_("From requests per day"),
    "usd_per_mtok": N_("USD per Mtok"),
    "first": N_("First"),
    "second": N_("Second"),
    "requests_per_day": N_("Requests per day"),
    "tokens_per_day": N_("Tokens per day"),
    "cheaper_below": N_("Cheaper below"),
    "cheaper_above": N_("Cheaper above"),
    "is_jump": N_("At a replica's step"),
    "part": N_("Part"),
    "open_model": N_("Open model"),
    "gpu": N_("GPU"),
    "gpus_per_replica": N_("GPUs per replica"),
    "precision": N_("Precision of the weights"),
    "requests_at_once": N_("Requests at once"),
    "gib": N_("GiB"),
    "tokenizer": N_("Tokenizer"),
    "tokens": N_("Number of tokens"),
    "low": N_("Low (5 %)"),
    "high": N_("High (95 %)"),
    "how": N_("How counted"),
    "made": N_("Count"),
    "kind": N_("Kind"),
    "what": N_("What is wrong"),
    "note": N_("Note"),
    "rank": N_("Rank here"),
    "rank_per_mtok": N_("Rank by price list"),
    "model": N_("Model"),
    "vendor": N_("Vendor"),
    "input_tokens": N_("Input tokens"),
    "input_tokens_low": N_("Input, low (5 %)"),
    "input_tokens_high": N_("Input, high (95 %)"),
    "output_tokens": N_("Output tokens"),
    "usd_per_1k_requests": N_("USD per 1,000 requests"),
    "usd_per_1k_requests_low": N_("USD, low (5 %)"),
    "usd_per_1k_requests_high": N_("USD, high (95 %)"),
    "usd_per_1k_characters": N_("USD per 1,000 characters"),
    "usd_p5": N_("USD, 5 %"),
    "usd_p50": N_("USD, median"),
    "usd_p95": N_("USD, 95 %"),
    "amount_p5": N_("{currency}, 5 %"),
    "amount_p50": N_("{currency}, median"),
    "amount_p95": N_("{currency}, 95 %"),
    "cheapest_share": N_("Cheapest in"),
    "cheapest_share_low": N_("at least (95 % interval)"),
    "cheapest_share_high": N_("at most (95 % interval)"),
    "possible_share": N_("Possible in"),
    "draws": N_("Draws"),
    "seed": N_("Seed"),
    "input": N_("Input"),
    "path": N_("Name in the file"),
    "input_low": N_("Low"),
    "input_likely": N_("Likely"),
    "input_high": N_("High"),
    "shape": N_("Shape"),
    "origin": N_("Range from"),
    "month": N_("Month"),
    "number": N_("Month no."),
    "CashRow.kind": N_("Paid as"),
    "cash": N_("{currency} in the month"),
    "cash_usd": N_("USD in the month"),
    "cumulative": N_("{currency} so far"),
    "cumulative_usd": N_("USD so far"),
    "paid_so_far": N_("{currency} so far, without book value"),
    "paid_so_far_usd": N_("USD so far, without book value"),
    "equivalent_usd": N_("Equivalent USD of the month"),
    "present_value": N_("Present value in {currency}"),
    "present_value_usd": N_("Present value in USD"),
    "total": N_("Total in {currency}"),
    "total_usd": N_("Total in USD"),
    "at_start_usd": N_("At the start, USD"),
    "against": N_("Against"),
    "npv_usd": N_("NPV in USD"),
    "payback_months": N_("Payback, months"),
    "overtakes_in": N_("The lead changes in"),
    "discount_rate_share_per_year": N_("Discount rate"),
    "after_months": N_("After months"),
    "ahead": N_("Overtakes"),
    "behind": N_("Is overtaken"),
    "event": N_("Event"),
    "EventRow.what": N_("What happens"),
    "more_share": N_("Above the cheapest"),
    "context_window_tokens": N_("Context window"),
    "lifecycle": N_("Lifecycle"),
    "retires_on": N_("Retires on"),
    "region": N_("Region"),
    "reason": N_("Why not"),
    "usd_low": N_("USD, low (5 %)"),
    "usd_high": N_("USD, high (95 %)"),
}
_FORMATS: Final = {
    "quantity": "%,.3f",
    "amount": "%,.2f",
    "amount_per_month": "%,.2f",
    "amount_per_mtok": "%,.4f",
    "fx_per_usd": "%,.6g",
    "tokens_per_month": "%,.0f",
    "usd_per_unit": "%,.6g",
    "amount_usd": "%,.2f",
    "usd_per_month": "%,.2f",
    "requests_per_day": "%,.1f",
    "from_requests_per_day": "%,.0f",
    "usd_per_mtok": "%,.4f",
    "tokens_per_day": "%,.0f",
    "tokens": "%,.0f",
    "gpus_per_replica": "%d",
    "requests_at_once": "%,.0f",
    "gib": "%,.1f",
    "low": "%,.0f",
    "high": "%,.0f",
    "input_tokens": "%,.0f",
    "input_tokens_low": "%,.0f",
    "input_tokens_high": "%,.0f",
    "output_tokens": "%,.0f",
    "usd_per_1k_requests": "%,.4f",
    "usd_per_1k_requests_low": "%,.4f",
    "usd_per_1k_requests_high": "%,.4f",
    "usd_per_1k_characters": "%.9f",
    **{f"{kind}_{end}": "%,.2f" for kind in ("usd", "amount") for end in ("p5", "p50", "p95")},
    **dict.fromkeys(("cheapest_share", "cheapest_share_low", "cheapest_share_high"), "percent"),
    "possible_share": "percent",
    **dict.fromkeys(("input_low", "input_likely", "input_high"), "%,.6g"),
    **{
        name + usd: "%,.2f"
        for name in ("cash", "cumulative", "paid_so_far", "present_value", "total", "at_start", "npv")
        for usd in ("", "_usd")
    },
    "equivalent_usd": "%,.2f",
    "payback_months": "%.1f",
    "after_months": "%.1f",
    "number": "%d",
    "discount_rate_share_per_year": "percent",
    "more_share": "percent",
    "context_window_tokens": "%,.0f",
    **dict.fromkeys(("usd_low", "usd_high"), "%,.2f"),
}
_BESIDE: Final = {
    "amount": "amount_usd",
    "amount_per_month": "usd_per_month",
    "amount_per_mtok": "usd_per_mtok",
    **{f"amount_{end}": f"usd_{end}" for end in ("p5", "p50", "p95")},
    **{f"{what}_amount_per_month": f"{what}_usd_per_month" for what in ("machines", "idle")},
    **{name: f"{name}_usd" for name in ("cash", "cumulative", "paid_so_far", "present_value", "total")},
}
"""Columns in the report's currency, each before its USD column; hidden if the currency is USD."""
_RATE: Final = ("currency", "fx_per_usd", "fx_date", "fx_source")
_TRANSLATED: Final = frozenset(
    {"category", "cadence", "unit", "evidence", "layer", "made", "shape", "origin", "lifecycle"}
    | {"kind", "event"}
    | {"speed_evidence", "first_token_evidence", "energy_evidence"}
)


def section(title: str, caption: str = "") -> None:
    """Render a section's title with a line that explains how to read it."""
    below = f"\n:small[:gray[{caption}]]" if caption else ""
    st.markdown(f"##### {markdown_safe(title)}{below}")


def dataframe(
    rows: Sequence[Any],
    kind: type[Any],
    key: str,
    *,
    bar: str = "",
    buttons: Mapping[str, Any] | None = None,
    hidden: Sequence[str] = (),
) -> None:
    """Render a table of the CSV's rows, unknown as a dash; `bar` names a column also shown as bars.

    `buttons` are columns at the start: button label -> column. `hidden` columns have the same value in
    every row and are only in the CSV.
    """
    names = [field.name for field in fields(kind) if field.name not in hidden]
    cells = [[_shown(name, getattr(row, name)) for name in names] for row in rows]
    frame = {name: [row[i] for row in cells] for i, name in enumerate(names)}
    config: dict[str, Any] = {}
    currency = str(frame["currency"][0]) if rows and "currency" in frame else USD
    for name in names:
        is_text = any(isinstance(value, str) for value in frame[name])
        title = "how" if name == "tokens" and is_text else name
        own = f"{kind.__name__}.{title}"
        heading = label_of(HEADINGS, own if own in HEADINGS else title).format(currency=currency)
        if name == bar:
            longest = max((value for value in frame[name] if value is not None), default=0.0)
            config[name] = st.column_config.ProgressColumn(
                heading, format=_FORMATS[name], min_value=0.0, max_value=longest or 1.0
            )
        elif name in _FORMATS and not is_text:
            config[name] = st.column_config.NumberColumn(heading, format=_FORMATS[name])
        else:
            config[name] = st.column_config.Column(heading)
    buttons = buttons or {}
    frame |= {label: [label] * len(rows) for label in buttons}
    order = [*buttons, *_order(names, currency)]
    st.dataframe(
        frame,
        hide_index=True,
        column_config={**config, **buttons},
        column_order=order,
        key=key,
        placeholder=UNKNOWN,
    )


def _order(names: Sequence[str], currency: str) -> list[str]:
    """Order of the columns on the screen."""
    order = [name for name in names if name not in _BESIDE and (currency != USD or name not in _RATE)]
    for amount, usd in _BESIDE.items():
        if currency != USD and amount in names:
            order.insert(order.index(usd), amount)
    return order


def _shown(name: str, value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    return t(value) if name in _TRANSLATED and value else value
