"""The extent of a takedown: the visits and rows concerned, and from their pages what is searched for in all others."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from scraper.archive.read import ArchiveReader
from scraper.model.record import Person
from scraper.model.url import parse_url
from scraper.page.site_signals import is_site_file
from scraper.records.contract import Row
from scraper.records.identity import all_ids
from scraper.records.reading import Reading
from scraper.records.store import Records
from scraper.sites.registry import installed_sites
from scraper.takedown.record import TakedownRule
from scraper.takedown.scope import Scope
from scraper.takedown.subject import Subjects
from scraper.takedown.traces import RUN, Statement, Traces
from scraper.takedown.view import fold
from scraper.takedown.visited import PageReading, VisitedPage, visited_pages


@dataclass(frozen=True, slots=True)
class Extent:
    """The scope, and what the takedown is about: the ``posts`` that go, how many rows of each table, and their ids.

    ``posts`` leads from each post to the id of the subject it goes with: its own, or its author's.
    ``former`` leads likewise from the ids that readers before this one gave the posts and comments: a page that tells less than another
    is read under such an id, here or in an archive that shares the key.
    ``ids`` are those of the posts and comments that have rows, ``visits`` those to the posts concerned.
    """

    scope: Scope
    posts: Mapping[str, str]
    former: Mapping[str, str]
    rows: dict[str, int]
    ids: tuple[str, ...]
    visits: frozenset[str]


def find_scope(
    subjects: Subjects, archive: ArchiveReader, records: Records, reading: PageReading, rule: TakedownRule
) -> Extent:
    """The scope of a takedown of all ``subjects`` at once, from the records and from what the archive itself says of the visits concerned.

    Raises:
        StopError: no process can be started.
    """
    subject_of_post, comment_ids, concerned = _concerned(subjects, records)
    posts = frozenset(subject_of_post)
    visits = dict(archive.visit_urls())
    post_of = _posts_of_visits(visits, records)
    read = [visit_id for visit_id, post_id in post_of.items() if post_id in concerned]
    page_of = dict(visited_pages(archive, read, reading))
    pages = [page for page in page_of.values() if page]
    lost = [records.reading(visit_id) for visit_id, page in page_of.items() if page is None]
    whole = frozenset(visit_id for visit_id, post_id in post_of.items() if post_id in posts)
    takes = _Takes(subjects, posts, comment_ids, pages)
    texts = takes.texts() | _texts_of_rows(subjects, posts, comment_ids, filter(None, lost))
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
    rows, ids = _rows(subjects, posts, comment_ids, records)
    goes = subject_of_post | {each: each for each in subjects.comments}
    former = {each: subject for today, subject in goes.items() for each in records.former_ids(today)}
    return Extent(scope, subject_of_post, former, rows, ids, frozenset(read))


def _marks(posts: frozenset[str], comment_ids: frozenset[str]) -> Iterator[str]:
    """How pages name a post or a comment beside its text: in an address, a key, a feed."""
    for native in (post_id.rpartition("-")[2] for post_id in posts):
        if native.isdecimal():
            yield from (f"{word}{native}" for word in ("post", "postid", "article", "question", "questionid"))
    for native in (comment_id.partition("#")[2] for comment_id in comment_ids):
        if native and not native.startswith("~"):
            yield from (f"{word}{native}" for word in ("comment", "comments", "commentid", "reply", "answer"))


def _concerned(subjects: Subjects, records: Records) -> tuple[dict[str, str], frozenset[str], frozenset[str]]:
    """The posts that go with the subject each goes with, the comments that go by id, and the posts whose visits have to be looked at."""
    posts = {post_id: post_id for post_id in subjects.posts}
    of_comments = {comment_id.partition("#")[0] for comment_id in subjects.comments}
    concerned = set(subjects.posts)
    threads: defaultdict[str, list[Reading]] = defaultdict(list)
    for reading in records.readings() if subjects.authors or of_comments else ():
        if reading.post["author_id"] in subjects.authors:
            posts.setdefault(reading.post_id, reading.post["author_id"])
        if any(row["author_id"] in subjects.authors for row in (reading.post, *reading.comments)):
            concerned.add(reading.post_id)
        if reading.post_id in of_comments:
            concerned.add(reading.post_id)
            threads[reading.post_id].append(reading)
    comments = subjects.comments.union(
        *(all_ids(subjects.comments, readings) for readings in threads.values())
    )
    return posts, comments, frozenset(concerned)


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


class _Takes:
    """Who and what goes, told from the pages that were read."""

    def __init__(
        self,
        subjects: Subjects,
        posts: frozenset[str],
        comment_ids: frozenset[str],
        pages: Sequence[VisitedPage],
    ) -> None:
        self._authors = subjects.authors
        self._posts = posts
        self._comment_ids = comment_ids
        self._pages = pages
        people = list(self._people())
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

    def statements(self, page: VisitedPage, texts: frozenset[str]) -> tuple[Statement, ...]:
        """The texts of a page in its order; those without an author that equal what goes are taken for it."""
        folds = {fold(text) for text in texts}
        return tuple(
            Statement(
                text, person.name if person else None, is_taken or (person is None and fold(text) in folds)
            )
            for text, person, is_taken in self._all(page)
        )

    def _all(self, page: VisitedPage) -> Iterator[tuple[str, Person | None, bool]]:
        is_whole = page.post_id in self._posts
        post = page.record.post
        of_post = is_whole or page.author_id in self._authors
        yield from ((text, post.author, of_post) for text in (post.title, post.text) if text)
        for comment, (author_id, comment_id) in zip(page.record.comments, page.ids, strict=True):
            if comment.text:
                goes = (
                    is_whole or comment_id in self._comment_ids or self._is_subject(author_id, comment.author)
                )
                yield comment.text, comment.author, goes

    def _is_subject(self, author_id: str | None, person: Person | None) -> bool:
        """Whether a comment is an author's who goes: by the id, or on a page that has only names, by the name."""
        has_name_alone = person is not None and person.native_id is None and person.name in self.names
        return author_id in self._authors or has_name_alone

    def _people(self) -> Iterator[Person]:
        for page in self._pages:
            if page.record.post.author and page.author_id in self._authors:
                yield page.record.post.author
            for comment, (author_id, _) in zip(page.record.comments, page.ids, strict=True):
                if comment.author and author_id in self._authors:
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
    subjects: Subjects, posts: frozenset[str], comment_ids: frozenset[str], readings: Iterable[Reading]
) -> frozenset[str]:
    """What goes of visits that can be read no more, such as damaged ones, as their rows have it."""
    rows: Iterable[tuple[str, Row]] = (
        (reading.post_id, row) for reading in readings for row in (reading.post, *reading.comments)
    )
    texts = (
        row[name]
        for post_id, row in rows
        for name in ("title", "text")
        if post_id in posts or row.get("comment_id") in comment_ids or row["author_id"] in subjects.authors
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
    subjects: Subjects, posts: frozenset[str], comment_ids: frozenset[str], records: Records
) -> tuple[dict[str, int], tuple[str, ...]]:
    """How many rows of each table go, and the ids of the posts and comments."""
    ids: list[str] = []
    counts = dict.fromkeys(("posts", "comments", "metrics", "revisions"), 0)
    for rows in records.posts():
        is_whole = rows.post["post_id"] in posts
        gone = {
            row["comment_id"]
            for row in rows.comments
            if is_whole or row["comment_id"] in comment_ids or row["author_id"] in subjects.authors
        }
        ids += [rows.post["post_id"]] * is_whole + sorted(gone)
        counts["posts"] += is_whole
        counts["comments"] += len(gone)
        counts["metrics"] += len(rows.metrics) if is_whole else 0
        counts["revisions"] += sum(is_whole or row["item_id"] in gone for row in rows.revisions)
    return counts, tuple(ids)
