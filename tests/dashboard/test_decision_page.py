"""Decision view in an AppTest: the recommendation follows requirements, rules and known facts."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from costing.scenario.library import shipped_rules
from costing.scenario.scenario_yaml import dump, read
from dashboard.components import rule_labels as rule_words

from ..support.app import errors, open_app, pick_tab, upload
from ..support.live_panel import panel_text, verdict

DRAWERS = ("known", "rules")
CLAUDE = "#### Recommended: Prompt stuffing · Claude Sonnet 5.5 (Anthropic)."
TUNED = "#### Recommended: Fine-tuned · GPT-4.1 mini (Azure)."


@pytest.fixture
def app() -> AppTest:
    return open_recommendation()


def open_recommendation(example: str = "brand_voice") -> AppTest:
    """The view with its editors, and the requirements among the inputs."""
    app = pick_tab(open_app(example), "Recommendation", *DRAWERS)
    return app.button(key="open_needs").click().run()


@pytest.fixture
def customer(app: AppTest) -> AppTest:
    """The page of a company that is a customer of closed offers."""
    return app.selectbox(key="need_existing_customer").set_value("yes").run()


def recommended(app: AppTest) -> str:
    texts = [m.value.replace("\\", "") for m in app.main.markdown]
    return next(text for text in texts if text.startswith(("#### Recommended", "#### No recommendation")))


def shown(app: AppTest) -> str:
    """All text of the page without Markdown and HTML markup."""
    texts = [m.value.replace("\\", "") for m in app.main.markdown]
    tables = [html.unescape(e.proto.body) for e in app.main.get("html")]
    return "\n".join([*texts, *tables, panel_text(app)])


def scenario(app: AppTest) -> Any:
    return app.session_state["table"].scenario


def test_what_is_closed_or_ends_soon_is_not_recommended_and_the_reason_is_said(app: AppTest) -> None:
    assert not app.exception
    assert recommended(app) == CLAUDE
    text = shown(app)
    assert "Fine-tuned · GPT-4.1 mini (Azure) costs less, but: closed to new customers" in text
    assert "Prompt stuffing · GPT-4.1 (OpenAI) costs less, but: GPT-4.1 retires on 14 Jan 2027." in text
    assert "If “Existing customer of closed offers” is “yes”: Fine-tuned · GPT-4.1 mini (Azure)." in text


def test_a_customer_of_a_closed_offer_gets_it_recommended_with_its_end(customer: AppTest) -> None:
    assert recommended(customer).startswith(f"{TUNED} Please note: ")
    assert "GPT-4.1 mini retires on 14 Oct 2027" in recommended(customer)
    assert "but its lifecycle is not known: Prompt stuffing · Claude" in recommended(customer)
    assert "For: Knowledge that hardly changes can be trained into the model" in shown(customer)


def test_the_table_has_every_strategy_with_evidence_and_sources(app: AppTest) -> None:
    table = next(e.proto.body for e in app.main.get("html") if "<table>" in e.proto.body)
    assert len(re.findall(r'<th scope="col"', table)) == 4
    assert len(re.findall(r'<th scope="row"', table)) == 11
    assert "<small>published</small>" in table
    assert 'title="https://' in table
    assert "unknown: ask Anthropic" in table


def test_privacy_moves_the_recommendation_and_the_answer_to_own_servers(app: AppTest) -> None:
    app.selectbox(key="need_data").set_value("own_machines").run()
    assert recommended(app) == "#### Recommended: Self-hosted · Llama 3.1 8B FP8 (H100, rented)."
    assert "is excluded: Prompts would leave the machines that only you use" in shown(app)
    assert "Self-hosted · Llama 3.1 8B FP8 (2 × H100, rented) is recommended" in verdict(app)
    app.selectbox(key="need_data").set_value("in_house").run()
    assert recommended(app).startswith("#### No recommendation")


def test_points_have_their_sign(app: AppTest) -> None:
    text = shown(app)
    assert "+2: Knowledge that hardly changes can be trained into the model" in text
    assert "\u22122: The vendor accepts no new customers for it" in text


def test_a_rule_switched_off_and_with_other_points_is_kept_with_the_scenario(customer: AppTest) -> None:
    customer.toggle(key="rule_on_stable_knowledge_is_tuned").set_value(False).run()
    assert "For: Knowledge that hardly changes" not in shown(customer)
    customer.number_input(key="rule_weight_a_manner_is_tuned").set_value(4.0).run()
    assert "+4: A fixed tone or format" in shown(customer)
    kept = customer.session_state["table"].scenario
    assert read(dump(kept), "copy.yaml").needs == kept.needs
    customer.button(key="rules_reset").click().run()
    assert "For: Knowledge that hardly changes" in shown(customer)
    assert customer.button(key="rules_reset").disabled


def test_rules_of_ones_own_are_opened_from_a_file(customer: AppTest) -> None:
    app = customer
    assert recommended(app).startswith(TUNED)
    rule = (
        b"- id: no_azure\n  strategy: {is_tuned: [yes]}\n  effect: rules_out\n"
        b"  says: We do not tune <b>here</b>.\n  source: our board\n"
    )
    upload(app, "rules_upload", "rules.yaml", rule)
    assert recommended(app) == CLAUDE
    assert not any("<b>here" in element.proto.body for element in app.main.get("html"))


def test_a_faulty_file_of_rules_changes_nothing_and_says_where(app: AppTest) -> None:
    before = scenario(app)
    upload(app, "rules_upload", "rules.yaml", b"- id: one\n  effect: forbids\n")
    assert any(error.startswith("rules.yaml:2: 1.effect: 'forbids' is not one of") for error in errors(app))
    assert scenario(app) == before


def test_people_are_counted_once_all_is_known(app: AppTest) -> None:
    app.selectbox(key="need_rank_by").set_value("resolved_request").run()
    assert "People are not counted: the cost of a request that goes to people is not given" in shown(app)
    app.number_input(key="need_escalation_usd").set_value(4.0).run()
    for index, share in enumerate((0.8, 0.9, 0.7, 0.6)):
        app.number_input(key=f"known_{index}_resolved_share").set_value(100 * share).run()
    assert recommended(app) == CLAUDE
    # 608,750 requests per month; 2,084.24 USD / 608,750 + 0.1 x 4 = 0.4034
    assert "0.4034 USD per resolved request with staff" in panel_text(app)
    assert scenario(app).strategies[1].settings["resolved_share"] == 0.9


def test_a_need_left_blank_again_counts_for_nothing(app: AppTest) -> None:
    app.number_input(key="need_examples_available").set_value(50.0).run()
    assert "Fine-tuning needs hundreds to thousands of examples." in shown(app)
    assert app.session_state["table"].scenario.needs.examples_available == 50
    app.number_input(key="need_examples_available").set_value(None).run()
    assert app.session_state["table"].scenario.needs.examples_available is None


def test_where_every_offer_is_closed_the_sentence_says_so() -> None:
    app = open_recommendation("openai_or_azure")
    assert recommended(app).startswith("#### Recommended: Fine-tuned · GPT-4.1 (OpenAI). Please note: closed")
    assert "None of the options is open to every company for the whole horizon." in recommended(app)
    assert "Against: The vendor accepts no new customers for it" in shown(app)
    app.selectbox(key="need_existing_customer").set_value("no").run()
    assert recommended(app).startswith("#### No recommendation: the rules exclude every option")
    assert "Fine-tuned · GPT-4.1 (OpenAI) is excluded: The vendor accepts no new customers for it." in shown(
        app
    )


def test_undo_takes_back_a_need(app: AppTest) -> None:
    app.selectbox(key="need_data").set_value("in_house").run()
    app.button(key="undo").click().run()
    assert app.selectbox(key="need_data").value == ""
    assert recommended(app).startswith("#### Recommended")


def test_every_table_has_its_own_file(app: AppTest) -> None:
    keys = {button.proto.id.rsplit("-", 1)[-1] for button in app.main.get("download_button")}
    assert {"csv_decision", "csv_overturn", "csv_rules", "rules_save"} <= keys


def test_the_words_of_the_shipped_rules_can_be_translated() -> None:
    assert {rule.says for rule in shipped_rules()} == set(rule_words.SENTENCES)
    assert {rule.source for rule in shipped_rules()} == set(rule_words.SOURCES)
