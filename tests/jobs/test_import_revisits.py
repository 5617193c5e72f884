"""Revisits in other people's WARC files: what they refer to is found in the files at hand, or they are said."""

import gzip
import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scraper.archive.check import check
from scraper.archive.read import open_to_read
from scraper.archive.repair import repair
from scraper.archive.state import STATE_FILE
from scraper.jobs.imports.selection import Selection
from scraper.jobs.workplace import Workplace
from tests.archive.judge import warcio_complaints
from tests.archive.making import NOON, exchange, keep_visit, open_archive, warc_files
from tests.jobs.captures import visits
from tests.jobs.crawl_file import CrawlFile, digest, import_of
from tests.jobs.mementos import POST, page, v2_captures

THEN, LATER = "2022-11-08T00:00:00Z", "2023-02-01T12:00:00Z"
BY_ID = ("WARC-Refers-To: <urn:uuid:theirs-1>",)
BY_URI = (f"WARC-Refers-To-Target-URI: {POST}", f"WARC-Refers-To-Date: {THEN}")
BY_DIGEST = (f"WARC-Payload-Digest: {digest(page())}",)


def originals(prefix: str = "theirs-") -> CrawlFile:
    file = CrawlFile(prefix)
    file.add(POST, page(), THEN)
    return file


@pytest.mark.parametrize("says", [BY_ID, BY_URI, BY_DIGEST, BY_ID + BY_URI + BY_DIGEST])
@pytest.mark.parametrize(
    ("profile", "status"), [("identical-payload-digest", 200), ("server-not-modified", 304)]
)
@pytest.mark.parametrize("in_files", [("both",), ("original", "revisit"), ("revisit", "original")])
def test_a_revisit_becomes_a_visit_with_the_body_of_its_original(
    says: tuple[str, ...],
    profile: str,
    status: int,
    in_files: tuple[str, ...],
    workplace: Workplace,
    tmp_path: Path,
) -> None:
    both = originals()
    other = CrawlFile("other-")
    for file in (both, other):
        file.add_revisit(POST, LATER, *says, profile=profile, status=status)
    files = {"both": both, "original": originals(), "revisit": other}
    report = import_of(workplace, *(files[name].write(tmp_path / f"{name}.warc.gz") for name in in_files))
    assert [(item.outcome, item.post_id) for item in report.items if item.target == POST] == [
        ("done", "careerly:comments-70991")
    ] * 2
    first, again = (visit.captures[0] for visit in visits(workplace))
    assert (again.body, again.status, again.payload_digest) == (first.body, 200, first.payload_digest)
    assert (again.captured_at, again.captured_at_basis) == (datetime(2023, 2, 1, 12, tzinfo=UTC), "asserted")
    assert again.media_type == "text/html"
    assert check(workplace.folder) == []
    assert warcio_complaints(*warc_files(workplace.folder)) == ""


def test_a_revisit_without_a_block_has_the_answer_of_its_original(
    workplace: Workplace, tmp_path: Path
) -> None:
    file = originals()
    file.add_revisit(POST, LATER, *BY_ID, block=b"")
    assert import_of(workplace, file.write(tmp_path / "a.warc.gz")).exit_code == 0
    first, again = (visit.captures[0] for visit in visits(workplace))
    assert (again.body, again.status, again.headers) == (first.body, 200, first.headers)


@pytest.mark.parametrize(
    "says",
    [
        ("WARC-Refers-To: <urn:uuid:nowhere>",),
        (f"WARC-Refers-To-Target-URI: {POST}", "WARC-Refers-To-Date: 2021-01-01T00:00:00Z"),
        ("WARC-Payload-Digest: sha1:AAAA",),
        (*BY_ID, "WARC-Payload-Digest: sha1:AAAA"),
        (),
    ],
)
def test_one_whose_original_is_not_there_is_said_and_the_rest_is_taken_in(
    says: tuple[str, ...], workplace: Workplace, tmp_path: Path
) -> None:
    file = originals()
    file.add_revisit(POST, LATER, *says)
    report = import_of(workplace, file.write(tmp_path / "a.warc.gz"))
    assert [item.outcome for item in report.items] == ["done", "failed"]
    reason = str(report.items[1].reason)
    assert "a.warc.gz: the revisit at byte" in reason
    assert "which is in none of the files that are at hand. Name the file" in reason
    assert len(visits(workplace)) == 1


