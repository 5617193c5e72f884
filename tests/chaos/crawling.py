"""A small crawl of the replica that can be disturbed, gone on with, and held against an undisturbed one."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from scraper.archive.archive import Archive
from scraper.archive.check import check
from scraper.archive.disk import Disk
from scraper.archive.files import KEY_FILE
from scraper.archive.lock import Lock
from scraper.cli.clock import SystemClock
from scraper.jobs.crawl.job import crawl
from scraper.jobs.extract.anew import extract
from scraper.jobs.extractor import open_extractor
from scraper.jobs.init import init
from scraper.jobs.workplace import Workplace
from scraper.model.outcome import Report
from scraper.settings import SETTINGS_FILE, Network
from scraper.settings_file import load_settings
from tests.commands import FAST_HOSTS
from tests.fixtures.reading import shared_reading
from tests.jobs.captures import crawl_is_over, page_captures

# Both generations of the site: one page a post, and a page with its API answers and comment pages.
TARGETS: Final = (
    "https://careerly.co.kr/comments/70991",
    "https://careerly.co.kr/comments/71204",
    "https://careerly.co.kr/posts/71502",
    "https://careerly.co.kr/posts/73002",
    "https://careerly.co.kr/qnas/5210",
)
# What may differ between two crawls of the same site: when it was, and where it lies in the archive.
TIME_AND_PLACE: Final = frozenset(
    {"captured_at", "counts_observed_at", "first_seen", "observed_at", "status_at", "warc_record_id"}
)

Rows = dict[str, list[dict[str, object]]]


@dataclass(frozen=True, slots=True)
class SmallCrawl:
    """How the crawl reaches the replica, under which pseudonym key, what it visits, and whether it reads where all tests do."""

    network: Network
    key: bytes
    targets: tuple[str, ...] = TARGETS
    is_reading_shared: bool = False

    def prepare(self, folder: Path) -> None:
        """Make an archive folder with its settings and the key."""
        init(folder, "chaos@example.org")
        with (folder / SETTINGS_FILE).open("a", encoding="utf-8") as settings:
            settings.write(FAST_HOSTS)
        (folder / KEY_FILE).write_bytes(self.key)
        (folder / KEY_FILE).chmod(0o600)

    def run(self, folder: Path, disk: Disk | None = None) -> Report:
        """Crawl, or go on with a crawl."""
        return crawl(self.targets, self.workplace(folder, disk))

    def workplace(self, folder: Path, disk: Disk | None = None) -> Workplace:
        """What a job on the archive is handed."""
        settings = load_settings(folder, {})
        workplace = Workplace(folder, settings, SystemClock(), self.network, disk=disk or Disk())
        return shared_reading(workplace) if self.is_reading_shared else workplace

    def has_ended(self, folder: Path) -> bool:
        """Whether a run has settled every target and let go of them, so that the next run would begin anew."""
        return crawl_is_over(folder, len(self.targets))

    def close(self, folder: Path) -> None:
        """Close what a crawl that died behind its last word left open, as the next run would."""
        with Archive.open(folder, clock=SystemClock(), warcinfo={}):
            pass

    def rebuilt(self, folder: Path) -> Rows:
        """The dataset, read anew from the WARC files, without the columns that may differ."""
        workplace = self.workplace(folder)
        extract(workplace)
        with Lock(folder), open_extractor(workplace) as extractor:
            return {
                config: [
                    {name: row[name] for name in row.keys() - TIME_AND_PLACE}
                    for row in extractor.store.rows(config)
                ]
                for config in ("posts", "comments", "metrics", "revisions")
            }

    def verdict(self, folder: Path, expected: "Outcome") -> list[str]:
        """What is wrong with a crawl that was disturbed and has been gone on with; empty where nothing is."""
        wrong = [f"check: {problem.subject}: {problem.what}" for problem in check(folder)]
        captured = page_captures(folder)
        wrong += [f"lost: {url}" for url in (expected.captures - captured).elements()]
        wrong += [f"twice: {url}" for url in (captured - expected.captures).elements()]
        rows = self.rebuilt(folder)
        wrong += [f"the rows of {config} differ" for config in rows if rows[config] != expected.rows[config]]
        return wrong


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an undisturbed crawl gives."""

    rows: Rows
    captures: Counter[str]


def undisturbed(crawl: SmallCrawl, folder: Path) -> Outcome:
    """Crawl once from beginning to end; a failure here is a failure of the test itself."""
    crawl.prepare(folder)
    report = crawl.run(folder)
    assert report.exit_code == 0, report.items
    return Outcome(crawl.rebuilt(folder), page_captures(folder))
