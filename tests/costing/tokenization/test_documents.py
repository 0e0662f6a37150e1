"""The reader of uploaded documents: text of each format, and one clear error for what has none."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from docx import Document
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from costing.tokenization import docx_text, pdf_text
from costing.tokenization.documents import text_of
from costing.tokenization.text_files import MAX_BYTES
from i18n.errors import CrossoverError
from i18n.message import message


def refusal(name: str, content: bytes) -> str:
    with pytest.raises(CrossoverError) as error:
        text_of(name, content)
    (line,) = str(error.value).splitlines()
    return line


def docx(*paragraphs: str, table: tuple[tuple[str, ...], ...] = ()) -> bytes:
    document = Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    if table:
        rows = document.add_table(rows=len(table), cols=len(table[0]))
        for place, row in enumerate(table):
            for column, text in enumerate(row):
                rows.cell(place, column).text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def pdf(*pages: str, password: str = "", algorithm: str = "RC4-128") -> bytes:
    """A PDF with a line of text on each page; a blank page for an empty text."""
    writer = PdfWriter()
    for text in pages:
        page = writer.add_blank_page(200, 200)
        font = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Font"),
                NameObject("/Subtype"): NameObject("/Type1"),
                NameObject("/BaseFont"): NameObject("/Helvetica"),
            }
        )
        fonts = DictionaryObject({NameObject("/F1"): writer._add_object(font)})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        stream = DecodedStreamObject()
        stream.set_data(f"BT /F1 12 Tf 10 100 Td ({text}) Tj ET".encode() if text else b"")
        page[NameObject("/Contents")] = writer._add_object(stream)
    if password:
        writer.encrypt(password, algorithm=algorithm)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def archive(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return out.getvalue()


def test_plain_text_is_itself() -> None:
    assert text_of("a.md", "# Größe\r\n你好".encode()) == "# Größe\r\n你好"
    assert text_of("a.csv", b"name,price\nx,1\n") == "name,price\nx,1\n"


def test_an_empty_file_is_an_empty_text() -> None:
    assert text_of("a.txt", b"") == ""
    assert text_of("a.jsonl", b"\n \n") == ""


def test_a_word_document_is_its_paragraphs_and_tables_in_order() -> None:
    content = docx("First 第一段", "Second", table=(("a", "b"), ("c", "d")))
    assert text_of("a.docx", content) == "First 第一段\nSecond\na\tb\nc\td"


def test_the_content_of_a_word_document_decides_not_its_name() -> None:
    assert text_of("notes.txt", docx("Hello")) == "Hello"


def test_a_pdf_is_the_text_of_its_pages() -> None:
    assert text_of("a.pdf", pdf("First page", "Second page")) == "First page\n\nSecond page"


def test_reading_a_pdf_reports_its_progress() -> None:
    shares: list[float] = []
    text_of("a.pdf", pdf("a", "b", "c", "d"), shares.append)
    assert shares == [0.25, 0.5, 0.75, 1.0]


def test_an_html_page_is_its_visible_text_with_blocks_on_lines_of_their_own() -> None:
    page = b"""<!doctype html><html><head><title>no</title><style>p{}</style></head><body>
    <!-- no --><h1>Prices</h1><p>One <b>bold</b>
    word</p>after<ul><li>x<li>y</ul><table><tr><td>a</td><td>b</td></tr></table>
    <pre>if x:
    y</pre><script>no()</script></body></html>"""
    assert text_of("a.html", page) == "Prices\nOne bold word\nafter\nx\ny\na\tb\nif x:\ny"


def test_an_html_page_is_read_in_the_encoding_that_it_declares() -> None:
    page = '<meta charset="big5"><p>請您提供訂單編號</p>'.encode("big5")
    assert text_of("a.htm", page) == "請您提供訂單編號"


def test_of_jsonl_the_texts_of_records_are_read_in_any_encoding() -> None:
    line = json.dumps({"messages": [{"role": "user", "content": "訂單編號"}]}, ensure_ascii=False)
    assert text_of("a.jsonl", line.encode("big5")) == "訂單編號"


def test_a_file_of_50_mb_is_refused_by_its_size() -> None:
    assert MAX_BYTES == 20_000_000
    assert refusal("a.pdf", b"a" * 50_000_000) == (
        "50.0 MB, more than 20 MB (longer than any model's window: shorten it)"
    )


def test_a_pdf_with_a_password_is_refused() -> None:
    content = pdf("Secret", password="secret")
    assert refusal("a.pdf", content) == "an encrypted PDF (save a copy without a password)"


def test_a_pdf_that_is_encrypted_by_aes_is_refused() -> None:
    # Encryption of PDF 2.0 (AES-256); the keys are of the right length and otherwise made up.
    keys = f"/O<{'11' * 48}>/U<{'22' * 48}>/OE<{'33' * 32}>/UE<{'44' * 32}>/Perms<{'55' * 16}>"
    filters = "/CF<</StdCF<</CFM/AESV3/AuthEvent/DocOpen/Length 32>>>>/StmF/StdCF/StrF/StdCF"
    encrypt = f"<</Filter/Standard/V 5/R 6/Length 256/P -1{filters}{keys}>>"
    plain = pdf("Secret")
    trailer = plain.index(b"/Root")
    content = plain[:trailer] + f"/ID[<{'66' * 16}><{'66' * 16}>]/Encrypt{encrypt}".encode() + plain[trailer:]
    assert refusal("a.pdf", content) == "an encrypted PDF (save a copy without a password)"


def test_a_pdf_that_opens_without_a_password_is_read() -> None:
    writer = PdfWriter(PdfReader(io.BytesIO(pdf("Open"))))
    writer.encrypt("", "owner", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    assert text_of("a.pdf", out.getvalue()) == "Open"


def test_a_scanned_pdf_is_refused() -> None:
    assert refusal("a.pdf", pdf("", "")) == (
        "a PDF without text, perhaps scanned (run text recognition, or paste the text)"
    )


def test_a_damaged_pdf_is_refused() -> None:
    assert refusal("a.pdf", b"%PDF-1.7\nrubbish") == (
        "a PDF that cannot be read (print it to a new PDF, or paste the text)"
    )


def test_a_pdf_of_too_many_pages_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_text, "MAX_PAGES", 2)
    assert refusal("a.pdf", pdf("a", "b", "c")) == "a PDF of 3 pages, more than 2 (split it)"


def test_a_pdf_of_too_much_text_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_text, "MAX_TEXT_CHARACTERS", 5)
    assert refusal("a.pdf", pdf("abc", "abc", "abc")) == (
        "a PDF with too much text: 2 of 3 pages have more than 5 characters (split it)"
    )


def test_a_page_with_too_many_instructions_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_text, "MAX_PAGE_BYTES", 60)
    # A page with a text of 5 letters takes 38 bytes, with one of 50 letters 83.
    assert refusal("a.pdf", pdf("short", "x" * 50)) == (
        "page 2 of the PDF is too complex to read (print it to a new PDF, or paste the text)"
    )


def test_reading_a_pdf_can_be_stopped() -> None:
    def stop(share: float) -> None:
        raise CrossoverError(message("takes too long"))

    with pytest.raises(CrossoverError, match="takes too long"):
        text_of("a.pdf", pdf("a", "b"), stop)


def test_a_word_document_without_text_is_refused() -> None:
    assert refusal("a.docx", docx("", " ")) == (
        "a Word document without text, perhaps only images (paste the text instead)"
    )


def test_a_zip_named_docx_is_refused() -> None:
    assert refusal("a.docx", archive(a=b"text")) == (
        "a ZIP archive, not a Word document (upload the files in it one by one)"
    )


def test_an_excel_workbook_is_refused_by_what_it_is() -> None:
    content = archive(**{"xl/workbook.xml": b"<workbook/>"})
    assert refusal("a.xlsx", content) == "an Excel workbook, not a text (save the sheet as .csv)"


def test_a_word_document_that_unpacks_to_too_much_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docx_text, "MAX_UNPACKED_BYTES", 1_000_000)
    # 5 MB of one letter take a few kB in the archive.
    content = archive(**{"word/document.xml": b"a" * 5_000_000})
    assert len(content) < 10_000
    assert refusal("a.docx", content) == (
        "a document that unpacks to 5 MB, more than 1 MB (save its text as .txt)"
    )


@pytest.mark.parametrize("content", [archive(**{"word/document.xml": b"<broken"}), docx("a")[:-100]])
def test_a_damaged_word_document_is_refused(content: bytes) -> None:
    assert refusal("a.docx", content) == ("a damaged Word document (open it in Word and save it again)")


def test_a_text_named_docx_or_pdf_is_refused() -> None:
    assert refusal("a.docx", b"hello").startswith("not a Word document: ")
    assert refusal("a.pdf", b"hello").startswith("not a PDF: ")


@pytest.mark.parametrize(
    "content",
    [b"\x89PNG\r\n\x1a\n\0\0", b"\xff\xd8\xff\xe0\0\x10JFIF", b"GIF89a\1\0", b"RIFF\0\0\0\0WEBPVP8 "],
)
def test_an_image_is_refused_whatever_its_name(content: bytes) -> None:
    assert refusal("a.txt", content) == (
        "an image, not text (type its text, or count it by its size under Images)"
    )


def test_a_text_that_starts_as_a_bitmap_does_is_text() -> None:
    assert text_of("a.txt", b"BMW and others") == "BMW and others"


@pytest.mark.parametrize("content", [b"\x7fELF\x02\x01\x01\0\0", b"text\0", b"MZ\x90\0\3\0\0\0\4"])
def test_a_binary_file_is_refused(content: bytes) -> None:
    assert refusal("a.txt", content) == ("a binary file, not text (choose a text, .docx, .pdf or .html file)")


def test_old_word_files_and_rtf_say_how_to_save_them() -> None:
    assert refusal("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0") == (
        "an encrypted or old Office file (save it as .docx without a password)"
    )
    assert refusal("a.rtf", b"{\\rtf1 hello}") == "an RTF file (save it as .docx or .txt)"
