"""What a prompt costs with each model of the price book, and which part of the call its money goes to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import pandas as pd

from frames.frame import frame
from frames.registry import columns
from i18n.errors import CrossoverError
from i18n.message import Message, Translate, listed, message, plain
from pricing.book import PricesOnDay
from pricing.rows import ModelPrice, lifecycle_of, state_label
from pricing.rows.names import full_name

from ..cost_lines import CostLine, rounded_usd, usd_per_month_at_ends, weakest
from ..strategies.stuffed_prompt import StuffedPrompt
from ..strategy.base import Infeasible, Setting
from ..strategy.hosted_model import tier_for
from ..tokenization.images import Images
from ..tokenization.tokens import REFERENCE_ENCODING
from ..units import TOKENS_PER_MTOK
from ..workload.token_sum import summed
from ..workload.workload import Workload
from .on_sale import on_sale
from .prompt_use import (
    CHAT_FORMAT,
    FEES,
    IMAGES,
    PROMPT_PARTS,
    CallTokens,
    Counts,
    PromptUse,
    workload,
)
from .ranks import ranks
from .text_costs import REQUESTS

MODEL_COST_COLUMNS: Final = columns(
    "rank model_name model vendor usd_per_1k_requests usd_per_month usd_per_month_low usd_per_month_high "
    "input_tokens cached_input_tokens tokens_per_image output_tokens made lifecycle retires_on note reason "
    "tokenizer evidence counting_method price_ref source"
)
"""One model: tokens of a call, and the cost of 1,000 calls and of a month.

