"""The last check before a release finds what upstream let through, while the rows pass by and in the finished files."""

import base64
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from scraper.dataset.export import WHOLE, Form, export
from scraper.dataset.manifest import Manifest
from scraper.errors import DriftError, StopError
from scraper.jobs.publication.release_check import ReleaseCheck, ends_in_prompt, only_removes, require_no_fall
from scraper.records.people import Pseudonyms
from scraper.settings import NamePolicy
from scraper.sites.registry import installed_sites
from tests.dataset.rows import CARD, CONTRACT, Rows, comment, post
from tests.replica.content import load_community

KEY = bytes(range(32))
PROMPT = "다음 내용이 궁금하다면?\n\n또는\n\n이미 회원이신가요?\n\n로그인"


def inspect(rows: Rows, folder: Path, *, names: NamePolicy = "pseudonymous", form: Form = WHOLE) -> None:
    formed = CONTRACT if form.with_text else CONTRACT.without_content()
    check = ReleaseCheck(formed, KEY, names, installed_sites().gate_rules)
    export(check.posts(rows), folder, contract=CONTRACT, card=CARD, form=form)
    check.require_clear("me/dataset", folder)


def one(**changes: Any) -> Rows:
    return Rows(posts=[post("a:1", **changes)])


def test_a_sound_dataset_passes(tmp_path: Path) -> None:
    inspect(one(), tmp_path / "dataset")
    inspect(one(), tmp_path / "bare", form=Form(with_text=False))


@pytest.mark.thorough
@pytest.mark.parametrize(
    "form",
    [KEY.hex(), KEY.hex().upper(), base64.b64encode(KEY).decode(), base64.urlsafe_b64encode(KEY).decode()],
)
def test_the_key_is_found_in_a_row_whatever_its_file_shows(form: str, tmp_path: Path) -> None:
    # The compressor refers to the pieces, and statistics name the first and last text: no file shows it.
    pieces = ", ".join(form[start : start + 8] for start in range(0, len(form), 4))
    texts = ("A", f"M {pieces} {form}", "Z")
    rows = Rows(posts=[post(f"a:{number}", text=text) for number, text in enumerate(texts)])
    with pytest.raises(StopError, match="a:1 of posts holds the pseudonym key") as caught:
        inspect(rows, tmp_path / "dataset")
    assert form not in str(caught.value)


def test_the_raw_key_is_found_across_the_pieces_a_file_is_read_in(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_bytes(b"x" * ((1 << 20) - 7) + KEY)
    with pytest.raises(StopError, match=r"README\.md holds the pseudonym key"):
        ReleaseCheck(CONTRACT, KEY, "pseudonymous", ()).require_clear("me/dataset", tmp_path)


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"author_name": "문지훈"}, "holds a name in author_name"),
        ({"links": ["https://careerly.co.kr/profiles/문지훈"]}, "holds a URL that names a person"),
        ({"text": "글은 https://blog.example.org/@jihoon 에 있습니다."}, "holds a URL that names a person"),
    ],
)
def test_names_are_found_unless_the_archive_is_kept_with_them(
    changes: dict[str, object], said: str, tmp_path: Path
) -> None:
    with pytest.raises(StopError, match=said) as caught:
        inspect(one(**changes), tmp_path / "dataset")
    assert "문지훈" not in str(caught.value)
    inspect(one(**changes), tmp_path / "dataset", names="named")
    inspect(one(**changes), tmp_path / "bare", form=Form(with_text=False))


def test_a_prompt_at_the_end_is_found_and_a_quoted_one_is_none(tmp_path: Path) -> None:
    with pytest.raises(StopError, match="ends in a sign-up prompt"):
        inspect(one(text=f"글입니다.\n\n{PROMPT}"), tmp_path / "dataset")
    inspect(one(text=f"글입니다.\n\n{PROMPT}"), tmp_path / "bare", form=Form(with_text=False))
    texts = [found.text for found in load_community().posts]
    assert texts
    assert not [text for text in texts for rule in installed_sites().gate_rules if ends_in_prompt(text, rule)]


def test_what_a_takedown_took_that_only_the_hub_knows_of_does_not_come_back(tmp_path: Path) -> None:
    rows = Rows(posts=[post("a:1"), post("a:2")], comments=[comment("a:2", 1)])
    forgotten = frozenset(Pseudonyms(KEY).takedown(each) for each in ("a:1", "a:2#1", "a:3"))
    check = ReleaseCheck(CONTRACT, KEY, "pseudonymous", (), forgotten)
    assert list(check.posts(rows)) == list(rows)
    with pytest.raises(StopError, match=r"me/dataset on the Hub honours takedowns .*: a:1, a:2#1\. Nothing"):
        check.require_clear("me/dataset", tmp_path)


def manifest(folder: Path, posts: int, comments: int, takedowns: tuple[str, ...] = ()) -> Manifest:
    rows = Rows(
        posts=[post(f"a:{number}") for number in range(posts)],
        comments=[comment("a:0", number) for number in range(comments)],
    )
    export(rows, folder, contract=CONTRACT, card=replace(CARD, takedowns=takedowns))
    return Manifest.read(folder)


@pytest.mark.thorough
def test_a_table_may_lose_the_share_of_the_settings_and_no_more(tmp_path: Path) -> None:
    before, after = manifest(tmp_path / "1", 10, 20), manifest(tmp_path / "2", 9, 20)
    require_no_fall(before, after, 0.1)
    with pytest.raises(DriftError, match="posts would fall from 10 published rows to 9"):
        require_no_fall(before, after, 0.09)
    with pytest.raises(DriftError, match="comments would fall from 20 published rows to 0"):
        require_no_fall(before, manifest(tmp_path / "3", 10, 0), 0.5)


@pytest.mark.thorough
def test_a_publication_only_removes_when_it_honours_takedowns_and_adds_nothing(tmp_path: Path) -> None:
    before = manifest(tmp_path / "1", 10, 20)
    assert only_removes(before, manifest(tmp_path / "2", 5, 0, takedowns=("one",)))
    assert not only_removes(before, manifest(tmp_path / "3", 5, 0))
    assert not only_removes(before, manifest(tmp_path / "4", 5, 21, takedowns=("one",)))
