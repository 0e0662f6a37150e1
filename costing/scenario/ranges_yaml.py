"""The groups `ranges` and `correlations` of a scenario file."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Annotated, Any, ClassVar, Final, Self

from pydantic import (
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    ValidationError,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from i18n.message import Message, message
from pricing.validation import MISSING, Fault, Refused, refusal

from .file_model import Checked, FileModel, is_number, number, of_kind, one_of
from .input_ranges import P95_SIGMAS, SHAPES, Correlation, InputRange
from .range_paths import INPUT_SHARE, ROW_PATH, TOKEN_PATHS, path_error, range_error
from .scenario import Limits, StrategyChoice
from .uncertain_fields import INPUTS

MAX_SIGMA_LOG: Final = 3.0
_LOGNORMAL: Final = "lognormal"


def _listed_values(value: Any) -> tuple[float, ...]:
    if isinstance(value, tuple | list) and value and all(is_number(item) for item in value):
        return tuple(float(item) for item in value)
    raise refusal(message("not a list of numbers (write [1, 2, 2, 4])"))


class RangeEntry(FileModel):
    """A range: low and high, or a list of values, or the median and its spread."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [
                {"required": ["low", "high"], "properties": {"values": False, "sigma_log": False}},
                {"required": ["values"], "properties": {"low": False, "high": False, "sigma_log": False}},
                {
                    "required": ["likely", "sigma_log"],
                    "properties": {
                        "low": False,
                        "high": False,
                        "values": False,
                        "likely": {"exclusiveMinimum": 0, "type": "number"},
                    },
                },
            ]
        }
    )
    not_a_group: ClassVar = message("not a range (write {{low: 1, likely: 2, high: 4, shape: lognormal}})")

    low: Annotated[float | None, number()] = None
    """The lower end; of a lognormal or normal range the 5th percentile."""
    likely: Annotated[float, number()] | None = None
    """The most likely value, or the median; left out, the scenario's own figure."""
    high: Annotated[float | None, number()] = None
    """The upper end; of a lognormal or normal range the 95th percentile."""
    shape: Annotated[str, one_of(SHAPES)] = _LOGNORMAL
    """The distribution between low and high."""
    sigma_log: Annotated[float | None, number(Limits(0, MAX_SIGMA_LOG))] = None
    """In place of low and high: the standard deviation of the logarithm about `likely`."""
    values: Annotated[
        tuple[float, ...],
        Checked(_listed_values, {"type": "array", "items": {"type": "number"}, "minItems": 1}),
    ] = ()
    """In place of low and high: equally likely values; one that is listed twice is twice as likely."""

    @model_validator(mode="after")
    def _is_written_in_one_way(self) -> Self:
        given = self.model_fields_set
        shape = self.shape if "shape" in given else None
        if "values" in given:
            if given & {"low", "high", "sigma_log"} or shape not in (None, "values"):
                raise refusal(message("both values and a range (keep one)"))
        elif "sigma_log" in given:
            if given & {"low", "high"} or shape not in (None, _LOGNORMAL):
                raise refusal(
                    message("both sigma_log and ends, or another shape (keep sigma_log and likely alone)")
                )
            if self.likely is None or self.likely <= 0:
                what = message("'{value}' is not a number above 0 (write the median)", value=self.likely)
                raise Refused((("likely",), what))
        elif not given >= {"low", "high"}:
            raise Refused(*(((end,), MISSING) for end in ("low", "high") if end not in given))
        return self

    def input_range(self, path: str) -> InputRange:
        if self.values:
            values = tuple(sorted(self.values))
            return InputRange(path, values[0], self.likely, values[-1], "values", values)
        if self.sigma_log is not None and self.likely is not None:
            factor = math.exp(P95_SIGMAS * self.sigma_log)
            return InputRange(path, self.likely / factor, self.likely, self.likely * factor)
        return InputRange(path, self.low or 0.0, self.likely, self.high or 0.0, self.shape)

    @classmethod
    def of(cls, written: InputRange) -> Self:
        if written.values:
            return cls.written(values=written.values, likely=written.likely)
        return cls.written(low=written.low, likely=written.likely, high=written.high, shape=written.shape)


