"""Inputs of tools, images and retries, and of the pauses in a conversation."""

from __future__ import annotations

from typing import Final

import streamlit as st

from costing.tokenization.images import DETAILS
from i18n.message import N_

from .. import session as state
from ..language import t
from .inputs import apply_field, scenario_number

DETAIL_LABELS: Final = {"low": N_("low"), "high": N_("high"), "auto": N_("auto")}


def turns() -> None:
    """Render the number of turns, and the pause between them, which decides whether a cache is still warm."""
    scenario_number(
        "turns",
        "turns",
        t("Turns per conversation"),
        step=1,
        help=t("Each turn sends the earlier ones again."),
    )
    if state.scenario().turns > 1:
        scenario_number(
            "seconds_between_turns",
            "gap",
            t("Seconds between turns"),
            step=10,
            help=t(
                "On average, from an answer to the next question. A pause longer than a vendor's cache lives "
                "makes the history cost its full price again."
            ),
        )


def tools() -> None:
    """Render the inputs of tool calls; without a call there are no further ones."""
    scenario = state.scenario()
    scenario_number(
        "tool_calls_per_request",
        "tool_calls",
        t("Tool calls per request"),
        step=1,
        help=t(
            "How often the model calls a tool before it answers. Each call is one more round trip that sends "
            "the whole prompt again. 1.5: half of the requests make a second call."
        ),
    )
    if scenario.tool_calls_per_request:
        scenario_number(
            "tool_call_tokens",
            "tool_call_tokens",
            t("Tokens of a tool call"),
            step=10,
            help=t("What the model writes to call it, as output. In o200k_base."),
        )
        scenario_number(
            "tool_result_tokens",
            "tool_result_tokens",
            t("Tokens of a tool's result"),
            step=50,
            help=t("What comes back, as input of the next call and of all later ones. In o200k_base."),
        )


def images() -> None:
    """Render the inputs of images; without an image there are no further ones."""
    scenario_number(
        "images_per_request",
        "images",
        t("Images per request"),
        step=1,
        help=t(
            "Counted by each vendor's published rule. A model without one cannot be priced: images are "
            "not free."
        ),
    )
    if state.scenario().images_per_request:
        _image()


def retries() -> None:
    """Render the share of tries that fail."""
    scenario_number(
        "retry_share",
        "retries",
        t("Retries (%)"),
        step=0.01,
        is_percent=True,
        help=t(
            "Share of tries that fail and are sent again, all their tokens billed: 5% makes 1 / 0.95 "
            "tries of every request."
        ),
    )


def _image() -> None:
    width, height = st.columns(2)
    with width:
        scenario_number("image_width_px", "image_width", t("Width (px)"), step=64)
    with height:
        scenario_number("image_height_px", "image_height", t("Height (px)"), step=64)
    key = state.key("image_detail")
    st.selectbox(
        t("Detail"),
        DETAILS,
        index=DETAILS.index(state.seed(key, state.scenario().image_detail)),
        format_func=lambda detail: t(DETAIL_LABELS[detail]),
        key=key,
        on_change=apply_field,
        args=("image_detail", key),
        help=t("How closely the vendor looks at an image, where it has such a setting."),
    )
