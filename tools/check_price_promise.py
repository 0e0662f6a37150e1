"""Check the promise "a price is one row": any row that `pricing check` accepts leaves the tests green.

    python -m tools.check_price_promise [TESTS...]

Copies this checkout to a temporary folder and adds rows to the copy's tables, all checked today: a new id in
every table, and for every dated price two changes, one from today on and one early in its history. Then runs
`pricing check` and the tests that read tables (by default `TESTS`) in the copy. Exits with 1 and one line
that says which of the two failed. `.ci/run` calls it; no test does.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from pricing.book import PriceBook
from pricing.load import shipped_book
from pricing.rows import TABLES, DatedFact, Deployment, Fact, ModelPrice

ROOT: Final = Path(__file__).resolve().parents[1]
NOT_COPIED: Final = shutil.ignore_patterns(".git", ".venv*", "__pycache__", ".*_cache", ".hypothesis")

TESTS: Final = (
    "tests/pricing",
    "tests/project/test_documents.py",
    *(f"tests/costing/{name}" for name in ("claim", "comparison", "ranking", "reports", "strategies")),
    "tests/costing/test_closed_sets.py",
    "tests/dashboard/test_shipped_prices.py",
)
"""The tests that read price tables, as far as they run in about two minutes."""

CHANGE: Final = Decimal("1.05")
"""Factor of every price in a changed row."""

NEW: Final = "-new"
"""What a new id ends in."""


def main(tests: Sequence[str]) -> int:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "checkout"
        shutil.copytree(ROOT, copy, ignore=NOT_COPIED)
        for table, rows in candidate_rows(shipped_book(), date.today()).items():
            path = copy / "pricing" / "tables" / f"{table}.yaml"
            text = path.read_text(encoding="utf-8").rstrip("\n")
            path.write_text("\n".join([text, *(yaml_row(row) for row in rows), ""]), encoding="utf-8")
        if run(copy, "pricing", "check"):
            print("price promise: `pricing check` refuses a row that should be valid (see above)")
            return 1
        if run(copy, "pytest", "-q", *(tests or TESTS)):
            print("price promise: rows that `pricing check` accepts turn the tests above red")
            return 1
    print("price promise: kept")
    return 0


def run(checkout: Path, module: str, *arguments: str) -> int:
    """The exit status of `python -m module` in that checkout, without the user's own settings."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CROSSOVER_")}
    environment.pop("PYTHONPATH", None)
    return subprocess.run(
        [sys.executable, "-m", module, *arguments], cwd=checkout, env=environment
    ).returncode


def candidate_rows(book: PriceBook, today: date) -> dict[str, list[Fact]]:
    """By table: a row with a new id, and two price changes of every id."""
    return {
        table: [new_row(table, book, today), *price_changes(book.tables()[table], today)] for table in TABLES
    }


def new_row(table: str, book: PriceBook, today: date) -> Fact:
    """A row with a new id, copied from one that is there; new rows of other tables refer to each other."""
    prices = book.on(today)
    deployment = next(iter(prices.rows(Deployment).values()))
    model = next(iter(prices.rows(ModelPrice).values()))
    template_id = {
        "deployments": deployment.id,
        "open_models": deployment.open_model,
        **dict.fromkeys(("gpus", "gpu_rent", "gpu_purchase"), deployment.gpu),
    }
    rows = book.tables()[table]
    template = next((row for row in rows if row.id == template_id.get(table)), rows[-1])
    changes: dict[str, Any] = {"id": template.id + NEW, "checked_on": today}
    match table:
        case "deployments":
            changes |= {"gpu": deployment.gpu + NEW, "open_model": deployment.open_model + NEW}
        case "lifecycles":  # of a row that is there; a new price row says its own
            changes |= {"id": deployment.id, "successor": None, "billed_as_successor_from": None}
        case "fx":
            changes["id"] = "XTS"  # ISO 4217's code for tests
        case "milestones":
            changes |= {"id": f"open-{today}", "line": "open", "model": model.id, "launched_on": today}
        case "launches":
            changes |= {"first_seen_on": today}
    if isinstance(template, DatedFact):
        changes |= {"effective_from": today, "effective_to": None}
    return template.model_copy(update=changes)


def price_changes(rows: Sequence[Fact], today: date) -> Iterator[Fact]:
    """For every dated id: its first price changed from the day after it, its last price from today on."""
    histories: dict[str, list[DatedFact]] = {}
    for row in rows:
        if isinstance(row, DatedFact):
            histories.setdefault(row.id, []).append(row)
    for history in histories.values():
        taken = {row.effective_from for row in history}
        for row, start in ((history[0], history[0].effective_from + timedelta(days=1)), (history[-1], today)):
            if start not in taken:
                update = {"effective_from": start, "effective_to": None, "checked_on": today}
                yield with_raised_prices(row).model_copy(update=update)
                taken.add(start)


def with_raised_prices(row: DatedFact) -> DatedFact:
    """The row with every price in USD raised, those of its tiers and hours too."""
    return type(row).model_validate(_raised(row.model_dump(exclude_unset=True)))


def _raised(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {
            name: field * CHANGE if "usd" in name and isinstance(field, Decimal) else _raised(field)
            for name, field in value.items()
        }
    return tuple(_raised(item) for item in value) if isinstance(value, tuple) else value


def yaml_row(row: Fact) -> str:
    """The row as one line of its table."""
    return f"- {_yaml(row.model_dump(exclude_defaults=True, exclude_none=True))}"


def _yaml(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}: {_yaml(field)}" for name, field in value.items()) + "}"
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_yaml, value)) + "]"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return json.dumps(value, ensure_ascii=False)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
