"""Options editor: what is compared, with the declared settings in groups, the main ones first."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import replace
from typing import Final

import streamlit as st

from costing.scenario.range_edit import renumbered
from costing.scenario.scenario import MAX_STRATEGIES, StrategyChoice, own_name
from costing.strategies import registered
from costing.strategy.base import Knob, Pick, Setting, SettingGroup
from i18n.errors import CrossoverError
from pricing.rows import ModelPrice
from pricing.rows.names import by_name, full_names

from .. import session as state
from ..components.inputs import knob_input, knob_value
from ..components.steady_expander import steady_expander
from ..language import markdown_safe, render, t
from . import model_ranking, training_data

KNOBS_A_ROW: Final = 4


def show() -> None:
    """Render every option in an expander of its own, and inputs to add one."""
    model_ranking.show()
    choices = state.scenario().strategies
    for index, choice in enumerate(choices):
        kind = registered()[choice.strategy]
        key = f"strategy_{index}"
        drawer = steady_expander(
            markdown_safe(f"{index + 1}. {render(own_name(choice.name)) or _label(choice)}"), key
        )
        if drawer.open:
            with drawer:
                st.caption(t(kind.summary))
                if any(pick.is_tuned_model for pick in kind.picks().values()):
                    st.caption(t("Your own training data sets these numbers: see Training data below."))
                _strategy(index, choice)
    _add(len(choices))
    training_data.show()


def _label(choice: StrategyChoice) -> str:
    """Name on the cards; kind and picks if the strategy cannot be built."""
    kind = registered()[choice.strategy]
    try:
        return render(kind.build(choice.settings, state.book().on(state.scenario().on)).label)
    except CrossoverError:
        picked = " · ".join(str(choice.settings.get(name, "")) for name in kind.required_picks())
        return f"{t(kind.title)} · {picked}"


def _strategy(index: int, choice: StrategyChoice) -> None:
    kind = registered()[choice.strategy]
    declared = kind.knobs()
    picks = kind.picks()
    instead = [other for wanted in picks.values() for other in wanted.or_else]
    for name, wanted in kind.required_picks().items():
        if wanted.or_else:
            _optional_pick(index, name, wanted, choice)
        else:
            _pick(index, name, wanted, choice)
    for name in instead:
        if picks[name].matters(choice.settings, declared):
            _optional_pick(index, name, picks[name], choice)
    _knobs(index, SettingGroup.MAIN, choice)
    for name, wanted in picks.items():
        if wanted.is_optional and name not in instead and wanted.matters(choice.settings, declared):
            _optional_pick(index, name, wanted, choice)
    for group in SettingGroup:
        if group is not SettingGroup.MAIN and _in_group(group, choice):
            drawer = st.expander(t(group.value), key=f"group_{index}_{group.name}", on_change="rerun")
            if drawer.open:
                with drawer:
                    _knobs(index, group, choice)
    key = f"name_{index}"
    st.text_input(
        t("Own name"),
        value=state.seed(key, choice.name),
        key=key,
        on_change=_apply_name,
        args=(index, key),
        placeholder=t("Blank: named after its model"),
    )
    with st.container(horizontal=True):
        st.button(
            t("Duplicate"),
            key=f"duplicate_{index}",
            icon=":material/content_copy:",
            on_click=_duplicate,
            args=(index,),
            disabled=len(state.scenario().strategies) >= MAX_STRATEGIES,
        )
        st.button(
            t("Remove"),
            key=f"remove_{index}",
            icon=":material/delete:",
            on_click=_remove,
            args=(index,),
            disabled=len(state.scenario().strategies) <= 1,
        )


def _pick(index: int, name: str, wanted: Pick, choice: StrategyChoice) -> None:
    prices = state.book().on(state.scenario().on)
    rows = prices.rows(wanted.kind)
    chosen = str(choice.settings.get(name, ""))
    key = f"pick_{index}_{name}"
    options = set(rows)
    if wanted.kind is ModelPrice and st.toggle(
        t("Also the models of the catalogue"),
        key=f"catalogue_{key}",
        help=t(
            "Some 2,000 more models, priced by the genai-prices catalogue and not checked by us; every line "
            "priced by it says so."
        ),
    ):
        options.update(prices.catalogue_ids())
    _row_choice(index, name, wanted, {*options, chosen}, full_names(rows), chosen, key)


def _optional_pick(index: int, name: str, wanted: Pick, choice: StrategyChoice) -> None:
    rows = state.book().on(state.scenario().on).rows(wanted.kind)
    chosen = str(choice.settings.get(name) or "")
    key = state.key(f"pick_{index}_{name}")
    _row_choice(index, name, wanted, {"", *rows, chosen}, {"": t("none"), **full_names(rows)}, chosen, key)


def _row_choice(
    index: int, name: str, wanted: Pick, options: Set[str], names: Mapping[str, str], chosen: str, key: str
) -> None:
    """Render the choice of a price row, by name; a blank id, for none, is first."""
    listed = by_name(options, names)
    st.selectbox(
        t(wanted.label),
        listed,
        index=listed.index(state.seed(key, chosen)),
        format_func=lambda row_id: names.get(row_id, row_id),
        key=key,
        on_change=_apply_setting,
        args=(index, name, key),
        help=t(wanted.help),
    )


def _in_group(group: SettingGroup, choice: StrategyChoice) -> list[tuple[str, Knob]]:
    """Knobs of a group that have an effect under the option's settings."""
    declared = registered()[choice.strategy].knobs()
    return [
        (name, knob)
        for name, knob in declared.items()
        if knob.group is group and knob.matters(choice.settings, declared)
    ]


