"""Base class of strategies: declared picks and knobs, built from plain settings, and cost lines."""

from __future__ import annotations

import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Final, Self

import numpy as np
import numpy.typing as npt

from i18n.errors import CrossoverError
from i18n.message import N_, Message, message
from pricing.book import PricesOnDay, suggestion
from pricing.rows import Fact, ModelPrice, TunedPrice, lifecycle_of

from ..cost_lines import CostLine
from ..units import Unit
from ..workload.workload import Prompt, Workload
from .configurable import Configurable
from .declarations import KNOB, PICK
from .declarations import Knob as Knob
from .declarations import Pick as Pick
from .declarations import Setting as Setting
from .declarations import SettingGroup as SettingGroup
from .declarations import When as When
from .declarations import choice as choice
from .declarations import knob as knob
from .declarations import optional_pick as optional_pick
from .declarations import pick as pick
from .declarations import share as share
from .declarations import switch as switch
from .profile import LASTING_ROLES, OwnedHardware, PickRole, StrategyProfile


class Infeasible(CrossoverError):
    """The strategy cannot serve this workload, or cannot be started; the reason is its text."""


DATA_PLACES: Final = {
    "as_row": N_("as its price row says"),
    "anywhere": N_("anywhere in the world"),
    "region": N_("in our region only, by contract"),
    "rented": N_("on machines rented for us alone"),
    "house": N_("in our own house"),
}
"""Where prompts are processed, as a user may state it."""


