"""What each verb costs over made posts, in CPU seconds of the command and its workers: medians, with their growth.

``python -m tests.bench.verbs`` prints the table; ``--write`` renews it in docs/figures.md. ``--posts`` sets how many posts the
verbs are measured with, ``--large`` how many the growth is measured with, ``--rounds`` of how many runs the median is.
"""

import argparse
import json
import shutil
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Final

from tests.bench import reading
from tests.bench.pages import post_pages, thread_pages, write_warc
from tests.bench.verb_costs.bench import Bench
from tests.bench.verb_costs.durable import operations_a_page
from tests.bench.verb_costs.telling import BEGIN, DOCUMENT, END, FIGURES, Cost, Figures, section
from tests.marked import renew

_THREAD: Final = 200


def measured(posts: int, large: int, rounds: int) -> Figures:
    """Run everything; takes minutes."""
    page, peer = reading.seconds_a_page()
    with tempfile.TemporaryDirectory(prefix="postkeep-bench-") as name:
        folder = Path(name)
        bench = Bench(folder, rounds)
        verbs = _verbs(bench, folder, posts)
        warc, records = _sizes(folder / "archive")
        grown = _verbs(Bench(folder, 1), folder, large)
        return Figures(
            posts=posts,
            large_posts=large,
            rounds=rounds,
            reading=round(page, 5),
            peer=round(peer, 5),
            verbs=verbs,
            large=grown,
            threads=_threads(bench, folder),
            start=bench.measure("--help"),
            first_page=_first_page(bench, folder),
            warc_bytes=warc,
            records_bytes=records,
            durable_operations=operations_a_page(folder / "durable"),
        )


def _verbs(bench: Bench, folder: Path, posts: int) -> dict[str, Cost]:
    """Import, extract, export and forget over so many posts; the archive is left as it was before the last."""
    warc, kept = folder / f"posts-{posts}.warc.gz", folder / f"kept-{posts}"
    write_warc(post_pages(posts), warc)
    costs = {"import": bench.measure("import", warc.name, prepare=bench.empty_archive)}
    costs["extract"] = bench.measure("extract", "--workers", "1")
    costs["export"] = bench.measure("export", "dataset")
    shutil.copytree(folder / "archive", kept)
    target = next(post_pages(1)).url
    costs["forget"] = bench.measure("forget", target, "--reason", "Asked", prepare=bench.copy_of(kept))
    bench.copy_of(kept)()
    return costs


def _threads(bench: Bench, folder: Path) -> dict[str, Cost]:
    costs = {}
    for links, is_abbreviated in (("all linked", False), ("1 2 … n", True)):
        for pages in (_THREAD // 4, _THREAD):
            warc = folder / "thread.warc.gz"
            write_warc(thread_pages(pages, abbreviated=is_abbreviated), warc)
            costs[f"{pages} pages, {links}"] = bench.measure("import", warc.name, prepare=bench.empty_archive)
    return costs


def _first_page(bench: Bench, folder: Path) -> Cost:
    """What `extract` costs over a single page."""
    warc = folder / "one.warc.gz"
    write_warc(post_pages(1), warc)
    bench.empty_archive()
    bench.measure("import", warc.name)
    return bench.measure("extract", "--workers", "1")


def _sizes(archive: Path) -> tuple[int, int]:
    """Bytes of the WARC files, and of the records."""
    warc = sum(path.stat().st_size for path in (archive / "warc").iterdir())
    return warc, (archive / "records.sqlite").stat().st_size


def main() -> None:
    """Measure, and print or write the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.verbs", description=__doc__)
    parser.add_argument("--posts", type=int, default=1000)
    parser.add_argument("--large", type=int, default=4000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", action="store_true", help="renew the table in docs/figures.md")
    options = parser.parse_args()
    figures = measured(options.posts, options.large, options.rounds)
    if options.write:
        FIGURES.write_text(json.dumps(asdict(figures), indent=1) + "\n", encoding="utf-8")
        renew(DOCUMENT, BEGIN, END, section(figures))
    sys.stdout.write(section(figures))


if __name__ == "__main__":
    main()