def test_a_revisit_of_a_revisit_is_followed_and_one_of_itself_is_said(
    workplace: Workplace, tmp_path: Path
) -> None:
    file = originals()
    file.add_revisit(POST, LATER, *BY_ID)
    file.add_revisit(POST, "2023-03-01T00:00:00Z", "WARC-Refers-To: <urn:uuid:theirs-2>")
    file.add_revisit(POST, "2023-04-01T00:00:00Z", "WARC-Refers-To: <urn:uuid:theirs-4>")
    report = import_of(workplace, file.write(tmp_path / "a.warc.gz"))
    assert [item.outcome for item in report.items] == ["done", "done", "done", "failed"]
    assert len({visit.captures[0].body for visit in visits(workplace)}) == 1


@pytest.mark.parametrize("says", [BY_ID, BY_URI])
@pytest.mark.parametrize("stated", [digest(b""), f"sha256:{hashlib.sha256().hexdigest()}"])
@pytest.mark.parametrize("is_apart", [True, False])
def test_the_digest_of_the_body_that_an_answer_304_does_not_have_says_nothing_of_its_original(
    says: tuple[str, ...], stated: str, is_apart: bool, workplace: Workplace, tmp_path: Path
) -> None:
    file = originals()
    later = CrawlFile("later-") if is_apart else file
    later.add_revisit(
        POST, LATER, *says, f"WARC-Payload-Digest: {stated}", profile="server-not-modified", status=304
    )
    files = [each.write(tmp_path / f"{number}.warc.gz") for number, each in enumerate({file: 0, later: 0})]
    report = import_of(workplace, *files)
    assert [item.outcome for item in report.items if item.target == POST] == ["done"] * 2
    assert len({visit.captures[0].body for visit in visits(workplace)}) == 1


def test_what_has_another_digest_than_a_revisit_states_is_not_its_original(
    workplace: Workplace, tmp_path: Path
) -> None:
    file = originals()
    file.add_revisit(POST, LATER, *BY_URI, f"WARC-Payload-Digest: {digest(b'another page')}")
    report = import_of(workplace, file.write(tmp_path / "a.warc.gz"))
    assert [item.outcome for item in report.items if item.target == POST] == ["done", "failed"]


@pytest.mark.parametrize(
    "says",
    [
        # A record that has the moment to which it refers itself, and a fraction of a second behind that of its original.
        (f"WARC-Refers-To-Target-URI: {POST}", f"WARC-Refers-To-Date: {LATER}"),
        # Another revisit, which leads nowhere.
        ("WARC-Refers-To: <urn:uuid:lost-1>", *BY_URI),
        ("WARC-Refers-To: <urn:uuid:lost-1>", *BY_DIGEST),
        ("WARC-Refers-To: <urn:uuid:gone-1>", *BY_DIGEST),
    ],
)
def test_any_way_that_leads_to_the_original_does(
    says: tuple[str, ...], workplace: Workplace, tmp_path: Path
) -> None:
    file, lost = originals(), CrawlFile("lost-")
    file.add(POST, page(), LATER.replace("Z", ".5Z"))
    file.add_revisit(POST, LATER, *says)
    lost.add_revisit(POST, "2024-02-01T12:00:00Z", "WARC-Refers-To: <urn:uuid:nowhere>")
    report = import_of(workplace, file.write(tmp_path / "a.warc.gz"), lost.write(tmp_path / "b.warc"))
    told = [item for item in report.items if item.target == POST]
    assert [item.outcome for item in told] == ["done", "done", "done", "failed"]


def test_what_a_post_needs_may_be_a_revisit_in_another_file(workplace: Workplace, tmp_path: Path) -> None:
    pages, answers = CrawlFile("pages-"), CrawlFile("answers-")
    for number, capture in enumerate(v2_captures("20251201000000"), start=1):
        answers.add(capture.url, capture.body, "2025-12-01T00:00:00Z", capture.status, capture.headers)
        says = f"WARC-Refers-To: <urn:uuid:answers-{number}>"
        pages.add_revisit(
            capture.url, "2026-01-01T00:00:00Z", says, headers=capture.headers, status=capture.status
        )
    files = [pages.write(tmp_path / "pages.warc.gz"), answers.write(tmp_path / "answers.warc.gz")]
    assert import_of(workplace, *files).exit_code == 0
    first, again = visits(workplace)
    assert [capture.url for capture in first.captures] == [capture.url for capture in again.captures]
    assert {capture.captured_at.year for capture in again.captures if capture.captured_at} == {2026}
    assert [capture.body for capture in first.captures] == [capture.body for capture in again.captures]


