"""The most memory that commands need, for a large input and for a tenth of it.

python -m tests.bench.memory                      all, at their full sizes: takes half an hour
python -m tests.bench.memory export --share 0.1   one of them, at a tenth of its sizes
python -m tests.bench.memory --write import       kept in tests/bench/memory.json, and the table in docs/figures.md renewed

"""

import argparse
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from scraper.jobs.init import init
from scraper.settings import SETTINGS_FILE
from tests.bench.memory_inputs import lists, records, warc
from tests.bench.memory_inputs.processes import peak_of
from tests.bench.table.grown import Growth, GrowthRun, keep, load
from tests.bench.table.machine import this_machine
from tests.commands import FAST_HOSTS, reaching
from tests.replica.routes import Deployment
from tests.replica.server import Replica

MOST: Final = 1.2
"""How much more the whole may need than a tenth of it."""

_FILES: Final = 100
_BYTES_OF_FILE: Final = 2_000_000
_PART_OF_FILE: Final = 4_000_000
_CRAWL: Final = ("crawl", "--max-posts", "1")


@dataclass(frozen=True, slots=True)
class Case:
    """Commands over an input; ``make`` makes it of a size in a folder, where the commands are run one after the other, with the options it gives.

    ``has_bound``: there is no larger input, so that memory which grows up to there is no promise broken.
    """

    name: str
    told: str
    size: int
    make: Callable[[Path, int], AbstractContextManager[Sequence[str]]]
    commands: tuple[tuple[str, ...], ...]
    has_bound: bool = False


@contextmanager
def _files(folder: Path, count: int) -> Iterator[Sequence[str]]:
    for number in range(count):
        warc.write(
            folder / f"crawl-{number:03}.warc.gz", _BYTES_OF_FILE, number * _BYTES_OF_FILE // warc.PART
        )
    yield ()


@contextmanager
def _archive(folder: Path, comments: int) -> Iterator[Sequence[str]]:
    records.fill(folder / "archive", comments)
    yield ()


@contextmanager
def _file(folder: Path, size: int) -> Iterator[Sequence[str]]:
    warc.write(folder / "crawl.warc.gz", size, part=_PART_OF_FILE)
    yield ()


@contextmanager
def _sitemap(folder: Path, urls: int) -> Iterator[Sequence[str]]:
    with _serving(folder, {(lists.HOST, "/sitemap.xml"): lists.sitemap(urls)}) as options:
        yield options


@contextmanager
def _serving(folder: Path, answers: lists.Lists) -> Iterator[Sequence[str]]:
    init(folder / "archive", "bench@example.org")
    with (folder / "archive" / SETTINGS_FILE).open("a", encoding="utf-8") as settings:
        settings.write(FAST_HOSTS)
    with Replica(Deployment(instead=answers)) as replica:
        yield reaching(replica)


CASES: Final = (
    Case(
        "export",
        "an archive of {:,} comments",
        1_000_000,
        _archive,
        (
            ("export", "parquet"),
            ("export", "csv", "--format", "csv"),
            ("export", "jsonl", "--format", "jsonl"),
            ("export", "convokit", "--format", "convokit"),
            ("status",),
            ("list",),
        ),
    ),
    Case(
        "import",
        "a WARC file of {:,} bytes",
        1_000_000_000,
        _file,
        (("import", "crawl.warc.gz"), ("check",), ("extract",), ("export", "dataset")),
    ),
    Case(
        "extract-from",
        "{:,} WARC files",
        _FILES,
        _files,
        (("extract", "--from", ".", "--into", "dataset"),),
    ),
    Case(
        "sitemap",
        "a sitemap of {:,} URLs",
        # The protocol's own bound.
        50_000,
        _sitemap,
        ((*_CRAWL, f"https://{lists.HOST}/sitemap.xml"),),
        has_bound=True,
    ),
)


def measured(case: Case, share: float = 1.0) -> Iterator[GrowthRun]:
    """The run of a case at ``share`` of its size, each time that one more of its commands has ended for both inputs."""
    whole = int(case.size * share)
    sizes = (whole // 10, whole)
    tenth, all_of_it = (case.told.format(size) for size in sizes)
    growths: list[Growth] = []
    with tempfile.TemporaryDirectory(prefix="postkeep-bench-", dir="/var/tmp") as name, ExitStack() as made:
        folders = [Path(name, str(size)) for size in sizes]
        for folder in folders:
            folder.mkdir()
        options = [made.enter_context(case.make(*each)) for each in zip(folders, sizes, strict=True)]
        for command in case.commands:
            peaks = [peak_of(folder, *command, *more) for folder, more in zip(folders, options, strict=True)]
            growths.append(Growth(" ".join(command), *peaks))
            yield GrowthRun(f"{datetime.now(UTC):%Y-%m-%d}", this_machine(), tenth, all_of_it, tuple(growths))


def main() -> None:
    """Measure and print; keep where asked to, each as soon as it is there."""
    names = [case.name for case in CASES]
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.memory",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", help=f"one of {', '.join(names)}")
    parser.add_argument("--share", type=float, default=1.0, help="of the sizes, so much")
    parser.add_argument("--write", action="store_true", help="keep the figures and renew docs/figures.md")
    options = parser.parse_args()
    if options.write and options.share != 1.0:
        parser.error("what is kept is measured at the full sizes: leave --share out.")
    for case in CASES:
        if case.name in options.names or not options.names:
            for run in measured(case, options.share):
                print(f"{run.tenth}, and {run.whole}: {run.growths[-1]}", flush=True)
                if options.write:
                    keep({**load(), case.name: run}, names)


if __name__ == "__main__":
    main()
