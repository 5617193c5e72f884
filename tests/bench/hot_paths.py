"""The three hottest paths by function: reading a page, storing and exporting, crawling; as they were at a commit, and as they are.

    python -m tests.bench.hot_paths --write                  profile this tree, and renew the section of docs/figures.md
    python -m tests.bench.hot_paths --write --from COMMIT     the same, and what stood before is taken anew from COMMIT

A profile makes calls dearer than they are, so the shares of each function's own time are shown, and how many calls there were, which no
busy machine changes but in a crawl, which waits.
"""

import argparse
import cProfile
import io
import json
import os
import pstats
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

REPOSITORY: Final = Path(__file__).resolve().parents[2]
PROFILES: Final = REPOSITORY / "tests" / "bench" / "hot_paths.json"
DOCUMENT: Final = REPOSITORY / "docs" / "figures.md"
BEGIN: Final = "<!-- hot paths: written by `python -m tests.bench.hot_paths --write` -->\n"
END: Final = "<!-- hot paths: end -->\n"
_MOST: Final = 8
_PAGES: Final = 40
_POSTS: Final = 200


def section(profiles: dict[str, Any]) -> str:
    """A table for each path: the functions that took most, before and now."""
    before, now = profiles["before"], profiles["now"]
    lines = []
    for path, profile in now["paths"].items():
        functions, then = profile["functions"], before["paths"][path]["functions"]
        calls = before["paths"][path]["calls"], profile["calls"]
        lines += [
            f"**{path}**: {calls[0]:,} calls at {before['commit']}, {calls[1]:,} now ({calls[1] / calls[0]:.0%})",
            "",
            f"| at {before['commit']} | share | now | share |",
            "|---|---:|---|---:|",
        ]
        for number in range(max(len(functions), len(then))):
            cells = (*_cells(then, number), *_cells(functions, number))
            lines.append(f"| {' | '.join(cells)} |")
        lines.append("")
    return "\n".join(lines)


def profiled() -> dict[str, dict[str, Any]]:
    """The calls of each path in this process's tree, and the functions that took most, with their share of its time."""
    paths: dict[str, Callable[[Path], Callable[[], object]]] = {
        "reading pages of two kinds": _reading,
        "storing readings, merging and writing Parquet": _storing,
        "crawling, without the processes that read": _crawling,
    }
    shares = {}
    for name, prepared in paths.items():
        with tempfile.TemporaryDirectory(prefix="postkeep-bench-") as folder:
            work = prepared(Path(folder))
            profile = cProfile.Profile()
            profile.runcall(work)
            shares[name] = _summary_of(profile)
    return shares


def _summary_of(profile: cProfile.Profile) -> dict[str, Any]:
    stats = pstats.Stats(profile, stream=io.StringIO()).stats  # type: ignore[attr-defined]  # typeshed leaves it out
    own = {key: entry[2] for key, entry in stats.items() if "select.epoll" not in key[2]}
    total = sum(own.values())
    most = sorted(own.items(), key=lambda item: -item[1])[:_MOST]
    functions = [(_function_name(*key), round(spent / total, 4)) for key, spent in most]
    return {"calls": sum(entry[1] for entry in stats.values()), "functions": functions}


def _function_name(file: str, _line: int, function: str) -> str:
    """A function by its place below the package: ``page/tree.py walk``, ``re compile``."""
    if file == "~":
        return f"`{function.strip('<>').replace('built-in method ', '').replace('|', '/')}`"
    parts = Path(file).parts
    after = [
        parts[index + 1 :]
        for index, part in enumerate(parts)
        if part in {"scraper", "site-packages", "python3.11"}
    ]
    return f"`{'/'.join(after[-1] if after else parts[-1:])} {function}`"


def _cells(functions: list[tuple[str, float]], number: int) -> tuple[str, str]:
    return (functions[number][0], f"{functions[number][1]:.1%}") if number < len(functions) else ("", "")


