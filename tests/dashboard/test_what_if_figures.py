"""Chart specifications of bands, map and goal seek."""

from __future__ import annotations

import json

from costing.comparison.compare import compare
from costing.reports.bands import MonthBandRow, VolumeBandRow, month_band_rows, volume_band_rows
from costing.reports.what_if import InputMapRow, map_rows, sought_rows
from costing.scenario.library import load_scenario
from costing.scenario.scenario import Part
from costing.uncertainty.monte_carlo import Uncertainty, uncertainty
from costing.uncertainty.what_if import lever, seek_equal, winner_map
from dashboard.figures import bands as band_charts
from dashboard.figures import comparison as charts
from dashboard.figures import what_if as what_if_charts
from frames.csv import to_csv

from ..support.factories import STUFFED, TUNED, book, frozen_book, scenario


def drawn() -> Uncertainty:
    return uncertainty(compare(scenario(STUFFED, TUNED, horizon_months=3), book()), 50)


def test_a_band_is_the_low_end_and_what_is_stacked_upon_it() -> None:
    simulation = drawn()
    rows = month_band_rows(simulation)
    colour = charts.colours([str(strategy.outcome.name) for strategy in simulation.strategies])
    low, wide, middle = band_charts.over_months(rows, colour, "USD")["series"][:3]
    assert low["stack"] == wide["stack"]
    for place, row in enumerate(rows[:3]):
        assert low["data"][place] == row.usd_p5
        assert row.usd_p95 is not None
        assert abs(low["data"][place] + wide["data"][place] - row.usd_p95) < 1e-6
        assert middle["data"][place]["value"] == [row.month, row.usd_p50]


def test_a_strategy_that_is_never_possible_has_no_band_and_a_blank_row() -> None:
    huge = scenario(STUFFED, TUNED, horizon_months=2).with_part("question", Part(tokens=5_000_000))
    simulation = uncertainty(compare(huge, book()), 20)
    rows = month_band_rows(simulation)
    assert all(row.usd_p50 is None for row in rows)
    colour = charts.colours([str(strategy.outcome.name) for strategy in simulation.strategies])
    assert band_charts.over_months(rows, colour, "USD")["series"] == []
    assert band_charts.against_volume(volume_band_rows(simulation), colour, 1000, "USD")["series"] == []


def test_the_same_seed_writes_the_same_bytes_of_bands_and_maps() -> None:
    comparison = compare(load_scenario("brand_voice"), frozen_book())

    def written() -> tuple[bytes, bytes, bytes]:
        simulation = uncertainty(comparison, 100, 9)
        cells = winner_map(comparison, lever(comparison, "requests_per_day"), lever(comparison, "turns"), 5)
        return (
            to_csv(month_band_rows(simulation), MonthBandRow),
            to_csv(volume_band_rows(simulation), VolumeBandRow),
            to_csv(map_rows(comparison, cells), InputMapRow),
        )

    assert written() == written()


def test_a_map_has_a_colour_for_every_winner_and_a_ring_where_the_scenario_stands() -> None:
    comparison = compare(load_scenario("claim_25m_owned"), frozen_book())
    across, up = lever(comparison, "requests_per_day"), lever(comparison, "strategies.2.purchase_usd_per_gpu")
    rows = map_rows(comparison, winner_map(comparison, across, up))
    colour = charts.colours([str(outcome.name) for outcome in comparison.outcomes])
    spec = what_if_charts.winners(rows, colour, ("a", "b"), (across.usual, up.usual))
    assert [piece["color"] for piece in spec["visualMap"]["pieces"]] == list(colour.values())
    x, y = spec["series"][0]["markPoint"]["data"][0]["coord"]
    cell = next(point for point in spec["series"][0]["data"] if point[:2] == [x, y])
    assert spec["visualMap"]["pieces"][cell[2]]["label"] == str(comparison.choices[0].name)
    assert "e+" not in json.dumps(spec["xAxis"]["data"])


def test_a_strategy_keeps_its_colour_in_a_goal_seek() -> None:
    comparison = compare(scenario(STUFFED, TUNED), book())
    roots = seek_equal(comparison, lever(comparison, "requests_per_day"), 1, 0)
    names = tuple(str(comparison.outcomes[place].name) for place in (1, 0))
    colour = charts.colours([str(outcome.name) for outcome in comparison.outcomes])
    spec = what_if_charts.sought(
        sought_rows(comparison, roots),
        (names[0], names[1]),
        colour,
        "x",
        roots.roots.values,
        logarithmic=True,
    )
    assert [line["color"] for line in spec["series"]] == [colour[name] for name in names]
