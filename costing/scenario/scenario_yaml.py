"""A scenario as YAML text: read with every fault by file and line, and written so that it reads back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import yaml

from i18n.errors import CrossoverError
from i18n.message import Message, message
from pricing.book import suggestion
from pricing.strict_yaml import Document, Path, parse

from ..currency import USD
from ..strategies import registered
from ..strategy.base import Setting
from ..tokenization.text_language import KINDS
from ..workload.workload import PARTS
from .hourly_profile import read_hours
from .ranges_yaml import dumped, read_correlations, read_ranges
from .requirements_yaml import dumped_needs, read_needs
from .scenario import LIMITS, MAX_STRATEGIES, VERSION, Part, Scenario, StrategyChoice
from .traffic_yaml import dumped_over_time, read_outlook, read_traffic
from .workload_yaml import FIELDS, dumped_workload, read_workload


def read(text: str | bytes, name: str) -> Scenario:
    """A scenario from YAML; raises CrossoverError with every fault, each with file and line."""
    document = parse(text, name)
    return _Reader(document).scenario()


class _Reader:
    """Takes a scenario out of a document, collecting faults instead of stopping at the first."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.errors: list[Message] = []

    def scenario(self) -> Scenario:
        root = self._mapping(
            self.document.value,
            (),
            {
                "version",
                "id",
                "name",
                "description",
                "on",
                "horizon_months",
                "currency",
                "workload",
                "strategies",
                "ranges",
                "correlations",
                "traffic",
                "outlook",
                "needs",
            },
        )
        if root.get("version") != VERSION:
            self._error(
                ("version",), message("'{found}' (this program reads version 1)", found=root.get("version"))
            )
        workload = self._mapping(
            root.get("workload"),
            ("workload",),
            {
                "requests_per_day",
                "peak_to_average",
                "hour_shares",
                "turns",
                "growth_share_per_month",
                "parts",
                *FIELDS,
            },
        )
        hours = read_hours(workload, ("workload",), self._error)
        parts = self._mapping(workload.get("parts"), ("workload", "parts"), set(PARTS))
        on = root.get("on")
        if not isinstance(on, date):
            self._error(("on",), message("'{found}' is not a date (write 2026-11-22)", found=on))
            on = date.min
        scenario = Scenario(
            id=self._text(root, "id"),
            names=self._by_language(root, "name"),
            descriptions=self._by_language(root, "description"),
            on=on,
            horizon_months=int(self._number(root, (), "horizon_months")),
            requests_per_day=self._number(workload, ("workload",), "requests_per_day"),
            peak_to_average=self._number(workload, ("workload",), "peak_to_average", 1),
            turns=int(self._number(workload, ("workload",), "turns", 1)),
            growth_share_per_month=self._number(workload, ("workload",), "growth_share_per_month", 0),
            parts={part: self._part(parts.get(part), ("workload", "parts", part)) for part in PARTS},
            strategies=self._strategies(root.get("strategies")),
            currency=self._currency(root.get("currency", USD)),
            **read_workload(workload, self._number, self._error),
        ).with_hours(hours)
        scenario = replace(
            scenario,
            ranges=read_ranges(root.get("ranges"), scenario.strategies, self._error),
            correlations=read_correlations(root.get("correlations"), scenario.strategies, self._error),
            traffic=read_traffic(root.get("traffic"), self._error),
            outlook=read_outlook(root.get("outlook"), self._error),
            needs=read_needs(root.get("needs"), self._error),
        )
        if scenario.id and not re.fullmatch(r"[\w-]{1,80}", scenario.id):
            self._error(("id",), message("'{found}' (use letters, digits, _ and -)", found=scenario.id))
        if self.errors:
            raise CrossoverError(*self.errors)
        return scenario

    def _error(self, path: Path, what: Message) -> None:
        dotted = ".".join(str(p + 1) if isinstance(p, int) else p for p in path)
        place = self.document.place(path)
        if dotted:
            self.errors.append(message("{place}: {field}: {what}", place=place, field=dotted, what=what))
        else:
            self.errors.append(message("{place}: {what}", place=place, what=what))

    def _mapping(self, value: object, path: Path, known: set[str]) -> Mapping[str, Any]:
        if not isinstance(value, dict):
            if value is None:
                self._error(path, message("missing (add it)"))
            else:
                self._error(path, message("not a group of 'name: value' lines"))
            return {}
        for key in value:
            if key not in known:
                self._error((*path, key), message("unknown field{hint}", hint=suggestion(key, known)))
        return value

    def _text(self, root: Mapping[str, Any], key: str) -> str:
        value = root.get(key)
        if isinstance(value, str) and value.strip():
            return value
        self._error((key,), message("missing (add it)"))
        return ""

    def _by_language(self, root: Mapping[str, Any], key: str) -> Mapping[str, str]:
        value = root.get(key, "")
        if isinstance(value, str):
            return {"en": value}
        if isinstance(value, dict) and all(isinstance(text, str) for text in value.values()):
            return value
        self._error((key,), message("neither text nor one text per language"))
        return {}

    def _currency(self, value: object) -> str:
        if isinstance(value, str) and re.fullmatch("[A-Z]{3}", value):
            return value
        self._error(
            ("currency",),
            message("'{found}' is not a currency code (write three capital letters, as TWD)", found=value),
        )
        return USD

    def _number(self, group: Mapping[str, Any], path: Path, key: str, default: float | None = None) -> float:
        value = group.get(key, default)
        limits = LIMITS[key]
        if value is None:
            self._error((*path, key), message("missing (add it)"))
        elif isinstance(value, bool) or not isinstance(value, int | float | Decimal):
            self._error((*path, key), message("'{found}' is not a number", found=value))
        elif not limits.low <= value <= limits.high:
            self._error(
                (*path, key),
                message(
                    "{found} is outside {low:g} to {high:g}", found=value, low=limits.low, high=limits.high
                ),
            )
        elif limits.whole and value != int(value):
            self._error((*path, key), message("{found} is not a whole number", found=value))
        else:
            return float(value)
        return limits.low

    def _part(self, value: object, path: Path) -> Part:
        if value is None:
            return Part()
        group = self._mapping(value, path, {"text", "tokens", "kind"})
        text, kind = group.get("text") or "", group.get("kind", "en")
        if not isinstance(text, str):
            self._error((*path, "text"), message("not text (put it in quotes)"))
            text = ""
        if kind not in KINDS:
            self._error(
                (*path, "kind"),
                message("'{found}' is not one of {known}", found=kind, known=", ".join(KINDS)),
            )
            kind = "en"
        tokens = int(self._number(group, path, "tokens")) if "tokens" in group else None
        if text.strip() and tokens is not None:
            self._error(path, message("both text and tokens (keep one)"))
        return Part(text, tokens, kind)

    def _strategies(self, value: object) -> tuple[StrategyChoice, ...]:
        if not isinstance(value, list) or not value:
            self._error(("strategies",), message("no list of strategies (start each with '- strategy:')"))
            return ()
        if len(value) > MAX_STRATEGIES:
            self._error(
                ("strategies",),
                message(
                    "{found} strategies, more than {limit} (remove some)",
                    found=len(value),
                    limit=MAX_STRATEGIES,
                ),
            )
        choices = [self._strategy(item, ("strategies", index)) for index, item in enumerate(value)]
        return tuple(choice for choice in choices if choice is not None)

    def _strategy(self, value: object, path: Path) -> StrategyChoice | None:
        if not isinstance(value, dict):
            self._error(path, message("not a strategy (start it with '- strategy:')"))
            return None
        found = value.get("strategy")
        if not isinstance(found, str) or found not in registered():
            self._error(
                (*path, "strategy"),
                message(
                    "no strategy '{found}'{hint}", found=found, hint=suggestion(str(found), registered())
                ),
            )
            return None
        kind = registered()[found]
        name = value.get("name", "")
        if not isinstance(name, str):
            self._error((*path, "name"), message("not text (put it in quotes)"))
            name = ""
        settings = {
            key: float(item) if isinstance(item, Decimal) else item
            for key, item in value.items()
            if key not in ("strategy", "name")
        }
        for setting, what in kind.setting_errors(settings):
            self._error((*path, setting), what)
        return StrategyChoice(found, settings, " ".join(name.split()))


