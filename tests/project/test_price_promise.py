"""The rows that `tools/check_price_promise.py` adds to every table are valid changes and new ids."""

from __future__ import annotations

from datetime import date

import pytest

from pricing.rows import TABLES, DatedFact, ModelPrice
from pricing.table_rules import checked_book
from tests.support.factories import frozen_book
from tests.support.paths import FROZEN_TABLES
from tools.check_price_promise import candidate_rows, raised, yaml_row

TODAY = date(2026, 12, 24)
ADDED = candidate_rows(frozen_book(), TODAY)


@pytest.mark.parametrize("table", TABLES)
def test_every_table_gets_a_new_id_that_was_checked_today(table: str) -> None:
    known = {row_id for name, row_id in frozen_book().ids() if name == table}
    new = [row for row in ADDED[table] if row.id not in known]
    assert len(new) == 1
    assert {row.checked_on for row in ADDED[table]} == {TODAY}


def test_every_dated_price_changes_today_and_on_the_day_after_its_first() -> None:
    for table, row_id in frozen_book().ids():
        history = frozen_book().history(TABLES[table], row_id)
        if isinstance(history[0], DatedFact):
            changes = [row for row in ADDED[table] if row.id == row_id and isinstance(row, DatedFact)]
            assert len(changes) == 2
            early, late = changes
            assert (early.effective_from - history[0].effective_from).days == 1
            assert late.effective_from == TODAY


def test_a_dearer_row_raises_the_prices_of_its_tiers_too() -> None:
    row = frozen_book().on(date(2026, 11, 22)).model("mistral/mistral-large-4")
    changed = raised(row)
    assert isinstance(changed, ModelPrice)
    # 0.7 × 1.05 = 0.735; by batch 0.35 × 1.05 = 0.3675
    assert f"{changed.input_usd_per_mtok:f}".rstrip("0") == "0.735"
    assert changed.service_tiers.batch is not None
    assert f"{changed.service_tiers.batch.input_usd_per_mtok:f}".rstrip("0") == "0.3675"


def test_the_added_rows_obey_every_rule_of_the_tables() -> None:
    texts: dict[str, str | bytes] = {}
    for table, rows in ADDED.items():
        text = (FROZEN_TABLES / f"{table}.yaml").read_text(encoding="utf-8")
        texts[f"{table}.yaml"] = "\n".join([text, *map(yaml_row, rows)])
    book = checked_book(texts, TODAY)
    for table, rows in ADDED.items():
        for row in rows:
            assert row in book.history(TABLES[table], row.id)
