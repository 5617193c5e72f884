"""A page of SingleFile that unpacks itself: HTML with a ZIP archive in it, which holds the page that was saved."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final

from scraper.archive.replay import BODY_LIMIT
from scraper.errors import SkippableError
from scraper.jobs.imports.saved_page import SavedPage

_ROOT: Final = re.compile(rb"<html\b[^>]{0,400}\sdata-sfz\b", re.IGNORECASE)
_PAGE: Final = "index.html"
_ENCRYPTED: Final = 0x1


def is_self_extracting(head: bytes) -> bool:
    """Whether a file that begins with ``head`` is such a page."""
    return _ROOT.search(head) is not None


def read_self_extracting(data: bytes, name: str) -> Iterator[SavedPage]:
    """The page in the file ``name``; what was saved beside it, frames and pictures, is none.

    Raises:
        SkippableError: its archive is broken, encrypted, or has no page of a size that can be kept.
    """
    what = f"{name} is a page of SingleFile that unpacks itself"
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            page = archive.getinfo(_PAGE)
            if page.flag_bits & _ENCRYPTED:
                raise SkippableError(
                    f"{what}, and it is encrypted. Open it in a browser, and save it again without a password."
                )
            with archive.open(page) as file:
                body = file.read(BODY_LIMIT + 1)
    except KeyError as error:
        raise SkippableError(f"{what}, and there is no page in it. Save the page again.") from error
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, ValueError, EOFError, OSError) as error:
        raise SkippableError(f"{what}, and it is broken ({error}). Save the page again.") from error
    if len(body) > BODY_LIMIT:
        raise SkippableError(
            f"{what}, and its page is longer than {BODY_LIMIT >> 20} MB, which is more than is kept."
        )
    yield SavedPage(name, body, "text/html")