def _reading(_: Path) -> Callable[[], object]:
    from itertools import islice  # noqa: PLC0415 - what is profiled is the tree that this runs in

    from scraper.reading.read_visit import read_visit  # noqa: PLC0415
    from scraper.records.cleaning import Policy  # noqa: PLC0415
    from scraper.settings import Settings  # noqa: PLC0415
    from scraper.sites.registry import installed_sites  # noqa: PLC0415
    from tests.bench.pages import post_pages, thread_pages  # noqa: PLC0415

    policy, sites = Policy.of(Settings(), bytes(32)), installed_sites()
    pages = [*post_pages(_PAGES), *islice(thread_pages(_PAGES, abbreviated=False), _PAGES // 4)]
    visits = [_visit(page.url, page.html.encode(), number) for number, page in enumerate(pages, 1)]
    read_visit(visits[0], policy, sites)
    return lambda: [read_visit(visit, policy, sites) for visit in visits]


def _storing(folder: Path) -> Callable[[], object]:
    from scraper.dataset.export import export  # noqa: PLC0415
    from scraper.reading.read_visit import read_visit  # noqa: PLC0415
    from scraper.records.cleaning import Policy  # noqa: PLC0415
    from scraper.records.contract import Contract  # noqa: PLC0415
    from scraper.records.store import RecordStore  # noqa: PLC0415
    from scraper.settings import Settings  # noqa: PLC0415
    from scraper.sites.registry import installed_sites  # noqa: PLC0415
    from tests.bench.pages import post_pages  # noqa: PLC0415
    from tests.dataset.rows import CARD  # noqa: PLC0415

    policy, sites = Policy.of(Settings(), bytes(32)), installed_sites()
    visits = (
        _visit(page.url, page.html.encode(), number) for number, page in enumerate(post_pages(_POSTS), 1)
    )
    readings: list[Any] = [read_visit(visit, policy, sites) for visit in visits]
    store, contract = RecordStore(folder / "records.sqlite", "bench"), Contract.load()

    def work() -> None:
        for reading in readings:
            store.put(reading)
        export(store.posts(), folder / "out", contract=contract, card=CARD)

    return work


def _crawling(folder: Path) -> Callable[[], object]:
    from scraper.jobs.crawl.job import crawl  # noqa: PLC0415
    from tests.clock import VirtualClock  # noqa: PLC0415
    from tests.jobs.workplaces import workplace_at  # noqa: PLC0415
    from tests.replica.content import Community, enlarge, load_community  # noqa: PLC0415
    from tests.replica.routes import Deployment  # noqa: PLC0415
    from tests.replica.server import Replica  # noqa: PLC0415

    posts = [post for post in enlarge(load_community(), 5).posts if "v1" in post.generations]
    urls = [post.url("v1") for post in posts]

    def work() -> None:
        with Replica(Deployment(Community(tuple(posts)))) as replica:
            report = crawl(urls, workplace_at(folder / "archive", VirtualClock(), replica))
            if not any(item.outcome == "done" for item in report.items):
                raise SystemExit("Nothing was crawled, so there is nothing to profile.")

    return work


def _visit(url: str, body: bytes, number: int) -> Any:
    from datetime import UTC, datetime  # noqa: PLC0415
    from uuid import UUID  # noqa: PLC0415

    from scraper.model.capture import Capture, Visit  # noqa: PLC0415

    seen = datetime(2026, 1, 5, tzinfo=UTC)
    headers = (("content-type", "text/html; charset=utf-8"),)
    capture = Capture(
        UUID(int=2 * number).urn, url, 200, headers, body, seen, "observed", f"sha256:{'0' * 64}"
    )
    return Visit(UUID(int=2 * number + 1).urn, number, url, (capture,))


def _of_tree(tree: Path) -> dict[str, Any]:
    """The profile of another tree, by this file run in it."""
    environment = {**os.environ, "PYTHONPATH": str(tree)}
    command = [sys.executable, str(Path(__file__).resolve()), "--print"]
    done = subprocess.run(command, cwd=tree, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    paths: dict[str, Any] = json.loads(done.stdout)
    return paths


def _of_commit(commit: str) -> dict[str, Any]:
    packed = subprocess.run(
        ["git", "archive", commit], cwd=REPOSITORY, check=True, capture_output=True
    ).stdout
    with tempfile.TemporaryDirectory(prefix="postkeep-bench-") as folder:
        with tarfile.open(fileobj=io.BytesIO(packed)) as file:
            file.extractall(folder, filter="data")
        return {"commit": commit, "paths": _of_tree(Path(folder))}


def main() -> None:
    """Profile, and print or keep."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.hot_paths", description=__doc__)
    parser.add_argument("--write", action="store_true", help="keep it, and renew docs/figures.md")
    parser.add_argument(
        "--from", dest="commit", metavar="COMMIT", help="take what stood before from this commit"
    )
    parser.add_argument("--print", action="store_true", dest="prints", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.prints:
        print(json.dumps(profiled()))
        return
    profiles = json.loads(PROFILES.read_text(encoding="utf-8")) if PROFILES.exists() else {}
    if options.commit:
        profiles["before"] = _of_commit(options.commit)
    profiles["now"] = {"paths": _of_tree(REPOSITORY)}
    print(section(profiles))
    if options.write:
        from tests.marked import renew  # noqa: PLC0415 - what is above runs in trees of other days too

        PROFILES.write_text(json.dumps(profiles, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        renew(DOCUMENT, BEGIN, END, section(profiles))


if __name__ == "__main__":
    main()
