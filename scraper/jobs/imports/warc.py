"""Somebody else's WARC and WACZ files: the posts in them, each with what else its site needs to read it."""

import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from zlib import error as ZlibError  # noqa: N812 - it is an exception class

from scraper.archive.coding import decode_content
from scraper.archive.compose import ForeignRecord
from scraper.archive.foreign import ForeignProblem, read_foreign
from scraper.archive.message import read_message
from scraper.errors import SkippableError
from scraper.jobs.imports.file_kind import FileKind
from scraper.jobs.imports.intake import Intake
from scraper.jobs.imports.originals import Originals
from scraper.jobs.imports.selection import Selection
from scraper.jobs.imports.warc_places import Place, WarcPlaces
from scraper.model.capture import Capture, Visit
from scraper.model.exchange import REDIRECT_STATUSES, Headers, Request
from scraper.model.outcome import Item
from scraper.model.url import strip_tracking
from scraper.reading.claims import Claimed, address, claimed, is_of_single_site, recognised

_PIECE: Final = 1 << 20
# Of a page that has to tell its site, so many bytes are unpacked; a longer one is too costly to parse anyway.
_LONGEST_PAGE: Final = 64 << 20

# Why a record is passed over, as the report has it.
_NOT_CHOSEN: Final = "Captures that --host, --match, --since or --until leave out."
_NO_POST: Final = "Captures of URLs that are no posts of a site that postkeep reads."
_NOT_RECOGNISED: Final = "Captures of pages that no site that postkeep reads recognises as posts."
_REDIRECT: Final = "Redirects; the page that one leads to counts by itself."
_UNTOLD_REVISIT: Final = (
    "Revisits without a page to tell its site, of URLs of which the files hold no post either."
)


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


@dataclass(frozen=True, slots=True)
class _Revisit:
    """A revisit that waits for what it refers to: the file it came in, its URL, and where it stands."""

    source: Path
    url: str
    place: Place


