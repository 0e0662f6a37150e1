"""Command line of the cost model: comparisons, cash flow, uncertainty, texts, throughput, training data."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from frames.csv import frame_csv
from i18n.command_line import OneLineParser, day, run
from i18n.errors import CrossoverError
from i18n.message import message
from pricing.company_tables import current_book, prices_option

from ..cash_flow.cash_flow import cash_flows
from ..comparison.breakeven import breakeven
from ..comparison.compare import Comparison, compare
from ..decision.recommendation import decide
from ..reports import comparison as report
from ..reports.cash_flow import payments
from ..reports.decision import decision_facts
from ..scenario.library import SHIPPED, load_scenario
from ..scenario.rules_yaml import read_rules
from ..strategies import register
from ..tokenization.documents import text_of
from ..uncertainty.monte_carlo import DRAWS, SEED, uncertainty
from . import compare as printout
from . import decision as decision_output
from . import measured as measured_command
from . import rank as rank_command
from . import schema as schema_command
from . import throughput as throughput_command
from . import training as training_command
from . import uncertainty as uncertainty_output
from . import what_if as what_if_command
from .cash_flow import cashflow_json, cashflow_text
from .tokens import add_commands


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command. Returns 0, or 2 with a one-line message on standard error for bad input.

    Prints a line on standard error for each strategy of an installed package that cannot be used.
    """
    for error in register().errors:
        print(error, file=sys.stderr)
    return run(_parser(), arguments)


