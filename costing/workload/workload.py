"""What is asked: requests a day, their shape over the day, and the tokens of each part of a request."""

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
from ..tokenization.tokens import TokenCount, Ways, together
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
"""Of one call of a tool; stated in tokens, and there only if tools are called."""
PARTS: Final = tuple(part for part in PART_LABELS if part not in TOOL_USE)
"""Parts that every request has."""

NOTHING: Final = TokenCount(0.0, 0.0, 0.0, Evidence.MEASURED, (), "exact")

USUAL_GAP_S: Final = 60.0
"""Between an answer and the next question of a conversation, where nobody says. Ours, without a source."""


@dataclass(frozen=True, slots=True)
class RequestTokens:
    """Tokens of each part of one request, in one tokenizer."""

    instruction: TokenCount
    example: TokenCount
    knowledge: TokenCount
    question: TokenCount
    answer: TokenCount
    tools: TokenCount = NOTHING
    """Definitions of the tools that the model may call; they go with every prompt."""
    tool_call: TokenCount = NOTHING
    """What the model writes to call one."""
    tool_result: TokenCount = NOTHING
    """What a tool sends back."""

    def parts(self) -> dict[str, TokenCount]:
        """Field -> count: the parts of every request, and what belongs to tools where there is any."""
        counts = {part: getattr(self, part) for part in (*PARTS, *TOOL_USE)}
        return {
            part: count for part, count in counts.items() if count.tokens or part not in ("tools", *TOOL_USE)
        }

    @property
    def evidence(self) -> Evidence:
        return weakest(*(count.evidence for count in self.parts().values() if count.tokens))

    @property
    def how(self) -> Ways:
        """How the tokens were counted; each way once."""
        return together(*(count.how for count in self.parts().values() if count.tokens))


@dataclass(frozen=True)
class Prompt:
    """A request as one strategy sends it: a shared prefix, then question and answer, over the turns.

    Turn k of n re-sends what was said before it, so its prompt is
    prefix + retrieved + question + (k - 1) x (question + answer). Every tool call is a prompt more:
    see `round_trips`. Not slotted: its calls are worked out once, when first asked for.
    """

    prefix_tokens: float
    question_tokens: float
    """With its images."""
    answer_tokens: float
    turns: int
    evidence: Evidence
    how: Ways
    input_band: Band = CERTAIN
    output_band: Band = CERTAIN
    band: Band = CERTAIN
    """Of input and output tokens together."""
    retrieved_tokens: float = 0.0
    """Looked up for this question alone: neither shared, nor sent again in later turns."""
    tool_calls: float = 0.0
    """Of a mean request."""
    tool_call_tokens: float = 0.0
    tool_result_tokens: float = 0.0
    reasoning_tokens: float = 0.0
    """Billed as output before the answer, and not sent again."""

    @cached_property
    def round_trips(self) -> tuple[RoundTrip, ...]:
        """The calls of a conversation."""
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
        """Prompt tokens after the prefix, for each call of a conversation."""
        return [call.tail_tokens for call in self.round_trips]

    @property
    def calls(self) -> float:
        """Of the model, for a mean request."""
        return 1 + self.tool_calls

    @cached_property
    def input_tokens(self) -> float:
        """Prompt tokens of a mean request over the turns, all its calls together."""
        tails = sum(call.share * call.tail_tokens for call in self.round_trips)
        return self.prefix_tokens * self.calls + tails / self.turns

    @property
    def output_tokens(self) -> float:
        """Of a mean request: the answer, the reasoning before it, and the calls of tools."""
        return self.answer_tokens + self.reasoning_tokens + self.tool_calls * self.tool_call_tokens

    @property
    def longest_tokens(self) -> float:
        """Prompt, reasoning and answer of the last call: what the context window must hold."""
        said = self.answer_tokens + self.reasoning_tokens
        return self.prefix_tokens + self.tail_tokens()[-1] + said


