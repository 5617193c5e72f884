"""A publication by hf_xet's own upload, and what it brings back by hf_xet's own download."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hub.faults import Fault
from tests.hub.server import HubServer
from tests.publish.archives import POSTS, Place
from tests.publish.shell import Shell
from tests.publish.test_publish import today

pytestmark = pytest.mark.slow


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "xet"


@pytest.fixture
def xet_hub(store: Path) -> Iterator[HubServer]:
    with HubServer(xet=store) as serving:
        yield serving


def stored(store: Path) -> int:
    return sum(path.stat().st_size for path in store.rglob("*") if path.is_file())


def test_a_publication_by_xet_loads_and_the_next_stores_what_changed(
    xet_hub: HubServer, store: Path, tmp_path: Path
) -> None:
    place = Place(tmp_path / "archive").keep(*POSTS)
    with Shell(xet_hub, tmp_path / "hf-home") as shell:
        ran = shell.postkeep("publish", "me/by-xet", "--archive", place.folder)
        assert ran.exit_code == 0, ran.stderr
        repository = xet_hub.repository("me/by-xet")
        assert repository.tags == {today(): repository.head.oid}
        assert xet_hub.asked("GET", "/xet-write-token/")
        assert not xet_hub.asked("PUT", "/lfs/")
        assert repository.large.keys() == repository.xet_hashes.keys() != set()
        place.keep(POSTS[0], text="새로 고쳐 쓴 글입니다.")
        before = stored(store)
        assert shell.postkeep("publish", "me/by-xet", "--archive", place.folder).exit_code == 0
        again = shell.postkeep("publish", "me/by-xet", "--archive", place.folder, "--json")
        assert again.answer["items"][0]["outcome"] == "skipped"
    assert stored(store) > before
    xet_hub.seen.clear()
    with Shell(xet_hub, tmp_path / "another-home") as reader:
        texts = [row["text"] for row in reader.load("me/by-xet", "posts", today(2))]
        assert "새로 고쳐 쓴 글입니다." in texts
        assert len(texts) == len(reader.load("me/by-xet", "posts", today())) == len(POSTS)
        assert xet_hub.asked("GET", "/xet-read-token/")
        assert not xet_hub.asked("GET", "/lfs/")


def test_what_the_store_answers_is_a_sentence_with_its_remedy(xet_hub: HubServer, tmp_path: Path) -> None:
    place = Place(tmp_path / "archive").keep(POSTS[0])
    with Shell(xet_hub, tmp_path / "hf-home") as shell:

        def answered(status: int) -> tuple[int, str]:
            xet_hub.faults[:] = [Fault("GET", "/xet-write-token/", status)]
            ran = shell.postkeep("publish", "me/store", "--archive", place.folder)
            return ran.exit_code, ran.stderr

        exit_code, said = answered(401)
        assert (exit_code, "does not accept this token" in said) == (2, True), said
        exit_code, said = answered(403)
        assert (exit_code, "Use a token with write access" in said) == (2, True), said
        assert len(xet_hub.repository("me/store").history("main")) == 1
        exit_code, said = answered(500)
        assert exit_code == 0, said
