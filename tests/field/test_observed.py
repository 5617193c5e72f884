"""``observed`` is said of our own visits alone: what somebody else fetched is asserted, whenever it was imported."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from scraper.archive.check import check
from scraper.archive.compose import CaptureTime, ForeignRecord
from scraper.archive.disk import Disk
from scraper.archive.foreign import read_foreign
from scraper.archive.migrate import upgrade
from scraper.archive.read import open_to_read
from scraper.archive.state import STATE_FILE
from scraper.archive.tables import IMPORTED_IS_ASSERTED
from scraper.archive.warc_file import WarcFile
from tests.archive.making import keep_visit, open_archive
from tests.field.records import warc_record


def _imported_before(folder: Path, path: Path) -> None:
    """An archive with a visit of ours and an import, both as ``observed``, as it was once made."""
    record = next(read_foreign(WarcFile.at(path)))
    assert isinstance(record, ForeignRecord)
    with open_archive(folder) as archive:
        keep_visit(archive)
        visit_id = archive.begin_visit(record.url, "gang.example")
        archive.keep_foreign(visit_id, replace(record, time=CaptureTime(record.time.at, "observed")))
        archive.end_visit(visit_id, whole=True)
    with closing(sqlite3.connect(folder / STATE_FILE)) as database:
        database.execute("UPDATE captures SET captured_at_basis = 'observed'")
        database.execute(f"PRAGMA user_version = {IMPORTED_IS_ASSERTED - 1}")
        database.commit()


def test_what_was_imported_before_is_told_from_our_own_visits(tmp_path: Path) -> None:
    path = tmp_path / "theirs.warc"
    path.write_bytes(warc_record(1))
    _imported_before(tmp_path / "A", path)
    upgrade(tmp_path / "A", Disk())
    with open_to_read(tmp_path / "A") as archive:
        bases = [capture.captured_at_basis for visit in archive.visits() for capture in visit.captures]
        assert bases == ["observed", "asserted"]
        assert archive.latest("https://gang.example/1") is None
    assert check(tmp_path / "A") == []


def test_the_card_claims_politeness_for_our_own_visits_alone() -> None:
    card = (Path(__file__).resolve().parents[2] / "dataset_card.md").read_text(encoding="utf-8")
    paragraph = next(part for part in card.split("\n\n") if "robots.txt first" in part)
    assert "`captured_at_basis` is `observed`" in paragraph
