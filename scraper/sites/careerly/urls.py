"""Careerly's URLs: which lead to a post, which to a person."""

import re
from dataclasses import dataclass
from typing import Final, Literal

from scraper.model.site import Claim
from scraper.model.url import parse_url

NAME: Final = "careerly"
HOST: Final = "careerly.co.kr"
API: Final = "https://v2.careerly.co.kr/api/v1"
HOSTS: Final = frozenset((HOST, f"www.{HOST}"))
API_HOST: Final = f"v2.{HOST}"

Kind = Literal["comments", "qnas", "posts"]

_PATH: Final = re.compile(r"/(?P<kind>comments|qnas|posts)/(?P<id>\d{1,18})/?")
_ID: Final = re.compile(r"\d{1,18}")
# What the address of a post has.
_LEADING: Final = ("comments/", "qnas/", "posts/", "community")
_API_PATH: Final = re.compile(
    r"/api/v1/(?:(?P<collection>posts|questions)/(?P<id>\d{1,18})(?P<answers>/answers)?/?|(?P<comments>comments)/?)"
)
_PROFILE: Final = re.compile(
    r"(?:https?://(?:www\.)?careerly\.co\.kr)?/profiles?/(?P<id>[A-Za-z0-9_-]{1,40})(?:[/?#]|\Z)"
)


@dataclass(frozen=True, slots=True)
class PostRef:
    """A post by the kind of its page and its id there; implements ``discussion.conventions.PostReference``."""

    kind: Kind
    number: str

    @property
    def url(self) -> str:
        """The canonical URL."""
        return f"https://{HOST}/{self.kind}/{self.number}"

    @property
    def is_question(self) -> bool:
        """Whether the post is a question, its top-level comments answers."""
        return self.kind == "qnas"

    @property
    def claim(self) -> Claim:
        """The claim on this post."""
        return Claim(f"{NAME}:{self.kind}-{self.number}", self.url)


@dataclass(frozen=True, slots=True)
class ApiRef:
    """What an API URL answers with: ``what`` of the post ``number``, page ``page`` of it."""

    what: Literal["post", "question", "answers", "comments"]
    number: str
    page: int = 1


def post_ref(url: str) -> PostRef | None:
    """The post that a page URL leads to; None for every other URL, profiles and lists among them."""
    parsed = parse_url(url)
    if parsed is None or parsed.host not in HOSTS:
        return None
    match = _PATH.fullmatch(parsed.path)
    if match:
        return _ref(match["kind"], match["id"])
    if parsed.path.rstrip("/") == "/community":
        for parameter, kind in (("post", "posts"), ("qna", "qnas")):
            number = parsed.parameter(parameter) or ""
            if _ID.fullmatch(number):
                return _ref(kind, number)
    return None


def _ref(kind: str, number: str) -> PostRef:
    kinds: dict[str, Kind] = {"comments": "comments", "qnas": "qnas", "posts": "posts"}
    return PostRef(kinds[kind], str(int(number)))


def api_ref(url: str) -> ApiRef | None:
    """What an API URL asks for; None for every other URL."""
    parsed = parse_url(url)
    match = _API_PATH.fullmatch(parsed.path) if parsed and parsed.host == API_HOST else None
    if parsed is None or match is None:
        return None
    page = parsed.parameter("page") or "1"
    number = match["id"] or parsed.parameter("postId") or ""
    if not _ID.fullmatch(page) or not _ID.fullmatch(number):
        return None
    if match["comments"]:
        return ApiRef("comments", str(int(number)), int(page))
    if match["answers"]:
        return ApiRef("answers", str(int(number)), int(page)) if match["collection"] == "questions" else None
    return ApiRef("post" if match["collection"] == "posts" else "question", str(int(number)))


def profile_id(href: str | None) -> str | None:
    """The profile id that a link names; None where it leads elsewhere."""
    match = _PROFILE.match(href or "")
    return match["id"] if match else None


def linked_post(href: str | None) -> PostRef | None:
    """The post that a link on one of Careerly's pages leads to; relative links count as the site's own."""
    if not href or not any(name in href for name in _LEADING):
        return None
    return post_ref(f"https://{HOST}{href}" if href.startswith("/") and not href.startswith("//") else href)
