"""Base classes of price rows: id, source, day of the check, value types."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    WithJsonSchema,
    model_validator,
)

from i18n.errors import CrossoverError
from i18n.message import N_, message


class Evidence(StrEnum):
    """How sure a figure is, from the surest to the least sure. A value is its label, too."""

    MEASURED = N_("measured")
    PUBLISHED = N_("published")
    ESTIMATED = N_("estimated")
    ASSUMED = N_("assumed")


WrittenEvidence = Annotated[
    Evidence,
    Field(strict=False),
    WithJsonSchema({"enum": [str(kind) for kind in Evidence], "title": "Evidence", "type": "string"}),
]
"""Evidence in a file: its value as text, although rows are strict."""

Precision = Literal["bf16", "fp8", "fp4", "int4"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SHIPPED_LAYER = N_("shipped")


def _decimal(value: Any) -> Any:
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


Number = Annotated[Decimal, BeforeValidator(_decimal), Field(ge=0, allow_inf_nan=False)]
Positive = Annotated[Decimal, BeforeValidator(_decimal), Field(gt=0, allow_inf_nan=False)]
Tokens = Annotated[int, Field(gt=0)]
Text = Annotated[str, Field(min_length=1)]
ClockTime = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$")]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]


class Fact(BaseModel):
    """A sourced row of any table."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    id: Text
    source: Text
    """A page, or a named data set, that shows the figure."""
    checked_on: date
    """The day on which the source was checked."""
    evidence: WrittenEvidence = Evidence.PUBLISHED
    note: str = ""
    _layer: str = PrivateAttr(default=SHIPPED_LAYER)
    _lifecycle_row: Fact | None = PrivateAttr(default=None)

    unknown_where_blank: ClassVar[frozenset[str]] = frozenset()
    """Fields for which a blank means unknown, not absent."""

    @property
    def unknown_fields(self) -> tuple[str, ...]:
        """The fields of `unknown_where_blank` that this row leaves blank, in order."""
        return tuple(name for name, value in self if value is None and name in self.unknown_where_blank)

    @property
    def ref(self) -> str:
        """Reference that cost lines quote."""
        return self.id

    @property
    def layer(self) -> str:
        """Source of the row: the shipped tables, a company's folder or a catalogue."""
        return self._layer

    @property
    def lifecycle_row(self) -> Fact | None:
        """The row of lifecycles.yaml that holds for it; `lifecycle_of` reads it."""
        return self._lifecycle_row

    def with_lifecycle(self, lifecycle: Fact | None) -> Self:
        """A copy of the row to which that row of lifecycles.yaml belongs."""
        row = self.model_copy()
        row._lifecycle_row = lifecycle
        return row

    def in_layer(self, name: str) -> Self:
        """A copy of the row with that layer."""
        row = self.model_copy()
        row._layer = name
        return row


class UnknownFigure(CrossoverError):
    """Raised when a calculation needs a figure that a row leaves blank."""


def known_figure(row: Fact, table: str, called: str, name: str) -> Decimal:
    """That figure of the row; raises UnknownFigure if it is blank."""
    value: Decimal | int | None = getattr(row, name)
    if value is None:
        raise UnknownFigure(
            message(
                "{row}: {field} is unknown (add it to its row of {table} with a source, or choose another)",
                row=called,
                field=name,
                table=table,
            )
        )
    return Decimal(value)


class Dated(Fact):
    """A row that holds from one day on, until the next row of the same id."""

    effective_from: date
    effective_to: date | None = None
    """The last day on which it holds, where no next row says so; after it there is none."""

    @model_validator(mode="after")
    def _ends_after_start(self) -> Self:
        if self.effective_to is not None and self.effective_to < self.effective_from:
            raise ValueError("effective_to: before effective_from (swap them?)")
        return self

    @property
    def ref(self) -> str:
        if self.effective_from == date.min:
            return f"{self.id} @ first day unknown"
        return f"{self.id} @ {self.effective_from.isoformat()}"


class DatedFact(Dated):
    """A price with its first day."""

    guaranteed_until: date | None = None
    """The last day of a promotion, where the vendor named one."""
