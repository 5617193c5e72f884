"""The extent of a takedown: the visits and rows concerned, and from their pages what is searched for in all others."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from scraper.archive.read import ArchiveReader
from scraper.errors import ArchiveDamagedError
from scraper.model.capture import Visit
from scraper.model.record import Person, Record
from scraper.model.url import parse_url
from scraper.page.site_signals import is_site_file
from scraper.reading.document_reading import read_document
from scraper.reading.pool import ReadingProcesses
from scraper.reading.read_visit import DocumentsOfVisit, record_of
from scraper.records.cleaning import Cleaner, Policy
from scraper.records.contract import Row
from scraper.records.identity import identities
from scraper.records.reading import Reading
from scraper.records.rows import author_and_comment_ids, former_ids
from scraper.records.store import Records
from scraper.sites.registry import installed_sites
from scraper.takedown.record import TakedownRule
from scraper.takedown.scope import Scope
from scraper.takedown.subject import Subject
from scraper.takedown.traces import RUN, Statement, Traces
from scraper.takedown.view import fold


@dataclass(frozen=True, slots=True)
class Extent:
    """The scope, and what the takedown is about: the ``posts`` that go, how many rows of each table, and their ids.

    ``ids`` are those of the posts and comments that have rows, ``visits`` those to the posts concerned.
    """

    scope: Scope
    posts: frozenset[str]
    rows: dict[str, int]
    ids: tuple[str, ...]
    visits: frozenset[str]


@dataclass(frozen=True, slots=True)
class PageReading:
    """How pages are read: the policy, and the processes that read."""

    policy: Policy
    processes: ReadingProcesses


@dataclass(frozen=True, slots=True)
class _VisitedPage:
    """One visit as its site read it, with the ids of its people and comments; ``captures`` are those it was read from.

    ``former`` gives for each id those that readers before this one gave the same.
    """

    post_id: str
    url: str
    canonical: str
    record: Record
    author_id: str | None
    ids: Sequence[tuple[str | None, str]]
    captures: tuple[str, ...]
    former: Mapping[str, frozenset[str]]


def find_scope(
    subject: Subject, archive: ArchiveReader, records: Records, reading: PageReading, rule: TakedownRule
) -> Extent:
    """The scope of a takedown, from the records and from what the archive itself says of the visits concerned.

    Raises:
        StopError: no process can be started.
    """
    posts, comment_ids, concerned = _concerned(subject, records)
    visits = dict(archive.visit_urls())
    post_of = _posts_of_visits(visits, records)
    read = [visit_id for visit_id, post_id in post_of.items() if post_id in concerned]
    page_of = dict(_pages(archive, read, reading))
    pages = [page for page in page_of.values() if page]
    lost = [records.reading(visit_id) for visit_id, page in page_of.items() if page is None]
    whole = frozenset(visit_id for visit_id, post_id in post_of.items() if post_id in posts)
    takes = _Takes(subject, posts, comment_ids, pages)
    texts = takes.texts() | _texts_of_rows(subject, posts, comment_ids, filter(None, lost))
    statements = {record_id: takes.statements(page, texts) for page in pages for record_id in page.captures}
    traces = Traces(
        texts=texts,
        names=takes.names,
        ids=takes.ids,
        literals=frozenset(takes.literals()),
        others=_others(texts, statements.values(), records, concerned),
        marks=frozenset(_marks(posts, comment_ids)),
        spared=frozenset(
            url for visit_id, url in visits.items() if post_of.get(visit_id, "") not in {"", *posts}
        ),
    )
    urls = {url for visit_id, url in visits.items() if visit_id in whole}
    captures, capture_urls = _captures(archive, whole, posts, urls)
    hosts = _hosts(archive, whole.union(read))
    scope = Scope(rule, traces, whole, captures, statements, frozenset(urls | capture_urls), hosts)
    rows, ids = _rows(subject, posts, comment_ids, records)
    return Extent(scope, posts, rows, ids, frozenset(read))


def _marks(posts: frozenset[str], comment_ids: frozenset[str]) -> Iterator[str]:
    """How pages name a post or a comment beside its text: in an address, a key, a feed."""
    for native in (post_id.rpartition("-")[2] for post_id in posts):
        if native.isdecimal():
            yield from (f"{word}{native}" for word in ("post", "postid", "article", "question", "questionid"))
    for native in (comment_id.partition("#")[2] for comment_id in comment_ids):
        if native and not native.startswith("~"):
            yield from (f"{word}{native}" for word in ("comment", "comments", "commentid", "reply", "answer"))


def people_named(name: str, archive: ArchiveReader, reading: PageReading) -> frozenset[str]:
    """The pseudonyms of those whom a page of the archive calls ``name``; found by reading every visit again.

    Raises:
        StopError: no process can be started.
    """
    author_ids: set[str] = set()
    for _, page in _pages(archive, [visit_id for visit_id, _ in archive.visit_urls()], reading):
        people = [(page.record.post.author, page.author_id)] if page else []
        if page:
            ids = (author_id for author_id, _ in page.ids)
            people += zip((comment.author for comment in page.record.comments), ids, strict=True)
        author_ids |= {
            author_id
            for person, author_id in people
            if person and author_id and name in {person.name, *person.former}
        }
    return frozenset(author_ids)


def ids_today(former_id: str, archive: ArchiveReader, reading: PageReading) -> frozenset[str]:
    """The ids of what readers before this one knew as ``former_id``; found by reading every visit again.

    Raises:
        StopError: no process can be started.
    """
    pages = _pages(archive, [visit_id for visit_id, _ in archive.visit_urls()], reading)
    former = (page.former for _, page in pages if page)
    return frozenset(today for ids in former for today, before in ids.items() if former_id in before)


def _concerned(subject: Subject, records: Records) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """The posts that go, the comments that go by id, and the posts whose visits have to be looked at."""
    if subject.kind == "post":
        return frozenset({subject.id}), frozenset(), frozenset({subject.id})
    posts: set[str] = set()
    concerned: set[str] = set()
    comments: set[str] = set()
    for reading in records.readings():
        if subject.kind == "author":
            if reading.post["author_id"] == subject.id:
                posts.add(reading.post_id)
            if any(row["author_id"] == subject.id for row in (reading.post, *reading.comments)):
                concerned.add(reading.post_id)
        elif reading.post_id == subject.id.partition("#")[0]:
            concerned.add(reading.post_id)
    if subject.kind == "comment":
        readings = [reading for reading in records.readings() if reading.post_id in concerned]
        comments = {subject.id} | _other_ids(subject.id, readings)
    return frozenset(posts), frozenset(comments), frozenset(concerned)


def _other_ids(comment_id: str, readings: Sequence[Reading]) -> set[str]:
    """The other ids under which single readings know a comment."""
    pairs = [(mine, row["comment_id"]) for ids in identities(readings) for mine, row in ids.items()]
    lasting = {last for mine, last in pairs if comment_id in {mine, last}}
    return {mine for mine, last in pairs if last in lasting}


def _posts_of_visits(visits: Mapping[str, str], records: Records) -> dict[str, str]:
    """The post that each visit was made for, by its URL or by what it captured."""
    looked = {look.visit_id: look.post_id for look in records.looks()}
    at_url = {url: looked[visit_id] for visit_id, url in visits.items() if visit_id in looked}
    post_of: dict[str, str] = {}
    for visit_id, url in visits.items():
        claim = installed_sites().claimed(url)
        post_id = looked.get(visit_id) or (claim.claim.post_id if claim else at_url.get(url))
        if post_id is not None:
            post_of[visit_id] = post_id
    return post_of


def _pages(
    archive: ArchiveReader, visit_ids: Iterable[str], reading: PageReading
) -> Iterator[tuple[str, _VisitedPage | None]]:
    """Each visit as its site reads it; None where it cannot be read."""
    damaged: list[str] = []

    def visits() -> Iterator[Visit]:
        for visit_id in visit_ids:
            try:
                yield archive.visit(visit_id)
            except ArchiveDamagedError:
                damaged.append(visit_id)

    task = partial(_page, policy=reading.policy)
    yield from reading.processes.each(task, visits(), _size, lambda visit, _: (visit.visit_id, None))
    yield from ((visit_id, None) for visit_id in damaged)


def _size(visit: Visit) -> int:
    return sum(len(capture.body) for capture in visit.captures)


def _page(visit: Visit, policy: Policy) -> tuple[str, _VisitedPage | None]:
    """The visit's id, and the visit as its site reads it; None where it cannot be read."""
    try:
        sites = installed_sites()
        whole = DocumentsOfVisit.of(visit, [read_document(each, sites) for each in visit.captures]).pages
        claimed = None if whole.trouble else whole.claimed(sites)
        record = record_of(whole, claimed) if claimed else None
        if claimed is None or not isinstance(record, Record):
            return visit.visit_id, None
        ids = author_and_comment_ids(record, claimed.claim, policy)
        former = former_ids(record, claimed.claim, policy)
        author = Cleaner(record, claimed.claim, policy).author(record.post.author)
    except Exception:  # noqa: BLE001 - a page that no reader can read says nothing of anybody
        return visit.visit_id, None
    captures = tuple(capture.record_id for capture in whole.visit.captures)
    page = _VisitedPage(
        claimed.claim.post_id,
        visit.url,
        claimed.claim.url,
        record,
        author["author_id"],
        ids,
        captures,
        former,
    )
    return visit.visit_id, page


