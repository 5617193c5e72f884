"""What drift looks at in one visit: facts about its rows, with texts and names as digests."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from scraper.records.merging import POST_NUMBERS
from scraper.records.reading import Departure, Reading

# What a text holds only where a page was read as something else than its text.
_JUNK: Final[Mapping[str, re.Pattern[str]]] = {
    "tags": re.compile(r"</?(?:div|span|p|br|a|li|ul|img|section|button|svg)\b[^<>]{0,500}>", re.IGNORECASE),
    "script": re.compile(r"function\s*\w*\s*\(\)\s*\{|window\.\w+\s*=|self\.__next_f|<script\b"),
    "json": re.compile(r'\{"\w+":[\["{\w]|","\w+":[\["{\w]'),
    "entities": re.compile(r"&(?:nbsp|lt|gt|amp|quot|#\d{2,6});"),
}
_CODE: Final = re.compile(r"^```.*?^```$|`[^`\n]*`", re.MULTILINE | re.DOTALL)
_LISTS: Final = ("tags", "links", "images")
_COMMENT_PARTS: Final = ("text", "author_id", "published_at", "parent_id", "likes")
_DIGEST: Final = 12
# So many comments of a thread are compared one by one; a longer thread is known by its first.
_COMPARED_COMMENTS: Final = 200


@dataclass(frozen=True, slots=True)
class Features:
    """One visit of a run. All of ``reading``'s facts are empty where the visit was rejected.

    ``title``, ``text``, ``first_line``, ``last_line``, ``comment_texts`` and the values of ``lists`` are digests;
    ``author`` is a pseudonym. ``published_at`` is a time as rows have it. ``counts`` has the numbers that are known,
    ``comment_parts`` how many comments have each part.
    """

    is_rejected: bool = False
    layout: str = ""
    status: str = ""
    access: str = ""
    language: str | None = None
    title: str | None = None
    text: str | None = None
    text_length: int = 0
    first_line: str | None = None
    last_line: str | None = None
    author: str | None = None
    published_at: str | None = None
    precision: str | None = None
    is_in_future: bool = False
    counts: Mapping[str, int] = field(default_factory=dict)
    comments: int = 0
    comment_texts: tuple[str, ...] = ()
    comment_parts: Mapping[str, int] = field(default_factory=dict)
    removed: tuple[str, ...] = ()
    junk: tuple[str, ...] = ()
    lists: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_live(self) -> bool:
        """Whether there is a post to be judged by its fields: one was read, and the site had not taken it away."""
        return not self.is_rejected and self.status in {"live", "unknown"}

    def as_json(self) -> str:
        """The features as text, for ``of_json``."""
        return json.dumps(
            {name: value for name, value in msgspec.to_builtins(self).items() if value or value is False}
        )

    @staticmethod
    def of_json(text: str) -> "Features":
        """The features that ``as_json`` wrote."""
        values: dict[str, Any] = json.loads(text)
        for name in ("comment_texts", "removed", "junk"):
            values[name] = tuple(values.get(name, ()))
        return Features(**values)


REJECTED: Final = Features(is_rejected=True)


def features_of_departure(departure: Departure) -> Features:
    """The features of a visit to which the site said that the post is not there."""
    return Features(status=departure.status)


def features_of(reading: Reading) -> Features:
    """The features of a visit that gave a record."""
    post = reading.post
    text = post["text"]
    lines = [line for line in (text or "").splitlines() if line.strip()]
    compared = reading.comments[:_COMPARED_COMMENTS]
    return Features(
        layout=post["extractor"],
        status=post["status"],
        access=post["access"],
        language=post["language"],
        title=_digest(post["title"]),
        text=_digest(text),
        text_length=len(text or ""),
        first_line=_digest(lines[0]) if len(lines) > 1 else None,
        last_line=_digest(lines[-1]) if len(lines) > 1 else None,
        author=post["author_id"],
        published_at=post["published_at"],
        precision=post["published_precision"],
        is_in_future=_is_later(post["published_at"], post["captured_at"]),
        counts={name: count for name in POST_NUMBERS if (count := post[name]) is not None},
        comments=len(reading.comments),
        comment_texts=tuple(digest for row in compared if (digest := _digest(row["text"]))),
        comment_parts={
            name: sum(row[name] is not None for row in reading.comments) for name in _COMMENT_PARTS
        },
        removed=tuple(sorted({item["rule"] for item in post["removed"]})),
        junk=_junk_in((post["title"], text, *(row["text"] for row in compared))),
        lists={name: digest for name in _LISTS if (digest := _digest("\n".join(sorted(post[name] or ()))))},
    )


def _digest(text: str | None) -> str | None:
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGEST] if text else None


def _is_later(published_at: str | None, captured_at: str | None) -> bool:
    """Whether a post seems to be of a later day than its capture; times of one form compare as text."""
    return bool(published_at and captured_at and published_at[:10] > captured_at[:10])


def _junk_in(texts: Iterable[str | None]) -> tuple[str, ...]:
    """The kinds of junk in any of the texts; what their authors wrote as code is none."""
    prose = [_CODE.sub("", text) if "`" in text else text for text in texts if text]
    return tuple(kind for kind, form in _JUNK.items() if any(form.search(text) for text in prose))
