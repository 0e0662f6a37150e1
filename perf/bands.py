"""Share of exact token counts within the band of the ratio estimate, on texts not used to fit the bands.

    python -m perf.bands [FOLDER of an unpacked Django]

Python's own documentation, licence and sources here, and Django's interface texts in seven languages and its
scripts, in pieces of some 1,000 characters. Only for families whose vocabulary is available.
"""

from __future__ import annotations

import json
import pydoc_data.topics
import sys
import sysconfig
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from babel.messages.mofile import read_mo

from costing.tokenization.text_language import KINDS, text_kind
from costing.tokenization.tokens import REFERENCE_ENCODING, by_ratio, count, exact_tokens
from costing.tokenization.vocabularies import is_installed
from pricing.load import shipped_book
from pricing.rows import Evidence, Tokenizer

PIECE = 1000
LANGUAGES = ("zh_Hant", "zh_Hans", "ja", "ko", "de", "fr", "es")


def pieces(text: str, most: int = 40) -> Iterator[str]:
    """Pieces cut at line ends, at most `most`."""
    so_far: list[str] = []
    for line in text.splitlines(keepends=True):
        so_far.append(line)
        if sum(map(len, so_far)) >= PIECE:
            yield "".join(so_far)
            so_far, most = [], most - 1
            if not most:
                return


def texts(django: Path | None) -> Iterator[str]:
    """Pieces of every kind."""
    library = Path(sysconfig.get_path("stdlib"))
    yield from pieces("\n".join(pydoc_data.topics.topics.values()), 120)
    for path in sorted(library.glob("*.py"))[:120]:
        yield from pieces(path.read_text(encoding="utf-8", errors="replace"), 2)
    for path in sorted(Path(sysconfig.get_path("purelib")).glob("*.dist-info/METADATA")):
        yield from pieces(path.read_text(encoding="utf-8", errors="replace"), 8)
    for path in sorted((Path(__file__).parent.parent / "pricing/tables/schema").glob("*.json")):
        yield from pieces(json.dumps(json.loads(path.read_text(encoding="utf-8")), indent=2), 5)
    if django is None:
        return
    for language in LANGUAGES:
        sentences: list[str] = []
        for path in sorted(django.rglob(f"locale/{language}/LC_MESSAGES/*.mo")):
            with path.open("rb") as file:
                sentences += [
                    m.string for m in read_mo(file) if isinstance(m.string, str) and len(m.string) > 30
                ]
        yield from pieces("\n".join(sentences), 60)
    for path in sorted(django.rglob("static/**/*.js")):
        if ".min." not in path.name:
            yield from pieces(path.read_text(encoding="utf-8"), 3)


def main(django: Path | None) -> None:
    by_kind: dict[str, list[str]] = defaultdict(list)
    for text in texts(django):
        by_kind[text_kind(text)].append(text)
    print("| family | " + " | ".join(f"{kind} ({len(by_kind[kind])})" for kind in KINDS) + " | all |")
    print("|---|" + "---|" * (len(KINDS) + 1))
    for row in shipped_book().on(date.today()).rows(Tokenizer).values():
        if row.encoding in (None, REFERENCE_ENCODING) or (row.extra and not is_installed(row.extra)):
            continue
        within = {kind: [_within(text, row, kind) for text in by_kind[kind]] for kind in KINDS}
        within["all"] = [hits_of_kind for hits in within.values() for hits_of_kind in hits]
        cells = (
            f"{sum(hits_of_kind) / len(hits_of_kind):.0%}" if hits_of_kind else ""
            for hits_of_kind in within.values()
        )
        print(f"| {row.id} | " + " | ".join(cells) + " |")


def _within(text: str, row: Tokenizer, kind: str) -> bool:
    estimate = by_ratio(exact_tokens(text), row, kind, Evidence.MEASURED)
    return estimate.low <= count(text, row).tokens <= estimate.high


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
