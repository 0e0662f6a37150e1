"""Every text on the screen exists in every language, and the compiled catalogue matches its source."""

import ast
import gettext
import re
import string
from pathlib import Path

import pytest

from costing.scenario.library import ready
from costing.scenario.scenario import READY_NAMES
from i18n.message import Translate
from i18n.translation import LANGUAGES
from tools import catalogue
from tools.plain_words import screen_words

SHOWING = frozenset(
    "markdown caption error warning info button metric expander popover selectbox text_area text_input "
    "number_input toggle file_uploader select_slider date_input download_button segmented_control".split()
)
"""Streamlit commands whose first argument is shown to the user."""

TRANSLATED = [language for language in LANGUAGES if language != "en"]


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_of_the_code_is_translated(language: str) -> None:
    known = catalogue.read(language)
    keys = [text if isinstance(text, str) else text[0] for text in catalogue.texts_in_code()]
    waiting = [key for key in keys if (item := known.get(key)) is None or not all(catalogue.strings(item))]
    assert waiting == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_translation_is_left_over(language: str) -> None:
    texts = catalogue.texts_in_code()
    assert [item.id for item in catalogue.read(language) if item.id and item.id not in texts] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_has_the_placeholders_of_its_text(language: str) -> None:
    def fields(text: str) -> set[tuple[str | None, str | None]]:
        return {(name, spec) for _, name, spec, _ in string.Formatter().parse(text) if name is not None}

    # The list is what differs, and no text may differ: {usd:,.0f} must come back as {usd:,.0f}.
    # A text that counts may leave "{n}" out of its singular ("one fault"), so its plural is compared.
    different = [
        item.id
        for item in catalogue.read(language)
        for string_ in catalogue.strings(item)
        if item.id and fields(_forms(item.id)[1]) != fields(string_)
    ]
    assert different == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_compiled_catalogue_is_that_of_its_source(language: str) -> None:
    items = [item for item in catalogue.read(language) if item.id]
    with catalogue.po_path(language).with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    stale = [
        item.id for item in items if catalogue.strings(item)[0] != _compiled(Translate(compiled), item.id)
    ]
    assert stale == [], "run: make messages"


def _compiled(translate: Translate, text: str | tuple[str, ...] | list[str]) -> str:
    return translate(text) if isinstance(text, str) else translate.plural(text[0], text[1], 2)


def _forms(text: str | tuple[str, ...] | list[str]) -> tuple[str, str]:
    return (text, text) if isinstance(text, str) else (text[0], text[1])


def test_the_chinese_catalogue_uses_taiwans_terms() -> None:
    # Mainland terms and simplified forms that a reader in Taiwan stumbles over.
    # 權杖, 詞元, 機群 and 廠商: the business press writes Token, 自有 GPU 伺服器 and 供應商.
    foreign = re.compile(
        "服务|数据|软件|用户|默认|保存|设置|網絡|服務器|默認|質量|信息|優化|令牌|词元|支持|權杖|詞元|機群|廠商"
    )
    assert [
        str(item.string) for item in catalogue.read("zh_TW") if item.id and foreign.search(str(item.string))
    ] == []


def test_no_text_of_the_screen_has_a_word_that_was_replaced() -> None:
    used = {text: words for text in _english() if (words := screen_words(text))}
    assert used == {}


def _english() -> set[str]:
    return {
        form for text in catalogue.texts_in_code() for form in ([text] if isinstance(text, str) else text)
    }


def test_the_chinese_catalogue_has_no_term_that_was_replaced() -> None:
    # Labels and terms of earlier releases, a number counted in millions, an English function word.
    replaced = re.compile(
        "您的文字|可靠程度|抽樣|驅動因子|推翻|「決策」|何時發生什麼|\\} ?百萬|(?<![\\w{-])on(?![\\w：-])"
    )
    assert [
        string_
        for item in catalogue.read("zh_TW")
        if item.id
        for string_ in catalogue.strings(item)
        if replaced.search(string_)
    ] == []


def test_no_text_hides_in_an_f_string() -> None:
    # The catalogue is read from the source; on Python 3.11 a call inside an f-string is invisible to it.
    hidden: list[str] = []
    for folder in catalogue.FOLDERS:
        for path in sorted((catalogue.ROOT / folder).rglob("*.py")):
            hidden += [f"{path.name}:{line}" for line in _literal_calls_in_f_strings(path)]
    assert hidden == []


def _literal_calls_in_f_strings(path: Path) -> list[int]:
    return [
        call.lineno
        for joined in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(joined, ast.JoinedStr)
        for call in ast.walk(joined)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in catalogue.KEYWORDS
        and call.args
        and isinstance(call.args[0], ast.Constant)
    ]


def test_no_bare_english_is_shown() -> None:
    # A string literal of several words handed to Streamlit must pass through t() or come from data.
    shown: list[str] = []
    for path in sorted((catalogue.ROOT / "dashboard").rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)):
                continue
            if call.func.attr not in SHOWING:
                continue
            shown += [
                f"{path.name}:{call.lineno}: {argument.value}"
                for argument in call.args[:1]
                if isinstance(argument, ast.Constant)
                and isinstance(argument.value, str)
                and re.search(r"[A-Za-z]{3,} [A-Za-z]{2,}", argument.value)
            ]
    assert shown == []


@pytest.mark.parametrize("language", [name for name in LANGUAGES if name != "en"])
def test_what_ready_scenarios_call_their_strategies_is_translated(language: str) -> None:
    known = {str(item.id) for item in catalogue.read(language) if item.string}
    scenarios, _ = ready()
    own = {choice.name for scenario in scenarios.values() for choice in scenario.strategies if choice.name}
    assert own
    assert sorted(own - known) == []
    assert sorted(own) == sorted(READY_NAMES)
