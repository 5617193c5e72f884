"""A dry run without token or network: the card and the lists lie in the archive, compared with the last publication known."""

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scraper.archive.decisions import append_decision
from scraper.archive.disk import Disk
from scraper.archive.files import PREVIEW_FOLDER, PUBLICATIONS_FILE
from scraper.archive.lock import Lock
from scraper.archive.preview import put_preview
from scraper.model.decision import Decision
from tests.cli.terminal import Ran, postkeep
from tests.hub.server import HubServer
from tests.publish.archives import POSTS, Place
from tests.publish.shell import Shell


@pytest.fixture(autouse=True)
def without_token(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("HF_TOKEN", raising=False)
    monkeypatch.setattr("huggingface_hub.constants.HF_TOKEN_PATH", str(tmp_path / "no-token"))


@pytest.fixture
def mine(tmp_path: Path) -> Place:
    return Place(tmp_path / "archive").keep(*POSTS)


def _dry(place: Place, *options: str) -> Ran:
    return postkeep("publish", "me/posts", "--archive", str(place.folder), "--dry-run", *options)


def _table(place: Place, name: str) -> list[dict[str, str]]:
    text = (place.folder / PREVIEW_FOLDER / name).read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def _forget(place: Place, what: str) -> Ran:
    return postkeep("forget", what, "--reason", "asked", "--yes", "--archive", str(place.folder))


@pytest.mark.disable_socket
def test_the_card_and_the_files_are_written_to_be_looked_at_without_any_socket(mine: Place) -> None:
    ran = _dry(mine)
    assert ran.exit_code == 0, ran.stderr
    preview = mine.folder / PREVIEW_FOLDER
    assert str(preview) in ran.stdout
    card = (preview / "README.md").read_text(encoding="utf-8")
    assert "pretty_name: Posts and comments from careerly" in card
    assert 'load_dataset("me/posts", "posts"' in card
    assert (preview / "CITATION.cff").is_file()
    assert not list(preview.rglob("*.parquet"))
    files = {row["path"]: row for row in _table(mine, "files.csv")}
    assert files["data/posts/2022.parquet"]["change"] == "new"
    assert int(files["data/posts/2022.parquet"]["bytes"]) > 1000
    assert int(files["data/posts/2022.parquet"]["rows"]) >= 1
    assert {path for path in files if path.startswith("plots/")} == {
        f"plots/{path.name}" for path in (preview / "plots").iterdir()
    }
    assert _table(mine, "withheld.csv") == []


@pytest.mark.thorough
def test_a_second_one_takes_the_place_of_the_first(mine: Place) -> None:
    _dry(mine)
    (mine.folder / PREVIEW_FOLDER / "of-mine.txt").write_text("?", encoding="utf-8")
    _dry(mine)
    assert not (mine.folder / PREVIEW_FOLDER / "of-mine.txt").exists()
    assert [path.name for path in mine.folder.glob(f"{PREVIEW_FOLDER}*")] == [PREVIEW_FOLDER]


@pytest.mark.thorough
def test_what_stays_behind_is_listed_with_its_reason(mine: Place) -> None:
    (mine.folder / "opt-out.txt").write_text(
        f"https://careerly.co.kr/comments/{POSTS[0]}\n", encoding="utf-8"
    )
    mine.say(opt_out="opt-out.txt")
    ran = _dry(mine)
    [row] = _table(mine, "withheld.csv")
    assert row["post_id"] == f"careerly:comments-{POSTS[0]}"
    assert "opt" in row["reason"]
    assert "1 post stays behind" in ran.stdout


def test_it_is_made_while_another_run_holds_the_archive(mine: Place) -> None:
    with Lock(mine.folder):
        ran = _dry(mine)
    assert ran.exit_code == 0, ran.stderr
    assert (mine.folder / PREVIEW_FOLDER / "README.md").is_file()


@pytest.mark.thorough
def test_a_takedown_takes_the_preview_with_it(mine: Place) -> None:
    _dry(mine)
    shown = (mine.folder / PREVIEW_FOLDER / "README.md").read_text(encoding="utf-8")
    taken = next(number for number in POSTS if f"comments-{number}" in shown)
    assert _forget(mine, f"careerly:comments-{taken}").exit_code == 0
    assert not (mine.folder / PREVIEW_FOLDER).exists()
    _dry(mine)
    assert f"comments-{taken}" not in (mine.folder / PREVIEW_FOLDER / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("is_folder", [False, True])
def test_what_was_taken_down_meanwhile_does_not_stand_in_the_preview(
    mine: Place, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *, is_folder: bool
) -> None:
    dataset = tmp_path / "dataset"
    assert postkeep("export", dataset, "--archive", mine.folder).exit_code == 0

    def late(built: Path, archive: Path) -> Path:
        append_decision(
            archive, Decision("tombstone", "careerly:comments-1", datetime.now(UTC), "asked"), Disk()
        )
        return put_preview(built, archive)

    monkeypatch.setattr("scraper.jobs.publication.preview.put_preview", late)
    ran = _dry(mine, *(["--from", str(dataset)] if is_folder else []))
    assert ran.exit_code == 4
    assert "took something down meanwhile" in ran.stderr
    assert not (mine.folder / PREVIEW_FOLDER).exists()


@pytest.mark.thorough
def test_what_would_be_asked_is_told_and_nobody_has_to_answer(mine: Place) -> None:
    mine.say(rights_statement="Texts belong to their authors.")
    ran = _dry(mine, "--public")
    assert ran.exit_code == 0, ran.stderr
    assert "You would be asked: This makes me/posts public." in ran.stdout


@pytest.mark.thorough
def test_what_must_not_go_out_is_refused_and_its_card_can_be_looked_at_all_the_same(mine: Place) -> None:
    ran = _dry(mine, "--public")
    assert ran.exit_code == 2
    assert "without a statement on rights" in ran.stderr
    assert (mine.folder / PREVIEW_FOLDER / "README.md").is_file()


@pytest.mark.thorough
def test_an_archive_that_cannot_be_written_still_tells(mine: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("scraper.jobs.publication.preview.put_preview", full)
    ran = _dry(mine, "--json")
    assert ran.exit_code == 0, ran.stderr
    items = {item["target"]: item["reason"] for item in ran.answer["items"]}
    assert "No space left on device" in items[PREVIEW_FOLDER]
    assert any(path.startswith("data/posts/") for path in items)


@pytest.mark.thorough
def test_without_the_hub_it_is_compared_with_the_last_publication(
    hub: HubServer, shell: Shell, tmp_path: Path
) -> None:
    place = Place(tmp_path / "archive").keep(*POSTS)
    assert shell.postkeep("publish", "me/posts", "--archive", place.folder).exit_code == 0
    [tag] = hub.repository("me/posts").tags
    unchanged = _dry(place)
    assert unchanged.exit_code == 0, unchanged.stderr
    assert f"compared with the last publication that the archive knows of, {tag}" in unchanged.stdout
    assert {row["change"] for row in _table(place, "files.csv") if row["path"].startswith("data/")} == {
        "unchanged"
    }
    place.keep(POSTS[0], text="고친 글입니다.")
    _dry(place)
    changes = {row["path"]: row["change"] for row in _table(place, "files.csv")}
    assert "changed" in {change for path, change in changes.items() if path.startswith("data/posts/")}
    assert "unchanged" in {change for path, change in changes.items() if path.startswith("data/posts/")}
    card = (place.folder / PREVIEW_FOLDER / "README.md").read_text(encoding="utf-8")
    assert f"Since `{tag}`:" in card
    assert f"{tag}.2" in card
    _forget(place, f"careerly:comments-{POSTS[0]}")
    assert "Takedowns since the last publication: 1" in _dry(place).stdout


@pytest.mark.thorough
@pytest.mark.parametrize("content", ["", "[]", "{", '{"me/posts": {"commit": 1}}', '{"me/posts": []}'])
def test_a_memory_that_cannot_be_read_is_as_none(mine: Place, content: str) -> None:
    (mine.folder / PUBLICATIONS_FILE).write_text(content, encoding="utf-8")
    ran = _dry(mine, "--json")
    assert ran.exit_code == 0, ran.stderr
    assert "empty repository" in json.dumps(ran.answer)
