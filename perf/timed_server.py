"""A Streamlit server that logs the CPU time of each script run in milliseconds, one per line.

Run: CROSSOVER_RUNS=file python -m perf.timed_server run SCRIPT
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.web.cli import main

RUNS = "CROSSOVER_RUNS"
"""Environment variable with the path of the log."""

_running = ScriptRunner._set_execing_flag


@contextmanager
def _timed(runner: ScriptRunner) -> Iterator[None]:
    start = time.thread_time()
    try:
        with _running(runner):
            yield
    finally:
        with Path(os.environ[RUNS]).open("a", encoding="utf-8") as notes:
            notes.write(f"{(time.thread_time() - start) * 1000}\n")


ScriptRunner._set_execing_flag = _timed  # type: ignore[assignment,method-assign]
if __name__ == "__main__":
    main()
