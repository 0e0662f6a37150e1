"""Chat messages and tools are framed as OpenAI's cookbook and API count them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from costing.tokenization.chat_format import chat_tokens, default_epochs
from costing.tokenization.tokens import exact_tokens
from i18n.errors import CrossoverError
from pricing.rows import Evidence
from tests.support.paths import GOLDEN

from ...support.factories import estimated_tokenizer, frozen_prices

COOKBOOK: dict[str, Any] = json.loads((GOLDEN / "cookbook_chat.json").read_text(encoding="utf-8"))
O200K = frozen_prices().tokenizer("o200k_base")
CL100K = frozen_prices().tokenizer("cl100k_base")


def refusal(messages: Any, tools: Any = ()) -> str:
    with pytest.raises(CrossoverError) as error:
        chat_tokens(messages, O200K, tools=tools)
    (line,) = str(error.value).splitlines()
    return line


def test_the_cookbooks_messages_are_129_and_124_tokens() -> None:
    # As num_tokens_from_messages and the API itself say, gpt-4 and gpt-4o.
    old = chat_tokens(COOKBOOK["messages"], CL100K, model="gpt-4")
    new = chat_tokens(COOKBOOK["messages"], O200K, model="openai/gpt-4o")
    assert (old.tokens, new.tokens) == (129, 124)
    assert (old.evidence, new.evidence) == ("measured", "measured")


def test_the_cookbooks_weather_tool_makes_105_and_101_tokens() -> None:
    ask, tools = COOKBOOK["tool_messages"], COOKBOOK["tools"]
    assert chat_tokens(ask, CL100K, model="gpt-4", tools=tools).tokens == 105
    token_count = chat_tokens(ask, O200K, model="gpt-4o", tools=tools)
    assert (token_count.tokens, token_count.evidence) == (101, "measured")


def test_a_function_written_without_its_wrapper_is_the_same_tool() -> None:
    bare = [tool["function"] for tool in COOKBOOK["tools"]]
    assert chat_tokens(COOKBOOK["tool_messages"], O200K, tools=bare).tokens == 101


@pytest.mark.parametrize("model", ["openai/gpt-6-astra", "gpt-4.1", "anthropic/claude-opus-5-5", ""])
def test_of_a_model_that_nobody_checked_the_frame_is_an_estimate(model: str) -> None:
    assert chat_tokens(COOKBOOK["messages"], O200K, model=model).evidence == Evidence.ESTIMATED


def test_a_family_without_vocabulary_keeps_its_band() -> None:
    token_count = chat_tokens(COOKBOOK["messages"], estimated_tokenizer())
    assert token_count.low < token_count.tokens < token_count.high
    assert token_count.evidence == Evidence.ESTIMATED


def test_a_content_in_parts_is_its_texts() -> None:
    whole = chat_tokens([{"role": "user", "content": "Hello"}], O200K)
    parts = chat_tokens([{"role": "user", "content": [{"type": "text", "text": "Hello"}]}], O200K)
    # 3 a request + 3 a message + "user" + "Hello"
    assert whole.tokens == parts.tokens == 8


def test_a_call_of_a_tool_counts_and_makes_the_count_an_estimate() -> None:
    message = {"role": "assistant", "content": None}
    calls = [{"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}}]
    plain = chat_tokens([message], O200K, model="gpt-4o")
    calling = chat_tokens([{**message, "tool_calls": calls}], O200K, model="gpt-4o")
    assert calling.tokens > plain.tokens
    assert (plain.evidence, calling.evidence) == ("measured", "estimated")


def test_nested_parameters_count_and_make_the_count_an_estimate() -> None:
    def tool(**extra: Any) -> list[dict[str, Any]]:
        return [{"name": "f", "parameters": {"properties": {"x": {"type": "array", **extra}}}}]

    ask = COOKBOOK["tool_messages"]
    flat = chat_tokens(ask, O200K, model="gpt-4o", tools=tool())
    nested = chat_tokens(ask, O200K, model="gpt-4o", tools=tool(items={"type": "string"}))
    assert nested.tokens == flat.tokens + exact_tokens('{"items":{"type":"string"}}')
    assert (flat.evidence, nested.evidence) == ("measured", "estimated")


def test_a_tool_without_parameters_has_only_its_name_and_description() -> None:
    # 7 for a function, 12 for the end of the tools, and its line.
    bare = chat_tokens([], O200K, tools=[{"name": "now", "description": "The time."}])
    assert bare.tokens == 3 + 7 + 12 + exact_tokens("now:The time")


def test_what_is_no_chat_is_one_line() -> None:
    assert refusal(["hello"]) == "messages[1]: not a message (write an object with role and content)"
    image = {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]}
    assert refusal([image]) == (
        "messages[1]: a part of type 'image_url' (count images by their size: python -m costing image)"
    )
    assert refusal([], [{"type": "function"}]) == ("tools[1]: not a function (write its name and parameters)")


@pytest.mark.parametrize(
    ("examples", "epochs"),
    [(1, 25), (5, 20), (33, 3), (34, 3), (1000, 3), (8333, 3), (8334, 2), (25_000, 1), (90_000, 1)],
)
def test_the_default_epochs_are_three_unless_the_examples_are_few_or_very_many(
    examples: int, epochs: int
) -> None:
    assert default_epochs(examples) == epochs


def test_nothing_to_train_on_is_refused() -> None:
    with pytest.raises(CrossoverError, match="no training example"):
        default_epochs(0)
