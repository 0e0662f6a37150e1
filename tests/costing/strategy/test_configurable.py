"""Settings of composed strategies: declared once, addressed by flat names, routed to their part."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costing.fleet import BaseLoad, Fleet
from costing.fleet.training import FleetTraining
from costing.strategies import registered
from costing.strategies.self_hosted import SelfHosted
from costing.strategies.stuffed_prompt import StuffedPrompt
from costing.strategy.base import Knob, Setting, Strategy, knob
from costing.strategy.configurable import Configurable, part
from costing.units import Unit
from i18n.errors import CrossoverError

from ...support.factories import frozen_prices

KINDS = pytest.mark.parametrize("kind", registered().values(), ids=lambda kind: str(kind.id()))


@dataclass(frozen=True, kw_only=True)
class Engine(Configurable):
    power_kw: float = knob(1.0, label="Power", unit=Unit.COUNT, low=0, high=10)


@dataclass(frozen=True, kw_only=True)
class DieselEngine(Configurable):
    litres: float = knob(2.0, label="Litres", unit=Unit.COUNT, low=0, high=10)


@dataclass(frozen=True, kw_only=True)
class Car(Configurable):
    seats: int = knob(4, label="Seats", unit=Unit.COUNT, low=1, high=9)
    engine: Engine = part(Engine)
    doors: int = knob(5, label="Doors", unit=Unit.COUNT, low=2, high=5)


@dataclass(frozen=True, kw_only=True)
class Garage(Configurable):
    car: Car = part(Car)
    places: int = knob(1, label="Places", unit=Unit.COUNT, low=1, high=9)


def declared_fields(kind: type[Configurable]) -> list[str]:
    """Names of the settings of a class and its parts as its dataclass fields have them, repeated ones too."""
    names: list[str] = []
    for item in dataclasses.fields(kind):
        declared = item.metadata.get("part")
        if declared is None:
            names += [item.name] if item.metadata else []
        else:
            names += declared_fields(declared.kind)
    return names


def first_picks(kind: type[Strategy]) -> dict[str, Setting]:
    """Settings with which a strategy can be built: of every required pick the first row."""
    return {name: min(frozen_prices().rows(pick.kind)) for name, pick in kind.required_picks().items()}


def numeric(kind: type[Strategy]) -> dict[str, Knob]:
    return {name: knob for name, knob in kind.knobs().items() if knob.kind in ("integer", "number")}


def changed(declared: Knob) -> float:
    """A value in the range that is not the default."""
    return declared.high if declared.default != declared.high else declared.low  # type: ignore[return-value]


# --- the mechanism


def test_settings_of_parts_come_where_the_part_is_declared() -> None:
    assert list(Garage.declared("knob")) == ["seats", "power_kw", "doors", "places"]


def test_values_reach_the_part_that_declares_them() -> None:
    garage = Garage.assemble({"power_kw": 3.0, "places": 2}, frozen_prices())
    assert (garage.car.engine.power_kw, garage.places, garage.car.seats) == (3.0, 2, 4)


def test_only_the_parts_on_the_way_to_a_change_are_new() -> None:
    garage = Garage.assemble({}, frozen_prices())
    more = garage.with_settings({"seats": 7})
    assert (more.car.seats, garage.car.seats) == (7, 4)
    assert more.car.engine is garage.car.engine
    assert garage.with_settings({}) is garage


def test_a_part_is_looked_up_at_any_depth() -> None:
    garage = Garage.assemble({}, frozen_prices())
    assert garage.part(Engine) is garage.car.engine
    assert garage.part(DieselEngine) is None


def test_a_nested_part_may_be_of_another_class() -> None:
    @dataclass(frozen=True, kw_only=True)
    class Depot(Configurable):
        car: Car = part(Car, engine=DieselEngine)

    assert list(Depot.declared("knob")) == ["seats", "litres", "doors"]
    assert Depot.assemble({"litres": 3.0}, frozen_prices()).values() == {
        "seats": 4,
        "litres": 3.0,
        "doors": 5,
    }


def test_a_name_declared_in_two_parts_is_found() -> None:
    @dataclass(frozen=True, kw_only=True)
    class Twice(Configurable):
        car: Car = part(Car)
        seats: int = knob(2, label="Seats", unit=Unit.COUNT, low=1, high=9)

    assert Twice.repeated_settings() == ["seats"]
    assert Garage.repeated_settings() == []


def test_a_strategy_that_repeats_a_setting_of_a_part_is_refused_with_its_name() -> None:
    @dataclass(frozen=True, kw_only=True)
    class Repeats(SelfHosted):
        spare_replicas: int = knob(2, label="Spares", unit=Unit.COUNT, low=0, high=9)

    ((name, what),) = Repeats.declaration_errors()
    assert name == "spare_replicas"
    assert str(what) == "declared twice (give one of the settings another name)"


def test_an_undeclared_setting_is_refused_with_its_name() -> None:
    with pytest.raises(KeyError, match="Garage has no setting colour"):
        Garage.assemble({}, frozen_prices()).with_settings({"colour": 1})


# --- laws over every strategy


@KINDS
def test_every_setting_is_declared_once_in_a_strategy_and_its_parts(kind: type[Strategy]) -> None:
    names = declared_fields(kind)
    assert len(names) == len(set(names))
    assert kind.repeated_settings() == []
    assert not kind.knobs().keys() & kind.picks().keys()


@KINDS
def test_settings_survive_a_round_trip(kind: type[Strategy]) -> None:
    built = kind.build(first_picks(kind), frozen_prices())
    settings = built.settings()
    assert list(settings) == list(built.values())
    assert settings.keys() == kind.knobs().keys() | kind.picks().keys()
    again = kind.build(settings, frozen_prices())
    assert again == built
    assert again.settings() == settings


@KINDS
def test_settings_that_were_changed_survive_a_round_trip(kind: type[Strategy]) -> None:
    changes: dict[str, Setting] = {name: changed(declared) for name, declared in numeric(kind).items()}
    built = kind.build({**first_picks(kind), **changes}, frozen_prices())
    settings = built.settings()
    assert {name: settings[name] for name in changes} == changes
    assert kind.build(settings, frozen_prices()) == built


@KINDS
@given(data=st.data())
def test_other_settings_are_those_of_a_strategy_built_anew(kind: type[Strategy], data: Any) -> None:
    numbers = numeric(kind)
    names = data.draw(st.lists(st.sampled_from(sorted(numbers)), min_size=1, max_size=4, unique=True))
    changes: dict[str, Any] = {}
    for name in names:
        low, high = numbers[name].low or 0, numbers[name].high or 0
        integer = numbers[name].kind == "integer"
        changes[name] = data.draw(st.integers(int(low), int(high)) if integer else st.floats(low, high))
    picks = first_picks(kind)
    start = kind.build(picks, frozen_prices())
    assert start.with_settings(changes) == kind.build({**picks, **changes}, frozen_prices())


@KINDS
def test_each_number_may_be_changed_alone(kind: type[Strategy]) -> None:
    picks = first_picks(kind)
    start = kind.build(picks, frozen_prices())
    for name, declared in numeric(kind).items():
        moved = start.with_settings({name: changed(declared)})
        assert moved.values() == {**start.values(), name: changed(declared)}
        assert moved == kind.build({**picks, name: changed(declared)}, frozen_prices())


def test_a_wrong_setting_of_a_part_is_named_flat() -> None:
    with pytest.raises(CrossoverError, match=r"^spare_replicas: 65 is outside 0 to 64$"):
        SelfHosted.build({**first_picks(SelfHosted), "spare_replicas": 65}, frozen_prices())


def test_a_strategy_without_a_fleet_has_no_such_part() -> None:
    assert StuffedPrompt.build(first_picks(StuffedPrompt), frozen_prices()).part(Fleet) is None
    built = SelfHosted.build(first_picks(SelfHosted), frozen_prices())
    assert built.part(Fleet) is built.fleet
    assert built.part(FleetTraining) is built.fleet.training
    assert built.part(BaseLoad) is None
