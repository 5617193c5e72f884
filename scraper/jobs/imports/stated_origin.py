"""What the user says of pages that do not say it themselves: where they were, and when they were saved."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final
from urllib.parse import quote

from scraper.errors import SkippableError, UsageError
from scraper.jobs.imports.no_pages import page_stem
from scraper.jobs.imports.saved_page import SavedPage
from scraper.model.url import identity, parse_url, without_credentials

_PLACE: Final = re.compile(r"\{([^{}]*)\}")
_NUMBER: Final = re.compile(r"[0-9]+")
# As browsers name a page that is saved once more.
_SAVED_AGAIN: Final = re.compile(r"\s*\([0-9]+\)\Z")
_NAME, _NUMBER_IN_NAME, _FOLDER = "name", "number", "folder"
_PLACES: Final = (_NAME, _NUMBER_IN_NAME, _FOLDER)
# As a part of a path these mean nothing, or the folder above (RFC 3986 section 5.2.4).
_NO_SEGMENTS: Final = frozenset({"", ".", ".."})
_EXAMPLE: Final = "https://careerly.co.kr/comments/{name}"


@dataclass(frozen=True, slots=True)
class UrlPattern:
    """A URL with places in it that each file fills by its own name: {name}, {number} and {folder}."""

    text: str

    @staticmethod
    def read(text: str) -> "UrlPattern | None":
        """The pattern in ``text``; None where it has no places, and is the URL of one page.

        Raises:
            UsageError: it has places of another name, or is no URL.
        """
        places = _PLACE.findall(text)
        unknown = next((place for place in places if place not in _PLACES), None)
        if unknown is not None:
            raise UsageError(
                f"--url {text}: {{{unknown}}} is none of {{name}}, {{number}} and {{folder}}. Write it as {_EXAMPLE}."
            )
        if places and parse_url(_PLACE.sub("1", text)) is None:
            raise UsageError(f"--url {text}: write it as an http(s) URL, such as {_EXAMPLE}.")
        return UrlPattern(text) if places else None

    def url_of(self, path: str) -> str:
        """The URL of the page in the file at this path.

        Raises:
            SkippableError: its name has nothing for a place.
        """
        *folders, file = path.split("/")
        stem = page_stem(file) or file
        values = {_NAME: stem, _FOLDER: folders[-1] if folders else ""}
        if f"{{{_NUMBER_IN_NAME}}}" in self.text:
            numbers = _NUMBER.findall(_SAVED_AGAIN.sub("", stem))
            if len(numbers) != 1:
                raise SkippableError(
                    f"{path} has {'several numbers' if numbers else 'no number'} in its name, and {self.text} asks for one. "
                    "Say where the page was in a table, and name that with --from."
                )
            values[_NUMBER_IN_NAME] = numbers[0]
        if any(values[place] in _NO_SEGMENTS for place in _PLACE.findall(self.text)):
            raise SkippableError(
                f"{path} has a name that {self.text} cannot take. Name it otherwise, or in a table."
            )
        return _PLACE.sub(lambda place: quote(values[place[1]], safe="", errors="surrogateescape"), self.text)


@dataclass(frozen=True, slots=True)
class StatedOrigin:
    """What the user says of a page, or of all pages that one thing they named holds, which ``is_for_all`` tells.

    ``captured_at`` is aware. What is said for all goes for the pages that do not say it themselves.
    """

    url: str | None = None
    captured_at: datetime | None = None
    pattern: UrlPattern | None = None
    is_for_all: bool = False

    @property
    def for_all(self) -> "StatedOrigin":
        """The same, said of all pages of a folder."""
        return replace(self, is_for_all=True)

    def refuse_for(self, path: Path) -> None:
        """Raise SkippableError where anything was said of one file that says it itself."""
        if not self.is_for_all and (self.url is not None or self.captured_at is not None):
            raise SkippableError(
                f"{path} says itself where and when its pages were. Leave out --url and --captured-at."
            )

    def refuse_one_url(self, path: Path) -> None:
        """Raise SkippableError where the URL of one page was said of what holds many."""
        if self.url is not None:
            raise SkippableError(
                f"{path} may hold many pages, and {self.url} is the URL of one. Say it of each, by a pattern such as "
                f"--url '{_EXAMPLE}' or by a table that is named with --from."
            )

    def of(self, page: SavedPage, path: str) -> SavedPage:
        """The page, out of the file at ``path``, with what the user says of it and its file does not.

        Raises:
            SkippableError: its file says something else, or its name does not fit the pattern.
        """
        if not self.is_for_all:
            self._refuse_contradiction(page)
        is_one_of_many = self.is_for_all or page.name != path
        page = replace(page, url=page.url or self.url, is_come_upon=is_one_of_many)
        if self.pattern and not page.url:
            page = _named_by(self.pattern, page, path)
        if page.captured_at or self.captured_at is None:
            return page
        return replace(page, captured_at=self.captured_at, basis="asserted")

    def _refuse_contradiction(self, page: SavedPage) -> None:
        if page.url and self.url and identity(page.url) != identity(self.url):
            raise SkippableError(
                f"{page.name} says itself that it is the page of {page.url}. Leave out --url."
            )
        if page.captured_at and self.captured_at and page.captured_at != self.captured_at:
            at = page.captured_at.isoformat()
            raise SkippableError(
                f"{page.name} says itself that it was saved at {at}. Leave out --captured-at."
            )


def _named_by(pattern: UrlPattern, page: SavedPage, path: str) -> SavedPage:
    """The page with the URL that it has by its name; one that may say its URL itself with why its name gives none.

    Raises:
        SkippableError: its name gives none, and it cannot say it itself.
    """
    try:
        return replace(page, otherwise=without_credentials(pattern.url_of(path)))
    except SkippableError as error:
        if page.media_type == "text/plain":
            raise
        return replace(page, misnamed=str(error))
