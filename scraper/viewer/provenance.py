"""Where each part of a page comes from, down to the WARC record."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from scraper.records.history import PostRows
from scraper.records.row_types import CommentRow, PostRow
from scraper.viewer.html import Html, tag
from scraper.viewer.paths import record_anchor
from scraper.viewer.wording import moment, number

_BASES: Final = {
    "observed": "observed on a visit of our own",
    "memento": "stated by the web archive it came from",
    "asserted": "stated by the file or the person it came from",
    "unknown": "unknown",
}
_GONE: Final = "not in the archive's index"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record lies: its WARC file, and the gzip member in it, in bytes."""

    file: str
    offset: int
    length: int


Places = Callable[[str], Place | None]


@dataclass(frozen=True, slots=True)
class Origin:
    """A record that something on the page was read from. ``digest`` is None where no row states it."""

    record_id: str
    captured_at: str | None
    digest: str | None
    place: Place | None


def origins_of(rows: PostRows, places: Places) -> tuple[Origin, ...]:
    """The records that the post, its comments and their versions were read from, the post's first."""
    stated: dict[str, tuple[str | None, str | None]] = {}
    items: tuple[PostRow | CommentRow, ...] = (rows.post, *rows.comments)
    for row in items:
        stated.setdefault(row["warc_record_id"], (row["captured_at"], row["payload_digest"]))
    for version in rows.revisions:
        stated.setdefault(version["warc_record_id"], (version["observed_at"], None))
    return tuple(
        Origin(record_id, captured_at, digest, places(record_id))
        for record_id, (captured_at, digest) in stated.items()
    )


def origins_table(origins: tuple[Origin, ...]) -> Html:
    """The records as a table that comments link into."""
    head = tag("tr", *(tag("th", name, scope="col") for name in ("Captured", "WARC file", "Record")))
    return tag(
        "div",
        tag(
            "table",
            tag("caption", "WARC records that this post was read from"),
            tag("thead", head),
            tag("tbody", *map(_row, origins)),
        ),
        class_="wide",
        tabindex="0",
        role="group",
        aria_label="WARC records",
    )


def _row(origin: Origin) -> Html:
    place = origin.place
    where = (
        tag("td", tag("code", place.file), f" at byte {number(place.offset)}, {number(place.length)} bytes")
        if place
        else tag("td", _GONE)
    )
    digest = tag("code", origin.digest) if origin.digest else ""
    record = tag("td", tag("code", origin.record_id), tag("br"), digest)
    return tag(
        "tr",
        tag("td", moment(origin.captured_at, "second")),
        where,
        record,
        id=record_anchor(origin.record_id),
    )


def basis(word: str) -> str:
    """How the time of a capture is known, in words."""
    return _BASES.get(word, word)
