"""Lines of JSON, ours and those of web archives: an odd one is read or reported, and never ends those behind it."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.archive.ledger import LEDGER_FOLDER
from scraper.jobs.mementos.cdx import read_page
from scraper.jobs.politeness.lines import Illegible, Line, read_lines

_GOOD = {
    "at": "2026-01-05T03:00:00Z",
    "event": "request",
    "host": "gang.example",
    "url": "https://gang.example/",
    "rule": "page",
    "detail": {},
}
_DEEP = b"[" * 100_000
_ODD = st.one_of(
    st.binary(max_size=40).map(lambda octets: octets.replace(b"\n", b" ")),
    st.sampled_from(
        [_DEEP, b"", b"\0\0\0", b"null", b"{}", '"\u2028"'.encode(), b"\xff\xfe", b"\x1a", b"\r"]
    ),
)


@given(odd=st.lists(_ODD, max_size=4))
def test_every_line_of_a_ledger_is_read_or_reported(
    tmp_path_factory: pytest.TempPathFactory, odd: list[bytes]
) -> None:
    folder: Path = tmp_path_factory.mktemp("ledger")
    good = json.dumps(_GOOD).encode()
    lines = [good, *(line for each in odd for line in (each, good))]
    (folder / LEDGER_FOLDER).mkdir()
    (folder / LEDGER_FOLDER / "2026-01.jsonl").write_bytes(b"".join(line + b"\n" for line in lines))
    found = list(read_lines(folder))
    assert len(found) == len(lines)
    assert sum(isinstance(item, Line) for item in found) == len(odd) + 1
    assert sum(isinstance(item, Illegible) for item in found) == len(odd)


def test_a_list_of_captures_has_lines_that_end_in_a_line_feed_alone() -> None:
    lines = [
        json.dumps(
            {"url": f"https://gang.example/\u2028{number}", "timestamp": "20240307000000"}, ensure_ascii=False
        )
        for number in range(3)
    ]
    assert len(read_page("\r\n".join(lines).encode()).lines) == 3


def test_a_list_that_nests_without_end_is_no_list() -> None:
    with pytest.raises(ValueError, match="nests deeper"):
        read_page(_DEEP)
