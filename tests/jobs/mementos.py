"""Captures of the replica in a web archive, and what an import of them left behind."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from warcio.archiveiterator import ArchiveIterator

from scraper.archive.archive import Archive
from scraper.archive.read import ArchiveReader, open_to_read
from scraper.jobs.imports.selection import Selection
from scraper.jobs.mementos.job import import_mementos
from scraper.jobs.workplace import Workplace
from scraper.model.outcome import Report
from scraper.records.contract import Row
from scraper.records.store import Records
from tests.fixtures.pages import v1_page, v1_post
from tests.jobs.web_archive import Stored, WebArchive
from tests.replica import v2
from tests.replica.content import Community, load_community
from tests.replica.routes import Deployment, answer

POST: Final = "https://careerly.co.kr/comments/70991"
PREFIX: Final = "https://careerly.co.kr/comments/*"
SITE: Final = "https://careerly.co.kr"
TIMES: Final = ("20221108000000", "20230301120000", "20240501120000")


def page(text: str | None = None, views: int | None = None) -> bytes:
    """The page of POST, edited so."""
    post = v1_post(70991)
    return v1_page(70991, text=text or post.text, views=views or post.views).encode()


def three_captures() -> list[Stored]:
    return [
        Stored(POST, TIMES[0], page(views=100)),
        Stored(POST, TIMES[1], page(text="고쳐 쓴 글입니다.", views=200)),
        Stored(POST, TIMES[2], page(text="고쳐 쓴 글입니다.", views=200)),
    ]


def v2_captures(timestamp: str, community: Community | None = None) -> list[Stored]:
    """All that a crawl of a V2 post captures: the redirect, the shell, the API's answers."""
    deployment = Deployment(community=community or load_community())
    captures = []
    for host, target in (
        ("careerly.co.kr", "/posts/73002"),
        ("careerly.co.kr", "/community?post=73002"),
        (v2.API_HOST, "/api/v1/posts/73002/"),
        (v2.API_HOST, "/api/v1/comments/?postId=73002&page=1"),
    ):
        found = answer(deployment, "GET", host, target, ())
        headers = tuple((name.title(), value) for name, value in found.headers)
        url = f"https://{host}{target}"
        captures.append(Stored(url, timestamp, found.body, found.status, headers))
    return captures


def taken(
    archive: WebArchive, workplace: Workplace, *targets: str, selection: Selection | None = None
) -> Report:
    return import_mementos(archive.cdx_server, targets or (POST,), workplace, selection or Selection())


def rows(workplace: Workplace, config: str) -> list[Row]:
    with Records.open_to_read(workplace.folder / "records.sqlite") as records:
        return list(records.rows(config))


@contextmanager
def kept(workplace: Workplace) -> Iterator[ArchiveReader]:
    with open_to_read(workplace.folder) as archive:
        yield archive


@contextmanager
def opened(workplace: Workplace) -> Iterator[Archive]:
    Archive.create(workplace.folder)
    with Archive.open(workplace.folder, clock=workplace.clock, warcinfo=workplace.warcinfo()) as archive:
        yield archive


def mementos(workplace: Workplace) -> list[dict[str, str]]:
    """The fields of each record that came from a web archive, read by a library that is not ours."""
    found: list[dict[str, str]] = []
    for path in sorted((workplace.folder / "warc").iterdir()):
        with path.open("rb") as stream:
            headers = (record.rec_headers for record in ArchiveIterator(stream, check_digests="raise"))
            found += [
                dict(each.headers)
                for each in headers
                if each.get_header("WARC-Type") == "response" and each.get_header("WARC-Source-URI")
            ]
    return found


def reasons(report: Report, outcome: str) -> list[str]:
    return [item.reason or "" for item in report.items if item.outcome == outcome]
