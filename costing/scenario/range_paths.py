"""Which inputs of a scenario can be a range, by their paths, and within which limits."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from i18n.message import Message, message
from pricing.book import suggestion

from ..strategies import registered
from ..workload.workload import PARTS, TOOL_USE
from .input_ranges import InputRange, Range
from .scenario import Limits, StrategyChoice
from .uncertain_fields import ELSEWHERE, INPUTS, SEASON

INPUT_SHARE: Final = "input_share"
"""Input tokens of all tokens of a request, whose number stays the same."""
WORKLOAD_PATHS: Final[Mapping[str, Limits]] = {
    **{path: scenario_input.limits for path, scenario_input in INPUTS.items()},
    INPUT_SHARE: Limits(0.001, 0.999),
}
_SEASONS: Final = f"{SEASON}MONTH"
TOKEN_PATHS: Final = tuple(f"tokens.{part}" for part in (*PARTS, *TOOL_USE))
ROW_PATH: Final = re.compile(r"(prices|speeds|counts)\..+")
SETTING_PATH: Final = re.compile(r"strategies\.([0-9]+)\.(.+)")


def range_error(input_range: InputRange, strategies: Sequence[StrategyChoice]) -> Message | None:
    """What is wrong with a range in itself, or as a range of that input; None where nothing is."""
    wrong = path_error(input_range.path, strategies)
    if wrong is not None:
        return wrong
    low, likely, high, values = input_range.low, input_range.likely, input_range.high, input_range.values
    wrong = Range(low, low if likely is None or values else likely, high, input_range.shape, values).error()
    ends = [low, high, *([] if likely is None else [likely]), *values]
    return wrong or _ends_error(input_range.path, strategies, ends)


def path_error(path: str, strategies: Sequence[StrategyChoice]) -> Message | None:
    """Why there is no such input, with the nearest one; None where there may be one.

    Settings of a strategy that is not registered are not judged.
    """
    if path in WORKLOAD_PATHS or path in TOKEN_PATHS or ROW_PATH.fullmatch(path):
        return None
    setting = SETTING_PATH.fullmatch(path)
    number = int(setting[1]) if setting else 0
    if 1 <= number <= len(strategies) and strategies[number - 1].strategy not in registered():
        return None
    knobs = [
        f"strategies.{number}.{name}"
        for number, choice in enumerate(strategies, 1)
        if choice.strategy in registered()
        for name, knob in registered()[choice.strategy].knobs().items()
        if knob.kind in ("integer", "number")
    ]
    if path in knobs:
        return None
    last = path.rsplit(".", 1)[-1]
    if last in ELSEWHERE and not path.startswith("strategies."):
        return message("cannot be a range: {why}", why=ELSEWHERE[last])
    workload = dict.fromkeys(_SEASONS if name.startswith(SEASON) else name for name in WORKLOAD_PATHS)
    return message(
        "no such input{hint} (write {workload}, tokens.PART, prices.ROW, speeds.DEPLOYMENT, "
        "counts.TOKENIZER or strategies.NUMBER.SETTING)",
        hint=suggestion(path, [*WORKLOAD_PATHS, *TOKEN_PATHS, *knobs]),
        workload=", ".join(workload),
    )


def _ends_error(path: str, strategies: Sequence[StrategyChoice], ends: Sequence[float]) -> Message | None:
    setting = SETTING_PATH.fullmatch(path)
    strategy = registered().get(strategies[int(setting[1]) - 1].strategy) if setting else None
    if setting and strategy is None:
        return None
    for value in ends:
        wrong: Message | None = None
        if path in WORKLOAD_PATHS:
            wrong = Limits(WORKLOAD_PATHS[path].low, WORKLOAD_PATHS[path].high).error(value)
        elif setting and strategy is not None:
            wrong = strategy.knobs()[setting[2]].error(value)
        elif value <= 0:
            wrong = message("{value}: a factor must be above 0 (1 is what the scenario says)", value=value)
        if wrong is not None:
            return wrong
    return None
