"""``status``, ``list`` and ``show``: what an archive has, from its last committed state, whoever else is at work in it."""

import json
from pathlib import Path
from typing import Any, Final

import pytest

from scraper.archive.disk import Disk
from scraper.archive.pending import Pending, note_pending
from tests.cli.holding import held_by_another
from tests.cli.terminal import make_archive, postkeep
from tests.replica.server import Replica

POSTS: Final = ("careerly:comments-72260", "careerly:posts-73002", "careerly:qnas-3107")
LOOKS: Final = (["status"], ["list"], ["list", "--failed"], ["show", POSTS[0]])


def look(*arguments: str | Path, archive: Path, expect: int = 0) -> dict[str, Any]:
    """The ``data`` of a verb that looks at an archive."""
    data: dict[str, Any] = postkeep(*arguments, "--archive", archive, "--json", expect=expect).answer["data"]
    return data


def listed(archive: Path, *choice: str) -> list[str]:
    return [post["post_id"] for post in look("list", *choice, archive=archive)["posts"]]


def test_status_says_what_is_there(crawled: Path) -> None:
    status = look("status", archive=crawled)
    assert status["posts"]["total"] == 3
    assert status["posts"]["status"] == {"live": 3, "gone": 0, "withdrawn": 0, "unknown": 0}
    assert status["comments"] == {"captured": 8, "deleted": 1, "declared": 8, "captured_of_declared": 8}
    assert status["completeness"] == {"whole": 3, "short": 0, "undeclared": 0}
    assert status["hosts"] == [{"host": "careerly.co.kr", "posts": 3, "comments": 8}]
    assert status["visits"] == {"kept": 3, "unread": 0, "rejected": 0, "unjudged": 0}
    assert status["last_run"]["verb"] == "crawl"
    assert status["last_run"]["ended"] == "completed"
    assert status["last_run"]["counts"]["done"] == 3
    assert status["due"]["visited"] == 3
    assert status["bytes"]["total"] == sum(
        path.stat().st_size for path in crawled.rglob("*") if path.is_file()
    )
    assert status["held_by"] is None
    assert status["held_back"] == status["notes"] == []


def test_status_says_where_each_setting_comes_from(crawled: Path) -> None:
    env = {"POSTKEEP_LISTING_PAGES": "3", "POSTKEEP_ARCHIVE": str(crawled)}
    ran = postkeep("status", "--json", env=env, expect=0)
    settings = {each["name"]: each for each in ran.answer["data"]["settings"]}
    assert settings["archive"]["source"] == "environment"
    assert settings["archive"]["stands_in"] == "POSTKEEP_ARCHIVE"
    assert settings["listing_pages"] == {
        "name": "listing_pages",
        "value": 3,
        "source": "environment",
        "stands_in": "POSTKEEP_LISTING_PAGES",
    }
    assert settings["contact"]["source"] == "file"
    assert settings["contact"]["stands_in"] == str(crawled / "postkeep.toml")
    assert settings["refresh.shortest"] == {
        "name": "refresh.shortest",
        "value": "12h",
        "source": "default",
        "stands_in": None,
    }
    assert settings['host."careerly.co.kr".delay']["value"] == 0
    named = postkeep("status", "--archive", crawled, "--json", env=env, expect=0).answer["data"]
    assert named["settings"][0]["source"] == "flag"


@pytest.mark.parametrize("arguments", LOOKS, ids=" ".join)
def test_all_is_shown_while_another_run_holds_the_archive(arguments: list[str], crawled: Path) -> None:
    before = look(*arguments, archive=crawled)
    with held_by_another(crawled) as process:
        data = look(*arguments, archive=crawled)
        assert postkeep(*arguments, "--archive", crawled).exit_code == 0
    if arguments == ["status"]:
        assert data.pop("held_by") == {"process": process, "verb": None, "run_id": None, "began_at": None}
        for each in (data, before):
            each.pop("bytes")  # The lock names another process.
        before.pop("held_by")
    assert data == before


@pytest.mark.parametrize("arguments", LOOKS, ids=" ".join)
def test_looking_changes_no_file(arguments: list[str], crawled: Path) -> None:
    def files() -> dict[str, bytes]:
        return {
            str(path): path.read_bytes()
            for path in crawled.rglob("*")
            if path.is_file() and not path.name.endswith(("-shm", "-wal"))
        }

    before = files()
    postkeep(*arguments, "--archive", crawled, expect=0)
    assert files() == before


