"""``postkeep check --politeness`` after a real crawl over TLS."""

import json
from pathlib import Path

import pytest

from tests.cli.terminal import make_archive, postkeep
from tests.replica.server import Replica


@pytest.mark.thorough
def test_a_crawl_is_found_polite_and_one_line_changed_afterwards_is_not(tmp_path: Path) -> None:
    archive = make_archive(tmp_path / "archive")
    with Replica() as replica:
        postkeep("crawl", "https://careerly.co.kr/posts/73002", "--archive", archive, replica=replica)
    judged = postkeep("check", "--politeness", "--archive", archive, "--json")
    assert (judged.exit_code, judged.outcomes) == (0, ["done"])

    (path,) = (archive / "ledger").iterdir()
    entries = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    page = next(entry for entry in entries if "robots_at" in entry["detail"])
    page["detail"]["own_delay"] = 30
    path.write_text("".join(json.dumps(entry) + "\n" for entry in entries), encoding="utf-8")
    judged = postkeep("check", "--politeness", "--archive", archive, "--json")
    assert judged.exit_code == 1
    assert "30.000 s were owed" in str(judged.reasons[0])


def test_repairing_and_judging_are_not_done_in_one_go(tmp_path: Path) -> None:
    archive = make_archive(tmp_path / "archive")
    ran = postkeep("check", "--politeness", "--repair", "--archive", archive)
    assert ran.exit_code == 2
    assert "Give one of the two" in ran.stderr
