"""What every job is handed: the archive's folder, its settings, and who watches."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from scraper import __version__
from scraper.archive.disk import Disk
from scraper.jobs.progress import Progress
from scraper.model.shard import WHOLE, Shard
from scraper.model.stores import Clock
from scraper.settings import Limits, Network, Settings

if TYPE_CHECKING:
    # What reads pages is not needed to say what a job is handed.
    from scraper.reading.pool import ReadingLimits, ReadingProcesses
    from scraper.sites.registry import Sites


@dataclass(frozen=True, slots=True)
class Workplace:
    """Where a job works and by which rules.

    ``sites`` are those whose posts are read, None: all that are installed; ``reading_limits`` bound what one page may cost the
    process that reads it, None: as the pool has them; ``processes`` read where some run already, None: a job starts its own.
    ``run_id`` names the run in its log, in its visits and in the archive's list of runs; None: the archive chooses one.
    ``shard`` has the hosts whose pages are visited.
    """

    folder: Path
    settings: Settings
    clock: Clock
    network: Network = field(default_factory=Network)
    progress: Progress = field(default_factory=Progress)
    disk: Disk = field(default_factory=Disk)
    limits: Limits = field(default_factory=Limits)
    sites: "Sites | None" = None
    reading_limits: "ReadingLimits | None" = None
    processes: "ReadingProcesses | None" = None
    run_id: str | None = None
    shard: Shard = WHOLE

    @property
    def user_agent(self) -> str:
        """How we introduce ourselves: product and version, and where to complain (RFC 9110 section 10.1.5)."""
        return f"postkeep/{__version__} (+{self.settings.require_contact()})"

    def warcinfo(self) -> Mapping[str, str]:
        """What each WARC file says of its origin (WARC 1.1 section 6.2)."""
        about = {
            "software": f"postkeep/{__version__}",
            "format": "WARC File Format 1.1",
            "conformsTo": "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
            "robots": "RFC 9309; unreachable means disallowed",
        }
        if self.settings.contact is not None:
            about |= {"operator": self.settings.contact, "http-header-user-agent": self.user_agent}
        return about
