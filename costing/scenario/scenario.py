"""Scenario: workload, strategies, day and horizon; and how they are built with the prices of a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Final

from i18n.errors import CrossoverError
from i18n.message import N_, Message, literal, message
from pricing.book import PricesOnDay
from pricing.rows import Evidence

from ..currency import USD
from ..strategies import registered
from ..strategy.base import Setting, Strategy
from ..tokenization.images import Detail, Images
from ..tokenization.stated_count import StatedCount
from ..tokenization.tokens import TokenCount, by_ratio, count
from ..tokenization.tool_schema import tool_tokens
from ..workload.load_profile import Hours, peak_of
from ..workload.workload import PARTS, USUAL_GAP_S, RequestTokens, Workload
from .input_ranges import Correlation, InputRange
from .outlook import Outlook
from .requirements import Needs
from .traffic import Traffic

VERSION: Final = 1
MAX_STRATEGIES: Final = 12
READY_NAMES: Final = (
    N_("large model, long few-shot prompt"),
    N_("small model, long few-shot prompt"),
    N_("gpt-6.1-terra (OpenAI) without its cache"),
)
"""Names of strategies in the shipped scenarios."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a number of a scenario."""

    low: float
    high: float
    whole: bool = False

    def error(self, value: float | Decimal) -> Message | None:
        """What is wrong with a number, or None."""
        if not self.low <= value <= self.high:
            return message(
                "{value} is outside {low:g} to {high:g}", value=value, low=self.low, high=self.high
            )
        if self.whole and value != int(value):
            return message("{value} is not a whole number", value=value)
        return None


LIMITS: Final[Mapping[str, Limits]] = {
    "horizon_months": Limits(1, 120, whole=True),
    "requests_per_day": Limits(1, 1e9),
    "peak_to_average": Limits(1, 100),
    "turns": Limits(1, 100, whole=True),
    "growth_share_per_month": Limits(-0.5, 1),
    "tokens": Limits(0, 10_000_000, whole=True),
    "seconds_between_turns": Limits(0, 604_800),
    "retry_share": Limits(0, 0.9),
    "tool_calls_per_request": Limits(0, 50),
    "tool_call_tokens": Limits(0, 100_000, whole=True),
    "tool_result_tokens": Limits(0, 1_000_000, whole=True),
    "images_per_request": Limits(0, 100),
    "image_width_px": Limits(1, 100_000, whole=True),
    "image_height_px": Limits(1, 100_000, whole=True),
}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a request: its text, or else its number of tokens in o200k_base."""

    text: str = ""
    tokens: int | None = None
    kind: str = "en"
    """The kind of text that the tokens stand for; not used for a text."""
    counts: Mapping[str, StatedCount] = field(default_factory=dict)
    """Tokenizer id -> count of the text that `tokens` stands for; other tokenizers are converted by ratio."""

    @property
    def is_empty(self) -> bool:
        return not self.text.strip() and not self.tokens


@dataclass(frozen=True, slots=True)
class StrategyChoice:
    """A strategy of a scenario: its id and plain settings, not yet priced."""

    strategy: str
    settings: Mapping[str, Setting]
    name: str = ""
    """The user's name for it; blank: the strategy's label."""
    is_today: bool = False
    """Whether the workload is served this way today; at most one option of a scenario."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """All inputs of a comparison except the prices. Names and descriptions are by language."""

    id: str
    names: Mapping[str, str]
    descriptions: Mapping[str, str]
    on: date
    """The day whose prices hold."""
    horizon_months: int
    requests_per_day: float
    peak_to_average: float
    turns: int
    growth_share_per_month: float
    parts: Mapping[str, Part]
    strategies: tuple[StrategyChoice, ...]
    currency: str = USD
    """The currency of the reports; the model calculates in USD."""
    ranges: tuple[InputRange, ...] = ()
    """Uncertain inputs; a comparison uses the scenario's own figures."""
    correlations: tuple[Correlation, ...] = ()
    seconds_between_turns: float = USUAL_GAP_S
    retry_share: float = 0.0
    """Share of all tries that fail and are sent again."""
    tool_calls_per_request: float = 0.0
    tool_call_tokens: int = 60
    tool_result_tokens: int = 300
    """Tokens of a tool call and of its result, in o200k_base."""
    images_per_request: float = 0.0
    image_width_px: int = 1024
    image_height_px: int = 1024
    image_detail: Detail = "high"
    hour_shares: Hours = ()
    """Shares of the day's requests from midnight on; they determine peak_to_average."""
    traffic: Traffic = field(default_factory=Traffic)
    outlook: Outlook = field(default_factory=Outlook)
    needs: Needs = field(default_factory=Needs)
    """Requirements beside cost; they change no cost."""
    is_pinned: bool = True
    """Whether `on` was chosen. If not, it is the day on which the scenario was opened; its file has none."""

    def name(self, language: str = "en") -> str:
        return self.names.get(language) or next(iter(self.names.values()), "") or self.id

    def description(self, language: str = "en") -> str:
        return self.descriptions.get(language) or self.descriptions.get("en") or ""

    def pinned(self, on: date) -> Scenario:
        """With the prices of this day, whenever it is opened."""
        return replace(self, on=on, is_pinned=True)

    def unpinned(self, today: date) -> Scenario:
        """With the prices of the day on which it is opened, which is `today`."""
        return replace(self, on=today, is_pinned=False)

    def opened_on(self, today: date) -> Scenario:
        """With the prices of `today`, unless it is pinned to a day."""
        return self if self.is_pinned else self.unpinned(today)

    def with_part(self, part: str, value: Part) -> Scenario:
        return replace(self, parts={**self.parts, part: value})

    def with_hours(self, hour_shares: Hours) -> Scenario:
        """With hourly shares; with none, a bell curve of the same peak."""
        peak = peak_of(hour_shares) if hour_shares else self.peak_to_average
        return replace(self, hour_shares=hour_shares, peak_to_average=peak)

    def with_today(self, index: int | None) -> Scenario:
        """With this option marked as the one in use today; None: none is."""
        strategies = tuple(
            replace(choice, is_today=place == index) for place, choice in enumerate(self.strategies)
        )
        return replace(self, strategies=strategies)

    def with_strategy(self, index: int, choice: StrategyChoice) -> Scenario:
        strategies = list(self.strategies)
        strategies[index] = choice
        return replace(self, strategies=tuple(strategies))


