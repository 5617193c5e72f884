"""Which search of the Hub for what was taken down has found nothing, so that a job of every night does not repeat it.

What a search finds depends on the commits, the tags and the ids alone. They make its key: where any of them differs, the
Hub is searched again, and so it is where this file is gone.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from scraper.archive.disk import Disk, explained, write_file
from scraper.archive.files import SEARCHES_FILE


@dataclass(frozen=True, slots=True)
class HubSearches:
    """The searches of one repository for an archive whose lock is held, each by its ``publish.takedown.search_key``."""

    archive: Path
    repo: str
    disk: Disk

    def found_nothing(self, key: str) -> bool:
        """Whether this very search was made, and found nothing."""
        return self._read().get(self.repo) == key

    def note(self, key: str) -> None:
        """Keep that this search has found nothing."""
        path = self.archive / SEARCHES_FILE
        keys = json.dumps({**self._read(), self.repo: key}, indent=1) + "\n"
        part = path.with_name(path.name + ".part")
        with explained(path):
            part.unlink(missing_ok=True)
            write_file(part, keys.encode(), self.disk)
            self.disk.rename(part, path)

    def _read(self) -> dict[str, str]:
        """The keys, by repository; none where the file cannot be read: a search too many does no harm."""
        try:
            keys = json.loads((self.archive / SEARCHES_FILE).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return keys if isinstance(keys, dict) else {}
