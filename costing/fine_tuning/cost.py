"""Training cost of a file at every vendor that takes a job on a day."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final, Literal

import pandas as pd

from frames.frame import frame
from frames.registry import columns
from i18n.errors import CrossoverError
from i18n.message import N_, Message, Translate, counted, listed, message, plain
from pricing.book import PricesOnDay
from pricing.rows import (
    CLOSED_STATES,
    Evidence,
    LifecycleState,
    Tokenizer,
    TrainingPrice,
    TunedPrice,
    lifecycle_of,
    state_label,
)

from ..cost_lines import rounded_usd, weakest
from ..currency import DOLLAR, Currency
from ..strategy.availability import check_trains
from ..strategy.base import Infeasible, Knob, Setting
from ..strategy.tuned_model import Trained, TunedModelStrategy, job
from ..tokenization.chat_format import default_epochs, is_checked
from ..tokenization.tokens import REFERENCE_ENCODING
from .record_form import Form
from .tokens import Billed, TrainingData, billed

UNKNOWN_TOKENIZER: Final = "unknown"
"""Tokenizer id of training that is priced by a class of models."""

KNOWN_RULE: Final = "OpenAI"
"""The vendor whose choice of epochs is published (costing/tokenization/chat_format.py)."""

EpochsFrom = Literal["set", "vendor's rule", "assumed"]
EPOCHS_FROM: Final = (N_("set"), N_("vendor's rule"), N_("assumed"))
LONGER: Final = (N_("cut"), N_("left out"), N_("not known"))
"""Treatment of an example beyond the limit. Where it is unknown, tokens beyond it are not counted."""
SERVED: Final = (N_("by the vendor"), N_("on rented GPUs"))

_LONGER: Final[Mapping[str | None, str]] = {"cut": "cut", "dropped": "left out"}


@dataclass(frozen=True, slots=True)
class Job:
    """Training of one offer on a file; what it costs is None, and why, where that is not known."""

    offer: Trained
    billed: Billed
    epochs: int
    epochs_from: EpochsFrom
    usd: Decimal | None
    usd_low: Decimal | None
    usd_high: Decimal | None
    note: Message | None
    """Why it has no price."""
    evidence: Evidence
    state: LifecycleState | None = None
    """On the day of the prices; None: not known."""
    left_out: int = 0
    """Images and other media whose tokens are not in it."""

    @property
    def notes(self) -> list[Message]:
        """What a reader of the amount must know."""
        if self.note is not None:
            return [self.note]
        if not self.left_out:
            return []
        return [
            counted(
                "of the text alone: {n:,} image or other medium is left out",
                "of the text alone: {n:,} images or other media are left out",
                self.left_out,
            )
        ]

    @property
    def trained_tokens(self) -> float:
        return self.billed.dataset.tokens * self.epochs

    @property
    def limit(self) -> int | None:
        return self.offer.max_training_example_tokens if isinstance(self.offer, TunedPrice) else None

    @property
    def example_tokens(self) -> float:
        """Billed of an example, on the mean."""
        return self.billed.dataset.tokens / max(1, self.billed.examples)


TRAINING_COLUMNS: Final = columns(
    "offer training_usd training_usd_low training_usd_high training training_low training_high "
    "trained_tokens dataset_tokens dataset_tokens_low dataset_tokens_high epochs epochs_from usd_per_mtok "
    "trained_examples max_example_tokens over_limit longer served evidence note vendor base_model "
    "counting_method price_ref source limit_source checked_on currency fx_per_usd fx_date fx_source"
)
"""One offer: what it bills for a file. Amounts are missing where a price is not known; `training` and its
ends are in the report's currency, not rounded again."""


def offers(prices: PricesOnDay, form: Form = Form.CHAT) -> list[Trained]:
    """Every offer that takes a new job with a file of that form on that day, in the order of the tables."""
    trainable: list[Trained] = []
    listed: list[Trained] = [*prices.rows(TunedPrice).values(), *prices.rows(TrainingPrice).values()]
    for row in listed:
        if lifecycle_of(row).is_shut_down_on(prices.day) or not _takes(row, form):
            continue
        try:
            check_trains(row, prices.day)
        except Infeasible:
            continue
        trainable.append(row)
    return trainable


