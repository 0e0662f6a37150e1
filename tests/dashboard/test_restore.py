"""Start of a session in an AppTest: saved work, links, and what cannot be opened."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from costing.scenario.library import shipped
from costing.scenario.link import link_text
from costing.scenario.packed_link import packed
from costing.scenario.scenario import Part, Scenario
from costing.tokenization.tokens import TokenCount
from dashboard import session
from dashboard.claim import saved_choices
from dashboard.claim.state import Choices
from dashboard.components import address, browser_work
from dashboard.components.browser_work import Answer
from dashboard.saved_work import SavedWork
from dashboard.tokens import saved_entry
from dashboard.tokens.page_state import PromptEntry
from pricing.load import shipped_book
from pricing.rows import Evidence, lifecycle_of
from tests.support.app import go, new_app, page_text
from tests.support.live_panel import component_data

SAVED_AT_MS = 1_795_357_920_000.0
"""2026-11-22 14:32 UTC, the day of the tests."""
DAY = date(2026, 11, 22)


class Browser:
    """Stands for the reader's browser: what it answers to a new session."""

    def __init__(self) -> None:
        self.answer: Answer | None = None

    def ask(self) -> Answer | None:
        return self.answer


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Browser:
    browser = Browser()
    monkeypatch.setattr(browser_work, "has_saved_work", lambda: True)
    monkeypatch.setattr(browser_work, "ask", browser.ask)
    monkeypatch.setattr(session, "now", lambda: datetime(2026, 11, 22, 20, 0, tzinfo=UTC))
    return browser


def mine(requests_per_day: float = 777) -> Scenario:
    return replace(
        shipped("domain_answers"), id="mine", names={"en": "Mine"}, requests_per_day=requests_per_day, on=DAY
    )


def scenario(app: AppTest) -> Scenario:
    current: Scenario = app.session_state["table"].scenario
    return current


def counted(tokens: float) -> dict[str, TokenCount]:
    return {"o200k_base": TokenCount(tokens, tokens, tokens, Evidence.MEASURED, (), "exact")}


def link(linked: Scenario, usd: tuple[float | None, ...] = ()) -> str:
    return link_text(linked, "0123456789ab", usd, lambda _: counted(500))


def start(browser: Browser, work: str | None, search: str = "", path: str = "") -> AppTest:
    browser.answer = Answer(search, work, SAVED_AT_MS)
    app = go(new_app(), path) if path else new_app().run()
    assert not app.exception
    return app


def test_nothing_is_shown_before_the_browser_has_answered(browser: Browser) -> None:
    app = new_app().run()
    assert not app.exception
    assert "table" not in app.session_state
    assert (len(app.button), len(app.dataframe), len(app.expander)) == (0, 0, 0)
    assert "USD" not in page_text(app)
    browser.answer = Answer("", SavedWork(mine()).text(), SAVED_AT_MS)
    app.run()
    assert scenario(app) == mine()


def test_saved_work_comes_back_and_a_line_says_so(browser: Browser) -> None:
    app = start(browser, SavedWork(mine()).text())
    assert scenario(app) == mine()
    assert "Restored your work from 14:32" in page_text(app)
    app.button(key="start_new").click().run()
    assert scenario(app).id == session.FIRST_SCENARIO
    assert "Restored" not in page_text(app)
    app.button(key="undo").click().run()
    assert scenario(app) == mine()


def test_the_line_can_be_closed(browser: Browser) -> None:
    app = start(browser, SavedWork(mine()).text())
    app.button(key="dismiss").click().run()
    assert "Restored" not in page_text(app)


def test_a_reload_brings_back_the_texts_that_its_link_only_counts(browser: Browser) -> None:
    own = link(mine())
    app = start(browser, SavedWork(mine(), own).text(), f"?view=risk&s={own}")
    assert scenario(app) == mine()
    assert app.session_state["views"] == {"": "risk"}


def test_a_link_opens_over_the_saved_work_which_undo_brings_back(browser: Browser) -> None:
    app = start(browser, SavedWork(mine()).text(), f"?s={link(mine(5_000))}")
    assert scenario(app).requests_per_day == 5_000
    assert "Opened from a link. Undo returns to your work from 14:32" in page_text(app)
    app.button(key="undo").click().run()
    assert scenario(app) == mine()


def test_a_damaged_link_is_one_sentence_over_the_saved_work(browser: Browser) -> None:
    app = start(browser, SavedWork(mine()).text(), f"?s={link(mine(5_000))[:-30]}")
    assert scenario(app) == mine()
    assert "This link is damaged or incomplete" in page_text(app)


