"""Benchmark process of this server, shared by all sessions: at most one run at a time.

A run holds a file lock in the folder of results, so that other servers with the same folder detect it.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock, Thread
from typing import Final

from i18n.errors import CrossoverError
from i18n.message import message

from .run_request import RunRequest

try:
    import fcntl
except ImportError:  # Windows: servers do not detect each other's runs
    fcntl = None  # type: ignore[assignment]

RESULTS_VARIABLE: Final = "CROSSOVER_BENCH_RESULTS"
USUAL_RESULTS: Final = "bench-results"
LOCK: Final = ".running"
"""Lock file in the folder of results; a run holds the lock until its process exits, and writes its name."""
ROOT: Final = Path(__file__).resolve().parent.parent.parent
INTERRUPTED: Final = 130
MAX_LINES: Final = 500
SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGKILL)
"""Signals of successive cancels; after the first, the run still writes what was measured."""


def results_folder() -> Path:
    """Folder of results; it may not exist yet."""
    return Path(os.environ.get(RESULTS_VARIABLE, "").strip() or USUAL_RESULTS).resolve()


@dataclass(slots=True)
class Run:
    """A run in progress or finished."""

    name: str
    order: RunRequest
    started_at: datetime
    result: Path
    process: subprocess.Popen[str]
    stderr_lines: list[str] = field(default_factory=list)
    cancels: int = 0
    status: int | None = None
    """Exit status; None while the run is in progress."""

    @property
    def step(self) -> str:
        """Last line of the harness: what it does now."""
        return self.stderr_lines[-1] if self.stderr_lines else ""

    @property
    def levels_begun(self) -> int:
        names = set(self.order.level_names)
        return len({line for line in self.stderr_lines if line in names})

    @property
    def levels_done_share(self) -> float:
        """Share of the requested levels that are done; 0 for a sweep, which chooses its own levels."""
        return max(0, self.levels_begun - 1) / max(1, len(self.order.level_names))

    @property
    def has_result(self) -> bool:
        return self.status in (0, INTERRUPTED) and self.result.exists()


class BenchmarkRuns:
    """Starts and cancels runs, at most one at a time; thread-safe."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._run: Run | None = None
        self._watch: Thread | None = None
        atexit.register(self.end)

    def latest(self) -> Run | None:
        """The run in progress, or the last one."""
        return self._run

    def is_running(self) -> bool:
        return self._run is not None and self._run.status is None

    def start(self, name: str, order: RunRequest) -> Run:
        """Start a run; raises CrossoverError if another is in progress or the result cannot be stored."""
        with self._lock:
            if self._run is not None and self._run.status is None:
                raise CrossoverError(
                    message(
                        "'{name}' is being measured already (wait for it, or cancel it)", name=self._run.name
                    )
                )
            now = datetime.now(UTC)
            result = _place(name, now)
            command = _command(order.arguments(result))
            with _claimed(result.parent, name) as lock:
                process = subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.PIPE,
                    env=_environment(),
                    text=True,
                    encoding="utf-8",
                    errors="replace",
                    start_new_session=True,  # Ctrl-C in the app's terminal does not reach the run; see `end`
                    pass_fds=lock,
                )
            self._run = Run(name, order, now, result, process)
            self._watch = Thread(target=_follow, args=(self._run,), daemon=True)
            self._watch.start()
            return self._run

    def cancel(self) -> None:
        """Send the run the next of SIGNALS; after the first it stores what it has measured."""
        with self._lock:
            run = self._run
            if run is not None and run.status is None:
                next_signal = SIGNALS[min(run.cancels, len(SIGNALS) - 1)]
                run.cancels += 1
                run.process.send_signal(next_signal)

    def wait(self, seconds: float) -> None:
        """Wait until the run is over, at most this long."""
        if self._watch is not None:
            self._watch.join(seconds)

    def end(self) -> None:
        """Terminate the run when the app exits."""
        run = self._run
        if run is not None and run.process.poll() is None:
            run.process.terminate()


def _follow(run: Run) -> None:
    assert run.process.stderr is not None
    with run.process.stderr as lines:
        for line in lines:
            if line.strip() and len(run.stderr_lines) < MAX_LINES:
                run.stderr_lines.append(line.strip())
    run.status = run.process.wait()


def _place(name: str, now: datetime) -> Path:
    folder = results_folder()
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40] or "demo"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK):
            raise PermissionError(0, "no permission to write")
    except OSError as error:
        raise CrossoverError(
            message(
                "{folder}: results cannot be kept there: {problem} (correct CROSSOVER_BENCH_RESULTS)",
                folder=str(folder),
                problem=error.strerror or str(error),
            )
        ) from error
    return folder / f"{now:%Y-%m-%dT%H%M%S}.{now.microsecond // 1000:03d}Z-{plain}.json"


@contextlib.contextmanager
def _claimed(folder: Path, name: str) -> Iterator[tuple[int, ...]]:
    """Lock of the folder for the run to inherit; the system releases it when the process exits.

    Raises CrossoverError if a run of another server holds it.
    """
    if fcntl is None:
        yield ()
        return
    lock = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            other = os.read(lock, 200).decode("utf-8", "replace")
            raise CrossoverError(
                message(
                    "'{name}' is being measured already by another server on this machine (wait for it)",
                    name=other,
                )
            ) from None
        os.ftruncate(lock, 0)
        os.write(lock, (name or "demo").encode("utf-8")[:200])
        yield (lock,)
    finally:
        os.close(lock)


def _command(arguments: Sequence[str]) -> list[str]:
    return [sys.executable, "-m", "bench", *arguments]


def _environment() -> dict[str, str]:
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONIOENCODING": "utf-8"}


def call(arguments: Sequence[str], seconds: float = 120) -> tuple[int, str]:
    """A short command of the harness: its status and what it says; raises CrossoverError for bad input."""
    try:
        done = subprocess.run(
            _command(arguments),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=_environment(),
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise CrossoverError(
            message(
                "the benchmark did not answer in {seconds:g} s (try it on the command line)", seconds=seconds
            )
        ) from error
    if done.returncode not in (0, 1) or (done.returncode == 1 and not done.stdout):
        complaints = done.stderr.strip().splitlines() or ["?"]
        raise CrossoverError(message("benchmark: {problem}", problem=complaints[-1][:300]))
    return done.returncode, done.stdout


RUNS: Final = BenchmarkRuns()
