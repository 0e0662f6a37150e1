"""Columns of token counts and of what a prompt costs."""

from __future__ import annotations

from typing import Final

from i18n.message import N_

from ..column import Column, Dtype

COLUMNS: Final = (
    Column("model_name", N_("Model"), Dtype.TEXT, help=N_("Name and vendor.")),
    Column("family", N_("Tokenizer family"), Dtype.TEXT),
    Column("models_on_sale", N_("Models"), Dtype.INTEGER, format="%d", help=N_("Models that use it.")),
    Column(
        "over_reference_share",
        N_("Compared with o200k_base"),
        Dtype.FLOAT,
        format="percent",
        help=N_("Tokens of the same text, relative to OpenAI's o200k_base."),
    ),
    Column(
        "cached_input_tokens",
        N_("Of which cached"),
        Dtype.FLOAT,
        format="%,.0f",
        unit="tokens per call",
        help=N_("Input tokens that are read from the cache, per call."),
    ),
    Column("part_label", N_("Part of the call"), Dtype.TEXT, is_translated=True),
    Column("tokens_per_call", N_("Tokens per call"), Dtype.FLOAT, format="%,.0f"),
    Column("cost_share", N_("Share of the cost"), Dtype.FLOAT, format="percent"),
    Column("measure", N_("Way to save"), Dtype.TEXT, is_translated=True),
    Column("saved_share", N_("Saved (%)"), Dtype.FLOAT, format="percent"),
    Column(
        "one_off_usd",
        N_("One-off cost (USD)"),
        Dtype.AMOUNT,
        format="%,.2f",
        help=N_("Training of a fine-tuned model, paid once."),
    ),
    Column("tokens_per_image", N_("Tokens per image"), Dtype.FLOAT, format="%,.0f"),
)