def test_a_link_to_a_model_that_is_gone_names_it_over_the_saved_work(browser: Browser) -> None:
    first = mine().strategies[0]
    gone = mine().with_strategy(0, replace(first, settings={**first.settings, "model": "openai/gpt-9"}))
    app = start(browser, SavedWork(mine()).text(), f"?s={link(gone)}")
    assert scenario(app) == mine()
    assert "This link cannot be opened here: " in page_text(app)
    assert "openai/gpt-9" in page_text(app)


def test_damaged_work_is_one_sentence_and_can_be_downloaded(browser: Browser) -> None:
    app = start(browser, "{broken")
    assert scenario(app).id == session.FIRST_SCENARIO
    assert "The work saved in this browser is damaged" in page_text(app)
    assert any("unread_download" in button.proto.id for button in app.get("download_button"))


def test_a_link_opens_where_the_saved_work_is_damaged(browser: Browser) -> None:
    app = start(browser, "{broken", f"?s={link(mine(5_000))}")
    assert scenario(app).requests_per_day == 5_000
    assert "The work saved in this browser is damaged" in page_text(app)


def test_a_browser_without_saved_work_gets_the_default_example_at_once() -> None:
    app = new_app().run()
    assert scenario(app).id == session.FIRST_SCENARIO
    assert app.markdown[0].value.startswith(":orange-badge[Example]")


def test_no_option_of_the_default_example_is_known_to_be_closed_or_to_end_in_its_horizon() -> None:
    app = new_app().run()
    comparison = app.session_state["table"].comparison
    assert comparison.retirements == ()
    offers = [offer for outcome in comparison.outcomes for offer in outcome.strategy.profile().hosted]
    assert len(offers) >= 3
    day = comparison.scenario.on
    assert {lifecycle_of(offer).state_on(day) for offer in offers} <= {None, "open"}


def test_a_link_made_with_other_prices_says_what_changed_and_offers_both_days(browser: Browser) -> None:
    # The link says that its first option cost 100 USD; today it costs something else.
    app = start(browser, None, f"?s={link(mine(), (100.0, None, None, None))}")
    text = page_text(app)
    assert "This link was made with other prices" in text
    assert "100.00 → " in text
    assert app.button(key="link_then").label == "Prices of 2026-11-22, as in the link"
    app.button(key="link_today").click().run()
    assert (scenario(app).on, scenario(app).is_pinned) == (DAY, False)
    assert "This link was made with other prices" not in page_text(app)


def test_a_link_made_with_the_same_prices_says_nothing_of_them(browser: Browser) -> None:
    app = start(browser, SavedWork(mine()).text())
    usd = tuple(float(o.usd_per_month) for o in app.session_state["table"].comparison.outcomes)
    exact = link_text(mine(), "0123456789ab", usd, lambda _: counted(500))
    texts = {name: part for name, part in mine().parts.items() if part.text}
    assert texts  # texts of an example: the link has them, so that its costs are the same
    assert "made with other prices" not in page_text(start(browser, None, f"?s={exact}"))


def test_a_link_whose_long_text_is_a_count_says_that_and_not_that_prices_are_other(browser: Browser) -> None:
    # The link says that its first option cost 100 USD, with the prices that still hold.
    own = mine().with_part("instruction", Part(text="My own rules. " * 30))
    usd = (100.0, None, None, None)
    sent = link_text(own, shipped_book().content_hash, usd, lambda _: counted(120))
    app = start(browser, None, f"?s={sent}")
    text = page_text(app)
    assert "A link holds the number of tokens of a long text, not the text" in text
    assert "made with other prices" not in text
    assert "100.00 → " in text
    app.button(key="link_close").click().run()
    assert "A link holds" not in page_text(app)


def test_a_copied_link_with_a_prompt_of_ones_own_gives_the_same_amounts_in_a_fresh_browser(
    browser: Browser,
) -> None:
    own = mine().with_part("instruction", Part(text="Always answer in Chinese: 請用繁體中文回答。 " * 160))
    app = start(browser, SavedWork(own).text())
    usd = [outcome.usd_per_month for outcome in app.session_state["table"].comparison.outcomes]
    fresh = start(browser, None, sent(app)["search"])
    assert scenario(fresh).parts["instruction"].text == ""
    assert [outcome.usd_per_month for outcome in fresh.session_state["table"].comparison.outcomes] == usd
    assert "A link holds" not in page_text(fresh)


RENTED = Choices("rented", "", {"spare_replicas": 1.0})
PROMPT = PromptEntry(texts={"instruction": "hello world"}, calls_per_day=50_000.0)
PAGES = {"claim": saved_choices.document_of(RENTED), "tokens": saved_entry.document_of(PROMPT)}


def choices(app: AppTest) -> Choices:
    current: Choices = app.session_state["claim_state"].value
    return current


