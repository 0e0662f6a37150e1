"""Labels at the ends of lines do not overlap and stay inside the figure."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.figures.end_labels import MAX_LABELS, LineEnd, end_labels, margin_px, spread


@given(
    st.lists(st.floats(0, 100), min_size=1, max_size=10).map(sorted),
    st.floats(0.5, 10),
)
def test_labels_that_fit_do_not_overlap_and_stay_inside(places: list[float], height: float) -> None:
    moved = spread(places, [height] * len(places), 0.0, 100.0)
    assert all(upper - lower >= height - 1e-9 for lower, upper in pairwise(moved))
    assert min(moved) >= height / 2 - 1e-9
    assert max(moved) <= 100 - height / 2 + 1e-9


def test_ends_that_are_equal_are_moved_apart_on_a_logarithmic_axis() -> None:
    # 100 px for two decades, 14 px a label: 0.28 decades apart, half a label under the top.
    ends = [LineEnd("A", "#000000", 100.0), LineEnd("B", "#111111", 100.0)]
    trace = end_labels(ends, 10.0, (1.0, 100.0), "log", 100)
    assert trace["y"] == pytest.approx([10**1.58, 10**1.86])
    assert trace["x"] == [10.0, 10.0]
    assert trace["textfont"]["color"] == ["#000000", "#111111"]


def test_a_line_that_ends_at_zero_has_no_label_on_a_logarithmic_axis() -> None:
    ends = [LineEnd("free", "#000000", 0.0), LineEnd("B", "#111111", 10.0)]
    assert end_labels(ends, 1.0, (1.0, 100.0), "log", 100)["text"] == [" B"]
    assert len(end_labels(ends, 1.0, (0.0, 100.0), "linear", 100)["text"]) == 2


def test_many_lines_are_not_all_labelled() -> None:
    ends = [LineEnd(f"{n}", "#000000", float(n)) for n in range(30)]
    assert len(end_labels(ends, 1.0, (0.0, 30.0), "linear", 400)["text"]) == MAX_LABELS


def test_the_margin_has_room_for_the_widest_line_of_a_label() -> None:
    # Lines of at most 20 columns: "self-hosted Llama" has 17, 6.2 px each, and 16 px around.
    assert margin_px(["self-hosted Llama 3.1"]) == round(16 + 6.2 * 17)
    assert margin_px([]) == 16
