"""Texts of the shipped rules, for translation; a company's own rules are shown as written."""

from __future__ import annotations

from typing import Final

from i18n.message import N_

SENTENCES: Final = (
    N_("Knowledge that hardly changes can be trained into a model, and the prompt gets short."),
    N_("Knowledge that changes is better searched than trained in."),
    N_("Tuning teaches the manner and a search brings the facts; both combine."),
    N_("A tone or a format that every answer must keep is learnt from examples."),
    N_("The knowledge changes faster than it gets into this strategy, so its answers would be out of date."),
    N_("Prompts would leave the machines that are yours alone; privacy asks for servers of your own."),
    N_("Prompts would leave your house; only servers that you own and keep there do not send them out."),
    N_("The vendor may process prompts in any region."),
    N_("Where prompts are processed is not known; it stays ruled out until you state what a contract says."),
    N_("Check that the region named is yours."),
    N_("A fine-tune needs hundreds to thousands of examples."),
    N_("The plan trains on more examples than you have."),
    N_("Its answers begin later than your limit."),
    N_("How soon its answers begin is not known; measure it before you choose."),
    N_("Its answers are complete later than your limit."),
    N_("When its answers are complete is not known; measure it before you choose."),
    N_("It resolves fewer requests than your floor."),
    N_("How many requests it resolves is not known; test it on your own questions."),
    N_("The vendor takes no new customers for it."),
    N_("The vendor takes no new customers for it; only existing ones can choose it."),
    N_("It retires within the horizon, so a successor must be found and tested."),
    N_("The vendor starts no new training before the horizon ends, so the model can never be renewed."),
    N_("Servers of your own need somebody who keeps them running."),
    N_("Less than a tenth of the context window is free for longer texts."),
    N_("Tuned weights stay with the vendor; to move means to train again."),
)
"""`says` of the rules in costing/scenario/decision_rules.yaml."""

SOURCES: Final = (
    N_("the article that quotes the 25 M claim"),
    N_("the cadence that the strategy itself declares"),
    N_("the price row, or what you stated"),
    N_("the judgement of this project"),
    N_("the scenario's own settings"),
    N_("the latency in the table, with its evidence"),
    N_("your own test of its answers"),
    N_("the vendor's page named in the price row"),
)
"""`source` of the rules."""
