"""What tests of files far away share."""

from collections.abc import Iterator

import pytest

from tests.archive.file_server import FileServer


@pytest.fixture
def server() -> Iterator[FileServer]:
    with FileServer() as serving:
        yield serving


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    waited: list[float] = []
    # The pauses of a file alone: threads that earlier tests left behind pause as well.
    monkeypatch.setattr("scraper.archive.remote_file.sleep", waited.append)
    return waited
