"""Text of a PDF file, page by page."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable
from typing import Final

from i18n.errors import CrossoverError
from i18n.message import message

MAX_PAGES: Final = 3_000
MAX_TEXT_CHARACTERS: Final = 10_000_000
MAX_PAGE_BYTES: Final = 8_000_000
"""Drawing instructions of a page; reading more takes longer than some seconds."""


def pdf_text(content: bytes, on_progress: Callable[[float], None] = lambda _: None) -> str:
    """Text of all pages, with a blank line between two.

    `on_progress` receives the share of pages read, and may raise CrossoverError to stop. Raises
    CrossoverError for an encrypted, damaged, too long or scanned file.
    """
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, FileNotDecryptedError

    logging.getLogger("pypdf").setLevel(logging.ERROR)  # it warns of every flaw of a file
    pages: list[str] = []
    characters = 0
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise FileNotDecryptedError("a password is needed")
        number = len(reader.pages)
        _check_pages(number)
        for page in reader.pages:
            contents = page.get_contents()
            if contents is not None and len(contents.get_data()) > MAX_PAGE_BYTES:
                raise CrossoverError(
                    message(
                        "page {page:,} of the PDF is too complex to read (print it to a new PDF, or paste "
                        "the text)",
                        page=len(pages) + 1,
                    )
                )
            pages.append(page.extract_text())
            characters += len(pages[-1])
            if characters > MAX_TEXT_CHARACTERS:
                raise CrossoverError(
                    message(
                        "a PDF with too much text: {read:,} of {pages:,} pages have more than {limit:,} "
                        "characters (split it)",
                        read=len(pages),
                        pages=number,
                        limit=MAX_TEXT_CHARACTERS,
                    )
                )
            on_progress(len(pages) / number)
    except CrossoverError:
        raise
    except (FileNotDecryptedError, DependencyError) as error:  # AES needs a package that is not installed
        raise CrossoverError(message("an encrypted PDF (save a copy without a password)")) from error
    except Exception as error:  # the library raises errors of any class for a damaged file
        raise CrossoverError(
            message("a PDF that cannot be read (print it to a new PDF, or paste the text)")
        ) from error
    text = "\n\n".join(pages)
    if not text.strip():
        raise CrossoverError(
            message("a PDF without text, perhaps scanned (run text recognition, or paste the text)")
        )
    return text


def _check_pages(number: int) -> None:
    if number > MAX_PAGES:
        raise CrossoverError(
            message("a PDF of {pages:,} pages, more than {limit:,} (split it)", pages=number, limit=MAX_PAGES)
        )
