"""The reader's search index: what is in it, what stays as it was, and that nothing of what went is left."""

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from scraper.records.history import PostRows
from scraper.records.store import Records
from scraper.viewer.entries import entry_of
from scraper.viewer.folder import ReaderFolder
from scraper.viewer.frame import Page
from scraper.viewer.search import SearchIndex
from tests.cli.terminal import postkeep
from tests.takedown.archives import community_archive, community_posts, url_of


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> tuple[PostRows, ...]:
    """The community's posts."""
    archive = community_archive(tmp_path_factory.mktemp("models") / "archive").folder
    with closing(Records.open_to_read(archive / "records.sqlite")) as records:
        return tuple(records.posts())


@pytest.mark.thorough
def test_of_a_post_that_was_taken_down_nothing_is_left_in_the_index(tmp_path: Path) -> None:
    archive, pages = community_archive(tmp_path / "archive").folder, tmp_path / "pages"
    [post, *_] = (post for post in community_posts() if post.title)
    title = str(post.title)
    postkeep("browse", pages, "--archive", archive, expect=0)
    before = _files(pages / "search")
    assert _has(before, title)
    postkeep("forget", url_of(post), "--archive", archive, "--reason", "Asked by its author", expect=0)
    postkeep("browse", pages, "--archive", archive, expect=0)
    after = _files(pages / "search")
    assert not _has(after, title)
    assert not _has(after, f"{post.id}")
    assert re.findall(rb'data-index="(.*?)"', (pages / "search.html").read_bytes()) == [
        f"search/{name}".encode() for name in after if name.startswith("index-")
    ]


def test_the_same_posts_make_the_same_files_in_whatever_order_they_come(
    tmp_path: Path, models: tuple[PostRows, ...]
) -> None:
    posts = _posts(models, 40)
    _write(tmp_path / "one", posts)
    _write(tmp_path / "other", reversed(posts))
    assert _files(tmp_path / "one" / "search") == _files(tmp_path / "other" / "search")


def test_a_post_that_goes_changes_the_blocks_that_it_was_in_and_no_other(
    tmp_path: Path, models: tuple[PostRows, ...]
) -> None:
    posts = _posts(models, 300)
    _write(tmp_path / "pages", posts)
    before = _blocks(tmp_path / "pages")
    assert len(before) > 20
    del posts[150]
    _write(tmp_path / "pages", posts)
    after = _blocks(tmp_path / "pages")
    # Of titles and of texts the block it was in, and with the bound on a block's size those up to the next cut.
    assert 2 <= len(before.keys() - after.keys()) <= 6
    assert {name: after[name] for name in before if name in after} == {
        name: before[name] for name in after if name in before
    }


def test_a_file_of_the_index_that_was_lost_or_changed_is_written_again(
    tmp_path: Path, models: tuple[PostRows, ...]
) -> None:
    posts = _posts(models, 40)
    _write(tmp_path / "pages", posts)
    whole = _files(tmp_path / "pages" / "search")
    lost, changed, *_ = sorted(name for name in whole if "/" in name)
    (tmp_path / "pages" / "search" / lost).unlink()
    (tmp_path / "pages" / "search" / changed).write_bytes(b"")
    _write(tmp_path / "pages", posts)
    assert _files(tmp_path / "pages" / "search") == whole


def test_an_archive_without_posts_has_an_index_without_blocks(tmp_path: Path) -> None:
    _write(tmp_path / "pages", [])
    [content] = _files(tmp_path / "pages" / "search").values()
    assert content == b'postkeepSearch.index({"titles": [], "texts": []});\n'


def _posts(models: Sequence[PostRows], count: int) -> list[PostRows]:
    """So many posts with texts of the community, each published in a minute of its own."""
    posts = []
    for number in range(count):
        model = models[number % len(models)]
        at = f"2024-01-{1 + number // 60:02}T12:{number % 60:02}:00Z"
        post = {**model.post, "post_id": f"careerly:comments-{number}", "published_at": at}
        posts.append(PostRows.of_rows(post, model.comments, model.metrics, model.revisions))
    return posts


def _write(folder: Path, posts: Iterable[PostRows]) -> None:
    with ReaderFolder.open(folder, "public") as reader, SearchIndex(block_weight=5_000) as index:
        for rows in posts:
            index.add(entry_of(rows, is_withheld=False), rows)
        index.put(reader, lambda path, digest, render: reader.put(path, digest, lambda: _bytes(render())))
        reader.finish()


def _bytes(page: Page) -> bytes:
    return page.main.encode()


def _files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _blocks(pages: Path) -> dict[str, int]:
    """When the last file of each block was written, by the block's name."""
    return {path.parent.name: path.stat().st_mtime_ns for path in (pages / "search").rglob("block.js")}


def _has(files: Mapping[str, bytes], text: str) -> bool:
    return any(text.encode() in content for content in files.values())
