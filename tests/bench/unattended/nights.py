"""Thirty real nights: ``postkeep refresh`` against the replica over TLS, its posts living as ``life`` has it.

They give what one visit of each kind costs, for the simulation to go by.
"""

import json
import random
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Literal
from zoneinfo import ZoneInfo

from scraper.archive.files import RECORDS_FILE
from scraper.archive.ledger import ledger_files
from scraper.archive.read import open_to_read
from scraper.jobs.crawl.job import crawl
from scraper.jobs.refresh.due import VisitedPost, bounds_of, visited_posts
from scraper.jobs.refresh.job import refresh
from scraper.jobs.refresh.rhythm import Change
from scraper.jobs.workplace import Workplace
from scraper.records.store import Records
from scraper.settings import Settings
from tests.bench.unattended.life import CHANGES, DAY, READERS, happened
from tests.clock import VirtualClock
from tests.jobs.workplaces import SETTINGS, workplace_at
from tests.replica.content import SITE_HOST, Community, ReplicaComment, ReplicaPost, enlarge, load_community
from tests.replica.routes import Deployment
from tests.replica.server import Replica

NIGHTS: Final = 30
_COPIES: Final = 10
_NEW_A_NIGHT: Final = 1
_SEOUL: Final = ZoneInfo("Asia/Seoul")

Kind = Literal["new", "changed", "counted", "same"]
KINDS: Final[tuple[Kind, ...]] = ("new", "changed", "counted", "same")
# night: whatever a run takes besides its visits: robots.txt, and the lists that it follows.
Taker = Kind | Literal["night"]
_TAKERS: Final[tuple[Taker, ...]] = ("night", *KINDS)
_FOUND: Final[Mapping[Change, Kind]] = {
    "changed": "changed",
    "counted": "counted",
    "same": "same",
    "withheld": "same",
    "nothing": "same",
}


@dataclass(frozen=True, slots=True)
class Night:
    """What one run visited, and what each kind of visit took in all: requests, bytes over the wire, bytes of WARC."""

    visits: Counter[Kind]
    requests: Counter[Taker]
    wire: Counter[Taker]
    warc: Counter[Taker]


@dataclass(frozen=True, slots=True)
class Cost:
    """What one visit of a kind takes, on average; or what a night takes besides its visits."""

    requests: float
    wire: float
    warc: float


def thirty_nights(seed: int) -> list[Night]:
    """Crawl the replica, then refresh it nightly while its posts live."""
    chance, clock = random.Random(seed), VirtualClock()
    posts = _aged(enlarge(load_community(), _COPIES), clock.now(), chance)
    kept, coming = posts[_NEW_A_NIGHT * NIGHTS :], posts[: _NEW_A_NIGHT * NIGHTS]
    settings = replace(SETTINGS, follow=(f"https://{SITE_HOST}/trends",))
    with tempfile.TemporaryDirectory() as folder, Replica(Deployment(Community(tuple(kept)))) as replica:
        place = replace(workplace_at(Path(folder, "archive"), clock, replica), settings=settings)
        crawl([post.url("v1") for post in kept], place)
        return list(_nights(place, clock, replica, kept, coming, chance))


def costs(nights: Sequence[Night]) -> dict[Taker, Cost]:
    """What a visit of each kind takes, and a night besides, on average."""

    def mean(taker: Taker, parts: Iterable[Counter[Taker]]) -> float:
        visits = len(nights) if taker == "night" else sum(night.visits[taker] for night in nights)
        return sum(part[taker] for part in parts) / max(1, visits)

    return {
        taker: Cost(
            mean(taker, (night.requests for night in nights)),
            mean(taker, (night.wire for night in nights)),
            mean(taker, (night.warc for night in nights)),
        )
        for taker in _TAKERS
    }


