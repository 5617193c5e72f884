"""``merge`` and ``init --key-of`` as they are typed: what is printed, the exit codes, and what comes next."""

import shutil
from pathlib import Path

import pytest

from tests.cli.terminal import postkeep


@pytest.mark.thorough
def test_archives_are_merged_and_it_is_said_what_comes_next(crawled: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(crawled, tmp_path / "copy of it"))
    into = tmp_path / "merged set"
    ran = postkeep("merge", crawled, copy, "--into", into, expect=0)
    assert ran.stdout.splitlines()[-1] == str(into)
    assert f"postkeep publish OWNER/NAME --from '{into}' --archive {crawled}" in ran.stderr
    answer = postkeep("merge", copy, crawled, "--into", into, "--json", expect=0).answer
    assert (answer["command"], answer["outputs"]) == ("merge", [str(into)])
    assert [item["outcome"] for item in answer["items"]] == ["done"] * 3
    assert [item["post_id"] for item in answer["items"]] == sorted(
        item["post_id"] for item in answer["items"]
    )


def test_a_key_is_shared_when_an_archive_is_made_and_never_printed(crawled: Path, tmp_path: Path) -> None:
    key = (crawled / "pseudonym.key").read_bytes()
    ran = postkeep("init", tmp_path / "new", "--key-of", crawled, "--json", expect=0)
    assert (tmp_path / "new" / "pseudonym.key").read_bytes() == key
    assert "shares the pseudonym key of" in str(ran.reasons[0])
    assert key.hex() not in ran.stdout + ran.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "ARCHIVE..."),
        (("one",), "--into"),
        (("absent", "--into", "merged"), "absent is no archive"),
        (("", "--into", "merged"), "no archive"),
    ],
)
def test_what_is_missing_is_named(
    arguments: tuple[str, ...], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert told in postkeep("merge", *arguments, expect=2).stderr
    ran = postkeep("merge", *arguments, "--json", expect=2)
    assert ran.answer["exit_code"] == 2
    assert not list(tmp_path.iterdir())
