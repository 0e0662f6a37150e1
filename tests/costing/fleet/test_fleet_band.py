"""How sure the number of tokens is reaches the size of a self-hosted fleet, and from there its bill."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costing.cli.compare import comparison_json
from costing.comparison.compare import compare
from costing.cost_lines import CERTAIN, CostLine
from costing.reports.comparison import cost_lines as report_cost_lines
from costing.strategies.overflow import Overflow
from costing.strategies.self_hosted import SelfHosted
from costing.tokenization.tokens import TokenCount
from costing.workload.workload import RequestTokens, Workload
from frames.csv import frame_csv
from i18n.message import literal
from pricing.rows import Evidence
from tests.support.rows import rows_of

from ...support.factories import (
    book,
    choice,
    counted,
    estimated_tokenizer,
    open_model,
    prices,
    prior,
    scenario,
    workload,
)
from ...support.fleet import PLAIN, by_name, notes_of

EVEN = (prior(mfu_prefill=1, mfu_decode=1, step_overhead_ms=0), open_model(hidden=1, kv_bytes_per_token=1))
THREE_A_SECOND = 3 * 86_400
HOURS = 730.5


def unsure(low: float, high: float, requests_per_day: Any = THREE_A_SECOND) -> Workload:
    """1 token in, 100 out, and these are anything from `low` to `high`."""
    answer = TokenCount(100, low, high, Evidence.ESTIMATED, (literal("a guess"),))
    none = counted(0)
    tokens = RequestTokens(none, none, none, counted(1), answer)
    return Workload(requests_per_day, 1, 1, {"o200k_base": tokens})


def hosted(**settings: Any) -> SelfHosted:
    """A replica whose speed depends on the number of answer tokens alone, up to a thousandth."""
    return SelfHosted.build({**PLAIN, **settings}, prices(*EVEN))


def banded(fleet: Any, load: Workload) -> dict[str, CostLine]:
    return by_name(fleet.banded_lines(load))


def per_replica() -> float:
    """Requests a second of one replica at 100 answer tokens."""
    return hosted().fleet.capacity_requests_per_s(unsure(100, 100))


def test_a_fleet_is_sized_at_both_ends_of_its_tokens_and_stays_whole() -> None:
    # Capacity falls as answers lengthen: 4 replicas are 70 % busy at 2.8 times one's capacity.
    # 80 tokens: 2.8 x 0.8 = 2.24, 3 replicas. 140 tokens: 2.8 x 1.4 = 3.92, 4. 100 tokens: 2.8, 3.
    volume = 2.8 * per_replica() * 86_400
    line = banded(hosted(), unsure(80, 140, volume))["GPU rent"]
    assert line.quantity == pytest.approx(3 * HOURS)
    assert line.quantity_low == pytest.approx(3 * HOURS)  # the staircase: not a replica fewer
    assert line.quantity_high == pytest.approx(4 * HOURS)
    wider = banded(hosted(), unsure(60, 200, volume))["GPU rent"]
    # 2.8 x 0.6 = 1.68, 2 replicas; 2.8 x 2 = 5.6, 6.
    assert wider.quantity_low == pytest.approx(2 * HOURS)
    assert wider.quantity_high == pytest.approx(6 * HOURS)


def test_servers_energy_and_licences_of_a_bought_fleet_follow_too() -> None:
    volume = 2.8 * per_replica() * 86_400
    fleet = hosted(tenure="owned", licence_usd_per_gpu_year=120, gpus_per_server=4, spare_replicas=1)
    lines = banded(fleet, unsure(60, 200, volume))
    # 2, 3 and 6 replicas, 1 spare each, in servers of 4 GPUs: 1 server, 1 server, 2 servers.
    for name in ("GPUs, capital recovered", "Electricity", "Maintenance", "Software licences"):
        line = lines[name]
        assert line.quantity_low == line.quantity
        assert line.quantity_high == pytest.approx(2 * line.quantity)


def test_training_on_own_gpus_follows_its_tokens_exactly() -> None:
    # 1 token in and 100 out: 101 an example, [81 to 141].
    line = banded(hosted(own_training="lora"), unsure(80, 140))["Own training"]
    assert line.quantity_low == pytest.approx(line.quantity * 81 / 101)
    assert line.quantity_high == pytest.approx(line.quantity * 141 / 101)


def test_staff_does_not_depend_on_tokens() -> None:
    line = banded(hosted(staff_usd_per_month=1000), unsure(50, 200))["Staff"]
    assert line.quantity_low == line.quantity == line.quantity_high == 1


def test_tokens_that_are_sure_leave_no_band() -> None:
    assert all(line.ends is None and line.band == CERTAIN for line in hosted().banded_lines(workload(1000)))


def test_an_end_that_does_not_fit_is_unknown_and_said() -> None:
    short = open_model(hidden=1, kv_bytes_per_token=1, context_window_tokens=120)
    fleet = SelfHosted.build(PLAIN, prices(EVEN[0], short))
    line = banded(fleet, unsure(80, 140))["GPU rent"]
    assert line.quantity_low is not None
    assert line.quantity_high is None
    assert "141 tokens exceed its window of 120" in notes_of(fleet, unsure(80, 140))


def test_what_the_fleet_is_at_both_ends_is_said() -> None:
    volume = 2.8 * per_replica() * 86_400
    notes = notes_of(hosted(), unsure(60, 200, volume))
    assert "low end of its band (5 %): 2 GPUs; at the high end (95 %): 6 GPUs" in notes


def test_the_band_of_the_api_side_stays_its_own() -> None:
    fleet = Overflow.build({**PLAIN, "model": "acme/large", "percentile": 50}, prices(*EVEN))
    peaky = replace(unsure(80, 140), peak_to_average=3)
    line = banded(fleet, peaky)["Output tokens"]
    assert (line.band.low, line.band.high) == (0.8, 1.4)
    assert line.ends is None


def test_the_csv_and_the_json_carry_the_sizes_of_every_month() -> None:
    rows = (estimated_tokenizer(), open_model(tokenizer="guess", context_window_tokens=1650))
    own = choice("self_hosted", **PLAIN)
    comparison = compare(scenario(own, requests_per_day=50_000.0, growth_share_per_month=0.2), book(*rows))
    table = report_cost_lines(comparison)
    rents = table[table["line"] == "GPU rent"]
    rent_rows = rows_of(rents)
    assert rent_rows[-1].quantity > rent_rows[0].quantity
    # 1,100 tokens are 1,265 to 2,079 in this family: the high end exceeds the window of 1,650.
    assert all(row.quantity_high is None for row in rent_rows)
    assert all(row.quantity_low is not None and row.quantity_low <= row.quantity for row in rent_rows)
    assert frame_csv(rents).decode("utf-8-sig").splitlines()[1].endswith(",")
    (line,) = comparison_json(comparison)["strategies"][0]["lines"]
    assert line["quantity_high"] is None


@given(
    low=st.floats(0.3, 1),
    high=st.floats(1, 3),
    volumes=st.lists(st.floats(1, 1e7), min_size=1, max_size=5),
)
def test_more_tokens_never_take_fewer_gpus(low: float, high: float, volumes: list[float]) -> None:
    load = unsure(100 * low, 100 * high, np.array(volumes))
    line = banded(hosted(), load)["GPU rent"]
    if line.ends is None:
        assert low == high == 1
        return
    assert np.all(np.asarray(line.quantity_low) <= line.quantity)
    assert np.all(np.asarray(line.quantity_high) >= line.quantity)
