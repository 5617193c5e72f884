"""``postkeep record``: a cassette and its expected record, made as any crawl is made; replayed, it gives that record."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from scraper.errors import UsageError
from scraper.jobs.record.cassette import as_json, cassette_at, expectation_of, recording_of
from scraper.jobs.record.job import RecordOptions, place_of, read_post, record, visit_post
from scraper.jobs.workplace import Workplace
from scraper.settings import Network, Settings
from tests.cli.terminal import make_archive, postkeep
from tests.clock import VirtualClock
from tests.conftest import REPOSITORY
from tests.jobs.workplaces import workplace_at
from tests.replica import forum
from tests.replica.routes import Deployment, RobotsFile
from tests.replica.server import Replica

URL: Final = f"{forum.SITE}/t/204"
BOARD: Final = "https://phpbb.example/viewtopic.php?t=123"


@pytest.fixture
def place(tmp_path: Path, replica: Replica) -> Workplace:
    return workplace_at(tmp_path / "archive", VirtualClock(), replica)


def test_a_recording_replays_to_the_record_beside_it(place: Workplace, tmp_path: Path) -> None:
    report = record("phpbb", BOARD, place, RecordOptions(tmp_path, "topic"))
    assert report.exit_code == 0
    cassette, expected = map(Path, report.outputs)
    assert (cassette, expected) == (tmp_path / "phpbb" / "topic.yaml", expectation_of(cassette))
    with cassette_at(cassette, "none") as played:
        visit = visit_post(BOARD, workplace_at(tmp_path / "replay", VirtualClock()))
        assert played.all_played
    assert as_json(read_post(visit).record, visit) == expected.read_text(encoding="utf-8")


def test_it_says_where_and_when_it_was_recorded_and_keeps_nothing_in_the_archive(
    place: Workplace, tmp_path: Path
) -> None:
    record("generic", URL, place, RecordOptions(tmp_path, source="a server of ours"))
    about = recording_of(tmp_path / "generic" / "post.yaml")
    assert (about.target, about.source, about.day) == (URL, "a server of ours", "2026-01-05")
    record("generic", URL, place, RecordOptions(tmp_path))
    assert recording_of(tmp_path / "generic" / "post.yaml").source == "a server on loopback"
    assert not (place.folder / "warc").exists()


def test_a_host_is_asked_as_a_crawl_asks(tmp_path: Path) -> None:
    no = RobotsFile(body="User-agent: *\nDisallow: /t/\n")
    with Replica(Deployment(robots={forum.HOST: no})) as replica:
        place = workplace_at(tmp_path / "archive", VirtualClock(), replica)
        report = record("generic", URL, place, RecordOptions(tmp_path))
        assert [request.target for request in replica.log] == ["/robots.txt"]
    assert report.exit_code == 3
    assert not (tmp_path / "generic").exists()


def test_a_host_is_left_alone_before_the_first_request_too(tmp_path: Path, replica: Replica) -> None:
    settings = Settings(contact="test@example.org")
    place = replace(workplace_at(tmp_path / "archive", VirtualClock(), replica), settings=settings)
    assert record("generic", URL, place, RecordOptions(tmp_path)).exit_code == 0
    assert isinstance(place.clock, VirtualClock)
    assert place.clock.slept[:2] == [2.0, 2.0]
    assert len(place.clock.slept) == len(replica.log)


def test_a_recording_of_a_live_site_goes_where_git_ignores_it(tmp_path: Path, replica: Replica) -> None:
    path, source = place_of("generic", RecordOptions(tmp_path), Network())
    assert (path, source) == (tmp_path / "live" / "generic" / "post.yaml", "the live site")
    assert "cassettes/live/" in (REPOSITORY / ".gitignore").read_text(encoding="utf-8").splitlines()
    path, _ = place_of("generic", RecordOptions(tmp_path), replica.network)
    assert path == tmp_path / "generic" / "post.yaml"


def test_a_page_of_another_site_leaves_nothing(place: Workplace, tmp_path: Path) -> None:
    report = record("wordpress", BOARD, place, RecordOptions(tmp_path))
    assert report.exit_code == 1
    assert "read by phpbb, not by wordpress" in str(report.items[0].reason)
    assert not (tmp_path / "wordpress").exists()


def test_a_page_that_is_no_post_leaves_nothing(place: Workplace, tmp_path: Path) -> None:
    report = record("generic", f"{forum.SITE}/t/999", place, RecordOptions(tmp_path))
    assert report.exit_code == 1
    assert report.items[0].reason
    assert not (tmp_path / "generic").exists()


def test_a_case_is_not_recorded_over_another_post(place: Workplace, tmp_path: Path) -> None:
    record("generic", URL, place, RecordOptions(tmp_path))
    with pytest.raises(UsageError, match="--case"):
        record("generic", f"{forum.SITE}/t/205", place, RecordOptions(tmp_path))
    (tmp_path / "generic" / "post.yaml").write_text("- no recording\n", encoding="utf-8")
    with pytest.raises(UsageError, match="something else"):
        record("generic", URL, place, RecordOptions(tmp_path))


def test_mistakes_are_named_before_anybody_is_asked(
    place: Workplace, tmp_path: Path, replica: Replica
) -> None:
    with pytest.raises(UsageError, match="nowhere"):
        record("nowhere", URL, place, RecordOptions(tmp_path))
    with pytest.raises(UsageError, match="URL"):
        record("generic", "t/204", place, RecordOptions(tmp_path))
    with pytest.raises(UsageError, match="contact"):
        record("generic", URL, replace(place, settings=Settings()), RecordOptions(tmp_path))
    assert not replica.log


@pytest.mark.thorough
def test_the_verb_names_what_it_wrote_and_its_settings_are_the_archives(
    tmp_path: Path, replica: Replica
) -> None:
    archive = make_archive(tmp_path / "archive")
    ran = postkeep(
        "record",
        "phpbb",
        BOARD,
        "--into",
        tmp_path / "cassettes",
        "--archive",
        archive,
        "--json",
        replica=replica,
    )
    assert ran.exit_code == 0, ran.reasons
    assert ran.answer["outputs"][0] == str(tmp_path / "cassettes" / "phpbb" / "post.yaml")


def test_without_vcrpy_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "vcr", None)
    for name in ("scraper.jobs.record.cassette", "scraper.jobs.record.job"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    ran = postkeep("record", "generic", URL, "--archive", tmp_path)
    assert ran.exit_code == 2
    assert "pip install 'postkeep[record]'" in ran.stderr