@pytest.mark.parametrize("arguments", [["status"], ["list"], ["list", "--failed"]], ids=" ".join)
def test_an_empty_archive_is_looked_at(arguments: list[str], archive: Path) -> None:
    assert look(*arguments, archive=archive) is not None
    ran = postkeep(*arguments, "--archive", archive, expect=0)
    assert ran.stdout + ran.stderr


def test_of_an_empty_archive_no_post_is_shown(archive: Path) -> None:
    ran = postkeep("show", POSTS[0], "--archive", archive, "--json", expect=2)
    assert "postkeep crawl" in str(ran.reasons[0])


@pytest.mark.parametrize("arguments", LOOKS, ids=" ".join)
def test_a_folder_that_is_no_archive_is_named(arguments: list[str], tmp_path: Path) -> None:
    ran = postkeep(*arguments, "--archive", tmp_path / "absent", "--json", expect=2)
    assert str(tmp_path / "absent") in str(ran.reasons[0])
    assert not (tmp_path / "absent").exists()


@pytest.mark.parametrize("arguments", [["list"], ["list", "--failed"], ["show", POSTS[0]]], ids=" ".join)
def test_what_was_kept_and_not_read_asks_for_extract(arguments: list[str], crawled: Path) -> None:
    (crawled / "records.sqlite").unlink()
    ran = postkeep(*arguments, "--archive", crawled, "--json", expect=2)
    assert "postkeep extract" in str(ran.reasons[0])
    status = look("status", archive=crawled)
    assert status["visits"]["unread"] == 3
    assert "postkeep extract" in status["next"][0]


def test_damaged_records_are_said_by_status(crawled: Path) -> None:
    (crawled / "records.sqlite").write_bytes(b"no database at all, and longer than a header" * 50)
    status = look("status", archive=crawled)
    assert "records.sqlite" in status["notes"][0]
    assert status["posts"]["total"] == 0


def test_a_takedown_that_is_not_complete_shows_nothing_of_the_posts(crawled: Path) -> None:
    note_pending(crawled, [Pending(POSTS[0], "asked")], Disk())
    status = look("status", archive=crawled)
    assert status["takedowns"] == {"pending": [POSTS[0]], "is_pending": True, "tombstones": 0}
    assert "takedown" in status["next"][0]
    for arguments in (["list"], ["show", POSTS[0]]):
        ran = postkeep(*arguments, "--archive", crawled, "--json", expect=4)
        assert "takedown" in str(ran.reasons[0])


def test_list_chooses_by_site_state_access_and_month(crawled: Path) -> None:
    assert listed(crawled) == list(POSTS)
    assert listed(crawled, "--site", "careerly") == list(POSTS)
    assert listed(crawled, "--site", "elsewhere.example") == []
    assert listed(crawled, "--state", "live", "--state", "gone") == list(POSTS)
    assert listed(crawled, "--state", "gone") == []
    assert listed(crawled, "--access", "unknown") == ["careerly:qnas-3107"]
    assert listed(crawled, "--month", "2023-03") == ["careerly:qnas-3107"]
    assert listed(crawled, "--month", "2023") == ["careerly:comments-72260", "careerly:qnas-3107"]
    assert listed(crawled, "--month", "undated") == []


@pytest.mark.parametrize("month", ["2023-13", "23-05", "May", "2023-5", ""])
def test_a_month_that_is_none_is_refused(month: str, crawled_once: Path) -> None:
    ran = postkeep("list", "--month", month, "--archive", crawled_once, "--json", expect=2)
    assert "--month" in str(ran.reasons[0])


def test_list_writes_a_line_a_post_into_a_pipe(crawled: Path) -> None:
    lines = postkeep("list", "--archive", crawled, expect=0).stdout.splitlines()
    assert [line.split("\t")[0] for line in lines] == list(POSTS)
    assert lines[1].split("\t")[1:] == [
        "2025-11-30T23:00:00Z",
        "3",
        "3",
        "live",
        "full",
        "새벽 창고에서 배운 인수인계",
    ]


