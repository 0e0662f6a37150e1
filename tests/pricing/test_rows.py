"""The shipped tables obey the rules; published prices are those of the frozen tables; faults are reported."""

from __future__ import annotations

import random
import re
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from i18n.errors import CrossoverError
from pricing.load import SHIPPED, book_of, load_book
from pricing.rows import (
    TABLES,
    DatedFact,
    EmbeddingPrice,
    GpuOffer,
    ModelPrice,
    ProvisionedPrice,
    ToolFee,
    TrainingPrice,
)
from pricing.table_rules import rule_errors

from ..support.factories import DAY, frozen_book, frozen_prices, live_book
from ..support.paths import FROZEN_TABLES

# --- what is shipped


def test_every_row_obeys_the_rules_of_the_tables() -> None:
    assert rule_errors(live_book()) == []


def test_there_is_enough_to_choose_from() -> None:
    rows = Counter(table for table, _ in live_book().ids())
    assert rows["models"] >= 20
    assert rows["finetunes"] >= 5
    assert rows["gpus"] >= 4
    assert rows["deployments"] >= 3


def test_the_rows_of_one_id_start_on_different_days() -> None:
    for table, row_id in live_book().ids():
        history = live_book().history(TABLES[table], row_id)
        starts = [row.effective_from for row in history if isinstance(row, DatedFact)]
        assert starts == sorted(set(starts))


def test_the_same_tables_are_read_from_a_folder_and_from_texts() -> None:
    texts: dict[str, str | bytes] = {path.name: path.read_bytes() for path in SHIPPED.glob("*.yaml")}
    assert set(texts) == {f"{table}.yaml" for table in TABLES}
    assert book_of(texts, date.max).tables() == live_book().tables()


# --- what was published, in the frozen tables


@pytest.mark.parametrize(
    ("model", "usd_in", "usd_cached", "usd_write", "usd_out"),
    [
        ("openai/gpt-4o", "2.5", "1.25", None, "10"),
        ("openai/gpt-4o-mini", "0.15", "0.075", None, "0.6"),
        ("openai/gpt-6-sol", "2", "0.2", "2.5", "10"),
        ("openai/gpt-6-astra", "10", "1", "12.5", "50"),
        ("anthropic/claude-opus-4-8", "5", "0.5", "6.25", "25"),
        ("anthropic/claude-haiku-5-5", "0.1", "0.01", "0.125", "0.5"),
        ("google/gemini-3.8-flash", "0.75", "0.075", None, "3.75"),
        ("mistral/mistral-large-4", "0.7", "0.07", None, "2.1"),
        ("openai/gpt-4.1", "2", "0.5", None, "8"),
    ],
)
def test_a_models_price_is_the_published_one(
    model: str, usd_in: str, usd_cached: str, usd_write: str | None, usd_out: str
) -> None:
    row = frozen_prices().model(model)
    assert row.input_usd_per_mtok == Decimal(usd_in)
    assert row.cached_input_usd_per_mtok == Decimal(usd_cached)
    assert row.cache_write_usd_per_mtok == (None if usd_write is None else Decimal(usd_write))
    assert row.output_usd_per_mtok == Decimal(usd_out)


@pytest.mark.parametrize(
    ("offer", "usd_training", "usd_in", "usd_out", "usd_hour"),
    [
        ("openai/tuned-gpt-4.1", "25", "3", "12", "0"),
        ("openai/tuned-gpt-4o-mini", "3", "0.3", "1.2", "0"),
        ("azure/tuned-gpt-4.1@global", "25", "2", "8", "1.7"),
        ("azure/tuned-gpt-4.1@eastus2", "27.5", "2.2", "8.8", "1.7"),
        ("azure/tuned-gpt-4.1@developer", "12.5", "2", "8", "0"),
        ("azure/tuned-gpt-4o-mini@global", "3", "0.15", "0.6", "1.7"),
    ],
)
def test_a_tuned_offers_price_is_the_published_one(
    offer: str, usd_training: str, usd_in: str, usd_out: str, usd_hour: str
) -> None:
    row = frozen_prices().tuned(offer)
    assert row.training_usd_per_mtok == Decimal(usd_training)
    assert row.input_usd_per_mtok == Decimal(usd_in)
    assert row.output_usd_per_mtok == Decimal(usd_out)
    assert row.hosting_usd_per_hour == Decimal(usd_hour)