def part_tokens(part: Part, tokenizer: str, prices: PricesOnDay, name: str = "") -> TokenCount:
    """Tokens of a part in a tokenizer; `name` is the name of the part, since tools are JSON."""
    row = prices.tokenizer(tokenizer)
    if part.text.strip():
        return tool_tokens(part.text, row) if name == "tools" else count(part.text, row)
    if tokenizer in part.counts:
        return part.counts[tokenizer].token_count()
    return by_ratio(float(part.tokens or 0), row, part.kind, Evidence.ASSUMED)


def workload_of(scenario: Scenario, tokenizers: set[str], prices: PricesOnDay) -> Workload:
    """The workload, counted in each tokenizer; raises CrossoverError without a question or an answer."""
    errors = [
        message(
            "{part}: no text and no tokens (paste a typical {part}, or give its tokens)", part=message(part)
        )
        for part in ("question", "answer")
        if scenario.parts[part].is_empty
    ]
    if errors:
        raise CrossoverError(*errors)
    tokens: dict[str, RequestTokens] = {}
    for tokenizer in sorted(tokenizers):
        counts: dict[str, TokenCount] = {}
        for name in PARTS:
            try:
                counts[name] = part_tokens(scenario.parts[name], tokenizer, prices, name)
            except CrossoverError as error:
                raise CrossoverError(
                    *(message("{part}: {what}", part=message(name), what=problem) for problem in error.errors)
                ) from error
        if scenario.tool_calls_per_request:
            counts["tool_call"], counts["tool_result"] = tool_use(scenario, tokenizer, prices)
        tokens[tokenizer] = RequestTokens(**counts)
    return Workload(
        scenario.requests_per_day,
        peak_of(scenario.hour_shares) if scenario.hour_shares else scenario.peak_to_average,
        scenario.turns,
        tokens,
        hour_shares=scenario.hour_shares,
        seconds_between_turns=scenario.seconds_between_turns,
        retry_share=scenario.retry_share,
        tool_calls=scenario.tool_calls_per_request,
        images=images_of(scenario) if scenario.images_per_request else None,
    )


def tool_use(scenario: Scenario, tokenizer: str, prices: PricesOnDay) -> tuple[TokenCount, TokenCount]:
    """Tokens of a tool call and of its result, which are given in o200k_base and usually JSON."""
    row = prices.tokenizer(tokenizer)
    return (
        by_ratio(float(scenario.tool_call_tokens), row, "json", Evidence.ASSUMED),
        by_ratio(float(scenario.tool_result_tokens), row, "json", Evidence.ASSUMED),
    )


def images_of(scenario: Scenario) -> Images:
    return Images(
        scenario.images_per_request,
        scenario.image_width_px,
        scenario.image_height_px,
        scenario.image_detail,
    )


def strategies_of(scenario: Scenario, prices: PricesOnDay) -> tuple[Strategy, ...]:
    """The scenario's strategies at the prices of a day; raises CrossoverError with every fault."""
    built: list[Strategy] = []
    errors: list[Message] = []
    for index, choice in enumerate(scenario.strategies):
        try:
            built.append(registered()[choice.strategy].build(choice.settings, prices))
        except CrossoverError as error:
            place = f"{scenario.id}: strategies[{index + 1}] {choice.strategy}"
            errors += error.at(place).errors
    if errors:
        raise CrossoverError(*errors)
    return tuple(built)


def own_name(name: str) -> Message:
    """The name as it was written; only names of the shipped scenarios are translated."""
    return Message(name) if name in READY_NAMES else literal(name)


def named(scenario: Scenario, labels: tuple[Message, ...]) -> tuple[Message, ...]:
    """The displayed name of each strategy: the user's name or its label, numbered where two are equal."""
    wanted = [
        own_name(choice.name) if choice.name else label
        for choice, label in zip(scenario.strategies, labels, strict=True)
    ]
    names: list[Message] = []
    taken: set[str] = set()
    for wish in wanted:
        name, n = wish, 1
        while str(name) in taken:
            n += 1
            name = message("{name} ({n})", name=wish, n=n)
        taken.add(str(name))
        names.append(name)
    return tuple(names)
