"""Rules for the structure of the code, checked over all files."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

import pytest

from costing.strategies import registered
from costing.strategy.base import Strategy
from tests.support.paths import ROOT

CORE = sorted(
    path for folder in ("costing", "frames", "i18n", "pricing") for path in (ROOT / folder).rglob("*.py")
)
INSTRUMENT = sorted((ROOT / "bench").glob("*.py"))
TEST_FILES = sorted((ROOT / "tests").rglob("*.py"))
PACKAGES = ("bench", "costing", "dashboard", "frames", "i18n", "pricing")
STRATEGY_FILES = sorted(
    path for path in (ROOT / "costing" / "strategies").glob("*.py") if path.name != "__init__.py"
)

OPENERS = {"open", "read_text", "read_bytes", "write_text", "write_bytes"}
MAY_ASK_THE_DAY = {"pricing/__main__.py", "pricing/load.py"}
MAY_OPEN_FILES = {
    "costing/tokenization/file_counts.py",  # streams what is larger than memory
    "pricing/__main__.py",
    "i18n/command_line.py",
    "costing/cli/main.py",
    "costing/scenario/library.py",
    "costing/tokenization/vocabularies.py",
    "pricing/load.py",
    "pricing/edit.py",  # writes a table that was edited on the page, with a backup
    "pricing/published_throughput.py",  # a table of 1,638 measurements is CSV, not YAML
}
MAX_LINES = 400

every_file = pytest.mark.parametrize("path", CORE, ids=lambda path: str(path.relative_to(ROOT)))
written = pytest.mark.parametrize("path", [*CORE, *INSTRUMENT], ids=lambda path: str(path.relative_to(ROOT)))


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def opens_files(module: ast.Module) -> bool:
    """Whether the module calls a function that opens a file."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call):
            called = node.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if name in OPENERS:
                return True
    return False


def imports(module: ast.Module) -> set[str]:
    """Top-level package of every absolute import."""
    packages: set[str] = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            packages |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            packages.add(node.module.split(".")[0])
    return packages


def test_the_files_that_open_files_are_these_and_no_others() -> None:
    opening = {str(path.relative_to(ROOT)) for path in CORE if opens_files(tree(path))}
    assert opening == MAY_OPEN_FILES


def test_what_opens_a_file_is_recognised() -> None:
    assert opens_files(ast.parse("with open('x') as f: pass"))
    assert opens_files(ast.parse("Path('x').read_bytes()"))
    assert not opens_files(ast.parse("opened = reader.read('x')"))


@every_file
def test_the_core_knows_no_network_no_screen_and_no_clock_of_its_own(path: Path) -> None:
    forbidden = {"socket", "urllib", "http", "requests", "streamlit", "plotly", "time", "random"}
    assert not imports(tree(path)) & forbidden


@every_file
def test_only_the_price_loader_asks_what_day_it_is(path: Path) -> None:
    asks = {
        node.attr
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr in ("today", "now", "utcnow")
    }
    may_ask = path.relative_to(ROOT).as_posix() in MAY_ASK_THE_DAY
    assert asks <= ({"today", "now"} if may_ask else set())


@written
def test_a_file_says_in_its_first_line_what_it_is(path: Path) -> None:
    docstring = ast.get_docstring(tree(path)) or ""
    assert docstring.splitlines()
    assert docstring.splitlines()[0].endswith((".", ":"))


@written
def test_a_file_is_short_enough_to_be_read(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_LINES


@written
def test_nothing_is_caught_bare_and_nothing_is_evaluated(path: Path) -> None:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ExceptHandler):
            assert node.type is not None
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in ("eval", "exec", "compile")
        if isinstance(node, ast.Import):
            assert "pickle" not in {name.name for name in node.names}


@pytest.mark.parametrize("path", STRATEGY_FILES, ids=lambda path: str(path.stem))
def test_a_strategys_file_defines_exactly_one_strategy(path: Path) -> None:
    module = importlib.import_module(f"costing.strategies.{path.stem}")
    classes = [
        value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Strategy) and value.__module__ == module.__name__
    ]
    assert classes == [registered()[path.stem]]
    assert (classes[0].__doc__ or "").strip()


