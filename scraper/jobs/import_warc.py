"""Somebody else's WARC and WACZ files: the posts in them, each with what else its site needs to read it."""

import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from zlib import error as ZlibError  # noqa: N812 - it is an exception class

from scraper.archive.compose import ForeignRecord
from scraper.archive.foreign import ForeignProblem, read_foreign
from scraper.archive.message import read_message
from scraper.errors import SkippableError
from scraper.jobs.claims import claimed
from scraper.jobs.file_kind import FileKind
from scraper.jobs.intake import Intake
from scraper.jobs.selection import Selection
from scraper.jobs.warc_places import Place, WarcPlaces
from scraper.model.exchange import REDIRECT_STATUSES, Request
from scraper.model.outcome import Item

_PIECE: Final = 1 << 20


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


def import_warcs(source: Path, warcs: Sequence[Path], intake: Intake, selection: Selection) -> Iterator[Item]:
    """Every chosen post in the files, as one visit a capture of its page; and an item for each problem with one.

    Memory stays flat: pages are taken in as they come, and only hosts that a site asks for are looked through.

    Raises:
        SkippableError: a file cannot be read or is no WARC file.
    """
    found = False
    with WarcPlaces(warcs) as places:
        for path in warcs:
            for record in read_foreign(
                path, wanted=lambda url: selection.has_url(url) and bool(claimed(url))
            ):
                if isinstance(record, ForeignProblem):
                    yield Item(str(source), "failed", reason=record.what)
                elif not _is_redirect(record) and selection.has_time(record.time.at):
                    found = True
                    yield _import_visit(record, places, intake)
    if not found:
        yield Item(str(source), "failed", reason=f"{source} holds no page of a post to take in.")


def _import_visit(page: ForeignRecord, places: WarcPlaces, intake: Intake) -> Item:
    post = claimed(page.url)
    if post is None:
        raise ValueError(f"{page.url} is claimed by no site.")
    if intake.known(post.claim.url, page.url, page.time.at, page.payload_digest):
        return Item(page.url, "skipped", post.claim.post_id, "The archive has this very capture already.")
    visit_id = intake.archive.begin_visit(post.claim.url, post.site.name)
    intake.archive.keep_foreign(visit_id, page)
    whole = True
    asked: set[Request] = set()
    while wanted := [
        each for each in post.site.next_requests(intake.archive.visit(visit_id)) if each not in asked
    ]:
        asked.update(wanted)
        for request in wanted:
            whole &= _keep_nearest(visit_id, places.nearest(request.url, page.time.at), intake)
    return intake.finish(visit_id, page.url, whole=whole)


def _keep_nearest(visit_id: str, place: Place | None, intake: Intake) -> bool:
    """Make the capture at ``place`` a part of the visit; False where there is none."""
    if place is None:
        return False
    nearest = place.read()
    kept = intake.archive.find(nearest.url, nearest.time.at, nearest.payload_digest)
    if kept:
        intake.archive.bind(visit_id, kept)
    else:
        intake.archive.keep_foreign(visit_id, nearest)
    return True


def _is_redirect(record: ForeignRecord) -> bool:
    return record.is_response and read_message(record.block).status in REDIRECT_STATUSES
