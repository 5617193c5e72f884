"""Damaged archives: ``python -m tests.chaos.damage``. A bit flips, or a tail is cut, in a WARC file or in state.sqlite.

``postkeep check`` must say so, ``--repair`` mend what can be mended, and the rebuilt dataset differ in nothing but the
posts of the records that were lost. A flipped bit in state.sqlite that says nothing (free space in a page) may go unseen.
"""

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from scraper.archive.check import check
from scraper.archive.members import Member, scan
from scraper.archive.read import open_to_read
from scraper.archive.repair import repair
from scraper.archive.state import STATE_FILE
from scraper.cli.clock import SystemClock
from scraper.errors import PostkeepError
from scraper.sites.registry import installed_sites
from tests.chaos.crawling import Rows, SmallCrawl, undisturbed
from tests.replica.server import Replica


@dataclass(frozen=True, slots=True)
class Whole:
    """The archive before any damage: its rows, and for each byte range of its WARC files what lies there."""

    crawl: SmallCrawl
    folder: Path
    rows: Rows
    posts_of_record: dict[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Harm:
    """What was done to a copy: in words, the records that it costs, and the posts that these may cost.

    ``may_go_unseen`` holds for what may have hit bytes that say nothing.
    """

    words: str
    records: frozenset[str] = frozenset()
    posts: frozenset[str] = frozenset()
    may_go_unseen: bool = False


def main() -> int:
    """Damage copies of one archive and print a line; the exit status says whether all was well."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.damage", description=__doc__)
    parser.add_argument("--count", type=int, default=300, help="how often for each of the kinds of damage")
    parser.add_argument("--seed", type=int, default=random.randrange(2**32))
    options = parser.parse_args()
    began = time.monotonic()
    wrong, unseen = damage_archives(options.count, options.seed)
    minutes = (time.monotonic() - began) / 60
    print(
        f"damage: seed {options.seed}; {options.count} each of {', '.join(_KINDS)}, {minutes:.1f} min; "
        f"{unseen} that said nothing; {len(wrong)} wrong"
    )
    for line in wrong:
        print(f"  {line}")
    return 1 if wrong else 0


def damage_archives(count: int, seed: int) -> tuple[list[str], int]:
    """What was wrong, and how many flips had nothing to say."""
    chance = random.Random(seed)
    wrong: list[str] = []
    unseen = 0
    with tempfile.TemporaryDirectory(prefix="damage-") as root:
        whole = _whole(Path(root), chance)
        for kind, harm_it in _KINDS.items():
            for number in range(count):
                folder = Path(root) / f"{kind.replace(' ', '-')}-{number}"
                shutil.copytree(whole.folder, folder)
                harm = harm_it(folder, whole, chance)
                found = _judged(folder, whole, harm)
                unseen += found is None
                wrong += [f"{harm.words}: {line}" for line in found or ()]
                shutil.rmtree(folder)
    return wrong, unseen


def _whole(root: Path, chance: random.Random) -> Whole:
    folder = root / "whole"
    with Replica() as replica:
        crawl = SmallCrawl(replica.network, chance.randbytes(32), is_reading_shared=True)
        rows = undisturbed(crawl, folder).rows
    posts: dict[str, frozenset[str]] = {}
    with open_to_read(folder) as archive:
        for visit in archive.visits():
            found = installed_sites().claimed(visit.url)
            assert found is not None
            for record_id in (visit.visit_id, *(capture.record_id for capture in visit.captures)):
                posts[record_id] = posts.get(record_id, frozenset()) | {found.claim.post_id}
    return Whole(crawl, folder, rows, posts)


def _judged(folder: Path, whole: Whole, harm: Harm) -> list[str] | None:
    """What is wrong with how the damage was met; None where it went unseen, as it may, and cost nothing."""
    try:
        told = check(folder)
        if not told and not harm.may_go_unseen:
            return ["check found nothing"]
        left = repair(folder, SystemClock().now()).left if told else ()
        rows = whole.crawl.rebuilt(folder)
    except PostkeepError as error:
        return [f"it ended with: {error}"]
    except Exception as error:  # noqa: BLE001 - any other error is what is looked for here
        return [f"an uncaught {type(error).__name__}: {error}"]
    said = "".join(problem.what for problem in told)
    wrong = [f"{record} was lost and not named" for record in harm.records if record not in said]
    wrong += [f"left, though nothing was lost: {problem.what}" for problem in left if not harm.records]
    for config in whole.rows:
        if _without(rows[config], harm.posts) != _without(whole.rows[config], harm.posts):
            wrong.append(f"the rows of {config} differ beyond {sorted(harm.posts)}")
    return wrong if told or wrong else None


def _without(rows: list[dict[str, object]], posts: frozenset[str]) -> list[dict[str, object]]:
    return [row for row in rows if str(row.get("post_id") or row["item_id"]).partition("#")[0] not in posts]


def _flip_in_warc(folder: Path, whole: Whole, chance: random.Random) -> Harm:
    path = _some_warc(folder, chance)
    at = _flip(path, chance)
    lost = [found for found in _members(whole, path) if found.offset <= at < found.end]
    return _lost(f"bit flipped in byte {at} of {path.name}", lost, whole)


def _cut_warc(folder: Path, whole: Whole, chance: random.Random) -> Harm:
    path = _some_warc(folder, chance)
    size = chance.randrange(1, path.stat().st_size)
    with path.open("r+b") as file:
        file.truncate(size)
    lost = [found for found in _members(whole, path) if found.end > size]
    return _lost(f"{path.name} cut at byte {size}", lost, whole)


def _flip_in_state(folder: Path, _: Whole, chance: random.Random) -> Harm:
    at = _flip(folder / STATE_FILE, chance)
    if at in _FORMAT:
        # It says that a newer version made it. What the message advises is done.
        (folder / STATE_FILE).unlink()
    return Harm(f"bit flipped in byte {at} of {STATE_FILE}", may_go_unseen=True)


def _cut_state(folder: Path, _: Whole, chance: random.Random) -> Harm:
    path = folder / STATE_FILE
    size = chance.randrange(path.stat().st_size)
    with path.open("r+b") as file:
        file.truncate(size)
    return Harm(f"{STATE_FILE} cut at byte {size}")


# Where SQLite keeps user_version (https://sqlite.org/fileformat2.html section 1.3.5), which holds our format.
_FORMAT: Final = range(60, 64)
_KINDS: Final[dict[str, Callable[[Path, Whole, random.Random], Harm]]] = {
    "bit flips in WARC": _flip_in_warc,
    "cut WARC files": _cut_warc,
    "bit flips in state": _flip_in_state,
    "cut states": _cut_state,
}


def _some_warc(folder: Path, chance: random.Random) -> Path:
    return chance.choice(sorted((folder / "warc").iterdir()))


def _members(whole: Whole, path: Path) -> list[Member]:
    """What a file held before it was damaged."""
    return [found for found in scan(whole.folder / "warc" / path.name) if isinstance(found, Member)]


def _lost(words: str, members: list[Member], whole: Whole) -> Harm:
    """A request that is lost costs its post nothing; a capture, or the record that ends a visit, costs the post."""
    records = frozenset(member.record.record_id for member in members)
    posts = frozenset().union(*(whole.posts_of_record.get(record, ()) for record in records))
    return Harm(words, records, posts)


def _flip(path: Path, chance: random.Random) -> int:
    at = chance.randrange(path.stat().st_size)
    with path.open("r+b") as file:
        file.seek(at)
        byte = file.read(1)[0]
        file.seek(at)
        file.write(bytes([byte ^ 1 << chance.randrange(8)]))
    return at


if __name__ == "__main__":
    sys.exit(main())
