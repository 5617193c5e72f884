"""How well pages are read, beside peers in the same run.

    python -m tests.eval                              every figure of every reader that is installed
    python -m tests.eval bodies --no-peers --errors   one family, of postkeep alone, with its errors

Without peers installed (`tests/bench/peers`), or with --no-peers, postkeep is measured alone.
"""

import argparse
import json
import logging
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from importlib import metadata
from types import ModuleType
from typing import Any, Final

from tests.eval import bodies, fields, forums, gates, kinds, telling, threads
from tests.eval.corpora import CORPORA, digest_of, pages_of
from tests.eval.figure import STRIPPED, Better, Figure, PageError, Results
from tests.eval.floors import DIGITS, Floors
from tests.eval.kept import read_or_kept
from tests.eval.peers import PEERS, version_of
from tests.eval.reading import read_pages
from tests.marked import renew

FAMILIES: Final = {
    "threads": threads, "forums": forums, "bodies": bodies, "fields": fields, "kinds": kinds, "gates": gates,
}  # fmt: skip
_NEEDED: Final = {
    "threads": (STRIPPED, "threads-ld", "threads-wp"),
    "forums": ("wcxb-dev",),
    "bodies": ("wcxb-dev", "fundus258", "zh69", "trafilatura990"),
    "fields": ("wcxb-dev", "trafilatura990", "fundus258", "parser-meta", "zh69", "htmldate1000"),
    "kinds": ("wcxb-dev",),
    "gates": ("wcxb-dev",),
}
# What a peer does not offer is no figure of it.
_WITHOUT_COMMENTS: Final = frozenset(("readability", "newspaper4k", "goose3", "justext", "boilerpy3"))
_WITHOUT_FIELDS: Final = frozenset(("resiliparse", "readability", "justext", "boilerpy3"))
_OURS: Final = "postkeep"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, compare with the floors; keep where asked to."""
    options = _options().parse_args(arguments)
    if not CORPORA.is_dir():
        print(f"The figures need the corpora in {CORPORA}, which are not there: nothing is measured.")
        return 0
    logging.disable()  # peers tell of each date that they cannot place
    families = options.families or list(FAMILIES)
    corpora = list(dict.fromkeys(name for family in families for name in _NEEDED[family]))
    readers = {_OURS: metadata.version("postkeep")} | ({} if options.no_peers else _installed())
    pages = {name: pages_of(*_folder(name)) for name in corpora}
    results: dict[str, Results] = {}
    for reader, version in readers.items():
        print(f"reading {sum(map(len, pages.values()))} pages with {reader} …", file=sys.stderr)
        is_kept = options.cached and reader != _OURS
        results[reader] = {
            name: read_or_kept(reader, version, each, jobs=options.jobs)
            if is_kept
            else read_pages(options.reader if reader == _OURS else reader, each, jobs=options.jobs)
            for name, each in pages.items()
        }
    figures = {name: list(_figures(name, families, results[name])) for name in readers}
    _print_figures(figures)
    errors = [error for family in families for error in _errors(FAMILIES[family], results[_OURS])]
    if options.errors:
        _print_errors(errors, options.most)
    digests = {name: digest_of(name) for name in dict.fromkeys(each.split(",")[0] for each in corpora)}
    if options.write:
        if set(families) != set(FAMILIES) or options.no_peers:
            sys.exit("--write keeps a whole run: all families, with peers.")
        _write(figures, results, errors, readers, digests, options.hold)
    return _compare(figures[_OURS], digests, options)


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.eval", description=__doc__)
    parser.add_argument("families", nargs="*", choices=[[], *FAMILIES], help="all, unless some are named")
    parser.add_argument(
        "--reader", default=_OURS, help="another reader in postkeep's place, as module:function"
    )
    parser.add_argument("--no-peers", action="store_true", help="postkeep alone")
    parser.add_argument(
        "--cached", action="store_true", help="peers' outputs as they were kept by the run before"
    )
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--errors", action="store_true", help="errors by kind, each with its pages")
    parser.add_argument("--most", type=int, default=8, help="pages shown of a kind of error")
    parser.add_argument(
        "--hold", nargs="*", default=[], metavar="PLATFORM", help="platforms that no rule was made on"
    )
    parser.add_argument(
        "--write", action="store_true", help="keep figures and plot in docs/, and raise the floors"
    )
    parser.add_argument(
        "--lower",
        nargs="*",
        default=[],
        metavar="FIGURE",
        help="figures whose floors become what they are now",
    )
    return parser


def _installed() -> dict[str, str]:
    """The peers at hand, with their versions."""
    peers = {}
    for name in PEERS:
        try:
            peers[name] = version_of(name)
        except metadata.PackageNotFoundError:
            print(f"{name} is not installed; it is left out.", file=sys.stderr)
    return peers


def _folder(corpus: str) -> tuple[str, str]:
    return ("threads-ld", "html_stripped") if corpus == STRIPPED else (corpus, "html")


def _figures(reader: str, families: Sequence[str], results: Results) -> Iterator[Figure]:
    for family in families:
        if reader != _OURS and family == "kinds":
            continue
        if reader in _WITHOUT_COMMENTS and family == "threads":
            continue
        if reader in _WITHOUT_FIELDS and family == "fields":
            continue
        yield from FAMILIES[family].figures(results)


def _errors(family: ModuleType, results: Results) -> Iterator[PageError]:
    errors: Iterator[PageError] = family.errors(results)
    return errors


def _print_figures(figures: dict[str, list[Figure]]) -> None:
    by_reader = {name: {each.key: each.value for each in rows} for name, rows in figures.items()}
    print(f"{'':66}{'goal':>8}" + "".join(f"{name[:12]:>13}" for name in figures))
    for each in figures[_OURS]:
        goal = "" if each.goal is None else f"{'≤' if each.better is Better.LESS else '≥'} {each.goal:g}"
        values = (by_reader[name].get(each.key) for name in figures)
        shown = "".join(f"{'' if value is None else f'{value:.3f}':>13}" for value in values)
        print(f"{f'{each.key} ({each.pages})':66}{goal:>8}{shown}")


def _print_errors(errors: Sequence[PageError], most: int) -> None:
    kinds_of_errors = Counter(each.kind for each in errors)
    for kind, count in kinds_of_errors.most_common():
        print(f"\n{count:5} {kind}")
        for each in [each for each in errors if each.kind == kind][:most]:
            print(f"      {each.page}  |  {each.detail}")


def _write(
    figures: dict[str, list[Figure]],
    results: dict[str, Results],
    errors: Sequence[PageError],
    readers: dict[str, str],
    digests: dict[str, str],
    held: Sequence[str],
) -> None:
    kept = {
        "readers": {**readers, _OURS: ""},
        "digests": digests,
        "figures": [_row(each, figures) for each in figures[_OURS]],
        "platforms": dict(_platforms(results[_OURS], held)),
        "confusion": kinds.confusion(results[_OURS]),
        "gates": gates.matrices(),
        "errors": dict(sorted(Counter(each.kind for each in errors).items())),
        "speeds": {name: _speeds(each) for name, each in results.items()},
    }
    telling.FIGURES.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    telling.PLOT.write_text(telling.plot(kept), encoding="utf-8")
    renew(telling.DOCUMENT, telling.BEGIN, telling.END, telling.section(kept))


def _row(figure: Figure, figures: dict[str, list[Figure]]) -> dict[str, Any]:
    values = {
        name: round(each.value, DIGITS)
        for name, rows in figures.items()
        for each in rows
        if each.key == figure.key
    }
    return {
        "corpus": figure.corpus,
        "what": figure.what,
        "pages": figure.pages,
        "goal": _goal(figure, values),
        "less": figure.better is Better.LESS,
        "values": values,
    }


def _goal(figure: Figure, values: dict[str, float]) -> float | None:
    """What a figure is to reach: set, or reckoned from trafilatura's."""
    if figure.margin is None or "trafilatura" not in values:
        return figure.goal
    return round(values["trafilatura"] - figure.margin, DIGITS)


