"""The main job over real sockets: every post of the replica is crawled, archived, read and exported exactly."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from scraper.jobs.crawl.job import crawl
from scraper.jobs.extract.anew import extract
from scraper.records.people import Pseudonyms
from tests.clock import VirtualClock
from tests.jobs.rows import Rows, exported_rows
from tests.jobs.workplaces import KEY, workplace_at
from tests.replica.content import Generation, ReplicaPost, load_community
from tests.replica.expected import Layout, expected_comments, expected_post, layout_of, post_id
from tests.replica.server import Failure, Replica

COMMUNITY = load_community()
# The replica's people write one kind of address.
ADDRESS = re.compile(r"[\w.]+@example\.com")
Row = dict[str, Any]


def cases() -> list[tuple[ReplicaPost, Generation, Layout]]:
    """Every post in every generation of the site that shows it."""
    return [
        (post, generation, "v2-api" if generation == "v2" else layout_of(post))
        for post in COMMUNITY.posts
        for generation in sorted(post.generations)
        if not (post.deleted and generation == "v1")
    ]


CASES = cases()
IDS = [f"{post_id(post, layout)}-{layout}" for post, _, layout in CASES]


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Rows:
    folder = tmp_path_factory.mktemp("crawl")
    with Replica() as replica:
        workplace = workplace_at(folder / "archive", VirtualClock(), replica)
        report = crawl([post.url(generation) for post, generation, _ in CASES], workplace)
        assert report.counts()["done"] == len(CASES), report.items
        assert not replica.violations
    return exported_rows(workplace, folder / "dataset")


def pseudonym(profile: object) -> str | None:
    return None if profile is None else Pseudonyms(KEY).author_id("careerly", "id", str(profile))


@pytest.mark.parametrize(("post", "generation", "layout"), CASES, ids=IDS)
def test_a_post_is_exact(crawled: Rows, post: ReplicaPost, generation: Generation, layout: Layout) -> None:
    rows = [row for row in crawled["posts"] if row["post_id"] == post_id(post, layout)]
    assert [mismatches(row, expected_post(post, layout)) for row in rows] == [{}]
    assert rows[0]["captured_at_basis"] == "observed"


@pytest.mark.parametrize(("post", "generation", "layout"), CASES, ids=IDS)
def test_its_comments_are_exact(
    crawled: Rows, post: ReplicaPost, generation: Generation, layout: Layout
) -> None:
    rows = [row for row in crawled["comments"] if row["post_id"] == post_id(post, layout)]
    positions = {row["comment_id"]: row["position"] for row in rows}
    given = [{**row, "parent": positions.get(row["parent_id"])} for row in rows]
    wanted = expected_comments(post, layout)
    assert [mismatches(row, expected) for row, expected in zip(given, wanted, strict=True)] == [{}] * len(
        wanted
    )


def mismatches(given: Mapping[str, Any], wanted: Row) -> Row:
    """The columns in which a row is not what a perfect reader gives after pseudonyms and scrubbing, both values beside."""
    columns = {
        key: ADDRESS.sub("⟨email⟩", value) if key == "text" and value else value
        for key, value in wanted.items()
    }
    if "author" in columns:
        columns["author_id"] = pseudonym(columns.pop("author"))
    if "native_id" in columns:
        native_id = columns.pop("native_id")
        columns["comment_id_basis"] = "site" if native_id else "derived"
        if native_id:
            columns["comment_id"] = f"{given['post_id']}#{native_id}"
    return {key: (given[key], value) for key, value in columns.items() if given[key] != value}


@pytest.mark.thorough
def test_rebuilding_from_the_archive_gives_the_same_bytes(tmp_path: Path) -> None:
    with Replica() as replica:
        workplace = workplace_at(tmp_path / "archive", VirtualClock(), replica)
        crawl([post.url("v2") for post in COMMUNITY.newest("post", "v2")[:3]], workplace)
    first = exported_bytes(workplace, tmp_path / "first")
    (workplace.folder / "records.sqlite").unlink()
    extract(workplace)
    assert exported_bytes(workplace, tmp_path / "second") == first


def exported_bytes(workplace: Any, folder: Path) -> dict[str, bytes]:
    exported_rows(workplace, folder)
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_chunk_framing_is_in_the_warc_as_it_crossed_the_wire(tmp_path: Path) -> None:
    with Replica() as replica:
        workplace = workplace_at(tmp_path / "archive", VirtualClock(), replica)
        crawl(["https://careerly.co.kr/comments/70991"], workplace)
    (warc,) = (workplace.folder / "warc").glob("*.warc.gz")
    with warc.open("rb") as stream:
        for record in ArchiveIterator(stream, no_record_parse=True):
            if record.rec_type == "response" and record.rec_headers["WARC-Target-URI"].endswith(
                "/comments/70991"
            ):
                head, _, body = record.raw_stream.read().partition(b"\r\n\r\n")
                assert b"transfer-encoding: chunked" in head.lower()
                assert body.startswith(b"1000\r\n")
                assert body.endswith(b"\r\n0\r\n\r\n")
                return
    pytest.fail("the page is not in the WARC file")


def test_a_crawl_started_again_after_its_end_visits_again(tmp_path: Path) -> None:
    url = "https://careerly.co.kr/posts/73002"
    with Replica() as replica:
        workplace = workplace_at(tmp_path / "archive", VirtualClock(), replica)
        crawl([url], workplace)
        before = len(replica.log)
        crawl([url], workplace)
        assert len(replica.log) > before


def test_a_page_that_fails_for_now_fails_alone(tmp_path: Path) -> None:
    faults = {"/comments/70991": [Failure(503)] * 9}
    with Replica(faults=faults) as replica:
        workplace = workplace_at(tmp_path / "archive", VirtualClock(), replica)
        report = crawl(
            ["https://careerly.co.kr/comments/70991", "https://careerly.co.kr/posts/73002"], workplace
        )
    assert [item.outcome for item in report.items] == ["failed", "done"]
    assert report.exit_code == 1
