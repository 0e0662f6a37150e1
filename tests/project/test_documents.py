"""Documents: commands run, examples are valid, links and paths exist, records have their form."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from bench.mock_server import Plan
from bench.self_check import mock_server
from costing.comparison.compare import compare
from costing.scenario.scenario_yaml import read
from pricing.__main__ import main as check_prices
from pricing.load import TABLES_VARIABLE, load_book
from pricing.table_rules import rule_errors
from tests.support.documents import blocks, text_of
from tests.support.factories import frozen_book
from tests.support.paths import ROOT
from tests.support.time_limit import HANG_S

DOCUMENTS = sorted(
    path.as_posix()
    for path in (page.relative_to(ROOT) for page in ROOT.glob("**/*.md"))
    if not path.parts[0].startswith(".")
)
RECORDS = sorted(p.name for p in (ROOT / "docs" / "decisions").glob("*.md") if p.name != "README.md")
PACKAGES = "bench|costing|dashboard|docs|frames|i18n|perf|pricing|scenarios|tests|tools"

SUPERSEDED = re.compile(r"(?m)^- Status: superseded")

every_document = pytest.mark.parametrize("document", DOCUMENTS)
every_record = pytest.mark.parametrize("record", RECORDS)


COMMANDS = [
    line
    for block in blocks("README.md", "sh")
    for line in block.splitlines()
    if line.startswith("python -m ")
]


def run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    for name in ("scenarios", "README.md"):
        if not (folder / name).exists():
            (folder / name).symlink_to(ROOT / name)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=HANG_S
    )


def test_the_readme_shows_commands() -> None:
    assert len(COMMANDS) >= 4


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with mock_server(Plan(ttft_s=0.005, itl_s=0.0005)) as url:
        yield url


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_readme_runs(command: str, endpoint: str, tmp_path: Path) -> None:
    # A local mock server stands for the reader's own endpoint.
    typed = command.replace("http://127.0.0.1:8000", endpoint)
    result = run([sys.executable, *typed.split()[1:]], tmp_path)
    assert result.returncode == 0, result.stderr
    assert result.stdout.strip()


def test_the_readme_leads_with_its_two_commands() -> None:
    first = blocks("README.md", "sh")[0]
    assert first.startswith("make run")
    assert "\nmake test" in first


def test_the_scenario_of_the_engineers_page_is_valid_and_priced() -> None:
    scenario = read(blocks("docs/engineers.md", "yaml")[0], "engineers.md")
    assert len(compare(scenario, frozen_book()).feasible) == 3


def test_the_further_fields_of_the_engineers_page_are_valid_and_priced() -> None:
    example, more = (
        next(b for b in blocks("docs/engineers.md", "yaml") if start in b)
        for start in ("version: 1", "turns: 6")
    )
    plain = next(line for line in example.splitlines(keepends=True) if line.startswith("  turns: 1"))
    scenario = read(example.replace(plain, more), "engineers.md")
    assert (scenario.turns, scenario.tool_calls_per_request, scenario.image_height_px) == (6, 2.5, 768)
    compared = compare(scenario, frozen_book())
    reasons = [str(outcome.infeasible_reason) for outcome in compared.outcomes if outcome.infeasible_reason]
    assert len(compared.feasible) == 2
    assert all("no rule is published for the tokens of its images" in reason for reason in reasons)


def test_the_company_folder_of_the_engineers_page_gives_the_prices_it_says(tmp_path: Path) -> None:
    (tmp_path / "acme").mkdir()
    for block in blocks("docs/engineers.md", "yaml"):
        named = re.match(r"# (acme/\w+\.yaml)", block)
        if named:
            (tmp_path / named[1]).write_text(block, encoding="utf-8")
    commands = [line for b in blocks("docs/engineers.md", "sh") for line in b.splitlines() if "acme" in line]
    assert len(commands) == 4
    outputs = []
    for command in commands:
        result = run([sys.executable, *command.split()[1:]], tmp_path)
        assert result.returncode == 0, result.stderr
        outputs.append(result.stdout)
    _, shown, history, compared = outputs
    assert "  layer: acme\n" in shown
    assert "  input_usd_per_mtok: 1.70\n" in shown
    assert re.findall(r"(?m)^  input_usd_per_mtok: ([\d.]+)", history) == [
        "2",
        "1.70",
        "1.530",
        "1.8",
    ]
    assert "[acme]" in compared
    assert ",acme" in (tmp_path / "costs.csv").read_text(encoding="utf-8-sig")


def test_the_python_of_the_engineers_page_runs(tmp_path: Path) -> None:
    compared, drawn = (
        run([sys.executable, "-c", block], tmp_path) for block in blocks("docs/engineers.md", "python")
    )
    assert compared.returncode == 0, compared.stderr
    assert "is cheapest" in compared.stdout
    assert drawn.returncode == 0, drawn.stderr
    assert (tmp_path / "monthly_cost.html").exists()


def example_price_row() -> str:
    return blocks("CONTRIBUTING.md", "yaml")[0]


def append_row(tables: Path, row: str) -> None:
    with (tables / "models.yaml").open("a", encoding="utf-8") as table:
        table.write(row)


def test_the_example_price_row_is_valid_as_it_is_written(frozen_copy: Path) -> None:
    append_row(frozen_copy, example_price_row())
    assert rule_errors(load_book(frozen_copy, today=date.max)) == []


def test_the_example_price_row_dated_today_is_accepted_by_the_check(
    frozen_copy: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(TABLES_VARIABLE, str(frozen_copy))
    assert check_prices(["check"]) == 0
    before = capsys.readouterr().out.splitlines()
    dated_today = re.sub(r"\d{4}-\d{2}-\d{2}", date.today().isoformat(), example_price_row())
    append_row(frozen_copy, dated_today)
    assert check_prices(["check"]) == 0
    after = capsys.readouterr().out.splitlines()
    assert after[:-1] == before[:-1]  # no new warning
    assert int(after[-1].split()[0]) == int(before[-1].split()[0]) + 1


def without_code(text: str) -> str:
    return re.sub(r"```.*?```", "", text, flags=re.DOTALL)


def anchors(text: str) -> set[str]:
    """Fragment of each heading as GitHub creates it."""
    headings = re.findall(r"(?m)^#+ (.+)$", without_code(text))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken_links(text: str, folder: Path) -> list[str]:
    """Links to a file or heading that does not exist; web addresses are not followed."""
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", without_code(text)):
        if "://" in target:
            continue
        path, _, fragment = target.partition("#")
        linked = folder / path
        if path and not linked.exists():
            broken.append(target)
        elif fragment:
            page = linked.read_text(encoding="utf-8") if path else text
            if fragment not in anchors(page):
                broken.append(target)
    return broken


def missing_paths(text: str) -> list[str]:
    """Paths in a text that do not exist; a name in capitals is a placeholder."""
    named = re.findall(rf"(?<![\w./-])(?:{PACKAGES})/[\w./-]*\w", text)
    named += [module.replace(".", "/") + ".py" for module in re.findall(r"python -m (\w+\.\w+)", text)]
    return [path for path in named if not re.search(r"[A-Z]{4}", path) and not (ROOT / path).exists()]


@every_document
def test_every_link_of_a_document_leads_somewhere(document: str) -> None:
    assert broken_links(text_of(document), (ROOT / document).parent) == []


@pytest.mark.parametrize("document", [page for page in DOCUMENTS if not SUPERSEDED.search(text_of(page))])
def test_every_path_that_a_document_names_exists(document: str) -> None:
    # A superseded decision describes the code of its day.
    assert missing_paths(text_of(document)) == []


def test_broken_links_and_missing_paths_are_recognised() -> None:
    heading = "# A heading, with `code`\n"
    links = "[a](none.md) [b](README.md) [c](#a-heading-with-code) [d](#other) [e](https://x.y)"
    assert broken_links(heading + links, ROOT) == ["none.md", "#other"]
    paths = "`costing/nothing.py`, `costing/units.py`, costing/strategies/, costing/cli/NAME.py"
    assert missing_paths(paths) == ["costing/nothing.py"]
    assert missing_paths("python -m perf.slider, python -m perf.no") == ["perf/no.py"]


RECORD = re.compile(
    r"# (?P<number>\d{4})\. (?P<title>.+)\n\n"
    r"- Status: (?P<status>accepted|amended|superseded by \[(?P<by>\d{4})\]\((?P<by_file>\S+)\))\n"
    r"- Date: (?P<date>\d{4}-\d{2}-\d{2})\n\n"
    r"## Context\n\n(?P<context>\S.*)\n\n"
    r"## Decision\n\n(?P<decision>\S.*)\n\n"
    r"## Consequences\n\n(?P<consequences>\S.*)\n",
    re.DOTALL,
)


@every_record
def test_a_decision_record_has_its_fields(record: str) -> None:
    fields = RECORD.fullmatch(text_of(f"docs/decisions/{record}"))
    assert fields, "not of the form that docs/decisions/README.md describes"
    assert re.fullmatch(rf"{fields['number']}-[a-z0-9]+(-[a-z0-9]+)*\.md", record)
    assert "\n" not in fields["title"]
    date.fromisoformat(fields["date"])
    if fields["status"] == "amended":
        assert re.search(r"Amended \d{4}-\d{2}-\d{2}", fields["consequences"])
    if fields["by"]:
        assert fields["by_file"].startswith(fields["by"])
        assert fields["by_file"] in RECORDS


def test_the_index_of_decisions_lists_every_record_once_and_in_order() -> None:
    rows = []
    for record in RECORDS:
        fields = RECORD.fullmatch(text_of(f"docs/decisions/{record}"))
        assert fields
        number, day, status, title = fields["number"], fields["date"], fields["status"], fields["title"]
        rows.append(f"| [{number}]({record}) | {day} | {status} | {title} |")
    assert re.findall(r"(?m)^\| \[.*$", text_of("docs/decisions/README.md")) == rows
    assert len({record[:4] for record in RECORDS}) == len(RECORDS)


SECTIONS = [
    "Figures that change",
    "Added",
    "Changed",
    "Deprecated",
    "Removed",
    "Fixed",
    "Security",
    "Performance",
]
"""Those of Keep a Changelog 1.1, with the project's own first and last, in the order in which they stand."""


