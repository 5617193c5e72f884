"""Stack Exchange: what a page keeps back is counted, and a question goes on over pages of answers."""

import re

import pytest

from scraper.model.capture import Capture
from scraper.model.record import Record
from scraper.sites.stackexchange import make_site
from tests.replica.stackexchange import HOST, PAGES, QUESTION
from tests.sites.captures import capture, visit
from tests.sites.visited import VisitedSite

SITE = VisitedSite(make_site())
URL = f"https://{HOST}{QUESTION}"
SECOND = capture(PAGES[f"{HOST}{QUESTION}?page=2"], f"{URL}?page=2")


def first(kept_back: int = 0) -> Capture:
    page = PAGES[f"{HOST}{QUESTION}"]
    return capture(re.sub(r'count="0"', f'count="{kept_back}"', page, count=1), URL)


def read(*captures: Capture) -> Record:
    record = SITE.read(visit(*captures))
    assert isinstance(record, Record)
    return record


def test_answers_and_their_comments_are_two_layers() -> None:
    record = read(first(), SECOND)
    assert record.post.kind == "question"
    told = [
        (
            each.native_id,
            each.kind,
            None if each.parent is None else record.comments[each.parent].native_id,
            each.is_accepted,
            each.score.value if each.score else None,
        )
        for each in record.comments
    ]
    assert [each[:3] for each in told] == [
        ("9001", "comment", None),
        ("801", "answer", None),
        ("9002", "comment", "801"),
        ("9003", "comment", "801"),
        ("802", "answer", None),
        ("803", "answer", None),
        ("9004", "comment", "803"),
    ]
    assert [each[3:] for each in told if each[1] == "answer"] == [
        (True, 12),
        (False, 3),
        (None, 0),
    ]


def test_a_question_goes_on_over_its_answers() -> None:
    assert [request.url for request in SITE.next_requests(visit(first()))] == [f"{URL}?page=2"]
    assert SITE.next_requests(visit(first(), SECOND)) == ()


@pytest.mark.parametrize(("kept_back", "evidence"), [(0, set()), (4, {"comments-withheld"})])
def test_what_a_page_keeps_back_is_counted(kept_back: int, evidence: set[str]) -> None:
    post = read(first(kept_back), SECOND).post
    kinds = {each.kind for each in post.access_evidence}
    assert kinds & {"comments-withheld"} == evidence
    assert (post.access == "partial") == bool(kept_back)
