"""Names of models as people and logs write them find one row, or a reason in one line."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from genai_prices.data import providers
from hypothesis import given
from hypothesis import strategies as st

from i18n.errors import CrossoverError
from i18n.message import Message
from pricing.catalogue import catalogue, our_id
from pricing.names.sellers import seller_of
from pricing.quote.model_names import Resolver
from pricing.quote.quote import Usage, quote
from pricing.rows import ModelPrice
from tests.support.factories import frozen_book

DAY = datetime(2026, 11, 22, tzinfo=UTC)
NAMES = frozen_book().names
RESOLVER = Resolver(frozen_book())

SONNET_AT_AWS = "bedrock/regional.anthropic.claude-sonnet-4-6-v1:0"
SONNET_4_5_AT_AWS = "bedrock/regional.anthropic.claude-sonnet-4-5-20250929-v1:0"
PROJECT = "projects/p/locations/us-central1"
BEDROCK_ARN = "arn:aws:bedrock:us-east-1:123456789012"


@pytest.mark.parametrize(
    ("model", "row", "usd"),
    [
        # 100,000 tokens in and 100,000 out: (input + output) / 10 USD, with the prices per Mtok of the row.
        ("ft:gpt-4.1-2025-04-14:acme::id", "openai/tuned-gpt-4.1", "1.5"),  # 3 + 12
        ("openai/ft:gpt-4.1-2025-04-14:my-org:example", "openai/tuned-gpt-4.1", "1.5"),
        ("openai:ft:gpt-4.1-2025-04-14:my-org:example", "openai/tuned-gpt-4.1", "1.5"),
        ("openai/ft:gpt-4o-mini-2024-07-18:acme:suffix:AbCd1234", "openai/tuned-gpt-4o-mini", "0.15"),
        ("FT:GPT-4.1-MINI-2025-04-14:ACME::ID", "openai/tuned-gpt-4.1-mini", "0.4"),  # 0.8 + 3.2
        ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", SONNET_4_5_AT_AWS, "1.98"),  # 3.3 + 16.5
        ("anthropic.claude-sonnet-4-6", SONNET_AT_AWS, "1.98"),
        ("eu.anthropic.claude-sonnet-4-6", SONNET_AT_AWS, "1.98"),
        ("EU.Anthropic.Claude-Sonnet-4-6", SONNET_AT_AWS, "1.98"),
        (f"{BEDROCK_ARN}:inference-profile/us.anthropic.claude-sonnet-4-6", SONNET_AT_AWS, "1.98"),
        ("arn:aws:bedrock:eu-west-1::foundation-model/anthropic.claude-sonnet-4-6", SONNET_AT_AWS, "1.98"),
        (f"bedrock/{BEDROCK_ARN}:inference-profile/eu.anthropic.claude-sonnet-4-6", SONNET_AT_AWS, "1.98"),
        ("bedrock/converse/us.anthropic.claude-sonnet-4-6", SONNET_AT_AWS, "1.98"),
        ("bedrock/us-west-2/anthropic.claude-sonnet-4-6", SONNET_AT_AWS, "1.98"),
        (
            "global.anthropic.claude-sonnet-4-6",
            "bedrock/global.anthropic.claude-sonnet-4-6-v1:0",
            "1.8",
        ),  # 3 + 15
        (f"{BEDROCK_ARN}:custom-model/amazon.nova-lite-v1:0:300k/a1b2", "bedrock/tuned-nova-lite", "0.03"),
        ("us.amazon.nova-micro-v1:0", "bedrock/amazon.nova-micro-v1:0", "0.0175"),  # 0.035 + 0.14
        ("gemini-2.5-pro", "google/gemini-2.5-pro", "1.125"),  # 1.25 + 10
        ("models/gemini-2.5-pro", "google/gemini-2.5-pro", "1.125"),
        ("models/gemini-2.5-pro:generateContent", "google/gemini-2.5-pro", "1.125"),
        ("publishers/google/models/gemini-2.5-pro", "google/gemini-2.5-pro", "1.125"),
        (f"{PROJECT}/publishers/google/models/gemini-2.5-pro", "google/gemini-2.5-pro", "1.125"),
        ("vertex_ai/gemini-2.5-pro", "google/gemini-2.5-pro", "1.125"),
        ("gemini/gemini-2.5-pro", "google/gemini-2.5-pro", "1.125"),
        ("google-gla:gemini-2.5-pro", "google/gemini-2.5-pro", "1.125"),
        ("google-vertex:gemini-2.5-pro", "google/gemini-2.5-pro", "1.125"),
        ("google/models/gemini-2.5-pro", "google/gemini-2.5-pro", "1.125"),
        ("gemini-2.5-flash-001", "google/gemini-2.5-flash", "0.28"),  # 0.3 + 2.5
        ("GPT-4o-mini", "openai/gpt-4o-mini", "0.075"),  # 0.15 + 0.6
        ("OpenAI/GPT-4o-mini", "openai/gpt-4o-mini", "0.075"),
        ("openai/gpt-4o-2024-08-06", "openai/gpt-4o", "1.25"),  # 2.5 + 10
        ("openai/gpt-4o-20240806", "openai/gpt-4o", "1.25"),
        ("gpt-4o-2024-05-13", "openai/gpt-4o-2024-05-13", "2"),  # 5 + 15
        ("gpt-4o-20240513", "openai/gpt-4o-2024-05-13", "2"),
        ("openai/responses/gpt-4o", "openai/gpt-4o", "1.25"),
        ("azure/global/gpt-4o", "openai/gpt-4o", "1.25"),
        ("claude-sonnet-4-6[1m]", "anthropic/claude-sonnet-4-6", "1.8"),
        ("anthropic/claude-sonnet-4-6@20260217", "anthropic/claude-sonnet-4-6", "1.8"),
        ("together_ai/openai/gpt-oss-120b", "together/openai/gpt-oss-120b", "0.075"),  # 0.15 + 0.6
        ("accounts/fireworks/models/gpt-oss-120b", "fireworks/gpt-oss-120b", "0.075"),
        ("litellm_proxy/openai/gpt-4o", "openai/gpt-4o", "1.25"),
    ],
)
def test_a_name_finds_its_row_and_price(model: str, row: str, usd: str) -> None:
    priced = quote(RESOLVER, model, Usage(100_000, output_tokens=100_000), DAY)
    assert (priced.row.id, priced.usd) == (row, Decimal(usd))


@pytest.mark.parametrize(
    ("provider", "model", "row"),
    [
        ("vertex_ai", "gemini-2.5-pro", "google/gemini-2.5-pro"),
        ("vertex", "gemini-2.5-pro", "google/gemini-2.5-pro"),
        ("azure", "gpt-35-turbo-16k", "openai/gpt-3.5-turbo-16k"),
        ("", "azure/gpt-35-turbo", "openai/gpt-3.5-turbo"),
        ("", "chatgpt-4o-latest", "openai/chatgpt-4o-latest"),
        ("", "text-embedding-3-small", "openai/text-embedding-3-small"),
        ("", "text-embedding-ada-002", "openai/text-embedding-ada-002"),
        ("", "us-gov.anthropic.claude-sonnet-4-6", SONNET_AT_AWS),  # listed with the regional price
        ("", "bedrock/us-gov-west-1/anthropic.claude-sonnet-4-6", SONNET_AT_AWS),
        ("vertex", "tuned-gemini-2.5-pro", "vertex/tuned-gemini-2.5-pro"),
        ("google-vertex", "gemini-2.5-pro", "google/gemini-2.5-pro"),
        ("gcp.vertex_ai", "gemini-2.5-pro", "google/gemini-2.5-pro"),
        ("gemini", "models/gemini-2.5-pro", "google/gemini-2.5-pro"),
        ("azure openai", "gpt-4.1", "openai/gpt-4.1"),
        ("azure", "azure/gpt-4.1", "openai/gpt-4.1"),
        ("amazon-bedrock", "anthropic.claude-sonnet-4-6", SONNET_AT_AWS),
        ("aws.bedrock", "us.anthropic.claude-sonnet-4-6", SONNET_AT_AWS),
        ("anthropic", "us.anthropic.claude-sonnet-4-6", SONNET_AT_AWS),
        ("OpenAI", "gpt-4.1", "openai/gpt-4.1"),
        ("openai", "GPT-4.1", "openai/gpt-4.1"),
        ("openai", "openai/gpt-4.1", "openai/gpt-4.1"),
        ("x_ai", "grok-4.7", "xai/grok-4.7"),
        ("voyageai", "voyage-4", "voyage/voyage-4"),
        ("openai", "ft:gpt-3.5-turbo-0125:acme::id", "openai/tuned-gpt-3.5-turbo"),
        ("openrouter", "openai/gpt-4.1", "openrouter/openai/gpt-4.1"),
        ("openai", "openrouter/openai/gpt-4.1", "openrouter/openai/gpt-4.1"),
        ("litellm", "openai/gpt-4.1", "openai/gpt-4.1"),
    ],
)
def test_a_provider_is_known_by_every_spelling(provider: str, model: str, row: str) -> None:
    assert NAMES.find(model, provider) == row


@pytest.mark.parametrize(
    ("provider", "model", "reason"),
    [
        ("", "openrouter/deepseek/deepseek-r1:free", "is not priced per token"),
        ("", "google/gemma-3-27b-it:free", "'openrouter/google/gemma-3-27b-it:free' is not priced per token"),
        ("", "whisper-1", "'openai/whisper-1' is not priced per token"),
        ("", "tts-1", "is not priced per token"),
        ("", "mistral-ocr-latest", "is not priced per token"),
        ("github_copilot", "gpt-4o", "'github-copilot/gpt-4o' is not priced per token"),
        ("", f"{BEDROCK_ARN}:provisioned-model/a1b2", "is not priced per token: its capacity"),
        ("", f"{BEDROCK_ARN}:application-inference-profile/a1b2", "does not say which model it is"),
        ("vertex_ai", f"{PROJECT}/endpoints/1234567890", "does not say which model it is"),
        ("", "gpt-oss-120b", "OpenAI does not sell it"),
        ("", "ft:gpt-4o-2024-11-20:acme::id", "no row for a fine-tuned 'gpt-4o-2024-11-20'"),
        # Claude 4.5 and later cost 10 % more in a region of Vertex AI, and no row holds that price.
        ("", f"{PROJECT}/publishers/anthropic/models/claude-sonnet-4-5@20250929", "in us-central1"),
        ("", "azure/eu/gpt-4o-2024-08-06", "in eu, where it may cost more"),
        # GovCloud has prices of its own, which no row holds.
        ("", "us-gov.anthropic.claude-3-haiku-20240307-v1:0", "in us-gov, where"),
        ("", "bedrock/us-gov-west-1/anthropic.claude-3-haiku-20240307-v1:0", "in us-gov-west-1, where"),
        (
            "",
            "arn:aws-us-gov:bedrock:us-gov-east-1::foundation-model/amazon.nova-pro-v1:0",
            "in us-gov-east-1",
        ),
    ],
)
def test_a_known_name_without_a_price_says_why(provider: str, model: str, reason: str) -> None:
    refused = NAMES.find(model, provider)
    assert isinstance(refused, Message)
    assert reason in str(refused)
    assert "\n" not in str(refused)


def global_at_bedrock() -> list[str]:
    """Names of models that Bedrock also sells by region: `anthropic.claude-sonnet-4-6-v1:0`."""
    start = "bedrock/global."
    return [row_id.removeprefix(start) for row_id in catalogue().histories if row_id.startswith(start)]


@pytest.mark.parametrize("name", global_at_bedrock())
def test_a_region_of_bedrock_costs_a_tenth_more_than_global(name: str) -> None:
    """AWS charges 10 % more for a region than globally from Claude 4.5 on; Claude Sonnet 4 costs the same."""
    histories = catalogue().histories
    assert NAMES.find(f"global.{name}") == f"bedrock/global.{name}"
    for geography in ("us.", "eu.", "au.", "jp.", "apac.", "in.", "US.", ""):
        assert NAMES.find(f"{geography}{name}") == f"bedrock/regional.{name}"
    (anywhere, region) = (histories[f"bedrock/{place}.{name}"][-1] for place in ("global", "regional"))
    assert isinstance(anywhere, ModelPrice)
    assert isinstance(region, ModelPrice)
    factor = Decimal(1) if "claude-sonnet-4-2025" in name else Decimal("1.1")
    assert region.input_usd_per_mtok == anywhere.input_usd_per_mtok * factor


def test_an_older_claude_costs_the_same_in_a_region() -> None:
    name = f"{PROJECT}/publishers/anthropic/models/claude-3-5-haiku@20241022"
    assert NAMES.find(name) == "google/claude-3-5-haiku"


@pytest.mark.parametrize("provider", ["azure", "openai", ""])
def test_azures_fine_tune_asks_how_it_is_deployed(provider: str) -> None:
    refused = NAMES.find("gpt-4.1-mini-2025-04-14.ft-0a1b2c3d4e", provider)
    assert "write one of azure/tuned-gpt-4.1-mini@global, azure/tuned-gpt-4.1-mini@eastus2" in str(refused)


def test_azures_fine_tune_with_one_row_is_that_row() -> None:
    assert NAMES.find("Ministral-3B.ft-0a1b2c3d4e", "azure") == "azure/tuned-ministral-3b@global"


@pytest.mark.parametrize(
    "model",
    [
        "command-a-plus-05-2026",
        "claude-sonnet-4-6-ultra",
        "gemini-2.5-pro-max",
        "gemini-2.5-flash-preview-04-17-thinking",  # its output had another price
        "gemini-3.8-flash-lite-9",
        "deepseek-v4-pro-9",
        "bedrock/amazon.nova-pro-v1:0-max",
        "openrouter/deepseek/deepseek-r1:nitro",
        "acme/gpt-4o",
        "ollama/llama3",
        "",
        "/",
        "ft:",
        ":free",
    ],
)
def test_an_unpriced_variant_is_not_priced_as_its_sibling(model: str) -> None:
    with pytest.raises(CrossoverError, match=r"^no model '") as error:
        RESOLVER.history(model)
    assert "did you mean" not in str(error.value)


SUFFIXES = ("-ultra", "-max", "-9", "x")


def test_no_row_takes_a_name_with_another_word_or_number_behind_it() -> None:
    for row_id in frozen_book().quoted:
        for suffix in SUFFIXES:
            assert not isinstance(NAMES.find(row_id + suffix), str), row_id + suffix


def test_every_id_is_its_own_name_in_upper_and_lower_case() -> None:
    for row_id in (*frozen_book().quoted, *catalogue().histories):
        assert NAMES.find(row_id) == row_id
        assert NAMES.find(row_id.upper()) == row_id


def test_every_model_of_the_package_is_found_or_refused_with_a_reason() -> None:
    """With the provider in a column: 234 of 235 without a price per token ended in a traceback."""
    unpriced = 0
    for provider in providers:
        for model in provider.models:
            row_id = NAMES.find(model.id, provider.id)
            assert row_id is not None, (provider.id, model.id)
            if our_id(provider.id, model.id) not in catalogue().histories:
                unpriced += 1
                key = RESOLVER.key(provider.id, model.id, "standard")
                assert isinstance(key, Message) or key[0], (provider.id, model.id)
    assert unpriced == 235


def test_every_provider_of_the_catalogue_is_a_known_seller() -> None:
    assert [provider.id for provider in providers if seller_of(provider.id) is None] == []


@given(st.text(max_size=60), st.text(max_size=20))
def test_no_text_ends_in_an_exception(model: str, provider: str) -> None:
    assert isinstance(NAMES.find(model, provider), str | Message | None)
    assert isinstance(NAMES.hint(model, provider), Message)


PIECES = (
    "openai/",
    "azure/",
    "bedrock/",
    "ft:",
    "arn:aws:bedrock:x:1:",
    "models/",
    ":",
    "::",
    "gpt-4o",
    ".ft-1",
)


@given(st.lists(st.sampled_from(PIECES), max_size=6))
def test_no_mixture_of_forms_ends_in_an_exception(pieces: list[str]) -> None:
    assert isinstance(NAMES.find("".join(pieces)), str | Message | None)


@pytest.mark.parametrize("name", ["openai/" * 900, "x" * 1_000_000, "ft:" * 20_000, "openai:" * 5_000])
def test_a_text_that_is_too_long_for_a_name_is_unknown_in_one_short_line(name: str) -> None:
    with pytest.raises(CrossoverError) as error:
        RESOLVER.history(name)
    (line,) = str(error.value).splitlines()
    assert line.startswith("no model '")
    assert len(line) < 200


def test_a_line_break_in_a_name_does_not_break_the_message() -> None:
    with pytest.raises(CrossoverError, match=r"^no model 'gpt-4 turbo max' \(see "):
        RESOLVER.history("gpt-4\nturbo\tmax")
