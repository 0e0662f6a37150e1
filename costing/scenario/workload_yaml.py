"""The group `workload` of a scenario file: the volume, and what is in a request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Final, Self

from pydantic import ConfigDict

from i18n.message import message
from pricing.rows import Evidence
from pricing.validation import Fault

from ..tokenization.images import DETAILS, Detail
from ..tokenization.stated_count import StatedCount
from ..tokenization.text_language import KINDS
from ..tokenization.tokens import MADE, Made
from ..workload.load_profile import HOURS, Hours
from ..workload.workload import PARTS
from .file_model import Checked, FileModel, defaults_of, is_number, number, of_kind, one_of, short
from .hourly_profile import checked_hours
from .scenario import LIMITS, Limits, Part, Scenario

_DEFAULTS: Final = defaults_of(Scenario)
_COUNT_LIMITS: Final = Limits(0, 100_000_000)
_ALWAYS_WRITTEN: Final = ("requests_per_day", "turns", "growth_share_per_month")


class CountEntry(FileModel):
    """Tokens of a text in one tokenizer, with the band of the count."""

    tokens: Annotated[float, number(_COUNT_LIMITS)]
    """Tokens of the text."""
    low: Annotated[float | None, number(_COUNT_LIMITS)] = None
    """Lower end of the band, 5 %; left out, it is the count."""
    high: Annotated[float | None, number(_COUNT_LIMITS)] = None
    """Upper end of the band, 95 %; left out, it is the count."""
    evidence: Annotated[str, one_of(Evidence)]
    """How sure the count is."""
    made: Annotated[Made, one_of(MADE)]
    """How the text was counted."""

    @classmethod
    def more_faults(cls, value: Mapping[str, Any]) -> Iterable[Fault]:
        tokens: Any = value.get("tokens")
        low, high = (tokens if value.get(end) is None else value[end] for end in ("low", "high"))
        if all(map(is_number, (low, tokens, high))) and not low <= tokens <= high:
            yield (
                (),
                message(
                    "{low} to {high} does not enclose the count {tokens}", low=low, high=high, tokens=tokens
                ),
            )

    def count(self) -> StatedCount:
        low, high = (self.tokens if end is None else end for end in (self.low, self.high))
        return StatedCount(self.tokens, low, high, Evidence(self.evidence), self.made)

    @classmethod
    def of(cls, count: StatedCount) -> Self:
        """Without the ends of a band that are the count itself."""
        return cls.written(
            tokens=short(count.tokens),
            low=None if count.low == count.tokens else short(count.low),
            high=None if count.high == count.tokens else short(count.high),
            evidence=str(count.evidence),
            made=count.made,
        )


class PartEntry(FileModel):
    """A part of a request: its text, or its number of tokens."""

    model_config = ConfigDict(
        json_schema_extra={
            "not": {
                "required": ["text", "tokens"],
                "properties": {"text": {"type": "string", "pattern": r"\S"}},
            },
            "dependentRequired": {"counts": ["tokens"]},
        }
    )

    text: str | None = None
    """The text itself, which is counted in the tokenizer of each model."""
    tokens: Annotated[int | None, number(LIMITS["tokens"])] = None
    """Tokens in o200k_base, where the text is not available."""
    kind: Annotated[str, one_of(KINDS)] = "en"
    """The language or format that the tokens stand for; a text is recognised."""
    counts: Annotated[
        dict[str, CountEntry] | None,
        of_kind(dict, message("not a group of 'tokenizer: {{tokens: ..., evidence: ..., made: ...}}' lines")),
    ] = None
    """Counts of the text that `tokens` stands for, by tokenizer; others are converted by ratio."""

    @classmethod
    def more_faults(cls, value: Mapping[str, Any]) -> Iterable[Fault]:
        text = value.get("text")
        if isinstance(text, str) and text.strip() and value.get("tokens") is not None:
            yield (), message("both text and tokens (keep one)")
        if value.get("counts") is not None and value.get("tokens") is None:
            yield ("counts",), message("counts without tokens (add the tokens in o200k_base)")

    def part(self) -> Part:
        counts = {tokenizer: entry.count() for tokenizer, entry in (self.counts or {}).items()}
        return Part(self.text or "", self.tokens, self.kind, counts)

    @classmethod
    def of(cls, part: Part) -> Self:
        """With the fields that differ from those of an empty part."""
        return cls.written(
            text=part.text,
            tokens=part.tokens,
            kind=None if part.kind == "en" else part.kind,
            counts={tokenizer: CountEntry.of(count) for tokenizer, count in part.counts.items()} or None,
        )


class PartsGroup(FileModel):
    """The parts of a request; a question and an answer are needed to compare."""

    instruction: PartEntry | None = None
    """What the model is told to do, the same in every request."""
    example: PartEntry | None = None
    """Few-shot examples, the same in every request."""
    knowledge: PartEntry | None = None
    """The facts that answers rest on: in the prompt, or searched, or trained."""
    question: PartEntry | None = None
    """A typical question."""
    answer: PartEntry | None = None
    """A typical answer."""
    tools: PartEntry | None = None
    """Definitions of tools as the vendor's JSON."""

    def parts(self) -> dict[str, Part]:
        entries: dict[str, PartEntry | None] = {name: getattr(self, name) for name in PARTS}
        return {name: Part() if entry is None else entry.part() for name, entry in entries.items()}

    @classmethod
    def of(cls, parts: Mapping[str, Part]) -> Self:
        """Without empty parts."""
        return cls.written(**{name: PartEntry.of(parts[name]) for name in PARTS})


