"""Tokens page in an AppTest: texts, counts, costs, savings, and the way into the comparison."""

from __future__ import annotations

from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from costing.tokenization.token_spans import token_spans
from dashboard.pages.tokens import VIEWS
from dashboard.tokens.spans import tokens_html
from tests.support.app import errors, go, open_app, page_text, table, upload

TOOLS = '[{"name": "find_order", "description": "Finds an order", "parameters": {"type": "object"}}]'


@pytest.fixture
def page(today: date) -> AppTest:
    return go(open_app(), "tokens")


def paste(page: AppTest, text: str, part: str = "instruction") -> AppTest:
    return page.text_area(key=f"text_tokens_{part}").set_value(text).run()


def view(page: AppTest, name: str) -> AppTest:
    page.session_state["views"] = {"tokens": name}
    return page.run()


def test_the_page_starts_blank_and_says_what_to_do(page: AppTest) -> None:
    assert not page.exception
    assert page.text_area(key="text_tokens_instruction").value == ""
    assert any(info.value.startswith("Paste a prompt or upload a file") for info in page.info)
    assert not page.dataframe


def test_a_pasted_prompt_has_tokens_and_a_cheapest_model(page: AppTest) -> None:
    paste(page, "hello world")
    assert not page.exception
    text = page_text(page)
    assert "**2 tokens** of input in o200k_base" in text
    assert "Cheapest of 75 models" in text
    values = [str(getattr(block, "value", "")) for block in page.get("html")]
    html = next(value for value in values if "data-id" in value)
    assert 'data-id="24912"' in html


def test_every_view_shows_its_frame(page: AppTest) -> None:
    paste(page, "hello world " * 500)
    columns = {
        "tokenizers": "over_reference_share",
        "models": "usd_per_1k_requests",
        "parts": "cost_share",
        "savings": "saved_usd",
    }
    assert set(columns) | {"tokens"} == set(VIEWS)
    for name, column in columns.items():
        view(page, name)
        assert not page.exception
        assert len(table(page, column)) > 0


