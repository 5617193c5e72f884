"""Archives with people in them, without a network: pages of the replica's community, kept as a crawl would keep them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from scraper.archive.archive import Archive
from scraper.jobs.extract.anew import extract
from scraper.jobs.workplace import Workplace
from scraper.model.stores import LedgerEntry
from tests.archive.making import NOON, WARCINFO, exchange
from tests.clock import VirtualClock
from tests.jobs.workplaces import workplace_at
from tests.replica import v1
from tests.replica.content import ReplicaPost, load_community

SITE = "https://careerly.co.kr"
LISTING = f"{SITE}/trends"


def community_posts() -> list[ReplicaPost]:
    """The posts of the first site that stand on a page."""
    community = load_community()
    numbered = [(post, community.find(post.kind, post.id, "v1")) for post in community.posts]
    return [post for post, found in numbered if found is not None and not post.deleted]


def url_of(post: ReplicaPost) -> str:
    """The address of the post's page."""
    return SITE + post.path("v1")


@contextmanager
def writing(workplace: Workplace) -> Iterator[Archive]:
    """The archive open for writing."""
    with Archive.open(
        workplace.folder, clock=workplace.clock, warcinfo=WARCINFO, disk=workplace.disk, part_size=100_000
    ) as archive:
        yield archive


def keep_page(archive: Archive, url: str, page: bytes, minute: int = 0, **more: object) -> str:
    """One visit with one page; gives the visit's id."""
    at = NOON + timedelta(minutes=minute)
    visit_id = archive.begin_visit(url, "careerly")
    archive.keep(exchange(url, page, at=at, **more), visit_id)  # type: ignore[arg-type]  # options of exchange
    archive.end_visit(visit_id, whole=True)
    for event, rule in (("request", "fetch"), ("answer", "fetch")):
        detail = {"status": 200, "payload_digest": "sha256:0", "location": url}
        archive.ledger.note(LedgerEntry(at, event, "careerly.co.kr", url, rule, detail))  # type: ignore[arg-type]  # our words
    return visit_id


def community_archive(folder: Path, posts: Sequence[ReplicaPost] = ()) -> Workplace:
    """An archive of posts of the community, all of them where none is named, and of the listing that leads to them, read."""
    workplace = workplace_at(folder, VirtualClock())
    kept = posts or community_posts()
    community, build = load_community(), v1.Build()
    with writing(workplace) as archive:
        for minute, post in enumerate(kept):
            keep_page(archive, url_of(post), v1.post_page(community, post, build).encode(), minute)
        archive.keep(exchange(LISTING, v1.listing_page(community, build).encode(), at=NOON))
        archive.frontier.add(url_of(post) for post in kept)
        archive.frontier.begin(LISTING, NOON, NOON)
        archive.frontier.note_list(LISTING, LISTING, (), [url_of(post) for post in kept], NOON)
    extract(workplace)
    return workplace
