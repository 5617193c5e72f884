"""Faults as data: which request goes wrong, how, and how often."""

import re
from dataclasses import dataclass, field
from threading import Event
from typing import Literal

# before: nothing was done. after: the request was carried out, and its answer is lost or wrong.
When = Literal["before", "after"]


@dataclass(slots=True)
class Fault:
    """The next ``times`` requests of ``method`` whose path matches ``path`` are answered with ``status``.

    ``status`` None drops the connection. ``skip`` lets so many matching requests pass first. ``trickle`` has the
    body of the request read slowly, ``until`` has it wait for an event, and nothing go wrong.
    """

    method: str
    path: str
    status: int | None = None
    when: When = "before"
    times: int = 1
    skip: int = 0
    message: str = "ordered by the test"
    code: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    trickle: bool = False
    until: Event | None = None

    def strikes(self, method: str, path: str) -> bool:
        """Whether this request is one that goes wrong; it is then counted."""
        if self.times == 0 or method != self.method or not re.search(self.path, path):
            return False
        if self.skip:
            self.skip -= 1
            return False
        self.times -= 1
        return True


@dataclass(frozen=True, slots=True)
class Seen:
    """A request that was made. ``status`` is None where the connection was dropped."""

    method: str
    path: str
    status: int | None
    length: int
    range: str | None
    authorization: str | None
