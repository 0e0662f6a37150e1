"""What measurements of similar setups say about another: a Gaussian process over the roofline's log error.

Two measurements are alike as far as they share traits (engine, GPU, its architecture, precision, model, and
pairs of these), and as their models are near in size: each of these shifts the speed as a whole, and each of
the efficiencies by its share of the time. Measurements at near lengths and loads are alike beyond that, those
of one group most of all.
See Rasmussen and Williams, Gaussian Processes for Machine Learning, chapter 2 (gaussianprocess.org/gpml).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from .roofline import Floats

_LEVEL: Final = 0.10
_EFFICIENCY: Final = 0.20
_NEAR: Final = 0.15
_GROUP_LEVEL: Final = 0.15
_GROUP_NEAR: Final = 0.12
_NOISE: Final = 0.08
"""Log spreads. Round numbers chosen beforehand: tuned ones did worse on groups left out (perf/README.md)."""

_SIZE_REACH: Final = 0.6
"""How far alike reaches in the logs of a model's active parameters and of its weights on a GPU."""

_REACH: Final = np.array([2.0, 1.5, 1.5, 2.2, 1.0, 1.0, 1.0])
"""How far alike reaches in log concurrency, input, output, GPUs, and in waiting, stages, spread experts."""


@dataclass(frozen=True, slots=True)
class Traits:
    """What a setup shares with others, as names."""

    engine: str
    gpu: str
    architecture: str
    precision: str
    model: str
    has_experts: bool

    @property
    def group(self) -> tuple[str, ...]:
        """What a measurement must share with the question to be of the same thing."""
        return (self.model, self.gpu, self.engine, self.precision)

    def shared(self) -> tuple[tuple[str, ...], ...]:
        """The traits whose effects are told apart, the whole group last."""
        engine, gpu, made, precision, model = (
            *(self.engine, self.gpu, self.architecture),
            *(self.precision, self.model),
        )
        return (
            (engine,),
            (gpu,),
            (made,),
            (precision,),
            (model,),
            (engine, precision),
            (made, precision),
            (engine, model),
            (model, made),
            (engine, made),
            (model, precision),
            (engine, str(self.has_experts)),
            self.group,
        )


_ENGINE, _MADE, _MODEL, _GROUP = 0, 2, 4, 12
"""Places in `Traits.shared` of the traits within which near loads are alike."""


@dataclass(frozen=True, slots=True)
class Points:
    """Setups as the process sees them, one a row."""

    traits: tuple[Traits, ...]
    shares: Floats
    """Of the time, by what it is spent on."""
    place: Floats
    """Log concurrency, input, output, GPUs; waiting, stages, spread experts."""
    size: Floats
    """Log of active parameters, and of the bytes of weights on each GPU."""


def prior_spread(points: Points) -> Floats:
    """The prior variance of each point: what two setups alike in everything would share."""
    both = (points.shares**2).sum(axis=1)
    own = (_GROUP + 1) * (_LEVEL**2 + _EFFICIENCY**2 * both) + 4 * _NEAR**2 + _GROUP_LEVEL**2 + _GROUP_NEAR**2
    found: Floats = own
    return found


class Similar:
    """Measurements whose log error is known, and what they say about others."""

    def __init__(self, points: Points, errors: Floats) -> None:
        self._numbers: dict[tuple[int, tuple[str, ...]], int] = {}
        self._points = points
        self._codes = self._coded(points)
        spread = self.likeness(points) + _NOISE**2 * np.eye(len(errors))
        self._root = np.linalg.inv(np.linalg.cholesky(spread))
        self._weights: Floats = self._root.T @ (self._root @ errors)

    def _coded(self, points: Points) -> npt.NDArray[np.intp]:
        """A number for each name of each trait; the same name, the same number."""
        numbers = self._numbers
        rows = [
            [numbers.setdefault((i, name), len(numbers)) for i, name in enumerate(traits.shared())]
            for traits in points.traits
        ]
        return np.array(rows, dtype=np.intp).reshape(len(rows), _GROUP + 1)

    def likeness(self, asked: Points) -> Floats:
        """The prior covariance of every point asked for with every measurement."""
        mine, other = self._coded(asked), self._codes
        gap = np.zeros((len(mine), len(other)))
        for one, two in zip((asked.place / _REACH).T, (self._points.place / _REACH).T, strict=True):
            gap += (one[:, None] - two[None, :]) ** 2
        near: Floats = np.exp(-0.5 * gap)
        trait = _LEVEL**2 + _EFFICIENCY**2 * (asked.shares @ self._points.shares.T)
        apart = (asked.size[:, None, :] - self._points.size[None, :, :]) / _SIZE_REACH
        found: Floats = _NEAR**2 * near + trait * np.exp(-0.5 * (apart**2).sum(axis=2))
        for i in range(_GROUP):
            found += (mine[:, i, None] == other[None, :, i]) * trait
        for i in (_ENGINE, _MADE, _MODEL):
            found += (mine[:, i, None] == other[None, :, i]) * _NEAR**2 * near
        found += (mine[:, _GROUP, None] == other[None, :, _GROUP]) * (_GROUP_LEVEL**2 + _GROUP_NEAR**2 * near)
        return found

    def expected(self, asked: Points) -> tuple[Floats, Floats]:
        """Log error expected of each point asked for, and its log spread."""
        cross = self.likeness(asked)
        known = ((self._root @ cross.T) ** 2).sum(axis=0)
        mean: Floats = cross @ self._weights
        return mean, np.sqrt(np.maximum(prior_spread(asked) - known, 0) + _NOISE**2)
