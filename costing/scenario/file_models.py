"""The format of a scenario file as a whole, to a Scenario and back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Annotated, Any, ClassVar, Final, Self

from pydantic import (
    BeforeValidator,
    Field,
    GetJsonSchemaHandler,
    SkipValidation,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from i18n.message import message
from pricing.book import suggestion
from pricing.load import today
from pricing.validation import MISSING, Fault, refusal

from ..currency import USD
from ..strategies import registered
from ..strategy.base import Setting
from .file_model import Checked, FileModel, SettingsModel, number, short
from .ranges_yaml import CorrelationEntry, Correlations, RangeEntry, Ranges, correlation_faults, range_faults
from .requirements_yaml import NeedsGroup
from .scenario import LIMITS, MAX_STRATEGIES, VERSION, Scenario, StrategyChoice
from .settings_schema import strategies_schema
from .traffic_yaml import OutlookGroup, TrafficGroup
from .workload_yaml import WorkloadGroup

_ID: Final = re.compile(r"[\w-]{1,80}")
_ID_PATTERN: Final = r"^[^\s!-,./:-@\[-^`{-~]{1,80}$"
"""The same for editors, whose \\w matches ASCII only."""
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_NO_STRATEGIES: Final = message("no list of strategies (start each with '- strategy:')")


def _strategy_id(value: Any) -> str:
    if isinstance(value, str) and value in registered():
        return value
    raise refusal(
        message("no strategy '{value}'{hint}", value=value, hint=suggestion(str(value), registered()))
    )


class StrategyEntry(SettingsModel):
    """A strategy with its settings; what is left out has its declared default."""

    not_a_group: ClassVar = message("not a strategy (start it with '- strategy:')")

    strategy: Annotated[str, Checked(_strategy_id, {"type": "string"})]
    """How the workload is served."""
    name: str = ""
    """Your own name for it; left out, it is named by its settings."""
    is_today: bool = False
    """Whether the workload is served this way today; at most one strategy."""
    settings: Annotated[Mapping[str, Setting], SkipValidation] = Field(default_factory=dict)
    """Picks and knobs by their names."""

    @classmethod
    def more_faults(cls, value: Mapping[str, Any]) -> Iterator[Fault]:
        strategy_id = value.get("strategy")
        if isinstance(strategy_id, str) and strategy_id in registered():
            for name, what in registered()[strategy_id].setting_errors(cls.settings_in(value)):
                yield (name,), what

    def choice(self) -> StrategyChoice:
        return StrategyChoice(self.strategy, self.settings, " ".join(self.name.split()), self.is_today)

    @classmethod
    def of(cls, choice: StrategyChoice) -> Self:
        settings = {name: short(setting) for name, setting in choice.settings.items()}
        return cls.written(
            strategy=choice.strategy,
            name=choice.name,
            is_today=choice.is_today or None,
            settings=settings,
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        fields = handler.resolve_ref_schema(handler(schema))
        own = {name: field for name, field in fields["properties"].items() if name != "settings"}
        return strategies_schema(own)


def _version(value: Any) -> int:
    if value == VERSION and not isinstance(value, bool):
        return VERSION
    raise refusal(message("'{value}' (this program reads version 1)", value=value))


def _scenario_id(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise refusal(MISSING)
    if not _ID.fullmatch(value):
        raise refusal(message("'{value}' (use letters, digits, _ and -)", value=value))
    return value


def _by_language(value: Any) -> dict[str, str]:
    if isinstance(value, str):
        return {"en": value}
    if isinstance(value, dict) and all(isinstance(text, str) for text in value.values()):
        return value
    raise refusal(message("neither text nor one text per language"))


def _currency(value: Any) -> str:
    if isinstance(value, str) and _CURRENCY.fullmatch(value):
        return value
    raise refusal(
        message("'{value}' is not a currency code (write three capital letters, as TWD)", value=value)
    )


def _not_empty(value: Any) -> Any:
    if isinstance(value, list) and value:
        return value
    raise refusal(_NO_STRATEGIES)


TextByLanguage = Annotated[
    dict[str, str],
    Checked(
        _by_language,
        {"anyOf": [{"type": "string"}, {"type": "object", "additionalProperties": {"type": "string"}}]},
    ),
]


class ScenarioFile(FileModel):
    """A scenario: a workload, the strategies to compare, and what is uncertain, expected and needed."""

    not_a_group: ClassVar = message("not a scenario (start it with 'version: 1')")
    missing: ClassVar = {"strategies": _NO_STRATEGIES}

    version: Annotated[int, Checked(_version, {"const": VERSION})]
    """Version of the file format."""
    id: Annotated[
        str,
        Checked(_scenario_id, {"type": "string", "pattern": _ID_PATTERN}),
    ]
    """Letters, digits, _ and -."""
    name: TextByLanguage = Field(default_factory=lambda: {"en": ""})
    """A name, or one for each language."""
    description: TextByLanguage = Field(default_factory=lambda: {"en": ""})
    """What the scenario is about, or one text for each language."""
    on: date | None = None
    """The day whose prices hold; without it that on which the file is opened."""
    horizon_months: Annotated[int, number(LIMITS["horizon_months"])]
    """Months that are looked ahead; what is paid once is spread over them."""
    currency: Annotated[
        str,
        Checked(_currency, {"type": "string", "pattern": f"^{_CURRENCY.pattern}$"}),
    ] = USD
    """The currency in which amounts are shown."""
    workload: WorkloadGroup
    """The requests: how many, and what is in one."""
    strategies: Annotated[
        tuple[StrategyEntry, ...],
        Field(strict=False, json_schema_extra={"minItems": 1, "maxItems": MAX_STRATEGIES}),
        BeforeValidator(_not_empty),
    ]
    """The strategies to compare."""
    ranges: Ranges | None = None
    """Uncertain inputs by their paths, as requests_per_day, tokens.answer or strategies.1.epochs."""
    correlations: Correlations | None = None
    """Inputs that move together."""
    traffic: TrafficGroup | None = None
    """Traffic of the months ahead."""
    outlook: OutlookGroup | None = None
    """How prices are expected to drift, and the discount rate."""
    needs: NeedsGroup | None = None
    """What is needed beside cost."""

    @classmethod
    def more_faults(cls, value: Mapping[str, Any]) -> Iterator[Fault]:
        strategies = value.get("strategies")
        if not isinstance(strategies, list):
            strategies = []
        if len(strategies) > MAX_STRATEGIES:
            yield (
                ("strategies",),
                message(
                    "{strategies} strategies, more than {limit} (remove some)",
                    strategies=len(strategies),
                    limit=MAX_STRATEGIES,
                ),
            )
        marked = [
            place
            for place, item in enumerate(strategies)
            if isinstance(item, dict) and item.get("is_today") is True
        ]
        for place in marked[1:]:
            yield (
                ("strategies", place, "is_today"),
                message("a second strategy in use today (mark one at most)"),
            )
        choices = [_choice_of(item) for item in strategies]
        yield from _below("ranges", range_faults(value.get("ranges"), choices))
        yield from _below("correlations", correlation_faults(value.get("correlations"), choices))

    def scenario(self) -> Scenario:
        return Scenario(
            id=self.id,
            names=self.name,
            descriptions=self.description,
            on=self.on or today(),
            is_pinned=self.on is not None,
            horizon_months=self.horizon_months,
            currency=self.currency,
            **self.workload.fields(),
            strategies=tuple(entry.choice() for entry in self.strategies),
            ranges=tuple(entry.input_range(path) for path, entry in (self.ranges or {}).items()),
            correlations=tuple(entry.correlation() for entry in self.correlations or ()),
            traffic=(self.traffic or TrafficGroup()).traffic(),
            outlook=(self.outlook or OutlookGroup()).outlook(),
            needs=(self.needs or NeedsGroup()).needs(),
        ).with_hours(self.workload.hour_shares)

    @classmethod
    def of(cls, scenario: Scenario) -> Self:
        """With the groups that a file of this scenario has; its values are not validated again."""
        return cls.written(
            version=VERSION,
            id=scenario.id,
            name=dict(scenario.names),
            description=dict(scenario.descriptions),
            on=scenario.on if scenario.is_pinned else None,
            horizon_months=scenario.horizon_months,
            currency=None if scenario.currency == USD else scenario.currency,
            workload=WorkloadGroup.of(scenario),
            strategies=tuple(map(StrategyEntry.of, scenario.strategies)),
            ranges={written.path: RangeEntry.of(written) for written in scenario.ranges} or None,
            correlations=tuple(map(CorrelationEntry.of, scenario.correlations)),
            traffic=TrafficGroup.of(scenario.traffic),
            outlook=OutlookGroup.of(scenario.outlook),
            needs=NeedsGroup.of(scenario.needs),
        )


def _choice_of(item: Any) -> StrategyChoice:
    """The strategy of a plain entry, without settings; its id is blank where it is no text."""
    strategy_id = item.get("strategy") if isinstance(item, dict) else None
    return StrategyChoice(strategy_id if isinstance(strategy_id, str) else "", {})


def _below(field: str, faults: Iterable[Fault]) -> Iterator[Fault]:
    for path, what in faults:
        yield (field, *path), what
