"""``postkeep browse``: what it writes of an archive, what it leaves as it is, and what it refuses to touch."""

import re
from pathlib import Path

import pytest

from scraper.archive.lock import Lock
from scraper.archive.outputs import Output, remember
from scraper.viewer.folder import ReaderFolder
from scraper.viewer.paths import post_path
from tests.cli.terminal import postkeep
from tests.takedown.archives import community_archive, community_posts, url_of
from tests.takedown.searching import places_of


def pages_in(folder: Path) -> dict[str, bytes]:
    """The files of a reader by their paths, without its list of pages."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != "reader.sqlite")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.mark.thorough
def test_every_link_within_the_reader_leads_somewhere(tmp_path: Path) -> None:
    workplace = community_archive(tmp_path / "archive", community_posts()[:3])
    postkeep("browse", tmp_path / "pages", "--archive", workplace.folder, expect=0)
    pages = pages_in(tmp_path / "pages")
    for path, content in pages.items():
        for link in re.findall(r'(?:href|src)="([^"]*)"', content.decode()) if path.endswith("html") else ():
            if link.startswith("https://"):
                continue
            target, _, fragment = link.partition("#")
            assert not target.startswith("/")
            place = (tmp_path / "pages" / path).parent / target if target else tmp_path / "pages" / path
            name = place.resolve().relative_to((tmp_path / "pages").resolve()).as_posix()
            assert name in pages, f"{path} links to {link}"
            assert not fragment or f'id="{fragment}"'.encode() in pages[name]


@pytest.mark.thorough
def test_a_post_is_at_the_place_that_its_id_says(tmp_path: Path) -> None:
    post = community_posts()[0]
    workplace = community_archive(tmp_path / "archive", [post])
    ran = postkeep("browse", tmp_path / "pages", "--archive", workplace.folder, "--json", expect=0)
    assert ran.answer["outputs"] == [str(tmp_path / "pages" / "index.html")]
    page = (
        tmp_path / "pages" / post_path("careerly:" + post.path("v1").strip("/").replace("/", "-"))
    ).read_text(encoding="utf-8")
    assert url_of(post) in page


@pytest.mark.thorough
def test_what_has_not_changed_is_not_written_again(tmp_path: Path) -> None:
    workplace = community_archive(tmp_path / "archive", community_posts()[:2])
    folder = tmp_path / "pages"
    postkeep("browse", folder, "--archive", workplace.folder, expect=0)
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*.html")}
    ran = postkeep(
        "browse",
        folder,
        "--archive",
        workplace.folder,
        expect=0,
    )
    assert " 0 written" in ran.stderr
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*.html")} == before


@pytest.mark.thorough
def test_a_takedown_takes_it_off_the_readers_that_were_written(tmp_path: Path) -> None:
    workplace = community_archive(tmp_path / "archive")
    post = max(community_posts(), key=lambda post: len(post.text))
    folders = tmp_path / "pages", tmp_path / "private"
    postkeep("browse", folders[0], "--archive", workplace.folder, expect=0)
    postkeep("browse", folders[1], "--archive", workplace.folder, "--private", expect=0)
    path = post_path("careerly:" + post.path("v1").strip("/").replace("/", "-"))
    parts = [part for part in post.text.split("\n") if len(part) > 12][:5]
    comments = [comment.text.split("\n")[0] for comment in post.comments if len(comment.text) > 12]
    marks = (*parts, *comments, url_of(post), post.path("v1") + '"', path, str(post.id))
    for folder in folders:
        assert places_of(folder, parts[0])
        assert (folder / path).is_file()
    ran = postkeep(
        "forget", url_of(post), "--reason", "Asked", "--archive", workplace.folder, "--json", expect=0
    )
    told = {item["target"]: item["outcome"] for item in ran.answer["items"]}
    for folder in folders:
        assert told[str(folder)] == "done"
        assert places_of(folder, *marks) == []
        assert not (folder / path).exists()


@pytest.mark.thorough
def test_a_takedown_names_the_outputs_that_it_cannot_reach(tmp_path: Path) -> None:
    post = community_posts()[0]
    workplace = community_archive(tmp_path / "archive", [post])
    remember(workplace.folder, Output("csv", tmp_path / "tables"))
    ran = postkeep(
        "forget", url_of(post), "--reason", "Asked", "--archive", workplace.folder, "--json", expect=0
    )
    assert {"skipped"} == {
        item["outcome"] for item in ran.answer["items"] if item["target"] == str(tmp_path / "tables")
    }


@pytest.mark.thorough
def test_a_reader_that_a_takedown_could_not_reach_is_reached_by_the_next_command(tmp_path: Path) -> None:
    post = community_posts()[0]
    workplace = community_archive(tmp_path / "archive", community_posts()[:2])
    folder, mark = tmp_path / "pages", post.text.split("\n")[0]
    postkeep("browse", folder, "--archive", workplace.folder, expect=0)
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    ran = postkeep(
        "forget", url_of(post), "--reason", "Asked", "--archive", workplace.folder, "--json", expect=1
    )
    [reason] = [item["reason"] for item in ran.answer["items"] if item["target"] == str(folder)]
    assert "still shows what was taken down" in reason
    assert places_of(folder, mark)
    (folder / "notes.txt").unlink()
    postkeep("export", tmp_path / "dataset", "--archive", workplace.folder, expect=0)
    assert places_of(folder, mark) == []


@pytest.mark.thorough
def test_a_reader_that_is_being_written_is_named_by_a_takedown(tmp_path: Path) -> None:
    post = community_posts()[0]
    workplace = community_archive(tmp_path / "archive", community_posts()[:2])
    folder, mark = tmp_path / "pages", post.text.split("\n")[0]
    postkeep("browse", folder, "--archive", workplace.folder, expect=0)
    command = "forget", url_of(post), "--reason", "Asked", "--archive", workplace.folder, "--json"
    with ReaderFolder.open(folder, "public"):
        ran = postkeep(*command, expect=0)
    [outcome] = [item["outcome"] for item in ran.answer["items"] if item["target"] == str(folder)]
    assert outcome == "skipped"
    postkeep("export", tmp_path / "dataset", "--archive", workplace.folder, expect=0)
    assert places_of(folder, mark) == []


@pytest.mark.thorough
def test_a_run_that_holds_the_archive_does_not_keep_anyone_from_reading(tmp_path: Path) -> None:
    workplace = community_archive(tmp_path / "archive", community_posts()[:1])
    with Lock(workplace.folder):
        postkeep("browse", tmp_path / "pages", "--archive", workplace.folder, expect=0)
    assert list(tmp_path.glob("pages/posts/*/*.html"))


@pytest.mark.thorough
def test_who_opted_out_is_shown_to_the_owner_alone_and_counted_with_the_reason(tmp_path: Path) -> None:
    out, other = community_posts()[:2]
    workplace = community_archive(tmp_path / "archive", [out, other])
    (workplace.folder / "out.txt").write_text(url_of(out) + "\n", encoding="utf-8")
    with (workplace.folder / "postkeep.toml").open("a", encoding="utf-8") as settings:
        settings.write('opt_out = "out.txt"\n')
    mark = out.text.split("\n")[0]
    ran = postkeep("browse", tmp_path / "pages", "--archive", workplace.folder, "--json", expect=0)
    assert ran.outcomes == ["done", "skipped"]
    assert places_of(tmp_path / "pages", mark) == []
    about = (tmp_path / "pages" / "about.html").read_text(encoding="utf-8")
    assert "1 post. It is in the opt-out file" in about
    postkeep("browse", tmp_path / "private", "--archive", workplace.folder, "--private", expect=0)
    assert places_of(tmp_path / "private", mark)
    assert (tmp_path / "private").stat().st_mode & 0o777 == 0o700


@pytest.mark.thorough
def test_a_folder_of_something_else_is_refused_and_an_archive_is_wanted(tmp_path: Path) -> None:
    workplace = community_archive(tmp_path / "archive", community_posts()[:1])
    ran = postkeep("browse", workplace.folder, "--archive", workplace.folder, expect=2)
    assert "holds what no `postkeep browse` wrote" in ran.stderr
    ran = postkeep("browse", tmp_path / "pages", "--archive", tmp_path / "nothing", expect=2)
    assert "is no archive" in ran.stderr
    assert not (tmp_path / "pages").exists()
