"""What training on a file is billed for, and what it saves, worked by hand."""

from __future__ import annotations

import io
import json
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costing.comparison.compare import compare
from costing.cost_lines import Cadence
from costing.fine_tuning.apply import apply_training_data, own_tokenizers
from costing.fine_tuning.cost import Job, jobs, offers, tokenizers, training_costs
from costing.fine_tuning.lengths import length_counts, lengths
from costing.fine_tuning.savings import Saving, savings
from costing.fine_tuning.tokens import TrainingData, billed, measured
from costing.reports.fine_tuning import tuning_savings, verdict
from costing.scenario import library
from costing.scenario.scenario import Part, Scenario, StrategyChoice
from costing.scenario.scenario_yaml import dump, read
from costing.units import DAYS_PER_MONTH
from frames.frame import records
from i18n.errors import CrossoverError
from pricing.book import PriceBook, PricesOnDay
from pricing.rows import Evidence, Fact
from tests.support.paths import GOLDEN

from ...support.factories import DAY, frozen_book, frozen_prices, model_price, tuned_price

TOY = (GOLDEN / "toy_chat_fine_tuning.jsonl").read_bytes()
CL100K = "cl100k_base"
O200K = "o200k_base"


def counted(content: bytes, *names: str) -> TrainingData:
    prices = frozen_prices()
    return measured(io.BytesIO(content), "a.jsonl", [prices.tokenizer(name) for name in {O200K, *names}])


def lines(*records: Any) -> bytes:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records).encode()


def chat(answer: str, question: str = "Hello?", system: str = "") -> dict[str, Any]:
    first = [{"role": "system", "content": system}] if system else []
    return {
        "messages": [
            *first,
            {"role": "user", "content": question},
            {"role": "assistant", "content": answer},
        ]
    }


def book(*more: Fact, tuned: Fact, model: Fact | None = None) -> PriceBook:
    shipped = {table: list(rows_of_table) for table, rows_of_table in frozen_book().tables().items()}
    kept = {
        **shipped,
        "models": [model or model_price()],
        "finetunes": [tuned, *more],
        "training": [],
    }
    return PriceBook(kept)


def own_scenario(*strategies: StrategyChoice, **changes: Any) -> Scenario:
    """30 requests per day; 600 tokens of instructions, 400 of examples, 100 of questions, 50 of answers."""
    parts = {
        "instruction": Part(tokens=600),
        "example": Part(tokens=400),
        "knowledge": Part(),
        "question": Part(tokens=100),
        "answer": Part(tokens=50),
        "tools": Part(),
    }
    values = {
        "id": "own",
        "names": {"en": "Own"},
        "descriptions": {},
        "on": DAY,
        "horizon_months": 12,
        "requests_per_day": 1000.0,
        "peak_to_average": 1.0,
        "turns": 1,
        "growth_share_per_month": 0.0,
        "parts": parts,
        "strategies": strategies,
        **changes,
    }
    return Scenario(**values)


STUFFED = StrategyChoice("stuffed_prompt", {"model": "acme/large"})
TUNED = StrategyChoice(
    "fine_tuned",
    {
        "offer": "acme/tuned",
        "instruction_kept_share": 0,
        "example_kept_share": 0,
        "knowledge_kept_share": 0,
        "retrainings_per_year": 0,
    },
)
TEN = lines(*(chat("yes " * 10, f"Question {n}?") for n in range(10)))


def test_the_cookbooks_4306_and_86120_tokens_come_out_of_the_file() -> None:
    # Its five examples are 45 + 111 + 26 + 28 + 8,032 tokens; the last is cut at 4,096: 4,306. 100 // 5 = 20
    # epochs: 86,120.
    data = counted(TOY, CL100K)
    assert data.families[CL100K].tokens.tolist() == [45, 111, 26, 28, 8032]
    billed_tokens = billed(data.families[CL100K], 4096)
    assert (billed_tokens.dataset.tokens, billed_tokens.over_limit, billed_tokens.dataset.evidence) == (
        4306,
        1,
        "measured",
    )
    offer = tuned_price(
        tokenizer=CL100K, vendor="OpenAI", max_training_example_tokens=4096, longer_examples="cut"
    )
    (job,) = jobs(data, book(tuned=offer).on(DAY))
    assert (job.epochs, job.epochs_from, job.trained_tokens) == (20, "vendor's rule", 86_120)
    # 86,120 tokens at 10 USD per Mtok.
    assert job.usd == Decimal("0.861200")