@pytest.mark.parametrize(
    ("model", "usd_in", "usd_batch"),
    [
        ("openai/text-embedding-3-large", "0.13", "0.065"),
        ("google/gemini-embedding-2", "0.2", "0.1"),
        ("voyage/voyage-4-lite", "0.02", None),
    ],
)
def test_an_embedding_costs_what_is_published(model: str, usd_in: str, usd_batch: str | None) -> None:
    row = frozen_prices().get(EmbeddingPrice, model)
    assert row.input_usd_per_mtok == Decimal(usd_in)
    assert row.batch_input_usd_per_mtok == (None if usd_batch is None else Decimal(usd_batch))


def test_claude_haiku_costs_five_times_as_much_beyond_100_000_tokens() -> None:
    (tier,) = frozen_prices().model("anthropic/claude-haiku-5-5").context_tiers
    assert tier.above_prompt_tokens == 100_000
    assert tier.input_usd_per_mtok == Decimal("0.5")
    assert tier.cached_input_usd_per_mtok == Decimal("0.05")
    assert tier.output_usd_per_mtok == Decimal("2.5")


@pytest.mark.parametrize(
    ("model", "tier", "usd_in", "usd_cached", "usd_out"),
    [
        ("openai/gpt-4.1", "batch", "1", "0.5", "4"),  # the batch table has no cached rate: the standard one
        ("openai/gpt-5.4", "flex", "1.25", "0.13", "7.5"),
        ("openai/gpt-4o", "priority", "4.25", "2.125", "17"),
        ("anthropic/claude-sonnet-5-5", "batch", "1", "0.05", "5"),
        ("xai/grok-4.3", "batch", "1", "0.16", "2"),
        ("groq/openai/gpt-oss-120b", "batch", "0.075", "0.075", "0.3"),
        ("bedrock/amazon.nova-pro-v1:0", "batch", "0.4", None, "1.6"),
    ],
)
def test_a_tier_of_service_costs_what_is_published(
    model: str, tier: str, usd_in: str, usd_cached: str | None, usd_out: str
) -> None:
    rates = getattr(frozen_prices().model(model).service_tiers, tier)
    assert rates.input_usd_per_mtok == Decimal(usd_in)
    assert rates.cached_input_usd_per_mtok == (None if usd_cached is None else Decimal(usd_cached))
    assert rates.output_usd_per_mtok == Decimal(usd_out)


def test_a_tier_of_service_has_cliffs_of_its_own() -> None:
    tiers = frozen_prices().model("openai/gpt-5.4").service_tiers
    assert tiers.flex is not None
    assert tiers.priority is not None
    (cliff,) = tiers.flex.context_tiers
    assert cliff.above_prompt_tokens == 272_000
    assert cliff.input_usd_per_mtok == Decimal("2.5")
    assert tiers.priority.context_tiers == ()


def test_an_hours_cache_entry_costs_twice_the_input_at_anthropic() -> None:
    rows = [row for row in frozen_prices().rows(ModelPrice).values() if row.vendor == "Anthropic"]
    assert rows
    for row in rows:
        assert row.cache_write_1h_usd_per_mtok == 2 * row.input_usd_per_mtok
        for tier in row.context_tiers:
            assert tier.cache_write_1h_usd_per_mtok == 2 * tier.input_usd_per_mtok


def test_a_batch_follows_the_price_of_its_day() -> None:
    book = frozen_book()
    for day, usd_in in ((date(2026, 10, 28), "0.68"), (date(2026, 10, 29), "0.35")):
        batch = book.on(day).model("mistral/mistral-large-4").service_tiers.batch
        assert batch is not None
        assert batch.input_usd_per_mtok == Decimal(usd_in)


def test_a_tuned_offer_trained_by_the_hour_has_no_price_per_token() -> None:
    row = frozen_prices().tuned("azure/tuned-o4-mini@global")
    assert row.training_usd_per_mtok is None
    assert row.training_usd_per_hour == 100
    assert row.region == "Global Standard"


def test_what_was_not_verified_of_a_tuned_nova_is_absent() -> None:
    row = frozen_prices().tuned("bedrock/tuned-nova-lite")
    assert (row.training_usd_per_mtok, row.training_usd_per_hour, row.hosting_usd_per_hour) == (None,) * 3
    assert row.storage_usd_per_month == Decimal("1.95")
    assert row.input_usd_per_mtok == frozen_prices().model("bedrock/amazon.nova-lite-v1:0").input_usd_per_mtok


def test_openais_tuned_gpt_4o_is_not_half_price_by_batch() -> None:
    batch = frozen_prices().tuned("openai/tuned-gpt-4o").service_tiers.batch
    assert batch is not None
    assert (batch.input_usd_per_mtok, batch.output_usd_per_mtok) == (Decimal("2.225"), Decimal("12.5"))