class WarcImport:
    """Takes the chosen posts out of WARC files, as one visit a capture of its page.

    ``places`` knows all files of the import: what a post needs, and what a revisit refers to, may lie in any of them.
    Memory stays flat: pages are taken in as they come, and only hosts that a site asks for are looked through.
    """

    def __init__(self, places: WarcPlaces, intake: Intake, selection: Selection) -> None:
        self._places = places
        self._originals = Originals(intake.archive, places)
        self._intake = intake
        self._selection = selection
        self._revisits: list[_Revisit] = []
        # By the URL of a capture, so that a revisit of it needs no page to tell its site.
        self._told: dict[str, Claimed] = {}

    def take(self, source: Path, warcs: Sequence[Path]) -> Iterator[Item]:
        """An item for each post in the files of ``source``, for each problem, and for each reason to pass records over.

        Revisits wait for ``rest``.

        Raises:
            SkippableError: a file cannot be read or is no WARC file.
        """
        found = False
        passed_over: Counter[str] = Counter()

        def count(url: str) -> None:
            passed_over[_NO_POST if self._selection.has_url(url) else _NOT_CHOSEN] += 1

        for path in warcs:
            for record in read_foreign(path, wanted=self._is_wanted, passed_over=count):
                if isinstance(record, ForeignProblem):
                    yield Item(str(source), "failed", reason=record.what)
                elif reason := self._reason_against(record):
                    passed_over[reason] += 1
                elif record.refers and not self._is_refused(record.url):
                    found = found or claimed(record.url) is not None
                    self._revisits.append(_Revisit(source, record.url, Place(path, record.offset)))
                elif post := self._post_of(record):
                    found = True
                    yield self._import_visit(record, post)
                else:
                    passed_over[_NOT_RECOGNISED] += 1
        if not found:
            yield Item(str(source), "failed", reason=f"{source} holds no page of a post to take in.")
        yield from _skipped(source, passed_over)

    def rest(self) -> Iterator[Item]:
        """An item for each chosen revisit: what most of them refer to has been taken in by now."""
        untold: dict[Path, Counter[str]] = {}
        for waiting in self._revisits:
            post = claimed(waiting.url) or self._told.get(waiting.url)
            passed_over = untold.setdefault(waiting.source, Counter())
            if post is None:
                passed_over[_UNTOLD_REVISIT] += 1
                continue
            try:
                founded = self._originals.found(waiting.place.read())
            except SkippableError as error:
                yield Item(waiting.url, "failed", reason=str(error))
                continue
            if self._intake.archive.capture(founded.original_id).status in REDIRECT_STATUSES:
                passed_over[_REDIRECT] += 1
            else:
                yield self._import_visit(founded.record, post, founded.original_id)
        for source, passed_over in untold.items():
            yield from _skipped(source, passed_over)

    def _reason_against(self, record: ForeignRecord) -> str | None:
        if not self._selection.has_time(record.time.at):
            return _NOT_CHOSEN
        return _REDIRECT if _is_redirect(record) else None

    def _post_of(self, record: ForeignRecord) -> Claimed | None:
        """The post that a record's URL names, or else its page shows; a revisit has no page to show."""
        found = claimed(record.url)
        if found or record.refers:
            return found
        found = recognised(Visit("", 0, record.url, (_page_of(record),)))
        if found:
            self._told[record.url] = found
        return found

    def _is_refused(self, url: str) -> bool:
        post = claimed(url)
        return post is not None and self._intake.refusal(url, post.claim.post_id) is not None

    def _is_wanted(self, url: str) -> bool:
        return self._selection.has_url(url) and _may_be_post(url)

    def _import_visit(self, page: ForeignRecord, post: Claimed, original_id: str | None = None) -> Item:
        archive = self._intake.archive
        if refusal := self._intake.refusal(page.url, post.claim.post_id):
            return Item(page.url, "refused", post.claim.post_id, refusal)
        if self._intake.known(post.claim.url, page.url, page.time.at, page.payload_digest):
            return Item(page.url, "skipped", post.claim.post_id, "The archive has this very capture already.")
        visit_id = archive.begin_visit(post.claim.url, post.site.name)
        self._keep(visit_id, page, original_id)
        whole = True
        asked: set[Request] = set()
        while wanted := [
            each for each in post.site.next_requests(archive.visit(visit_id)) if each not in asked
        ]:
            asked.update(wanted)
            for request in wanted:
                whole &= self._keep_nearest(visit_id, self._places.nearest(request.url, page.time.at))
        return self._intake.finish(visit_id, page.url, whole=whole)

    def _keep_nearest(self, visit_id: str, place: Place | None) -> bool:
        """Make the capture at ``place`` a part of the visit; False where there is none, or none with a payload."""
        if place is None:
            return False
        nearest = place.read()
        try:
            founded = self._originals.found(nearest) if nearest.refers else None
        except SkippableError:
            return False
        if founded:
            self._keep(visit_id, founded.record, founded.original_id)
        else:
            self._keep(visit_id, nearest, None)
        return True

    def _keep(self, visit_id: str, record: ForeignRecord, original_id: str | None) -> None:
        """Make a record the visit's next capture; what the archive has already is not kept again."""
        archive = self._intake.archive
        kept = archive.find(record.url, record.time.at, record.payload_digest)
        if kept:
            archive.bind(visit_id, kept)
        else:
            archive.keep_foreign(visit_id, record, original_id)


def _may_be_post(url: str) -> bool:
    """Whether a record of this URL is worth reading: on a platform only the post's own page is, not its variants.

    Pages of comments come along with their post, as its site asks for them.
    """
    return bool(claimed(url)) or (not is_of_single_site(url) and address(url) == strip_tracking(url))


def _skipped(source: Path, passed_over: Counter[str]) -> Iterator[Item]:
    for reason, count in passed_over.items():
        yield Item(str(source), "skipped", reason=f"{reason} ({count})")


def _page_of(record: ForeignRecord) -> Capture:
    """The record as a capture, before it is one, to see whether it is a post."""
    time, digest = record.time, record.payload_digest
    if not record.is_response:
        headers: Headers = (("content-type", record.content_type),)
        return Capture("", record.url, None, headers, record.block, time.at, time.basis, digest)
    message = read_message(record.block)
    body, _ = decode_content(message.payload, message.headers, _LONGEST_PAGE)
    return Capture("", record.url, message.status, message.headers, body, time.at, time.basis, digest)


def _is_redirect(record: ForeignRecord) -> bool:
    """Whether a record leads elsewhere; of a revisit without a head of its own that is not known yet."""
    has_head = record.is_response and bool(record.block)
    return has_head and read_message(record.block).status in REDIRECT_STATUSES
