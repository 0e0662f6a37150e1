"""The recommendation: which strategy, why, and which changes reverse it."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from costing.cli.decision import document, printout
from costing.comparison.compare import Comparison, compare
from costing.decision.facts import FACTS, FactSheet
from costing.decision.recommendation import (
    Decision,
    Option,
    ScoredStrategy,
    chosen,
    decide,
    reasons,
    recommendation,
)
from costing.decision.reversal import NOTHING, Reversal
from costing.decision.sensitivity import cheap_enough, highest_usd_still_chosen, reversals
from costing.reports.decision import decision_facts, decision_rules
from costing.scenario.decision_rules import Condition, Rule, RuleChange, changed, merged_rules
from costing.scenario.library import load_scenario, shipped_ids, shipped_rules
from costing.scenario.requirements import Needs
from frames.csv import frame_csv
from frames.frame import records
from pricing.rows import Fact

from ...support.cli import json_of, printed
from ...support.factories import book, choice, frozen_book, model_price, scenario, tuned_price
from ...support.needs import any_needs

STUFFED = choice("stuffed_prompt", model="acme/large")
TUNED = choice("fine_tuned", offer="acme/tuned")
SEARCHED = choice("retrieval", model="acme/large", embedding="vecto/embed")
BOUGHT = choice("self_hosted", deployment="open-10b-1xg1", tenure="owned")
RENTED = choice("self_hosted", deployment="open-10b-1xg1", tenure="rented")


def decided(*strategies: Any, rows: Sequence[Fact] = (), knowledge: int = 2000, **needs: Any) -> Decision:
    """The decision for 1,000 requests a day whose prompts hold `knowledge` tokens of knowledge."""
    inputs = scenario(*strategies, needs=Needs(**needs))
    parts = {**inputs.parts, "knowledge": replace(inputs.parts["question"], tokens=knowledge)}
    return decide(compare(replace(inputs, parts=parts), book(*rows)))


def best(decision: Decision) -> str:
    return "" if decision.best is None else decision.best.outcome.strategy.id()


def fired(decision: Decision, strategy: str) -> set[str]:
    """Ids of the rules that apply to the first strategy of that kind."""
    option = next(candidate for candidate in decision.options if candidate.outcome.strategy.id() == strategy)
    return {rule.id for rule in option.fired}


def explanation(decision: Decision) -> str:
    return "\n".join(str(sentence) for sentence in (recommendation(decision), *reasons(decision)))


# --- the choice itself


def test_the_cheapest_is_chosen() -> None:
    assert chosen([ScoredStrategy(110, 0, False), ScoredStrategy(100, 0, False)], 0.2) == 1


def test_points_decide_among_what_costs_about_the_same() -> None:
    # 109 is within 10 % of 100, 111 is not
    assert (
        chosen(
            [ScoredStrategy(100, 0, False), ScoredStrategy(109, 1, False), ScoredStrategy(111, 5, False)], 0.1
        )
        == 1
    )


def test_what_is_ruled_out_is_not_chosen_and_sets_no_limit() -> None:
    # without the first, 100 is the cheapest, and 109 is near it
    options = [ScoredStrategy(10, 9, True), ScoredStrategy(100, 0, False), ScoredStrategy(109, 1, False)]
    assert chosen(options, 0.1) == 2
    assert chosen([ScoredStrategy(10, 9, True)], 0.1) is None
    assert chosen([], 0.1) is None


candidates = st.lists(
    st.builds(ScoredStrategy, st.integers(1, 1000).map(float), st.integers(-5, 5).map(float), st.booleans()),
    max_size=8,
)
margins = st.sampled_from([0.0, 0.05, 0.1, 0.5])


@given(candidates, margins)
def test_nothing_better_is_within_the_margin(options: list[ScoredStrategy], near: float) -> None:
    place = chosen(options, near)
    allowed = [option for option in options if not option.is_ruled_out]
    assert (place is None) == (not allowed)
    if place is None:
        return
    best_option, least = options[place], min(option.usd for option in allowed)
    assert not best_option.is_ruled_out
    assert best_option.usd <= least * (1 + near)
    for option in allowed:
        assert option.usd > least * (1 + near) or (option.points, -option.usd) <= (
            best_option.points,
            -best_option.usd,
        )


@given(candidates, margins, st.floats(0.01, 1))
def test_what_is_chosen_stays_so_where_it_gets_cheaper(
    options: list[ScoredStrategy], near: float, factor: float
) -> None:
    place = chosen(options, near)
    assume(place is not None)
    assert place is not None
    cheaper = list(options)
    cheaper[place] = replace(cheaper[place], usd=cheaper[place].usd * factor)
    assert chosen(cheaper, near) == place


def made_up(options: list[ScoredStrategy], near: float) -> Decision:
    """A decision with any costs and points, to test the closed forms."""
    empty = decided(STUFFED, near_share=near)
    outcome = empty.options[0].outcome
    made = []
    for place, option in enumerate(options):
        effect: Any = "for" if option.points >= 0 else "against"
        rules: tuple[Rule, ...] = (Rule("made_up", (), (), effect, abs(option.points), "Made up", "a test"),)
        if option.is_ruled_out:
            rules += (Rule("out", (), (), "rules_out", 1, "Made up", "a test"),)
        named = replace(outcome, name=replace(outcome.name, template=f"option {place}", values=()))
        made.append(Option(named, FactSheet((), {}), rules, option.usd))
    empty.__dict__["options"] = tuple(made)
    return empty


@given(candidates, margins)
def test_the_dearest_cost_at_which_it_is_still_chosen_is_exact(
    options: list[ScoredStrategy], near: float
) -> None:
    place = chosen(options, near)
    assume(place is not None)
    assert place is not None
    decision = made_up(options, near)
    best_option = decision.best
    assert best_option is not None
    limit = highest_usd_still_chosen(decision, best_option)
    if limit is None:
        assert len([option for option in options if not option.is_ruled_out]) == 1
        return

    def at(usd: float) -> int | None:
        moved = list(options)
        moved[place] = replace(moved[place], usd=usd)
        return chosen(moved, near)

    above = at(limit[0] * (1 + 1e-6))
    assert above is not None
    assert above != place
    assert str(limit[1].name) == f"option {above}"
    assert at(max(options[place].usd, limit[0] * (1 - 1e-6))) == place


@given(candidates, margins)
def test_the_cost_below_which_another_is_chosen_is_exact(options: list[ScoredStrategy], near: float) -> None:
    decision = made_up(options, near)
    for place, option in enumerate(decision.options):
        if option.ruled_out_by or option is decision.best:
            continue
        limit = cheap_enough(decision, option)
        assert limit is not None  # a strategy that is cheap enough is chosen whatever its points
        moved = list(options)
        moved[place] = replace(moved[place], usd=limit * (1 - 1e-6))
        assert chosen(moved, near) == place
        moved[place] = replace(moved[place], usd=limit * (1 + 1e-6))
        assert chosen(moved, near) != place


# --- the article's rules


def test_stable_knowledge_speaks_for_tuning() -> None:
    assert "stable_knowledge_is_tuned" in fired(
        decided(STUFFED, TUNED, knowledge_changes="yearly"), "fine_tuned"
    )


def test_changing_knowledge_speaks_for_a_search_and_rules_slow_training_out() -> None:
    # retrained twice a year, every 183 days, while the knowledge changes every week
    decision = decided(STUFFED, TUNED, SEARCHED, knowledge_changes="weekly")
    assert "changing_knowledge_is_retrieved" in fired(decision, "retrieval")
    assert "knowledge_outruns_the_update" in fired(decision, "fine_tuned")
    assert best(decision) != "fine_tuned"


def test_a_retraining_as_often_as_the_knowledge_changes_is_not_ruled_out() -> None:
    often = choice("fine_tuned", offer="acme/tuned", retrainings_per_year=12)
    assert "knowledge_outruns_the_update" not in fired(
        decided(often, knowledge_changes="monthly"), "fine_tuned"
    )


def test_both_combine() -> None:
    both = choice("fine_tuned_retrieval", offer="acme/tuned", embedding="vecto/embed")
    decision = decided(SEARCHED, both, knowledge_changes="weekly", keeps_a_manner="yes")
    assert "both_combine" in fired(decision, "fine_tuned_retrieval")
    assert "both_combine" not in fired(decision, "retrieval")


@pytest.mark.parametrize(
    ("data", "ruled_out", "left"),
    [
        ("may_leave", set(), {"STUFFED", "RENTED", "BOUGHT"}),
        ("in_region", {"STUFFED"}, {"RENTED", "BOUGHT"}),
        ("own_machines", {"STUFFED"}, {"RENTED", "BOUGHT"}),
        ("in_house", {"STUFFED", "RENTED"}, {"BOUGHT"}),
    ],
)
def test_privacy_asks_for_servers_of_ones_own(data: str, ruled_out: set[str], left: set[str]) -> None:
    decision = decided(STUFFED, RENTED, BOUGHT, data=data)
    names = {"Prompt stuffing · large (Acme)": "STUFFED"}
    names |= {f"Self-hosted · Open 10B (G1, {how})": how.upper() for how in ("rented", "bought")}
    assert {names[str(option.name)] for option in decision.options if option.ruled_out_by} == ruled_out
    assert {names[str(option.name)] for option in decision.allowed} == left


def test_a_contract_that_keeps_prompts_in_the_region_can_be_stated() -> None:
    stated = choice("stuffed_prompt", model="acme/large", data_place="region")
    assert best(decided(stated, data="in_region")) == "stuffed_prompt"
    assert best(decided(STUFFED, data="in_region")) == ""


def test_too_few_examples_speak_against_tuning() -> None:
    assert "too_few_examples" in fired(decided(TUNED, examples_available=99), "fine_tuned")
    assert "too_few_examples" not in fired(decided(TUNED, examples_available=100), "fine_tuned")
    assert "fewer_examples_than_planned" in fired(decided(TUNED, examples_available=999), "fine_tuned")
    assert "fewer_examples_than_planned" not in fired(decided(TUNED, examples_available=1000), "fine_tuned")


def test_an_unsaid_need_fires_no_rule_about_it() -> None:
    decision = decided(STUFFED, TUNED, SEARCHED, RENTED)
    assert {rule.id for option in decision.options for rule in option.fired} == set()


def test_a_floor_rules_out_what_is_known_to_resolve_less_and_warns_of_what_is_unknown() -> None:
    poor = choice("stuffed_prompt", model="acme/large", resolved_share=0.5)
    good = choice("fine_tuned", offer="acme/tuned", resolved_share=0.8)
    decision = decided(poor, good, RENTED, knowledge=0, resolved_share_at_least=0.8)
    assert best(decision) == "fine_tuned"
    assert "too_few_resolved" in fired(decision, "stuffed_prompt")
    assert "resolved_share_not_known" in fired(decision, "self_hosted")
    assert "(Acme) is excluded: It resolves fewer requests than your minimum." in explanation(decision)


def test_a_closed_offer_is_ruled_out_for_whom_is_no_customer() -> None:
    closed = tuned_price(lifecycle="existing customers only")
    assert best(decided(TUNED, rows=[closed], existing_customer="yes")) == "fine_tuned"
    assert best(decided(TUNED, rows=[closed], existing_customer="no")) == ""
    assert "closed_to_new_customers" in fired(decided(TUNED, rows=[closed]), "fine_tuned")


def test_a_retirement_within_the_horizon_speaks_against() -> None:
    # the horizon is the year from 2026-11-22 on
    for day, expected in ((date(2027, 11, 21), True), (date(2027, 11, 22), False)):
        decision = decided(TUNED, rows=[tuned_price(retires_on=day)])
        assert ("retires_within_the_horizon" in fired(decision, "fine_tuned")) is expected


# --- sentences of the recommendation


def test_where_everything_is_ruled_out_nothing_is_recommended_and_each_reason_is_said() -> None:
    decision = decided(STUFFED, TUNED, data="in_house")
    text = explanation(decision)
    assert text.startswith("No recommendation: the rules exclude every option")
    assert text.count("is excluded: Prompts would leave your premises") == 2


def test_what_is_not_known_is_said() -> None:
    text = explanation(decided(STUFFED))
    assert "Unknown: how many requests it resolves." in text
    assert "Unknown: how fast it answers." in text
    known = choice(
        "stuffed_prompt",
        model="acme/large",
        resolved_share=0.9,
        measured_first_token_ms=300.0,
        data_place="region",
    )
    assert "Unknown" not in explanation(decided(known))


def test_a_dearer_choice_says_by_how_much_and_which_points_made_it() -> None:
    # 2,000 tokens of knowledge more in each request: 0.007 x 30,437.5 = 213.0625; tuned without them 99.5625
    decision = decided(STUFFED, TUNED, rows=[tuned_price(new_jobs_until=date(2027, 1, 1))], near_share=2.0)
    assert best(decision) == "stuffed_prompt"
    assert (
        "It costs 213 USD per month, 114% more than Fine-tuned · large (Acme). Up to 200% counts as equal, "
        "and the rules give it more points (+0 against -2)."
    ) in explanation(decision)


def test_nothing_can_be_said_of_what_cannot_serve() -> None:
    decision = decided(STUFFED, knowledge=200_000)
    assert str(recommendation(decision)).startswith("No recommendation: none of the options")
    assert reversals(decision) == []
    (row,) = records(decision_facts(decision))
    assert (row["standing"], row["value"]) == ("not possible", None)


# --- reversals


def flips(decision: Decision, kind: str) -> list[Reversal]:
    return [reversal for reversal in reversals(decision) if reversal.kind == kind]


def people(stuffed_share: float, tuned_share: float, **needs: Any) -> Decision:
    inputs = scenario(
        choice("stuffed_prompt", model="acme/large", resolved_share=stuffed_share),
        choice("fine_tuned", offer="acme/tuned", resolved_share=tuned_share),
        needs=Needs(near_share=0.0, **needs),
    )
    return decide(compare(inputs, book()))


def test_the_shares_at_which_another_wins_are_those_of_the_closed_form() -> None:
    # A request costs people 5 USD x 30,437.5 = 152,187.5 USD a month if nothing is resolved.
    # stuffed at 0.8: 91.3125 + 30,437.5 = 30,528.8125; tuned at 0.9: 99.5625 + 15,218.75 = 15,318.3125.
    # tuned costs as much as stuffed at 1 - (30,528.8125 - 99.5625) / 152,187.5 = 0.800054209
    # stuffed costs as much as tuned at 1 - (15,318.3125 - 91.3125) / 152,187.5 = 0.899945791
    decision = people(0.8, 0.9, escalation_usd=5.0, rank_by="resolved_request")
    assert best(decision) == "fine_tuned"
    assert [reversal.at for reversal in flips(decision, "people")] == pytest.approx(
        [0.800054209, 0.899945791]
    )
    for tuned_share, winner in ((0.80006, "fine_tuned"), (0.80005, "stuffed_prompt")):
        moved = people(0.8, tuned_share, escalation_usd=5.0, rank_by="resolved_request")
        assert best(moved) == winner


def test_by_model_cost_the_cost_of_people_that_would_change_it_is_named() -> None:
    # tuned costs 8.25 USD a month more and resolves 3,043.75 requests more: 0.00271047 USD each
    decision = people(0.8, 0.9)
    assert best(decision) == "stuffed_prompt"
    (reversal,) = flips(decision, "people")
    assert reversal.at == pytest.approx(8.25 / 3043.75)
    for each, winner in ((0.0027, "stuffed_prompt"), (0.0028, "fine_tuned")):
        assert best(people(0.8, 0.9, escalation_usd=each, rank_by="resolved_request")) == winner


def test_a_price_change_that_overturns_it_is_said_in_percent() -> None:
    # 99.5625 / 91.3125 = 1.09035: 9 % more; of that 60.875 are input tokens: 8.25 / 60.875 = 14 %
    (risen, fallen) = flips(people(0.8, 0.8), "cost")
    assert str(risen.text) == (
        "If Prompt stuffing · large (Acme) becomes 9% more expensive (or Input tokens alone 14%): "
        "Fine-tuned · large (Acme)."
    )
    assert risen.at == pytest.approx(99.5625)
    # 91.3125 / 99.5625 = 0.917: 8 % less
    assert str(fallen.text) == "If Fine-tuned · large (Acme) becomes 8% cheaper, it is recommended."


@pytest.mark.parametrize("scenario_id", shipped_ids())
def test_beyond_the_volume_that_is_named_the_other_is_recommended(scenario_id: str) -> None:
    scenario = load_scenario(scenario_id)
    decision = decide(compare(scenario, frozen_book()))
    for flip in flips(decision, "volume"):
        assert flip.at is not None
        for factor in (1 - 1e-5, 1 + 1e-5):
            moved = decide(compare(replace(scenario, requests_per_day=flip.at * factor), frozen_book()))
            assert moved.best is not None
            assert decision.best is not None
            beyond = (factor > 1) == (flip.at > scenario.requests_per_day)
            assert str(moved.best.name) == str(flip.instead if beyond else decision.best.name)


def test_no_nearer_volume_overturns_it() -> None:
    start = load_scenario("brand_voice")
    scenario = replace(start, needs=replace(start.needs, existing_customer="yes"))
    decision = decide(compare(scenario, frozen_book()))
    below, above = sorted(reversal.at or 0.0 for reversal in flips(decision, "volume"))
    assert below < scenario.requests_per_day < above
    assert decision.best is not None
    for step in range(1, 40):
        volume = below * (above / below) ** (step / 40)
        moved = decide(compare(replace(scenario, requests_per_day=volume), frozen_book()))
        assert moved.best is not None
        assert moved.best.name == decision.best.name


def test_another_need_that_overturns_it_does() -> None:
    scenario = load_scenario("brand_voice")
    decision = decide(compare(scenario, frozen_book()))
    texts = [str(reversal.text) for reversal in flips(decision, "need")]
    assert (
        "If “Data location” is “only in our region / only on machines that we own or rent alone”: "
        "Self-hosted · Llama 3.1 8B FP8 (H100, rented)."
    ) in texts
    moved = replace(scenario, needs=replace(scenario.needs, data="own_machines"))
    assert best(decide(compare(moved, frozen_book()))) == "self_hosted"


def test_a_rule_that_made_it_is_named_and_without_it_the_other_wins() -> None:
    decision = decided(STUFFED, TUNED, rows=[tuned_price(new_jobs_until=date(2027, 1, 1))], near_share=2.0)
    (reversal,) = flips(decision, "rule")
    assert str(reversal.text).startswith("Without the rule “The vendor stops new training within the horizon")
    off = {"training_ends_within_the_horizon": RuleChange(is_on=False)}
    rows = [tuned_price(new_jobs_until=date(2027, 1, 1))]
    assert best(decided(STUFFED, TUNED, rows=rows, near_share=2.0, rule_changes=off)) == "fine_tuned"


def test_a_model_for_nothing_is_overturned_too() -> None:
    # both leave 0.1 x 30,437.5 x 5 = 15,218.75 USD to people; tuned costs 99.5625 more, 0.65 %
    free = model_price(input_usd_per_mtok=0, output_usd_per_mtok=0)
    inputs = scenario(
        choice("stuffed_prompt", model="acme/large", resolved_share=0.9),
        choice("fine_tuned", offer="acme/tuned", resolved_share=0.9),
        needs=Needs(escalation_usd=5.0, rank_by="resolved_request"),
    )
    decision = decide(compare(inputs, book(free)))
    texts = [str(reversal.text) for reversal in flips(decision, "cost")]
    assert texts[0].startswith("If Prompt stuffing · large (Acme) becomes 1% more expensive: Fine-tuned")


MIXED = decided(STUFFED, TUNED, SEARCHED, RENTED, BOUGHT)


@given(any_needs())
def test_whatever_is_needed_nothing_ruled_out_is_recommended(needs: Needs) -> None:
    rules = changed(merged_rules(shipped_rules(), needs.own_rules), needs.rule_changes)
    decision = MIXED.under(needs, rules)
    if decision.best is None:
        assert all(option.ruled_out_by for option in decision.options)
    else:
        assert not decision.best.ruled_out_by
        assert decision.cheapest is not None
        assert decision.best.usd <= decision.cheapest.usd * (1 + needs.near_share)
        assert decision.best.points >= decision.cheapest.points
    for flip in reversals(decision):
        assert flip.instead != getattr(decision.best, "name", NOTHING)
    assert reasons(decision)


# --- rules changed and added


def test_a_weight_can_be_changed() -> None:
    rows = [tuned_price(new_jobs_until=date(2027, 1, 1))]
    changes = {"training_ends_within_the_horizon": RuleChange(weight=7)}
    decision = decided(STUFFED, TUNED, rows=rows, rule_changes=changes)
    assert [option.points for option in decision.options if option.outcome.strategy.id() == "fine_tuned"] == [
        -7
    ]


def test_a_rule_of_ones_own_counts_and_replaces_that_of_its_id() -> None:
    no_tuning = Rule(
        "no_tuning", (), (Condition("is_tuned", ("yes",)),), "rules_out", 1, "Not {here}.", "our board"
    )
    decision = decided(STUFFED, TUNED, own_rules=(no_tuning,))
    assert best(decision) == "stuffed_prompt"
    assert "Fine-tuned · large (Acme) is excluded: Not {here}." in explanation(decision)
    replaced = replace(no_tuning, id="locked_in")
    assert len(decided(STUFFED, own_rules=(replaced,)).rules) == len(shipped_rules())
    assert decision_rules(decision)["applies_to"][0] == "Fine-tuned · large (Acme)"


# --- rows, text and JSON


@pytest.fixture(scope="module")
def handbook() -> Decision:
    return decide(compare(load_scenario("product_handbook"), frozen_book()))


def test_every_fact_of_every_strategy_is_a_row_with_its_evidence(handbook: Decision) -> None:
    rows = records(decision_facts(handbook))
    # ten facts and the points of each of five strategies
    assert len(rows) == 5 * (len(FACTS) + 1)
    assert {row["evidence"] for row in rows} <= {"measured", "published", "estimated", "assumed", "unknown"}
    for row in rows:
        assert row["finding"]
        assert row["evidence"] == "unknown" or row["source"] or row["fact"] == "Points from the rules"


def test_the_same_decision_is_the_same_file() -> None:
    files = {
        frame_csv(decision_facts(decide(compare(load_scenario("brand_voice"), frozen_book()))))
        for _ in range(2)
    }
    assert len(files) == 1


def test_unknown_is_blank_in_the_file_and_never_zero(handbook: Decision) -> None:
    rows = csv.DictReader(io.StringIO(frame_csv(decision_facts(handbook)).decode("utf-8-sig")))
    blank = [row for row in rows if row["evidence"] == "unknown"]
    assert blank
    assert {row["value"] for row in blank} == {""}


def test_never_is_no_number_of_days_in_json() -> None:
    decision = decided(choice("fine_tuned", offer="acme/tuned", retrainings_per_year=0))
    assert decision.options[0].facts.known["update_days"] == math.inf
    printed_object = json.loads(json.dumps(document(decision), allow_nan=False))
    assert printed_object["strategies"][0]["facts"]["update_days"]["value"] is None


def test_decide_prints_the_recommendation_its_reasons_and_what_overturns_it(handbook: Decision) -> None:
    text = printout(handbook)
    assert "Recommended: Fine-tuned + RAG · Gemini 2.5 Flash (Google Vertex AI)." in text
    assert "For: Knowledge that changes is better retrieved than trained in." in text
    assert "What would change this:" in text
    assert printed("decide", "product_handbook").strip() == text


def test_decide_as_json_is_one_object() -> None:
    printed_object = json_of("decide", "product_handbook")
    assert printed_object["recommended"] == "Fine-tuned + RAG · Gemini 2.5 Flash (Google Vertex AI)"
    assert len(printed_object["rules"]) == len(shipped_rules())
    assert {strategy["standing"] for strategy in printed_object["strategies"]} == {"recommended", "possible"}


def test_decide_writes_its_table_and_takes_rules_of_a_company(tmp_path: Path) -> None:
    rules = tmp_path / "rules.yaml"
    rules.write_text(
        "- id: no_tuning\n  strategy: {is_tuned: [yes]}\n  effect: rules_out\n"
        "  says: We do not tune.\n  source: our board\n",
        encoding="utf-8",
    )
    out = tmp_path / "out.csv"
    text = printed("decide", "product_handbook", "--rules", str(rules), "--csv", str(out))
    assert "Recommended: Retrieval (RAG) · Gemini 3.8 Flash (Google)." in text
    assert "(Google Vertex AI) is excluded: We do not tune." in text
    assert "excluded" in out.read_text(encoding="utf-8-sig")


def test_a_comparison_costs_the_same_whatever_is_needed() -> None:
    plain: Comparison = compare(scenario(STUFFED, TUNED), book())
    needy = compare(
        scenario(STUFFED, TUNED, needs=Needs(data="in_house", knowledge_changes="daily", escalation_usd=9.0)),
        book(),
    )
    assert [o.usd_per_month for o in plain.outcomes] == [o.usd_per_month for o in needy.outcomes]
