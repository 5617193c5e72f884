"""Software whose pages are read as a board's, and which tells its threads in JSON besides: in those pages, or when asked."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

from scraper.model.capture import Visit
from scraper.model.site import Claim
from scraper.page.document import Document
from scraper.page.leads import Leads
from scraper.sites.base import Part, Platform
from scraper.sites.board_table import Board
from scraper.sites.boards import Topic, site_of, topic_of
from scraper.sites.generic import GenericPage

AnswerT = TypeVar("AnswerT")


@dataclass(frozen=True, slots=True)
class Told(Generic[AnswerT]):
    """A document: the page that it is, None where it is JSON alone, and what the JSON in it tells, None where it tells nothing."""

    page: GenericPage | None
    answer: AnswerT | None


class ToldBoard(Platform[Told[AnswerT]]):
    """The boards of one software, which ``board`` describes."""

    board: ClassVar[Board]

    def __init__(self) -> None:
        self.pages = site_of(self.board)

    def root(self, document: Document) -> str | None:
        """The folder that a page says it stands in."""
        return self.pages.root(document)

    def canonical_url(self, url: str) -> str:
        """The topic's own URL."""
        return self.pages.canonical_url(url)

    @abstractmethod
    def read_answer(self, document: Document) -> AnswerT | None:
        """What a document tells that is JSON alone; None where it is none of the software's."""

    @abstractmethod
    def read_page(self, document: Document, topic: Topic) -> AnswerT | None:
        """What the JSON in the page of a topic tells."""

    def read_document(self, document: Document) -> Told[AnswerT] | None:
        """A page, or an answer of the API."""
        if not document.is_markup:
            answer = self.read_answer(document) if document.capture.status in {200, None} else None
            return Told(None, answer) if answer is not None else None
        page = self.pages.read_document(document)
        if page is None:
            return None
        topic = topic_of(self.board, page.claim.url)
        return Told(page, self.read_page(document, topic) if topic else None)

    def shows_post(self, content: Told[AnswerT]) -> bool:
        """Whether a page shows a topic; an answer of the API is no page that could say that it is gone."""
        return content.page is None or self.pages.shows_post(content.page)

    def recognises(self, content: Told[AnswerT]) -> bool:
        """Whether it is a topic, or a list that leads to some."""
        return content.page is None or self.pages.recognises(content.page)

    def other_than_post(self, content: Told[AnswerT]) -> str | None:
        """What a page is, where it is no topic."""
        return self.pages.other_than_post(content.page) if content.page else None

    def leads(self, content: Told[AnswerT]) -> Leads:
        """The topics that a list shows."""
        return self.pages.leads(content.page) if content.page else Leads()

    def links(self, document: Document) -> tuple[str, ...]:
        """The topics that a list shows, by their canonical URLs."""
        return self.pages.links(document)

    def claim_of(self, visit: Visit, parts: Sequence[Part[Told[AnswerT]]]) -> Claim | None:
        """The topic of the first page that shows one."""
        return self.pages.claim_of(visit, pages_of(parts))

    def topic(self, visit: Visit, parts: Sequence[Part[Told[AnswerT]]]) -> Topic | None:
        """The topic that a visit is of."""
        claim = self.claim_of(visit, parts)
        return topic_of(self.board, claim.url) if claim else None


def pages_of(parts: Sequence[Part[Told[AnswerT]]]) -> list[Part[GenericPage]]:
    """The parts that are pages."""
    return [Part(part.capture, part.content.page) for part in parts if part.content.page]


def answers_of(parts: Sequence[Part[Told[AnswerT]]]) -> list[AnswerT]:
    """What the JSON of all parts tells."""
    return [part.content.answer for part in parts if part.content.answer is not None]
