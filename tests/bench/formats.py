"""What an export costs in each format over made posts: CPU seconds and the largest resident set, medians, with their growth.

``python -m tests.bench.formats`` prints the table; ``--write`` renews it in docs/export.md.
"""

import argparse
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tests.bench.pages import post_pages, write_warc
from tests.bench.verb_costs.bench import Bench
from tests.bench.verb_costs.telling import Cost
from tests.conftest import REPOSITORY
from tests.marked import renew

DOCUMENT: Final = REPOSITORY / "docs" / "export.md"
BEGIN: Final = "<!-- formats: written by python -m tests.bench.formats --write -->\n"
END: Final = "<!-- formats: end -->"
_COMMENTS: Final = 14
_EXPORTS: Final[Mapping[str, tuple[str, ...]]] = {
    "`parquet`": ("out",),
    "`csv`": ("out", "--format", "csv"),
    "`jsonl`": ("out", "--format", "jsonl"),
    "`convokit`": ("out", "--format", "convokit"),
    "`--wacz`": ("--wacz", "out.wacz"),
}


def measured(posts: int, rounds: int) -> dict[str, Cost]:
    """The cost of each export of so many posts."""
    with tempfile.TemporaryDirectory(prefix="postkeep-bench-") as name:
        folder = Path(name)
        bench = Bench(folder, rounds)
        write_warc(post_pages(posts), folder / "posts.warc.gz")
        bench.empty_archive()
        Bench(folder, 1).measure("import", "posts.warc.gz")
        return {form: bench.measure("export", *arguments) for form, arguments in _EXPORTS.items()}


def section(posts: int, costs: Mapping[str, Cost], large: int, grown: Mapping[str, Cost]) -> str:
    """The table, as Markdown."""
    lines = [
        f"Of {posts:,} posts with {posts * _COMMENTS:,} comments, and of {large:,} posts to see what grows (`python -m tests.bench.formats`):",
        "",
        f"| format | CPU seconds | memory, MB | CPU seconds, {large:,} posts | memory, MB, {large:,} posts |",
        "|---|---:|---:|---:|---:|",
        *(
            f"| {form} | {cost.seconds:.2f} | {cost.megabytes:.0f} | {grown[form].seconds:.2f} | {grown[form].megabytes:.0f} |"
            for form, cost in costs.items()
        ),
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure, and print or write the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.formats", description=__doc__)
    parser.add_argument("--posts", type=int, default=1000)
    parser.add_argument("--large", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", action="store_true", help="renew the table in docs/export.md")
    options = parser.parse_args()
    costs, grown = measured(options.posts, options.rounds), measured(options.large, 1)
    text = section(options.posts, costs, options.large, grown)
    if options.write:
        renew(DOCUMENT, BEGIN, END, text)
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
