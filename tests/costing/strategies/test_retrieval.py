"""Retrieval, alone and with a tuned model: what each question brings along, the index, store and searches."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costing.cli.main import main
from costing.comparison.compare import compare
from costing.cost_lines import Cadence, CostLine, total_usd, usd_per_month
from costing.scenario.library import load_scenario
from costing.scenario.scenario_yaml import dump, read
from costing.strategies.fine_tuned import FineTuned
from costing.strategies.fine_tuned_retrieval import FineTunedRetrieval
from costing.strategies.retrieval import Retrieval
from costing.strategies.stuffed_prompt import StuffedPrompt
from costing.strategy.base import Infeasible, Setting, Strategy
from costing.strategy.hosted_model import warm_share
from costing.tokenization.tokens import TokenCount
from costing.workload.workload import Workload
from i18n.message import literal
from pricing.rows import Evidence, Fact
from tests.support.app import choose_example, open_app, pick_tab

from ...support.factories import (
    DAY,
    book,
    cached_model_price,
    choice,
    context_tier,
    embedding_price,
    estimated_tokenizer,
    frozen_book,
    model_price,
    prices,
    request_tokens,
    scenario,
    tuned_price,
    workload,
)
from ...support.live_panel import verdict

NEXT_YEAR = date(2027, 11, 22)
PICKS: dict[str, Setting] = {"model": "acme/large", "embedding": "vecto/embed"}


def retrieval(*rows: Fact, **settings: Setting) -> Retrieval:
    return Retrieval.build({**PICKS, **settings}, prices(*rows))


def tuned(*rows: Fact, **settings: Setting) -> FineTunedRetrieval:
    picks: dict[str, Setting] = {"offer": "acme/tuned", "embedding": "vecto/embed"}
    return FineTunedRetrieval.build({**picks, **settings}, prices(*rows))


def handbook(requests_per_day: Any = 1000, **changes: Any) -> Workload:
    """A handbook of 100,000 tokens behind questions of 1,000 and answers of 100."""
    return workload(requests_per_day, **{"knowledge": 100_000, **changes})


def lines(strategy: Strategy, load: Workload) -> dict[str, CostLine]:
    return {str(line.name): line for line in strategy.lines(load)}


def notes(strategy: Strategy, load: Workload) -> str:
    return "\n".join(str(note) for note in strategy.notes(load, DAY, NEXT_YEAR))


# --- what a question brings along


def test_only_the_chunks_are_sent_in_place_of_the_knowledge() -> None:
    built = retrieval(top_k=4, chunk_tokens=250)
    load = handbook(instruction=500, example=300)
    # 500 + 300 + 4 x 250 + 1,000 question = 2,800 in
    assert built.prompt(load).input_tokens == 2800
    assert built.prompt(load).longest_tokens == 2900
    # 30,437.5 x 2,800 = 85.225 Mtok x 2 USD
    line = lines(built, load)["Input tokens"]
    assert line.quantity == pytest.approx(85.225)
    assert line.usd == pytest.approx(170.45)


def test_a_small_knowledge_is_sent_whole_and_not_more() -> None:
    built = retrieval(top_k=10, chunk_tokens=500)
    assert built.prompt(handbook(knowledge=3000)).input_tokens == 4000
    assert built.prompt(handbook(knowledge=5000)).input_tokens == 6000
    assert built.prompt(handbook(knowledge=5001)).input_tokens == 6000
    assert "The chunks hold all 3,000 tokens of the knowledge" in notes(built, handbook(knowledge=3000))


def test_a_corpus_larger_than_the_text_given_is_what_is_searched() -> None:
    load = handbook(knowledge=500)
    built = retrieval(corpus_mtok=2, top_k=4, chunk_tokens=250, overlap_factor=1.25)
    assert built.prompt(load).retrieved_tokens == 1000
    # 2 Mtok x 1.25
    assert lines(built, load)["Index build"].quantity == pytest.approx(2.5)


def test_chunks_are_never_cached_and_the_shared_prefix_is() -> None:
    built = retrieval(cached_model_price(), top_k=4, chunk_tokens=1000)
    cost_lines = lines(built, handbook(8640, instruction=2000))
    # 8,640 a day = 0.1 a second; 262,980 requests; 2,000 of prefix, 4,000 + 1,000 beside it.
    warm = float(warm_share(0.1, 300))
    assert cost_lines["Cached input tokens"].quantity == pytest.approx(262_980 * 2000 * warm / 1e6)
    assert cost_lines["Input tokens"].quantity == pytest.approx(262_980 * (5000 + 2000 * (1 - warm)) / 1e6)


def test_chunks_alone_make_no_prefix_that_could_be_cached() -> None:
    built = retrieval(cached_model_price(), top_k=10, chunk_tokens=1000)
    assert "Cached input tokens" not in lines(built, handbook())


def test_the_chunks_of_earlier_turns_are_not_sent_again() -> None:
    prompt = retrieval(top_k=2, chunk_tokens=500).prompt(handbook(turns=3, instruction=200))
    # Each turn 200 + 1,000 + 1,000, then what was said: 0, 1,100 and 2,200.
    assert prompt.tail_tokens() == [2000, 3100, 4200]
    assert prompt.longest_tokens == 200 + 4200 + 100


def test_only_a_conversation_is_told_how_its_turns_search() -> None:
    assert "Each turn searches by its own question" in notes(retrieval(), handbook(turns=2))
    assert "Each turn searches" not in notes(retrieval(), handbook(turns=1))


def test_a_cliff_is_taken_by_the_prompt_with_its_chunks() -> None:
    row = model_price(context_tiers=(context_tier(2500),))
    short, long = (retrieval(row, top_k=k, chunk_tokens=500) for k in (3, 4))
    assert lines(short, handbook())["Input tokens"].usd_per_unit == 2
    assert lines(long, handbook())["Input tokens, prompt above 2,500"].usd_per_unit == 4


def test_chunks_that_do_not_fit_the_window_are_a_reason() -> None:
    built = retrieval(model_price(context_window_tokens=3000), top_k=4, chunk_tokens=500)
    with pytest.raises(Infeasible) as error:
        list(built.lines(handbook()))
    assert str(error.value) == (
        "large: prompt and answer of 3,100 tokens exceed its window of 3,000 (retrieve fewer or shorter "
        "chunks)"
    )
    fits = replace(built, chunk_tokens=475)
    assert "the longest request takes 3,000 of large's window of 3,000 tokens." in notes(fits, handbook())


def test_a_chunk_is_counted_in_the_models_own_tokens_as_the_knowledge_was() -> None:
    guess = estimated_tokenizer()
    built = retrieval(guess, model_price(tokenizer="guess"), top_k=4, chunk_tokens=250)
    load = handbook()
    own = replace(
        request_tokens(question=1500, answer=150),
        knowledge=TokenCount(200_000, 150_000, 250_000, Evidence.ESTIMATED, (literal("a guess"),)),
    )
    counted = replace(load, tokens={**load.tokens, "guess": own})
    assert built.tokenizers == {"guess", "o200k_base"}
    # The knowledge is twice as many tokens there: 1,000 of chunks become 2,000, give or take a quarter.
    prompt = built.prompt(counted)
    assert prompt.retrieved_tokens == 2000
    assert prompt.input_tokens == 3500
    assert prompt.input_band.low == pytest.approx((1500 + 1500) / 3500)
    assert prompt.input_band.high == pytest.approx((1500 + 2500) / 3500)
    # The index is the embedding model's, and stays in its tokens.
    assert lines(built, counted)["Index build"].quantity == pytest.approx(0.12)


# --- index, store and searches


def test_the_index_is_built_once_and_a_share_of_it_renewed_every_month() -> None:
    cost_lines = lines(retrieval(overlap_factor=1.5, refresh_share_per_month=0.2), handbook())
    # 100,000 x 1.5 = 0.15 Mtok x 0.10 USD = 0.015 USD; a fifth of it a month
    assert cost_lines["Index build"].cadence == Cadence.ONCE
    assert cost_lines["Index build"].usd == pytest.approx(0.015)
    assert cost_lines["Index refresh"].cadence == Cadence.MONTHLY
    assert cost_lines["Index refresh"].usd == pytest.approx(0.003)
    assert cost_lines["Index build"].price.ref == "vecto/embed @ 2026-01-01"


def test_without_renewal_there_is_no_line_for_it() -> None:
    assert "Index refresh" not in lines(retrieval(refresh_share_per_month=0), handbook())


def test_the_index_is_as_dear_at_any_volume() -> None:
    few, many = (lines(retrieval(), handbook(volume))["Index build"].usd for volume in (1, 1_000_000))
    assert few == many


def test_a_batch_price_is_for_the_index_and_not_for_questions() -> None:
    cost_lines = lines(retrieval(batch_index=True), handbook())
    assert cost_lines["Index build"].usd_per_unit == 0.05
    assert cost_lines["Index refresh"].usd_per_unit == 0.05
    assert cost_lines["Question embedding"].usd_per_unit == 0.1


def test_without_a_batch_price_the_index_costs_the_usual_one() -> None:
    row = embedding_price(batch_input_usd_per_mtok=None)
    assert lines(retrieval(row, batch_index=True), handbook())["Index build"].usd_per_unit == 0.1


def test_every_question_is_embedded() -> None:
    line = lines(retrieval(), handbook())["Question embedding"]
    # 30,437.5 x 1,000 = 30.4375 Mtok x 0.10
    assert line.usd == pytest.approx(3.04375)
    assert line.cadence == Cadence.MONTHLY


def test_a_store_is_paid_by_the_size_of_its_vectors() -> None:
    built = retrieval(
        corpus_mtok=1000,
        chunk_tokens=500,
        overlap_factor=1.25,
        dimensions=1000,
        store_overhead_factor=2,
        store_usd_per_gb_month=0.5,
    )
    line = lines(built, handbook())["Vector store"]
    # 1,250 Mtok / 500 = 2.5 M chunks x 1,000 x 4 bytes x 2 = 20 GB x 0.50
    assert line.quantity == pytest.approx(20)
    assert line.usd == pytest.approx(10)
    assert line.evidence == Evidence.ASSUMED
    assert line.price.ref == "input: store_usd_per_gb_month"
    assert "Assumed: a vector store at 0.5 USD per GB and month, 2,500,000 vectors of 1,000 numbers" in notes(
        built, handbook()
    )


def test_a_chunk_that_is_begun_is_a_vector() -> None:
    settings: dict[str, Setting] = {"chunk_tokens": 400, "overlap_factor": 1, "store_overhead_factor": 1}
    exact, more = (lines(retrieval(**settings), handbook(knowledge=n))["Vector store"] for n in (800, 801))
    assert more.quantity == pytest.approx(exact.quantity * 3 / 2)


def test_a_store_may_cost_a_flat_fee() -> None:
    built = retrieval(store="flat", store_usd_per_month=75)
    line = lines(built, handbook())["Vector store"]
    assert (line.usd, line.unit, line.evidence) == (75, "month", "assumed")
    assert "Assumed: a vector store at 75.00 USD per month (enter your own)." in notes(built, handbook())


def test_what_has_no_effect_is_not_asked() -> None:
    knobs = Retrieval.knobs()
    assert not knobs["store_usd_per_month"].matters({}, knobs)
    assert knobs["dimensions"].matters({}, knobs)
    assert knobs["store_usd_per_month"].matters({"store": "flat"}, knobs)
    assert not knobs["dimensions"].matters({"store": "flat"}, knobs)


def test_a_reranker_is_paid_by_the_search() -> None:
    assert "Reranker" not in lines(retrieval(), handbook())
    line = lines(retrieval(rerank_usd_per_1k_searches=2), handbook())["Reranker"]
    # 30.4375 thousand searches x 2
    assert line.usd == pytest.approx(60.875)


def test_a_chunk_or_question_longer_than_can_be_embedded_is_a_reason() -> None:
    row = embedding_price(context_window_tokens=999)
    with pytest.raises(Infeasible) as error:
        list(retrieval(row).lines(handbook()))
    assert str(error.value) == (
        "embed: a chunk or question of 1,000 tokens exceeds the 999 that it embeds at once "
        "(shorten it, or choose another embedding model)"
    )
    with pytest.raises(Infeasible, match="a chunk or question of 1,050 tokens"):
        list(retrieval(row, chunk_tokens=1050).lines(handbook(question=10)))
    assert lines(retrieval(row, chunk_tokens=950), handbook(question=999))


@pytest.mark.parametrize("settings", [{}, {"corpus_mtok": 0}])
def test_without_knowledge_there_is_nothing_to_retrieve(settings: dict[str, Setting]) -> None:
    load = workload() if not settings else handbook()
    with pytest.raises(Infeasible) as error:
        list(retrieval(**settings).lines(load))
    assert str(error.value) == ("there is no knowledge to retrieve from (fill in the knowledge, or its size)")


# --- laws


@given(
    instruction=st.integers(0, 3000),
    knowledge=st.integers(0, 50_000),
    volume=st.floats(1, 1e6),
    turns=st.integers(1, 5),
)
def test_no_chunks_cost_what_a_prompt_without_the_knowledge_costs(
    instruction: int, knowledge: int, volume: float, turns: int
) -> None:
    row = cached_model_price()
    load = workload(volume, instruction=instruction, knowledge=knowledge, turns=turns)
    bare = workload(volume, instruction=instruction, turns=turns)
    stuffed = StuffedPrompt.build({"model": "acme/large"}, prices(row))
    built = retrieval(row, top_k=0)
    assert usd_per_month(built.lines(load), 12) == pytest.approx(
        usd_per_month(stuffed.lines(bare), 12), rel=1e-12
    )
    assert "No chunk is retrieved" in notes(built, load)


@given(
    fewer=st.integers(0, 30),
    more=st.integers(0, 30),
    chunk_tokens=st.integers(50, 2000),
    knowledge=st.integers(1, 60_000),
)
def test_more_chunks_never_cost_less(fewer: int, more: int, chunk_tokens: int, knowledge: int) -> None:
    load = handbook(knowledge=knowledge, instruction=500)
    few, many = (
        float(usd_per_month(retrieval(top_k=k, chunk_tokens=chunk_tokens).lines(load), 12))
        for k in (fewer, fewer + more)
    )
    assert many >= few * (1 - 1e-12)


# --- with a tuned model


def test_a_tuned_model_with_retrieval_pays_for_both() -> None:
    built = tuned(
        tuned_price(hosting_usd_per_hour=1.7),
        top_k=4,
        chunk_tokens=250,
        training_examples=1000,
        epochs=2,
        retrainings_per_year=6,
        instruction_kept_share=0.5,
    )
    load = handbook(instruction=800, example=300)
    cost_lines = lines(built, load)
    # 1,000 x (400 + 1,000 of chunks + 1,000 + 100) x 2 = 5 Mtok x 10 = 50 USD; x 6 / 12 = 25 a month
    assert cost_lines["Training"].usd == pytest.approx(50)
    assert cost_lines["Retraining"].usd == pytest.approx(25)
    assert cost_lines["Hosting of the tuned model"].usd == pytest.approx(1241.85)
    # 30,437.5 x (400 + 1,000 + 1,000) = 73.05 Mtok in
    assert cost_lines["Input tokens"].quantity == pytest.approx(73.05)
    assert cost_lines["Question embedding"].usd == pytest.approx(3.04375)
    assert cost_lines["Index build"].usd == pytest.approx(0.012)
    assert "training examples are taken to hold chunks" in notes(built, load)


def test_without_chunks_it_is_the_tuned_model_alone() -> None:
    load = handbook(instruction=800, example=300)
    alone = FineTuned.build({"offer": "acme/tuned"}, prices())
    built = tuned(top_k=0)
    assert set(lines(built, load)) == set(lines(alone, load))
    for cadence in Cadence:
        assert total_usd(built.lines(load), cadence) == total_usd(alone.lines(load), cadence)


def test_what_holds_of_an_offer_holds_with_retrieval_too() -> None:
    built = tuned(tuned_price(new_jobs_until=date(2027, 1, 6), lifecycle="existing customers only"))
    built.check_startable(date(2027, 1, 6))
    with pytest.raises(Infeasible, match="takes no new training jobs after 2027-01-06"):
        built.check_startable(date(2027, 1, 7))
    assert not built.is_open_to_all
    assert str(built.badge(handbook())) == "existing customers only"
    unknown = tuned(tuned_price(hosting_usd_per_hour=None))
    with pytest.raises(Infeasible, match="has no known hosting fee"):
        list(unknown.lines(handbook()))


def test_a_retired_model_cannot_be_started_with_retrieval_either() -> None:
    built = retrieval(model_price(retires_on=DAY))
    with pytest.raises(Infeasible, match="acme/large was retired on 2026-11-22"):
        built.check_startable(DAY)


# --- in a scenario


def test_a_scenario_with_retrieval_reads_back_as_it_was_written() -> None:
    written = scenario(
        choice(
            "retrieval",
            model="acme/large",
            embedding="vecto/embed",
            corpus_mtok=2.5,
            store="flat",
            rerank_usd_per_1k_searches=2,
        ),
        choice("fine_tuned_retrieval", offer="acme/tuned", embedding="vecto/embed", top_k=3),
    )
    assert read(dump(written), "copy.yaml") == written


def test_the_comparison_says_why_retrieval_cannot_be_used() -> None:
    comparison = compare(
        scenario(
            choice("stuffed_prompt", model="acme/large"),
            choice("retrieval", model="acme/large", embedding="vecto/embed"),
        ),
        book(),
    )
    assert [str(o.infeasible_reason) for o in comparison.outcomes if not o.is_feasible] == [
        "there is no knowledge to retrieve from (fill in the knowledge, or its size)"
    ]


def test_the_handbook_scenario_finds_searching_cheaper_than_sending_all_of_it() -> None:
    comparison = compare(load_scenario("product_handbook"), frozen_book())
    usd = {str(o.name): o.usd_per_month for o in comparison.feasible}
    for model, vendor in (("GPT-6 sol", "OpenAI"), ("Gemini 3.8 Flash", "Google")):
        assert usd[f"Retrieval (RAG) · {model} ({vendor})"] < usd[f"Prompt stuffing · {model} ({vendor})"]


def test_the_command_line_prints_the_lines_of_retrieval(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "product_handbook"]) == 0
    printed = capsys.readouterr().out
    assert "Retrieval (RAG) · GPT-6 sol (OpenAI): " in printed
    for line in ("Index build", "Index refresh", "Vector store", "Question embedding"):
        assert f"\n  {line} " in printed
    assert "  note: Assumed: a vector store at " in printed


# --- on the page


def test_a_blank_size_of_the_knowledge_says_what_it_stands_for() -> None:
    app = open_app()
    choose_example(app, "product_handbook")
    pick_tab(app, "Options", "strategy_4", "group_4_RETRIEVAL")
    assert not app.exception
    size = app.number_input(key="knob_4_corpus_mtok")
    assert size.value is None
    assert size.placeholder == "as under Prompt & tokens"
    # A corpus of 1,000 M tokens costs more to embed and keep than the handbook: the verdict moves.
    before = verdict(app)
    size.set_value(1000.0).run()
    assert not app.exception
    assert verdict(app) != before
