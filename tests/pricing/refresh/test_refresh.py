"""Rows proposed from the catalogue: only where prices differ, as text that is a valid table."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from i18n.errors import CrossoverError
from pricing import __main__ as command
from pricing.book import PriceBook
from pricing.catalogue import Catalogue
from pricing.load import book_of, load_book
from pricing.refresh.patch import patched, refreshed_table, write
from pricing.refresh.proposals import Proposal, proposals
from pricing.rows import ContextTier, DatedFact, EmbeddingPrice, ModelPrice, ServiceTiers, Tiered
from tests.support.paths import FROZEN_TABLES

TODAY = date(2026, 11, 22)
MODEL = "anthropic/claude-opus-4-8"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
CLIFF = ContextTier(
    above_prompt_tokens=200_000, input_usd_per_mtok=Decimal(12), output_usd_per_mtok=Decimal(50)
)


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    folder = tmp_path / "tables"
    shutil.copytree(FROZEN_TABLES, folder)
    return folder


def their_row(book: PriceBook, **changes: object) -> ModelPrice:
    row = book.history(ModelPrice, MODEL)[-1]
    return row.model_copy(update={"source": "https://example.com/now", **changes})


def found_for(folder: Path, *rows: ModelPrice) -> list[Proposal]:
    behind: Mapping[str, tuple[DatedFact, ...]] = {MODEL: rows}
    return list(proposals(load_book(folder), behind, TODAY))


def test_the_frozen_tables_agree_with_the_catalogue(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["refresh"]) == 0
    assert "no price of the catalogue differs" in capsys.readouterr().out


def test_what_the_catalogue_does_not_know_is_no_difference(tables: Path) -> None:
    row = their_row(load_book(tables), cached_input_usd_per_mtok=None, cache_write_usd_per_mtok=None)
    assert found_for(tables, row) == []


def test_a_new_price_becomes_a_dated_row_and_the_old_one_stays(tables: Path) -> None:
    book = load_book(tables)
    today = their_row(book, input_usd_per_mtok=Decimal("4.5"), context_tiers=(CLIFF,))
    announced = their_row(book, effective_from=date(2027, 2, 1), output_usd_per_mtok=Decimal(30))
    proposals = found_for(tables, today, announced)
    assert [(item.effective_from, item.fields) for item in proposals] == [
        (TODAY, ("input_usd_per_mtok", "context_tiers")),
        (date(2027, 2, 1), ("output_usd_per_mtok",)),
    ]
    text = (tables / "models.yaml").read_text(encoding="utf-8")
    new = patched(text, proposals[:1], TODAY)
    others = {path.name: path.read_bytes() for path in tables.glob("*.yaml")}
    before, after = (
        book.history(ModelPrice, MODEL),
        book_of({**others, "models.yaml": new}, TODAY).history(ModelPrice, MODEL),
    )
    assert after[:-1] == before
    assert (after[-1].input_usd_per_mtok, after[-1].effective_from) == (Decimal("4.5"), TODAY)
    assert after[-1].context_tiers == (CLIFF,)
    assert after[-1].output_usd_per_mtok == before[-1].output_usd_per_mtok
    assert (after[-1].source, after[-1].checked_on) == ("https://example.com/now", TODAY)
    kept = [line for line in new.splitlines() if line not in text.splitlines()]
    assert len(kept) <= 6
    assert all(line in new.splitlines() for line in text.splitlines())


def test_a_row_of_today_is_left_to_a_person(tables: Path) -> None:
    text = (tables / "models.yaml").read_text(encoding="utf-8")
    proposals = found_for(tables, their_row(load_book(tables), input_usd_per_mtok=Decimal("4.5")))
    (tables / "models.yaml").write_text(patched(text, proposals, TODAY), encoding="utf-8")
    assert found_for(tables, their_row(load_book(tables), input_usd_per_mtok=Decimal("4.6"))) == []


def test_the_command_changes_nothing_unless_told(
    tables: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    higher_price = their_row(load_book(tables), output_usd_per_mtok=Decimal(77))
    monkeypatch.setattr(command, "catalogue", lambda: Catalogue({MODEL: (higher_price,)}, ()))
    path = tables / "models.yaml"
    before = path.read_bytes()
    assert command.main(["refresh", "--table", str(path)]) == 0
    printed = capsys.readouterr().out
    assert "+  output_usd_per_mtok: 77" in printed
    assert "nothing is changed without --write" in printed
    assert path.read_bytes() == before
    assert command.main(["refresh", "--table", str(path), "--write"]) == 0
    assert load_book(tables).history(ModelPrice, MODEL)[-1].output_usd_per_mtok == 77
    backups = list(tables.glob("models.yaml.*.bak"))
    assert [backup.read_bytes() for backup in backups] == [before]


def found_in(folder: Path, row: DatedFact, table: str = "models") -> list[Proposal]:
    return list(proposals(load_book(folder), {row.id: (row,)}, TODAY, table))


def after(folder: Path, proposals: list[Proposal], table: str = "models") -> PriceBook:
    """Price book after the patch was applied to the table."""
    text = patched((folder / f"{table}.yaml").read_text(encoding="utf-8"), proposals, TODAY)
    others = {path.name: path.read_bytes() for path in folder.glob("*.yaml")}
    return book_of({**others, f"{table}.yaml": text}, TODAY)


@pytest.mark.parametrize("tier", ["batch", "flex", "priority", "fast"])
def test_a_tier_of_service_that_both_know_is_compared_and_written(tables: Path, tier: str) -> None:
    row = load_book(tables).history(ModelPrice, "openai/gpt-6-sol")[-1]
    mine: Tiered = getattr(row.service_tiers, tier)
    cliff = mine.context_tiers[0].model_copy(update={"output_usd_per_mtok": Decimal("98.5")})
    higher_price = mine.model_copy(
        update={
            "cache_write_usd_per_mtok": Decimal("7.25"),
            "cached_input_usd_per_mtok": None,  # unknown to them: ours stays
            "context_tiers": (cliff, *mine.context_tiers[1:]),
        }
    )
    theirs = row.model_copy(
        update={
            "source": "https://example.com/now",
            "service_tiers": row.service_tiers.model_copy(update={tier: higher_price}),
        }
    )
    proposals = found_in(tables, theirs)
    assert [item.fields for item in proposals] == [(f"service_tiers.{tier}",)]
    new = after(tables, proposals).history(ModelPrice, row.id)[-1]
    written: Tiered = getattr(new.service_tiers, tier)
    assert written.cache_write_usd_per_mtok == Decimal("7.25")
    assert written.cached_input_usd_per_mtok == mine.cached_input_usd_per_mtok
    assert written.context_tiers[0].output_usd_per_mtok == Decimal("98.5")
    for other in {"batch", "flex", "priority", "fast"} - {tier}:
        assert getattr(new.service_tiers, other) == getattr(row.service_tiers, other)
    assert (new.input_usd_per_mtok, new.context_tiers) == (row.input_usd_per_mtok, row.context_tiers)


def test_a_tier_that_only_one_side_knows_is_no_difference(tables: Path) -> None:
    row = load_book(tables).history(ModelPrice, "openai/gpt-6-sol")[-1]
    none = ServiceTiers()
    assert found_in(tables, row.model_copy(update={"service_tiers": none})) == []
    flash = load_book(tables).history(ModelPrice, "alibaba/qwen-flash")[-1]
    assert flash.service_tiers.priority is None
    more = flash.service_tiers.model_copy(
        update={"priority": Tiered(input_usd_per_mtok=Decimal(1), output_usd_per_mtok=Decimal(2))}
    )
    assert found_in(tables, flash.model_copy(update={"service_tiers": more})) == []


def test_a_rate_of_cache_writes_is_compared_and_written(tables: Path) -> None:
    row = their_row(load_book(tables), cache_write_1h_usd_per_mtok=Decimal("12.5"))
    proposals = found_in(tables, row)
    assert [item.fields for item in proposals] == [("cache_write_1h_usd_per_mtok",)]
    assert after(tables, proposals).history(ModelPrice, MODEL)[-1].cache_write_1h_usd_per_mtok == Decimal(
        "12.5"
    )


def test_hours_of_the_day_are_compared_whatever_their_order(tables: Path) -> None:
    row = load_book(tables).on(TODAY).model("deepseek/deepseek-v4-pro")
    assert len(row.windows) == 2
    turned = row.model_copy(update={"windows": row.windows[::-1]})
    assert found_in(tables, turned) == []
    longer = row.windows[0].model_copy(update={"to_utc": "05:00"})
    higher_price = row.windows[1].model_copy(update={"output_usd_per_mtok": Decimal("9.75")})
    source = {"source": "https://example.com/now"}
    for windows in ((longer, row.windows[1]), (row.windows[0], higher_price)):
        proposals = found_in(tables, row.model_copy(update={"windows": windows, **source}))
        assert [item.fields for item in proposals] == [("windows",)]
        assert after(tables, proposals).on(TODAY).model(row.id).windows == windows
    assert found_in(tables, row.model_copy(update={"windows": ()})) == []


def test_embeddings_are_compared_and_written(tables: Path) -> None:
    row = load_book(tables).history(EmbeddingPrice, "openai/text-embedding-3-small")[-1]
    theirs = row.model_copy(
        update={
            "input_usd_per_mtok": Decimal("0.03"),
            "batch_input_usd_per_mtok": None,
            "source": "https://example.com/now",
        }
    )
    proposals = found_in(tables, theirs, "embeddings")
    assert [item.fields for item in proposals] == [("input_usd_per_mtok",)]
    new = after(tables, proposals, "embeddings").history(EmbeddingPrice, row.id)[-1]
    assert (new.input_usd_per_mtok, new.batch_input_usd_per_mtok) == (
        Decimal("0.03"),
        row.batch_input_usd_per_mtok,
    )


def test_a_table_that_is_not_compared_is_named(tables: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["refresh", "--table", str(tables / "gpus.yaml")]) == 2
    printed = capsys.readouterr().err
    assert printed.startswith("gpus.yaml: the catalogue is compared with models.yaml, embeddings.yaml alone")


def test_of_two_tables_both_are_written_or_none(tables: Path) -> None:
    book = load_book(tables)
    embedding = book.history(EmbeddingPrice, "openai/text-embedding-3-small")[-1]
    behind = {
        MODEL: (their_row(book, output_usd_per_mtok=Decimal(77)),),
        embedding.id: (embedding.model_copy(update={"input_usd_per_mtok": Decimal("0.03")}),),
    }
    paths = [tables / "models.yaml", tables / "embeddings.yaml"]
    before = [path.read_bytes() for path in paths]
    refreshed = [refreshed_table(path, behind, TODAY) for path in paths]
    paths[1].write_bytes(before[1] + b"# somebody else was here\n")
    with pytest.raises(CrossoverError, match=r"^embeddings\.yaml: the file on disk has changed"):
        write(refreshed, NOW)
    assert paths[0].read_bytes() == before[0]
    paths[1].write_bytes(before[1])
    backups = write(refreshed, NOW)
    assert [backup.read_bytes() for backup in backups] == before
    assert all(path.read_bytes() != old for path, old in zip(paths, before, strict=True))
