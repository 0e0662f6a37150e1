"""Labels of options: in full with the GPUs that are billed, and short where that is unique."""

from __future__ import annotations

import pytest

from costing.comparison.compare import compare
from costing.comparison.option_labels import option_labels
from pricing.rows.names import model_label

from ...support.factories import HOSTED, STUFFED, TUNED, book, choice, model_price, scenario, tuned_price


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("gpt-4.1", "GPT-4.1"),
        ("gpt-4.1-mini", "GPT-4.1 mini"),
        ("gpt-4o-2024-08-06", "GPT-4o 2024-08-06"),
        ("gpt-oss-120b", "gpt-oss-120b"),
        ("claude-sonnet-5-5", "Claude Sonnet 5.5"),
        ("gemini-3.8-flash", "Gemini 3.8 Flash"),
        ("Qwen3-8B", "Qwen3-8B"),
        ("large", "large"),
    ],
)
def test_a_known_spelling_of_a_model_is_written_as_its_vendor_does(name: str, label: str) -> None:
    assert model_label(name) == label


def test_the_full_label_has_the_gpus_that_are_billed() -> None:
    # A replica answers 86,400 a day at most: 200,000 a day take three.
    small, large = (
        compare(scenario(STUFFED, HOSTED, requests_per_day=volume), book()) for volume in (1000.0, 200_000.0)
    )
    labels = [
        str(option_labels(comparison)[comparison.outcomes[1].name].full) for comparison in (small, large)
    ]
    assert labels == ["Self-hosted · Open 10B (1 × G1, rented)", "Self-hosted · Open 10B (3 × G1, rented)"]
    assert small.outcomes[1].name == large.outcomes[1].name


def test_a_short_label_that_two_options_share_is_the_full_one() -> None:
    other = model_price(id="other/large", vendor="Other")
    comparison = compare(
        scenario(STUFFED, choice("stuffed_prompt", model="other/large"), TUNED), book(other, tuned_price())
    )
    assert [str(label.short) for label in option_labels(comparison).values()] == [
        "Prompt stuffing · large (Acme)",
        "Prompt stuffing · large (Other)",
        "Fine-tuned · large",
    ]


def test_the_user_s_own_name_stays() -> None:
    comparison = compare(scenario(choice("stuffed_prompt", "Plan B", model="acme/large")), book())
    (label,) = option_labels(comparison).values()
    assert (str(label.full), str(label.short)) == ("Plan B", "Plan B")
