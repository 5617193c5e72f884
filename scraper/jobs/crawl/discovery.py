"""From a listing, feed or sitemap to the posts it leads to. What is neither a post nor a list of them is not fetched.

On a host that belongs to no single site the page itself tells what it is: a post, a list of a platform's posts, a feed or a
sitemap, whose pages are then looked at one by one; or nothing that any site knows.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from itertools import chain
from typing import Final

from scraper.archive.frontier import DiscoveryCounts, Lead
from scraper.errors import RefusedError, RetryableError, SkippableError
from scraper.jobs.crawl.documents import RESUMABLE, Documents
from scraper.jobs.crawl.kinds import Kinds
from scraper.jobs.crawl.side_by_side import SideBySide
from scraper.jobs.crawl.targets import Stage, Targets
from scraper.model.capture import Visit
from scraper.model.outcome import Item, OutcomeWord
from scraper.model.url import host_of, is_near, parse_url
from scraper.page.leads import Leads
from scraper.page.packed_urls import packed_urls
from scraper.page.traps import trap_in
from scraper.reading.document_reading import DocumentReading
from scraper.reading.read_visit import DocumentsOfVisit, other_reason, unclaimed_reason

# The protocol has one index over sitemaps; some servers have an index over indexes.
MAX_DEPTH: Final = 3
# Lists of one target; an index may name 50,000 sitemaps, and each is 2 seconds at least.
MAX_LISTS: Final = 50_000

# Whether a post is known, and has not moved since it was visited, by the last date that its row may mean.
IsSettled = Callable[[str, datetime | None], bool]


def _never(_url: str, _until: datetime | None) -> bool:
    return False


async def look_at_lists(
    targets: Targets, documents: Documents, side_by_side: SideBySide, is_settled: IsSettled = _never
) -> None:
    """Add to ``targets`` the posts that each of its lists leads to, and an item for what is to be said of a list.

    A list is read until a page of it shows nothing but posts that are settled: known, and unmoved by what their rows say.
    """
    progress = documents.workplace.progress
    if not targets.list_count:
        return
    progress.expect(targets.list_count, "looking for posts in")

    async def discover(number: int) -> None:
        target = targets.list_at(number)
        progress.begin(target)
        for item in await Discovery(target, documents, is_settled).find(targets.room):
            targets.items.add(item, Stage.LISTS, number)

    await side_by_side.run(map(host_of, targets.lists()), discover)
    targets.roots = documents.roots
    for number, target in enumerate(targets.lists()):
        for url in documents.archive.frontier.posts(target):
            if url == target:
                targets.add_list(number)
            else:
                targets.add_found(url)
    targets.say_left_out()


class Discovery:
    """Finds the posts of one target, list after list, durably: started again, it goes on where it was."""

    def __init__(self, target: str, documents: Documents, is_settled: IsSettled = _never) -> None:
        self._target = target
        self._is_settled = is_settled
        self._documents = documents
        self._workplace = documents.workplace
        self._sites = documents.sites
        self._frontier = documents.archive.frontier
        self._left_alone: Counter[str] = Counter()
        self._problems: list[str] = []
        self._recovered: list[str] = []
        self._trouble: list[Item] = []
        self._is_post = False
        self._instead: str | None = None
        self._kinds = Kinds(self._target, documents)
        self._begun_at: datetime | None = None
        self._counts = DiscoveryCounts(0, 0)

    async def find(self, room: int | None) -> list[Item]:
        """Look at lists until there are no more, or until ``room`` posts were found.

        Gives an item for each list that could not be had, and one for the target where there is something to say of
        it: that it led to no post, that some of it could not be read, what was left alone and why.
        """
        now = self._workplace.clock.now()
        self._begun_at = self._frontier.begin(self._target, now, now - RESUMABLE)
        self._counts = self._frontier.counts(self._target)
        while self._has_room(room) and (lead := self._frontier.next_list(self._target)):
            await self._look_at(lead, room)
        self._note_bound(room)
        return [*self._trouble, *self._summary()]

    def _note_bound(self, room: int | None) -> None:
        """Count what the bound on posts leaves alone."""
        beyond = 0 if room is None else self._counts.posts - room
        if beyond > 0:
            self._left_alone["post beyond --max-posts"] += beyond
        if not self._has_room(room) and self._frontier.next_list(self._target):
            self._left_alone["further lists, for --max-posts was reached"] += 1

    def _has_room(self, room: int | None) -> bool:
        return room is None or self._counts.posts < room

    async def _look_at(self, lead: Lead, room: int | None) -> None:
        try:
            documents = await self._fetch(lead)
        except RefusedError as refusal:
            self._settle(lead, Item(lead.url, "refused", reason=str(refusal)))
        except (RetryableError, SkippableError) as error:
            self._settle(lead, Item(lead.url, "failed", reason=f"{self._asked(lead)}{error}"))
        else:
            await self._follow(lead, documents, room)

    def _asked(self, lead: Lead) -> str:
        """What to say first of a target that is known to be no post."""
        asked = lead.url == self._target and self._sites.at(lead.url)
        return f"{unclaimed_reason(lead.url)} It lists none either: " if asked else ""

    async def _fetch(self, lead: Lead) -> list[DocumentReading]:
        """The page of a lead, last, after the redirects to it; an error page only where it may be one of a post."""
        documents = await self._documents.look_at(lead.url, self._begun_at)
        status = documents[-1].capture.status
        if status != 200 and not self._may_be_post(lead):
            raise SkippableError(f"{lead.url} answered with HTTP status {status}, so it lists no posts.")
        return documents

    def _may_be_post(self, lead: Lead) -> bool:
        return lead.url == self._target and self._sites.at(lead.url) is None

    def _settle(self, lead: Lead, item: Item) -> None:
        self._trouble.append(item)
        self._note(lead.url, self._workplace.clock.now())

    def _note(self, url: str, now: datetime, *, lists: Iterable[Lead] = (), posts: Iterable[str] = ()) -> int:
        """Note what a list leads to; gives how many of the posts are new."""
        new = self._frontier.note_list(self._target, url, lists, posts, now)
        self._counts += new
        return new.posts

    async def _follow(self, lead: Lead, documents: list[DocumentReading], room: int | None) -> None:
        page = documents[-1]
        leads = page.leads or Leads(problem=page.trouble)
        now = self._workplace.clock.now()
        if self._may_be_post(lead) and (
            page.capture.status != 200
            or DocumentsOfVisit.of(Visit("", 0, lead.url), documents).is_claimed(self._sites)
            or not self._is_list(leads)
        ):
            self._is_post = True
            self._note(lead.url, now, posts=[lead.url])
            return
        if leads.problem:
            self._problems.append(f"{lead.url} was not read to its end: {leads.problem}.")
        if leads.recovered:
            self._recovered.append(f"{lead.url} was read as far as it can be made out: {leads.recovered}.")
        if lead.url == self._target:
            self._instead = other_reason(DocumentsOfVisit.of(Visit("", 0, lead.url), documents), self._sites)
        groups = await self._kinds.sort(self._may_be_asked_for(leads.groups), room)
        posts = packed_urls(chain(self._posts(leads), groups.posts))
        below = (*leads.sitemaps, *groups.lists)
        moved = {self._canonical(url): until for url, until in leads.moved}
        if posts and all(self._is_settled(url, moved.get(url)) for url in posts):
            leads = replace(leads, following=())
        lists = [*self._below(lead, below), *self._following(lead, leads)]
        new = self._note(lead.url, now, lists=lists, posts=posts)
        if not new and leads.following and lead.page:
            # A list that goes on without anything new on it goes on for ever.
            self._left_alone["pages after one without a new post"] += len(leads.following)
            for following in leads.following:
                self._note(following, now)

    def _canonical(self, url: str) -> str:
        return self._sites.canonical_url(url, self._documents.roots)

    def _posts(self, leads: Leads) -> Iterable[str]:
        """The posts among the pages, by their canonical URLs, and those that only a visit can tell."""
        roots = self._documents.roots
        for url in leads.pages:
            claimed = self._sites.claimed(url)
            if not claimed and (self._sites.at(url) or not leads.is_list):
                continue
            trap = trap_in(url, self._sites.traps_at(url, roots)) or (
                None if claimed else self._trap_of_stranger(url)
            )
            if trap:
                self._left_alone[trap] += 1
            else:
                yield claimed.claim.url if claimed else self._sites.canonical_url(url, roots)
        yield from self._without_traps(leads.posts)

    def _may_be_asked_for(self, groups: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
        """The groups without what is left alone; none on a host of a single site, whose posts its URLs name."""
        if self._sites.at(self._target):
            return []
        canonical = (map(self._canonical, group) for group in groups)
        return [tuple(dict.fromkeys(self._of_shard(self._without_traps(group)))) for group in canonical]

    def _of_shard(self, urls: Iterable[str]) -> Iterable[str]:
        for url in urls:
            if self._workplace.shard.has_url(url):
                yield url
            else:
                self._left_alone["page on a host of another shard"] += 1

    def _without_traps(self, urls: Iterable[str]) -> Iterable[str]:
        for url in urls:
            if trap := trap_in(url, self._sites.traps_at(url, self._documents.roots)):
                self._left_alone[trap] += 1
            else:
                yield url

    def _trap_of_stranger(self, url: str) -> str | None:
        """What makes a page that only a visit can tell one that is not visited."""
        parsed = parse_url(url)
        if not is_near(url, self._target):
            return "page on another host"
        # Sitemaps name the front page among the rest; it lists posts, and is none.
        return "front page" if parsed and parsed.path == "/" and not parsed.query else None

    def _below(self, lead: Lead, urls: Iterable[str]) -> Iterable[Lead]:
        """The lists that a list names: the sitemaps of an index, the boards of a forum."""
        for url in urls:
            if lead.depth >= MAX_DEPTH:
                self._left_alone["list too deep below the target"] += 1
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
        trap = trap_in(url, self._sites.traps_at(url, self._documents.roots))
        if trap is None and not is_near(url, self._target):
            trap = "list on another host"
        if trap is None and not self._workplace.shard.has_url(url):
            trap = "list on a host of another shard"
        if trap is None and self._counts.lists >= MAX_LISTS:
            trap = f"list beyond {MAX_LISTS:,}"
        if trap:
            self._left_alone[trap] += 1
        return trap is None

    def _is_list(self, leads: Leads) -> bool:
        """Whether a page of a host that belongs to no single site is one that lists posts."""
        return (
            leads.is_list or bool(leads.posts or leads.groups) or any(map(self._sites.claimed, leads.pages))
        )

    def _summary(self) -> Iterable[Item]:
        if self._is_post:
            return
        posts = self._counts.posts
        left_alone = [f"{kind} ({count})" for kind, count in sorted(self._left_alone.items())]
        remarks = [
            *self._problems,
            *self._recovered,
            *([f"Left alone: {', '.join(left_alone)}."] if left_alone else []),
        ]
        if not posts and not self._trouble:
            is_of_site = self._sites.at(self._target) is not None
            if self._instead and not is_of_site:
                reason = f"{self._instead} It leads to no post either."
                yield Item(self._target, "rejected", reason=" ".join([reason, *remarks]))
                return
            reason = (
                f"{unclaimed_reason(self._target)} It leads to none either."
                if is_of_site
                else f"{self._target} leads to no post."
            )
            yield Item(self._target, "failed", reason=" ".join([reason, *remarks]))
        elif remarks:
            outcome: OutcomeWord = "failed" if self._problems else "done"
            yield Item(self._target, outcome, reason=" ".join([f"It led to {posts} posts.", *remarks]))
