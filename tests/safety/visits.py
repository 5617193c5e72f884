"""Visits of one page each, as an adversary would serve it, and pages that do harm to whoever reads them."""

import os
import signal
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final, SupportsIndex

from scraper.model.capture import Capture, Visit
from scraper.records.cleaning import Policy
from scraper.settings import Settings

URL: Final = "https://careerly.co.kr/comments/70991"
POST_ID: Final = "careerly:comments-70991"
POLICY: Final = Policy.of(Settings(), bytes(range(32)))


def visit_of(body: bytes, content_type: str = "text/html; charset=utf-8", number: int = 1) -> Visit:
    """A visit of one post whose page is ``body``."""
    capture = Capture(
        record_id=f"urn:uuid:00000000-0000-4000-8000-{number:012}",
        url=URL,
        status=200,
        headers=(("Content-Type", content_type),),
        body=body,
        captured_at=datetime(2026, 1, 5, tzinfo=UTC),
        captured_at_basis="observed",
        payload_digest="sha256:" + sha256(body).hexdigest(),
    )
    return Visit(f"urn:uuid:00000000-0000-4000-9000-{number:012}", number, URL, (capture,))


class Harmful(tuple[Capture, ...]):
    """The captures of a visit that harm the process which looks at them, as a page may that a parser chokes on."""

    __slots__ = ()

    def harm(self) -> None:
        """Do what the page does."""
        raise NotImplementedError

    def __iter__(self) -> Iterator[Capture]:
        self.harm()
        return iter(())

    def __reduce_ex__(self, protocol: SupportsIndex) -> tuple[type, tuple[()]]:
        return type(self), ()


class Hanging(Harmful):
    """Never ends; what processor time it is allowed is over soon."""

    __slots__ = ()

    def harm(self) -> None:
        allowed, _ = signal.getitimer(signal.ITIMER_PROF)
        signal.setitimer(signal.ITIMER_PROF, min(allowed, 0.05))
        while True:
            pass


class Waiting(Harmful):
    __slots__ = ()

    def harm(self) -> None:
        while True:
            signal.pause()


class Devouring(Harmful):
    __slots__ = ()

    def harm(self) -> None:
        eaten = []
        while True:
            eaten.append(bytes(64 << 20))  # address space alone: none of it is touched, so it takes no time


class Leaving(Harmful):
    __slots__ = ()

    def harm(self) -> None:
        os._exit(3)


class Crashing(Harmful):
    __slots__ = ()

    def harm(self) -> None:
        os.kill(os.getpid(), signal.SIGSEGV)


class Exploding(Harmful):
    __slots__ = ()

    def harm(self) -> None:
        raise RuntimeError("the page said \x1b[2J")


def harmful_visit(kind: type[Harmful], number: int) -> Visit:
    """A visit whose reading does harm."""
    return Visit(f"urn:uuid:00000000-0000-4000-a000-{number:012}", number, URL, kind())
