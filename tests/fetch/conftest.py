"""What the tests of fetching share: time limits run out when a test says so, not when a machine is slow."""

from collections.abc import Mapping

from tests.clock import LeapingLoop


def pytest_asyncio_loop_factories() -> Mapping[str, type[LeapingLoop]]:
    return {"leaping": LeapingLoop}
