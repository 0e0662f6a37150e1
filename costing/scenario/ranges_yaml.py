"""The ranges of a scenario file: read strictly, each fault by its place, and written back."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from i18n.message import Message, message
from pricing.book import suggestion
from pricing.strict_yaml import Path

from ..strategies import registered
from ..workload.workload import PARTS, TOOL_USE
from .input_ranges import P95_SIGMAS, Correlation, InputRange, Range
from .scenario import Limits, StrategyChoice
from .uncertain_fields import ELSEWHERE, INPUTS, SEASON

INPUT_SHARE: Final = "input_share"
"""Input tokens of all tokens of a request, whose number stays the same."""
WORKLOAD_PATHS: Final[Mapping[str, Limits]] = {
    **{path: one.limits for path, one in INPUTS.items()},
    INPUT_SHARE: Limits(0.001, 0.999),
}
_SEASONS: Final = f"{SEASON}MONTH"
MAX_SIGMA_LOG: Final = 3.0
Fault = Callable[[Path, Message], None]


def read_ranges(value: object, strategies: Sequence[StrategyChoice], error: Fault) -> tuple[InputRange, ...]:
    """The group `ranges`: path -> low, likely, high, shape."""
    if value is None:
        return ()
    if not isinstance(value, dict):
        error(("ranges",), message("not a group of 'input: {{low: ..., high: ...}}' lines"))
        return ()
    found = [_range(path, item, strategies, error) for path, item in value.items()]
    return tuple(one for one in found if one is not None)


def _range(path: str, value: object, strategies: Sequence[StrategyChoice], error: Fault) -> InputRange | None:
    place: Path = ("ranges", path)
    wrong = path_error(path, strategies)
    if wrong is not None:
        error(place, wrong)
        return None
    if not isinstance(value, dict):
        error(place, message("not a range (write {{low: 1, likely: 2, high: 4, shape: lognormal}})"))
        return None
    known = ("low", "likely", "high", "shape", "sigma_log", "values")
    unknown = [key for key in value if key not in known]
    for key in unknown:
        error((*place, key), message("unknown field{hint}", hint=suggestion(key, known)))
    if "values" in value:
        return None if unknown else _listed(path, value, strategies, error)
    if "sigma_log" in value:
        return None if unknown else _by_sigma(path, value, strategies, error)
    missing = [key for key in ("low", "high") if value.get(key) is None]
    for key in missing:
        error((*place, key), message("missing (add it)"))
    given = [key for key in known[:3] if value.get(key) is not None]
    wrong_kind = [key for key in given if not _is_number(value[key])]
    for key in wrong_kind:
        error((*place, key), message("'{found}' is not a number", found=value[key]))
    if unknown or missing or wrong_kind:
        return None
    ends = {key: float(value[key]) for key in given}
    shape = str(value.get("shape", "lognormal"))
    found = InputRange(path, ends["low"], ends.get("likely"), ends["high"], shape)
    return _checked(found, strategies, error)


def _listed(
    path: str, value: dict[str, Any], strategies: Sequence[StrategyChoice], error: Fault
) -> InputRange | None:
    """A list of values, each alike likely."""
    place: Path = ("ranges", path)
    extra = [key for key in ("low", "high", "sigma_log") if key in value]
    values = value["values"]
    if extra or value.get("shape", "values") != "values":
        error(place, message("both values and a range (keep one)"))
    elif not isinstance(values, list) or not values or not all(_is_number(one) for one in values):
        error((*place, "values"), message("not a list of numbers (write [1, 2, 2, 4])"))
    elif value.get("likely") is not None and not _is_number(value["likely"]):
        error((*place, "likely"), message("'{found}' is not a number", found=value["likely"]))
    else:
        numbers = tuple(sorted(float(one) for one in values))
        likely = None if value.get("likely") is None else float(value["likely"])
        found = InputRange(path, numbers[0], likely, numbers[-1], "values", numbers)
        return _checked(found, strategies, error)
    return None


def _by_sigma(
    path: str, value: dict[str, Any], strategies: Sequence[StrategyChoice], error: Fault
) -> InputRange | None:
    """A lognormal range by its median and the standard deviation of its logarithm."""
    place: Path = ("ranges", path)
    likely, sigma = value.get("likely"), value["sigma_log"]
    if "low" in value or "high" in value or value.get("shape", "lognormal") != "lognormal":
        error(place, message("both sigma_log and ends, or another shape (keep sigma_log and likely alone)"))
    elif not _is_number(likely) or float(likely or 0) <= 0:
        error(
            (*place, "likely"), message("'{found}' is not a number above 0 (write the median)", found=likely)
        )
    elif not _is_number(sigma) or not 0 <= float(sigma) <= MAX_SIGMA_LOG:
        error(
            (*place, "sigma_log"),
            message("'{found}' is not a number from 0 to {most:g}", found=sigma, most=MAX_SIGMA_LOG),
        )
    else:
        middle, end = float(likely or 0), math.exp(P95_SIGMAS * float(sigma))
        return _checked(InputRange(path, middle / end, middle, middle * end), strategies, error)
    return None


def _checked(one: InputRange, strategies: Sequence[StrategyChoice], error: Fault) -> InputRange | None:
    wrong = range_error(one, strategies)
    if wrong is None:
        return one
    error(("ranges", one.path), wrong)
    return None


def range_error(one: InputRange, strategies: Sequence[StrategyChoice]) -> Message | None:
    """What is wrong with it in itself, or as a range of that input; None where nothing is."""
    wrong = path_error(one.path, strategies)
    if wrong is not None:
        return wrong
    likely = one.low if one.likely is None or one.values else one.likely
    wrong = Range(one.low, likely, one.high, one.shape, one.values).error()
    ends = [one.low, one.high, *([] if one.likely is None else [one.likely]), *one.values]
    return wrong or _ends_error(one.path, strategies, ends)


def _is_number(value: object) -> bool:
    return not isinstance(value, bool) and isinstance(value, int | float | Decimal)


def path_error(path: str, strategies: Sequence[StrategyChoice]) -> Message | None:
    """Why there is no such input, with what is nearest; None where there may be one."""
    if path in WORKLOAD_PATHS or (
        path.startswith(("prices.", "speeds.", "counts.")) and path.split(".", 1)[1]
    ):
        return None
    if path.startswith("tokens.") and path.removeprefix("tokens.") in (*PARTS, *TOOL_USE):
        return None
    knobs = [
        f"strategies.{index + 1}.{name}"
        for index, one in enumerate(strategies)
        for name, knob in registered()[one.strategy].knobs().items()
        if knob.kind in ("integer", "number")
    ]
    if path in knobs:
        return None
    last = path.rsplit(".", 1)[-1]
    if last in ELSEWHERE and not path.startswith("strategies."):
        return message("cannot be a range: {why}", why=ELSEWHERE[last])
    known = [*WORKLOAD_PATHS, *(f"tokens.{part}" for part in (*PARTS, *TOOL_USE)), *knobs]
    own = dict.fromkeys(_SEASONS if one.startswith(SEASON) else one for one in WORKLOAD_PATHS)
    return message(
        "no such input{hint} (write {workload}, tokens.PART, prices.ROW, speeds.DEPLOYMENT, "
        "counts.TOKENIZER or strategies.NUMBER.SETTING)",
        hint=suggestion(path, known),
        workload=", ".join(own),
    )


def _ends_error(path: str, strategies: Sequence[StrategyChoice], ends: Sequence[float]) -> Message | None:
    for value in ends:
        if path in WORKLOAD_PATHS:
            limits = WORKLOAD_PATHS[path]
            if not limits.low <= value <= limits.high:
                return message(
                    "{found} is outside {low:g} to {high:g}", found=value, low=limits.low, high=limits.high
                )
        elif path.startswith("strategies."):
            _, number, name = path.split(".", 2)
            wrong = registered()[strategies[int(number) - 1].strategy].knobs()[name].error(value)
            if wrong is not None:
                return wrong
        elif value <= 0:
            return message("{found}: a factor must be above 0 (1 is what the scenario says)", found=value)
    return None


def read_correlations(
    value: object, strategies: Sequence[StrategyChoice], error: Fault
) -> tuple[Correlation, ...]:
    """The list `correlations`: two inputs and their rank correlation each."""
    if value is None:
        return ()
    if not isinstance(value, list):
        error(
            ("correlations",), message("not a list (start each line with '- {{between: [...], rank: ...}}')")
        )
        return ()
    found: list[Correlation] = []
    for index, item in enumerate(value):
        place: Path = ("correlations", index)
        between = item.get("between") if isinstance(item, dict) else None
        rank = item.get("rank") if isinstance(item, dict) else None
        if (
            not isinstance(item, dict)
            or set(item) != {"between", "rank"}
            or not isinstance(between, list)
            or len(between) != 2
            or not all(isinstance(path, str) for path in between)
            or between[0] == between[1]
        ):
            error(place, message("not two inputs (write {{between: [one, another], rank: 0.5}})"))
            continue
        wrong = next((w for w in (path_error(path, strategies) for path in between) if w is not None), None)
        if wrong is not None:
            error(place, wrong)
        elif not _is_number(rank) or not -1 < float(rank or 0) < 1:
            error(place, message("rank: '{found}' is not between -1 and 1", found=rank))
        else:
            found.append(Correlation(between[0], between[1], float(rank or 0)))
    return tuple(found)


def dumped(ranges: Sequence[InputRange], correlations: Sequence[Correlation]) -> dict[str, Any]:
    """The keys of a scenario file that read back to these; none where there are none."""
    out: dict[str, Any] = {}
    if ranges:
        out["ranges"] = {
            one.path: {
                **({"values": list(one.values)} if one.values else {"low": one.low}),
                **({} if one.likely is None else {"likely": one.likely}),
                **({} if one.values else {"high": one.high, "shape": one.shape}),
            }
            for one in ranges
        }
    if correlations:
        out["correlations"] = [{"between": [one.first, one.second], "rank": one.rank} for one in correlations]
    return out
