"""What every scheduler is told about a job, and the templates of its files."""

import re
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources
from pathlib import Path
from typing import Final

from scraper.jobs.schedule.wheels import Wheel

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
class NightlyRun:
    """A nightly refresh of one archive, at ``hour:minute`` UTC, as the user ``owner``.

    The paths are absolute and have no line break. ``name`` is ``[a-z0-9-]+`` and differs between archives.
    ``store`` is where an archive lies that has no machine of its own, and ``wheels`` are what is installed there.
    """

    name: str
    archive: Path
    program: Program
    owner: str
    hour: int
    minute: int
    publish: str | None = None
    store: str | None = None
    wheels: tuple[Wheel, ...] = ()

    @property
    def refresh(self) -> list[str]:
        """The words after ``postkeep`` that refresh the archive, and publish it where that is wanted."""
        publish = ["--publish", self.publish] if self.publish else []
        return ["refresh", "--archive", str(self.archive), "--log-format", "json", *publish]

    @property
    def check(self) -> list[str]:
        """The words after ``postkeep`` that say whether the refreshing is alive."""
        return ["check", "--fresh", FRESH, "--archive", str(self.archive)]


@dataclass(frozen=True, slots=True)
class UnitFile:
    """A file of a job, and the place where its scheduler looks for it."""

    place: str
    text: str


def fill(template: str, **values: str) -> str:
    """The file of that name in ``templates/``, with each ``@NAME@`` replaced by the value of that name."""
    text = (resources.files("scraper.jobs.schedule") / "templates" / template).read_text(encoding="utf-8")
    return re.sub(r"@([A-Z0-9_]+)@", lambda match: values[match[1].lower()], text)