def _knobs(index: int, group: SettingGroup, choice: StrategyChoice) -> None:
    knobs = _in_group(group, choice)
    for start in range(0, len(knobs), KNOBS_A_ROW):
        columns = st.columns(KNOBS_A_ROW, vertical_alignment="bottom")
        for column, (name, knob) in zip(columns, knobs[start : start + KNOBS_A_ROW], strict=False):
            with column:
                current = choice.settings.get(name, knob.default)
                knob_input(f"knob_{index}_{name}", knob, current, _apply_knob, (index, name, knob))


def _apply_knob(key: str, index: int, name: str, knob: Knob) -> None:
    choice = state.scenario().strategies[index]
    _change(index, replace(choice, settings={**choice.settings, name: knob_value(key, knob)}))


def _change(index: int, changed: StrategyChoice) -> None:
    state.put(state.scenario().with_strategy(index, changed))


def _apply_setting(index: int, name: str, key: str) -> None:
    choice = state.scenario().strategies[index]
    value: Setting = state.value(key)
    settings = {**choice.settings, name: value}
    kind = registered()[choice.strategy]
    if not value and name in kind.picks() and kind.picks()[name].or_else:
        settings = kind.expand_pick(choice.settings, name, state.book().on(state.scenario().on))
    _change(index, replace(choice, settings=settings))


def _apply_name(index: int, key: str) -> None:
    _change(index, replace(state.scenario().strategies[index], name=state.value(key).strip()))


def _duplicate(index: int) -> None:
    scenario = state.scenario()
    strategies = list(scenario.strategies)
    strategies.insert(index + 1, strategies[index])
    kept = renumbered(scenario, lambda place: place if place <= index else place + 1)
    state.put(replace(kept, strategies=tuple(strategies)))


def _remove(index: int) -> None:
    scenario = state.scenario()
    kept = renumbered(scenario, lambda place: None if place == index else place - (place > index))
    state.put(replace(kept, strategies=scenario.strategies[:index] + scenario.strategies[index + 1 :]))


def _add(count: int) -> None:
    titles = {strategy_id: t(kind.title) for strategy_id, kind in registered().items()}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            t("Add an option"),
            list(titles),
            format_func=titles.__getitem__,
            key=state.key("add_kind"),
        )
        st.button(
            t("Add"),
            key="add",
            icon=":material/add:",
            on_click=_append,
            disabled=count >= MAX_STRATEGIES,
            help=t("Up to {n} options side by side").format(n=MAX_STRATEGIES),
        )


def _append() -> None:
    scenario = state.scenario()
    kind = registered()[state.value(state.key("add_kind"))]
    prices = state.book().on(scenario.on)
    settings: dict[str, Setting] = {
        name: next(iter(prices.rows(pick.kind))) for name, pick in kind.required_picks().items()
    }
    state.put(replace(scenario, strategies=(*scenario.strategies, StrategyChoice(kind.id(), settings))))
