"""``make record``: every cassette anew, through the real client, from the replicas of sites on loopback.

Writes beside each the record it is read as today; ``git diff`` shows what that changes. ``python -m tests.record
--new SITE/CASE URL`` records one more, ``--live NAME URL`` one post of a live site into ``cassettes/live/``, which git ignores.
"""

import argparse
import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

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
    committed_cassettes,
    expectation_of,
    read_post,
    recording_of,
    visit_post,
)
from tests.clock import VirtualClock
from tests.conftest import REPOSITORY
from tests.fixtures.reading import shared_reading
from tests.jobs.workplaces import workplace_at
from tests.replica.server import Replica


def main() -> None:
    """Record what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m tests.record", description="Record the cassettes.")
    parser.add_argument(
        "--new", nargs=2, metavar=("SITE/CASE", "URL"), help="one more post of the replicas instead"
    )
    parser.add_argument("--live", nargs=2, metavar=("NAME", "URL"), help="one post of a live site instead")
    options = parser.parse_args()
    if options.live:
        record_live(*options.live)
    elif options.new:
        case, target = options.new
        record_replica({CASSETTES / f"{case}.yaml": target})
    else:
        record_replica({path: recording_of(path).target for path in committed_cassettes()})


def record_replica(targets: Mapping[Path, str]) -> None:
    """A cassette of each target, with its expected record."""
    with Replica() as replica:
        for path, target in targets.items():
            path.parent.mkdir(exist_ok=True)
            site = path.parent.name
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
