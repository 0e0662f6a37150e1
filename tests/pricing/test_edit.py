"""A table edit is saved as a whole or not at all, never with errors, never over another user's change."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from i18n.errors import CrossoverError
from pricing.edit import block_text, blocks, check, diff, open_table, replaced, save, tables_in
from pricing.load import load_book
from tests.support.paths import FROZEN_TABLES

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 12, 30, 15, tzinfo=timezone(timedelta(hours=8)))


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """models.yaml in a copy of the frozen tables."""
    shutil.copytree(FROZEN_TABLES, tmp_path / "tables")
    return tmp_path / "tables" / "models.yaml"


def changed(table: Path) -> tuple[str, str]:
    """(A valid new text with a new price of gpt-6-astra, the fingerprint of the old text)."""
    opened = open_table(table)
    assert "  input_usd_per_mtok: 10\n" in opened.text
    return opened.text.replace("  input_usd_per_mtok: 10\n", "  input_usd_per_mtok: 11\n"), opened.fingerprint


def leftovers(table: Path) -> list[str]:
    known = {path.name for path in FROZEN_TABLES.iterdir()}
    return sorted(path.name for path in table.parent.iterdir() if path.name not in known)


def test_a_saved_price_is_the_price_and_the_old_file_is_beside_it(table: Path) -> None:
    before = table.read_bytes()
    text, fingerprint = changed(table)
    backup = save(table, text, fingerprint, NOW)
    assert table.read_text(encoding="utf-8") == text
    assert load_book(table.parent, TODAY).on(TODAY).model("openai/gpt-6-astra").input_usd_per_mtok == 11
    # 12:30:15 in Taipei is 04:30:15 UTC.
    assert backup.name == "models.yaml.20261122T043015000000Z.bak"
    assert backup.read_bytes() == before
    assert leftovers(table) == [backup.name]


def test_a_file_changed_meanwhile_is_not_written_over(table: Path) -> None:
    text, fingerprint = changed(table)
    theirs = table.read_bytes() + b"# theirs\n"
    table.write_bytes(theirs)
    with pytest.raises(CrossoverError, match=r"^models.yaml: the file on disk has changed since .*\(reload"):
        save(table, text, fingerprint, NOW)
    assert table.read_bytes() == theirs
    assert leftovers(table) == []


def test_after_a_save_the_old_fingerprint_is_of_no_use(table: Path) -> None:
    text, fingerprint = changed(table)
    save(table, text, fingerprint, NOW)
    with pytest.raises(CrossoverError, match="has changed"):
        save(table, text.replace("11\n", "12\n", 1), fingerprint, NOW + timedelta(seconds=1))


@pytest.mark.parametrize("step", ["replace", "fsync", "chmod"])
def test_a_write_that_fails_leaves_all_as_it_was(
    table: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    before = table.read_bytes()
    text, fingerprint = changed(table)

    def fail(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, step, fail)
    with pytest.raises(CrossoverError, match=r"^models.yaml: cannot be saved: No space left on device \("):
        save(table, text, fingerprint, NOW)
    assert table.read_bytes() == before
    assert leftovers(table) == []


def test_an_error_is_refused_with_its_line_even_if_nobody_checked(table: Path) -> None:
    text, fingerprint = changed(table)
    before = table.read_bytes()
    bad = text.replace("input_usd_per_mtok: 11", "input_usd_per_mtok: -11")
    line = bad.split("\n").index("  input_usd_per_mtok: -11") + 1
    with pytest.raises(
        CrossoverError, match=f"^models.yaml:{line}: openai/gpt-6-astra: input_usd_per_mtok: -11"
    ):
        save(table, bad, fingerprint, NOW)
    assert table.read_bytes() == before


def test_a_check_is_of_the_whole_book(table: Path) -> None:
    opened = open_table(table.with_name("tokenizers.yaml"))
    without = replaced(
        opened.text, next(b for b in blocks(opened.text, opened.name) if b.label == "gemini"), ""
    )
    errors = check(table.with_name("tokenizers.yaml"), without, TODAY)
    assert errors
    assert all("no 'gemini' in tokenizers.yaml" in str(error) for error in errors)
    assert all(str(error).startswith("models.yaml:") for error in errors if "google/" in str(error))


def test_every_error_is_told_and_none_of_a_valid_text(table: Path) -> None:
    text, _ = changed(table)
    assert check(table, text, TODAY) == ()
    assert check(table, text, date(2026, 11, 21)) != ()  # checked in the future, seen from the day before
    twice = text.replace("vendor: OpenAI", "vender: OpenAI", 2)
    assert len([f for f in check(table, twice, TODAY) if "did you mean 'vendor'" in str(f)]) == 2
    assert "not valid YAML" in str(check(table, "- id: [", TODAY)[0])


def test_a_row_is_found_by_its_id_and_day_and_replaced_alone(table: Path) -> None:
    opened = open_table(table)
    row_blocks = blocks(opened.text, opened.name)
    block = next(b for b in row_blocks if b.label == "google/gemini-3.8-flash @ 2027-01-01")
    mine = block_text(opened.text, block)
    assert mine.startswith("- id: google/gemini-3.8-flash\n")
    assert "effective_from: 2027-01-01" in mine
    assert mine.count("- id:") == 1
    assert replaced(opened.text, block, mine) == opened.text
    longer = replaced(opened.text, block, mine + mine.replace("2027-01-01", "2027-06-01"))
    assert check(table, longer, TODAY) == ()
    assert len(blocks(longer, opened.name)) == len(row_blocks) + 1
    assert len(blocks(replaced(opened.text, block, ""), opened.name)) == len(row_blocks) - 1


def test_every_row_has_a_block_of_its_own_lines(table: Path) -> None:
    for name in tables_in(table.parent):
        opened = open_table(table.with_name(name))
        row_blocks = blocks(opened.text, name)
        assert all(block_text(opened.text, block).startswith("- id:") for block in row_blocks)
        for before, after in pairwise(row_blocks):
            assert before.last_line + 1 == after.first_line


def test_a_diff_shows_what_changes_and_nothing_where_nothing_does(table: Path) -> None:
    text, _ = changed(table)
    lines = diff(open_table(table).text, text, "models.yaml").splitlines()
    assert lines[:2] == ["--- models.yaml (now)", "+++ models.yaml (after saving)"]
    assert [line for line in lines[2:] if line[0] in "+-"] == [
        "-  input_usd_per_mtok: 10",
        "+  input_usd_per_mtok: 11",
    ]
    assert diff(text, text, "models.yaml") == ""


def test_the_files_rights_line_ends_and_mark_are_kept(table: Path) -> None:
    table.write_bytes(b"\xef\xbb\xbf" + table.read_bytes().replace(b"\n", b"\r\n"))
    table.chmod(0o640)
    text, fingerprint = changed(table)
    assert "\r" not in text
    save(table, text, fingerprint, NOW)
    written = table.read_bytes()
    assert written.startswith(b"\xef\xbb\xbf#")
    assert written.count(b"\r\n") == written.count(b"\n") > 900
    assert table.stat().st_mode & 0o777 == 0o640


def test_a_linked_table_stays_a_link(table: Path, tmp_path: Path) -> None:
    real = table.rename(tmp_path / "real.yaml")
    table.symlink_to(real)
    text, fingerprint = changed(table)
    save(table, text, fingerprint, NOW)
    assert table.is_symlink()
    assert real.read_text(encoding="utf-8") == text


def test_what_cannot_be_read_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(CrossoverError, match=r"models.yaml: cannot be read: No such file"):
        open_table(tmp_path / "models.yaml")
    (tmp_path / "models.yaml").write_bytes(b"- id: \xff\n")
    with pytest.raises(CrossoverError, match=r"^models.yaml: not UTF-8 text"):
        open_table(tmp_path / "models.yaml")


def test_only_tables_can_be_edited(tmp_path: Path) -> None:
    for name in ("fx.yaml", "models.yaml", "notes.yaml", "models.yaml.20260101T000000Z.bak"):
        (tmp_path / name).write_text("[]", encoding="utf-8")
    assert tables_in(tmp_path) == ["models.yaml", "fx.yaml"]


def test_the_stamp_of_a_backup_is_in_utc(table: Path) -> None:
    text, fingerprint = changed(table)
    assert ".20261122T235959000000Z." in str(
        save(table, text, fingerprint, datetime(2026, 11, 22, 23, 59, 59, tzinfo=UTC))
    )
