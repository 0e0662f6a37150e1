"""Model ranking: every model of the price book for this workload, to add as an option or to replace one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd
import streamlit as st

from costing.ranking.models import (
    ModelFilter,
    RankedModel,
    Ranking,
    added,
    rank_models,
    replaceable,
    used_instead,
)
from costing.scenario.scenario import MAX_STRATEGIES, Scenario, StrategyChoice, own_name
from frames.frame import records
from i18n.errors import CrossoverError
from i18n.message import Message, counted
from pricing.book import PriceBook
from pricing.rows.names import full_name, full_names

from .. import session as state
from ..components.control_errors import attempt, say
from ..components.downloads import frame_button
from ..components.frame_table import frame_table, heading_of, without_blank_columns
from ..components.page_frame import say_errors
from ..components.source_links import with_links
from ..components.steady_expander import steady_expander
from ..language import markdown_safe, render, t, translator
from .texts import LONGEST_RANKED

WINDOWS: Final = (0, 8_000, 32_000, 128_000, 200_000, 400_000, 1_000_000)
"""Context windows to choose from in tokens; 0 is any."""
MAX_DAYS: Final = 3_650

_ON_SCREEN: Final = (
    "rank model usd_per_month usd_per_1k_requests more_share context_window_tokens lifecycle retires_on "
    "data_location vendor strategy evidence checked_on made usd_per_month_low usd_per_month_high layer "
    "price_ref source counting_method amount_per_month amount_per_1k_requests currency"
).split()
"""Columns of the table on the screen, amounts first."""

_TABLE_PX: Final = 460
_MODEL_PX: Final = 180
"""Width of the names: a phone has room for the amounts beside them."""

_KEY: Final = "cheapest"
_KEPT: Final = "ranking"
_SHOWN: Final = "ranking_shown"
_LISTED: Final = "ranking_listed"
_NOTICE: Final = "ranking_notice"
_TARGET: Final = "rank_target"


def open_list() -> None:
    """Open the expander when the options are rendered next."""
    st.session_state[_KEY] = True


def show() -> None:
    """Render the expander; models are priced only while it is open."""
    drawer = steady_expander(t("Find the cheapest model"), _KEY, ":material/leaderboard:")
    if not drawer.open:
        st.session_state.pop(_KEPT, None)
        return
    with drawer:
        try:
            _ranking()
        except CrossoverError as error:
            say_errors(error)


def _ranking() -> None:
    scenario = state.scenario()
    if sum(len(part.text) for part in scenario.parts.values()) > LONGEST_RANKED:
        st.info(
            t(
                "The prompt is longer than {limit:,} characters; counting it for every model would take too "
                "long here. On the command line: python -m costing rank --workload FILE"
            ).format(limit=LONGEST_RANKED)
        )
        return
    catalogue = st.toggle(
        t("Include the genai-prices catalogue (about 2,000 more models)"),
        key="rank_catalogue",
        persist_state="session",
        help=t(
            "Prices of the genai-prices project, which we have not checked. The catalogue does not say which "
            "models are no longer sold."
        ),
    )
    with st.spinner(t("Pricing all models …"), show_time=False):
        ranking = _priced(scenario, state.book(), catalogue)
        wanted = _wanted(ranking)
        table, rejected = ranking.frame(wanted, translator()), ranking.rejected(wanted, translator())
    shown = ranking.meeting(wanted)
    names = full_names({model.price.id: model.price for model in ranking.candidates})
    st.session_state[_SHOWN] = [ranking.choice(model.price.id, model.way) for model in shown]
    st.caption(
        t(
            "Cost of this workload with each model, with the settings of your first option of the same "
            "strategy: {volume:,.0f} requests per day, prices of {day}. {shown:,} of {all:,} models match "
            "the filters."
        ).format(
            volume=scenario.requests_per_day,
            day=scenario.on.isoformat(),
            shown=len(table),
            all=len(ranking.fit),
        )
    )
    say(_KEY)
    notice = st.session_state.pop(_NOTICE, None)
    if notice is not None:
        st.success(notice, icon=":material/check:")
    if len(table):
        _take(scenario, shown, table, names)
        _table(scenario, table, names)
    else:
        st.info(t("No model matches all filters. Remove one."), icon=":material/filter_alt_off:")
    if len(rejected):
        _rejected(scenario, rejected, names)


def _table(scenario: Scenario, table: pd.DataFrame, names: Mapping[str, str]) -> None:
    on_screen, links = with_links(table[_ON_SCREEN])
    frame_table(
        without_blank_columns(on_screen),
        key="table_ranking",
        height=_TABLE_PX,
        buttons=_buttons(scenario),
        overrides={**links, **_named(table, names)},
    )
    frame_button(f"{scenario.id}-ranking", lambda: table, "csv_ranking")


def _named(table: pd.DataFrame, names: Mapping[str, str]) -> dict[str, Any]:
    """Cells of the models' names, which stay in view when the table is scrolled."""
    column = st.column_config.Column(heading_of("model"), pinned=True, width=_MODEL_PX)
    return {"model": ([names[row_id] for row_id in table["model"]], column)}


