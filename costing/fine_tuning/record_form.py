"""Form of a record of a fine-tuning file: which vendor's or library's format it is in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from i18n.message import N_, Message, message

RECORD_KEYS: Final = frozenset("messages tools functions parallel_tool_calls".split())
"""Fields of an example in OpenAI's chat format."""


class Form(StrEnum):
    """A format of training examples that is read here, or is known and cannot be priced."""

    CHAT = "chat"
    """OpenAI's chat format, which most vendors take."""
    COMPLETION = "completion"
    """A prompt with its completion: base models, Titan and Llama on Bedrock."""
    CLAUDE = "claude"
    """Chat messages with the system text beside them: Claude on Bedrock."""
    BEDROCK = "bedrock"
    """schemaVersion bedrock-conversation-2024: Nova on Bedrock."""
    GEMINI = "gemini"
    """`contents` with `parts`: Gemini on Vertex AI."""
    PAIRS = "pairs"
    """A prompt with a preferred and a non-preferred answer, for DPO."""
    REINFORCEMENT = "reinforcement"
    """A prompt with fields for a grader, for RFT. Billed by the hour of training: not priced."""


IN_WORDS: Final[Mapping[Form, tuple[str, str]]] = {
    Form.CHAT: (N_("messages"), N_("messages")),
    Form.COMPLETION: (N_("prompt and completion"), N_("prompts and completions")),
    Form.CLAUDE: (N_("messages with 'system' beside them"), N_("messages with 'system' beside them")),
    Form.BEDROCK: (N_("Bedrock's conversation format"), N_("Bedrock's conversation format")),
    Form.GEMINI: (N_("Gemini's format"), N_("Gemini's format")),
    Form.PAIRS: (N_("a preference pair"), N_("preference pairs")),
    Form.REINFORCEMENT: (N_("a prompt for reinforcement fine-tuning"), N_("prompts with grader fields")),
}
"""Form -> one record of it, and a file of them, in words."""

NOTES: Final[Mapping[Form, str]] = {
    Form.COMPLETION: N_(
        "prompt and completion: counted as a user's and an assistant's message (OpenAI and Azure tune "
        "today's models on messages: convert a copy for them)"
    ),
    Form.CLAUDE: N_(
        "'system' beside the messages, as Bedrock takes it for Claude: counted as a system message (other "
        "vendors take it as the first message: convert a copy for them)"
    ),
    Form.BEDROCK: N_(
        "Bedrock's conversation format: counted as messages (keep the file for Bedrock; convert a copy for "
        "other vendors)"
    ),
    Form.GEMINI: N_(
        "Gemini's format: counted as messages (keep the file for Google; convert a copy for other vendors)"
    ),
    Form.PAIRS: N_(
        "preference pairs (DPO): the prompt and both answers of each pair are counted, and only offers with "
        "DPO are priced"
    ),
}
"""Form -> what a reader of the figures must know of it."""


@dataclass(frozen=True, slots=True)
class ExampleContent:
    """What is counted of an example, as chat messages."""

    messages: tuple[Mapping[str, Any], ...]
    tools: tuple[Any, ...] = ()
    rejected: int = 0
    """The last messages that are the non-preferred answer of a pair."""
    low_detail_images: int = 0
    """Images with detail low, for which some models have a published number of tokens."""
    unsized_media: int = 0
    """Other images, videos and documents: the file does not tell their tokens."""


def form_of(record: Mapping[str, Any]) -> Form | None:
    """The form of a record by its fields; None where it is none of them."""
    keys = record.keys()
    if keys & {"preferred_output", "non_preferred_output"}:
        return Form.PAIRS
    if "messages" in keys:
        return _form_of_messages(record)
    if "contents" in keys:
        return Form.GEMINI
    if keys & {"prompt", "completion"} and unread_form(record) is None:
        return Form.COMPLETION
    return None


def _form_of_messages(record: Mapping[str, Any]) -> Form:
    if "schemaVersion" in record or isinstance(record.get("system"), list):
        return Form.BEDROCK
    if "system" in record:
        return Form.CLAUDE
    messages = record["messages"]
    last = messages[-1] if isinstance(messages, list) and messages else None
    if grader_fields(record) and isinstance(last, Mapping) and last.get("role") == "user":
        return Form.REINFORCEMENT
    return Form.CHAT


def grader_fields(record: Mapping[str, Any]) -> list[str]:
    """Fields that are none of OpenAI's chat format: in RFT the grader reads them."""
    return [key for key in record if key not in RECORD_KEYS]


def reinforcement_errors(record: Mapping[str, Any]) -> list[Message]:
    """One error: it is not priced."""
    return [
        message(
            "a prompt for reinforcement fine-tuning (RFT), with '{key}' for the grader: billed by the hour "
            "of training and not priced here (keep the file for an RFT job)",
            key=grader_fields(record)[0][:40],
        )
    ]


def unread_form(record: Mapping[str, Any]) -> Message | None:
    """The name of a known form that is not counted here, with what to do; None for any other record."""
    keys = record.keys()
    if keys >= {"chosen", "rejected"}:
        return message(
            "'chosen' and 'rejected': preference pairs of TRL, which are not counted here (convert a copy to "
            "input, preferred_output and non_preferred_output)"
        )
    if keys >= {"prompt", "completion"} and isinstance(record.get("label"), bool):
        return message(
            "'label': answers marked as good or bad (KTO), which are not priced here (keep the file for a "
            "KTO job)"
        )
    if "conversations" in keys:
        return message(
            "'conversations': the format of ShareGPT, which is not counted here (convert a copy to "
            '{{"messages": [...]}})'
        )
    if keys >= {"instruction", "output"}:
        return message(
            "'instruction' and 'output': the format of Alpaca, which is not counted here (convert a copy to "
            '{{"messages": [...]}})'
        )
    if "text" in keys:
        return message(
            "'text': plain text for continued pre-training, which is not priced here (count it by python -m "
            "costing tokens)"
        )
    return None