def test_an_example_beyond_the_limit_is_cut_or_left_out_or_counted_in_full_where_no_limit_is_known() -> None:
    family = counted(TOY, CL100K).families[CL100K]
    assert billed(family, 4096, drops=True).dataset.tokens == 45 + 111 + 26 + 28
    assert billed(family, 4096, drops=True).examples == 4
    whole = billed(family, None)
    assert (whole.dataset.tokens, whole.examples, whole.over_limit) == (8242, 5, None)


def test_a_vendor_whose_models_do_not_take_so_few_or_such_long_examples_is_not_priced() -> None:
    data = counted(TOY)
    few = tuned_price(min_training_examples=10)
    (job,) = jobs(data, book(tuned=few).on(DAY))
    assert (job.usd, str(job.note)) == (None, "Acme asks for 10 examples (add more)")
    short = tuned_price(max_training_example_tokens=5, longer_examples="dropped")
    (job,) = jobs(data, book(tuned=short).on(DAY))
    assert str(job.note) == "every example is longer than the vendor takes (shorten them)"


def test_epochs_are_the_readers_or_the_vendors_or_assumed() -> None:
    data = counted(TEN)
    prices = book(tuned_price(id="openai/x", vendor="OpenAI"), tuned=tuned_price()).on(DAY)
    epochs_by_offer = {
        job.offer.id: (job.epochs, job.epochs_from) for job in jobs(data, prices, assumed_epochs=4)
    }
    assert epochs_by_offer == {"openai/x": (10, "vendor's rule"), "acme/tuned": (4, "assumed")}
    assert {job.epochs for job in jobs(data, prices, epochs=2)} == {2}


def test_the_minimum_of_a_job_is_paid_where_the_tokens_cost_less() -> None:
    (job,) = jobs(counted(TEN), book(tuned=tuned_price(minimum_usd_per_job=4)).on(DAY))
    assert job.usd == job.usd_low == job.usd_high == Decimal("4.000000")


def test_an_offer_without_a_price_says_why_and_stands_last() -> None:
    hourly = tuned_price(id="acme/a", training_usd_per_mtok=None, training_usd_per_hour=100)
    unknown = tuned_price(id="acme/b", training_usd_per_mtok=None)
    priced_jobs = jobs(counted(TEN), book(hourly, unknown, tuned=tuned_price()).on(DAY))
    assert [(job.offer.id, job.usd is None) for job in priced_jobs] == [
        ("acme/tuned", False),
        ("acme/a", True),
        ("acme/b", True),
    ]
    assert str(priced_jobs[1].note) == "trained at 100 USD per hour; how many hours is not known"
    assert str(priced_jobs[2].note) == "the price of training is not known"
    assert records(training_costs(priced_jobs))[2]["training_usd"] is None


def test_what_takes_no_new_jobs_on_the_day_is_not_offered() -> None:
    open_ids = {offer.id for offer in offers(frozen_prices())}
    assert "azure/tuned-gpt-4.1@global" in open_ids
    assert "openai/tuned-gpt-4.1" in open_ids
    assert "openai/tuned-gpt-3.5-turbo" not in open_ids  # shut down
    assert not any("dpo" in name for name in open_ids)  # trains on pairs
    later = {offer.id for offer in offers(frozen_book().on(date(2027, 1, 7)))}
    assert "openai/tuned-gpt-4.1" not in later  # no new jobs after 2027-01-06


def test_limits_of_the_shipped_tables_have_their_source() -> None:
    rows_of = [
        offer for offer in offers(frozen_prices()) if getattr(offer, "max_training_example_tokens", None)
    ]
    assert len(rows_of) > 15
    for offer in rows_of:
        assert "https://" in getattr(offer, "training_source", "")


