"""The request as the open model of a fleet gets it."""

from __future__ import annotations

from dataclasses import dataclass

from i18n.message import N_
from pricing.rows import OpenModel

from ..strategy.base import share
from ..strategy.common_knobs import image_count, reasoning_knob
from ..strategy.configurable import Configurable
from ..strategy.declarations import SettingGroup
from ..workload.workload import Prompt, Workload


@dataclass(frozen=True, kw_only=True)
class OpenModelPrompt(Configurable):
    """Tokens of a request in the open model's tokenizer.

    prompt = instructions, examples and knowledge, each times its share that is kept, + question; a tuned
    model needs less of them. Answer and reasoning are output.
    """

    instruction_kept_share: float = share(
        1.0,
        label=N_("Instructions still in the prompt"),
        group=SettingGroup.PROMPT,
        help=N_("1 for a base model; less if the open model is tuned on them."),
    )
    example_kept_share: float = share(
        1.0,
        label=N_("Examples still in the prompt"),
        group=SettingGroup.PROMPT,
        help=N_("1 for a base model; less if the open model is tuned on them."),
    )
    knowledge_kept_share: float = share(
        1.0,
        label=N_("Knowledge still in the prompt"),
        group=SettingGroup.PROMPT,
        help=N_("1 for a base model; less if the open model is tuned on them."),
    )
    reasoning_tokens: int = reasoning_knob()

    @property
    def is_shortened(self) -> bool:
        """Whether it leaves anything out, which then must have been trained in."""
        return min(self.instruction_kept_share, self.example_kept_share, self.knowledge_kept_share) < 1

    def of(self, workload: Workload, model: OpenModel) -> Prompt:
        """Raises Infeasible where the model's tokens of an image are not known."""
        return workload.prompt(
            model.tokenizer,
            instruction_share=self.instruction_kept_share,
            example_share=self.example_kept_share,
            knowledge_share=self.knowledge_kept_share,
            image=image_count(workload, model.id),
            reasoning_tokens=self.reasoning_tokens,
        )
