"""What looks at an archive, or writes out of it, works from what is committed while another process holds it."""

import socket
from pathlib import Path
from typing import Final

import pytest

from scraper.archive.lock import is_held
from tests.cli.holding import held_by_another
from tests.cli.terminal import postkeep

POST: Final = "careerly:posts-73002"
WORK: Final = (
    ["refresh", "--dry-run"],
    ["forget", POST, "--dry-run"],
    ["forget", POST, "--dry-run", "--reason", "asked"],
    ["drift"],
    ["check"],
    ["status"],
    ["list"],
    ["list", "--failed"],
    ["show", POST],
)


def files(folder: Path) -> dict[str, bytes]:
    """What lies in a folder; what SQLite keeps beside a database for readers is no part of it."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.endswith(("-shm", "-wal"))
    }


@pytest.mark.parametrize("arguments", WORK, ids=" ".join)
def test_it_says_the_same_while_another_holds_the_archive(arguments: list[str], crawled: Path) -> None:
    alone = postkeep(*arguments, "--archive", crawled, "--json", expect=0).answer
    before = files(crawled)
    with held_by_another(crawled):
        beside = postkeep(*arguments, "--archive", crawled, "--json", expect=0).answer
        assert is_held(crawled)
    assert files(crawled).keys() == before.keys()
    assert {name: data for name, data in files(crawled).items() if name != "lock"} == {
        name: data for name, data in before.items() if name != "lock"
    }
    if arguments != ["status"]:
        assert beside == alone


def test_an_export_is_the_same_while_another_holds_the_archive(crawled: Path, tmp_path: Path) -> None:
    postkeep("export", tmp_path / "alone", "--archive", crawled, expect=0)
    with held_by_another(crawled):
        postkeep("export", tmp_path / "beside", "--archive", crawled, expect=0)
    assert files(tmp_path / "beside") == files(tmp_path / "alone")


def test_a_publication_is_described_while_another_holds_the_archive(crawled: Path, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        nobody = f"http://127.0.0.1:{closed.getsockname()[1]}"
    env = {"HF_ENDPOINT": nobody, "HF_HOME": str(tmp_path), "HF_TOKEN": "hf_none"}
    with held_by_another(crawled):
        ran = postkeep("publish", "me/posts", "--dry-run", "--archive", crawled, "--json", env=env, expect=0)
    assert any("posts" in str(target["target"]) for target in ran.answer["items"])


@pytest.mark.parametrize(
    "arguments", [["refresh"], ["forget", POST, "--reason", "asked", "--yes"], ["extract"]], ids=" ".join
)
def test_what_writes_keeps_out(arguments: list[str], crawled: Path) -> None:
    with held_by_another(crawled):
        ran = postkeep(*arguments, "--archive", crawled, "--json", expect=4)
    assert "another run" in str(ran.reasons[0])


def test_a_plan_of_an_archive_without_posts_says_so(archive: Path) -> None:
    ran = postkeep("refresh", "--dry-run", "--archive", archive, "--json", expect=0)
    assert str(ran.reasons[0]).startswith("0 of 0 posts are due")
    with held_by_another(archive):
        assert (
            postkeep("refresh", "--dry-run", "--archive", archive, "--json", expect=0).reasons == ran.reasons
        )
