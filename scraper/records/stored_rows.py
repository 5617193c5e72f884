"""How readings and looks lie in the columns of records.sqlite, and how they come out again."""

from datetime import datetime
from hashlib import sha256
from typing import Any, Final, cast

import msgspec
import zstandard

from scraper.model.url import identity
from scraper.records.looks import Look, LookKind
from scraper.records.reading import Reading
from scraper.records.row_types import CommentRow, PostRow
from scraper.records.times import time_text

# As small as zlib's fastest makes them, in a third of the time.
_LEVEL: Final = 1
_ROWS: Final = msgspec.msgpack.Decoder(tuple[dict[str, Any], tuple[dict[str, Any], ...]])


def plain(post: PostRow, comments: tuple[CommentRow, ...]) -> bytes:
    """The rows of a reading as MessagePack."""
    return msgspec.msgpack.encode((post, comments))


def packed(post: PostRow, comments: tuple[CommentRow, ...]) -> bytes:
    """The rows of a reading in a fifth of their bytes: the names of columns repeat, so that any compression finds them."""
    return zstandard.compress(plain(post, comments), _LEVEL)


def unpacked(data: bytes) -> tuple[PostRow, tuple[CommentRow, ...]]:
    """The rows of a reading, which were held against the contract when they were put."""
    return cast("tuple[PostRow, tuple[CommentRow, ...]]", _ROWS.decode(zstandard.decompress(data)))


def stored_reading(row: tuple[str, str, int, str | None, int, int, bytes]) -> Reading:
    """The reading in a row of ``readings``."""
    visit_id, post_id, sequence, captured_at, is_cut, left_out, rows = row
    post, comments = unpacked(rows)
    return Reading(
        post_id=post_id,
        visit_id=visit_id,
        sequence=sequence,
        captured_at=time_of(captured_at),
        post=post,
        comments=comments,
        is_cut=bool(is_cut),
        left_out=left_out,
    )


def stored_look(
    row: tuple[str, int, str, str | None, int, LookKind, str | None, str | None, str | None],
) -> Look:
    """The look in a row of ``looks``."""
    post_id, sequence, visit_id, at, is_live, kind, words, numbers, published_at = row
    return Look(
        post_id, sequence, visit_id, time_of(at), bool(is_live), kind, words, numbers, time_of(published_at)
    )


def address_digest(url: str) -> bytes:
    """What stands for an address, whichever of its spellings it is."""
    return sha256(identity(url).encode()).digest()


def time_of(text: str | None) -> datetime | None:
    """The time in a row of ours; there are hundreds of thousands, and each was written by ``time_text``."""
    return datetime.fromisoformat(text) if text else None


def stored_time(time: datetime | None) -> str | None:
    """A time as a column has it, UTC; None where it is unknown."""
    return time_text(time) if time else None
