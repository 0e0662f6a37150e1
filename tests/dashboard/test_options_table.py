"""Answer and options table on the page: what they say, and what their links and marks do."""

from __future__ import annotations

import re

import pytest
from streamlit.testing.v1 import AppTest

from ..support.app import open_app, pick_tab
from ..support.live_panel import component_data, figures, panel_text, verdict


@pytest.fixture
def app() -> AppTest:
    return open_app()


def options(app: AppTest) -> str:
    return str(component_data(app, "live_panel")["content"]["options"])


def row_of(app: AppTest, option: str) -> str:
    rows: list[str] = re.findall("<tr.*?</details>.*?</tr>", options(app), re.DOTALL)
    return next(row for row in rows if option in row)


def test_each_option_has_a_row_with_its_colour_bar_and_cost_lines(app: AppTest) -> None:
    assert list(figures(app)) == [
        "Fine-tuned · GPT-4.1 mini (Azure)",
        "Prompt stuffing · GPT-4.1 (OpenAI)",
        "Prompt stuffing · Claude Sonnet 5.5 (Anthropic)",
        "Self-hosted · Llama 3.1 8B FP8 (2 × H100, rented)",
    ]
    row = row_of(app, "GPT-4.1 (OpenAI)")
    chip = re.search(r'<i style="background:(light-dark\(#\w+, #\w+\))">', row)
    bar = re.search(r'<i class="bar" style="width:([\d.]+)%;background:(light-dark\(#\w+, #\w+\))">', row)
    assert chip is not None
    assert bar is not None
    assert bar[2] == chip[1]
    # 1,973 of the longest bar's 4,310
    assert float(bar[1]) == pytest.approx(45.8, abs=0.1)


def test_the_lines_of_an_option_add_up_to_its_total(app: AppTest) -> None:
    for row in re.findall("<details.*?</details>", options(app), re.DOTALL):
        *lines, total = [
            float(x.replace(",", "")) for x in re.findall(r"<td>(-?[\d,]+\.\d\d)</td></tr>", row)
        ]
        assert sum(lines) == pytest.approx(total, abs=0.01 * len(lines))


def test_a_closed_and_ending_option_is_marked_and_not_recommended(app: AppTest) -> None:
    row = row_of(app, "GPT-4.1 mini (Azure)")
    assert "closed to new customers" in row
    assert "retires on 14 Oct 2027" in row
    assert "recommended" not in row
    assert "Cheaper, but closed to new customers" in panel_text(app)
    assert "no staff cost counted" in row_of(app, "Self-hosted")


def test_a_small_difference_is_called_about_equal(app: AppTest) -> None:
    assert "about equal" in row_of(app, "GPT-4.1 (OpenAI)")
    assert "about equal" not in row_of(app, "Self-hosted")


def test_the_number_of_other_models_is_said_and_its_link_opens_the_options(app: AppTest) -> None:
    assert re.search(r"\d+ more models are priced, from \d+ USD per month: show", panel_text(app))
    assert 'data-open="options"' in options(app)


def test_the_option_in_use_today_is_what_the_saving_is_against(app: AppTest) -> None:
    app.selectbox(key="option_today").set_value(3).run()
    assert (
        "Saves 2,226 USD per month (52%) against Self-hosted · Llama 3.1 8B FP8, in use today."
        in panel_text(app)
    )
    assert "in use today" in row_of(app, "Self-hosted")
    app.selectbox(key="option_today").set_value(2).run()
    assert "It is the option in use today." in panel_text(app)
    assert not app.exception


def test_notes_and_risks_count_the_important_ones(app: AppTest) -> None:
    (label,) = [expander.label for expander in app.expander if expander.label.startswith("Notes & risks")]
    # two of the tuned model, one of GPT-4.1, one of the servers
    assert label.startswith("Notes & risks: 4 important, ")


def test_the_breakdown_has_a_total_for_each_option(app: AppTest) -> None:
    pick_tab(app, "Cost breakdown")
    assert not app.exception
    *by_option, horizon = app.dataframe
    assert len(by_option) == 4
    for table in by_option:
        assert list(table.proto.column_order)[:2] == ["line", "usd_per_month"]
        amounts = list(table.value["usd_per_month"])
        assert sum(amounts[:-1]) == pytest.approx(amounts[-1], abs=1e-5)
        assert list(table.value["line"])[-1] == "Total"
    assert len(horizon.value) == 4


def test_the_overview_says_what_could_change_the_answer(app: AppTest) -> None:
    text = " ".join(markdown.value.replace("\\", "") for markdown in app.main.markdown)
    assert "What could change it" in text
    assert "Above 41,357 requests per day, Self-hosted · Llama 3.1 8B FP8 is cheaper." in text
    assert "On 14 Jan 2027, GPT-4.1 retires." in text


def test_the_headline_says_per_month_and_per_1000_requests(app: AppTest) -> None:
    assert re.search(r"[\d,]+ USD per month, [\d.]+ USD per 1,000 requests", verdict(app))
