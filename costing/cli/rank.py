"""Command line of the ranking of models for a workload: `rank --workload`, beside that of one text."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from frames.csv import frame_csv
from frames.frame import records
from frames.json import json_records
from i18n.errors import CrossoverError
from i18n.message import N_, message
from pricing.company_tables import current_book
from pricing.rows import NOT_KNOWN

from ..ranking.models import ModelFilter, Ranking, rank_models
from ..scenario.library import load_scenario

Write = Callable[[Path, bytes], None]

TOP: Final = 20
"""Default number of printed lines; files and JSON hold all models."""


def add_options(parser: argparse.ArgumentParser, write: Write) -> None:
    """Options for a workload, on the command `rank`."""
    of_text = parser.get_default("run")
    group = parser.add_argument_group("for a workload instead of a text")
    group.add_argument(
        "--workload", metavar="SCENARIO.yaml", help="a scenario's file, or the id of a ready scenario"
    )
    group.add_argument(
        "--catalogue", action="store_true", help="the models of the genai-prices catalogue too"
    )
    group.add_argument("--vendor", action="append", default=[], metavar="V", help="only of this; repeatable")
    group.add_argument("--min-window", type=_whole, metavar="N", help="a context window of at least N tokens")
    group.add_argument("--open-only", action="store_true", help="only what any company may start with")
    group.add_argument("--lasting", action="store_true", help="none that retires within the horizon")
    group.add_argument("--exact-tokens", action="store_true", help="only where tokens are counted exactly")
    group.add_argument("--checked-within", type=_whole, metavar="DAYS", help="prices looked at so lately")
    group.add_argument("--region", action="append", default=[], metavar="R", help="only there; repeatable")
    group.add_argument(
        "--top", type=_whole, default=TOP, metavar="N", help="lines printed; default %(default)s"
    )
    parser.set_defaults(run=lambda options: _chosen(options, of_text, write))


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 12):
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number")
    return int(text)


def _chosen(options: argparse.Namespace, of_text: Callable[[argparse.Namespace], int], write: Write) -> int:
    if (options.file is None) == (options.workload is None):
        raise CrossoverError(
            message("rank: a text or a workload is ranked (name a FILE, or --workload SCENARIO.yaml)")
        )
    return of_text(options) if options.workload is None else _rank(options, write)


def _rank(options: argparse.Namespace, write: Write) -> int:
    scenario = load_scenario(options.workload)
    if options.on is not None:
        scenario = replace(scenario, on=options.on)
    ranking = rank_models(scenario, current_book(options.prices), catalogue=options.catalogue)
    wanted = ModelFilter(
        vendors=_known(options.vendor, ranking.vendors, N_("vendor")),
        min_window_tokens=options.min_window,
        open_only=options.open_only,
        lasting_only=options.lasting,
        counted_only=options.exact_tokens,
        checked_within_days=options.checked_within,
        regions=_known(options.region, ranking.regions, N_("region")),
    )
    table, rejected = ranking.frame(wanted), ranking.rejected(wanted)
    if options.csv is not None:
        write(options.csv, frame_csv(table))
    if options.json:
        printout = {
            "scenario": scenario.id,
            "on": scenario.on.isoformat(),
            "models": json_records(table),
            "unfit": json_records(rejected),
        }
        print(json.dumps(printout, ensure_ascii=False, indent=2))
    else:
        print(_text(ranking, records(table), records(rejected), options.top))
    return 0


def _known(names: list[str], known: tuple[str, ...], name: str) -> tuple[str, ...]:
    """The names as the price book spells them; raises CrossoverError for an unknown one."""
    spelled = {each.lower(): each for each in known}
    for each in names:
        if each.lower() not in spelled:
            raise CrossoverError(
                message(
                    "no {name} '{value}' (one of {known})",
                    name=message(name),
                    value=each,
                    known=", ".join(known) or "-",
                )
            )
    return tuple(spelled[each.lower()] for each in names)


def _lifecycle_text(row: dict[str, Any]) -> str:
    state = str(row["lifecycle"])
    return f"lifecycle {state}" if state == NOT_KNOWN else state


def _text(ranking: Ranking, rows: list[dict[str, Any]], rejected: list[dict[str, Any]], top: int) -> str:
    scenario, currency = ranking.comparison.scenario, ranking.comparison.currency
    lines = [
        f"{scenario.name()}: {scenario.requests_per_day:,.0f} requests per day; prices of {scenario.on}; "
        f"{len(rows)} of {len(ranking.fit)} models and ways that can serve it",
        f"{'rank':>4}  {f'{currency.code} per month':>14}  {'more':>6}  {'window':>9}  model",
    ]
    for row in rows[:top]:
        low, high = currency.of(row["usd_per_month_low"]), currency.of(row["usd_per_month_high"])
        band = "" if low == high else f"  [{low:,.2f} to {high:,.2f}]"
        more = "" if row["more_share"] is None else f"{row['more_share']:+.0%}"
        window = "unknown" if row["context_window_tokens"] is None else f"{row['context_window_tokens']:,}"
        ends = "" if row["retires_on"] is None else f", retires on {row['retires_on']}"
        lines.append(
            f"{row['rank']:>4}  {row['amount_per_month']:>14,.2f}  {more:>6}  {window:>9}  {row['model']} "
            f"({row['strategy']}; {_lifecycle_text(row)}{ends}; {row['evidence']}, tokens {row['made']}, "
            f"checked {row['checked_on']}){band}"
        )
    if len(rows) > top:
        lines.append(f"and {len(rows) - top} more (--top, --csv or --json show them)")
    lines += [
        f"   -  {'cannot':>14}  {'':>6}  {'':>9}  {row['model']} ({row['strategy']}): {row['reason']}"
        for row in rejected[:top]
    ]
    if len(rejected) > top:
        lines.append(f"and {len(rejected) - top} more that cannot serve it")
    rate = currency.rate(scenario.on)
    lines += [] if rate is None else [str(rate)]
    return "\n".join(lines)
