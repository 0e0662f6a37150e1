"""95 % confidence intervals; none where there are too few values."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Interval = tuple[float, float]
Array = npt.NDArray[np.float64]

COVERAGE = 0.95
Z = 1.959964
DRAWS = 1000
_EXACT = 5_000
"""Number of values above which a binomial is approximated by a normal distribution."""
# Two-sided 95 % points of Student's t, by degrees of freedom (any table of it).
_T = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228)


def quantile(values: Array, share: float, weights: Array | None = None) -> float:
    """The smallest value that at least `share` of the weight does not exceed."""
    order = np.argsort(values, kind="stable")
    total = np.cumsum(np.ones(len(values)) if weights is None else weights[order])
    position = int(np.searchsorted(total, share * total[-1] * (1 - 1e-12)))
    return float(values[order[min(position, len(values) - 1)]])


def bootstrap(
    groups: Sequence[Array], share: float | None, weights: Sequence[Array] | None = None, seed: int = 1
) -> Interval | None:
    """Interval of the mean, or of a quantile near the middle, by a cluster bootstrap over groups.

    A group is a request: its gaps are correlated, so a single gap is not an independent observation.
    None for fewer than five groups.
    """
    if len(groups) < 5:
        return None
    rng = np.random.default_rng(seed)
    if weights is None and all(len(group) == 1 for group in groups):
        return _middle(_redrawn(np.concatenate(groups), share, rng))
    weights = weights or [np.ones(len(group)) for group in groups]
    times = rng.multinomial(len(groups), np.full(len(groups), 1 / len(groups)), size=DRAWS)
    if share is None:
        sums = np.array([float(g @ w) for g, w in zip(groups, weights, strict=True)])
        sizes = np.array([float(w.sum()) for w in weights])
        figures = (times @ sums) / (times @ sizes)
    else:
        values, each = np.concatenate(groups), np.concatenate(weights)
        owner = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
        order = np.argsort(values, kind="stable")
        values, each, owner = values[order], each[order], owner[order]
        figures = np.empty(DRAWS)
        for draw in range(DRAWS):
            total = np.cumsum(each * times[draw, owner])
            figures[draw] = values[min(np.searchsorted(total, share * total[-1]), len(values) - 1)]
    return _middle(figures)


def _middle(draws: Array) -> Interval:
    """Interval that contains 95 % of the draws."""
    low, high = np.quantile(draws, [(1 - COVERAGE) / 2, (1 + COVERAGE) / 2])
    return float(low), float(high)


def order_statistics(
    values: Array, share: float, weights: Array | None = None, independent: float | None = None
) -> Interval | None:
    """Interval of a quantile, between two of the values themselves; None where n is too small.

    `independent` is the number of independent observations where that is not the number of values: the ranks
    are computed for that number, and transferred by their share of the weight.
    """
    many = len(values) if independent is None else math.floor(independent)
    ranks = _ranks(many, share)
    if ranks is None:
        return None
    low, high = (quantile(values, (rank - 0.5) / many, weights) for rank in ranks)
    return low, high


def _ranks(many: int, share: float) -> tuple[int, int] | None:
    """Ranks (from 1) of the values that enclose the quantile: each tail of the binomial at most 2.5 %."""
    tail = (1 - COVERAGE) / 2
    if many < 1 or share**many > tail or (1 - share) ** many > tail:
        return None
    if many > _EXACT:
        middle, width = many * share, Z * math.sqrt(many * share * (1 - share))
        return max(1, math.floor(middle - width)), min(many, math.ceil(middle + width) + 1)
    below, low, high = 0.0, 0, 0
    for successes in range(many + 1):
        below += math.exp(
            math.lgamma(many + 1)
            - math.lgamma(successes + 1)
            - math.lgamma(many - successes + 1)
            + successes * math.log(share)
            + (many - successes) * math.log1p(-share)
        )
        if below <= tail:
            low = successes + 1
        if below >= 1 - tail:
            high = successes + 1
            break
    return (max(low, 1), high) if high <= many else None


def independent_witnesses(groups: Sequence[Array], weights: Sequence[Array], value: float) -> float:
    """Effective number of independent values at this quantile, from the variance between groups.

    The share not above `value` is a ratio of sums over groups; its variance by linearisation, against
    that of as many independent values.
    """
    sizes = np.array([float(w.sum()) for w in weights])
    under = np.array([float(w[g <= value].sum()) for g, w in zip(groups, weights, strict=True)])
    total, many = float(sizes.sum()), len(groups)
    share = float(under.sum()) / total
    if many < 2 or not 0 < share < 1:
        return float(many)
    variance = many / (many - 1) * float(np.sum((under - share * sizes) ** 2)) / total**2
    alone = share * (1 - share) / total
    return total if variance <= alone else max(1.0, total * alone / variance)


def wilson(successes: int, many: int) -> Interval | None:
    """Interval of a share."""
    if many == 0:
        return None
    share, z2 = successes / many, Z * Z
    middle = (share + z2 / (2 * many)) / (1 + z2 / many)
    half = Z / (1 + z2 / many) * math.sqrt(share * (1 - share) / many + z2 / (4 * many * many))
    return max(0.0, middle - half), min(1.0, middle + half)


def of_repeats(values: Sequence[float]) -> Interval | None:
    """Interval of the mean of whole repeats, by Student's t; None for a single one."""
    if len(values) < 2:
        return None
    freedom = len(values) - 1
    t = _T[freedom - 1] if freedom <= len(_T) else Z + 2.6 / freedom
    mean = sum(values) / len(values)
    half = t * math.sqrt(sum((v - mean) ** 2 for v in values) / freedom / len(values))
    return mean - half, mean + half


def difference(
    before: Array, after: Array, share: float | None, seed: int = 1
) -> tuple[float, Interval | None]:
    """after - before, of the means or of a quantile, and its bootstrap interval."""
    change = float(_figures(after[None, :], share)[0] - _figures(before[None, :], share)[0])
    if min(len(before), len(after)) < 5:
        return change, None
    rng = np.random.default_rng(seed)
    return change, _middle(_redrawn(after, share, rng) - _redrawn(before, share, rng))


def _figures(samples: Array, share: float | None) -> Array:
    """Mean or quantile of every row."""
    if share is None:
        return np.asarray(samples.mean(axis=1))
    rank = max(0, math.ceil(share * samples.shape[1] * (1 - 1e-12)) - 1)
    return np.asarray(np.partition(samples, rank, axis=1)[:, rank])


def _redrawn(values: Array, share: float | None, rng: np.random.Generator) -> Array:
    """The figure of each of `DRAWS` bootstrap samples, computed in batches that fit the memory."""
    rows = max(1, min(DRAWS, 2_000_000 // len(values)))
    pieces = [
        _figures(values[rng.integers(0, len(values), (min(rows, DRAWS - done), len(values)))], share)
        for done in range(0, DRAWS, rows)
    ]
    return np.concatenate(pieces)
