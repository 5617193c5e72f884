"""The ids of the comments of one page."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

from scraper.records.people import Pseudonyms

CommentIdBasis = Literal["site", "derived"]


@dataclass(slots=True)
class CommentIds:
    """Gives the comments of one page of ``post_id`` their ids; to be asked in page order."""

    post_id: str
    people: Pseudonyms
    _contents: dict[str, tuple[str | None, str]] = field(default_factory=dict)
    _occurrences: Counter[tuple[str | None, str]] = field(default_factory=Counter)

    def give(
        self, native_id: str | None, author_id: str | None, text: str | None
    ) -> tuple[str, CommentIdBasis]:
        """The id of the next comment, and what it was made from; ``native_id`` is empty where the site shows none.

        A native id that comes again with the same author and text is the same comment, shown twice (pages of
        comments overlap when one is added between two requests). With another author or text the site's id is not
        unique, and the later comment gets a derived one.
        """
        content = (author_id, text or "")
        if native_id:
            comment_id = f"{self.post_id}#{native_id}"
            if self._contents.setdefault(comment_id, content) == content:
                return comment_id, "site"
        self._occurrences[content] += 1
        return self.people.comment_id(self.post_id, *content, self._occurrences[content]), "derived"
