"""The register: shipped strategies, a company's own by an entry point, and what is refused in one line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from costing.cli.main import main
from costing.comparison.compare import compare
from costing.strategies import ENTRY_POINTS, Register, register, registered
from costing.strategy.base import Setting, Strategy
from costing.strategy.profile import PickRole, StrategyProfile
from costing.units import Unit

from ...support.factories import book, choice, frozen_prices, scenario
from ...support.paths import ROOT

SHIPPED = {path.stem for path in (ROOT / "costing" / "strategies").glob("*.py")} - {"__init__"}

COMPANY_STRATEGY = '''
from dataclasses import dataclass

from costing.strategy.base import Strategy, knob, pick
from costing.strategy.hosted_model import cache_rules, token_lines
from costing.strategy.base import Setting, Strategy
from costing.strategy.profile import PickRole
from i18n.message import message
from costing.units import Unit
from pricing.rows import ModelPrice


@dataclass(frozen=True, kw_only=True)
class TwoCalls(Strategy):
    """cost = calls x that of one call."""

    title = "Two calls"
    summary = "The model checks its own answer."
    order = 50

    model: ModelPrice = pick(ModelPrice, role=PickRole.SERVES, label="Model", help="Answers and checks.")
    calls: int = knob(2, label="Calls", unit=Unit.COUNT, low=1, high=9, help="Of the model, a request.")

    @property
    def label(self):
        return message("{model}, called twice", model=self.model.name)

    @property
    def tokenizer(self):
        return self.model.tokenizer

    def prompt(self, workload):
        return workload.prompt(self.tokenizer)

    def lines(self, workload):
        rules = cache_rules(self.model, caching=False, assumed_ttl_s=300, assumed_min_tokens=1024)
        called = workload.at(workload.requests_per_day * self.calls)
        yield from token_lines(self.model, self.prompt(workload), called, rules)
'''

Install = Callable[..., Register]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Installs a package of these modules, each with an entry point, and gives the register with it."""
    monkeypatch.syspath_prepend(tmp_path)

    def installed(package: str, *values: str, **modules: str) -> Register:
        folder = tmp_path / package
        folder.mkdir()
        (folder / "__init__.py").write_text("", encoding="utf-8")
        for name, source in modules.items():
            (folder / f"{name}.py").write_text(source, encoding="utf-8")
        metadata = tmp_path / f"{package}-1.0.dist-info"
        metadata.mkdir()
        (metadata / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n", encoding="utf-8"
        )
        points = values or tuple(f"{package}.{name}" for name in modules)
        lines = [f"[{ENTRY_POINTS}]", *(f"point{number} = {value}" for number, value in enumerate(points))]
        (metadata / "entry_points.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
        register.cache_clear()
        return register()

    yield installed
    register.cache_clear()


def lines_of(result: Register) -> list[str]:
    return [str(error) for error in result.errors]


# --- the shipped ones


def test_every_file_of_the_folder_is_registered_and_has_no_fault() -> None:
    assert register().errors == ()
    assert set(registered()) == SHIPPED


def test_every_pick_declares_its_role() -> None:
    roles = {
        f"{kind.id()}.{name}": pick.role
        for kind in registered().values()
        for name, pick in kind.picks().items()
    }
    assert None not in roles.values()
    assert roles["distilled.teacher"] is PickRole.TRAINS
    assert roles["retrieval.embedding"] is PickRole.EMBEDS
    assert roles["self_hosted.tariff"] is PickRole.SUPPLIES
    assert roles["overflow.model"] is PickRole.SERVES


@pytest.mark.parametrize("kind", registered().values(), ids=lambda kind: str(kind.id()))
def test_every_number_has_a_unit(kind: type[Strategy]) -> None:
    for name, knob in kind.knobs().items():
        assert isinstance(knob.unit, Unit), name


@pytest.mark.parametrize("kind", registered().values(), ids=lambda kind: str(kind.id()))
def test_every_strategy_has_a_profile_in_which_only_what_serves_is_hosted(kind: type[Strategy]) -> None:
    rows: dict[str, Setting] = {
        name: min(frozen_prices().rows(pick.kind)) for name, pick in kind.picks().items()
    }
    strategy = kind.build(rows, frozen_prices())
    profile = strategy.profile()
    assert isinstance(profile, StrategyProfile)
    assert set(profile.hosted) <= set(strategy.picked(PickRole.SERVES))
    assert profile.lasting_picks <= set(kind.picks())
    assert profile.hosted or profile.has_serving_fleet
    assert (profile.owned_hardware is None) == (strategy.owned_hardware() is None)


def test_a_fleet_at_percentile_100_has_no_hosted_model_and_at_0_no_servers() -> None:
    rows: dict[str, Setting] = {"deployment": "open-10b-1xg1", "model": "acme/large"}
    prices = book().on(scenario().on)

    def profile(percentile: float) -> StrategyProfile:
        return registered()["overflow"].build({**rows, "percentile": percentile}, prices).profile()

    assert [(bool(p.hosted), p.has_serving_fleet) for p in map(profile, (0.0, 50.0, 100.0))] == [
        (True, False),
        (True, True),
        (False, True),
    ]


# --- a company's own


def test_a_companys_strategy_is_compared_beside_the_shipped_ones(install: Install) -> None:
    assert lines_of(install("acme_crossover", two_calls=COMPANY_STRATEGY)) == []
    assert set(registered()) == {*SHIPPED, "two_calls"}
    strategies = choice("stuffed_prompt", model="acme/large"), choice("two_calls", model="acme/large")
    plain, twice = compare(scenario(*strategies), book()).outcomes
    # 30,437.5 requests of 1,000 tokens in at 2 USD per Mtok and 100 out at 10, and twice that.
    assert [float(plain.usd_per_month), float(twice.usd_per_month)] == pytest.approx([91.3125, 182.625])


def test_an_entry_point_may_name_the_class_itself(install: Install) -> None:
    assert lines_of(install("acme_named", "acme_named.two_calls:TwoCalls", two_calls=COMPANY_STRATEGY)) == []
    assert registered()["two_calls"].__name__ == "TwoCalls"


@pytest.mark.parametrize(
    ("package", "changes", "says"),
    [
        (
            "acme_role",
            {"role=PickRole.SERVES, ": ""},
            "acme_role/two_calls.py: TwoCalls.model: a pick without a role (write role=PickRole.SERVES or",
        ),
        (
            "acme_unit",
            {"unit=Unit.COUNT, ": ""},
            "acme_unit/two_calls.py: TwoCalls.calls: a knob without a unit (write unit=...,",
        ),
        (
            "acme_default",
            {"knob(2,": "knob(20,"},
            "acme_default/two_calls.py: TwoCalls.calls: 20 is outside 1 to 9",
        ),
        (
            "acme_title",
            {'    title = "Two calls"\n': ""},
            "acme_title/two_calls.py: TwoCalls.title: not declared",
        ),
        (
            "acme_lines",
            {"def lines(": "def bill("},
            "acme_lines/two_calls.py: TwoCalls.lines: not defined (every strategy defines it)",
        ),
        (
            "acme_plain",
            {"@dataclass(frozen=True, kw_only=True)\n": ""},
            "acme_plain/two_calls.py: TwoCalls.__init__: not a dataclass",
        ),
        (
            "acme_import",
            {"from pricing.rows import": "from nowhere import"},
            "acme_import/two_calls.py: cannot be imported: ModuleNotFoundError: No module named 'nowhere' "
            "(correct it, or uninstall acme_import)",
        ),
        (
            "acme_syntax",
            {"class TwoCalls(": "class TwoCalls"},
            "acme_syntax/two_calls.py: cannot be imported: SyntaxError:",
        ),
        (
            "acme_empty",
            {COMPANY_STRATEGY: "answer = 42\n"},
            "acme_empty/two_calls.py: defines no strategy",
        ),
    ],
)
def test_a_faulty_strategy_is_one_line_with_its_file_and_field_and_the_others_stay(
    install: Install, package: str, changes: dict[str, str], says: str
) -> None:
    source = COMPANY_STRATEGY
    for before, after in changes.items():
        assert before in source
        source = source.replace(before, after)
    (line,) = lines_of(install(package, two_calls=source))
    assert line.startswith(says)
    assert "\n" not in line
    assert set(registered()) == SHIPPED


def test_an_id_that_is_taken_is_refused(install: Install) -> None:
    (line,) = lines_of(install("acme_twice", overflow=COMPANY_STRATEGY))
    assert line == (
        "acme_twice/overflow.py: TwoCalls: the id 'overflow' is taken by costing.strategies.overflow "
        "(rename the file: its name is the id)"
    )
    assert registered()["overflow"].__module__ == "costing.strategies.overflow"


def test_what_is_no_strategy_is_refused(install: Install) -> None:
    (line,) = lines_of(install("acme_other", "acme_other.two_calls:dataclass", two_calls=COMPANY_STRATEGY))
    assert line == "acme_other/two_calls.py: dataclass is not a strategy class"


def test_every_faulty_strategy_has_its_line_and_good_ones_of_the_same_package_stay(install: Install) -> None:
    faulty = COMPANY_STRATEGY.replace("role=PickRole.SERVES, ", "").replace("unit=Unit.COUNT, ", "")
    lines = lines_of(install("acme_mixed", good=COMPANY_STRATEGY, faulty=faulty))
    assert [line.split(": ")[1] for line in lines] == ["TwoCalls.model", "TwoCalls.calls"]
    assert set(registered()) == {*SHIPPED, "good"}


def test_the_command_line_goes_on_and_says_what_is_faulty_on_standard_error(
    install: Install, capsys: pytest.CaptureFixture[str]
) -> None:
    install("acme_command", broken="import nowhere\n")
    assert main(["scenarios"]) == 0
    printed = capsys.readouterr()
    assert "brand_voice" in printed.out
    assert printed.err.splitlines() == [
        "acme_command/broken.py: cannot be imported: ModuleNotFoundError: No module named 'nowhere' "
        "(correct it, or uninstall acme_command)"
    ]
