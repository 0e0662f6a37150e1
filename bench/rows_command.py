"""The commands `calibrate` and `hardware`: rows of the price book's tables from a result."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from i18n.command_line import OneLineParser

from . import options as given

if TYPE_CHECKING:
    from argparse import _SubParsersAction

PRECISIONS = ("bf16", "fp8", "fp4", "int4")


def add(commands: _SubParsersAction[OneLineParser]) -> None:
    """Add both commands to the parser."""
    command = commands.add_parser("calibrate", help="a row of the deployments table from a result")
    command.add_argument("result", type=Path, metavar="RESULT.json")
    command.add_argument("--id", required=True)
    command.add_argument("--open-model", required=True, metavar="ID", help="of open_models.yaml")
    command.add_argument("--gpu", required=True, metavar="ID", help="of gpus.yaml")
    command.add_argument("--gpus-per-replica", type=given.whole, default=1, metavar="N")
    command.add_argument("--precision", choices=PRECISIONS, required=True)
    command.add_argument("--engine", default="", help="default: as the result names it")
    command.add_argument("--name", default="", help="default: the model and the machine")
    command.add_argument(
        "--closed-loop", action="store_true", help="take the ceiling where no Poisson rate is known"
    )
    command.add_argument("--out", type=Path, metavar="FILE", help="default: to the terminal")
    command.set_defaults(run=_calibrate)

    command = commands.add_parser(
        "hardware", help="a row of the GPUs table for a measured machine without one"
    )
    command.add_argument("result", type=Path, metavar="RESULT.json")
    command.add_argument("--id", required=True)
    command.add_argument(
        "--kw", type=given.positive, metavar="KW", help="its power at full load, if it is known"
    )
    command.add_argument("--out", type=Path, metavar="FILE", help="default: to the terminal")
    command.set_defaults(run=_hardware)


def _calibrate(options: argparse.Namespace) -> int:
    from .calibrate import Deployed, row
    from .result import read

    result = read(options.result)
    deployed = Deployed(
        id=options.id,
        name=options.name or f"{result.model} on {result.fingerprint.cpu}",
        open_model=options.open_model,
        gpu=options.gpu,
        gpus_per_replica=options.gpus_per_replica,
        precision=options.precision,
        engine=options.engine or result.fingerprint.server or "unknown",
        closed_loop=options.closed_loop,
    )
    _hand_over(row(result, deployed), options.out, "deployments.yaml")
    print(
        f"USD per Mtok at the SLO: python -m costing measured {options.result} --gpu {options.gpu} "
        f"--gpus {options.gpus_per_replica}",
        file=sys.stderr,
    )
    return 0


def _hardware(options: argparse.Namespace) -> int:
    from .hardware import hardware_row
    from .result import read

    _hand_over(hardware_row(read(options.result), options.id, options.kw), options.out, "gpus.yaml")
    return 0


def _hand_over(text: str, out: Path | None, table: str) -> None:
    """Write a row to a file or to the terminal."""
    from .result import write_text

    if out is None:
        print(text, end="")
    else:
        write_text(out, text)
        print(f"{out}: one row, to stand in a {table}")
