"""How fast a replica answers: the measurement where it was taken, the roofline's ratio elsewhere."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costing.serving.throughput import ReplicaRoofline, throughput
from pricing.rows import Deployment, Evidence, OpenModel

from ...support.factories import deployment, frozen_prices, gpu, open_model, prior

SHIPPED = list(frozen_prices().rows(Deployment).values())


def replica_of(row: Deployment) -> ReplicaRoofline:
    prices = frozen_prices()
    model, card = prices.open_model(row.open_model), prices.gpu(row.gpu)
    return ReplicaRoofline.of(row, model, card, prices.throughput_prior(card, model.has_experts))


def example(model: OpenModel | None = None, **changes: object) -> ReplicaRoofline:
    return ReplicaRoofline.of(deployment(**changes), model or open_model(), gpu(), prior())


def test_a_70b_model_on_two_h100_can_serve_763_million_tokens_a_day() -> None:
    row = frozen_prices().deployment("llama-3.3-70b-fp8-2xh100")
    speed = throughput(row, replica_of(row), 1000, 1000)
    # 2,209 output tokens/s a GPU x 2 = 4,418; x 86,400 s = 381.7 M out, and as many in: 763.4 M
    assert speed.output_tokens_per_s == 4418
    assert speed.output_tokens_per_s * 86_400 * 2 == pytest.approx(763.4e6, rel=1e-4)


@pytest.mark.parametrize("row", SHIPPED, ids=lambda row: str(row.id))
def test_at_the_measured_lengths_it_is_the_measurement_itself(row: Deployment) -> None:
    speed = throughput(row, replica_of(row), row.input_tokens, row.output_tokens)
    assert speed.output_tokens_per_s == float(row.output_tokens_per_s)
    assert speed.evidence == row.evidence == Evidence.PUBLISHED


@pytest.mark.parametrize("row", SHIPPED, ids=lambda row: str(row.id))
def test_at_almost_the_measured_lengths_it_is_almost_the_measurement(row: Deployment) -> None:
    speed = throughput(row, replica_of(row), row.input_tokens + 1e-6, row.output_tokens)
    assert speed.output_tokens_per_s == pytest.approx(float(row.output_tokens_per_s), rel=1e-6)
    assert speed.evidence == Evidence.ESTIMATED


@pytest.mark.parametrize("row", SHIPPED, ids=lambda row: str(row.id))
def test_every_measured_deployment_fits_its_gpus(row: Deployment) -> None:
    replica = replica_of(row)
    assert replica.largest_concurrency(row.input_tokens, row.output_tokens) >= (row.concurrency or 1)
    assert replica.gpus_that_hold(row.input_tokens + row.output_tokens) <= row.gpus_per_replica


@pytest.mark.parametrize("row", SHIPPED, ids=lambda row: str(row.id))
@given(tokens=st.floats(1, 20_000), longer=st.floats(1.001, 4), answer=st.floats(1, 4000))
def test_a_longer_prompt_is_slower(row: Deployment, tokens: float, longer: float, answer: float) -> None:
    replica = replica_of(row)
    short = throughput(row, replica, tokens, answer).output_tokens_per_s
    long = throughput(row, replica, tokens * longer, answer).output_tokens_per_s
    assert 0 < long < short * (1 + 1e-12)


def test_a_roofline_worked_by_hand() -> None:
    # A step reads 10 GB of weights and 10 x (1,000 + 50) tokens x 1 kB = 0.0105 GB of cache:
    # 10.0105 GB / (1,000 GB/s x 0.5) = 0.020021 s; 2 x 10 G x 10 FLOPs / (100 T x 0.5) = 0.004 s;
    # 2 ms besides: 0.026021 s.
    # Prefill: 2 x 10 G x 1,000 + 2 x 1,000^2 x 1,000 x 10 = 20.02 T; / (100 T x 1) = 0.2002 s.
    # 10 x 100 tokens in 100 x 0.026021 + 10 x 0.2002 = 4.6041 s: 217.198 a second.
    assert example().output_tokens_per_s(1000, 100, 10) == pytest.approx(1000 / 4.6041, rel=1e-9)


def test_two_gpus_share_the_work_and_talk_at_every_layer() -> None:
    # 0.0100105 + 0.002 + 0.002 s, and 10 layers x 100 us = 0.001 s: 0.0150105 s a step; prefill 0.1001 s.
    # 1,000 tokens in 1.50105 + 1.001 = 2.50205 s
    tokens_per_s = example(gpus_per_replica=2).output_tokens_per_s(1000, 100, 10)
    assert tokens_per_s == pytest.approx(1000 / 2.50205, rel=1e-9)


def test_a_precision_without_hardware_of_its_own_computes_in_16_bits() -> None:
    assert example(precision="fp8").flops == 100e12
    assert example(precision="bf16").flops == 50e12
    assert example(precision="fp4").flops == 50e12  # the example GPU has no FP4
    assert example(precision="bf16").weight_bytes == 20e9
    assert example(precision="int4").weight_bytes == pytest.approx(5.3125e9)  # 4.25 bits a parameter


def test_a_mixture_of_experts_reads_the_experts_it_touches() -> None:
    # 2 of 8 experts a token: 10 G in all and 4 G active mean (10 - 4) / (1 - 1/4) = 8 G of experts.
    model = open_model(active_params_b=4, routed_experts=8, experts_per_token=2)
    roofline = example(model)
    assert roofline.expert_share == 0.25
    assert roofline.expert_bytes == pytest.approx(8e9)
    assert roofline.always_read_bytes == pytest.approx(2e9)
    # Of one sequence a step touches 1 - 3/4 = 1/4 of the experts: 2 + 2 GB, and 0.00105 GB of cache.
    # 4.00105 GB / 500 GB/s = 0.0080021; 2 x 4 G / 50 T = 0.00016; 0.002: 0.0101621 s a step.
    # Prefill: (2 x 4 G x 1,000 + 0.02 T) / 100 T = 0.0802 s. 100 tokens in 1.01621 + 0.0802 = 1.09641 s.
    assert roofline.output_tokens_per_s(1000, 100, 1) == pytest.approx(100 / 1.09641, rel=1e-9)
    # Of two sequences 1 - (3/4)^2 = 7/16: 2 + 3.5 GB, and 0.0021 GB of cache: 0.0110042 s; 0.00032; 0.002:
    # 0.0133242 s a step. 200 tokens in 1.33242 + 2 x 0.0802 = 1.49282 s.
    assert roofline.output_tokens_per_s(1000, 100, 2) == pytest.approx(200 / 1.49282, rel=1e-9)


def test_the_cache_of_as_many_sequences_as_fit() -> None:
    # 100 GiB x 0.9 = 96.6368 GB; less 10 GB of weights 86.6368 GB. A sequence holds 1,000 + 50 tokens at
    # 1 kB and a window of 0.95 MB: 2 MB. 86,636.76 MB / 2 MB = 43,318
    model = open_model(kv_window_bytes_per_sequence=950_000)
    assert math.floor(example(model).largest_concurrency(1000, 100)) == 43_318


@pytest.mark.parametrize(("params_b", "gpus"), [(10, 1), (96, 1), (97, 2), (193, 2), (194, 3)])
def test_so_many_gpus_hold_the_weights_and_one_sequence(params_b: int, gpus: int) -> None:
    # A GPU holds 96.6368 GB.
    model = open_model(total_params_b=params_b, active_params_b=params_b)
    assert example(model).gpus_that_hold(1100) == gpus


def test_the_concurrency_is_the_measured_one_where_it_fits() -> None:
    assert throughput(deployment(concurrency=10), example(), 2000, 100).concurrency == 10


def test_no_more_sequences_run_than_fit() -> None:
    # 90 G of weights leave 6.6368 GB: one prompt of 3,000,000 tokens at 1 kB fits twice.
    model = open_model(total_params_b=90, active_params_b=90)
    row = deployment(concurrency=10)
    speed = throughput(row, ReplicaRoofline.of(row, model, gpu(), prior()), 3_000_000, 100)
    assert 2 < speed.concurrency < 3


def test_without_a_measured_concurrency_it_is_the_largest_that_fits() -> None:
    row = deployment(concurrency=None)
    replica = example(concurrency=None)
    assert throughput(row, replica, 1000, 100).concurrency == replica.largest_concurrency(1000, 100)


def test_the_measurement_is_carried_by_the_ratio_of_the_rooflines() -> None:
    # 217.198 at the measured lengths (above). Twice the prompt, same answer:
    # step 10.0205 GB / 500 GB/s = 0.020041 + 0.004 + 0.002 = 0.026041 s; prefill (40 T + 0.08 T) / 100 T =
    # 0.4008 s; 1,000 tokens in 2.6041 + 4.008 = 6.6121 s. Ratio 4.6041 / 6.6121; 100 measured.
    speed = throughput(deployment(), example(), 2000, 100)
    assert speed.output_tokens_per_s == pytest.approx(100 * 4.6041 / 6.6121, rel=1e-9)