def _nights(
    place: Workplace,
    clock: VirtualClock,
    replica: Replica,
    kept: list[ReplicaPost],
    coming: list[ReplicaPost],
    chance: random.Random,
) -> Iterator[Night]:
    known = {post.post_id for post in _known(place, place.settings)}
    for number in range(NIGHTS):
        before = clock.now()
        clock.advance(DAY.total_seconds())
        kept = [_lived(post, before, clock.now(), chance) for post in kept]
        published = (clock.now() - timedelta(hours=3)).astimezone(_SEOUL).replace(tzinfo=None, microsecond=0)
        kept += [replace(post, at=published) for post in coming[number * _NEW_A_NIGHT :][:_NEW_A_NIGHT]]
        replica.deployment = Deployment(Community(tuple(kept)))
        size, began = _warc_size(place.folder), clock.now()
        refresh(place)
        looked = [post for post in _known(place, place.settings) if post.rhythm.at >= began]
        kinds = {post.post_id: _kind(post, known) for post in looked}
        known |= kinds.keys()
        yield _night(place, looked, kinds, began, _warc_size(place.folder) - size)


def _night(
    place: Workplace, looked: Sequence[VisitedPost], kinds: Mapping[str, Kind], began: datetime, grown: int
) -> Night:
    """Who took what of one night. What WARC files hold besides the visits' answers is shared out by requests."""
    by_url: dict[str, Taker] = {}
    warc: Counter[Taker] = Counter()
    with open_to_read(place.folder) as archive:
        for post in looked:
            cost = archive.visit_cost(post.last_visit)
            if cost is not None:
                by_url[cost.url] = kinds[post.post_id]
                warc[kinds[post.post_id]] += cost.bytes
    requests: Counter[Taker] = Counter()
    wire: Counter[Taker] = Counter()
    for url, size in _answers(place.folder, began):
        taker = by_url.get(url, "night")
        requests[taker] += 1
        wire[taker] += size
    rest = (grown - warc.total()) / max(1, requests.total())
    for taker, count in requests.items():
        warc[taker] += round(rest * count)
    return Night(Counter(kinds.values()), requests, wire, warc)


def _answers(archive: Path, since: datetime) -> Iterator[tuple[str, int]]:
    """The URL and the bytes over the wire of each answer since then, from the ledger."""
    for path in ledger_files(archive):
        for line in path.read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            if entry["event"] == "answer" and datetime.fromisoformat(entry["at"]) >= since:
                yield entry["url"], entry["detail"]["wire_bytes"]


def _aged(community: Community, now: datetime, chance: random.Random) -> list[ReplicaPost]:
    """The posts that a first-generation page shows whole, each with an age between a day and three years."""
    shown = [
        post
        for post in community.posts
        if "v1" in post.generations
        and not post.deleted
        and not post.gated
        and not post.cut
        and post.kind == "post"
    ]
    chance.shuffle(shown)
    return [
        replace(
            post,
            at=(now - DAY * 1100 ** chance.random()).astimezone(_SEOUL).replace(tzinfo=None, microsecond=0),
        )
        for post in shown
    ]


def _lived(post: ReplicaPost, since: datetime, until: datetime, chance: random.Random) -> ReplicaPost:
    """The post a night later: perhaps with another comment, perhaps looked at."""
    published = post.at.replace(tzinfo=_SEOUL).astimezone(UTC)
    if happened(CHANGES, published, since, until, chance) and post.comments:
        said = chance.choice(post.comments)
        at = until.astimezone(_SEOUL).replace(tzinfo=None, microsecond=0)
        one_more = ReplicaComment(chance.getrandbits(31), said.by, at, said.text, 0)
        post = replace(post, comments=(*post.comments, one_more))
    if happened(READERS, published, since, until, chance):
        post = replace(post, views=post.views + chance.randint(1, 30))
    return post


def _kind(post: VisitedPost, known: set[str]) -> Kind:
    return "new" if post.post_id not in known else _FOUND[post.last_change]


def _known(place: Workplace, settings: Settings) -> Iterator[VisitedPost]:
    with (
        closing(Records.open_to_read(place.folder / RECORDS_FILE)) as records,
        open_to_read(place.folder) as archive,
    ):
        yield from visited_posts(records.looks(), archive, bounds_of(settings))


def _warc_size(archive: Path) -> int:
    return sum(path.stat().st_size for path in (archive / "warc").iterdir())
