"""A seeded corpus for tokenizers: the same texts on every machine and Python, from nothing but this file
and the shipped vocabularies.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from costing.tokenization.vocabularies import encoding

SENTENCES = {
    "en": (
        "The invoice is due within thirty days of receipt.|Please don't reply to this message; it's sent "
        "by a machine.|We'll refund the price, less shipping, once the parcel is back.|Opening hours: "
        "Mon-Fri 9:00-17:30.|Which of the three plans fits a team of 25?|Dr. O'Neill's re-election "
        "surprised nobody.|Tokenization isn't free: it costs time, money and nerves.|See §4.2(b), p. 117."
    ),
    "zht": (
        "請於收到帳單後三十日內付款。|本訊息由系統自動發送，請勿直接回覆。|退貨商品寄回後，我們將扣除運費並退還款項。|"
        "營業時間：週一至週五 09:00–17:30。|「這三種方案，哪一種適合 25 人的團隊？」|臺北市信義區的門市已於昨日搬遷。|"
        "請問您要查詢哪一筆訂單？編號 A-10234 嗎？|勞動契約終止時，雇主應結清工資。"
    ),
    "zhs": (
        "请于收到账单后三十日内付款。|本消息由系统自动发送，请勿直接回复。|退货商品寄回后，我们将扣除运费并退还款项。|"
        "营业时间：周一至周五 09:00–17:30。|“这三种方案，哪一种适合 25 人的团队？”|上海市的门店已于昨日搬迁。|"
        "请问您要查询哪一笔订单？编号 A-10234 吗？|劳动合同终止时，用人单位应结清工资。"
    ),
    "ja": (
        "請求書の受領後三十日以内にお支払いください。|このメールはシステムより自動送信されています。|返品が届き次第、"
        "送料を差し引いて返金いたします。|営業時間：月〜金 9:00〜17:30|「２５人のチームに合うプランはどれですか？」|"
        "ｶﾀｶﾅとカタカナとひらがなー、そして漢字。|ご注文番号 A-10234 でよろしいでしょうか。|東京・大阪・名古屋の各店舗"
    ),
    "ko": (
        "청구서를 받은 후 30일 이내에 결제해 주세요.|이 메시지는 시스템에서 자동으로 발송되었습니다.|반품이 도착하면 "
        "배송비를 뺀 금액을 환불해 드립니다.|영업시간: 월–금 9:00–17:30|25명 팀에는 어떤 요금제가 맞을까요?|"
        "주문번호 A-10234가 맞습니까?|서울특별시 강남구 테헤란로 123"
    ),
    "de": (
        "Die Rechnung ist binnen dreißig Tagen zahlbar.|Rückerstattung abzüglich Versandkosten nach Eingang.|"
        "Öffnungszeiten: Mo–Fr 9:00–17:30 Uhr.|Die Donaudampfschifffahrtsgesellschaft zahlt 1.234,56 €.|"
        "Welcher Tarif passt für 25 Köpfe?|Größe, Maß und Fußweg bleiben unverändert."
    ),
    "fr": (
        "La facture est payable sous trente jours.|L'appel n'est pas surtaxé ; c'est gratuit.|Où se trouve "
        "l'entrée de l'hôtel « Le Cœur » ?|Ça coûte 1 234,56 €, n'est-ce pas ?|Nous vous rembourserons dès "
        "réception du colis.|Heures d'ouverture : lun.–ven. 9 h–17 h 30"
    ),
    "es": (
        "La factura vence a los treinta días.|¿Qué plan conviene a un equipo de 25 personas?|¡No responda a "
        "este mensaje!|El año pasado cambió la dirección de la señal.|Le devolveremos el importe menos el envío."
    ),
    "rtl": (
        "يرجى السداد خلال ثلاثين يومًا من استلام الفاتورة.|שלום! הזמנה מספר 10234 נשלחה.|السعر ١٢٣٤٫٥٦ ريال|"
        "נא להשיב תוך 30 יום, בסדר?|هذا النص يُقرأ من اليمين إلى اليسار"
    ),
}
IDENTIFIERS = "total rowCount user_id parseHTTPResponse i kMaxRetries _cache Δx naïve x2 HTTPServer".split()
CODE = (
    'def {a}({b}, *, {c}=None):\n    if {c} is None:\n        raise ValueError(f"{{{b}!r}}")\n'
    "    return [{b}[i] for i in range({n})]\n\n",
    "const {a} = async ({b}) => {{\n\tconst {c} = await fetch(`/api/${{{b}}}?n={n}`);\n"
    "\treturn {c}?.json();\n}};\n",
    "SELECT {a}, COUNT(*) FROM {b} WHERE {c} >= {n} GROUP BY 1;\r\n",
    "#include <vector>\nstd::vector<int> {a}(size_t {b}) {{ return std::vector<int>({b}, 0x{n:X}); }}\n",
    "// {a}: {n}\n/* {b} */ {c}->{a}++;    \n\n\n",
)
VALUES = ("null", "true", "-1.5e-7", "[]", '""', "1063200001")
SPECIAL = (
    "<|endoftext|> <|im_start|> <|im_end|> <｜begin▁of▁sentence｜> <｜end▁of▁sentence｜> <｜User｜> [INST] "
    "[/INST] <s> </s> <|begin_of_text|> <|eot_id|> <think> </think> <tool_call> <unk> <pad> <|python_tag|> "
    "<|fim_prefix|> [IMG] <start_of_turn> Human: <|header_start|>"
).split()
ODD = (
    "a Z\n\r\t\v\f  ,.!'\"9½Ⅳ²①漢字あア・゛゠ー한é\u0301\u3099\u0300\u0316\0\x01\x7f\u200b\u200d\u200e\u202e"
    "👩👧👦🏳\ufe0f🌈\ue000\ufeff\xa0\u3000\u2028\x85\u0378ſK\u0130ßǅʰ\U00010400𝔘_-/|\ud7ff\uffff\U0010ffff''S'sT'LL"
)


def corpus() -> Iterator[tuple[str, str]]:
    """(kind, text), always the same; special tokens are written out as text."""
    generator = random.Random(20261122)
    yield from _written(generator)
    yield from _code(generator)
    yield from _of_tokens(generator)
    yield from _adversarial(generator)


def _written(generator: random.Random) -> Iterator[tuple[str, str]]:
    for kind, sentences in SENTENCES.items():
        for number in range(60):
            picked = generator.choices(sentences.split("|"), k=1 + number % 12)
            yield kind, generator.choice(("", " ", "\n", "\n\n", "  ")).join(picked)


def _code(generator: random.Random) -> Iterator[tuple[str, str]]:
    for number in range(300):
        names = dict(zip("abc", generator.choices(IDENTIFIERS, k=3), strict=True))
        pieces = generator.choices(CODE, k=1 + number % 8)
        yield "code", "".join(piece.format(n=generator.randrange(10**7), **names) for piece in pieces)
    for number in range(200):
        start = generator.choice(("", "  ", "\t"))
        keys, values = (generator.choices(some, k=1 + number % 15) for some in (IDENTIFIERS, VALUES))
        fields = (f'{start}"{key}": {value}' for key, value in zip(keys, values, strict=True))
        yield "json", "{" + generator.choice((", ", ",", ",\n")).join(fields) + "}"


def _of_tokens(generator: random.Random) -> Iterator[tuple[str, str]]:
    """Concatenated tokens of two vocabularies: every script and language that they have."""
    for name in ("o200k_base", "qwen3.5"):
        tokens = sorted(encoding(name).token_byte_values())
        for number in range(400):
            picked = generator.choices(tokens, k=1 + number % 60)
            yield "tokens", generator.choice((b"", b"", b" ")).join(picked).decode("utf-8", "ignore")


def _adversarial(generator: random.Random) -> Iterator[tuple[str, str]]:
    for number in range(500):
        yield "odd", "".join(generator.choices(ODD, k=1 + number % 40))
    for number in range(300):
        points = (
            generator.randrange(generator.choice((0x300, 0x3000, 0x20000))) for _ in range(1 + number % 30)
        )
        yield "any", "".join(chr(point) for point in points if not 0xD800 <= point <= 0xDFFF)
    for number in range(200):
        pieces = generator.choices([*SPECIAL, "a", " ", "字", "\n"], k=1 + number % 12)
        yield "special", "".join(pieces)
    for letter in "a 9漢!\n\t\0é👩\u200d\u0301=-'":
        for length in (2, 3, 7, 16, 100, 500):
            yield "run", letter * length
            yield "run", "x" + letter * length + "y"