@pytest.mark.parametrize(
    ("offer", "usd_mtok", "usd_least", "usd_month"),
    [
        ("together/17b-69b@full-dpo", "4.12", "4", None),
        ("fireworks/16.1b-80b@lora-sft", "3", None, None),
        ("tinker/qwen3.8-27b-64k@lora", "4.103", None, None),
        ("mistral/all@sft-classifier-factory", None, "4", "2"),
    ],
)
def test_training_costs_what_was_verified_and_the_rest_is_absent(
    offer: str, usd_mtok: str | None, usd_least: str | None, usd_month: str | None
) -> None:
    row = frozen_prices().get(TrainingPrice, offer)
    prices = (row.training_usd_per_mtok, row.minimum_usd_per_job, row.storage_usd_per_month)
    assert prices == tuple(None if usd is None else Decimal(usd) for usd in (usd_mtok, usd_least, usd_month))
    assert row.training_usd_per_hour is None


@pytest.mark.parametrize(
    ("offer", "usd_hour", "commitment"),
    [
        ("azure/ptu@global", "1", ""),
        ("azure/ptu@regional", "2", ""),
        ("bedrock/nova-lite-custom@us-east-1", "108.15", ""),
        ("bedrock/claude-v2.1@us-east-1-6-month", "34.992", "6 month"),
    ],
)
def test_capacity_costs_what_is_published(offer: str, usd_hour: str, commitment: str) -> None:
    row = frozen_prices().get(ProvisionedPrice, offer)
    assert (row.usd_per_unit_hour, row.commitment) == (Decimal(usd_hour), commitment)


@pytest.mark.parametrize(
    ("offer", "usd_hour", "commitment"),
    [
        ("modal/h100-sxm", "3.949", ""),
        ("together-cluster/h100-sxm", "5.49", ""),  # the promotion of 3.99 ended on 2026-09-30
        ("together-cluster/h100-sxm@91-180-days", "3.19", "91-180 days"),
        ("inferencex/mi355x@3-years", "2.1", "3 years"),
    ],
)
def test_a_gpu_costs_what_its_vendor_asks(offer: str, usd_hour: str, commitment: str) -> None:
    row = frozen_prices().get(GpuOffer, offer)
    assert (row.usd_per_gpu_hour, row.commitment) == (Decimal(usd_hour), commitment)


@pytest.mark.parametrize(
    ("tool", "usd_1k"),
    [
        ("openai/web-search", "10"),
        ("openai/file-search", "2.5"),
        ("anthropic/web-search", "10"),
        ("google/web-search@gemini-3-and-later", "14"),
        ("google/web-search@gemini-2.5", "35"),
        ("meta/web-search", "2.5"),
    ],
)
def test_a_thousand_searches_cost_what_is_published(tool: str, usd_1k: str) -> None:
    assert frozen_prices().get(ToolFee, tool).usd_per_1k_calls == Decimal(usd_1k)


@pytest.mark.parametrize("model", ["deepseek/deepseek-flash", "deepseek/deepseek-v4-pro"])
def test_deepseek_doubles_its_rates_at_seven_hours_of_a_weekday(model: str) -> None:
    row = frozen_prices().model(model)
    assert [(w.from_utc, w.to_utc) for w in row.windows] == [("01:00", "04:00"), ("06:00", "10:00")]
    for window in row.windows:
        assert window.weekdays == ("mon", "tue", "wed", "thu", "fri")
        assert window.input_usd_per_mtok == 2 * row.input_usd_per_mtok
        assert row.cached_input_usd_per_mtok is not None
        assert window.cached_input_usd_per_mtok == 2 * row.cached_input_usd_per_mtok
        assert window.output_usd_per_mtok == 2 * row.output_usd_per_mtok


@pytest.mark.parametrize(
    ("day", "usd_in", "windows", "weekdays"),
    [
        (date(2026, 5, 25), "0.435", 0, None),
        (date(2026, 8, 16), "0.435", 0, None),
        (date(2026, 8, 17), "0.66", 2, 7),
        (date(2026, 8, 22), "0.66", 2, 7),
        (date(2026, 8, 23), "0.66", 2, 5),
    ],
)
def test_deepseek_v4_pro_got_peak_hours_and_then_free_weekends(
    day: date, usd_in: str, windows: int, weekdays: int | None
) -> None:
    row = frozen_book().on(day).model("deepseek/deepseek-v4-pro")
    assert row.input_usd_per_mtok == Decimal(usd_in)
    assert len(row.windows) == windows
    assert {len(window.weekdays) for window in row.windows} == ({weekdays} if weekdays else set())