Missing with a reason: it cannot take the call (context window, images). Low and high are the cost with all
token counts at the 5th and the 95th percentile.
"""

PART_COST_COLUMNS: Final = columns(
    "model_name model part_label tokens_per_call cached_input_tokens usd_per_month cost_share price_ref "
    "source"
)
"""One part of a call with one model. Cached tokens are counted from the beginning of the prompt, which is
what a cache holds: tool definitions, chat format, system prompt, examples, knowledge, question, images."""

FAMILY_COLUMNS: Final = columns(
    "family tokenizer tokens low high over_reference_share made models_on_sale counting_method"
)
"""One tokenizer: tokens of the same texts with their band (5th to 95th percentile)."""

_INPUT_ORDER: Final = ("tools", CHAT_FORMAT, "instruction", "example", "knowledge", "question", IMAGES)


@dataclass(frozen=True, slots=True)
class ModelCost:
    """Monthly cost of a prompt with one model, or why it cannot be used."""

    price: ModelPrice
    lines: tuple[CostLine, ...] = ()
    input_tokens: float = 0.0
    reason: Message | None = None

    @property
    def usd_per_month(self) -> float | None:
        return None if self.reason is not None else sum(float(line.usd) for line in self.lines)


def settings(price: ModelPrice, cached_input_share: float) -> dict[str, Setting]:
    """Settings of a prompt strategy for a model with that share of its input read from the cache."""
    if not cached_input_share:
        return {"model": price.id, "caching": False}
    return {"model": price.id, "caching": True, "cached_input_share": cached_input_share}


def model_cost(
    price: ModelPrice, load: Workload, prices: PricesOnDay, choice: dict[str, Setting]
) -> ModelCost:
    """Cost of the calls of a workload with one model and the settings of a prompt strategy."""
    strategy = StuffedPrompt.build(choice, prices)
    try:
        strategy.check_startable(prices.day)
        lines = tuple(strategy.lines(load))
    except Infeasible as error:
        return ModelCost(price, reason=error.errors[0])
    return ModelCost(price, lines, strategy.prompt(load).input_tokens)


def model_costs(
    use: PromptUse, counts: Counts, prices: PricesOnDay, translate: Translate = plain
) -> pd.DataFrame:
    """MODEL_COST_COLUMNS of every model on sale, the cheapest first, those that cannot be used last."""
    load = workload(use, counts)
    costs = [
        model_cost(price, load, prices, settings(price, use.cached_input_share)) for price in on_sale(prices)
    ]
    costs.sort(key=lambda cost: (cost.usd_per_month is None, cost.usd_per_month or 0.0, cost.price.id))
    rows = [
        _model_row(cost, use, counts[cost.price.tokenizer], load, prices.day, translate) for cost in costs
    ]
    row_ranks = ranks(row["usd_per_month"] for row in rows)
    return frame(
        MODEL_COST_COLUMNS, [{"rank": rank, **row} for rank, row in zip(row_ranks, rows, strict=True)]
    )


def _model_row(
    cost: ModelCost, use: PromptUse, call: CallTokens, load: Workload, on: date, translate: Translate
) -> dict[str, Any]:
    price, usd = cost.price, cost.usd_per_month
    lifecycle = lifecycle_of(price)
    counted = summed(call.parts.values())
    low, high = usd_per_month_at_ends(cost.lines, 1)
    calls_per_month = float(load.requests_per_month)
    is_cached = use.cached_input_share > 0 and price.cached_input_usd_per_mtok is not None
    note = ""
    if use.cached_input_share > 0 and not is_cached:
        note = message("no price for cached input: billed in full").render(translate)
    return {
        "model_name": full_name(price),
        "model": price.id,
        "vendor": price.vendor,
        "usd_per_1k_requests": None if usd is None else rounded_usd(usd / calls_per_month * REQUESTS),
        "usd_per_month": None if usd is None else rounded_usd(usd),
        "usd_per_month_low": None if usd is None else rounded_usd(low),
        "usd_per_month_high": None if usd is None else rounded_usd(high),
        "input_tokens": call.text.tokens if usd is None else cost.input_tokens,
        "cached_input_tokens": cost.input_tokens * use.cached_input_share if is_cached else 0.0,
        "tokens_per_image": None if use.images is None else _tokens_per_image(use.images, price),
        "output_tokens": call.parts["answer"].tokens,
        "made": counted.made,
        "lifecycle": state_label(lifecycle.state_on(on)),
        "retires_on": lifecycle.retires_on,
        "note": note,
        "reason": "" if cost.reason is None else cost.reason.render(translate),
        "tokenizer": price.tokenizer,
        "evidence": weakest(price.evidence, *(line.evidence for line in cost.lines)),
        "counting_method": listed(counted.counting_methods).render(translate),
        "price_ref": price.ref,
        "source": price.source,
    }


def _tokens_per_image(images: Images, price: ModelPrice) -> float | None:
    """None where no rule is known for the model or the size."""
    try:
        return images.tokens(price.id).tokens / images.per_request
    except CrossoverError:
        return None


def part_costs(use: PromptUse, counts: Counts, models: Iterable[ModelPrice]) -> pd.DataFrame:
    """PART_COST_COLUMNS of these models, without parts that have no tokens and no cost.

    A model without a rule for images, or whose window is too short, is left out.
    """
    rows: list[dict[str, Any]] = []
    load = workload(use, counts)
    for price in models:
        try:
            parts = list(_parts_of(use, counts[price.tokenizer], price, float(load.requests_per_month)))
        except CrossoverError:  # no rule for its images; the table of models has the reason
            continue
        total = sum(usd for *_, usd in parts)
        rows += [
            {
                "model_name": full_name(price),
                "model": price.id,
                "part_label": PROMPT_PARTS[part],
                "tokens_per_call": tokens,
                "cached_input_tokens": cached,
                "usd_per_month": rounded_usd(usd),
                "cost_share": usd / total if total else 0.0,
                "price_ref": price.ref,
                "source": price.source,
            }
            for part, tokens, cached, usd in parts
            if tokens or usd
        ]
    return frame(PART_COST_COLUMNS, rows)


def _parts_of(
    use: PromptUse, call: CallTokens, price: ModelPrice, calls: float
) -> Iterator[tuple[str, float, float, float]]:
    """(part, tokens per call, of which cached, USD per month)."""
    tokens = {name: part.tokens for name, part in call.parts.items()}
    tokens[CHAT_FORMAT] = 0.0 if call.chat_format is None else call.chat_format.tokens
    tokens[IMAGES] = 0.0 if use.images is None else use.images.tokens(price.id).tokens
    total = sum(tokens[part] for part in _INPUT_ORDER)
    tier = tier_for(price, total)
    plain_usd, cached_usd = float(tier.input_usd_per_mtok), tier.cached_input_usd_per_mtok
    left = 0.0 if cached_usd is None else total * use.cached_input_share
    for part in _INPUT_ORDER:
        cached = min(left, tokens[part])
        left -= cached
        usd = (tokens[part] - cached) * plain_usd + cached * float(cached_usd or 0)
        yield part, tokens[part], cached, usd * calls / TOKENS_PER_MTOK
    yield (
        "answer",
        tokens["answer"],
        0.0,
        tokens["answer"] * float(tier.output_usd_per_mtok) * calls / TOKENS_PER_MTOK,
    )
    yield FEES, 0.0, 0.0, float(price.usd_per_1k_requests or 0) * calls / REQUESTS


def family_counts(counts: Counts, prices: PricesOnDay, translate: Translate = plain) -> pd.DataFrame:
    """FAMILY_COLUMNS of every tokenizer that was counted, most models first."""
    models = [price.tokenizer for price in on_sale(prices)]
    families = [prices.tokenizer(name) for name in counts]
    reference = counts[REFERENCE_ENCODING].text.tokens
    rows: list[dict[str, Any]] = []
    for family in sorted(families, key=lambda row: (-models.count(row.id), row.name)):
        text = counts[family.id].text
        rows.append(
            {
                "family": family.name,
                "tokenizer": family.id,
                "tokens": text.tokens,
                "low": text.low,
                "high": text.high,
                "over_reference_share": text.tokens / reference - 1 if reference else 0.0,
                "made": text.made,
                "models_on_sale": models.count(family.id),
                "counting_method": listed(text.counting_methods).render(translate),
            }
        )
    return frame(FAMILY_COLUMNS, rows)
