"""Benchmark page in an AppTest: targets, a real run, cancel, results, comparison, price row."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from bench.mock_server import Plan
from bench.result import Result, to_json, write
from bench.self_check import mock_server
from costing.serving.benchmark_frames import changes
from costing.serving.benchmark_result import Measure, ResultSlo, largest_within, read, share_within
from dashboard.benchmark import run_process as bench_runs
from dashboard.benchmark import targets as bench_targets
from dashboard.benchmark.local_servers import LOCAL_SERVERS
from dashboard.benchmark.result_store import SAMPLE, keep_upload, stored_results, with_sample
from dashboard.benchmark.run_process import RUNS, BenchmarkRuns
from dashboard.benchmark.run_request import RunRequest, concurrencies, rates
from dashboard.benchmark.targets import BenchmarkTarget
from i18n.errors import CrossoverError
from pricing.rows import Deployment
from pricing.strict_yaml import parse
from tests.support.app import (
    choose_view,
    errors,
    go,
    new_app,
    open_app,
    page_text,
    table,
)
from tests.support.bench_results import MACHINE, answered, closed_level, poisson_level, result_of
from tests.support.paths import ROOT
from tests.support.plotly_figures import figure_on_page, lines_of
from tests.support.time_limit import HANG_S

MEASURES: tuple[Measure, ...] = ("ttft_s", "tpot_s", "e2e_s")
LIST = """\
- name: Our vLLM
  url: {url}
  model: toy
  key_variable: OUR_KEY
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A server with an empty folder of results, no targets, no demo, and no run before or after the test."""
    monkeypatch.setenv("CROSSOVER_BENCH_RESULTS", str(tmp_path / "results"))
    monkeypatch.delenv("CROSSOVER_BENCH_TARGETS", raising=False)
    monkeypatch.setattr(bench_targets, "DEMO_PACKAGES", ("no_such_package",))
    monkeypatch.setattr(RUNS, "_run", None)
    monkeypatch.setattr(LOCAL_SERVERS, "ports", ())
    LOCAL_SERVERS.forget()
    yield tmp_path
    LOCAL_SERVERS.forget()
    RUNS.end()
    RUNS.wait(HANG_S)


def listed(place: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> Path:
    path = place / "targets.yaml"
    path.write_text(text, encoding="utf-8")
    monkeypatch.setenv("CROSSOVER_BENCH_TARGETS", str(path))
    return path


def keep(place: Path, name: str, result: Result) -> None:
    write(result, place / "results" / name)


def opened() -> AppTest:
    return go(open_app(), "benchmark")


def over() -> AppTest:
    RUNS.wait(HANG_S)
    return opened()


def warned(app: AppTest) -> str:
    return "\n".join(e.value for e in app.warning).replace("\\", "")


def of_known_result() -> Result:
    """Streams 1 and 2 and a Poisson rate: 0.5 s to the first of 11 tokens and 0.1 s a token, then slower."""
    return result_of(
        closed_level(),
        replace(closed_level(ttft=2.0), load=replace(closed_level().load, concurrency=2)),
        poisson_level(1.0),
    )


# The page


def test_a_fresh_machine_shows_a_sample_and_what_can_be_measured_or_uploaded(place: Path) -> None:
    app = opened()
    assert not app.exception
    assert "No model server answers on this machine. Start Ollama" in page_text(app)
    assert "Sample: a simulated server" in page_text(app)
    assert lines_of(figure_on_page(app, "chart_bench_ttft_concurrency")).keys() == {"TTFT p50", "TTFT p95"}
    assert errors(app) == []
    assert {"bench_start", "bench_measure"} & {button.key for button in app.button} == set()
    choose_view(app, "benchmark", "Use in comparison")
    app.run()
    assert "The sample cannot be used in a comparison" in page_text(app)


def test_the_sample_disappears_with_the_first_result(place: Path) -> None:
    keep(place, "a.json", of_known_result())
    app = opened()
    assert "Sample:" not in page_text(app)
    assert len(app.selectbox(key="bench_result").options) == 1


def test_no_address_can_be_typed(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listed(place, monkeypatch, LIST.format(url="http://127.0.0.1:9/v1?code=abc"))
    app = opened()
    assert [text.value for text in app.main.text] == ["toy · 127.0.0.1:9"]  # not what follows it
    assert app.selectbox(key="bench_target").options == ["Our vLLM"]
    assert {box.key for box in app.main.text_input} == {"bench_concurrencies", "bench_rates"}


def test_a_target_is_measured_and_its_result_shown(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with mock_server(Plan(ttft_s=0.02, itl_s=0.002, slots=4), model="toy") as url:
        listed(place, monkeypatch, LIST.format(url=url))
        app = opened()
        app.text_input(key="bench_concurrencies").set_value("1, 2")
        app.number_input(key="bench_requests").set_value(8)
        app.number_input(key="bench_input_tokens").set_value(20)
        app.number_input(key="bench_output_tokens").set_value(10)
        app.button(key="bench_start").click().run()
        assert not app.exception
        assert "Our vLLM" in page_text(app)
        assert "started at" in page_text(app)
        app = over()
    assert not app.exception
    run = RUNS.latest()
    assert run is not None
    assert run.status == 0, run.stderr_lines
    assert run.levels_begun == 2
    assert "is measured" in "\n".join(e.value for e in app.success)
    points = lines_of(figure_on_page(app, "chart_bench_ttft_concurrency"))["TTFT p50"]
    assert [x for x, _ in points] == [1, 2]
    # By the plan 20 ms to the first token; a shared machine may be late, never early.
    assert all(20 <= y < 200 for _, y in points)
    assert run.result.name.endswith("Z-our-vllm.json")


def test_a_second_session_sees_the_run_and_cannot_start_another_and_may_cancel(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with mock_server(Plan(ttft_s=0.2, itl_s=0.002, slots=4), model="toy") as url:
        listed(place, monkeypatch, LIST.format(url=url))
        idle = opened()
        target = bench_targets.choices().targets[0]
        order = RunRequest(target, concurrencies=(1,), requests=2000, input_tokens=20, output_tokens=10)
        run = RUNS.start("Our vLLM", order)
        idle.button(key="bench_start").click().run()  # that page was drawn before the run began
        assert "'Our vLLM' is being measured already" in page_text(idle)
        other = opened()
        assert "is being measured; started at" in page_text(other)
        assert "bench_start" not in {button.key for button in other.button}
        deadline = time.monotonic() + HANG_S
        while not run.levels_begun and run.status is None and time.monotonic() < deadline:
            time.sleep(0.05)  # until the harness takes measurements: there is something to keep
        other.button(key="bench_cancel").click().run()
        RUNS.wait(HANG_S)
    assert run.status == 130, run.stderr_lines
    app = opened()
    assert "was cancelled; what was measured is below" in warned(app)
    assert "Partial:" in warned(app)
    assert json.loads(run.result.read_text(encoding="utf-8"))["partial"] is True


def test_why_a_run_failed_is_said(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listed(place, monkeypatch, LIST.format(url="http://127.0.0.1:9"))
    app = opened()
    app.button(key="bench_start").click().run()
    app = over()
    assert "Our vLLM could not be measured:" in page_text(app)
    assert "Connection refused" in page_text(app)
    assert not list((place / "results").glob("*.json"))


def test_the_charts_have_the_readers_slo_and_the_largest_load_that_keeps_it(place: Path) -> None:
    keep(place, "a.json", of_known_result())
    app = opened()
    assert not app.exception
    # The run's own SLO is 1 s to the first token: 0.5 s at one stream keeps it, 2 s at two do not.
    figure = figure_on_page(app, "chart_bench_ttft_concurrency")
    assert lines_of(figure)["TTFT p50"] == [(1, pytest.approx(500)), (2, pytest.approx(2000))]
    assert [shape.y0 for shape in figure.layout.shapes] == [1000]
    assert [s.x0 for s in figure_on_page(app, "chart_bench_output_concurrency").layout.shapes] == [1]
    app.number_input(key="bench_slo_ttft_a.json").set_value(3000.0).run()
    assert [s.y0 for s in figure_on_page(app, "chart_bench_ttft_concurrency").layout.shapes] == [3000]
    assert [s.x0 for s in figure_on_page(app, "chart_bench_output_concurrency").layout.shapes] == [2]
    choose_view(app, "benchmark", "Distribution")
    app.run()
    lines = lines_of(figure_on_page(app, "chart_bench_distribution"))
    assert list(lines) == ["1 at once", "2 at once", "1/s Poisson"]


def test_p95_is_not_drawn_from_20_requests_and_the_page_says_why(place: Path) -> None:
    keep(place, "a.json", of_known_result())  # 20 requests at each load of the closed loop, 40 by Poisson
    app = opened()
    assert list(lines_of(figure_on_page(app, "chart_bench_ttft_concurrency"))) == ["TTFT p50"]
    assert table(app, "ttft_p95_ms")["ttft_p95_ms"].isna().all()
    assert "n = 20 at the smallest load, and p95 needs 72" in page_text(app)


def test_p95_is_drawn_from_72_requests_on(place: Path) -> None:
    keep(place, "a.json", result_of(closed_level(72)))
    app = opened()
    assert list(lines_of(figure_on_page(app, "chart_bench_ttft_concurrency"))) == ["TTFT p50", "TTFT p95"]
    assert "p95 needs" not in page_text(app)


def test_what_makes_a_result_doubtful_is_said_before_its_figures(place: Path) -> None:
    result = of_known_result()
    levels = (replace(result.summary[0], client_limited=True), *result.summary[1:])
    keep(place, "a.json", replace(result, partial=True, summary=levels, warnings=("no *usage* sent",)))
    app = opened()
    assert "Client-limited at 1 at once:" in warned(app)
    assert "Partial:" in warned(app)
    assert "no *usage* sent" in page_text(app)
    assert any("partial, client_limited" in str(d.value.values) for d in app.dataframe)


def test_results_of_different_machines_stand_side_by_side_without_a_change(place: Path) -> None:
    keep(place, "a.json", of_known_result())
    later = "2026-11-22T11:00:00+00:00"
    other = replace(of_known_result(), started_at=later, fingerprint=replace(MACHINE, cpu="Other CPU"))
    keep(place, "b.json", other)
    app = opened()
    choose_view(app, "benchmark", "Side by side")
    app.run()
    assert "Different machines: One CPU" in warned(app)
    frame = table(app, "before")
    assert "change_share" not in frame.columns
    assert "bench_beyond_chance" not in {button.key for button in app.button}

    keep(place, "b.json", replace(other, fingerprint=MACHINE))
    app = opened()
    choose_view(app, "benchmark", "Side by side")
    app.run()
    assert warned(app) == ""
    frame = table(app, "before")
    assert set(frame["change_share"]) == {0.0}
    app.button(key="bench_beyond_chance").click().run()
    assert "beyond chance" in app.code[0].value


def test_a_row_for_the_scenario_is_made_by_the_harness(place: Path) -> None:
    keep(place, "a.json", of_known_result())
    app = opened()
    choose_view(app, "benchmark", "Use in comparison")
    app.run()
    app.button(key="bench_row_make").click().run()
    assert errors(app) == []
    assert page_text(app).count("Required") == 3  # open model, GPU, precision
    app.selectbox(key="bench_row_model").set_value("llama-3.1-8b")
    app.selectbox(key="bench_row_gpu").set_value("l4")
    app.selectbox(key="bench_row_precision").set_value("fp8")
    app.button(key="bench_row_make").click().run()
    assert not app.exception
    assert "Required" not in page_text(app)
    rows = parse(app.code[0].value, "deployments.yaml").value
    assert isinstance(rows, list)
    row = Deployment.model_validate(rows[0])
    assert (row.id, row.open_model, row.gpu, row.evidence) == ("own-toy", "llama-3.1-8b", "l4", "measured")


def test_the_page_speaks_chinese_and_a_faulty_file_does_not_hide_the_others(place: Path) -> None:
    keep(place, "a.json", of_known_result())
    (place / "results" / "broken.json").write_text("{", encoding="utf-8")
    app = new_app()
    app.session_state["lang"] = "zh_TW"
    app = go(app.run(), "benchmark")
    assert not app.exception
    assert "broken.json" in page_text(app)
    assert lines_of(figure_on_page(app, "chart_bench_ttft_concurrency"))


def test_a_server_on_this_machine_is_measured_with_one_click(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with mock_server(Plan(ttft_s=0.002, itl_s=0.0005, slots=8), model="toy") as url:
        monkeypatch.setattr(LOCAL_SERVERS, "ports", (("vLLM", int(url.rpartition(":")[2])),))
        app = opened()
        assert app.selectbox(key="bench_target").options == ["vLLM: toy"]
        app.button(key="bench_measure_vLLM: toy").click().run()
        assert not app.exception
        app = over()
    run = RUNS.latest()
    assert run is not None
    assert run.status == 0, run.stderr_lines
    assert "Sample:" not in page_text(app)
    assert "TTFT p95" in lines_of(figure_on_page(app, "chart_bench_ttft_concurrency"))


def test_look_again_finds_a_server_that_was_started_meanwhile(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = opened()
    assert "No model server answers on this machine." in page_text(app)
    with mock_server(Plan(), model="toy") as url:
        monkeypatch.setattr(LOCAL_SERVERS, "ports", (("Ollama", int(url.rpartition(":")[2])),))
        assert "No model server answers" in page_text(app.run())  # the outcome is kept
        app.button(key="bench_look_again").click().run()
    assert app.selectbox(key="bench_target").options == ["Ollama: toy"]


def test_an_uploaded_result_is_kept_and_shown(place: Path) -> None:
    app = opened()
    app.file_uploader(key="bench_upload_0").upload("My run.json", to_json(of_known_result()).encode()).run()
    assert not app.exception
    assert [path.name[:7] for path in (place / "results").glob("*.json")] == ["my-run-"]
    assert "Sample:" not in page_text(app)


def test_a_file_that_is_no_result_is_one_sentence_and_nothing_is_kept(place: Path) -> None:
    app = opened()
    app.file_uploader(key="bench_upload_0").upload("notes.json", b'{"a": 1}').run()
    (error,) = errors(app)
    assert error.startswith("notes.json: no benchmark result")
    assert not (place / "results").exists()
    assert "Sample:" in page_text(app)


def test_the_same_upload_twice_is_one_file_whose_name_stays_in_the_folder(tmp_path: Path) -> None:
    data = to_json(of_known_result()).encode()
    first = keep_upload(tmp_path / "r", "../../etc/x y.json", data)
    assert keep_upload(tmp_path / "r", "../../etc/x y.json", data) == first
    assert first.startswith("x-y-")
    assert [path.name for path in (tmp_path / "r").iterdir()] == [first]


def test_the_sample_is_a_result_that_meets_its_slo_up_to_a_load_and_no_further(tmp_path: Path) -> None:
    store = with_sample(stored_results(tmp_path))
    assert (list(store.results), store.is_sample) == ([SAMPLE.name], True)
    (result,) = store.results.values()
    closed = [level for level in result.levels if level.concurrency is not None]
    held = largest_within(closed, result.slo)
    assert held is not None
    assert held.concurrency is not None
    assert held.concurrency < max(level.concurrency or 0 for level in closed)


# The list of targets


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("name: x", "targets.yaml:1: not a list of targets"),
        ("- name: x\n  url: ftp://h\n  model: m", "targets.yaml:2: url: no http address"),
        ("- name: x\n  url: http://u:pass@h\n  model: m", "targets.yaml:2: url: a password in an address"),
        ("- name: x\n  url: http://h:99999\n  model: m", "targets.yaml:2: url: "),
        ("- name: x\n  url: http://h", "targets.yaml:1: model: missing (add it)"),
        ("- name: x\n  url: http://h\n  model: m\n  key: sk-1", "targets.yaml:4: key: unknown field"),
        ("- name: x\n  url: http://h\n  model: m\n  api: grpc", "targets.yaml:4: api: "),
        ("- name: x\n  url: http://h\n  model: 7", "targets.yaml:3: model: "),
        (
            "- name: x\n  url: http://h\n  model: m\n  key_variable: sk-secret",
            "targets.yaml:4: key_variable: not the name of an environment variable",
        ),
        (
            "- name: x\n  url: http://h\n  model: m\n- name: x\n  url: http://h\n  model: m",
            "targets.yaml:4: name: 'x' stands twice",
        ),
        ("- just text", "targets.yaml:1: target: "),
        ("- name: &a x", "targets.yaml:1: an alias or anchor"),
    ],
)
def test_a_faulty_list_is_refused_in_one_line_and_offers_nothing(
    place: Path, monkeypatch: pytest.MonkeyPatch, text: str, error: str
) -> None:
    path = listed(place, monkeypatch, text)
    with pytest.raises(CrossoverError) as raised:
        bench_targets.read(path)
    assert str(raised.value).startswith(error)
    assert "\n" not in str(raised.value)
    assert "sk-secret" not in str(raised.value)
    assert bench_targets.choices().targets == ()


def test_the_list_of_the_documents_is_valid(tmp_path: Path) -> None:
    shown = (ROOT / "docs" / "benchmark.md").read_text(encoding="utf-8")
    page = shown.partition("## The page")[2]
    (tmp_path / "t.yaml").write_text(page.split("```yaml\n")[1].split("```")[0], encoding="utf-8")
    (target,) = bench_targets.read(tmp_path / "t.yaml")
    assert (target.api, target.key_variable) == ("chat", "OUR_VLLM_KEY")


def test_a_list_that_is_not_there_is_said_on_the_page(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CROSSOVER_BENCH_TARGETS", str(place / "none.yaml"))
    assert "none.yaml: cannot be read: No such file" in page_text(opened())


# The command


def test_a_key_of_the_server_goes_only_to_the_target_that_names_it() -> None:
    plain = BenchmarkTarget(name="a", url="http://h", model="--json=x")
    arguments = RunRequest(plain, slo_ttft_ms=500.0).arguments(Path("/r/x.json"))
    assert "--key-variable=" in arguments
    assert "--model=--json=x" in arguments  # no value can become an option
    assert arguments[-1] == "--json=/r/x.json"
    keyed = RunRequest(plain.model_copy(update={"key_variable": "OUR_KEY"})).arguments(Path("x"))
    assert "--key-variable=OUR_KEY" in keyed


def test_orders_that_cannot_be_measured_are_refused() -> None:
    with pytest.raises(CrossoverError, match="needs an SLO"):
        RunRequest(None, sweep=True).arguments(Path("x"))
    with pytest.raises(CrossoverError, match="No load"):
        RunRequest(None, concurrencies=()).arguments(Path("x"))
    with pytest.raises(CrossoverError, match="8 at once are more than 4 requests"):
        RunRequest(None, concurrencies=(8,), requests=4).arguments(Path("x"))


def test_two_servers_with_one_folder_measure_one_thing_at_a_time(place: Path) -> None:
    first, second = BenchmarkRuns(), BenchmarkRuns()
    plan = Plan(ttft_s=0.05, itl_s=0.01)
    with mock_server(plan, model="toy") as url:
        order = RunRequest(BenchmarkTarget(name="a", url=url, model="toy"), concurrencies=(1,), requests=200)
        first.start("First", order)
        with pytest.raises(CrossoverError, match="'First' is being measured already by another server"):
            second.start("Second", order)
        for _ in range(3):
            first.cancel()  # the last of them kills, and nothing tidies up
        first.wait(20)
        second.start("Second", replace(order, requests=1))
        second.wait(60)
    run = second.latest()
    assert run is not None
    assert run.status == 0, run.stderr_lines


@pytest.mark.parametrize(
    "text", ["0", "-1", "a", "1.5", "257", "nan", "1,1", "²", ",".join(map(str, range(1, 20)))]
)
def test_streams_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(CrossoverError):
        concurrencies(text)


def test_loads_are_read_as_people_type_them() -> None:
    assert concurrencies(" 1,2，4 ,") == (1, 2, 4)
    assert rates("0.5, 2") == (0.5, 2.0)
    for text in ("inf", "nan", "0", "1e9"):
        with pytest.raises(CrossoverError):
            rates(text)


def test_a_folder_that_cannot_be_written_is_said_before_anything_runs(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (place / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("CROSSOVER_BENCH_RESULTS", str(place / "file"))
    runs = BenchmarkRuns()
    with pytest.raises(CrossoverError, match="results cannot be kept there"):
        runs.start("x", RunRequest(BenchmarkTarget(name="x", url="http://127.0.0.1:9", model="m")))
    assert runs.latest() is None


def test_a_name_never_leaves_the_folder(place: Path) -> None:
    run = RUNS.start(
        "../../etc/x", RunRequest(BenchmarkTarget(name="x", url="http://127.0.0.1:9", model="m"))
    )
    assert run.result.parent == bench_runs.results_folder()
    assert run.result.name.endswith("Z-etc-x.json")


# Reading results


def test_latencies_of_requests_are_those_that_the_harness_sums_up() -> None:
    result = read(to_json(of_known_result()).encode(), "a.json")
    for level in result.levels:
        for measure in MEASURES:
            points = share_within(level, measure)
            spread = getattr(level, measure)
            middle = next(seconds for seconds, share in points if share >= 0.5)
            assert middle == pytest.approx(spread.p50)
            assert points[-1][1] == 1.0


def test_an_open_loop_counts_from_when_a_request_was_due() -> None:
    late = [answered(i + 0.3, due=float(i)) for i in range(20)]
    level = replace(poisson_level(1.0), records=late)
    result = read(to_json(result_of(level)).encode(), "a.json")
    # Sent 0.3 s late, then 0.5 s to the first token.
    assert result.levels[0].timings[0].ttft_s == pytest.approx(0.8)


def test_a_failed_request_keeps_no_slo() -> None:
    records = closed_level().records
    failed = [replace(r, fault="timeout") for r in records[:2]] + records[2:]
    result = read(to_json(result_of(replace(closed_level(), records=failed))).encode(), "a.json")
    # 18 of 20 are good: 90 %.
    assert largest_within(result.levels, ResultSlo(1.0, None, 0.90)) is result.levels[0]
    assert largest_within(result.levels, ResultSlo(1.0, None, 0.91)) is None
    assert len(share_within(result.levels[0], "ttft_s")) == 18


def test_the_change_of_a_figure_is_against_the_first_run() -> None:
    before = read(to_json(result_of(closed_level())).encode(), "a.json")
    after = read(to_json(result_of(closed_level(ttft=0.6))).encode(), "b.json")
    first = changes(before, after).set_index("figure").loc["ttft_p50_s"]
    # (0.6 - 0.5) / 0.5
    assert first["change_share"] == pytest.approx(0.2)


def _without(document: dict[str, Any], *path: Any) -> None:
    for part in path[:-1]:
        document = document[part]
    del document[path[-1]]


def _with(document: dict[str, Any], value: Any, *path: Any) -> None:
    for part in path[:-1]:
        document = document[part]
    document[path[-1]] = value


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda document: _with(document, 2, "schema_version"), "schema version 1"),
        (lambda document: _without(document, "fingerprint", "cpu"), "fingerprint.cpu"),
        (lambda document: _with(document, "today", "started_at"), "started_at: no date"),
        (lambda document: _with(document, "2026-11-22T10:00:00", "started_at"), "started_at: no time zone"),
        (lambda document: _with(document, -1.0, "summary", 0, "ttft_s", "p50"), "summary.0.ttft_s.p50"),
        (lambda document: _with(document, "1", "summary", 0, "requests"), "summary.0.requests"),
        (lambda document: _without(document, "summary", 0, "concurrency"), "summary.0: neither or both"),
        (lambda document: _with(document, 9, "requests", 0, "level"), "requests.0.level: no such level"),
    ],
)
def test_a_changed_file_is_refused_in_one_line_that_says_where(change: Any, where: str) -> None:
    document = json.loads(to_json(of_known_result()))
    change(document)
    with pytest.raises(CrossoverError) as raised:
        read(json.dumps(document).encode(), "a.json")
    assert str(raised.value).startswith("a.json: ")
    assert where in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xfe", b"[]", b"null", b"[" * 100_000, b'{"schema_version": "1"}']
)
def test_what_is_no_result_is_refused(data: bytes) -> None:
    with pytest.raises(CrossoverError, match="no benchmark result"):
        read(data, "a.json")


def test_the_newest_result_stands_first_and_a_file_that_changed_is_read_anew(tmp_path: Path) -> None:
    write(result_of(closed_level()), tmp_path / "old.json")
    write(result_of(closed_level(), started_at="2026-11-22T12:00:00+00:00"), tmp_path / "new.json")
    assert list(stored_results(tmp_path).results) == ["new.json", "old.json"]
    write(result_of(closed_level(), model="another"), tmp_path / "old.json")
    assert stored_results(tmp_path).results["old.json"].model == "another"
    assert stored_results(tmp_path / "none").results == {}
