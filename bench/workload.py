"""Prompts: synthetic ones of an exact length by the server's count, or real ones from a file."""

from __future__ import annotations

import json
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from i18n.errors import CrossoverError
from i18n.message import message
from pricing.strict_yaml import parse

from .request_record import RequestRecord
from .target import Ask

# Short, common words: one token each in most vocabularies, which is checked with the server.
WORDS = (
    "time year people way day man thing woman life child world school state family student group country "
    "problem hand part place case week company system program question work government number night point "
    "home water room mother area money story fact month lot right study book eye job word business issue "
    "side kind head house service friend father power hour game line end member law car city name"
).split()

Send = Callable[[Ask], Awaitable[RequestRecord]]
MAX_PROBES = 60


class Source(Protocol):
    """Source of the i-th request."""

    def ask(self, i: int) -> Ask: ...


@dataclass(frozen=True, slots=True)
class OutputLength:
    """Distribution of answer lengths: fixed or random."""

    tokens: int | None
    """The length or its mean; None: no limit."""
    spread_share: float = 0.0
    """Standard deviation over the mean, of a normal distribution cut off at one token."""

    def draw(self, rng: random.Random) -> int | None:
        if self.tokens is None:
            return None
        if not self.spread_share:
            return self.tokens
        return max(1, round(rng.gauss(self.tokens, self.tokens * self.spread_share)))


@dataclass(frozen=True, slots=True)
class Synthetic:
    """Prompts of random words for every request, after a shared prefix."""

    words: tuple[str, ...]
    count: int
    """Words in a prompt."""
    shared: int
    """Words of the shared prefix."""
    output: OutputLength
    extra: tuple[tuple[str, Any], ...] = ()
    seed: int = 1

    def ask(self, i: int) -> Ask:
        rng = random.Random(f"{self.seed}/{i}")
        same = random.Random(self.seed).choices(self.words, k=self.shared)
        own = rng.choices(self.words, k=self.count - self.shared)
        return Ask(" ".join([*same, *own]), self.output.draw(rng), self.extra)


@dataclass(frozen=True, slots=True)
class FromFile:
    """Real prompts in order, repeated from the start when exhausted."""

    prompts: tuple[str, ...]
    output: OutputLength
    extra: tuple[tuple[str, Any], ...] = ()
    seed: int = 1

    def ask(self, i: int) -> Ask:
        rng = random.Random(f"{self.seed}/{i}")
        return Ask(self.prompts[i % len(self.prompts)], self.output.draw(rng), self.extra)


@dataclass(frozen=True, slots=True)
class Fitted:
    """Synthetic prompts and their counted length."""

    source: Synthetic
    input_tokens: int | None
    """The server's count of a whole prompt; None if it sends none."""


async def fit(
    send: Send,
    tokens: int,
    output: OutputLength,
    shared_share: float = 0.0,
    extra: tuple[tuple[str, Any], ...] = (),
    seed: int = 1,
) -> Fitted:
    """Prompts of exactly `tokens` input tokens, the frame of the server's template included.

    Words that are not one token each are dropped, then the list is grown or shrunk until the server's
    count is met. Raises CrossoverError where the server refuses, or a prompt cannot be so short.
    """
    probes = 0

    async def count(words: Sequence[str]) -> int | None:
        nonlocal probes
        probes += 1
        record = await send(Ask(" ".join(words), 1, extra))
        if not record.ok:
            raise CrossoverError(refusal(record))
        return record.input_tokens

    anchor = WORDS[0]
    base = await count([anchor])
    if base is None:
        many = tokens
        return Fitted(_synthetic(tuple(WORDS), many, shared_share, output, extra, seed), None)

    async def single(words: Sequence[str]) -> list[str]:
        """The words that are one token each."""
        if not words or probes > MAX_PROBES:
            return []
        if await count([anchor, *words]) == base + len(words):
            return list(words)
        if len(words) == 1:
            return []
        half = len(words) // 2
        return await single(words[:half]) + await single(words[half:])

    kept = (anchor, *await single(WORDS[1:]))
    many = tokens - (base - 1)
    if many < 1:
        raise CrossoverError(
            message(
                "--input-tokens {tokens}: the server counts {base} for one word (ask for more)",
                tokens=tokens,
                base=base,
            )
        )
    counted = base
    for _ in range(6):
        source = _synthetic(kept, many, shared_share, output, extra, seed)
        counted = await count(source.ask(-1).prompt.split()) or 0
        if counted == tokens:
            return Fitted(source, counted)
        many = max(1, many + tokens - counted)
    return Fitted(source, counted)