class _Dumper(yaml.SafeDumper):
    """Block text for anything of several lines; no aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]")


def _reads_as_another(text: str) -> bool:
    """Whether the strict reader would take the bare text for a number, a date or nothing."""
    try:
        return parse(text, "text").value != text
    except CrossoverError:
        return True


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    if _UNSAFE.search(text) or ("\n" not in text and len(text) < 80 and _reads_as_another(text)):
        style = '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _represent_text)


class _InOneLine(list[float]):
    """A list that is written in one line."""


_Dumper.add_representer(
    _InOneLine,
    lambda dumper, numbers: dumper.represent_sequence("tag:yaml.org,2002:seq", numbers, flow_style=True),
)


def dump(scenario: Scenario) -> str:
    """The YAML that `read` takes back to an equal scenario."""
    parts: dict[str, Any] = {}
    for name in PARTS:
        part = scenario.parts[name]
        group: dict[str, Any] = {}
        if part.text:
            group["text"] = part.text
        if part.tokens is not None:
            group["tokens"] = part.tokens
        if part.kind != "en":
            group["kind"] = part.kind
        if group:
            parts[name] = group
    root = {
        "version": VERSION,
        "id": scenario.id,
        "name": dict(scenario.names),
        "description": dict(scenario.descriptions),
        "on": scenario.on,
        "horizon_months": scenario.horizon_months,
        **({"currency": scenario.currency} if scenario.currency != USD else {}),
        "workload": {
            "requests_per_day": _short(scenario.requests_per_day),
            **(
                {"hour_shares": _InOneLine(scenario.hour_shares)}
                if scenario.hour_shares
                else {"peak_to_average": _short(scenario.peak_to_average)}
            ),
            "turns": scenario.turns,
            "growth_share_per_month": _short(scenario.growth_share_per_month),
            **dumped_workload(scenario),
            "parts": parts,
        },
        "strategies": [
            {
                "strategy": choice.strategy,
                **({"name": choice.name} if choice.name else {}),
                **{key: _short(value) for key, value in choice.settings.items()},
            }
            for choice in scenario.strategies
        ],
        **dumped(scenario.ranges, scenario.correlations),
        **dumped_over_time(scenario.traffic, scenario.outlook),
        **dumped_needs(scenario.needs),
    }
    return yaml.dump(root, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000)


def _short(value: Setting) -> Setting:
    """Whole floats as integers, which read better."""
    return int(value) if isinstance(value, float) and value == int(value) else value
