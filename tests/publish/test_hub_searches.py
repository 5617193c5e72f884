"""A search of the Hub that found nothing is not repeated, and any difference has it made again."""

from pathlib import Path

import pytest

from scraper.archive.disk import Disk
from scraper.archive.files import SEARCHES_FILE
from scraper.jobs.publication.hub_searches import HubSearches
from scraper.publish.takedown import search_key

KEY = search_key("head", {"v1": "a", "v2": "b"}, ["s:1", "s:2"])


def test_the_order_of_tags_and_ids_makes_no_difference() -> None:
    assert search_key("head", {"v2": "b", "v1": "a"}, ["s:2", "s:1"]) == KEY


@pytest.mark.parametrize(
    "other",
    [
        search_key("another", {"v1": "a", "v2": "b"}, ["s:1", "s:2"]),
        search_key("head", {"v1": "a", "v2": "a"}, ["s:1", "s:2"]),
        search_key("head", {"v1": "a"}, ["s:1", "s:2"]),
        search_key("head", {"v1": "a", "v2": "b"}, ["s:1", "s:2", "s:3"]),
        search_key("head", {"v1": "a", "v2": "b"}, ["s:1", "s:3"]),
    ],
    ids=["head", "tag moved", "tag gone", "one more id", "another id"],
)
def test_whatever_differs_is_searched_again(tmp_path: Path, other: str) -> None:
    searches = HubSearches(tmp_path, "me/x", Disk())
    searches.note(KEY)
    assert searches.found_nothing(KEY)
    assert not searches.found_nothing(other)
    assert not HubSearches(tmp_path, "me/y", Disk()).found_nothing(KEY)


def test_repositories_do_not_disturb_each_other(tmp_path: Path) -> None:
    for repo in ("me/x", "me/y"):
        HubSearches(tmp_path, repo, Disk()).note(f"{KEY} {repo}")
    assert HubSearches(tmp_path, "me/x", Disk()).found_nothing(f"{KEY} me/x")
    assert sorted(path.name for path in tmp_path.iterdir()) == [SEARCHES_FILE]


@pytest.mark.parametrize("content", ["", "[]", "{", '{"me/x": 1}'])
def test_a_file_that_cannot_be_read_means_a_search(tmp_path: Path, content: str) -> None:
    (tmp_path / SEARCHES_FILE).write_text(content, encoding="utf-8")
    searches = HubSearches(tmp_path, "me/x", Disk())
    assert not searches.found_nothing(KEY)
    searches.note(KEY)
    assert searches.found_nothing(KEY)
