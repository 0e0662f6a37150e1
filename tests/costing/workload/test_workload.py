"""Requests a day, and the tokens of a request and of a conversation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costing.cost_lines import CERTAIN, Band
from costing.tokenization.tokens import TokenCount
from costing.workload.workload import PARTS, RequestTokens, Workload
from i18n.errors import CrossoverError
from i18n.message import listed, literal
from pricing.rows import Evidence

from ...support.factories import counted, prompt, request_tokens, workload

few = st.integers(0, 5000)


def test_a_month_is_a_twelfth_of_a_year_of_365_days_and_a_quarter() -> None:
    # 1,000 x 365.25 / 12 = 30,437.5
    assert workload(1000).requests_per_month == 30_437.5


def test_the_peak_is_the_average_times_its_factor() -> None:
    # 86,400 a day = 1 a second; the peak is 3 times that.
    load = workload(86_400, peak_to_average=3)
    assert load.requests_per_s == 1
    assert load.peak_requests_per_s == 3


def test_another_volume_changes_nothing_else() -> None:
    load = workload(1000, peak_to_average=3, turns=2, instruction=50)
    more = load.at(2000)
    assert more.requests_per_day == 2000
    assert (more.peak_to_average, more.turns, more.tokens) == (3, 2, load.tokens)


def test_an_array_of_volumes_gives_an_array_of_flows() -> None:
    load = workload(np.array([0.0, 86_400.0, 172_800.0]))
    assert np.array_equal(load.requests_per_s, [0, 1, 2])


def test_a_request_sends_the_prefix_and_the_question() -> None:
    load = workload(instruction=100, example=200, knowledge=400, question=30, answer=20)
    sent = load.prompt("o200k_base")
    # 100 + 200 + 400 = 700; with the question 730; with the answer 750.
    assert sent.prefix_tokens == 700
    assert sent.input_tokens == 730
    assert sent.longest_tokens == 750


def test_a_share_of_each_part_can_be_kept() -> None:
    load = workload(instruction=100, example=200, knowledge=400)
    sent = load.prompt("o200k_base", instruction_share=0.5, example_share=0, knowledge_share=0.25)
    # 50 + 0 + 100
    assert sent.prefix_tokens == 150


def test_a_conversation_of_three_turns_sends_what_was_said_again() -> None:
    # P = 100, q = 10, a = 20: the turns after the prefix are 10, 10 + 30 = 40 and 10 + 60 = 70 tokens.
    sent = prompt(100, 10, 20, turns=3)
    assert sent.tail_tokens() == [10, 40, 70]
    # n P + n q + (q + a) n (n - 1) / 2 = 300 + 30 + 30 x 3 = 420 for the conversation, 140 a request.
    assert sent.input_tokens == 140
    # The last turn holds 100 + 70 and answers 20.
    assert sent.longest_tokens == 190


@given(prefix=few, question=few, answer=few, turns=st.integers(1, 100))
def test_a_conversation_costs_the_tokens_of_the_closed_formula(
    prefix: int, question: int, answer: int, turns: int
) -> None:
    n = turns
    closed = n * prefix + n * question + (question + answer) * n * (n - 1) // 2
    assert prompt(prefix, question, answer, turns).input_tokens * n == pytest.approx(closed, rel=1e-12)


def test_tokens_that_were_never_counted_are_an_error_and_not_a_guess() -> None:
    with pytest.raises(CrossoverError, match=r"^the workload was not counted in 'claude' \(count it "):
        workload().prompt("claude")


def test_a_request_is_as_sure_as_its_least_sure_part() -> None:
    guess = TokenCount(10, 5, 15, Evidence.ASSUMED, (literal("a guess"),))
    parts = {part: counted(10) for part in PARTS} | {"knowledge": guess}
    request_tokens = RequestTokens(**parts)
    assert request_tokens.evidence == Evidence.ASSUMED
    assert str(listed(request_tokens.counting_methods)) == "a guess; o200k_base"


def test_a_part_without_tokens_makes_a_request_no_less_sure() -> None:
    nothing = TokenCount(0, 0, 0, Evidence.ASSUMED, (literal("a guess"),))
    parts = {part: counted(10) for part in PARTS} | {"knowledge": nothing}
    request_tokens = RequestTokens(**parts)
    assert request_tokens.evidence == Evidence.MEASURED
    assert str(listed(request_tokens.counting_methods)) == "o200k_base"


def test_the_parts_stand_in_the_order_in_which_they_are_sent() -> None:
    assert tuple(request_tokens().parts()) == ("instruction", "example", "knowledge", "question", "answer")


def test_the_band_of_a_request_is_that_of_its_parts_by_how_often_they_are_sent() -> None:
    parts = {part: counted(0) for part in PARTS} | {
        "instruction": TokenCount(100, 90, 120, Evidence.ESTIMATED, (literal("a guess"),)),
        "question": counted(50),
        "answer": TokenCount(200, 180, 260, Evidence.ESTIMATED, (literal("a guess"),)),
    }
    sent = Workload(1, 1, 3, {"guess": RequestTokens(**parts)}).prompt("guess", instruction_share=0.5)
    # Half the instruction, and over 3 turns the question twice a request and the answer once again:
    # 50 + 2 x 50 + 200 = 350 in [45 + 100 + 180 = 325 to 60 + 100 + 260 = 420]; 200 out [180 to 260].
    assert sent.input_tokens == 350
    assert sent.input_band == Band(325 / 350, 420 / 350)
    assert sent.output_band == Band(0.9, 1.3)
    # Both together: 550 [505 to 680].
    assert sent.band == Band(505 / 550, 680 / 550)
    assert sent.band.share == pytest.approx(130 / 550)


def test_exact_tokens_and_no_tokens_have_no_band() -> None:
    assert workload().prompt("o200k_base").band == CERTAIN
    assert workload(question=0, answer=0).prompt("o200k_base").output_band == CERTAIN
    assert CERTAIN.share == 0
