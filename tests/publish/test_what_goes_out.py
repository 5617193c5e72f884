"""Which rows go out, when, to whom they are shown, and who may not be overwritten."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pytest

from tests.hub.faults import Fault
from tests.hub.server import HubServer
from tests.hub.storage import StoredFile
from tests.publish.archives import POSTS, Place
from tests.publish.shell import Shell
from tests.publish.test_publish import today
from tests.publish.test_takedown import take_down

# Two more posts of the replica.
EXTRA = (71655, 72018)


def publish(shell: Shell, repo: str, place: Place, *options: str) -> tuple[int, str]:
    ran = shell.postkeep("publish", repo, "--archive", place.folder, *options)
    return ran.exit_code, ran.stdout + ran.stderr


@pytest.fixture
def mine(tmp_path: Path) -> Place:
    return Place(tmp_path / "archive").keep(*POSTS)


@pytest.mark.thorough
def test_a_public_repository_needs_statement_and_consent_and_is_public_last(
    hub: HubServer, shell: Shell, mine: Place
) -> None:
    assert publish(shell, "me/open", mine, "--public", "--yes")[0] == 2
    mine.say(rights_statement="Copyright stays with the authors.")
    exit_code, said = publish(shell, "me/open", mine, "--public")
    assert exit_code == 2
    assert "Copyright stays with the authors." in said
    assert "--yes" in said
    assert "me/open" not in hub.holdings.repositories
    hub.faults[:] = [Fault("POST", "/tag/", 403)]
    assert publish(shell, "me/open", mine, "--public", "--gated", "--yes")[0] == 2
    assert hub.repository("me/open").visibility == "private"
    assert publish(shell, "me/open", mine, "--public", "--gated", "--yes")[0] == 0
    assert (hub.repository("me/open").visibility, hub.repository("me/open").gated) == ("public", "manual")
    exit_code, said = publish(shell, "me/open", mine.keep(POSTS[0], views=777_777))
    assert exit_code == 2
    assert "is public" in said


@pytest.mark.slow
def test_where_terms_forbid_it_texts_stay_private_and_the_bare_form_may_be_public(
    hub: HubServer, shell: Shell, mine: Place
) -> None:
    mine.say(rights_statement="Copyright stays with the authors.")
    with (mine.folder / "postkeep.toml").open("a", encoding="utf-8") as settings:
        settings.write('\n[host."careerly.co.kr"]\nterms = "forbid"\nreason = "Their terms, section 5."\n')
    exit_code, said = publish(shell, "me/terms", mine, "--public", "--yes")
    assert exit_code == 3
    assert f"the terms of careerly.co.kr forbid it ({len(POSTS)} posts)" in said
    assert "--without text" in said
    assert "me/terms" not in hub.holdings.repositories
    assert publish(shell, "me/terms", mine)[0] == 0
    assert publish(shell, "me/terms", mine, "--public", "--without", "text", "--yes")[0] == 3
    assert hub.repository("me/terms").visibility == "private"
    assert publish(shell, "me/bare-terms", mine, "--public", "--without", "text", "--yes")[0] == 0
    assert hub.repository("me/bare-terms").visibility == "public"
    assert "text" not in shell.load("me/bare-terms", "posts")[0]


@pytest.mark.slow
def test_an_archive_of_which_nothing_may_go_out_makes_no_repository(
    hub: HubServer, shell: Shell, tmp_path: Path
) -> None:
    place = Place(tmp_path / "archive").keep(POSTS[0])
    take_down(place, f"careerly:comments-{POSTS[0]}")
    exit_code, said = publish(shell, "me/nothing", place)
    assert exit_code == 0
    assert "no row that may go out, so there is nothing to publish" in said
    assert "me/nothing" not in hub.holdings.repositories


@pytest.mark.thorough
def test_counts_alone_wait_a_week(hub: HubServer, shell: Shell, mine: Place) -> None:
    assert publish(shell, "me/counts", mine)[0] == 0
    repository = hub.repository("me/counts")
    repository.now = datetime.now(UTC) - timedelta(days=3)
    assert publish(shell, "me/counts", mine.keep(POSTS[0], text="새로 고쳐 쓴 글입니다."))[0] == 0
    commits = len(repository.commits)
    exit_code, said = publish(
        shell, "me/counts", mine.keep(POSTS[0], text="새로 고쳐 쓴 글입니다.", views=99_999)
    )
    assert exit_code == 0
    assert "Only counts changed" in said
    assert len(repository.commits) == commits
    mine.set_publish("metrics_every_days = 2")
    assert publish(shell, "me/counts", mine)[0] == 0
    assert set(repository.tags) == {today(), today(2), today(3)}
    card = hub.read("me/counts", "README.md").decode()
    assert all(tag in card for tag in repository.tags)


@pytest.mark.slow
def test_the_form_without_text_has_none(hub: HubServer, shell: Shell, mine: Place) -> None:
    assert publish(shell, "me/bare", mine, "--without", "text")[0] == 0
    [row, *_] = shell.load("me/bare", "posts", today())
    assert "text" not in row
    assert "views" in row
    assert not [path for path in hub.repository("me/bare").head.files if "revisions" in path]


@pytest.mark.thorough
def test_another_archive_does_not_replace_the_rows_of_the_first(
    hub: HubServer, shell: Shell, mine: Place, tmp_path: Path
) -> None:
    assert publish(shell, "me/shared", mine)[0] == 0
    other = Place(tmp_path / "other").keep(POSTS[0])
    (other.folder / "pseudonym.key").write_bytes(bytes(32))
    exit_code, said = publish(shell, "me/shared", other)
    assert exit_code == 2
    assert "published from another archive" in said
    assert len(shell.load("me/shared", "posts")) == len(POSTS)


@pytest.mark.slow
def test_files_of_others_stay_or_stop_the_publication(hub: HubServer, shell: Shell, mine: Place) -> None:
    assert publish(shell, "me/mixed", mine)[0] == 0
    repository = hub.repository("me/mixed")
    notes = {"NOTES.md": StoredFile.of(b"by hand")}
    repository.commit(notes, (), title="by hand", description="", parent=None)
    assert publish(shell, "me/mixed", mine.keep(POSTS[0], text="고쳐 쓴 글입니다."))[0] == 0
    assert "NOTES.md" in repository.head.files
    rows = {"data/posts/1999.parquet": StoredFile.of(b"by hand")}
    repository.commit(rows, (), title="by hand", description="", parent=None)
    exit_code, said = publish(shell, "me/mixed", mine)
    assert exit_code == 2
    assert "data/posts/1999.parquet" in said
    assert "data/posts/1999.parquet" in repository.head.files


@pytest.mark.slow
@pytest.mark.parametrize("published", [False, True], ids=["first", "later"])
def test_two_copies_of_one_archive_at_once_make_one_version_and_lose_no_row(
    published: bool, hub: HubServer, shell: Shell, mine: Place, tmp_path: Path
) -> None:
    repo = f"me/race-{'later' if published else 'first'}"
    if published:
        assert publish(shell, repo, mine)[0] == 0
    copies = [Path(shutil.copytree(mine.folder, tmp_path / name)) for name in ("one", "two")]
    for copy in copies:
        # The same captures, known to both, of which the Hub does not know the last.
        Place.at(copy).keep(POSTS[0], text="고쳐 쓴 글입니다.")
    with Shell(hub, tmp_path / "hf-home") as other, ThreadPoolExecutor(2) as pool:
        runs = [
            pool.submit(process.postkeep, "publish", repo, "--archive", copy)
            for process, copy in zip((shell, other), copies, strict=True)
        ]
        assert [run.result().exit_code for run in runs] == [0, 0], [run.result().stderr for run in runs]
    rows = shell.load(repo, "posts")
    assert len(rows) == len(POSTS)
    assert "고쳐 쓴 글입니다." in {row["text"] for row in rows}
    repository = hub.repository(repo)
    assert len(repository.tags) == len(repository.history("main")) - 1


@pytest.mark.slow
def test_a_copy_does_not_replace_what_another_copy_published(
    hub: HubServer, shell: Shell, mine: Place, tmp_path: Path
) -> None:
    copy = Place.at(Path(shutil.copytree(mine.folder, tmp_path / "copy")))
    assert publish(shell, "me/copies", mine.keep(EXTRA[0]))[0] == 0
    copy.set_publish("largest_fall = 1.0")
    exit_code, said = publish(shell, "me/copies", copy.keep(EXTRA[1]))
    assert exit_code == 1
    assert f"holds 1 posts that this archive does not, such as careerly:comments-{EXTRA[0]}" in said
    assert len(hub.repository("me/copies").tags) == 1


@pytest.mark.thorough
def test_too_great_a_fall_stops_with_its_own_exit_code(
    hub: HubServer, shell: Shell, mine: Place, tmp_path: Path
) -> None:
    assert publish(shell, "me/fall", mine)[0] == 0
    # The same archive, restored from a backup of long ago.
    old = Place(tmp_path / "old").keep(POSTS[0])
    exit_code, said = publish(shell, "me/fall", old)
    assert exit_code == 5
    assert "would fall from" in said
    assert len(hub.repository("me/fall").tags) == 1


@pytest.mark.slow
def test_other_tools_read_the_same_rows(shell: Shell, hub: HubServer, mine: Place, tmp_path: Path) -> None:
    assert publish(shell, "me/tools", mine)[0] == 0
    folder = tmp_path / "tables"
    for path, file in hub.repository("me/tools").head.files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(hub.repository("me/tools").content(file))
    wanted = sorted(row["post_id"] for row in shell.load("me/tools", "posts", today()))
    pattern = f"{folder}/data/posts/*.parquet"
    with duckdb.connect() as database:
        found = database.execute(f"SELECT post_id FROM '{pattern}' ORDER BY post_id").fetchall()
    assert [post_id for (post_id,) in found] == wanted
    assert sorted(pl.read_parquet(pattern)["post_id"]) == wanted
    assert sorted(pd.read_parquet(folder / "data" / "posts")["post_id"]) == wanted