def _synthetic(
    words: tuple[str, ...],
    many: int,
    shared_share: float,
    output: OutputLength,
    extra: tuple[tuple[str, Any], ...],
    seed: int,
) -> Synthetic:
    return Synthetic(words, many, round(many * shared_share), output, extra, seed)


def refusal(record: RequestRecord) -> Any:
    """Error for a target that does not answer as required."""
    hints = {
        "connect": "start the server, or check --url",
        "tls": "check https, or give --trust FILE with the server's certificate",
        "timeout": "raise --silence-s or --timeout-s, or check the server",
        "malformed": "check --url and --api",
        "disconnect": "look into the server's log",
        "http status": "check --model, --api and the key",
    }
    return message(
        "the endpoint does not answer as it must: {problem} ({hint})",
        problem=record.problem,
        hint=hints[record.fault or "malformed"],
    )


def prompts_of(path: Path) -> tuple[str, ...]:
    """Prompts of a JSONL (text, {"prompt": …} or {"messages": […]} a line) or of a scenario file's texts."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CrossoverError(
            message(
                "--prompts: {path}: cannot be read: {problem} (give a JSONL or a scenario file)",
                path=str(path),
                problem=getattr(error, "strerror", None) or str(error),
            )
        ) from error
    is_scenario = path.suffix in (".yaml", ".yml")
    prompts = _of_scenario(text, path) if is_scenario else _of_jsonl(text, path)
    if not prompts and is_scenario:
        raise CrossoverError(
            message(
                "--prompts: {path}: no texts in its workload, only their lengths (give one with texts, or "
                "--input-tokens)",
                path=str(path),
            )
        )
    if not prompts:
        raise CrossoverError(
            message(
                "--prompts: {path}: no prompt in it (one JSON object a line, with 'prompt')", path=str(path)
            )
        )
    return tuple(prompts)


def _of_jsonl(text: str, path: Path) -> list[str]:
    prompts = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            record = None
        prompt = record.get("prompt") if isinstance(record, dict) else record
        if isinstance(record, dict) and isinstance(record.get("messages"), list):
            texts = [
                chat_message.get("content")
                for chat_message in record["messages"]
                if isinstance(chat_message, dict)
            ]
            prompt = "\n\n".join(t for t in texts if isinstance(t, str))
        if not isinstance(prompt, str) or not prompt.strip():
            raise CrossoverError(
                message(
                    '{path}:{line}: no prompt (write {{"prompt": "…"}} or {{"messages": […]}})',
                    path=str(path),
                    line=number,
                )
            )
        prompts.append(prompt)
    return prompts


def _of_scenario(text: str, path: Path) -> list[str]:
    """The scenario's request as it would be stuffed into one prompt."""
    value = parse(text, path.name).value
    workload = value.get("workload") if isinstance(value, dict) else None
    parts = workload.get("parts") if isinstance(workload, dict) else None
    if not isinstance(parts, dict):
        return []
    groups = [parts.get(name) for name in ("instruction", "examples", "knowledge", "question")]
    texts = [part.get("text") for part in groups if isinstance(part, dict)]
    whole = "\n\n".join(text.strip() for text in texts if isinstance(text, str) and text.strip())
    return [whole] if whole else []
