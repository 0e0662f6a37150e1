"""Notes on a hosted model's bill: conversations, tools, batch processing."""

from __future__ import annotations

from collections.abc import Iterator

from i18n.message import Message, literal, message

from ..workload.workload import Prompt, Workload
from .hosted_model import CacheRules, Price, history_share


def conversation_notes(
    price: Price, prompt: Prompt, workload: Workload, rules: CacheRules, batch_share: float
) -> Iterator[Message]:
    """How the history is cached, how often tools make the model be called, what a batch is good for."""
    kept = prompt.prefix_tokens + max(call.kept_tokens for call in prompt.round_trips)
    is_worked_out = rules.in_use and rules.input_share is None
    if prompt.turns > 1 and is_worked_out and kept >= rules.min_tokens and batch_share < 1:
        yield message(
            "History is cached: a turn finds the conversation's last prompt warm with a chance of "
            "{share:.1%} ({gap:,.0f} s between turns on average, {ttl:,.0f} s of life).",
            share=history_share(workload.seconds_between_turns, rules.ttl_s),
            gap=workload.seconds_between_turns,
            ttl=rules.ttl_s,
        )
    if prompt.tool_calls:
        yield message(
            "With {calls:g} tool calls per request, {model} is called {times:g} times: each call sends the "
            "whole prompt again, with the calls and results so far.",
            calls=prompt.tool_calls,
            model=price.name,
            times=prompt.calls,
        )
    batch = price.service_tiers.batch
    if batch_share and batch is not None:
        if not rules.in_use:
            caching = literal("")
        elif batch.cached_input_usd_per_mtok is None:
            caching = message(" No cached price is known for it: its input is plain.")
        else:
            caching = message(" Its cached price holds for the shared prefix, not for history.")
        calls = len(prompt.round_trips)
        if calls > 1:
            yield message(
                "{share:.0%} of the requests go by batch, which may take a day for each call: up to {days} "
                "days for a conversation.{caching}",
                share=batch_share,
                days=calls,
                caching=caching,
            )
        else:
            yield message(
                "{share:.0%} of the requests go by batch, which may take a day: only where nobody "
                "waits.{caching}",
                share=batch_share,
                caching=caching,
            )
