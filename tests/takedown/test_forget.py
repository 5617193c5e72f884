"""What is taken down is nowhere any more, what others wrote is as it was, and nothing comes back."""

import json
import shutil
from collections import Counter
from pathlib import Path

import pytest

from scraper.archive.check import check
from scraper.archive.decisions import read_decisions
from scraper.archive.files import RECORDS_FILE
from scraper.archive.members import Damage, Member, scan
from scraper.archive.read import open_to_read
from scraper.archive.state import STATE_FILE
from scraper.errors import UsageError
from scraper.jobs.extract.anew import extract
from scraper.jobs.forget import forget
from scraper.jobs.imports.files import import_files
from scraper.jobs.publication.export import export
from scraper.jobs.workplace import Workplace
from scraper.model.outcome import Report
from scraper.records.contract import Row
from scraper.records.store import Records
from tests.archive.judge import warcio_complaints
from tests.archive.making import warc_files
from tests.replica import v1
from tests.replica.content import load_community
from tests.takedown.archives import community_archive, community_posts, keep_page, url_of, writing
from tests.takedown.searching import free_pages, places_of

REASON = "Asked by its author"


def rows(workplace: Workplace, config: str) -> list[Row]:
    with Records.open_to_read(workplace.folder / RECORDS_FILE) as records:
        return list(records.rows(config))


def told(report: Report) -> Counter[str]:
    return Counter(item.outcome for item in report.items)


def payload_digests(workplace: Workplace) -> dict[str, str]:
    """The payload digest of every capture, by its record id."""
    with open_to_read(workplace.folder) as archive:
        ids = [record_id for record_id, _, _ in archive.captures_with_visits()]
        return {record_id: archive.capture(record_id).payload_digest for record_id in ids}


def is_whole(workplace: Workplace) -> bool:
    return not check(workplace.folder) and not warcio_complaints(*warc_files(workplace.folder))


@pytest.mark.thorough
def test_a_post_is_nowhere_any_more(kept: Workplace, tmp_path: Path) -> None:
    post = max(community_posts(), key=lambda post: len(post.text))
    parts = [part for part in post.text.split("\n") if len(part) > 12][:5]
    comments = [comment.text.split("\n")[0] for comment in post.comments if len(comment.text) > 12]
    assert places_of(kept.folder, parts[0])
    before = payload_digests(kept)
    for aside in ("format-1", "damaged-20260105120000-0"):
        shutil.copyfile(kept.folder / STATE_FILE, kept.folder / f"{STATE_FILE}.{aside}")
    report = forget(url_of(post), kept, reason=REASON)
    assert report.items[0].outcome == "done"
    assert is_whole(kept)
    export(tmp_path / "dataset", kept)
    for folder in (kept.folder, tmp_path / "dataset"):
        assert places_of(folder, *parts, *comments, url_of(post), post.path("v1") + '"') == []
    assert not [row for row in rows(kept, "posts") if row["url"] == url_of(post)]
    after = payload_digests(kept)
    assert after.items() <= before.items() | {item for item in after.items() if item[0] not in before}
    assert len(before.keys() - after.keys()) == 2, "its page, and the listing that led to it"


@pytest.mark.thorough
def test_a_person_is_nowhere_any_more_and_the_others_are_as_they_were(
    kept: Workplace, tmp_path: Path
) -> None:
    written = Counter(
        comment.by.name for post in community_posts() for comment in post.comments if comment.by
    )
    posted = {post.by.name for post in community_posts() if post.by}
    name = next(name for name, _ in written.most_common() if name not in posted)
    hers = {row["comment_id"] for row in rows(kept, "comments") if row["author_name"] == name}
    others = [row for row in rows(kept, "comments") if row["comment_id"] not in hers]
    texts = [row["text"].split("\n")[0] for row in rows(kept, "comments") if row["comment_id"] in hers]
    assert len(hers) == written[name]
    forget(name, kept, reason=REASON)
    assert is_whole(kept)
    export(tmp_path / "dataset", kept)
    for folder in (kept.folder, tmp_path / "dataset"):
        assert places_of(folder, name, *(text for text in texts if len(text) > 8)) == []
    told_now = {
        row["comment_id"]: (row["text"], row["author_id"], row["likes"]) for row in rows(kept, "comments")
    }
    assert told_now == {row["comment_id"]: (row["text"], row["author_id"], row["likes"]) for row in others}
    assert len(rows(kept, "posts")) == len(community_posts())


def test_a_comment_goes_and_its_author_stays(kept: Workplace) -> None:
    thread = rows(kept, "comments")
    by_author = Counter(row["author_id"] for row in thread)
    gone = next(row for row in thread if by_author[row["author_id"]] > 1 and len(row["text"] or "") > 24)
    forget(gone["comment_id"], kept, reason=REASON)
    assert is_whole(kept)
    assert places_of(kept.folder, gone["text"].split("\n")[0]) == []
    now = {row["comment_id"]: row["text"] for row in rows(kept, "comments")}
    expected = {row["comment_id"]: row["text"] for row in thread if row is not gone}
    assert now == expected


