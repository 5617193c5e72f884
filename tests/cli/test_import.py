"""``postkeep import`` on what people really have: good files, broken files, and files of another kind."""

import gzip
import os
from pathlib import Path
from typing import Final

import pytest

from tests.cli.terminal import Ran, imported, postkeep
from tests.fixtures.pages import v1_page, v1_post
from tests.jobs.saved_files import URLS as PATTERN
from tests.jobs.saved_files import page as saved_page
from tests.jobs.saved_files import text as saved_text
from tests.jobs.saved_files import write_folder, write_zip
from tests.replica.content import load_community
from tests.replica.v1 import flattened_page

COMMUNITY: Final = load_community()
URL: Final = "https://careerly.co.kr/comments/71655"
STRANGE: Final = "https://example.org/a-page"


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "flattened.txt"
    path.write_text(flattened_page(v1_post(71655)), encoding="utf-8")
    return path


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "saved.html"
    path.write_text(v1_page(71655), encoding="utf-8")
    return path


@pytest.mark.thorough
def test_the_first_import_says_where_it_makes_the_archive(page: Path, tmp_path: Path) -> None:
    archive = tmp_path / "new"
    said = f"There is no archive yet, so one is made at {archive}."
    assert said in postkeep("import", page, "--archive", archive, expect=0).stderr.replace("\n", " ")
    assert said not in postkeep("import", page, "--archive", archive, expect=0).stderr.replace("\n", " ")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "other").touch()
    ran = postkeep("import", page, "--archive", tmp_path / "full", expect=2)
    assert "so one is made" not in ran.stderr


@pytest.fixture
def warc(crawled: Path) -> Path:
    """The WARC file of an archive with a V2 post, a V1 post and a V1 question, in this order."""
    (path,) = (crawled / "warc").iterdir()
    return path


def post_ids(ran: Ran) -> list[str | None]:
    return [item["post_id"] for item in ran.answer["items"]]


@pytest.mark.thorough
def test_import_makes_the_archive(text: Path, tmp_path: Path) -> None:
    ran = imported(text, "--url", URL, into=tmp_path / "new")
    assert (ran.exit_code, post_ids(ran)) == (0, ["careerly:comments-71655"])
    assert (tmp_path / "new" / "warc").is_dir()


@pytest.mark.thorough
def test_saved_html_says_itself_where_it_was(page: Path, archive: Path) -> None:
    assert post_ids(imported(page, into=archive)) == ["careerly:comments-71655"]


@pytest.mark.thorough
def test_the_same_file_twice_is_skipped(text: Path, archive: Path) -> None:
    imported(text, "--url", URL, into=archive)
    again = imported(text, "--url", URL, into=archive)
    assert (again.exit_code, again.outcomes) == (0, ["skipped"])
    assert len(list((archive / "warc").iterdir())) == 1


def posts(ran: Ran) -> list[str]:
    """What became of each post; what a file holds besides is counted in items without one."""
    return [item["outcome"] for item in ran.answer["items"] if item["post_id"]]


@pytest.mark.thorough
def test_the_same_warc_twice_is_skipped(warc: Path, archive: Path) -> None:
    assert posts(imported(warc, into=archive)) == ["done"] * 3
    assert posts(imported(warc, into=archive)) == ["skipped"] * 3


