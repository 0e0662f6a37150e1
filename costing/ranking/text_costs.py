"""What one text costs with every model of the book, each counted with its own tokenizer, and its rank."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import pandas as pd

from frames.frame import frame
from frames.registry import columns
from i18n.message import Translate, listed, plain
from pricing.book import PricesOnDay
from pricing.rows import Evidence, ModelPrice, Tokenizer

from ..cost_lines import rounded_usd, weakest
from ..scenario.scenario import Scenario, part_tokens
from ..strategy.hosted_model import tier_for
from ..tokenization.text_language import text_kind
from ..tokenization.tokens import REFERENCE_ENCODING, TokenCount, by_ratio, count
from ..units import TOKENS_PER_MTOK
from ..workload.token_sum import summed
from ..workload.workload import PARTS
from .on_sale import on_sale
from .ranks import ranks

REQUESTS: Final = 1_000
CHARACTERS: Final = 1_000


@dataclass(frozen=True, slots=True)
class RequestCounts:
    """Tokens of one request in one family."""

    input: TokenCount
    output: TokenCount


CountRequest = Callable[[Tokenizer], RequestCounts]


TEXT_PRICE_COLUMNS: Final = columns(
    "rank rank_per_mtok model usd_per_1k_requests usd_per_1k_requests_low usd_per_1k_requests_high "
    "usd_per_1k_characters vendor tokenizer input_tokens input_tokens_low input_tokens_high output_tokens "
    "evidence counting_method price_ref source"
)
"""One model: its tokens of a text, and the cost of a thousand such requests.

`rank` is by the cost of this text, `rank_per_mtok` by list price per token, as if all tokenizers counted
alike. Rank and costs are missing where the text does not fit the model's context window;
`usd_per_1k_characters` is of input tokens only, and missing where the text is not available.
"""


def of_text(text: str, output_tokens: float) -> CountRequest:
    """Counter for a text and an answer of `output_tokens` reference tokens in the same language."""
    kind = text_kind(text)

    def count_request(tokenizer: Tokenizer) -> RequestCounts:
        return RequestCounts(
            count(text, tokenizer), by_ratio(output_tokens, tokenizer, kind, Evidence.ASSUMED)
        )

    return count_request


def of_scenario(scenario: Scenario, prices: PricesOnDay) -> CountRequest:
    """Counter for a scenario's request and its answer: texts are counted, stated tokens converted."""

    def count_request(tokenizer: Tokenizer) -> RequestCounts:
        counts = {part: part_tokens(scenario.parts[part], tokenizer.id, prices, part) for part in PARTS}
        answer = counts.pop("answer")
        return RequestCounts(summed(counts.values()), answer)

    return count_request


def input_characters(scenario: Scenario) -> int | None:
    """Characters of the request without its answer; None where a part is stated in tokens only."""
    parts = [scenario.parts[part] for part in PARTS if part != "answer"]
    if any(part.tokens and not part.text.strip() for part in parts):
        return None
    return sum(len(part.text) for part in parts)


def text_prices(
    count_request: CountRequest,
    prices: PricesOnDay,
    characters: int | None = None,
    translate: Translate = plain,
) -> pd.DataFrame:
    """TEXT_PRICE_COLUMNS of every model that is still sold that day, the cheapest for this text first.

    The text is counted once for each tokenizer. Standard prices without caching, outside any window of
    the day; the context tier is that of the prompt.
    """
    alike = count_request(prices.tokenizer(REFERENCE_ENCODING))
    counts = {REFERENCE_ENCODING: alike}
    rows: list[dict[str, Any]] = []
    list_prices: list[Decimal | None] = []
    for price in on_sale(prices):
        if price.tokenizer not in counts:
            counts[price.tokenizer] = count_request(prices.tokenizer(price.tokenizer))
        rows.append(_costs(price, counts[price.tokenizer], characters, translate))
        list_prices.append(_usd(price, alike.input.tokens, alike.output.tokens))
    text_ranks = ranks(row["usd_per_1k_requests"] for row in rows)
    ranked = [
        {"rank": rank, "rank_per_mtok": list_rank, **row}
        for row, rank, list_rank in zip(rows, text_ranks, ranks(list_prices), strict=True)
    ]
    ranked.sort(key=lambda row: (row["rank"] is None, row["rank"] or 0, row["model"]))
    return frame(TEXT_PRICE_COLUMNS, ranked)


def _costs(
    price: ModelPrice, request: RequestCounts, characters: int | None, translate: Translate
) -> dict[str, Any]:
    """Values of TEXT_PRICE_COLUMNS but for the ranks."""
    text, answer = request.input, request.output
    usd = _usd(price, text.tokens, answer.tokens)
    per_characters = None
    if characters and usd is not None:
        tier = tier_for(price, text.tokens)
        usd_of_input = text.tokens * float(tier.input_usd_per_mtok) / TOKENS_PER_MTOK
        per_characters = _nano(usd_of_input / characters * CHARACTERS)
    return {
        "model": price.id,
        "vendor": price.vendor,
        "tokenizer": price.tokenizer,
        "input_tokens": text.tokens,
        "input_tokens_low": text.low,
        "input_tokens_high": text.high,
        "output_tokens": answer.tokens,
        "usd_per_1k_requests": usd,
        "usd_per_1k_requests_low": None if usd is None else _usd(price, text.low, answer.low, text.tokens),
        "usd_per_1k_requests_high": None if usd is None else _usd(price, text.high, answer.high, text.tokens),
        "usd_per_1k_characters": per_characters,
        "evidence": weakest(text.evidence, price.evidence),
        "counting_method": listed(text.counting_methods).render(translate),
        "price_ref": price.ref,
        "source": price.source,
    }


def _usd(
    price: ModelPrice, input_tokens: float, output_tokens: float, prompt_tokens: float | None = None
) -> Decimal | None:
    """A thousand requests, at the tier of `prompt_tokens`; None where they exceed the model's window."""
    prompt = input_tokens if prompt_tokens is None else prompt_tokens
    window = price.context_window_tokens
    if window is not None and prompt_tokens is None and input_tokens + output_tokens > window:
        return None
    tier = tier_for(price, prompt)
    per_request = (
        input_tokens * float(tier.input_usd_per_mtok) + output_tokens * float(tier.output_usd_per_mtok)
    ) / TOKENS_PER_MTOK
    return rounded_usd(per_request * REQUESTS + float(price.usd_per_1k_requests or 0))


def _nano(usd: float) -> Decimal:
    """A price rounded to 1e-9 USD, since 1e-6 USD is too coarse for a few characters."""
    return Decimal(round(usd * 1e9)).scaleb(-9)