def test_every_offer_of_the_day_is_priced_or_says_why_not() -> None:
    prices = frozen_prices()
    content = library.training_example()
    data = measured(io.BytesIO(content), library.TRAINING_EXAMPLE, tokenizers(prices))
    assert (data.file.kept, data.examples) == ([], 27)
    costs = records(training_costs(jobs(data, prices)))
    assert len(costs) == len(offers(prices))
    for row in costs:
        assert row["evidence"] in (Evidence.PUBLISHED, Evidence.ESTIMATED, Evidence.ASSUMED)
        if row["training_usd"] is None:
            assert row["note"]
        else:
            assert 0 < row["training_usd_low"] <= row["training_usd"] <= row["training_usd_high"]
    # Each vendor's own count: frames for OpenAI's vocabulary, the texts alone elsewhere.
    by_offer = {row["offer"]: row for row in costs}
    gpt = by_offer["openai/tuned-gpt-4o-mini"]
    assert (gpt["evidence"], gpt["epochs_from"], gpt["longer"]) == ("published", "vendor's rule", "cut")
    gemini = by_offer["vertex/tuned-gemini-2.5-pro"]
    assert (gemini["longer"], gemini["max_example_tokens"]) == ("left out", 131_072)
    assert gemini["dataset_tokens_low"] < gemini["dataset_tokens"] < gemini["dataset_tokens_high"]
    assert by_offer["azure/tuned-llama-3.3-70b@global"]["over_limit"] is None  # unknown, not none


def test_a_text_that_no_tokenizer_can_cut_is_an_error_of_its_line_alone() -> None:
    bad = chat("x" * 1_000_001)
    data = counted(
        lines(*(chat("yes", f"Q {n}?") for n in range(6)), bad, *(chat("no", f"Q {n}?") for n in range(6)))
    )
    assert (data.examples, data.file.faulty_lines, len(data.lengths)) == (12, 1, 12)
    assert str(data.file.located(data.file.kept[0])) == (
        "a.jsonl:7: the text has more than 1,000,000 characters in a row without a break (remove the run)"
    )


def test_texts_of_every_script_are_counted_whole() -> None:
    answers = [
        "您好，我們會盡快處理。",
        "お問い合わせありがとうございます",
        "مرحبا",
        "👩‍👩‍👧‍👦",
        "<|endoftext|>",
    ]
    half = json.dumps(chat("\ud800 half")).encode() + b"\n"  # a lone surrogate, escaped
    content = lines(*(chat(answer) for answer in answers), *(chat(f"a{n}") for n in range(4))) + half
    data = counted(content, "tekken", "gemini")
    assert data.file.errors == 0
    for family in data.families.values():
        assert (family.tokens > 0).all()
        assert (family.low <= family.tokens).all()


def test_the_parts_of_an_example_are_told_apart() -> None:
    data = counted(lines(*(chat("Yes.", "No?", "Be brief.") for _ in range(10))))
    # "Be brief." and "No?", "Yes." are 3, 2 and 2 tokens in o200k_base.
    assert (data.mean.system, data.mean.question, data.mean.answer) == (3, 2, 2)
    # 3 messages x 3, 3 roles, 3 at the end, and the 7 of the texts.
    assert data.lengths.tolist() == [22.0] * 10


def test_a_prompt_with_its_completion_is_counted_as_the_two_messages_it_becomes() -> None:
    pairs = counted(lines(*({"prompt": f"Q {n}?", "completion": "Yes."} for n in range(10))))
    chats = counted(lines(*(chat("Yes.", f"Q {n}?") for n in range(10))))
    assert pairs.lengths.tolist() == chats.lengths.tolist()


@given(st.lists(st.integers(1, 400), min_size=1, max_size=60))
def test_the_bars_hold_every_example_once(words: list[int]) -> None:
    data = counted(lines(*(chat("yes " * n) for n in words)))
    distribution = lengths(data)
    counts = length_counts(data)
    assert counts["examples"].sum() == len(words)
    assert counts["examples_share"].sum() == pytest.approx(1)
    assert distribution.p50 <= distribution.p95 <= distribution.longest == data.lengths.max()
    for row in records(counts):
        inside = (data.lengths >= row["from_tokens"]) & (data.lengths < (row["to_tokens"] or np.inf))
        assert np.count_nonzero(inside) == row["examples"]


def saved(
    tuned: Fact, *more: StrategyChoice, model: Fact | None = None, content: bytes = TEN, **changes: Any
) -> tuple[Saving, PricesOnDay]:
    prices = book(tuned=tuned, model=model).on(DAY)
    data = counted(content)
    scenario = own_scenario(STUFFED, *(more or (TUNED,)), **changes)
    report = savings(data, jobs(data, prices, epochs=1), scenario, prices)
    (saving,) = report.savings
    return saving, prices


