"""Saved work: it reads back with its texts, and what cannot be read is one sentence."""

from __future__ import annotations

import json

import pytest

from costing.scenario.library import shipped, shipped_ids
from dashboard.saved_work import SavedWork, read_saved
from i18n.errors import CrossoverError


@pytest.mark.parametrize("scenario_id", shipped_ids())
def test_saved_work_reads_back_equal(scenario_id: str) -> None:
    work = SavedWork(shipped(scenario_id), "eJx", {"claim": {"tenure": "rented"}, "tokens": {"texts": {}}})
    assert read_saved(work.text()) == work


@pytest.mark.parametrize("text", ["", "{broken", "[]", "null", "1", '{"format":1}', "[" * 100_000])
def test_damaged_work_is_said_to_be_damaged(text: str) -> None:
    with pytest.raises(CrossoverError, match=r"^The work saved in this browser is damaged$"):
        read_saved(text)


def test_work_of_another_version_says_so() -> None:
    values = {**json.loads(SavedWork(shipped("travel_agent")).text()), "format": 3}
    with pytest.raises(CrossoverError, match="from another version of Crossover"):
        read_saved(json.dumps(values))


def test_work_of_the_version_before_has_no_work_of_other_pages() -> None:
    values = {**json.loads(SavedWork(shipped("travel_agent"), "eJx").text()), "format": 1}
    del values["pages"]
    assert read_saved(json.dumps(values)) == SavedWork(shipped("travel_agent"), "eJx", {})


@pytest.mark.parametrize("pages", [None, [], "claim"])
def test_work_with_damaged_pages_is_said_to_be_damaged(pages: object) -> None:
    values = {**json.loads(SavedWork(shipped("travel_agent")).text()), "pages": pages}
    with pytest.raises(CrossoverError, match=r"^The work saved in this browser is damaged$"):
        read_saved(json.dumps(values))


def test_work_with_an_unknown_strategy_names_it() -> None:
    values = json.loads(SavedWork(shipped("travel_agent")).text())
    values["scenario"]["strategies"][0]["strategy"] = "stuffed_promt"
    with pytest.raises(CrossoverError, match=r"cannot be read: strategies.0.*stuffed_promt"):
        read_saved(json.dumps(values))
