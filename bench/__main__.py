"""Command line of the benchmark: run, demo, sweep, report, compare, calibrate, hardware."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from i18n.command_line import OneLineParser
from i18n.errors import CrossoverError
from i18n.message import message

from . import options as given
from . import rows_command

if TYPE_CHECKING:
    from .load_patterns import Load
    from .result import Result, Sweep
    from .runner import Runner

INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status: 2 with one line for bad input, 130 if interrupted."""
    options = _parser().parse_args(arguments)
    try:
        status: int = options.run(options)
        sys.stdout.flush()
    except CrossoverError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("interrupted before anything was measured", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # the reader closed the pipe: flush nothing at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return status


def _parser() -> argparse.ArgumentParser:
    parser = OneLineParser(prog="python -m bench", description="How fast does an endpoint answer?")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    command = commands.add_parser("run", help="measure an endpoint at chosen loads")
    given.target_options(command)
    given.load_options(command, input_tokens=256, output_tokens=64)
    given.level_options(command, [1])
    command.set_defaults(run=_run)

    command = commands.add_parser("sweep", help="where it is full, and the largest load within an SLO")
    given.target_options(command)
    given.load_options(command, input_tokens=256, output_tokens=64)
    command.add_argument("--max-concurrency", type=given.whole, default=64, metavar="N")
    command.set_defaults(run=_sweep)

    command = commands.add_parser("demo", help="a real small model on this machine, measured")
    given.load_options(command, input_tokens=64, output_tokens=32)
    given.level_options(command, [1, 2, 4], least=8)
    command.add_argument(
        "--threads", type=given.whole, metavar="N", help="of the model; default: all cores but one"
    )
    command.add_argument("--sweep", action="store_true", help="search its limits instead of measuring levels")
    command.add_argument("--max-concurrency", type=given.whole, default=8, metavar="N")
    command.set_defaults(run=_demo)

    command = commands.add_parser("report", help="a result as text, CSV or a page with plots")
    command.add_argument("results", type=Path, nargs="+", metavar="RESULT.json")
    given.output_options(command)
    command.set_defaults(run=_report)

    command = commands.add_parser("compare", help="two results of one machine; exit 1 if the second is worse")
    command.add_argument("before", type=Path, metavar="A.json")
    command.add_argument("after", type=Path, metavar="B.json")
    command.add_argument(
        "--threshold", type=given.positive, default=0.05, metavar="SHARE", help="worse by this share"
    )
    command.set_defaults(run=_compare)

    rows_command.add(commands)
    return parser


def _run(options: argparse.Namespace) -> int:
    return _measure(options, "run")


def _sweep(options: argparse.Namespace) -> int:
    return _measure(options, "sweep")


def _demo(options: argparse.Namespace) -> int:
    from . import demo

    threads = options.threads or demo.default_threads()
    slots = (
        options.max_concurrency if options.sweep else max(options.concurrency or options.usual_concurrency)
    )
    if options.rate:
        slots = max(slots, options.max_concurrency)
    wanted_tokens = options.input_tokens + options.output_tokens
    if wanted_tokens > demo.SLOT_TOKENS:
        raise CrossoverError(
            message(
                "demo: {tokens} tokens do not fit its context of {most} (lower --input-tokens)",
                tokens=wanted_tokens,
                most=demo.SLOT_TOKENS,
            )
        )
    options.server = f"{demo.engine()}, {threads} threads, {slots} slots"
    if not options.quiet:
        print("starting the model", file=sys.stderr, flush=True)
    with demo.model_server(threads, slots) as address:
        # It is a base model without a chat template.
        options.url, options.model, options.api = address, demo.MODEL, "completions"
        options.key_variable, options.trust = "", ""
        return _measure(options, "demo")


def _runner(options: argparse.Namespace) -> Runner:
    from .client import Client, Timeouts
    from .measures import Slo
    from .printout import ProgressReporter
    from .runner import Content, Runner
    from .target import target
    from .workload import OutputLength, prompts_of

    extra = {"temperature": 0, **({"ignore_eos": True} if options.ignore_eos else {}), **options.extra}
    key = os.environ.get(options.key_variable, "") if options.key_variable else ""
    endpoint = target(
        options.url, options.model, options.api, key=key, extra=extra, trusted_file=options.trust
    )
    slo = Slo(
        None if options.slo_ttft_ms is None else options.slo_ttft_ms / 1000,
        None if options.slo_tpot_ms is None else options.slo_tpot_ms / 1000,
        options.slo_share,
    )
    content = Content(
        input_tokens=options.input_tokens,
        output=OutputLength(options.output_tokens, options.output_spread),
        shared_share=options.shared_prefix,
        prompts=prompts_of(options.prompts) if options.prompts else (),
        seed=options.seed,
    )
    return Runner(
        client=Client(endpoint, Timeouts(options.connect_s, options.silence_s, options.timeout_s)),
        content=content,
        slo=slo,
        report_progress=ProgressReporter(options.quiet),
        self_check=options.self_check,
        repeats=options.repeats,
    )


def _measure(options: argparse.Namespace, kind: Literal["run", "sweep", "demo"]) -> int:
    from . import result as results

    sweeping = kind == "sweep" or getattr(options, "sweep", False) is True
    if sweeping and options.slo_ttft_ms is None and options.slo_tpot_ms is None:
        raise CrossoverError(message("sweep: no SLO to hold (give --slo-ttft-ms, --slo-tpot-ms or both)"))
    for path in (options.json, options.csv, options.html):
        if path is not None and not path.resolve().parent.is_dir():  # before measuring starts
            raise CrossoverError(
                message("{path}: no such folder (make it, or choose another place)", path=str(path))
            )
    runner = _runner(options)
    started = datetime.now(UTC)
    with asyncio.Runner(loop_factory=loop_factory()) as loop:
        search_result = loop.run(_measured(options, runner, sweeping))
    result = _result(options, runner, kind, started.isoformat(timespec="seconds"), search_result)
    if options.json:
        results.write(result, options.json)
    _show(result, options)
    return INTERRUPTED if result.partial else 0


def loop_factory() -> type[asyncio.AbstractEventLoop] | None:
    """uvloop if installed: it sustains more streams."""
    try:
        import uvloop
    except ImportError:
        return None
    loop: type[asyncio.AbstractEventLoop] = uvloop.Loop
    return loop


async def _measured(options: argparse.Namespace, runner: Runner, sweeping: bool) -> Sweep | None:
    """Prepare, check the client and run every level; returns the sweep's result, or None."""
    from .load_patterns import Load
    from .printout import ProgressReporter
    from .runner import check_levels, interruptible
    from .sweep import Search

    loads = [] if sweeping else _loads(options)
    check_levels(options.requests, [load.concurrency for load in loads if load.concurrency])
    assert isinstance(runner.report_progress, ProgressReporter)
    with runner.report_progress.shown():
        await runner.prepare()
        if not sweeping:
            await runner.check_client(loads)
            interruptible(runner)
            for load in loads:
                if not runner.stop.is_set():
                    await runner.level(load)
            return None
        doubling = [2**i for i in range(options.max_concurrency.bit_length())]
        await runner.check_client([Load(concurrency=many) for many in doubling])
        interruptible(runner)
        search = Search(
            runner.level,
            options.requests or 40,
            2 if options.warmup is None else options.warmup,
            options.slo_share,
            options.max_concurrency,
            runner.stop.is_set,
        )
        await search.closed()
        await search.open()
        return search.sweep


def _loads(options: argparse.Namespace) -> list[Load]:
    """The requested levels, concurrencies first; by default those of the command."""
    from .load_patterns import Load

    concurrencies = options.concurrency or ([] if options.rate else options.usual_concurrency)
    if options.duration is not None and options.requests is not None:
        raise CrossoverError(message("--requests and --duration: one of them ends a level (leave one out)"))

    def requests(least: int) -> int | None:
        return None if options.duration is not None else options.requests or least

    closed = [
        Load(
            concurrency=many,
            requests=requests(max(options.least_requests, 4 * many)),
            duration_s=options.duration,
            warmup=many if options.warmup is None else options.warmup,
            seed=options.seed,
        )
        for many in concurrencies
    ]
    timed = [
        Load(
            rate_per_s=rate,
            arrivals=options.arrivals,
            requests=requests(2 * options.least_requests),
            duration_s=options.duration,
            warmup=2 if options.warmup is None else options.warmup,
            seed=options.seed,
        )
        for rate in options.rate or ()
    ]
    return closed + timed


def _result(
    options: argparse.Namespace,
    runner: Runner,
    kind: Literal["run", "sweep", "demo"],
    started: str,
    sweep: Sweep | None,
) -> Result:
    """The complete result, for the file and the terminal."""
    from .fingerprint import fingerprint
    from .result import SCHEMA_VERSION, Result, requests_of
    from .target import is_local

    target = runner.client.target
    records = [r for repeats in runner.levels for level in repeats for r in level.records]
    hidden = (
        "run",
        "least_requests",
        "url",
        "model",
        "json",
        "csv",
        "html",
        "trust",
        "key_variable",
        "quiet",
        "usual_concurrency",
    )
    settings = {
        name: str(value) if isinstance(value, Path) else value
        for name, value in vars(options).items()
        if name not in hidden
    }
    return Result(
        schema_version=SCHEMA_VERSION,
        kind=kind,
        started_at=started,
        partial=runner.partial,
        url=target.url,
        model=target.model,
        api=target.api,
        input_tokens=runner.fitted.input_tokens if runner.fitted else None,
        output_tokens=options.output_tokens,
        shared_prefix_share=options.shared_prefix,
        settings=settings,
        slo=runner.slo,
        fingerprint=fingerprint(target.model, is_local(target.host), options.server, options.note),
        summary=tuple(runner.summary_of(repeats) for repeats in runner.levels),
        requests=requests_of(runner.levels, min((r.due_s for r in records), default=0.0)),
        warnings=tuple(runner.warnings),
        sweep=sweep,
    )


def _show(result: Result, options: argparse.Namespace) -> None:
    """Write the result to the terminal and to the requested files."""
    from .html_report import to_html
    from .printout import lines
    from .result import to_csv, write_text

    if options.csv:
        write_text(options.csv, to_csv(result))
    if options.html:
        write_text(options.html, to_html(result))
    print("\n".join(lines(result)))


def _report(options: argparse.Namespace) -> int:
    from .result import join, read

    results = [read(path) for path in options.results]
    _show(join(results, options.results), options)
    return 0


def _compare(options: argparse.Namespace) -> int:
    from .compare import changes, line
    from .result import check_joinable, read

    before, after = read(options.before), read(options.after)
    check_joinable([before, after], [options.before, options.after])
    differences = list(changes(before, after))
    if not differences:
        raise CrossoverError(
            message(
                "{a} and {b}: no load in common (run both with the same --concurrency or --rate)",
                a=options.before.name,
                b=options.after.name,
            )
        )
    for change in differences:
        print(line(change))
    worse = [change for change in differences if change.past(options.threshold)]
    compared = len(differences)
    print(f"{len(worse)} of {compared} figures worse by more than {options.threshold:.1%}, beyond chance")
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())