@pytest.mark.thorough
def test_a_warc_cut_in_half_gives_the_whole_records_before_the_cut(
    warc: Path, archive: Path, tmp_path: Path
) -> None:
    cut = tmp_path / "cut.warc.gz"
    whole = warc.read_bytes()
    cut.write_bytes(whole[: len(whole) * 6 // 10])
    ran = imported(cut, into=archive)
    assert ran.exit_code == 1
    done = [item["post_id"] for item in ran.answer["items"] if item["outcome"] == "done"]
    assert done
    assert done == ["careerly:posts-73002", "careerly:comments-72260", "careerly:qnas-3107"][: len(done)]
    (sentence,) = [item["reason"] for item in ran.answer["items"] if item["outcome"] == "failed"]
    assert "cut off" in sentence
    assert cut.name in sentence


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.html", b"", "is empty"),
        ("blank.txt", b" \n\n\t", "is empty"),
        (
            "picture.png",
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\6\0\0\0",
            "Such files are not read",
        ),
        (
            "paper.pdf",
            b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj << /Type /Catalog >> endobj\n",
            "Such files are not read",
        ),
        ("nothing.gz", gzip.compress(b"", mtime=0), "nothing in it"),
        ("words.gz", gzip.compress(b"these are words", mtime=0), "--url"),
        ("noise.gz", gzip.compress(bytes(range(256)) * 16, mtime=0), "binary"),
        ("noise.txt", bytes(range(256)) * 16, "binary"),
        ("package.zip", b"PK\x03\x04 and no more", "WACZ"),
        ("head.warc", b"WARC/1.1\r\nWARC-Type: resp", "cut off"),
    ],
)
def test_a_file_of_another_kind_is_named_in_a_sentence(
    name: str, content: bytes, said: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    ran = imported(path, into=tmp_path / "archive")
    assert ran.exit_code == 1
    assert set(ran.outcomes) == {"failed"}
    assert said in str(ran.reasons[0])
    assert str(path) in str(ran.reasons[0])


def test_a_missing_file_an_empty_folder_and_a_pipe_are_told_apart(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    empty = tmp_path / "empty"
    empty.mkdir()
    ran = imported(tmp_path / "missing.html", empty, pipe, tmp_path / ("x" * 300), into=tmp_path / "archive")
    assert (ran.exit_code, ran.outcomes) == (1, ["failed"] * 4)
    missing, folder, stream, long = map(str, ran.reasons)
    assert "File name too long" in long
    assert "No such file" in missing
    assert "holds no file" in folder
    assert "is no file on disk" in stream


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_that_may_not_be_read_is_named(text: Path, tmp_path: Path) -> None:
    text.chmod(0)
    ran = imported(text, "--url", URL, into=tmp_path / "archive")
    assert (ran.exit_code, ran.outcomes) == (1, ["failed"])
    assert "Permission denied" in str(ran.reasons[0])


@pytest.mark.thorough
def test_text_of_a_site_that_no_adapter_knows_is_read(text: Path, archive: Path) -> None:
    ran = imported(text, "--url", STRANGE, into=archive)
    assert (ran.exit_code, ran.outcomes) == (0, ["done"])


@pytest.mark.thorough
def test_text_without_a_url_asks_for_one(text: Path, archive: Path) -> None:
    ran = imported(text, into=archive)
    assert (ran.exit_code, ran.outcomes) == (1, ["failed"])
    assert "--url" in str(ran.reasons[0])


@pytest.mark.thorough
def test_a_text_that_is_no_careerly_page_is_kept_rejected_and_listed(archive: Path, tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("장 보러 갈 것\n\n두부, 대파, 달걀", encoding="utf-8")
    ran = imported(letter, "--url", URL, into=archive)
    assert (ran.exit_code, ran.outcomes) == (1, ["rejected"])
    listed = postkeep("extract", "--archive", archive, "--json")
    assert (listed.exit_code, listed.outcomes) == (1, ["rejected"])
    assert listed.reasons == ran.reasons
    assert list((archive / "warc").iterdir())


@pytest.mark.thorough
def test_one_bad_file_among_several_costs_only_itself(
    page: Path, warc: Path, archive: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.bin"
    bad.write_bytes(b"\0" * 100)
    ran = imported(page, bad, tmp_path / "missing", warc, into=archive)
    assert ran.exit_code == 1
    named = [item for item in ran.answer["items"] if item["post_id"] or item["outcome"] == "failed"]
    assert [item["outcome"] for item in named] == ["done", "failed", "failed", "done", "done", "done"]


def test_one_url_for_several_files_is_a_mistake(text: Path, page: Path, tmp_path: Path) -> None:
    ran = imported(text, page, "--url", URL, into=tmp_path / "new")
    assert ran.exit_code == 2
    assert "--url" in str(ran.reasons[0])
    assert not (tmp_path / "new").exists()


def test_url_is_not_for_files_that_say_it_themselves(warc: Path, archive: Path) -> None:
    ran = imported(warc, "--url", URL, into=archive)
    assert (ran.exit_code, ran.outcomes) == (1, ["failed"])
    assert "--url" in str(ran.reasons[0])


@pytest.mark.parametrize(
    "moment",
    [
        "yesterday",
        "2023-05-01",
        "2023-05-01T09:00:00",
        "2999-01-01T00:00:00+09:00",
        "0001-01-01T00:00:00+09:00",
        "",
    ],
)
def test_a_time_that_cannot_be_is_a_mistake_and_nothing_is_made(
    moment: str, text: Path, tmp_path: Path
) -> None:
    ran = imported(text, "--url", URL, "--captured-at", moment, into=tmp_path / "new")
    assert ran.exit_code == 2
    assert "--captured-at" in str(ran.reasons[0])
    assert not (tmp_path / "new").exists()


@pytest.mark.thorough
def test_a_stated_time_is_taken(text: Path, archive: Path) -> None:
    ran = imported(text, "--url", URL, "--captured-at", "2023-06-01T09:00:00+09:00", into=archive)
    assert (ran.exit_code, ran.outcomes) == (0, ["done"])


@pytest.mark.thorough
def test_a_folder_a_table_and_a_zip_file_are_taken_in(tmp_path: Path, archive: Path) -> None:
    folder = write_folder(tmp_path / "saved", {"71655.txt": saved_text(71655), "look.css": b""})
    table = tmp_path / "posts.csv"
    table.write_text("file\nsaved/72260.html\nsaved/gone.html\n", encoding="utf-8")
    write_folder(folder, {"72260.html": saved_page(72260)})
    packed = write_zip(tmp_path / "pages.zip", {"3107.txt": saved_text(72260)})
    ran = imported(folder, packed, "--from", table, "--url", PATTERN, into=archive)
    assert ran.exit_code == 1
    assert ran.answer["counts"] == {"done": 3, "failed": 1, "refused": 0, "rejected": 0, "skipped": 2}
    assert len(list((archive / "warc").iterdir())) == 1
    again = imported(folder, "--url", PATTERN, into=archive)
    assert (again.exit_code, set(again.outcomes)) == (0, {"skipped"})


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["texts", "--url", "https://example.org/{id}"], "{id} is none of {name}, {number} and {folder}"),
        (["texts", "--url", "example.org/{name}"], "write it as an http(s) URL"),
        (["--from", "gone.csv"], "there is no such file"),
        (
            ["--from", "t.csv", "--memento", "https://web.archive.org/cdx/search/cdx", "x"],
            "Leave one of them out",
        ),
        ([], "Give a FILE or a folder"),
    ],
)
def test_what_is_asked_wrongly_is_said_before_an_archive_is_made(
    arguments: list[str], said: str, tmp_path: Path
) -> None:
    ran = imported(*arguments, into=tmp_path / "new")
    assert ran.exit_code == 2
    assert said in str(ran.reasons[0])
    assert not (tmp_path / "new").exists()


@pytest.mark.thorough
def test_what_is_printed_of_a_folder_counts_what_was_passed_over(tmp_path: Path, archive: Path) -> None:
    folder = write_folder(tmp_path / "saved", {"a.css": b"", "b.css": b"", "\x1b[31m.txt": saved_text(71655)})
    ran = postkeep("import", folder, "--archive", archive)
    assert f"skipped  {folder}: Style sheets. (2)" in ran.stderr
    assert "\x1b" not in ran.stderr


def test_a_folder_that_holds_other_things_is_not_made_an_archive(text: Path, tmp_path: Path) -> None:
    ran = imported(text, "--url", URL, into=tmp_path)
    assert ran.exit_code == 2
    assert "--archive" in str(ran.reasons[0])
    assert [path.name for path in tmp_path.iterdir()] == [text.name]