def test_databases_and_ledger_hold_nothing_of_it(kept: Workplace) -> None:
    post = community_posts()[0]
    forget(url_of(post), kept, reason=REASON)
    for name in ("state.sqlite", "records.sqlite"):
        assert free_pages(kept.folder / name) == 0
        assert not (kept.folder / f"{name}-journal").exists()
    lines = [
        json.loads(line)
        for path in (kept.folder / "ledger").iterdir()
        for line in path.read_text().splitlines()
    ]
    hashed = [line for line in lines if line["url"].startswith("urn:postkeep:forgotten:")]
    assert [line["event"] for line in hashed] == ["request", "answer"]
    assert len({line["url"] for line in hashed}) == 1
    assert "payload_digest" not in hashed[1]["detail"]
    assert hashed[1]["detail"]["status"] == 200


def test_the_tombstone_keeps_id_reason_and_time_alone(kept: Workplace) -> None:
    forget(url_of(community_posts()[0]), kept, reason=REASON)
    (decision,) = read_decisions(kept.folder)
    assert (decision.kind, decision.reason, decision.detail) == ("tombstone", REASON, {})
    assert decision.at == kept.clock.now()


@pytest.mark.thorough
def test_a_dry_run_says_what_would_go_and_changes_nothing(kept: Workplace) -> None:
    before = {
        path: path.read_bytes()
        for path in kept.folder.rglob("*")
        if path.is_file() and "-" not in path.suffix
    }
    said = forget(url_of(community_posts()[0]), kept, reason=None, dry_run=True)
    for path, octets in before.items():
        assert path.name == RECORDS_FILE or path.read_bytes() == octets, path
    assert not read_decisions(kept.folder)
    done = forget(url_of(community_posts()[0]), kept, reason=REASON)
    assert said == done


def test_a_dry_run_lists_ids_tables_files_and_what_is_out_of_reach(kept: Workplace) -> None:
    post = max(community_posts(), key=lambda post: len(post.comments))
    (row,) = [row for row in rows(kept, "posts") if row["url"] == url_of(post)]
    under = [each["comment_id"] for each in rows(kept, "comments") if each["post_id"] == row["post_id"]]
    items = {item.target: item for item in forget(url_of(post), kept, reason=None, dry_run=True).items[1:]}
    assert {row["post_id"], *under} <= items.keys()
    assert items["comments"].reason == f"Rows: {len(under):,}."
    named = [target for target in items if target.startswith("warc/")]
    assert named
    for target in named:
        assert f"{(kept.folder / target).stat().st_size:,} bytes written anew" in (items[target].reason or "")
    assert {"records.sqlite", "state.sqlite"} & items.keys()
    assert any(target.startswith("ledger/") for target in items)
    assert "tag" in (items["publications"].reason or "")
    assert "backups" in (items["copies"].reason or "")


@pytest.mark.thorough
def test_what_cannot_be_searched_goes_where_the_subject_was_shown_and_is_named_elsewhere(
    kept: Workplace,
) -> None:
    coded = {"headers": (("content-type", "text/html"), ("content-encoding", "zstd"))}
    with writing(kept) as archive:
        for minute, host in enumerate(("https://careerly.co.kr", "https://other.example")):
            keep_page(archive, f"{host}/coded", b"\x28\xb5\x2f\xfdnobody can tell", 600 + minute, **coded)
    extract(kept)
    report = forget(url_of(community_posts()[0]), kept, reason=REASON)
    (left,) = [item for item in report.items if item.target == "other.example"]
    assert (left.outcome, "(zstd)" in (left.reason or "")) == ("skipped", True)
    assert "1 may hold other things too" in (report.items[0].reason or "")
    with open_to_read(kept.folder) as archive:
        urls = {url for _, url, _ in archive.captures_with_visits()}
    assert "https://other.example/coded" in urls
    assert f"{url_of(community_posts()[1]).rpartition('/comments')[0]}/coded" not in urls
    assert is_whole(kept)


@pytest.mark.thorough
def test_a_second_takedown_of_a_record_takes_from_what_the_first_left(kept: Workplace) -> None:
    thread = max(community_posts(), key=lambda post: len(post.comments))
    (post_id,) = [row["post_id"] for row in rows(kept, "posts") if row["url"] == url_of(thread)]
    under = [
        row for row in rows(kept, "comments") if row["post_id"] == post_id and len(row["text"] or "") > 24
    ]
    for row in under[:2]:
        forget(row["comment_id"], kept, reason=REASON)
        assert is_whole(kept)
    left = {row["comment_id"] for row in rows(kept, "comments")}
    assert not left & {row["comment_id"] for row in under[:2]}
    assert {row["comment_id"] for row in under[2:]} <= left
    assert places_of(kept.folder, *(row["text"].split("\n")[0] for row in under[:2])) == []
    again = forget(under[0]["comment_id"], kept, reason=REASON)
    assert again.items[0].outcome == "done"
    assert "Records: 0 taken down whole, 0 in part, 0 dropped" in (again.items[0].reason or "")


