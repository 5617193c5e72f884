"""Pseudonyms and the key they are made with."""

import hashlib
import hmac
import unicodedata
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import ArchiveDamagedError
from scraper.records.people import KEY_BYTES, Pseudonyms, load_or_create_key
from tests.records.samples import PEOPLE

PERSON = st.tuples(st.text(max_size=6), st.sampled_from(("id", "name")), st.text(max_size=6))
Identity = tuple[str, Literal["id", "name"], str]


@given(PERSON, PERSON)
def test_two_people_share_a_pseudonym_only_if_they_are_the_same(one: Identity, other: Identity) -> None:
    same = (*one[:2], unicodedata.normalize("NFC", one[2])) == (
        *other[:2],
        unicodedata.normalize("NFC", other[2]),
    )
    assert (PEOPLE.author_id(*one) == PEOPLE.author_id(*other)) == same


def test_a_name_is_one_person_however_its_syllables_are_composed() -> None:
    composed, decomposed = "김하늘", unicodedata.normalize("NFD", "김하늘")
    assert composed != decomposed
    assert PEOPLE.author_id("madang", "name", composed) == PEOPLE.author_id("madang", "name", decomposed)


def test_a_pseudonym_is_the_hmac_of_parts_led_by_their_lengths() -> None:
    key = b"k" * KEY_BYTES
    message = b"".join(len(part).to_bytes(8, "big") + part for part in (b"author", b"madang", b"id", b"31"))
    expected = hmac.new(key, message, hashlib.sha256).hexdigest()[:32]
    assert Pseudonyms(key).author_id("madang", "id", "31") == expected


def test_another_key_gives_another_pseudonym() -> None:
    other = Pseudonyms(b"x" * KEY_BYTES)
    assert other.author_id("madang", "id", "31") != PEOPLE.author_id("madang", "id", "31")


def test_a_derived_comment_id_names_its_post_and_counts_from_one() -> None:
    first = PEOPLE.comment_id("madang:posts-7", None, "감사합니다", 1)
    second = PEOPLE.comment_id("madang:posts-7", None, "감사합니다", 2)
    head, _, digest = first.partition("#~")
    assert head == "madang:posts-7"
    assert len(digest) == len("0123456789ab-1")
    assert second == first[:-1] + "2"


def test_the_key_is_not_shown() -> None:
    assert "key" not in repr(Pseudonyms(b"k" * KEY_BYTES))


def test_a_key_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes, not 16"):
        Pseudonyms(b"k" * 16)


def test_a_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "pseudonym.key"
    key = load_or_create_key(path)
    assert len(key) == KEY_BYTES
    assert path.stat().st_mode & 0o777 == 0o600
    assert load_or_create_key(path) == key
    assert [item.name for item in tmp_path.iterdir()] == ["pseudonym.key"]


def test_two_archives_have_two_keys(tmp_path: Path) -> None:
    assert load_or_create_key(tmp_path / "a.key") != load_or_create_key(tmp_path / "b.key")


def test_a_key_that_others_may_read_is_refused_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "pseudonym.key"
    load_or_create_key(path)
    path.chmod(0o640)
    with pytest.raises(ArchiveDamagedError, match=r"mode 0640.*chmod 600"):
        load_or_create_key(path)


@pytest.mark.parametrize("size", [0, 31, 33])
def test_a_key_of_the_wrong_size_is_refused_and_left_as_it_is(tmp_path: Path, size: int) -> None:
    path = tmp_path / "pseudonym.key"
    path.write_bytes(b"x" * size)
    path.chmod(0o600)
    with pytest.raises(ArchiveDamagedError, match=f"{size} bytes instead of 32.*backup"):
        load_or_create_key(path)
    assert path.read_bytes() == b"x" * size


def test_a_key_that_another_process_made_first_is_the_one_that_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "pseudonym.key"
    link = Path.hardlink_to

    def link_too_late(self: Path, target: Path) -> None:
        self.write_bytes(b"f" * KEY_BYTES)
        self.chmod(0o600)
        link(self, target)

    monkeypatch.setattr(Path, "hardlink_to", link_too_late)
    assert load_or_create_key(path) == b"f" * KEY_BYTES
