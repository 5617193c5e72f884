"""``make record``: every cassette anew, through the real client, from the replicas of sites on loopback.

Writes beside each the record it is read as today; ``git diff`` shows what that changes. ``python -m tests.record
--live NAME URL`` records one post of a live site into ``cassettes/live/``, which git ignores.
"""

import argparse
import os
import tempfile
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from scraper.cli.clock import SystemClock
from scraper.jobs.workplace import Workplace
from scraper.settings_file import load_settings
from tests.cassettes import (
    CASSETTES,
    LIVE,
    RECORDED,
    Recording,
    as_json,
    cassette_at,
    expectation_of,
    read_post,
    visit_post,
)
from tests.clock import VirtualClock
from tests.conftest import REPOSITORY
from tests.fixtures.reading import shared_reading
from tests.jobs.workplaces import workplace_at
from tests.replica.server import Replica

CASES: Final = {
    "careerly": {
        "v1-html": "https://careerly.co.kr/comments/71655",
        "v1-html-cut": "https://careerly.co.kr/comments/71710",
        "v1-html-without-author": "https://careerly.co.kr/comments/72018",
        "v1-data": "https://careerly.co.kr/comments/71204",
        "v1-question": "https://careerly.co.kr/qnas/3107",
        "v2-post": "https://careerly.co.kr/posts/73002",
        "v2-comment-pages": "https://careerly.co.kr/posts/71502",
        "v2-gated": "https://careerly.co.kr/posts/71933",
        "v2-question": "https://careerly.co.kr/qnas/5210",
    },
    "wordpress": {
        "comment-pages": "https://gyeoul.example/2026/03/window-garden/",
        "password": "https://gyeoul.example/2026/04/members-notes/",
    },
}


def main() -> None:
    """Record what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m tests.record", description="Record the cassettes.")
    parser.add_argument("--live", nargs=2, metavar=("NAME", "URL"), help="one post of a live site instead")
    options = parser.parse_args()
    if options.live:
        record_live(*options.live)
    else:
        record_replica()


def record_replica() -> None:
    """Every case of every site, with its expected record."""
    cases = [(site, case, target) for site, targets in CASES.items() for case, target in targets.items()]
    with Replica() as replica:
        for site, case, target in cases:
            path = CASSETTES / site / f"{case}.yaml"
            path.parent.mkdir(exist_ok=True)
            with tempfile.TemporaryDirectory() as folder:
                workplace = workplace_at(Path(folder, "archive"), VirtualClock(), replica)
                record(path, target, f"the replica of {site} in tests/replica/, on loopback", workplace)


def record_live(name: str, target: str) -> None:
    """One post of a live site, under the rules and the pace of any crawl; needs POSTKEEP_CONTACT."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "warc").mkdir()
        workplace = Workplace(Path(folder), load_settings(Path(folder), os.environ), SystemClock())
        record(LIVE / f"{name}.yaml", target, "the live site", workplace)


def record(path: Path, target: str, source: str, workplace: Workplace) -> None:
    """Record one cassette and its expectation, and say so."""
    path.unlink(missing_ok=True)
    about = Recording(target, source, f"{datetime.now(UTC):%Y-%m-%d}")
    with cassette_at(path, "all") as cassette:
        cassette.get_metadata(RECORDED, asdict(about))
        visit = visit_post(target, shared_reading(workplace))
    expectation_of(path).write_text(as_json(read_post(visit), visit), encoding="utf-8")
    print(f"{path.relative_to(REPOSITORY)}: {len(cassette)} exchanges of {target}")


if __name__ == "__main__":
    main()
