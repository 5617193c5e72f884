"""What real pages tell in their data, as far as the testbed has them."""

import json
from pathlib import Path
from typing import Any

import pytest

from scraper import read_page
from scraper.model.record import Record
from tests.eval.corpora import pages_of
from tests.eval.reading import read_pages
from tests.eval.threads import figures_of


def of_server(shared: Path, software: str, name: str) -> tuple[Record, dict[str, Any]]:
    folder = shared / "testbed" / "pages" / software
    posts = json.loads((folder / "truth.json").read_text("utf-8"))["posts"]
    post = next(each for each in posts if f"{each['n']:02}-{each['slug']}" == name)
    read = read_page((folder / f"{name}.html").read_text("utf-8"), post["url"])
    assert isinstance(read, Record)
    return read, post


@pytest.mark.slow
def test_threads_with_their_data_are_read_no_worse_than_without(shared: Path) -> None:
    assert shared.is_dir()
    told, stripped = (
        figures_of(read_pages("postkeep", pages_of("threads-ld", folder)))
        for folder in ("html", "html_stripped")
    )
    assert told["f1"] >= max(0.97, stripped["f1"])
    assert told["authors"] >= 0.99
    assert told["dates"] >= 0.99


@pytest.mark.parametrize(
    "name",
    ["02-kimchi-fridge-repair", "03-python-asyncio-notes", "05-jeju-camping", "12-quotes-and-entities"],
)
def test_microdata_tells_comments_from_what_repeats_them(shared: Path, name: str) -> None:
    record, post = of_server(shared, "nodebb", name)
    assert record.post.kind == "topic"
    assert len(record.comments) == post["comment_count_shown"] == record.post.count("comments")
    assert record.post.access == "full"
    assert [each.author.name if each.author else None for each in record.comments] == [
        each["author"] for each in post["comments"]
    ]


@pytest.mark.parametrize("name", ["11-long-thread-election", "14-mixed-language"])
def test_the_time_of_the_last_reply_is_no_edit_of_a_thread_with_more_pages(shared: Path, name: str) -> None:
    record, post = of_server(shared, "nodebb", name)
    assert record.post.edited is None
    assert record.post.count("comments") == post["comment_count"]
    assert record.post.access == "partial"


def test_an_article_that_says_no_number_of_comments_declares_none(shared: Path) -> None:
    record, _ = of_server(shared, "ghost", "06-edited-recipe")
    assert record.post.count("comments") is None
    assert record.post.access == "unknown"
    assert record.post.edited is not None
