"""Scenario files: read with every fault by its line, and written so that they read back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costing.comparison.compare import compare
from costing.scenario.library import SHIPPED, load_scenario, shipped_ids
from costing.scenario.scenario import LIMITS, MAX_STRATEGIES, Part, StrategyChoice, named, part_tokens
from costing.scenario.scenario_yaml import dump, read
from costing.tokenization.stated_count import StatedCount
from costing.tokenization.text_language import KINDS
from costing.tokenization.tokens import MADE
from costing.tokenization.tool_schema import tool_definitions
from costing.tokenization.vocabularies import ENCODINGS
from costing.workload.workload import PARTS
from i18n.errors import CrossoverError
from i18n.message import literal
from pricing.rows import Evidence

from ...support.factories import HOSTED, STUFFED, TUNED, estimated_tokenizer, frozen_book, prices, scenario
from ...support.scenarios import EXAMPLE, changed, errors

every_scenario = pytest.mark.parametrize("scenario_id", shipped_ids())

# --- the ready ones


@every_scenario
def test_a_ready_scenario_reads_back_as_it_was_written(scenario_id: str) -> None:
    loaded = load_scenario(scenario_id)
    assert read(dump(loaded), "copy.yaml") == loaded


@every_scenario
def test_a_ready_scenario_has_the_id_of_its_file_and_a_name_in_both_languages(scenario_id: str) -> None:
    loaded = load_scenario(scenario_id)
    assert loaded.id == scenario_id
    assert set(loaded.names) == set(loaded.descriptions) == {"en", "zh_TW"}
    assert loaded.name("zh_TW") != loaded.name("en")
    assert len(loaded.description()) > 40


def test_the_three_uses_of_the_article_and_its_claim_are_ready() -> None:
    assert {"brand_voice", "domain_answers", "small_model", "claim_25m_owned"} <= set(shipped_ids())


@pytest.mark.parametrize("scenario_id", ["brand_voice", "domain_answers", "small_model"])
def test_a_use_brings_its_texts_and_compares_all_three_ways(scenario_id: str) -> None:
    loaded = load_scenario(scenario_id)
    assert loaded.parts["question"].text.strip()
    assert loaded.parts["answer"].text.strip()
    assert {choice.strategy for choice in loaded.strategies} >= {
        "stuffed_prompt",
        "fine_tuned",
        "self_hosted",
    }


def test_a_scenario_is_found_by_its_path_too(tmp_path: Path) -> None:
    path = tmp_path / "copy.yaml"
    path.write_bytes((SHIPPED / "brand_voice.yaml").read_bytes())
    assert load_scenario(str(path)) == load_scenario("brand_voice")


def test_a_misspelt_scenario_is_answered_with_the_nearest() -> None:
    with pytest.raises(CrossoverError) as error:
        load_scenario("brand_voise")
    assert str(error.value) == (
        "brand_voise: cannot be read: No such file or directory; did you mean 'brand_voice'?"
    )


# --- what is read


def test_what_is_left_out_has_its_plain_value() -> None:
    loaded = read(EXAMPLE, "f.yaml")
    assert (loaded.peak_to_average, loaded.turns, loaded.growth_share_per_month) == (1, 1, 0)
    assert loaded.on == date(2026, 11, 22)
    assert loaded.names == {"en": "An example"}
    assert loaded.description() == ""
    assert loaded.parts["question"] == Part(text="Where is my order?")
    assert loaded.parts["answer"] == Part(tokens=100, kind="de")
    assert loaded.parts["knowledge"].is_empty
    assert loaded.strategies == (
        StrategyChoice("stuffed_prompt", {"model": "acme/large"}),
        StrategyChoice("fine_tuned", {"offer": "acme/tuned", "epochs": 2}, "mine"),
    )


def test_a_currency_may_be_named_and_reads_back() -> None:
    assert read(EXAMPLE, "f.yaml").currency == "USD"
    assert "currency" not in dump(read(EXAMPLE, "f.yaml"))
    loaded = read(changed("horizon_months: 12", "horizon_months: 12\ncurrency: TWD"), "f.yaml")
    assert loaded.currency == "TWD"
    assert read(dump(loaded), "copy.yaml") == loaded


def test_a_language_that_is_missing_falls_back_to_english() -> None:
    loaded = read(changed("name: An example", "name: {en: One, zh_TW: 一}"), "f.yaml")
    assert (loaded.name("zh_TW"), loaded.name("fr"), loaded.name()) == ("一", "One", "One")


@pytest.mark.parametrize("volume", ["1e6", "1_000_000", "1000000", "1000000.0"])
def test_a_volume_may_be_written_in_any_usual_way(volume: str) -> None:
    loaded = read(changed("requests_per_day: 1000", f"requests_per_day: {volume}"), "f.yaml")
    assert loaded.requests_per_day == 1_000_000


# --- what is refused


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ("version: 1", "version: 2", "f.yaml:1: version: '2' (this program reads version 1)"),
        ("id: example", "id: ''", "f.yaml:2: id: missing (add it)"),
        ("name: An example", "name: 3", "f.yaml:3: name: neither text nor one text per language"),
        ("name: An example", "nam: An example", "f.yaml:3: nam: unknown field; did you mean 'name'?"),
        (
            "on: 2026-11-22",
            "on: yesterday",
            "f.yaml:4: on: 'yesterday' is not a date (write 2026-11-22, without quotes)",
        ),
        (
            "horizon_months: 12",
            "horizon_months: 12.5",
            "f.yaml:5: horizon_months: 12.5 is not a whole number",
        ),
        (
            "horizon_months: 12",
            "horizon_months: 12\ncurrency: twd",
            "f.yaml:6: currency: 'twd' is not a currency code (write three capital letters, as TWD)",
        ),
        (
            "horizon_months: 12",
            "horizon_months: 12\ncurrency: 3",
            "f.yaml:6: currency: '3' is not a currency code (write three capital letters, as TWD)",
        ),
        ("horizon_months: 12", "horizon_months: 0", "f.yaml:5: horizon_months: 0 is outside 1 to 120"),
        ("horizon_months: 12", "horizon_months: 121", "f.yaml:5: horizon_months: 121 is outside 1 to 120"),
        (
            "requests_per_day: 1000",
            "requests_per_day: many",
            "f.yaml:7: workload.requests_per_day: 'many' is not a number",
        ),
        (
            "requests_per_day: 1000",
            "requests_per_day: true",
            "f.yaml:7: workload.requests_per_day: 'True' is not a number",
        ),
        (
            "requests_per_day: 1000",
            "requests_per_day: 0.5",
            "f.yaml:7: workload.requests_per_day: 0.5 is outside 1 to 1e+09",
        ),
        (
            "  requests_per_day: 1000\n",
            "",
            "f.yaml:6: workload.requests_per_day: missing (add it)",
        ),
        (
            "  requests_per_day: 1000",
            "  requests_per_day: 1000\n  growth_share_per_month: 1.01",
            "f.yaml:8: workload.growth_share_per_month: 1.01 is outside -0.5 to 1",
        ),
        (
            "text: Where is my order?",
            "text: 3",
            "f.yaml:9: workload.parts.question.text: not text (put it in quotes)",
        ),
        (
            "question: {text: Where is my order?}",
            "question: Where is my order?",
            "f.yaml:9: workload.parts.question: not a group of 'name: value' lines",
        ),
        (
            "question: {text: Where is my order?}",
            "questoin: {text: Where is my order?}",
            "f.yaml:9: workload.parts.questoin: unknown field; did you mean 'question'?",
        ),
        (
            "tokens: 100",
            "tokens: -1",
            "f.yaml:10: workload.parts.answer.tokens: -1 is outside 0 to 1e+07",
        ),
        (
            "kind: de",
            "kind: dutch",
            "f.yaml:10: workload.parts.answer.kind: 'dutch' is not one of en, zht, zhs, ja, ko, de, fr, es, "
            "python, js, json",
        ),
        (
            "{tokens: 100, kind: de}",
            "{tokens: 100, text: Soon.}",
            "f.yaml:10: workload.parts.answer: both text and tokens (keep one)",
        ),
        (
            "{tokens: 100, kind: de}",
            "{counts: {o200k_base: {tokens: 100, evidence: measured, made: exact}}}",
            "f.yaml:10: workload.parts.answer.counts: counts without tokens (add the tokens in o200k_base)",
        ),
        (
            "{tokens: 100, kind: de}",
            "{tokens: 100, counts: 120}",
            "f.yaml:10: workload.parts.answer.counts: not a group of 'tokenizer: {tokens: ..., evidence: "
            "..., made: ...}' lines",
        ),
        (
            "strategy: stuffed_prompt",
            "strategy: stuffed_promt",
            "f.yaml:12: strategies.1.strategy: no strategy 'stuffed_promt'; did you mean 'stuffed_prompt'?",
        ),
        (
            "    model: acme/large\n",
            "",
            "f.yaml:12: strategies.1.model: missing (name a row)",
        ),
        (
            "model: acme/large",
            "model: 3",
            "f.yaml:13: strategies.1.model: '3' is not the id of a price row",
        ),
        (
            "epochs: 2",
            "epoch: 2",
            "f.yaml:17: strategies.2.epoch: unknown setting; did you mean 'epochs'?",
        ),
        ("epochs: 2", "epochs: 51", "f.yaml:17: strategies.2.epochs: 51 is outside 1 to 50"),
        ("epochs: 2", "epochs: 2.5", "f.yaml:17: strategies.2.epochs: 2.5 is not a whole number"),
        ("epochs: 2", "epochs: '2'", "f.yaml:17: strategies.2.epochs: '2' is not a number"),
        ("epochs: 2", "caching: 1", "f.yaml:17: strategies.2.caching: '1' is not true or false"),
        ("name: mine", "name: 7", "f.yaml:15: strategies.2.name: not text (put it in quotes)"),
    ],
    ids=lambda text: text.strip()[:32],
)
def test_a_error_is_reported_with_its_line_and_field(old: str, new: str, error: str) -> None:
    assert errors(changed(old, new)) == [error]


EVERY_GROUP = (
    EXAMPLE
    + """\
