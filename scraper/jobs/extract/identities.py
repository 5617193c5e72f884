"""What each of many files is now, those far away asked for several at a time."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from scraper.archive.warc_file import WarcFile
from scraper.errors import RetryableError, SkippableError

_AT_ONCE: Final = 8


def identities_of(
    files: Sequence[WarcFile],
) -> Iterator[tuple[WarcFile, str | RetryableError | SkippableError]]:
    """Each file, in order, with its identity, or with why it cannot be had."""
    far = [warc for warc in files if not warc.is_local]
    threads = ThreadPoolExecutor(_AT_ONCE)
    try:
        answers = threads.map(_identity_of, far)
        for warc in files:
            yield warc, _identity_of(warc) if warc.is_local else next(answers)
    finally:
        threads.shutdown(cancel_futures=True)


def _identity_of(warc: WarcFile) -> str | RetryableError | SkippableError:
    try:
        return warc.identity()
    except (RetryableError, SkippableError) as error:
        return error