def test_an_original_that_was_not_chosen_is_kept_for_its_payload_and_becomes_a_visit_when_it_is(
    workplace: Workplace, tmp_path: Path
) -> None:
    file = originals()
    file.add_revisit(POST, LATER, *BY_ID)
    path = file.write(tmp_path / "a.warc.gz")
    assert (
        import_of(workplace, path, selection=Selection(since=datetime(2023, 1, 1, tzinfo=UTC))).exit_code == 0
    )
    assert [visit.captured_at for visit in visits(workplace)] == [datetime(2023, 2, 1, 12, tzinfo=UTC)]
    assert [item.outcome for item in import_of(workplace, path).items] == ["done", "skipped"]
    assert [item.outcome for item in import_of(workplace, path).items] == ["skipped", "skipped"]
    assert len(visits(workplace)) == 2
    assert sum(b"WARC-Type: response" in data for data in _members(workplace.folder)) == 1
    assert check(workplace.folder) == []


def test_the_archive_may_have_the_original_already(workplace: Workplace, tmp_path: Path) -> None:
    assert import_of(workplace, originals().write(tmp_path / "a.warc.gz")).exit_code == 0
    later = CrawlFile("later-")
    later.add_revisit(POST, LATER, *BY_URI)
    later.add_revisit(
        POST, "2023-03-01T00:00:00Z", f"WARC-Refers-To-Target-URI: {POST}", f"WARC-Refers-To-Date: {LATER}"
    )
    assert import_of(workplace, later.write(tmp_path / "b.warc.gz")).exit_code == 0
    assert len({visit.captures[0].body for visit in visits(workplace)}) == 1
    assert len(visits(workplace)) == 3


def test_revisits_of_our_own_are_taken_into_another_archive_as_they_are(
    workplace: Workplace, tmp_path: Path
) -> None:
    tagged = (("Content-Type", "text/html; charset=utf-8"), ("ETag", '"a"'))
    with open_archive(tmp_path / "ours") as archive:
        keep_visit(archive, POST, exchange(POST, page(), headers=tagged))
        unchanged = exchange(POST, b"", headers=(("ETag", '"a"'),), status=304, at=NOON.replace(day=6))
        keep_visit(archive, POST, unchanged)
        keep_visit(archive, POST, exchange(POST, page(), headers=tagged, at=NOON.replace(day=7)))
    with open_to_read(tmp_path / "ours") as archive:
        before = [capture for visit in archive.visits() for capture in visit.captures]
    assert import_of(workplace, *warc_files(tmp_path / "ours")).exit_code == 0
    after = [capture for visit in visits(workplace) for capture in visit.captures]
    assert [(c.url, c.body, c.status, c.headers, c.captured_at, c.payload_digest) for c in after] == [
        (c.url, c.body, c.status, c.headers, c.captured_at, c.payload_digest) for c in before
    ]


def test_the_index_of_imported_revisits_is_rebuilt_from_the_files(
    workplace: Workplace, tmp_path: Path
) -> None:
    file = originals()
    file.add_revisit(POST, LATER, *BY_ID)
    import_of(workplace, file.write(tmp_path / "a.warc.gz"))
    before = visits(workplace)
    for path in workplace.folder.glob(f"{STATE_FILE}*"):
        path.unlink()
    assert repair(workplace.folder, NOON).left == ()
    assert visits(workplace) == before


def _members(folder: Path) -> list[bytes]:
    return [
        part
        for path in warc_files(folder)
        for part in gzip.decompress(path.read_bytes()).split(b"WARC/1.1\r\n")
    ]


def test_revisits_that_refer_to_each_other_are_said_to_lead_nowhere(
    workplace: Workplace, tmp_path: Path
) -> None:
    file = CrawlFile("theirs-")
    file.add_revisit(POST, LATER, "WARC-Refers-To: <urn:uuid:theirs-2>")
    file.add_revisit(POST, "2023-03-01T12:00:00Z", "WARC-Refers-To: <urn:uuid:theirs-1>")
    report = import_of(workplace, file.write(tmp_path / "a.warc.gz"))
    reasons = [item.reason or "" for item in report.items if item.target == POST]
    assert len(reasons) == 2
    assert all("is a revisit too" in reason for reason in reasons)
