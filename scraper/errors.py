"""Every error postkeep raises, by what the caller should do next.

PostkeepError
├── RetryableError         ask again later: the network or the site failed for now
├── SkippableError         this target cannot be done; go on with the others
│   └── UnreadableError        its medium does not give it; it may another time
├── RefusedError           policy says no: robots.txt, an address, a host's terms
└── StopError              end the run
    ├── UsageError             the command line or postkeep.toml must change first
    ├── ArchiveHeldError       another run holds the archive
    ├── ArchiveDamagedError    the archive must be mended first (postkeep check --repair)
    └── DriftError             the site reads differently; publishing would lose data

Each message is a sentence a user can act on: what happened, to which URL or file, what to do.
"""

import errno
from typing import ClassVar, Final

_NOT_ALLOWED: Final = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


class PostkeepError(Exception):
    """Base of the tree. ``exit_code`` is what the command ends with when this error ends it."""

    exit_code: ClassVar[int] = 1


class RetryableError(PostkeepError):
    """The network or the site failed for now; the same request may succeed later."""


class SkippableError(PostkeepError):
    """This target cannot be done and trying again will not help; others go on."""


class UnreadableError(SkippableError):
    """The medium does not give a file, or not to its end; what it holds may be had once that is mended."""


class RefusedError(PostkeepError):
    """Policy forbids this request. ``rule`` names the policy for the ledger, in a few words."""

    exit_code = 3

    def __init__(self, message: str, *, rule: str) -> None:
        super().__init__(message)
        self.rule = rule


class StopError(PostkeepError):
    """The run cannot go on."""


class UsageError(StopError):
    """The command line, the environment or postkeep.toml is wrong."""

    exit_code = 2


class ArchiveHeldError(StopError):
    """Another run holds the archive's lock."""

    exit_code = 4


class ArchiveDamagedError(StopError):
    """The archive on disk contradicts itself; nothing was changed."""


class DriftError(StopError):
    """A site reads worse than before, so a publication was stopped."""

    exit_code = 5


def remedy_of(error: OSError) -> str:
    """What to do where the medium refused, as a sentence."""
    if error.errno in _NOT_ALLOWED:
        return "To go on, make the folder writable, then run the same command again."
    return "Free space, or make the folder writable, then run the same command again."
