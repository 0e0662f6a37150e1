"""Apply input overrides (scalars or sample arrays) to a workload and a strategy."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from pricing.rows import Deployment

from ..comparison.compare import Comparison
from ..cost_lines import SCENARIO_LAYER, CostLine
from ..fleet import Fleet
from ..numerics.elementwise import clip, to_whole
from ..scenario.range_paths import INPUT_SHARE
from ..scenario.scenario import images_of, tool_use
from ..scenario.uncertain_fields import (
    ESCALATION,
    GAP,
    IMAGE_SIZES,
    IMAGES,
    INPUTS,
    PEAK,
    REQUESTS,
    RESOLVED,
    RETRIES,
    TOOL_CALLS,
    TURNS,
)
from ..strategy.base import Knob, Strategy
from ..tokenization.images import Images
from ..tokenization.tokens import TokenCount
from ..workload.workload import PARTS, RequestTokens, Workload

Values = Mapping[str, Any]
"""Input path -> a number, or a sample array (draws,)."""


def row_id(line: CostLine) -> str:
    """The price row of a line, without its day."""
    return line.price.ref.split(" @ ")[0]


def deployment_of(strategy: Strategy) -> Deployment | None:
    """The deployment of its fleet; None where it has none."""
    fleet = strategy.part(Fleet)
    return None if fleet is None else fleet.replica.deployment


def affects(path: str, index: int, strategy: Strategy) -> bool:
    """Whether the input changes more of the strategy at that index than its volume and its unit prices."""
    group, _, rest = path.partition(".")
    if path == ESCALATION or rest.endswith(f".{RESOLVED}"):
        return False
    if path == REQUESTS or group == "prices" or (path in INPUTS and INPUTS[path].is_over_time):
        return False
    if group == "counts":
        return rest in strategy.tokenizers
    if group == "speeds":
        deployment = deployment_of(strategy)
        return deployment is not None and deployment.id == rest
    if group == "strategies":
        return rest.split(".")[0] == str(index + 1)
    return group != PEAK or strategy.part(Fleet) is not None


def is_whole(path: str, strategy: Strategy) -> bool:
    """Whether an input of this strategy is a whole number, to which its draws are rounded."""
    if path.startswith("strategies."):
        return strategy.knobs()[path.rsplit(".", 1)[-1]].kind == "integer"
    return path in INPUTS and INPUTS[path].limits.whole


def input_share(counts: RequestTokens) -> float:
    """Input tokens over all tokens of a request."""
    tokens = [count.tokens for part, count in counts.parts().items() if part in PARTS]
    return 1 - counts.answer.tokens / sum(tokens)


def workload_at(workload: Workload, values: Values) -> Workload:
    """The workload with other peaks, turns, pauses, retries, tool calls, images and token counts."""
    tokens: dict[str, RequestTokens] = {}
    for tokenizer, parts in workload.tokens.items():
        share = values.get(INPUT_SHARE)
        usual_share = None if share is None else input_share(parts)
        counts: dict[str, TokenCount] = {}
        for part, count in parts.parts().items():
            factor = values.get(f"tokens.{part}", 1.0) * values.get(f"counts.{tokenizer}", 1.0)
            if share is not None and usual_share is not None and part in PARTS:
                factor = factor * (
                    (1 - share) / (1 - usual_share) if part == "answer" else share / usual_share
                )
            counts[part] = count.times(factor)
        tokens[tokenizer] = RequestTokens(**counts)
    turns = values.get(TURNS)
    return replace(
        workload,
        peak_to_average=values.get(PEAK, workload.peak_to_average),
        turns=workload.turns if turns is None else round(turns),  # one number in all draws of a batch
        seconds_between_turns=values.get(GAP, workload.seconds_between_turns),
        retry_share=values.get(RETRIES, workload.retry_share),
        tool_calls=values.get(TOOL_CALLS, workload.tool_calls),
        images=None if workload.images is None else _images_at(workload.images, values),
        tokens=tokens,
    )


def _images_at(images: Images, values: Values) -> Images:
    """The images with another number per question, a fraction too, and another size in whole pixels."""
    width_px, height_px = (
        values.get(path, size)
        for path, size in zip(IMAGE_SIZES, (images.width_px, images.height_px), strict=True)
    )
    return replace(
        images,
        per_request=values.get(IMAGES, images.per_request),
        width_px=to_whole(width_px),
        height_px=to_whole(height_px),
    )


def extend_for_inputs(comparison: Comparison, workload: Workload, paths: Collection[str]) -> Workload:
    """The workload extended with the tool calls and images that the sampled inputs need."""
    scenario = comparison.scenario
    if TOOL_CALLS in paths and not scenario.tool_calls_per_request:
        prices = comparison.book.on(scenario.on)
        tokens: dict[str, RequestTokens] = {}
        for name, counts in workload.tokens.items():
            call, result = tool_use(scenario, name, prices)
            tokens[name] = replace(counts, tool_call=call, tool_result=result)
        workload = replace(workload, tokens=tokens)
    if IMAGES in paths and not scenario.images_per_request:
        workload = replace(workload, images=images_of(scenario))
    return workload


def strategy_at(strategy: Strategy, index: int, values: Values) -> Strategy:
    """The strategy at that index of the scenario with other settings and another speed."""
    prefix = f"strategies.{index + 1}."
    knobs = strategy.knobs()
    changes: dict[str, Any] = {}
    for path, value in values.items():
        if path.startswith(prefix):
            name = path.removeprefix(prefix)
            changes[name] = _within(knobs[name], value)
    fleet = strategy.part(Fleet)
    if fleet is not None and fleet.replica.deployment is not None:
        factor = values.get(f"speeds.{fleet.replica.deployment.id}")
        if factor is not None:
            changes["speed_factor"] = factor * changes.get("speed_factor", fleet.service.speed_factor)
    return strategy.with_settings(changes)


def _within(knob: Knob, value: Any) -> Any:
    """The value within the limits of the knob, and whole where it must be."""
    within = clip(value, knob.low or 0.0, np.inf if knob.high is None else knob.high)
    return to_whole(within) if knob.kind == "integer" else within


def price_factors(lines: Sequence[CostLine], values: Mapping[str, Any]) -> list[Any]:
    """The factor on each line's unit price; a price of the scenario itself has none."""
    return [
        1.0 if line.price.layer == SCENARIO_LAYER else values.get(f"prices.{row_id(line)}", 1.0)
        for line in lines
    ]
