"""Calls of a conversation: what each sends, and what it shares with the call before."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costing.workload.conversation import RoundTrip, round_trips

Block = tuple[str, int, int]
"""A message: role, turn, number of tool calls before it."""


def written_out(turns: int, retrieved: bool, calls: int) -> list[list[Block]]:
    """Every prompt of a conversation, message by message, as a chat program would keep them."""
    prompts: list[list[Block]] = []
    history: list[Block] = []
    for turn in range(turns):
        now: list[Block] = [*([("chunks", turn, 0)] if retrieved else []), ("question", turn, 0)]
        prompts.append(history + now)
        for step in range(calls):
            now = [*now, ("call", turn, step), ("result", turn, step)]
            prompts.append(history + now)
        history = history + [block for block in now if block[0] != "chunks"] + [("answer", turn, 0)]
    return prompts


def alike(first: list[Block], second: list[Block]) -> list[Block]:
    """Blocks at the start that both have."""
    shared: list[Block] = []
    for block, counterpart in zip(first, second, strict=False):
        if block != counterpart:
            break
        shared.append(block)
    return shared


SIZES = {"chunks": 700, "question": 100, "answer": 40, "call": 7, "result": 30}


@pytest.mark.parametrize("turns", [1, 2, 4])
@pytest.mark.parametrize("retrieved", [False, True])
@pytest.mark.parametrize("calls", [0, 1, 3])
def test_a_call_sends_what_a_chat_written_out_sends(turns: int, retrieved: bool, calls: int) -> None:
    def tokens(blocks: list[Block]) -> int:
        return sum(SIZES[block[0]] for block in blocks)

    prompts = written_out(turns, retrieved, calls)
    trips = round_trips(turns, 100, 40, 700 if retrieved else 0, calls, 7, 30)
    assert [call.tail_tokens for call in trips] == [tokens(chat) for chat in prompts]
    again = [0, *(tokens(alike(a, b)) for a, b in pairwise(prompts))]
    assert [call.again_tokens for call in trips] == again


def test_a_tool_call_is_a_round_trip_more() -> None:
    # Question 100, answer 40, a call of 7 and a result of 30: the second call brings 37 tokens more.
    first, second = round_trips(1, 100, 40, 0, 1, 7, 30)
    assert (first.tail_tokens, first.output_tokens, first.answer_share) == (100, 7, 0)
    assert (second.tail_tokens, second.output_tokens, second.answer_share) == (137, 40, 1)
    assert (second.again_tokens, second.follows_tool) == (100, True)


def test_half_a_tool_call_is_one_of_every_second_request() -> None:
    # Call by call: all ask, half call the tool and come back.
    first, second = round_trips(1, 100, 40, 0, 0.5, 7, 30)
    assert (first.share, second.share) == (1, 0.5)
    assert first.output_tokens == 0.5 * 7 + 0.5 * 40
    assert second.output_tokens == 0.5 * 40


def test_a_lone_call_keeps_nothing_and_a_conversation_keeps_all_but_chunks() -> None:
    assert [call.kept_tokens for call in round_trips(1, 100, 40)] == [0]
    assert [call.kept_tokens for call in round_trips(3, 100, 40)] == [100, 240, 380]
    # Chunks differ in the next turn, so that only the history before them is worth keeping.
    assert [call.kept_tokens for call in round_trips(3, 100, 40, 700)] == [0, 140, 280]
    # With a tool, the chunks come again within the turn.
    assert [call.kept_tokens for call in round_trips(1, 100, 40, 700, 1, 7, 30)] == [800, 837]


numbers = st.floats(0, 1e5)


@given(st.integers(1, 6), numbers, numbers, numbers, st.floats(0, 8), numbers, numbers)
def test_every_conversation_answers_each_turn_once_and_reads_no_more_than_was_kept(
    turns: int, question: float, answer: float, retrieved: float, calls: float, call: float, result: float
) -> None:
    trips = round_trips(turns, question, answer, retrieved, calls, call, result)
    assert math.isclose(sum(trip.answer_share for trip in trips), turns, abs_tol=1e-9)
    assert math.isclose(sum(trip.share for trip in trips), turns * (1 + calls), rel_tol=1e-9)
    put_out = turns * (answer + calls * call)
    assert math.isclose(sum(trip.output_tokens for trip in trips), put_out, rel_tol=1e-9, abs_tol=1e-6)
    room = 1e-9 * (1 + max(trip.tail_tokens for trip in trips))

    def kept_before(place: int) -> float:
        return max((trip.kept_tokens for trip in trips[:place]), default=0.0)

    for place, trip in enumerate(trips):
        assert isinstance(trip, RoundTrip)
        assert -room <= trip.again_tokens <= trip.tail_tokens + room
        assert trip.again_tokens <= kept_before(place) + room
        assert trip.kept_tokens <= trip.tail_tokens + room
