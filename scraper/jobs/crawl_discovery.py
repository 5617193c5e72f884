"""From a listing, feed or sitemap to the posts it leads to. What is neither a post nor a list of them is not fetched."""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from scraper.archive.archive import Archive
from scraper.archive.discoveries import Lead
from scraper.errors import RefusedError, RetryableError, SkippableError
from scraper.fetch.visitor import Visitor
from scraper.jobs.claims import claimed, unclaimed_reason
from scraper.jobs.crawl_visit import RESUMABLE
from scraper.jobs.rights import RightsRecorder
from scraper.jobs.workplace import Workplace
from scraper.model.capture import Capture
from scraper.model.exchange import Request
from scraper.model.outcome import Item, OutcomeWord
from scraper.model.url import parse_url
from scraper.page.leads import Leads
from scraper.page.listings import read_listing
from scraper.page.traps import trap_in
from scraper.sites.registry import all_sites

# The protocol has one index over sitemaps; some servers have an index over indexes.
MAX_DEPTH: Final = 3
# Lists of one target; an index may name 50,000 sitemaps, and each is 2 seconds at least.
MAX_LISTS: Final = 50_000


class Discovery:
    """Finds the posts of one target, list after list, durably: started again, it goes on where it was."""

    def __init__(self, target: str, workplace: Workplace, archive: Archive, visitor: Visitor) -> None:
        self._target = target
        self._workplace = workplace
        self._archive = archive
        self._visitor = visitor
        self._store = archive.discoveries
        self._left_alone: Counter[str] = Counter()
        self._problems: list[str] = []
        self._trouble: list[Item] = []

    async def find(self, room: int | None) -> list[Item]:
        """Look at lists until there are no more, or until ``room`` posts were found.

        Gives an item for each list that could not be had, and one for the target where there is something to say of
        it: that it led to no post, that some of it could not be read, what was left alone and why.
        """
        now = self._workplace.clock.now()
        self._store.begin(self._target, now, now - RESUMABLE)
        while self._has_room(room) and (lead := self._store.next_list(self._target)):
            await self._look_at(lead)
        return [*self._trouble, *self._summary()]

    def _has_room(self, room: int | None) -> bool:
        return room is None or self._store.count(self._target, "post") < room

    async def _look_at(self, lead: Lead) -> None:
        try:
            capture = await self._fetch(lead)
        except RefusedError as refusal:
            self._settle(lead, Item(lead.url, "refused", reason=str(refusal)))
        except (RetryableError, SkippableError) as error:
            asked = f"{unclaimed_reason(lead.url)} It lists none either: " if lead.url == self._target else ""
            self._settle(lead, Item(lead.url, "failed", reason=f"{asked}{error}"))
        else:
            self._follow(lead, capture)

    async def _fetch(self, lead: Lead) -> Capture:
        recorder = RightsRecorder(self._archive, self._workplace, None)
        await self._visitor.fetch(Request(lead.url), recorder, conditions=self._archive.conditions)
        recorder.require_kept()
        capture = self._archive.capture(recorder.take_kept()[-1])
        if capture.status != 200:
            raise SkippableError(
                f"{lead.url} answered with HTTP status {capture.status}, so it lists no posts."
            )
        return capture

    def _settle(self, lead: Lead, item: Item) -> None:
        self._trouble.append(item)
        self._store.looked_at(self._target, lead.url, (), (), self._workplace.clock.now())

    def _follow(self, lead: Lead, capture: Capture) -> None:
        leads = read_listing(capture)
        if leads.problem:
            self._problems.append(f"{lead.url} was not read to its end: {leads.problem}.")
        posts = [*self._posts(leads.pages), *_posts_of_sites(capture)]
        lists = [*self._sitemaps(lead, leads), *self._following(lead, leads)]
        now = self._workplace.clock.now()
        new = self._store.looked_at(self._target, lead.url, lists, posts, now)
        if not new and leads.following and lead.page:
            # A list that goes on without anything new on it goes on for ever.
            self._left_alone["pages after one without a new post"] += len(leads.following)
            for following in leads.following:
                self._store.looked_at(self._target, following, (), (), now)

    def _posts(self, pages: Iterable[str]) -> Iterable[str]:
        """The posts among the pages, by their canonical URLs."""
        for url in pages:
            found = claimed(url)
            trap = trap_in(url) if found else None
            if trap:
                self._left_alone[trap] += 1
            elif found:
                yield found.claim.url

    def _sitemaps(self, lead: Lead, leads: Leads) -> Iterable[Lead]:
        for url in leads.sitemaps:
            if lead.depth >= MAX_DEPTH:
                self._left_alone["sitemap too deep in indexes"] += 1
            elif self._is_followed(url):
                yield Lead(url, lead.depth + 1)

    def _following(self, lead: Lead, leads: Leads) -> Iterable[Lead]:
        for url in leads.following:
            if lead.page + 1 >= self._workplace.settings.listing_pages:
                self._left_alone["page beyond listing_pages"] += 1
            elif self._is_followed(url):
                yield Lead(url, lead.depth, lead.page + 1)

    def _is_followed(self, url: str) -> bool:
        """Whether a list leads on to ``url``: on its own host, by no trap, and not without end."""
        trap = trap_in(url)
        if trap is None and not _is_near(url, self._target):
            trap = "list on another host"
        if trap is None and self._store.count(self._target, "list") >= MAX_LISTS:
            trap = f"list beyond {MAX_LISTS:,}"
        if trap:
            self._left_alone[trap] += 1
        return trap is None

    def _summary(self) -> Iterable[Item]:
        posts = self._store.count(self._target, "post")
        left_alone = [f"{kind} ({count})" for kind, count in sorted(self._left_alone.items())]
        said = [*self._problems, *([f"Left alone: {', '.join(left_alone)}."] if left_alone else [])]
        if not posts and not self._trouble:
            reason = f"{unclaimed_reason(self._target)} It leads to none either."
            yield Item(self._target, "failed", reason=" ".join([reason, *said]))
        elif said:
            outcome: OutcomeWord = "failed" if self._problems else "done"
            yield Item(self._target, outcome, reason=" ".join([f"It led to {posts} posts.", *said]))


def _posts_of_sites(capture: Capture) -> Iterable[str]:
    """The posts that sites read out of a list of theirs in a way of their own, such as the answer of an API."""
    for site in all_sites():
        for url in site.links(capture):
            if _is_near(url, capture.url) and site.claims(url):
                yield url


def _is_near(one: str, other: str) -> bool:
    """Whether two URLs lie on one host, or one's host within the other's domain; ``www.`` aside."""
    hosts = [url.host.removeprefix("www.") if (url := parse_url(text)) else text for text in (one, other)]
    return hosts[0] == hosts[1] or hosts[0].endswith(f".{hosts[1]}") or hosts[1].endswith(f".{hosts[0]}")
