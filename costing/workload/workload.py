"""Workload: requests a day, their profile over the day, and the tokens of each part of a request."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final, Literal

import numpy as np

from i18n.errors import CrossoverError
from i18n.message import N_, message
from pricing.rows import Evidence

from ..cost_lines import CERTAIN, Band, weakest
from ..tokenization.images import Images
from ..tokenization.tokens import CountingMethods, TokenCount, merge_methods
from ..units import DAYS_PER_MONTH, SECONDS_PER_DAY, Quantity
from .conversation import RoundTrip, round_trips
from .load_profile import Hours, level, share_below

PART_LABELS: Final = {
    "instruction": N_("instruction"),
    "example": N_("example"),
    "knowledge": N_("knowledge"),
    "question": N_("question"),
    "answer": N_("answer"),
    "tools": N_("tools"),
    "tool_call": N_("tool call"),
    "tool_result": N_("tool result"),
}
"""Parts of a request, as a field of RequestTokens and as tables show them."""
TOOL_USE: Final = ("tool_call", "tool_result")
"""Parts of one tool call; given in tokens, and present only if tools are called."""
PARTS: Final = tuple(part for part in PART_LABELS if part not in TOOL_USE)
"""Parts that every request has."""

NOTHING: Final = TokenCount(0.0, 0.0, 0.0, Evidence.MEASURED, (), "exact")

USUAL_GAP_S: Final = 60.0
"""Default time between an answer and the next question of a conversation. An assumption, without a source."""


@dataclass(frozen=True, slots=True)
class RequestTokens:
    """Tokens of each part of one request, in one tokenizer."""

    instruction: TokenCount
    example: TokenCount
    knowledge: TokenCount
    question: TokenCount
    answer: TokenCount
    tools: TokenCount = NOTHING
    """Definitions of the tools that the model may call; part of every prompt."""
    tool_call: TokenCount = NOTHING
    """Output of the model that calls a tool."""
    tool_result: TokenCount = NOTHING
    """Result that a tool returns."""

    def parts(self) -> dict[str, TokenCount]:
        """Field -> count: the parts of every request, and those of tools that are not empty."""
        counts = {part: getattr(self, part) for part in (*PARTS, *TOOL_USE)}
        return {
            part: count for part, count in counts.items() if count.tokens or part not in ("tools", *TOOL_USE)
        }

    @property
    def evidence(self) -> Evidence:
        return weakest(*(count.evidence for count in self.parts().values() if count.tokens))

    @property
    def counting_methods(self) -> CountingMethods:
        """How the tokens were counted; each method once."""
        return merge_methods(*(count.counting_methods for count in self.parts().values() if count.tokens))


@dataclass(frozen=True)
class Prompt:
    """A request as one strategy sends it: a shared prefix, then question and answer, over the turns.

    Turn k of n sends the conversation before it again, so its prompt is
    prefix + retrieved + question + (k - 1) x (question + answer). Every tool call adds a prompt: see
    `round_trips`. Token counts are numbers or Monte Carlo sample arrays (draws,). Not slotted: it has cached
    properties.
    """

    prefix_tokens: float
    question_tokens: float
    """Including its images."""
    answer_tokens: float
    turns: int
    evidence: Evidence
    counting_methods: CountingMethods
    input_band: Band = CERTAIN
    output_band: Band = CERTAIN
    band: Band = CERTAIN
    """Band of input and output tokens together."""
    retrieved_tokens: float = 0.0
    """Chunks retrieved for this question: neither shared, nor sent again in later turns."""
    tool_calls: float = 0.0
    """Mean per request."""
    tool_call_tokens: float = 0.0
    tool_result_tokens: float = 0.0
    reasoning_tokens: float = 0.0
    """Billed as output; not sent again in later turns."""

    @cached_property
    def round_trips(self) -> tuple[RoundTrip, ...]:
        """Model calls of a conversation."""
        return round_trips(
            self.turns,
            self.question_tokens,
            self.answer_tokens,
            self.retrieved_tokens,
            self.tool_calls,
            self.tool_call_tokens,
            self.tool_result_tokens,
        )

    def tail_tokens(self) -> list[float]:
        """Prompt tokens after the prefix, one for each call of a conversation."""
        return [call.tail_tokens for call in self.round_trips]

    @property
    def calls(self) -> float:
        """Mean model calls per request."""
        return 1 + self.tool_calls

    @cached_property
    def input_tokens(self) -> float:
        """Mean prompt tokens per request over the turns, all its calls together."""
        tails = sum(call.share * call.tail_tokens for call in self.round_trips)
        return self.prefix_tokens * self.calls + tails / self.turns

    @property
    def output_tokens(self) -> float:
        """Mean output tokens per request: answer, reasoning and tool calls."""
        return self.answer_tokens + self.reasoning_tokens + self.tool_calls * self.tool_call_tokens

    @property
    def longest_tokens(self) -> float:
        """Prompt, reasoning and answer of the last call, which the context window must hold."""
        output_tokens = self.answer_tokens + self.reasoning_tokens
        return self.prefix_tokens + self.tail_tokens()[-1] + output_tokens


@dataclass(frozen=True, slots=True)
class Workload:
    """Volume and content of the requests; `requests_per_day` may be an array, and then every cost is one too.

    A request is a question with its answer: one model call, and one more for every tool call. A conversation
    of n turns is n requests. Any figure may be a Monte Carlo sample array (draws,), `turns` excepted.
    """

    requests_per_day: Quantity
    peak_to_average: float
    turns: int
    tokens: Mapping[str, RequestTokens]
    """Tokenizer id -> tokens of the parts."""
    seconds_between_turns: float = USUAL_GAP_S
    """Mean time from one answer of a conversation to the next question."""
    retry_share: float = 0.0
    """Share of all tries that fail and are sent again; their tokens are billed."""
    tool_calls: float = 0.0
    """Mean per request."""
    images: Images | None = None
    """Images of a mean question."""
    hour_shares: Hours = ()
    """Share of the day's requests in each hour, from midnight on; empty: a bell curve with that peak."""
    _prompts: dict[tuple[object, ...], Prompt] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """Cache of `prompt`, which does not depend on the volume."""
    _ends: dict[Literal["low", "high"], Workload] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """Cache of `at_end`, which does not depend on the volume."""

    @property
    def tries_per_request(self) -> float:
        """1 / (1 - retry share), since a second try may fail too."""
        return 1 / (1 - self.retry_share)

    def at(self, requests_per_day: Quantity) -> Workload:
        """The same workload at another volume."""
        workload = replace(self, requests_per_day=requests_per_day)
        object.__setattr__(workload, "_prompts", self._prompts)
        object.__setattr__(workload, "_ends", self._ends)
        return workload

    def at_end(self, end: Literal["low", "high"]) -> Workload:
        """The workload with every token count at that end of its band, without a band of its own."""
        if end not in self._ends:
            self._ends[end] = self._made_at(end)
        return self._ends[end].at(self.requests_per_day)

    def _made_at(self, end: Literal["low", "high"]) -> Workload:
        tokens = {
            tokenizer: RequestTokens(
                **{
                    part: replace(count, tokens=tokens, low=tokens, high=tokens)
                    for part, count in counted.parts().items()
                    for tokens in (count.low if end == "low" else count.high,)
                }
            )
            for tokenizer, counted in self.tokens.items()
        }
        return replace(self, tokens=tokens)

    @property
    def requests_per_month(self) -> Quantity:
        return self.requests_per_day * DAYS_PER_MONTH

    @property
    def requests_per_s(self) -> Quantity:
        """Mean over the day."""
        return self.requests_per_day / SECONDS_PER_DAY

    @property
    def peak_requests_per_s(self) -> Quantity:
        return self.requests_per_s * self.peak_to_average

    def load_at(self, percentile: float) -> float:
        """The load, as a multiple of the average, that is not exceeded for that percentage of the day."""
        return level(self.peak_to_average, percentile, self.hour_shares)

    def share_up_to(self, load: float) -> float:
        """The share of the day's requests below that load, a multiple of the average."""
        return share_below(self.peak_to_average, load, self.hour_shares)

    def counted(self, tokenizer: str) -> RequestTokens:
        """Tokens of the parts in one tokenizer; raises CrossoverError if they were not counted in it."""
        if tokenizer not in self.tokens:
            raise CrossoverError(
                message("the workload was not counted in '{tokenizer}' (count it first)", tokenizer=tokenizer)
            )
        return self.tokens[tokenizer]

    def prompt(
        self,
        tokenizer: str,
        *,
        instruction_share: float = 1.0,
        example_share: float = 1.0,
        knowledge_share: float = 1.0,
        retrieved: TokenCount | None = None,
        image: TokenCount | None = None,
        reasoning_tokens: float = 0.0,
    ) -> Prompt:
        """The request with those shares of its parts, and the chunks `retrieved` for the question.

        `image` counts all images of a question; it depends on the model, not on its tokenizer. Raises
        CrossoverError if the parts were not counted in `tokenizer`.
        """
        shares = instruction_share, example_share, knowledge_share
        key = (tokenizer, *shares, retrieved, image, reasoning_tokens)
        if key not in self._prompts:
            self._prompts[key] = self._prompt(tokenizer, shares, retrieved, image, reasoning_tokens)
        return self._prompts[key]

    def _prompt(
        self,
        tokenizer: str,
        shares: tuple[float, float, float],
        retrieved: TokenCount | None,
        image: TokenCount | None,
        reasoning_tokens: float,
    ) -> Prompt:
        tokens = self.counted(tokenizer)
        instruction_share, example_share, knowledge_share = shares
        prefix = (
            (tokens.tools, 1.0),
            (tokens.instruction, instruction_share),
            (tokens.example, example_share),
            (tokens.knowledge, knowledge_share),
        )
        calls = 1 + self.tool_calls
        # Over n turns a question is sent (n + 1) / 2 times per request, an answer (n - 1) / 2 times again;
        # and so by each call of the request.
        earlier_turns = (self.turns - 1) / 2
        tool_times = calls * self.tool_calls * earlier_turns + _times_sent_again(self.tool_calls)
        images = NOTHING if image is None else image
        input_parts = (
            *((part, share * calls) for part, share in prefix),
            *(() if retrieved is None else ((retrieved, calls),)),
            (tokens.question, calls * (self.turns + 1) / 2),
            (images, calls * (self.turns + 1) / 2),
            (tokens.answer, calls * earlier_turns),
            (tokens.tool_call, tool_times),
            (tokens.tool_result, tool_times),
        )
        reasoning = TokenCount(reasoning_tokens, reasoning_tokens, reasoning_tokens, Evidence.ASSUMED, ())
        output_parts = ((tokens.answer, 1.0), (tokens.tool_call, self.tool_calls), (reasoning, 1.0))
        extras = [count for count in (images, retrieved) if count is not None and count.tokens]
        return Prompt(
            prefix_tokens=sum(part.tokens * share for part, share in prefix),
            question_tokens=tokens.question.tokens + images.tokens,
            answer_tokens=tokens.answer.tokens,
            turns=self.turns,
            evidence=weakest(tokens.evidence, *(count.evidence for count in extras)),
            counting_methods=tokens.counting_methods
            if image is None
            else (*tokens.counting_methods, *image.counting_methods),
            retrieved_tokens=0.0 if retrieved is None else retrieved.tokens,
            tool_calls=self.tool_calls,
            tool_call_tokens=tokens.tool_call.tokens,
            tool_result_tokens=tokens.tool_result.tokens,
            reasoning_tokens=reasoning_tokens,
            input_band=band_of(*input_parts),
            output_band=band_of(*output_parts),
            band=band_of(*input_parts, *output_parts),
        )


def _times_sent_again(tool_calls: float) -> float:
    """How often a request sends its own tool calls and results: after n calls, 1 + 2 + ... + n times.

    >>> _times_sent_again(2), _times_sent_again(1.5)
    (3.0, 2.0)
    """
    whole = math.floor(tool_calls)
    return whole * (whole + 1) / 2 + (tool_calls - whole) * (whole + 1)


def band_of(*parts: tuple[TokenCount, float]) -> Band:
    """Band of a sum of parts, each times a factor: all parts at their low end, or all at their high end.

    Monte Carlo samples have no band: they are values within it.
    """
    if any(np.ndim(part.tokens) or np.ndim(times) for part, times in parts):
        return CERTAIN
    tokens = sum(part.tokens * times for part, times in parts)
    if not tokens:
        return CERTAIN
    return Band(
        sum(part.low * times for part, times in parts) / tokens,
        sum(part.high * times for part, times in parts) / tokens,
    )
