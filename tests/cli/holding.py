"""An archive that another process holds, as it is while a long run is at work in it."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.conftest import REPOSITORY

_HOLDER: Final = """
import sys
from pathlib import Path
from scraper.archive.lock import Lock
with Lock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def held_by_another(archive: Path) -> Iterator[int]:
    """The archive while another process holds its lock; gives the id of that process."""
    command = [sys.executable, "-c", _HOLDER, str(archive)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=REPOSITORY
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        yield process.pid
        process.stdin.close()
