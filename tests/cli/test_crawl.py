"""``postkeep crawl`` as a user meets it: targets, lists, limits, refusals and their exit codes."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pytest

from tests.cli.terminal import Ran, postkeep
from tests.replica.routes import Deployment, RobotsFile
from tests.replica.server import Replica
from tests.replica.v2 import API_HOST

POST: Final = "https://careerly.co.kr/comments/72260"
OTHER: Final = "https://careerly.co.kr/comments/72377"
V2_POST: Final = "https://careerly.co.kr/posts/73002"
STRANGE: Final = "https://gyeoul.example/a-page"
CLOSED: Final = RobotsFile(body="User-agent: *\nDisallow: /\n")


def crawl(*arguments: str | Path, replica: Replica, archive: Path) -> Ran:
    return postkeep("crawl", *arguments, "--archive", archive, "--json", replica=replica)


def targets(ran: Ran) -> list[tuple[str, str]]:
    return [(item["target"], item["outcome"]) for item in ran.answer["items"]]


def posts_asked(replica: Replica, before: int) -> list[str]:
    return [request.target for request in replica.log[before:] if request.target != "/robots.txt"]


@pytest.mark.thorough
def test_a_post_is_visited(replica: Replica, archive: Path) -> None:
    ran = crawl(POST, replica=replica, archive=archive)
    assert ran.exit_code == 0
    assert ran.answer["items"] == [
        {"target": POST, "outcome": "done", "post_id": "careerly:comments-72260", "reason": None}
    ]


@pytest.mark.parametrize("made", [True, False])
def test_nobody_is_visited_without_a_contact(*, made: bool, replica: Replica, tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    if made:
        postkeep("init", archive)
    before = len(replica.log)
    ran = crawl(POST, replica=replica, archive=archive)
    assert ran.exit_code == 2
    assert "contact" in str(ran.reasons[0])
    assert len(replica.log) == before


def test_a_folder_without_an_archive_is_a_mistake(replica: Replica, tmp_path: Path) -> None:
    ran = postkeep("crawl", POST, "--archive", tmp_path, "--json", env={"POSTKEEP_CONTACT": "a@example.org"})
    assert ran.exit_code == 2
    assert "postkeep init" in str(ran.reasons[0])
    assert not list(tmp_path.iterdir())


@pytest.mark.thorough
def test_an_unknown_url_is_named_and_the_rest_goes_on(replica: Replica, archive: Path) -> None:
    ran = crawl(STRANGE, POST, "not a url", replica=replica, archive=archive)
    assert ran.exit_code == 1
    assert sorted(targets(ran)) == sorted([(STRANGE, "rejected"), ("not a url", "failed"), (POST, "done")])
    said = {item["target"]: str(item["reason"]) for item in ran.answer["items"]}
    assert "no http or https URL" in said["not a url"]
    assert said[STRANGE] == f"{STRANGE} answered with HTTP status 404, so there is no post to read."


@pytest.mark.thorough
def test_a_page_that_is_no_post_and_lists_none_is_named(replica: Replica, archive: Path) -> None:
    profile = "https://careerly.co.kr/profiles/23871"
    ran = crawl(profile, POST, replica=replica, archive=archive)
    assert (ran.exit_code, sorted(targets(ran))) == (1, sorted([(profile, "failed"), (POST, "done")]))
    assert any(str(reason).startswith(f"{profile} is not the URL of a post") for reason in ran.reasons)


@pytest.mark.thorough
def test_a_post_that_is_not_there_is_rejected_with_its_status(replica: Replica, archive: Path) -> None:
    ran = crawl("https://careerly.co.kr/comments/1", POST, replica=replica, archive=archive)
    assert (ran.exit_code, sorted(ran.outcomes)) == (1, ["done", "rejected"])
    assert any("404" in str(reason) for reason in ran.reasons)


@pytest.mark.thorough
def test_the_same_post_named_twice_is_visited_once_and_said(replica: Replica, archive: Path) -> None:
    same = f"{V2_POST}?utm_source=mail", "https://careerly.co.kr/community?post=73002"
    before = len(replica.log)
    ran = crawl(V2_POST, *same, replica=replica, archive=archive)
    assert ran.exit_code == 0
    assert sorted(targets(ran)) == sorted([(V2_POST, "done"), *((url, "skipped") for url in same)])
    assert posts_asked(replica, before).count("/api/v1/posts/73002/") == 1
    assert all(V2_POST in str(item["reason"]) for item in ran.answer["items"] if item["outcome"] == "skipped")


@pytest.mark.thorough
def test_targets_come_from_a_file_too(replica: Replica, archive: Path, tmp_path: Path) -> None:
    listed = tmp_path / "targets.txt"
    listed.write_text(f"\ufeff# what to keep\r\n\r\n  {POST}  \r\n# {STRANGE}\n{OTHER}\n", encoding="utf-8")
    ran = crawl("--from", listed, replica=replica, archive=archive)
    assert (ran.exit_code, targets(ran)) == (0, [(POST, "done"), (OTHER, "done")])


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "No such file"), (b"\xff\xfe\x00", "no UTF-8 text"), (b"# nothing\n", "Nothing was named")],
)
def test_a_list_that_cannot_be_used_is_a_mistake(
    content: bytes | None, said: str, replica: Replica, archive: Path, tmp_path: Path
) -> None:
    listed = tmp_path / "targets.txt"
    if content is not None:
        listed.write_bytes(content)
    ran = crawl("--from", listed, replica=replica, archive=archive)
    assert ran.exit_code == 2
    assert said in str(ran.reasons[0])


@pytest.mark.thorough
def test_max_posts_leaves_the_rest_and_says_so(replica: Replica, archive: Path) -> None:
    ran = crawl(POST, OTHER, V2_POST, "--max-posts", "1", replica=replica, archive=archive)
    assert ran.exit_code == 0
    assert sorted(targets(ran)) == sorted([(POST, "done"), (OTHER, "skipped"), (V2_POST, "skipped")])
    assert all("--max-posts 1" in str(reason) for reason in ran.reasons if reason)


def refusing(*hosts: str) -> Replica:
    return Replica(Deployment(robots=dict.fromkeys(hosts, CLOSED)))


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("named", "exit_code", "outcomes"),
    [
        ([POST, OTHER], 3, ["refused", "refused"]),
        ([POST, POST], 3, ["refused", "skipped"]),
        ([POST, "not a url"], 1, ["failed", "refused"]),
    ],
)
def test_3_says_that_policy_refused_all_that_was_tried(
    named: Sequence[str], exit_code: int, outcomes: list[str], archive: Path
) -> None:
    with refusing("careerly.co.kr") as replica:
        ran = crawl(*named, replica=replica, archive=archive)
        assert posts_asked(replica, 0) == []
    assert (ran.exit_code, sorted(ran.outcomes)) == (exit_code, outcomes)
    assert any("robots.txt" in str(reason) for reason in ran.reasons)


@pytest.mark.thorough
def test_some_refused_is_1(archive: Path) -> None:
    with refusing("v2.careerly.co.kr") as replica:
        ran = crawl(POST, V2_POST, replica=replica, archive=archive)
    assert (ran.exit_code, targets(ran)) == (1, [(POST, "done"), (V2_POST, "refused")])


@pytest.mark.thorough
def test_robots_txt_that_cannot_be_had_means_stay_out(archive: Path) -> None:
    with Replica(Deployment(robots={"careerly.co.kr": RobotsFile(status=403, body="")})) as allowed:
        assert crawl(POST, replica=allowed, archive=archive).exit_code == 0
    with Replica(Deployment(robots={"careerly.co.kr": RobotsFile(status=503, body="")})) as down:
        ran = crawl(POST, replica=down, archive=archive.with_name("other"))
        assert posts_asked(down, 0) == []
    assert ran.exit_code == 2


@pytest.mark.thorough
def test_a_host_whose_terms_forbid_it_is_not_visited(replica: Replica, archive: Path) -> None:
    settings = archive / "postkeep.toml"
    table = f'[host."{API_HOST}"]\n'
    said = settings.read_text(encoding="utf-8")
    assert table in said
    settings.write_text(said.replace(table, table + 'terms = "forbid"\n'), encoding="utf-8")
    ran = crawl(V2_POST, replica=replica, archive=archive)
    assert (ran.exit_code, ran.outcomes) == (3, ["refused"])
    assert "terms" in str(ran.reasons[0])
