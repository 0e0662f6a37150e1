"""Table of the options as HTML: cost with a bar, break-even, confidence, first token, data, warnings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Final

from costing.comparison.breakeven import Breakeven
from costing.comparison.compare import Comparison, Outcome
from costing.comparison.endings import option_in_use
from costing.comparison.option_labels import option_labels
from costing.comparison.resolution import counts_people, ranked, ranked_usd, resolved, shown
from costing.cost_lines import Cadence, CostLine, rounded_usd
from costing.decision.facts import data_place, latency
from costing.decision.headline import amount_text, usd_per_1k_requests
from costing.decision.near_equality import about_equal
from costing.decision.option_warnings import option_warnings
from costing.reports.comparison import token_band
from costing.uncertainty.confidence import Confidence

from .. import session as state
from ..figures.palette import DARK, palette
from ..language import in_brackets, render, t, tn
from .answer import OPEN_OPTIONS, badge_html, confidence_of, headline_of, models_of

UNKNOWN: Final = "–"


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell with its class and the heading that stands before it on a phone."""

    html: str
    name: str
    heading: str


def html(comparison: Comparison) -> str:
    """The table, cheapest first; a row opens its cost lines. Empty without a feasible option."""
    if not comparison.feasible:
        return ""
    return (
        f'<table class="options-table"><thead><tr>{_head(comparison)}</tr></thead>'
        f"<tbody>{''.join(_rows(comparison))}{_last_row(comparison)}</tbody></table>{_below(comparison)}"
    )


def _headings(comparison: Comparison) -> dict[str, str]:
    """Heading of each column after the option."""
    currency = comparison.currency.code
    return {
        "amount": t("{currency} per month").format(currency=currency),
        "against": t("Against the best"),
        "each": t("{currency} per 1,000 requests").format(currency=currency),
        "breakeven": t("Break-even volume"),
        "sure": t("Confidence"),
        "first": t("First token"),
        "data": t("Data location"),
    }


def _head(comparison: Comparison) -> str:
    headings = [t("Option"), *_headings(comparison).values()]
    return "".join(f'<th scope="col">{escape(heading)}</th>' for heading in headings)


def _rows(comparison: Comparison) -> Iterator[str]:
    options, labels = shown(comparison), option_labels(comparison)
    colours = palette(render(outcome.name) for outcome in comparison.outcomes).options
    best = headline_of(comparison).recommended or options[0]
    most = max(float(outcome.usd_per_month) for outcome in options) or 1.0
    in_use = option_in_use(comparison)
    headings = _headings(comparison)
    breakeven, simulation = state.breakeven_of(comparison), confidence_of(comparison)
    for outcome in options:
        colour = _both_themes(colours[render(outcome.name)])
        marks = []
        if outcome is best and ranked(comparison):
            marks.append(t("recommended"))
        if in_use is outcome:
            marks.append(t("in use today"))
        if outcome.strategy.is_reference:
            marks.append(t("reference"))
        tags = "".join(f' <span class="tag">{escape(mark)}</span>' for mark in marks)
        cells = [
            _Cell(_bar(comparison, outcome, most, colour), "amount", headings["amount"]),
            _Cell(_against(comparison, outcome, best, simulation), "against", headings["against"]),
            _Cell(_each(comparison, outcome), "each", headings["each"]),
            _Cell(_breakeven(comparison, breakeven, outcome, best), "breakeven", headings["breakeven"]),
            _Cell(_confidence(comparison, outcome, simulation), "sure", headings["sure"]),
            _Cell(escape(_first_token(comparison, outcome)), "first", headings["first"]),
            _Cell(escape(render(data_place(outcome.strategy).text)), "data", headings["data"]),
        ]
        yield (
            f'<tr{" class=best" if outcome is best else ""}><th scope="row">'
            f'<i style="background:{colour}"></i>{escape(render(labels[outcome.name].full))}{tags}'
            f"{_badges(comparison, outcome)}{_why(comparison, outcome)}</th>"
            + "".join(
                f'<td class="{cell.name}" data-heading="{escape(cell.heading)}">{cell.html}</td>'
                for cell in cells
            )
            + "</tr>"
        )


def _both_themes(colour: str) -> str:
    """A colour of the palette as CSS that follows the theme, as the figures do."""
    return f"light-dark({colour}, {DARK.get(colour, colour)})"


def _badges(comparison: Comparison, outcome: Outcome) -> str:
    badges = "".join(badge_html(warning) for warning in option_warnings(comparison, outcome))
    return f'<div class="badges">{badges}</div>' if badges else ""


def _bar(comparison: Comparison, outcome: Outcome, most: float, colour: str) -> str:
    share = float(outcome.usd_per_month) / most
    amount = escape(comparison.currency.text(outcome.usd_per_month))
    return f'<b>{amount}</b><i class="bar" style="width:{share:.1%};background:{colour}"></i>'


def _against(comparison: Comparison, outcome: Outcome, best: Outcome, simulation: Confidence | None) -> str:
    """The difference to the recommended option, in the currency and in percent."""
    if outcome is best or outcome.strategy.is_reference:
        return UNKNOWN
    own, its = ranked_usd(comparison, outcome), ranked_usd(comparison, best)
    cheaper, costlier = (outcome, best) if own < its else (best, outcome)
    amount = f"{'+' if own >= its else '−'}{comparison.currency.text(abs(own - its))}"
    if its:
        amount = in_brackets(amount, f"{float(own / its - 1):+.0%}".replace("-", "−"))
    note = ""
    if about_equal(cheaper, costlier, simulation):
        note = _small(t("about equal"))
    return f"{escape(amount)}{note}"


