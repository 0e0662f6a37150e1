"""What a conversation costs on a hosted model: cached history, tools, images, reasoning, batch, retries."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from costing.cost_lines import Cadence, CostCategory, CostLine, total_usd, usd_per_month
from costing.strategies import registered
from costing.strategies.fine_tuned import FineTuned
from costing.strategies.self_hosted import SelfHosted
from costing.strategies.stuffed_prompt import StuffedPrompt
from costing.strategy.base import Infeasible, Strategy
from costing.strategy.hosted_model import (
    CacheRules,
    Price,
    cache_notes,
    cache_rules,
    history_share,
    token_lines,
)
from costing.strategy.hosted_notes import conversation_notes
from costing.tokenization.images import Images
from costing.workload.conversation import round_trips
from costing.workload.workload import Prompt, Workload
from i18n.message import listed
from pricing.rows import Evidence, ServiceTiers, Tiered, Tokenizer

from ...support.factories import (
    cached_model_price,
    context_tier,
    counted,
    decimals,
    frozen_prices,
    model_price,
    prices,
    prompt,
    request_tokens,
    tuned_price,
    workload,
)

HALF_WARM = 86_400 / 300 * math.log(2)
"""Requests a day at which half of them find a prefix that lives 300 s: 1 - e^(-ln 2) = 1/2."""
HALF_GONE = 300 / math.log(2)
"""Mean seconds between turns at which half of the conversations find theirs: 1 - e^(-300 / gap) = 1/2."""


def rules_of(price: Price, caching: bool = True) -> CacheRules:
    return cache_rules(price, caching=caching, assumed_ttl_s=300, assumed_min_tokens=1024)


def bill(
    price: Price, sent: Prompt, load: Workload, batch_share: float = 0.0, caching: bool = True
) -> dict[str, CostLine]:
    """The lines by name."""
    lines = list(token_lines(price, sent, load, rules_of(price, caching), batch_share))
    assert len({str(line.name) for line in lines}) == len(lines)
    return {str(line.name): line for line in lines}


def with_batch(price: Any, **rates: Any) -> Any:
    """The same row with batch at half its price."""
    given_ = {"input_usd_per_mtok": 1, "output_usd_per_mtok": 5, **rates}
    return price.model_copy(update={"service_tiers": ServiceTiers(batch=Tiered(**decimals(given_)))})


def per_conversation(line: CostLine, load: Workload) -> float:
    return float(line.quantity) * 1e6 / (float(load.requests_per_month) / load.turns)


# --- history


def test_a_conversation_of_three_turns_with_a_cache_by_hand() -> None:
    # Prefix 2,000, question 500, answer 100; half of the prefixes are warm from other conversations, and
    # half of the conversations find their own last prompt.
    # Turn 1 sends 2,500: it reads 2,000 / 2 = 1,000 and writes the other 1,500.
    # Turn 2 sends 3,100, of which 2,500 were sent before: half the time all 2,500 are read, else half of
    #   2,000: 1,250 + 500 = 1,750; it writes 1,350.
    # Turn 3 sends 3,700, 3,100 of them before: 1,550 + 500 = 2,050; it writes 1,650.
    # Read 4,800 at 1, written 4,500 at 3, 300 out at 10: 4,800 + 13,500 + 3,000 = 21,300 millionths.
    price = cached_model_price(cache_write_usd_per_mtok=3)
    load = replace(workload(HALF_WARM, turns=3), seconds_between_turns=HALF_GONE)
    lines = bill(price, prompt(2000, 500, 100, turns=3), load)
    assert set(lines) == {"Cached input tokens", "Cache writes", "Output tokens"}
    assert per_conversation(lines["Cached input tokens"], load) == pytest.approx(4800, rel=1e-9)
    assert per_conversation(lines["Cache writes"], load) == pytest.approx(4500, rel=1e-9)
    conversations = HALF_WARM * 30.4375 / 3
    assert total_usd(lines.values(), Cadence.MONTHLY) == pytest.approx(conversations * 0.0213, rel=1e-9)


def test_without_a_write_price_what_is_written_is_plain_input() -> None:
    load = replace(workload(HALF_WARM, turns=3), seconds_between_turns=HALF_GONE)
    lines = bill(cached_model_price(), prompt(2000, 500, 100, turns=3), load)
    assert per_conversation(lines["Input tokens"], load) == pytest.approx(4500, rel=1e-9)
    assert per_conversation(lines["Cached input tokens"], load) == pytest.approx(4800, rel=1e-9)


def test_the_history_is_surely_found_without_a_pause_and_hardly_ever_after_a_day() -> None:
    assert history_share(0, 300) == 1
    assert history_share(300, 300) == pytest.approx(0.632121, abs=1e-6)  # 1 - 1/e
    assert history_share(86_400, 300) < 0.004


def test_a_cold_conversation_may_still_find_the_shared_prefix() -> None:
    # Nearly never its own history; half of the prefixes: of two turns, 1,000 + 1,000.
    load = replace(workload(HALF_WARM, turns=2), seconds_between_turns=1e12)
    lines = bill(cached_model_price(), prompt(2000, 500, 100, turns=2), load)
    assert per_conversation(lines["Cached input tokens"], load) == pytest.approx(2000, rel=1e-6)


def test_a_conversation_is_cached_once_it_is_long_enough() -> None:
    # The prefix of 600 is below the minimum of 1,000. Turn 1 sends 900: too short to be kept. Turn 2
    # sends 1,300 and keeps it; turn 3 sends 1,700 and reads 1,300.
    load = replace(workload(1000, turns=3), seconds_between_turns=0)
    sent = prompt(600, 300, 100, turns=3)
    lines = bill(cached_model_price(), sent, load)
    assert per_conversation(lines["Cached input tokens"], load) == pytest.approx(1300, rel=1e-12)
    assert per_conversation(lines["Input tokens"], load) == pytest.approx(900 + 1300 + 400, rel=1e-12)
    (note,) = cache_notes(cached_model_price(), sent, rules_of(cached_model_price()))
    assert str(note).endswith("only a conversation that has grown longer is cached.")


def test_chunks_are_never_read_from_the_cache_and_the_history_before_them_is() -> None:
    # Prefix 1,000, chunks 700, question 100, answer 40. Turn 2 sends 1,000 + 140 + 800, and of turn 1's
    # prompt only the prefix comes again: 1,000 read. Turn 3 reads 1,000 + 140.
    load = replace(workload(1e-9, turns=3), seconds_between_turns=0)
    lines = bill(cached_model_price(), prompt(1000, 100, 40, turns=3, retrieved_tokens=700), load)
    assert per_conversation(lines["Cached input tokens"], load) == pytest.approx(2140, rel=1e-6)


def test_a_share_read_from_the_cache_that_the_user_knows_holds_for_the_whole_conversation() -> None:
    # Two turns of 2,500 and 3,100 tokens, a quarter of all read: 1,400, and nothing written.
    price = cached_model_price(cache_write_usd_per_mtok=3)
    load = workload(1000, turns=2)
    rules = cache_rules(price, caching=True, assumed_ttl_s=300, assumed_min_tokens=1024, input_share=0.25)
    priced_lines = list(token_lines(price, prompt(2000, 500, 100, turns=2), load, rules))
    lines = {str(line.name): line for line in priced_lines}
    assert set(lines) == {"Input tokens", "Cached input tokens", "Output tokens"}
    assert per_conversation(lines["Cached input tokens"], load) == pytest.approx(1400, rel=1e-12)
    assert per_conversation(lines["Input tokens"], load) == pytest.approx(4200, rel=1e-12)


def test_a_conversation_that_outgrows_the_window_says_what_to_do() -> None:
    # 900, then 900 + 1,000, and an answer of 100: 2,000.
    with pytest.raises(Infeasible, match=r"2,000 tokens exceed its window of 1,999 at the end"):
        bill(model_price(context_window_tokens=1999), prompt(0, 900, 100, turns=2), workload(1000, turns=2))


def test_rows_of_draws_give_what_each_draw_gives() -> None:
    questions = np.array([100.0, 250.0, 4000.0])
    at_once = round_trips(2, questions, 40.0, 0.0, 1.5, 7.0, 30.0)  # type: ignore[arg-type]
    for index, question in enumerate(questions):
        alone = round_trips(2, float(question), 40.0, 0.0, 1.5, 7.0, 30.0)
        assert [np.broadcast_to(call.tail_tokens, 3)[index] for call in at_once] == [
            call.tail_tokens for call in alone
        ]


asked_prompts = st.builds(
    prompt,
    prefix_tokens=st.integers(0, 3000),
    question_tokens=st.integers(1, 2000),
    answer_tokens=st.integers(1, 1000),
    turns=st.integers(1, 6),
    retrieved_tokens=st.just(0) | st.integers(0, 2000),
    tool_calls=st.just(0.0) | st.floats(0, 4),
    tool_call_tokens=st.integers(0, 200),
    tool_result_tokens=st.integers(0, 500),
    reasoning_tokens=st.just(0) | st.integers(0, 2000),
)
loads = st.builds(
    lambda volume, gap: replace(workload(volume), seconds_between_turns=gap),
    st.floats(1, 1e6),
    st.floats(0, 5000),
)


@given(asked_prompts, loads, st.none() | st.just(3), st.floats(0, 1))
def test_every_token_that_is_sent_stands_in_one_line(
    request: Prompt, load: Workload, write: int | None, batch_share: float
) -> None:
    price = with_batch(
        cached_model_price(cache_write_usd_per_mtok=write, context_window_tokens=None),
        cached_input_usd_per_mtok=0.5,
        cache_write_usd_per_mtok=write,
    )
    lines = bill(price, request, load, batch_share).values()
    month = float(load.requests_per_month) / 1e6
    sent = sum(float(line.quantity) for line in lines if line.category == CostCategory.INPUT)
    put_out = sum(float(line.quantity) for line in lines if line.category == CostCategory.OUTPUT)
    assert sent == pytest.approx(month * request.input_tokens, rel=1e-9)
    assert put_out == pytest.approx(month * request.output_tokens, rel=1e-9)
    assert all(float(line.quantity) >= -1e-12 * sent for line in lines)


@given(asked_prompts, loads, st.floats(0, 5000))
def test_a_longer_pause_never_lowers_a_bill_where_reading_is_cheap(
    sent: Prompt, load: Workload, longer: float
) -> None:
    price = cached_model_price(cache_write_usd_per_mtok=3, context_window_tokens=None)
    later = replace(load, seconds_between_turns=load.seconds_between_turns + longer)
    soon_usd = total_usd(bill(price, sent, load).values(), Cadence.MONTHLY)
    later_usd = total_usd(bill(price, sent, later).values(), Cadence.MONTHLY)
    assert float(later_usd) >= float(soon_usd) * (1 - 1e-12)


# --- tools


def test_a_request_with_two_tool_calls_by_hand() -> None:
    # Prefix 1,000, question 100, answer 40, a call of 10, a result of 90. Three calls of the model send
    # 1,100 + 1,200 + 1,300 = 3,600 and answer 10 + 10 + 40 = 60.
    sent = prompt(1000, 100, 40, tool_calls=2, tool_call_tokens=10, tool_result_tokens=90)
    load = workload(1000)
    lines = bill(model_price(), sent, load)
    assert per_conversation(lines["Input tokens"], load) == pytest.approx(3600, rel=1e-12)
    assert per_conversation(lines["Output tokens"], load) == pytest.approx(60, rel=1e-12)
    assert sent.input_tokens == 3600
    assert sent.output_tokens == 60
    assert sent.longest_tokens == 1340


def test_a_call_that_brings_a_result_reads_all_that_was_sent_before() -> None:
    # As above with a cache that nobody else warms: 1,100 and 1,200 are read.
    sent = prompt(1000, 100, 40, tool_calls=2, tool_call_tokens=10, tool_result_tokens=90)
    load = replace(workload(1e-9), seconds_between_turns=1e12)
    lines = bill(cached_model_price(), sent, load)
    assert per_conversation(lines["Cached input tokens"], load) == pytest.approx(2300, rel=1e-6)


def test_each_call_is_priced_at_the_tier_of_its_own_prompt() -> None:
    # 1,100 is below the threshold of 1,150, 1,200 and 1,300 above it.
    price = model_price(context_tiers=(context_tier(1150),))
    sent = prompt(1000, 100, 40, tool_calls=2, tool_call_tokens=10, tool_result_tokens=90)
    load = workload(1000)
    lines = bill(price, sent, load)
    assert per_conversation(lines["Input tokens"], load) == pytest.approx(1100, rel=1e-12)
    above = per_conversation(lines["Input tokens, prompt above 1,150"], load)
    assert above == pytest.approx(2500, rel=1e-12)


def test_a_replica_answers_as_many_requests_less_as_they_take_calls() -> None:
    # A second call that writes as many tokens as the answer, over a prompt of the same length: half.
    plain = SelfHosted.build({"deployment": "open-10b-1xg1"}, prices())
    load = workload(1000)
    once = plain.fleet.capacity_requests_per_s(load)
    tokens = replace(load.counted("o200k_base"), tool_call=counted(100), tool_result=counted(0))
    calling = replace(load, tool_calls=1.0, tokens={"o200k_base": tokens})
    prompt_now = plain.fleet.prompt(calling)
    assert (prompt_now.calls, prompt_now.output_tokens, prompt_now.input_tokens) == (2, 200, 2100)
    assert plain.fleet.capacity_requests_per_s(calling) == pytest.approx(once / 2, rel=0.1)


# --- images


def test_images_are_part_of_every_question_and_stay_in_the_history() -> None:
    # gpt-4o: 1,024 x 1,024 at high detail is 85 + 4 x 170 = 765 tokens; two of them, over two turns:
    # 2 x (1,000 + 1,530) + 2,630 = 7,690.
    load = replace(
        everywhere(turns=2), images=Images(per_request=2, width_px=1024, height_px=1024, detail="high")
    )
    built = StuffedPrompt.build({"model": "openai/gpt-4o", "caching": False}, frozen_prices())
    sent = built.prompt(load)
    assert sent.question_tokens == 1000 + 1530
    assert sent.input_tokens * 2 == 2 * 2530 + 2630
    assert "images by https" in str(listed(sent.counting_methods))


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        ("stuffed_prompt", {"model": "xai/grok-4.7"}),
        ("self_hosted", {"deployment": "llama-3.3-70b-fp8-2xh100"}),
        ("fine_tuned", {"offer": "azure/tuned-llama-3.3-70b@global"}),
    ],
)
def test_a_model_without_a_rule_for_images_is_not_priced_and_says_why(
    kind: str, settings: dict[str, Any]
) -> None:
    load = replace(everywhere(), images=Images(1, 800, 600, "high"))
    built = registered()[kind].build(settings, frozen_prices())
    with pytest.raises(Infeasible, match=r"no rule is published for the tokens of its images"):
        list(built.lines(load))


def test_a_size_that_no_rule_covers_is_a_reason_too() -> None:
    # Patches of 32 px have a rule for high detail and none for low.
    load = replace(everywhere(), images=Images(1, 800, 600, "low"))
    built = StuffedPrompt.build({"model": "openai/gpt-4.1-mini"}, frozen_prices())
    with pytest.raises(Infeasible, match=r"800 x 600 pixels at detail 'low' \(resize it"):
        list(built.lines(load))


def test_a_tuned_model_counts_images_as_its_base_does() -> None:
    load = replace(everywhere(), images=Images(1, 1024, 1024, "high"))
    tuned = FineTuned.build({"offer": "azure/tuned-gpt-4o@global"}, frozen_prices())
    assert tuned.offer.base_model == "gpt-4o-2024-08-06"
    assert tuned.prompt(load).question_tokens == 1000 + 765


# --- reasoning


def test_reasoning_is_billed_as_output_on_a_line_of_its_own_and_not_sent_again() -> None:
    sent = prompt(0, 1000, 100, turns=2, reasoning_tokens=400)
    load = workload(1000, turns=2)
    lines = bill(model_price(), sent, load)
    assert per_conversation(lines["Reasoning tokens"], load) == pytest.approx(800, rel=1e-12)
    assert per_conversation(lines["Input tokens"], load) == pytest.approx(1000 + 2100, rel=1e-12)
    assert lines["Reasoning tokens"].usd_per_unit == 10
    assert lines["Reasoning tokens"].category == CostCategory.OUTPUT
    assert lines["Reasoning tokens"].evidence == Evidence.ASSUMED
    assert "Reasoning tokens" not in bill(model_price(), prompt(0, 1000, 100), load)


def test_reasoning_with_a_price_of_its_own_is_billed_at_it() -> None:
    sent = prompt(0, 1000, 100, reasoning_tokens=400)
    lines = bill(model_price(reasoning_usd_per_mtok=3), sent, workload(1000))
    assert lines["Reasoning tokens"].usd_per_unit == 3
    assert lines["Output tokens"].usd_per_unit == 10


def test_the_window_must_hold_the_reasoning_too() -> None:
    sent = prompt(0, 900, 100, reasoning_tokens=1)
    with pytest.raises(Infeasible, match="1,001 tokens exceed its window of 1,000"):
        bill(model_price(context_window_tokens=1000), sent, workload(1000))


# --- batch


def test_a_quarter_by_batch_is_a_quarter_at_its_price_on_lines_of_its_own() -> None:
    # A month's 30.4375 Mtok in: 22.828125 at 2 and 7.609375 at 1.
    lines = bill(with_batch(model_price()), prompt(0, 1000, 100), workload(1000), 0.25)
    assert list(lines) == ["Input tokens", "Output tokens", "Input tokens, batch", "Output tokens, batch"]
    assert lines["Input tokens"].quantity == pytest.approx(22.828125, rel=1e-12)
    assert lines["Input tokens, batch"].usd == pytest.approx(7.609375, rel=1e-12)
    assert lines["Output tokens, batch"].usd_per_unit == 5
    assert "0.25 of the requests" in lines["Input tokens, batch"].formula


def test_all_by_batch_leaves_no_other_line() -> None:
    lines = bill(with_batch(model_price()), prompt(0, 1000, 100), workload(1000), 1.0)
    assert list(lines) == ["Input tokens, batch", "Output tokens, batch"]


def test_a_batch_without_a_known_price_is_a_reason_and_not_zero() -> None:
    with pytest.raises(Infeasible, match=r"acme/large @ 2026-01-01: no batch price is known \(set the"):
        bill(model_price(), prompt(), workload(1000), 0.01)


def test_by_batch_the_prefix_may_be_cached_where_it_has_a_price_and_history_never() -> None:
    load = replace(workload(HALF_WARM, turns=2), seconds_between_turns=0)
    sent = prompt(2000, 500, 100, turns=2)
    cached = with_batch(cached_model_price(), cached_input_usd_per_mtok=0.5)
    lines = bill(cached, sent, load, 1.0)
    # Half of 2,000, twice; all else, 2,500 + 3,100 - 2,000, is plain.
    assert per_conversation(lines["Cached input tokens, batch"], load) == pytest.approx(2000, rel=1e-9)
    assert per_conversation(lines["Input tokens, batch"], load) == pytest.approx(3600, rel=1e-9)
    lines = bill(with_batch(cached_model_price()), sent, load, 1.0)
    assert "Cached input tokens, batch" not in lines
    assert per_conversation(lines["Input tokens, batch"], load) == pytest.approx(5600, rel=1e-9)


@given(asked_prompts, loads, st.floats(0, 1))
def test_a_bill_moves_in_a_straight_line_from_none_by_batch_to_all(
    sent: Prompt, load: Workload, batch_share: float
) -> None:
    price = with_batch(cached_model_price(context_window_tokens=None), cached_input_usd_per_mtok=0.5)

    def usd(share: float) -> float:
        return float(total_usd(bill(price, sent, load, share).values(), Cadence.MONTHLY))

    straight = (1 - batch_share) * usd(0) + batch_share * usd(1)
    assert usd(batch_share) == pytest.approx(straight, rel=1e-9)


# --- retries


def test_a_fifth_of_tries_failing_makes_every_line_a_quarter_longer() -> None:
    # 1 / (1 - 0.2) = 1.25 tries a request; the cache is as warm as without them.
    load = workload(HALF_WARM)
    sent = prompt(2000, 500, 100)
    before = bill(cached_model_price(), sent, load)
    after = bill(cached_model_price(), sent, replace(load, retry_share=0.2))
    assert set(before) == set(after)
    for name, line in after.items():
        assert line.quantity == pytest.approx(1.25 * before[name].quantity, rel=1e-12)
        assert line.formula == "1.25 tries a request"


def test_retries_ask_a_fleet_for_as_much_more() -> None:
    fleet = SelfHosted.build({"deployment": "open-10b-1xg1"}, prices()).fleet
    load = workload(1000)
    capacity = fleet.capacity_requests_per_s(load)
    assert fleet.capacity_requests_per_s(replace(load, retry_share=0.5)) == pytest.approx(capacity / 2)


@pytest.mark.parametrize("kind", registered().values(), ids=lambda kind: str(kind.id()))
@given(few=st.floats(0, 0.9), many=st.floats(0, 0.9), volume=st.floats(1, 1e7), turns=st.integers(1, 4))
def test_more_retries_never_lower_a_bill(
    kind: type[Strategy], few: float, many: float, volume: float, turns: int
) -> None:
    few, many = sorted((few, many))
    strategy = kind.build(FIRST_PICKS[kind.id()], frozen_prices())
    load = everywhere(volume, turns=turns, instruction=2000, knowledge=3000)
    usd = [
        float(np.max(usd_per_month(tuple(strategy.lines(replace(load, retry_share=share))), 12)))
        for share in (few, many)
    ]
    assume(all(np.isfinite(usd)))
    assert usd[1] >= usd[0] * (1 - 1e-12)


@pytest.mark.parametrize("kind", registered().values(), ids=lambda kind: str(kind.id()))
@given(
    calls=st.tuples(st.floats(0, 4), st.floats(0, 4)),
    turns=st.tuples(st.integers(1, 4), st.integers(1, 4)),
    volume=st.floats(1, 1e6),
)
def test_without_a_cache_more_tool_calls_and_turns_never_lower_a_bill(
    kind: type[Strategy], calls: tuple[float, float], turns: tuple[int, int], volume: float
) -> None:
    """With one they may: a prompt that has grown long enough is cached, a short one is not."""
    without = {"caching": False} if "caching" in kind.knobs() else {}
    strategy = kind.build({**FIRST_PICKS[kind.id()], **without}, frozen_prices())
    load = everywhere(volume, instruction=1000, knowledge=2000, tool_call=60, tool_result=300)
    usd = [
        float(
            np.max(
                usd_per_month(
                    tuple(strategy.lines(replace(load, tool_calls=call_count, turns=turn_count))), 12
                )
            )
        )
        for call_count, turn_count in zip(sorted(calls), sorted(turns), strict=True)
    ]
    assert usd[1] >= usd[0] * (1 - 1e-12)


FIRST_PICKS: dict[str, dict[str, Any]] = {
    "stuffed_prompt": {"model": "anthropic/claude-sonnet-5-5"},
    "fine_tuned": {"offer": "azure/tuned-gpt-4.1-mini@global"},
    "retrieval": {"model": "openai/gpt-6-sol", "embedding": "openai/text-embedding-3-small"},
    "distilled": {"offer": "azure/tuned-gpt-4.1-mini@global", "teacher": "openai/gpt-6-sol"},
    "fine_tuned_retrieval": {
        "offer": "azure/tuned-gpt-4.1-mini@global",
        "embedding": "openai/text-embedding-3-small",
    },
    "self_hosted": {"deployment": "llama-3.3-70b-fp8-2xh100"},
    "overflow": {"deployment": "llama-3.3-70b-fp8-2xh100", "model": "openai/gpt-6-sol"},
    "pre_training": {"deployment": "llama-3.3-70b-fp8-2xh100"},
}


def everywhere(requests_per_day: float = 1000, turns: int = 1, **parts: float) -> Workload:
    """A workload counted alike in every family of the tables."""
    tokens = request_tokens(**{"question": 1000, "answer": 100, **parts})
    families = (row.id for row in frozen_prices().rows(Tokenizer).values())
    return Workload(requests_per_day, 1, turns, dict.fromkeys(families, tokens))


# --- notes


def notes_of(price: Price, sent: Prompt, load: Workload, batch_share: float = 0.0) -> list[str]:
    notes = conversation_notes(price, sent, load, rules_of(price), batch_share)
    return [str(note) for note in notes]


def test_a_plain_request_has_nothing_to_be_said_of_it() -> None:
    assert notes_of(cached_model_price(), prompt(2000), workload(1000)) == []


def test_the_chance_that_the_history_is_warm_is_said() -> None:
    load = replace(workload(1000, turns=2), seconds_between_turns=HALF_GONE)
    assert notes_of(cached_model_price(), prompt(2000, turns=2), load) == [
        "History is cached: a turn finds the conversation's last prompt warm with a chance of 50.0% "
        "(433 s between turns on average, 300 s of life)."
    ]
    assert notes_of(model_price(), prompt(2000, turns=2), load) == []  # it has no cache


def test_how_often_tools_make_the_model_be_called_is_said() -> None:
    (note,) = notes_of(model_price(), prompt(tool_calls=1.5), workload(1000))
    assert note.startswith("With 1.5 tool calls per request, large is called 2.5 times:")


def test_what_a_batch_is_good_for_is_said() -> None:
    (note,) = notes_of(with_batch(cached_model_price()), prompt(2000), workload(1000), 0.3)
    assert note == (
        "30% of the requests go by batch, which may take a day: only where nobody waits. No cached price is "
        "known for it: its input is plain."
    )
    (note,) = notes_of(with_batch(model_price()), prompt(turns=3), workload(1000, turns=3), 1.0)
    assert note == (
        "100% of the requests go by batch, which may take a day for each call: up to 3 days for a "
        "conversation."
    )


def test_tuned_models_have_batches_too() -> None:
    price = with_batch(tuned_price())
    assert "Input tokens, batch" in bill(price, prompt(), workload(1000), 0.5)
