"""A probe as lines for a terminal."""

import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final

from scraper.jobs.probe.probed import Probe
from scraper.jobs.probe.where import PlacesInWords, Where
from scraper.model.record import Comment, FieldSource, Moment, Person, Post

_LABEL: Final = 10
_WORDS: Final = 40
_NAME: Final = 18
_PATH: Final = 56
_MOST_LISTED: Final = 10
_BETWEEN: Final = "  "
# The columns of a comment that stand before its words, where there is room and where there is little.
_WIDE: Final = (4, 14, _NAME, 17)
_NARROW: Final = (4, 12, 12, 17)
_ROOM: Final = 120
_LEAST_WORDS: Final = 12
# Nonspacing and enclosing marks, and format characters.
_WITHOUT_WIDTH: Final = frozenset({"Mn", "Me", "Cf"})


def table_of(probe: Probe, columns: int | None = None) -> tuple[str, ...]:
    """What a person reads of a probe: the page, the post, its comments, and where it goes on.

    ``columns`` is how wide the terminal is, so that a comment's row fits; None where lines may be as long as they are.
    """
    return tuple(_lines(probe, columns))


def _lines(probe: Probe, columns: int | None) -> Iterator[str]:
    places = PlacesInWords(probe)
    yield from _page(probe)
    if probe.record:
        yield from _post(probe.record.post, places)
        yield from _comments(probe.record.comments, places, columns)
    elif probe.reason and not probe.is_list:
        yield _line("no post", probe.reason)
    yield from _listed("asks next", [request.url for request in probe.missing])
    leads = probe.leads
    if probe.is_list:
        yield from _listed("topics", leads.posts or (() if leads.groups else leads.pages))
        for group in leads.groups:
            yield from _listed("leads to", group)
        yield from _listed("lists", leads.sitemaps)
        yield from _listed("goes on", leads.following)
    for note in probe.notes:
        yield _line("note", note)


def _page(probe: Probe) -> Iterator[str]:
    capture, reading, trace = probe.capture, probe.reading, probe.trace
    status = f"answered {capture.status}, " if capture.status else ""
    when = capture.captured_at.isoformat(timespec="seconds") if capture.captured_at else "at an unknown time"
    yield _line("page", f"{capture.url} ({status}captured {when})")
    if trace:
        kind = trace.shown.kind
        yield _line("kind", f"{kind.kind}, score {kind.score:g}: {'; '.join(kind.reasons)}")
    if probe.text_confidence is not None:
        yield _line("", f"its main text was found with confidence {probe.text_confidence:g} (0 to 1)")
    layout = f", layout {probe.record.layout}" if probe.record else ""
    root = f"; {reading.root[1]} stands at {reading.root[0]}" if reading.root else ""
    yield _line("read by", f"{reading.site or 'no site'}{layout}{root}")
    if probe.claimed:
        yield _line("post", f"{probe.claimed.claim.post_id}  {probe.claimed.claim.url}")


def _post(post: Post, places: PlacesInWords) -> Iterator[str]:
    sources = {each.field: each for each in post.field_sources}
    yield _field("title", post.title, sources.get("title"), places.of("title"))
    yield _field("author", _named(post.author), sources.get("author"), places.of("author"))
    yield _field("published", _dated(post.published), sources.get("published_at"), places.of("date"))
    if post.edited:
        yield _line("edited", _dated(post.edited) or "")
    if post.counts:
        yield _line("counts", ", ".join(f"{each.name} {each.raw}" for each in post.counts))
    if post.tags:
        yield _line("tags", ", ".join(post.tags))
    text = f"{len(post.text)} characters: {_beginning(post.text, 2 * _WORDS)}" if post.text else None
    yield _field("text", text, sources.get("text"), places.of("text"))
    for removed in post.removed:
        words = _beginning(removed.text, 2 * _WORDS)
        yield _line("removed", f"by {removed.rule}: {words}  [{_path(places.of_prompt(removed))}]")
    evidence = " ".join(each.detail for each in post.access_evidence)
    yield _line("access", f"{post.access}{': ' if evidence else ''}{evidence}")
    for signal in post.rights:
        yield _line("rights", f"{signal.signal}: {signal.value}")


