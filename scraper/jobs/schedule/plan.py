"""What every scheduler is told about a job."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

# Two nights: one may be missed without anybody being woken.
FRESH: Final = "48h"


class Scheduler(StrEnum):
    """What can start the job."""

    CRON = "cron"
    SYSTEMD = "systemd"
    GITHUB_ACTIONS = "github-actions"


@dataclass(frozen=True, slots=True)
class Program:
    """The ``postkeep`` command, and the Python that runs it; both absolute."""

    executable: Path
    interpreter: Path


@dataclass(frozen=True, slots=True)
class Plan:
    """A nightly refresh of one archive, at ``hour:minute`` UTC, as the user ``owner``.

    The paths are absolute and have no line break. ``name`` is ``[a-z0-9-]+`` and differs between archives.
    ``store`` is where an archive lies that has no machine of its own.
    """

    name: str
    archive: Path
    program: Program
    owner: str
    hour: int
    minute: int
    publish: str | None = None
    store: str | None = None


@dataclass(frozen=True, slots=True)
class UnitFile:
    """A file of a job, and the place where its scheduler looks for it."""

    place: str
    text: str
