"""Probability distributions of uncertain inputs: low, likely, high and a shape; and samples of them."""

from __future__ import annotations

import math
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from i18n.errors import CrossoverError
from i18n.message import N_, Message, message

Array = npt.NDArray[np.float64]

P95_SIGMAS: Final = 1.6448536269514722
"""The 95th percentile of the standard normal distribution."""

SHAPES: Final = (N_("triangular"), N_("lognormal"), N_("uniform"), N_("normal"), N_("values"))
"""Triangular, uniform: low and high are the ends. Lognormal, normal: the 5th and 95th percentile, likely the
median. Values: a list of equally likely values; a value listed twice is twice as likely."""

_FAR_Z: Final = 9.0
_KNOTS_A_SIGMA: Final = 64
_Z = np.linspace(-_FAR_Z, _FAR_Z, round(2 * _FAR_Z * _KNOTS_A_SIGMA) + 1)
_BELOW = np.array([0.5 * math.erfc(-z / math.sqrt(2)) for z in _Z])
_BELOW[0], _BELOW[-1] = 0.0, 1.0
_DENSITY = np.exp(-(_Z**2) / 2) / math.sqrt(2 * math.pi) / _KNOTS_A_SIGMA


@dataclass(frozen=True, slots=True)
class Range:
    """The distribution of a number.

    A lognormal or normal range whose ends are not the same factor, or distance, from the median has a
    different spread on each side, so that all three percentiles are met.
    """

    low: float
    likely: float
    high: float
    shape: str = "lognormal"
    values: tuple[float, ...] = ()
    """In rising order; only of the shape "values"."""

    @classmethod
    def of_values(cls, values: Sequence[float], likely: float | None = None) -> Range:
        """Equally likely values; `likely` is by default the lower median."""
        rising = tuple(sorted(values))
        middle = rising[(len(rising) - 1) // 2] if likely is None else likely
        return cls(rising[0], middle, rising[-1], "values", rising)

    @property
    def is_point(self) -> bool:
        return self.low == self.high

    def error(self) -> Message | None:
        """What is wrong with it, or None."""
        if self.shape not in SHAPES:
            return message(
                "shape: '{value}' is not one of {known}", value=self.shape, known=", ".join(SHAPES)
            )
        if not all(math.isfinite(value) for value in (self.low, self.likely, self.high)):
            return message("not finite numbers (write low, likely and high)")
        if not self.low <= self.likely <= self.high:
            return message(
                "low {low:g}, likely {likely:g}, high {high:g} do not rise (put them in order)",
                low=self.low,
                likely=self.likely,
                high=self.high,
            )
        if self.shape == "values" and not self.values:
            return message("no values (write values: [1, 2, 4])")
        if self.shape == "lognormal" and self.low <= 0 < self.high:
            return message(
                "low {low:g}: a lognormal range must stay above 0 (write shape: triangular)", low=self.low
            )
        return None

    def at(self, z: Array) -> Array:
        """The quantiles of standard normal deviates `z`: a rising function."""
        if self.is_point:
            return np.full(z.shape, self.likely)
        if self.shape == "lognormal":
            end = np.where(z < 0, self.low, self.high) / self.likely
            return self.likely * end ** (np.abs(z) / P95_SIGMAS)
        if self.shape == "normal":
            side = np.where(z < 0, self.likely - self.low, self.high - self.likely)
            return self.likely + side * z / P95_SIGMAS
        u = normal_share_below(z)
        width = self.high - self.low
        if self.shape == "values":
            place = np.minimum((u * len(self.values)).astype(np.intp), len(self.values) - 1)
            return np.array(self.values)[place]
        if self.shape == "uniform":
            return self.low + u * width
        below = (self.likely - self.low) / width
        rising = self.low + np.sqrt(u * width * (self.likely - self.low))
        falling = self.high - np.sqrt((1 - u) * width * (self.high - self.likely))
        return np.where(u < below, rising, falling)


def normal_share_below(z: Array) -> Array:
    """The standard normal distribution function, to 1e-10: cubic Hermite interpolation between knots."""
    at = np.clip((np.asarray(z) + _FAR_Z) * _KNOTS_A_SIGMA, 0, len(_Z) - 1.000001)
    i = at.astype(np.intp)
    t = at - i
    rise, start, end = _BELOW[i + 1] - _BELOW[i], _DENSITY[i], _DENSITY[i + 1]
    bend = (1 - t) * (start - rise) + t * (rise - end)
    share: Array = _BELOW[i] + t * rise + t * (1 - t) * bend
    return share


@dataclass(frozen=True, slots=True)
class InputRange:
    """The range of an input of a scenario, by the input's path."""

    path: str
    low: float
    likely: float | None
    """None: the scenario's own figure."""
    high: float
    shape: str = "lognormal"
    values: tuple[float, ...] = ()

    def range(self, point: float | None) -> Range | None:
        """The range about its `likely`, or else about the scenario's figure; None where both are blank."""
        if self.values:
            likely = self.likely if self.likely is not None else point
            inside = likely is not None and self.low <= likely <= self.high
            return Range.of_values(self.values, likely if inside else None)
        likely = point if self.likely is None else self.likely
        return None if likely is None else Range(self.low, likely, self.high, self.shape)


@dataclass(frozen=True, slots=True)
class Correlation:
    """Spearman's rank correlation between the samples of two inputs."""

    first: str
    second: str
    rank: float


def normal_draws(paths: Sequence[str], correlations: Sequence[Correlation], draws: int, seed: int) -> Array:
    """Standard normal samples, one row per path; a row depends only on the seed and its path.

    Correlated rows are mixed by a Gaussian copula, whose correlation is 2 sin(pi x rank / 6). Raises
    CrossoverError where the correlation matrix is not positive definite.
    """
    rows = [
        np.random.Generator(np.random.PCG64([seed, zlib.crc32(path.encode())])).standard_normal(draws)
        for path in paths
    ]
    z = np.array(rows).reshape(len(paths), draws)
    place = {path: i for i, path in enumerate(paths)}
    wanted = np.eye(len(paths))
    for correlation in correlations:
        if correlation.first in place and correlation.second in place:
            i, j = place[correlation.first], place[correlation.second]
            wanted[i, j] = wanted[j, i] = 2 * math.sin(math.pi * correlation.rank / 6)
    if not correlations:
        return z
    try:
        mixed: Array = np.linalg.cholesky(wanted) @ z
    except np.linalg.LinAlgError as error:
        raise CrossoverError(
            message("correlations: they contradict one another (bring some nearer to 0)")
        ) from error
    return mixed
