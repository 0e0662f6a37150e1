"""Decision view in an AppTest: the recommendation follows requirements, rules and known facts."""

from __future__ import annotations

import html
import re

import pytest
from streamlit.testing.v1 import AppTest

from costing.scenario.library import shipped_rules
from costing.scenario.scenario_yaml import dump, read
from dashboard.components import rule_labels as rule_words

from ..support.app import choose_example, errors, open_app, pick_tab, upload
from ..support.live_panel import figures, panel_text, verdict


@pytest.fixture
def app() -> AppTest:
    return pick_tab(open_app(), "Decide", "needs", "known", "rules")


def recommended(app: AppTest) -> str:
    texts = [m.value.replace("\\", "") for m in app.main.markdown]
    return next(text for text in texts if text.startswith(("#### Recommended", "#### Nothing")))


def shown(app: AppTest) -> str:
    """All text of the page without Markdown and HTML markup."""
    texts = [m.value.replace("\\", "") for m in app.main.markdown]
    tables = [html.unescape(e.proto.body) for e in app.main.get("html")]
    return "\n".join([*texts, *tables, panel_text(app)])


def scenario(app: AppTest) -> object:
    return app.session_state["table"].scenario


def test_the_tab_opens_with_the_recommendation_and_its_reasons(app: AppTest) -> None:
    assert not app.exception
    assert recommended(app) == "#### Recommended: Fine-tuned · GPT-4.1 mini (Azure)."
    assert "For it: Knowledge that hardly changes can be trained into a model" in shown(app)
    # gpt-4.1 is cheaper there still, and retires within the horizon.
    assert re.search(r"Below 1\d,\d{3} requests a day: Prompt stuffing · Claude Sonnet 5\.5 \(", shown(app))


def test_the_table_has_every_strategy_with_evidence_and_sources(app: AppTest) -> None:
    table = next(e.proto.body for e in app.main.get("html") if "<table>" in e.proto.body)
    assert len(re.findall(r'<th scope="col"', table)) == 4
    assert len(re.findall(r'<th scope="row"', table)) == 11
    assert "<small>published</small>" in table
    assert 'title="https://' in table
    assert "unknown: ask Anthropic" in table


def test_privacy_moves_the_recommendation_to_own_servers(app: AppTest) -> None:
    app.selectbox(key="need_data").set_value("own_machines").run()
    assert recommended(app) == "#### Recommended: Self-hosted · Llama 3.1 8B FP8 (H100, rented)."
    assert "is ruled out: Prompts would leave the machines that are yours alone" in shown(app)
    assert verdict(app).startswith(
        "At 20,000 requests per day, Fine-tuned · GPT-4.1 mini (Azure) is cheapest"
    )
    app.selectbox(key="need_data").set_value("in_house").run()
    assert recommended(app).startswith("#### Nothing can be recommended")


def test_a_rule_switched_off_and_weighed_anew_is_kept_with_the_scenario(app: AppTest) -> None:
    app.toggle(key="rule_on_stable_knowledge_is_tuned").set_value(False).run()
    assert "For it: Knowledge that hardly changes" not in shown(app)
    app.number_input(key="rule_weight_a_manner_is_tuned").set_value(4.0).run()
    assert "speaks for 4: A tone or a format" in shown(app)
    kept = app.session_state["table"].scenario
    assert read(dump(kept), "copy.yaml") == kept
    app.button(key="rules_reset").click().run()
    assert "For it: Knowledge that hardly changes" in shown(app)
    assert app.button(key="rules_reset").disabled


def test_rules_of_ones_own_are_opened_from_a_file(app: AppTest) -> None:
    rule = (
        b"- id: no_azure\n  strategy: {is_tuned: [yes]}\n  effect: rules_out\n"
        b"  says: We do not tune <b>here</b>.\n  source: our board\n"
    )
    upload(app, "rules_upload", "rules.yaml", rule)
    assert recommended(app) == "#### Recommended: Prompt stuffing · Claude Sonnet 5.5 (Anthropic)."
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
        app.number_input(key=f"known_{index}_resolved_share").set_value(share).run()
    assert "with people counted, Prompt stuffing · Claude Sonnet 5.5 (Anthropic) is cheapest" in verdict(app)
    assert recommended(app) == "#### Recommended: Prompt stuffing · Claude Sonnet 5.5 (Anthropic)."
    # 608,750 requests a month; 2,084.24 USD / 608,750 + 0.1 x 4 = 0.4034
    assert next(iter(figures(app))).startswith("Prompt stuffing · Claude")
    assert "0.4034 per resolved request" in panel_text(app)


def test_a_need_left_blank_again_counts_for_nothing(app: AppTest) -> None:
    app.number_input(key="need_examples_available").set_value(50.0).run()
    assert "A fine-tune needs hundreds to thousands of examples." in shown(app)
    assert app.session_state["table"].scenario.needs.examples_available == 50
    app.number_input(key="need_examples_available").set_value(None).run()
    assert app.session_state["table"].scenario.needs.examples_available is None


def test_who_is_no_customer_yet_is_not_sent_to_a_closed_offer(app: AppTest) -> None:
    choose_example(app, "openai_or_azure")
    assert not app.exception
    assert recommended(app) == "#### Recommended: Fine-tuned · GPT-4.1 (OpenAI)."
    assert "Against it: The vendor takes no new customers for it" in shown(app)
    app.selectbox(key="need_existing_customer").set_value("no").run()
    assert recommended(app) != "#### Recommended: Fine-tuned · GPT-4.1 (OpenAI)."
    assert "Fine-tuned · GPT-4.1 (OpenAI) is ruled out: The vendor takes no new customers for it." in shown(
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
