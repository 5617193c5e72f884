"""What work costs in processor time: the least of several runs, in turns, so that a busy machine is busy for all alike."""

import time
from collections.abc import Callable, Mapping
from typing import Final

_ROUNDS: Final = 5
_TURN: Final = 0.1


def least(works: Mapping[str, Callable[[], object]], rounds: int = _ROUNDS) -> dict[str, float]:
    """The least CPU seconds (user and system, this process) that a call of each took.

    They take turns; in each a work is called again until it had a tenth of a second. A first call of each is not counted.
    """
    for work in works.values():
        work()
    costs = {name: float("inf") for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            costs[name] = min(costs[name], _in_a_turn(work))
    return costs


def _in_a_turn(work: Callable[[], object]) -> float:
    cost, spent = float("inf"), 0.0
    while spent < _TURN:
        began = time.process_time()
        work()
        took = time.process_time() - began
        cost, spent = min(cost, took), spent + took
    return cost
