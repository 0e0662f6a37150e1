"""Images in the messages of a training example, in OpenAI's chat format.

Source: https://developers.openai.com/api/docs/guides/vision-fine-tuning.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from i18n.message import Message, message

from ..tokenization.images import DETAILS


def image_details(item: Any) -> list[str]:
    """The detail of each image of a message, `auto` where none is set."""
    content = item.get("content") if isinstance(item, Mapping) else None
    images = (
        [part.get("image_url") for part in content if _is_image(part)] if isinstance(content, list) else []
    )
    return [str(image.get("detail", "auto")) if isinstance(image, Mapping) else "auto" for image in images]


def without_images(item: Mapping[str, Any]) -> Mapping[str, Any]:
    """A message without its images."""
    if not image_details(item):
        return item
    return {**item, "content": [part for part in item["content"] if not _is_image(part)]}


def image_errors(part: Mapping[str, Any], role: Any) -> Iterator[Message]:
    """Errors of an image in a message of that role."""
    image = part.get("image_url")
    url = image.get("url") if isinstance(image, Mapping) else None
    if not isinstance(url, str) or not url.startswith(("https://", "http://", "data:image/")):
        yield message('image_url: no address of an image (write {{"url": "https://..."}}, or a data URL)')
    if isinstance(image, Mapping) and image.get("detail", "auto") not in DETAILS:
        yield message(
            "image_url: detail '{value}' (one of {known})",
            value=str(image["detail"])[:40],
            known=", ".join(DETAILS),
        )
    if role != "user":
        yield message("an image in a message that is not the user's (put it into a user's message)")


def _is_image(part: Any) -> bool:
    return isinstance(part, Mapping) and part.get("type") == "image_url"
