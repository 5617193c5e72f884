"""What the dataset card says that the rows do not say: the operator's words, how the hosts were treated, what was published."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from scraper.settings import NamePolicy, ScrubKind


@dataclass(frozen=True, slots=True)
class Conduct:
    """How the hosts were treated, counted from the ledger.

    ``requests`` include those for robots.txt. ``refused`` are requests that were not made, ``refused_by_robots`` those
    of them that robots.txt (or its absence) forbade; ``strained`` are answers 429 and 5xx. ``shortest_gap`` is the least
    time in seconds that was kept between an answer and the next request to the same host, None where no host was asked
    twice; ``gaps_owed`` is the sum, in seconds, of what had to be waited.
    """

    hosts: int = 0
    requests: int = 0
    failed: int = 0
    refused: int = 0
    refused_by_robots: int = 0
    strained: int = 0
    shortest_gap: float | None = None
    gaps_owed: float = 0.0


@dataclass(frozen=True, slots=True)
class PublishedVersion:
    """One publication: its tag, the schema it follows, and its rows a config."""

    tag: str
    schema_version: str
    rows: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Publication:
    """Where the dataset stands on the Hub. ``tag`` is that of the publication this card goes out with.

    ``repo`` is the repository, as ``OWNER/NAME``, ``url`` its page, and ``year`` that of this publication.
    ``versions`` are those published before, newest first; ``changes`` are sentences on what changed since the newest.
    The default: never published.
    """

    tag: str | None = None
    versions: tuple[PublishedVersion, ...] = ()
    changes: tuple[str, ...] = ()
    repo: str | None = None
    url: str | None = None
    year: int | None = None

    @property
    def named(self) -> str:
        """The name to load it by; a stand-in where it was never published."""
        return self.repo or "OWNER/NAME"


@dataclass(frozen=True, slots=True)
class Migration:
    """Which schema version the rows were written by, before migrations brought them here.

    ``lacking`` names the columns that the migrations could not fill, as ``posts.column``.
    """

    origin: str
    lacking: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CardContext:
    """What the card says that the rows do not: the operator's settings, and the software with its version.

    ``contact`` is an e-mail address or a URL; ``license`` and ``rights_statement`` are the operator's words;
    ``takedowns`` are the takedowns that the rows honour, each by its keyed digest (``people.Pseudonyms``). ``conduct`` is None where there is no ledger.
    ``gated``: the rows are for those who asked, while the card can be read by everybody.
    """

    title: str
    software: str
    contact: str | None
    license: str | None
    rights_statement: str | None
    names: NamePolicy
    scrub: tuple[ScrubKind, ...]
    takedowns: tuple[str, ...] = ()
    conduct: Conduct | None = None
    publication: Publication = field(default_factory=Publication)
    migration: Migration | None = None
    gated: bool = False

    @classmethod
    def parse(cls, fields: Mapping[str, Any]) -> "CardContext":
        """The context that ``dataclasses.asdict`` gave, after a way through JSON.

        Raises:
            TypeError, KeyError, ValueError: it is none.
        """
        publication = dict(fields["publication"])
        versions = tuple(PublishedVersion(**version) for version in publication.pop("versions"))
        changes = tuple(map(str, publication.pop("changes")))
        conduct, migration = fields["conduct"], fields["migration"]
        plain = {
            "scrub": tuple(fields["scrub"]),
            "takedowns": tuple(fields["takedowns"]),
            "conduct": None if conduct is None else Conduct(**conduct),
            "publication": Publication(**publication, versions=versions, changes=changes),
            "migration": None
            if migration is None
            else Migration(**{**migration, "lacking": tuple(migration["lacking"])}),
        }
        return cls(**{**fields, **plain})
