"""Exchanges and archives of our own making, for the archive's tests."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from scraper.archive.archive import Archive
from scraper.archive.disk import Disk
from scraper.archive.read import ArchiveReader
from scraper.model.exchange import Exchange, Headers, Request
from scraper.model.stores import Clock
from tests.clock import VirtualClock

WARCINFO = {"software": "postkeep/test", "operator": "crawler@example.org", "robots": "RFC 9309"}
NOON = datetime(2026, 1, 5, 12, 0, 0, 123456, tzinfo=UTC)
POST = "https://careerly.co.kr/comments/1"


def counted_ids(first: int = 1) -> Callable[[], UUID]:
    """Ids that count up, so that a run can be repeated to the same bytes."""
    numbers = iter(range(first, 1 << 60))
    return lambda: UUID(int=next(numbers))


def open_archive(
    folder: Path, clock: Clock | None = None, disk: Disk | None = None, part_size: int = 1_000_000
) -> Archive:
    """An archive open for writing, made where it is missing."""
    Archive.create(folder)
    return Archive.open(
        folder, clock=clock or VirtualClock(), warcinfo=WARCINFO, disk=disk, part_size=part_size
    )


def exchange(
    url: str = POST,
    body: bytes = "<p>첫 글입니다.</p>".encode(),
    *,
    headers: Headers = (("Content-Type", "text/html; charset=utf-8"),),
    status: int = 200,
    framed: bytes | None = None,
    at: datetime = NOON,
) -> Exchange:
    """An exchange as it would come off the wire; ``framed`` is the body with its chunk framing."""
    lines = [f"HTTP/1.1 {status} OK", *(f"{name}: {value}" for name, value in headers)]
    return Exchange(
        request=Request(url, (("Accept", "text/html"),)),
        status=status,
        headers=headers,
        request_wire=b"GET / HTTP/1.1\r\nHost: careerly.co.kr\r\nAccept: text/html\r\n\r\n",
        head="\r\n".join([*lines, "", ""]).encode("latin-1"),
        body=body if framed is None else framed,
        payload=body,
        started_at=at,
        elapsed=0.25,
        from_wire=True,
        server_address="127.0.0.1",
    )


def keep_visit(archive: Archive, url: str = POST, *exchanges: Exchange) -> str:
    """One visit from beginning to end; gives its id."""
    visit_id = archive.begin_visit(url, "careerly")
    for kept in exchanges or (exchange(url),):
        archive.keep(kept, visit_id)
    archive.end_visit(visit_id, whole=True)
    return visit_id


def bodies(archive: ArchiveReader) -> list[tuple[str, list[bytes]]]:
    """Each ended visit's URL with the bodies of its captures."""
    return [(visit.url, [capture.body for capture in visit.captures]) for visit in archive.visits()]


def warc_files(folder: Path) -> list[Path]:
    """The archive's WARC files."""
    return sorted((folder / "warc").iterdir())