def test_the_answer_volume_and_cached_share_change_the_cost(page: AppTest) -> None:
    paste(page, "hello world " * 500)
    view(page, "models")

    def usd() -> float:
        costs = table(page, "usd_per_1k_requests")
        return float(costs[costs["model_name"] == "GPT-4.1 (OpenAI)"]["usd_per_month"].iloc[0])

    first = usd()
    page.number_input(key="tokens_calls_per_day").set_value(2000.0).run()
    assert usd() == pytest.approx(2 * first, abs=1e-5)
    page.number_input(key="tokens_cached_percent").set_value(100.0).run()
    assert usd() < 2 * first
    page.number_input(key="tokens_answer_tokens").set_value(0).run()
    # 1,001 tokens ("hello", 499 times " hello", 500 times " world", " ") and 7 of the chat format, all at
    # 0.5 USD per Mtok.
    assert usd() == pytest.approx(1008 * 0.5e-6 * 2000 * 365.25 / 12, rel=1e-4)


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("big.pdf", b"%PDF-1.7" + b"a" * 50_000_000, "big.pdf: 50.0 MB, more than 20 MB"),
        ("photo.png", b"\x89PNG\r\n\x1a\n\0", "photo.png: an image, not text"),
        ("a.docx", b"hello", "a.docx: not a Word document"),
        ("blank.txt", b" \n", "blank.txt: no text in the file"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_sentence_and_the_text_stays(
    page: AppTest, name: str, content: bytes, error: str
) -> None:
    paste(page, "my prompt")
    upload(page, "upload_tokens_instruction", name, content)
    assert not page.exception
    (line,) = errors(page)
    assert line.startswith(error)
    assert page.text_area(key="text_tokens_instruction").value == "my prompt"


def test_an_upload_in_big5_becomes_the_prompt(page: AppTest) -> None:
    upload(page, "upload_tokens_instruction", "a.txt", "請您提供訂單編號".encode("big5"))
    assert not page.exception
    assert page.text_area(key="text_tokens_instruction").value == "請您提供訂單編號"


def test_tools_that_are_no_json_have_their_error_beside_the_box_and_lose_nothing(page: AppTest) -> None:
    paste(page, "my prompt")
    paste(page, "{oops", "tools")
    assert not page.exception
    (line,) = errors(page)
    assert line.startswith("line 1: not JSON")
    assert page.text_area(key="text_tokens_tools").value == "{oops"
    paste(page, TOOLS, "tools")
    assert errors(page) == []
    view(page, "parts")
    assert "Tool definitions" in set(table(page, "part_label")["part_label"])


def test_images_are_priced_for_models_with_a_rule_and_others_say_why_not(page: AppTest) -> None:
    paste(page, "what is this?")
    page.number_input(key="tokens_images_per_call").set_value(1.0).run()
    view(page, "models")
    assert not page.exception
    costs = table(page, "usd_per_1k_requests")
    assert costs[costs["model_name"] == "GPT-4.1 (OpenAI)"]["usd_per_month"].notna().all()
    without = costs[costs["usd_per_month"].isna()]
    assert len(without) > 0
    assert without["reason"].str.contains("no rule is published").all()


def test_the_prompt_replaces_that_of_the_comparison(page: AppTest) -> None:
    before = page.session_state["table"].scenario
    paste(page, "my own prompt")
    page.number_input(key="tokens_calls_per_day").set_value(77.0).run()
    page.button(key="tokens_use").click().run()
    assert not page.exception
    now = page.session_state["table"].scenario
    assert now.parts["instruction"].text == "my own prompt"
    assert now.parts["example"].is_empty
    assert now.requests_per_day == 77
    assert now.strategies == before.strategies


def test_undo_and_redo_change_this_page_and_not_the_comparison(page: AppTest) -> None:
    scenario = page.session_state["table"].scenario
    assert page.button(key="undo").disabled
    paste(page, "first")
    paste(page, "second")
    page.button(key="undo").click().run()
    assert page.text_area(key="text_tokens_instruction").value == "first"
    page.button(key="undo").click().run()
    assert page.text_area(key="text_tokens_instruction").value == ""
    assert page.button(key="undo").disabled
    page.button(key="redo").click().run()
    page.button(key="redo").click().run()
    assert page.text_area(key="text_tokens_instruction").value == "second"
    assert page.button(key="redo").disabled
    assert page.session_state["table"].scenario == scenario


def test_the_prompt_of_the_comparison_can_be_taken(page: AppTest) -> None:
    page.button(key="tokens_from_comparison").click().run()
    assert not page.exception
    scenario = page.session_state["table"].scenario
    assert page.text_area(key="text_tokens_instruction").value == scenario.parts["instruction"].text
    assert page.number_input(key="tokens_calls_per_day").value == scenario.requests_per_day


def test_a_text_that_no_tokenizer_can_cut_is_one_error(page: AppTest) -> None:
    paste(page, " " * 150_000 + "x")
    assert not page.exception
    (line,) = errors(page)
    assert "blanks in a row" in line


def test_the_page_speaks_chinese_and_keeps_the_prompt(page: AppTest) -> None:
    paste(page, "hello world")
    page.session_state["lang"] = "zh_TW"
    page.run()
    assert not page.exception
    assert page.text_area(key="text_tokens_instruction").value == "hello world"
    assert "2 個 Token" in page_text(page)


def test_markup_in_a_text_is_shown_and_not_run() -> None:
    html = tokens_html(token_spans("<script>alert('x')</script>\n&amp;\t", "o200k_base"), 'a "label"')
    assert "<script" not in html
    assert "&lt;" in html
    assert 'aria-label="a &quot;label&quot;"' in html
    assert "↵\n" in html
    assert "→\t" in html


def test_bytes_of_a_split_character_are_drawn_as_hexadecimal_digits() -> None:
    html = tokens_html(token_spans("𠮷", "o200k_base"), "")
    assert 'bytes"' in html
    assert "F0" in html
