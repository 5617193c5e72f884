"""One post, walked through the house: how many files and functions a verb enters, and what it does more than once.

``python -m tests.house.walks`` runs each verb over the replica under a call tracer, the processes that read included, and prints the
table; ``--write`` renews it in docs/how-it-works.md.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.commands import FAST_HOSTS, command_line, environment
from tests.conftest import REPOSITORY
from tests.house.imports import PACKAGE
from tests.house.picture import DOCUMENT
from tests.marked import renew
from tests.replica import v1
from tests.replica.content import load_community
from tests.replica.server import Replica

BEGIN: Final = "<!-- walks: written by `python -m tests.house.walks --write` -->\n"
END: Final = "<!-- walks: end -->"
# Started by Python in each process of the command; each leaves a file of its calls, the bodies of modules and classes aside.
_TRACER: Final = """\
import atexit, collections, inspect, os, sys, threading
calls = collections.Counter()
package, folder = os.environ["TRACED_PACKAGE"], os.environ["TRACE_FOLDER"]
def note(frame, event, _):
    code = frame.f_code
    if event == "call" and code.co_flags & inspect.CO_OPTIMIZED and code.co_filename.startswith(package):
        calls[code.co_filename, code.co_qualname] += 1
def leave():
    sys.setprofile(None)
    target = os.path.join(folder, str(os.getpid()))
    with open(target + ".part", "w") as file:
        for (path, name), count in list(calls.items()):
            print(path, name, count, sep="\\t", file=file)
    os.replace(target + ".part", target)
atexit.register(leave)
if sys.argv[:1] != ["-c"] or "spawn_main" in " ".join(sys.orig_argv):
    import multiprocessing.util
    multiprocessing.util.Finalize(None, leave, exitpriority=-100)
threading.setprofile(note)
sys.setprofile(note)
"""
_GARDEN: Final = "https://gyeoul.example/2026/03/window-garden/"
_WALKS: Final = (
    ("crawl, a page of Careerly's first site", ("crawl", "https://careerly.co.kr/comments/71655")),
    ("crawl, a post of the rewritten site", ("crawl", "https://careerly.co.kr/posts/73002")),
    ("crawl, a WordPress post with a second page of comments", ("crawl", _GARDEN)),
    ("import, a saved page", ("import", "saved.html")),
    ("export of these four posts", ("export", "dataset")),
    ("forget, one of them", ("forget", "https://careerly.co.kr/comments/71655", "--reason", "Asked")),
)
_PARSE: Final = ("page/tree.py", "parse_html")
_DECODE: Final = ("page/charset.py", "decode")
_MERGE: Final = ("records/history.py", "merge")


@dataclass(frozen=True, slots=True)
class Walk:
    """What one verb entered: its calls by file, from the package on, and function."""

    name: str
    calls: Counter[tuple[str, str]]

    @property
    def row(self) -> str:
        """The walk as a row of the table."""
        files = len({path for path, _ in self.calls})
        repeated = (self.calls[place] for place in (_PARSE, _DECODE, _MERGE))
        return f"| {self.name} | {files} | {len(self.calls)} | " + " | ".join(map(str, repeated)) + " |"


def walked() -> Iterator[Walk]:
    """Run each verb on an archive that the ones before it filled."""
    with tempfile.TemporaryDirectory(prefix="postkeep-walks-") as name, Replica() as replica:
        folder = Path(name)
        (folder / "sitecustomize.py").write_text(_TRACER, encoding="utf-8")
        (folder / "saved.html").write_text(_saved_page(), encoding="utf-8")
        _run(folder, ("init", "archive", "--contact", "walks@example.org"), None)
        with (folder / "archive" / "postkeep.toml").open("a", encoding="utf-8") as settings:
            settings.write(FAST_HOSTS)
        for title, arguments in _WALKS:
            yield Walk(title, _run(folder, arguments, replica if arguments[0] == "crawl" else None))


def _saved_page() -> str:
    community = load_community()
    post = community.find("post", 71204, "v1")
    if post is None:
        raise SystemExit("The replica's community has no post 71204 any more; name another here.")
    return v1.post_page(community, post, v1.Build())


def _run(folder: Path, arguments: tuple[str, ...], replica: Replica | None) -> Counter[tuple[str, str]]:
    """The calls of one command, in all of its processes."""
    traces = Path(tempfile.mkdtemp(dir=folder))
    traced = {
        "PYTHONPATH": f"{folder}:{REPOSITORY}",
        "TRACED_PACKAGE": f"{PACKAGE}/",
        "TRACE_FOLDER": str(traces),
    }
    line = command_line(*arguments, replica=replica)
    subprocess.run(line, check=True, env={**environment(), **traced}, cwd=folder, stdout=sys.stderr)
    calls: Counter[tuple[str, str]] = Counter()
    for trace in (path for path in traces.iterdir() if path.suffix != ".part"):
        for entry in trace.read_text(encoding="utf-8").splitlines():
            path, name, count = entry.split("\t")
            calls[os.path.relpath(path, PACKAGE), name] += int(count)
    return calls


def table() -> str:
    """The walks as a table in Markdown."""
    rows = [
        "",
        "| verb | files entered | functions | texts parsed as HTML | bodies decoded | histories merged |",
        "|---|---|---|---|---|---|",
        *(walk.row for walk in walked()),
    ]
    return "\n".join([*rows, "", ""])


def main() -> None:
    """Walk, and print or write the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.house.walks", description=__doc__)
    parser.add_argument("--write", action="store_true", help="renew the table in docs/how-it-works.md")
    is_written = parser.parse_args().write
    walks = table()
    if is_written:
        renew(DOCUMENT, BEGIN, END, walks)
    sys.stdout.write(walks)


if __name__ == "__main__":
    main()
