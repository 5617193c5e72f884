"""What ``postkeep status --json`` gives as ``data``, part by part; docs/looking.md has the same."""

from collections.abc import Mapping
from typing import TypedDict

from scraper.jobs.look.settings import SettingData


class HolderData(TypedDict):
    """The run that holds the archive; what it did not say is null."""

    process: int | None
    verb: str | None
    run_id: str | None
    began_at: str | None


class PostsData(TypedDict):
    """How many posts there are, and of which kinds."""

    total: int
    status: dict[str, int]
    access: dict[str, int]


class CommentsData(TypedDict):
    """The comments; ``declared`` and ``captured_of_declared`` are those of the posts that declare a number."""

    captured: int
    deleted: int
    declared: int
    captured_of_declared: int


class CompletenessData(TypedDict):
    """How many posts have all comments that they declare, fewer, or declare no number."""

    whole: int
    short: int
    undeclared: int


class HostData(TypedDict):
    """What there is of one host."""

    host: str
    posts: int
    comments: int


class VisitsData(TypedDict):
    """The visits that ended: all, those that no record was made of yet, those that gave none, those whose run is not judged."""

    kept: int
    unread: int
    rejected: int
    unjudged: int


class RunData(TypedDict):
    """A run; ``ended`` is completed, broken off, or killed."""

    run_id: str
    verb: str
    began_at: str
    ended_at: str | None
    ended: str
    exit_code: int | None
    reason: str | None
    counts: Mapping[str, int]
    requests: int
    bytes: int


class PublicationData(TypedDict):
    """The last publication that succeeded."""

    repo: str
    at: str


class DueData(TypedDict):
    """What a refresh would visit: how many of the ``visited`` posts are due, when the next is, which lists are followed."""

    posts: int
    visited: int
    next_at: str | None
    followed: list[str]


class HeldRunData(TypedDict):
    """A run that is held back by drift."""

    site: str
    run_id: str
    began_at: str | None
    posts: int
    reason: str


class TakedownsData(TypedDict):
    """The ids whose takedown is not complete, and how many tombstones there are."""

    pending: list[str]
    is_pending: bool
    tombstones: int


class StatusData(TypedDict):
    """What ``postkeep status --json`` gives as ``data``."""

    archive: str
    shard: str | None
    key: str | None
    is_writable: bool
    held_by: HolderData | None
    posts: PostsData
    comments: CommentsData
    completeness: CompletenessData
    hosts: list[HostData]
    visits: VisitsData
    last_run: RunData | None
    last_publication: PublicationData | None
    due: DueData
    held_back: list[HeldRunData]
    takedowns: TakedownsData
    bytes: dict[str, int]
    settings: list[SettingData]
    notes: list[str]
    next: list[str]
