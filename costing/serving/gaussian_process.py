"""Gaussian process over the log error of the roofline, fitted to measurements of similar setups.

The covariance of two measurements grows with the traits that they share (engine, GPU, its architecture,
precision, model, and pairs of these) and with the nearness of their models in size: each trait shifts the
speed as a whole, and each efficiency by its share of the time. It grows further for near lengths and loads,
most of all within one group.
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
_PLACE: Final = 0.15
_GROUP_LEVEL: Final = 0.15
_GROUP_PLACE: Final = 0.12
_NOISE: Final = 0.08
"""Standard deviations of the log. Round numbers chosen beforehand: tuned ones did worse on groups left out
(perf/README.md)."""

_SIZE_SCALE: Final = 0.6
"""Length scale in the logs of a model's active parameters and of its weights on a GPU."""

_LENGTH_SCALE: Final = np.array([2.0, 1.5, 1.5, 2.2, 1.0, 1.0, 1.0])
"""Length scales in log concurrency, input, output, GPUs, and in waiting, stages, spread experts."""


@dataclass(frozen=True, slots=True)
class Traits:
    """Names by which setups are compared."""

    engine: str
    gpu: str
    architecture: str
    precision: str
    model: str
    has_experts: bool

    @property
    def group(self) -> tuple[str, ...]:
        """Traits that two measurements of the same setup share."""
        return (self.model, self.gpu, self.engine, self.precision)

    def shared(self) -> tuple[tuple[str, ...], ...]:
        """Traits and pairs of traits with an effect of their own, the whole group last."""
        engine, gpu, architecture, precision, model = (
            *(self.engine, self.gpu, self.architecture),
            *(self.precision, self.model),
        )
        return (
            (engine,),
            (gpu,),
            (architecture,),
            (precision,),
            (model,),
            (engine, precision),
            (architecture, precision),
            (engine, model),
            (model, architecture),
            (engine, architecture),
            (model, precision),
            (engine, str(self.has_experts)),
            self.group,
        )


_ENGINE, _ARCHITECTURE, _MODEL, _GROUP = 0, 2, 4, 12
"""Positions in `Traits.shared` of the traits within which near loads are correlated."""


@dataclass(frozen=True, slots=True)
class Points:
    """Setups as inputs of the process, one per row."""

    traits: tuple[Traits, ...]
    shares: Floats
    """Shares of the time by component of the roofline."""
    place: Floats
    """Log concurrency, input, output, GPUs; waiting, stages, spread experts."""
    size: Floats
    """Log of active parameters, and of the bytes of weights on each GPU."""


def prior_variance(points: Points) -> Floats:
    """Prior variance of each point: the covariance of two setups that are the same in everything."""
    both = (points.shares**2).sum(axis=1)
    variance: Floats = (
        (_GROUP + 1) * (_LEVEL**2 + _EFFICIENCY**2 * both) + 4 * _PLACE**2 + _GROUP_LEVEL**2 + _GROUP_PLACE**2
    )
    return variance


class SimilarityModel:
    """Posterior of the process given the measured log errors of the roofline."""

    def __init__(self, points: Points, errors: Floats) -> None:
        self._numbers: dict[tuple[int, tuple[str, ...]], int] = {}
        self._points = points
        self._codes = self._coded(points)
        covariance = self.covariance(points) + _NOISE**2 * np.eye(len(errors))
        self._root = np.linalg.inv(np.linalg.cholesky(covariance))
        self._weights: Floats = self._root.T @ (self._root @ errors)

    def _coded(self, points: Points) -> npt.NDArray[np.intp]:
        """One integer per name of each trait, the same for the same name."""
        numbers = self._numbers
        rows = [
            [numbers.setdefault((i, name), len(numbers)) for i, name in enumerate(traits.shared())]
            for traits in points.traits
        ]
        return np.array(rows, dtype=np.intp).reshape(len(rows), _GROUP + 1)

    def covariance(self, queries: Points) -> Floats:
        """Prior covariance of every query point (rows) with every measurement (columns)."""
        codes, known = self._coded(queries), self._codes
        distance = np.zeros((len(codes), len(known)))
        for query, measured in zip(
            (queries.place / _LENGTH_SCALE).T, (self._points.place / _LENGTH_SCALE).T, strict=True
        ):
            distance += (query[:, None] - measured[None, :]) ** 2
        near: Floats = np.exp(-0.5 * distance)
        trait = _LEVEL**2 + _EFFICIENCY**2 * (queries.shares @ self._points.shares.T)
        apart = (queries.size[:, None, :] - self._points.size[None, :, :]) / _SIZE_SCALE
        covariance: Floats = _PLACE**2 * near + trait * np.exp(-0.5 * (apart**2).sum(axis=2))
        for i in range(_GROUP):
            covariance += (codes[:, i, None] == known[None, :, i]) * trait
        for i in (_ENGINE, _ARCHITECTURE, _MODEL):
            covariance += (codes[:, i, None] == known[None, :, i]) * _PLACE**2 * near
        covariance += (codes[:, _GROUP, None] == known[None, :, _GROUP]) * (
            _GROUP_LEVEL**2 + _GROUP_PLACE**2 * near
        )
        return covariance

    def expected(self, queries: Points) -> tuple[Floats, Floats]:
        """Posterior mean and standard deviation of the log error at each query point."""
        cross = self.covariance(queries)
        explained = ((self._root @ cross.T) ** 2).sum(axis=0)
        mean: Floats = cross @ self._weights
        return mean, np.sqrt(np.maximum(prior_variance(queries) - explained, 0) + _NOISE**2)
