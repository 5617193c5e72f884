"""How likely a run is to show a sign so often by chance, given how often earlier runs showed it.

A sign is seen on some of the visits on which it could have been. The share of a site's pages that show it is not known
but learned: a Beta posterior from the earlier runs (Gelman et al., Bayesian Data Analysis, section 2.4). It is
not the same in every run either: its odds move from run to run by a log-normal factor, whose spread is a prior's until the
runs themselves say more (excess of their variance over the binomial one; Williams 1982, doi:10.2307/2347977). The
chance is the predictive tail: that a new run shows the sign at least so often.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

# The factor by which the odds of a run move, in steps of its spread, and how likely each step is.
_STEPS: Final = tuple(step / 4 for step in range(-20, 21))
_WEIGHTS: Final = tuple(math.exp(-(step**2) / 2) for step in _STEPS)
_TOTAL_WEIGHT: Final = math.fsum(_WEIGHTS)
# As many runs as it takes until what they show of their spread counts as much as the prior.
_RUNS_OF_PRIOR: Final = 5
# Where less than this is expected of the variance, it says nothing about spread.
_LEAST_VARIANCE: Final = 0.5


@dataclass(frozen=True, slots=True)
class Tally:
    """How many visits of a run showed a sign, of those that could have."""

    hits: int
    seen: int


@dataclass(frozen=True, slots=True)
class Prior:
    """What is believed of a sign before any run: ``hits`` on ``seen`` visits, and the log-odds' ``spread`` over runs."""

    hits: float
    seen: float
    spread: float


def chance(now: Tally, past: Sequence[Tally], prior: Prior) -> float:
    """The chance that a run with ``now.seen`` visits shows at least ``now.hits``, from 0 to 1."""
    hits = prior.hits + sum(tally.hits for tally in past)
    seen = prior.seen + sum(tally.seen for tally in past)
    spread = _spread(past, prior)
    tails = (
        weight * _tail(now, hits, (seen - hits) * math.exp(-spread * step))
        for step, weight in zip(_STEPS, _WEIGHTS, strict=True)
    )
    return min(1.0, math.fsum(tails) / _TOTAL_WEIGHT)


def _spread(past: Sequence[Tally], prior: Prior) -> float:
    """How far the log-odds of a run lie from those of all, as a standard deviation; never below the prior's."""
    runs = [tally for tally in past if tally.seen]
    seen = sum(tally.seen for tally in runs)
    rate = sum(tally.hits for tally in runs) / seen if seen else 0.0
    variance = rate * (1 - rate)
    if len(runs) < 2 or variance * seen / len(runs) < _LEAST_VARIANCE:
        return prior.spread
    excess = math.fsum((tally.hits - tally.seen * rate) ** 2 / (tally.seen * variance) for tally in runs)
    over = max(0.0, excess / (len(runs) - 1) - 1) / (variance * seen / len(runs))
    weighted = (_RUNS_OF_PRIOR * prior.spread**2 + len(runs) * over) / (_RUNS_OF_PRIOR + len(runs))
    return max(prior.spread, math.sqrt(weighted))


def _tail(now: Tally, hits: float, misses: float) -> float:
    """P(X >= now.hits) for X beta-binomial with now.seen draws, summed from the rarer end upwards."""
    if now.hits <= 0:
        return 1.0
    seen = now.seen
    log_start = (
        math.lgamma(seen + 1)
        - math.lgamma(now.hits + 1)
        - math.lgamma(seen - now.hits + 1)
        + math.lgamma(now.hits + hits)
        + math.lgamma(seen - now.hits + misses)
        - math.lgamma(seen + hits + misses)
        + math.lgamma(hits + misses)
        - math.lgamma(hits)
        - math.lgamma(misses)
    )
    term = total = math.exp(log_start)
    for count in range(now.hits, seen):
        term *= (seen - count) * (hits + count) / ((count + 1) * (misses + seen - count - 1))
        total += term
    return min(1.0, total)