def _rejected(scenario: Scenario, rejected: pd.DataFrame, names: Mapping[str, str]) -> None:
    """Render the models that cannot be used, closed until the reader opens them."""
    title = counted(
        "{n} model cannot serve this workload: show why",
        "{n} models cannot serve this workload: show why",
        len(rejected),
    )
    if st.toggle(render(title), key=state.key("rank_rejected"), persist_state="session"):
        frame_table(
            rejected[["model", "reason", "context_window_tokens", "vendor", "strategy"]],
            "table_unfit",
            overrides=_named(rejected, names),
        )
        frame_button(f"{scenario.id}-unfit", lambda: rejected, "csv_unfit")


def _priced(scenario: Scenario, book: PriceBook, catalogue: bool) -> Ranking:
    """Cached ranking: a changed filter does not price anything again."""
    kept = st.session_state.get(_KEPT)
    if kept is not None and kept[0] == (scenario, catalogue) and kept[1] is book:
        ranking: Ranking = kept[2]
        return ranking
    priced = rank_models(scenario, book, catalogue=catalogue)
    st.session_state[_KEPT] = ((scenario, catalogue), book, priced)
    return priced


def _wanted(ranking: Ranking) -> ModelFilter:
    """Render the filters, all of them optional."""
    vendors_at, window_at, days_at = st.columns([2, 1, 1])
    with vendors_at:
        vendors = st.multiselect(
            t("Vendors"),
            ranking.vendors,
            key="rank_vendors",
            persist_state="session",
            placeholder=t("Any vendor"),
        )
    names = {size: t("any") if size == 0 else f"{size:,}" for size in WINDOWS}
    with window_at:
        window = st.selectbox(
            t("Context window of at least"),
            WINDOWS,
            format_func=names.__getitem__,
            key=state.key("rank_window"),
            persist_state="session",
            help=t("In tokens. A model with an unknown context window is left out."),
        )
    with days_at:
        days = st.number_input(
            t("Price checked within (days)"),
            min_value=0,
            max_value=MAX_DAYS,
            value=None,
            step=30,
            key="rank_days",
            persist_state="session",
            placeholder=t("any"),
        )
    with st.container(horizontal=True):
        open_only = st.toggle(t("Open to new customers"), key="rank_open", persist_state="session")
        lasting = st.toggle(
            t("Not retiring within the horizon"),
            key="rank_lasting",
            persist_state="session",
            help=t("By the retirement dates in the price list. A date that is not announced is not known."),
        )
        exact = st.toggle(
            t("Exact token counts only"),
            key="rank_exact",
            persist_state="session",
            help=t("Models whose own tokenizer counts these texts, without an estimate."),
        )
    regions: Sequence[str] = ()
    if ranking.regions:
        regions = st.multiselect(
            t("Region"), ranking.regions, key="rank_regions", placeholder=t("Any region")
        )
    known = set(ranking.vendors)
    return ModelFilter(
        vendors=tuple(vendor for vendor in vendors if vendor in known),
        min_window_tokens=window or None,
        open_only=open_only,
        lasting_only=lasting,
        counted_only=exact,
        checked_within_days=days,
        regions=tuple(regions),
    )


