"""Cost per token on the measured machine: rented, or bought with its power."""

from __future__ import annotations

from typing import Any, Final

import streamlit as st

from costing.ranking.measured_machine import (
    BillRow,
    MachinePrice,
    MachinePriceRow,
    Tenure,
    Terms,
    bill_rows,
    machine_price,
)
from costing.serving.benchmark_result import BenchResult, ResultSlo
from i18n.errors import CrossoverError
from i18n.message import N_
from pricing.rows import Gpu

from .. import session as state
from ..components.downloads import csv_button
from ..components.page_frame import say_errors
from ..figures import benchmark as charts
from ..language import label_of, markdown_safe, render, t
from .labels import HEADINGS, load_name

TENURES: Final[dict[Tenure, str]] = {"rented": N_("Rented"), "owned": N_("Bought")}
_USUAL: Final = Terms()
_BILL: Final = {
    "name": N_("Cost line"),
    "quantity": N_("Quantity"),
    "unit": N_("Unit"),
    "usd_per_unit": N_("USD per unit"),
    "usd_per_month": N_("USD a month"),
    "evidence": N_("Evidence"),
    "source": N_("Source"),
}
_PRICES: Final = {
    "usd_per_mtok_output": N_("USD per Mtok of output"),
    "usd_per_mtok": N_("USD per Mtok, input and output"),
}


def show(result: BenchResult, slo: ResultSlo) -> None:
    """Render the cost inputs of the machine, its price per token at the SLO, and at every measured load."""
    st.caption(
        t(
            "The price of a token on this very machine at each measured load, from what the machine costs. "
            "The tables give the price of a known GPU; everything typed in counts as assumed."
        )
    )
    try:
        terms = _terms(result)
        price = machine_price(result, slo, terms, state.book().on(result.started_at.date()))
    except CrossoverError as error:
        say_errors(error)
        return
    _headline(price, slo)
    _chart(price, "closed", t("streams at once"))
    _chart(price, "timed", t("requests per second"))
    _loads(price)
    _bill(price)


def _terms(result: BenchResult) -> Terms:
    a, b, c = st.columns([3, 1, 2], vertical_alignment="bottom")
    gpus = state.book().on(result.started_at.date()).rows(Gpu)
    with a:
        gpu = st.selectbox(
            t("Hardware"),
            ["", *sorted(gpus)],
            format_func=lambda key: gpus[key].name if key else t("Not in the tables: I type its price"),
            key=state.key("bench_price_gpu"),
            persist_state="session",
        )
    count = b.number_input(t("How many"), 1, 1024, 1, key="bench_price_gpus", persist_state="session")
    with c:
        tenure = st.segmented_control(
            t("Tenure"),
            list(TENURES),
            format_func=lambda key: t(TENURES[key]),
            default="rented",
            required=True,
            key=state.key("bench_price_tenure"),
            persist_state="session",
        )
    d, e, f = st.columns(3)
    busy = d.number_input(
        t("Share of hours at that load"),
        0.01,
        1.0,
        _USUAL.busy_share,
        0.05,
        key="bench_price_busy",
        persist_state="session",
        help=t("1 is around the clock. The machine is paid for in the other hours, too."),
    )
    if tenure != "owned":
        rent = e.number_input(
            t("Rent, USD an hour each"),
            0.0,
            1000.0,
            None,
            0.05,
            key="bench_price_rent",
            persist_state="session",
            help=t("Blank: the on-demand price of the tables."),
        )
        return Terms(gpu=gpu, gpus=count, busy_share=busy, rent_usd_per_gpu_hour=rent)
    bought = e.number_input(
        t("Purchase price, USD each"),
        0.0,
        1e6,
        None,
        100.0,
        key="bench_price_purchase",
        persist_state="session",
        help=t("Blank: the typical price of the tables."),
    )
    kw = f.number_input(
        t("Power at full load, kW each"),
        0.0,
        10.0,
        None,
        0.01,
        key="bench_price_kw",
        persist_state="session",
        help=t("With its share of the server. Blank: as the row of the tables says."),
    )
    with st.expander(t("Further terms of owning"), key="bench_price_more"):
        further = _further()
    return Terms(
        gpu=gpu,
        gpus=count,
        tenure="owned",
        busy_share=busy,
        purchase_usd_per_gpu=bought,
        kw_per_gpu=kw,
        **further,
    )


def _further() -> dict[str, float]:
    """Name of a cost input -> value; rendered even while closed, because the price needs the values."""
    fields: dict[str, tuple[str, float, float, float]] = {
        "host_usd_per_gpu": (t("Host and network, USD each"), 0.0, 1e6, 100.0),
        "life_years": (t("Useful life, years"), 0.5, 20.0, 0.5),
        "wacc_share": (t("Cost of capital, share a year"), 0.0, 0.5, 0.01),
        "residual_share": (t("Residual value, share"), 0.0, 0.9, 0.05),
        "maintenance_share": (t("Maintenance, share a year"), 0.0, 0.5, 0.01),
        "pue": (t("PUE"), 1.0, 3.0, 0.05),
        "usd_per_kwh": (t("Electricity, USD per kWh"), 0.0, 2.0, 0.01),
    }
    columns = st.columns(4)
    return {
        name: columns[i % 4].number_input(
            label, low, high, getattr(_USUAL, name), step, key=f"bench_price_{name}", persist_state="session"
        )
        for i, (name, (label, low, high, step)) in enumerate(fields.items())
    }