def versions() -> list[tuple[str, str]]:
    """Heading and text of each version of the changelog, newest first."""
    parts = re.split(r"(?m)^## (.+)$", text_of("CHANGELOG.md"))
    return list(zip(parts[1::2], parts[2::2], strict=True))


def test_the_changelog_has_dated_versions_newest_first() -> None:
    (first, _), *released = versions()
    assert text_of("CHANGELOG.md").startswith("# Changelog\n")
    assert first == "[Unreleased]"
    headings = [
        re.fullmatch(r"\[(\d+)\.(\d+)\.(\d+)\] - (\d{4}-\d{2}-\d{2})", heading) for heading, _ in released
    ]
    order = [
        (date.fromisoformat(heading[4]), tuple(int(heading[part]) for part in (1, 2, 3)))
        for heading in headings
        if heading
    ]
    assert len(order) == len(released) > 0
    assert all(newer[0] >= older[0] and newer[1] > older[1] for newer, older in pairwise(order))


def test_a_version_of_the_changelog_has_known_sections_in_their_order() -> None:
    for heading, text in versions():
        before, *parts = re.split(r"(?m)^### (.+)$", text)
        sections, items = parts[::2], parts[1::2]
        assert not before.strip(), heading
        assert sections == [section for section in SECTIONS if section in sections], heading
        assert all(re.match(r"\s+- \S", item) for item in items), heading


def test_the_version_of_the_project_is_the_newest_one_of_the_changelog() -> None:
    project = tomllib.loads(text_of("pyproject.toml"))["project"]
    assert versions()[1][0].startswith(f"[{project['version']}] ")
