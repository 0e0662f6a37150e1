"""Strict YAML: what it accepts, what it refuses, and on which line."""

from __future__ import annotations

import time
from datetime import date
from decimal import Decimal

import pytest

from i18n.errors import CrossoverError
from pricing.strict_yaml import MAX_CHARACTERS, MAX_DEPTH, MAX_VALUES, parse


def value_of(text: str) -> object:
    """Parsed value of `key: text`."""
    document = parse(f"key: {text}\n", "f.yaml")
    assert isinstance(document.value, dict)
    return document.value["key"]


def refusal(text: str | bytes) -> str:
    with pytest.raises(CrossoverError) as error:
        parse(text, "f.yaml")
    return str(error.value)


def test_every_value_knows_its_line() -> None:
    document = parse("- id: a\n  tiers:\n    - above: 1\n    - above: 2\n- id: b\n", "f.yaml")
    assert document.line((0, "id")) == 1
    assert document.line((0, "tiers", 1, "above")) == 4
    assert document.place((1, "id")) == "f.yaml:5"


def test_a_missing_value_stands_where_its_group_stands() -> None:
    document = parse("\n- id: a\n- id: b\n", "f.yaml")
    assert document.place((1, "price")) == "f.yaml:3"
    assert document.place((7, "price")) == "f.yaml:2"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: 1\nb: &x 2\n", 2, "an alias or anchor (write the value out)"),
        ("a: 1\nb: *x\n", 2, "an alias or anchor (write the value out)"),
        ("a: 1\n&x b: 2\n", 2, "a key that is not plain text"),
        ("a: 1\nb: !!python/name:os.system x\n", 2, "a tag, "),
        ("a: 1\nb: !secret x\n", 2, "a tag, !secret (remove it)"),
        ("a: 1\nb:\n  c: 1\n  c: 2\n", 4, "'c' stands twice (keep one)"),
        ("a: 1\n'a': 2\n", 2, "'a' stands twice (keep one)"),
        ("a: 1\n---\nb: 2\n", 2, "a second document (keep one per file)"),
        ("a:\n\t- 1\n", 2, "not valid YAML"),
        ("a: 1\n? [b]\n: 2\n", 2, "a key that is not plain text"),
        ("a: 1\nb: nan\n", 2, "'nan' is not a finite number"),
        ("a: 1\nb: .NaN\n", 2, "'.NaN' is not a finite number"),
        ("a: 1\nb: .inf\n", 2, "'.inf' is not a finite number"),
        ("a: 1\nb: -.inf\n", 2, "'-.inf' is not a finite number"),
        ("a: 1\nb: 2026-02-30\n", 2, "'2026-02-30' is no date"),
        ("a: 1\nb: c: 2\n", 2, "not valid YAML"),
    ],
)
def test_what_is_not_plain_is_refused_with_its_line(text: str, line: int, words: str) -> None:
    assert refusal(text).startswith(f"f.yaml:{line}: ")
    assert words in refusal(text)


def test_bytes_that_are_not_utf_8_are_refused_with_their_line() -> None:
    assert refusal("a: 1\nb: Zürich\n".encode("latin-1")) == (
        "f.yaml:2: not UTF-8 text (save the file as UTF-8)"
    )


def test_a_byte_order_mark_is_no_part_of_the_first_key() -> None:
    assert parse("a: 1".encode("utf-8-sig"), "f.yaml").value == {"a": 1}


def test_a_text_that_is_too_long_is_refused_before_it_is_read() -> None:
    assert refusal("x" * (MAX_CHARACTERS + 1)).startswith(
        "f.yaml: 16,000,001 characters, more than 16,000,000"
    )


def test_lists_may_be_nested_to_the_limit_and_no_deeper() -> None:
    assert parse("[" * MAX_DEPTH + "]" * MAX_DEPTH, "f.yaml").value is not None
    assert "nested deeper than 20 levels" in refusal("[" * (MAX_DEPTH + 2) + "]" * (MAX_DEPTH + 2))


def test_a_hundred_thousand_brackets_are_refused_and_do_not_overflow_the_stack() -> None:
    assert "nested deeper than 20 levels" in refusal("[" * 100_000)


def test_more_values_than_any_table_has_are_refused_with_the_line() -> None:
    # The list itself is the first value, so the 200,000th row is one too many.
    assert refusal("- 1\n" * MAX_VALUES) == "f.yaml:200000: more than 200,000 values (split the file)"


def test_an_alias_bomb_is_refused_at_its_first_anchor_and_at_once() -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{b}: &{b} [*{a}, *{a}, *{a}]\n" for a, b in zip("abcdefghijkl", "bcdefghijklm", strict=True)
    )
    start = time.thread_time()
    assert refusal(bomb) == "f.yaml:1: an alias or anchor (write the value out)"
    assert time.thread_time() - start < 1


@pytest.mark.parametrize("text", ["NO", "no", "yes", "on", "Off", "True", "12:30", "1:30:00", "0x10", "017"])
def test_text_that_yaml_would_turn_into_something_else_stays_text(text: str) -> None:
    assert value_of(text) == text


@pytest.mark.parametrize(("text", "value"), [("true", True), ("false", False)])
def test_true_and_false_are_the_only_booleans(text: str, value: bool) -> None:
    assert value_of(text) is value


@pytest.mark.parametrize("text", ["", "~", "null"])
def test_a_blank_is_nothing(text: str) -> None:
    assert value_of(text) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [("0.1", "0.1"), ("1e6", "1000000"), ("2.50", "2.50"), ("-1.5E-3", "-0.0015"), ("+3.0", "3.0")],
)
def test_a_number_with_a_point_or_an_exponent_is_a_decimal(text: str, value: str) -> None:
    parsed = value_of(text)
    assert isinstance(parsed, Decimal)
    assert parsed == Decimal(value)


def test_decimals_are_exactly_what_is_written() -> None:
    parsed = parse("[0.1, 0.2]", "f.yaml").value
    assert isinstance(parsed, list)
    # 0.1 + 0.2 = 0.3; in binary floating point it is 0.30000000000000004.
    assert parsed[0] + parsed[1] == Decimal("0.3")


@pytest.mark.parametrize(("text", "value"), [("0", 0), ("-7", -7), ("1_000_000", 1_000_000)])
def test_a_whole_number_is_an_integer(text: str, value: int) -> None:
    parsed = value_of(text)
    assert type(parsed) is int
    assert parsed == value


def test_a_date_is_a_date() -> None:
    assert value_of("2026-11-22") == date(2026, 11, 22)


@pytest.mark.parametrize("text", ["'2.5'", '"1000"', "'2026-11-22'", "'true'", "'null'", "''"])
def test_what_is_quoted_stays_text(text: str) -> None:
    assert value_of(text) == text[1:-1]


def test_block_text_stays_text() -> None:
    assert value_of("|\n  12\n") == "12\n"


def test_a_number_of_more_than_forty_digits_is_text_and_not_worked_out() -> None:
    assert value_of("9" * 41) == "9" * 41


def test_an_empty_file_is_nothing() -> None:
    assert parse("# only a comment\n", "f.yaml").value is None
