"""The archive folder and the dataset folder: making them, finding them, and what else lies in them."""

from pathlib import Path
from typing import Final

import pytest

from scraper.archive.lock import Lock
from tests.cli.terminal import Ran, postkeep

NEEDS_AN_ARCHIVE: Final = (["extract"], ["export", "dataset"], ["check"])


def files_in(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_init_makes_the_settings_and_says_where(tmp_path: Path) -> None:
    ran = postkeep("init", tmp_path / "new", "--contact", "you@example.org")
    assert (ran.exit_code, ran.stdout) == (0, f"{tmp_path / 'new' / 'postkeep.toml'}\n")
    assert 'contact = "you@example.org"' in (tmp_path / "new" / "postkeep.toml").read_text(encoding="utf-8")


def test_init_twice_changes_nothing(tmp_path: Path) -> None:
    postkeep("init", tmp_path, "--contact", "you@example.org")
    before = files_in(tmp_path)
    ran = postkeep("init", tmp_path)
    assert (ran.exit_code, files_in(tmp_path)) == (2, before)
    assert "nothing was changed" in ran.stderr


@pytest.mark.parametrize("contact", ["nobody", "a b@example.org", "ftp://example.org", 'x"\ny = 1'])
def test_a_contact_that_nobody_could_write_to_is_a_mistake(contact: str, tmp_path: Path) -> None:
    ran = postkeep("init", tmp_path / "new", "--contact", contact, "--json")
    assert ran.exit_code == 2
    assert "contact" in str(ran.reasons[0])
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("verb", NEEDS_AN_ARCHIVE, ids=lambda verb: verb[0])
def test_a_folder_that_is_no_archive_is_named(
    verb: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = postkeep(*verb, "--archive", "nowhere", "--json")
    assert ran.exit_code == 2
    assert "nowhere is no archive" in str(ran.reasons[0])
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "verb",
    [
        *NEEDS_AN_ARCHIVE,
        *(
            ["status"],
            ["list"],
            ["show", "x:1"],
            ["browse", "reader"],
            ["report", "report.html"],
            ["refresh"],
        ),
        *(["forget", "x:1", "--reason", "x"], ["drift"], ["schedule", "cron"]),
    ],
    ids=lambda verb: verb[0],
)
def test_whatever_is_asked_where_no_archive_is_the_answer_says_how_to_come_by_one(
    verb: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = postkeep(*verb, "--json")
    assert ran.exit_code == 2
    assert "archive is no archive" in str(ran.reasons[0])
    assert "postkeep init" in str(ran.reasons[0])
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("verb", NEEDS_AN_ARCHIVE, ids=lambda verb: verb[0])
def test_a_file_in_the_place_of_the_archive_is_named(verb: list[str], tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    ran = postkeep(*verb, "--archive", file, "--json")
    assert ran.exit_code == 2
    assert str(file) in str(ran.reasons[0])


def test_the_archive_is_found_by_flag_then_environment_then_default(
    crawled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    env = {"POSTKEEP_ARCHIVE": str(crawled)}
    assert postkeep("check", "--json", env=env).answer["items"][0]["target"] == str(crawled)
    assert postkeep("check", "--archive", "elsewhere", env=env).exit_code == 2
    postkeep("init")
    assert (tmp_path / "archive" / "postkeep.toml").is_file()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('contct = "you@example.org"', "'contact'"),
        ("[[", "cannot be read"),
        ('names = "real"', "pseudonymous"),
        ('scrub = ["faces"]', "scrub"),
        ('[host."careerly.co.kr"]\ndelay = "slow"', "delay"),
        ('[host."careerly.co.kr"]\nterms = "allow"', "terms"),
    ],
)
@pytest.mark.parametrize("verb", [*NEEDS_AN_ARCHIVE, ["crawl", "x"], ["import", "x"]], ids=lambda v: v[0])
def test_a_mistake_in_the_settings_stops_every_verb(
    verb: list[str], line: str, said: str, tmp_path: Path
) -> None:
    (tmp_path / "postkeep.toml").write_text(line, encoding="utf-8")
    ran = postkeep(*verb, "--archive", tmp_path, "--json")
    assert ran.exit_code == 2
    assert str(tmp_path / "postkeep.toml") in str(ran.reasons[0])
    assert said in str(ran.reasons[0])
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("verb", [["extract"], ["import", "x"], ["check", "--repair"]])
def test_a_second_writer_is_4_and_a_sentence(verb: list[str], crawled: Path) -> None:
    with Lock(crawled):
        ran = postkeep(*verb, "--archive", crawled, "--json")
    assert ran.exit_code == 4
    assert "another run" in str(ran.reasons[0])
    assert str(crawled) in str(ran.reasons[0])


def test_a_look_needs_no_lock(crawled: Path) -> None:
    with Lock(crawled):
        assert postkeep("check", "--archive", crawled).exit_code == 0


def test_export_keeps_out_of_a_folder_with_foreign_files(crawled: Path, tmp_path: Path) -> None:
    notes = tmp_path / "notes" / "mine.txt"
    notes.parent.mkdir()
    notes.write_text("mine", encoding="utf-8")
    ran = postkeep("export", notes.parent, "--archive", crawled, "--json")
    assert ran.exit_code == 2
    assert "mine.txt" in str(ran.reasons[0])
    assert files_in(notes.parent) == {str(notes): b"mine"}


def test_export_never_goes_into_the_archive_itself(crawled: Path) -> None:
    ran = postkeep("export", crawled, "--archive", crawled)
    assert ran.exit_code == 2
    assert (crawled / "postkeep.toml").is_file()
    assert postkeep("check", "--archive", crawled).exit_code == 0


@pytest.mark.thorough
def test_the_same_bytes_come_again_without_records_and_exports(crawled: Path, tmp_path: Path) -> None:
    def exported(name: str) -> Ran:
        return postkeep("export", tmp_path / name, "--archive", crawled)

    assert exported("first").exit_code == 0
    (crawled / "records.sqlite").unlink()
    assert postkeep("extract", "--archive", crawled).exit_code == 0
    assert exported("second").exit_code == 0
    first, second = files_in(tmp_path / "first"), files_in(tmp_path / "second")
    assert list(first.values()) == list(second.values())
    assert first


def test_without_text_no_text_goes_out(crawled: Path, tmp_path: Path) -> None:
    assert (
        postkeep("export", tmp_path / "bare", "--without", "text", "--archive", crawled, "--json").exit_code
        == 0
    )
    words = "인수인계".encode()
    assert not [path for path, content in files_in(tmp_path / "bare").items() if words in content]
