"""Somebody else's WARC and WACZ files: the posts in them, each with what else its site needs to read it."""

import tempfile
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from zlib import error as ZlibError  # noqa: N812 - it is an exception class

from scraper.archive.compose import ForeignRecord
from scraper.archive.foreign import ForeignProblem, read_foreign
from scraper.errors import SkippableError
from scraper.jobs.claims import Claimed, claimed
from scraper.jobs.file_kind import FileKind
from scraper.jobs.intake import Intake
from scraper.model.exchange import Request
from scraper.model.outcome import Item
from scraper.model.url import parse_url

_PIECE: Final = 1 << 20
_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a record stands in a file, with what is needed to choose it: its URL, time and payload digest."""

    path: Path
    offset: int
    url: str
    at: datetime | None
    payload_digest: str

    def read(self) -> ForeignRecord:
        """The record itself."""
        record = next(read_foreign(self.path, start=self.offset))
        if isinstance(record, ForeignProblem):
            raise SkippableError(record.what)
        return record


@contextmanager
def unpacked_warcs(path: Path, kind: FileKind) -> Iterator[list[Path]]:
    """The WARC files in ``path``: itself, or those of a WACZ (WACZ 1.1.1 section 5.1), unpacked for the time being.

    Raises:
        SkippableError: the WACZ is damaged, or holds no WARC file.
    """
    if kind is FileKind.WARC:
        yield [path]
        return
    with tempfile.TemporaryDirectory(prefix="postkeep-") as folder:
        try:
            with zipfile.ZipFile(path) as package:
                names = [
                    name for name in package.namelist() if name.startswith("archive/") and ".warc" in name
                ]
                warcs = [
                    _unpack(package, name, Path(folder, f"{number}.warc"))
                    for number, name in enumerate(names)
                ]
        except (OSError, zipfile.BadZipFile, ZlibError, NotImplementedError, RuntimeError) as error:
            raise SkippableError(f"{path} cannot be unpacked as a WACZ file: {error}.") from error
        if not warcs:
            raise SkippableError(f"{path} is a ZIP file without WARC files in archive/, so it is no WACZ.")
        yield warcs


def _unpack(package: zipfile.ZipFile, name: str, target: Path) -> Path:
    with package.open(name) as source, target.open("wb") as file:
        while piece := source.read(_PIECE):
            file.write(piece)
    return target


def import_warcs(source: Path, warcs: Sequence[Path], intake: Intake) -> Iterator[Item]:
    """Every post in the files, as one visit a capture of its page; and an item for each problem of the files.

    Raises:
        SkippableError: a file cannot be read or is no WARC file.
    """
    places: defaultdict[str, list[_Place]] = defaultdict(list)
    pages: list[tuple[_Place, Claimed]] = []
    for path in warcs:
        for record in read_foreign(path):
            if isinstance(record, ForeignProblem):
                yield Item(str(source), "failed", reason=record.what)
                continue
            place = _Place(path, record.offset, record.url, record.time.at, record.payload_digest)
            places[_key(record.url)].append(place)
            post = claimed(record.url)
            if post and not _is_redirect(record):
                pages.append((place, post))
    if not pages:
        yield Item(str(source), "failed", reason=f"{source} holds no page of a site that postkeep reads.")
    for place, post in pages:
        yield _import_visit(place, post, places, intake)


def _import_visit(page: _Place, post: Claimed, places: dict[str, list[_Place]], intake: Intake) -> Item:
    if intake.known(post.claim.url, page.url, page.at, page.payload_digest):
        return Item(page.url, "skipped", post.claim.post_id, "The archive has this very capture already.")
    visit_id = intake.archive.begin_visit(post.claim.url, post.site.name)
    intake.archive.keep_foreign(visit_id, page.read())
    whole = True
    asked: set[Request] = set()
    while wanted := [
        each for each in post.site.next_requests(intake.archive.visit(visit_id)) if each not in asked
    ]:
        asked.update(wanted)
        for request in wanted:
            whole &= _keep_nearest(visit_id, request.url, page, places, intake)
    return intake.finish(visit_id, page.url, whole=whole)


def _keep_nearest(
    visit_id: str, url: str, page: _Place, places: dict[str, list[_Place]], intake: Intake
) -> bool:
    """Make the capture of ``url`` that was made nearest to the page's a part of the visit; False where there is none."""
    found = places.get(_key(url))
    if not found:
        return False
    nearest = min(found, key=lambda place: _distance(place.at, page.at))
    kept = intake.archive.find(nearest.url, nearest.at, nearest.payload_digest)
    if kept:
        intake.archive.bind(visit_id, kept)
    else:
        intake.archive.keep_foreign(visit_id, nearest.read())
    return True


def _distance(one: datetime | None, other: datetime | None) -> timedelta:
    return abs((one or _LONG_AGO) - (other or _LONG_AGO))


def _key(url: str) -> str:
    parsed = parse_url(url)
    return parsed.href if parsed else url


def _is_redirect(record: ForeignRecord) -> bool:
    return record.is_response and record.block[:16].split(b" ")[1:2] in (
        [b"301"],
        [b"302"],
        [b"303"],
        [b"307"],
        [b"308"],
    )
