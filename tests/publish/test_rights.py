"""What may be published, and what is asked first: policy, as a table."""

import dataclasses
import itertools

import pytest

from scraper.errors import RefusedError, UsageError
from scraper.publish.rights import Repository, Restrictions, Wish, questions, require_visibility

NEW = Repository(exists=False, is_private=True, has_published_text=False)
PRIVATE = Repository(exists=True, is_private=True, has_published_text=True)
PUBLIC = Repository(exists=True, is_private=False, has_published_text=True)
FREE = Restrictions("Copyright stays with the authors.", None)
RESTRICTED = (
    Restrictions("Ours.", "All-Rights-Reserved"),
    Restrictions("Ours.", None, hosts={"example.org": 2}),
    Restrictions("Ours.", None, signals={"x-robots-tag: noai": 1}),
)


def test_a_private_publication_of_free_pages_asks_nothing() -> None:
    assert not questions("me/x", Wish(), NEW, FREE)


@pytest.mark.parametrize("standing", [NEW, PRIVATE])
def test_the_first_public_publication_shows_the_statement_and_asks(standing: Repository) -> None:
    [question] = questions("me/x", Wish(public=True), standing, FREE)
    assert "Copyright stays with the authors." in question
    assert not questions("me/x", Wish(public=True), PUBLIC, FREE)


def test_without_a_statement_nothing_becomes_public() -> None:
    with pytest.raises(UsageError, match="rights_statement"):
        questions("me/x", Wish(public=True), NEW, Restrictions(None, None))


def test_a_draft_of_the_schema_is_for_nobody_but_its_owner() -> None:
    draft = dataclasses.replace(FREE, draft="1.1.0")
    assert not questions("me/x", Wish(), PRIVATE, draft)
    for wish, standing in itertools.product(
        (Wish(public=True), Wish(public=True, with_text=False)), (NEW, PUBLIC)
    ):
        with pytest.raises(UsageError, match=r"schema 1\.1\.0 is a draft"):
            questions("me/x", wish, standing, draft)


@pytest.mark.parametrize("found", RESTRICTED)
def test_restricted_texts_are_public_in_no_form(found: Restrictions) -> None:
    with pytest.raises(RefusedError, match="--without text"):
        questions("me/x", Wish(public=True), NEW, found)
    assert questions("me/x", Wish(public=True, with_text=False), NEW, found)
    with pytest.raises(RefusedError, match="history would become public"):
        questions("me/x", Wish(public=True, with_text=False), PRIVATE, found)


def test_reserved_pages_are_asked_about_in_private_too() -> None:
    [question] = questions("me/x", Wish(), NEW, RESTRICTED[2])
    assert "x-robots-tag: noai (1 post)" in question


def test_a_public_repository_is_only_written_to_in_public() -> None:
    with pytest.raises(UsageError, match="Say --public"):
        require_visibility("me/x", Wish(), PUBLIC)
    require_visibility("me/x", Wish(public=True), PUBLIC)
    require_visibility("me/x", Wish(), PRIVATE)
