"""Reads a written model name: who sells it, which model, and where, by its form alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from i18n.message import Message, message

from .sellers import API_FLAVOURS, MAKERS, seller_of, spelling


@dataclass(frozen=True, slots=True)
class WrittenName:
    """A reading of a name: `seller` is the first part of our ids, blank where the name does not tell."""

    seller: str
    model: str
    location: str = ""
    """The vendor's region, where the name holds it."""


_ARN: Final = re.compile(
    r"arn:aws[\w-]*:bedrock:(?P<region>[\w-]*):\d*:(?P<kind>[\w-]+)/(?P<rest>.+)", re.IGNORECASE
)
_PUBLISHED: Final = re.compile(
    r"(?:^|/)(?:locations/(?P<location>[^/]+)/)?publishers/(?P<publisher>[^/]+)/models/(?P<model>[^/]+)$",
    re.IGNORECASE,
)
_PROJECT: Final = re.compile(r"(?:^|/)projects/[^/]+/(?:locations/[^/]+/)?(?:endpoints|models|tunedModels)/")
_METHOD: Final = re.compile(
    r":(?:(?:stream)?(?:generateContent|rawPredict)|predict|countTokens)$", re.IGNORECASE
)
_BEDROCK: Final = re.compile(
    r"(?:(?P<geography>us|eu|apac|jp|au|ca|in|sa|us-gov|global|regional)\.)?"
    r"(?P<maker>ai21|amazon|anthropic|cohere|deepseek|google|luma|meta|minimax|mistral|moonshot|moonshotai|nvidia|"
    r"openai|qwen|stability|twelvelabs|writer|zai)\.[a-z]",
    re.IGNORECASE,
)
"""https://docs.aws.amazon.com/bedrock/latest/userguide/models-supported.html,
.../inference-profiles-support.html."""

_ROUTES: Final = {
    "bedrock": re.compile(
        r"(?:(?:converse|converse_like|invoke|nova|llama|deepseek_r1|bedrock|[a-z]{2}(?:-gov)?-[a-z]+-\d)/)+",
        re.IGNORECASE,
    ),
    "azure": re.compile(r"(?:(?:global|global-standard|o_series|gpt5_series|responses)/)+", re.IGNORECASE),
    "openai": re.compile(r"(?:(?:responses|chat)/)+", re.IGNORECASE),
    "vertex": re.compile(r"(?:(?:models|gemini|google)/)+", re.IGNORECASE),
    "google": re.compile(r"(?:(?:models|google)/)+", re.IGNORECASE),
}
"""Parts of a path that LiteLLM and the vendors write before a model and that do not change its price."""

_OPENROUTER: Final = re.compile(
    r"[^:]+/[^:]+:(?:free|nitro|floor|online|exacto|extended|thinking|beta)", re.IGNORECASE
)
"""https://openrouter.ai/docs/faq#what-are-model-variants."""

GOVCLOUD: Final = "us-gov."
"""Geography of Bedrock's ids in AWS GovCloud."""
_REGION: Final = re.compile(r"(?:^|/)([a-z]{2}(?:-gov)?-[a-z]+-\d)/", re.IGNORECASE)

_NO_MODEL: Final = frozenset(
    {"application-inference-profile", "custom-model-deployment", "prompt-router", "default-prompt-router"}
)
_BY_THE_HOUR: Final = frozenset({"provisioned-model", "provisioned-model-v2", "imported-model"})

_DATE: Final = r"20[2-3]\d-?(?:0[1-9]|1[0-2])-?(?:0[1-9]|[12]\d|3[01])"
_SNAPSHOT: Final = re.compile(rf"(?:[-@]{_DATE}|@(?:default|latest|\d{{3}}))$")
_COMPACT: Final = re.compile(r"-(20[2-3]\d)([01]\d)([0-3]\d)$")
_GOOGLE_SNAPSHOT: Final = re.compile(r"-00\d$")


def readings(provider: str, model: str) -> tuple[WrittenName, ...] | Message:
    """What a name may mean, the likeliest first; or why it names no priced model.

    `provider` is the log's column, blank where there is none.
    """
    column = seller_of(provider) if provider.strip() else ""
    return _read(spelling(provider) if column is None else column, _METHOD.sub("", model.strip()))


def other_snapshots(seller: str, model: str) -> Iterator[str]:
    """The name with its day in hyphens (gpt-4o-20240806), and without its day (claude-opus-4@20250514)."""
    hyphens = _COMPACT.sub(r"-\1-\2-\3", model)
    if hyphens != model:
        yield hyphens
    short = _SNAPSHOT.sub("", model)
    if short == model and seller in ("", "google", "vertex"):
        short = _GOOGLE_SNAPSHOT.sub("", model)
    if short not in (model, ""):
        yield short


