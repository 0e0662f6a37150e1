"""Vectorised Monte Carlo against a plain loop that evaluates the same formulas for one draw and one month.

100,000 draws x 6 strategies x 36 months of growing traffic: what the loop works out too, every month's cost;
and with it all that the view Risk & sensitivity shows: percentiles by month and by volume, the break-even of
every draw, the tornado, and EVPI. CPU seconds and the wall's; the process's largest memory.
Run: python -m perf.uncertainty [draws]
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from costing.comparison.compare import Comparison, compare
from costing.cost_lines import usd_per_month
from costing.scenario.input_ranges import normal_draws
from costing.scenario.library import load_scenario
from costing.scenario.scenario import StrategyChoice
from costing.uncertainty.inputs import inputs_of
from costing.uncertainty.monte_carlo import uncertainty
from costing.uncertainty.monthly_costs import SampledMonths
from costing.uncertainty.overrides import strategy_at, workload_at
from costing.uncertainty.strategy_costs import SampledStrategy, cheapest
from pricing.load import shipped_book

LOOPED_DRAWS = 12
"""Draws of the plain loop; its time is proportional to them."""
REPEATS = 5


def six_strategies() -> Comparison:
    """A handbook that customers ask about, growing by 2 % a month: hosted, retrieved, tuned and own."""
    ready = load_scenario("product_handbook")
    own = StrategyChoice("self_hosted", {"deployment": "gpt-oss-120b-2xh100", "tenure": "rented"})
    scenario = replace(
        ready,
        strategies=(*ready.strategies[:5], own),
        horizon_months=36,
        growth_share_per_month=0.02,
        turns=1,
    )
    return compare(scenario, shipped_book())


def looped(comparison: Comparison, draws: int) -> None:
    """Plain loop over every draw, strategy and month."""
    inputs = inputs_of(comparison)
    z = normal_draws([uncertain.path for uncertain in inputs], (), draws, 1)
    columns = {uncertain.path: uncertain.at(z[i]) for i, uncertain in enumerate(inputs)}
    growth = comparison.scenario.growth_share_per_month
    for draw in range(draws):
        values = {path: float(column[draw]) for path, column in columns.items()}
        workload = workload_at(comparison.workload, values)
        for index, outcome in enumerate(comparison.outcomes):
            strategy = strategy_at(outcome.strategy, index, values)
            for month in range(comparison.scenario.horizon_months):
                volume = values["requests_per_day"] * (1 + growth) ** month
                usd_per_month(strategy.lines(workload.at(volume)), comparison.scenario.horizon_months)


def by_month(comparison: Comparison, draws: int) -> None:
    """Vectorised: every strategy's cost in every draw and month, and the cheapest one."""
    inputs = inputs_of(comparison)
    z = normal_draws([sampled.path for sampled in inputs], (), draws, 1)
    columns = {sampled.path: sampled.at(z[i]) for i, sampled in enumerate(inputs)}
    so_far = np.empty((comparison.scenario.horizon_months, draws))
    usd = np.empty((len(comparison.outcomes), draws))
    nowhere = np.empty(0)
    for index in range(len(comparison.outcomes)):
        sampled = SampledStrategy(comparison, index, columns, draws)
        usd[index] = SampledMonths(sampled, columns, nowhere).into(so_far, np.empty((0, draws)))
    cheapest(comparison, usd)


def timed(action: Callable[[], object]) -> tuple[float, float]:
    """Best CPU and wall-clock seconds of several runs."""
    timings: list[tuple[float, float]] = []
    for _ in range(REPEATS):
        wall, cpu = time.perf_counter(), time.process_time()
        action()
        timings.append((time.process_time() - cpu, time.perf_counter() - wall))
    cpus, walls = zip(*timings, strict=True)
    return min(cpus), min(walls)


def main(draws: int) -> None:
    comparison = six_strategies()
    uncertainty(comparison, 1000)  # warm up
    months_cpu, months_wall = timed(lambda: by_month(comparison, draws))
    all_cpu, all_wall = timed(lambda: uncertainty(comparison, draws))
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    cpu = time.process_time()
    looped(comparison, LOOPED_DRAWS)
    loop_s = (time.process_time() - cpu) / LOOPED_DRAWS * draws
    strategies, months = len(comparison.outcomes), comparison.scenario.horizon_months
    print(f"{draws:,} draws x {strategies} strategies x {months} months\n")
    print("| | CPU s | wall s |")
    print("|---|---|---|")
    print(f"| every month's cost, best of {REPEATS} | {months_cpu:.2f} | {months_wall:.2f} |")
    print(f"| and all else of Risk & sensitivity, best of {REPEATS} | {all_cpu:.2f} | {all_wall:.2f} |")
    print(f"| plain loop, from {LOOPED_DRAWS} draws | {loop_s:,.0f} | |")
    print(f"\nloop / every month's cost: {loop_s / months_cpu:,.0f}; largest memory: {peak_mb:,.0f} MB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
