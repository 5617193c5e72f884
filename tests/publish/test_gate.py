"""The last gate finds what upstream let through, in the finished files."""

import base64
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from scraper.dataset.export import Form, export
from scraper.dataset.manifest import Manifest
from scraper.errors import DriftError, StopError
from scraper.jobs.publication.gate import Gate, ends_in_prompt, only_removes, require_no_fall
from scraper.sites.registry import installed_sites
from tests.dataset.rows import CARD, CONTRACT, Rows, comment, post
from tests.replica.content import load_community

KEY = bytes(range(32))
PROMPT = "다음 내용이 궁금하다면?\n\n또는\n\n이미 회원이신가요?\n\n로그인"


def written(folder: Path, **changes: Any) -> Path:
    export(Rows(posts=[post("a:1", **changes)]), folder, contract=CONTRACT, card=CARD)
    return folder


def inspect(folder: Path, names: str = "pseudonymous") -> None:
    Gate(
        CONTRACT, KEY, "named" if names == "named" else "pseudonymous", installed_sites().gate_rules
    ).inspect(folder)


def test_a_sound_dataset_passes(tmp_path: Path) -> None:
    inspect(written(tmp_path / "dataset"))
    export(
        Rows(posts=[post("a:1")]), tmp_path / "bare", contract=CONTRACT, card=CARD, form=Form(with_text=False)
    )
    inspect(tmp_path / "bare")


@pytest.mark.parametrize(
    "form",
    [KEY.hex(), KEY.hex().upper(), base64.b64encode(KEY).decode(), base64.urlsafe_b64encode(KEY).decode()],
)
def test_the_key_is_found_within_compressed_columns_and_in_any_file(form: str, tmp_path: Path) -> None:
    # The compressor refers to the pieces, and statistics name the first and last text: so only reading finds it.
    pieces = ", ".join(form[start : start + 8] for start in range(0, len(form), 4))
    texts = ("A", f"M {pieces} {form}", "Z")
    rows = Rows(posts=[post(f"a:{number}", text=text) for number, text in enumerate(texts)])
    export(rows, tmp_path / "dataset", contract=CONTRACT, card=CARD)
    with pytest.raises(StopError, match="a:1 of posts holds the pseudonym key") as caught:
        inspect(tmp_path / "dataset")
    assert form not in str(caught.value)


def test_the_raw_key_is_found_across_the_pieces_a_file_is_read_in(tmp_path: Path) -> None:
    folder = written(tmp_path / "dataset")
    (folder / "README.md").write_bytes(b"x" * ((1 << 20) - 7) + KEY)
    with pytest.raises(StopError, match=r"README\.md holds the pseudonym key"):
        inspect(folder)


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
    folder = written(tmp_path / "dataset", **changes)
    with pytest.raises(StopError, match=said) as caught:
        inspect(folder)
    assert "문지훈" not in str(caught.value)
    inspect(folder, names="named")


def test_a_prompt_at_the_end_is_found_and_a_quoted_one_is_none(tmp_path: Path) -> None:
    with pytest.raises(StopError, match="ends in a sign-up prompt"):
        inspect(written(tmp_path / "dataset", text=f"글입니다.\n\n{PROMPT}"))
    texts = [found.text for found in load_community().posts]
    assert texts
    assert not [text for text in texts for rule in installed_sites().gate_rules if ends_in_prompt(text, rule)]


def test_a_row_that_breaks_the_schema_is_found(tmp_path: Path) -> None:
    source = Rows(posts=[post("a:1") | {"access": "gated"}])
    export(source, tmp_path / "dataset", contract=CONTRACT, card=CARD)
    with pytest.raises(StopError, match="breaks the schema"):
        inspect(tmp_path / "dataset")


def test_the_form_without_text_is_held_against_the_schema_without_what_people_wrote(tmp_path: Path) -> None:
    bare = Form(with_text=False)
    source = Rows(posts=[post("a:1") | {"views": -1, "removed": [{"rule": "", "text": PROMPT}]}])
    export(source, tmp_path / "broken", contract=CONTRACT, card=CARD, form=bare)
    with pytest.raises(StopError, match=r"\(posts\.removed\[0\]\.rule is .*posts\.views is -1"):
        inspect(tmp_path / "broken")
    said = written(tmp_path / "whole") / "manifest.json"
    said.write_text(said.read_text().replace('"with_text": true', '"with_text": false'))
    with pytest.raises(
        StopError, match="posts has author_name, images, links, published_raw, tags, text, title"
    ):
        inspect(tmp_path / "whole")


def manifest(folder: Path, posts: int, comments: int, takedowns: tuple[str, ...] = ()) -> Manifest:
    rows = Rows(
        posts=[post(f"a:{number}") for number in range(posts)],
        comments=[comment("a:0", number) for number in range(comments)],
    )
    export(rows, folder, contract=CONTRACT, card=replace(CARD, takedowns=takedowns))
    return Manifest.read(folder)


def test_a_table_may_lose_the_share_of_the_settings_and_no_more(tmp_path: Path) -> None:
    before, after = manifest(tmp_path / "1", 10, 20), manifest(tmp_path / "2", 9, 20)
    require_no_fall(before, after, 0.1)
    with pytest.raises(DriftError, match="posts would fall from 10 published rows to 9"):
        require_no_fall(before, after, 0.09)
    with pytest.raises(DriftError, match="comments would fall from 20 published rows to 0"):
        require_no_fall(before, manifest(tmp_path / "3", 10, 0), 0.5)


def test_a_publication_only_removes_when_it_honours_takedowns_and_adds_nothing(tmp_path: Path) -> None:
    before = manifest(tmp_path / "1", 10, 20)
    assert only_removes(before, manifest(tmp_path / "2", 5, 0, takedowns=("one",)))
    assert not only_removes(before, manifest(tmp_path / "3", 5, 0))
    assert not only_removes(before, manifest(tmp_path / "4", 5, 21, takedowns=("one",)))
