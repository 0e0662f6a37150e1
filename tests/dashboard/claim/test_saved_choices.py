"""Choices of the break-even page in storage and links: they read back, and a bad one is one sentence."""

from __future__ import annotations

from typing import Any

import pytest

from costing.scenario.packed_link import packed
from dashboard.claim.saved_choices import choices_of, document_of, link_of, read_link
from dashboard.claim.state import Choices
from i18n.errors import CrossoverError

CHANGED = Choices("rented", "openai/gpt-4o-mini", {"input_share": 0.3, "spare_replicas": 1.0})


def test_choices_read_back_equal_from_storage_and_from_a_link() -> None:
    assert choices_of(document_of(CHANGED)) == CHANGED
    assert read_link(link_of(CHANGED), Choices()) == CHANGED


def test_the_baseline_has_no_word_in_the_address() -> None:
    assert link_of(Choices()) == ""
    assert document_of(Choices()) == {}


def test_a_link_is_short_and_safe_in_an_address() -> None:
    word = link_of(CHANGED)
    assert len(word) < 200
    assert set(word) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"moved": {"spare_replica": 1}}, "no assumption 'spare_replica'; did you mean 'spare_replicas'"),
        ({"moved": {"spare_replicas": 9}}, "Spare replicas: 9 is outside 0 to 8"),
        ({"moved": {"spare_replicas": 1.5}}, "Spare replicas: 1.5 is not a whole number"),
        ({"moved": {"spare_replicas": "many"}}, "moved.spare_replicas: 'many'"),
        ({"model": "openai/gpt-9"}, "openai/gpt-9"),
        ({"tenure": "leased"}, "tenure: 'leased'"),
        ({"staff": 1}, "staff"),
    ],
)
def test_a_link_that_does_not_fit_names_what_is_wrong(values: dict[str, Any], sentence: str) -> None:
    with pytest.raises(CrossoverError) as caught:
        read_link(packed(values, 1), Choices())
    assert len(caught.value.errors) == 1
    assert str(caught.value).startswith("The assumptions in this link cannot be used: ")
    assert sentence in str(caught.value)


def test_a_truncated_link_and_another_version_say_so() -> None:
    with pytest.raises(CrossoverError, match="damaged or incomplete"):
        read_link(link_of(CHANGED)[:-8], Choices())
    with pytest.raises(CrossoverError, match="its format is 2, and this version reads 1"):
        read_link(packed(document_of(CHANGED), 2), Choices())