@dataclass(frozen=True, slots=True)
class Workload:
    """How much is asked; `requests_per_day` may be an array, and then every cost is one too.

    A request is a question with its answer: one call of the model, and one more for every tool call.
    A conversation of n turns is n requests.
    """

    requests_per_day: Quantity
    peak_to_average: float
    turns: int
    tokens: Mapping[str, RequestTokens]
    """Tokenizer id -> tokens of the parts."""
    seconds_between_turns: float = USUAL_GAP_S
    """On average, from one call of a conversation to the next question."""
    retry_share: float = 0.0
    """Of all tries: those that fail and are sent again, their tokens billed."""
    tool_calls: float = 0.0
    """Of a mean request."""
    images: Images | None = None
    """Of a mean question."""
    hour_shares: Hours = ()
    """Of the day's requests, from midnight on; none: a bell with that peak over average."""
    _prompts: dict[tuple[object, ...], Prompt] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """What `prompt` gave; no volume changes it, and a bill asks for it many times."""
    _ends: dict[Literal["low", "high"], Workload] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """What `at_end` made, at whatever volume."""

    @property
    def tries_per_request(self) -> float:
        """1 / (1 - retry share): a second try may fail as the first did."""
        return 1 / (1 - self.retry_share)

    def at(self, requests_per_day: Quantity) -> Workload:
        """The same workload at another volume."""
        found = replace(self, requests_per_day=requests_per_day)
        object.__setattr__(found, "_prompts", self._prompts)
        object.__setattr__(found, "_ends", self._ends)
        return found

    def at_end(self, end: Literal["low", "high"]) -> Workload:
        """With every token count at that end of its band, and sure."""
        if end not in self._ends:
            self._ends[end] = self._made_at(end)
        return self._ends[end].at(self.requests_per_day)

    def _made_at(self, end: Literal["low", "high"]) -> Workload:
        tokens = {
            tokenizer: RequestTokens(
                **{
                    part: replace(count, tokens=found, low=found, high=found)
                    for part, count in counted.parts().items()
                    for found in (count.low if end == "low" else count.high,)
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
        """Averaged over the day."""
        return self.requests_per_day / SECONDS_PER_DAY

    @property
    def peak_requests_per_s(self) -> Quantity:
        return self.requests_per_s * self.peak_to_average

    def load_at(self, percentile: float) -> float:
        """The load, over the average, that the day stays at or below for that percentile of its time."""
        return level(self.peak_to_average, percentile, self.hour_shares)

    def share_up_to(self, load: float) -> float:
        """The share of the day's requests that come below that load, over the average."""
        return share_below(self.peak_to_average, load, self.hour_shares)

    def counted(self, tokenizer: str) -> RequestTokens:
        """The parts in one tokenizer; raises if never counted in it."""
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
        """The request with those shares of its parts kept, and what was `retrieved` for the question.

        `image` is all images of a question, which the model and not its tokenizer decides on. Raises if
        never counted in `tokenizer`.
        """
        shares = instruction_share, example_share, knowledge_share
        asked = (tokenizer, *shares, retrieved, image, reasoning_tokens)
        if asked not in self._prompts:
            self._prompts[asked] = self._prompt(tokenizer, shares, retrieved, image, reasoning_tokens)
        return self._prompts[asked]

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
        # Over n turns a question is sent (n + 1) / 2 times a request, an answer (n - 1) / 2 times again;
        # and so by each call of the request.
        before = (self.turns - 1) / 2
        worked = calls * self.tool_calls * before + _times_sent_again(self.tool_calls)
        pictures = NOTHING if image is None else image
        sent = (
            *((part, share * calls) for part, share in prefix),
            *(() if retrieved is None else ((retrieved, calls),)),
            (tokens.question, calls * (self.turns + 1) / 2),
            (pictures, calls * (self.turns + 1) / 2),
            (tokens.answer, calls * before),
            (tokens.tool_call, worked),
            (tokens.tool_result, worked),
        )
        thought = TokenCount(reasoning_tokens, reasoning_tokens, reasoning_tokens, Evidence.ASSUMED, ())
        put_out = ((tokens.answer, 1.0), (tokens.tool_call, self.tool_calls), (thought, 1.0))
        besides = [one for one in (pictures, retrieved) if one is not None and one.tokens]
        return Prompt(
            prefix_tokens=sum(part.tokens * share for part, share in prefix),
            question_tokens=tokens.question.tokens + pictures.tokens,
            answer_tokens=tokens.answer.tokens,
            turns=self.turns,
            evidence=weakest(tokens.evidence, *(one.evidence for one in besides)),
            how=tokens.how if image is None else (*tokens.how, *image.how),
            retrieved_tokens=0.0 if retrieved is None else retrieved.tokens,
            tool_calls=self.tool_calls,
            tool_call_tokens=tokens.tool_call.tokens,
            tool_result_tokens=tokens.tool_result.tokens,
            reasoning_tokens=reasoning_tokens,
            input_band=band_of(*sent),
            output_band=band_of(*put_out),
            band=band_of(*sent, *put_out),
        )


def _times_sent_again(tool_calls: float) -> float:
    """How often a request sends the call and result of one of its own tools: once after it, twice, ..."""
    whole = math.floor(tool_calls)
    return whole * (whole + 1) / 2 + (tool_calls - whole) * (whole + 1)


def band_of(*parts: tuple[TokenCount, float]) -> Band:
    """Of a sum of parts, each so many times: all of them at their low end, or all at their high end.

    Drawn counts have none: each draw is one figure of what the band spans.
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