def _each(comparison: Comparison, outcome: Outcome) -> str:
    currency = comparison.currency
    each = escape(amount_text(currency.of_float(usd_per_1k_requests(comparison, outcome))))
    cost = resolved(comparison, outcome)
    if cost is None or cost.usd_per_resolved_request is None:
        return each
    template = t("{amount} per resolved request")
    if counts_people(comparison):
        template = t("{amount} per resolved request with staff")
    note = template.format(amount=amount_text(currency.of_float(cost.usd_per_resolved_request)))
    return f"{each}{_small(note)}"


def _breakeven(comparison: Comparison, result: Breakeven, outcome: Outcome, best: Outcome) -> str:
    """From or up to which volume it is cheapest, or cheaper than the recommended option."""
    volume = comparison.scenario.requests_per_day
    if outcome.name == best.name:
        starts = [start for start, _ in result.winners]
        ends = [*starts[1:], None]
        for start, end, (_, name) in zip(starts, ends, result.winners, strict=True):
            if name == best.name and start <= volume and (end is None or volume < end):
                return escape(_range_text(start if start > starts[0] else None, end))
        return UNKNOWN
    crossings = [
        crossing
        for pair in result.pairs
        if {pair.first.name, pair.second.name} == {outcome.name, best.name}
        for crossing in pair.crossings
    ]
    above = min((c.requests_per_day for c in crossings if c.requests_per_day > volume), default=None)
    below = max((c.requests_per_day for c in crossings if c.requests_per_day <= volume), default=None)
    if outcome.usd_per_month < best.usd_per_month:
        return escape(_range_text(below, above))
    if above is None and below is None:
        return escape(t("never cheaper"))
    return escape(_range_text(above, None) if above is not None else _range_text(None, below))


def _range_text(start: float | None, end: float | None) -> str:
    if start is None and end is None:
        return t("at every volume")
    if start is None:
        return t("up to {volume} per day").format(volume=f"{end:,.0f}")
    if end is None:
        return t("from {volume} per day").format(volume=f"{start:,.0f}")
    return t("{low} to {high} per day").format(low=f"{start:,.0f}", high=f"{end:,.0f}")


def _confidence(comparison: Comparison, outcome: Outcome, simulation: Confidence | None) -> str:
    text = UNKNOWN
    if simulation is not None and not outcome.strategy.is_reference:
        text = t("cheapest in {share:.0%}").format(share=simulation.cheapest_share(outcome))
    band = token_band(comparison, outcome)
    note = t("±{share:.0%} tokens").format(share=band.share) if band.share else ""
    return f"{escape(text)}{_small(note)}"


def _small(note: str) -> str:
    return f"<small>{escape(note)}</small>" if note else ""


def _first_token(comparison: Comparison, outcome: Outcome) -> str:
    fact = next(iter(latency(comparison, outcome.strategy)))
    if not isinstance(fact.value, int | float):
        return UNKNOWN
    return f"{fact.value:,.0f} ms"


def _why(comparison: Comparison, outcome: Outcome) -> str:
    """The cost lines of a month with their total; one-time costs spread over the horizon."""
    currency = comparison.currency
    lines = "".join(_line(comparison, line) for line in outcome.lines)
    total = currency.of_float(float(outcome.usd_per_month))
    summary, last = t("Why this cost"), t("Total per month")
    return (
        f'<details data-option="{escape(str(outcome.name))}"><summary>{escape(summary)}</summary>'
        f"<table>{lines}<tr class=total><td>{escape(last)}</td><td></td>"
        f"<td>{total:,.2f}</td></tr></table></details>"
    )


def _line(comparison: Comparison, line: CostLine) -> str:
    currency, months = comparison.currency, comparison.scenario.horizon_months
    price = currency.of_float(float(line.usd_per_unit))
    how = f"{float(line.quantity):,.4g} {t(line.unit)} × {price:,.6g}"
    if line.cadence == Cadence.ONCE:
        how = t("{how}, once, over {months} months").format(how=how, months=months)
    amount = currency.of_float(float(rounded_usd(float(line.usd_per_month(months)))))
    return f"<tr><td>{escape(render(line.name))}</td><td>{escape(how)}</td><td>{amount:,.2f}</td></tr>"


def _last_row(comparison: Comparison) -> str:
    known = models_of(comparison)
    if known is None:
        return ""
    count, usd = known
    currency = comparison.currency
    text = tn(
        "{n} more model from {amount} {currency} per month: browse",
        "{n} more models from {amount} {currency} per month: browse",
        count,
    ).format(n=count, amount=f"{currency.of_float(usd):,.0f}", currency=currency.code)
    link = f'<a href="#" data-open="{OPEN_OPTIONS}">{escape(text)}</a>'
    return f'<tr class="more"><td colspan="{len(_headings(comparison)) + 1}">{link}</td></tr>'


def _below(comparison: Comparison) -> str:
    text = t(
        "{currency} per month at this volume, at the prices of {day}. One-time costs are spread over "
        "{months} months. Costs only: test whether an option answers well enough."
    ).format(
        currency=comparison.currency.code,
        day=comparison.scenario.on.isoformat(),
        months=comparison.scenario.horizon_months,
    )
    return f'<p class="below">{escape(text)}</p>'
