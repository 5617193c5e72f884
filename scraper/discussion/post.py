"""The post of a page: what stands apart from its thread, or the first record of that."""

from typing import Final

from scraper.discussion.body.authors import find_authors, told_authors
from scraper.discussion.body.find import Body
from scraper.discussion.body.head import Head
from scraper.discussion.body.published import Published, find_published
from scraper.discussion.body.title import Title, repeats
from scraper.discussion.byline import Byline
from scraper.discussion.thread.elements import Elements
from scraper.discussion.thread.record import ThreadRecord
from scraper.discussion.values import Values
from scraper.model.record import FieldSource, Person, Post, PostKind

# A text of so many letters is an article.
OWN_TEXT: Final = 400


class PostOfPage:
    """Reads the post of the page at ``url``. ``is_signed``: a name and a date stand beside it, as its byline says."""

    def __init__(
        self, page: Elements, head: Head, values: Values, url: str, byline: Byline, *, is_signed: bool
    ) -> None:
        self._page = page
        self._head = head
        self._values = values
        self._url = url
        self._byline = byline
        self._is_signed = is_signed

    def own_post(self, body: Body | None, heading: Title | None) -> Post:
        """The post that stands apart from what answers it."""
        kind: PostKind = "article" if body and body.size >= OWN_TEXT else "post"
        title = heading.text if heading else None
        if body and heading:
            body = body.without(repeats(self._page, heading))
        text = body.text() if body else None
        published = self._published(body)
        moment = self._values.moment(published.raw) if published else None
        author = self._author(body)
        told = {
            "title": title and "html",
            "text": text and "html",
            "author": author and "html",
            "published_at": moment and published and published.source,
        }
        return Post(
            kind,
            title,
            text,
            author=author,
            published=moment,
            links=self._values.links(body.element, body) if body else None,
            images=self._values.images(body.element, body) if body else None,
            removed=body.removed if body else (),
            field_sources=tuple(
                FieldSource(field, source, "inferred") for field, source in told.items() if source
            ),
        )

    def _author(self, body: Body | None) -> Person | None:
        """Who wrote the post: as the page tells, as its answers are signed, as stands under its title, or as its byline says."""
        told, byline = told_authors(self._head), self._byline
        if byline.is_alike and not told:
            return self._values.person(byline.author)
        names = told or find_authors(self._page, self._head, body)
        if names:
            return Person(None, names[0])
        return self._values.person(byline.author) if byline.is_stated or self._is_signed else None

    def _published(self, body: Body | None) -> Published | None:
        published = find_published(self._page, self._head, body, self._url)
        is_told = published is not None and published.source in {"linked data", "head"}
        if (
            self._byline.date
            and not is_told
            and (self._byline.is_alike or (not published and self._is_signed))
        ):
            return Published(self._byline.date, "text")
        return published

    def first_post(self, record: ThreadRecord, title: str | None) -> Post:
        """The post that is the first record of its thread."""
        return Post(
            "topic",
            title,
            record.text,
            author=self._values.person(record.author),
            published=self._values.moment(record.date),
            links=self._values.links_in(record),
            images=self._values.images(record.span.start, None),
            field_sources=tuple(
                FieldSource(field, "html", "inferred")
                for field, value in (
                    ("text", record.text),
                    ("author", record.author),
                    ("published_at", record.date),
                )
                if value
            ),
        )