def test_an_h100_is_what_its_data_sheet_says() -> None:
    row = frozen_prices().gpu("h100-sxm")
    assert row.memory_gib == 80
    assert row.bandwidth_gb_per_s == 3350
    assert row.bf16_tflops == 989
    assert row.fp8_tflops == 1979
    assert frozen_prices().gpu_purchase("h100-sxm").usd_per_gpu == 30_000


# --- what is refused

MODEL = """\
- id: acme/large
  vendor: Acme
  name: large
  tokenizer: words
  effective_from: 2026-01-01
  input_usd_per_mtok: 2
  output_usd_per_mtok: 10
  source: 'https://example.com'
  checked_on: 2026-01-01
"""
TOKENIZERS = """\
- id: words
  name: Words
  encoding: o200k_base
  source: 'https://example.com'
  checked_on: 2026-01-01
"""


def errors(**tables: str) -> list[str]:
    """Errors of these tables, one per line."""
    texts: dict[str, str | bytes] = {f"{table}.yaml": text for table, text in tables.items()}
    with pytest.raises(CrossoverError) as error:
        book_of(texts, DAY)
    assert len(error.value.errors) == len(str(error.value).splitlines())
    return str(error.value).splitlines()


def test_a_good_table_has_no_errors() -> None:
    book = book_of({"models.yaml": MODEL, "tokenizers.yaml": TOKENIZERS}, DAY)
    assert book.on(DAY).model("acme/large").output_usd_per_mtok == 10


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        (
            "vendor: Acme",
            "vendor: Acme\n  outptu_usd_per_mtok: 9",
            "models.yaml:3: acme/large: outptu_usd_per_mtok: unknown field; "
            "did you mean 'output_usd_per_mtok'?",
        ),
        (
            "  output_usd_per_mtok: 10\n",
            "",
            "models.yaml:1: acme/large: output_usd_per_mtok: missing (add it, with its source)",
        ),
        (
            "input_usd_per_mtok: 2",
            "input_usd_per_mtok: -2",
            "models.yaml:6: acme/large: input_usd_per_mtok: -2 is too small "
            "(a price or size cannot be negative)",
        ),
        (
            "input_usd_per_mtok: 2",
            "input_usd_per_mtok: '2'",
            "models.yaml:6: acme/large: input_usd_per_mtok: '2' is not a number",
        ),
        (
            "input_usd_per_mtok: 2",
            "input_usd_per_mtok: true",
            "models.yaml:6: acme/large: input_usd_per_mtok: 'True' is not a number",
        ),
        (
            "checked_on: 2026-01-01",
            "checked_on: 2026-11-23",
            "models.yaml:9: acme/large: checked_on: 2026-11-23 is in the future "
            "(give the day somebody looked)",
        ),
        (
            "checked_on: 2026-01-01",
            "checked_on: '2026-01-01'",
            "models.yaml:9: acme/large: checked_on: '2026-01-01' is not a date (write 2026-11-22, ",
        ),
        (
            "source: 'https://example.com'",
            "source: ''",
            "models.yaml:8: acme/large: source: '': ",
        ),
        (
            "tokenizer: words",
            "tokenizer: wrods",
            "models.yaml:1: acme/large: tokenizer: no 'wrods' in tokenizers.yaml; did you mean 'words'?",
        ),
        (
            "vendor: Acme",
            "vendor: Acme\n  lifecycle: asleep",
            "models.yaml:3: acme/large: lifecycle: 'asleep': ",
        ),
        (
            "vendor: Acme",
            "vendor: Acme\n  min_cacheable_tokens: 1024.5",
            "models.yaml:3: acme/large: min_cacheable_tokens: '1024.5': ",
        ),
    ],
    ids=lambda text: text.strip()[:40],
)
def test_an_error_is_reported_with_file_and_line(old: str, new: str, error: str) -> None:
    assert old in MODEL
    (line,) = errors(models=MODEL.replace(old, new), tokenizers=TOKENIZERS)
    assert line.startswith(error)


def test_two_rows_of_one_id_and_day_are_reported_with_both_places() -> None:
    (line,) = errors(models=MODEL + MODEL, tokenizers=TOKENIZERS)
    assert line == (
        "models.yaml:10: acme/large: the same id and day as models.yaml:1 (change the day or remove one)"
    )


def test_two_rows_of_one_id_on_two_days_are_no_error() -> None:
    later = MODEL.replace("effective_from: 2026-01-01", "effective_from: 2026-02-01")
    book = book_of({"models.yaml": MODEL + later, "tokenizers.yaml": TOKENIZERS}, DAY)
    assert len(book.history(ModelPrice, "acme/large")) == 2


