"""``postkeep browse``: what it writes of an archive, what it leaves as it is, and what it refuses to touch."""

import re
from pathlib import Path

from scraper.archive.outputs import Output, remember
from scraper.viewer.paths import post_path
from tests.cli.terminal import postkeep
from tests.takedown.archives import community_archive, community_posts, url_of
from tests.takedown.searching import places_of


def pages_in(folder: Path) -> dict[str, bytes]:
    """The files of a reader by their paths, without its list of pages."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != "reader.sqlite")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_every_link_within_the_reader_leads_somewhere(tmp_path: Path) -> None:
    workplace = community_archive(tmp_path / "archive")
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


def test_a_post_is_at_the_place_that_its_id_says(tmp_path: Path) -> None:
    post = community_posts()[0]
    workplace = community_archive(tmp_path / "archive", [post])
    ran = postkeep("browse", tmp_path / "pages", "--archive", workplace.folder, "--json", expect=0)
    assert ran.answer["outputs"] == [str(tmp_path / "pages" / "index.html")]
    page = (
        tmp_path / "pages" / post_path("careerly:" + post.path("v1").strip("/").replace("/", "-"))
    ).read_text(encoding="utf-8")
    assert url_of(post) in page


def test_what_has_not_changed_is_not_written_again(tmp_path: Path) -> None:
    workplace = community_archive(tmp_path / "archive")
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
