"""What a scenario file says of the time ahead, in `traffic` and `outlook`: read strictly, written back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from decimal import Decimal
from typing import Any, Final

from i18n.message import Message, message
from pricing.book import suggestion
from pricing.strict_yaml import Path

from . import outlook as ahead
from .outlook import Outlook
from .traffic import GIVEN, LIMITS, MONTH, MONTHS_OF_A_YEAR, S_CURVE, SHAPES, Traffic, gaps, outside

Fault = Callable[[Path, Message], None]
_CURVE: Final = ("ceiling_multiple", "midpoint_month", "steepness_per_month")
_FIELDS: Final = ("shape", *_CURVE, "requests_per_day", "season_factors")


def read_traffic(value: object, error: Fault) -> Traffic:
    """The group `traffic`; without one, growth is compound and there are no seasons."""
    place: Path = ("traffic",)
    group = _group(value, place, _FIELDS, error)
    shape = group.get("shape", Traffic().shape)
    if not isinstance(shape, str) or shape not in SHAPES:
        error(
            (*place, "shape"),
            message("'{found}' is not one of {known}", found=shape, known=", ".join(SHAPES)),
        )
        return Traffic()
    curve = {
        name: number
        for name in _CURVE
        if name in group and (number := _number(group[name], LIMITS[name], (*place, name), error)) is not None
    }
    return Traffic(
        shape=shape,
        **curve,
        given=_given(group.get("requests_per_day"), shape, (*place, "requests_per_day"), error),
        season_factors=_season(group.get("season_factors"), (*place, "season_factors"), error),
    )


def read_outlook(value: object, error: Fault) -> Outlook:
    """The group `outlook`: drifts, the discount rate, successors of what retires."""
    place: Path = ("outlook",)
    group = _group(value, place, tuple(field.name for field in fields(Outlook)), error)
    numbers = {
        name: number
        for name, limits in ahead.LIMITS.items()
        if name in group and (number := _number(group[name], limits, (*place, name), error)) is not None
    }
    successors = group.get("successors")
    if successors is None:
        successors = {}
    if not isinstance(successors, dict) or not all(
        isinstance(row, str) and row and row != old for old, row in successors.items()
    ):
        error((*place, "successors"), message("not a group of 'retiring row: row to move to' lines"))
        successors = {}
    return Outlook(**numbers, successors=successors)


def _group(value: object, place: Path, known: Sequence[str], error: Fault) -> Mapping[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        error(place, message("not a group of 'name: value' lines"))
        return {}
    for key in value:
        if key not in known:
            error((*place, key), message("unknown field{hint}", hint=suggestion(key, known)))
    return value


def _number(value: object, limits: tuple[float, float], place: Path, error: Fault) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        error(place, message("'{found}' is not a number", found=value))
        return None
    wrong = outside(float(value), limits)
    if wrong is not None:
        error(place, wrong)
        return None
    return float(value)


def _season(value: object, place: Path, error: Fault) -> tuple[float, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or len(value) != MONTHS_OF_A_YEAR:
        error(place, message("not a list of twelve factors (January first)"))
        return ()
    found = [
        _number(item, LIMITS["season_factor"], (*place, index), error) for index, item in enumerate(value)
    ]
    return tuple(factor for factor in found if factor is not None) if None not in found else ()


def _given(value: object, shape: str, place: Path, error: Fault) -> Mapping[str, float]:
    if value is None:
        if shape == GIVEN:
            error(place, message("missing (add a line such as '2026-11: 1000' for each month)"))
        return {}
    if not isinstance(value, dict) or not value:
        error(place, message("not a group of lines such as '2026-11: 1000'"))
        return {}
    found: dict[str, float] = {}
    for month, requests in value.items():
        if not MONTH.fullmatch(month):
            error((*place, month), message("'{found}' is not a month (write 2026-11)", found=month))
            continue
        number = _number(requests, LIMITS["given_requests_per_day"], (*place, month), error)
        if number is not None:
            found[month] = number
    for missing in gaps(found):
        error(place, message("{month}: missing between two months (add it)", month=missing))
    return dict(sorted(found.items()))


def dumped_over_time(traffic: Traffic, outlook: Outlook) -> dict[str, Any]:
    """The groups of a scenario file that read back to these; none where they say nothing."""
    plain, out = Traffic(), {}
    group: dict[str, Any] = {}
    if traffic.shape != plain.shape:
        group["shape"] = traffic.shape
    for name in _CURVE:
        if traffic.shape == S_CURVE or getattr(traffic, name) != getattr(plain, name):
            group[name] = _short(getattr(traffic, name))
    if traffic.given:
        group["requests_per_day"] = {month: _short(value) for month, value in traffic.given.items()}
    if traffic.season_factors:
        group["season_factors"] = [_short(factor) for factor in traffic.season_factors]
    if group:
        out["traffic"] = group
    expected = Outlook()
    changed: dict[str, Any] = {
        name: _short(getattr(outlook, name))
        for name in ahead.LIMITS
        if getattr(outlook, name) != getattr(expected, name)
    }
    if outlook.successors:
        changed["successors"] = dict(outlook.successors)
    if changed:
        out["outlook"] = changed
    return out


def _short(value: float) -> float:
    """Whole floats as integers, which read better."""
    return int(value) if value == int(value) else value
