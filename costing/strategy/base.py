"""What every strategy is: declared picks and knobs, built from plain settings, and its cost lines."""

from __future__ import annotations

import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Final, Self

import numpy as np
import numpy.typing as npt

from i18n.errors import CrossoverError
from i18n.message import N_, Message, message
from pricing.book import PricesOnDay, suggestion
from pricing.rows import Fact

from ..cost_lines import CostLine
from ..units import Unit
from ..workload.workload import Prompt, Workload
from .knowledge import KnowledgeUse

Setting = None | bool | int | float | str
When = tuple[str, ...]
"""The name of a choice or a pick, then the values of it under which something matters; "" is a blank pick."""


class Infeasible(CrossoverError):
    """The strategy cannot serve this workload, or cannot be started; the reason is its text."""


def _matters(when: When | None, settings: Mapping[str, Setting], knobs: Mapping[str, Knob]) -> bool:
    if when is None:
        return True
    name, *values = when
    default = knobs[name].default if name in knobs else ""
    return (settings.get(name, default) or "") in values


@dataclass(frozen=True, slots=True)
class Knob:
    """A number, switch or choice that a strategy declares."""

    default: Setting
    label: str
    unit: Unit | str
    """A company's own strategy may name a unit of its own; `COUNT`: no unit is shown."""
    low: float | None
    high: float | None
    step: float | None
    help: str
    choices: Mapping[str, str]
    """Value -> label, for a choice."""
    when: When | None = None
    """(choice, its values) under which alone it matters; None: always."""
    blank: str = ""
    """Where a default of None stands for something else than the price table's figure: what for."""

    def matters(self, settings: Mapping[str, Setting], knobs: Mapping[str, Knob]) -> bool:
        """Whether it has an effect under these settings."""
        return _matters(self.when, settings, knobs)

    @property
    def kind(self) -> str:
        if self.choices:
            return "choice"
        if isinstance(self.default, bool):
            return "switch"
        return "integer" if isinstance(self.default, int) else "number"

    def error(self, value: object) -> Message | None:
        """What is wrong with `value`, or None."""
        if self.kind == "choice":
            if isinstance(value, str) and value in self.choices:
                return None
            return message(
                "'{found}' is not one of {known}", found=value, known=", ".join(filter(None, self.choices))
            )
        if self.kind == "switch":
            return None if isinstance(value, bool) else message("'{found}' is not true or false", found=value)
        if value is None and self.default is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
            return message("'{found}' is not a number", found=value)
        if not np.isfinite(float(value)):
            return message("'{found}' is not a finite number", found=value)
        low, high = self.low or 0.0, self.high or 0.0
        if not low <= value <= high:
            return message("{found} is outside {low:g} to {high:g}", found=value, low=low, high=high)
        if self.kind == "integer" and value != int(value):
            return message("{found} is not a whole number", found=value)
        return None


@dataclass(frozen=True, slots=True)
class Pick:
    """A row of a price table that a strategy asks for."""

    kind: type[Fact]
    label: str
    help: str
    is_optional: bool = False
    """Left blank, something else of the strategy stands in for it."""
    when: When | None = None
    """As of a knob."""
    or_else: tuple[str, ...] = ()
    """Other picks that, all of them made, stand in for it."""

    def is_missing(self, name: str, settings: Mapping[str, Setting]) -> bool:
        """Whether neither it nor what could stand in for it is chosen."""
        if self.or_else:
            return not settings.get(name) and not all(settings.get(other) for other in self.or_else)
        return name not in settings

    def matters(self, settings: Mapping[str, Setting], knobs: Mapping[str, Knob]) -> bool:
        """Whether it has an effect under these settings."""
        return _matters(self.when, settings, knobs)


def knob(
    default: Any,
    *,
    label: str,
    low: float,
    high: float,
    unit: Unit | str,
    step: float | None = None,
    help: str = "",
    when: When | None = None,
    blank: str = "",
) -> Any:
    """A number. A default of None means: blank, as the price table says, or as `blank` says."""
    declared = Knob(default, label, unit, low, high, step, help, {}, when, blank)
    return field(default=default, metadata={"knob": declared})


def share(
    default: float,
    *,
    label: str,
    help: str = "",
    step: float = 0.05,
    high: float = 1,
    when: When | None = None,
) -> Any:
    """A share of a whole, from 0."""
    return knob(default, label=label, unit=Unit.SHARE, low=0, high=high, step=step, help=help, when=when)


