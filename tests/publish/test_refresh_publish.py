"""``postkeep refresh --publish`` against a Hub on loopback: a commit where something changed, and none elsewhere."""

from tests.hub.server import HubServer
from tests.publish.archives import POSTS, Place
from tests.publish.shell import Shell


def test_a_refresh_publishes_what_changed_and_nothing_else(
    hub: HubServer, shell: Shell, place: Place
) -> None:
    def commits(*flags: str) -> int:
        ran = shell.postkeep("refresh", "--archive", place.folder, "--publish", "me/fresh", *flags)
        assert ran.exit_code == 0, ran.stderr
        return len(hub.repository("me/fresh").history("main"))

    first = commits()
    assert commits() == first
    assert commits("--dry-run") == first
    place.keep(POSTS[0], views=99_999)
    assert commits() == first + 1
    assert hub.repository("me/fresh").visibility == "private"
