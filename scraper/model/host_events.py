"""What happens between a run and the hosts it visits, as it happens: told to whoever watches, and kept nowhere."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

# pace: the gap that the settings keep. crawl-delay: robots.txt. retry-after: the host's last answer. slow: it took long to
# answer. errors: back-off after answers of trouble, or none. earlier: still owed since an earlier run.
WaitCause = Literal["pace", "crawl-delay", "retry-after", "slow", "errors", "earlier"]


@dataclass(frozen=True, slots=True)
class WaitReason:
    """Why a host is left alone.

    ``seconds`` is the gap that the cause asks for; ``failures`` are those in a row, where the cause is ``errors``, and
    ``status`` is that of the last one, None where no answer came.
    """

    cause: WaitCause
    seconds: float
    failures: int = 0
    status: int | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """Work for ``host`` waits ``until`` then (aware, UTC)."""

    host: str
    reason: WaitReason
    until: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """A request leaves; ``rule`` is what allows it: a line of robots.txt, or that there is none against it."""

    host: str
    url: str
    rule: str


@dataclass(frozen=True, slots=True)
class Answered:
    """A request was answered; ``status`` is None where no answer came, and ``trouble`` says why. Seconds and bytes on the wire."""

    host: str
    url: str
    status: int | None
    elapsed: float
    size: int = 0
    trouble: str | None = None


@dataclass(frozen=True, slots=True)
class Left:
    """The run has nothing more to do at ``host``."""

    host: str


HostEvent = Wait | Asked | Answered | Left
Tell = Callable[[HostEvent], None]


def untold(_event: HostEvent) -> None:
    """Nobody watches."""