class _Takes:
    """Who and what goes, told from the pages that were read."""

    def __init__(
        self,
        subject: Subject,
        posts: frozenset[str],
        comment_ids: frozenset[str],
        pages: Sequence[_VisitedPage],
    ) -> None:
        self._subject = subject
        self._posts = posts
        self._comment_ids = comment_ids
        self._pages = pages
        people = list(self._people()) if subject.kind == "author" else []
        self.names = frozenset(
            person.name.strip() for person in people if person.name and person.name.strip()
        )
        self.ids = frozenset(person.native_id for person in people if person.native_id)

    def texts(self) -> frozenset[str]:
        """All that was written and goes."""
        taken = [text for page in self._pages for text, _, is_taken in self._all(page) if is_taken]
        return frozenset(text for text in taken if text.strip())

    def literals(self) -> Iterator[str]:
        """Addresses that lead to what goes: of the posts, and of the images in them."""
        for page in self._pages:
            if page.post_id in self._posts:
                for url in (page.url, page.canonical):
                    parsed = parse_url(url)
                    if parsed and len(parsed.path) > 1:
                        yield parsed.path + (f"?{parsed.query}" if parsed.query else "")
                yield from (image for image in page.record.post.images or () if len(image) > RUN)

    def statements(self, page: _VisitedPage, texts: frozenset[str]) -> tuple[Statement, ...]:
        """The texts of a page in its order; those without an author that equal what goes are taken for it."""
        folds = {fold(text) for text in texts}
        return tuple(
            Statement(
                text, person.name if person else None, is_taken or (person is None and fold(text) in folds)
            )
            for text, person, is_taken in self._all(page)
        )

    def _all(self, page: _VisitedPage) -> Iterator[tuple[str, Person | None, bool]]:
        is_whole = page.post_id in self._posts
        post = page.record.post
        of_post = is_whole or (self._subject.kind == "author" and self._subject.id == page.author_id)
        yield from ((text, post.author, of_post) for text in (post.title, post.text) if text)
        for comment, (author_id, comment_id) in zip(page.record.comments, page.ids, strict=True):
            if comment.text:
                goes = (
                    is_whole or comment_id in self._comment_ids or self._is_subject(author_id, comment.author)
                )
                yield comment.text, comment.author, goes

    def _is_subject(self, author_id: str | None, person: Person | None) -> bool:
        """Whether a comment is the author's: by the id, or on a page that has only names, by the name."""
        if self._subject.kind != "author":
            return False
        has_name_alone = person is not None and person.native_id is None and person.name in self.names
        return author_id == self._subject.id or has_name_alone

    def _people(self) -> Iterator[Person]:
        for page in self._pages:
            if page.record.post.author and page.author_id == self._subject.id:
                yield page.record.post.author
            for comment, (author_id, _) in zip(page.record.comments, page.ids, strict=True):
                if comment.author and author_id == self._subject.id:
                    yield comment.author


