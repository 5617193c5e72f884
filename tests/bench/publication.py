"""What a publication stores anew on the Hub, beside ``push_to_hub`` of the same rows, with hf_xet's own deduplication.

100,000 posts over three years, then one publication after each of three kinds of change. The bound is 1.5 times the
bytes of the files that a change touches. Years and months are compared as layouts.
"""

import copy
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from scraper.dataset.context import CardContext
from scraper.dataset.export import Form, export
from scraper.dataset.layout import YEAR_LIMIT
from scraper.records.contract import Contract
from tests.bench.hub_cost.growing import END, POSTS, Growing, grown, new_posts
from tests.bench.hub_cost.stored import XetStore
from tests.conftest import REPOSITORY
from tests.hub.server import HubServer

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


class Layout:
    """Exports in one layout, and what the Hub holds of them after the first publication."""

    def __init__(self, name: str, year_limit: int, work: Path) -> None:
        self.name = name
        self._year_limit = year_limit
        self._work = work / name
        self._number = 0
        self._published: dict[Path, bytes] = {}
        self._store = XetStore(self._work / "store")

    def publish(self, publication: Publication) -> tuple[Path, int, int]:
        """The folder exported, the bytes of its files that changed, and those stored anew for them."""
        self._number += 1
        folder = self._work / f"export-{self._number}"
        export(
            publication.rows,
            folder,
            contract=Contract.load(),
            card=CARD,
            form=Form(year_limit=self._year_limit),
        )
        files = {path.relative_to(folder): path.read_bytes() for path in sorted(folder.rglob("*.parquet"))}
        touched = [path for path, data in files.items() if self._published.get(path) != data]
        store = self._store if self._number == 1 else self._store.copy(self._work / f"store-{self._number}")
        new = store.put(folder / path for path in touched) if touched else 0
        if self._number == 1:
            self._published = files
        return folder, sum(len(files[path]) for path in touched), new


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


def main(posts: int = POSTS) -> None:
    """Print a line a publication."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        years, months, peer = Layout("years", YEAR_LIMIT, work), Layout("months", 0, work), Peer(work)
        print(
            f"publication: {posts:,} posts over three years with metrics and revisions, seed {SEED}; MB stored anew"
        )
        for publication in publications(grown(SEED, posts)):
            exported, touched, new = years.publish(publication)
            _, month_touched, month_new = months.publish(publication)
            pushed = peer.publish(exported)
            ratio = f"{new / touched:.2f} of" if touched else "nothing of"
            print(f"  {publication.change}")
            print(
                f"    postkeep, a file a year   {new / 1e6:7.2f}  ({ratio} the {touched / 1e6:.2f} MB of files it touches)"
            )
            print(f"    the same, a file a month  {month_new / 1e6:7.2f}  (of {month_touched / 1e6:.2f} MB)")
            print(
                f"    push_to_hub               {pushed / 1e6:7.2f}  ({pushed / new:.1f} times as much)"
                if new
                else f"    push_to_hub               {pushed / 1e6:7.2f}"
            )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else POSTS)
