"""Permalinks of comments that name who wrote them: masked in rows, and gone with a person or a post."""

from dataclasses import replace
from pathlib import Path

import pytest

from scraper.archive.files import RECORDS_FILE
from scraper.jobs.extract.anew import extract
from scraper.jobs.forget import forget
from scraper.jobs.imports.files import import_files
from scraper.jobs.publication.export import export
from scraper.jobs.workplace import Workplace
from scraper.records.contract import Row
from scraper.records.store import Records
from tests.clock import VirtualClock
from tests.jobs.workplaces import workplace_at
from tests.takedown.searching import places_of

URL = "https://harbour.example/talk/12"
HANDLES = ("seabird", "millwheel", "tallpine", "nightbus")
TEXTS = (
    "The ferry leaves at seven and waits for nobody, so be early",
    "저는 지난주에 배를 놓쳐서 두 시간을 기다렸습니다",
    "There is a good bakery right beside the old landing stage",
    "돌아오는 배는 여섯 시가 마지막이니 꼭 확인하세요",
)
PAGE = (
    "<title>Ferry times</title><h1>Ferry times</h1><p class='byline'>By <a rel='author' href='/@harbourmaster'>harbourmaster</a></p><div class='words'><p>When does the first ferry leave on Sundays, and is it worth going?</p></div>"
    + "".join(
        f'<div class="comment" id="c-{at + 70}"><a class="author" href="/@{handle}">{handle}</a> '
        f'<a href="/@{handle}/notes/{at + 70}"><time datetime="2024-05-0{at + 1}T10:00:00Z">day</time></a>'
        f'<div class="body"><p>{text}</p></div></div>'
        for at, (handle, text) in enumerate(zip(HANDLES, TEXTS, strict=True))
    )
)


@pytest.fixture
def harbour(tmp_path: Path) -> Workplace:
    place = workplace_at(tmp_path / "archive", VirtualClock())
    place = replace(place, settings=replace(place.settings, names="pseudonymous"))
    page = tmp_path / "page.html"
    page.write_text(PAGE, encoding="utf-8")
    assert import_files([page], place, url=URL).exit_code == 0
    extract(place)
    return place


def comments(place: Workplace) -> list[Row]:
    with Records.open_to_read(place.folder / RECORDS_FILE) as records:
        return list(records.rows("comments"))


def test_a_permalink_names_its_writer_by_the_pseudonym_alone(harbour: Workplace, tmp_path: Path) -> None:
    rows = comments(harbour)
    assert [row["url"] for row in rows] == [
        f"https://harbour.example/@⟨{row['author_id']}⟩/notes/{at + 70}" for at, row in enumerate(rows)
    ]
    export(tmp_path / "dataset", harbour)
    assert places_of(tmp_path / "dataset", *HANDLES) == []


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("subject", "handles"), [("seabird", HANDLES[:1]), (URL, HANDLES)], ids=["person", "post"]
)
def test_permalinks_go_with_a_person_and_with_a_post(
    harbour: Workplace, tmp_path: Path, subject: str, handles: tuple[str, ...]
) -> None:
    before = comments(harbour)
    assert places_of(harbour.folder, HANDLES[0])
    forget(subject, harbour, reason="Asked by its author")
    lost, left = before[: len(handles)], before[len(handles) :]
    assert [row["url"] for row in comments(harbour)] == [row["url"] for row in left]
    export(tmp_path / "dataset", harbour)
    assert places_of(harbour.folder, *handles) == []
    # The tombstone of a person is the id.
    assert places_of(tmp_path / "dataset", *(row["author_id"] for row in lost), "/notes/70") == []
