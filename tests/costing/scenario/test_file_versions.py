"""Scenario files of version 1 are read for good: frozen copies, and what they read to."""

from __future__ import annotations

from pathlib import Path

import pytest

from costing.scenario.scenario_yaml import dump, read

from ...support.paths import GOLDEN

VERSION_1 = sorted((GOLDEN / "scenarios_v1").glob("*.yaml"))
"""The shipped scenarios of November 2026. Never update them: they stand for files that users keep."""


def test_the_frozen_scenarios_are_there() -> None:
    assert [path.stem for path in VERSION_1] == [
        "brand_voice",
        "claim_25m_owned",
        "claim_25m_rented",
        "claim_25m_uncertain",
        "domain_answers",
        "openai_or_azure",
        "product_handbook",
        "small_model",
        "travel_agent",
    ]


@pytest.mark.parametrize("path", VERSION_1, ids=lambda path: path.stem)
def test_a_file_of_version_1_reads_to_what_it_read_to_when_it_was_written(path: Path) -> None:
    written = (path.parent / "written" / path.name).read_text(encoding="utf-8")
    scenario = read(path.read_bytes(), path.name)
    assert dump(scenario) == written
    assert read(written, path.name) == scenario
