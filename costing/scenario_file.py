"""A scenario as YAML text: read with every fault by file and line, and written so that it reads back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import yaml

from pricing.book import did_you_mean
from pricing.message import CrossoverError, Message, message
from pricing.strict_yaml import Document, Path, parse

from .counting.text_kind import KINDS
from .deciding.needs_file import dumped_needs, read_needs
from .hours import read_hours
from .money import USD
from .over_time.traffic_file import dumped_over_time, read_outlook, read_traffic
from .scenario import LIMITS, MAX_STRATEGIES, VERSION, Part, Scenario, StrategyChoice
from .strategies import registered
from .strategy import Setting
from .sure.range_file import dumped, read_correlations, read_ranges
from .workload import PARTS
from .workload_file import FIELDS, dumped_workload, read_workload


def read(text: str | bytes, name: str) -> Scenario:
    """A scenario from YAML; raises CrossoverError with every fault, each with file and line."""
    document = parse(text, name)
    return _Reader(document).scenario()


class _Reader:
    """Takes a scenario out of a document, collecting faults instead of stopping at the first."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.faults: list[Message] = []

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
            self._fault(
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
        hours = read_hours(workload, ("workload",), self._fault)
        parts = self._mapping(workload.get("parts"), ("workload", "parts"), set(PARTS))
        on = root.get("on")
        if not isinstance(on, date):
            self._fault(("on",), message("'{found}' is not a date (write 2026-11-22)", found=on))
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
            **read_workload(workload, self._number, self._fault),
        ).with_hours(hours)
        scenario = replace(
            scenario,
            ranges=read_ranges(root.get("ranges"), scenario.strategies, self._fault),
            correlations=read_correlations(root.get("correlations"), scenario.strategies, self._fault),
            traffic=read_traffic(root.get("traffic"), self._fault),
            outlook=read_outlook(root.get("outlook"), self._fault),
            needs=read_needs(root.get("needs"), self._fault),
        )
        if scenario.id and not re.fullmatch(r"[\w-]{1,80}", scenario.id):
            self._fault(("id",), message("'{found}' (use letters, digits, _ and -)", found=scenario.id))
        if self.faults:
            raise CrossoverError(*self.faults)
        return scenario

    def _fault(self, path: Path, what: Message) -> None:
        dotted = ".".join(str(p + 1) if isinstance(p, int) else p for p in path)
        place = self.document.place(path)
        if dotted:
            self.faults.append(message("{place}: {field}: {what}", place=place, field=dotted, what=what))
        else:
            self.faults.append(message("{place}: {what}", place=place, what=what))

    def _mapping(self, value: object, path: Path, known: set[str]) -> Mapping[str, Any]:
        if not isinstance(value, dict):
            if value is None:
                self._fault(path, message("missing (add it)"))
            else:
                self._fault(path, message("not a group of 'name: value' lines"))
            return {}
        for key in value:
            if key not in known:
                self._fault((*path, key), message("unknown field{hint}", hint=did_you_mean(key, known)))
        return value

    def _text(self, root: Mapping[str, Any], key: str) -> str:
        value = root.get(key)
        if isinstance(value, str) and value.strip():
            return value
        self._fault((key,), message("missing (add it)"))
        return ""

    def _by_language(self, root: Mapping[str, Any], key: str) -> Mapping[str, str]:
        value = root.get(key, "")
        if isinstance(value, str):
            return {"en": value}
        if isinstance(value, dict) and all(isinstance(text, str) for text in value.values()):
            return value
        self._fault((key,), message("neither text nor one text per language"))
        return {}

    def _currency(self, value: object) -> str:
        if isinstance(value, str) and re.fullmatch("[A-Z]{3}", value):
            return value
        self._fault(
            ("currency",),
            message("'{found}' is not a currency code (write three capital letters, as TWD)", found=value),
        )
        return USD

    def _number(self, group: Mapping[str, Any], path: Path, key: str, default: float | None = None) -> float:
        value = group.get(key, default)
        limits = LIMITS[key]
        if value is None:
            self._fault((*path, key), message("missing (add it)"))
        elif isinstance(value, bool) or not isinstance(value, int | float | Decimal):
            self._fault((*path, key), message("'{found}' is not a number", found=value))
        elif not limits.low <= value <= limits.high:
            self._fault(
                (*path, key),
                message(
                    "{found} is outside {low:g} to {high:g}", found=value, low=limits.low, high=limits.high
                ),
            )
        elif limits.whole and value != int(value):
            self._fault((*path, key), message("{found} is not a whole number", found=value))
        else:
            return float(value)
        return limits.low

    def _part(self, value: object, path: Path) -> Part:
        if value is None:
            return Part()
        group = self._mapping(value, path, {"text", "tokens", "kind"})
        text, kind = group.get("text") or "", group.get("kind", "en")
        if not isinstance(text, str):
            self._fault((*path, "text"), message("not text (put it in quotes)"))
            text = ""
        if kind not in KINDS:
            self._fault(
                (*path, "kind"),
                message("'{found}' is not one of {known}", found=kind, known=", ".join(KINDS)),
            )
            kind = "en"
        tokens = int(self._number(group, path, "tokens")) if "tokens" in group else None
        if text.strip() and tokens is not None:
            self._fault(path, message("both text and tokens (keep one)"))
        return Part(text, tokens, kind)

    def _strategies(self, value: object) -> tuple[StrategyChoice, ...]:
        if not isinstance(value, list) or not value:
            self._fault(("strategies",), message("no list of strategies (start each with '- strategy:')"))
            return ()
        if len(value) > MAX_STRATEGIES:
            self._fault(
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
            self._fault(path, message("not a strategy (start it with '- strategy:')"))
            return None
        found = value.get("strategy")
        if not isinstance(found, str) or found not in registered():
            self._fault(
                (*path, "strategy"),
                message(
                    "no strategy '{found}'{hint}", found=found, hint=did_you_mean(str(found), registered())
                ),
            )
            return None
        kind = registered()[found]
        name = value.get("name", "")
        if not isinstance(name, str):
            self._fault((*path, "name"), message("not text (put it in quotes)"))
            name = ""
        settings = {
            key: float(item) if isinstance(item, Decimal) else item
            for key, item in value.items()
            if key not in ("strategy", "name")
        }
        for setting, what in kind.setting_faults(settings):
            self._fault((*path, setting), what)
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
