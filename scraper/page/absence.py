"""Whether a site says that a post is not there (any more), as against a site that has a bad day.

Said by a status (404 and 410, RFC 9110 sections 15.5.5 and 15.5.11), by a page of status 200 whose few words say so (a
"soft 404"), or by sending the reader from the post to a page for signing in. Everything else says nothing: an empty
page, an error page, a page about maintenance, an answer that was cut off, a login page at the post's own address.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from scraper.model.capture import Capture
from scraper.model.exchange import REDIRECT_STATUSES
from scraper.model.url import parse_url, resolve
from scraper.page.bounds import HostilePageError
from scraper.page.document import Document
from scraper.page.tree import opening_text, title_of

_MISSING: Final = re.compile(
    r"\b(?:404|not found|no longer (?:available|exists?|here)|(?:does not|doesn['’]t|did not) exist"
    r"|(?:has|have) been (?:deleted|removed)|was (?:deleted|removed))\b"
    r"|삭제(?:된|되었|됐|한|하신)|지워진|존재하지\s*않|찾을\s*수\s*없|없는\s*(?:페이지|게시물|게시글|글)",
    re.IGNORECASE,
)
# What a site says of itself, not of a post. It outweighs the other: "we could not find the server" is trouble.
_TROUBLE: Final = re.compile(
    r"\b(?:50[0-4]|maintenance|temporar(?:y|ily)|try again|too many requests|service unavailable|server error"
    r"|bad gateway|time-?out|overloaded|application error|captcha|access denied|forbidden)\b"
    r"|점검|일시적|잠시\s*(?:후|뒤)|다시\s*시도|접속자가?\s*많|원활하지|오류가\s*발생|서버\s*(?:오류|에러)",
    re.IGNORECASE,
)
_LOGIN_PATH: Final = re.compile(
    r"/(?:log[-_]?in|sign[-_]?in|sign[-_]?up|signup|auth|sessions?/new|wp-login\.php)(?:/|$)", re.IGNORECASE
)
# A page that says no more than that something is missing is short; a longer one talks about something.
_MOST_WORDS: Final = 700


@dataclass(frozen=True, slots=True)
class Absence:
    """What the site says of the post, the capture that says it, and a sentence."""

    status: Literal["gone", "withdrawn"]
    capture: Capture
    reason: str


# What a page says in so few words: that the post is missing, or that the site is in trouble.
Notice = Literal["missing", "trouble"]


def notice_of(document: Document) -> Notice | None:
    """What a page of status 200 says in its title or its few words; None where it says neither, or much else."""
    capture = document.capture
    if capture.status != 200 or capture.truncated is not None:
        return None
    return said_instead(document)


def said_instead(document: Document) -> Notice | None:
    """What a page says in its title or its few words, whatever its status was."""
    title, text = _words(document)
    if _TROUBLE.search(title) or (len(text) <= _MOST_WORDS and _TROUBLE.search(text)):
        return "trouble"
    is_missing = _MISSING.search(title) or (len(text) <= _MOST_WORDS and _MISSING.search(text))
    return "missing" if is_missing else None


def absence_in(captures: Sequence[Capture], notices: Mapping[str, Notice | None]) -> Absence | None:
    """What the captures of one visit say about the absence of its post; None where they do not say that it is absent.

    It is asked where no post could be read. The last answer decides: it is the one that a visit ended with. ``notices``
    are those of the pages by record id; the captures themselves may come without their bodies.
    """
    answers = [capture for capture in captures if capture.status not in REDIRECT_STATUSES]
    if not answers or answers[-1].truncated is not None:
        return None
    last = answers[-1]
    if last.status in {404, 410}:
        return Absence("gone", last, f"{last.url} answered with HTTP status {last.status}: the post is gone.")
    notice = notices.get(last.record_id)
    if last.status != 200 or notice == "trouble":
        return None
    if _was_sent_to_login(captures, last):
        return Absence("withdrawn", last, f"The post now leads to {last.url}, a page for signing in.")
    if notice == "missing":
        return Absence("gone", last, f"{last.url} shows a page that says that the post is not there.")
    return None


def _was_sent_to_login(captures: Sequence[Capture], last: Capture) -> bool:
    url = parse_url(last.url)
    if url is None or not _LOGIN_PATH.search(url.path):
        return False
    return any(
        capture.status in REDIRECT_STATUSES and resolve(capture.url, capture.location or "") == last.url
        for capture in captures
    )


def _words(document: Document) -> tuple[str, str]:
    """The title and the text of a page, as much of a long one as tells that it is; empty where it is none that can be read."""
    if document.capture.media_type not in {"text/html", "application/xhtml+xml"}:
        return "", ""
    try:
        text = opening_text(document.tree, document.text, _MOST_WORDS)
    except HostilePageError:
        return "", ""
    return title_of(document.tree) or "", text