def test_the_saving_is_that_of_the_tokens_no_longer_sent() -> None:
    # 1,000 requests per day are 30,437.5 a month. Today: 1,100 in at 2 USD per Mtok and 50 out at 10:
    # 66.9625 + 15.21875 = 82.18125. Short: 100 in: 6.0875 + 15.21875 = 21.30625. So 60.875 saved. The
    # tuned model at 3 and 10: 9.13125 + 15.21875 = 24.35, 3.04375 more. No hosting, no retraining.
    saving, _ = saved(tuned_price(input_usd_per_mtok=3))
    assert saving.today_usd == Decimal("82.181250")
    assert saving.shorter_prompt_usd == Decimal("60.875000")
    assert saving.other_prices_usd == Decimal("3.043750")
    assert saving.hosting_usd == saving.retraining_usd == Decimal(0)
    assert saving.tuned_usd == Decimal("24.350000")
    assert saving.saved_usd == Decimal("57.831250")
    # Training: 10 examples at 10 USD per Mtok, at least 57.83125 / 2 USD a job: paid back in half a month.
    half, _ = saved(tuned_price(input_usd_per_mtok=3, minimum_usd_per_job=28.915625))
    assert half.training_usd == Decimal("28.915625")
    assert half.payback_days == pytest.approx(DAYS_PER_MONTH / 2)
    assert str(verdict(half, 12)) == "training pays for itself in 15.2 days at this volume"
    assert half.pays_from_requests_per_day == 1


def test_hosting_that_eats_the_saving_says_from_which_volume_it_pays() -> None:
    # Hosting at 0.10 USD an hour is 73.05 a month. A request saves 1,000 tokens at 2 USD per Mtok: 0.002.
    # 73.05 / 0.002 / 30.4375 = 1,200 requests per day.
    saving, _ = saved(tuned_price(hosting_usd_per_hour=0.1))
    assert saving.saved_usd == Decimal("60.875000") - Decimal("73.050000")
    assert saving.payback_days is None
    assert saving.pays_from_requests_per_day == pytest.approx(1200)
    assert str(verdict(saving, 12)) == (
        "never at this volume: hosting and retraining cost 73.05 USD per month, and the tokens save 60.88; "
        "it saves from 1,200 requests per day"
    )


def test_dearer_tokens_are_named_as_the_reason_for_never() -> None:
    # 100 in at 30 and 50 out at 100 USD per Mtok: 91.3125 + 152.1875 = 243.50, against 21.30625.
    saving, _ = saved(tuned_price(input_usd_per_mtok=30, output_usd_per_mtok=100))
    assert saving.pays_from_requests_per_day is None
    assert str(verdict(saving, 12)) == (
        "never at this volume: the shorter prompt saves 60.88 USD per month, and the tuned model's prices "
        "cost 222.19 more"
    )


def test_a_payback_after_the_horizon_says_so() -> None:
    saving, _ = saved(tuned_price(minimum_usd_per_job=6087.5))
    # 6,087.50 / 60.875 = 100 months = 3,043.75 days.
    assert str(verdict(saving, 12)) == (
        "training pays for itself in 3,044 days at this volume, after the horizon of 12 months"
    )


def test_without_a_tuned_strategy_the_examples_say_which_instructions_stay() -> None:
    content = lines(*(chat("Yes.", f"Q {n}?", "tell " * 60) for n in range(10)))
    prices = book(tuned=tuned_price()).on(DAY)
    data = counted(content)
    report = savings(data, jobs(data, prices), own_scenario(STUFFED), prices)
    # The system's message is 60 tokens and a blank, of 600.
    assert report.kept.instruction == pytest.approx(0.1, abs=0.002)
    assert (report.kept.example, report.kept.knowledge, report.kept.is_own) == (
        0,
        1,
        False,
    )
    assert report.prompt_tokens == 1100
    assert (report.dropped.examples, report.dropped.knowledge) == (400, 0)
    assert report.dropped.instructions == pytest.approx(600 * (1 - report.kept.instruction))
    assert report.short_prompt_tokens == pytest.approx(100 + 600 * report.kept.instruction)


def test_the_saving_is_the_strategies_own_figure() -> None:
    scenario = library.load_scenario("brand_voice")
    prices = frozen_book().on(scenario.on)
    data = measured(io.BytesIO(library.training_example()), "x", tokenizers(prices))
    listed = jobs(data, prices, assumed_epochs=3)
    saving_by_offer = {
        saving.job.offer.id: saving for saving in savings(data, listed, scenario, prices).savings
    }
    saving = saving_by_offer["azure/tuned-gpt-4.1-mini@global"]
    outcomes = compare(apply_training_data(scenario, data, listed, prices), frozen_book()).outcomes
    today, tuned = outcomes[0], outcomes[2]
    assert saving.today_usd == today.recurring_usd
    assert saving.tuned_usd == tuned.recurring_usd
    assert saving.training_usd == tuned.once_usd == saving.job.usd