def _captures(
    archive: ArchiveReader, visits: frozenset[str], posts: frozenset[str], pages: Collection[str]
) -> tuple[frozenset[str], frozenset[str]]:
    """The captures that go whole, and their URLs: of the posts' own pages, and what only their visits have."""
    taken: set[str] = set()
    urls: set[str] = set()
    for record_id, url, of_visits in archive.captures_with_visits():
        claimed = installed_sites().claimed(url)
        is_page = url in pages or (claimed is not None and claimed.claim.post_id in posts)
        is_theirs = bool(of_visits) and of_visits <= visits and not is_site_file(url)
        if is_page or is_theirs:
            taken.add(record_id)
            urls.add(url)
    return frozenset(taken), frozenset(urls)


def _texts_of_rows(
    subject: Subject, posts: frozenset[str], comment_ids: frozenset[str], readings: Iterable[Reading]
) -> frozenset[str]:
    """What goes of visits that can be read no more, such as damaged ones, as their rows have it."""
    rows: Iterable[tuple[str, Row]] = (
        (reading.post_id, row) for reading in readings for row in (reading.post, *reading.comments)
    )
    texts = (
        row[name]
        for post_id, row in rows
        for name in ("title", "text")
        if post_id in posts
        or row.get("comment_id") in comment_ids
        or (subject.kind == "author" and row["author_id"] == subject.id)
        if row.get(name)
    )
    return frozenset(text for text in texts if text.strip())