def _headline(price: MachinePrice, slo: ResultSlo) -> None:
    row_at_slo = price.at_slo
    if row_at_slo is None or row_at_slo.usd_per_mtok_output is None:
        st.info(
            t("No measured load keeps the SLO, so there is no price at it; the table has every load.")
            if slo.given
            else t("Set a limit above for the price at the SLO; the table has every load."),
            icon=":material/info:",
        )
        return
    a, b, c = st.columns(3)
    a.metric(t("USD per Mtok of output at the SLO"), _usd(row_at_slo.usd_per_mtok_output))
    if row_at_slo.usd_per_mtok is not None:
        b.metric(t("USD per Mtok, input and output"), _usd(row_at_slo.usd_per_mtok))
    c.metric(t("USD an hour"), _usd(price.usd_per_hour))
    st.caption(
        t(
            "At {load}, {share:.0%} of all hours. Speed measured; what the machine costs is {evidence}."
        ).format(
            load=markdown_safe(_name(row_at_slo)),
            share=row_at_slo.busy_share,
            evidence=t(row_at_slo.evidence),
        )
    )
    if price.is_ceiling:
        st.warning(
            t(
                "This is a closed loop's ceiling: requests that arrive by chance meet each other, and their "
                "tokens are dearer. Measure Poisson arrivals for the price to plan with."
            )
        )


def _usd(amount: float) -> str:
    return f"{amount:,.2f}" if amount >= 1 else f"{amount:.3g}"


def _name(row: MachinePriceRow) -> str:
    return load_name(row.concurrency, row.rate_per_s, row.arrivals)


def _chart(price: MachinePrice, kind: str, load: str) -> None:
    rows = [row for row in price.rows if (row.concurrency is not None) == (kind == "closed")]
    at = [(float(row.concurrency or row.rate_per_s or 0.0), row) for row in rows]
    if not any(row.usd_per_mtok_output is not None for row in rows):
        return
    held = max((x for x, row in at if row.keeps_slo), default=None)
    st.echarts_chart(
        charts.against_load(
            {
                t(label): [(x, getattr(row, name)) for x, row in sorted(at, key=lambda pair: pair[0])]
                for name, label in _PRICES.items()
            },
            load,
            "USD",
            held_until=held,
        ),
        key=f"chart_bench_price_{kind}",
        height=300,
        alt=t("Lines: USD per million tokens against the load"),
    )


def _loads(price: MachinePrice) -> None:
    shown: dict[str, list[Any]] = {
        "load": [_name(row) for row in price.rows],
        "slo_attainment_share": [row.slo_attainment_share for row in price.rows],
        "output_tokens_per_s": [row.output_tokens_per_s for row in price.rows],
        **{name: [getattr(row, name) for row in price.rows] for name in _PRICES},
    }
    formats = {"slo_attainment_share": "percent", "output_tokens_per_s": "%,.1f", "usd_per_mtok": "%,.3f"}
    formats["usd_per_mtok_output"] = formats["usd_per_mtok"]
    headings = {**HEADINGS, **_PRICES}
    config: dict[str, Any] = {
        name: st.column_config.NumberColumn(label_of(headings, name), format=formats[name])
        if name in formats
        else st.column_config.Column(label_of(headings, name))
        for name in shown
    }
    st.dataframe(shown, hide_index=True, column_config=config, key="bench_price_loads")
    csv_button("benchmark_prices", MachinePriceRow, lambda: price.rows, "csv_bench_price")


def _bill(price: MachinePrice) -> None:
    rows = bill_rows(price)
    shown: dict[str, list[Any]] = {name: [getattr(row, name) for row in rows] for name in _BILL}
    shown["name"] = [render(line.name) for line in price.bill]
    shown["evidence"] = [t(row.evidence) for row in rows]
    with st.expander(t("What the machine costs a month"), key="bench_price_bill"):
        formats = {"quantity": "%,.2f", "usd_per_unit": "%,.4f", "usd_per_month": "%,.2f"}
        config: dict[str, Any] = {
            name: st.column_config.NumberColumn(t(_BILL[name]), format=formats[name])
            if name in formats
            else st.column_config.Column(t(_BILL[name]))
            for name in shown
        }
        st.dataframe(shown, hide_index=True, column_config=config, key="bench_price_lines")
        csv_button("machine_month", BillRow, lambda: bill_rows(price), "csv_bench_bill")