def _takes(offer: Trained, form: Form) -> bool:
    """Whether its method trains on that form: DPO wants two answers to compare, RFT a grader."""
    methods = set(re.findall("[A-Z]+", offer.method.upper()))
    if form == Form.PAIRS:
        return "DPO" in methods
    return "SFT" in methods or not methods & {"DPO", "RFT"}


def tokenizers(prices: PricesOnDay, more: frozenset[str] = frozenset()) -> list[Tokenizer]:
    """Those in which a file must be counted to price every offer of the day, and `more`."""
    trained = (offer for form in (Form.CHAT, Form.PAIRS) for offer in offers(prices, form))
    wanted = {REFERENCE_ENCODING, *more, *map(_tokenizer_id, trained)}
    return [prices.tokenizer(name) for name in sorted(wanted)]


def _tokenizer_id(offer: Trained) -> str:
    return offer.tokenizer if isinstance(offer, TunedPrice) else UNKNOWN_TOKENIZER


def jobs(
    data: TrainingData, prices: PricesOnDay, *, epochs: int | None = None, assumed_epochs: int = 3
) -> list[Job]:
    """Training of every offer of the day, the cheapest first; last those that leave media out, and those
    that cannot be priced.

    `epochs` for all; else as the vendor's published rule chooses, and where there is none
    `assumed_epochs`. Raises CrossoverError where nothing can be trained on.
    """
    if not data.examples:
        raise CrossoverError(message("no training example (add at least one)"))
    form = data.file.form or Form.CHAT
    priced = [
        replace(_job(offer, data, epochs, assumed_epochs), state=lifecycle_of(offer).state_on(prices.day))
        for offer in offers(prices, form)
    ]
    if not priced and form == Form.PAIRS:
        raise CrossoverError(
            message(
                "no vendor takes preference pairs (DPO) on {day} (choose another date)",
                day=prices.day.isoformat(),
            )
        )
    if not priced:
        raise CrossoverError(
            message("no vendor trains on {day} (choose another date)", day=prices.day.isoformat())
        )
    return sorted(priced, key=lambda job: (job.usd is None, job.left_out, job.usd or 0, job.offer.id))


def _job(offer: Trained, data: TrainingData, epochs: int | None, assumed: int) -> Job:
    family = data.families[_tokenizer_id(offer)]
    limit, drops = None, False
    if isinstance(offer, TunedPrice):
        limit, drops = offer.max_training_example_tokens, offer.longer_examples == "dropped"
    images, left_out = data.images(offer.base_model)
    read_once = billed(family, limit, drops=drops, images=images)
    has_rule = offer.vendor == KNOWN_RULE and data.file.form != Form.PAIRS
    passes, passes_from = _epochs(has_rule, read_once.examples, epochs, assumed)
    evidence: Evidence = family.evidence
    if evidence == Evidence.MEASURED and not _is_confirmed(offer):
        evidence = Evidence.ESTIMATED
    if images.any():  # by a published rule
        evidence = weakest(evidence, Evidence.PUBLISHED)
    if passes_from == "assumed":
        evidence = weakest(evidence, Evidence.ASSUMED)
    note = _unpriced(offer, read_once)
    usd: list[Decimal | None] = [None, None, None]
    if note is None:
        dataset = read_once.dataset
        for place, tokens in enumerate((dataset.tokens, dataset.low, dataset.high)):
            quantity, _, price = job(offer, tokens * passes)
            usd[place] = rounded_usd(quantity * price)
    return Job(
        offer=offer,
        billed=read_once,
        epochs=passes,
        epochs_from=passes_from,
        usd=usd[0],
        usd_low=usd[1],
        usd_high=usd[2],
        note=note,
        evidence=weakest(evidence, offer.evidence),
        left_out=left_out,
    )


