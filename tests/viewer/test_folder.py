"""The reader's folder: what is written again and what is not, what is refused, and what a run that was cut off leaves."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scraper.errors import ArchiveHeldError, UsageError
from scraper.viewer.folder import MANIFEST, ReaderFolder
from scraper.viewer.paths import post_path
from scraper.viewer.post import PostView
from tests.dataset.rows import comment, post
from tests.viewer.rows import page_of, view_of, write

ONE, TWO = "example.org:posts-1", "example.org:posts-2"


def stamps(folder: Path) -> dict[str, int]:
    """When each page was last written."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST)
    return {path.relative_to(folder).as_posix(): path.stat().st_mtime_ns for path in files}


def test_only_what_has_changed_is_written_again(tmp_path: Path) -> None:
    write(tmp_path, [view_of(post(ONE)), view_of(post(TWO))])
    before = stamps(tmp_path)
    changed = view_of(post(TWO, text="고친 글입니다."))
    write(tmp_path, [view_of(post(ONE)), changed])
    after = stamps(tmp_path)
    assert "고친 글입니다." in page_of(tmp_path, changed)
    untouched = {path for path, at in after.items() if before.get(path) == at}
    assert post_path(ONE) in untouched
    assert {"about.html", "assets/style.css", "lists/sites/index.html"} <= untouched
    assert post_path(TWO) not in untouched


def test_the_pages_of_a_post_that_went_go_with_their_folders_and_entries(tmp_path: Path) -> None:
    comments = [comment(TWO, number) for number in range(450)]
    write(tmp_path, [view_of(post(ONE)), view_of(post(TWO, site="else.example"), comments)])
    assert len(list(tmp_path.glob("posts/*/*-page-*.html"))) == 2
    _, _, removed = write(tmp_path, [view_of(post(ONE))])
    assert removed >= 4
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not [path for path in files if b"else.example" in path.read_bytes() or "posts-2" in path.name]
    assert not [path for path in tmp_path.rglob("*") if path.is_dir() and not any(path.iterdir())]


def test_a_page_that_somebody_changed_or_removed_is_written_again(tmp_path: Path) -> None:
    view = view_of(post(ONE))
    write(tmp_path, [view])
    whole = page_of(tmp_path, view)
    (tmp_path / post_path(ONE)).write_text("gone", encoding="utf-8")
    (tmp_path / "index.html").unlink()
    written, _, _ = write(tmp_path, [view])
    assert written == 2
    assert page_of(tmp_path, view) == whole


def test_a_run_that_was_cut_off_is_gone_on_with(tmp_path: Path) -> None:
    views = [view_of(post(f"example.org:posts-{number}")) for number in range(40)]

    def cut_off() -> Iterator[PostView]:
        yield from views[:20]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(tmp_path, cut_off())
    assert (tmp_path / "assets/style.css").is_file()
    (tmp_path / "about.html.part").write_text("half", encoding="utf-8")
    _, unchanged, _ = write(tmp_path, views)
    assert unchanged >= 20
    assert not list(tmp_path.rglob("*.part"))
    assert write(tmp_path, views)[0] == 0


@pytest.mark.parametrize(
    "spoil",
    [
        lambda folder: (folder / "notes.txt").write_text("mine", encoding="utf-8"),
        lambda folder: (folder / "posts" / "README.md").write_text("mine", encoding="utf-8"),
        lambda folder: (folder / "index.html").rename(folder / "Index.html"),
        lambda folder: (folder / "assets" / "extra.css").symlink_to("/etc/passwd"),
        lambda folder: (folder / "lists" / "else").symlink_to("/etc"),
        lambda folder: (folder / MANIFEST).unlink(),
        lambda folder: (folder / MANIFEST).write_bytes(b"no database" * 400),
    ],
)
def test_a_folder_with_anything_else_in_it_is_left_alone(
    tmp_path: Path, spoil: Callable[[Path], object]
) -> None:
    write(tmp_path, [view_of(post(ONE))])
    spoil(tmp_path)
    before = stamps(tmp_path)
    with pytest.raises(UsageError, match=r"browse into another folder"):
        write(tmp_path, [view_of(post(TWO))])
    assert stamps(tmp_path) == before


def test_somebody_elses_database_of_the_same_name_is_left_alone(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / MANIFEST) as database:
        database.execute("CREATE TABLE theirs (word TEXT)")
    database.close()
    before = (tmp_path / MANIFEST).read_bytes()
    with pytest.raises(UsageError, match="no list of a reader"):
        write(tmp_path, [view_of(post(ONE))])
    assert (tmp_path / MANIFEST).read_bytes() == before


def test_a_file_and_a_folder_in_use_are_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("text", encoding="utf-8")
    with pytest.raises(UsageError, match="is a file"):
        write(tmp_path / "file", [])
    with (
        ReaderFolder.open(tmp_path / "pages", "public"),
        pytest.raises(ArchiveHeldError, match="Another run writes"),
    ):
        write(tmp_path / "pages", [])


def test_a_private_reader_is_its_owners_alone_and_stays_private(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir(mode=0o755)
    view = view_of(post(ONE))
    write(folder, [view], "private")
    assert folder.stat().st_mode & 0o777 == 0o700
    for page in folder.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert '<meta name="robots" content="noindex, nofollow">' in text
        assert "Private view." in text
    before = stamps(folder)
    with pytest.raises(UsageError, match="holds the private view"):
        write(folder, [view])
    assert stamps(folder) == before
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_public_reader_does_not_become_private(tmp_path: Path) -> None:
    write(tmp_path / "pages", [view_of(post(ONE))])
    mode = (tmp_path / "pages").stat().st_mode
    with pytest.raises(UsageError, match="holds the public view"):
        write(tmp_path / "pages", [view_of(post(ONE))], "private")
    assert (tmp_path / "pages").stat().st_mode == mode
    for page in (tmp_path / "pages").rglob("*.html"):
        assert "noindex" not in page.read_text(encoding="utf-8")


def test_an_archive_without_posts_has_pages_too(tmp_path: Path) -> None:
    write(tmp_path, [])
    assert "There is nothing to read here yet." in (tmp_path / "index.html").read_text(encoding="utf-8")
    assert write(tmp_path, [])[0] == 0
