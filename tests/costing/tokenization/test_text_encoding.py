"""The encoding of a file is recognised from its bytes."""

from __future__ import annotations

import pytest

from costing.tokenization.text_encoding import decoded
from i18n.errors import CrossoverError

TRADITIONAL = "請您提供訂單編號，我們會在三個工作天內回覆您。\n"
SIMPLIFIED = "请您提供订单编号，我们会在三个工作日内回复您。\n"
MIXED = "Order 訂單 A-123 costs 500 元, see “Terms”.\n"
WESTERN = "Größe der Straße: 5 €, “naïve café” in Zürich – São Paulo\n"
KOREAN = "주문 번호를 알려 주시면 영업일 기준 삼 일 안에 답변을 드리겠습니다. 감사합니다.\n"


@pytest.mark.parametrize("text", [TRADITIONAL, SIMPLIFIED, MIXED, WESTERN, KOREAN, "plain\n", ""])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_is_read_with_and_without_a_byte_order_mark(text: str, encoding: str) -> None:
    assert decoded(text.encode(encoding)) == text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (TRADITIONAL, "big5"),
        (TRADITIONAL, "gb18030"),
        ("價格", "big5"),
        ("繁體中文 ABC 123，測試一下", "big5"),
        (SIMPLIFIED, "gb18030"),
        ("Price 价格 is 5 元", "gb18030"),
        (WESTERN, "cp1252"),
        ("one\ntwo\nZürich", "cp1252"),
        ("£5 for a résumé", "cp1252"),
    ],
)
def test_encodings_from_before_unicode_are_recognised(text: str, encoding: str) -> None:
    assert decoded(text.encode(encoding)) == text


def test_an_encoding_of_another_country_is_recognised_in_a_text_of_some_length() -> None:
    text = "日本語の文章もファイルから読み込めます。カタカナとひらがなが混ざっています。" * 5
    assert decoded(text.encode("shift_jis")) == text


@pytest.mark.parametrize("content", [b"\0\1\2\3\4\5", b"\xff\xfe\0", b"abc\0def", bytes(range(256)) * 4])
def test_binary_content_is_no_text(content: bytes) -> None:
    with pytest.raises(CrossoverError, match="a binary file, not text"):
        decoded(content)


def test_random_high_bytes_are_no_text() -> None:
    content = bytes((7 * place * place + 3 * place) % 128 + 128 for place in range(4000)) + b"\x01\x02"
    with pytest.raises(CrossoverError, match="an encoding that cannot be recognised"):
        decoded(content)
