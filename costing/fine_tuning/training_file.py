"""Reads a fine-tuning file line by line: one example at a time, each error with its place."""

from __future__ import annotations

import codecs
import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Final, Literal

from i18n.errors import CrossoverError
from i18n.message import Message, counted, message

from .example_format import COMPLETION_KEYS, chat_errors, completion_errors

Form = Literal["chat", "completion"]

MIN_EXAMPLES: Final = 10
"""Fewer are refused by OpenAI (https://platform.openai.com/docs/guides/fine-tuning)."""

MAX_LINE_BYTES: Final = 10_000_000
MAX_KEPT: Final = 1_000
"""Findings kept in full; of the rest only how many there are of each kind."""
MAX_REMEMBERED: Final = 250_000
"""Examples among which a double is looked for: what is remembered of each takes about 100 bytes."""

_WIDE: Final = (
    *(codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE),
    *(b"{\0", b"[\0", b"\0{", b"\0[", b"\0\0\0{", b"\0\0\0["),
)
"""First bytes of a text in UTF-16 or UTF-32, with a byte order mark or without one."""


@dataclass(frozen=True, slots=True)
class Finding:
    """An error or a warning at one line; line 0 is the file as a whole."""

    line: int
    what: Message
    is_warning: bool = False


@dataclass(frozen=True, slots=True)
class Example:
    """One line that can be trained on."""

    line: int
    form: Form
    messages: tuple[Mapping[str, Any], ...]
    """Messages of a prompt with its completion: the user's and the assistant's."""
    tools: tuple[Any, ...] = ()


@dataclass(slots=True)
class TrainingFile:
    """State of a file that is read; complete once `examples` has come to its end."""

    name: str
    examples: int = 0
    faulty_lines: int = 0
    bytes: int = 0
    form: Form | None = None
    doubles_looked_for: bool = True
    """False where the file has more examples than are remembered."""
    kept: list[Finding] = field(default_factory=list)
    kinds: Counter[tuple[str, bool]] = field(default_factory=Counter)
    """(template of the finding, whether a warning) -> how often."""

    def add(self, line: int, what: Message, *, warning: bool = False) -> None:
        self.kinds[kind_of(what), warning] += 1
        if len(self.kept) < MAX_KEPT:
            self.kept.append(Finding(line, what, warning))

    @property
    def errors(self) -> int:
        return sum(times for (_, warning), times in self.kinds.items() if not warning)

    @property
    def warnings(self) -> int:
        return sum(times for (_, warning), times in self.kinds.items() if warning)

    def place(self, line: int) -> str:
        return f"{self.name}:{line}" if line else self.name

    def located(self, finding: Finding) -> Message:
        """The finding in one line, with its place."""
        return message("{place}: {what}", place=self.place(finding.line), what=finding.what)

    def as_error(self, most: int) -> CrossoverError:
        """Every fault, the first ones in words."""
        errors = [finding for finding in self.kept if not finding.is_warning][:most]
        lines = [self.located(finding) for finding in errors]
        if self.errors > len(errors):
            lines.append(
                counted(
                    "and {n:,} more fault",
                    "and {n:,} more faults",
                    self.errors - len(errors),
                )
            )
        return CrossoverError(*lines)


def kind_of(what: Message) -> str:
    """Template of a finding, without the place within the line and the value there."""
    inner = dict(what.values).get("what")
    return kind_of(inner) if isinstance(inner, Message) else what.template


def examples(stream: BinaryIO, file: TrainingFile) -> Iterator[Example]:
    """Every example that can be trained on, as it is read; what cannot is noted in `file`.

    One line is held at a time.
    """
    number = 0
    seen: dict[bytes, int] = {}
    while line := stream.readline(MAX_LINE_BYTES + 1):
        number += 1
        file.bytes += len(line)
        if len(line) > MAX_LINE_BYTES:
            file.bytes += _skip_line(stream)
            file.faulty_lines += 1
            file.add(
                number, message("a line of more than {limit:,} bytes (break it up)", limit=MAX_LINE_BYTES)
            )
            continue
        if number == 1:
            if line.startswith(_WIDE):
                file.faulty_lines += 1
                file.add(0, message("UTF-16 or UTF-32 text (save the file as UTF-8)"))
                return
            if line.startswith(codecs.BOM_UTF8):
                line = line.removeprefix(codecs.BOM_UTF8)
                file.add(1, message("begins with a byte order mark (save as UTF-8 without it)"), warning=True)
        if not line.strip():
            file.add(number, message("a blank line (remove it)"), warning=True)
            continue
        if not (file.examples or file.faulty_lines):
            problem = _not_by_lines(line)
            if problem is not None:
                file.faulty_lines += 1
                file.add(number, problem)
                return
        example = _example(number, line, file, seen)
        if example is None:
            file.faulty_lines += 1
        else:
            file.examples += 1
            yield example
    _end(file, number)


