"""Columns of fine-tuning costs."""

from __future__ import annotations

from typing import Final

from i18n.message import N_

from ..column import Column, Dtype

COLUMNS: Final = (
    Column("offer", N_("Offer"), Dtype.TEXT),
    Column("training_usd", N_("Training (USD)"), Dtype.AMOUNT, format="%,.4f"),
    Column("training_usd_low", N_("Training (USD), low (5%)"), Dtype.AMOUNT, format="%,.4f"),
    Column("training_usd_high", N_("Training (USD), high (95%)"), Dtype.AMOUNT, format="%,.4f"),
    Column("training", N_("Training ({currency})"), Dtype.AMOUNT, format="%,.4f", usd_column="training_usd"),
    Column(
        "training_low",
        N_("Training ({currency}), low (5%)"),
        Dtype.AMOUNT,
        format="%,.4f",
        usd_column="training_usd_low",
    ),
    Column(
        "training_high",
        N_("Training ({currency}), high (95%)"),
        Dtype.AMOUNT,
        format="%,.4f",
        usd_column="training_usd_high",
    ),
    Column("trained_tokens", N_("Tokens billed for training"), Dtype.FLOAT, format="%,.0f"),
    Column("dataset_tokens", N_("Tokens of all examples"), Dtype.FLOAT, format="%,.0f"),
    Column("dataset_tokens_low", N_("Tokens of all examples, low (5%)"), Dtype.FLOAT, format="%,.0f"),
    Column("dataset_tokens_high", N_("Tokens of all examples, high (95%)"), Dtype.FLOAT, format="%,.0f"),
    Column("epochs", N_("Epochs"), Dtype.INTEGER),
    Column("epochs_from", N_("Source of the epochs"), Dtype.TEXT, is_translated=True),
    Column("trained_examples", N_("Examples billed"), Dtype.INTEGER, format="%,.0f"),
    Column("max_example_tokens", N_("Token limit per example"), Dtype.INTEGER, format="%,.0f"),
    Column("over_limit", N_("Examples over the limit"), Dtype.INTEGER, format="%,.0f"),
    Column("longer", N_("Longer examples"), Dtype.TEXT, is_translated=True),
    Column("served", N_("Hosting"), Dtype.TEXT, is_translated=True),
    Column("base_model", N_("Base model"), Dtype.TEXT),
    Column("limit_source", N_("Source of the limit"), Dtype.TEXT),
    Column("from_tokens", N_("From (tokens)"), Dtype.INTEGER, format="%,.0f"),
    Column("to_tokens", N_("Below (tokens)"), Dtype.INTEGER, format="%,.0f"),
    Column("examples", N_("Examples"), Dtype.INTEGER, format="%,.0f"),
    Column("examples_share", N_("Share of examples"), Dtype.FLOAT, format="percent"),
    Column("saved_usd", N_("Saved (USD per month)"), Dtype.AMOUNT, format="%,.2f"),
    Column("saved", N_("Saved ({currency} per month)"), Dtype.AMOUNT, format="%,.2f", usd_column="saved_usd"),
    Column("payback_days", N_("Payback (days)"), Dtype.FLOAT, format="%,.2f"),
    Column("verdict", N_("Result"), Dtype.TEXT),
    Column("today_usd", N_("Today (USD per month)"), Dtype.AMOUNT, format="%,.2f"),
    Column("today", N_("Today ({currency} per month)"), Dtype.AMOUNT, format="%,.2f", usd_column="today_usd"),
    Column("shorter_prompt_usd", N_("Saved by the shorter prompt (USD)"), Dtype.AMOUNT, format="%,.2f"),
    Column(
        "shorter_prompt",
        N_("Saved by the shorter prompt ({currency})"),
        Dtype.AMOUNT,
        format="%,.2f",
        usd_column="shorter_prompt_usd",
    ),
    Column("other_prices_usd", N_("Higher token prices (USD)"), Dtype.AMOUNT, format="%,.2f"),
    Column(
        "other_prices",
        N_("Higher token prices ({currency})"),
        Dtype.AMOUNT,
        format="%,.2f",
        usd_column="other_prices_usd",
    ),
    Column("hosting_usd", N_("Hosting (USD per month)"), Dtype.AMOUNT, format="%,.2f"),
    Column(
        "hosting",
        N_("Hosting ({currency} per month)"),
        Dtype.AMOUNT,
        format="%,.2f",
        usd_column="hosting_usd",
    ),
    Column("retraining_usd", N_("Retraining (USD per month)"), Dtype.AMOUNT, format="%,.2f"),
    Column(
        "retraining",
        N_("Retraining ({currency} per month)"),
        Dtype.AMOUNT,
        format="%,.2f",
        usd_column="retraining_usd",
    ),
    Column("tuned_usd", N_("Fine-tuned (USD per month)"), Dtype.AMOUNT, format="%,.2f"),
    Column(
        "tuned", N_("Fine-tuned ({currency} per month)"), Dtype.AMOUNT, format="%,.2f", usd_column="tuned_usd"
    ),
    Column("pays_from_requests_per_day", N_("Break-even (requests per day)"), Dtype.FLOAT, format="%,.0f"),
    Column("at_line", N_("Line"), Dtype.INTEGER, format="%d"),
    Column("compared_with", N_("Compared with"), Dtype.TEXT),
)
