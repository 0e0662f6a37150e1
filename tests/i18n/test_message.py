"""Messages: numbers are formatted in every language."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from i18n.message import counted, figure, filled, message
from tests.support.translation import translate_by


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (2_000_000.0, "2,000,000"),
        (25_015_203.0, "25,015,200"),
        (999_999.7, "1,000,000"),
        (31_433.9, "31,433.9"),
        (0.5, "0.5"),
        (0.00001, "0.00001"),
        (1.23456e-7, "0.000000123456"),
        (-3e6, "-3,000,000"),
        (0.0, "0"),
    ],
)
def test_a_figure_has_no_exponent(value: float, text: str) -> None:
    assert figure(value) == text


@given(value=st.floats(min_value=-1e15, max_value=1e15), digits=st.integers(1, 9))
def test_a_figure_is_the_number_in_its_significant_digits(value: float, digits: int) -> None:
    text = figure(value, digits)
    assert "e" not in text
    assert float(text.replace(",", "")) == float(f"{value:.{digits}g}")


@pytest.mark.parametrize(
    ("share", "percent"),
    [
        (0.38, "38%"),
        (0.005, "0.5%"),
        (0.0049, "0.5%"),
        (0.0015, "0.1%"),
        (0.00002, "0.002%"),
        (-0.002, "-0.2%"),
        (0, "0%"),
    ],
)
def test_a_small_share_is_not_said_to_be_none(share: float, percent: str) -> None:
    assert filled("{share:.0%} below", share=share) == f"{percent} below"


def test_a_sentence_spells_out_what_asks_for_significant_digits() -> None:
    assert filled("{a:,.4g} of {b:,.0f} {c}", a=25_015_203, b=1.5, c="x") == "25,020,000 of 2 x"
    sentence = message("from {low:,.6g} to {high:,.6g}", low=200.0, high=2e6)
    translate = translate_by(lambda text: text.replace("from", "自").replace("to", "至"))
    assert sentence.render(translate) == "自 200 至 2,000,000"


def test_a_sentence_that_counts_has_a_form_for_one() -> None:
    def faults(n: int) -> str:
        return str(counted("and one more fault in {file}", "and {n} more faults in {file}", n, file="a.yaml"))

    assert [faults(n) for n in (1, 6)] == ["and one more fault in a.yaml", "and 6 more faults in a.yaml"]
