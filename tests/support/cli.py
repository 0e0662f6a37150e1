"""Run the costing command in this process or in one of its own, and return its output."""

from __future__ import annotations

import contextlib
import io
import json
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

from costing.cli.main import main
from tests.support.paths import ROOT
from tests.support.time_limit import HANG_S


@dataclass(frozen=True)
class CommandResult:
    """Outcome of a command."""

    returncode: int
    stdout: str
    stderr: str


def run_process(*arguments: str, text: str = "") -> CommandResult:
    """Run the command as a user does, in a process of its own; `text` is its standard input."""
    ended = subprocess.run(
        [sys.executable, "-m", "costing", *arguments],
        cwd=ROOT,
        input=text.encode(),
        capture_output=True,
        timeout=HANG_S,
        check=False,
    )
    return CommandResult(ended.returncode, ended.stdout.decode(), ended.stderr.decode())


def run_command(*arguments: str) -> CommandResult:
    """Run the command in this process, without the half second that a process takes to start."""
    out, errors = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
        try:
            code = main(arguments)
        except SystemExit as end:  # argparse ends so
            code = end.code if isinstance(end.code, int) else 1
    return CommandResult(code, out.getvalue(), errors.getvalue())


def printed(*arguments: str) -> str:
    """Standard output of a command that succeeds and warns of nothing."""
    result = run_command(*arguments)
    assert result.stderr == ""
    assert result.returncode == 0
    return result.stdout


def refusal(*arguments: str) -> str:
    """The one line on standard error of a command that ends with 2 and prints nothing else."""
    result = run_command(*arguments)
    assert result.returncode == 2
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    return line


def json_of(*arguments: str) -> Any:
    return json.loads(printed(*arguments, "--json"))