def _take(
    scenario: Scenario, shown: Sequence[RankedModel], table: pd.DataFrame, models: Mapping[str, str]
) -> None:
    """Render the choice of a model, cheapest first, to add as an option or to replace one."""
    is_full = len(scenario.strategies) >= MAX_STRATEGIES
    places = {
        place: f"{place + 1}. {_called(scenario, place, render(label))}" for place, label in _places(scenario)
    }
    names = [_name(row, models[row["model"]]) for row in records(table)]
    key = state.key("rank_model")
    if st.session_state.get(_LISTED) != names:  # in another list the cheapest is another
        st.session_state[_LISTED], st.session_state[key] = names, 0
    model_at, add_at = st.columns([3, 1], vertical_alignment="bottom")
    with model_at:
        at = st.selectbox(
            t("Model (cheapest first)"), range(len(shown)), format_func=names.__getitem__, key=key
        )
    with add_at:
        st.button(
            t("Add as an option"),
            key="rank_add",
            icon=":material/add:",
            on_click=_add,
            args=(at,),
            disabled=is_full,
            width="stretch",
        )
    if is_full:
        st.caption(
            t("{n} options are compared already, which is the maximum. Remove one, or replace one.").format(
                n=MAX_STRATEGIES
            )
        )
    if places:
        target_at, use_at = st.columns([3, 1], vertical_alignment="bottom")
        with target_at:
            st.selectbox(
                t("Option to replace"),
                list(places),
                format_func=places.__getitem__,
                key=state.key(_TARGET),
            )
        with use_at:
            st.button(
                t("Replace"),
                key="rank_use",
                icon=":material/swap_horiz:",
                on_click=_use,
                args=(at,),
                width="stretch",
            )


def _name(row: dict[str, Any], model: str) -> str:
    return t("{rank}. {model} · {strategy} · {amount} {currency} per month").format(
        rank=row["rank"],
        model=model,
        strategy=row["strategy"],
        amount=f"{row['amount_per_month']:,.2f}",
        currency=row["currency"],
    )


def _places(scenario: Scenario) -> list[tuple[int, Message]]:
    return list(replaceable(scenario, state.book().on(scenario.on)))


def _called(scenario: Scenario, place: int, label: str) -> str:
    return render(own_name(scenario.strategies[place].name)) or label


def _buttons(scenario: Scenario) -> dict[str, object]:
    """Buttons at the start of every row: add the model, or replace the option chosen above by it."""
    columns: dict[str, object] = {}
    if len(scenario.strategies) < MAX_STRATEGIES:
        columns[t("Add")] = st.column_config.ButtonColumn(
            "", key="rank_row_add", on_click=_row, args=("add",)
        )
    if _places(scenario):
        columns[t("Replace")] = st.column_config.ButtonColumn(
            "", key="rank_row_use", on_click=_row, args=("use",)
        )
    return columns


def _row(what: str) -> None:
    clicked = state.value(f"rank_row_{what}")
    if clicked is not None:
        (_add if what == "add" else _use)(clicked["row"])


def _choice(at: int) -> StrategyChoice | None:
    """The option of that row; None if the list has changed since the click."""
    shown: list[StrategyChoice] = st.session_state.get(_SHOWN, [])
    return shown[at] if 0 <= at < len(shown) else None


def _add(at: int) -> None:
    choice = _choice(at)
    if choice is not None and attempt(_KEY, lambda: added(state.scenario(), choice)):
        _add_notice(choice, t("{model} is in the comparison now. Undo removes it."))


def _use(at: int) -> None:
    choice, place = _choice(at), st.session_state.get(state.key(_TARGET))
    if choice is None or place is None or place >= len(state.scenario().strategies):
        return
    if attempt(_KEY, lambda: used_instead(state.scenario(), place, choice)):
        _add_notice(choice, t("{model} replaces the option. Undo brings it back."))


def _add_notice(choice: StrategyChoice, template: str) -> None:
    """Store a notice to show once; a toast from a fragment would replace the style sheet in the page."""
    prices = state.book().on(state.scenario().on)
    name = full_name(prices.model(str(choice.settings["model"])))
    st.session_state[_NOTICE] = template.format(model=markdown_safe(name))
