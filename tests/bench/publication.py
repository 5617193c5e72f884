"""What a publication stores anew on the Hub, beside ``push_to_hub`` of the same rows, with hf_xet's own deduplication.

100,000 posts over three years, then one publication after each of three kinds of change. The bound is 1.5 times the
bytes of the files that a change touches. Other layouts of the same rows are measured beside ours.
With ``--write`` it renews docs/publication.json and the section of docs/figures.md.
"""

import copy
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from scraper.dataset.context import CardContext
from scraper.dataset.export import Form, export
from scraper.records.contract import Contract
from tests.bench.hub_cost.growing import END, POSTS, Growing, grown, new_posts
from tests.bench.hub_cost.layouts import LAYOUTS, OURS, Layout
from tests.bench.hub_cost.stored import XetStore
from tests.bench.hub_cost.telling import BEGIN, DOCUMENT, FIGURES, section
from tests.bench.hub_cost.telling import END as SECTION_END
from tests.bench.table.figure import Benchmark, Beside, Figure
from tests.conftest import REPOSITORY
from tests.hub.server import HubServer
from tests.marked import renew

SEED: Final = 7
DAY: Final = END + timedelta(days=1)
CARD: Final = CardContext(
    title="A growing community",
    software="postkeep",
    contact=None,
    license=None,
    rights_statement=None,
    names="pseudonymous",
    scrub=(),
)
REPOSITORY_NAME: Final = "me/growing"
_FEWER: Final = 20_000


@dataclass(frozen=True, slots=True)
class Publication:
    """A change, and the rows after it."""

    change: str
    rows: Growing


def publications(base: Growing) -> Iterator[Publication]:
    """The first publication, one of nothing new, and three that each follow the first."""
    some = len(base.posts) // 100
    yield Publication("first publication", base)
    yield Publication("nothing changed", base)
    last_days = copy.deepcopy(base)
    new_posts(last_days, some, DAY)
    for index in last_days.pick_young(some, timedelta(days=10)):
        last_days.edit(index, DAY)
    yield Publication("1% new, 1% of texts edited, mean age 10 days", last_days)
    skewed = copy.deepcopy(base)
    new_posts(skewed, some, DAY)
    for index in skewed.pick_young(some, timedelta(days=91)):
        skewed.edit(index, DAY)
    yield Publication("1% new, 1% of texts edited, mean age 3 months", skewed)
    viewed = copy.deepcopy(base)
    for index in viewed.pick(30 * some):
        viewed.view(index, DAY)
    yield Publication("30% of view counts moved", viewed)


class Ours:
    """What the Hub holds of the files of one layout after the first publication."""

    def __init__(self, layout: Layout, work: Path) -> None:
        self._layout = layout
        self._work = work / layout.name.replace(" ", "-")
        self._number = 0
        self._published: dict[Path, bytes] = {}
        self._store = XetStore(self._work / "store")

    def publish(self, folder: Path) -> tuple[int, int]:
        """The bytes of the files that changed since the first publication, and those stored anew for them."""
        self._number += 1
        laid = self._layout.lay(folder, self._work / f"laid-{self._number}")
        files = {path.relative_to(laid): path.read_bytes() for path in sorted(laid.rglob("*.parquet"))}
        touched = [path for path, data in files.items() if self._published.get(path) != data]
        store = self._store if self._number == 1 else self._store.copy(self._work / f"store-{self._number}")
        new = store.put(laid / path for path in touched) if touched else 0
        if self._number == 1:
            self._published = files
        return sum(len(files[path]) for path in touched), new


class Peer:
    """``push_to_hub`` to a Hub on loopback; what it uploads goes into a store of the same kind."""

    def __init__(self, work: Path) -> None:
        self._work = work / "peer"
        self._number = 0
        self._store = XetStore(self._work / "store")
        self._uploaded: set[str] = set()

    def publish(self, folder: Path) -> int:
        """The bytes stored anew for the rows of an exported folder."""
        self._number += 1
        with HubServer() as hub:
            environment = hub.environment(self._work / f"home-{self._number}")
            command = [sys.executable, "-m", "tests.bench.hub_cost.pushing", REPOSITORY_NAME, str(folder)]
            subprocess.run(command, check=True, env=environment, cwd=REPOSITORY, capture_output=True)
            files = self._download(hub)
        store = self._store if self._number == 1 else self._store.copy(self._work / f"store-{self._number}")
        return store.put(files)

    def _download(self, hub: HubServer) -> list[Path]:
        target = self._work / f"uploaded-{self._number}"
        target.mkdir()
        paths = [path for path in hub.repository(REPOSITORY_NAME).head.files if path.endswith(".parquet")]
        found = []
        for path in paths:
            file = target / path.replace("/", "-")
            file.write_bytes(hub.read(REPOSITORY_NAME, path))
            found.append(file)
        return found


def measured(posts: int, work: Path) -> Iterator[dict[str, Any]]:
    """A change at a time: the bytes that each layout touches and stores anew, and those of the peer."""
    ours, peer = {layout.name: Ours(layout, work) for layout in LAYOUTS}, Peer(work)
    for number, publication in enumerate(publications(grown(SEED, posts))):
        folder = work / f"export-{number}"
        export(publication.rows, folder, contract=Contract.load(), card=CARD, form=Form())
        yield {
            "change": publication.change,
            "layouts": {name: one.publish(folder) for name, one in ours.items()},
            "push_to_hub": peer.publish(folder),
        }


def figures() -> Iterator[Figure]:
    """Ours beside the peer, over fewer posts than the section of its own has. How little could do is known of no change but none."""
    with tempfile.TemporaryDirectory() as folder:
        for told in measured(_FEWER, Path(folder)):
            _, new = told["layouts"][OURS.name]
            if new and told["push_to_hub"]:
                peer = Beside("push_to_hub", told["push_to_hub"] / 1e6)
                yield Figure(f"{_FEWER:,} posts: {told['change']}", "MB stored anew", new / 1e6, peer)


def main(arguments: Sequence[str]) -> None:
    """Measure, print, and with ``--write`` renew what docs/figures.md shows. A number among the arguments is that of posts."""
    posts = next((int(word) for word in arguments if word.isdecimal()), POSTS)
    with tempfile.TemporaryDirectory() as folder:
        figures = {"seed": SEED, "posts": posts, "publications": list(measured(posts, Path(folder)))}
    print(f"publication: {posts:,} posts over three years with metrics and revisions, seed {SEED}")
    print(section(figures))
    if "--write" in arguments:
        FIGURES.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
        renew(DOCUMENT, BEGIN, SECTION_END, section(figures))


PUBLICATION: Final = Benchmark("publication", "what a publication stores anew", figures)

if __name__ == "__main__":
    main(sys.argv[1:])