@pytest.mark.thorough
def test_what_failed_is_listed_with_its_reason(replica: Replica, tmp_path: Path) -> None:
    archive = make_archive(tmp_path / "archive")
    gone, read, private = (
        "https://careerly.co.kr/posts/99999999",
        "https://careerly.co.kr/posts/73002",
        "https://127.0.0.1/post",
    )
    postkeep("crawl", gone, read, private, "--archive", archive, replica=replica)
    failed = look("list", "--failed", archive=archive)["failed"]
    assert [(each["url"], each["outcome"]) for each in failed] == [(private, "refused"), (gone, "rejected")]
    assert failed[0]["reason"] == "It was not asked for: public addresses only."
    assert "HTTP status 404" in failed[1]["reason"]
    lines = postkeep("list", "--failed", "--archive", archive, expect=0).stdout.splitlines()
    assert [line.split("\t")[0] for line in lines] == ["refused", "rejected"]


def test_what_came_after_all_has_not_failed(crawled: Path) -> None:
    lines = [
        {"event": "failed", "url": "https://example.org/a", "detail": {"reason": "No answer came."}},
        {"event": "failed", "url": "https://example.org/b", "detail": {"reason": "No answer came."}},
        {"event": "answer", "url": "https://example.org/a", "detail": {}},
        {"event": "failed", "url": "https://example.org/robots.txt", "detail": {"reason": "No answer came."}},
        {"event": "refused", "url": "3f2a", "detail": {}},
    ]
    with max((crawled / "ledger").iterdir()).open("a", encoding="utf-8") as ledger:
        for line in lines:
            whole = {"at": "2030-01-05T03:00:00Z", "host": "example.org", "rule": "no rule against it"}
            ledger.write(json.dumps(whole | line) + "\n")
        ledger.write("no line of a ledger\n")
    assert look("list", "--failed", archive=crawled)["failed"] == [
        {
            "url": "https://example.org/b",
            "outcome": "failed",
            "at": "2030-01-05T03:00:00Z",
            "reason": "No answer came.",
        }
    ]


def test_a_password_in_a_url_is_not_said_again(crawled_once: Path) -> None:
    ran = postkeep("show", "https://me:secret@elsewhere.example/x", "--archive", crawled_once, expect=2)
    assert "elsewhere.example/x" in ran.stderr
    assert "secret" not in ran.stderr


def test_failures_are_not_chosen_among(crawled_once: Path) -> None:
    ran = postkeep("list", "--failed", "--site", "careerly", "--archive", crawled_once, "--json", expect=2)
    assert "--failed" in str(ran.reasons[0])


@pytest.mark.parametrize(
    "name",
    [
        "careerly:posts-73002",
        "posts-73002",
        "73002",
        "https://careerly.co.kr/posts/73002",
        "https://www.careerly.co.kr/posts/73002?utm_source=mail",
        "careerly:posts-73002#410002",
        "73002#410002",
        "https://careerly.co.kr/posts/73002#comment-410002",
    ],
)
def test_a_post_is_shown_by_any_of_its_names(name: str, crawled_once: Path) -> None:
    thread = look("show", name, archive=crawled_once)
    assert thread["post"]["post_id"] == "careerly:posts-73002"
    assert thread["comment_id"] == ("careerly:posts-73002#410002" if "41000" in name else None)
    assert len(thread["comments"]) == 3


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nothing-of-the-kind", "postkeep list"),
        ("", "postkeep list"),
        ("careerly:posts-73002#1", "postkeep show careerly:posts-73002"),
        ("https://elsewhere.example/talk/9", "postkeep list --failed"),
        ("https://careerly.co.kr/posts/1", "postkeep list"),
    ],
)
def test_a_name_of_nothing_says_what_to_do(name: str, said: str, crawled_once: Path) -> None:
    ran = postkeep("show", name, "--archive", crawled_once, "--json", expect=2)
    assert said in str(ran.reasons[0])


def test_show_names_what_is_deleted_and_nests_replies(crawled_once: Path) -> None:
    shown = postkeep("show", "73002", "--archive", crawled_once, expect=0).stdout
    assert "deleted comment" in shown
    assert "│ 맞습니다." in shown
    assert "author of the post" in shown


@pytest.mark.thorough
def test_a_post_that_was_taken_down_is_said_to_be(crawled: Path) -> None:
    postkeep("forget", "careerly:posts-73002", "--reason", "asked", "--archive", crawled, expect=0)
    ran = postkeep("show", "73002", "--archive", crawled, "--json", expect=2)
    assert "postkeep list" in str(ran.reasons[0])
    ran = postkeep("show", "careerly:posts-73002", "--archive", crawled, "--json", expect=2)
    assert "was taken down" in str(ran.reasons[0])
    assert listed(crawled) == ["careerly:comments-72260", "careerly:qnas-3107"]
    assert look("status", archive=crawled)["takedowns"]["tombstones"] >= 1
