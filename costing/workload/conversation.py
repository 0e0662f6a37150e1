"""The calls of the model that a conversation is made of: what each sends, and what of it was sent before."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np


@dataclass(frozen=True, slots=True)
class RoundTrip:
    """One call of the model. Its prompt is the shared prefix and then the tail, counted here."""

    share: float
    """How often it happens in a conversation: 1, or less where not every turn takes so many tool calls."""
    tail_tokens: float
    again_tokens: float
    """From the tail's beginning: what the call before sent alike, and a cache may still hold."""
    kept_tokens: float
    """From the tail's beginning: what a later call may send alike, and is therefore kept in the cache."""
    output_tokens: float
    """The answer, or the call of a tool, or of each its share."""
    answer_share: float
    """How often it ends in the answer, with the reasoning before it."""
    opens: bool
    """Whether the conversation begins with it."""
    follows_tool: bool
    """Whether it brings a tool's result, which takes seconds; else a person has thought meanwhile."""


def round_trips(
    turns: int,
    question_tokens: float,
    answer_tokens: float,
    retrieved_tokens: float = 0.0,
    tool_calls: float = 0.0,
    tool_call_tokens: float = 0.0,
    tool_result_tokens: float = 0.0,
) -> tuple[RoundTrip, ...]:
    """The calls of a conversation, in order.

    In turn k, after s tool calls, the tail is
    retrieved + question + (k - 1) x (question + answer + calls x (call + result)) + s x (call + result).
    Calls and results stay in the history, as the chat interfaces ask for; retrieved chunks do not. So
    all of the last prompt comes again in the next turn, but for chunks and what stands behind them. Of 1.5
    tool calls a turn, every turn makes the first and half of them the second. A lone call keeps nothing;
    in a conversation every call keeps all it may, the last one too, for nobody knows that it is the last.
    """
    sizes = (
        question_tokens,
        answer_tokens,
        retrieved_tokens,
        tool_calls,
        tool_call_tokens,
        tool_result_tokens,
    )
    # Long conversations are asked for again and again; rows of draws are large, and seldom the same.
    if all(isinstance(size, int | float) for size in sizes):
        return _kept(turns, *sizes)
    return _round_trips(turns, *sizes)


def _round_trips(
    turns: int,
    question_tokens: float,
    answer_tokens: float,
    retrieved_tokens: float,
    tool_calls: float,
    tool_call_tokens: float,
    tool_result_tokens: float,
) -> tuple[RoundTrip, ...]:
    worked = tool_call_tokens + tool_result_tokens
    said = question_tokens + answer_tokens + tool_calls * worked
    asked = retrieved_tokens + question_tokens
    most = _rounded_up(tool_calls)
    made = [_share(tool_calls - step + 1) for step in range(most + 2)]
    found: list[RoundTrip] = []
    for turn in range(turns):
        history = turn * said
        for step in range(most + 1):
            share, goes_on = made[step], made[step + 1]
            tail = asked + history + step * worked
            if step:
                again = tail - worked
            elif turn:
                again = history - (said if retrieved_tokens else answer_tokens)
            else:
                again = 0.0
            if turns == 1 and not most:
                kept = 0.0
            elif retrieved_tokens and not most:
                kept = history
            else:
                kept = tail
            found.append(
                RoundTrip(
                    share=share,
                    tail_tokens=tail,
                    again_tokens=again,
                    kept_tokens=kept,
                    output_tokens=goes_on * tool_call_tokens + (share - goes_on) * answer_tokens,
                    answer_share=share - goes_on,
                    opens=not turn and not step,
                    follows_tool=step > 0,
                )
            )
    return tuple(found)


def _rounded_up(tool_calls: float) -> int:
    """By questions, each of which parts draws that differ in their answer."""
    most = 0
    while tool_calls > most:
        most += 1
    return most


def _share(calls: float) -> float:
    """Between 0 and 1."""
    found: float = np.clip(calls, 0.0, 1.0) if np.ndim(calls) else min(1.0, max(0.0, calls))
    return found


_kept = lru_cache(maxsize=1024)(_round_trips)