_LABELS: Final = {
    **{path: scenario_input.label for path, scenario_input in INPUTS.items()},
    INPUT_SHARE: "Input tokens of all tokens of a request, whose number stays the same",
}


class _RangePaths:
    """Annotates the ranges, so that an editor proposes the inputs."""

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        entry = handler(schema)["additionalProperties"]
        tokens = "|".join(path.replace(".", r"\.") for path in TOKEN_PATHS)
        return {
            "type": "object",
            "properties": {path: {**entry, "description": str(label)} for path, label in _LABELS.items()},
            "patternProperties": {rf"^({tokens}|{ROW_PATH.pattern}|strategies\.[1-9][0-9]*\..+)$": entry},
            "additionalProperties": False,
        }


Ranges = Annotated[
    dict[str, RangeEntry],
    _RangePaths(),
    of_kind(dict, message("not a group of 'input: {{low: ..., high: ...}}' lines")),
]

_NOT_TWO_INPUTS: Final = message("not two inputs (write {{between: [one, another], rank: 0.5}})")


def _two_inputs(value: Any) -> tuple[str, str]:
    if isinstance(value, list) and len(value) == 2 and value[0] != value[1]:
        first, second = value
        if isinstance(first, str) and isinstance(second, str):
            return first, second
    raise refusal(_NOT_TWO_INPUTS)


def _rank(value: Any) -> float:
    if is_number(value) and -1 < value < 1:
        return float(value)
    raise refusal(message("'{value}' is not between -1 and 1", value=value))


class CorrelationEntry(FileModel):
    """Two inputs that move together."""

    not_a_group: ClassVar[Message] = _NOT_TWO_INPUTS

    between: Annotated[
        tuple[str, str],
        Checked(_two_inputs, {"type": "array", "items": {"type": "string"}, "minItems": 2, "maxItems": 2}),
    ]
    """The paths of two inputs, as under `ranges`."""
    rank: Annotated[
        float,
        Checked(_rank, {"type": "number", "exclusiveMinimum": -1, "exclusiveMaximum": 1}),
    ]
    """Spearman's rank correlation of their draws."""

    def correlation(self) -> Correlation:
        return Correlation(*self.between, self.rank)

    @classmethod
    def of(cls, correlation: Correlation) -> Self:
        return cls.written(between=(correlation.first, correlation.second), rank=correlation.rank)


Correlations = Annotated[
    tuple[CorrelationEntry, ...],
    Field(strict=False),
    of_kind(list, message("not a list (start each line with '- {{between: [...], rank: ...}}')")),
]


def range_faults(ranges: Any, strategies: Sequence[StrategyChoice]) -> Iterator[Fault]:
    """Ranges of the plain file that are well written, but of no input or beyond its limits."""
    for path, value in ranges.items() if isinstance(ranges, dict) else ():
        wrong = path_error(path, strategies)
        if wrong is None:
            try:
                entry = RangeEntry.model_validate(value)
            except ValidationError:  # its own faults are reported where it is read
                continue
            wrong = range_error(entry.input_range(path), strategies)
        if wrong is not None:
            yield (path,), wrong


def correlation_faults(correlations: Any, strategies: Sequence[StrategyChoice]) -> Iterator[Fault]:
    """Correlations of the plain file between inputs that do not exist."""
    for index, value in enumerate(correlations if isinstance(correlations, list) else ()):
        try:
            between = CorrelationEntry.model_validate(value).between
        except ValidationError:  # its own faults are reported where it is read
            continue
        wrong = [(path, path_error(path, strategies)) for path in between]
        yield from (
            ((index, "between", between.index(path)), what) for path, what in wrong if what is not None
        )
