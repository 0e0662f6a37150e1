"""Edit tab: editor of price tables; only if the server was started with editing on."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Final

import streamlit as st

from i18n.errors import CrossoverError
from i18n.message import Message, counted
from pricing import load
from pricing.audit.changes import change_warnings
from pricing.book import PriceBook
from pricing.company_tables import FILES, company_folder, layer_of, layered
from pricing.edit import (
    OpenTable,
    RowBlock,
    block_text,
    blocks,
    check,
    diff,
    open_table,
    replaced,
    save,
    tables_in,
    texts_with,
)
from pricing.table_rules import checked_book

from .. import session as state
from ..components.page_frame import MAX_FAULTS, say_errors
from ..language import markdown_safe, render, t

SWITCH: Final = "CROSSOVER_EDIT_PRICES"
WHOLE: Final = -1
_KEY: Final = "prices_edit"


@dataclass(slots=True)
class Draft:
    """A table being edited in this session. Only the text that was checked can be saved."""

    path: Path
    opened: OpenTable
    opened_times: int
    checked: str | None = None
    errors: tuple[Message, ...] = ()
    warnings: tuple[Message, ...] = ()
    """Doubtful changes, which the user must confirm."""
    conflict: CrossoverError | None = None
    saved_as: str = ""


def is_on() -> bool:
    """Whether the server was started with editing on."""
    return os.environ.get(SWITCH, "").strip().lower() in ("1", "true", "yes", "on")


def folder() -> Path:
    """Folder of the tables that can be edited: the company's own if there is one, or else the shipped one."""
    return company_folder() or load.tables_folder()


def _build(texts: Mapping[str, str | bytes], today: date) -> PriceBook:
    """Price book of a folder's files, as the app would load it."""
    own = company_folder()
    if own is None:
        return checked_book(texts, today)
    return layered(load.shipped_book(), texts, layer_of(own), today)


def show() -> None:
    """Render the choice of table and row, the text box, the check, the differences and the save."""
    names = tables_in(folder(), FILES)
    if not names:
        st.info(t("No price table in {folder}").format(folder=markdown_safe(str(folder()))))
        return
    st.caption(
        t(
            "Files in {folder}. A changed price is a new row: copy the row below itself, and change "
            "effective_from, the prices, source and checked_on."
        ).format(folder=markdown_safe(str(folder())))
    )
    which, part = st.columns(2)
    with which:
        name = st.selectbox(t("Table"), names, key="prices_edit_table", persist_state="session")
    try:
        draft = _draft(folder() / name)
    except CrossoverError as error:
        say_errors(error)
        return
    rows: list[RowBlock] = []
    with suppress(CrossoverError):  # invalid YAML: the whole table can still be fixed
        rows = blocks(draft.opened.text, name)
    parts = {WHOLE: t("The whole table"), **{index: row.label for index, row in enumerate(rows)}}
    with part:
        place = st.selectbox(
            t("Part"),
            list(parts),
            format_func=parts.__getitem__,
            key=state.key(f"prices_edit_part_{_stamp(draft)}"),
        )
    _text(draft, None if place == WHOLE else rows[place])


def _draft(path: Path) -> Draft:
    draft: Draft | None = st.session_state.get(_KEY)
    if draft is None or draft.path != path:
        draft = _open(path)
    return draft


def _open(path: Path) -> Draft:
    before: Draft | None = st.session_state.get(_KEY)
    draft = Draft(path, open_table(path), before.opened_times + 1 if before is not None else 0)
    st.session_state[_KEY] = draft
    return draft


def _stamp(draft: Draft) -> str:
    """Part of the widgets' keys, so that a reloaded table gets new widgets."""
    return f"{draft.opened.name}_{draft.opened_times}"


