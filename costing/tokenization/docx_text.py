"""Text of a Word document: paragraphs and tables of its body, in order."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from i18n.errors import CrossoverError
from i18n.message import message

if TYPE_CHECKING:
    from docx.blkcntnr import BlockItemContainer

MAX_UNPACKED_BYTES: Final = 200_000_000
"""A document that unpacks to more is refused before it is unpacked."""

_BODY: Final = "word/document.xml"
_OTHERS: Final = {
    "xl/workbook.xml": message("an Excel workbook, not a text (save the sheet as .csv)"),
    "ppt/presentation.xml": message("a PowerPoint file, not a text (save it as .pdf)"),
}


def docx_text(content: bytes) -> str:
    """Text of a document; a row of a table is a line with tabs. Headers, footers and notes are left out.

    Raises CrossoverError for another archive, a damaged one, one that unpacks to too much, and for a
    document without text.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
    except zipfile.BadZipFile as error:
        raise _damaged() from error
    names = {member.filename for member in members}
    if _BODY not in names:
        other = next((problem for name, problem in _OTHERS.items() if name in names), None)
        raise CrossoverError(
            other or message("a ZIP archive, not a Word document (upload the files in it one by one)")
        )
    unpacked = sum(member.file_size for member in members)
    if unpacked > MAX_UNPACKED_BYTES:
        raise CrossoverError(
            message(
                "a document that unpacks to {size_mb:,.0f} MB, more than {limit:,.0f} MB (save its text as "
                ".txt)",
                size_mb=unpacked / 1e6,
                limit=MAX_UNPACKED_BYTES / 1e6,
            )
        )
    text = _body_text(content)
    if not text.strip():
        raise CrossoverError(
            message("a Word document without text, perhaps only images (paste the text instead)")
        )
    return text


def _body_text(content: bytes) -> str:
    from docx import Document

    try:
        return "\n".join(_lines(Document(io.BytesIO(content))))
    except Exception as error:  # the library raises errors of any class for a damaged document
        raise _damaged() from error


def _lines(container: BlockItemContainer | Any) -> Iterator[str]:
    from docx.text.paragraph import Paragraph

    for item in container.iter_inner_content():
        if isinstance(item, Paragraph):
            yield item.text
        else:
            for row in item.rows:
                cells: list[Any] = []
                for cell in row.cells:  # a merged cell is listed once for each of its columns
                    if not cells or cell._tc is not cells[-1]._tc:
                        cells.append(cell)
                yield "\t".join("\n".join(_lines(cell)) for cell in cells)


def _damaged() -> CrossoverError:
    return CrossoverError(message("a damaged Word document (open it in Word and save it again)"))