def _parser() -> argparse.ArgumentParser:
    parser = OneLineParser(prog="python -m costing", description="What an LLM workload really costs.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    compare_parser = commands.add_parser("compare", help="what each strategy of a scenario costs a month")
    _scenario_options(compare_parser)
    compare_parser.add_argument("--csv", type=Path, metavar="FILE", help="write every line of every month")
    compare_parser.set_defaults(run=_compare)

    breakeven_parser = commands.add_parser("breakeven", help="at which volumes the answer changes")
    _scenario_options(breakeven_parser)
    breakeven_parser.set_defaults(run=_breakeven)

    cashflow_parser = commands.add_parser("cashflow", help="what is paid in each month, NPV, payback, events")
    _scenario_options(cashflow_parser)
    cashflow_parser.add_argument(
        "--csv", type=Path, metavar="FILE", help="write every payment of every month"
    )
    cashflow_parser.set_defaults(run=_cashflow)

    uncertainty_parser = commands.add_parser(
        "uncertainty", help="Monte Carlo simulation of the uncertain inputs"
    )
    _scenario_options(uncertainty_parser)
    uncertainty_parser.add_argument(
        "--draws", type=int, default=DRAWS, metavar="N", help="default: %(default)s"
    )
    uncertainty_parser.add_argument(
        "--seed", type=int, default=SEED, metavar="S", help="default: %(default)s"
    )
    uncertainty_parser.add_argument(
        "--at-most", type=float, metavar="TOKENS_A_DAY", help="share of break-evens up to there"
    )
    uncertainty_parser.set_defaults(run=_uncertainty)

    decide_parser = commands.add_parser(
        "decide", help="which option to choose, why, and what would change this"
    )
    _scenario_options(decide_parser)
    decide_parser.add_argument("--csv", type=Path, metavar="FILE", help="write the decision table")
    decide_parser.add_argument("--rules", metavar="FILE", help="rules of your own, over the shipped ones")
    decide_parser.set_defaults(run=_decide)
    map_parser = commands.add_parser("map", help="who is cheapest over the values of any two inputs")
    _scenario_options(map_parser)
    what_if_command.map_options(map_parser)
    map_parser.set_defaults(
        run=lambda options: what_if_command.run_map(_comparison(options), options, _write)
    )

    seek_parser = commands.add_parser("seek", help="which value of an input gives a wanted result")
    _scenario_options(seek_parser)
    what_if_command.seek_options(seek_parser)
    seek_parser.set_defaults(
        run=lambda options: what_if_command.run_seek(_comparison(options), options, _write)
    )

    scenarios_parser = commands.add_parser("scenarios", help="list the ready scenarios")
    scenarios_parser.set_defaults(run=_scenarios)

    schema_parser = commands.add_parser(
        "schema", help="write the editors' schemas beside the ready scenarios"
    )
    schema_parser.set_defaults(run=lambda _: schema_command.run(_write))

    throughput_parser = commands.add_parser("throughput", help="how fast an open model runs on given GPUs")
    throughput_command.add_options(throughput_parser)
    throughput_parser.set_defaults(run=lambda options: throughput_command.run(options, _read, _write))

    measured_parser = commands.add_parser(
        "measured", help="USD per Mtok of a machine that the benchmark measured"
    )
    measured_command.add_options(measured_parser)
    measured_parser.set_defaults(run=lambda options: measured_command.run(options, _read, _write))

    training_parser = commands.add_parser("training", help="a fine-tuning file: its faults, tokens and cost")
    training_command.add_options(training_parser)
    training_parser.set_defaults(run=lambda options: training_command.run(options, _write))

    text_parsers = add_commands(commands, _read_text, lambda path, table: _write(path, frame_csv(table)))
    rank_command.add_options(text_parsers[-1], _write)
    prices_option(
        parser,
        compare_parser,
        breakeven_parser,
        cashflow_parser,
        uncertainty_parser,
        map_parser,
        seek_parser,
        decide_parser,
        throughput_parser,
        measured_parser,
        training_parser,
        *text_parsers,
    )
    return parser


def _scenario_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("scenario", metavar="SCENARIO.yaml", help="a file, or the id of a ready scenario")
    parser.add_argument("--on", type=day, metavar="DATE", help="price on another day, as 2026-11-22")
    parser.add_argument(
        "--currency", type=str.upper, metavar="CODE", help="show amounts in another currency, as TWD"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def _comparison(options: argparse.Namespace) -> Comparison:
    scenario = load_scenario(options.scenario)
    if options.on is not None:
        scenario = replace(scenario, on=options.on)
    if options.currency is not None:
        scenario = replace(scenario, currency=options.currency)
    return compare(scenario, current_book(options.prices))


def _compare(options: argparse.Namespace) -> int:
    comparison = _comparison(options)
    if options.csv is not None:
        _write(options.csv, frame_csv(report.cost_lines(comparison)))
    if options.json:
        _print_json(printout.comparison_json(comparison))
    else:
        print(printout.comparison_text(comparison))
    return 0


def _breakeven(options: argparse.Namespace) -> int:
    comparison = _comparison(options)
    result = breakeven(comparison)
    if options.json:
        _print_json(printout.breakeven_json(comparison, result))
    else:
        print(printout.breakeven_text(comparison, result))
    return 0


def _cashflow(options: argparse.Namespace) -> int:
    comparison = _comparison(options)
    if options.csv is not None:
        _write(options.csv, frame_csv(payments(comparison, cash_flows(comparison))))
    if options.json:
        _print_json(cashflow_json(comparison))
    else:
        print(cashflow_text(comparison))
    return 0


def _uncertainty(options: argparse.Namespace) -> int:
    result = uncertainty(_comparison(options), options.draws, options.seed)
    if options.json:
        _print_json(uncertainty_output.document(result, options.at_most))
    else:
        print(uncertainty_output.printout(result, options.at_most))
    return 0


def _decide(options: argparse.Namespace) -> int:
    rules = () if options.rules is None else read_rules(_read_text(options.rules), options.rules)
    decision = decide(_comparison(options), rules)
    if options.csv is not None:
        _write(options.csv, frame_csv(decision_facts(decision)))
    if options.json:
        _print_json(decision_output.document(decision))
    else:
        print(decision_output.printout(decision))
    return 0


def _scenarios(_: argparse.Namespace) -> int:
    for path in sorted(SHIPPED.glob("*.yaml")):
        scenario = load_scenario(str(path))
        print(f"{scenario.id:<20} {scenario.name()}")
    return 0


def _read(name: str) -> bytes:
    """The bytes of one file, or of standard input; errors do not name it."""
    try:
        return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        problem = error.strerror or str(error)
        raise CrossoverError(
            message("cannot be read: {problem} (check the path)", problem=problem)
        ) from error


def _read_text(name: str) -> str:
    """The text of one file, or of standard input."""
    try:
        return text_of(name, _read(name))
    except CrossoverError as error:
        raise error.at(name) from error


def _write(path: Path, content: bytes) -> None:
    if not path.name or path.is_dir():
        raise CrossoverError(message("{place}: a folder, not a file (name a file)", place=str(path)))
    partial = path.with_name(path.name + ".partial")
    try:
        partial.write_bytes(content)
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise CrossoverError(
            message(
                "{place}: cannot be written: {problem} (choose another place)",
                place=str(path),
                problem=error.strerror or str(error),
            )
        ) from error


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))
