"""Word list of the project's old private language, with what to write instead.

`python -m tools.plain_words [PATH...]` prints every place. A test fails if there is one.
"""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
FOLDERS: Final = (
    "bench",
    "costing",
    "dashboard",
    "docs",
    "frames",
    "i18n",
    "perf",
    "pricing",
    "tests",
    "tools",
)

NAMES: Final = {
    "found": "what was found: crossings, lines, row",
    "one": "what it is: row, line, strategy; `item` only in code that takes anything",
    "here": "what it is: current, volume, session",
    "said": "what it holds: label, answer, fact, sentence",
    "told": "what it holds: options, evidence, arguments",
    "asked": "request, query, arguments",
    "tell": "on_progress, report",
    "sure": "uncertainty, evidence",
    "lot": "cohort",
    "lots": "cohorts",
    "stroke": "drag_id",
    "laid": "rendered, prepared",
    "moves": "affects, changes",
    "knowing": "evpi",
    "put_in": "override, apply",
}
"""Whole names of variables, arguments, attributes, functions, classes and modules, without case and leading
underscores. They say nothing about what they hold, and cannot be searched for."""

NAME_PARTS: Final = {
    "teller": "progress",
    "stroke": "drag",
    "laying": "rendering",
    "scene": "content",
    "scenes": "contents",
    "shelf": "store",
    "desk": "state",
    "knowing": "evpi",
    "patience": "timeouts",
    "dearer": "more_expensive, costlier",
    "overturned": "reversal",
    "loosened": "expanded",
}
"""Words inside a name (`scene_s`, `KnowingRow`); names of tests are sentences and are not looked at."""

CLASSES: Final = {
    "Drawn": "Samples",
    "Split": "BranchDivergence",
    "Lot": "Cohort",
    "Pace": "ReplicaSpeed",
    "Trait": "Fact",
    "Known": "FactValue",
    "Flip": "Reversal",
    "Sought": "Roots",
    "Wanted": "ModelFilter",
    "Worth": "InputEvpi",
    "Likely": "StrategyDistribution",
    "Order": "RunRequest",
    "Exchange": "Connection",
    "Pending": "RawResponse",
    "Keeper": "PriceCache",
    "Kept": "RetainedShares, PriceSnapshot",
    "Move": "VolumeChange",
    "Basis": "CostBasis",
}
"""Names of classes that were renamed to the term of the field."""


@dataclass(frozen=True)
class Phrase:
    """A pattern in prose, and plain English for it."""

    name: str
    pattern: str
    instead: str


PHRASES: Final = (
    Phrase("by lot", r"\bby lot\b", "at random; by a hash of seed and record number"),
    Phrase("lots", r"\b(in|of|a) lots?\b(?! of)", "cohorts"),
    Phrase("laid", r"\blaid\b", "rendered, created, merged"),
    Phrase("come ahead", r"\bcomes? ahead\b", "is computed in advance"),
    Phrase("scene", r"\bscenes?\b", "content of the live panel, results for a volume"),
    Phrase("hand", r"\b(movement|stroke) of the hand\b", "drag"),
    Phrase("stroke", r"\bstrokes?\b", "drag"),
    Phrase("shelf", r"\b(shelf|shelves)\b", "store"),
    Phrase("desk", r"\bdesk\b", "state of the page, session"),
    Phrase("so many", r"\bso (many|much)\b", "name the number: `count` values, `limit` bytes"),
    Phrase(
        "who says",
        r"\b(who knows|nobody says|whoever says|on the word of)\b",
        "unknown, not given, by the user",
    ),
    Phrase("asked", r"\b(what|which) (it |a model )?(is|was|are) asked\b", "request, query, input"),
    Phrase("worth to know", r"\bworth (to know|knowing)\b", "expected value of perfect information"),
    Phrase("dearer", r"\bdearer\b", "more expensive"),
    Phrase("another way", r"\b(goes?|takes?) another way\b", "branches differently"),
    Phrase("thinks", r"\bthinks nothing\b", "has no model"),
    Phrase("a slip", r"\ba slip\b", "a typing error"),
    Phrase("mended", r"\bmend(ed|s)?\b", "fixed"),
    Phrase("Of", r"\A\s*Of ", "a docstring says what is returned: 'Tokens of each part'"),
)
"""In docstrings, comments, Markdown, changelog headings and texts of the screen; 'Of' with its capital, in
docstrings alone."""

_PERIODS: Final = "month|day|year|hour|week"

