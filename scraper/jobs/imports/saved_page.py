"""A page that somebody saved, whatever held it, and the reasons why one is not had."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from scraper.archive.asking import Asked
from scraper.model.capture import CapturedAtBasis


@dataclass(frozen=True, slots=True)
class SavedPage:
    """A page out of a file.

    ``name`` is how people are told of it: the path of its file, or ``path:member``. ``body`` is as it stands in the file.
    ``url`` is where the page was and ``captured_at`` (UTC) when it was saved, as far as the file itself says it. HTML is looked
    into for its URL later; ``otherwise`` is what it was where the page does not say it, and ``misnamed`` says why there is
    none though the user asked the name of its file for it. ``asked`` says how its server was asked. ``decoded``: the body is
    text that another tool has decoded, and not the bytes that the server sent. ``is_come_upon``: it was one of many, and
    nobody named it.
    """

    name: str
    body: bytes
    media_type: str
    url: str | None = None
    captured_at: datetime | None = None
    basis: CapturedAtBasis = "unknown"
    asked: Asked = Asked()  # noqa: RUF009 - frozen
    decoded: bool = False
    otherwise: str | None = None
    misnamed: str | None = None
    is_come_upon: bool = False


@dataclass(frozen=True, slots=True)
class NotTaken:
    """A file, or a part of one, that gives no page, and why.

    ``skipped`` is what nobody would want as a page (a style sheet, an answer to a POST); what is ``failed`` may be a page
    that cannot be had as it is. ``name`` is as in ``SavedPage``; ``reason`` is a sentence, which for the skipped is the same for all
    of a kind, as they are counted by it.
    """

    name: str
    outcome: Literal["failed", "skipped"]
    reason: str