def _comments(comments: Sequence[Comment], places: PlacesInWords, columns: int | None) -> Iterator[str]:
    sources = dict.fromkeys(
        f"{each.source}, {each.confidence}" for of in comments for each in of.field_sources
    )
    told = f"  [{'; '.join(sources)}]" if sources else ""
    yield _line("comments", f"{len(comments)}{told}")
    if comments:
        yield from _row(columns, "#", "answers", "author", "published", "first words", "where it stands")
    for at, each in enumerate(comments):
        basis = f" ({each.parent_basis})" if each.parent_basis else ""
        where = places.of("comment", at) or places.of("text", at)
        words = f"[{each.status}]" if each.text is None else _beginning(_own_words(each.text), _WORDS)
        yield from _row(
            columns,
            str(at),
            f"{each.parent}{basis}" if each.parent is not None else "",
            _named(each.author) or "unknown",
            _dated(each.published, short=True) or "unknown",
            words,
            _path(where),
        )
        for removed in each.removed:
            yield _line("", f"{at}: removed by {removed.rule}: {_beginning(removed.text, _WORDS)}")


def _row(columns: int | None, *cells: str) -> Iterator[str]:
    """The cells of a comment in one line; where that has no room, the last, which says where it stands, below the others."""
    if columns is None or columns >= _ROOM:
        yield _in_columns(cells, (*_WIDE, _WORDS + 1, 0))
        return
    taken = sum(_NARROW) + len(_BETWEEN) * len(_NARROW)
    yield _in_columns(cells[:-1], (*_NARROW, max(columns - taken, _LEAST_WORDS)))
    yield f"{'':{_NARROW[0]}}{_BETWEEN}{cells[-1]}"


def _in_columns(cells: Sequence[str], widths: Sequence[int]) -> str:
    return _BETWEEN.join(_padded(cell, width) for cell, width in zip(cells, widths, strict=True)).rstrip()


def _field(label: str, value: str | None, source: FieldSource | None, where: Where | None) -> str:
    if value is None:
        return _line(label, "unknown")
    told = f"{source.source}, {source.confidence}" if source else None
    notes = "; ".join(filter(None, (told, _path(where))))
    return _line(label, f"{value}  [{notes}]" if notes else value)


def _listed(label: str, urls: Sequence[str]) -> Iterator[str]:
    for at, url in enumerate(urls[:_MOST_LISTED]):
        yield _line(f"{label}" if at == 0 else "", url)
    if len(urls) > _MOST_LISTED:
        yield _line("", f"and {len(urls) - _MOST_LISTED} more")


def _line(label: str, value: str) -> str:
    return f"{label:<{_LABEL}} {value}"


def _named(person: Person | None) -> str | None:
    return (person.name or person.native_id) if person else None


def _dated(moment: Moment | None, *, short: bool = False) -> str | None:
    if moment is None:
        return None
    if moment.at is None:
        return f"“{moment.raw}”"
    if short:
        return f"{moment.at:%Y-%m-%d %H:%M}Z"
    return f"{moment.at.isoformat()} (“{moment.raw}”, to the {moment.precision}, zone {moment.zone_basis or 'unknown'})"


def _path(where: Where | None) -> str:
    if where is None:
        return "not shown on the page"
    path = where.at[0] if len(where.at[0]) <= _PATH else f"…{where.at[0][-_PATH:]}"
    more = f" +{len(where.at) - 1}" if len(where.at) > 1 else ""
    return f"{path}{more}{' (matched)' if where.basis == 'matched' else ''}"


def _own_words(text: str) -> str:
    """A comment's text without the lines that it quotes; all of it where it says nothing else."""
    lines = [line for line in text.splitlines() if not line.startswith(">")]
    return "\n".join(lines) if any(line.strip() for line in lines) else text


def _beginning(text: str, width: int) -> str:
    line = " ".join(text.split())
    cut = _cut(line, width)
    return line if cut == line else f"{cut}…"


def _padded(text: str, width: int) -> str:
    cut = _cut(text, width) if width else text
    return cut + " " * (width - _width(cut))


def _cut(text: str, width: int) -> str:
    """The beginning of a text that takes up so many columns."""
    columns = 0
    for at, character in enumerate(text):
        columns += _width(character)
        if columns > width:
            return text[:at]
    return text


def _width(text: str) -> int:
    """The columns that a terminal gives a text (Unicode Standard Annex 11)."""
    return sum(
        2 if unicodedata.east_asian_width(each) in "WF" else 1
        for each in text
        if unicodedata.category(each) not in _WITHOUT_WIDTH
    )
