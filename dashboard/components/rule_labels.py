"""Texts of the shipped rules, for translation; a company's own rules are shown as written."""

from __future__ import annotations

from typing import Final

from i18n.message import N_

SENTENCES: Final = (
    N_("Knowledge that hardly changes can be trained into the model, which makes the prompt short."),
    N_("Knowledge that changes is better retrieved than trained in."),
    N_("Fine-tuning teaches the tone and retrieval brings the facts; both combine."),
    N_("A fixed tone or format is learned from examples."),
    N_("The knowledge changes faster than this option can take it up, so its answers would be out of date."),
    N_("Prompts would leave the machines that only you use; this requires self-hosting."),
    N_("Prompts would leave your premises; only servers that you own there keep them inside."),
    N_("The vendor may process prompts in any region."),
    N_("The data location is unknown; the option stays excluded until you enter what your contract says."),
    N_("Check that the named region is yours."),
    N_("Fine-tuning needs hundreds to thousands of examples."),
    N_("The training plan needs more examples than you have."),
    N_("The time to first token exceeds your limit."),
    N_("The time to first token is unknown; measure it before you decide."),
    N_("The time to complete answer exceeds your limit."),
    N_("The time to complete answer is unknown; measure it before you decide."),
    N_("It resolves fewer requests than your minimum."),
    N_("The automatic resolution rate is unknown; test it with your own questions."),
    N_("The vendor accepts no new customers for it."),
    N_("The vendor accepts no new customers for it; only existing customers can choose it."),
    N_("It ends within the horizon, so a replacement must be selected and tested."),
    N_("The vendor stops new training within the horizon, so the model cannot be retrained after that."),
    N_("Your own servers need staff to operate them."),
    N_("Less than 10% of the context window is free for longer texts."),
    N_("The tuned weights stay with the vendor; a move means training again."),
)
"""`says` of the rules in costing/scenario/decision_rules.yaml."""

SOURCES: Final = (
    N_("the article that quotes the 25 M claim"),
    N_("the update interval that the option declares"),
    N_("the price row or your own input"),
    N_("assessment of this project"),
    N_("settings of the scenario"),
    N_("the latency in the table above"),
    N_("your own test of its answers"),
    N_("the vendor's page in the price row"),
)
"""`source` of the rules."""
