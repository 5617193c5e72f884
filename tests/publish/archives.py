"""Archives to publish: pages of the replica taken in as saved files, without a crawl."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from scraper.jobs.imports.files import import_files
from scraper.jobs.workplace import Workplace
from scraper.settings import Settings
from tests.clock import VirtualClock
from tests.fixtures.pages import v1_page
from tests.jobs.workplaces import workplace_at

# Posts of the replica from two years, so that a publication has files that do not change.
POSTS: Final = (70991, 71204, 72260)
_FIRST_VISIT: Final = datetime(2024, 5, 1, tzinfo=UTC)


class Place:
    """An archive; each ``keep`` takes in a page as it looked a day after the one before."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._workplace = workplace_at(folder, VirtualClock())
        self._visits = 0

    @classmethod
    def at(cls, folder: Path) -> "Place":
        """An archive that is there, whose next visits come after all that it has."""
        place = cls(folder)
        place._visits = 100
        return place

    def keep(self, *posts: int, **changes: Any) -> "Place":
        """Take in the pages of posts, edited so."""
        for number in posts:
            page = self.folder.parent / f"{self.folder.name}-page.html"
            page.write_text(v1_page(number, **changes), encoding="utf-8")
            self._take_in(page, f"https://careerly.co.kr/comments/{number}")
        return self

    def say(self, **settings: str) -> "Place":
        """Put settings of text into postkeep.toml."""
        path = self.folder / "postkeep.toml"
        lines = "".join(f'{name} = "{value}"\n' for name, value in settings.items())
        path.write_text(lines + path.read_text(encoding="utf-8"), encoding="utf-8")
        return self

    def set_publish(self, line: str) -> None:
        """Put a line into the table [publish] of postkeep.toml."""
        with (self.folder / "postkeep.toml").open("a", encoding="utf-8") as settings:
            settings.write(f"\n[publish]\n{line}\n")

    def _take_in(self, page: Path, url: str) -> None:
        self._visits += 1
        seen = _FIRST_VISIT + timedelta(days=self._visits)
        workplace: Workplace = replace(self._workplace, settings=Settings())
        report = import_files([page], workplace, url=url, captured_at=seen)
        assert report.exit_code == 0, report
