"""Every strategy of the folder keeps the laws; each one's formula is worked by hand."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from costing import strategies as folder
from costing.cost_lines import Cadence, CostLine, total_usd, usd_per_month
from costing.strategies import registered
from costing.strategies.fine_tuned import FineTuned
from costing.strategies.self_hosted import SelfHosted
from costing.strategies.stuffed_prompt import StuffedPrompt
from costing.strategy.base import Infeasible, Knob, Pick, Setting, Strategy
from costing.workload.workload import Workload
from i18n.errors import CrossoverError
from pricing.rows import Deployment, Evidence, Fact, ModelPrice, Tokenizer, TunedPrice

from ...support.factories import (
    DAY,
    cached_model_price,
    counted,
    deployment,
    frozen_prices,
    gpu,
    open_model,
    prices,
    request_tokens,
    tuned_price,
    workload,
)

STRATEGIES = list(registered().values())
every_strategy = pytest.mark.parametrize("kind", STRATEGIES, ids=lambda kind: str(kind.id()))
NEXT_YEAR = date(2027, 11, 22)
CALL, RESULT = counted(50), counted(200)


def everywhere(requests_per_day: Any, peak_to_average: float = 2, turns: int = 1, **parts: float) -> Workload:
    """A workload counted alike in every family of the tables."""
    tokens = request_tokens(**{"question": 1000, "answer": 100, **parts})
    families = frozen_prices().rows(Tokenizer)
    return Workload(requests_per_day, peak_to_average, turns, dict.fromkeys(families, tokens))


def typed(number: float) -> float:
    """A number as somebody types it: to a millionth."""
    return round(number, 6)


@st.composite
def settings_of(draw: st.DrawFn, kind: type[Strategy]) -> dict[str, Setting]:
    """Any rows of the tables, and any values of the knobs within their ranges."""
    chosen: dict[str, Setting] = {}
    for name, pick in kind.picks().items():
        rows = frozen_prices().rows(pick.kind)
        if pick.is_optional:
            # An offer for another GPU than the deployment's is refused: see its own test.
            gpu_id = frozen_prices().deployment(str(chosen["deployment"])).gpu
            fitting = [row_id for row_id, row in rows.items() if getattr(row, "gpu", gpu_id) == gpu_id]
            chosen[name] = draw(st.none() | st.sampled_from([None, *sorted(fitting)]))
        else:
            chosen[name] = draw(st.sampled_from(sorted(rows)))
    for name, knob in kind.knobs().items():
        if knob.kind == "choice":
            chosen[name] = draw(st.sampled_from(sorted(knob.choices)))
        elif knob.kind == "switch":
            chosen[name] = draw(st.booleans())
        else:
            assert knob.low is not None
            assert knob.high is not None
            numbers: st.SearchStrategy[float | None] = st.floats(knob.low, knob.high).map(typed)
            if knob.kind == "integer":
                numbers = st.integers(int(knob.low), int(knob.high))
            chosen[name] = draw(st.just(knob.default) | numbers)
    return chosen


@st.composite
def workloads(draw: st.DrawFn) -> Workload:
    tokens = {
        "instruction": st.integers(0, 3000),
        "example": st.integers(0, 3000),
        "knowledge": st.integers(0, 20_000),
        "question": st.integers(1, 3000),
        "answer": st.integers(1, 2000),
    }
    parts = {part: draw(numbers) for part, numbers in tokens.items()}
    load = everywhere(draw(st.floats(1, 1e7)), draw(st.floats(1, 20)), draw(st.integers(1, 5)), **parts)
    used = dict.fromkeys(load.tokens, replace(load.counted("o200k_base"), tool_call=CALL, tool_result=RESULT))
    return replace(
        load,
        tokens=used,
        seconds_between_turns=draw(st.floats(0, 1000)),
        retry_share=draw(st.floats(0, 0.9)),
        tool_calls=draw(st.just(0.0) | st.floats(0, 5)),
    )


def lines_of(strategy: Strategy, load: Workload) -> list[CostLine]:
    """The lines; a workload that the strategy cannot serve is not looked at."""
    try:
        return list(strategy.lines(load))
    except Infeasible:
        assume(False)
        raise


def cold(settings: dict[str, Setting]) -> dict[str, Setting]:
    """Without prompt caching, where more requests may well cost less: they keep the cache warm."""
    return {name: False if name == "caching" else value for name, value in settings.items()}


# --- what is declared


def test_a_file_of_the_folder_is_a_strategy_by_the_name_of_its_file() -> None:
    assert {"stuffed_prompt", "fine_tuned", "self_hosted"} <= set(registered())
    for strategy_id, kind in registered().items():
        assert kind.__module__ == f"{folder.__name__}.{strategy_id}"


def test_strategies_stand_in_their_order() -> None:
    orders = [kind.order for kind in STRATEGIES]
    assert orders == sorted(set(orders))


@every_strategy
def test_a_strategy_has_a_title_a_summary_and_its_formula(kind: type[Strategy]) -> None:
    assert kind.title
    assert kind.summary
    assert "=" in (kind.__doc__ or "")


@every_strategy
def test_every_setting_has_a_label_and_help(kind: type[Strategy]) -> None:
    declared: list[Knob | Pick] = [*kind.knobs().values(), *kind.picks().values()]
    for setting in declared:
        assert setting.label
        assert setting.help


@every_strategy
def test_every_default_is_in_its_range(kind: type[Strategy]) -> None:
    for knob in kind.knobs().values():
        assert knob.error(knob.default) is None


@every_strategy
def test_a_number_outside_its_range_is_refused(kind: type[Strategy]) -> None:
    for knob in kind.knobs().values():
        if knob.kind in ("number", "integer"):
            assert knob.low is not None
            assert knob.high is not None
            assert knob.low < knob.high
            assert knob.error(knob.low) is None
            assert knob.error(knob.high) is None
            assert "is outside" in str(knob.error(knob.low - 1))
            assert "is outside" in str(knob.error(knob.high + 1))
            assert "is not a number" in str(knob.error("1"))
            assert "is not a number" in str(knob.error(True))
            assert "is not a finite number" in str(knob.error(float("nan")))
        if knob.kind == "integer":
            assert "is not a whole number" in str(knob.error((knob.low or 0) + 0.5))
        if knob.kind == "switch":
            assert "is not true or false" in str(knob.error(1))
        if knob.kind == "choice":
            assert "is not one of" in str(knob.error("something else"))


@every_strategy
def test_an_unknown_setting_is_answered_with_the_nearest(kind: type[Strategy]) -> None:
    name = [*kind.knobs(), *kind.picks()][0]
    errors = dict(kind.setting_errors({name + "x": 1}))
    assert str(errors[name + "x"]) == f"unknown setting; did you mean '{name}'?"


@every_strategy
def test_a_row_must_be_named(kind: type[Strategy]) -> None:
    errors = dict(kind.setting_errors({}))
    assert set(errors) == set(kind.required_picks())
    assert all(str(what).startswith("missing (name a row") for what in errors.values())


@every_strategy
def test_a_strategy_with_its_rows_named_can_be_built_from_its_defaults(kind: type[Strategy]) -> None:
    rows = {name: min(frozen_prices().rows(pick.kind)) for name, pick in kind.picks().items()}
    values = kind.build(rows, frozen_prices()).values()
    for name, knob in kind.knobs().items():
        assert values[name] == knob.default
    for name, pick in kind.picks().items():
        assert isinstance(values[name], pick.kind)


@every_strategy
def test_every_bad_setting_is_reported_at_once(kind: type[Strategy]) -> None:
    numbers = [name for name, knob in kind.knobs().items() if knob.kind in ("number", "integer")][:2]
    with pytest.raises(CrossoverError) as error:
        kind.build(dict.fromkeys(numbers, "x"), frozen_prices())
    error_lines = str(error.value).splitlines()
    assert [line.split(": ")[0] for line in error_lines] == [*numbers, *kind.required_picks()]


def test_a_whole_number_may_be_written_with_a_point() -> None:
    built = FineTuned.build({"offer": "acme/tuned", "epochs": 4.0}, prices())
    assert type(built.epochs) is int
    assert built.epochs == 4


def test_a_misspelt_row_is_answered_with_the_nearest() -> None:
    with pytest.raises(CrossoverError, match=r"no price for 'acme/larg' .* did you mean 'acme/large'"):
        StuffedPrompt.build({"model": "acme/larg"}, prices())


# --- laws that every strategy keeps


@every_strategy
@given(data=st.data(), load=workloads(), factor=st.floats(1, 1000))
def test_more_requests_never_cost_less(
    kind: type[Strategy], data: st.DataObject, load: Workload, factor: float
) -> None:
    strategy = kind.build(cold(data.draw(settings_of(kind))), frozen_prices())
    few = usd_per_month(lines_of(strategy, load), 12)
    many = usd_per_month(lines_of(strategy, load.at(load.requests_per_day * factor)), 12)
    assert float(many) >= float(few) * (1 - 1e-9)


@every_strategy
@given(data=st.data(), load=workloads())
def test_lines_add_up_to_the_total(kind: type[Strategy], data: st.DataObject, load: Workload) -> None:
    strategy = kind.build(data.draw(settings_of(kind)), frozen_prices())
    lines = lines_of(strategy, load)
    by_hand = {"monthly": 0.0, "once": 0.0}
    for line in lines:
        by_hand[line.cadence] += float(line.quantity) * float(line.usd_per_unit)
    for cadence, usd in by_hand.items():
        assert total_usd(lines, cadence) == pytest.approx(usd, rel=1e-12)  # type: ignore[arg-type]
    spread = by_hand["monthly"] + by_hand["once"] / 24
    assert usd_per_month(lines, 24) == pytest.approx(spread, rel=1e-12)


@every_strategy
@given(data=st.data(), load=workloads())
def test_an_array_of_volumes_gives_what_a_loop_of_volumes_gives(
    kind: type[Strategy], data: st.DataObject, load: Workload
) -> None:
    strategy = kind.build(data.draw(settings_of(kind)), frozen_prices())
    volumes = np.array([1.0, 288.0, 1e4, 3.7e5, 1e8])
    at_once = lines_of(strategy, load.at(volumes))
    totals = np.broadcast_to(usd_per_month(at_once, 12), volumes.shape)
    for index, volume in enumerate(volumes):
        alone = list(strategy.lines(load.at(float(volume))))
        assert [str(line.name) for line in alone] == [str(line.name) for line in at_once]
        assert totals[index] == pytest.approx(float(usd_per_month(alone, 12)), rel=1e-12)


@every_strategy
@given(data=st.data(), load=workloads())
def test_every_line_says_what_it_is_and_where_its_price_came_from(
    kind: type[Strategy], data: st.DataObject, load: Workload
) -> None:
    strategy = kind.build(data.draw(settings_of(kind)), frozen_prices())
    lines = lines_of(strategy, load)
    assert lines
    for line in lines:
        assert str(line.name)
        assert line.category
        assert line.unit
        assert line.price.ref
        assert line.price.source
        assert (line.price.checked_on is None) == line.price.ref.startswith("input: ")
        assert float(line.quantity) >= 0
        assert float(line.usd_per_unit) >= 0
        assert np.isfinite(float(line.usd))


@every_strategy
@given(data=st.data(), load=workloads())
def test_a_cost_jumps_up_at_its_steps_and_is_straight_between(
    kind: type[Strategy], data: st.DataObject, load: Workload
) -> None:
    strategy = kind.build(cold(data.draw(settings_of(kind))), frozen_prices())

    def usd(volume: float) -> float:
        return float(usd_per_month(lines_of(strategy, load.at(volume)), 12))

    usd(1.0)  # so that only workloads which can be served are looked at
    steps = strategy.step_requests_per_day(load, 3)
    for step in steps:
        assert usd(step * (1 + 1e-6)) >= usd(step)
    for low, high in pairwise(steps):
        first, middle, last = (usd(low + (high - low) * share) for share in (0.25, 0.5, 0.75))
        assert middle - first == pytest.approx(last - middle, rel=1e-6, abs=1e-9 * last)


@every_strategy
@given(data=st.data(), load=workloads())
def test_notes_are_sentences(kind: type[Strategy], data: st.DataObject, load: Workload) -> None:
    strategy = kind.build(data.draw(settings_of(kind)), frozen_prices())
    lines_of(strategy, load)
    for note in strategy.notes(load, DAY, NEXT_YEAR):
        assert str(note).endswith(".")
        assert "{" not in str(note)


# --- every row of the tables can be priced


@pytest.mark.parametrize("row", frozen_prices().rows(ModelPrice).values(), ids=lambda row: str(row.id))
def test_every_model_prices_a_request_at_its_row(row: ModelPrice) -> None:
    built = StuffedPrompt.build({"model": row.id, "caching": False}, frozen_prices())
    # 30,437.5 requests of 1,000 tokens in and 100 out: 30.4375 and 3.04375 Mtok.
    usd = Decimal("30.4375") * row.input_usd_per_mtok + Decimal("3.04375") * row.output_usd_per_mtok
    assert float(total_usd(built.lines(everywhere(1000)), Cadence.MONTHLY)) == pytest.approx(
        float(usd), rel=1e-9
    )


@pytest.mark.parametrize("row", frozen_prices().rows(TunedPrice).values(), ids=lambda row: str(row.id))
def test_every_offer_prices_its_training_and_hosting_at_its_row(row: TunedPrice) -> None:
    settings: dict[str, Setting] = {"offer": row.id, "training_examples": 1000, "epochs": 2}
    built = FineTuned.build(settings, frozen_prices())
    if row.training_usd_per_mtok is None or row.hosting_usd_per_hour is None:
        with pytest.raises(Infeasible, match=f"^{re.escape(row.id)} has no "):
            list(built.lines(everywhere(1000)))
        return
    lines = {str(line.name): line for line in built.lines(everywhere(1000))}
    # 1,000 examples x (1,000 + 100) tokens x 2 = 2.2 Mtok; 730.5 hours a month.
    assert float(lines["Training"].usd) == pytest.approx(2.2 * float(row.training_usd_per_mtok), rel=1e-9)
    hosting = lines.get("Hosting of the tuned model")
    hosted_usd = 0.0 if hosting is None else float(hosting.usd)
    assert hosted_usd == pytest.approx(730.5 * float(row.hosting_usd_per_hour), rel=1e-9)


@pytest.mark.parametrize("tenure", ["rented", "owned"])
@pytest.mark.parametrize("row", frozen_prices().rows(Deployment).values(), ids=lambda row: str(row.id))
def test_every_deployment_has_a_cost_or_a_reason(row: Deployment, tenure: str) -> None:
    built = SelfHosted.build({"deployment": row.id, "tenure": tenure}, frozen_prices())
    if tenure == "owned" and frozen_prices().gpu(row.gpu).all_in_kw is None:
        with pytest.raises(Infeasible, match="power is not in the tables"):
            list(built.lines(everywhere(1000)))
        built = built.with_settings({"it_kw_per_gpu": 1.0})
    assert float(total_usd(built.lines(everywhere(1000)), Cadence.MONTHLY)) > 100


# --- stuffed prompt


def test_a_stuffed_prompt_sends_all_parts_with_every_request() -> None:
    built = StuffedPrompt.build({"model": "acme/large"}, prices())
    load = workload(1000, instruction=500, example=300, knowledge=200, question=1000, answer=100)
    assert built.prompt(load).input_tokens == 2000
    assert built.tokens_per_request(load) == 2100
    # 30,437.5 x 2,000 = 60.875 Mtok x 2 = 121.75; 3.04375 x 10 = 30.4375
    assert total_usd(built.lines(load), Cadence.MONTHLY) == pytest.approx(152.1875, rel=1e-12)


def test_an_assumed_lifetime_is_used_only_where_none_is_published() -> None:
    settings: dict[str, Setting] = {"model": "acme/large", "assumed_cache_ttl_s": 1}
    load = workload(1000, instruction=2000)
    published, unpublished = (
        StuffedPrompt.build(settings, prices(cached_model_price(cache_ttl_s=ttl))) for ttl in (300, None)
    )
    assert float(total_usd(unpublished.lines(load), Cadence.MONTHLY)) > float(
        total_usd(published.lines(load), Cadence.MONTHLY)
    )


def test_a_retired_model_cannot_be_started() -> None:
    row = cached_model_price(retires_on=DAY)
    built = StuffedPrompt.build({"model": "acme/large"}, prices(row))
    built.check_startable(date(2026, 11, 21))
    with pytest.raises(Infeasible, match=r"^acme/large was retired on 2026-11-22 \(choose another model\)$"):
        built.check_startable(DAY)


# --- fine-tuned


def tuned(row: TunedPrice | None = None, **settings: Setting) -> FineTuned:
    return FineTuned.build({"offer": "acme/tuned", **settings}, prices(*([row] if row else [])))


def test_training_is_paid_once_and_retraining_every_month() -> None:
    built = tuned(training_examples=1000, epochs=3, retrainings_per_year=6, instruction_kept_share=0.5)
    load = workload(1000, instruction=800, example=300, question=1000, answer=100)
    lines = {str(line.name): line for line in built.lines(load)}
    # 1,000 x (400 + 1,000 + 100) x 3 = 4.5 Mtok x 10 = 45 USD once; x 6 / 12 = 22.5 USD a month
    assert lines["Training"].quantity == pytest.approx(4.5)
    assert lines["Training"].usd == pytest.approx(45)
    assert lines["Training"].cadence == Cadence.ONCE
    assert lines["Retraining"].usd == pytest.approx(22.5)
    assert lines["Retraining"].cadence == Cadence.MONTHLY
    # 30,437.5 x 1,400 = 42.6125 Mtok in
    assert lines["Input tokens"].quantity == pytest.approx(42.6125)


def test_without_retraining_there_is_no_line_for_it() -> None:
    names = {str(line.name) for line in tuned(retrainings_per_year=0).lines(workload())}
    assert names == {"Training", "Input tokens", "Output tokens"}


def test_hosting_is_paid_by_the_hour_around_the_clock() -> None:
    lines = tuned(tuned_price(hosting_usd_per_hour=1.7)).lines(workload())
    hosting = {str(line.name): line for line in lines}["Hosting of the tuned model"]
    # 730.5 h x 1.70 = 1,241.85
    assert hosting.usd == pytest.approx(1241.85, rel=1e-12)


def test_storage_is_paid_by_the_month() -> None:
    lines = tuned(tuned_price(storage_usd_per_month=1.95)).lines(workload())
    assert {str(line.name): line for line in lines}["Storage of the tuned model"].usd == pytest.approx(1.95)


@pytest.mark.parametrize(("minimum", "usd"), [(32, 33), (34, 34)])
def test_a_job_costs_at_least_the_vendors_minimum(minimum: int, usd: float) -> None:
    built = tuned(tuned_price(minimum_usd_per_job=minimum), training_examples=1000, epochs=3)
    load = workload(question=1000, answer=100)
    lines = {str(line.name): line for line in built.lines(load)}
    # 1,000 x (1,000 + 100) x 3 = 3.3 Mtok x 10 = 33 USD; 2 retrainings a year
    assert lines["Training"].usd == pytest.approx(usd)
    assert lines["Retraining"].usd == pytest.approx(usd * 2 / 12)


@pytest.mark.parametrize(
    ("unknown", "reason"),
    [
        (
            {"training_usd_per_mtok": None},
            "acme/tuned has no known training price per token (choose another offer, or add the price)",
        ),
        (
            {"training_usd_per_mtok": None, "training_usd_per_hour": 100},
            "acme/tuned has no training price per token: it trains at 100 USD per hour, and how many hours "
            "is not known (choose another offer)",
        ),
        (
            {"hosting_usd_per_hour": None},
            "acme/tuned has no known hosting fee (choose another offer, or add the fee: 0 if there is none)",
        ),
    ],
)
def test_an_unknown_price_of_an_offer_is_not_taken_for_0(unknown: dict[str, Any], reason: str) -> None:
    with pytest.raises(Infeasible) as error:
        list(tuned(tuned_price(**unknown)).lines(workload()))
    assert str(error.value) == reason


def test_a_training_price_of_0_is_a_known_one() -> None:
    lines = {str(line.name): line for line in tuned(tuned_price(training_usd_per_mtok=0)).lines(workload())}
    assert lines["Training"].usd == 0


def test_openai_and_azure_tuned_gpt_4_1_cross_at_709_million_tokens_a_month() -> None:
    # At 3 in to 1 out OpenAI's blend is (3 x 3 + 12) / 4 = 5.25 and Azure's (3 x 2 + 8) / 4 = 3.50 USD per
    # Mtok. Azure's hosting, 1,241.85 USD a month, pays off at 1,241.85 / 1.75 = 709.6 Mtok.
    openai, azure = (
        FineTuned.build({"offer": offer, "caching": False}, frozen_prices())
        for offer in ("openai/tuned-gpt-4.1", "azure/tuned-gpt-4.1@global")
    )
    mtok_per_request = 1000 / 1e6
    for mtok_per_month, cheaper, costlier in ((709, openai, azure), (710.5, azure, openai)):
        load = everywhere(mtok_per_month / mtok_per_request / 30.4375, question=750, answer=250)
        assert total_usd(cheaper.lines(load), Cadence.MONTHLY) < total_usd(
            costlier.lines(load), Cadence.MONTHLY
        )


def test_an_offer_that_was_shut_down_cannot_be_started() -> None:
    built = tuned(tuned_price(retires_on=date(2026, 10, 23)))
    with pytest.raises(
        Infeasible, match=r"^acme/tuned was shut down on 2026-10-23 \(choose another offer\)$"
    ):
        built.check_startable(DAY)


def test_an_offer_takes_new_jobs_up_to_its_last_day() -> None:
    built = tuned(tuned_price(new_jobs_until=date(2027, 1, 6)))
    built.check_startable(date(2027, 1, 6))
    with pytest.raises(Infeasible, match="acme/tuned takes no new training jobs after 2027-01-06"):
        built.check_startable(date(2027, 1, 7))


def test_the_articles_own_example_says_that_it_is_closed_to_new_customers() -> None:
    built = FineTuned.build({"offer": "openai/tuned-gpt-4o-mini"}, frozen_prices())
    built.check_startable(DAY)
    notes = [str(note) for note in built.notes(everywhere(1000), DAY, NEXT_YEAR)]
    assert notes == [
        "OpenAI takes no new customers for this tuned model since 2026-05-07: only companies that already "
        "tune there can choose it.",
        "OpenAI starts no new training after 2027-01-06: no retraining from then on.",
        "GPT-4o mini (OpenAI, global) retires on 2027-01-14, within the horizon: plan a successor. Its price "
        "is assumed to go on.",
    ]


@pytest.mark.parametrize("offer", ["openai/tuned-gpt-4.1-nano", "openai/tuned-gpt-3.5-turbo"])
def test_openais_tuned_models_of_2025_can_no_longer_be_started(offer: str) -> None:
    built = FineTuned.build({"offer": offer}, frozen_prices())
    built.check_startable(date(2026, 10, 22))
    with pytest.raises(Infeasible, match="was shut down on 2026-10-23"):
        built.check_startable(DAY)


# --- self-hosted


def hosted(*rows: Fact, **settings: Setting) -> SelfHosted:
    plain: dict[str, Setting] = {
        "deployment": "open-10b-1xg1",
        "target_utilisation_share": 1.0,
        "spare_replicas": 0,
    }
    return SelfHosted.build({**plain, **settings}, prices(*rows))


def test_a_replica_answers_its_measured_tokens_over_the_tokens_of_an_answer() -> None:
    # 100 output tokens a second / 100 an answer = 1 request a second
    assert hosted().fleet.capacity_requests_per_s(workload()) == 1


@pytest.mark.parametrize(
    ("volume", "replicas"), [(1, 1), (86_400, 1), (86_500, 2), (172_800, 2), (864_000, 10)]
)
def test_rent_is_paid_for_whole_replicas_around_the_clock(volume: float, replicas: int) -> None:
    (line,) = hosted().lines(workload(volume))
    # a replica of 1 GPU x 730.5 h x 2 USD = 1,461 USD a month
    assert line.quantity == replicas * 730.5
    assert line.usd == pytest.approx(replicas * 1461, rel=1e-12)
    assert line.price.ref == "g1 @ 2026-01-01"


def test_the_fleet_is_sized_for_the_peak_at_the_planned_utilisation_with_spares() -> None:
    # 86,400 a day = 1 a second; the peak is 3; a replica is planned to do 0.5: 6 replicas and 2 spares.
    built = hosted(target_utilisation_share=0.5, spare_replicas=2)
    (line,) = built.lines(workload(86_400, peak_to_average=3))
    assert line.quantity == 8 * 730.5


def test_a_replica_of_several_gpus_pays_for_each() -> None:
    (line,) = hosted(deployment(gpus_per_replica=4)).lines(workload())
    assert line.quantity == 4 * 730.5


def test_a_rent_of_ones_own_replaces_the_tables() -> None:
    (line,) = hosted(rent_usd_per_gpu_hour=1.5).lines(workload())
    assert line.usd_per_unit == 1.5
    assert line.price.ref == "input: rent_usd_per_gpu_hour"
    assert line.evidence == Evidence.ASSUMED


def test_a_free_gpu_is_free_and_not_the_tables_price() -> None:
    (line,) = hosted(rent_usd_per_gpu_hour=0).lines(workload())
    assert line.usd == 0


def test_bought_gpus_cost_their_capital_maintenance_and_power() -> None:
    built = hosted(
        tenure="owned",
        life_years=3,
        wacc_share=0,
        host_usd_per_gpu=6000,
        maintenance_share=0.05,
        load_share=0.5,
        pue=1.4,
        usd_per_kwh=0.10,
        staff_usd_per_month=500,
    )
    usd = {str(line.name): line.usd for line in built.lines(workload())}
    assert usd == {
        "GPUs, capital recovered": pytest.approx(30_000 / 36),
        "Host and network, capital recovered": pytest.approx(6000 / 36),
        "Maintenance": pytest.approx(36_000 * 0.05 / 12),
        "Electricity": pytest.approx(1 * 0.675 * 1.4 * 730 * 0.10),
        "Staff": 500,
    }


def test_gpus_of_unknown_power_need_it_filled_in_when_bought() -> None:
    unknown = gpu(all_in_kw=None)
    assert list(hosted(unknown).lines(workload()))
    with pytest.raises(Infeasible) as error:
        list(hosted(unknown, tenure="owned").lines(workload()))
    assert str(error.value) == ("G1: power is not in the tables (fill in 'Power per GPU with its server')")
    assert list(hosted(unknown, tenure="owned", it_kw_per_gpu=1.0).lines(workload()))


def test_a_model_that_does_not_fit_says_how_many_gpus_would() -> None:
    # 200 G parameters at a byte each; a GPU holds 100 GiB x 0.9 = 96.6 GB, three hold 289.9 GB.
    large = open_model(total_params_b=200, active_params_b=200)
    with pytest.raises(Infeasible) as error:
        list(hosted(large).lines(workload()))
    assert str(error.value) == (
        "Open 10B on 1 × G1 does not fit its GPUs at 1,100 tokens of context: 3 of them would"
    )
    assert list(hosted(large, deployment(gpus_per_replica=3)).lines(workload()))


def test_a_prompt_longer_than_the_open_models_window_is_a_reason() -> None:
    short = open_model(context_window_tokens=1099)
    with pytest.raises(Infeasible, match=r"Open 10B: .* of 1,100 tokens exceed its window of 1,099"):
        list(hosted(short).lines(workload()))
    assert list(hosted(open_model(context_window_tokens=1100)).lines(workload()))


def test_a_share_of_the_prompt_can_be_tuned_into_the_open_model() -> None:
    built = hosted(instruction_kept_share=0.5, example_kept_share=0, knowledge_kept_share=0.25)
    load = workload(instruction=1000, example=1000, knowledge=1000)
    assert built.prompt(load).prefix_tokens == 750


def test_the_fleet_grows_where_its_replicas_are_full() -> None:
    # 1 a second x 0.5 x 86,400 / 2 = 21,600 a day a replica
    built = hosted(target_utilisation_share=0.5)
    steps = built.step_requests_per_day(workload(peak_to_average=2), 3)
    assert np.array_equal(steps, [21_600, 43_200, 64_800])


def test_a_fleet_says_how_large_and_how_busy_it_is() -> None:
    built = hosted(deployment(note="an offline maximum"), spare_replicas=1)
    notes = [str(note) for note in built.notes(workload(43_200), DAY, NEXT_YEAR)]
    # 43,200 a day is half a second's worth of the one replica; with the spare a quarter.
    assert notes == [
        "Fleet: 2 × 1 GPU. A replica gives 100 output tokens/s at these lengths (published); the fleet "
        "is 25.0% busy on average, 25.0% at the peak.",
        # three quarters of 2 x 1,461 USD
        "Idle capacity: 2,192 of the machines' 2,922 USD per month.",
        # 10 places, 10 s a request, half a request a second: 5 are busy; Erlang C of 10 and 5 is 3.6 %.
        "At the peak, without spares, 3.6% of requests wait for one of 10 places, 72 ms on average over all "
        "(random arrivals, M/M/c). While all places are taken a token comes every 100 ms, sooner while they "
        "are not.",
        # worked out in test_first_token.py
        "Time to the first token of a typical request at the peak: 1,917 ms, 72 of them waiting for a "
        "place (estimated; ± 60%, 1 sigma). Tails are longer.",
        "Measured speed: an offline maximum.",
    ]


def test_a_bought_and_a_rented_fleet_are_told_apart() -> None:
    assert str(hosted().label) == "Self-hosted · Open 10B (G1, rented)"
    assert str(hosted(tenure="owned").label) == "Self-hosted · Open 10B (G1, bought)"