def _read(seller: str, text: str) -> tuple[WrittenName, ...] | Message:
    arn = _ARN.fullmatch(text.partition("bedrock/")[2] if text.lower().startswith("bedrock/arn:") else text)
    if arn is not None:
        return _of_arn(text, arn)
    published = _PUBLISHED.search(text)
    if published is not None:
        name = published["model"]
        location = published["location"] or ""
        return (WrittenName("vertex", name, "" if location.lower() == "global" else location),)
    if _PROJECT.search(text) or text.startswith("tunedModels/"):
        return _names_no_model(text)
    named = _by_form(seller, text)
    if named is not None:
        return (named,)
    head, colon, rest = text.partition(":")
    if colon and "/" not in head and spelling(head) != "ft":
        owner = seller_of(head)
        if owner is not None and seller in ("", owner):
            return _read(owner, rest)
    return _of_path(seller, text)


def _by_form(seller: str, text: str) -> WrittenName | None:
    """A name whose form belongs to one seller."""
    bedrock = _BEDROCK.match(text)
    if bedrock is not None and seller in ("", "bedrock", *MAKERS):
        return _at_bedrock(text, "")
    if seller == "":
        if text.lower().startswith("models/"):
            return WrittenName("google", text.partition("/")[2])
        if text.lower().startswith("accounts/fireworks/"):
            return WrittenName("fireworks", text)
        if _OPENROUTER.fullmatch(text) and not text.lower().startswith("openrouter/"):
            return WrittenName("openrouter", text)
    return None


def _of_path(seller: str, text: str) -> tuple[WrittenName, ...] | Message:
    whole = (WrittenName(seller, text),)
    head, slash, rest = text.partition("/")
    owner = seller_of(head) if slash and rest else None
    if owner is None or (seller and not owner):
        return _at_seller(seller, text)
    if seller in ("", owner) or {seller, owner} == {"google", "vertex"}:
        inner = _read(owner, rest)
        return inner if isinstance(inner, Message) else (*inner, *(whole if seller == owner else ()))
    at_seller = _at_seller(seller, text)
    other = _read(seller if owner in MAKERS and seller not in API_FLAVOURS else owner, rest)
    if isinstance(at_seller, Message) or isinstance(other, Message):
        return at_seller if isinstance(at_seller, Message) else other
    return (*at_seller, *other)


def _at_seller(seller: str, text: str) -> tuple[WrittenName, ...] | Message:
    """The model behind the parts of a path that belong to this seller."""
    if seller == "bedrock" and re.search(r"(?:^|/)\d+-month-commitment/", text, re.IGNORECASE):
        return _by_the_hour(text)
    route = _ROUTES[seller].match(text) if seller in _ROUTES else None
    model = text[route.end() :] if route is not None else text
    if route is not None and seller == "bedrock" and model.lower().startswith("arn:"):
        return _read(seller, model)
    zone = re.match(r"(?:eu|us)/", model, re.IGNORECASE) if seller == "azure" else None
    if zone is not None:
        return (WrittenName(seller, model[zone.end() :], zone[0][:-1].lower()),)
    if seller == "bedrock" and route is not None:
        region = _REGION.search(route[0])
        return (_at_bedrock(model, region[1] if region else ""),)
    if seller == "azure":
        model = re.sub("^gpt-35-", "gpt-3.5-", model, flags=re.IGNORECASE)
    return (WrittenName(seller, model),)


def _of_arn(text: str, arn: re.Match[str]) -> tuple[WrittenName, ...] | Message:
    kind, rest = arn["kind"].lower(), arn["rest"]
    if kind in _NO_MODEL:
        return _names_no_model(text)
    if kind in _BY_THE_HOUR:
        return _by_the_hour(text)
    if kind == "custom-model":
        return (WrittenName("bedrock", f"{kind}/{rest}", arn["region"]),)
    return (_at_bedrock(rest, arn["region"]),)


def _at_bedrock(model: str, region: str) -> WrittenName:
    """A model of Bedrock; in AWS GovCloud with its geography, wherever that was written."""
    is_gov = model.lower().startswith(GOVCLOUD) or region.lower().startswith("us-gov-")
    if not is_gov:
        return WrittenName("bedrock", model, region)
    bare = model[len(GOVCLOUD) :] if model.lower().startswith(GOVCLOUD) else model
    return WrittenName("bedrock", f"{GOVCLOUD}{bare}", region or GOVCLOUD.rstrip("."))


def _names_no_model(text: str) -> Message:
    return message("'{name}' does not say which model it is (write the model's own id)", name=text)


def _by_the_hour(text: str) -> Message:
    return message(
        "'{name}' is not priced per token: its capacity is bought by the hour (leave it out)", name=text
    )
