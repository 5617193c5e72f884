"""Drift in words: what departs, on how many pages, and what a few of them said before and say now."""

from collections.abc import Mapping
from typing import Final

from scraper.drift.book import Drift
from scraper.drift.chance import Tally
from scraper.drift.signs import Basis
from scraper.drift.verdict import Finding
from scraper.records.contract import Row
from scraper.records.reading import Reading

_EXCERPT: Final = 60
_LEAD: Final = 12
_PSEUDONYM: Final = 8
_MINUTE: Final = len("2026-01-05T03:00")
_TEXT_FIELDS: Final = frozenset({"text", "first line", "last line", "length"})
_LISTS: Final = frozenset({"tags", "links", "images"})
_AMONG: Final[Mapping[Basis, str]] = {
    "again": "posts read before",
    "new": "posts read for the first time",
    "together": "posts of the run",
}


def run_sentence(drift: Drift) -> str:
    """Which run it is, and what is done with it."""
    begun = f"of {drift.begun_at[:_MINUTE].replace('T', ' ')} UTC" if drift.begun_at else "of unknown time"
    fields = ", ".join(dict.fromkeys(f"{it.sign.field} {it.sign.what}" for it in drift.findings))
    return f"{drift.place.site}: the run {begun} ({drift.pages} posts) reads differently: {fields}."


def finding_sentence(finding: Finding) -> str:
    """Which field, on how many pages now and in the runs before; authors are counted, not their posts."""
    sign = finding.sign
    among = "authors" if sign.basis == "again" and sign.field == "author" else _AMONG[sign.basis]
    layout = f" as {sign.layout}" if sign.layout else ""
    usual = f"{_share(finding.past)} in good runs" if finding.past.seen else "no run before to compare"
    return f"{sign.field} {sign.what}: {_share(finding.now)} {among}{layout}; {usual}"


def example_sentence(finding: Finding, before: Reading | None, now: Reading | None, *, is_new: bool) -> str:
    """What one post said before and says now. Texts are those of the rows, scrubbed; people are pseudonyms."""
    name = finding.sign.field
    either = now or before
    post = f"{either.post['url']}: " if either else ""
    if is_new:
        return f"{post}{_field_text(name, now, None)}"
    return f"{post}{_field_text(name, before, now)} → {_field_text(name, now, before)}"


def _share(tally: Tally) -> str:
    return f"{tally.hits} of {tally.seen}"


def _field_text(name: str, reading: Reading | None, other: Reading | None) -> str:
    """One field of a reading, in a few words; an excerpt begins where the two readings part."""
    if reading is None:
        return "no record"
    post: Row = reading.post
    column, _, part = name.partition(".")
    if column == "comments":
        return _comments_text(part, reading)
    if name in _TEXT_FIELDS:
        return _excerpt(post["text"], other.post["text"] if other else None)
    if name in _LISTS:
        return f"{len(post[name] or ())} {name}"
    in_words: Mapping[str, str | None] = {
        "page": "a record",
        "layout": post["extractor"],
        "removed": ", ".join(sorted({item["rule"] for item in post["removed"]})) or None,
        "author": post["author_id"] and f"author {post['author_id'][:_PSEUDONYM]}",
    }
    value = in_words[name] if name in in_words else post[name]
    if value is None:
        return f"no {name}"
    return f"“{_cut(value, 0)}”" if name == "title" else str(value)


def _comments_text(part: str, reading: Reading) -> str:
    captured, declared = len(reading.comments), reading.post["comments_declared"]
    if not part:
        return f"{captured} comments" + (f" of {declared} declared" if declared is not None else "")
    rows: tuple[Row, ...] = reading.comments
    having = sum(row[part] is not None for row in rows)
    return f"{having} of {captured} comments with {part}"


def _excerpt(text: str | None, other: str | None) -> str:
    if text is None:
        return "no text"
    line = " ".join(text.split())
    against = " ".join((other or "").split())
    shared = next(
        (place for place, (a, b) in enumerate(zip(line, against, strict=False)) if a != b),
        min(len(line), len(against)),
    )
    return f"{len(text):,} characters, “{_cut(line, max(0, shared - _LEAD))}”"


def _cut(line: str, start: int) -> str:
    end = start + _EXCERPT
    return f"{'…' if start else ''}{line[start:end]}{'…' if end < len(line) else ''}"
