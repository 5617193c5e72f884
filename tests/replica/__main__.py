"""Serve the replica until a signal ends it: ``python -m tests.replica --port 0 --ca-file ca.pem``.

Prints one JSON line with ``port``, ``cacert`` and ``connect_to`` once it serves. With ``--log FILE`` each request is
appended to the file as a JSON line; what it received that is not a GET ends it with status 1.
"""

import argparse
import json
import signal
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import TextIO

from tests.replica.content import enlarge, load_community
from tests.replica.routes import Deployment
from tests.replica.server import LoggedRequest, Replica
from tests.replica.v1 import Build


def main() -> int:
    """Serve; the exit status says whether only GET was received."""
    parser = argparse.ArgumentParser(prog="python -m tests.replica", description="A replica of Careerly.")
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--ca-file", type=Path, help="where to write the authority's certificate")
    parser.add_argument(
        "--build", default=Build().id, help="the front end's build id, which hashes class names"
    )
    parser.add_argument(
        "--copies", type=int, default=1, help="serve each post this many times under other ids"
    )
    parser.add_argument("--log", type=Path, help="append each request to this file as a JSON line")
    options = parser.parse_args()
    signals = {signal.SIGINT, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    with ExitStack() as stack:
        log = stack.enter_context(options.log.open("a", encoding="utf-8")) if options.log else None
        replica = stack.enter_context(
            Replica(
                Deployment(enlarge(load_community(), options.copies), Build(options.build)),
                port=options.port,
                ca_file=options.ca_file,
                on_request=_writer(log) if log else None,
            )
        )
        served = {
            "port": replica.port,
            "cacert": str(replica.cacert),
            "connect_to": replica.connect_to,
        }
        print(json.dumps(served), flush=True)
        signal.sigwait(signals)
        return 1 if replica.violations else 0


def _writer(log: TextIO) -> Callable[[LoggedRequest], None]:
    def write(request: LoggedRequest) -> None:
        log.write(json.dumps(asdict(request)) + "\n")
        log.flush()

    return write


if __name__ == "__main__":
    sys.exit(main())
