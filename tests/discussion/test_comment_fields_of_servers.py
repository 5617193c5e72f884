"""What real software shows of comments beside their words, against the truth from the seed."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from scraper.discussion.thread.elements import read_elements
from scraper.discussion.thread.read import read_thread
from scraper.discussion.thread.record import ThreadRecord
from scraper.model.url import Base, identity
from scraper.page.dates import Zone, read_date

# Each with how many comments are compared at least.
SOFTWARE = {"redmine": 90, "machina": 90, "nodebb": 90, "wordpress": 90, "wordpress-block": 90}


def pairs(folder: Path) -> Iterator[tuple[str, ThreadRecord, dict[str, Any]]]:
    """The address of a page, a record of it, and the comment of the seed that says the same; texts that recur are left out."""
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    posts = {post["n"]: post for post in truth["posts"]}
    for page in json.loads((folder / "manifest.json").read_text(encoding="utf-8")):
        number = page["file"][:2]
        post = posts.get(int(number)) if number.isdecimal() and page["file"].endswith(".html") else None
        if post is None:
            continue
        spoken = Counter(bare(comment.get("markdown") or comment["text"]) for comment in post["comments"])
        said = {bare(comment.get("markdown") or comment["text"]): comment for comment in post["comments"]}
        body = LexborHTMLParser((folder / page["file"]).read_text(encoding="utf-8")).body
        assert body is not None
        for record in read_thread(read_elements(body)).records:
            comment = said.get(bare(record.text))
            if comment and spoken[bare(record.text)] == 1 and bare(record.text) != bare(post["text"]):
                yield page["url"], record, comment


def bare(text: str | None) -> str:
    return "".join(filter(str.isalnum, text or ""))


@pytest.mark.thorough
@pytest.mark.parametrize("software", SOFTWARE)
def test_permalinks_votes_and_edits_are_those_of_the_seed(shared: Path, software: str) -> None:
    compared = voted = unlinked = edits = 0
    for url, record, comment in pairs(shared / "testbed" / "pages" / software):
        compared += 1
        link = record.particulars.link
        permalink = Base(url).permalink(link) if link else None
        if permalink is None:
            unlinked += 1
            continue
        assert permalink.partition("#")[2] == comment["url"].partition("#")[2]
        if not software.startswith("wordpress"):
            assert identity(permalink) == identity(comment["url"])
        votes = [int(raw) for raw in (record.particulars.likes, record.particulars.score) if raw]
        assert set(votes) <= {comment.get("likes")}
        voted += len(votes)
        edited = read_date(record.edited, Zone("UTC", "stated"), None) if record.edited else None
        shown = comment.get("edited") is not None and comment.get("edit_shown", True)
        if edited is not None and edited.at is not None:
            assert shown
            assert abs(edited.at - datetime.fromisoformat(comment["edited"])) < timedelta(minutes=1)
        edits += edited is not None
    assert compared >= SOFTWARE[software]
    # NodeBB repeats above an answer what it answers, without an address.
    assert unlinked <= (0.3 * compared if software == "nodebb" else 0)
    assert (voted > SOFTWARE[software] / 2) == (software == "nodebb")
    assert edits == (1 if software in {"machina", "nodebb"} else 0)
