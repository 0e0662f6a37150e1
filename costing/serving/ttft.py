"""Time to the first token of a typical request (TTFT), from a fit to published medians."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from ..numerics.elementwise import like
from .roofline import COMPONENTS, USUAL, Setup, Setups, seconds

FIXED_S: Final = 0.021
PREFILLS: Final = 2.6
STEPS: Final = 4.2
"""TTFT = FIXED_S + PREFILLS x prefill of one request + STEPS x step of the batch; this includes prefills of
other requests and the queue inside the engine. Fitted to medians of closed loops by `perf/first_token.py`."""

SIGMA_LOG: Final = 0.47
"""Standard deviation of the log: 68 % of groups left out of the fit are within e to this power."""

_PREFILL: Final = COMPONENTS.index("prefill arithmetic")


@dataclass(frozen=True, slots=True)
class FirstToken:
    """Time to the first token of a typical request; tails are longer."""

    engine_s: float
    """From when the request has a place in the batch."""
    waiting_s: float
    """Mean wait for that place over all requests."""

    @property
    def total_s(self) -> float:
        return self.engine_s + self.waiting_s


def parts_s(setup: Setup, output_tokens_per_s: float) -> tuple[float, float]:
    """Seconds of the prefill of one request alone, and of one step of the batch, at that speed.

    The speed gives the time of a batch; the roofline with its usual efficiencies divides it.
    """
    with np.errstate(divide="ignore"):  # a model on one GPU spends nothing on its links
        spent = seconds(Setups.of_draws(setup), USUAL)
    load = setup.input_tokens, setup.output_tokens, setup.concurrency
    share: float = like(spent[:, _PREFILL] / spent.sum(axis=1), *load)
    prefill_s = share * setup.output_tokens / output_tokens_per_s
    step_s = (1 - share) * setup.concurrency / output_tokens_per_s
    return prefill_s, step_s


def first_token_s(prefill_s: float, step_s: float) -> float:
    """Median TTFT of a closed loop, from a prefill alone and a step of the batch."""
    return FIXED_S + PREFILLS * prefill_s + STEPS * step_s
