"""What looks at an archive, or writes out of it, works from what is committed while another process holds it."""

import os
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Final

import pytest
from typer import Exit

from scraper.archive.disk import Disk
from scraper.archive.lock import is_held
from scraper.archive.pending import Pending, note_pending
from scraper.cli.clock import SystemClock
from scraper.cli.run import perform
from scraper.errors import ArchiveHeldError
from scraper.jobs.crawl.job import crawl
from scraper.jobs.look.listing import Choice, listed_posts
from scraper.jobs.look.status import status_of
from scraper.jobs.look.status_data import StatusData
from scraper.jobs.progress import Progress
from scraper.jobs.workplace import Workplace
from scraper.model.outcome import Item, Report
from scraper.settings_file import load_settings
from tests.cli.holding import held_by_another
from tests.cli.terminal import make_archive, postkeep
from tests.conftest import REPOSITORY
from tests.replica.server import Replica

POST: Final = "careerly:posts-73002"
WORK: Final = (
    ["refresh", "--dry-run"],
    pytest.param(["forget", POST, "--dry-run"], marks=pytest.mark.thorough),
    pytest.param(["drift"], marks=pytest.mark.thorough),
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


@pytest.mark.parametrize("arguments", WORK, ids=str)
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


@pytest.mark.thorough
def test_an_export_is_the_same_while_another_holds_the_archive(crawled: Path, tmp_path: Path) -> None:
    postkeep("export", tmp_path / "alone", "--archive", crawled, expect=0)
    with held_by_another(crawled):
        ran = postkeep("export", tmp_path / "beside", "--archive", crawled, expect=0)
    assert "Another run is at work" in ran.stderr
    assert files(tmp_path / "beside") == files(tmp_path / "alone")


@pytest.mark.thorough
@pytest.mark.parametrize(
    "arguments", [["drift"], ["refresh", "--dry-run"], ["export", "--wacz", "kept.wacz"]], ids=str
)
def test_posts_that_are_read_anew_by_the_way_pass_for_nothing_that_was_asked(
    arguments: list[str], crawled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (crawled / "records.sqlite").unlink()
    assert POST not in postkeep(*arguments, "--archive", crawled, expect=0).stderr
    (crawled / "records.sqlite").unlink()
    assert POST in postkeep("extract", "--archive", crawled, expect=0).stderr


@pytest.mark.thorough
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


@pytest.mark.thorough
def test_a_crawl_is_looked_at_while_it_is_at_work(replica: Replica, tmp_path: Path) -> None:
    folder = make_archive(tmp_path / "archive")
    seen: list[StatusData] = []

    class Onlooker(Progress):
        def end(self, item: Item) -> None:
            seen.append(status_of(place, {}))
            assert not list(listed_posts(folder, Choice()))
            assert item.outcome == "done"

    settings = load_settings(folder, {})
    place = Workplace(folder, settings, SystemClock(), network=replica.network, progress=Onlooker())
    crawl([f"https://careerly.co.kr/{path}" for path in ("posts/73002", "qnas/3107")], place)
    holders = [status["held_by"] for status in seen]
    assert [holder and (holder["verb"], holder["process"]) for holder in holders] == [
        ("crawl", os.getpid())
    ] * 2
    assert all(status["last_run"] is None for status in seen)
    after = status_of(place, {})
    assert after["held_by"] is None
    assert after["posts"]["total"] == 2
    assert after["last_run"]
    assert after["last_run"]["ended"] == "completed"


@pytest.mark.parametrize("arguments", [["list"], ["show", POST]], ids=str)
def test_that_another_is_at_work_is_said_beside_what_is_shown(arguments: list[str], crawled: Path) -> None:
    assert "Another run" not in postkeep(*arguments, "--archive", crawled, expect=0).stderr
    with held_by_another(crawled):
        assert "Another run" in postkeep(*arguments, "--archive", crawled, expect=0).stderr


def test_visits_of_a_run_that_was_never_judged_are_said_to_be_kept(crawled: Path) -> None:
    with closing(sqlite3.connect(crawled / "records.sqlite")) as records:
        records.execute("DELETE FROM verdicts")
        records.execute("INSERT OR IGNORE INTO held SELECT visit_id FROM features")
        records.commit()
    assert "postkeep status" in postkeep("list", "--archive", crawled, expect=0).stderr
    status = postkeep("status", "--archive", crawled, "--json", expect=0).answer["data"]
    assert (status["posts"]["total"], status["visits"]["unjudged"]) == (0, 3)
    assert any("postkeep drift" in step for step in status["next"])
    postkeep("drift", "--archive", crawled, expect=0)
    assert len(postkeep("list", "--archive", crawled, expect=0).stdout.splitlines()) == 3


def test_a_run_that_was_killed_is_said_to_have_been(crawled: Path) -> None:
    with closing(sqlite3.connect(crawled / "state.sqlite")) as state:
        state.execute("UPDATE runs SET ended_at = NULL, completed = 0, exit_code = NULL")
        state.commit()
    status = postkeep("status", "--archive", crawled, "--json", expect=0).answer["data"]
    assert status["last_run"]["ended"] == "killed"
    assert any("postkeep crawl" in step for step in status["next"])


def test_looking_loads_nothing_that_reads_pages_or_writes_datasets(crawled: Path) -> None:
    heavy = (
        "{'datasets', 'httpcore', 'httpx', 'huggingface_hub', 'jsonschema', 'matplotlib', 'numpy', 'pyarrow'}"
    )
    asks = f"""
import sys
from contextlib import suppress
from scraper.cli.main import app
for line in (["status"], ["list"], ["list", "--failed"], ["show", "{POST}"]):
    with suppress(SystemExit):
        app([*line, "--archive", sys.argv[1]], standalone_mode=False)
print("loaded:", *sorted({heavy} & sys.modules.keys()))
"""
    command = [sys.executable, "-c", asks, str(crawled)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=REPOSITORY)
    assert done.stdout.splitlines()[-1] == "loaded:"


def test_a_takedown_that_begins_while_posts_are_listed_ends_the_list(
    crawled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    posts = listed_posts(crawled, Choice())
    next(posts)
    note_pending(crawled, [Pending(POST, "asked")], Disk())

    def job(_: Progress) -> Report:
        return Report(data={"posts": map(asdict, posts)})

    with pytest.raises(Exit) as ended:
        perform("list", job, as_json=True)
    assert ended.value.exit_code == 4
    assert "takedown" in capsys.readouterr().err


def test_records_that_are_made_anew_while_posts_are_listed_end_the_list(crawled: Path) -> None:
    posts = listed_posts(crawled, Choice())
    next(posts)
    (crawled / "records.sqlite").rename(crawled / "aside")
    with pytest.raises(ArchiveHeldError, match="Run the same command again"):
        next(posts)


def test_an_archive_that_its_first_run_is_making_is_looked_at(archive: Path) -> None:
    (archive / "state.sqlite").touch()
    with held_by_another(archive):
        status = postkeep("status", "--archive", archive, "--json", expect=0).answer["data"]
    assert status["held_by"]
    assert "state.sqlite" in status["notes"][0]
    ran = postkeep("status", "--archive", archive, "--json", expect=1)
    assert "state.sqlite" in str(ran.reasons[0])
