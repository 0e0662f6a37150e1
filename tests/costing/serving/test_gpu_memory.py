"""What fits into GPU memory, worked by hand."""

from __future__ import annotations

import pytest

from costing.serving.gpu_memory import Memory, weight_bytes
from i18n.errors import CrossoverError

from ...support.factories import frozen_prices, gpu, open_model


@pytest.mark.parametrize(
    ("model", "per_token", "per_sequence"),
    [
        # keys and values x layers x KV heads x head size x 2 bytes
        ("llama-3.1-8b", 2 * 32 * 8 * 128 * 2, 0),
        ("llama-3.3-70b", 2 * 80 * 8 * 128 * 2, 0),
        ("llama-3.1-405b", 2 * 126 * 8 * 128 * 2, 0),
        ("qwen3-8b", 2 * 36 * 8 * 128 * 2, 0),
        ("qwen3-235b-a22b", 2 * 94 * 4 * 128 * 2, 0),
        ("glm-4.5-air", 2 * 46 * 8 * 128 * 2, 0),
        # linear attention: of 60 layers only 15 keep a cache
        ("qwen3.5-397b-a17b", 2 * 15 * 2 * 256 * 2, 0),
        # sliding windows: 10 full layers; 52 of a window of 1,024 tokens
        ("gemma-3-27b", 2 * 10 * 16 * 128 * 2, 2 * 52 * 16 * 128 * 2 * 1024),
        ("gpt-oss-120b", 2 * 18 * 8 * 64 * 2, 2 * 18 * 8 * 64 * 2 * 128),
        # MLA: one latent of 512 and one key of 64 a layer, no heads
        ("deepseek-v3", 61 * (512 + 64) * 2, 0),
        ("kimi-k2", 61 * (512 + 64) * 2, 0),
        # compressed: 21 layers keep every 4th, 20 every 128th token, of 512 values; and 43 windows of 128
        ("deepseek-v4-flash", (21 * 512 // 4 + 20 * 512 // 128) * 2, 43 * 512 * 128 * 2),
    ],
)
def test_kv_bytes_per_token_follow_the_models_own_shape(
    model: str, per_token: int, per_sequence: int
) -> None:
    row = frozen_prices().open_model(model)
    assert row.kv_bytes_per_token == per_token
    assert row.kv_window_bytes_per_sequence == per_sequence


def test_quantised_weights_are_smaller() -> None:
    # 10 G parameters: 2, 1 and 4.25 / 8 bytes each
    assert weight_bytes(open_model(), "bf16") == 20e9
    assert weight_bytes(open_model(), "fp8") == 10e9
    assert weight_bytes(open_model(), "int4") == pytest.approx(5.3125e9)


def test_weights_released_in_fewer_bits_are_not_made_larger() -> None:
    assert weight_bytes(open_model(shipped_weights_gb=6), "bf16") == 6e9
    assert weight_bytes(open_model(shipped_weights_gb=6), "int4") == pytest.approx(5.3125e9)


def test_as_many_sequences_run_as_fit_beside_the_weights() -> None:
    # 100 GiB x 0.9 = 96.6368 GB; less 10 GB: 86.6368 GB; 1,050 tokens at 1 kB each: 1.05 MB: 82,511
    memory = Memory.of(open_model(), gpu(), "fp8", 1)
    assert memory.largest_concurrency(1000, 100) == 82_511
    assert Memory.of(open_model(total_params_b=100), gpu(), "fp8", 1).largest_concurrency(1000, 100) == 0


def test_the_parts_of_the_bar_add_up_to_the_memory() -> None:
    memory = Memory.of(open_model(), gpu(), "fp8", 2)
    parts = memory.parts(1000, 100, 1000)
    assert [str(part.name) for part in parts] == ["Weights", "KV cache", "Activations", "Free"]
    # 10 GB; 1,000 x 1.05 MB; a tenth of 200 GiB; the rest
    assert [part.gib for part in parts[:3]] == pytest.approx([10e9 / 2**30, 1.05e9 / 2**30, 20.0])
    assert sum(part.gib for part in parts) == pytest.approx(200)


def test_what_does_not_fit_says_how_many_gpus_would() -> None:
    # 10 GB and 100,000 x 1.05 MB = 115 GB; a GPU holds 96.6 GB
    memory = Memory.of(open_model(), gpu(), "fp8", 1)
    with pytest.raises(CrossoverError, match=r"100,000 requests at once do not fit 1 GPU \(take 2\)"):
        memory.parts(1000, 100, 100_000)
    assert Memory.of(open_model(total_params_b=97), gpu(), "fp8", 1).gpus_that_hold(1000) == 2