def _platforms(results: Results, held: Sequence[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, group in threads.by_platform(results[STRIPPED]).items():
        scores = {key: round(value, DIGITS) for key, value in threads.figures_of(group).items()}
        yield name, {"pages": len(group), "held": name in held, **scores, "pages_a_second": None}


def _speeds(results: Results) -> dict[str, float]:
    """Pages per CPU second, and of the slowest page of all its own."""
    speeds = {
        name: round(len(pages) / sum(each.seconds for each in pages), 1)
        for name, pages in results.items()
        if name in {STRIPPED, "threads-wp", "wcxb-dev", "fundus258"}
    }
    slowest = max(each.seconds for pages in results.values() for each in pages)
    return {**speeds, "the slowest page of all": round(1 / slowest, 2)}


def _compare(figures: Sequence[Figure], digests: dict[str, str], options: argparse.Namespace) -> int:
    floors = Floors.load()
    if changed := floors.changed(digests):
        print(f"Not compared with the floors, which are of other files: {', '.join(changed)}.")
        if not options.lower:
            return 1
    broken = [each for each in floors.broken(figures) if each.key not in options.lower]
    for each in broken:
        print(f"{each.key} is {each.value:.4f}; its floor is {floors.values[each.key]:.4f}.")
    if options.write and not broken:
        floors.raised(figures, digests, options.lower).save()
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
