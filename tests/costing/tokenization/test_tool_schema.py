"""Definitions of tools in tokens: by the published frame, or as plain JSON; and what is no list of tools."""

from __future__ import annotations

import json

import pytest

from costing.scenario.scenario import Part, part_tokens, workload_of
from costing.tokenization.chat_format import chat_tokens
from costing.tokenization.tokens import count
from costing.tokenization.tool_schema import tool_definitions, tool_tokens
from i18n.errors import CrossoverError
from i18n.message import listed
from pricing.rows import Evidence

from ...support.factories import estimated_tokenizer, frozen_prices, prices, scenario

WEATHER = {
    "name": "weather",
    "description": "Forecast for a place.",
    "parameters": {
        "type": "object",
        "properties": {"place": {"type": "string", "description": "Town"}},
        "required": ["place"],
    },
}
OPENAI = json.dumps([{"type": "function", "function": WEATHER}])
ANTHROPIC = json.dumps(
    [{("input_schema" if key == "parameters" else key): value for key, value in WEATHER.items()}]
)


def test_openais_frame_is_that_of_a_whole_request() -> None:
    # What the cookbook's count of a chat grows by, when the same tool goes with it.
    row = frozen_prices().tokenizer("o200k_base")
    chat = [{"role": "user", "content": "Hello"}]
    tools = [{"type": "function", "function": WEATHER}]
    grown = chat_tokens(chat, row, tools=tools).tokens - chat_tokens(chat, row).tokens
    token_count = tool_tokens(OPENAI, row)
    assert token_count.tokens == grown
    assert token_count.evidence == Evidence.ESTIMATED
    assert "openai-cookbook" in str(listed(token_count.counting_methods))


@pytest.mark.parametrize(
    "text",
    [
        OPENAI,
        ANTHROPIC,
        json.dumps([{"type": "function", **WEATHER}]),
        json.dumps(WEATHER),
        json.dumps({"tools": [WEATHER]}),
        json.dumps([{"function_declarations": [WEATHER]}]),
    ],
    ids=["chat", "anthropic", "responses", "one alone", "an object of tools", "google"],
)
def test_the_same_tool_is_as_many_tokens_however_a_vendor_writes_it(text: str) -> None:
    row = frozen_prices().tokenizer("o200k_base")
    assert tool_tokens(text, row).tokens == tool_tokens(OPENAI, row).tokens


def test_where_no_frame_is_published_the_json_is_counted() -> None:
    row = estimated_tokenizer()
    token_count = tool_tokens(ANTHROPIC, row)
    written = json.dumps(tool_definitions(ANTHROPIC), ensure_ascii=False)
    assert token_count.tokens == count(written, row).tokens
    assert token_count.low < token_count.tokens < token_count.high
    assert str(listed(token_count.counting_methods)).endswith(
        "tools as plain JSON, their frame not published"
    )


def test_no_tool_is_no_token() -> None:
    assert tool_tokens("[]", frozen_prices().tokenizer("o200k_base")).tokens == 0


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[\n{"name": "x",}]', "line 2: not JSON:"),
        ("hello", "line 1: not JSON:"),
        ("[" * 100_000, "line 1: not JSON:"),
        ("[" + "9" * 5000 + "]", "line 1: not JSON: a number or a nesting beyond all measure"),
        ("3", "not a list of tools (write"),
        ('[{"description": "nameless"}]', "tools[1]: not a function (write its name and parameters)"),
        ('[{"name": "x"}, "y"]', "tools[2]: not a function (write its name and parameters)"),
        ('[{"name": 3}]', "tools[1]: not a function"),
    ],
)
def test_what_is_no_list_of_tools_is_one_clear_line(text: str, says: str) -> None:
    with pytest.raises(CrossoverError) as error:
        tool_tokens(text, frozen_prices().tokenizer("o200k_base"))
    assert str(error.value).startswith(says)
    assert len(str(error.value).splitlines()) == 1


def test_a_error_in_the_tools_of_a_scenario_names_the_part() -> None:
    inputs = scenario().with_part("tools", Part(text="[oops]"))
    with pytest.raises(CrossoverError, match=r"^tools: line 1: not JSON"):
        workload_of(inputs, {"o200k_base"}, prices())


def test_tools_go_with_every_prompt_and_their_number_may_be_typed_in() -> None:
    plain = workload_of(scenario(), {"o200k_base"}, prices())
    inputs = scenario().with_part("tools", Part(text=OPENAI))
    tokens = part_tokens(inputs.parts["tools"], "o200k_base", prices(), "tools").tokens
    tooled = workload_of(inputs, {"o200k_base"}, prices())
    before, after = plain.prompt("o200k_base"), tooled.prompt("o200k_base", instruction_share=0)
    assert after.prefix_tokens - before.prefix_tokens == tokens > 20
    stated = workload_of(scenario().with_part("tools", Part(tokens=750)), {"o200k_base"}, prices())
    assert stated.prompt("o200k_base").prefix_tokens - before.prefix_tokens == 750
