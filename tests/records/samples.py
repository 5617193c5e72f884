"""Records, visits and readings of a made-up site, for the tests of this room."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from scraper.model.capture import Capture, Visit
from scraper.model.record import Comment, Count, CountName, Moment, Person, Post, Record
from scraper.model.site import Claim
from scraper.records.cleaning import Policy
from scraper.records.people import Pseudonyms
from scraper.records.reading import Reading
from scraper.records.rows import read_rows

KEY = bytes(range(32))
PEOPLE = Pseudonyms(KEY)
POLICY = Policy(PEOPLE)
CLAIM = Claim("madang:posts-7", "https://madang.example/posts/7")
FIRST_VISIT = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)

AUTHOR = Person("u-31", "김하늘")
READER = Person("u-77", "박바다")
PUBLISHED = Moment(
    "2025년 12월 1일 오전 9:30", datetime(2025, 12, 1, 0, 30, tzinfo=UTC), "Asia/Seoul", "assumed", "minute"
)


@dataclass(frozen=True)
class Madang:
    """A site that knows nothing: only its name and platform matter to rows."""

    name: str = "madang"
    platform: str = "madang"


def counts(**values: int) -> tuple[Count, ...]:
    names: tuple[CountName, ...] = ("views", "saves", "likes", "reposts", "shares", "score", "comments")
    return tuple(Count(name, values[name], f"{values[name]:,}") for name in names if name in values)


def a_post(
    text: str | None = "첫 문단입니다.\n\n둘째 문단입니다.", title: str | None = "겨울 산책", **fields: object
) -> Post:
    defaults: dict[str, object] = {"author": AUTHOR, "published": PUBLISHED, "access": "full"}
    return Post(kind="post", title=title, text=text, **(defaults | fields))  # type: ignore[arg-type]


def a_comment(text: str | None = "잘 읽었습니다.", **fields: object) -> Comment:
    defaults: dict[str, object] = {"author": READER, "depth": 0}
    return Comment(text=text, **(defaults | fields))  # type: ignore[arg-type]


def a_visit(number: int, at: datetime | None = None) -> Visit:
    capture = Capture(
        record_id=f"urn:uuid:00000000-0000-4000-8000-{number:012d}",
        url=CLAIM.url,
        status=200,
        headers=(("Content-Type", "text/html"),),
        body=b"",
        captured_at=at,
        captured_at_basis="observed" if at else "unknown",
        payload_digest=f"sha256:{number:064x}",
    )
    return Visit(f"visit-{number}", number, CLAIM.url, (capture,))


def read(
    post: Post,
    comments: Sequence[Comment] = (),
    *,
    number: int = 1,
    at: datetime | None = FIRST_VISIT,
    policy: Policy = POLICY,
    claim: Claim = CLAIM,
    layout: str = "madang.html/1",
) -> Reading:
    visit = a_visit(number, at)
    record = Record(layout, visit.captures[0].record_id, post, tuple(comments))
    return read_rows(record, claim, visit, Madang(), policy)


def day(number: int) -> datetime:
    """The time of a visit made so many days after the first."""
    return FIRST_VISIT + timedelta(days=number)