def _is_confirmed(offer: Trained) -> bool:
    """Whether the vendor's own API confirmed how it counts a chat for this model."""
    return isinstance(offer, TunedPrice) and offer.vendor == KNOWN_RULE and is_checked(offer.name)


def _epochs(has_rule: bool, examples: int, epochs: int | None, assumed: int) -> tuple[int, EpochsFrom]:
    if epochs is not None:
        return epochs, "set"
    if has_rule and examples:
        return default_epochs(examples), "vendor's rule"
    return assumed, "assumed"


def _unpriced(offer: Trained, read_once: Billed) -> Message | None:
    """Why the job has no price, or None."""
    if not read_once.examples:
        return message("every example is longer than the vendor takes (shorten them)")
    least = offer.min_training_examples if isinstance(offer, TunedPrice) else None
    if least is not None and read_once.examples < least:
        return message("{vendor} asks for {least} examples (add more)", vendor=offer.vendor, least=least)
    if offer.training_usd_per_mtok is None and offer.training_usd_per_hour is not None:
        return message(
            "trained at {usd} USD per hour; how many hours is not known", usd=offer.training_usd_per_hour
        )
    if offer.training_usd_per_mtok is None:
        return message("the price of training is not known")
    return None


def training_costs(
    jobs: Iterable[Job], translate: Translate = plain, currency: Currency = DOLLAR
) -> pd.DataFrame:
    """TRAINING_COLUMNS of the jobs, in their order."""
    return frame(TRAINING_COLUMNS, [_values(job, translate, currency) for job in jobs])


def _values(job: Job, translate: Translate, currency: Currency) -> dict[str, Any]:
    offer, dataset = job.offer, job.billed.dataset
    hosted = offer if isinstance(offer, TunedPrice) else None
    notes = job.notes
    if hosted is not None and job.state in CLOSED_STATES:
        notes.append(message(state_label(job.state)))
    longer = ""
    if hosted is not None and job.limit is not None:
        longer = _LONGER.get(hosted.longer_examples, "not known")
    return {
        "offer": offer.id,
        "vendor": offer.vendor,
        "base_model": offer.base_model,
        "training": currency.of_known(job.usd),
        "training_low": currency.of_known(job.usd_low),
        "training_high": currency.of_known(job.usd_high),
        "training_usd": job.usd,
        "training_usd_low": job.usd_low,
        "training_usd_high": job.usd_high,
        "trained_tokens": job.trained_tokens,
        "dataset_tokens": dataset.tokens,
        "dataset_tokens_low": dataset.low,
        "dataset_tokens_high": dataset.high,
        "epochs": job.epochs,
        "epochs_from": job.epochs_from,
        "usd_per_mtok": offer.training_usd_per_mtok,
        "trained_examples": job.billed.examples,
        "max_example_tokens": job.limit,
        "over_limit": job.billed.over_limit,
        "longer": longer,
        "served": "by the vendor" if hosted is not None else "on rented GPUs",
        "evidence": job.evidence,
        "note": "; ".join(note.render(translate) for note in notes),
        "counting_method": listed(dataset.counting_methods).render(translate),
        "price_ref": offer.ref,
        "source": offer.source,
        "limit_source": hosted.training_source if hosted is not None else "",
        "checked_on": offer.checked_on,
        **currency.columns(),
    }


def knobs(job: Job) -> dict[str, Setting]:
    """The knobs of a tuned strategy that stand for this job: it is billed the same tokens."""
    epochs = _within(TunedModelStrategy.knobs()["epochs"], job.epochs)
    return {**held(job.billed.examples, job.billed.dataset.tokens), "epochs": int(epochs)}


def held(examples: int, tokens: float) -> dict[str, Setting]:
    """Settings for this number of examples with this number of tokens in total, within the knobs' ranges."""
    number = int(_within(TunedModelStrategy.knobs()["training_examples"], examples))
    return {"training_examples": number, "training_example_tokens": tokens / number}


def _within(declared: Knob, value: float) -> float:
    return min(max(value, declared.low or 0), declared.high or value)
