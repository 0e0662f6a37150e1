"""Model calls of a conversation: tokens sent, and the part already in the cache."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ..numerics.elementwise import clip


@dataclass(frozen=True, slots=True)
class RoundTrip:
    """One model call. Its prompt is the shared prefix, then the tail; token counts are those of the tail.

    Figures are numbers or Monte Carlo sample arrays (draws,).
    """

    share: float
    """Expected number of this call in a conversation: below 1 where not every turn makes that tool call."""
    tail_tokens: float
    again_tokens: float
    """Tokens at the start of the tail that the previous call sent too, so that a cache may hold them."""
    kept_tokens: float
    """Tokens at the start of the tail that a later call may send again: they are written to the cache."""
    output_tokens: float
    """The answer or the tool call; where it may be either, each by its share."""
    answer_share: float
    """Expected number of answers (with the reasoning before them) that this call ends in."""
    opens: bool
    """Whether it is the first call of the conversation."""
    follows_tool: bool
    """Whether it sends a tool's result, which takes seconds; otherwise a person has answered."""


def round_trips(
    turns: int,
    question_tokens: float,
    answer_tokens: float,
    retrieved_tokens: float = 0.0,
    tool_calls: float = 0.0,
    tool_call_tokens: float = 0.0,
    tool_result_tokens: float = 0.0,
) -> tuple[RoundTrip, ...]:
    """The calls of a conversation, in order; tokens are those of one request (turn).

    In turn k, after s tool calls, the tail is
    retrieved + question + (k - 1) x (question + answer + calls x (call + result)) + s x (call + result).
    Tool calls and results stay in the history, as chat APIs require; retrieved chunks do not. So the next
    turn repeats the last prompt up to the first chunk. With 1.5 tool calls a turn, every turn makes the first
    call and half of the turns make the second. A single call writes nothing to the cache; in a conversation
    every call writes all that it may, the last one too, since nobody knows that it is the last.

    Sizes may be Monte Carlo sample arrays (draws,); `tool_calls` then has the same ceiling in all draws, or
    the draws are split.

    >>> [call.tail_tokens for call in round_trips(2, 10.0, 5.0)]
    [10.0, 25.0]
    """
    sizes = (
        question_tokens,
        answer_tokens,
        retrieved_tokens,
        tool_calls,
        tool_call_tokens,
        tool_result_tokens,
    )
    # Long conversations are needed again and again; sample arrays are large, and rarely repeated.
    if any(np.ndim(size) for size in sizes):
        return _round_trips(turns, *sizes)
    return _cached_round_trips(turns, *sizes)


def _round_trips(
    turns: int,
    question_tokens: float,
    answer_tokens: float,
    retrieved_tokens: float,
    tool_calls: float,
    tool_call_tokens: float,
    tool_result_tokens: float,
) -> tuple[RoundTrip, ...]:
    tool_tokens = tool_call_tokens + tool_result_tokens
    turn_tokens = question_tokens + answer_tokens + tool_calls * tool_tokens
    new_tokens = retrieved_tokens + question_tokens
    max_steps = _ceil(tool_calls)
    step_shares = [clip(tool_calls - step + 1, 0.0, 1.0) for step in range(max_steps + 2)]
    calls: list[RoundTrip] = []
    for turn in range(turns):
        history = turn * turn_tokens
        for step in range(max_steps + 1):
            share, continued_share = step_shares[step], step_shares[step + 1]
            tail = new_tokens + history + step * tool_tokens
            if step:
                again = tail - tool_tokens
            elif turn:
                again = history - (turn_tokens if retrieved_tokens else answer_tokens)
            else:
                again = 0.0
            if turns == 1 and not max_steps:
                kept = 0.0
            elif retrieved_tokens and not max_steps:
                kept = history
            else:
                kept = tail
            calls.append(
                RoundTrip(
                    share=share,
                    tail_tokens=tail,
                    again_tokens=again,
                    kept_tokens=kept,
                    output_tokens=continued_share * tool_call_tokens
                    + (share - continued_share) * answer_tokens,
                    answer_share=share - continued_share,
                    opens=not turn and not step,
                    follows_tool=step > 0,
                )
            )
    return tuple(calls)


def _ceil(tool_calls: float) -> int:
    """`math.ceil` that gives one number for a sample array too, by comparisons that split its draws."""
    return next(whole for whole in itertools.count() if tool_calls <= whole)


_cached_round_trips = lru_cache(maxsize=1024)(_round_trips)
