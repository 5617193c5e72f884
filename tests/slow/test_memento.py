"""Posts come back out of a real pywb as they would out of the WARC files that it serves."""

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from scraper.records.contract import Row
from scraper.records.store import Records
from tests.commands import FAST_HOSTS, postkeep, postkeep_json
from tests.replica.content import Community, ReplicaPost, load_community
from tests.replica.routes import Deployment
from tests.replica.server import Replica
from tests.slow.pywb import COLLECTION, needs_pywb, serving

TARGETS = (
    "https://careerly.co.kr/comments/70991",
    "https://careerly.co.kr/comments/71204",
    "https://careerly.co.kr/posts/73002",
    "https://careerly.co.kr/qnas/5210",
)
EDITED = 70991
EVERYTHING = "https://careerly.co.kr/*"
# pywb is ours too, and nobody waits for it.
FAST_PYWB = '\n[host."127.0.0.1"]\ndelay = 0\n'
# What differs between a capture out of a file and the same capture out of a web archive.
TIMES = {"captured_at", "counts_observed_at", "first_seen", "observed_at", "status_at"}
PLACES = {"captured_at_basis", "warc_record_id"}

pytestmark = [pytest.mark.slow, needs_pywb]

Rows = dict[str, list[Row]]


def edited(post: ReplicaPost) -> ReplicaPost:
    if post.id != EDITED:
        return replace(post, views=post.views + 1)
    return replace(post, text=post.text + "\n\n덧붙임: 나중에 고쳤습니다.", views=post.views + 500)


def generations() -> Iterator[Community]:
    """The site at each crawl: as it was, edited, and edited without any further change."""
    first = load_community()
    second = Community(tuple(edited(post) for post in first.posts))
    yield from (first, second, second)


@pytest.fixture(scope="module")
def warcs(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The WARC files of three crawls, one after the other."""
    folder = tmp_path_factory.mktemp("crawls")
    with Replica() as replica:
        for number, community in enumerate(generations()):
            replica.deployment = Deployment(community=community)
            archive = prepared(folder / str(number))
            postkeep("crawl", *TARGETS, "--archive", str(archive), replica=replica)
            for warc in (archive / "warc").iterdir():
                shutil.copy(warc, folder / f"{number}.warc.gz")
    return sorted(folder.glob("*.warc.gz"))


@pytest.fixture(scope="module")
def cdx_server(warcs: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(tmp_path_factory.mktemp("pywb"), warcs) as port:
        yield f"http://127.0.0.1:{port}/{COLLECTION}/cdx"


def prepared(folder: Path) -> Path:
    postkeep("init", str(folder), "--contact", "test@example.org")
    with (folder / "postkeep.toml").open("a", encoding="utf-8") as settings:
        settings.write(FAST_HOSTS + FAST_PYWB)
    (folder / "pseudonym.key").write_bytes(b"k" * 32)
    (folder / "pseudonym.key").chmod(0o600)
    return folder


def from_pywb(cdx_server: str, archive: Path, *arguments: str) -> dict[str, Any]:
    target = ("--allow-host", "127.0.0.1", "--archive", str(archive))
    return postkeep_json("import", "--memento", cdx_server, *arguments, *target)


def rows(archive: Path) -> Rows:
    with Records.open_to_read(archive / "records.sqlite") as records:
        return {
            config: list(records.rows(config)) for config in ("posts", "comments", "metrics", "revisions")
        }


def without(dropped: set[str], table: Iterable[Row]) -> list[dict[str, Any]]:
    return [{key: value for key, value in row.items() if key not in dropped} for row in table]


def mementos(archive: Path) -> list[tuple[str, str]]:
    """The URL and the record id of each memento, read by a library that is not ours."""
    found = []
    for path in sorted((archive / "warc").iterdir()):
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream, check_digests="raise"):
                headers = record.rec_headers
                if record.rec_type == "response" and headers.get_header("WARC-Source-URI"):
                    assert headers.get_header("Postkeep-Memento-Datetime")
                    found.append((headers.get_header("WARC-Target-URI"), headers.get_header("WARC-Date")))
    return found


def test_a_web_archive_gives_what_its_warc_files_give(
    warcs: list[Path], cdx_server: str, tmp_path: Path
) -> None:
    local, remote = prepared(tmp_path / "local"), prepared(tmp_path / "remote")
    postkeep("import", *map(str, warcs), "--archive", str(local))
    report = from_pywb(cdx_server, remote, EVERYTHING)
    expected, found = rows(local), rows(remote)
    for config, table in expected.items():
        assert without(TIMES | PLACES, found[config]) == without(TIMES | PLACES, table), config
    for theirs, ours in zip(expected["metrics"], found["metrics"], strict=True):
        apart = abs(instant(theirs["observed_at"]) - instant(ours["observed_at"]))
        assert apart < timedelta(seconds=2)
    assert report["counts"]["failed"] == 0
    assert len(found["posts"]) == len(TARGETS)
    assert {row["captured_at_basis"] for row in found["posts"]} == {"memento"}


def test_a_post_captured_three_times_is_one_post_with_its_history(cdx_server: str, tmp_path: Path) -> None:
    archive = prepared(tmp_path / "archive")
    from_pywb(cdx_server, archive, TARGETS[0])
    found = rows(archive)
    (post,) = found["posts"]
    before = next(post for post in load_community().posts if post.id == EDITED)
    assert [row["views"] for row in found["metrics"]] == [before.views, before.views + 500]
    texts = [
        row["text"] for row in found["revisions"] if row["field"] == "text" and row["item_type"] == "post"
    ]
    assert len(texts) == 2
    assert texts[1].endswith("나중에 고쳤습니다.")
    assert post["text"] == texts[1]


def test_the_same_command_again_adds_no_capture(cdx_server: str, tmp_path: Path) -> None:
    archive = prepared(tmp_path / "archive")
    from_pywb(cdx_server, archive, EVERYTHING)
    once, first = mementos(archive), rows(archive)
    assert len(once) == len(set(once))
    report = from_pywb(cdx_server, archive, EVERYTHING)
    assert mementos(archive) == once
    assert rows(archive) == first
    assert report["counts"]["done"] == 0
    postkeep("check", "--archive", str(archive))


def instant(value: object) -> datetime:
    assert isinstance(value, datetime | str)
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)