SCREEN_PHRASES: Final = (
    Phrase(
        "a month",
        rf"(\}}|\b(usd|requests|tokens|calls|kwh|co2e|costs|renewed|share)) an? ({_PERIODS})\b",
        "per month",
    ),
    Phrase(
        "a request",
        r"(\}|\b(usd|tokens|calls|ms|times|places)) an? (request|answer|call|token|gpu)\b",
        "per request",
    ),
    Phrase("put in", r"\bputs? in\b", "enter"),
    Phrase("draws", r"\bdraws\b(?!:)(?!\})|\bdrawing\b|\bthat (is|are) drawn\b", "simulations"),
    Phrase("your texts", r"\byour texts\b", "prompt and tokens"),
    Phrase("paid so far", r"\bpaid so far\b|^paid$", "cumulative cash; frequency"),
    Phrase("what idles", r"\bwhat idles\b", "idle cost"),
    Phrase("how sure", r"\bhow sure\b", "risk and sensitivity, confidence"),
    Phrase("decide", r"\b(under|in|on) decide\b", "recommendation, requirements"),
    Phrase("(share)", r"\(share\)", "(%)"),
    Phrase("tenure", r"(?<!\{)\btenure\b", "ownership"),
    Phrase("driver", r"\bdrivers?\b(?!\})(?! and support)", "assumption"),
    Phrase("streams", r"\bstreams at once\b", "concurrency"),
    Phrase("rebuilt", r"\brebuilt\b", "baseline"),
    Phrase("shipped", r"\bshipped (price|row|table|rule)s?\b", "built-in"),
)
"""In texts of the screen alone: what the catalogue may not contain, besides PHRASES."""


@dataclass(frozen=True)
class Place:
    """One use of a listed word."""

    path: str
    line: int
    kind: str
    """"name", "part", "class" or "prose"."""
    word: str

    @property
    def instead(self) -> str:
        if self.kind == "prose":
            return next(phrase.instead for phrase in PHRASES if phrase.name == self.word)
        return {"name": NAMES, "part": NAME_PARTS, "class": CLASSES}[self.kind][self.word]


def places(root: Path = ROOT) -> Iterator[Place]:
    """Every use of a listed word in code and documents, except in this list and its test."""
    files = [path for pattern in ("*.py", "*.md") for path in root.glob(pattern)]
    files += [
        path for folder in FOLDERS for path in (root / folder).rglob("*") if path.suffix in (".py", ".md")
    ]
    for file in sorted(files):
        if file.stem in ("plain_words", "test_plain_words"):
            continue
        path, text = file.relative_to(root).as_posix(), file.read_text(encoding="utf-8")
        yield from places_in_python(path, text) if file.suffix == ".py" else places_in_markdown(path, text)


def places_in_python(path: str, text: str) -> Iterator[Place]:
    """Names, docstrings and comments of a module; string literals of messages are not looked at."""
    stem = Path(path).stem
    yield from _name_places(path, 1, stem)
    tree = ast.parse(text)
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.arg(arg=name) | ast.Attribute(attr=name):
                yield from _name_places(path, node.lineno, name)
            case ast.keyword(arg=str(name)):
                yield from _name_places(path, node.lineno, name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield from _name_places(path, node.lineno, name)
            case ast.ClassDef(name=name):
                yield from _name_places(path, node.lineno, name)
                if name.lstrip("_") in CLASSES:
                    yield Place(path, node.lineno, "class", name.lstrip("_"))
            case ast.Expr(value=ast.Constant(value=str(prose))):
                yield from _prose_places(path, node.lineno, prose)
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield from _prose_places(path, token.start[0], token.string.lstrip("# "), docstring=False)


def places_in_markdown(path: str, text: str) -> Iterator[Place]:
    """Prose of a document; of the changelog the headings alone, since its entries are history."""
    is_changelog = Path(path).name == "CHANGELOG.md"
    for number, line in enumerate(text.splitlines(), 1):
        if not is_changelog or line.startswith("#"):
            yield from _prose_places(path, number, line.lstrip("#* "), docstring=False)


def words_of(name: str) -> list[str]:
    """The words of a snake_case or CamelCase name, in small letters."""
    return [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", name)]


def _name_places(path: str, line: int, name: str) -> Iterator[Place]:
    whole = name.strip("_").lower()
    if whole in NAMES:
        yield Place(path, line, "name", whole)
    elif not name.startswith("test_"):
        yield from (Place(path, line, "part", word) for word in words_of(name) if word in NAME_PARTS)


def _prose_places(path: str, line: int, text: str, *, docstring: bool = True) -> Iterator[Place]:
    for phrase in PHRASES:
        if phrase.name == "Of" and not docstring:
            continue
        flags = 0 if phrase.name == "Of" else re.IGNORECASE
        for match in re.finditer(phrase.pattern, text, flags):
            yield Place(path, line + text.count("\n", 0, match.start()), "prose", phrase.name)


def screen_words(text: str) -> list[str]:
    """Names of the phrases that a text of the catalogue may not contain."""
    return [
        phrase.name
        for phrase in (*PHRASES, *SCREEN_PHRASES)
        if phrase.name != "Of" and re.search(phrase.pattern, text, re.IGNORECASE)
    ]


def main(arguments: list[str]) -> int:
    for place in places():
        if not arguments or place.path.startswith(tuple(arguments)):
            print(f"{place.path}:{place.line}: {place.kind} '{place.word}': write {place.instead}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
