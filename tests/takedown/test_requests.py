"""Requests in a table: each has its state, all that go go in one pass, and the archive keeps nothing of who asked."""

import csv
import io
import json
import os
import pty
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from scraper.archive.check import check
from scraper.archive.decisions import read_decisions
from scraper.archive.files import RECORDS_FILE
from scraper.archive.lock import Lock
from scraper.archive.members import Damage, Member, scan
from scraper.jobs.extract.anew import extract
from scraper.jobs.takedown_requests import job as requests_job
from scraper.jobs.takedown_requests.request import Request
from scraper.jobs.workplace import Workplace
from scraper.records.store import Records
from scraper.takedown import plan as takedown_plan
from tests.cli.terminal import Ran, postkeep
from tests.commands import command_line, environment
from tests.takedown.archives import community_posts, keep_page, url_of, writing
from tests.takedown.searching import everything_in, places_of

POSTS = community_posts()
ASKER = "kim.minjun@mail.example"
HEADER = ("what", "why", "when", "e-mail", "name")


def _file(folder: Path, rows: Sequence[Sequence[str]], header: Sequence[str] = HEADER, **form: str) -> Path:
    """A table as somebody's spreadsheet writes it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=form.get("delimiter", ","))
    writer.writerows([header, *rows])
    path = folder / form.get("name", "requests.csv")
    path.write_bytes(text.getvalue().encode(form.get("charset", "utf-8")))
    return path


def _forget(place: Workplace, path: Path, *options: str) -> Ran:
    return postkeep("forget", "--from", str(path), "--archive", str(place.folder), *options)


def _states(path: Path) -> list[dict[str, str]]:
    copy = path.with_name("requests.done.csv")
    return list(csv.DictReader(io.StringIO(copy.read_text(encoding="utf-8-sig"))))


def _comments(place: Workplace) -> list[dict[str, object]]:
    with Records.open_to_read(place.folder / RECORDS_FILE) as records:
        return [dict(row) for row in records.rows("comments")]


HIS = next(post for post in POSTS if post.by)
NAME = HIS.by.name if HIS.by else ""
ELSEWHERE = "https://forum.example/t/1"


@pytest.fixture
def twice(kept: Workplace) -> Workplace:
    """The archive with a second person of a name, on another site."""
    posting = {
        "@context": "https://schema.org",
        "@type": "DiscussionForumPosting",
        "headline": "같은 이름을 쓰는 사람",
        "text": "저는 다른 곳의 그 사람이 아니고, 이름만 같은 사람입니다. 여기서 처음 씁니다.",
        "author": {"@type": "Person", "name": NAME},
        "datePublished": "2024-05-01T09:00:00+09:00",
        "url": ELSEWHERE,
    }
    text = f"<h1>{posting['headline']}</h1><p>{posting['text']}</p>"
    page = f'<html><head><script type="application/ld+json">{json.dumps(posting)}</script></head><body><article>{text}</article></body></html>'
    with writing(kept) as archive:
        keep_page(archive, ELSEWHERE, page.encode(), 400)
    extract(kept)
    return kept


def _authors(place: Workplace) -> dict[str, str]:
    """Who of that name wrote where, by site."""
    with Records.open_to_read(place.folder / RECORDS_FILE) as records:
        rows = [row for row in records.rows("posts") if row["url"] in {ELSEWHERE, url_of(HIS)}]
    return {row["site"]: row["author_id"] for row in rows if row["author_id"]}


@pytest.mark.thorough
def test_a_name_of_several_people_is_never_guessed(twice: Workplace, tmp_path: Path) -> None:
    authors = _authors(twice)
    assert len(set(authors.values())) == 2
    path = _file(tmp_path, [[NAME, "mine", "", "", ""], [url_of(POSTS[-1]), "mine", "", "", ""]])
    assert _forget(twice, path, "--yes").exit_code == 1
    first, second = _states(path)
    assert (first["state"], second["state"]) == ("ambiguous", "done")
    assert all(author_id in first["state_detail"] for author_id in authors.values())
    assert "posts 1, comments 0" in first["state_detail"]
    assert _authors(twice).keys() >= {"forum.example"}


@pytest.mark.thorough
def test_an_author_id_beside_the_name_says_who(twice: Workplace, tmp_path: Path) -> None:
    authors = _authors(twice)
    rows = [[NAME, authors["forum.example"]], [NAME, "0" * 32], ["", authors["careerly"]]]
    path = _file(tmp_path, rows, ("what", "author_id"))
    assert _forget(twice, path, "--yes").exit_code == 1
    assert [row["state"] for row in _states(path)] == ["done", "refused", "done"]
    assert not _authors(twice)
    assert not places_of(twice.folder, "이름만 같은 사람입니다")


@pytest.mark.thorough
@pytest.mark.parametrize(("choice", "left"), [("0", 2), ("1", 1)])
def test_on_a_terminal_it_is_asked_who_is_meant(
    twice: Workplace, tmp_path: Path, choice: str, left: int
) -> None:
    path = _file(tmp_path, [[NAME, "mine", "", "", ""]])
    done = _answered(twice, path, choice, "y")
    assert f"{NAME} can be 2 people of this archive" in done.stderr.decode()
    assert len(_authors(twice)) == left, done.stderr.decode()
    assert _states(path)[0]["state"] == ("done" if left == 1 else "ambiguous")


@pytest.mark.thorough
def test_on_a_terminal_nothing_goes_without_a_yes(kept: Workplace, tmp_path: Path) -> None:
    path = _file(tmp_path, [[url_of(POSTS[0]), "mine", "", "", ""]])
    done = _answered(kept, path, "n")
    assert done.returncode == 2
    assert b"you did not say yes" in done.stderr
    assert not read_decisions(kept.folder)
    assert not path.with_name("requests.done.csv").exists()


def _answered(place: Workplace, path: Path, *answers: str) -> "subprocess.CompletedProcess[bytes]":
    """The command on a terminal at which somebody types the answers."""
    keyboard, terminal = pty.openpty()
    try:
        os.write(keyboard, "".join(f"{answer}\n" for answer in answers).encode())
        return subprocess.run(
            command_line("forget", "--from", str(path), "--archive", str(place.folder)),
            stdin=terminal,
            capture_output=True,
            check=False,
            env=environment(),
        )
    finally:
        os.close(keyboard)
        os.close(terminal)


def test_each_request_has_its_state_and_what_was_asked_for_is_gone(kept: Workplace, tmp_path: Path) -> None:
    comment = next(row for row in _comments(kept) if row["post_id"] != f"careerly:comments-{POSTS[0].id}")
    rows = [
        [url_of(POSTS[0]), "제 글입니다", "2026-11-20", ASKER, "김민준"],
        [str(comment["comment_id"]), "", "", "", ""],
        ["https://careerly.co.kr/comments/999999999", "never kept", "", "", ""],
        ["아무도 아닌 이름", "who?", "", "", ""],
        ["", "what?", "", "", ""],
    ]
    path = _file(tmp_path, rows)
    ran = _forget(kept, path, "--yes", "--json")
    assert ran.exit_code == 1, ran.stderr
    states = _states(path)
    assert [row["state"] for row in states] == ["done", "done", "not here", "not here", "refused"]
    assert [[row[name] for name in HEADER] for row in states] == rows
    assert "does not say what" in states[4]["state_detail"]
    assert all(row["state_at"] for row in states)
    assert str(path.with_name("requests.done.csv")) in ran.answer["outputs"]
    assert not places_of(kept.folder, POSTS[0].text[:30])
    assert not [row for row in _comments(kept) if row["comment_id"] == comment["comment_id"]]
    reasons = {each.subject: each.reason for each in read_decisions(kept.folder)}
    assert reasons[f"careerly:comments-{POSTS[0].id}"] == "제 글입니다 (asked on 2026-11-20)"
    assert reasons[str(comment["comment_id"])] == "Asked for, without a reason given."
    assert "careerly:comments-999999999" in reasons, "it is kept out"
    assert path.with_name("requests.done.csv").stat().st_mode & 0o777 == 0o600


@pytest.mark.thorough
def test_nothing_of_who_asked_reaches_the_archive(kept: Workplace, tmp_path: Path) -> None:
    why = f"I am Kim Minjun ({ASKER}, 010-1234-5678) and I wrote it; KIM MINJUN asks"
    rows = [[url_of(POSTS[0]), why, "yesterday, by Kim Minjun", ASKER, "Kim Minjun"]]
    path = _file(tmp_path, rows)
    assert _forget(kept, path, "--yes").exit_code == 0
    for place, octets in everything_in(kept.folder):
        for secret in (ASKER, "Minjun", "MINJUN", "1234-5678", "yesterday"):
            assert secret.encode() not in octets, place
    assert "I wrote it" in (read_decisions(kept.folder)[0].reason or "")
    [row] = _states(path)
    assert (row["why"], row["e-mail"]) == (why, ASKER)


def test_the_name_of_a_person_who_asks_stays_out_of_the_reason() -> None:
    request = Request.of(
        ("what", "why"), ("홍 길동", "저는 홍길동, 아니 홍 길동입니다. 길동의 글을 지워 주세요")
    )
    assert "길동" not in request.reason(is_name=True)
    assert "지워 주세요" in request.reason(is_name=True)


@pytest.mark.thorough
def test_all_requests_cost_one_pass_over_the_archive(
    kept: Workplace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: Counter[str] = Counter()

    def counting(path: Path) -> Iterator[Member | Damage]:
        seen[path.name] += 1
        return scan(path)

    monkeypatch.setattr(takedown_plan, "scan", counting)
    path = _file(tmp_path, [[url_of(post), "mine", "", "", ""] for post in POSTS[:4]])
    assert _forget(kept, path, "--yes").exit_code == 0
    assert set(seen.values()) == {1}
    for post in POSTS[:4]:
        assert not places_of(kept.folder, post.text[:30])
    with Records.open_to_read(kept.folder / RECORDS_FILE) as records:
        assert len(list(records.rows("posts"))) == len(POSTS) - 4


@pytest.mark.thorough
def test_one_pass_leaves_what_one_after_the_other_leaves(kept: Workplace, tmp_path: Path) -> None:
    comment = next(row for row in _comments(kept) if row["post_id"] == f"careerly:comments-{POSTS[-2].id}")
    asked = [url_of(POSTS[1]), NAME, str(comment["comment_id"])]
    apart = replace(kept, folder=Path(shutil.copytree(kept.folder, tmp_path / "apart")))
    assert (
        _forget(kept, _file(tmp_path, [[each, "mine", "", "", ""] for each in asked]), "--yes").exit_code == 0
    )
    for each in asked:
        ran = postkeep("forget", each, "--reason", "mine", "--yes", "--archive", str(apart.folder))
        assert ran.exit_code == 0, ran.stderr
    assert _words(kept) == _words(apart)
    assert {each.subject for each in read_decisions(kept.folder)} == {
        each.subject for each in read_decisions(apart.folder)
    }
    assert check(kept.folder) == []
    assert not places_of(kept.folder, NAME)


def _words(place: Workplace) -> list[tuple[object, ...]]:
    """What the archive still says, and who says it."""
    with Records.open_to_read(place.folder / RECORDS_FILE) as records:
        posts = [
            (row["post_id"], row["title"], row["text"], row["author_id"]) for row in records.rows("posts")
        ]
    return [
        *posts,
        *((row["comment_id"], row["parent_id"], row["text"], row["author_id"]) for row in _comments(place)),
    ]


@pytest.mark.thorough
def test_a_dry_run_lists_and_changes_nothing_and_holds_nobody_up(kept: Workplace, tmp_path: Path) -> None:
    path = _file(tmp_path, [[url_of(POSTS[0]), "mine", "", ASKER, ""]])
    with Lock(kept.folder):
        ran = _forget(kept, path, "--dry-run", "--json")
    assert ran.exit_code == 0, ran.stderr
    assert "To be taken down: careerly:comments-" in ran.stdout
    assert [each.name for each in tmp_path.iterdir() if each.is_file()] == ["requests.csv"]
    assert not read_decisions(kept.folder)
    assert places_of(kept.folder, POSTS[0].text[:30])


@pytest.mark.thorough
def test_without_a_terminal_nothing_goes_unless_it_was_agreed_to_before(
    kept: Workplace, tmp_path: Path
) -> None:
    path = _file(tmp_path, [[url_of(POSTS[0]), "mine", "", "", ""]])
    ran = _forget(kept, path)
    assert ran.exit_code == 2
    assert "Take down 1 of 1 requests" in ran.stderr
    assert "--yes" in ran.stderr
    assert not read_decisions(kept.folder)
    assert not path.with_name("requests.done.csv").exists()


@pytest.mark.parametrize(
    "form",
    [
        {"charset": "cp949"},
        pytest.param({"charset": "utf-8-sig"}, marks=pytest.mark.thorough),
        pytest.param({"charset": "utf-16"}, marks=pytest.mark.thorough),
        pytest.param({"charset": "utf-8-sig", "delimiter": "\t"}, marks=pytest.mark.thorough),
        pytest.param({"delimiter": ";"}, marks=pytest.mark.thorough),
    ],
)
def test_it_is_read_as_spreadsheets_write_it(kept: Workplace, tmp_path: Path, form: dict[str, str]) -> None:
    header = ("번호", " What ", "WHY", "when")
    path = _file(tmp_path, [["1", url_of(POSTS[0]), "제 글", "2026-11-20"]], header, **form)
    ran = _forget(kept, path, "--dry-run")
    assert "To be taken down: careerly:comments-" in ran.stderr


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "names no column what"),
        (b"who,why\nme,x\n", "names no column what"),
        (b"what,why\n", "no request below its header"),
        (b"what,what\na,b\n", "names the column what twice"),
        (b"\x00\x01\x02", "names no column what"),
        (b"id;why\n", "Begin it with a header: what,why,when\n"),
        (b"PK\x03\x04\x00\xff\xff\x00", "no text"),
    ],
)
def test_a_file_that_is_no_table_of_requests_is_refused_whole(
    kept: Workplace, tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "requests.csv"
    path.write_bytes(content)
    ran = _forget(kept, path, "--yes")
    assert (ran.exit_code, said in ran.stderr) == (2, True), ran.stderr
    assert "requests.csv" in ran.stderr


@pytest.mark.thorough
def test_a_row_with_a_cell_too_many_is_refused_and_kept(kept: Workplace, tmp_path: Path) -> None:
    path = tmp_path / "requests.csv"
    path.write_text(f"what,why\n{url_of(POSTS[0])},mine, really, mine\n{url_of(POSTS[1])},mine\n", "utf-8")
    assert _forget(kept, path, "--yes").exit_code == 1
    first, second = _states(path)
    assert (first["state"], second["state"]) == ("refused", "done")
    assert "double quotes" in first["state_detail"]
    assert places_of(kept.folder, POSTS[0].text[:30])


def test_a_file_in_the_archive_is_refused_by_whatever_way_it_lies_there(
    kept: Workplace, tmp_path: Path
) -> None:
    inside = _file(kept.folder, [[url_of(POSTS[0]), "mine", "", ASKER, ""]])
    outside = _file(tmp_path, [[url_of(POSTS[0]), "mine", "", ASKER, ""]])
    (tmp_path / "link.csv").symlink_to(inside)
    (kept.folder / "link.csv").symlink_to(outside)
    (tmp_path / "folder").symlink_to(kept.folder)
    for path in (
        inside,
        tmp_path / "link.csv",
        kept.folder / "link.csv",
        tmp_path / "folder" / "requests.csv",
    ):
        ran = _forget(kept, path, "--yes")
        assert ran.exit_code == 2
        assert "lies in the archive" in ran.stderr


@pytest.mark.thorough
def test_a_file_of_somebody_elses_is_not_written_over(kept: Workplace, tmp_path: Path) -> None:
    path = _file(tmp_path, [[url_of(POSTS[0]), "mine", "", "", ""]])
    path.with_name("requests.done.csv").write_text("my,own\nnotes,here\n", encoding="utf-8")
    ran = _forget(kept, path, "--yes")
    assert ran.exit_code == 2
    assert "move it away" in ran.stderr
    assert not read_decisions(kept.folder)


@pytest.mark.thorough
def test_where_the_copy_cannot_be_written_nothing_goes(
    kept: Workplace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> tuple[int, str]:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("scraper.jobs.takedown_requests.states.tempfile.mkstemp", full)
    path = _file(tmp_path, [[url_of(POSTS[0]), "mine", "", "", ""]])
    ran = _forget(kept, path, "--yes")
    assert ran.exit_code == 1
    assert "requests.done.csv cannot be written: No space left on device" in " ".join(ran.stderr.split())
    assert not read_decisions(kept.folder)


@pytest.mark.thorough
def test_what_is_done_is_skipped_and_what_was_added_is_done(kept: Workplace, tmp_path: Path) -> None:
    rows = [[url_of(POSTS[0]), "mine", "", "", ""]]
    path = _file(tmp_path, rows)
    assert _forget(kept, path, "--yes").exit_code == 0
    [before] = _states(path)
    path = _file(tmp_path, [*rows, [url_of(POSTS[1]), "mine too", "", "", ""]])
    assert _forget(kept, path, "--yes").exit_code == 0
    first, second = _states(path)
    assert first == before
    assert second["state"] == "done"
    again = _forget(kept, path)
    assert again.exit_code == 0, "there is nothing to agree to"
    assert _states(path) == [first, second]


@pytest.mark.thorough
def test_what_was_done_in_another_copy_of_the_archive_is_done_again(kept: Workplace, tmp_path: Path) -> None:
    rows = [[NAME, "all of mine", "", "", ""], ["https://careerly.co.kr/comments/999999999", "", "", "", ""]]
    path = _file(tmp_path, rows)
    older = replace(kept, folder=Path(shutil.copytree(kept.folder, tmp_path / "older")))
    for place in (kept, kept, older):
        assert _forget(place, path, "--yes").exit_code == 0
        assert [row["state"] for row in _states(path)] == ["done", "not here"]
        assert not places_of(place.folder, NAME)


@pytest.mark.thorough
@pytest.mark.parametrize("when", ["before", "pending", "after"])
def test_killed_in_the_middle_it_is_gone_on_with(
    kept: Workplace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    rows = [[NAME, "all of mine", "", "", ""], [url_of(POSTS[-1]), "mine", "", "", ""]]
    path = _file(tmp_path, rows)

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        if when == "before":
            patched.setattr(requests_job, "Lock", killed)
        elif when == "pending":
            patched.setattr("scraper.takedown.takedowns.make_plan", killed)
        else:
            patched.setattr(requests_job, "_note_done", killed)
        assert _forget(kept, path, "--yes").exit_code == 130
    assert {row["state"] for row in _states(path)} == {"begun"}
    assert _forget(kept, path, "--yes").exit_code == 0
    assert [row["state"] for row in _states(path)] == ["done", "done"]
    assert not places_of(kept.folder, NAME)
    assert not places_of(kept.folder, POSTS[-1].text[:30])
    assert {each.reason for each in read_decisions(kept.folder)} == {"all of mine", "mine"}


@pytest.mark.thorough
def test_datasets_that_were_published_are_named(kept: Workplace, tmp_path: Path) -> None:
    (kept.folder / "publications.json").write_text(
        '{"me/posts": {"tag": "v1.1-20261101", "at": "2026-11-01T00:00:00+00:00"}, "broken/one": 3}', "utf-8"
    )
    path = _file(tmp_path, [[url_of(POSTS[0]), "mine", "", "", ""]])
    ran = _forget(kept, path, "--yes", "--json")
    [item] = [item for item in ran.answer["items"] if item["target"] == "me/posts"]
    assert "v1.1-20261101 on 2026-11-01" in item["reason"]
    assert "postkeep publish me/posts" in item["reason"]


@pytest.mark.parametrize("arguments", [(), ("careerly:comments-1", "--from", "x.csv")])
def test_either_a_subject_or_a_file_is_named(kept: Workplace, arguments: tuple[str, ...]) -> None:
    ran = postkeep("forget", *arguments, "--archive", str(kept.folder), "--yes")
    assert ran.exit_code == 2
    assert "--from FILE" in ran.stderr