def _end(file: TrainingFile, lines: int) -> None:
    if not lines:
        file.add(0, message("an empty file (choose one with an example on each line)"))
    elif file.examples < MIN_EXAMPLES:
        file.add(
            0,
            message(
                "{n} examples that can be trained on; OpenAI asks for {least} (add more)",
                n=file.examples,
                least=MIN_EXAMPLES,
            ),
        )


def _not_by_lines(first: bytes) -> Message | None:
    """Why the whole file is not one JSON object a line, by its first line; None where it can be."""
    text = first.strip()
    if text == b"{":
        return message("a JSON object over several lines (write each object on one line)")
    if not text.startswith(b"["):
        return None
    try:
        json.loads(text)
    except RecursionError:  # nested without end: no list of examples
        return None
    except ValueError:  # goes on in the next line
        pass
    return message("a JSON list (write one JSON object a line, without a list around them)")


def _skip_line(stream: BinaryIO) -> int:
    skipped = 0
    while more := stream.readline(MAX_LINE_BYTES):
        skipped += len(more)
        if more.endswith(b"\n"):
            break
    return skipped


def _example(number: int, line: bytes, file: TrainingFile, seen: dict[bytes, int]) -> Example | None:
    """The example on a line; None where there is a fault, which is noted."""
    try:
        record, digest = _record(line)
    except CrossoverError as error:
        file.add(number, error.errors[0])
        return None
    form: Form = "chat" if "messages" in record else "completion"
    errors = chat_errors(record) if form == "chat" else completion_errors(record)
    known = form == "chat" or COMPLETION_KEYS & record.keys()
    if known and file.form is None:
        file.form = form
        if form == "completion":
            file.add(
                number,
                message(
                    "prompt and completion: today's models are tuned on messages; counted as a user's and an "
                    "assistant's message (convert the file)"
                ),
                warning=True,
            )
    elif known and file.form != form:
        errors = [_mixed(form), *errors]
    for problem in errors:
        file.add(number, problem)
    if errors:
        return None
    _note_double(number, digest, file, seen)
    if form == "completion":
        pair = ({"role": "user", "content": record["prompt"]}, _answer(record["completion"]))
        return Example(number, form, pair)
    tools = record.get("tools") or record.get("functions") or ()
    return Example(number, form, tuple(record["messages"]), tuple(tools))


def _answer(text: str) -> Mapping[str, Any]:
    return {"role": "assistant", "content": text}


def _mixed(form: Form) -> Message:
    if form == "chat":
        return message("messages in a file of prompts and completions (use one form throughout)")
    return message("prompt and completion in a file of messages (use one form throughout)")


def _record(line: bytes) -> tuple[Mapping[str, Any], bytes]:
    """The JSON object on a line, and what it shares with the same object written otherwise.

    Raises CrossoverError for anything else.
    """
    try:
        text = line.decode()
    except UnicodeDecodeError as error:
        raise CrossoverError(
            message("not UTF-8 at byte {byte} (save the file as UTF-8)", byte=error.start + 1)
        ) from error
    try:
        record = json.loads(text)
        same = json.dumps(record, sort_keys=True, ensure_ascii=True).encode()
    except json.JSONDecodeError as error:
        raise CrossoverError(
            message("not JSON at character {column} (write one JSON object a line)", column=error.colno)
        ) from error
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, or nested without end
        raise CrossoverError(message("not JSON that can be read (write one JSON object a line)")) from error
    if not isinstance(record, dict):
        raise CrossoverError(message('not a JSON object (write {{"messages": [...]}})'))
    return record, hashlib.blake2b(same, digest_size=12).digest()


def _note_double(number: int, digest: bytes, file: TrainingFile, seen: dict[bytes, int]) -> None:
    """Warns of an example that an earlier line holds too, whatever the order of its keys."""
    first = seen.get(digest)
    if first is not None:
        file.add(number, message("the same example as line {line} (remove one)", line=first), warning=True)
    elif len(seen) < MAX_REMEMBERED:
        seen[digest] = number
    else:
        file.doubles_looked_for = False
