"""A company's own tables over the shipped ones: precedence, refused rows, and prices that stay in use."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from costing.cli.main import main as costing
from costing.comparison.compare import compare
from costing.reports.comparison import cost_lines as report_cost_lines
from costing.scenario.library import load_scenario
from i18n.errors import CrossoverError
from pricing import load
from pricing.__main__ import main as pricing
from pricing.company_tables import FILES, VARIABLE, company_book, current_book, layered
from pricing.load import load_book
from pricing.price_cache import PriceCache
from pricing.rows import TABLES, GpuRent, ModelPrice
from tests.support.paths import FROZEN_TABLES
from tests.support.rows import rows_of

from ..support.factories import DAY, frozen_book

GPT = "openai/gpt-4.1"
GPT_FROM = "2026-09-23"
"""The first day of its shipped row."""


def model_row(row_id: str = GPT, effective_from: str = GPT_FROM, **changes: object) -> str:
    fields = {
        "vendor": "OpenAI",
        "name": "gpt-4.1",
        "tokenizer": "o200k_base",
        "effective_from": effective_from,
        "input_usd_per_mtok": 1,
        "output_usd_per_mtok": 4,
        "source": "contract 7",
        "checked_on": "2026-11-01",
        "evidence": "assumed",
        **changes,
    }
    return "\n".join([f"- id: {row_id}", *(f"  {name}: {value}" for name, value in fields.items())]) + "\n"


DISCOUNT = """\
- id: deal
  vendor: OpenAI
  share_off: 0.1
  effective_from: 2026-01-01
  source: contract 7
  checked_on: 2026-01-01
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A company's folder with another price for gpt-4.1."""
    path = tmp_path / "acme"
    path.mkdir()
    (path / "models.yaml").write_text(model_row(), encoding="utf-8")
    return path


def errors_of(folder: Path) -> list[str]:
    with pytest.raises(CrossoverError) as error:
        company_book(frozen_book(), folder)
    return str(error.value).splitlines()


def errors(**tables: str) -> list[str]:
    with pytest.raises(CrossoverError) as error:
        layered(frozen_book(), {f"{name}.yaml": text for name, text in tables.items()}, "acme", DAY)
    return str(error.value).splitlines()


# --- what wins


def test_a_row_of_the_same_id_and_day_replaces_the_shipped_one(folder: Path) -> None:
    before = frozen_book().history(ModelPrice, GPT)
    after = company_book(frozen_book(), folder).history(ModelPrice, GPT)
    assert len(after) == len(before) == 1
    assert (before[0].input_usd_per_mtok, before[0].layer) == (Decimal(2), "shipped")
    assert (after[0].input_usd_per_mtok, after[0].layer) == (Decimal(1), "acme")


def test_a_row_of_another_day_joins_the_history() -> None:
    text = model_row(effective_from="2027-01-01")
    merged = layered(frozen_book(), {"models.yaml": text}, "acme", DAY)
    assert [(row.layer, row.input_usd_per_mtok) for row in merged.history(ModelPrice, GPT)] == [
        ("shipped", Decimal(2)),
        ("acme", Decimal(1)),
    ]
    assert merged.on(date(2026, 12, 31)).model(GPT).layer == "shipped"
    assert merged.on(date(2027, 1, 1)).model(GPT).layer == "acme"


def test_a_new_id_is_added_and_all_others_stay() -> None:
    text = model_row("acme/own", "2026-01-01")
    merged = layered(frozen_book(), {"models.yaml": text}, "acme", DAY)
    assert merged.on(DAY).model("acme/own").layer == "acme"
    assert set(merged.ids()) == {*frozen_book().ids(), ("models", "acme/own")}
    for table, row_id in frozen_book().ids():
        assert merged.history(TABLES[table], row_id) == frozen_book().history(TABLES[table], row_id)


def test_a_row_without_a_day_replaces_by_its_id() -> None:
    text = (FROZEN_TABLES / "gpus.yaml").read_text(encoding="utf-8")
    merged = layered(frozen_book(), {"gpus.yaml": text}, "acme", DAY)
    assert merged.on(DAY).gpu("h100-sxm").layer == "acme"
    assert len(merged.ids()) == len(frozen_book().ids())


def test_the_shipped_book_itself_stays_as_it_is(folder: Path) -> None:
    company_book(frozen_book(), folder)
    assert frozen_book().on(DAY).model(GPT).layer == "shipped"


def test_any_shipped_table_may_stand_in_a_companys_folder(tmp_path: Path) -> None:
    own = tmp_path / "acme"
    shutil.copytree(FROZEN_TABLES, own)
    merged = company_book(frozen_book(), own)
    layers = {row.layer for rows in merged.tables().values() for row in rows}
    assert layers == {"acme"}


