"""Page frame: style sheet, error display."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from functools import cache
from typing import Final

import streamlit as st

from costing.strategies import register
from i18n.errors import CrossoverError
from i18n.message import Message, counted

from .. import STYLE
from .. import session as state
from ..language import markdown_safe, render, t
from .file_upload import upload_style

MAX_FAULTS: Final = 5


def style() -> None:
    """Send the style sheet, and that of the language."""
    st.html(STYLE)
    if css := upload_style():
        st.html(f"<style>{css}</style>")


def run(*parts: Callable[[], None]) -> None:
    """Render the parts of a page in order; an error of each is shown as one line."""
    lines: list[str] = []
    for draw in parts:
        try:
            draw()
        except CrossoverError as error:  # no scenario to start from
            if str(error) not in lines:
                say_errors(error)
            lines.append(str(error))
    _settle()


@cache
def _settle() -> None:
    """Exclude objects loaded by the first page from garbage collection, once per process.

    Otherwise a full collection stops all sessions for about 0.1 s.
    """
    gc.collect()
    gc.freeze()


def say_price_errors() -> None:
    """Show one warning if the company's own prices cannot be read, and which are used instead."""
    try:
        kept = state.kept_prices()
    except CrossoverError:  # error in the shipped tables; shown where the prices are needed
        return
    if not kept.errors:
        return
    _warn(
        t("The company's price tables are faulty; the last good ones stay in use.")
        if kept.has_company_prices
        else t("The company's price tables are faulty; the built-in prices are in use without them."),
        kept.errors,
    )


def say_strategy_errors() -> None:
    """Show one warning if strategies of installed packages cannot be used; the others stay in use."""
    errors = register().errors
    if errors:
        _warn(t("Some options are faulty and left out."), errors)


def _warn(title: str, errors: Sequence[Message]) -> None:
    """Show a warning with the first errors, and the number of the others."""
    lines = [title, *(render(error) for error in errors[:MAX_FAULTS])]
    if len(errors) > MAX_FAULTS:
        lines.append(_more_faults(len(errors) - MAX_FAULTS))
    st.warning("  \n".join(markdown_safe(line) for line in lines), icon=":material/warning:")


def say_errors(error: CrossoverError) -> None:
    """Show the first errors, and the number of the others."""
    for problem in error.errors[:MAX_FAULTS]:
        st.error(markdown_safe(render(problem)), icon=":material/error:")
    if len(error.errors) > MAX_FAULTS:
        st.error(_more_faults(len(error.errors) - MAX_FAULTS), icon=":material/error:")


def _more_faults(n: int) -> str:
    return render(counted("and {n} more fault", "and {n} more faults", n))
