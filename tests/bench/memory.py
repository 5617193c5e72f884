"""The most memory that commands need, for a large input and for a tenth of it.

python -m tests.bench.memory                      all, at their full sizes: takes half an hour
python -m tests.bench.memory export --share 0.1   one of them, at a tenth of its sizes

"""

import argparse
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.bench.memory_inputs import records, warc
from tests.bench.memory_inputs.processes import Peak, peak_of

MOST: Final = 1.2
"""How much more the whole may need than a tenth of it."""

_FILES: Final = 100
_BYTES_OF_FILE: Final = 2_000_000


@dataclass(frozen=True, slots=True)
class Case:
    """Commands over an input; ``make`` makes it of a size in a folder, where the commands are run one after the other."""

    name: str
    told: str
    size: int
    make: Callable[[Path, int], object]
    commands: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Growth:
    """What one command needed at most for a tenth of an input, and for the whole."""

    case: str
    command: str
    tenth: Peak
    whole: Peak

    @property
    def ratio(self) -> float:
        """How much more the whole needed: of the command itself or of its largest process, whichever grew more."""
        return max(self.whole.main / self.tenth.main, self.whole.child / (self.tenth.child or 1))

    def __str__(self) -> str:
        tenth, whole = self.tenth, self.whole
        below = f", a process below it {tenth.child:.0f} and {whole.child:.0f} MB" if whole.child else ""
        seconds = f"{tenth.seconds:.0f} and {whole.seconds:.0f} CPU s"
        return f"{self.case}: postkeep {self.command}: {tenth.main:.0f} and {whole.main:.0f} MB{below}; {self.ratio:.2f} ×; {seconds}"


def _files(folder: Path, count: int) -> None:
    for number in range(count):
        warc.write(
            folder / f"crawl-{number:03}.warc.gz", _BYTES_OF_FILE, number * _BYTES_OF_FILE // warc.PART
        )


def _archive(folder: Path, comments: int) -> None:
    records.fill(folder / "archive", comments)


def _file(folder: Path, size: int) -> None:
    warc.write(folder / "crawl.warc.gz", size)


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
)


def grown(case: Case, share: float = 1.0) -> Iterator[Growth]:
    """The growth of each command of a case, at ``share`` of its size."""
    with tempfile.TemporaryDirectory(prefix="postkeep-bench-", dir="/var/tmp") as name:
        whole = int(case.size * share)
        peaks = [_peaks(case, Path(name, str(size)), size) for size in (whole // 10, whole)]
        for command, tenth, all_of_it in zip(case.commands, *peaks, strict=True):
            yield Growth(case.told.format(whole), " ".join(command), tenth, all_of_it)


def _peaks(case: Case, folder: Path, size: int) -> list[Peak]:
    folder.mkdir()
    case.make(folder, size)
    peaks = [peak_of(folder, *command) for command in case.commands]
    shutil.rmtree(folder)
    return peaks


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.memory",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", help=f"one of {', '.join(case.name for case in CASES)}")
    parser.add_argument("--share", type=float, default=1.0, help="of the sizes, so much")
    options = parser.parse_args()
    for case in CASES:
        if case.name in options.names or not options.names:
            for growth in grown(case, options.share):
                print(growth, flush=True)


if __name__ == "__main__":
    main()
