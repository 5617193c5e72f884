"""A platform as an adapter of it is one file: what it reads, and which requests and record follow from that."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from scraper.model.capture import Visit
from scraper.model.exchange import Request
from scraper.model.record import Post, Record, Rejection
from scraper.model.site import Claim
from scraper.model.url import parse_url
from scraper.page.blocks import to_markdown
from scraper.page.document import Document
from scraper.sites.base import Part, Platform


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic of a board."""

    claim: Claim
    text: str


class ToyBoard(Platform[Topic]):
    """A board that nobody runs."""

    name: ClassVar[str] = "toyboard"
    platform: ClassVar[str] = "toyboard"

    def root(self, document: Document) -> str | None:
        """The host of a page that it made."""
        url = parse_url(document.capture.url)
        return f"{url.origin}/" if url and b"class=toyboard" in document.capture.body else None

    def canonical_url(self, url: str) -> str:
        """The URL without its page."""
        return url.partition("?")[0]

    def read_document(self, document: Document) -> Topic | None:
        """The topic of a page that it made."""
        url = parse_url(document.capture.url)
        if url is None or self.root(document) is None:
            return None
        post_id = f"{url.host}:t-{url.path.rpartition('/')[2]}"
        return Topic(Claim(post_id, self.canonical_url(url.href)), to_markdown(document.page.blocks))

    def shows_post(self, content: Topic) -> bool:
        """Where it says something."""
        return bool(content.text)

    def claim_of(self, _visit: Visit, parts: Sequence[Part[Topic]]) -> Claim | None:
        """That of the first page."""
        return parts[0].content.claim if parts else None

    def next_requests(self, _visit: Visit, _parts: Sequence[Part[Topic]]) -> tuple[Request, ...]:
        """Nothing more."""
        return ()

    def join(self, _visit: Visit, parts: Sequence[Part[Topic]]) -> Record | Rejection:
        """The first page's words."""
        post = Post("post", None, parts[0].content.text, access="full")
        return Record("toyboard/1", parts[0].capture.record_id, post)
