"""An archive of so many comments: visits through the real archive, their readings through the real record store."""

from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Final
from uuid import UUID

from scraper.archive.files import KEY_FILE, RECORDS_FILE
from scraper.cli.clock import SystemClock
from scraper.jobs.init import init
from scraper.model.capture import Capture, Visit
from scraper.model.record import Comment, Count, CountName, Moment, Person, Post, Record
from scraper.model.site import Claim
from scraper.reading.fingerprint import reading_fingerprint
from scraper.records.cleaning import Policy
from scraper.records.people import load_or_create_key
from scraper.records.reading import Reading
from scraper.records.row_types import CommentRow, PostRow
from scraper.records.rows import read_rows
from scraper.records.store import RecordStore
from scraper.records.stored_rows import address_digest
from scraper.settings import Settings
from tests.archive.making import open_archive
from tests.bench.memory_inputs.words import told

COMMENTS_A_POST: Final = 14
_SETTINGS: Final = Settings(contact="bench@example.org")
_POSTS_A_HOST: Final = 100
_MEMBERS_A_HOST: Final = 40
_EDITED_EVERY: Final = 10
_BEGAN: Final = datetime(2014, 3, 1, 9, 0, tzinfo=UTC)
_TEMPLATES: Final = 1000
# Of so many templates that they lie in twelve years.
_BETWEEN_POSTS: Final = timedelta(days=4)
_VISITED: Final = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Forum:
    """A site of which only its name matters."""

    name: str
    platform: str = "madang"


def fill(folder: Path, comments: int) -> int:
    """Make an archive of so many comments, under posts of many hosts over twelve years; gives the number of visits.

    Every tenth post was edited between two visits. The words of a post come again after ``_TEMPLATES`` others, which costs a
    twentieth of reading them anew; the visits have no captures.
    """
    init(folder, _SETTINGS.contact)
    posts, visits = -(-comments // COMMENTS_A_POST), 0
    key = load_or_create_key(folder / KEY_FILE)
    policy = Policy.of(_SETTINGS, key, frozenset())
    templates = [_template(number, policy) for number in range(min(posts, _TEMPLATES))]
    records = RecordStore(folder / RECORDS_FILE, reading_fingerprint(_SETTINGS, key))
    with open_archive(folder, SystemClock(), part_size=1 << 30) as archive, closing(records):
        for number in range(posts):
            reading = _moved(templates[number % len(templates)], number)
            for edition in range(2 if number % _EDITED_EVERY == 0 else 1):
                visit_id = archive.begin_visit(reading.post["url"], reading.post["site"])
                archive.end_visit(visit_id, whole=True)
                visits += 1
                if problems := records.put(_edited(reading, visit_id, visits, edition)):
                    raise ValueError(problems)
    return visits


def _template(number: int, policy: Policy) -> Reading:
    """The reading of a post of its own."""
    claim, at = _claim(number), _BEGAN + number * _BETWEEN_POSTS
    capture = Capture(
        UUID(int=number).urn, claim.url, 200, (), b"", _VISITED, "observed", f"sha256:{number:064x}"
    )
    visit = Visit(f"visit-{number}", number, claim.url, (capture,))
    return read_rows(_record(number, at, capture.record_id), claim, visit, _Forum(claim.site), policy)


def _moved(template: Reading, number: int) -> Reading:
    """The reading as one of another post."""
    claim, former = _claim(number), template.post_id
    post: PostRow = {**template.post, "post_id": claim.post_id, "site": claim.site, "url": claim.url}
    comments: list[CommentRow] = [
        {
            **row,
            "post_id": claim.post_id,
            "comment_id": row["comment_id"].replace(former, claim.post_id),
            "parent_id": row["parent_id"] and row["parent_id"].replace(former, claim.post_id),
        }
        for row in template.comments
    ]
    return replace(
        template,
        post_id=claim.post_id,
        post=post,
        comments=tuple(comments),
        address=address_digest(claim.url),
    )


def _edited(reading: Reading, visit_id: str, sequence: int, edition: int) -> Reading:
    """The reading as that of a visit, which found the text changed where it was not the first."""
    text = f"{reading.post['text']}\n\n추신 {edition}" if edition else reading.post["text"]
    at = _VISITED + timedelta(days=edition)
    post: PostRow = {**reading.post, "text": text}
    return replace(reading, visit_id=visit_id, sequence=sequence, captured_at=at, post=post)


def _claim(number: int) -> Claim:
    host = f"board-{number // _POSTS_A_HOST}.example"
    return Claim(f"{host}:posts-{number}", f"https://{host}/posts/{number}")


def _record(number: int, at: datetime, primary: str) -> Record:
    random = Random(number)
    comments = tuple(_comment(number, order, at, random) for order in range(COMMENTS_A_POST))
    post = Post(
        kind="topic",
        title=told(random, 5),
        text="\n\n".join(told(random, 30) for _ in range(4)),
        author=_person(random),
        published=_moment(at),
        counts=(_count("views", random.randrange(90_000)), _count("comments", COMMENTS_A_POST)),
        access="full",
    )
    return Record("madang.html/1", primary, post, comments)


def _comment(number: int, order: int, at: datetime, random: Random) -> Comment:
    """Every third comment answers the one before."""
    is_reply = order % 3 == 2
    return Comment(
        text=told(random, 14),
        native_id=str(number * COMMENTS_A_POST + order),
        parent=order - 1 if is_reply else None,
        parent_basis="nesting" if is_reply else None,
        depth=int(is_reply),
        author=_person(random),
        published=_moment(at + timedelta(minutes=7 * order)),
        likes=_count("likes", random.randrange(50)),
    )


def _person(random: Random) -> Person:
    member = random.randrange(_MEMBERS_A_HOST)
    return Person(str(member), f"회원 {member}")


def _moment(at: datetime) -> Moment:
    return Moment(f"{at:%Y-%m-%dT%H:%M:%SZ}", at, "UTC", "stated", "second")


def _count(name: CountName, value: int) -> Count:
    return Count(name, value, f"{value:,}")
