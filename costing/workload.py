"""What is asked: requests a day, their shape over the day, and the tokens of each part of a request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from pricing.message import CrossoverError, message
from pricing.rows import Evidence

from .cost import CERTAIN, Band, weakest
from .tokens import TokenCount
from .units import DAYS_PER_MONTH, SECONDS_PER_DAY, Quantity

PARTS: Final = ("instruction", "example", "knowledge", "question", "answer")


@dataclass(frozen=True, slots=True)
class RequestTokens:
    """Tokens of each part of one request, in one tokenizer."""

    instruction: TokenCount
    example: TokenCount
    knowledge: TokenCount
    question: TokenCount
    answer: TokenCount

    def parts(self) -> dict[str, TokenCount]:
        return {part: getattr(self, part) for part in PARTS}

    @property
    def evidence(self) -> Evidence:
        return weakest(*(count.evidence for count in self.parts().values() if count.tokens))

    @property
    def how(self) -> str:
        """How the tokens were counted; each way once."""
        return "; ".join(sorted({count.how for count in self.parts().values() if count.tokens}))


@dataclass(frozen=True, slots=True)
class Prompt:
    """A request as one strategy sends it: a shared prefix, then question and answer, over the turns.

    Turn k of n re-sends what was said before it, so its prompt is
    prefix + retrieved + question + (k - 1) x (question + answer).
    """

    prefix_tokens: float
    question_tokens: float
    answer_tokens: float
    turns: int
    evidence: Evidence
    how: str
    input_band: Band = CERTAIN
    output_band: Band = CERTAIN
    band: Band = CERTAIN
    """Of input and output tokens together."""
    retrieved_tokens: float = 0.0
    """Looked up for this question alone: neither shared, nor sent again in later turns."""

    def tail_tokens(self) -> list[float]:
        """Prompt tokens after the prefix, for each turn of a conversation."""
        said = self.question_tokens + self.answer_tokens
        asked = self.retrieved_tokens + self.question_tokens
        return [asked + turn * said for turn in range(self.turns)]

    @property
    def input_tokens(self) -> float:
        """Mean prompt tokens of a request, over the turns."""
        tails = self.tail_tokens()
        return self.prefix_tokens + sum(tails) / len(tails)

    @property
    def longest_tokens(self) -> float:
        """Prompt and answer of the last turn: what the context window must hold."""
        return self.prefix_tokens + self.tail_tokens()[-1] + self.answer_tokens


@dataclass(frozen=True, slots=True)
class Workload:
    """How much is asked; `requests_per_day` may be an array, and then every cost is one too.

    A request is one call. A conversation of n turns is n requests.
    """

    requests_per_day: Quantity
    peak_to_average: float
    turns: int
    tokens: Mapping[str, RequestTokens]
    """Tokenizer id -> tokens of the parts."""

    def at(self, requests_per_day: Quantity) -> Workload:
        """The same workload at another volume."""
        return replace(self, requests_per_day=requests_per_day)

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
    ) -> Prompt:
        """The request with those shares of its parts kept, and what was `retrieved` for the question.

        Raises if never counted in `tokenizer`.
        """
        tokens = self.counted(tokenizer)
        prefix = (
            (tokens.instruction, instruction_share),
            (tokens.example, example_share),
            (tokens.knowledge, knowledge_share),
        )
        # Over n turns a question is sent (n + 1) / 2 times a request, an answer (n - 1) / 2 times again.
        sent = (
            *prefix,
            *(() if retrieved is None else ((retrieved, 1.0),)),
            (tokens.question, (self.turns + 1) / 2),
            (tokens.answer, (self.turns - 1) / 2),
        )
        return Prompt(
            prefix_tokens=sum(part.tokens * share for part, share in prefix),
            question_tokens=tokens.question.tokens,
            answer_tokens=tokens.answer.tokens,
            turns=self.turns,
            evidence=tokens.evidence if retrieved is None else weakest(tokens.evidence, retrieved.evidence),
            how=tokens.how,
            retrieved_tokens=0.0 if retrieved is None else retrieved.tokens,
            input_band=band_of(*sent),
            output_band=band_of((tokens.answer, 1)),
            band=band_of(*sent, (tokens.answer, 1)),
        )


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