@pytest.mark.thorough
def test_what_is_forgotten_is_not_imported_again(kept: Workplace, tmp_path: Path) -> None:
    post = community_posts()[0]
    forget(url_of(post), kept, reason=REASON)
    saved = tmp_path / "saved.html"
    saved.write_text(v1.post_page(load_community(), post, v1.Build()), encoding="utf-8")
    report = import_files([saved], kept, url=url_of(post))
    assert told(report) == {"refused": 1}
    assert is_whole(kept)
    assert places_of(kept.folder, post.text[:40]) == []


@pytest.mark.thorough
def test_a_person_who_comes_back_with_a_new_capture_goes_again(kept: Workplace) -> None:
    post = next(
        post
        for post in community_posts()
        if len(post.comments) > 2 and post.comments[0].by and post.comments[0].by != post.by
    )
    person = post.comments[0].by
    assert person is not None
    forget(person.name, kept, reason=REASON)
    page = v1.post_page(load_community(), post, v1.Build(id="another")).encode()
    with writing(kept) as archive:
        keep_page(archive, url_of(post), page, minute=600)
    assert places_of(kept.folder, person.name)
    extract(kept)
    assert not [row for row in rows(kept, "comments") if row["author_name"] == person.name]
    assert places_of(kept.folder, person.name) == []
    assert is_whole(kept)


@pytest.mark.thorough
def test_a_person_goes_from_what_was_read_of_pages_that_were_the_same_again(kept: Workplace) -> None:
    post = next(post for post in community_posts() if post.comments and post.comments[0].by)
    person = post.comments[0].by
    assert person is not None
    page = v1.post_page(load_community(), post, v1.Build()).encode()
    with writing(kept) as archive:
        keep_page(archive, url_of(post), page, minute=600)
    extract(kept)
    forget(person.name, kept, reason=REASON)
    assert places_of(kept.folder, person.name) == []
    assert is_whole(kept)


def test_a_takedown_needs_its_reason(kept: Workplace) -> None:
    with pytest.raises(UsageError, match="--reason"):
        forget(url_of(community_posts()[0]), kept, reason=" ")


def test_an_unknown_subject_is_said(kept: Workplace) -> None:
    with pytest.raises(UsageError, match="no post, comment or author"):
        forget("nobody at all", kept, reason=REASON)


def test_a_damaged_stretch_that_still_says_it_goes_though_nothing_else_of_its_file_does(
    tmp_path: Path,
) -> None:
    post = next(post for post in community_posts() if len(post.text) > 60)
    workplace = community_archive(tmp_path / "archive", [post])
    words = post.text.split("\n")[0]
    for path in warc_files(workplace.folder):
        octets = bytearray(path.read_bytes())
        for member in scan(path):
            if isinstance(member, Member) and words.encode() in member.record.block:
                octets[member.offset + member.length - 6] ^= 0xFF
        path.write_bytes(octets)
    assert check(workplace.folder)
    report = forget(url_of(post), workplace, reason=REASON)
    assert any("Damaged stretches dropped" in (item.reason or "") for item in report.items)
    assert not [
        path for path in warc_files(workplace.folder) for found in scan(path) if isinstance(found, Damage)
    ]
    for path in warc_files(workplace.folder):
        assert words.encode() not in b"".join(
            found.record.block for found in scan(path) if isinstance(found, Member)
        )


@pytest.mark.thorough
@pytest.mark.parametrize("number", [0, 3, 7])
def test_every_other_capture_has_the_bytes_that_it_had(kept: Workplace, number: int) -> None:
    told_before = payload_digests(kept)
    with open_to_read(kept.folder) as archive:
        bodies = {record_id: archive.capture(record_id).body for record_id in told_before}
    comment = rows(kept, "comments")[number]
    forget(comment["comment_id"], kept, reason=REASON)
    told_now = payload_digests(kept)
    same = told_before.keys() & told_now.keys()
    assert len(told_now) == len(told_before)
    assert {record_id: told_now[record_id] for record_id in same} == {
        record_id: told_before[record_id] for record_id in same
    }
    with open_to_read(kept.folder) as archive:
        assert all(archive.capture(record_id).body == bodies[record_id] for record_id in same)
    assert 0 < len(told_before) - len(same) < len(told_before) / 2