def entry(app: AppTest) -> PromptEntry:
    current: PromptEntry = app.session_state["tokens_page"].history.value
    return current


def sent(app: AppTest) -> dict[str, Any]:
    """What the page has told the browser."""
    return component_data(app, "browser_work")


def test_the_work_of_the_other_pages_comes_back_too(browser: Browser) -> None:
    app = start(browser, SavedWork(mine(), "", PAGES).text())
    assert (scenario(app), choices(app), entry(app)) == (mine(), RENTED, PROMPT)
    assert "Restored your work from 14:32" in page_text(app)


def test_work_of_the_version_before_comes_back_without_other_pages(browser: Browser) -> None:
    values = {**json.loads(SavedWork(mine()).text()), "format": 1}
    del values["pages"]
    app = start(browser, json.dumps(values))
    assert (scenario(app), choices(app), entry(app)) == (mine(), Choices(), PromptEntry())


def test_a_page_that_cannot_be_read_costs_no_other_page(browser: Browser) -> None:
    app = start(browser, SavedWork(mine(), "", {**PAGES, "claim": {"model": "openai/gpt-9"}}).text())
    assert (scenario(app), choices(app), entry(app)) == (mine(), Choices(), PROMPT)
    text = page_text(app)
    assert "The work saved for the page “Break-even (25 M tokens/day)” cannot be read: " in text
    assert "openai/gpt-9" in text
    assert any("unread_download" in button.proto.id for button in app.get("download_button"))


def test_what_is_entered_on_a_page_is_sent_to_the_browser(browser: Browser) -> None:
    app = start(browser, None, path="tokens")
    assert sent(app)["work"] == ""  # nothing was entered
    app.text_area(key="text_tokens_instruction").set_value("hello world").run()
    pages = json.loads(sent(app)["work"])["pages"]
    assert pages["tokens"]["texts"] == {"instruction": "hello world"}
    assert "claim" not in pages
    app.button(key="undo").click().run()  # what was saved must not stay behind
    assert json.loads(sent(app)["work"])["pages"] == {}


def test_a_link_opens_its_assumptions_over_saved_ones_which_undo_brings_back(browser: Browser) -> None:
    linked = Choices("owned", "", {"input_share": 0.3})
    word = saved_choices.link_of(linked)
    app = start(browser, SavedWork(mine(), "", PAGES).text(), f"?view=assumptions&p={word}", "claim")
    assert choices(app) == linked
    assert "Opened from a link. Undo returns to your work from 14:32" in page_text(app)
    assert f"p={word}" in sent(app)["search"]
    app.button(key="undo").click().run()
    assert choices(app) == RENTED


def test_a_bad_link_of_assumptions_is_one_sentence_over_the_baseline(browser: Browser) -> None:
    word = packed({"moved": {"spare_replicas": 99}}, 1)
    app = start(browser, None, f"?p={word}", "claim")
    assert choices(app) == Choices()
    text = page_text(app)
    assert "The assumptions in this link cannot be used: Spare replicas: 99 is outside 0 to 8" in text
    assert "Break-even: 24.2 M tokens per day" in text
    assert "p=" not in sent(app)["search"]


def test_a_link_of_the_tokens_page_has_its_settings_and_says_that_the_prompt_is_left_out(
    browser: Browser,
) -> None:
    app = start(browser, None, f"?p={saved_entry.link_of(PROMPT)}", "tokens")
    assert entry(app) == replace(PROMPT, texts={})
    assert sent(app)["words"]["note"] == ""
    app.text_area(key="text_tokens_instruction").set_value("hello world").run()
    assert sent(app)["words"]["note"] == "The link holds the settings of this page, not its prompt."


def test_a_scenario_too_long_for_the_address_is_said_at_copy_link(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sent(start(browser, SavedWork(mine()).text()))["words"]["refusal"] == ""
    monkeypatch.setattr(address, "MAX_LINK", 100)
    app = start(browser, SavedWork(mine()).text())
    assert sent(app)["words"]["refusal"] == (
        "This work is too long for a link: save it as a file (Inputs, File)."
    )
    assert "s=" not in sent(app)["search"]


def test_start_new_acts_only_on_the_page_on_which_it_stands(browser: Browser) -> None:
    app = start(browser, SavedWork(mine(), "", PAGES).text(), path="claim")
    app.button(key="start_new").click().run()
    assert (scenario(app), choices(app), entry(app)) == (mine(), Choices(), PROMPT)
    app.button(key="undo").click().run()
    assert choices(app) == RENTED
    app = start(browser, SavedWork(mine(), "", PAGES).text(), path="prices")
    assert "Restored your work from 14:32" in page_text(app)
    assert "start_new" not in {button.key for button in app.button}
