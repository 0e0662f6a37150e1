"""Main task in a real Chromium: paste text, move the slider, read the result, download."""

from __future__ import annotations

import csv
import io
import re
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import choose_section, expect_drawn, new_page, open_first_page, open_inputs, settle
from tests.support.paths import ROOT

pytestmark = pytest.mark.browser


VIEWS = ("Overview", "Cost breakdown", "Break-even", "Cash flow", "Risk & sensitivity", "Recommendation")


def verdict(page: Page) -> str:
    return page.locator(".verdict h4").inner_text()


def open_view(page: Page, title: str) -> None:
    page.locator(".st-key-view_").get_by_text(title, exact=True).click()
    settle(page)


def download(page: Page, key: str) -> tuple[str, bytes]:
    button = page.locator(f".st-key-{key} button:visible")
    expect(button).to_have_count(1)
    with page.expect_download() as waiting:
        button.click()
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()


def test_a_manager_pastes_a_prompt_moves_the_slider_and_downloads_the_csv(page: Page) -> None:
    first = verdict(page)
    assert "is recommended" in first

    open_inputs(page, "Start")
    page.get_by_label("Your prompt").fill("Our return policy in one long line. " * 3000)
    page.keyboard.press("Control+Enter")
    page.locator(".st-key-start_replace button").click()
    expect(page.locator(".verdict h4")).not_to_have_text(first)
    settle(page)
    pasted = verdict(page)
    # "Our", " return", " policy", " in", " one", " long", " line", ".": 8 tokens a sentence, and the
    # last blank.
    choose_section(page, "Prompt & tokens")
    expect(page.locator(".st-key-part_instruction")).to_contain_text("24,001 tokens")
    for part in ("example", "knowledge", "tools"):  # nothing is left of the example
        expect(page.locator(f".st-key-text_{part} textarea")).to_have_value("")

    page.locator(".volume input[type=range]").press("Home")
    expect(page.locator(".verdict h4")).not_to_have_text(pasted)
    settle(page)
    moved = verdict(page)
    best = re.fullmatch(
        r"At 10 requests per day, (.+) is recommended: "
        r"([\d,.]+) USD per month, [\d,.]+ USD per 1,000 requests\.",
        moved,
    )
    assert best is not None, moved

    open_view(page, "Cost breakdown")
    name, content = download(page, "csv_costs")
    assert name == "own-costs.csv"
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    months = sorted({row["month"] for row in rows})
    assert len(months) == 24
    mine = [row for row in rows if row["strategy"] == best[1] and row["month"] == months[0]]
    usd = {
        cadence: sum((Decimal(row["amount_usd"]) for row in mine if row["cadence"] == cadence), Decimal(0))
        for cadence in ("monthly", "once")
    }
    # What is paid once is spread over the scenario's 24 months.
    shown = Decimal(best[2].replace(",", ""))
    assert (usd["monthly"] + usd["once"] / 24).quantize(shown, ROUND_HALF_UP) == shown


def test_a_manager_decides_on_his_own_prompt_in_five_actions_and_his_link_opens_elsewhere(
    browser: Browser, address: str
) -> None:
    with new_page(browser, viewport={"width": 1280, "height": 800}, locale="en-US") as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        open_first_page(page, address)  # an example, marked as one
        summary = page.locator(".st-key-inputs_summary")
        expect(summary).to_contain_text("Example")
        open_inputs(page)  # 1
        page.get_by_label("Your prompt").fill("Answer questions about our return policy. " * 400)  # 2: paste
        page.keyboard.press("Control+Enter")
        page.locator(".st-key-start_replace button").click()  # 3: in place of the example's texts
        page.locator(".st-key-requests input").fill("5000")  # 4: requests per day
        page.keyboard.press("Enter")
        settle(page)
        decided = page.locator(".verdict").inner_text()
        assert re.match(r"At 5,000 requests per day, .+ is recommended: [\d,.]+ USD per month", decided), (
            decided
        )
        expect(summary).not_to_contain_text("Example")
        page.locator(".copy-link").click()  # 5: send it
        expect(page.locator(".copy-link")).to_contain_text("Link copied")
        link = page.evaluate("() => navigator.clipboard.readText()")
    with new_page(browser, viewport={"width": 1280, "height": 800}, locale="en-US") as fresh:
        fresh.goto(link)
        settle(fresh)
        assert fresh.locator(".verdict").inner_text() == decided


def test_the_answer_and_the_best_option_are_on_the_first_screen(page: Page) -> None:
    for selector in (".verdict h4", ".options-table tbody tr"):
        box = page.locator(selector).first.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 800


