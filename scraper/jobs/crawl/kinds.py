"""What the pages of a group are, posts or lists of them: told by the first that can be had, for addresses of one form are of one kind."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal

from scraper.errors import RefusedError, RetryableError, SkippableError
from scraper.jobs.crawl.documents import Documents
from scraper.jobs.crawl.strangers import MOST_IN_VAIN
from scraper.model.capture import Visit
from scraper.model.url import parse_url
from scraper.page.addresses import form_of
from scraper.reading.document_reading import DocumentReading
from scraper.reading.read_visit import DocumentsOfVisit

Kind = Literal["post", "list", "neither"]
# So many pages of a group are asked for at most to tell what all of them are.
_MOST_LOOKS: Final = 3

_EVER: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Sorted:
    """The pages of groups by what they are."""

    posts: tuple[str, ...]
    lists: tuple[str, ...]


class Kinds:
    """Tells groups of pages apart for one target. A page that was asked for to tell is not asked for again by who visits it."""

    def __init__(self, target: str, documents: Documents) -> None:
        self._target = target
        self._documents = documents
        self._by_form: dict[str, Kind] = {}
        self._in_vain = 0
        self._is_recognised = False

    async def sort(self, groups: Iterable[Sequence[str]], room: int | None) -> Sorted:
        """The posts and the lists among the pages of ``groups``; nothing more is asked for once there are ``room`` posts."""
        posts: list[str] = []
        lists: list[str] = []
        for group in groups:
            if room is not None and len(posts) >= room:
                break
            kind = await self._kind_of(group)
            if kind == "post":
                posts += group
            elif kind == "list":
                lists += group
        return Sorted(tuple(posts), tuple(lists))

    async def _kind_of(self, group: Sequence[str]) -> Kind:
        form = next((form_of(url) for url in map(parse_url, group) if url), "")
        if form not in self._by_form:
            self._by_form[form] = await self._look(group)
        return self._by_form[form]

    async def _look(self, group: Sequence[str]) -> Kind:
        is_refused = False
        archive = self._documents.archive
        known = [url for url in group if archive.has_visited(url)]
        for url in [*known[:1], *group][:_MOST_LOOKS]:
            if self._in_vain >= MOST_IN_VAIN and not self._is_recognised:
                break
            began = _EVER if url in known else archive.frontier.begun_at(self._target)
            try:
                kind = self._kind(url, await self._documents.look_at(url, began))
            except RefusedError:
                is_refused = True
                continue
            except (RetryableError, SkippableError):
                continue
            if kind != "neither":
                self._is_recognised = True
                return kind
            self._in_vain += 1
        # Who visits them says why they are not to be had.
        return "post" if is_refused else "neither"

    def _kind(self, url: str, documents: Sequence[DocumentReading]) -> Kind:
        page = documents[-1]
        if page.capture.status != 200:
            return "neither"
        sites = self._documents.sites
        if DocumentsOfVisit.of(Visit("", 0, url), documents).is_claimed(sites):
            return "post"
        leads = page.leads
        return "list" if leads and (leads.posts or leads.groups) else "neither"
