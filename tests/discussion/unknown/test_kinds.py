"""Pages made in ways that no site of ours knows are read as what they are: floors by kind, over threads of many sizes and languages."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.discussion.unknown.archives import ARCHIVES
from tests.discussion.unknown.boards import BOARDS
from tests.discussion.unknown.kept_back import KEPT_BACK
from tests.discussion.unknown.markup import Kind
from tests.discussion.unknown.measured import Figures, add, measure, page_of_seed
from tests.discussion.unknown.trees import TREES

_KINDS = (*BOARDS, *TREES, *ARCHIVES, *KEPT_BACK)
_SEEDS = range(10)
# What is below the floors of all others: texts that signatures divide, and changes of tickets with words of their own; posts with a
# single short answer that nothing names; dates in a language that none of ours is.
_F1 = {"talk": 0.5, "talk page": 0.45, "changes": 0.6}
_POSTS = {
    "talk": 0.0,
    "talk page": 0.3,
    "lists": 0.5,
    "margins": 0.7,
    "answer links": 0.55,
    "parent data": 0.7,
}
_DAYS = {"two rows": 0.95, "talk": 0.9, "talk page": 0.9}
_AUTHORS = {"talk": 0.9, "talk page": 0.9}
_EDGES = {"talk": 0.9}
_LEAKS = {"talk": 0.05, "talk page": 0.05}


@pytest.mark.thorough
@pytest.mark.parametrize("kind", _KINDS, ids=lambda kind: kind.name)
def test_comments_people_days_and_answers_are_read(kind: Kind) -> None:
    figures = measure(kind, _SEEDS)
    report = "\n".join((figures.line(), *figures.faults[:20]))
    assert figures.f1 >= _F1.get(kind.name, 0.92), report
    assert figures.authors >= _AUTHORS.get(kind.name, 0.95), report
    assert figures.days >= _DAYS.get(kind.name, 0.97), report
    assert figures.edges_f1 >= _EDGES.get(kind.name, 0.95), report
    assert figures.posts_share >= _POSTS.get(kind.name, 0.8), report
    assert figures.leaks <= _LEAKS.get(kind.name, 0.001) * figures.true, report


@settings(max_examples=20, deadline=None)
@given(st.sampled_from(_KINDS), st.integers(1000, 1_000_000))
def test_every_page_is_read_without_trouble_and_gives_nothing_twice(kind: Kind, seed: int) -> None:
    page = page_of_seed(kind, seed)
    read = add(Figures(), page)
    told = [(each["author"], each["date"], each["text"]) for each in read["comments"]]
    assert len(set(told)) == len(told)
    assert all(text for _, _, text in told)
    assert all(each["parent"] is None or each["parent"] < at for at, each in enumerate(read["comments"]))
