"""``make record``: every cassette anew, through the real client, from the replicas of sites on loopback.

Writes beside each the record it is read as today; ``git diff`` shows what that changes. ``python -m tests.record
--new SITE/CASE URL`` records one more. Of any other server it is ``postkeep record`` that records.
"""

import argparse
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from scraper.jobs.record.cassette import Recording, recording_of
from scraper.jobs.record.job import record_cassette
from tests.cassettes import CASSETTES, committed_cassettes
from tests.clock import VirtualClock
from tests.conftest import REPOSITORY
from tests.jobs.workplaces import workplace_at
from tests.replica.server import Replica


def main() -> None:
    """Record what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m tests.record", description="Record the cassettes.")
    parser.add_argument(
        "--new", nargs=2, metavar=("SITE/CASE", "URL"), help="one more post of the replicas instead"
    )
    options = parser.parse_args()
    if options.new:
        case, target = options.new
        record_replica({CASSETTES / f"{case}.yaml": target})
    else:
        record_replica({path: recording_of(path).target for path in committed_cassettes()})


def record_replica(targets: Mapping[Path, str]) -> None:
    """A cassette of each target, with its expected record."""
    with Replica() as replica:
        for path, target in targets.items():
            site = path.parent.name
            source = f"the replica of {site} in tests/replica/, on loopback"
            about = Recording(target, source, f"{datetime.now(UTC):%Y-%m-%d}")
            with tempfile.TemporaryDirectory() as folder:
                workplace = workplace_at(Path(folder, "archive"), VirtualClock(), replica)
                post_id = record_cassette(path, about, workplace, site)
            print(f"{path.relative_to(REPOSITORY)}: {post_id} at {target}")


if __name__ == "__main__":
    main()
