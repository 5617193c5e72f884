"""What the owner of an archive decided, and what can never be read out of the captures again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

# tombstone: the subject was taken down and must not come back. drift-accepted: the site reads differently, and rightly so.
# as-public: signed-out readers see what the capture shows, although a person asked for it.
# shard: the archive is that shard of a crawl, such as 2/3.
DecisionKind = Literal["tombstone", "drift-accepted", "as-public", "shard"]


@dataclass(frozen=True, slots=True)
class Returned:
    """What has a tombstone and is shown again: its id today, and the id of the tombstone, which may be a former one."""

    id: str
    tombstone: str


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision. ``subject`` is the id that it is about: a post, a comment, an author, a site, a capture, a shard.

    ``at`` is in UTC; ``reason`` is the owner's words. A tombstone has no ``detail``: it keeps id, reason and time alone.
    """

    kind: DecisionKind
    subject: str
    at: datetime
    reason: str | None = None
    detail: Mapping[str, str | int | float | bool | None] = field(default_factory=dict)