# --- what is refused


def test_a_reference_may_lead_to_either_layer() -> None:
    tokenizer = """\
- id: ours
  name: Ours
  encoding: o200k_base
  source: ourselves
  checked_on: 2026-01-01
  evidence: assumed
"""
    model = model_row("acme/own", tokenizer="ours") + model_row("acme/other")
    merged = layered(frozen_book(), {"models.yaml": model, "tokenizers.yaml": tokenizer}, "acme", DAY)
    assert merged.on(DAY).model("acme/own").tokenizer == "ours"
    assert errors(models=model_row("acme/own", tokenizer="o200k_bose")) == [
        "acme/models.yaml:1: acme/own: tokenizer: no 'o200k_bose' in tokenizers.yaml; "
        "did you mean 'o200k_base'?"
    ]


def test_every_error_of_every_file_is_reported_with_the_companys_file_and_line() -> None:
    reported = errors(
        models=model_row(input_usd_per_mtok=-1),
        gpu_rent="- id: h100-sxm\n  usd_per_gpu_huor: 1\n",
        discounts=DISCOUNT.replace("0.1", "10"),
        tokenizers="[",
    )
    starts = {line.split(": ")[0] for line in reported}
    assert starts >= {"acme/models.yaml:6", "acme/gpu_rent.yaml:2", "acme/discounts.yaml:3"}
    assert any(line.startswith("acme/tokenizers.yaml:") and "not valid YAML" in line for line in reported)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (b"- id: &a x\n- id: *a\n", ":1: an alias or anchor"),
        (b"- !!python/object/apply:os.system [ls]\n", ":1: a tag"),
        (b"- id: x\n  id: y\n", ":2: 'id' stands twice"),
        (b"- id: x\n\tname: y\n", ":2: not valid YAML"),
        ("- id: é\n".encode("latin-1"), ":1: not UTF-8 text"),
        (b"- id: x\n  input_usd_per_mtok: .nan\n", ":2: '.nan' is not a finite number"),
        (
            model_row(input_usd_per_mtok="'1'").encode(),
            ":6: openai/gpt-4.1: input_usd_per_mtok: '1' is not a number",
        ),
        (model_row(checked_on="2999-01-01").encode(), ":9: openai/gpt-4.1: checked_on: 2999-01-01 is in"),
    ],
)
def test_bad_yaml_is_refused_with_its_line_and_the_last_good_table_stays(
    folder: Path, monkeypatch: pytest.MonkeyPatch, text: bytes, error: str
) -> None:
    monkeypatch.setenv(VARIABLE, str(folder))
    keeper = PriceCache()
    keeper.kept()
    (folder / "models.yaml").write_bytes(text)
    kept = keeper.kept()
    assert str(kept.errors[0]).startswith(f"acme/models.yaml{error}")
    assert kept.book.on(DAY).model(GPT).input_usd_per_mtok == 1


@pytest.mark.parametrize(
    ("name", "meant"),
    [("discount.yaml", "discounts.yaml"), ("models.yml", "models.yaml"), ("Models.yaml", "models.yaml")],
)
def test_an_unknown_file_is_an_error_with_the_nearest_name(folder: Path, name: str, meant: str) -> None:
    (folder / name).write_text("[]\n", encoding="utf-8")
    assert errors_of(folder) == [f"{folder / name}: no such table; did you mean '{meant}'?"]


def test_what_editors_and_people_leave_in_a_folder_is_not_read(folder: Path) -> None:
    for name in (".models.yaml.swp", "models.yaml.20261122T000000Z.bak", "README.md"):
        (folder / name).write_text("not a table", encoding="utf-8")
    (folder / "schema").mkdir()
    assert company_book(frozen_book(), folder).on(DAY).model(GPT).layer == "acme"


def test_a_folder_that_holds_no_table_or_is_not_there_is_an_error(tmp_path: Path) -> None:
    assert errors_of(tmp_path) == [
        f"{tmp_path}: holds no table (put a models.yaml or a discounts.yaml in it)"
    ]
    (error,) = errors_of(tmp_path / "nowhere")
    assert error.startswith(f"{tmp_path / 'nowhere'}: cannot be read: ")


def test_a_folder_may_not_take_the_shipped_layers_name(folder: Path) -> None:
    taken = folder.rename(folder.with_name("shipped"))
    assert errors_of(taken) == [f"{taken}: another layer has this name (rename the folder)"]


def test_the_files_of_a_companys_folder_are_the_tables_and_the_discounts() -> None:
    assert set(FILES) == {*TABLES, "discounts"}


# --- which folder


