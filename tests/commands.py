"""Running the installed ``postkeep`` as a user would, in a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from tests.replica.routes import HOSTS
from tests.replica.server import Replica

POSTKEEP: Final = Path(sys.executable).with_name("postkeep")
# The replica is ours, so nobody waits for the pace that a real host is owed.
FAST_HOSTS: Final = "".join(f'\n[host."{host}"]\ndelay = 0\n' for host in HOSTS)


def reaching(replica: Replica) -> list[str]:
    """The options that lead to the replica under its real host names."""
    connect_to = [part for value in replica.connect_to for part in ("--connect-to", value)]
    return [*connect_to, "--cacert", str(replica.cacert)]


def command_line(*arguments: str, replica: Replica | None = None) -> list[str]:
    """The command as a list for ``subprocess``."""
    return [str(POSTKEEP), *arguments, *(reaching(replica) if replica else ())]


def environment() -> dict[str, str]:
    """The caller's environment without any setting of postkeep's, which a test must not inherit."""
    return {key: value for key, value in os.environ.items() if not key.startswith("POSTKEEP_")}


def postkeep(
    *arguments: str, replica: Replica | None = None, expect: int = 0
) -> subprocess.CompletedProcess[str]:
    """Run one command to its end and hold its exit code."""
    done = subprocess.run(
        command_line(*arguments, replica=replica),
        check=False,
        capture_output=True,
        text=True,
        env=environment(),
    )
    assert done.returncode == expect, (
        f"{arguments} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
    )
    return done


def postkeep_json(*arguments: str, replica: Replica | None = None, expect: int = 0) -> dict[str, Any]:
    """Run one command with ``--json`` and give the object it prints."""
    answer: dict[str, Any] = json.loads(postkeep(*arguments, "--json", replica=replica, expect=expect).stdout)
    return answer
