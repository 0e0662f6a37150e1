"""Tokens page in a real Chromium: drawn tokens, an upload in Big5, an error beside its box, a phone."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from ...support.browser import expect_drawn, settle

pytestmark = pytest.mark.browser

TEXT = "<b>hello</b> 𠮷 world\nsecond line"


def open_tokens(page: Page) -> Page:
    page.get_by_role("link", name="Tokens", exact=True).click()
    expect(page.locator(".st-key-text_tokens_instruction textarea")).to_be_visible()
    settle(page)
    return page


def paste(page: Page, text: str) -> None:
    box = page.locator(".st-key-text_tokens_instruction textarea")
    box.fill(text)
    box.press("Control+Enter")
    expect(page.locator(".tokens")).to_be_visible()
    settle(page)


def test_tokens_are_drawn_as_text_with_their_ids_under_the_pointer(page: Page) -> None:
    paste(open_tokens(page), TEXT)
    tokens = page.locator(".tokens")
    assert "<b>hello</b>" in tokens.inner_text()
    assert tokens.locator("b").count() == 0
    assert tokens.locator(".bytes").count() > 1
    word = tokens.locator("span").filter(has_text="world").first
    word.hover()
    label = word.evaluate("span => getComputedStyle(span, '::after').content")
    # " world" is 2375 in o200k_base.
    assert label == '"2375"'


def test_a_view_of_the_page_is_in_the_address_and_back_returns(page: Page) -> None:
    paste(open_tokens(page), TEXT)
    page.locator("[class*=st-key-view_tokens]").get_by_text("Tokenizers", exact=True).click()
    expect_drawn(page, "figure_token_families")
    settle(page)
    assert "view=tokenizers" in page.url
    page.go_back()
    expect(page.locator(".tokens")).to_be_visible()


def test_a_file_in_big5_is_read_and_a_bad_file_has_its_error_beside_the_box(
    page: Page, tmp_path: Path
) -> None:
    open_tokens(page)
    good, bad = tmp_path / "order.txt", tmp_path / "notes.docx"
    good.write_bytes("請您提供訂單編號".encode("big5"))
    bad.write_bytes(b"PK\x03\x04 no Word document")
    field = page.locator(".st-key-upload_tokens_instruction input[type=file]")
    button = page.locator("[class*=st-key-popover_tokens_instruction] button")
    button.first.click()
    field.set_input_files(str(good))
    box = page.locator(".st-key-text_tokens_instruction textarea")
    expect(box).to_have_value("請您提供訂單編號")
    settle(page)
    button.first.click()
    field.set_input_files(str(bad))
    error = page.locator(".st-key-tokens_prompt").get_by_role("alert")
    expect(error).to_contain_text("notes.docx: a damaged Word document")
    expect(box).to_have_value("請您提供訂單編號")


def test_a_phone_scrolls_no_view_sideways(phone: Page) -> None:
    phone.goto(phone.url.split("?")[0].rstrip("/") + "/tokens")
    expect(phone.locator(".st-key-text_tokens_instruction textarea")).to_be_visible()
    settle(phone)
    paste(phone, TEXT)
    for name in ("Text as tokens", "Tokenizers", "Cost per model", "Cost by part", "Savings"):
        phone.locator("[class*=st-key-view_tokens]").get_by_text(name, exact=True).click()
        settle(phone)
        assert phone.evaluate("document.documentElement.scrollWidth") <= 390, name