def test_every_strategys_file_is_registered() -> None:
    assert set(registered()) == {path.stem for path in STRATEGY_FILES}


@pytest.mark.parametrize("kind", registered().values(), ids=lambda kind: str(kind.id()))
def test_every_knob_has_a_label_and_help_and_a_default_in_its_range(kind: type[Strategy]) -> None:
    assert kind.knobs()
    for knob in kind.knobs().values():
        assert knob.label
        assert knob.help
        assert knob.error(knob.default) is None


@pytest.mark.parametrize("path", STRATEGY_FILES, ids=lambda path: str(path.stem))
def test_no_strategy_imports_another(path: Path) -> None:
    others = {other.stem for other in STRATEGY_FILES} - {path.stem}
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom):
            words = set((node.module or "").split(".")) | {name.name for name in node.names}
            assert not words & others


def modules_imported(path: Path) -> set[str]:
    """Full names of the modules and names that a file imports from the project."""
    package = path.relative_to(ROOT).parent.parts
    names: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join((*base, *([node.module] if node.module else [])))
            names |= {module, *(f"{module}.{alias.name}" for alias in node.names)}
    return names


@pytest.mark.parametrize("path", TEST_FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_of_the_tests_imports_a_test_module(path: Path) -> None:
    test_modules = {
        ".".join(other.relative_to(ROOT).with_suffix("").parts)
        for other in TEST_FILES
        if other.name.startswith("test_")
    }
    assert modules_imported(path) & test_modules == set()


@pytest.mark.parametrize("package", PACKAGES)
def test_every_folder_of_tests_is_a_folder_of_the_package(package: str) -> None:
    folders = {path.parent.relative_to(ROOT / "tests") for path in (ROOT / "tests" / package).rglob("*.py")}
    missing = {folder.as_posix() for folder in folders if not (ROOT / folder).is_dir()}
    assert missing == ({"dashboard/browser"} if package == "dashboard" else set())  # in a real browser


def test_every_test_is_in_the_folder_of_its_package() -> None:
    folders = {
        path.relative_to(ROOT / "tests").parts[0] for path in TEST_FILES if path.name.startswith("test_")
    }
    assert folders == {*PACKAGES, "project"}


def own_time_limits(module: ast.Module) -> list[int]:
    """Lines with a fixed waiting time in a browser, or a time limit other than HANG_S."""
    lines = []
    for call in (node for node in ast.walk(module) if isinstance(node, ast.Call)):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        limits = [word.value for word in call.keywords if word.arg in ("timeout", "default_timeout")]
        if (
            name == "wait_for_timeout"
            or (name in ("from_file", "from_function") and not limits)
            or any(isinstance(limit, ast.Constant) for limit in limits)
        ):
            lines.append(call.lineno)
    return lines


@pytest.mark.parametrize(
    "path", [path for path in TEST_FILES if path.name != "browser.py"], ids=lambda path: str(path.name)
)
def test_no_test_has_a_time_limit_of_its_own(path: Path) -> None:
    assert own_time_limits(tree(path)) == []


def test_a_time_limit_is_recognised() -> None:
    assert own_time_limits(ast.parse("page.wait_for_timeout(400)")) == [1]
    assert own_time_limits(ast.parse("AppTest.from_file(APP)")) == [1]
    assert own_time_limits(ast.parse("subprocess.run(command, timeout=60)")) == [1]
    assert own_time_limits(ast.parse("subprocess.run(command, timeout=HANG_S)")) == []


def test_a_class_name_means_one_thing_in_the_whole_project() -> None:
    places: dict[str, set[str]] = {}
    for path in (file for folder in PACKAGES for file in sorted((ROOT / folder).rglob("*.py"))):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places.setdefault(node.name, set()).add(str(path.relative_to(ROOT)))
    assert {name: files for name, files in places.items() if len(files) > 1} == {}
