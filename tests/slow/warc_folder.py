"""A folder of WARC files as they come: whole, cut off, with flipped bits, and with pages that do harm to whoever reads them."""

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.fixtures.pages import v1_page
from tests.jobs.crawl_file import CrawlFile
from tests.jobs.mementos import POST
from tests.jobs.test_extract_from import scattered
from tests.safety.visits import harmful_url

HARMS: Final = ("hanging", "devouring", "crashing", "leaving", "exploding")
# What a process that has this folder among its paths imports by itself: it installs the site whose pages do harm.
_INSTALLS: Final = """
import os
from pathlib import Path

def _install():
    from scraper import sites
    sites.__path__.append(str(Path(__file__).parent / "sites"))

_install()
"""
_SITE: Final = """
from tests.safety.visits import HarmfulSite

def make_site():
    return HarmfulSite()
"""


def write_warcs(folder: Path, files: int, pages: int) -> Path:
    """``files`` whole files of so many posts each, a few that belong together, and every kind of damaged one."""
    folder.mkdir()
    scattered(folder)
    for number in range(files):
        _posts(number, pages).write(folder / f"good {number}.warc.gz")
    cut = _posts(90, 6).write(folder / "truncated.warc.gz")
    cut.write_bytes(cut.read_bytes()[:-300])
    for number in range(6):
        suffix = ("warc", "warc.gz")[number % 2]
        flipped = _posts(91 + number, 4).write(folder / f"flipped\n{number}.{suffix}")
        data = bytearray(flipped.read_bytes())
        chance = random.Random(number)
        for _ in range(3):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        flipped.write_bytes(data)
    hostile = CrawlFile("h")
    for number, harm in enumerate(HARMS):
        hostile.add(harmful_url(f"fine-{number}"), b"<p>fine</p>")
        hostile.add(harmful_url(harm), b"<p>harm</p>")
    hostile.add(harmful_url("fine-last"), b"<p>fine</p>")
    hostile.write(folder / "hostile.warc.gz")
    (folder / "empty.warc.gz").touch()
    (folder / "noise.warc.gz").write_bytes(random.Random(7).randbytes(5000))
    (folder / "text.warc").write_text("no WARC file\n" * 100, encoding="utf-8")
    (folder / "gone.warc.gz").symlink_to("nowhere.warc.gz")
    return folder


def write_harmful_site(folder: Path) -> Path:
    """What lets every process with ``folder`` in its PYTHONPATH know the site whose pages do harm."""
    (folder / "sites").mkdir(parents=True)
    (folder / "sites" / "harm.py").write_text(_SITE, encoding="utf-8")
    (folder / "sitecustomize.py").write_text(_INSTALLS, encoding="utf-8")
    return folder


@contextmanager
def spoiled(folder: Path) -> Iterator[None]:
    """Every WARC file reads as nothing meanwhile, without looking changed: how it begins, which tells what it is, stays."""
    before = {
        path: path.read_bytes()
        for path in folder.iterdir()
        if path.is_file() and path.name not in {"noise.warc.gz", "text.warc"}
    }
    try:
        for path, data in before.items():
            _write_unseen(path, data[:16] + bytes(max(len(data) - 16, 0)))
        yield
    finally:
        for path, data in before.items():
            _write_unseen(path, data)


def _write_unseen(path: Path, data: bytes) -> None:
    state = path.stat()
    path.write_bytes(data)
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))


def _posts(prefix: int, pages: int) -> CrawlFile:
    file = CrawlFile(f"p{prefix}-")
    for number in range(pages):
        name = str(500_000 + prefix * 1000 + number)
        file.add(POST.replace("70991", name), v1_page(70991).replace("70991", name).encode())
    return file