def _hosts(archive: ArchiveReader, visits: frozenset[str]) -> frozenset[str]:
    """The hosts that the visits have captures of."""
    urls = (parse_url(url) for _, url, of_visits in archive.captures_with_visits() if of_visits & visits)
    return frozenset(url.host for url in urls if url)


def _others(
    texts: frozenset[str],
    statements: Iterable[Sequence[Statement]],
    records: Records,
    concerned: frozenset[str],
) -> frozenset[str]:
    """What others wrote that has a part in common with what goes: it stays as they wrote it."""
    folds = {fold(text) for text in texts} - {""}
    if not folds:
        return frozenset()
    runs = {text[at : at + RUN] for text in folds for at in range(len(text) - RUN + 1)}
    short = [text for text in folds if len(text) < RUN]
    others: set[str] = set()
    for text, is_anothers in _written(statements, records, concerned):
        folded = fold(text)
        # An equal text whose author is not known is taken for the same one.
        if folded in folds and not is_anothers:
            continue
        if any(folded[at : at + RUN] in runs for at in range(len(folded) - RUN + 1)) or any(
            part in folded for part in short
        ):
            others.add(text)
    return frozenset(others)


def _written(
    statements: Iterable[Sequence[Statement]], records: Records, concerned: frozenset[str]
) -> Iterator[tuple[str, bool]]:
    """What stays of the pages concerned, and all that the other posts say; the last tells whether its author is known."""
    yield from ((item.text, False) for items in statements for item in items if not item.is_taken)
    for reading in records.readings():
        if reading.post_id not in concerned:
            rows = (reading.post, *reading.comments)
            yield from ((row["text"], row["author_id"] is not None) for row in rows if row["text"])


def _rows(
    subject: Subject, posts: frozenset[str], comment_ids: frozenset[str], records: Records
) -> tuple[dict[str, int], tuple[str, ...]]:
    """How many rows of each table go, and the ids of the posts and comments."""
    ids: list[str] = []
    counts = dict.fromkeys(("posts", "comments", "metrics", "revisions"), 0)
    for rows in records.posts():
        is_whole = rows.post["post_id"] in posts
        gone = {
            row["comment_id"]
            for row in rows.comments
            if is_whole
            or row["comment_id"] in comment_ids
            or (subject.kind == "author" and row["author_id"] == subject.id)
        }
        ids += [rows.post["post_id"]] * is_whole + sorted(gone)
        counts["posts"] += is_whole
        counts["comments"] += len(gone)
        counts["metrics"] += len(rows.metrics) if is_whole else 0
        counts["revisions"] += sum(is_whole or row["item_id"] in gone for row in rows.revisions)
    return counts, tuple(ids)
