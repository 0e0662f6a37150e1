"""Images are the tokens that the vendors' pages and APIs say, and a model without a rule is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costing.tokenization.images import RULES, Detail, image_tokens, patches
from i18n.errors import CrossoverError
from i18n.message import listed
from pricing.rows import Evidence


@pytest.mark.parametrize(
    ("model", "width", "height", "detail", "tokens"),
    [
        # OpenAI's own examples: 768 x 768 is 4 tiles, 768 x 1,536 is 6; low detail is the base.
        ("openai/gpt-4o", 1024, 1024, "high", 765),
        ("gpt-4o", 2048, 4096, "high", 1105),
        ("gpt-4o", 4096, 8192, "low", 85),
        ("gpt-4o", 512, 512, "high", 255),
        ("gpt-4o-mini", 1024, 1024, "high", 2833 + 4 * 5667),
        # Shrunk to 1,056 x 1,408: 33 x 44 = 1,452 patches, times 1.62 = 2,352.24.
        ("gpt-4.1-mini", 1800, 2400, "high", 2353),
        ("gpt-4.1-mini", 1024, 1024, "high", 1659),
        ("gpt-4.1-nano", 1024, 1024, "high", 2520),
        ("o4-mini", 1024, 1024, "high", 1762),
        # Measured (huggingface.co/datasets/JOHNISKING/image-token-cost).
        ("openai/gpt-6-astra", 256, 256, "auto", 77),
        ("openai/gpt-6-astra", 2560, 1440, "auto", 4320),
        ("openai/gpt-6-astra", 2560, 1440, "high", 2931),
        ("openai/gpt-6-astra", 4032, 3024, "high", 2942),
        ("openai/gpt-6-astra", 4032, 3024, "auto", 14_364),
        ("openai/gpt-5.5", 4032, 3024, "auto", 11_868),
        # 37 x 37 patches of 28 px; the measured requests were 65 to 77 tokens more, for their text.
        ("anthropic/claude-haiku-4-5", 1024, 1024, "high", 1369),
        ("anthropic/claude-haiku-4-5", 1920, 1080, "high", 1560),
        ("anthropic/claude-haiku-4-5", 4032, 3024, "high", 1564),
        ("anthropic/claude-opus-5-5", 1920, 1080, "high", 2691),
        ("anthropic/claude-opus-4-8", 1000, 1000, "high", 1296),
        ("google/gemini-2.5-flash", 384, 384, "high", 258),
        # Tiles of 540 / 1.5 = 360 px: 3 x 2.
        ("google/gemini-2.5-flash", 960, 540, "high", 1548),
        ("google/gemini-3.8-flash", 4032, 3024, "high", 1120),
    ],
)
def test_an_image_is_as_many_tokens_as_its_vendor_says(
    model: str, width: int, height: int, detail: Detail, tokens: int
) -> None:
    assert image_tokens(model, width, height, detail).tokens == tokens


def test_the_guides_example_shrinks_to_1452_patches() -> None:
    # 1,800 x 2,400 at 0.603 is 33.94 x 45.25 patches; 33 / 33.94 more makes 33 x 44.
    assert patches(1800, 2400, 1536) == 33 * 44 == 1452


def test_a_rule_read_off_a_measurement_is_an_estimate_and_says_where_from() -> None:
    token_count = image_tokens("gpt-6-astra", 1024, 1024)
    assert token_count.evidence == Evidence.ESTIMATED
    assert str(listed(token_count.counting_methods)).startswith("https://huggingface.co/")
    assert image_tokens("gpt-4o", 1024, 1024).evidence == Evidence.PUBLISHED


def refusal(model: str, width: int = 10, height: int = 10, detail: Detail = "high") -> str:
    with pytest.raises(CrossoverError) as error:
        image_tokens(model, width, height, detail)
    (line,) = str(error.value).splitlines()
    return line


def test_a_model_without_a_rule_is_refused_and_never_free() -> None:
    assert refusal("xai/grok-4.7") == (
        "'xai/grok-4.7': no published rule for the tokens of its images (read them off a bill)"
    )
    assert "; did you mean 'gpt-4o'?" in refusal("gpt-4p")


def test_a_size_or_detail_without_a_rule_is_refused() -> None:
    assert refusal("claude-opus-5-5", 2560, 1440) == (
        "'claude-opus-5-5': no published rule for an image of 2560 x 1440 pixels at detail 'high' "
        "(resize it, or choose another detail)"
    )
    assert "at detail 'low'" in refusal("gpt-4.1-mini", detail="low")
    assert refusal("gpt-4o", 0, 5) == "an image of 0 x 5 pixels (each side 1 to 100,000)"


@given(st.sampled_from(sorted(RULES)), st.integers(1, 9000), st.integers(1, 9000))
def test_an_image_has_tokens_and_as_many_on_its_side(model: str, width: int, height: int) -> None:
    try:
        upright = image_tokens(model, width, height).tokens
    except CrossoverError:
        assert max(width, height) > 1920
        return
    assert upright >= 1
    assert image_tokens(model, height, width).tokens == upright
