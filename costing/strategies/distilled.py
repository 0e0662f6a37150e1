"""A small tuned model that learns from answers written by a large model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from i18n.message import N_, Message, message
from pricing.rows import Evidence, ModelPrice, lifecycle_of
from pricing.rows.names import full_name, model_label

from ..cost_lines import CERTAIN, Cadence, CostCategory, CostLine, PriceRef, weakest
from ..strategy.availability import check_on_sale
from ..strategy.base import knob, pick, switch
from ..strategy.common_knobs import image_count
from ..strategy.declarations import SettingGroup
from ..strategy.hosted_model import check_window, tier_for
from ..strategy.labels import option_label
from ..strategy.profile import PickRole, StrategyProfile
from ..strategy.tuned_model import TunedModelStrategy, knowledge_kept_share
from ..units import MONTHS_PER_YEAR, TOKENS_PER_MTOK, Unit
from ..workload.workload import Prompt, Workload


@dataclass(frozen=True, kw_only=True)
class Distilled(TunedModelStrategy):
    """Let a large model (the teacher) write training answers, tune a small one on them, and serve that.

    teacher tokens = examples / usable share x (whole prompt + question, and answer + reasoning) at the
    teacher's prices, once, and again at every retraining if the answers are written anew; training,
    hosting and tokens of the small model as of any tuned model, with the shorter prompt.
    """

    title = N_("Distilled")
    summary = N_("A large model writes training answers once; a small tuned model learns them and serves.")
    order = 8

    teacher: ModelPrice = pick(
        ModelPrice,
        role=PickRole.TRAINS,
        label=N_("Teacher"),
        help=N_("The large model that writes the training answers; it answers no request."),
    )
    usable_share: float = knob(
        0.8,
        label=N_("Usable training answers"),
        group=SettingGroup.TRAINING,
        unit=Unit.SHARE,
        low=0.05,
        high=1,
        step=0.05,
        help=N_("Share of the teacher's answers that pass review; the others are paid for, too."),
    )
    teacher_reasoning_tokens: int = knob(
        0,
        label=N_("Reasoning per training answer"),
        group=SettingGroup.TRAINING,
        unit=Unit.TOKENS,
        low=0,
        high=200_000,
        step=100,
        help=N_("Thought by the teacher before each answer. 0: it does not reason."),
    )
    rewrites_answers: bool = switch(
        False,
        label=N_("Write training answers anew"),
        group=SettingGroup.TRAINING,
        help=N_("At every retraining. Off: the first answers are kept and used again."),
    )
    knowledge_kept_share: float = knowledge_kept_share()

    @property
    def label(self) -> Message:
        source = message(
            "{vendor}, from {teacher}", vendor=self.offer.vendor, teacher=model_label(self.teacher.name)
        )
        return option_label(self.title, model_label(self.offer.name), source)

    @property
    def tokenizers(self) -> frozenset[str]:
        return frozenset({self.tokenizer, self.teacher.tokenizer})

    def prompt(self, workload: Workload) -> Prompt:
        return self.short_prompt(workload, knowledge_share=self.knowledge_kept_share)

    def teacher_prompt(self, workload: Workload) -> Prompt:
        """One question with the whole prompt: no history and no tools."""
        prompt = workload.prompt(
            self.teacher.tokenizer,
            image=image_count(workload, self.teacher.id),
            reasoning_tokens=self.teacher_reasoning_tokens,
        )
        return replace(prompt, turns=1, tool_calls=0.0)

    def lines(self, workload: Workload) -> Iterator[CostLine]:
        yield from self._teacher_lines(workload)
        yield from super().lines(workload)

    def _teacher_lines(self, workload: Workload) -> Iterator[CostLine]:
        """Cost of the teacher's answers; raises Infeasible where a request does not fit its window."""
        prompt = self.teacher_prompt(workload)
        check_window(self.teacher, prompt)
        rates = tier_for(self.teacher, prompt.input_tokens)
        answers = self.training_examples / self.usable_share
        thought_usd = rates.reasoning_usd_per_mtok
        parts = (
            (message("Teacher, input tokens"), prompt.input_tokens, rates.input_usd_per_mtok),
            (message("Teacher, output tokens"), prompt.answer_tokens, rates.output_usd_per_mtok),
            (
                message("Teacher, reasoning tokens"),
                prompt.reasoning_tokens,
                rates.output_usd_per_mtok if thought_usd is None else thought_usd,
            ),
        )
        bands = (prompt.input_band, prompt.output_band, CERTAIN)
        for (name, tokens, usd_per_mtok), band in zip(parts, bands, strict=True):
            if np.any(tokens):
                once = CostLine(
                    name=name,
                    category=CostCategory.TRAINING,
                    quantity=answers * tokens / TOKENS_PER_MTOK,
                    unit=Unit.MTOK,
                    usd_per_unit=float(usd_per_mtok),
                    cadence=Cadence.ONCE,
                    price=PriceRef.of(self.teacher),
                    quantity_evidence=weakest(prompt.evidence, Evidence.ESTIMATED),
                    quantity_note=prompt.counting_methods,
                    band=band,
                )
                yield once
                if self.rewrites_answers and self._retrains:
                    yield replace(
                        once,
                        name=message("{line}, at retraining", line=name),
                        quantity=once.quantity * self.retrainings_per_year / MONTHS_PER_YEAR,
                        cadence=Cadence.MONTHLY,
                    )

    def profile(self) -> StrategyProfile:
        profile = super().profile()
        lasting = profile.lasting_picks
        if self.rewrites_answers and self.retrainings_per_year:
            lasting |= {"teacher"}
        return replace(
            profile,
            knowledge=replace(profile.knowledge, prompt_share=self.knowledge_kept_share),
            lasting_picks=lasting,
        )

    def notes(self, workload: Workload, on: date, until: date) -> Iterator[Message]:
        yield message(
            "{teacher} writes {answers:,.0f} training answers, of which {share:.0%} are used. Some vendors "
            "forbid training another model on answers of theirs: check the terms.",
            teacher=self.teacher.name,
            answers=self.training_examples / self.usable_share,
            share=self.usable_share,
        )
        retires_on = lifecycle_of(self.teacher).retires_on
        if "teacher" in self.profile().lasting_picks and retires_on is not None and on < retires_on < until:
            yield message(
                "{ref} retires on {day}, within the horizon: another teacher must write the later answers. "
                "Its price is assumed to go on.",
                ref=full_name(self.teacher),
                day=retires_on.isoformat(),
            )
        yield from super().notes(workload, on, until)

    def check_startable(self, on: date) -> None:
        check_on_sale(self.teacher, on)
        super().check_startable(on)
