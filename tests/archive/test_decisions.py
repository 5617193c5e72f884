"""decisions.jsonl: what was decided is read back; a torn line is none; a damaged one stops."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from scraper.archive.decisions import append_decision, read_decisions
from scraper.archive.disk import Disk
from scraper.archive.files import DECISIONS_FILE
from scraper.errors import ArchiveDamagedError
from scraper.model.decision import Decision

AT = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
FIRST = Decision("tombstone", "careerly:posts-1", AT, "그만두고 싶습니다")
SECOND = Decision("drift-accepted", "careerly", AT, None, {"sequence": 12})


def test_decisions_are_read_in_the_order_they_were_made(tmp_path: Path) -> None:
    assert read_decisions(tmp_path) == ()
    append_decision(tmp_path, FIRST, Disk())
    append_decision(tmp_path, SECOND, Disk())
    assert read_decisions(tmp_path) == (FIRST, SECOND)


def test_a_torn_last_line_is_no_decision_and_is_cut_before_the_next(tmp_path: Path) -> None:
    append_decision(tmp_path, FIRST, Disk())
    path = tmp_path / DECISIONS_FILE
    path.write_bytes(path.read_bytes() + b'{"kind": "tomb')
    assert read_decisions(tmp_path) == (FIRST,)
    append_decision(tmp_path, SECOND, Disk())
    assert read_decisions(tmp_path) == (FIRST, SECOND)


@pytest.mark.parametrize("line", ["nonsense", "[]", '{"kind": "tombstone"}', '{"at": 3}'])
def test_a_damaged_line_stops_and_is_named(tmp_path: Path, line: str) -> None:
    append_decision(tmp_path, FIRST, Disk())
    path = tmp_path / DECISIONS_FILE
    path.write_text(path.read_text(encoding="utf-8") + line + "\n", encoding="utf-8")
    with pytest.raises(ArchiveDamagedError, match=r"decisions\.jsonl, line 2"):
        read_decisions(tmp_path)