def test_a_chosen_folder_wins_over_the_variable(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = folder.with_name("other")
    other.mkdir()
    (other / "models.yaml").write_text(model_row(input_usd_per_mtok=3), encoding="utf-8")
    assert current_book().on(DAY).model(GPT).layer == "shipped"
    monkeypatch.setenv(VARIABLE, str(other))
    assert current_book().on(DAY).model(GPT).layer == "other"
    assert current_book(folder).on(DAY).model(GPT).layer == "acme"
    monkeypatch.setenv(VARIABLE, "")
    assert current_book().on(DAY).model(GPT).layer == "shipped"


def printed(main: object, arguments: Sequence[str], capsys: pytest.CaptureFixture[str]) -> str:
    assert callable(main)
    assert main(list(arguments)) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("before", [True, False], ids=["before the command", "after it"])
def test_pricing_shows_the_layer_of_a_row(
    before: bool, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    flag = ["--prices", str(folder)]
    command = ["show", GPT, "--on", "2026-11-22"]
    out = printed(pricing, [*flag, *command] if before else [*command, *flag], capsys)
    assert "  layer: acme\n" in out
    assert "  input_usd_per_mtok: 1\n" in out
    assert "layer:" not in printed(pricing, command, capsys)


def test_pricing_reads_the_variable(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(VARIABLE, str(folder))
    (folder / "discounts.yaml").write_text(DISCOUNT, encoding="utf-8")
    assert "10 % off by discount 'deal' (acme)" in printed(pricing, ["history", GPT], capsys)
    assert f"{GPT} @ {GPT_FROM}" in printed(pricing, ["history", GPT], capsys)


def test_pricing_check_counts_and_doubts_a_companys_rows_too(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plain = printed(pricing, ["check"], capsys).splitlines()[-1].split()
    row = model_row("acme/own", input_usd_per_mtok=9, output_usd_per_mtok=3)
    (folder / "models.yaml").write_text(row, encoding="utf-8")
    lines = printed(pricing, ["check", "--prices", str(folder)], capsys).splitlines()
    assert int(lines[-1].split()[0]) == int(plain[0]) + 1
    assert int(lines[-1].split()[3]) == int(plain[3]) + 1
    place = f"acme/models.yaml: acme/own @ {GPT_FROM}"
    assert f"warning: {place}: output_usd_per_mtok: cheaper than input (swap them?)" in lines


def test_pricing_check_of_faulty_company_rows_is_a_line_each(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "models.yaml").write_text(model_row(input_usd_per_mtok=-1), encoding="utf-8")
    assert pricing(["check", "--prices", str(folder)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("acme/models.yaml:6: openai/gpt-4.1: input_usd_per_mtok: -1 is too small")


def test_pricing_check_of_a_discount_alone_says_how_to_check_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "discounts.yaml").write_text(DISCOUNT, encoding="utf-8")
    assert pricing(["check", str(tmp_path)]) == 2
    assert (
        capsys.readouterr().err == "discounts.yaml: no such table (check a company's folder with --prices)\n"
    )


def test_pricing_stale_looks_at_the_companys_rows(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "models.yaml").write_text(model_row(checked_on="2020-01-01"), encoding="utf-8")
    assert pricing(["stale", "--max-age-days", "1500", "--prices", str(folder)]) == 1
    assert f"2020-01-01  {GPT} @ {GPT_FROM}" in capsys.readouterr().out


@pytest.mark.parametrize("before", [True, False], ids=["before the command", "after it"])
def test_compare_prices_by_the_companys_rows_and_says_so(
    before: bool, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    flag, command = ["--prices", str(folder)], ["compare", "brand_voice"]
    out = printed(costing, [*flag, *command] if before else [*command, *flag], capsys)
    assert f"{GPT} @ {GPT_FROM} [acme]" in out
    assert "[acme]" not in printed(costing, command, capsys)


def test_breakeven_reads_the_variable(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = printed(costing, ["breakeven", "brand_voice"], capsys)
    monkeypatch.setenv(VARIABLE, str(folder))
    assert printed(costing, ["breakeven", "brand_voice"], capsys) != before


def test_a_faulty_folder_ends_a_command_with_its_line(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "models.yaml").write_text("- id: [", encoding="utf-8")
    assert costing(["compare", "brand_voice", "--prices", str(folder)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("acme/models.yaml:2: not valid YAML")


def test_every_cost_line_says_which_layer_its_price_came_from(folder: Path) -> None:
    rows = rows_of(report_cost_lines(compare(load_scenario("claim_25m_owned"), frozen_book())))
    assert {row.layer for row in rows} == {"shipped", "scenario"}
    assert all((row.layer == "scenario") == row.price_ref.startswith("input: ") for row in rows)
    own = rows_of(
        report_cost_lines(compare(load_scenario("brand_voice"), company_book(frozen_book(), folder)))
    )
    assert {row.price_ref for row in own if row.layer == "acme"} == {f"{GPT} @ {GPT_FROM}"}


# --- the keeper


def test_the_keeper_gives_the_shipped_book_where_no_folder_is_named() -> None:
    kept = PriceCache().kept()
    assert kept.book is load.shipped_book()
    assert kept.errors == ()


def test_the_keeper_reads_a_changed_file_and_no_unchanged_one(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(folder))
    keeper = PriceCache()
    first = keeper.kept()
    assert keeper.kept() is first
    (folder / "models.yaml").write_text(model_row(input_usd_per_mtok=1.25), encoding="utf-8")
    assert keeper.kept().book.on(DAY).model(GPT).input_usd_per_mtok == Decimal("1.25")
    (folder / "discounts.yaml").write_text(DISCOUNT, encoding="utf-8")
    assert keeper.kept().book.on(DAY).model(GPT).input_usd_per_mtok == Decimal("1.125")
    (folder / "discounts.yaml").unlink()
    assert keeper.kept().book.on(DAY).model(GPT).input_usd_per_mtok == Decimal("1.25")


def test_the_keeper_sees_a_change_that_keeps_the_size(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(folder))
    keeper = PriceCache()
    keeper.kept()
    table = folder / "models.yaml"
    written = table.stat()
    table.write_text(model_row(input_usd_per_mtok=3), encoding="utf-8")
    os.utime(table, ns=(written.st_atime_ns, written.st_mtime_ns + 1))
    assert table.stat().st_size == written.st_size
    assert keeper.kept().book.on(DAY).model(GPT).input_usd_per_mtok == 3


def test_the_keeper_keeps_the_last_good_prices_until_the_file_is_mended(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(folder))
    keeper = PriceCache()
    keeper.kept()
    (folder / "models.yaml").write_text(model_row(input_usd_per_mtok=-1), encoding="utf-8")
    kept = keeper.kept()
    assert [str(error).split(": ")[0] for error in kept.errors] == ["acme/models.yaml:6"]
    assert kept.has_company_prices
    assert kept.book.on(DAY).model(GPT).input_usd_per_mtok == 1
    assert keeper.kept() is kept
    (folder / "models.yaml").write_text(model_row(input_usd_per_mtok=5), encoding="utf-8")
    assert keeper.kept().errors == ()
    assert keeper.kept().book.on(DAY).model(GPT).input_usd_per_mtok == 5


def test_the_keeper_keeps_the_last_good_prices_where_the_folder_goes_away(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(folder))
    keeper = PriceCache()
    keeper.kept()
    moved = folder.rename(folder.with_name("elsewhere"))
    assert "cannot be read" in str(keeper.kept().errors[0])
    assert keeper.kept().book.on(DAY).model(GPT).input_usd_per_mtok == 1
    moved.rename(folder)
    assert keeper.kept().errors == ()


def test_a_folder_that_is_faulty_from_the_start_leaves_the_shipped_prices(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "models.yaml").write_text("- id: x\n", encoding="utf-8")
    monkeypatch.setenv(VARIABLE, str(folder))
    kept = PriceCache().kept()
    assert kept.errors
    assert not kept.has_company_prices
    assert kept.book is load.shipped_book()


def test_the_last_good_prices_of_one_folder_are_not_those_of_another(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(folder))
    keeper = PriceCache()
    keeper.kept()
    monkeypatch.setenv(VARIABLE, str(folder.with_name("nowhere")))
    assert keeper.kept().book is load.shipped_book()


def test_the_keeper_follows_the_shipped_tables_under_the_last_good_prices(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(folder))
    keeper = PriceCache()
    keeper.kept()
    (folder / "models.yaml").write_text("[", encoding="utf-8")
    tables = tmp_path / "tables"
    shutil.copytree(FROZEN_TABLES, tables)
    rent = tables / "gpu_rent.yaml"
    rent.write_text(
        rent.read_text(encoding="utf-8").replace("usd_per_gpu_hour: 0.8\n", "usd_per_gpu_hour: 0.9\n")
    )
    changed = load_book(tables, DAY)
    assert changed.history(GpuRent, "l4") != frozen_book().history(GpuRent, "l4")
    monkeypatch.setattr("pricing.price_cache.shipped_book", lambda: changed)
    kept = keeper.kept()
    assert kept.errors
    assert kept.book.on(DAY).gpu_rent("l4").usd_per_gpu_hour == Decimal("0.9")
    assert kept.book.on(DAY).model(GPT).layer == "acme"


def test_the_keeper_gives_many_threads_the_same_book(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(folder))
    keeper = PriceCache()
    with ThreadPoolExecutor(8) as threads:
        snapshots = list(threads.map(lambda _: keeper.kept(), range(40)))
    assert len({id(kept) for kept in snapshots}) == 1