def switch(default: bool, *, label: str, help: str = "") -> Any:
    """A yes or no."""
    return field(
        default=default, metadata={"knob": Knob(default, label, Unit.COUNT, None, None, None, help, {})}
    )


def choice(
    default: str, choices: Mapping[str, str], *, label: str, help: str = "", when: When | None = None
) -> Any:
    """One of several named ways."""
    return field(
        default=default,
        metadata={"knob": Knob(default, label, Unit.COUNT, None, None, None, help, choices, when)},
    )


def pick(kind: type[Fact], *, label: str, help: str = "", or_else: tuple[str, ...] = ()) -> Any:
    """A row of a price table, chosen by its id; None where the picks of `or_else` stand in for it."""
    wanted = {"pick": Pick(kind, label, help, or_else=or_else)}
    return field(default=None, metadata=wanted) if or_else else field(metadata=wanted)


def optional_pick(kind: type[Fact], *, label: str, help: str = "", when: When | None = None) -> Any:
    """A row of a price table that may be left blank: then it is None."""
    return field(default=None, metadata={"pick": Pick(kind, label, help, True, when)})


DATA_PLACES: Final = {
    "as_row": N_("as its price row says"),
    "anywhere": N_("anywhere in the world"),
    "region": N_("in our region only, by contract"),
    "rented": N_("on machines rented for us alone"),
    "house": N_("in our own house"),
}
"""Where prompts are processed, as a user may state it."""