def _text(draft: Draft, block: RowBlock | None) -> None:
    table = draft.opened
    if block is not None:
        st.caption(
            t("Lines {first} to {last} of {name}").format(
                first=block.first_line, last=block.last_line, name=table.name
            )
        )
    key = f"prices_edit_text_{_stamp(draft)}_{block.first_line if block is not None else 0}"
    st.text_area(
        t("Rows as YAML"),
        value=table.text if block is None else block_text(table.text, block),
        height=320,
        key=key,
    )
    changed = _changed(draft, block, key)
    is_confirmed = _confirmed(draft, changed)
    with st.container(horizontal=True):
        st.button(
            t("Check and compare"),
            key="prices_edit_check",
            icon=":material/rule:",
            on_click=_check,
            args=(draft, block, key),
        )
        may_save = draft.checked == changed and not draft.errors and changed != table.text and is_confirmed
        st.button(
            t("Save"),
            key="prices_edit_save",
            icon=":material/save:",
            type="primary",
            disabled=not may_save or draft.conflict is not None,
            on_click=_save,
            args=(draft, block, key),
            help=t("Saves what was checked without errors and whose differences are shown."),
        )
        st.button(
            t("Reload from disk"),
            key="prices_edit_reload",
            icon=":material/refresh:",
            on_click=_reload,
            args=(draft,),
        )
    _outcome(draft, changed)


def _confirmed(draft: Draft, changed: str) -> bool:
    """Render the warnings about the checked text beside it; whether it has none, or they are confirmed."""
    if draft.checked != changed or draft.errors or not draft.warnings:
        return True
    lines = [render(warning) for warning in draft.warnings[:MAX_FAULTS]]
    more = len(draft.warnings) - MAX_FAULTS
    if more > 0:
        lines.append(render(counted("and {n} more warning", "and {n} more warnings", more)))
    st.warning("  \n".join(map(markdown_safe, lines)), icon=":material/warning:")
    return st.checkbox(t("These changes are intended"), key=_confirm_key(draft, changed))


def _confirm_key(draft: Draft, changed: str) -> str:
    """Key of the confirmation: another text needs another one."""
    digest = sha256(changed.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return f"prices_edit_confirm_{_stamp(draft)}_{digest}"


def _is_confirmed(draft: Draft, changed: str) -> bool:
    return not draft.warnings or bool(state.held(_confirm_key(draft, changed), False))


def _changed(draft: Draft, block: RowBlock | None, key: str) -> str:
    """The whole table with the text of the text box; a click sends its latest text."""
    text: str = state.value(key)
    return text if block is None else replaced(draft.opened.text, block, text)


def _outcome(draft: Draft, changed: str) -> None:
    table = draft.opened
    if draft.saved_as:
        st.success(
            t("Saved. The former file is kept as {backup}").format(backup=markdown_safe(draft.saved_as))
        )
    if draft.conflict is not None:
        say_errors(draft.conflict)
    if draft.checked is None:
        return
    if draft.checked != changed:
        st.info(t("Changed since it was checked: check it again."))
    elif draft.errors:
        say_errors(CrossoverError(*draft.errors))
    elif changed == table.text:
        st.info(t("No differences."))
    else:
        st.success(t("No errors. Save writes these differences:"))
        st.code(diff(table.text, changed, table.name), language="diff")


def _check(draft: Draft, block: RowBlock | None, key: str) -> None:
    changed = _changed(draft, block, key)
    draft.saved_as = ""
    draft.conflict = None
    draft.errors = check(draft.path, changed, state.today(), _build)
    draft.warnings = () if draft.errors else _warnings(draft, changed)
    draft.checked = changed


def _warnings(draft: Draft, changed: str) -> tuple[Message, ...]:
    """Doubtful changes against the tables as opened; none if those are faulty and nothing can be compared."""
    today = state.today()
    try:
        before, after = (_build(texts_with(draft.path, text), today) for text in (draft.opened.text, changed))
    except CrossoverError:
        return ()
    return tuple(change_warnings(before, after, today))


def _save(draft: Draft, block: RowBlock | None, key: str) -> None:
    changed = _changed(draft, block, key)
    if (
        draft.checked != changed or draft.errors or not _is_confirmed(draft, changed)
    ):  # edited after the check: these differences were never shown
        return
    try:
        backup = save(draft.path, changed, draft.opened.fingerprint, state.now(), _build)
        opened = _open(draft.path)
    except CrossoverError as error:
        draft.conflict = error
        return
    opened.saved_as = backup.name
    state.forget_prices()


def _reload(draft: Draft) -> None:
    try:
        _open(draft.path)
    except CrossoverError as error:
        draft.conflict = error
