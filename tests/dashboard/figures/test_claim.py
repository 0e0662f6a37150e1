"""Figures of the break-even page: valid for Plotly, and what stands where."""

from __future__ import annotations

from datetime import date
from typing import Any

import plotly.graph_objects as go
import pytest

from costing.claim.history import LINES, history_frame
from costing.claim.payback import cash_frame, claim_payback
from costing.claim.reconstruction import PRESETS, Claim
from costing.claim.sensitivity import seek_frame, tornado_frame
from costing.claim.winner_map import cost_curves, cost_map
from costing.reports.claim import derivation
from costing.scenario.library import load_scenario
from dashboard.figures import claim as figures
from dashboard.figures import claim_costs
from dashboard.figures.palette import palette
from tests.support.factories import DAY, frozen_book, frozen_prices
from tests.support.plotly import checked

OWNED, RENTED = (Claim(load_scenario(PRESETS[tenure]), frozen_prices()) for tenure in ("owned", "rented"))
MINI = OWNED.with_model("openai/gpt-4o-mini")
NEVER = MINI.with_driver("peak_to_average", 4)
SLOW = OWNED.with_driver("output_tokens_per_s_per_gpu", 50)
NAMES = {"api": "API", "owned": "Bought", "rented": "Rented"}
PALETTE = palette()


def bars(figure: go.Figure) -> list[dict[str, Any]]:
    return [trace for trace in figure.to_plotly_json()["data"] if trace["type"] == "bar"]


def history(claim: Claim, *lines: str) -> go.Figure:
    names = {line: LINES[line] for line in lines}
    return figures.history(history_frame(claim, frozen_book(), lines, DAY), PALETTE, names, DAY)


@pytest.mark.parametrize("claim", [OWNED, RENTED, MINI, NEVER, SLOW])
def test_every_figure_is_valid_for_plotly(claim: Claim) -> None:
    tokens = claim.break_even.tokens_per_day
    payback = claim_payback(claim, frozen_book(), 60e6, 0, 36)
    drawn = [
        figures.derivation(derivation(claim), PALETTE),
        history(claim, *LINES),
        figures.tornado(tornado_frame(claim), PALETTE, tokens),
        figures.goal_seek(seek_frame(claim, "input_share"), PALETTE, "input_share", "Input (%)", 25e6, [0.5]),
        claim_costs.cost_map(
            cost_map((claim, RENTED)), PALETTE, NAMES, claim.usd_per_mtok(claim.api), tokens
        ),
        claim_costs.cost_curves(cost_curves(claim), PALETTE, NAMES, claim.tenure, tokens),
        claim_costs.cash(cash_frame(payback), PALETTE, payback.payback_months),
    ]
    for figure in drawn:
        assert checked(figure)["data"]


def test_the_waterfall_ends_where_the_total_ends_and_the_api_stands_beside_it() -> None:
    (trace,) = bars(figures.derivation(derivation(OWNED), PALETTE))
    *parts, total, api = zip(trace["base"], trace["x"], strict=True)
    assert sum(usd for _, usd in parts) == pytest.approx(105.825, abs=0.001)
    assert [base for base, _ in parts][1:] == pytest.approx([66.056, 88.074, 99.026], abs=0.001)
    assert total == (0, pytest.approx(105.825, abs=0.001))
    assert api == (0, pytest.approx(25 * 4.375))


def test_a_bar_reaches_from_its_end_to_the_break_even_of_now() -> None:
    low, high = bars(figures.tornado(tornado_frame(OWNED), PALETTE, 24_188_610.88))
    at = low["y"].index("Spare replicas")
    # None is the baseline; one spare replica doubles the cost.
    assert low["x"][at] == pytest.approx(0, abs=1)
    assert (high["base"][at], high["x"][at]) == (pytest.approx(24_188_610.88), pytest.approx(24_188_610.88))


def test_a_bar_of_which_one_end_never_breaks_even_goes_to_the_end_of_the_axis() -> None:
    _, high = bars(figures.tornado(tornado_frame(MINI), PALETTE, MINI.break_even.tokens_per_day))
    at = high["y"].index("Peak to average load")
    ends = [base + length for base, length in zip(high["base"], high["x"], strict=True)]
    assert ends[at] == max(ends)
    assert high["customdata"][at] == "no break-even at any volume"


def test_a_price_without_a_break_even_ends_the_line_on_its_day() -> None:
    # Servers at 50 tokens/s break even against gemini-3.5-flash only, from 2026-05-19 until 2026-08-13.
    (flash,) = (
        t for t in history(SLOW, "flash").to_plotly_json()["data"] if t.get("mode") == "lines+markers"
    )
    known = [place for place, value in enumerate(flash["y"]) if value is not None]
    assert [flash["x"][place] for place in known] == [date(2026, 5, 19), date(2026, 8, 13)]
    assert len({flash["y"][place] for place in known}) == 1


def test_announced_prices_are_dotted_and_start_today() -> None:
    dotted = [
        trace
        for trace in history(OWNED, "flash").to_plotly_json()["data"]
        if trace.get("line", {}).get("dash") == "dot"
    ]
    (flash,) = dotted
    assert flash["x"][:2] == [DAY, date(2027, 1, 1)]
    # The price doubles.
    assert flash["y"][1] == pytest.approx(flash["y"][0] / 2)


def test_a_share_is_on_the_axis_in_percent() -> None:
    drawn = figures.goal_seek(
        seek_frame(OWNED, "input_share"), PALETTE, "input_share", "Input (%)", 25e6, [0.74]
    )
    line, ring = drawn.to_plotly_json()["data"][1:]
    assert (line["x"][0], line["x"][-1]) == (pytest.approx(5), pytest.approx(95))
    assert ring["x"] == pytest.approx([74])


def test_the_payback_is_marked_where_the_cumulative_line_crosses_zero() -> None:
    payback = claim_payback(OWNED, frozen_book(), 60e6, 0, 36)
    assert payback.payback_months is not None
    _, line, ring = claim_costs.cash(cash_frame(payback), PALETTE, payback.payback_months).to_plotly_json()[
        "data"
    ]
    months = dict(zip(line["x"], line["y"], strict=True))
    before = int(payback.payback_months)
    assert months[before] < 0 < months[before + 1]
    assert ring["x"] == [payback.payback_months]
