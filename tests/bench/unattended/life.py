"""How a community's posts live, as far as a visitor can see: when words change and how often somebody looks.

A made-up community, its numbers chosen by hand: half of all changes come within the first two days, a slow trickle goes
on for years, and every post is looked at now and then.
"""

import math
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Fading:
    """Events that become rarer: ``first`` a day at the start, fading over ``days``, and ``ever`` a day for good."""

    first: float
    days: float
    ever: float

    def expected(self, young: float, old: float) -> float:
        """How many are expected between two ages in days."""
        faded = math.exp(-young / self.days) - math.exp(-old / self.days)
        return self.first * self.days * faded + self.ever * (old - young)


# Comments, edits and deletions; and readers, who move the numbers.
CHANGES: Final = Fading(first=1.2, days=2.0, ever=0.002)
READERS: Final = Fading(first=40.0, days=5.0, ever=0.05)


def happened(
    events: Fading, published: datetime, since: datetime, until: datetime, chance: random.Random
) -> bool:
    """Whether at least one event came between two moments (a Poisson process)."""
    young, old = (max(0.0, (at - published) / DAY) for at in (since, until))
    return chance.random() < -math.expm1(-events.expected(young, old))
