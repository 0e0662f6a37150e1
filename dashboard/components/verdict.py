"""Verdict: one sentence and a cost card per strategy as HTML, and the notes about them."""

from __future__ import annotations

from html import escape
from typing import Final

import streamlit as st

from costing.comparison.compare import Comparison, Outcome
from costing.comparison.resolution import counts_people, ranked_usd, resolved, shown
from costing.comparison.verdict import caveat, horizon_verdict, people_note, verdict
from costing.reports import comparison as report
from i18n.message import Message

from ..figures import comparison as charts
from ..language import markdown_safe, render, t

_NOTES: Final = "notes"


def words(comparison: Comparison) -> str:
    """HTML of the verdict sentence and its caveats."""
    parts = [f"<h4>{escape(render(verdict(comparison)))}</h4>"]
    for icon, note in (
        ("group", people_note(comparison)),
        ("lock", caveat(comparison)),
        ("event_upcoming", horizon_verdict(comparison)),
    ):
        if note is not None:
            parts.append(
                f'<p><span class="icon" aria-hidden="true" translate="no">{icon}</span> '
                f"{escape(render(note))}</p>"
            )
    rate = comparison.currency.rate(comparison.scenario.on)
    if rate is not None:
        parts.append(f'<p class="rate">{escape(render(rate))}</p>')
    return "".join(parts)


def cards(comparison: Comparison) -> str:
    """HTML of a card per strategy, cheapest first, and what the amounts are; one element for all."""
    ranked, currency = shown(comparison), comparison.currency
    colour = charts.colours([render(outcome.name) for outcome in comparison.outcomes])
    made: list[str] = []
    people = counts_people(comparison)
    for place, outcome in enumerate(ranked):
        notes: list[str] = []
        if not place:
            notes.append(t("cheapest"))
        elif not outcome.strategy.is_reference:  # a reference has its own note, and may cost less
            more = currency.text(ranked_usd(comparison, outcome) - ranked_usd(comparison, ranked[0]))
            template = t("{amount} more a month with people") if people else t("{amount} more a month")
            notes.append(template.format(amount=more))
        resolution = resolved(comparison, outcome)
        if resolution is not None and resolution.usd_per_resolved_request is not None:
            each = currency.of_float(resolution.usd_per_resolved_request)
            notes.append(t("{amount:,.4g} per resolved request").format(amount=each))
        badge = outcome.strategy.badge(comparison.workload)
        if badge is not None:
            notes.append(render(badge))
        notes.append(t(outcome.evidence))
        band = report.token_band(comparison, outcome)
        if band.share:
            notes.append(t("± {share:.0%} tokens").format(share=band.share))
        amount = f"{currency.text(outcome.usd_per_month)} {currency.code}"
        name = render(outcome.name)
        made.append(
            f'<div class="card{"" if place else " best"}"><div class="who">'
            f'<i style="background:{colour[name]}"></i>{escape(name)}</div>'
            f'<div class="usd">{escape(amount)}</div>'
            f'<div class="more">{escape(" · ".join(notes))}</div></div>'
        )
    below = t(
        "{currency} a month at this volume, at the prices of {day}; what is paid once is spread over "
        "{months} months. Costs only: whether a strategy answers well enough is for you to test."
    ).format(
        currency=currency.code,
        day=comparison.scenario.on.isoformat(),
        months=comparison.scenario.horizon_months,
    )
    return f'<div class="cards">{"".join(made)}</div><p class="below">{escape(below)}</p>'


def show_besides(comparison: Comparison) -> None:
    """Render why strategies are not possible, and the notes about the others."""
    for outcome in comparison.outcomes:
        if outcome.infeasible_reason is not None:
            st.warning(
                markdown_safe(
                    t("{strategy} is not possible: {reason}").format(
                        strategy=render(outcome.name), reason=render(outcome.infeasible_reason)
                    )
                ),
                icon=":material/block:",
            )
    notes = _notes(comparison)
    if not notes:
        return
    drawer = st.expander(
        t("What to know ({n})").format(n=len(notes)), icon=":material/info:", key=_NOTES, on_change="rerun"
    )
    if drawer.open:
        with drawer:
            for outcome, note in notes:
                st.markdown(f"- **{markdown_safe(render(outcome.name))}**: {markdown_safe(render(note))}")


def _notes(comparison: Comparison) -> list[tuple[Outcome, Message]]:
    return [(outcome, note) for outcome in comparison.feasible for note in outcome.notes]
