"""Comments of threads: how many are read, how well, and what goes wrong.

python -m tests.eval.threads --corpus threads-ld --stripped --errors
python -m tests.eval.threads --corpus threads-wp --reader my.module:read --only heise --jobs 2
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from tests.eval.corpora import CORPORA, Page, measures, pages_of, platforms
from tests.eval.figure import STRIPPED, Better, Figure, PageError, Results
from tests.eval.reading import Result, read_pages
from tests.eval.thread_errors import ThreadError, errors_of

FIGURES: Final = ("precision", "recall", "f1", "authors", "dates", "edges_f1", "names_in_texts")
# Of so many pages of a platform its figure says something.
_ENOUGH: Final = 5


@dataclass(frozen=True, slots=True)
class Corpus:
    """A corpus of threads, and the folder of the markup that is read."""

    name: str
    folder: str = "html"

    @property
    def title(self) -> str:
        """The corpus as the tables name it."""
        return f"{self.name}, stripped" if self.folder == "html_stripped" else self.name

    def pages(self) -> list[Page]:
        """Its pages."""
        return pages_of(self.name, folder=self.folder)


def figures_of(results: Sequence[Result]) -> dict[str, float]:
    """The measures' figures over pages, with the pages that a second of processor time is enough for."""
    score: dict[str, float] = measures().score([(dict(each.page.truth), each.read) for each in results])
    return {**score, "pages_a_second": len(results) / (sum(each.seconds for each in results) or 1e-9)}


def figures(results: Results) -> Iterator[Figure]:
    """What the measures say of both corpora, and of each platform with at least five pages."""
    for corpus, goal in ((STRIPPED, 0.92), ("threads-ld", 0.97), ("threads-wp", None)):
        pages = results[corpus]
        score, count = figures_of(pages), len(pages)
        yield Figure(corpus, "comments F1", count, score["f1"], goal)
        yield Figure(corpus, "comments, precision", count, score["precision"])
        yield Figure(corpus, "comments, recall", count, score["recall"])
        yield Figure(corpus, "authors", count, score["authors"], 0.95 if goal else None)
        yield Figure(corpus, "dates", count, score["dates"], 0.97 if goal else None)
        yield Figure(corpus, "names in texts", count, score["names_in_texts"], 0.001, Better.LESS)
    for platform, group in by_platform(results[STRIPPED]).items():
        if len(group) >= _ENOUGH:
            yield Figure(STRIPPED, f"comments F1, {platform}", len(group), figures_of(group)["f1"], 0.88)
    answers = by_platform(results[STRIPPED])["stackexchange"]
    for corpus, pages in ((f"{STRIPPED}, Stack Exchange", answers), ("threads-wp", results["threads-wp"])):
        yield Figure(corpus, "reply edges F1", len(pages), figures_of(pages)["edges_f1"], 0.95)


def errors(results: Results) -> Iterator[PageError]:
    """Every error in the comments of both corpora, without structured data where there is any."""
    for corpus in (STRIPPED, "threads-wp"):
        for result in results[corpus]:
            for error in errors_of(result):
                yield PageError(error.kind, f"{corpus}/{result.page.name}", error.detail)


def by_platform(results: Sequence[Result]) -> dict[str, list[Result]]:
    """The results of threads-ld by the software that made the page."""
    made_by = platforms()
    groups: dict[str, list[Result]] = {}
    for each in results:
        groups.setdefault(made_by.get(each.page.name, "unknown"), []).append(each)
    return dict(sorted(groups.items(), key=lambda group: (-len(group[1]), group[0])))


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures of one reader on one corpus and, where asked for, the worst pages."""
    options = _options().parse_args(arguments)
    if not CORPORA.is_dir():
        sys.exit(f"The figures need the corpora in {CORPORA}, which are not there.")
    corpus = Corpus(options.corpus, "html_stripped" if options.stripped else "html")
    pages = [page for page in corpus.pages() if options.only in page.name or options.only in page.url]
    results = read_pages(options.reader, pages, jobs=options.jobs)
    print(f"{corpus.title}, {options.reader}: {len(results)} pages")
    print(
        f"{'':28}"
        + "".join(f"{name.replace('names_in_texts', 'names'):>10}" for name in FIGURES)
        + "   pages/s"
    )
    if corpus.name == "threads-ld":
        for platform, group in by_platform(results).items():
            _print_row(f"{platform} ({len(group)})", group)
    for name in options.hold:
        held = [each for each in results if platforms().get(each.page.name) == name]
        _print_row(f"held out: {name} ({len(held)})", held)
    if options.hold:
        rest = [each for each in results if platforms().get(each.page.name) not in options.hold]
        _print_row(f"the others ({len(rest)})", rest)
    _print_row(f"all ({len(results)})", results)
    slow = max(results, key=lambda each: each.seconds)
    print(f"slowest: {slow.page.name}, {slow.seconds:.3f} s of {len(slow.page.html) / 1000:.0f} kB")
    if options.errors:
        _print_errors(results, most=options.most)


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.eval.threads", description=__doc__)
    parser.add_argument("--corpus", choices=("threads-ld", "threads-wp"), default="threads-ld")
    parser.add_argument("--stripped", action="store_true", help="threads-ld without its structured data")
    parser.add_argument("--reader", default="postkeep", help="postkeep, a peer, or module:function")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--only", default="", help="pages whose name or URL has these characters")
    parser.add_argument("--errors", action="store_true", help="errors by kind, and the worst pages")
    parser.add_argument("--most", type=int, default=12, help="errors shown of a page")
    parser.add_argument("--hold", nargs="*", default=(), metavar="PLATFORM", help="platforms told apart")
    return parser


def _print_row(title: str, results: Sequence[Result]) -> None:
    figures = figures_of(results)
    shown = "".join(f"{figures[name]:10.3f}" for name in FIGURES)
    print(f"{title:28}{shown}{figures['pages_a_second']:10.1f}")


def _print_errors(results: Sequence[Result], *, most: int) -> None:
    by_page = [(each, errors_of(each)) for each in results]
    print("\nerrors by kind:")
    kinds = Counter(error.kind for _, errors in by_page for error in errors)
    for kind, count in kinds.most_common():
        print(f"  {count:5} {kind}")
    print("\npages, the worst first:")
    made_by = platforms()
    for result, errors in sorted(by_page, key=lambda page: -len(page[1])):
        if errors:
            _print_page(result, errors, made_by.get(result.page.name, ""), most)


def _print_page(result: Result, errors: list[ThreadError], platform: str, most: int) -> None:
    page, got = result.page, result.read["comments"]
    f1 = figures_of([result])["f1"]
    print(
        f"\n{page.name} {platform} F1 {f1:.3f}, {len(page.truth['comments'])} true, {len(got)} read\n  {page.url}"
    )
    for error in errors[:most]:
        print(f"    {error.kind}  |  {error.detail}")
    if len(errors) > most:
        print(f"    … and {len(errors) - most} more")


if __name__ == "__main__":
    main()
