"""Run the tests several times beside a busy loop on every core: tests that depend on time fail here.

Run: python -m tools.busy_tests [--runs 5] [pytest arguments]
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def busy_cores() -> Iterator[None]:
    """A process on each core that computes without a pause."""
    loops = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(os.cpu_count() or 1)]
    try:
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()


def closing_line(pytest_arguments: list[str]) -> tuple[int, str]:
    """Exit status of one run, and its last line; what fails is printed."""
    command = [sys.executable, "-m", "pytest", "-q", *pytest_arguments]
    ended = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    lines = ended.stdout.rstrip().splitlines() or [""]
    if ended.returncode:
        print(ended.stdout)
    return ended.returncode, lines[-1]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--runs", type=int, default=5, metavar="N")
    options, pytest_arguments = parser.parse_known_args()
    failures = 0
    with busy_cores():
        for run in range(1, options.runs + 1):
            status, line = closing_line(pytest_arguments)
            failures += status != 0
            print(f"run {run}: {line}", flush=True)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