def test_use_in_the_scenario_sets_the_knobs_of_what_trains_and_round_trips() -> None:
    own = StrategyChoice(
        "self_hosted", {"deployment": "llama-3.1-8b-fp8-1xh100", "own_training": "lora", "tenure": "rented"}
    )
    offer = StrategyChoice("fine_tuned", {"offer": "azure/tuned-gpt-4.1-mini@global"})
    stuffed = StrategyChoice("stuffed_prompt", {"model": "openai/gpt-4.1"})
    scenario = own_scenario(stuffed, offer, own)
    prices = frozen_prices()
    names = own_tokenizers(scenario, prices)
    assert names == {"llama3"}
    data = measured(io.BytesIO(TEN), "x", tokenizers(prices, names))
    changed = apply_training_data(scenario, data, jobs(data, prices, epochs=7), prices)
    framed, texts = data.families[O200K].tokens.sum(), data.families["llama3"].tokens.sum()
    assert changed.strategies[0] == stuffed
    assert changed.strategies[1].settings == {
        **offer.settings,
        "training_examples": 10,
        "training_example_tokens": framed / 10,
        "epochs": 7,
    }
    assert changed.strategies[2].settings == {
        **own.settings,
        "training_examples": 10,
        "training_example_tokens": texts / 10,
    }
    assert read(dump(changed), "x.yaml") == changed


def test_stated_tokens_of_an_example_scale_own_training() -> None:
    # 1,100 in and 50 out: an example is as long as a request, 1,150, where nothing is stated.
    def hours(**settings: Any) -> float:
        own: dict[str, Any] = {"deployment": "llama-3.1-8b-fp8-1xh100", "own_training": "lora"}
        own |= {"instruction_kept_share": 1, "example_kept_share": 1}
        choice = StrategyChoice("self_hosted", {**own, **settings})
        (outcome,) = compare(own_scenario(choice), frozen_book()).outcomes
        return next(float(line.quantity) for line in outcome.lines if line.cadence == Cadence.ONCE)

    assert hours(training_example_tokens=1150) == pytest.approx(hours())
    assert hours(training_example_tokens=2300) == pytest.approx(2 * hours())


def test_a_scenario_that_trains_nothing_says_what_to_add() -> None:
    prices = book(tuned=tuned_price()).on(DAY)
    data = counted(TEN)
    listed = jobs(data, prices)
    with pytest.raises(
        CrossoverError, match=r"no strategy trains a model on this day \(add a fine-tuned one"
    ):
        apply_training_data(own_scenario(STUFFED), data, listed, prices)
    with pytest.raises(CrossoverError, match="no stuffed prompt to compare with"):
        savings(data, listed, own_scenario(TUNED), prices)


def test_a_window_too_small_for_the_prompt_is_a_reason_and_hides_no_other_offer() -> None:
    prices = book(tuned_price(id="acme/small", context_window_tokens=50), tuned=tuned_price()).on(DAY)
    data = counted(TEN)
    report = savings(data, jobs(data, prices), own_scenario(STUFFED, TUNED), prices)
    assert [saving.job.offer.id for saving in report.savings] == ["acme/tuned"]
    row = records(tuning_savings(report))[-1]
    assert (row["offer"], row["saved_usd"], row["payback_days"]) == ("acme/small", None, None)
    assert "exceed its window of 50" in row["verdict"]


@given(st.integers(1, 40), st.integers(1, 25))
def test_more_epochs_never_cost_less_and_parts_add_up(examples: int, epochs: int) -> None:
    data = counted(lines(*(chat("yes " * n, f"Q {n}?") for n in range(1, examples + 1))))
    prices = book(tuned=tuned_price()).on(DAY)

    def job(passes: int) -> Job:
        (priced_job,) = jobs(data, prices, epochs=passes)
        return priced_job

    less, more = job(epochs), job(epochs + 1)
    assert less.usd is not None
    assert more.usd is not None
    assert less.usd < more.usd
    assert less.billed.dataset.tokens == data.lengths.sum()
