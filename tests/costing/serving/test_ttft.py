"""The time to the first token: what it is made of, how well it holds, and what a limit on it does."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from costing.serving.queueing import mean_wait_s
from costing.serving.roofline import Setup
from costing.serving.ttft import first_token_s, parts_s
from costing.strategies.self_hosted import SelfHosted
from costing.strategy.base import Infeasible
from costing.workload.workload import Workload
from perf import first_token as measured
from pricing.rows import Evidence

from ...support.factories import deployment, gpu, open_model, prices, prior, workload
from ...support.fleet import PLAIN, notes_of

HALF: dict[str, Any] = {"target_utilisation_share": 0.5}


def hosted(*rows: Any, **settings: Any) -> SelfHosted:
    return SelfHosted.build({**PLAIN, **HALF, **settings}, prices(*rows))


def setup(concurrency: float = 10) -> Setup:
    return Setup.of(
        open_model(),
        gpu(),
        "fp8",
        gpu_count=1,
        parallel="",
        input_tokens=1000,
        output_tokens=100,
        concurrency=concurrency,
    )


def test_a_batch_is_divided_as_the_roofline_says() -> None:
    # 100 steps read 10.0105 GB at 0.6 of 1,000 GB/s: 1.668 s; 2 x 10 G x 1,000 tokens at 0.2 of 100 TFLOPS:
    # 1 s; 10 prefills of 2.002e13 at 0.4: 5.005 s; 100 steps of 1 ms: 0.1 s. Prefill: 0.6439 of 7.774 s.
    # At 100 tokens a second the batch takes 10 s: 0.6439 s a prefill, 3.561 s / 100 a step.
    prefill_s, step_s = parts_s(setup(), 100)
    assert prefill_s == pytest.approx(0.6439, abs=2e-4)
    assert step_s == pytest.approx(0.03561, abs=2e-5)


def test_the_first_token_is_fixed_plus_prefills_plus_steps() -> None:
    # 0.021 + 2.6 x 0.1 + 4.2 x 0.02
    assert first_token_s(0.1, 0.02) == pytest.approx(0.365)


def test_it_holds_on_published_medians() -> None:
    """The constants are those of `perf/first_token.py`, which says how well they hold on groups left out."""
    parts, medians, groups = measured.rows()
    assert len(medians) > 400
    assert len(set(groups)) > 30
    log_s = np.array([np.log(first_token_s(*row)) for row in parts])
    assert np.median(np.abs(np.expm1(log_s - medians))) < 0.33


def test_a_typical_request_waits_for_a_place_and_for_its_prefill() -> None:
    # 5 of 10 places busy, 10 s each: half a request a second. Erlang C of (10, 5) is 0.0361: 0.072 s of wait.
    first_token = hosted().fleet.first_token(workload(43_200))
    assert first_token is not None
    # 0.021 + 2.6 x 0.6439 + 4.2 x 0.03561 = 1.845
    assert first_token.engine_s == pytest.approx(1.845, abs=1e-3)
    assert first_token.waiting_s == pytest.approx(0.0722, abs=1e-3)
    assert first_token.total_s == first_token.engine_s + first_token.waiting_s
    notes = notes_of(hosted(), workload(43_200))
    assert "at the peak: 1,917 ms, 72 of them waiting for a place (estimated; ± 60%" in notes


def brief(**settings: Any) -> SelfHosted:
    """10 tokens in, 100 out, and efficiencies as usual, so that steps are nearly all: 98 ms at 10 at once."""
    usual = prior(mbu=0.6, mfu_decode=0.2, mfu_prefill=0.4, step_overhead_ms=1)
    return hosted(usual, deployment(input_tokens=10), target_utilisation_share=0.2, **settings)


def few(requests_per_day: float = 17_280) -> Workload:
    return workload(requests_per_day, question=10)


def test_a_limit_that_is_kept_changes_nothing() -> None:
    assert brief(slo_ttft_ms=485).fleet.speed(few()) == brief().fleet.speed(few())


def test_a_tighter_limit_lets_fewer_share_a_replica() -> None:
    tight = brief(slo_ttft_ms=430)
    assert 1 <= tight.fleet.speed(few()).concurrency < 10
    assert tight.fleet.speed(few()).evidence == Evidence.ESTIMATED
    assert tight.fleet.capacity_requests_per_s(few()) < brief().fleet.capacity_requests_per_s(few())
    first_token = tight.fleet.first_token(few())
    assert first_token is not None
    assert 1000 * first_token.total_s <= 430


def test_a_limit_below_what_is_possible_is_refused_with_what_is() -> None:
    with pytest.raises(Infeasible, match=r"needs \d{3} ms to the first token at best, at a util.* of 20%"):
        brief(slo_ttft_ms=50).fleet.speed(few())


def test_a_replica_that_is_always_busy_keeps_no_limit() -> None:
    with pytest.raises(Infeasible, match="needs inf ms to the first token at best"):
        hosted(slo_ttft_ms=60_000, target_utilisation_share=1.0).fleet.speed(workload(1000))


def test_what_is_not_known_is_said_and_limits_nothing() -> None:
    cpu = gpu(kind="CPU", bf16_tflops=None, fp8_tflops=None, bandwidth_gb_per_s=None)
    built = hosted(cpu, slo_ttft_ms=1)
    assert built.fleet.first_token(workload(1000)) is None
    notes = notes_of(built, workload(1000))
    assert "Time to the first token: unknown" in notes
    assert "The limit of 1 ms to the first token is not checked" in notes


@settings(max_examples=30, deadline=None)
@given(st.floats(430, 2000), st.floats(1, 4), st.floats(10, 1e6))
def test_a_looser_limit_never_takes_more_gpus(limit: float, looser: float, volume: float) -> None:
    tight, loose = brief(slo_ttft_ms=limit), brief(slo_ttft_ms=limit * looser)
    assert tight.fleet.size(few(volume)).gpus >= loose.fleet.size(few(volume)).gpus
    first_token = tight.fleet.first_token(few(volume))
    assert first_token is not None
    assert 1000 * first_token.total_s <= limit * (1 + 1e-9)


def test_pooled_replicas_wait_no_longer_than_one_alone() -> None:
    assert mean_wait_s(40, 2.0, 10) <= mean_wait_s(10, 0.5, 10)


def test_calls_that_fail_are_queued_again() -> None:
    # A quarter of all tries fails: 4 tries for 3 requests, each of 10 s as before.
    load = workload(21_600)
    assert hosted().fleet.queue(load)[1] == pytest.approx(0.25)
    slots, rate, service_s = hosted().fleet.queue(replace(load, retry_share=0.25))
    assert slots == 10
    assert rate == pytest.approx(0.25 * 4 / 3)
    assert service_s == pytest.approx(10)
