"""How long a typical request waits for its first token: the engine's part by a fit to published medians."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from ..numerics.elementwise import like
from .roofline import SPENT_ON, USUAL, Setup, Setups, seconds

FIXED_S: Final = 0.021
PREFILLS: Final = 2.6
STEPS: Final = 4.2
"""TTFT = fixed + so many times a prefill alone + so many steps of the batch: others' prefills and the queue
inside the engine included. Fitted to medians of closed loops; `perf/first_token.py` fits them again."""

SIGMA_LOG: Final = 0.47
"""68 % of groups left out of the fit lie within e to this power."""

_PREFILL: Final = SPENT_ON.index("prefill arithmetic")


@dataclass(frozen=True, slots=True)
class FirstToken:
    """Of a typical request, in seconds; tails are longer."""

    engine_s: float
    """Once it has a place in the batch."""
    waiting_s: float
    """For that place, on average over all requests."""

    @property
    def total_s(self) -> float:
        return self.engine_s + self.waiting_s


def parts_s(setup: Setup, output_tokens_per_s: float) -> tuple[float, float]:
    """Seconds of one request's prefill alone, and of one step of the batch, at that speed of the replica.

    The speed says how long a batch takes; the roofline, with the usual efficiencies, how it is divided.
    """
    with np.errstate(divide="ignore"):  # a model on one GPU spends nothing on its links
        spent = seconds(Setups.of_draws(setup), USUAL)
    load = setup.input_tokens, setup.output_tokens, setup.concurrency
    share: float = like(spent[:, _PREFILL] / spent.sum(axis=1), *load)
    prefill_s = share * setup.output_tokens / output_tokens_per_s
    step_s = (1 - share) * setup.concurrency / output_tokens_per_s
    return prefill_s, step_s


def first_token_s(prefill_s: float, step_s: float) -> float:
    """Median of a closed loop, from a prefill alone and a step of the batch."""
    return FIXED_S + PREFILLS * prefill_s + STEPS * step_s
