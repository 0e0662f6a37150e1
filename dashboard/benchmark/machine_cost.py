"""Cost per token on the measured machine: rented, or bought with its power."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from costing.ranking.measured_machine import (
    MachinePrice,
    Tenure,
    Terms,
    machine_bill,
    machine_price,
    missing_inputs,
)
from costing.serving.benchmark_result import BenchResult, ResultSlo
from i18n.errors import CrossoverError
from i18n.message import N_
from pricing.book import PricesOnDay
from pricing.rows import Gpu

from .. import session as state
from ..components.downloads import frame_button
from ..components.figure import figure
from ..components.frame_table import frame_table, heading_of
from ..components.page_frame import say_errors
from ..figures import benchmark as charts
from ..figures.palette import palette
from ..language import markdown_safe, render, t
from .labels import name_of_row, with_load

TENURES: Final[dict[Tenure, str]] = {"rented": N_("Rented"), "owned": N_("Bought")}
_USUAL: Final = Terms()
_PRICES: Final = {
    "usd_per_mtok_output": N_("Output"),
    "usd_per_mtok": N_("Input and output"),
}
"""Column -> name of its line."""


def show(result: BenchResult, slo: ResultSlo) -> None:
    """Render the cost inputs of the machine, its price per token at the SLO, and at every measured load."""
    st.caption(
        t(
            "The price of a token on the measured machine at each load, from the machine's cost. The price "
            "list has the price of a known GPU; everything that is typed in counts as assumed."
        )
    )
    prices = state.book().on(result.started_at.date())
    inputs = st.container()
    try:
        terms = _terms(inputs, prices)
        if missing_inputs(terms, prices):
            st.info(t("Fill in the marked fields, or choose the hardware."), icon=":material/edit:")
            return
        price = machine_price(result, slo, terms, prices)
    except CrossoverError as error:
        say_errors(error)
        return
    _headline(price, slo)
    _chart(price, "concurrency", t("Concurrency"))
    _chart(price, "rate_per_s", t("requests per second"))
    frame_table(
        with_load(price.loads)[
            ["load", "slo_attainment_share", "output_tokens_per_s", "usd_per_mtok_output", "usd_per_mtok"]
        ],
        "bench_price_loads",
    )
    frame_button("benchmark_prices", lambda: price.loads, "csv_bench_price")
    _bill(price)


def _terms(inputs: DeltaGenerator, prices: PricesOnDay) -> Terms:
    a, b, c = inputs.columns([3, 1, 2], vertical_alignment="bottom")
    gpus = prices.rows(Gpu)
    with a:
        gpu = st.selectbox(
            t("Hardware"),
            ["", *sorted(gpus)],
            format_func=lambda key: gpus[key].name if key else t("Not in the price list: I type its price"),
            key=state.key("bench_price_gpu"),
            persist_state="session",
        )
    count = b.number_input(t("Quantity"), 1, 1024, 1, key="bench_price_gpus", persist_state="session")
    with c:
        tenure = st.segmented_control(
            t("Ownership"),
            list(TENURES),
            format_func=lambda key: t(TENURES[key]),
            default="rented",
            required=True,
            key=state.key("bench_price_tenure"),
            persist_state="session",
        )
    d, e, f = inputs.columns(3)
    busy_percent = d.number_input(
        t("Hours at that load (%)"),
        1.0,
        100.0,
        _USUAL.busy_share * 100,
        5.0,
        format="%g",
        key="bench_price_busy",
        persist_state="session",
        help=t("100% is around the clock. The machine is paid for in the other hours, too."),
    )
    if tenure != "owned":
        rent = e.number_input(
            t("Rent, USD per hour each"),
            0.0,
            1000.0,
            None,
            0.05,
            key="bench_price_rent",
            persist_state="session",
            help=t("Blank: the on-demand price of the price list."),
        )
        terms = Terms(gpu=gpu, gpus=count, busy_share=busy_percent / 100, rent_usd_per_gpu_hour=rent)
        _mark(terms, prices, {"rent_usd_per_gpu_hour": e})
        return terms
    bought = e.number_input(
        t("Purchase price, USD each"),
        0.0,
        1e6,
        None,
        100.0,
        key="bench_price_purchase",
        persist_state="session",
        help=t("Blank: the typical price of the price list."),
    )
    kw = f.number_input(
        t("Power at full load, kW each"),
        0.0,
        10.0,
        None,
        0.01,
        key="bench_price_kw",
        persist_state="session",
        help=t("With its share of the server. Blank: as the price list says."),
    )
    with inputs.expander(t("More ownership costs"), key="bench_price_more"):
        further = _further()
    terms = Terms(
        gpu=gpu,
        gpus=count,
        tenure="owned",
        busy_share=busy_percent / 100,
        purchase_usd_per_gpu=bought,
        kw_per_gpu=kw,
        **further,
    )
    _mark(terms, prices, {"purchase_usd_per_gpu": e, "kw_per_gpu": f})
    return terms


def _mark(terms: Terms, prices: PricesOnDay, places: Mapping[str, DeltaGenerator]) -> None:
    """Mark the fields that are still missing, below each of them."""
    for name in missing_inputs(terms, prices):
        required = t("Required")
        places[name].caption(f":orange[{required}]")


def _further() -> dict[str, float]:
    """Name of a cost input -> value; rendered even while closed, because the price needs the values."""
    fields: dict[str, tuple[str, float, float, float]] = {
        "host_usd_per_gpu": (t("Host and network, USD each"), 0.0, 1e6, 100.0),
        "life_years": (t("Useful life, years"), 0.5, 20.0, 0.5),
        "wacc_share": (t("Cost of capital per year (%)"), 0.0, 50.0, 1.0),
        "residual_share": (t("Residual value (%)"), 0.0, 90.0, 5.0),
        "maintenance_share": (t("Maintenance per year (%)"), 0.0, 50.0, 1.0),
        "pue": (t("PUE"), 1.0, 3.0, 0.05),
        "usd_per_kwh": (t("Electricity, USD per kWh"), 0.0, 2.0, 0.01),
    }
    columns = st.columns(4)
    values: dict[str, float] = {}
    for i, (name, (label, low, high, step)) in enumerate(fields.items()):
        scale = 100.0 if name.endswith("_share") else 1.0
        typed = columns[i % 4].number_input(
            label,
            low,
            high,
            getattr(_USUAL, name) * scale,
            step,
            key=f"bench_price_{name}",
            persist_state="session",
        )
        values[name] = typed / scale
    return values


def _headline(price: MachinePrice, slo: ResultSlo) -> None:
    row = price.at_slo
    if row is None or row["usd_per_mtok_output"] is None:
        st.info(
            t("No measured load meets the SLO, so there is no price at it; the table has every load.")
            if slo.given
            else t("Set an SLO above for the price at it; the table has every load."),
            icon=":material/info:",
        )
        return
    a, b, c = st.columns(3)
    a.metric(t("USD per Mtok of output at the SLO"), _usd(row["usd_per_mtok_output"]))
    if row["usd_per_mtok"] is not None:
        b.metric(t("USD per Mtok, input and output"), _usd(row["usd_per_mtok"]))
    c.metric(t("USD per hour"), _usd(price.usd_per_hour))
    st.caption(
        t("At {load}, {share:.0%} of all hours. Speed: measured. Cost of the machine: {evidence}.").format(
            load=markdown_safe(name_of_row(row)), share=row["busy_share"], evidence=t(row["evidence"])
        )
    )
    if price.is_ceiling:
        st.warning(
            t(
                "This is a closed loop's ceiling: requests that arrive at random compete, and their tokens "
                "are more expensive. Measure Poisson arrivals for the price to plan with."
            )
        )


def _usd(amount: float) -> str:
    return f"{amount:,.2f}" if amount >= 1 else f"{amount:.3g}"


def _chart(price: MachinePrice, x: str, x_title: str) -> None:
    loads = price.loads[price.loads[x].notna()]
    if x == "rate_per_s":
        loads = loads[loads["concurrency"].isna()]
    if loads["usd_per_mtok_output"].isna().all():
        return
    held = loads[x][loads["keeps_slo"].fillna(False).astype(bool)]
    kind = x.removesuffix("_per_s")
    figure(
        charts.against_load(
            loads,
            {name: t(label) for name, label in _PRICES.items()},
            palette(),
            x=x,
            x_title=x_title,
            unit="USD",
            held_until=None if held.empty else float(held.max()),
        ),
        key=f"chart_bench_price_{kind}",
        height=charts.HEIGHT,
        alt=t("Lines: USD per million tokens against the load"),
    )


def _bill(price: MachinePrice) -> None:
    bill = machine_bill(price)
    names = [render(line.name) for line in price.bill]
    with st.expander(t("Monthly cost of the machine"), key="bench_price_bill"):
        frame_table(
            bill[["name", "quantity", "unit", "usd_per_unit", "usd_per_month", "evidence", "source"]],
            "bench_price_lines",
            overrides={"name": (names, st.column_config.Column(heading_of("line")))},
        )
        frame_button("machine_month", lambda: bill, "csv_bench_bill")
