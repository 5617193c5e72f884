"""What a dataset repository on the Hub holds, as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Account:
    """Whose token it is, and what it may do. ``role`` is read, write, fineGrained, or the Hub's own word."""

    name: str
    role: str | None


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file at one revision: ``sha256`` where the Hub stores it by digest, else git's ``blob_id`` alone tells."""

    size: int
    blob_id: str
    sha256: str | None


@dataclass(frozen=True, slots=True)
class RemoteState:
    """The main branch of a repository, all of one commit (``head``). ``tags`` leads from names to commits."""

    head: str
    is_private: bool
    is_gated: bool
    files: Mapping[str, RemoteFile]
    tags: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RemoteCommit:
    """One commit of the main branch's history."""

    oid: str
    at: datetime
    title: str
    description: str
