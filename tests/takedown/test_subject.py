"""Whom a takedown is about is never a guess."""

import pytest

from scraper.errors import UsageError
from scraper.records.people import Pseudonyms
from scraper.takedown.subject import Ambiguous, Inventory, Subject, require_one, subject_of

PEOPLE = Pseudonyms(bytes(range(32)))
POST = "gyeoul.example:posts-10"
GUEST = PEOPLE.author_id("gyeoul.example", "name", "한별")
ACCOUNT = PEOPLE.author_id("gyeoul.example", "id", "hanbyeol")


def known(*authors: str) -> Inventory:
    return Inventory(frozenset({POST}), frozenset(), frozenset(authors), {})


@pytest.mark.parametrize("author_id", [GUEST, ACCOUNT])
def test_a_name_that_one_has_is_enough(author_id: str) -> None:
    found = subject_of("한별", known(author_id), PEOPLE, lambda _: frozenset({author_id}))
    assert found == Subject("author", author_id)


def test_a_name_over_comments_of_an_account_and_of_guests_names_both() -> None:
    found = subject_of("한별", known(GUEST, ACCOUNT), PEOPLE, lambda _: frozenset({GUEST, ACCOUNT}))
    assert found == Ambiguous(tuple(sorted([GUEST, ACCOUNT])))
    with pytest.raises(UsageError, match="can be 2 people") as stopped:
        require_one("한별", found)
    assert GUEST in str(stopped.value)
    assert ACCOUNT in str(stopped.value)
