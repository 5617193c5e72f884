"""What is read on software that nobody described, field by field, against what its pages show."""

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from pathlib import Path
from typing import Final

import pytest

from scraper.jobs.crawl.job import crawl
from scraper.records.store import Records
from tests.clock import VirtualClock
from tests.jobs.workplaces import workplace_at
from tests.replica.server import Replica
from tests.replica.unknown import PLACES, Entry, Place, Topic

Row = Mapping[str, object]

# What is not read on a place, and may be so: a share of the entries for each field that falls short of all.
_SHORT: Final[dict[str, dict[str, float]]] = {}


def _plain(words: object) -> str:
    return " ".join(str(words or "").split())


def _moment(entry: Entry) -> str:
    return f"{entry.day}T{entry.time}" if entry.day else ""


def _agreements(row: Row, entry: Entry, part: str) -> Iterator[tuple[str, bool]]:
    yield f"{part} author", _plain(row.get("author_name")) == _plain(entry.author)
    yield (
        f"{part} published",
        str(row.get("published_at") or "").startswith(_moment(entry))
        and (bool(entry.day) or not row.get("published_at")),
    )
    yield f"{part} text", _plain(row.get("text")) == _plain(entry.text)


def _compared(post: Row, comments: list[Row], topic: Topic) -> Iterator[tuple[str, bool]]:
    yield "title", _plain(post["title"]) == topic.title
    yield from _agreements(post, topic.post, "post")
    ids = {row["comment_id"]: position for position, row in enumerate(comments)}
    for row, entry in zip_longest(comments, topic.comments):
        if row is None or entry is None:
            yield "comments", False
            continue
        yield "comments", True
        yield from _agreements(row, entry, "comment")
        yield "comment parent", entry.parent == ids.get(row["parent_id"])


def _shares(folder: Path, place: Place) -> dict[str, float]:
    """The share of each field's values that are as the pages show them."""
    with Records.open_to_read(folder / "records.sqlite") as records:
        posts = {str(row["url"]): row for row in records.rows("posts")}
        comments = list(records.rows("comments"))
    right: Counter[str] = Counter()
    every: Counter[str] = Counter()
    for target, topic in place.topics.items():
        post = posts.get(place.url(target))
        own = [row for row in comments if post and row["post_id"] == post["post_id"]]
        for field, agrees in _compared(post or {"title": None}, own, topic):
            every[field] += 1
            right[field] += agrees
    return {field: right[field] / every[field] for field in every}


@pytest.mark.thorough
@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES.keys())
def test_fields_are_read_as_the_pages_show_them(tmp_path: Path, replica: Replica, place: Place) -> None:
    folder = tmp_path / "archive"
    crawl([place.url(place.start)], workplace_at(folder, VirtualClock(), replica))
    shares = _shares(folder, place)
    print(place.host, {field: round(share, 3) for field, share in shares.items()})
    short = _SHORT.get(place.host, {})
    assert {field: share for field, share in shares.items() if share < short.get(field, 1.0)} == {}
