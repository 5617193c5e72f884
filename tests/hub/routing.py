"""How a Hub finds the answer to a request: routes over the raw path, and who may ask."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import unquote

from starlette.responses import JSONResponse, Response

from tests.hub.storage import (
    Repository,
    StaleParentError,
    TakenError,
    UnknownEntryError,
    UnknownRevisionError,
)
from tests.hub.xet import XetFolder

REPO: Final = r"/api/datasets/(?P<repo>[^/]+/[^/]+)"
# A large file of a repository, by its digest.
STORED: Final = "(?P<name>[^/]+/[^/]+)/(?P<oid>[0-9a-f]{64})"


@dataclass(frozen=True, slots=True)
class Account:
    """Who a token belongs to. ``role`` is the token's: read, write or fineGrained; ``only`` is the one repository it is for."""

    name: str
    role: str = "write"
    organizations: tuple[str, ...] = ()
    only: str | None = None

    def owns(self, repo: str) -> bool:
        return repo == self.only or repo.split("/", maxsplit=1)[0] in {self.name, *self.organizations}


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, read."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    base: str

    @property
    def json(self) -> Any:
        return json.loads(self.body) if self.body else {}


class HubError(Exception):
    """An answer other than success."""

    def __init__(self, status: int, message: str, code: str | None = None) -> None:
        super().__init__(message)
        self.status, self.message, self.code = status, message, code


@dataclass(slots=True)
class Holdings:
    """All that one Hub holds. ``xet`` is where it has large files uploaded; None: to itself, over plain HTTP.

    ``publishers`` are the workflows that it trusts, ``identities`` the claims of tokens that their runner was given.
    """

    accounts: dict[str, Account]
    xet: XetFolder | None = None
    repositories: dict[str, Repository] = field(default_factory=dict)
    publishers: list[Any] = field(default_factory=list)
    identities: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Route:
    """A request that a Hub knows. Groups of ``path`` are handed to ``found``, ``repo`` as the repository itself.

    ``writes`` asks for a token that may write to it.
    """

    method: str
    path: str
    found: Callable[..., Response]
    writes: bool = False


def answer(holdings: Holdings, asked: Asked, routes: Iterable[Route]) -> Response:
    """The answer to a request. Revisions and file paths arrive quoted, so the raw path is what is matched."""
    try:
        for route in routes:
            match = re.fullmatch(route.path, asked.path)
            if match and route.method == asked.method:
                parts = {name: unquote(part) for name, part in match.groupdict().items() if part is not None}
                return _answer(holdings, asked, route, parts)
    except HubError as error:
        return refusal(error.status, error.message, error.code)
    return refusal(404, f"this Hub has no {asked.method} {asked.path}")


def refusal(
    status: int, message: str, code: str | None = None, headers: Mapping[str, str] | None = None
) -> Response:
    """An error as the Hub words it."""
    said = {"X-Error-Message": message} | ({"X-Error-Code": code} if code else {})
    return JSONResponse({"error": message}, status, headers=said | dict(headers or {}))


def account_of(holdings: Holdings, asked: Asked) -> Account | None:
    token = asked.headers.get("authorization", "").removeprefix("Bearer ")
    if token and token not in holdings.accounts:
        raise HubError(401, "Invalid credentials in Authorization header")
    return holdings.accounts.get(token)


def _answer(holdings: Holdings, asked: Asked, route: Route, parts: dict[str, str]) -> Response:
    if "repo" not in parts:
        return route.found(holdings, asked, **parts)
    try:
        repository = _readable(holdings, asked, parts.pop("repo"))
        if route.writes:
            _require_writer(holdings, asked, repository)
        return route.found(holdings, asked, repository, **parts)
    except UnknownRevisionError as error:
        raise HubError(404, f"Invalid rev id: {error}", "RevisionNotFound") from error
    except UnknownEntryError as error:
        raise HubError(404, f"A file with this name doesn't exist: {error}", "EntryNotFound") from error
    except StaleParentError as error:
        raise HubError(412, "A commit has happened since. Please refresh and try again.") from error
    except TakenError as error:
        raise HubError(409, f"Tag already exists: {error}") from error


def _readable(holdings: Holdings, asked: Asked, name: str) -> Repository:
    """The repository, where whoever asks may know that it is there."""
    account = account_of(holdings, asked)
    repository = holdings.repositories.get(name)
    is_owner = account is not None and account.owns(name)
    if repository is None or (repository.visibility == "private" and not is_owner):
        raise HubError(404 if account else 401, "Repository not found", "RepoNotFound")
    return repository


def _require_writer(holdings: Holdings, asked: Asked, repository: Repository) -> None:
    account = account_of(holdings, asked)
    if account is None:
        raise HubError(401, "Invalid username or password.")
    if account.role == "read" or not account.owns(repository.name):
        raise HubError(403, "you must use a write token to upload to a repository.")
