"""May it go out, and who is asked first? Policy over what was asked for, what is there, and what stands against it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from scraper.errors import RefusedError, UsageError

# Words for a licence by which nobody may pass the text on.
_NO_LICENCE: Final = frozenset(
    {"all rights reserved", "no redistribution", "not redistributable", "proprietary", "private"}
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for."""

    public: bool = False
    gated: bool = False
    with_text: bool = True


@dataclass(frozen=True, slots=True)
class Repository:
    """The repository on the Hub: whether there is one, who sees it, and whether a publication in it has texts."""

    exists: bool
    is_private: bool
    has_published_text: bool


@dataclass(frozen=True, slots=True)
class Restrictions:
    """What stands against passing texts on, and the owner's own words.

    ``hosts`` are those whose recorded terms forbid it, each with its number of posts in the dataset; ``signals`` are
    the reservations that pages carry (noai, TDM, Content-Signal), likewise. ``draft`` is the schema version where it is
    not frozen.
    """

    statement: str | None
    license: str | None
    hosts: Mapping[str, int] = field(default_factory=dict)
    signals: Mapping[str, int] = field(default_factory=dict)
    draft: str | None = None

    def against_text(self) -> tuple[str, ...]:
        """Each reason why texts must not be passed on to the public, as part of a sentence."""
        words = " ".join((self.license or "").lower().replace("-", " ").split())
        licence = (f"the licence is {self.license!r}",) if words in _NO_LICENCE else ()
        hosts = (f"the terms of {host} forbid it ({_posts(n)})" for host, n in self.hosts.items())
        signals = (f"pages say {signal} ({_posts(n)})" for signal, n in self.signals.items())
        return (*licence, *hosts, *signals)


def require_visibility(repo: str, wish: Wish, repository: Repository) -> None:
    """See to it that nothing becomes public, or goes on being so, without being asked for.

    Raises:
        UsageError: the repository is public, and ``--public`` was not given.
    """
    if repository.exists and not repository.is_private and not wish.public:
        raise UsageError(
            f"{repo} on the Hub is public, and publications are private unless you say --public. "
            f"Nothing was changed. Say --public, make the repository private there, or choose another name."
        )


def questions(repo: str, wish: Wish, repository: Repository, restrictions: Restrictions) -> Sequence[str]:
    """What the owner has to say yes to before this publication.

    Raises:
        UsageError: it would be public for the first time, and there is no rights statement.
        RefusedError: it would make texts public that must not be passed on.
    """
    asked = []
    if wish.public:
        _require_public_form(repo, wish, repository, restrictions)
        if repository.is_private or not repository.exists:
            asked.append(_first_time(repo, wish, restrictions))
    if restrictions.signals:
        listed = "; ".join(f"{signal} ({_posts(number)})" for signal, number in restrictions.signals.items())
        asked.append(
            f"Pages in this dataset reserve their use for machine learning or text and data mining: {listed}. "
            f"Publish their {'texts' if wish.with_text else 'metadata'} to {repo}?"
        )
    return asked


def _require_public_form(repo: str, wish: Wish, repository: Repository, restrictions: Restrictions) -> None:
    if restrictions.statement is None:
        raise UsageError(
            f"{repo} cannot be public without a statement on rights. Write one into postkeep.toml, such as "
            f'rights_statement = "Copyright in posts and comments stays with their authors.", and publish again.'
        )
    if restrictions.draft is not None:
        raise UsageError(
            f"{repo} cannot be public yet: schema {restrictions.draft} is a draft, and what others build on must not change "
            f"under one number. Publish privately, or use a postkeep whose schema is frozen."
        )
    against = restrictions.against_text()
    if not against:
        return
    if wish.with_text:
        raise RefusedError(
            f"The texts of this dataset must not be made public: {'; '.join(against)}. "
            f"Publish them privately, or publish ids, metadata and metrics alone: --without text",
            rule="rights",
        )
    if repository.has_published_text:
        raise RefusedError(
            f"Earlier publications in {repo} hold texts that must not be made public: {'; '.join(against)}. "
            f"All of its history would become public. Publish --public --without text under another name.",
            rule="rights",
        )


def _first_time(repo: str, wish: Wish, restrictions: Restrictions) -> str:
    who = "Whoever asks you and is let in will see it" if wish.gated else "Everybody will see it"
    return (
        f"This makes {repo} public. {who}, with all of its history; what was downloaded cannot be called back. "
        f"Your statement on rights: “{restrictions.statement}” Publish it?"
    )


def _posts(number: int) -> str:
    return f"{number:,} post" + ("" if number == 1 else "s")
