"""Reads a fine-tuning file line by line: one example at a time, each error with its place."""

from __future__ import annotations

import codecs
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Final

from i18n.errors import CrossoverError
from i18n.message import N_, Message, counted, message

from .example_format import (
    chat_content,
    chat_errors,
    claude_errors,
    completion_content,
    completion_errors,
)
from .json_lines import WIDE, not_by_lines, record_of
from .preference_pairs import pair_content, pair_errors
from .record_form import IN_WORDS, NOTES, ExampleContent, Form, form_of, reinforcement_errors, unread_form
from .vendor_formats import BEDROCK_CONVERSATION, GEMINI_CONTENTS

Record = Mapping[str, Any]

MIN_EXAMPLES: Final = 10
"""Fewer are refused by OpenAI (https://platform.openai.com/docs/guides/fine-tuning)."""

TOO_FEW: Final = N_("{n} examples that can be trained on; OpenAI asks for {least} (add more)")

MAX_LINE_BYTES: Final = 10_000_000
MAX_KEPT: Final = 1_000
"""Findings kept in full; of the rest only how many there are of each kind."""
MAX_REMEMBERED: Final = 250_000
"""Examples among which a double is looked for: what is remembered of each takes about 100 bytes."""


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
    content: ExampleContent

    @property
    def messages(self) -> tuple[Mapping[str, Any], ...]:
        """As chat messages, whatever the form of the file."""
        return self.content.messages


@dataclass(slots=True)
class TrainingFile:
    """State of a file that is read; complete once `examples` has come to its end."""

    name: str
    examples: int = 0
    faulty_lines: int = 0
    bytes: int = 0
    form: Form | None = None
    low_detail_images: int = 0
    unsized_media: int = 0
    """Images with detail low, and all other media, of the examples."""
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
    def shortage(self) -> Message:
        """That there are fewer examples than OpenAI takes."""
        return message(TOO_FEW, n=self.examples, least=MIN_EXAMPLES)

    @property
    def is_only_short(self) -> bool:
        """Whether its only fault is that OpenAI asks for more examples."""
        return self.examples > 0 and self.errors == self.kinds[TOO_FEW, False]

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
            if line.startswith(WIDE):
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
            problem = not_by_lines(line)
            if problem is not None:
                file.faulty_lines += 1
                file.add(number, problem)
                return
        example = _example(number, line, file, seen)
        if example is None:
            file.faulty_lines += 1
        else:
            file.examples += 1
            file.low_detail_images += example.content.low_detail_images
            file.unsized_media += example.content.unsized_media
            yield example
    _note_media(file)
    _end(file, number)


def _end(file: TrainingFile, lines: int) -> None:
    if not lines:
        file.add(0, message("an empty file (choose one with an example on each line)"))
    elif file.examples < MIN_EXAMPLES and file.form != Form.REINFORCEMENT:
        file.add(
            0,
            file.shortage,
        )


def _note_media(file: TrainingFile) -> None:
    """Warns of media, for which the file does not hold a number of tokens."""
    if file.low_detail_images:
        what = counted(
            "{n:,} image with detail low: counted where a model's tokens for it are published, else left out",
            "{n:,} images with detail low: counted where a model's tokens for them are published, else left "
            "out",
            file.low_detail_images,
        )
        file.add(0, what, warning=True)
    if file.unsized_media:
        what = counted(
            "{n:,} image, video or document, whose size the file does not tell: left out, the text is priced "
            "alone (count images by python -m costing image)",
            "{n:,} images, videos or documents, whose sizes the file does not tell: left out, the text is "
            "priced alone (count images by python -m costing image)",
            file.unsized_media,
        )
        file.add(0, what, warning=True)


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
        record, digest = record_of(line)
    except CrossoverError as error:
        file.add(number, error.errors[0])
        return None
    form = form_of(record)
    if form is None:
        neither = message('neither messages nor prompt and completion (write {{"messages": [...]}})')
        file.add(number, unread_form(record) or neither)
        return None
    check, content = _READERS[form]
    if file.form is None or (file.form, form) == (Form.CHAT, Form.CLAUDE):
        file.form = form
        if form in NOTES:
            file.add(number, message(NOTES[form]), warning=True)
    is_one_form = form == file.form or (file.form, form) == (Form.CLAUDE, Form.CHAT)  # without system text
    errors = check(record) if is_one_form else [_mixed(form, file.form)]
    for problem in errors:
        file.add(number, problem)
    if errors:
        return None
    _note_double(number, digest, file, seen)
    return Example(number, form, content(record))


_READERS: Final[
    Mapping[Form, tuple[Callable[[Record], list[Message]], Callable[[Record], ExampleContent]]]
] = {
    Form.CHAT: (chat_errors, chat_content),
    Form.COMPLETION: (completion_errors, completion_content),
    Form.CLAUDE: (claude_errors, chat_content),
    Form.BEDROCK: (BEDROCK_CONVERSATION.errors, BEDROCK_CONVERSATION.content),
    Form.GEMINI: (GEMINI_CONTENTS.errors, GEMINI_CONTENTS.content),
    Form.PAIRS: (pair_errors, pair_content),
    Form.REINFORCEMENT: (reinforcement_errors, chat_content),
}
"""Form -> what is wrong with a record of it, and what is counted of one without errors."""


def _mixed(form: Form, of_file: Form) -> Message:
    if (form, of_file) == (Form.GEMINI, Form.CHAT):
        return message("'contents' is Gemini's own form (write {{\"messages\": [...]}})")
    return message(
        "{record} in a file of {others} (use one form throughout)",
        record=message(IN_WORDS[form][0]),
        others=message(IN_WORDS[of_file][1]),
    )


def _note_double(number: int, digest: bytes, file: TrainingFile, seen: dict[bytes, int]) -> None:
    """Warns of an example that an earlier line holds too, whatever the order of its keys."""
    first = seen.get(digest)
    if first is not None:
        file.add(number, message("the same example as line {line} (remove one)", line=first), warning=True)
    elif len(seen) < MAX_REMEMBERED:
        seen[digest] = number
    else:
        file.doubles_looked_for = False
