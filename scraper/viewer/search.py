"""Search in the reader: an index of script files, which a page from disk can load too, and the page that asks.

Posts are ordered from the newest to the oldest and cut into blocks, each a folder named by the digest of what it holds. Where a block ends follows
from the posts in it alone, so that a post that came, changed or went changes the block it is in, and the others stay as they are, unread.
Titles have blocks of their own. ``index-<digest>.js`` lists the blocks, and the page names it: no page meets the parts of another index.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import blake2b, sha256
from importlib import resources
from typing import Final, Literal, NamedTuple

import msgspec

from scraper.model.closable import Closable
from scraper.records.history import PostRows
from scraper.viewer.entries import Entry
from scraper.viewer.folder import ReaderFolder, digest_of
from scraper.viewer.frame import Page
from scraper.viewer.html import Html, join, tag
from scraper.viewer.paths import SEARCH, SEARCH_INDEX, SEARCH_SCRIPTS, comment_anchor, post_path
from scraper.viewer.search_block import SearchedPost, SearchedText, block_files
from scraper.viewer.thread import page_of
from scraper.viewer.wording import moment, one_line

# Characters: what a block holds on the average. One holds twice that at most, but for a single post that is larger.
BLOCK_WEIGHT: Final = 4_000_000
_MOST: Final = 2
_SHOWN: Final = 180
_TABLES: Final = (
    "CREATE TABLE posts (kind TEXT, at TEXT, place TEXT, weight INTEGER, digest BLOB, packed BLOB)",
    "CREATE INDEX in_order ON posts (kind, at DESC, place, weight, digest)",
)
_MADE_BY: Final = ("search_block.py", "search_terms.py", "assets/search-classes.js")
_Kind = Literal["titles", "texts"]


class _Key(NamedTuple):
    """A post before it is unpacked."""

    row: int
    place: str
    weight: int
    digest: bytes


class SearchIndex(Closable):
    """The index of one run. Its posts come in any order, and lie in a file that nobody else sees and that is gone with it."""

    def __init__(self, block_weight: int = BLOCK_WEIGHT) -> None:
        self._block_weight = block_weight
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.execute("BEGIN")
        for statement in _TABLES:
            self._database.execute(statement)

    def add(self, entry: Entry, rows: PostRows) -> None:
        """Take a post in, as it is shown: its title and tags with its text, and each comment that has one."""
        about = f"{entry.site} · {moment(entry.published_at, entry.precision)}"
        opening = entry.snippet or one_line(rows.post["text"] or "", _SHOWN)
        title = rows.post["title"] or ""
        words = "\n".join((title, rows.post["text"] or "", *(rows.post["tags"] or ())))
        comments = (
            SearchedText(
                f"{post_path(entry.post_id, page_of(number))}#{comment_anchor(row['comment_id'])}",
                row["text"],
                one_line(row["text"], _SHOWN),
            )
            for number, row in enumerate(rows.comments, 1)
            if row["text"]
        )
        at = entry.published_at or ""
        for kind, texts in (
            ("titles", (SearchedText(entry.path, title or (entry.title if opening else ""), opening),)),
            ("texts", (SearchedText(entry.path, words, opening), *comments)),
        ):
            post = SearchedPost(entry.path, entry.title, about, texts)
            packed = msgspec.msgpack.encode(post)
            row = (kind, at, post.place, post.weight, sha256(packed).digest(), packed)
            self._database.execute("INSERT INTO posts VALUES (?, ?, ?, ?, ?, ?)", row)

    def put(self, folder: ReaderFolder, put: Callable[[str, bytes, Callable[[], Page]], None]) -> None:
        """Put the blocks, the list of them, and the page that asks."""
        form = _digest_of_form()
        blocks = {kind: list(self._put_blocks(kind, form, folder)) for kind in ("titles", "texts")}
        content = f"postkeepSearch.index({json.dumps(blocks)});\n".encode()
        index = f"{SEARCH_INDEX}/index-{_name(content)}.js"
        folder.put(index, digest_of(content), lambda: content)
        put(SEARCH, digest_of("search", index), lambda: Page(SEARCH, "Search", _main(index), SEARCH_SCRIPTS))

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def _put_blocks(self, kind: _Kind, form: bytes, folder: ReaderFolder) -> Iterator[str]:
        """The names of the blocks, each of which is then there."""
        for keys in self._blocks(kind):
            name = _name(form, kind.encode(), *(key.digest for key in keys))
            below = f"{SEARCH_INDEX}/{name}"
            if not folder.is_current_below(below, "block.js"):
                for file in block_files(name, self._posts(keys)):
                    folder.write(f"{below}/{file.name}", form, file.content)
            yield name

    def _blocks(self, kind: _Kind) -> Iterator[Sequence[_Key]]:
        """The posts in order, cut after those whose place, as a number by chance, is low for their weight."""
        query = "SELECT rowid, place, weight, digest FROM posts WHERE kind = ? ORDER BY at DESC, place"
        block: list[_Key] = []
        total = 0
        for row in self._database.execute(query, (kind,)):
            key = _Key(*row)
            if block and total + key.weight > _MOST * self._block_weight:
                yield block
                block, total = [], 0
            block.append(key)
            total += key.weight
            if _chance(key.place) * self._block_weight < key.weight:
                yield block
                block, total = [], 0
        if block:
            yield block

    def _posts(self, keys: Iterable[_Key]) -> Iterator[SearchedPost]:
        query = "SELECT packed FROM posts WHERE rowid = ?"
        for key in keys:
            [packed] = self._database.execute(query, (key.row,)).fetchone()
            yield msgspec.msgpack.decode(packed, type=SearchedPost)


def _main(index: str) -> Html:
    field = [
        tag("label", "Words to find", for_="search-words"),
        tag(
            "input",
            type="search",
            maxlength="200",
            name="q",
            id="search-words",
            autocomplete="off",
            spellcheck="false",
        ),
        tag("button", "Search"),
    ]
    needs = tag("p", "Search needs JavaScript. The lists have every post without it.", class_="missing")
    return join(
        [
            tag("h1", "Search"),
            tag("form", *field, id="search-form", role="search", data_index=index),
            tag("noscript", needs),
            tag("p", "", id="search-status", role="status"),
            tag("ol", id="search-results", class_="entries"),
            tag("button", "More results", id="search-more", type="button", hidden=""),
        ],
        "\n",
    )


def _chance(place: str) -> float:
    """A number from 0 up to 1 that follows from ``place`` alone."""
    return int.from_bytes(sha256(place.encode()).digest()[:8]) / 2**64


def _name(*parts: bytes) -> str:
    return sha256(b"".join(parts)).hexdigest()[:16]


def _digest_of_form() -> bytes:
    """A digest of the code that makes blocks: when it changes, every block is written anew."""
    digest = blake2b(digest_size=16)
    for name in _MADE_BY:
        digest.update(resources.files("scraper.viewer").joinpath(name).read_bytes())
    return digest.digest()
