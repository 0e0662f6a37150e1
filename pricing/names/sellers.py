"""Who sells a model: the spellings of logs, SDKs and gateways -> the first part of our ids."""

from __future__ import annotations

import re
from typing import Final

from ..catalogue import PREFIX

_SPELLINGS: Final = {
    "openai": "open-ai openai-chat openai-responses text-completion-openai",
    "anthropic": "anthropic-text",
    "google": "gemini google-gla google-ai google-ai-studio google-gemini google-genai google-generativeai "
    "googleai gcp-gemini gcp-gen-ai",
    "vertex": "vertexai vertex-ai vertex-ai-beta google-vertex google-vertexai google-vertex-ai "
    "gcp-vertex-ai",
    "bedrock": "amazon aws aws-bedrock amazon-bedrock bedrock-converse bedrock-runtime",
    "azure": "azure-openai azureopenai azure-ai azure-ai-openai azure-ai-inference az-ai-openai "
    "az-ai-inference azure-text azure-foundry azure-ai-foundry microsoft-foundry",
    "xai": "x-ai",
    "mistral": "mistralai mistral-ai",
    "moonshot": "moonshotai moonshot-ai",
    "alibaba": "alibaba-cloud aliyun dashscope",
    "zai": "z-ai",
    "voyage": "voyageai voyage-ai",
    "cohere": "cohere-chat",
    "together": "together-ai togetherai",
    "fireworks": "fireworks-ai",
    "github-copilot": "copilot",
    "openrouter": "open-router",
}
"""First part of our ids -> other spellings, in lower case with hyphens.

Sources: https://docs.litellm.ai/docs/providers, https://ai.pydantic.dev/models/overview,
https://opentelemetry.io/docs/specs/semconv/registry/attributes/gen-ai (gen_ai.provider.name) and
https://python.langchain.com/api_reference (init_chat_model).
"""

_OTHERS: Final = (
    "arcee avian baseten cerebras cloudflare cursor databricks deepseek doubleword elevenlabs groq "
    "huggingface_cerebras huggingface_fireworks-ai huggingface_groq huggingface_hyperbolic "
    "huggingface_nebius huggingface_novita huggingface_nscale huggingface_ovhcloud huggingface_publicai "
    "huggingface_sambanova huggingface_together meta minimax modal novita openai-decisions ovhcloud "
    "perplexity quicksilverpro typesafe zhipuai"
).split()
"""Sellers with one spelling: the catalogue's, listed so that a name is read without loading it."""

_GATEWAYS: Final = ("litellm", "litellm-proxy", "portkey", "helicone")
"""They pass a request on and set no price: what they pass on counts."""

MAKERS: Final = frozenset(
    "openai anthropic google meta mistral deepseek xai alibaba moonshot zai zhipuai cohere voyage "
    "minimax".split()
)
"""Makers of models that also sell them. Other sellers' ids often begin with one: openai/gpt-4o."""

API_FLAVOURS: Final = frozenset({"openai", "anthropic"})
"""A log may write these for the kind of its API, whoever serves it."""

CATALOGUE_ID: Final = {ours: theirs for theirs, ours in PREFIX.items()} | {
    "vertex": "google",
    "voyage": "voyageai",
}
"""First part of our ids -> the catalogue's provider, where they differ."""

FALLBACKS: Final = {"azure": ("openai",), "vertex": ("google",)}
"""Seller -> whose rows of ours it charges too."""


def spelling(text: str) -> str:
    """A provider's name in lower case, with hyphens for blanks, dots and underscores."""
    return re.sub(r"[\s_.]+", "-", text.strip().lower())


_SELLER: Final = {
    **{spelling(other): other for other in _OTHERS},
    **{name: seller for seller, names in _SPELLINGS.items() for name in (seller, *names.split())},
    **dict.fromkeys(_GATEWAYS, ""),
}


def is_seller(text: str) -> bool:
    """Whether this is a known spelling of a seller or a gateway."""
    return seller_of(text) is not None


def seller_of(text: str) -> str | None:
    """First part of our ids; blank for a gateway, None where the spelling is unknown."""
    key = spelling(text)
    if key.startswith("vertex-ai-"):  # LiteLLM: vertex_ai-anthropic_models
        return "vertex"
    return _SELLER.get(key)
