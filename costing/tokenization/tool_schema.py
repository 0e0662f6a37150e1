"""Definitions of tools as JSON, in tokens: by the published frame where there is one, else as plain JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from i18n.errors import CrossoverError
from i18n.message import message
from pricing.rows import Evidence, Tokenizer

from .chat_format import TOOL_START, framed
from .tokens import TokenCount, count

FRAMED: Final = frozenset(TOOL_START)
"""Encodings of the vendor that published how it frames tools."""

COOKBOOK: Final = message("tools framed as in openai-cookbook, How_to_count_tokens_with_tiktoken.ipynb")
PLAIN: Final = message("tools as plain JSON, their frame not published")


def tool_definitions(text: str) -> list[Any]:
    """The functions of a JSON text: a list of them, one alone, or an object that holds them as `tools`.

    Raises CrossoverError for invalid JSON and for a tool without a name.
    """
    try:
        definitions = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise CrossoverError(
            message(
                "line {line}: not JSON: {problem} (paste the list of tools as the request sends it)",
                line=getattr(error, "lineno", 1),
                problem=getattr(error, "msg", "a number or a nesting beyond all measure"),
            )
        ) from error
    if isinstance(definitions, Mapping):
        definitions = definitions["tools"] if isinstance(definitions.get("tools"), list) else [definitions]
    if not isinstance(definitions, list):
        raise CrossoverError(message('not a list of tools (write [{{"name": ..., "parameters": ...}}])'))
    tools = [unpacked for item in definitions for unpacked in _unpacked(item)]
    for number, tool in enumerate(tools, start=1):
        if not isinstance(tool, Mapping) or not isinstance(tool.get("name"), str):
            raise CrossoverError(
                message("tools[{n}]: not a function (write its name and parameters)", n=number)
            )
    return tools


def _unpacked(item: Any) -> list[Any]:
    """The functions of an entry in the format of OpenAI, Anthropic or Google, as OpenAI's fields."""
    if not isinstance(item, Mapping):
        return [item]
    for several in ("function_declarations", "functionDeclarations"):
        if isinstance(item.get(several), list):
            return list(item[several])
    if isinstance(item.get("function"), Mapping):
        return [item["function"]]
    if "input_schema" in item and "parameters" not in item:
        return [{"parameters" if key == "input_schema" else key: value for key, value in item.items()}]
    return [item]


def tool_tokens(text: str, tokenizer: Tokenizer) -> TokenCount:
    """Tokens that the tools add to a prompt. At best an estimate: few models confirmed the frame.

    Raises CrossoverError as `tool_definitions`.
    """
    tools = tool_definitions(text)
    if not tools:
        return TokenCount(0, 0, 0, Evidence.MEASURED, ())
    if tokenizer.encoding in FRAMED:
        bare, dressed = framed([]), framed([], tools, encoding=tokenizer.encoding)
        frame = dressed.frame_tokens - bare.frame_tokens
        counts, how = [count(part, tokenizer) for part in dressed.texts], COOKBOOK
    else:
        frame = 0
        counts, how = [count(json.dumps(tools, ensure_ascii=False), tokenizer)], PLAIN
    return TokenCount(
        frame + sum(part.tokens for part in counts),
        frame + sum(part.low for part in counts),
        frame + sum(part.high for part in counts),
        Evidence.ESTIMATED,
        (*counts[0].counting_methods, how),
        "estimated",
    )
