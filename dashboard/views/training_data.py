"""Training data in the strategies view: errors, tokens, cost and savings of a fine-tuning file."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Final

import streamlit as st

from costing.currency import Currency, currency_on
from costing.currency_notes import in_currency
from costing.fine_tuning.apply import apply_training_data, own_tokenizers
from costing.fine_tuning.cost import Job, jobs, tokenizers, training_costs
from costing.fine_tuning.lengths import length_counts, lengths
from costing.fine_tuning.savings import Savings, assumed_epochs, savings, todays, tuned
from costing.fine_tuning.tokens import TrainingData, measured
from costing.fine_tuning.training_file import MAX_KEPT, TrainingFile
from costing.reports.fine_tuning import tuning_savings, verdict
from costing.scenario import library
from costing.scenario.scenario import Scenario, own_name
from costing.strategies import registered
from frames.frame import frame
from frames.registry import columns
from i18n.errors import CrossoverError
from i18n.message import N_, message
from pricing.book import PricesOnDay
from pricing.rows.names import full_name

from .. import session as state
from ..components.control_errors import attempt, say
from ..components.downloads import frame_button
from ..components.figure import figure
from ..components.frame_table import frame_table
from ..components.page_frame import say_errors
from ..components.section import section
from ..figures import training as training_figures
from ..figures.palette import palette
from ..language import markdown_safe, render, t, translator

MAX_BYTES: Final = 20_000_000
"""Maximum size; counting more would block the page for long."""

_USE: Final = "training_use"

KINDS: Final = (N_("error"), N_("warning"))


FINDING_COLUMNS: Final = columns("at_line kind what")
"""A fault or a warning; its line is missing where it is of the whole file."""


def show() -> None:
    """Render the expander; it works only while it is open."""
    drawer = st.expander(
        t("Training data: check a file and see what fine-tuning on it costs and saves"),
        icon=":material/model_training:",
        key="training_data",
        on_change="rerun",
    )
    if not drawer.open:
        return
    with drawer:
        _hand_in()
        scenario = state.scenario()
        prices = state.book().on(scenario.on)
        data = _counted(scenario, prices)
        if data is None:
            return
        _findings(data.file)
        if not data.examples:
            return
        try:
            _figures(data, scenario, prices)
        except CrossoverError as error:
            say_errors(error)


def _hand_in() -> None:
    st.caption(
        t(
            "A fine-tuning file (JSONL) in the format of OpenAI, Amazon Bedrock or Gemini, prompts with "
            "completions, or preference pairs. It stays on this server, is only counted, and is deleted with "
            "this session."
        )
    )
    upload = st.file_uploader(
        t("A .jsonl file with one example per line, up to {limit} MB").format(limit=MAX_BYTES // 1_000_000),
        type=["jsonl", "json", "txt"],
        key="upload_training",
        on_change=_take_upload,
        max_upload_size=MAX_BYTES // 1_000_000,
    )
    if upload is not None and upload.size > MAX_BYTES:
        problem = message(
            "{place}: {size_mb:,.1f} MB, more than {limit:,.0f} MB (on the command line: python -m costing "
            "training FILE)",
            place=upload.name,
            size_mb=upload.size / 1e6,
            limit=MAX_BYTES / 1e6,
        )
        say_errors(CrossoverError(problem))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            t("Try an example"),
            key="training_example",
            icon=":material/play_arrow:",
            on_click=_take_example,
        )
        st.download_button(
            t("Example file"),
            data=library.training_example,
            file_name=library.TRAINING_EXAMPLE,
            mime="application/jsonl",
            key="training_example_file",
            on_click="ignore",
            icon=":material/download:",
            type="tertiary",
        )


def _take_upload() -> None:
    upload = state.value("upload_training")
    fits = upload is not None and upload.size <= MAX_BYTES
    state.session().training = state.Training(upload.name, upload) if fits else None


def _take_example() -> None:
    content = BytesIO(library.training_example())
    state.session().training = state.Training(library.TRAINING_EXAMPLE, content)


def _counted(scenario: Scenario, prices: PricesOnDay) -> TrainingData | None:
    """Data read from the file; read again if another day or strategy needs another tokenizer."""
    training = state.session().training
    if training is None:
        return None
    wanted = tokenizers(prices, own_tokenizers(scenario, prices))
    if training.data is not None and {row.id for row in wanted} <= training.data.families.keys():
        return training.data
    size = training.content.seek(0, 2)
    training.content.seek(0)
    words = t("Reading {name}").format(name=markdown_safe(training.name))
    bar = st.progress(0.0, words)

    def show_progress(done: int) -> None:
        bar.progress(min(1.0, done / max(1, size)), words)

    training.data = measured(training.content, training.name, wanted, show_progress)
    bar.empty()
    return training.data


def _findings(file: TrainingFile) -> None:
    summary = t("{name}: {examples:,} valid examples, {faults:,} errors, {warnings:,} warnings").format(
        name=markdown_safe(file.name),
        examples=file.examples,
        faults=file.errors,
        warnings=file.warnings,
    )
    if file.errors:
        st.error(summary, icon=":material/error:")
        st.caption(
            t("Vendors reject a file with errors. The figures below count only the lines without errors.")
        )
    elif file.warnings:
        st.warning(summary, icon=":material/warning:")
    else:
        st.success(summary, icon=":material/check:")
    if not file.doubles_looked_for:
        st.caption(t("Duplicates were searched for among the first examples only."))
    if not file.kept:
        return
    table = frame(
        FINDING_COLUMNS,
        [
            {
                "at_line": finding.line or None,
                "kind": "warning" if finding.is_warning else "error",
                "what": render(finding.what),
            }
            for finding in file.kept
        ],
    )
    frame_table(table, "table_training_findings")
    if file.errors + file.warnings > len(table):
        st.caption(t("The first {n:,} are listed.").format(n=MAX_KEPT))
    frame_button("training-findings", lambda: table, "csv_training_findings")


def _figures(data: TrainingData, scenario: Scenario, prices: PricesOnDay) -> None:
    spread = lengths(data)
    with st.container(horizontal=True, gap="large"):
        for label, tokens in (
            (t("Total tokens"), float(data.lengths.sum())),
            (t("Median example"), spread.p50),
            (t("95th percentile"), spread.p95),
            (t("Longest"), spread.longest),
        ):
            st.metric(label, f"{tokens:,.0f}", width="content")
    section(
        t("Length of the examples"),
        t(
            "In o200k_base with the chat format. On average the system message has {system:,.0f} tokens, the "
            "question {question:,.0f}, the answer {answer:,.0f}."
        ).format(system=data.mean.system, question=data.mean.question, answer=data.mean.answer),
    )
    counts = length_counts(data)
    figure(
        training_figures.example_lengths(counts, palette()),
        key="chart_training_lengths",
        alt=t("Bars: number of training examples by their length in tokens"),
        height=280,
    )
    frame_button("training-lengths", lambda: counts, "csv_training_lengths")
    epochs = assumed_epochs(scenario)
    training_jobs = jobs(data, prices, assumed_epochs=epochs)
    currency = currency_on(scenario.currency, prices)
    _costs(training_jobs, epochs, currency)
    st.button(
        t("Use in the comparison"),
        key=_USE,
        icon=":material/input:",
        type="primary",
        on_click=_use,
        args=(data, training_jobs, prices),
        help=t(
            "Sets the number of examples, billed tokens and epochs of every fine-tuned option. Undo "
            "reverts it."
        ),
    )
    say(_USE)
    _saving(data, training_jobs, scenario, prices)


def _costs(training_jobs: Sequence[Job], epochs: int, currency: Currency) -> None:
    section(
        t("Training cost by vendor"),
        t(
            "One-off, for every offer that accepts new jobs on the day of the prices. OpenAI bills the chat "
            "format too; for other vendors the texts alone are estimated with a range. Epochs: OpenAI's "
            "published rule; for others {epochs}, as the fine-tuned option is set."
        ).format(epochs=epochs),
    )
    table = training_costs(training_jobs, translator(), currency)
    frame_table(table, "table_training_costs")
    frame_button("training-costs", lambda: table, "csv_training_costs")


def _use(data: TrainingData, training_jobs: Sequence[Job], prices: PricesOnDay) -> None:
    attempt(_USE, lambda: apply_training_data(state.scenario(), data, training_jobs, prices))


def _saving(
    data: TrainingData, training_jobs: Sequence[Job], scenario: Scenario, prices: PricesOnDay
) -> None:
    section(
        t("Savings from fine-tuning"),
        t(
            "Compared with today's prompt, at {requests:,.0f} requests per day. The effect of a smaller "
            "model's prices has its own column; test whether its answers are good enough."
        ).format(requests=scenario.requests_per_day),
    )
    places = todays(scenario)
    place: int | None = None
    if len(places) > 1:
        names = {index: _name(scenario, index, prices) for index in places}
        place = st.selectbox(
            t("Today's prompt"),
            places,
            format_func=lambda index: names[index],
            key=state.key("training_today"),
            help=t("The option that is in use today."),
        )
    saved = savings(data, training_jobs, scenario, prices, place)
    currency = currency_on(scenario.currency, prices)
    st.markdown(_sentences(saved, scenario, currency))
    table = tuning_savings(saved, translator(), currency)
    frame_table(table, "table_training_savings")
    frame_button("training-savings", lambda: table, "csv_training_savings")


def _name(scenario: Scenario, index: int, prices: PricesOnDay) -> str:
    choice = scenario.strategies[index]
    label = registered()[choice.strategy].build(choice.settings, prices).label
    return f"{index + 1}. {render(own_name(choice.name) if choice.name else label)}"


def _sentences(saved: Savings, scenario: Scenario, currency: Currency) -> str:
    """Sentences: the user's own offer first, then what is no longer sent, and why."""
    own = tuned(scenario)
    wanted = str(own.settings.get("offer")) if own is not None else ""
    saving = next((x for x in saved.savings if x.job.offer.id == wanted), next(iter(saved.savings), None))
    lines: list[str] = []
    if saving is not None:
        sentence = render(in_currency(verdict(saving, saved.horizon_months), currency))
        lines.append(f"**{markdown_safe(full_name(saving.job.offer))}**: {markdown_safe(sentence)}")
        lines.append(
            t(
                "{currency} per month: {today:,.2f} today, {shorter:,.2f} less by the shorter prompt, "
                "{prices:+,.2f} by the fine-tuned model's prices, {hosting:,.2f} hosting, {retraining:,.2f} "
                "retraining: {tuned:,.2f} fine-tuned."
            ).format(
                currency=currency.code,
                today=currency.of(saving.today_usd),
                shorter=currency.of(saving.shorter_prompt_usd),
                prices=currency.of(saving.other_prices_usd),
                hosting=currency.of(saving.hosting_usd),
                retraining=currency.of(saving.retraining_usd),
                tuned=currency.of(saving.tuned_usd),
            )
        )
    kept = saved.kept
    shares = {
        "today": markdown_safe(render(saved.compared_with)),
        "tokens": saved.prompt_tokens,
        "short": saved.short_prompt_tokens,
        "instructions": kept.instruction,
        "examples": kept.example,
        "knowledge": kept.knowledge,
    }
    if kept.is_own:
        lines.append(
            t(
                "A request of {today} has {tokens:,.0f} prompt tokens; {short:,.0f} are still needed: "
                "instructions {instructions:.0%}, examples {examples:.0%}, knowledge {knowledge:.0%}, as the "
                "fine-tuned option is set."
            ).format(**shares)
        )
    else:
        lines.append(
            t(
                "A request of {today} has {tokens:,.0f} prompt tokens; {short:,.0f} are still needed: "
                "instructions {instructions:.0%}, as long as the examples' system message; examples "
                "{examples:.0%}; knowledge {knowledge:.0%}."
            ).format(**shares)
        )
    lines.append(
        t(
            "No longer sent with each request: {examples:,.0f} tokens of examples, {instructions:,.0f} of "
            "instructions, {knowledge:,.0f} of knowledge."
        ).format(
            examples=saved.dropped.examples,
            instructions=saved.dropped.instructions,
            knowledge=saved.dropped.knowledge,
        )
    )
    lines.append(
        t(
            "The examples' system message has {system:,.0f} tokens, your instructions {instructions:,.0f}: "
            "send a fine-tuned model the system message that it was trained with."
        ).format(system=saved.system_tokens, instructions=saved.instruction_tokens)
    )
    return "  \n".join(lines)
