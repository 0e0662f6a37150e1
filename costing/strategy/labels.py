"""Option labels: `Strategy · model (vendor or machine)`."""

from __future__ import annotations

from i18n.message import Message, message


def option_label(strategy: str, model: str | Message, place: str | Message) -> Message:
    """`strategy` is a text of the catalogue, as a strategy's title; `place` the vendor or the machine."""
    return message("{strategy} · {model} ({place})", strategy=message(strategy), model=model, place=place)


def short_option_label(strategy: str, model: str | Message) -> Message:
    """The label without vendor and machine, for repeats."""
    return message("{strategy} · {model}", strategy=message(strategy), model=model)
