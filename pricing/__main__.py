"""Command line of the price book: check, show, history, quote, stale, diff, schema."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from pydantic import BaseModel

from i18n.command_line import OneLineParser, day, run
from i18n.errors import CrossoverError
from i18n.message import Message, message

from .audit.checks import difference, doubts, stale
from .audit.outliers import outliers
from .book import QUOTED, PriceBook, suggestion
from .catalogue import LAYER, catalogue
from .company_tables import company_book, company_folder, company_texts, current_book, prices_option
from .edit import diff
from .load import SHIPPED, book_of, load_book, tables_folder
from .quote import command as quote_command
from .refresh.patch import refreshed_table, write
from .refresh.proposals import KINDS
from .rows import SHIPPED_LAYER, TABLES, DatedFact, Fact, Launch, Milestone
from .schema import SCHEMAS, schema_of
from .survey.ending_warnings import ending_warnings
from .survey.row_details import UNKNOWN
from .table_rules import checked_book


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status: 2 with one line per fault for bad input."""
    return run(_parser(), arguments)


def _parser() -> argparse.ArgumentParser:
    parser = OneLineParser(prog="python -m pricing", description="Dated, sourced prices of LLM workloads.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    layered: list[argparse.ArgumentParser] = []

    command = commands.add_parser("check", help="every fault of price tables, and what looks wrong")
    command.add_argument(
        "paths", nargs="*", type=Path, metavar="PATH", help="files or folders; default: the shipped"
    )
    command.set_defaults(run=_check)
    layered.append(command)

    command = commands.add_parser("show", help="a row as it stands on a day")
    command.add_argument("id", metavar="ID")
    command.add_argument("--on", type=day, default=date.today(), metavar="DATE")
    command.set_defaults(run=_show)
    layered.append(command)

    command = commands.add_parser("history", help="all rows of an id, announced ones included")
    command.add_argument("id", metavar="ID")
    command.set_defaults(run=_history)
    layered.append(command)

    quoting = quote_command.add_to(commands)
    quoting.set_defaults(run=_quote)
    layered.append(quoting)

    command = commands.add_parser("models", help="ids that can be priced, the catalogue's too")
    command.add_argument("part", nargs="?", default="", metavar="PART", help="only ids that contain it")
    command.set_defaults(run=_models)
    layered.append(command)

    command = commands.add_parser("stale", help="rows checked too long ago; exit 1 if any")
    command.add_argument("--max-age-days", type=int, default=90, metavar="N")
    command.set_defaults(run=_stale)
    layered.append(command)

    command = commands.add_parser(
        "refresh", help="what the catalogue prices otherwise, as a patch of the tables"
    )
    command.add_argument("--write", action="store_true", help="write the new rows, all or nothing")
    command.add_argument(
        "--table", type=Path, metavar="FILE", help="of one table: models.yaml or embeddings.yaml"
    )
    command.set_defaults(run=_refresh)

    command = commands.add_parser("diff", help="what changes from one folder of tables to another")
    command.add_argument("old", type=Path, metavar="OLD")
    command.add_argument("new", type=Path, metavar="NEW")
    command.set_defaults(run=_diff)

    command = commands.add_parser("schema", help="write the editors' schemas beside the shipped tables")
    command.set_defaults(run=_schema)
    prices_option(parser, *layered)
    return parser


def _check(options: argparse.Namespace) -> int:
    texts: dict[str, bytes] = {}
    errors: list[Message] = []
    for path in options.paths or [tables_folder()]:
        files = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
        if not files:
            errors.append(message("{place}: no .yaml file in it (name a folder of tables)", place=str(path)))
        for file in files:
            try:
                texts[file.name] = file.read_bytes()
            except OSError as error:
                errors.append(
                    message(
                        "{place}: cannot be read: {problem} (check the path)",
                        place=str(file),
                        problem=error.strerror or str(error),
                    )
                )
    if errors:
        raise CrossoverError(*errors)
    today = date.today()
    book = book_of(texts, today) if options.paths else checked_book(texts, today)
    checked = len(texts)
    folder = company_folder(options.prices) if options.prices or not options.paths else None
    if folder is not None:
        book = company_book(book, folder)
        checked += len(company_texts(folder))
    histories = [(table, book.history(TABLES[table], row_id)) for table, row_id in book.ids()]
    table_of = {TABLES[table]: table for table, _ in histories}
    warnings = [doubt for _, history in histories for doubt in doubts(history)]
    warnings += outliers(history[-1] for _, history in histories)
    for row, field, what in warnings:
        layer = "" if row.layer == SHIPPED_LAYER else f"{row.layer}/"
        place = f"{layer}{table_of[type(row)]}.yaml: {row.ref}"
        print(message("warning: {place}: {field}: {what}", place=place, field=field, what=what))
    for ending in ending_warnings(book, today):
        print(message("warning: {what}", what=ending))
    rows = sum(len(history) for _, history in histories)
    print(f"{rows} rows in {checked} files: no faults")
    return 0


def _histories(book: PriceBook, row_id: str) -> list[tuple[Fact, ...]]:
    """The histories of an id, in every table that has it; of a model's name, the catalogue's too."""
    histories = [book.history(TABLES[table], i) for table, i in book.ids() if i == row_id]
    if histories:
        return histories
    named_id = book.names.find(row_id)
    if isinstance(named_id, Message):
        raise CrossoverError(named_id)
    if named_id is None:
        known = {i for _, i in book.ids()}
        hint = book.names.hint(row_id)
        if not str(hint) and "/" not in row_id:  # a GPU, a currency
            hint = suggestion(row_id, known - book.quoted.keys())
        raise CrossoverError(
            message("no row '{id}'{hint} (see python -m pricing models)", id=row_id, hint=hint)
        )
    own = [book.history(TABLES[table], i) for table, i in book.ids() if i == named_id]
    return own or [catalogue().histories[named_id]]


def _show(options: argparse.Namespace) -> int:
    book = current_book(options.prices)
    histories = _histories(book, options.id)
    row_id = histories[0][0].id
    prices = book.on(options.on)
    tables = [t for t, kind in TABLES.items() if kind not in (Launch, Milestone)]  # these rows have no price
    shown: list[Fact] = [prices.tables[table][row_id] for table in tables if row_id in prices.tables[table]]
    if not shown and row_id not in book.quoted:
        behind = catalogue().histories.get(row_id, ()) if "/" in row_id else ()
        shown += [row for row in behind if row.effective_from <= options.on][-1:]
    if not shown:
        first = min(
            row.effective_from for history in histories for row in history if isinstance(row, DatedFact)
        )
        raise CrossoverError(
            message(
                "no price for '{id}' on {day}: its first row starts on {first} (choose a later date)",
                id=row_id,
                day=options.on.isoformat(),
                first=first.isoformat(),
            )
        )
    for row in shown:
        _print_row(row)
    return 0


def _history(options: argparse.Namespace) -> int:
    for history in _histories(current_book(options.prices), options.id):
        for row in history:
            _print_row(row)
    return 0


def _print_row(row: Fact) -> None:
    print(row.ref)
    if row.layer != SHIPPED_LAYER:
        print(f"  layer: {row.layer}")
    _print_fields(row, "  ")


def _print_fields(fields: BaseModel, indent: str) -> None:
    """Known and unknown fields of a row or of a part of it; fields of a part are indented."""
    unknown = fields.unknown_fields if isinstance(fields, Fact) else ()
    for name, value in fields:
        if name in unknown:
            print(f"{indent}{name}: {UNKNOWN}")
            continue
        if name == "id" or value in (None, "", ()):
            continue
        if isinstance(value, BaseModel):
            if value.model_fields_set:
                print(f"{indent}{name}:")
                _print_fields(value, indent + "  ")
        elif isinstance(value, tuple) and isinstance(value[0], BaseModel):
            print(f"{indent}{name}:")
            for item in value:
                print(f"{indent}  -")
                _print_fields(item, indent + "    ")
        elif isinstance(value, dict):
            print(f"{indent}{name}:")
            for key, part in value.items():
                print(f"{indent}  {key}: {_listed(part)}")
        else:
            print(f"{indent}{name}: {_listed(value)}")


def _listed(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _quote(options: argparse.Namespace) -> int:
    return quote_command.run_quote(options, current_book(options.prices), datetime.now(UTC))


def _models(options: argparse.Namespace) -> int:
    book = current_book(options.prices)
    layers = dict.fromkeys(catalogue().histories, LAYER)
    layers |= {
        i: book.history(TABLES[table], i)[-1].layer for table, i in book.ids() if TABLES[table] in QUOTED
    }
    ids = sorted(i for i in layers if options.part.lower() in i.lower())
    named_id = None if ids else book.names.find(options.part)
    if isinstance(named_id, str):
        ids = [named_id]
    for i in ids:
        print(f"{i}  ({layers[i]})")
    print(f"{len(ids)} of {len(layers)} models")
    return 0


def _refresh(options: argparse.Namespace) -> int:
    paths = (
        [options.table] if options.table is not None else [tables_folder() / f"{name}.yaml" for name in KINDS]
    )
    now = datetime.now(UTC)
    refreshed = [refreshed_table(path, catalogue().histories, now.date()) for path in paths]
    for refreshed_file in refreshed:
        if not refreshed_file.proposals:
            print(f"{refreshed_file.table.name}: no price of the catalogue differs")
            continue
        print(diff(refreshed_file.table.text, refreshed_file.new, refreshed_file.table.name))
        for proposal in refreshed_file.proposals:
            print(f"# {proposal.old.id} from {proposal.effective_from}: {', '.join(proposal.fields)}")
    row_count = sum(len(refreshed_file.proposals) for refreshed_file in refreshed)
    if row_count and options.write:
        backups = write(refreshed, now)
        print(
            f"# {row_count} rows written; what was there is in {', '.join(backup.name for backup in backups)}"
        )
    elif row_count:
        print(f"# {row_count} rows; nothing is changed without --write")
    return 0


def _stale(options: argparse.Namespace) -> int:
    book = current_book(options.prices)
    rows = [row for table, i in book.ids() for row in book.history(TABLES[table], i)]
    old = stale(rows, date.today(), options.max_age_days)
    for row, days in old:
        print(f"{days:>5} days  {row.checked_on}  {row.ref}")
    ids = {(type(row), row.id) for row in rows}
    print(f"{len(old)} of {len(ids)} checked more than {options.max_age_days} days ago")
    return 1 if old else 0


def _diff(options: argparse.Namespace) -> int:
    lines = difference(load_book(options.old), load_book(options.new))
    for line in lines:
        print(line)
    print(f"{len(lines)} differences")
    return 0


def _schema(_: argparse.Namespace) -> int:
    folder = SHIPPED / "schema"
    folder.mkdir(exist_ok=True)
    for table in SCHEMAS:
        (folder / f"{table}.json").write_text(schema_of(table), encoding="utf-8")
    print(f"{len(SCHEMAS)} schemas in {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