def test_every_figure_has_a_csv_of_its_own(page: Page) -> None:
    for key, columns in {
        "csv_lines_chart": "strategy,line,amount_usd",
        "csv_months": "strategy,month,requests_per_day,usd,cumulative_usd",
        "csv_volume": "strategy,requests_per_day,usd_per_month",
    }.items():
        _, content = download(page, key)
        assert content.decode("utf-8-sig").startswith(columns)
        assert content.count(b"\n") > 5


def test_the_charts_are_drawn(page: Page) -> None:
    for key in ("chart_lines", "chart_months", "chart_volume"):
        expect_drawn(page, key)


def test_the_page_speaks_chinese_to_a_chinese_browser(browser: Browser, address: str) -> None:
    with new_page(browser, viewport={"width": 1280, "height": 800}, locale="zh-TW") as page:
        page.goto(f"{address}/?example=brand_voice")
        expect(page.locator(".verdict h4")).to_contain_text("建議採用")
        settle(page)
        assert page.evaluate("document.documentElement.lang") == "zh-TW"
        page.get_by_text("English", exact=True).click()
        expect(page.locator(".verdict h4")).to_contain_text("is recommended")
        settle(page)
        assert page.evaluate("document.documentElement.lang") == "en"


def test_on_a_phone_the_verdict_comes_first_and_nothing_sticks_out(phone: Page) -> None:
    box = phone.locator(".verdict h4").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 844
    for title in VIEWS:
        open_view(phone, title)
        assert phone.evaluate("() => document.documentElement.scrollWidth") <= 390


def test_a_huge_upload_is_refused_in_one_line_and_the_app_stays_up(page: Page, tmp_path: Path) -> None:
    huge = tmp_path / "huge.txt"
    huge.write_bytes(b"word " * 10_000_000)
    open_inputs(page, "Prompt & tokens")
    page.locator(".st-key-popover_knowledge button").first.click()
    page.locator(".st-key-upload_knowledge input[type=file]").set_input_files(str(huge))
    expect(page.locator(".st-key-part_knowledge")).to_contain_text("huge.txt: 50.0 MB, more than 20 MB")
    settle(page)
    assert "is recommended" in verdict(page)


def test_a_saved_scenario_opens_again(page: Page, tmp_path: Path) -> None:
    open_inputs(page, "File")
    name, content = download(page, "scenario_save")
    saved = tmp_path / name
    saved.write_bytes(content.replace(b"requests_per_day: 20000", b"requests_per_day: 123"))
    page.locator(".st-key-scenario_upload input[type=file]").set_input_files(str(saved))
    expect(page.locator(".verdict h4")).to_contain_text("At 123 requests per day")
    settle(page)


def test_after_a_change_of_language_everything_still_works(page: Page) -> None:
    page.get_by_text("繁體中文", exact=True).click()
    expect(page.locator(".verdict h4")).to_contain_text("建議採用")
    settle(page)
    for title in ("建議方案", "風險與敏感度", "現金流", "損益兩平", "成本明細", "總覽"):
        page.locator("[class*=st-key-view_]").get_by_text(title, exact=True).click()
        settle(page)
        expect(page.locator(".verdict h4")).to_contain_text("每日 20,000 次請求時")
        expect(page.get_by_test_id("stException")).to_have_count(0)
    page.locator(".volume input[type=range]").press("Home")
    expect(page.locator(".verdict h4")).to_contain_text("每日 10 次請求")
    page.get_by_text("English", exact=True).click()
    expect(page.locator(".verdict h4")).to_contain_text("At 10 requests per day")
    settle(page)


def test_an_opened_scenario_stays_open(page: Page, tmp_path: Path) -> None:
    saved = tmp_path / "mine.yaml"
    text = (ROOT / "scenarios" / "brand_voice.yaml").read_text(encoding="utf-8")
    saved.write_text(text.replace("requests_per_day: 20000", "requests_per_day: 777"), encoding="utf-8")
    open_inputs(page, "File")
    page.locator(".st-key-scenario_upload input[type=file]").set_input_files(str(saved))
    expect(page.locator(".verdict h4")).to_contain_text("At 777 requests per day")
    settle(page)
    for title in ("Cash flow", "Overview"):
        open_view(page, title)
        expect(page.locator(".verdict h4")).to_contain_text("At 777 requests per day")


def test_an_options_settings_stay_open_while_its_title_changes(page: Page) -> None:
    open_inputs(page, "Options")
    page.locator(".st-key-strategy_0 summary").first.click()
    settle(page)
    page.locator(".st-key-name_0 input").fill("Our **own**")
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-strategy_0 summary").first).to_contain_text("1. Our **own**")
    expect(page.locator(".st-key-name_0 input")).to_be_visible()
    settle(page)
