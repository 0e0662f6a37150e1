"""Spares, servers, duty cycle, adapters, licences, people, training and emissions of a self-hosted fleet."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costing.comparison.compare import compare
from costing.cost_lines import Cadence, CostCategory, total_usd
from costing.scenario.scenario_yaml import dump, read
from costing.serving.depreciation import METHODS, yearly
from costing.serving.queueing import MAX_SLOTS, mean_wait_s, waiting_share
from costing.serving.replicas import servers
from costing.strategies.overflow import TRIED_PERCENTILES, Overflow
from costing.strategies.pre_training import PreTraining
from costing.strategies.self_hosted import SelfHosted
from costing.strategies.stuffed_prompt import StuffedPrompt
from costing.strategy.base import Infeasible, Setting
from costing.workload.load_profile import SLOTS, day_load, level, share_below
from i18n.errors import CrossoverError
from pricing.rows import Evidence, Fact, GpuOffer

from ...support.factories import book, choice, deployment, gpu, open_model, prices, scenario, workload
from ...support.fleet import GRID, PLAIN, SOURCED, STARTED, TWD, by_name, notes_of, tariff

OWNED: dict[str, Any] = {"tenure": "owned", "wacc_share": 0, "maintenance_share": 0}


def offer(**changes: Any) -> GpuOffer:
    row = {
        **SOURCED,
        "id": "acme/g1",
        "vendor": "Acme",
        "gpu": "g1",
        "effective_from": STARTED,
        "usd_per_gpu_hour": Decimal(3),
    }
    return GpuOffer(**{**row, **changes})


def hosted(*rows: Fact, **settings: Setting) -> SelfHosted:
    return SelfHosted.build({**PLAIN, **settings}, prices(*rows))


# --- how many


def test_a_tiny_load_pays_for_one_whole_gpu() -> None:
    (line,) = hosted().lines(workload(0.001))
    assert line.quantity == 730.5


def test_n_plus_n_is_twice_what_n_is() -> None:
    for volume in (1, 86_500, 864_000):
        (once,) = hosted().lines(workload(volume))
        (twice,) = hosted(redundancy="doubled", spare_replicas=5).lines(workload(volume))
        assert twice.quantity == 2 * once.quantity


@given(volumes=st.lists(st.floats(1, 1e8), min_size=2, max_size=2), gpus=st.integers(1, 16))
def test_more_volume_never_needs_fewer_replicas_or_servers(volumes: list[float], gpus: int) -> None:
    built = hosted(gpus_per_server=gpus)
    few, many = (built.fleet.size(workload(volume)) for volume in sorted(volumes))
    assert many.replicas >= few.replicas
    assert many.servers >= few.servers
    assert many.gpus >= few.gpus


@pytest.mark.parametrize(
    ("replicas", "gpus_per_replica", "gpus_per_server", "needed"),
    [
        (3, 1, 1, 3),
        (3, 2, 1, 6),  # GPUs singly
        (4, 2, 8, 1),
        (5, 2, 8, 2),
        (2, 3, 8, 1),
        (3, 3, 8, 2),  # two replicas of three in a server of eight: two GPUs stay empty
        (2, 16, 8, 4),  # a replica over two servers
        (1, 9, 8, 2),
    ],
)
def test_servers_are_whole_and_a_replica_stays_within_one(
    replicas: float, gpus_per_replica: int, gpus_per_server: int, needed: float
) -> None:
    assert servers(replicas, gpus_per_replica, gpus_per_server) == needed


def test_whole_servers_are_paid_for_and_said() -> None:
    built = hosted(gpus_per_server=8)
    (line,) = built.lines(workload(86_400 * 9))
    assert line.quantity == 16 * 730.5  # nine replicas of one GPU in two servers
    assert "2 whole servers of 8 GPUs: 16 GPUs are paid for, 9 used." in notes_of(built, workload(777_600))


def test_the_empty_places_of_a_server_are_idle_capacity() -> None:
    # Nine replicas, all busy, in two servers of eight: 7 of 16 GPUs at 1,461 USD a month.
    built = hosted(gpus_per_server=8)
    assert built.fleet.idle_usd_per_month(workload(777_600)) == pytest.approx(7 * 1461)


def test_a_fleet_that_is_off_half_of_the_time_is_half_as_dear_but_must_be_as_quick() -> None:
    # 86,400 a day in 12 hours are 2 a second: 2 replicas of 1 a second, paid for half of 730.5 h.
    (line,) = hosted(hours_on_share=0.5).lines(workload(86_400))
    assert line.quantity == 2 * 730.5 / 2
    # A peak of 4 times the average needs no more.
    (line,) = hosted(hours_on_share=0.5).lines(workload(86_400, peak_to_average=4))
    assert line.quantity == 4 * 730.5 / 2
    assert hosted(hours_on_share=0.5).fleet.average_busy_share(workload(86_400)) == pytest.approx(1.0)


def test_a_bought_fleet_has_no_hours_switched_on() -> None:
    built = hosted(tenure="owned", hours_on_share=0.5)
    assert built.fleet.size(workload(86_400)).replicas == 1


# --- offers


def test_an_offer_of_a_vendor_replaces_the_tables_price() -> None:
    (line,) = hosted(offer(), rent_offer="acme/g1").lines(workload())
    assert line.usd_per_unit == 3
    assert line.price.ref == "acme/g1 @ 2026-01-01"


def test_a_reserved_gpu_is_paid_for_when_it_is_off() -> None:
    built = hosted(offer(commitment="1 year"), rent_offer="acme/g1", hours_on_share=0.5)
    (line,) = built.lines(workload(43_200))
    assert line.quantity == 730.5
    assert "Reserved GPUs are paid for around the clock" in notes_of(built, workload(43_200))


def test_an_offer_for_another_gpu_is_refused() -> None:
    other = offer(id="acme/g2", gpu="g2")
    with pytest.raises(Infeasible) as error:
        list(hosted(other, rent_offer="acme/g2").lines(workload()))
    assert str(error.value) == (
        "acme/g2 is for g2, and the deployment runs on g1 (choose an offer for it, or leave it blank)"
    )


@pytest.mark.parametrize("blank", [None, ""])
def test_a_row_that_may_be_left_blank_is_left_blank(blank: Setting) -> None:
    assert hosted(rent_offer=blank).fleet.ownership.rent_offer is None
    with pytest.raises(CrossoverError, match="'3' is not the id of a price row"):
        hosted(rent_offer=3)


# --- memory and speed


def test_adapters_take_memory_from_the_requests_that_share_a_replica() -> None:
    # 100 GiB x 0.9 = 96.6 GB; less 10 GB of weights 86.6 GB; 80 adapters of 1 GiB leave 0.7 GB, which
    # at 1 kB of cache for each of 1,050 tokens holds 699 requests: as before. 80.68 GiB leave some 7.
    load = workload()
    assert hosted(adapters=80, adapter_gib=1).fleet.speed(load) == hosted().fleet.speed(load)
    fewer = hosted(adapters=1, adapter_gib=80.68).fleet.speed(load)
    assert 1 <= fewer.concurrency < 10
    assert fewer.output_tokens_per_s < 100
    assert fewer.evidence == Evidence.ESTIMATED


def test_adapters_that_do_not_fit_are_a_reason() -> None:
    with pytest.raises(Infeasible, match="does not fit its GPUs at 1,100 tokens of context: 2 of them would"):
        list(hosted(adapters=100, adapter_gib=1).lines(workload()))


def test_a_limit_on_the_time_per_token_lowers_how_many_share_a_replica() -> None:
    # 10 requests share 100 tokens a second: 100 ms a token.
    load = workload()
    assert hosted(slowest_ms_per_token=100).fleet.speed(load) == hosted().fleet.speed(load)
    quicker = hosted(slowest_ms_per_token=60).fleet.speed(load)
    assert quicker.concurrency < 10
    assert 1000 * quicker.concurrency / quicker.output_tokens_per_s == pytest.approx(60)
    assert quicker.output_tokens_per_s < 100
    with pytest.raises(Infeasible, match="ms for a token even if it answers one request at a time"):
        hosted(slowest_ms_per_token=1).fleet.speed(load)


def test_erlangs_formula_for_one_and_two_servers() -> None:
    # One server: the share that waits is the load. Two servers at load 1: 1/3.
    assert waiting_share(1, 0.4) == pytest.approx(0.4)
    assert waiting_share(2, 1.0) == pytest.approx(1 / 3)
    assert waiting_share(2, 2.0) == 1.0
    assert waiting_share(5, 0.0) == 0.0
    # One server, 0.5 a second, 1 s each: rho / (1 - rho) x 1 s = 1 s over all
    assert mean_wait_s(1, 0.5, 1.0) == pytest.approx(1.0)
    assert mean_wait_s(1, 1.0, 1.0) == float("inf")


@given(slots=st.integers(1, 5000), busy=st.floats(0, 1))
def test_a_larger_pool_as_busy_waits_less(slots: int, busy: float) -> None:
    small, large = waiting_share(slots, busy * slots), waiting_share(2 * slots, busy * 2 * slots)
    assert 0 <= large <= small + 1e-12
    assert small <= 1


def test_a_very_large_pool_is_bounded_from_above() -> None:
    assert waiting_share(10 * MAX_SLOTS, 9.9 * MAX_SLOTS) == waiting_share(MAX_SLOTS, 0.99 * MAX_SLOTS)


# --- owning


@given(
    capital=st.floats(1, 1e9),
    life=st.floats(1, 10),
    residual=st.floats(0, 0.9),
    method=st.sampled_from(METHODS),
)
def test_depreciation_adds_up_to_the_purchase_less_what_is_left(
    capital: float, life: float, residual: float, method: str
) -> None:
    years = yearly(capital, life, residual, method)
    assert sum(years) == pytest.approx(capital * (1 - residual), rel=1e-9)
    assert min(years) >= -1e-9 * capital
    assert len(years) == int(np.ceil(life))


def test_straight_line_is_even_and_declining_balance_is_early() -> None:
    assert yearly(100_000, 5, 0.0, "straight line") == pytest.approx((20_000,) * 5)
    # 40 % of 100,000, of 60,000, of 36,000; then the 21,600 left over two years
    assert yearly(100_000, 5, 0.0, "declining balance") == pytest.approx(
        (40_000, 24_000, 14_400, 10_800, 10_800)
    )
    # Half a year's worth in the last half year
    assert yearly(100_000, 2.5, 0.0, "straight line") == pytest.approx((40_000, 40_000, 20_000))


def test_how_the_books_depreciate_does_not_move_the_monthly_cost() -> None:
    first, second = (
        total_usd(hosted(tenure="owned", depreciation=method).lines(workload()), Cadence.MONTHLY)
        for method in METHODS
    )
    assert first == second
    built = hosted(tenure="owned", depreciation="declining balance", host_usd_per_gpu=0, life_years=3)
    # 2/3 of 30,000, 2/3 of 10,000, the rest
    assert "depreciation by year (declining balance): 20,000 · 6,667 · 3,333 USD." in notes_of(
        built, workload()
    )


def test_a_tariff_of_the_tables_is_converted_at_the_rate_of_the_day() -> None:
    lines = by_name(hosted(tariff(), TWD, tenure="owned", tariff="taiwan", usd_per_kwh=1.5).lines(workload()))
    assert lines["Electricity"].usd_per_unit == pytest.approx(4 / 32)
    assert lines["Electricity"].price.ref == "taiwan @ 2026-01-01"
    with pytest.raises(CrossoverError, match="no exchange rate for 'TWD'"):
        list(hosted(tariff(), tenure="owned", tariff="taiwan").lines(workload()))


def test_the_floor_of_power_when_idle_is_a_setting() -> None:
    usual = hosted(**OWNED, load_share=0, pue=1)
    half = hosted(**OWNED, load_share=0, pue=1, idle_power_share=0.5)
    assert by_name(usual.lines(workload()))["Electricity"].quantity == pytest.approx(0.35 * 730)
    assert by_name(half.lines(workload()))["Electricity"].quantity == pytest.approx(0.5 * 730)


def test_emissions_are_energy_times_the_grids_factor() -> None:
    built = hosted(GRID, **OWNED, grid="taiwan", load_share=1, pue=1, carbon_usd_per_tonne=100)
    # 1 kW x 730 h = 730 kWh a month x 0.5 kg = 0.365 t, 4.38 t a year; at 100 USD a tonne 36.50 USD a month
    line = by_name(built.lines(workload()))["Carbon price"]
    assert line.quantity == pytest.approx(0.365)
    assert line.usd == pytest.approx(36.5)
    assert "taiwan @ 2026-01-01" in line.formula
    assert "Energy: 730 kWh per month, 4.38 t CO2e per year at 0.5 kg per kWh (Taiwan)." in notes_of(
        built, workload()
    )


def test_without_a_grid_emissions_are_unknown_and_not_0() -> None:
    assert "730 kWh per month (choose a grid for its CO2e)." in notes_of(
        hosted(**OWNED, load_share=1, pue=1), workload()
    )
    with pytest.raises(Infeasible, match="a carbon price needs the emissions of a grid"):
        list(hosted(**OWNED, carbon_usd_per_tonne=1).lines(workload()))


def test_room_licences_people_and_set_up_have_lines_of_their_own() -> None:
    built = hosted(
        **OWNED,
        spare_replicas=1,
        colocation_usd_per_kw_month=150,
        licence_usd_per_gpu_year=4500,
        staff_fte=0.5,
        usd_per_fte_year=120_000,
        setup_usd=25_000,
    )
    lines = by_name(built.lines(workload()))
    assert lines["Colocation"].usd == 300  # two GPUs of 1 kW
    assert lines["Software licences"].usd == 750  # 2 x 4,500 / 12
    assert lines["Staff, full-time equivalents"].usd == 5000
    assert lines["Set-up"].usd == 25_000
    assert lines["Set-up"].cadence == Cadence.ONCE


# --- training


@pytest.mark.parametrize(("method", "factor"), [("lora", 4), ("full", 6)])
def test_training_on_own_gpus_is_its_arithmetic_over_theirs(method: str, factor: int) -> None:
    built = hosted(own_training=method, training_examples=1000, epochs=10, training_mfu=0.5)
    lines = by_name(built.lines(workload()))
    # factor x 10 G parameters x 1,000 x 1,100 x 10 tokens / (0.5 x 50 TFLOPS) / 3,600 s = factor x 1.2222 h
    hours = factor * 1e10 * 1.1e7 / 2.5e13 / 3600
    assert lines["Own training"].quantity == pytest.approx(hours)
    assert lines["Own training"].usd == pytest.approx(hours * 2)
    assert lines["Own training"].cadence == Cadence.ONCE
    assert lines["Own retraining"].usd == pytest.approx(hours * 2 * 2 / 12)


def test_training_on_bought_gpus_is_priced_by_what_an_hour_of_them_comes_to() -> None:
    built = hosted(
        **OWNED, own_training="full", host_usd_per_gpu=0, life_years=3, load_share=0, pue=1, usd_per_kwh=0.1
    )
    # (30,000 / 36 + 730 kWh x 0.1) / 730.5 h
    usd = (30_000 / 36 + 73) / 730.5
    assert by_name(built.lines(workload()))["Own training"].usd_per_unit == pytest.approx(usd)


def test_without_own_training_there_is_no_line_for_it() -> None:
    assert not [line for line in hosted().lines(workload()) if line.category == CostCategory.TRAINING]


def test_pre_training_is_six_flops_a_parameter_and_token() -> None:
    built = PreTraining.build({**PLAIN, "pretraining_gtokens": 1000, "pretraining_mfu": 0.5}, prices())
    line = by_name(built.lines(workload()))["Pre-training"]
    # 6 x 1e10 x 1e12 = 6e22 FLOPs / (0.5 x 5e13) = 2.4e9 s = 666,667 h x 2 USD
    assert line.quantity == pytest.approx(666_666.67)
    assert line.usd == pytest.approx(1_333_333.33)
    assert line.cadence == Cadence.ONCE
    assert "A reference, not an offer: 6 x 10 G parameters x 1000 G tokens" in notes_of(built, workload())


def test_pre_training_takes_twenty_tokens_a_parameter_where_none_are_given() -> None:
    assert PreTraining.build(PLAIN, prices()).tokens_g == 200
    sparse = open_model(total_params_b=100, active_params_b=10, routed_experts=16, experts_per_token=1)
    assert PreTraining.build(PLAIN, prices(sparse)).tokens_g == 2000


def test_pre_training_costs_a_self_hosted_fleet_and_the_training() -> None:
    built = PreTraining.build(PLAIN, prices())
    extra = [line for line in built.lines(workload()) if str(line.name) == "Pre-training"]
    rest = [line for line in built.lines(workload()) if str(line.name) != "Pre-training"]
    assert len(extra) == 1
    assert rest == list(hosted().lines(workload()))


# --- the day, and base load with overflow


@given(peak=st.floats(1, 100))
def test_a_days_load_has_the_average_1_and_the_peak_that_was_asked_for(peak: float) -> None:
    load = day_load(peak)
    assert len(load) == SLOTS
    assert np.mean(load) == pytest.approx(1)
    assert np.max(load) == pytest.approx(peak, rel=1e-6)
    assert np.all(np.diff(load) >= 0)


@given(peak=st.floats(1, 100), percentiles=st.lists(st.floats(0, 100), min_size=2, max_size=2))
def test_a_higher_percentile_covers_more(peak: float, percentiles: list[float]) -> None:
    low, high = (level(peak, p) for p in sorted(percentiles))
    assert low <= high * (1 + 1e-9)
    assert 0 <= share_below(peak, low) <= share_below(peak, high) * (1 + 1e-9) <= 1 + 1e-9


def test_of_a_flat_day_any_base_is_all() -> None:
    assert level(1, 5) == 1
    assert share_below(1, 1) == 1


def overflow(percentile: float, *rows: Fact, **settings: Setting) -> Overflow:
    given_settings = {**PLAIN, "model": "acme/large", "percentile": percentile, **settings}
    return Overflow.build(given_settings, prices(*rows))


@pytest.mark.parametrize("volume", [1, 50_000, 400_000])
def test_at_percentile_100_it_is_the_self_hosted_fleet(volume: float) -> None:
    load = workload(volume, peak_to_average=3)
    assert list(overflow(100).lines(load)) == list(hosted().lines(load))


@pytest.mark.parametrize("volume", [1, 50_000, 400_000])
def test_at_percentile_0_it_is_the_api(volume: float) -> None:
    load = workload(volume, peak_to_average=3)
    api = StuffedPrompt.build({"model": "acme/large"}, prices())
    assert list(overflow(0).lines(load)) == list(api.lines(load))
    assert list(overflow(0).step_requests_per_day(load, 5)) == []


def test_the_fleet_and_the_api_answer_all_requests_between_them() -> None:
    load = workload(400_000, peak_to_average=3)
    built = overflow(50)
    lines = by_name(built.lines(load))
    answered = built.fleet.share(load).of_requests
    # 400,000 x 30.4375 = 12.175 M requests a month of 1,000 tokens
    assert lines["Input tokens"].quantity == pytest.approx(12_175 * (1 - answered))
    # The median of the day is 0.516 of the average of 4.63 a second: 2.39 a second, three replicas
    assert lines["GPU rent"].quantity == 3 * 730.5


def test_the_best_percentile_is_the_cheapest_of_those_tried() -> None:
    load = workload(400_000, peak_to_average=3)
    built = overflow(50)
    best, usd = built.best_percentile(load, 12)
    for percentile in TRIED_PERCENTILES:
        assert usd <= total_usd(overflow(percentile).lines(load), Cadence.MONTHLY)
    assert usd == total_usd(overflow(best).lines(load), Cadence.MONTHLY)
    assert f"the cheapest at this volume is {best:g}, at {usd:,.0f} USD per month" in notes_of(built, load)


def test_a_model_that_does_not_fit_still_has_a_best_percentile_of_0() -> None:
    large = open_model(total_params_b=200, active_params_b=200)
    load = workload(400_000, peak_to_average=3)
    assert overflow(0, large).best_percentile(load, 12)[0] == 0


# --- files


def test_a_scenario_with_the_new_settings_reads_back_as_it_was() -> None:
    case = scenario(
        choice(
            "self_hosted",
            **PLAIN,
            tenure="owned",
            redundancy="doubled",
            gpus_per_server=8,
            depreciation="declining balance",
            grid="taiwan",
            tariff=None,
            own_training="lora",
        ),
        choice("overflow", **PLAIN, model="acme/large", percentile=35.0),
        choice("pre_training", **PLAIN),
    )
    assert read(dump(case), "case.yaml") == case
    outcomes = compare(case, book(GRID, gpu(), deployment())).outcomes
    assert [outcome.infeasible_reason for outcome in outcomes] == [None, None, None]


def test_reserved_hours_that_are_switched_off_are_idle() -> None:
    # Half of the hours on, all requests in them, half a replica's worth: the replica is fully busy when on.
    reserved = offer(commitment="1 year")
    fleet = hosted(reserved, rent_offer="acme/g1", hours_on_share=0.5).fleet
    load = workload(43_200, peak_to_average=2)
    assert fleet.average_busy_share(load) == 1
    # 730.5 h x 3 USD are paid for, half of them used
    assert fleet.idle_usd_per_month(load) == pytest.approx(730.5 * 3 / 2)
    on_demand = hosted(offer(), rent_offer="acme/g1", hours_on_share=0.5)
    assert on_demand.fleet.idle_usd_per_month(load) == 0


def test_every_adapter_is_trained_on_its_own() -> None:
    def hours(**settings: Setting) -> Any:
        return by_name(hosted(**settings).lines(workload()))["Own training"]

    assert hours(own_training="lora", adapters=5).quantity == pytest.approx(
        5 * hours(own_training="lora", adapters=1).quantity
    )
    assert hours(own_training="lora", adapters=0).quantity == hours(own_training="lora", adapters=1).quantity
    assert hours(own_training="full", adapters=5).quantity == hours(own_training="full").quantity
    assert hours(own_training="lora", adapters=5).formula.endswith("x 5 adapters")


def test_spares_that_do_not_make_up_for_a_server_are_said() -> None:
    short = hosted(gpus_per_server=8, spare_replicas=1)
    assert "A server holds 8 replicas: 1 to spare do not make up" in notes_of(short, workload())
    for enough in ({"spare_replicas": 8}, {"redundancy": "doubled"}, {"spare_replicas": 0}):
        assert "do not make up" not in notes_of(hosted(gpus_per_server=8, **enough), workload())


def test_a_load_for_power_far_from_the_fleets_own_is_said() -> None:
    busy = hosted(**OWNED, load_share=0.5)
    assert "counted at a load of 50%, as set; the fleet is 1% busy" in notes_of(busy, workload(1000))
    assert "Power is counted" not in notes_of(busy, workload(43_200))
