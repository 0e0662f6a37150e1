"""Send times of requests on a virtual clock: closed loop, arrivals, lateness, sweep."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from statistics import mean

import pytest

from bench.load_patterns import Load, LoadLevel, arrivals, run_level
from bench.measures import LevelSummary, Slo, summarise
from bench.request_record import RequestRecord
from bench.sweep import Search
from tests.support.bench_results import Done, answered, timeless

Clock = Callable[[], float]


def run_on_clock(load: Load, took_s: float = 1.1, stop_after_s: float | None = None) -> LoadLevel:
    """A level of equal requests: 0.1 s to the first of 11 tokens, 0.1 s between tokens."""

    async def work(clock: Clock) -> LoadLevel:
        async def send(i: int, due: float | None) -> Done:
            start = clock()
            await asyncio.sleep(took_s)
            return Done(answered(start, ttft=0.1, itl=(took_s - 0.1) / 10, due=due))

        stop = asyncio.Event()
        if stop_after_s is not None:
            asyncio.get_running_loop().call_later(stop_after_s, stop.set)
        return await run_level(load, send, clock, stop=stop)

    return timeless(work)


def test_a_closed_loop_keeps_so_many_in_flight_and_no_more() -> None:
    level = run_on_clock(Load(concurrency=4, requests=12))
    assert len(level.records) == 12
    assert level.most_in_flight == 4
    # Three rounds of four, each 1.1 s.
    assert sorted({round(r.start_s - level.records[0].start_s, 6) for r in level.records}) == [0, 1.1, 2.2]


def test_the_throughput_of_a_closed_loop_is_that_of_its_streams() -> None:
    summary = summarise([run_on_clock(Load(concurrency=4, requests=40))], Slo())
    # 4 streams x 11 tokens in 1.1 s; the last round's tokens end with the window.
    assert summary.output_tokens_per_s == pytest.approx(40, rel=0.03)
    assert summary.requests_per_s == pytest.approx(4 / 1.1, rel=1e-6)


def test_the_warm_up_is_sent_and_not_measured() -> None:
    level = run_on_clock(Load(concurrency=2, requests=6, warmup=3))
    assert [r.warmup for r in level.records] == [True] * 3 + [False] * 6
    assert summarise([level], Slo()).requests == 6


def test_a_level_ends_after_its_duration() -> None:
    level = run_on_clock(Load(concurrency=1, duration_s=5.0))
    # Begun at 0, 1.1, 2.2, 3.3 and 4.4 s.
    assert len(level.records) == 5


def test_poisson_arrivals_have_their_rate_and_the_spread_of_chance() -> None:
    at = list(arrivals(Load(rate_per_s=10.0, requests=4000)))
    gaps = [b - a for a, b in pairwise(at)]
    assert mean(gaps) == pytest.approx(0.1, rel=0.05)
    # Exponential gaps: as much spread as mean.
    assert mean((g - 0.1) ** 2 for g in gaps) ** 0.5 == pytest.approx(0.1, rel=0.08)
    assert at == list(arrivals(Load(rate_per_s=10.0, requests=4000)))
    assert at != list(arrivals(Load(rate_per_s=10.0, requests=4000, seed=2)))


def test_constant_arrivals_come_by_the_clock() -> None:
    at = list(arrivals(Load(rate_per_s=4.0, arrivals="constant", requests=3)))
    assert at == [0.0, 0.25, 0.5]


def test_an_open_loop_does_not_wait_for_answers() -> None:
    level = run_on_clock(Load(rate_per_s=10.0, arrivals="constant", requests=20), took_s=3.0)
    starts = [r.start_s - level.records[0].start_s for r in level.records]
    assert starts == pytest.approx([i / 10 for i in range(20)], abs=1e-9)
    assert level.most_in_flight == 20


def test_a_client_that_is_late_says_so_and_its_latencies_include_it() -> None:
    # Due every 0.1 s, but held up for 0.5 s before the third: coordinated omission would hide it.
    records = [answered(0.1 * i + (0.5 if i == 2 else 0.0), due=0.1 * i) for i in range(3)]
    summary = summarise([LoadLevel(Load(rate_per_s=10.0, requests=3), records, full_until_s=0.7)], Slo())
    assert summary.ttft_s is not None
    assert summary.ttft_s.p50 == pytest.approx(0.5)
    assert summary.ttft_s.p99 == pytest.approx(1.0)
    assert summary.lateness_p99_s == pytest.approx(0.5)


def test_an_interrupted_level_keeps_what_was_measured_and_is_partial() -> None:
    level = run_on_clock(Load(concurrency=2, requests=100), stop_after_s=3.5)
    assert level.partial
    # Three rounds of two had ended.
    assert len(level.records) == 6
    assert summarise([level], Slo()).partial


def test_what_goes_wrong_in_sending_is_not_swallowed() -> None:
    async def work(clock: Clock) -> LoadLevel:
        async def send(i: int, due: float | None) -> Done:
            raise ZeroDivisionError

        return await run_level(Load(concurrency=1, requests=1), send, clock)

    with pytest.raises(ExceptionGroup) as caught:
        timeless(work)
    assert caught.group_contains(ZeroDivisionError)


def server_of(slots: int, rate_held: float) -> Callable[[Load], LevelSummary]:
    """A server that is full at `slots` streams and keeps the SLO up to `rate_held` requests per second."""

    def measured(load: Load) -> LevelSummary:
        level = LoadLevel(load, [answered(float(i)) for i in range(10)], full_until_s=9.0)
        plain = summarise([level], Slo(1.0))
        if load.concurrency is not None:
            busy = min(load.concurrency, slots)
            return replace(plain, output_tokens_per_s=10.0 * busy, requests_per_s=1.0 * busy)
        assert load.rate_per_s is not None
        held = load.rate_per_s <= rate_held
        return replace(
            plain,
            attainment_share=1.0 if held else 0.5,
            requests_per_s=load.rate_per_s,
            offered_per_s=load.rate_per_s,
            output_tokens_per_s=10.0 * load.rate_per_s,
        )

    return measured


@pytest.mark.parametrize(("slots", "rate_held"), [(8, 5.0), (4, 0.3), (16, 15.0)])
def test_a_sweep_finds_where_it_is_full_and_the_largest_rate_within_the_slo(
    slots: int, rate_held: float
) -> None:
    server = server_of(slots, rate_held)

    async def measure(load: Load) -> LevelSummary:
        return server(load)

    search = Search(measure, requests=10, warmup=0, attainment_share=0.95)

    async def both() -> None:
        await search.closed()
        await search.open()

    asyncio.run(both())
    sweep_result = search.sweep
    assert sweep_result.saturation_concurrency == slots
    assert sweep_result.ceiling_output_tokens_per_s == 10.0 * slots
    assert sweep_result.largest_rate_per_s is not None
    assert rate_held / 1.1 <= sweep_result.largest_rate_per_s <= rate_held
    assert sweep_result.capacity_output_tokens_per_s == pytest.approx(10 * sweep_result.largest_rate_per_s)


def test_a_rate_is_not_kept_where_requests_pile_up_however_good_the_first_ones_were() -> None:
    search = Search(None, 10, 0, 0.95)  # type: ignore[arg-type]
    plain = replace(server_of(4, 9.0)(Load(rate_per_s=4.0)), offered_per_s=4.0)
    assert search.holds(plain)
    assert not search.holds(replace(plain, requests_per_s=3.5))


def test_the_offered_rate_is_that_of_the_arrivals_as_they_fell() -> None:
    # 21 requests due every 0.1 s, asked for at 12 a second.
    level = LoadLevel(
        Load(rate_per_s=12.0, requests=21), [answered(i / 10) for i in range(21)], full_until_s=2.0
    )
    assert summarise([level], Slo()).offered_per_s == pytest.approx(10)


def test_a_sweep_reports_no_rate_above_the_closed_loops_ceiling() -> None:
    # Full at 4 streams with 4 requests a second, yet every short run of arrivals seems to hold.
    server = server_of(4, 99.0)

    async def measure(load: Load) -> LevelSummary:
        return server(load)

    search = Search(measure, requests=10, warmup=0, attainment_share=0.95)

    async def both() -> None:
        await search.closed()
        await search.open()

    asyncio.run(both())
    assert search.sweep.largest_rate_per_s == 4.0


def test_a_sweep_says_none_where_no_rate_keeps_the_slo() -> None:
    server = server_of(4, 0.0)

    async def measure(load: Load) -> LevelSummary:
        return server(load)

    search = Search(measure, requests=10, warmup=0, attainment_share=0.95)

    async def both() -> None:
        await search.closed()
        await search.open()

    asyncio.run(both())
    assert search.sweep.largest_rate_per_s is None
    assert len(search.summaries) < 20


def test_a_record_knows_its_kind_of_error() -> None:
    assert RequestRecord(0, 0, 1, fault="http status", status=503).kind == "http 503"
    assert RequestRecord(0, 0, 1, fault="timeout").kind == "timeout"
    assert RequestRecord(0, 0, 1).ok
