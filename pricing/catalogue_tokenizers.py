"""The tokenizer of a model of the catalogue, by its name."""

from __future__ import annotations

import re
from typing import Final

_TOKENIZERS: Final = (
    ("claude-opus-4-7", "claude4.7"),
    ("claude-opus-4-8", "claude4.7"),
    ("claude-2", "unknown"),
    ("claude-3", "claude3"),
    ("claude-opus-4", "claude3"),
    ("claude-sonnet-4", "claude3"),
    ("claude-haiku-4", "claude3"),
    ("claude", "claude4.7"),
    ("gpt-3.5", "cl100k_base"),
    ("davinci-002", "cl100k_base"),
    ("babbage-002", "cl100k_base"),
    ("gpt-4-", "cl100k_base"),
    ("gpt-4o", "o200k_base"),
    ("gpt-4.", "o200k_base"),
    ("gpt-5", "o200k_base"),
    ("gpt-6", "o200k_base"),
    ("gpt-oss", "o200k_base"),
    ("text-embedding", "cl100k_base"),
    ("gemini", "gemini"),
    ("gemma", "gemma3"),
    ("deepseek", "deepseek"),
    ("qwen3.5", "qwen3.6"),
    ("qwen3.6", "qwen3.6"),
    ("qwen3.7", "qwen3.6"),
    ("qwen3.8", "qwen3.6"),
    ("qwen3", "qwen3"),
    ("llama-4", "llama4"),
    ("llama-3", "llama3"),
    ("kimi-k2", "kimi-k2"),
    ("glm-4", "glm4"),
    ("command", "command-r"),
    ("mistral", "tekken"),
    ("ministral", "tekken"),
)
"""Part of a model's name -> its tokenizer's row, first match; the rest is "unknown", with the widest band."""

_REASONING: Final = re.compile(r"(?:^|[/.])o[134](?:-|$)")
_GPT_4: Final = re.compile(r"gpt-4(?:$|:)")
"""OpenAI's names that are parts of others; tiktoken.model.MODEL_TO_ENCODING says the same of them."""


def tokenizer_of_name(model: str) -> str:
    """Id of the tokenizer's row; "unknown" where the name does not tell."""
    name = model.lower()
    if _REASONING.search(name):
        return "o200k_base"
    if _GPT_4.search(name):
        return "cl100k_base"
    return next((row for part, row in _TOKENIZERS if part in name), "unknown")
