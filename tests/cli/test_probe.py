"""``postkeep probe`` as it is typed: a table on stdout, or one JSON object with its data."""

import gzip
from pathlib import Path
from typing import Final

import pytest

from tests.cli.terminal import make_archive, postkeep
from tests.jobs.saved_files import write_zip
from tests.replica import forum
from tests.replica.server import Replica

SAVED: Final = Path(__file__).parents[1] / "jobs" / "saved"
URL: Final = f"{forum.SITE}/t/204"


def saved(tmp_path: Path, **changes: str) -> Path:
    page = forum.page("/t/204", "")[1]
    for old, new in changes.items():
        page = page.replace(old, new)
    path = tmp_path / "topic.html"
    path.write_text(page, encoding="utf-8")
    return path


def test_a_saved_page_is_shown_as_a_table_on_stdout(tmp_path: Path) -> None:
    ran = postkeep("probe", saved(tmp_path), "--url", URL, "--archive", tmp_path / "none", expect=0)
    lines = ran.stdout.splitlines()
    labels = [line.split("  ")[0].strip() for line in lines]
    assert {"page", "kind", "read by", "post", "title", "author", "published", "text", "access"} <= set(
        labels
    )
    assert any(forum.TOPICS[3].title in line for line in lines)
    assert f"done     {forum.HOST}:" in ran.stderr
    assert not (tmp_path / "none").exists()


def test_json_has_the_same_as_data_and_no_line_for_people(tmp_path: Path) -> None:
    marked = tmp_path / "marked.html"
    ran = postkeep(
        "probe", saved(tmp_path), "--url", URL, "--html", marked, "--archive", tmp_path, "--json", expect=0
    )
    assert ran.answer["outputs"] == [str(marked)]
    assert ran.answer["data"]["canonical_url"] == URL
    assert ran.answer["items"][0]["post_id"] == ran.answer["data"]["post_id"]
    assert ran.stderr == ""


def test_a_packed_page_is_shown_and_a_package_is_not(tmp_path: Path) -> None:
    page = saved(tmp_path)
    packed = tmp_path / "topic.html.gz"
    packed.write_bytes(gzip.compress(page.read_bytes()))
    ran = postkeep("probe", packed, "--url", URL, "--archive", tmp_path / "none", expect=0)
    assert forum.TOPICS[3].title in ran.stdout
    package = write_zip(tmp_path / "topics.zip", {"topic.html": page.read_bytes()})
    assert (
        "is a package of files" in postkeep("probe", package, "--archive", tmp_path / "none", expect=1).stderr
    )


def test_what_a_page_holds_does_not_drive_a_terminal(tmp_path: Path) -> None:
    title = forum.TOPICS[3].title
    page = saved(tmp_path, **{title: f"{title} &#x1b;[2J&#x202e;evil"})
    ran = postkeep("probe", page, "--url", URL, "--archive", tmp_path)
    assert "\x1b" not in ran.stdout
    assert "\u202e" not in ran.stdout
    assert title in ran.stdout


def test_a_live_page_is_asked_for_under_the_settings_of_the_archive(tmp_path: Path, replica: Replica) -> None:
    archive = make_archive(tmp_path / "archive")
    ran = postkeep("probe", URL, "--archive", archive, replica=replica, expect=0)
    assert forum.TOPICS[3].title in ran.stdout
    assert [path.name for path in archive.iterdir()] == ["postkeep.toml"]


def test_without_a_contact_nobody_is_asked_and_it_says_how_to_set_one(
    tmp_path: Path, replica: Replica
) -> None:
    before = replica.log
    ran = postkeep("probe", URL, "--archive", tmp_path, replica=replica, expect=2)
    assert 'contact = "you@example.org"' in ran.stderr
    assert replica.log == before


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("chrome.mhtml", None),
        ("singlefile.html", None),
        ("singlefile-compressed.html", None),
        ("playwright.har", "http://blog.example/posts/41"),
    ],
)
def test_a_file_that_says_where_its_page_was_needs_nothing_said(name: str, url: str | None) -> None:
    ran = postkeep("probe", str(SAVED / name), *(["--url", url] if url else []), "--json")
    assert ran.outcomes == ["done"]
    assert ran.answer["data"]["canonical_url"] == "http://blog.example/posts/41"


def test_of_several_pages_in_a_file_one_is_to_be_chosen() -> None:
    ran = postkeep("probe", str(SAVED / "playwright.har"))
    assert ran.exit_code == 1
    assert "Choose one with --url" in ran.stdout + ran.stderr
