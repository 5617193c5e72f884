"""The records of WARC files that wait until all others have been taken in: on disk, so that files may be full of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from scraper.archive.unpacked import Position
from scraper.archive.warc_file import WarcFile
from scraper.jobs.imports.warc_places import ForeignPlace
from scraper.jobs.scratch import Scratch
from scraper.model.site import Claim
from scraper.sites.base import Site
from scraper.sites.registry import Claimed

_TABLES: Final = """
CREATE TABLE revisits (source, url, at, warc, member, within);
CREATE TABLE later_pages (site, post_id, url, former, at, warc, member, within);
"""


@dataclass(frozen=True, slots=True)
class WaitingRevisit:
    """A revisit: the file that the user named it with, its URL and time (UTC; None where that is unknown), and where it stands."""

    source: str
    url: str
    at: datetime | None
    place: ForeignPlace


@dataclass(frozen=True, slots=True)
class LaterPage:
    """A later page of a thread, captured then, which waits for the first page: that takes it along, if it is there."""

    post: Claimed
    at: datetime | None
    place: ForeignPlace


class Waiting:
    """Revisits and later pages of threads, each in the order of their capture, whatever files they came in; first those of which
    that is unknown. Nothing is added while they are gone through.
    """

    def __init__(self) -> None:
        self._sites: dict[str, Site[Any]] = {}
        self._scratch = Scratch(_TABLES)
        self._warcs: dict[WarcFile, int] = {}

    def add_revisit(self, revisit: WaitingRevisit) -> None:
        """Take in a revisit.

        Raises:
            StopError: there is no room for it.
        """
        place = self._columns(revisit.place)
        self._scratch.execute(
            "INSERT INTO revisits VALUES (?, ?, ?, ?, ?, ?)",
            revisit.source, revisit.url, _sortable(revisit.at), *place,
        )  # fmt: skip

    def add_later_page(self, page: LaterPage) -> None:
        """Take in a later page of a thread.

        Raises:
            StopError: there is no room for it.
        """
        site, claim = page.post.site, page.post.claim
        self._sites[site.name] = site
        self._scratch.execute(
            "INSERT INTO later_pages VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            site.name, claim.post_id, claim.url, "\n".join(claim.former), _sortable(page.at), *self._columns(page.place),
        )  # fmt: skip

    def revisits(self) -> Iterator[WaitingRevisit]:
        """The revisits."""
        warcs = [*self._warcs]
        rows = self._scratch.rows(
            "SELECT source, url, at, warc, member, within FROM revisits ORDER BY at, rowid"
        )
        for source, url, at, warc, member, within in rows:
            place = ForeignPlace(warcs[warc], Position(member, within))
            yield WaitingRevisit(source, url, _time(at), place)

    def later_pages(self) -> Iterator[LaterPage]:
        """The later pages of threads."""
        warcs = [*self._warcs]
        rows = self._scratch.rows(
            "SELECT site, post_id, url, former, at, warc, member, within FROM later_pages ORDER BY at, rowid"
        )
        for name, post_id, url, former, at, warc, member, within in rows:
            claim = Claim(post_id, url, tuple(former.split("\n")) if former else ())
            place = ForeignPlace(warcs[warc], Position(member, within))
            yield LaterPage(Claimed(self._sites[name], claim), _time(at), place)

    def _columns(self, place: ForeignPlace) -> tuple[int, int, int]:
        warc = self._warcs.setdefault(place.warc, len(self._warcs))
        return warc, place.position.member, place.position.within


def _sortable(at: datetime | None) -> str | None:
    return at.isoformat(timespec="microseconds") if at else None


def _time(stored: str | None) -> datetime | None:
    return datetime.fromisoformat(stored) if stored else None
