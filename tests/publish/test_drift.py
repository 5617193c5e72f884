"""A site that reads worse stops a publication, with exit code 5, until its owner accepts what it says."""

from pathlib import Path

import pytest

from tests.hub.server import HubServer
from tests.jobs.test_drift import World, cut_short
from tests.publish.shell import Shell
from tests.replica.server import Replica


@pytest.mark.slow
def test_drift_stops_a_publication_until_it_is_accepted(hub: HubServer, shell: Shell, tmp_path: Path) -> None:
    with Replica() as replica:
        world = World(tmp_path / "A", replica)
        world.night()
        archive = ("--archive", world.workplace.folder)
        assert shell.postkeep("publish", "me/drifting", *archive).exit_code == 0
        commits = len(hub.repository("me/drifting").history("main"))
        world.night(cut_short)
    stopped = shell.postkeep("publish", "me/drifting", *archive)
    assert (stopped.exit_code, len(hub.repository("me/drifting").history("main"))) == (5, commits)
    assert "postkeep drift accept" in stopped.stderr
    listed = shell.postkeep("drift", *archive)
    assert listed.exit_code == 1
    assert "comments lost" in listed.stdout
    accepted = shell.postkeep("drift", "accept", "careerly", "--reason", "Teasers from now on.", *archive)
    assert accepted.exit_code == 0, accepted.stderr
    assert shell.postkeep("drift", *archive).stdout == ""
    # Whether so many rows may go at once is asked by another gate, which has its own word for it.
    assert "reads differently" not in shell.postkeep("publish", "me/drifting", *archive).stderr
