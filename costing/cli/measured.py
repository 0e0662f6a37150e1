"""The command `measured`: USD per Mtok of a result of the benchmark, from rent or from purchase and power."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import Any

from frames.csv import frame_csv
from frames.frame import records
from i18n.command_line import day
from i18n.errors import CrossoverError
from i18n.message import message
from pricing.company_tables import current_book

from ..ranking.measured_machine import MachinePrice, Terms, machine_price
from ..serving.benchmark_result import ResultSlo, read

_FIGURES = {
    "busy_share": "of all hours, those at the measured load; 1 is around the clock",
    "rent_usd_per_gpu_hour": "instead of the tables' price",
    "purchase_usd_per_gpu": "instead of the tables' price; with --owned",
    "host_usd_per_gpu": "server and network, with --owned",
    "life_years": "over which the purchase is recovered",
    "wacc_share": "cost of capital a year",
    "residual_share": "of the purchase, that a sale brings back",
    "maintenance_share": "of the purchase, a year",
    "kw_per_gpu": "at full load with its server; blank: as the GPU's row says",
    "pue": "power of the data centre over that of its servers",
    "usd_per_kwh": "tariff",
}
MOST = 1e9


def _figure(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= MOST:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number from 0 on")
    return value


def _above_zero(text: str) -> float:
    value = _figure(text)
    if not value:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number above 0")
    return value


def add_options(parser: argparse.ArgumentParser) -> None:
    """Options of the command: one for each field of Terms."""
    usual = Terms()
    parser.add_argument("result", metavar="RESULT.json", help="as python -m bench --json wrote it")
    parser.add_argument("--gpu", default="", metavar="ID", help="of gpus.yaml; without it give the figures")
    parser.add_argument("--gpus", type=int, default=1, metavar="N", help="in the measured machine")
    parser.add_argument("--owned", action="store_true", help="bought, not rented")
    for name, explained in _FIGURES.items():
        preset = getattr(usual, name)
        kind = _above_zero if name in ("life_years", "busy_share", "pue") else _figure
        shown = explained if preset is None else f"{explained}; default: {preset:g}"
        parser.add_argument(f"--{name.replace('_', '-')}", type=kind, default=preset, metavar="X", help=shown)
    parser.add_argument("--slo-ttft-ms", type=_above_zero, metavar="X", help="default: as the run's")
    parser.add_argument("--slo-tpot-ms", type=_above_zero, metavar="Y", help="default: as the run's")
    parser.add_argument("--on", type=day, metavar="DATE", help="prices of that day; default: of the run")
    parser.add_argument("--csv", type=Path, metavar="FILE", help="a load a row")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(
    options: argparse.Namespace, read_file: Callable[[str], bytes], write: Callable[[Path, bytes], None]
) -> int:
    """Price a result of the benchmark and print the prices."""
    if options.gpus < 1:
        raise CrossoverError(message("--gpus {value}: not above 0 (write 1)", value=options.gpus))
    try:
        data = read_file(options.result)
    except CrossoverError as error:
        raise error.at(options.result) from error
    result = read(data, options.result)
    slo = result.slo
    if options.slo_ttft_ms is not None or options.slo_tpot_ms is not None:
        slo = replace(slo, ttft_s=_seconds(options.slo_ttft_ms), tpot_s=_seconds(options.slo_tpot_ms))
    figures = {field.name: getattr(options, field.name) for field in fields(Terms) if field.name in _FIGURES}
    terms = Terms(
        gpu=options.gpu, gpus=options.gpus, tenure="owned" if options.owned else "rented", **figures
    )
    on: date = options.on or result.started_at.date()
    price = machine_price(result, slo, terms, current_book(options.prices).on(on))
    if options.csv is not None:
        write(options.csv, frame_csv(price.loads))
    if options.json:
        values = {
            "usd_per_hour": price.usd_per_hour,
            "at_slo": price.at_slo,
            "is_ceiling": price.is_ceiling,
            "loads": records(price.loads),
        }
        print(json.dumps(values, ensure_ascii=False, indent=2))
    else:
        print("\n".join(_text(price, slo)))
    return 0


def _seconds(ms: float | None) -> float | None:
    return None if ms is None else ms / 1000


def _text(price: MachinePrice, slo: ResultSlo) -> list[str]:
    loads = records(price.loads)
    lines = [f"{loads[0]['model']} on {loads[0]['machine']}"] if loads else []
    lines.append(f"{price.usd_per_hour:.4g} USD per hour, used or idle:")
    for line in price.bill:
        lines.append(
            f"  {line.name}: {float(line.usd):,.2f} USD per month ({line.evidence}; {line.price.ref})"
        )
    lines.append("")
    for row in loads:
        kept = {None: "", True: ", keeps the SLO", False: ", breaks the SLO"}[row["keeps_slo"]]
        lines.append(f"{_load(row)}: {_prices(row)}{kept}")
    lines.append("")
    if price.at_slo is not None:
        ceiling = " (a closed loop's ceiling: more expensive under arrivals)" if price.is_ceiling else ""
        lines.append(f"at the SLO, {_load(price.at_slo)}: {_prices(price.at_slo)}{ceiling}")
        lines.append(
            f"evidence: {price.at_slo['evidence']}; "
            f"at that load {price.at_slo['busy_share']:.0%} of all hours"
        )
    elif slo.given:
        lines.append("no measured load keeps the SLO, so no price at it")
    else:
        lines.append("no SLO, so no price at one (give --slo-ttft-ms or --slo-tpot-ms)")
    return lines


def _load(row: Mapping[str, Any]) -> str:
    if row["concurrency"] is not None:
        return f"{row['concurrency']} at once"
    return f"{row['rate_per_s']:.3g}/s {row['arrivals']}"


def _prices(row: Mapping[str, Any]) -> str:
    usd_of_output, usd = row["usd_per_mtok_output"], row["usd_per_mtok"]
    if usd_of_output is None:
        return "no throughput was measured"
    sentence = f"{usd_of_output:,.4g} USD per Mtok of output"
    return sentence if usd is None else f"{sentence}, {usd:,.4g} of input and output"