@dataclass(frozen=True, kw_only=True)
class Strategy(Configurable, ABC):
    """One way to serve a workload. A subclass's docstring is its formula; its file name is its id."""

    title: ClassVar[str]
    summary: ClassVar[str]
    order: ClassVar[int] = 99
    """Its place in lists."""
    is_self_hosted: ClassVar[bool] = False
    is_reference: ClassVar[bool] = False
    """Shown beside the others and never named the cheapest of them."""

    resolved_share: float | None = knob(
        None,
        label=N_("Automatic resolution rate"),
        group=SettingGroup.EVIDENCE,
        unit=Unit.SHARE,
        low=0,
        high=1,
        step=0.05,
        help=N_(
            "Share of the requests that need no human handling afterwards, as your own test measured it."
        ),
        blank=N_("unknown"),
    )
    measured_first_token_ms: float | None = knob(
        None,
        label=N_("Measured time to the first token"),
        group=SettingGroup.EVIDENCE,
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
        group=SettingGroup.EVIDENCE,
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
        group=SettingGroup.EVIDENCE,
        help=N_("What your contract says, where you know more than the price table."),
    )

    @classmethod
    def id(cls) -> str:
        return cls.__module__.rsplit(".", 1)[-1]

    @classmethod
    def knobs(cls) -> dict[str, Knob]:
        """Its own and those of its parts first, then those that every strategy has."""
        shared = {item.name for item in dataclasses.fields(Strategy)}
        knobs: dict[str, Knob] = cls.declared(KNOB)
        return dict(sorted(knobs.items(), key=lambda declared: declared[0] in shared))

    @classmethod
    def picks(cls) -> dict[str, Pick]:
        """Its own and those of its parts."""
        return cls.declared(PICK)

    @classmethod
    def required_picks(cls) -> dict[str, Pick]:
        """Without those that may be left blank."""
        return {name: pick for name, pick in cls.picks().items() if not pick.is_optional}

    @classmethod
    def declaration_errors(cls) -> list[tuple[str, Message]]:
        """Errors of the class and of its knobs and picks: (field, problem)."""
        errors = [
            (name, message("not declared (give it a text)"))
            for name in ("title", "summary")
            if not isinstance(getattr(cls, name, None), str)
        ]
        errors += [
            (name, message("not defined (every strategy defines it)"))
            for name in sorted(cls.__abstractmethods__)
        ]
        if "__dataclass_fields__" not in vars(cls):
            what = message("not a dataclass (decorate it with @dataclass(frozen=True, kw_only=True))")
            return [*errors, ("__init__", what)]
        errors += [
            (name, message("declared twice (give one of the settings another name)"))
            for name in cls.repeated_settings()
        ]
        declared: dict[str, Knob | Pick] = {**cls.picks(), **cls.knobs()}
        errors += [
            (name, error)
            for name, setting in declared.items()
            if (error := setting.declaration_error()) is not None
        ]
        return errors

    @classmethod
    def setting_errors(cls, settings: Mapping[str, Setting]) -> list[tuple[str, Message]]:
        """Errors of plain settings: (name, problem); `build` checks the ids of picks."""
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
                    errors.append((name, message("'{value}' is not the id of a price row", value=value)))
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
        changed: dict[str, Setting] = {**settings, name: ""}
        row = prices.rows(cls.picks()[name].kind).get(str(settings.get(name, "")))
        knobs = cls.knobs()
        alternatives: dict[str, Knob | Pick] = {**cls.picks(), **knobs}
        for other, declared in alternatives.items():
            value = getattr(row, other, None)
            if declared.when != (name, "") or value is None or settings.get(other):
                continue
            if other not in knobs or knobs[other].error(value) is None:
                changed[other] = value
        return changed

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
        return cls.assemble(values, prices)

    def settings(self) -> dict[str, Setting]:
        """Every setting as a scenario file has it: a pick as the id of its row, blank where there is none."""
        picks, values = self.picks(), self.values()
        return {
            name: value if name not in picks else "" if value is None else value.id
            for name, value in values.items()
        }

    @property
    @abstractmethod
    def label(self) -> Message:
        """Its name, the same at every volume: `Strategy · model (vendor or machine)`."""

    def label_at(self, workload: Workload) -> Message:
        """The label with the number of GPUs that are billed at this volume, where there are any."""
        return self.label

    @property
    def short_label(self) -> Message:
        """The label without vendor and machine, for repeats."""
        return self.label

    @property
    @abstractmethod
    def tokenizer(self) -> str:
        """Id of the tokenizer in which its tokens are counted."""

    @property
    def tokenizers(self) -> frozenset[str]:
        """Tokenizers of all models that it uses."""
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
        """Notes for the reader besides the figures."""
        yield from ()

    def picked(self, *roles: PickRole) -> tuple[Fact, ...]:
        """The picked rows of these roles, in the order of their declaration; blank ones left out."""
        values = self.values()
        rows = (values[name] for name, pick in self.picks().items() if pick.role in roles)
        return tuple(row for row in rows if row is not None)

    def once_only_refs(self) -> frozenset[str]:
        """References of the picked price rows that are not needed after the start."""
        lasting, values = self.profile().lasting_picks, self.values()
        rows = (values[name] for name in self.picks() if name not in lasting)
        return frozenset(row.ref for row in rows if row is not None)

    def knob_value(self, name: str) -> Any:
        """The value of a knob, its own or one of a part."""
        return self.values()[name]

    def owned_hardware(self) -> OwnedHardware | None:
        """Terms of bought hardware, for its profile; None where none is bought."""
        return None

    def profile(self) -> StrategyProfile:
        """What analyses may know of it; by default all knowledge is in the prompt, and picked models serve.

        A subclass changes fields of its base class's profile.
        """
        models = self.picked(PickRole.SERVES)
        return StrategyProfile(
            hosted=tuple(row for row in models if isinstance(row, ModelPrice | TunedPrice)),
            owned_hardware=self.owned_hardware(),
            lasting_picks=frozenset(
                name for name, declared in self.picks().items() if declared.role in LASTING_ROLES
            ),
        )

    def badge(self, workload: Workload) -> Message | None:
        """A few words for its card: how large it is, or who alone may choose it."""
        return None

    @property
    def is_open_to_all(self) -> bool:
        """Whether any company may start it."""
        return True

    def check_startable(self, on: date) -> None:
        """Raises Infeasible if it cannot be started on that day: a row that it needs was shut down."""
        values = self.values()
        for name in sorted(self.profile().lasting_picks):
            row = values.get(name)
            if isinstance(row, Fact) and lifecycle_of(row).is_shut_down_on(on):
                raise Infeasible(message("{offer} was shut down (choose another offer)", offer=row.id))

    def step_requests_per_day(self, workload: Workload, most: int) -> npt.NDArray[np.float64]:
        """The lowest volumes at which its cost jumps, in rising order, at most `most` of them."""
        return np.empty(0)

    def tokens_per_request(self, workload: Workload) -> float:
        """Input and output tokens of a mean request, in its own tokenizer; those of all its tries."""
        prompt = self.prompt(workload)
        return (prompt.input_tokens + prompt.output_tokens) * workload.tries_per_request
