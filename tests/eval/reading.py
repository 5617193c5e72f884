"""Pages read by a reader, in processes, with the processor time of each."""

import gc
import multiprocessing
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from tests.eval.corpora import Page
from tests.eval.readers import NOTHING, Reader, ReadPage, reader_named

# The corpora say nothing of when a page was captured; all of them lie before this.
CAPTURED_AT: Final = datetime(2026, 7, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Result:
    """What a reader made of a page, in ``seconds`` of processor time; ``trouble`` says what it raised."""

    page: Page
    read: ReadPage
    seconds: float
    trouble: str | None = None


def read_pages(reader: str, pages: Sequence[Page], *, jobs: int = 1) -> list[Result]:
    """Every page as the named reader reads it, in the order of the pages."""
    if jobs == 1:
        worker = _Worker(reader, pages)
        reads = [worker.read(at) for at in range(len(pages))]
    else:
        context = multiprocessing.get_context("fork")
        with context.Pool(jobs, _start, (reader, pages)) as pool:
            reads = pool.map(_read, range(len(pages)), chunksize=4)
    return [Result(page, *read) for page, read in zip(pages, reads, strict=True)]


class _Worker:
    """A reader with the pages that it is asked for."""

    def __init__(self, reader: str, pages: Sequence[Page]) -> None:
        self._reader: Reader = reader_named(reader)
        self._pages = pages
        if pages:
            self.read(0)  # what a reader loads with its first page is no cost of that page
        gc.collect()

    def read(self, at: int) -> tuple[ReadPage, float, str | None]:
        page = self._pages[at]
        began = time.process_time()
        try:
            read, trouble = self._reader(page.html, page.url, CAPTURED_AT), None
        except Exception as error:  # noqa: BLE001 - a page that breaks a reader is a page it did not read
            read, trouble = NOTHING, f"{type(error).__name__}: {error}"
        return read, time.process_time() - began, trouble


def _start(reader: str, pages: Sequence[Page]) -> None:
    global _worker  # noqa: PLW0603 - a process of the pool has one worker, which its initializer makes
    _worker = _Worker(reader, pages)


def _read(at: int) -> tuple[ReadPage, float, str | None]:
    return _worker.read(at)


_worker: _Worker
