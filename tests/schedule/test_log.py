"""``--log-format json``: JSON lines on stderr that a machine reads for years."""

import json
import logging
import warnings
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.archive.runs import read_runs
from scraper.cli.log import JsonLog
from scraper.cli.loudness import Loudness
from scraper.model.host_events import Answered, Asked, HostEvent, Wait, WaitReason
from scraper.model.outcome import Item
from tests.cli.terminal import Ran, make_archive, postkeep
from tests.replica.server import Replica

FIELDS = ["time", "level", "event", "command", "run", "target", "outcome", "reason"]
LONG_WORK = ("crawl", "import", "refresh", "extract", "export", "publish", "check", "backup", "browse")
POSTS = ("https://careerly.co.kr/comments/72260", "https://careerly.co.kr/comments/404404")


def lines(stderr: str) -> list[dict[str, Any]]:
    """Every line of stderr, held against its promised shape."""
    assert stderr.isascii()
    found = [json.loads(line) for line in stderr.splitlines()]
    for line in found:
        assert list(line)[: len(FIELDS)] == FIELDS
        assert line["time"].endswith("Z")
        assert datetime.fromisoformat(line["time"]).utcoffset() == timedelta()
        assert line["level"] in {"info", "warning", "error"}
    assert len({line["run"] for line in found}) == 1
    return found


@pytest.fixture
def crawl(tmp_path: Path) -> Ran:
    with Replica() as replica:
        archive = make_archive(tmp_path / "archive")
        return postkeep("crawl", *POSTS, "--archive", archive, "--log-format", "json", replica=replica)


def test_every_line_of_a_crawl_is_an_object_of_one_run(crawl: Ran, tmp_path: Path) -> None:
    found = lines(crawl.stderr)
    assert (found[0]["event"], found[-1]["event"]) == ("began", "ended")
    settled = {line["target"]: line for line in found if line["event"] == "settled"}
    assert [(settled[post]["outcome"], settled[post]["level"]) for post in POSTS] == [
        ("done", "info"),
        ("rejected", "warning"),
    ]
    assert settled[POSTS[1]]["reason"]
    assert found[-1]["counts"]["done"] == 1
    assert found[-1]["exit_code"] == crawl.exit_code == 1
    assert found[-1]["summary"][0] == "2 posts visited, 1 new."
    (run,) = read_runs(tmp_path / "archive")
    assert run.run_id == found[0]["run"]


def test_it_goes_with_json_and_leaves_stdout_as_it_was(tmp_path: Path) -> None:
    archive = make_archive(tmp_path / "archive")
    ran = postkeep("check", "--archive", archive, "--json", "--log-format", "json")
    assert ran.answer["counts"]["done"] == 1
    assert lines(ran.stderr)[-1]["event"] == "ended"


def test_a_run_that_breaks_off_ends_with_an_error(tmp_path: Path) -> None:
    ran = postkeep("export", tmp_path / "out", "--archive", tmp_path / "none", "--log-format", "json")
    last = lines(ran.stderr)[-1]
    assert (last["level"], last["event"], last["exit_code"]) == ("error", "ended", ran.exit_code)
    assert "none" in last["reason"]
    assert ran.stdout == ""


@pytest.mark.parametrize("verb", LONG_WORK)
def test_every_verb_that_works_for_long_has_it(verb: str) -> None:
    assert "--log-format" in postkeep(verb, "--help").stdout


def test_a_wait_is_a_line_of_fields_and_an_everyday_one_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    until = datetime(2026, 1, 5, 10, 2, 11, tzinfo=timezone(timedelta(hours=9)))
    events: list[HostEvent] = [
        Wait("example.org", WaitReason("pace", 2), until),
        Wait("example.org", WaitReason("errors", 240, 3, 503), until),
        Asked("example.org", "https://example.org/a", "no rule"),
        Answered("example.org", "https://example.org/a", 200, 0.5, 1000),
    ]
    for loudness in (Loudness.USUAL, Loudness.MORE, Loudness.ERRORS):
        log = JsonLog("crawl", loudness)
        for event in events:
            log.tell(event)
        said = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
        assert [line["event"] for line in said] == {
            Loudness.USUAL: ["waiting"],
            Loudness.MORE: ["waiting", "waiting", "asked", "answered"],
            Loudness.ERRORS: [],
        }[loudness]
        if said:
            wait = next(line for line in said if line["cause"] == "errors")
            assert {name: wait[name] for name in ("host", "until", "seconds", "failures", "status")} == {
                "host": "example.org",
                "until": "2026-01-05T01:02:11.000000Z",
                "seconds": 240,
                "failures": 3,
                "status": 503,
            }
            assert wait["reason"] == "answered 503, 3 times in a row"


@pytest.mark.thorough
def test_q_leaves_what_is_wrong_alone(tmp_path: Path) -> None:
    with Replica() as replica:
        archive = make_archive(tmp_path / "archive")
        ran = postkeep("crawl", *POSTS, "--archive", archive, "--log-format", "json", "-q", replica=replica)
    assert [(line["event"], line["level"]) for line in lines(ran.stderr)] == [
        ("settled", "warning"),
        ("ended", "warning"),
    ]


@pytest.mark.parametrize("verb", LONG_WORK)
def test_every_verb_that_works_for_long_says_more_or_less(verb: str) -> None:
    said = postkeep(verb, "--help").stdout
    assert "--verbose" in said
    assert "--quiet" in said


def test_what_libraries_complain_about_is_a_line_too(capsys: pytest.CaptureFixture[str]) -> None:
    with JsonLog("export"):
        logging.getLogger("somebody").error("The %s is odd.", "page")
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            logging.captureWarnings(capture=True)
            warnings.warn("It is old.", stacklevel=1)
    said = lines(capsys.readouterr().err)
    assert next(line["reason"] for line in said if line["event"] == "library") == "The page is odd."
    assert any("It is old." in str(line["reason"]) for line in said)


@pytest.mark.parametrize("secret", ["hf_PlantedTokenOfTheHub0123456789", "https://user:planted@example.org/"])
def test_no_secret_is_in_it(secret: str, capsys: pytest.CaptureFixture[str]) -> None:
    log = JsonLog("crawl")
    log.end(Item(secret, "failed", reason=f"It said {secret}."))
    log.fail(secret, 1, ValueError(secret))
    said = capsys.readouterr().err
    assert "lanted" not in said
    assert "secret" in said


@given(st.text(), st.text())
def test_whatever_a_page_says_is_one_line_of_ascii(target: str, reason: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        written: list[str] = []
        patch.setattr("sys.stderr.write", written.append)
        JsonLog("crawl").end(Item(target, "failed", reason=reason))
    (line,) = written
    assert line.isascii()
    assert line.isprintable() or line[:-1].isprintable()
    assert line.count("\n") == 1