ranges:
  tokens.answer: {low: 0.5, high: 2}
  strategies.2.epochs: {low: 1, high: 5}
correlations:
  - {between: [tokens.answer, strategies.2.epochs], rank: 0.5}
traffic:
  shape: s_curve
outlook:
  discount_rate_share_per_year: 0.08
needs:
  data: in_region
  rules:
    locked_in: {weight: 2}
  own_rules:
    - id: no_tuning
      strategy: {is_tuned: [yes]}
      effect: against
      says: We do not tune.
      source: our board
"""
)


def test_errors_of_all_groups_are_reported_at_once_with_their_lines() -> None:
    read(EVERY_GROUP, "f.yaml")
    wrong = (
        EVERY_GROUP.replace("{low: 0.5, high: 2}", "{low: 2, high: 0.5}")
        .replace("{low: 1, high: 5}", "{low: 1, hihg: 5}")
        .replace("rank: 0.5", "rank: 5")
        .replace("s_curve", "curve")
        .replace("discount_rate_share_per_year", "discount_share")
        .replace("in_region", "abroad")
        .replace("weight: 2", "weight: 20")
        .replace("effect: against", "effect: [against]")
    )
    assert errors(wrong) == [
        "f.yaml:19: ranges.tokens.answer: low 2, likely 2, high 0.5 do not rise (put them in order)",
        "f.yaml:20: ranges.strategies.2.epochs.hihg: unknown field; did you mean 'high'?",
        "f.yaml:22: correlations.1.rank: '5' is not between -1 and 1",
        "f.yaml:24: traffic.shape: 'curve' is not one of compound, s_curve, months",
        "f.yaml:26: outlook.discount_share: unknown field; did you mean 'discount_rate_share_per_year'?",
        "f.yaml:28: needs.data: 'abroad' is not one of may_leave, in_region, own_machines, in_house",
        "f.yaml:30: needs.rules.locked_in.weight: 20 is outside 0 to 10",
        "f.yaml:34: needs.own_rules.1.effect: '['against']' is not one of for, against, rules_out",
    ]


def test_a_misspelt_strategy_does_not_renumber_the_ranges_of_the_others() -> None:
    assert errors(EVERY_GROUP.replace("stuffed_prompt", "stuffed_promt")) == [
        "f.yaml:12: strategies.1.strategy: no strategy 'stuffed_promt'; did you mean 'stuffed_prompt'?"
    ]


def test_ranges_of_a_misspelt_strategy_are_not_judged() -> None:
    assert errors(EVERY_GROUP.replace("fine_tuned", "fine_tund")) == [
        "f.yaml:14: strategies.2.strategy: no strategy 'fine_tund'; did you mean 'fine_tuned'?"
    ]


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("horizon_months: 12", "f.yaml:6: 'horizon_months' stands twice (keep one)"),
        ("    epochs: 2", "f.yaml:18: 'epochs' stands twice (keep one)"),
    ],
)
def test_a_field_that_stands_twice_is_refused(line: str, error: str) -> None:
    assert errors(changed(line, f"{line}\n{line}")) == [error]


@pytest.mark.parametrize("value", ["", "~", "[]", "3", "text"])
def test_a_workload_that_is_no_group_is_one_error(value: str) -> None:
    before, rest = EXAMPLE.split("workload:")
    strategies = rest[rest.index("strategies:") :]
    says = "missing (add it)" if value in ("", "~") else "not a group of 'name: value' lines"
    assert errors(f"{before}workload: {value}\n{strategies}") == [f"f.yaml:6: workload: {says}"]


@pytest.mark.parametrize("value", ["[]", "{a: 1}", "2026-11-22"])
def test_a_setting_that_is_no_plain_value_is_one_error(value: str) -> None:
    (error,) = errors(changed("epochs: 2", f"epochs: {value}"))
    assert error.startswith("f.yaml:17: strategies.2.epochs: ")


def test_every_error_is_reported_at_once() -> None:
    text = (
        EXAMPLE.replace("version: 1", "version: 2")
        .replace("2026-11-22", "soon")
        .replace("requests_per_day: 1000", "requests_per_day: 0")
        .replace("kind: de", "kind: dutch")
        .replace("stuffed_prompt", "stuffed_promt")
        .replace("epochs: 2", "epochs: 51\n    epoch: 1")
    )
    assert [line.split(": ")[0] for line in errors(text)] == [
        "f.yaml:1",
        "f.yaml:4",
        "f.yaml:7",
        "f.yaml:10",
        "f.yaml:12",
        "f.yaml:17",
        "f.yaml:18",
    ]


@pytest.mark.parametrize("text", ["", "# nothing", "- a\n- b\n", "just words"])
def test_a_file_that_is_no_scenario_is_refused(text: str) -> None:
    assert errors(text) == ["f.yaml:1: not a scenario (start it with 'version: 1')"]


def test_an_empty_scenario_is_told_all_that_it_needs() -> None:
    assert errors("{}") == [
        "f.yaml:1: version: missing (add it)",
        "f.yaml:1: id: missing (add it)",
        "f.yaml:1: horizon_months: missing (add it)",
        "f.yaml:1: workload: missing (add it)",
        "f.yaml:1: strategies: no list of strategies (start each with '- strategy:')",
    ]


@pytest.mark.parametrize("value", ["", "stuffed_prompt", "[]", "{strategy: stuffed_prompt}"])
def test_a_scenario_without_a_list_of_strategies_is_refused(value: str) -> None:
    text = EXAMPLE[: EXAMPLE.index("strategies:")] + f"strategies: {value}\n"
    assert errors(text) == ["f.yaml:11: strategies: no list of strategies (start each with '- strategy:')"]


def test_a_strategy_that_is_only_a_word_is_refused() -> None:
    text = EXAMPLE[: EXAMPLE.index("strategies:")] + "strategies:\n  - stuffed_prompt\n"
    assert errors(text) == ["f.yaml:12: strategies.1: not a strategy (start it with '- strategy:')"]


def test_more_strategies_than_a_chart_can_show_are_refused() -> None:
    entry = "  - {strategy: stuffed_prompt, model: acme/large}\n"
    head = EXAMPLE[: EXAMPLE.index("strategies:")] + "strategies:\n"
    assert len(read(head + entry * MAX_STRATEGIES, "f.yaml").strategies) == 12
    assert errors(head + entry * 13) == ["f.yaml:11: strategies: 13 strategies, more than 12 (remove some)"]


def test_malformed_yaml_is_one_error_with_its_line() -> None:
    (line,) = errors(EXAMPLE + "  - [\n")
    assert line.startswith("f.yaml:19: not valid YAML: ")


@pytest.mark.parametrize("field", ["horizon_months", "requests_per_day", "peak_to_average", "turns"])
def test_both_ends_of_a_range_are_in_it(field: str) -> None:
    limits = LIMITS[field]
    for value in (limits.low, limits.high):
        original = scenario(**{field: int(value) if limits.whole else value})
        assert getattr(read(dump(original), "f.yaml"), field) == value


# --- written so that it reads back

NAMES = st.text(alphabet="ab :#-'\"{}[]!&*%@`,?|>=~0123.éß漢字😀", min_size=1, max_size=30).filter(
    lambda text: bool(text.strip())
)
TEXTS = st.text(alphabet="ab \n\t\r:#-'\"{}é漢😀\u3000\u2028\ufeff", min_size=1, max_size=80)


@given(
    name=NAMES,
    text=TEXTS,
    volume=st.floats(1, 1e9),
    growth=st.floats(-0.5, 1),
    horizon=st.integers(1, 120),
    epochs=st.integers(1, 50),
    share=st.floats(0, 1),
    caching=st.booleans(),
)
def test_any_scenario_reads_back_as_it_was_written(
    name: str,
    text: str,
    volume: float,
    growth: float,
    horizon: int,
    epochs: int,
    share: float,
    caching: bool,
) -> None:
    tuned = replace(
        TUNED,
        name=" ".join(name.split()),
        settings={**TUNED.settings, "epochs": epochs, "instruction_kept_share": share, "caching": caching},
    )
    blank = replace(HOSTED, settings={**HOSTED.settings, "rent_usd_per_gpu_hour": None, "tenure": "owned"})
    original = scenario(
        STUFFED,
        tuned,
        blank,
        names={"en": name, "zh_TW": text},
        requests_per_day=volume,
        growth_share_per_month=growth,
        horizon_months=horizon,
    ).with_part("knowledge", Part(text=text))
    assert read(dump(original), "f.yaml") == original


def number(name: str) -> st.SearchStrategy[float]:
    limits = LIMITS[name]
    if limits.whole:
        return st.integers(int(limits.low), int(limits.high))
    return st.floats(limits.low, limits.high)


workloads = st.fixed_dictionaries(
    {},
    optional={
        "image_detail": st.sampled_from(["low", "high", "auto"]),
        **{name: number(name) for name in LIMITS if name != "tokens"},
    },
)
stated_counts = st.builds(
    lambda low, tokens, high, evidence, made: StatedCount(tokens, low, high, evidence, made),
    st.floats(0, 10),
    st.floats(10, 20),
    st.floats(20, 1e8),
    st.sampled_from(Evidence),
    st.sampled_from(MADE),
)
parts = st.builds(
    Part, text=st.just(""), tokens=st.none() | number("tokens"), kind=st.sampled_from(KINDS)
) | st.builds(
    Part,
    tokens=number("tokens"),
    counts=st.dictionaries(st.sampled_from(ENCODINGS), stated_counts, max_size=3),
)


@given(workloads, st.fixed_dictionaries(dict.fromkeys(PARTS, parts)), st.sampled_from(["USD", "TWD"]))
def test_any_workload_reads_back_as_it_was_written(
    fields: dict[str, Any], request: dict[str, Part], currency: str
) -> None:
    original = replace(scenario(**fields), parts=request, currency=currency)
    assert read(dump(original), "f.yaml") == original


def test_a_strategy_s_name_is_one_line() -> None:
    """A heading would end at a line break."""
    original = scenario(replace(STUFFED, name="one\n\n- two"))
    assert read(dump(original), "f.yaml").strategies[0].name == "one - two"


def test_a_written_scenario_keeps_its_texts_readable() -> None:
    text = dump(scenario().with_part("knowledge", Part(text="第一條\n第二條\n")))
    assert "      text: |\n        第一條\n        第二條\n" in text
    assert "requests_per_day: 1000\n" in text


# --- conversations, tools, images, retries

TRAFFIC = {
    "seconds_between_turns": 45.5,
    "retry_share": 0.03,
    "tool_calls_per_request": 1.5,
    "tool_call_tokens": 80,
    "tool_result_tokens": 900,
    "images_per_request": 0.25,
    "image_width_px": 800,
    "image_height_px": 600,
    "image_detail": "low",
}


def test_the_workload_s_further_fields_are_read_and_written() -> None:
    lines = "".join(f"  {name}: {value}\n" for name, value in TRAFFIC.items())
    loaded = read(changed("  parts:\n", f"{lines}  parts:\n"), "f.yaml")
    assert {name: getattr(loaded, name) for name in TRAFFIC} == TRAFFIC
    assert type(loaded.image_width_px) is int
    assert read(dump(loaded), "saved.yaml") == loaded


def test_a_plain_workload_is_written_without_them() -> None:
    text = dump(scenario())
    assert not [name for name in TRAFFIC if name in text]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("retry_share: 0.95", "f.yaml:8: workload.retry_share: 0.95 is outside 0 to 0.9"),
        ("tool_calls_per_request: -1", "f.yaml:8: workload.tool_calls_per_request: -1 is outside 0 to 50"),
        ("image_width_px: 10.5", "f.yaml:8: workload.image_width_px: 10.5 is not a whole number"),
        ("image_detail: fine", "f.yaml:8: workload.image_detail: 'fine' is not one of low, high, auto"),
        ("seconds_between_turns: soon", "f.yaml:8: workload.seconds_between_turns: 'soon' is not a number"),
        ("retry_shar: 0.1", "f.yaml:8: workload.retry_shar: unknown field; did you mean 'retry_share'?"),
    ],
)
def test_a_further_field_beyond_its_limits_is_an_error_by_its_line(line: str, says: str) -> None:
    assert errors(changed("  parts:\n", f"  {line}\n  parts:\n")) == [says]


def test_a_travel_agent_with_tools_is_ready_and_its_cache_pays() -> None:
    loaded = load_scenario("travel_agent")
    assert loaded.turns > 1
    assert loaded.tool_calls_per_request > 0
    assert len(tool_definitions(loaded.parts["tools"].text)) == 8
    compared = compare(loaded, frozen_book())
    assert all(outcome.is_feasible for outcome in compared.outcomes)
    cached, plain = compared.outcomes[:2]
    assert cached.usd_per_month < plain.usd_per_month / 3


# --- parts


def test_a_part_that_is_given_as_tokens_is_an_assumption() -> None:
    counted = part_tokens(Part(tokens=100, kind="de"), "guess", prices(estimated_tokenizer()))
    # 100 x 2 for German
    assert (counted.tokens, counted.evidence) == (200, "assumed")


def test_a_part_that_is_given_as_text_is_counted() -> None:
    counted = part_tokens(Part(text="tiktoken is great!"), "o200k_base", prices())
    assert (counted.tokens, counted.evidence) == (6, "measured")


def test_an_empty_part_has_no_tokens() -> None:
    for part in (Part(), Part(text=" \n "), Part(tokens=0)):
        assert part.is_empty
        assert part_tokens(part, "o200k_base", prices()).tokens == 0


def test_the_parts_of_a_scenario_are_those_of_a_workload() -> None:
    assert tuple(load_scenario("brand_voice").parts) == PARTS


@pytest.mark.parametrize(
    "name", ["1e6", "1E5", "nan", ".inf", "NO", "2026-11-22", "a\x85b", "tab\there", "=1+1", "- x"]
)
def test_a_name_that_looks_like_something_else_is_saved_as_text(name: str) -> None:
    original = load_scenario("claim_25m_owned")
    named = replace(
        original, names={"en": name}, parts={**original.parts, "question": Part(text=name + "\n" + name)}
    )
    assert read(dump(named), "saved.yaml") == named


def test_tokens_keep_the_kind_of_their_text() -> None:
    original = load_scenario("claim_25m_owned").with_part("question", Part(tokens=7, kind="zht"))
    assert read(dump(original), "saved.yaml") == original


def test_a_count_of_a_text_that_is_missing_holds_in_its_tokenizer_and_no_other() -> None:
    text = changed(
        "{tokens: 100, kind: de}",
        "{tokens: 100, counts: {guess: {tokens: 130.5, low: 120, high: 140, evidence: estimated, "
        "made: reconstructed}}}",
    )
    part = read(text, "f.yaml").parts["answer"]
    rows = prices(estimated_tokenizer(), estimated_tokenizer(id="other"))
    counted = part_tokens(part, "guess", rows)
    assert (counted.tokens, counted.low, counted.high) == (130.5, 120, 140)
    assert (counted.evidence, counted.made) == ("estimated", "reconstructed")
    assert part_tokens(part, "other", rows).tokens == 150  # 100 x 1.5, the ratio for English
    assert read(dump(read(text, "f.yaml")), "copy.yaml") == read(text, "f.yaml")


@pytest.mark.parametrize("number", ["1e9999999", "1e300000", "1e308"])
def test_an_absurd_number_is_refused_at_once(number: str) -> None:
    text = dump(load_scenario("claim_25m_owned")).replace("horizon_months: 36", f"horizon_months: {number}")
    with pytest.raises(CrossoverError, match="horizon_months"):
        read(text, "absurd.yaml")


@pytest.mark.parametrize("line", ["strategy: [x]", "strategy: {a: b}"])
def test_a_strategy_that_is_no_name_is_one_clear_line(line: str) -> None:
    text = dump(load_scenario("claim_25m_owned")).replace("strategy: stuffed_prompt", line)
    with pytest.raises(CrossoverError, match="no strategy"):
        read(text, "odd.yaml")


def test_names_stay_different_even_where_one_is_already_numbered() -> None:
    names = named(
        replace(
            load_scenario("claim_25m_owned"),
            strategies=tuple(StrategyChoice("stuffed_prompt", {}, name) for name in ("A", "A", "A (2)")),
        ),
        (literal("x"), literal("x"), literal("x")),
    )
    assert [str(name) for name in names] == ["A", "A (2)", "A (2) (2)"]


def test_the_option_in_use_today_is_written_and_read_back() -> None:
    marked = load_scenario("brand_voice").with_today(1)
    assert [choice.is_today for choice in marked.strategies] == [False, True, False, False]
    text = dump(marked)
    assert text.count("is_today: true") == 1
    assert read(text, "marked.yaml") == marked
    assert "is_today" not in dump(marked.with_today(None))


def test_a_second_option_in_use_today_is_an_error() -> None:
    text = dump(load_scenario("brand_voice").with_today(0))
    twice = text.replace("- strategy: fine_tuned\n", "- strategy: fine_tuned\n  is_today: true\n")
    with pytest.raises(CrossoverError, match="a second strategy in use today \\(mark one at most\\)"):
        read(twice, "twice.yaml")


def test_a_file_without_a_day_takes_the_prices_of_the_day_it_is_opened_and_stays_without(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened_on = date(2027, 3, 4)
    monkeypatch.setattr("costing.scenario.file_models.today", lambda: opened_on)
    text = dump(scenario(STUFFED).unpinned(date(2026, 11, 22)))
    assert "\non:" not in text
    opened = read(text, "f.yaml")
    assert (opened.on, opened.is_pinned) == (opened_on, False)
    pinned = read(dump(opened.pinned(opened_on)), "f.yaml")
    assert (pinned.on, pinned.is_pinned) == (opened_on, True)
