"""What happens to every text of a page before it becomes a row, so that no name, address or number slips through."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final, TypedDict
from urllib.parse import urlsplit

from scraper.model.record import AuthorBasis, Person, Record
from scraper.model.site import Claim
from scraper.records.masking import Mask
from scraper.records.people import Pseudonyms
from scraper.records.personal import scrub
from scraper.settings import SCRUB_KINDS, NamePolicy, ScrubKind, Settings

_SURROGATE: Final = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Policy:
    """What the owner of an archive decided about people, rights and dates, with the archive's pseudonyms.

    ``zones`` are the names of the time zones of hosts, for dates that state none.
    """

    people: Pseudonyms
    names: NamePolicy = "pseudonymous"
    scrub: tuple[ScrubKind, ...] = SCRUB_KINDS
    license: str | None = None
    forgotten: frozenset[str] = frozenset()
    zones: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, settings: Settings, key: bytes, forgotten: frozenset[str] = frozenset()) -> "Policy":
        """The policy that the settings, the pseudonym key and the tombstones of an archive give."""
        people = Pseudonyms(key)
        return cls(people, settings.names, settings.scrub, settings.license, forgotten, settings.zones)


class AuthorColumns(TypedDict):
    """The columns of who wrote a post or comment."""

    author_id: str | None
    author_id_basis: AuthorBasis | None
    author_name: str | None


class Cleaner:
    """Cleans the texts of the record of a claimed post by a policy."""

    def __init__(self, record: Record, claim: Claim, policy: Policy) -> None:
        self._site = claim.home
        self._host = claim.site
        self._scrubbed = policy.scrub
        self._shows_names = policy.names == "named"
        # The people of a thread speak more than once, and each is asked for by several columns.
        self._author_id = cache(policy.people.author_id)
        authors = (record.post.author, *(comment.author for comment in record.comments))
        pseudonyms = {
            name: pseudonym for person in authors for name, pseudonym in self._pseudonyms_of(person)
        }
        self._mask = Mask(policy.people, claim.home, urlsplit(claim.url).hostname or "", pseudonyms)

    def text(self, text: str) -> str:
        """``text`` without personal details and without user names in URLs."""
        return self.counted(text)[0]

    def counted(self, text: str) -> tuple[str, Mapping[ScrubKind, int]]:
        """``text`` cleaned, and how many personal details were replaced in it."""
        scrubbed, redactions = scrub(mended(text), self._scrubbed)
        return (scrubbed if self._shows_names else self._mask.urls(scrubbed)), redactions

    def evidence(self, text: str) -> str:
        """``text`` cleaned, and without the names of the page's people: for what is quoted from around a text."""
        cleaned = self.text(text)
        return cleaned if self._shows_names else self._mask.names(cleaned)

    def texts(self, texts: Iterable[str] | None) -> list[str] | None:
        """The cleaned texts without the empty ones; None where there is no list."""
        return None if texts is None else [self.text(text) for text in texts if text]

    def author(self, person: Person | None) -> AuthorColumns:
        """The columns ``author_id``, ``author_id_basis`` and ``author_name`` of a post or comment."""
        pseudonym, basis = self._pseudonym(person)
        name = self.text(person.name) if self._shows_names and person and person.name else None
        return {"author_id": pseudonym, "author_id_basis": basis, "author_name": name}

    def former_authors(self, person: Person | None) -> frozenset[str]:
        """The ids of an author by which readers before this one knew the person."""
        if person is None:
            return frozenset()
        former: list[tuple[AuthorBasis, str]] = [("name", name) for name in person.former]
        if person.native_id:
            former.append(("id", person.native_id))
        elif person.name:
            former.append(("name", person.name))
        homes = {self._site, self._host}
        ids = {self._author_id(home, basis, native) for home in homes for basis, native in former}
        return frozenset(ids - {self._pseudonym(person)[0]})

    def called(self, person: Person | None) -> frozenset[str]:
        """The ids that an author with an account would have by the names alone; of one who is known by the name there are none besides."""
        if person is None or not person.native_id:
            return frozenset()
        names = filter(None, (person.name, *person.former))
        return frozenset(self._author_id(self._site, "name", name) for name in names)

    def _pseudonym(self, person: Person | None) -> tuple[str | None, AuthorBasis | None]:
        if person and person.native_id:
            return self._author_id(self._site, "id", person.native_id), "id"
        if person and person.name:
            return self._author_id(self._site, "name", person.name), "name"
        return None, None

    def _pseudonyms_of(self, person: Person | None) -> list[tuple[str, str]]:
        pseudonym, _ = self._pseudonym(person)
        if person is None or pseudonym is None:
            return []
        return [(name, pseudonym) for name in (person.native_id, person.name) if name]


def mended(text: str) -> str:
    """``text`` with surrogate pairs joined and lone surrogates, which no file can hold, replaced by U+FFFD."""
    if not _SURROGATE.search(text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
