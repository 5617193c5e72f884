"""``postkeep import --memento``: posts out of a web archive, each capture a visit made when the archive captured it."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from scraper.errors import RefusedError, RetryableError, SkippableError
from scraper.fetch.visitor import Visitor
from scraper.jobs.crawl.strangers import MOST_IN_VAIN, Strangers
from scraper.jobs.crawl.visiting import open_visitor
from scraper.jobs.exclusions import exclusions_of
from scraper.jobs.extractor import known_roots
from scraper.jobs.imports.intake import Intake
from scraper.jobs.imports.selection import Selection
from scraper.jobs.init import make_place
from scraper.jobs.mementos.cdx import CdxLine, CdxServer, Query
from scraper.jobs.mementos.listing import Lister
from scraper.jobs.mementos.refusals import SiteRefusals
from scraper.jobs.mementos.visit import MementoVisit, Replay
from scraper.jobs.runs import open_archive
from scraper.jobs.workplace import Workplace
from scraper.model.exchange import REDIRECT_STATUSES
from scraper.model.outcome import Item, Report
from scraper.model.url import host_of, strip_tracking, without_credentials
from scraper.page.traps import trap_in
from scraper.sites.registry import Claimed, Roots, Sites

# What says something of a post: a page, a redirect to one, a closed door, a post that is gone.
_TELLING: Final = REDIRECT_STATUSES | {200, 401, 403, 404, 410}
# A redirect with a page of the same address this near is the move from http to https, or to another spelling.
_SAME_MOMENT: Final = timedelta(hours=1)

# What an index says of a page, or of what it does not know: style sheets, pictures and feeds are no posts.
_PAGES: Final = frozenset({"", "-", "unk", "warc/revisit", "text/html", "application/xhtml+xml"})
# Why a listed capture is passed over, as the report has it.
_NO_POST: Final = "Captures of URLs that are no posts of a site that postkeep reads."
_NOT_RECOGNISED: Final = "More captures of pages that no site that postkeep reads recognised as posts."
_GIVEN_UP: Final = f"Captures of hosts on which no site recognised the first {MOST_IN_VAIN} pages."
_NOT_CHOSEN: Final = "Captures that --host, --match, --since or --until leave out."
_SAYS_NOTHING: Final = "Captures with an HTTP status that says nothing of a post."
_SPELLING: Final = "Redirects from another spelling of an address that was captured at the same time."
_UNCHANGED: Final = "Captures that equal the one before them."


def import_mementos(
    cdx_server: str,
    targets: Sequence[str],
    workplace: Workplace,
    selection: Selection = Selection(),  # noqa: B008 - frozen
) -> Report:
    """Take in what a web archive has of each target: the URL of a post, or a prefix of URLs, ending in ``*``.

    An import that was cut off goes on when it is started again: captures that the archive has are not fetched.

    Raises:
        UsageError: no contact is set, ``cdx_server`` is no address of one, or the folder is no archive and not empty.
        ArchiveHeldError: another run holds the archive.
        StopError: the archive cannot be written.
    """
    workplace.settings.require_contact()
    targets = [without_credentials(target) for target in targets]
    server = CdxServer.at(without_credentials(cdx_server))
    make_place(workplace.folder, workplace.disk, workplace.progress)
    with open_archive(workplace) as (archive, extractor):
        importing = _Import(
            server, Intake(archive, extractor, exclusions_of(workplace)), workplace, selection
        )
        items = asyncio.run(importing.take_all(targets))
    return Report(items=tuple(items))


class _Import:
    """One run over its targets."""

    def __init__(self, server: CdxServer, intake: Intake, workplace: Workplace, selection: Selection) -> None:
        self._server = server
        self._intake = intake
        self._workplace = workplace
        self._selection = selection
        self._refusals = SiteRefusals(intake.archive, workplace.settings, workplace.clock)
        self._strangers = _Strangers()
        self._sites = intake.extractor.reader.sites
        self._roots = known_roots(intake.extractor)

    async def take_all(self, targets: Sequence[str]) -> list[Item]:
        """Every target, one after the other: one request at a time is all that a web archive is owed to bear."""
        progress = self._workplace.progress
        progress.expect(len(targets), "importing")
        items: list[Item] = []
        async with open_visitor(self._workplace, self._intake.archive) as visitor:
            for target in targets:
                progress.begin(target)
                async for item in self._take(target, visitor):
                    progress.end(item)
                    items.append(item)
        return items

    async def _take(self, target: str, visitor: Visitor) -> AsyncIterator[Item]:
        """An item for each capture of a post, and one for whatever else there is to say of the target."""
        archive = self._intake.archive
        lister = Lister(self._server, visitor, archive, self._workplace.clock.now())
        replay = Replay(visitor, archive, self._workplace, self._refusals)
        query = Query(target, self._selection.since, self._selection.until)
        passed_over: Counter[str] = Counter()
        has_items = False
        try:
            async for lines in _by_url(lister.captures(query)):
                async for item in self._visits(lines, replay, passed_over):
                    has_items = True
                    yield item
        except RefusedError as refusal:
            yield Item(target, "refused", reason=str(refusal))
        except (RetryableError, SkippableError) as error:
            yield Item(target, "failed", reason=str(error))
        else:
            if not has_items:
                reason = f"{self._server.listing} lists no capture to take in for {target}."
                yield Item(target, "failed", reason=reason)
        for reason, count in (passed_over + lister.trouble).items():
            yield Item(target, "skipped", reason=f"{reason} ({count})")

    async def _visits(
        self, lines: list[CdxLine], replay: Replay, passed_over: Counter[str]
    ) -> AsyncIterator[Item]:
        """An item for each capture of one URL that is taken in; what is not is counted in ``passed_over``."""
        pages = [line.at for line in lines if line.status == 200]
        unchanged = None
        for line in lines:
            reason = self._reason_against(line, self._sites.claimed(line.url), pages)
            if reason:
                passed_over[reason] += 1
            elif line.digest and line.digest == unchanged:
                passed_over[_UNCHANGED] += 1
            else:
                visit = MementoVisit(line, self._sites.claimed(line.url), self._server, self._intake)
                item = await visit.make(replay)
                self._strangers.note(line, item, is_known=visit.is_of_known_site())
                if visit.page and visit.page.root:
                    self._roots = self._roots.with_root(*visit.page.root)
                yield item
                unchanged = line.digest if visit.stands_alone() else None

    def _reason_against(self, line: CdxLine, post: Claimed | None, pages: Sequence[datetime]) -> str | None:
        if post is None and not _may_be_page(line, self._sites, self._roots):
            return _NO_POST
        if not (self._selection.has_url(line.url) and self._selection.has_time(line.at)):
            return _NOT_CHOSEN
        post_id = post.claim.post_id if post else self._strangers.post_at(line)
        if refusal := self._intake.refusal(line.url, post_id):
            return refusal
        if line.status is not None and line.status not in _TELLING:
            return _SAYS_NOTHING
        if line.status in REDIRECT_STATUSES and any(abs(line.at - at) < _SAME_MOMENT for at in pages):
            return _SPELLING
        if post is None and post_id is None:
            return self._reason_against_stranger(line)
        return None

    def _reason_against_stranger(self, line: CdxLine) -> str | None:
        """Why a page is passed over that no URL tells the site of, nor an earlier capture."""
        if line.status not in {200, None}:
            return _SAYS_NOTHING
        if self._strangers.is_no_post(line):
            return _NOT_RECOGNISED
        return _GIVEN_UP if self._strangers.are_given_up(line) else None


class _Strangers:
    """What one import has found out about URLs that do not tell their site."""

    def __init__(self) -> None:
        self._posts: dict[str, str] = {}
        self._no_posts: set[str] = set()
        self._hosts = Strangers()

    def note(self, line: CdxLine, item: Item, *, is_known: bool) -> None:
        """Take in what became of a capture; ``is_known`` says that a site made the page, be it a post or not."""
        if item.post_id is not None:
            self._posts[line.key] = item.post_id
        elif item.outcome == "rejected":
            self._no_posts.add(line.key)
        self._hosts.note(
            host_of(line.url),
            is_recognised=item.post_id is not None or is_known,
            is_in_vain=item.outcome in {"rejected", "skipped"},
        )

    def post_at(self, line: CdxLine) -> str | None:
        """The post that an earlier capture of the same URL showed."""
        return self._posts.get(line.key)

    def is_no_post(self, line: CdxLine) -> bool:
        """Whether an earlier capture of the same URL showed no post."""
        return line.key in self._no_posts

    def are_given_up(self, line: CdxLine) -> bool:
        """Whether no site recognised any of the pages of the host that were fetched, and those were enough."""
        return self._hosts.are_given_up(host_of(line.url))


def _may_be_page(line: CdxLine, sites: Sites, roots: Roots) -> bool:
    """Whether a capture may show a post of a platform, under the one address that such a post has."""
    return (
        line.media_type in _PAGES
        and sites.at(line.url) is None
        and sites.canonical_url(line.url, roots) == strip_tracking(line.url)
        and trap_in(line.url, sites.traps_at(line.url, roots)) is None
    )


async def _by_url(lines: AsyncIterator[CdxLine]) -> AsyncIterator[list[CdxLine]]:
    """The captures in groups of one URL, as they come."""
    group: list[CdxLine] = []
    async for line in lines:
        if group and line.key != group[0].key:
            yield group
            group = []
        group.append(line)
    if group:
        yield group