def test_thresholds_that_do_not_rise_are_an_error() -> None:
    tier = "    - {above_prompt_tokens: 1000, input_usd_per_mtok: 4, output_usd_per_mtok: 20}\n"
    (line,) = errors(models=MODEL + "  context_tiers:\n" + tier + tier, tokenizers=TOKENIZERS)
    assert line.startswith("models.yaml:1: acme/large: ")
    assert line.endswith("context_tiers: thresholds must rise (sort them, remove doubles)")


def test_an_error_in_a_tier_has_the_line_of_the_tier() -> None:
    tier = "    - {above_prompt_tokens: 1000, input_usd_per_mtok: 4}\n"
    (line,) = errors(models=MODEL + "  context_tiers:\n" + tier, tokenizers=TOKENIZERS)
    assert line.startswith("models.yaml:11: acme/large: context_tiers.0.output_usd_per_mtok: missing")


def test_a_tokenizer_needs_a_vocabulary_or_ratios() -> None:
    (line,) = errors(tokenizers=TOKENIZERS.replace("  encoding: o200k_base\n", ""))
    assert line == "tokenizers.yaml:1: words: row: ratios: missing (only o200k_base itself needs none)"


def test_ratios_need_english_to_fall_back_on() -> None:
    (line,) = errors(tokenizers=TOKENIZERS.replace("encoding: o200k_base", "ratios: {de: [1.1, 1.0, 1.2]}"))
    assert line.endswith("ratios: 'en' is missing (it is the fallback for other kinds)")


def test_every_error_of_every_table_is_reported_at_once() -> None:
    wrong_model = MODEL.replace("input_usd_per_mtok: 2", "input_usd_per_mtok: -2").replace(
        "  output_usd_per_mtok: 10\n", ""
    )
    lines = errors(
        models=wrong_model + MODEL.replace("words", "letters"),
        gpus="- id: g1\n  nam: G1\n",
        tokenizers=TOKENIZERS,
        open_models="[",
        prices="- id: x\n",
    )
    places = [line.split(": ")[0] for line in lines]
    assert places.count("models.yaml:6") == 1  # a negative price
    assert "models.yaml:1: acme/large: output_usd_per_mtok: missing (add it, with its source)" in lines
    assert any(line.startswith("models.yaml:9: acme/large: tokenizer: no 'letters'") for line in lines)
    assert any(line.startswith("gpus.yaml:2: g1: nam: unknown field; did you mean 'name'?") for line in lines)
    assert any(line.startswith("open_models.yaml:") and "not valid YAML" in line for line in lines)
    assert any(line.startswith("prices.yaml: no such table") for line in lines)


@pytest.mark.parametrize("text", ["", "id: acme/large\n", "text"])
def test_a_table_that_is_no_list_of_rows_is_an_error(text: str) -> None:
    assert errors(models=text) == ["models.yaml: not a list of rows (start each row with '- id:')"]


def test_a_row_that_is_no_row_is_an_error() -> None:
    assert errors(tokenizers=TOKENIZERS + "- words\n") == [
        "tokenizers.yaml:6: not a row (start it with '- id:')"
    ]


def test_a_missing_table_is_reported_by_its_path(tmp_path: Path) -> None:
    for path in FROZEN_TABLES.glob("*.yaml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    assert load_book(tmp_path, DAY).on(DAY).gpu("h100-sxm").memory_gib == 80
    (tmp_path / "gpus.yaml").unlink()
    with pytest.raises(CrossoverError) as error:
        load_book(tmp_path, DAY)
    (line,) = str(error.value).splitlines()
    assert line.startswith(f"{tmp_path / 'gpus.yaml'}: cannot be read: ")
    assert line.endswith("(restore the table)")


def test_damage_to_a_table_is_harmless_or_an_error_with_its_line() -> None:
    original = (FROZEN_TABLES / "models.yaml").read_text(encoding="utf-8")[:4000]
    tokenizers = (FROZEN_TABLES / "tokenizers.yaml").read_bytes()
    generator = random.Random(1)
    problems: list[str] = []
    for _ in range(60):
        place = generator.randrange(len(original))
        damaged = original[:place] + generator.choice("\t:-[{&*!'\"\n#%@0e.,") + original[place + 1 :]
        try:
            book_of({"models.yaml": damaged, "tokenizers.yaml": tokenizers}, DAY)
        except CrossoverError as error:
            problems += [str(problem) for problem in error.errors]
    assert len(problems) > 20
    assert [problem for problem in problems if not re.match(r"models\.yaml:\d+: ", problem)] == []
