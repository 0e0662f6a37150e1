"""Translation catalogue: collects the texts of the code and updates the .po and .mo files."""

from __future__ import annotations

import io
import re
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from i18n.translation import LOCALE

ROOT = Path(__file__).resolve().parent.parent
KEYWORDS = {"t": None, "N_": None, "message": None, "counted": (1, 2), "tn": (1, 2)}
Text = str | tuple[str, str]
"""A text, or its singular and plural."""
FOLDERS = ("i18n", "frames", "pricing", "costing", "dashboard")


def texts_in_code() -> set[Text]:
    """Every text marked for translation by a function of KEYWORDS."""
    texts: set[Text] = set()
    for folder in FOLDERS:
        for _, _, text, _, _ in extract_from_dir(
            str(ROOT / folder), method_map=[("**.py", "python")], keywords=KEYWORDS
        ):
            if isinstance(text, tuple):
                texts.add((text[0], text[1]))
            elif text:
                texts.add(text)
    return texts


def po_path(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "crossover.po"


def read(language: str) -> Catalog:
    with po_path(language).open("rb") as file:
        return read_po(file, locale=language)


def strings(item: Message) -> tuple[str, ...]:
    """Translations of a text: one, or one for each plural form."""
    return item.string if isinstance(item.string, tuple) else (str(item.string),)


def compiled(catalog: Catalog) -> bytes:
    """The .mo file of a catalogue."""
    out = io.BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def update(language: str) -> list[str]:
    """Update a language's files; returns the texts without a translation."""
    old = read(language)
    new = Catalog(locale=language, project="Crossover", version="1", charset="utf-8", fuzzy=False)
    for text in sorted(texts_in_code(), key=str):
        known = old.get(text if isinstance(text, str) else text[0])
        new.add(text, known.string if known else "")
    out = io.BytesIO()
    write_po(out, new, sort_output=True, width=110)
    volatile = (
        r'"(POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator|Language-Team|Report-Msgid).*\n'
    )
    text = re.sub(volatile, "", out.getvalue().decode())
    po_path(language).write_text(re.sub(r"(?m)^#.*\n", "", text).lstrip(), encoding="utf-8")
    po_path(language).with_suffix(".mo").write_bytes(compiled(read(language)))
    return [str(item.id) for item in new if item.id and not all(strings(item))]


if __name__ == "__main__":
    for waiting in update("zh_TW"):
        print(f"zh_TW waits for: {waiting}")
