"""What a run holds in memory while its input grows: nothing that a page, a record or a post adds to."""

import gc
import gzip
import pickle
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import accumulate, count, pairwise
from pathlib import Path
from typing import Final

import pytest

from scraper.archive.cdxj import url_key
from scraper.archive.frontier import Lead
from scraper.archive.unpacked import Position
from scraper.archive.warc_file import WarcFile
from scraper.jobs.crawl.readings import Readings
from scraper.jobs.extract.by_index import IndexSelection, chosen_by_cdx
from scraper.jobs.imports.passed_over import PassedOver
from scraper.jobs.imports.selection import Selection
from scraper.jobs.imports.waiting import LaterPage, Waiting, WaitingRevisit
from scraper.jobs.imports.warc_places import ForeignPlace
from scraper.jobs.items import Items
from scraper.model.capture import Capture
from scraper.model.outcome import Item
from scraper.page.leads import Leads
from scraper.reading.document_reading import DocumentReading
from scraper.sites.registry import installed_sites
from tests.archive.making import open_archive
from tests.clock import VirtualClock
from tests.jobs.crawl_file import CrawlFile, import_of
from tests.jobs.workplaces import workplace_at

MANY: Final = 5_120
# What one number in a list takes: far from what a URL would.
BYTES_EACH: Final = 8
URL: Final = "https://careerly.co.kr/comments/{}"
AT: Final = datetime(2022, 11, 8, 1, 2, 3, tzinfo=UTC)
PLACE: Final = ForeignPlace(WarcFile("a.warc", "/a.warc"), Position(70, 7))


@contextmanager
def traced() -> Iterator[None]:
    # From here on garbage is collected at the same moments of each trial, whatever ran before.
    gc.collect()
    tracemalloc.start()
    try:
        yield
    finally:
        tracemalloc.stop()


def adds_items() -> Callable[[int], object]:
    items = Items()
    return lambda number: items.add(Item(URL.format(number), "done", f"careerly:comments-{number}"))


def passes_over() -> Callable[[int], object]:
    passed_over = PassedOver("a.warc")
    return lambda number: passed_over.add(URL.format(number), AT, "It is none.")


def lets_revisits_wait() -> Callable[[int], object]:
    waiting = Waiting()
    return lambda number: waiting.add_revisit(WaitingRevisit("a.warc", URL.format(number), AT, PLACE))


def lets_later_pages_wait() -> Callable[[int], object]:
    waiting, sites = Waiting(), installed_sites()

    def add(number: int) -> None:
        post = sites.claimed(URL.format(number))
        assert post is not None
        waiting.add_later_page(LaterPage(post, AT, PLACE))

    return add


@pytest.mark.thorough
@pytest.mark.parametrize("begin", [adds_items, passes_over, lets_revisits_wait, lets_later_pages_wait])
def test_what_a_run_notes_takes_no_memory(begin: Callable[[], Callable[[int], object]]) -> None:
    with traced():
        note = begin()
        for number in range(MANY):
            note(number)  # fills what is kept at hand of the last few
        before = tracemalloc.get_traced_memory()[0]
        for number in range(MANY, 2 * MANY):
            note(number)
        assert tracemalloc.get_traced_memory()[0] - before < MANY * BYTES_EACH


@pytest.mark.thorough
@pytest.mark.parametrize("way", ["one index", "revisits alone", "parts of an index"])
def test_records_that_an_index_chooses_take_no_memory(tmp_path: Path, way: str) -> None:
    """Neither while they are chosen, nor while the files are read by them; and nor do the parts of an index that are read."""
    (tmp_path / "a.warc").touch()
    _peak_of_choosing(tmp_path, way, MANY)  # fills what is kept at hand of the last few
    growth = _peak_of_choosing(tmp_path, way, 3 * MANY) - _peak_of_choosing(tmp_path, way, MANY)
    assert growth < 2 * MANY * BYTES_EACH


def _peak_of_choosing(folder: Path, way: str, count: int) -> int:
    mime = "warc/revisit" if way == "revisits alone" else "text/html"
    lines = [
        f"{url_key(URL.format(number))} 20240101000000 "
        f'{{"url": "{URL.format(number)}", "mime": "{mime}", "digest": "{number:032}", "offset": "{number}", "length": "1", "filename": "a.warc"}}\n'
        for number in range(count)
    ]
    index = folder / "index.cdxj"
    if way == "parts of an index":
        parts = [gzip.compress(line.encode(), 1) for line in lines]
        (folder / "cdx-00000.gz").write_bytes(b"".join(parts))
        ends = [0, *accumulate(map(len, parts))]
        leading = [
            f"{line.partition(' ')[0]} 20240101000000\tcdx-00000.gz\t{at}\t{end - at}\n"
            for line, (at, end) in zip(lines, pairwise(ends), strict=True)
        ]
        index = folder / "cluster.idx"
        index.write_text("".join(leading))
    else:
        index.write_text("".join(lines))
    del lines
    with traced():
        (warc,) = chosen_by_cdx([str(index)], [str(folder)], IndexSelection()).placed(folder / "chosen")
        pickle.dumps(warc)
        hash(warc)
        warc.identity()
        assert warc.ranges
        assert sum(1 for _ in warc.ranges) == count
        return tracemalloc.get_traced_memory()[1]