@dataclass(frozen=True, kw_only=True)
class Strategy(ABC):
    """One way to serve a workload. A subclass's docstring is its formula; its file name is its id."""

    title: ClassVar[str]
    summary: ClassVar[str]
    order: ClassVar[int] = 99
    """Its place in lists."""
    is_self_hosted: ClassVar[bool] = False
    is_reference: ClassVar[bool] = False
    """Shown beside the others and never named the cheapest of them."""

    prices: PricesOnDay = field(repr=False)

    resolved_share: float | None = knob(
        None,
        label=N_("Resolved without people"),
        unit=Unit.SHARE,
        low=0,
        high=1,
        step=0.05,
        help=N_("Share of the requests that need nobody afterwards, as your own test found it."),
        blank=N_("unknown"),
    )
    measured_first_token_ms: float | None = knob(
        None,
        label=N_("Measured time to the first token"),
        unit=Unit.MILLISECONDS,
        low=0,
        high=600_000,
        step=50,
        help=N_("From your own benchmark. Blank: published or estimated where possible, else unknown."),
        blank=N_("not measured"),
    )
    measured_token_ms: float | None = knob(
        None,
        label=N_("Measured time per output token"),
        unit=Unit.MILLISECONDS,
        low=0,
        high=60_000,
        step=5,
        help=N_("From your own benchmark. Blank: published or estimated where possible, else unknown."),
        blank=N_("not measured"),
    )
    data_place: str = choice(
        "as_row",
        DATA_PLACES,
        label=N_("Where prompts are processed"),
        help=N_("What your contract says, where you know more than the price table."),
    )

    @classmethod
    def id(cls) -> str:
        return cls.__module__.rsplit(".", 1)[-1]

    @classmethod
    def knobs(cls) -> dict[str, Knob]:
        """Its own first, then those that every strategy has."""
        shared = {f.name for f in dataclasses.fields(Strategy)}
        found = sorted(dataclasses.fields(cls), key=lambda f: f.name in shared)
        return {f.name: f.metadata["knob"] for f in found if "knob" in f.metadata}

    @classmethod
    def picks(cls) -> dict[str, Pick]:
        return {f.name: f.metadata["pick"] for f in dataclasses.fields(cls) if "pick" in f.metadata}

    @classmethod
    def required_picks(cls) -> dict[str, Pick]:
        """Without those that may be left blank."""
        return {name: pick for name, pick in cls.picks().items() if not pick.is_optional}

    @classmethod
    def setting_errors(cls, settings: Mapping[str, Setting]) -> list[tuple[str, Message]]:
        """What is wrong with plain settings, by name; ids of picks are left to `build`."""
        knobs, picks = cls.knobs(), cls.picks()
        errors: list[tuple[str, Message]] = []
        for name, value in settings.items():
            if name in knobs:
                error = knobs[name].error(value)
                if error is not None:
                    errors.append((name, error))
            elif name in picks:
                if (picks[name].is_optional or picks[name].or_else) and value in (None, ""):
                    continue
                if not isinstance(value, str) or not value:
                    errors.append((name, message("'{found}' is not the id of a price row", found=value)))
            else:
                hint = suggestion(name, [*knobs, *picks])
                errors.append((name, message("unknown setting{hint}", hint=hint)))
        for name, wanted in cls.required_picks().items():
            if not wanted.is_missing(name, settings):
                continue
            what = message("missing (name a row)")
            if wanted.or_else:
                what = message("missing (name a row, or all of {others})", others=", ".join(wanted.or_else))
            errors.append((name, what))
        return errors

    @classmethod
    def expand_pick(
        cls, settings: Mapping[str, Setting], name: str, prices: PricesOnDay
    ) -> dict[str, Setting]:
        """With that pick left blank, and what its row says put into the settings that stand in for it."""
        found: dict[str, Setting] = {**settings, name: ""}
        row = prices.rows(cls.picks()[name].kind).get(str(settings.get(name, "")))
        knobs = cls.knobs()
        alternatives: dict[str, Knob | Pick] = {**cls.picks(), **knobs}
        for other, declared in alternatives.items():
            said = getattr(row, other, None)
            if declared.when != (name, "") or said is None or settings.get(other):
                continue
            if other not in knobs or knobs[other].error(said) is None:
                found[other] = said
        return found

    @classmethod
    def build(cls, settings: Mapping[str, Setting], prices: PricesOnDay) -> Self:
        """From plain settings; raises CrossoverError for an unknown row id or a bad value."""
        errors = cls.setting_errors(settings)
        if errors:
            raise CrossoverError(*(message("{name}: {what}", name=name, what=what) for name, what in errors))
        knobs, picks = cls.knobs(), cls.picks()
        values: dict[str, Any] = {}
        for name, value in settings.items():
            if name in picks:
                values[name] = prices.get(picks[name].kind, str(value)) if value else None
            elif knobs[name].kind == "integer" and value is not None:
                values[name] = int(value)
            elif knobs[name].kind == "number" and value is not None:
                values[name] = float(value)
            else:
                values[name] = value
        return cls(prices=prices, **values)

    @property
    @abstractmethod
    def label(self) -> Message:
        """What a verdict calls it."""

    @property
    @abstractmethod
    def tokenizer(self) -> str:
        """Id of the tokenizer in which its tokens are counted."""

    @property
    def tokenizers(self) -> frozenset[str]:
        """Of all models that it uses."""
        return frozenset({self.tokenizer})

    @abstractmethod
    def prompt(self, workload: Workload) -> Prompt:
        """The request as this strategy sends it."""

    @abstractmethod
    def lines(self, workload: Workload) -> Iterator[CostLine]:
        """A month at the workload's volume, and what is paid once; raises Infeasible."""

    def banded_lines(self, workload: Workload) -> Iterator[CostLine]:
        """The lines, also with quantities at both ends of the token counts where that takes more work."""
        yield from self.lines(workload)

    def notes(self, workload: Workload, on: date, until: date) -> Iterator[Message]:
        """What a reader must know besides the figures."""
        yield from ()

    def knowledge_use(self) -> KnowledgeUse:
        """Where its knowledge sits; by default all of it is in the prompt."""
        return KnowledgeUse()

    def badge(self, workload: Workload) -> Message | None:
        """A few words for its card: how large it is, or who alone may choose it."""
        return None

    @property
    def is_open_to_all(self) -> bool:
        """Whether any company may start it."""
        return True

    def check_startable(self, on: date) -> None:
        """Raises Infeasible if it cannot be started on that day."""

    def step_requests_per_day(self, workload: Workload, most: int) -> npt.NDArray[np.float64]:
        """The lowest volumes at which its cost jumps, rising, at most so many."""
        return np.empty(0)

    def tokens_per_request(self, workload: Workload) -> float:
        """Input and output tokens of a mean request, in its own tokenizer; those of all its tries."""
        prompt = self.prompt(workload)
        return (prompt.input_tokens + prompt.output_tokens) * workload.tries_per_request
