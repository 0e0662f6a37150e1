"""What the documents promise: their commands run, their examples are valid."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.mock_server import Plan
from bench.self_check import mock_server
from costing.comparison.compare import compare
from costing.scenario.scenario_yaml import read
from pricing.load import shipped_book
from pricing.rows import ModelPrice
from pricing.strict_yaml import parse
from tests.support.documents import blocks
from tests.support.paths import ROOT

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
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)


def test_the_readme_shows_commands() -> None:
    assert len(COMMANDS) >= 4


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with mock_server(Plan(ttft_s=0.005, itl_s=0.0005)) as url:
        yield url


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_readme_runs(command: str, endpoint: str, tmp_path: Path) -> None:
    # The reader's own endpoint is a server of ours here.
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
    assert len(compare(scenario, shipped_book()).feasible) == 3


def test_the_further_fields_of_the_engineers_page_are_valid_and_priced() -> None:
    example, more = (
        next(b for b in blocks("docs/engineers.md", "yaml") if start in b)
        for start in ("version: 1", "turns: 6")
    )
    plain = next(line for line in example.splitlines(keepends=True) if line.startswith("  turns: 1"))
    found = read(example.replace(plain, more), "engineers.md")
    assert (found.turns, found.tool_calls_per_request, found.image_height_px) == (6, 2.5, 768)
    compared = compare(found, shipped_book())
    reasons = [str(one.reason) for one in compared.outcomes if one.reason]
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
    result = run([sys.executable, "-c", blocks("docs/engineers.md", "python")[0]], tmp_path)
    assert result.returncode == 0, result.stderr
    assert "is cheapest" in result.stdout


def test_the_price_row_of_the_recipe_is_valid() -> None:
    rows = parse(blocks("CONTRIBUTING.md", "yaml")[0], "CONTRIBUTING.md").value
    assert isinstance(rows, list)
    assert ModelPrice.model_validate(rows[0]).id == "openai/gpt-4.1"


@pytest.mark.parametrize(
    "document", [p.relative_to(ROOT).as_posix() for p in ROOT.glob("**/*.md") if ".venv" not in p.parts]
)
def test_every_link_between_documents_leads_somewhere(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    targets = [t.split("#")[0] for t in re.findall(r"\]\(([^)]+)\)", text) if "://" not in t]
    assert [t for t in targets if t and not (ROOT / document).parent.joinpath(t).exists()] == []
