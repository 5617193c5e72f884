"""What the replica answers to a request: a pure function of a deployment, without sockets."""

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import format_datetime
from functools import lru_cache
from hashlib import sha256
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from tests.replica import boards, discourse, forum, ghost, lemmy, outage, plaza, unknown, v1, v2, wordpress
from tests.replica.content import SITE_HOST, Community, Kind, ReplicaPost, load_community
from tests.replica.wording import to_utc

HOSTS: Final = (
    SITE_HOST,
    f"www.{SITE_HOST}",
    v2.API_HOST,
    wordpress.HOST,
    forum.HOST,
    ghost.HOST,
    plaza.HOST,
    outage.HOST,
    *boards.HOSTS,
    *unknown.PLACES,
)

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class RobotsFile:
    """What ``/robots.txt`` of a host answers."""

    status: int = 200
    body: str = "User-agent: *\nAllow: /\nCrawl-delay: 0\n"


@dataclass(frozen=True)
class Deployment:
    """What is deployed: the community, the front end's build, and what the site says about crawling.

    ``robots`` and ``x_robots_tag`` are by host; a host that is not named has an allowing robots.txt and no tag.
    ``instead`` has answers that stand at a host and path in place of what belongs there. ``topics`` are those of the forum,
    and ``outage_at`` is the moment at which the topic about an outage is seen.
    """

    community: Community = field(default_factory=load_community)
    build: v1.Build = field(default_factory=v1.Build)
    robots: Mapping[str, RobotsFile] = field(default_factory=dict)
    x_robots_tag: Mapping[str, str] = field(default_factory=dict)
    instead: Mapping[tuple[str, str], "Answer"] = field(default_factory=dict)
    topics: tuple[forum.Topic, ...] = forum.TOPICS
    outage_at: outage.Moment = "hours in"


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer before it is framed; ``chunked`` asks for the chunked transfer coding."""

    status: int
    headers: Headers = ()
    body: bytes = b""
    chunked: bool = False


def answer(deployment: Deployment, method: str, host: str, target: str, headers: Headers) -> Answer:
    """The answer to one request; anything but GET is 405, an unknown host 421."""
    if host not in HOSTS:
        return _text(421, "Misdirected Request\n")
    if method != "GET":
        return Answer(405, (("allow", "GET"), ("content-type", "text/plain")), b"Method Not Allowed\n")
    parts = urlsplit(target)
    if parts.path == "/robots.txt":
        robots = deployment.robots.get(host, RobotsFile())
        return _text(robots.status, robots.body)
    if (host, parts.path) in deployment.instead:
        return deployment.instead[host, parts.path]
    if host == f"www.{SITE_HOST}":
        return _redirect(301, f"https://{SITE_HOST}{target}")
    query = dict(parse_qsl(parts.query))
    if host == v2.API_HOST:
        found = _api(deployment, parts.path, query, headers)
    else:
        found = _site(deployment, host, target)
    tag = deployment.x_robots_tag.get(host)
    tagged = (*found.headers, ("x-robots-tag", tag)) if tag else found.headers
    return _conditional(Answer(found.status, tagged, found.body, found.chunked), headers)


def _site(deployment: Deployment, host: str, target: str) -> Answer:
    parts = urlsplit(target)
    if host == wordpress.HOST:
        return _blog(parts.path, parts.query)
    if host in {*boards.HOSTS, ghost.HOST, plaza.HOST}:
        return _saved(host, target)
    if place := unknown.PLACES.get(host):
        return _unknown(place.page(parts.path, dict(parse_qsl(parts.query))))
    if host == forum.HOST:
        return _forum(parts.path, parts.query, deployment.topics)
    if host == outage.HOST:
        return _unknown(outage.page(deployment.outage_at) if parts.path == outage.PATH else None)
    return _page(deployment, parts.path)


def _blog(path: str, query: str) -> Answer:
    status, media_type, body = wordpress.page(path, query)
    if status == 301:
        return _redirect(301, body)
    return Answer(status, (("content-type", f"{media_type}; charset=UTF-8"),), body.encode(), chunked=True)


def _saved(host: str, target: str) -> Answer:
    if host == plaza.HOST:
        return _html(*plaza.page(target.partition("?")[0]))
    answer_of = {discourse.HOST: discourse.answer, lemmy.HOST: lemmy.answer}.get(host)
    if answer_of and (value := answer_of(*target.partition("?")[::2])) is not None:
        return Answer(200, (("content-type", "application/json"),), json.dumps(value).encode())
    if host != ghost.HOST:
        return _html(*boards.page(host, target))
    status, media_type, body = ghost.page(target)
    return Answer(status, (("content-type", media_type),), body)


def _forum(path: str, query: str, topics: tuple[forum.Topic, ...]) -> Answer:
    return _html(*forum.page(path, query, topics))


def _unknown(markup: str | None) -> Answer:
    return _html(404, "<p>No such page.</p>") if markup is None else _html(200, markup)


def _page(deployment: Deployment, path: str) -> Answer:
    match path.strip("/").split("/"):
        case [""] | ["trends"]:
            return _html(200, v1.listing_page(deployment.community, deployment.build))
        case ["community"]:
            return _html(200, v2.shell_page(deployment.build.id))
        case ["posts", number] if number.isdecimal():
            return _redirect(307, f"/community?post={number}")
        case ["comments" | "qnas" as folder, number] if number.isdecimal():
            return _v1_post(deployment, folder, int(number))
    return _html(404, v1.missing_page(deployment.build))


def _v1_post(deployment: Deployment, folder: str, number: int) -> Answer:
    community = deployment.community
    kind: Kind = "question" if folder == "qnas" else "post"
    if post := community.find(kind, number, "v1"):
        if not post.deleted:
            page = v1.post_page(community, post, deployment.build)
            return _html(200, page, _last_modified(post))
    elif kind == "question" and community.find(kind, number, "v2"):
        return _redirect(307, f"/community?qna={number}")
    return _html(404, v1.missing_page(deployment.build))


def _api(deployment: Deployment, path: str, query: dict[str, str], headers: Headers) -> Answer:
    found = v2.api(deployment.community, path, query)
    body = json.dumps(found.value, ensure_ascii=False, separators=(",", ":")).encode()
    content: Headers = (("content-type", "application/json"), ("vary", "Accept-Encoding"))
    if "gzip" in _header(headers, "accept-encoding"):
        return Answer(found.status, (*content, ("content-encoding", "gzip")), _gzip(body))
    return Answer(found.status, content, body)


def _conditional(found: Answer, headers: Headers) -> Answer:
    if found.status != 200:
        return found
    etag = f'W/"{sha256(found.body).hexdigest()[:16]}"'
    validated = (*found.headers, ("etag", etag))
    known = _header(headers, "if-none-match")
    unchanged = etag in known if known else _unmodified(validated, headers)
    if unchanged:
        kept = tuple(
            pair for pair in validated if pair[0] in {"etag", "last-modified", "vary", "x-robots-tag"}
        )
        return Answer(304, kept)
    return Answer(200, validated, found.body, found.chunked)


def _unmodified(answered: Headers, asked: Headers) -> bool:
    since = _header(asked, "if-modified-since")
    return bool(since) and since == _header(answered, "last-modified")


def _last_modified(post: ReplicaPost) -> Headers:
    changes = [post.at, post.edited or post.at]
    changes += [comment.edited or comment.at for comment in post.comments]
    return (("last-modified", format_datetime(to_utc(max(changes)), usegmt=True)),)


def _html(status: int, page: str, headers: Headers = ()) -> Answer:
    return Answer(
        status, (("content-type", "text/html; charset=utf-8"), *headers), page.encode(), chunked=True
    )


def _text(status: int, body: str) -> Answer:
    return Answer(status, (("content-type", "text/plain; charset=utf-8"),), body.encode())


def _redirect(status: int, location: str) -> Answer:
    return Answer(status, (("location", location),))


def _header(headers: Headers, name: str) -> str:
    return next((value for key, value in headers if key == name), "")


@lru_cache(maxsize=256)
def _gzip(body: bytes) -> bytes:
    return gzip.compress(body, mtime=0)
