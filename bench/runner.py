"""A benchmark run: probe of the target, prompts, error of the client, load, summary."""

from __future__ import annotations

import asyncio
import math
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from i18n.errors import CrossoverError
from i18n.message import message

from . import self_check
from .client import Client, RawResponse, clock
from .load_patterns import Load, LoadLevel, LoadProgress, run_level
from .measures import ClientError, LevelSummary, Slo, e2e_s, summarise
from .request_record import RequestRecord
from .workload import Fitted, FromFile, OutputLength, Source, fit, refusal

ReportProgress = Callable[[str, LoadProgress | None], None]
"""Progress callback: name of the step, and the level's progress if any."""


@dataclass(frozen=True, slots=True)
class Content:
    """Options of the prompts."""

    input_tokens: int
    output: OutputLength
    shared_share: float = 0.0
    prompts: tuple[str, ...] = ()
    """Real prompts, instead of synthetic ones of `input_tokens`."""
    extra: tuple[tuple[str, object], ...] = ()
    seed: int = 1


@dataclass(slots=True)
class Runner:
    """State of a run; measurements survive an interruption."""

    client: Client
    content: Content
    slo: Slo
    report_progress: ReportProgress
    self_check: bool = True
    repeats: int = 1
    levels: list[list[LoadLevel]] = field(default_factory=list)
    errors: dict[int, ClientError] = field(default_factory=dict)
    fitted: Fitted | None = None
    alone: RequestRecord | None = None
    """Record of a request sent alone."""
    warnings: list[str] = field(default_factory=list)
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    _source: Source | None = None
    _next: int = 0

    async def prepare(self) -> None:
        """Probe the target and fit prompts to the requested length; raises CrossoverError."""
        self.report_progress("asking the endpoint", None)
        await self.client.resolve()
        content = self.content
        if content.prompts:
            self._source = FromFile(content.prompts, content.output, content.extra, content.seed)
        else:
            self.fitted = await fit(
                self.client.ask,
                content.input_tokens,
                content.output,
                content.shared_share,
                content.extra,
                content.seed,
            )
            self._source = self.fitted.source
            counted = self.fitted.input_tokens
            if counted is None:
                self.warnings.append(
                    "the server sends no usage: prompt length and tokens per chunk could not be checked"
                )
            elif counted != content.input_tokens:
                self.warnings.append(
                    f"prompts have {counted} input tokens by the server's count, not {content.input_tokens}"
                )
        self.alone = await self.client.ask(self._source.ask(-2))
        if not self.alone.ok:
            raise CrossoverError(refusal(self.alone))
        requested = self.alone.asked_output_tokens
        if requested and self.alone.usage_output_tokens not in (None, requested):
            self.warnings.append(
                f"the model ended after {self.alone.usage_output_tokens} of {requested} output tokens: "
                "lengths are the model's own (--ignore-eos forces them where the server can)"
            )

    @property
    def alone_s(self) -> float:
        assert self.alone is not None
        return max(1e-3, e2e_s(self.alone, open_loop=False))

    async def check_client(self, loads: Sequence[Load]) -> None:
        """Measure the error of the client at the requested loads, in advance."""
        if not self.self_check:
            self.warnings.append("the client was not checked (--no-self-check)")
            return
        wanted = [many for many in map(self._streams, loads) if many not in self.errors]
        if wanted:
            self.report_progress("self-check of the client", None)
            self.errors |= await self_check.checks(wanted)

    def _streams(self, load: Load) -> int:
        """Requests in flight at this load, by Little's law with the latency of the first request."""
        if load.concurrency is not None:
            return load.concurrency
        assert load.rate_per_s is not None
        expected = max(1.0, load.rate_per_s * self.alone_s)
        return int(min(256, 2 ** math.ceil(math.log2(expected))))

    async def level(self, load: Load) -> LevelSummary:
        """Run one level with its repeats and return its summary."""
        assert self._source is not None
        source, repeats = self._source, []
        for repeat in range(self.repeats):
            offset = self._next  # no prompt is repeated: a prefix cache would distort the measurement
            progress = LoadProgress()

            async def send(i: int, due: float | None, offset: int = offset) -> RawResponse:
                return await self.client.send(source.ask(offset + i), due)

            self.report_progress(load.name, progress)
            repeat_result = await run_level(
                replace(load, seed=load.seed + repeat), send, clock, progress, self.stop
            )
            self._next += progress.sent
            if repeat_result.records:
                repeats.append(repeat_result)
            if self.stop.is_set():
                break
        self._say_repeats()
        if not repeats:
            repeats = [LoadLevel(load, partial=True)]
        self.levels.append(repeats)
        return self.summary_of(repeats)

    def _say_repeats(self) -> None:
        many = len(self.content.prompts)
        warning = f"the file's {many} prompts were sent again in turn: a prefix cache answers repeats faster"
        if 0 < many < self._next and warning not in self.warnings:
            self.warnings.append(warning)

    def summary_of(self, repeats: Sequence[LoadLevel]) -> LevelSummary:
        """Summary with the error of the client at that load."""
        summary = summarise(repeats, self.slo)
        if not self.errors:
            return summary
        streams = max(self._streams(repeats[0].load), summary.most_in_flight if summary.rate_per_s else 0)
        enough = [many for many in self.errors if many >= streams]
        error = self.errors[min(enough) if enough else max(self.errors)]
        return replace(summary, client_error=error, client_limited=self_check.limited(summary, error))

    @property
    def partial(self) -> bool:
        return self.stop.is_set()


def interruptible(runner: Runner) -> None:
    """SIGINT and SIGTERM end the run and keep its measurements."""
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):
            loop.add_signal_handler(sign, runner.stop.set)


def check_levels(requests: int | None, concurrencies: Sequence[int]) -> None:
    """Raises CrossoverError if a level could never reach its concurrency."""
    for many in concurrencies:
        if requests is not None and many > requests:
            raise CrossoverError(
                message(
                    "--concurrency {many}: more than {requests} requests (raise --requests)",
                    many=many,
                    requests=requests,
                )
            )