def test_what_is_passed_over_is_told_by_reason_in_the_order_in_which_it_came() -> None:
    passed_over = PassedOver("a.warc")
    for number in range(600):
        passed_over.add(URL.format(number), AT if number % 2 else None, f"Reason {number % 3}.")
    passed_over.add_file("b.txt", "Reason 1.")
    expected = [URL.format(number) for reason in range(3) for number in range(600) if number % 3 == reason]
    assert [item.target for item in passed_over.items] == [*expected[:400], "b.txt", *expected[400:]]
    assert [item.reason for item in passed_over.counted] == [
        "Reason 0. (200)",
        "Reason 1. (201)",
        "Reason 2. (200)",
    ]
    assert not PassedOver("a.warc")


def test_what_waits_comes_back_as_it_was_by_the_time_of_its_capture() -> None:
    waiting, post = Waiting(), installed_sites().claimed(URL.format(7))
    assert post is not None
    other = ForeignPlace(WarcFile("b.warc", "/b.warc"), Position(1))
    revisits = [
        WaitingRevisit("b", URL.format(2), None, other),
        WaitingRevisit("a", URL.format(1), AT, PLACE),
        WaitingRevisit("b", URL.format(3), AT + timedelta(microseconds=1), other),
    ]
    pages = [
        LaterPage(post, None, other),
        LaterPage(post, AT, PLACE),
        LaterPage(post, AT + timedelta(days=1), other),
    ]
    for revisit in reversed(revisits):
        waiting.add_revisit(revisit)
    for page in reversed(pages):
        waiting.add_later_page(page)
    assert list(waiting.revisits()) == revisits
    assert list(waiting.later_pages()) == pages


@pytest.mark.thorough
@pytest.mark.parametrize("way", ["left out by its time", "a redirect", "a revisit"])
def test_captures_that_are_not_read_are_not_held(tmp_path: Path, way: str) -> None:
    """However many stand one behind the other, and however large they are."""
    file, size = CrawlFile(), 200_000
    for number in range(400):
        body = f"{number:07}".encode() * (size // 7)
        if way == "a revisit":
            file.add_revisit(
                URL.format(number), "2022-11-08T00:00:00Z", block=b"HTTP/1.1 200 OK\r\n\r\n" + body
            )
        else:
            file.add(URL.format(number), body, status=301 if way == "a redirect" else 200)
    path = file.write(tmp_path / "a.warc.gz")
    del file
    selection = Selection(since=datetime(2023, 1, 1, tzinfo=UTC)) if way == "left out by its time" else None
    workplace = workplace_at(tmp_path / "archive", VirtualClock())
    import_of(workplace, CrawlFile("x").write(tmp_path / "none.warc"))
    with traced():
        report = import_of(workplace, path, selection=selection)
        peak = tracemalloc.get_traced_memory()[1]
    assert len(report.items) >= 400
    assert peak < 20 * size


def test_of_the_readings_at_hand_long_lists_are_few() -> None:
    readings = Readings()
    for number in range(40):
        pages = tuple(URL.format(number * 10_000 + post) for post in range(10_000))
        capture = Capture(f"urn:{number}", URL, 200, (), b"", AT, "observed", "")
        readings.put(DocumentReading(capture, leads=Leads(pages, is_list=True)))
    at_hand = [readings.get(f"urn:{number}") for number in range(40)]
    assert sum(reading is not None and reading.leads is not None for reading in at_hand) <= 5


@pytest.mark.thorough
def test_looking_for_what_a_list_leads_to_costs_the_same_however_much_was_found(tmp_path: Path) -> None:
    """Counted in steps of SQLite's own machine, for a list after few posts and one after many."""
    steps = count()
    with open_archive(tmp_path / "archive") as archive:
        frontier, connection = archive.frontier, archive.frontier._state._connection
        frontier.begin(URL, AT, AT)

        def cost(number: int) -> int:
            before = next(steps)
            posts = [URL.format(number * 10 + post) for post in range(10)]
            frontier.note_list(URL, f"{URL}?page={number}", [Lead(f"{URL}?page={number + 1}")], posts, AT)
            return next(steps) - before

        connection.set_progress_handler(lambda: next(steps) and None, 1)
        early = cost(1)
        connection.set_progress_handler(None, 1)
        for number in range(2, 500):
            cost(number)
        connection.set_progress_handler(lambda: next(steps) and None, 1)
        assert cost(500) < 2 * early