class WorkloadGroup(FileModel):
    """The requests: how many, how they are spread, and what is in one."""

    model_config = ConfigDict(
        json_schema_extra={
            "not": {
                "required": ["hour_shares", "peak_to_average"],
                "properties": {"hour_shares": {"type": "array"}},
            }
        }
    )

    requests_per_day: Annotated[float, number(LIMITS["requests_per_day"])]
    """Requests on a mean day of the first month."""
    hour_shares: Annotated[
        Hours,
        Checked(
            checked_hours,
            {
                "type": ["array", "null"],
                "items": {"type": "number", "minimum": 0, "maximum": 1},
                "minItems": HOURS,
                "maxItems": HOURS,
            },
        ),
    ] = ()
    """Shares of the day's requests in each hour from midnight on, in place of peak_to_average."""
    peak_to_average: Annotated[float, number(LIMITS["peak_to_average"])] = 1
    """Requests in the busiest hour over those in the mean hour; sizes a fleet."""
    turns: Annotated[int, number(LIMITS["turns"])] = 1
    """Requests of one conversation; each sends the earlier ones again."""
    growth_share_per_month: Annotated[float, number(LIMITS["growth_share_per_month"])] = 0
    """Compound growth of the traffic: 0.02 is 2 % a month."""
    seconds_between_turns: Annotated[float, number(LIMITS["seconds_between_turns"])] = _DEFAULTS[
        "seconds_between_turns"
    ]
    """Mean pause before the next question of a conversation; decides whether a cache is still warm."""
    retry_share: Annotated[float, number(LIMITS["retry_share"])] = _DEFAULTS["retry_share"]
    """Share of all tries that fail and are sent again."""
    tool_calls_per_request: Annotated[float, number(LIMITS["tool_calls_per_request"])] = _DEFAULTS[
        "tool_calls_per_request"
    ]
    """Mean number of tool calls; each sends the whole prompt again."""
    tool_call_tokens: Annotated[int, number(LIMITS["tool_call_tokens"])] = _DEFAULTS["tool_call_tokens"]
    """Output tokens of a tool call, in o200k_base."""
    tool_result_tokens: Annotated[int, number(LIMITS["tool_result_tokens"])] = _DEFAULTS["tool_result_tokens"]
    """Input tokens of a tool's result, in o200k_base."""
    images_per_request: Annotated[float, number(LIMITS["images_per_request"])] = _DEFAULTS[
        "images_per_request"
    ]
    """Mean number of images of a question."""
    image_width_px: Annotated[int, number(LIMITS["image_width_px"])] = _DEFAULTS["image_width_px"]
    """Width of an image in pixels."""
    image_height_px: Annotated[int, number(LIMITS["image_height_px"])] = _DEFAULTS["image_height_px"]
    """Height of an image in pixels."""
    image_detail: Annotated[Detail, one_of(DETAILS)] = _DEFAULTS["image_detail"]
    """The detail at which images are sent."""
    parts: PartsGroup
    """The parts of a request."""

    @classmethod
    def more_faults(cls, value: Mapping[str, Any]) -> Iterable[Fault]:
        if value.get("hour_shares") is not None and "peak_to_average" in value:
            yield (
                ("hour_shares",),
                message("beside peak_to_average, which follows from the hours (keep one of them)"),
            )

    def fields(self) -> dict[str, Any]:
        """The fields of a Scenario that the group holds; with hours, a peak that `with_hours` replaces."""
        same_name = {name: getattr(self, name) for name in WorkloadGroup.model_fields if name != "parts"}
        return {**same_name, "parts": self.parts.parts()}

    @classmethod
    def of(cls, scenario: Scenario) -> Self:
        """With the fields that differ from their defaults, and those that every file has."""
        peak = "hour_shares" if scenario.hour_shares else "peak_to_average"
        values = {name: getattr(scenario, name) for name in cls.model_fields}
        written = {
            name: short(value)
            for name, value in values.items()
            if name in (*_ALWAYS_WRITTEN, peak) or (name in _DEFAULTS and value != _DEFAULTS[name])
        }
        return cls.written(**{**written, "parts": PartsGroup.of(scenario.parts)})
