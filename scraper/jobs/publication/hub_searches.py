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
    """Implements ``scraper.publish.publication.Searches`` for one repository and an archive whose lock is held."""

    archive: Path
    repo: str
    disk: Disk

    def found_nothing(self, key: str) -> bool:
        return self._read().get(self.repo) == key

    def note(self, key: str) -> None:
        path = self.archive / SEARCHES_FILE
        said = json.dumps({**self._read(), self.repo: key}, indent=1) + "\n"
        part = path.with_name(path.name + ".part")
        with explained(path):
            part.unlink(missing_ok=True)
            write_file(part, said.encode(), self.disk)
            self.disk.rename(part, path)

    def _read(self) -> dict[str, str]:
        """The keys, by repository; none where the file cannot be read: a search too many does no harm."""
        try:
            said = json.loads((self.archive / SEARCHES_FILE).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return said if isinstance(said, dict) else {}
