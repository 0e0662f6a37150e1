"""Method page: texts of both languages, values of the code, glossary."""

from __future__ import annotations

import re
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from costing.strategies import registered
from dashboard.method import content
from dashboard.method.glossary import GLOSSARY
from i18n.translation import translation
from pricing.rows import ThroughputPrior
from tests.support.app import go, open_app, page_text
from tests.support.factories import frozen_book, frozen_prices

LANGUAGES = ("en", "zh_TW")
FORMULA = re.compile(r"\$\$.*?\$\$|\$[^$]*\$|`[^`]*`|^\d+\. ", re.DOTALL | re.MULTILINE)


@pytest.fixture
def app(today: date) -> AppTest:
    return go(open_app(), "method")


def whole(language: str) -> str:
    return "\n".join(f"{heading}\n{text}" for heading, text in content.sections(language))


def test_both_languages_have_the_same_sections_formulas_and_values() -> None:
    english, chinese = (content.sections(language) for language in LANGUAGES)
    assert len(english) == len(chinese)
    for (_, text), (_, translated) in zip(english, chinese, strict=True):
        assert content.placeholders(text) == content.placeholders(translated)
        assert text.count("$$") == translated.count("$$")
        assert text.count("\n- ") == translated.count("\n- ")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_value_of_a_text_is_known_and_none_is_left_over(language: str) -> None:
    names = set(content.values(frozen_book(), translation(language))) | set(content.BLOCKS)
    assert content.placeholders(whole(language)) == names


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_holds_a_number_that_the_code_holds(language: str) -> None:
    assert re.findall(r"\d+", FORMULA.sub("", whole(language))) == []


def test_the_values_are_those_of_the_code() -> None:
    values = content.values(frozen_book(), translation("en"))
    assert (values["days_per_month"], values["hours_per_month"]) == ("30.4375", "730.5")
    assert (values["claim_owned"], values["claim_rented"]) == ("24.2 M", "25.8 M")
    assert (values["low_percentile"], values["high_percentile"]) == ("5th", "95th")
    assert content.values(frozen_book(), translation("zh_TW"))["claimed"] == "2,500 萬"


def test_the_price_tables_are_counted_with_their_days_of_check() -> None:
    tables = content.price_tables(frozen_book()).set_index("price_table")
    models = [row for name, i in frozen_book().ids() if name == "models" for row in [i]]
    assert tables.loc["models", "price_rows"] >= len(models)
    assert (tables["first_check"] <= tables["last_check"]).all()


def test_the_priors_are_those_of_the_price_book() -> None:
    priors = content.priors(frozen_book(), translation("en"))
    assert len(priors) == len(frozen_prices().rows(ThroughputPrior))
    dense = priors.set_index("hardware_class").loc["NVIDIA datacentre, dense"]
    assert (dense["mbu"], dense["mfu_decode"], dense["sigma_log"]) == (0.53, 0.23, 0.43)
    chinese = content.priors(frozen_book(), translation("zh_TW"))
    assert "NVIDIA 資料中心、稠密" in set(chinese["hardware_class"])


def test_a_term_of_the_glossary_is_unique() -> None:
    terms = [term for term, _ in GLOSSARY]
    assert len(set(terms)) == len(terms)


def test_the_page_has_every_section_strategy_and_version(app: AppTest) -> None:
    assert not app.exception
    assert [header.value for header in app.subheader] == [heading for heading, _ in content.sections("en")]
    assert {expander.label for expander in app.expander} >= {s.title for s in registered().values()}
    assert "Crossover " in page_text(app)
    assert "[[" not in page_text(app)
    for term in ("TTFT", "EVPI", "SLO", "Cache read"):
        assert f"- **{term}**: " in page_text(app)


def test_the_glossary_can_be_searched(app: AppTest) -> None:
    app.text_input(key="method_term").set_value("first token").run()
    assert "- **TTFT**: Time to first token" in page_text(app)
    assert "- **EVPI**: " not in page_text(app)
    app.text_input(key="method_term").set_value("zzz").run()
    assert "No term contains this text." in page_text(app)


def test_it_is_shown_in_chinese(app: AppTest) -> None:
    app.session_state["lang"] = "zh_TW"
    app.run()
    assert not app.exception
    assert [header.value for header in app.subheader] == [heading for heading, _ in content.sections("zh_TW")]
