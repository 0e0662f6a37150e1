"""Request features other than text: images, reasoning tokens, batch processing."""

from __future__ import annotations

from typing import Any

from i18n.errors import CrossoverError
from i18n.message import N_, message

from ..tokenization.tokens import TokenCount
from ..units import Unit
from ..workload.workload import Workload
from .base import Infeasible, knob, share
from .declarations import SettingGroup


def reasoning_knob() -> Any:
    """Tokens that a model thinks before it answers; every strategy declares it alike."""
    return knob(
        0,
        label=N_("Reasoning per answer"),
        unit=Unit.TOKENS,
        low=0,
        high=200_000,
        step=100,
        help=N_(
            "Thought before each answer, as the usage report of your tests counts them. Billed like output; "
            "not sent again. 0: the model does not reason."
        ),
    )


def batch_knob() -> Any:
    """The share of requests that may wait for the vendor's batch service."""
    return share(
        0.0,
        label=N_("By batch"),
        group=SettingGroup.CACHING,
        help=N_("Share of requests sent by the vendor's batch service: cheaper, answered within a day."),
    )


def image_count(workload: Workload, model: str) -> TokenCount | None:
    """All images of a question for that model; None where there are none.

    Raises Infeasible where nobody published how the model counts them: they are not free.
    """
    if workload.images is None or not workload.images.per_request:
        return None
    if not workload.images.has_rule(model):
        raise Infeasible(
            message(
                "{model}: no rule is published for the tokens of its images (choose another model, or "
                "set the images to 0)",
                model=model,
            )
        )
    try:
        return workload.images.tokens(model)
    except CrossoverError as error:
        raise Infeasible(*error.errors) from error
