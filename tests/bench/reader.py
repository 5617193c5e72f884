"""What ``postkeep browse`` takes: an archive of many posts made of rows of our own, its pages written, looked at again, and one post changed.

``python -m tests.bench.reader 100000`` prints a line for each of the three runs; it needs about 20 kB of disk a post.
"""

import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final, cast

from scraper.archive.files import KEY_FILE, RECORDS_FILE
from scraper.jobs.workplace import Workplace
from scraper.reading.fingerprint import reading_fingerprint
from scraper.records.people import load_or_create_key
from scraper.records.reading import Reading
from scraper.records.row_types import CommentRow, PostRow
from scraper.records.store import RecordStore
from scraper.settings_file import load_settings
from tests.bench.table.figure import Benchmark, Beside, Figure
from tests.commands import command_line, environment
from tests.conftest import REPOSITORY
from tests.dataset.rows import comment, post
from tests.takedown.archives import community_archive, community_posts

_POSTS: Final = 3_000
_MOST_COMMENTS: Final = 10
_WORDS: Final = [
    "서버가",
    "점심에",
    "멈췄고",
    "캐시는",
    "먼저",
    "죽었다",
    "Nobody",
    "looked",
    "at",
    "the",
    "graph",
    "until",
    "the",
    "phone",
    "rang",
    "그래서",
    "순서를",
    "적었다",
]


def readings(posts: int) -> Iterator[Reading]:
    """So many posts over ten years on forty sites, half a thread each on the average."""
    chance = random.Random(13)
    for number in range(posts):
        site = f"forum-{number % 40}.example"
        post_id, at = (
            f"{site}:topics-{number}",
            datetime(2014, 1, 1, tzinfo=UTC) + timedelta(hours=number % 87_000),
        )
        row = post(
            post_id,
            f"{at:%Y-%m-%dT%H:%M:%SZ}",
            title=_text(chance, 6),
            text=_text(chance, 120),
            rights=[],
            access="full",
        )
        thread = [
            comment(post_id, each, text=_text(chance, 40), author_id=_person(chance), author_id_basis="id")
            for each in range(chance.randint(0, _MOST_COMMENTS))
        ]
        comments = cast("tuple[CommentRow, ...]", tuple(thread))
        yield Reading(post_id, f"made-{number}", number, at, cast("PostRow", row), comments)


def _text(chance: random.Random, words: int) -> str:
    return " ".join(chance.choices(_WORDS, k=words))


def _person(chance: random.Random) -> str:
    return sha256(str(chance.randrange(5_000)).encode()).hexdigest()[:32]


def fill(workplace: Workplace, readings: Iterator[Reading]) -> None:
    """Put readings among the records, as if visits had given them."""
    key = load_or_create_key(workplace.folder / KEY_FILE)
    settings = load_settings(workplace.folder, {})
    with RecordStore(workplace.folder / RECORDS_FILE, reading_fingerprint(settings, key)) as store:
        for reading in readings:
            if problems := store.put(reading):
                raise SystemExit(problems[0])


def browse(folder: Path, archive: Path, label: str) -> float:
    """Run it as a user would, and print what it took; gives the CPU seconds."""
    arguments = command_line("browse", str(folder), "--archive", str(archive), "--json")
    began = time.monotonic()
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        child = os.posix_spawn(
            arguments[0], arguments, environment(), file_actions=[(os.POSIX_SPAWN_DUP2, nowhere.fileno(), 1)]
        )
    _, status, used = os.wait4(child, 0)
    if status:
        raise SystemExit(f"browse ended with {os.waitstatus_to_exitcode(status)}")
    seconds = time.monotonic() - began
    print(
        f"{label}: {used.ru_utime + used.ru_stime:.0f} CPU s, {seconds:.0f} s, at most {used.ru_maxrss / 1024:.0f} MB in memory",
        file=sys.stderr,
    )
    return used.ru_utime + used.ru_stime


def costs(posts: int) -> tuple[float, float, float, float]:
    """CPU seconds for all pages, for a look at what did not change, and for one changed post; and for copying the files."""
    build = REPOSITORY / "build"
    build.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=build) as scratch:
        workplace = community_archive(Path(scratch, "archive"), community_posts()[:1])
        folder = Path(scratch, "pages")
        fill(workplace, readings(posts))
        written = browse(folder, workplace.folder, f"{posts:,} posts")
        again = browse(folder, workplace.folder, "nothing changed")
        one = next(readings(1))
        changed = replace(one, post=one.post | {"text": "고친 글입니다."})
        fill(workplace, iter([changed]))
        mended = browse(folder, workplace.folder, "one post changed")
        files = [path for path in folder.rglob("*") if path.is_file()]
        print(
            f"{len(files):,} files, {sum(path.stat().st_size for path in files) / 1e6:,.0f} MB",
            file=sys.stderr,
        )
        began = time.process_time()
        shutil.copytree(folder, Path(scratch, "copy"))
        return written, again, mended, time.process_time() - began


def figures() -> Iterator[Figure]:
    """The pages of an archive, and the pages after one post changed; the limit is copying the files."""
    written, again, mended, copied = (cost / _POSTS * 1e3 for cost in costs(_POSTS))
    limit = Beside("copying its files", copied)
    yield Figure(f"the pages of {_POSTS:,} posts", "CPU ms a post", written, limit=limit)
    yield Figure("the same, nothing changed", "CPU ms a post", again, limit=limit)
    yield Figure("the same, one post changed", "CPU ms a post", mended, limit=limit)


BROWSE: Final = Benchmark("browse", "an archive as pages to read", figures)

if __name__ == "__main__":
    costs(int(sys.argv[1]))
