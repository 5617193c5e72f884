"""What to do next, as each verb says it when it has ended: right for the outcome, and of the archive in hand."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from scraper.cli import advice
from scraper.cli.options import DEFAULT_ARCHIVE
from scraper.model.outcome import Item, OutcomeWord, Report
from tests.cli.screens import assert_screen
from tests.cli.terminal import postkeep
from tests.commands import FAST_HOSTS
from tests.replica.routes import Deployment, answer
from tests.replica.server import Replica

ELSEWHERE = Path("/srv/my archive")
POST = "https://careerly.co.kr/posts/73002"
GONE = "https://careerly.co.kr/comments/404404"
NEXT = "Next: postkeep export dataset; or look around: postkeep status"
Advise = Callable[[Report, Path], Sequence[str]]


def report(*outcomes: OutcomeWord, held_back: int = 0) -> Report:
    return Report([Item("a", outcome) for outcome in outcomes], held_back=held_back)


@pytest.mark.parametrize(
    ("advise", "ended", "says"),
    [
        (advice.after_visits, report("done", "done"), [NEXT]),
        (advice.after_visits, report(), []),
        (advice.after_visits, report("skipped"), []),
        (advice.after_visits, report("failed"), ["The same command tries again what failed (1)."]),
        (advice.after_visits, report("refused", "refused"), [advice.REFUSED]),
        (advice.after_visits, report("refused", "skipped"), [advice.REFUSED]),
        (
            advice.after_visits,
            report("rejected"),
            ["What is read of a page that was rejected: postkeep probe URL"],
        ),
        (
            advice.after_visits,
            report("done", held_back=1),
            ["Drift keeps 1 site from being published: postkeep drift"],
        ),
        (advice.after_visits, report("refused", "done"), [NEXT]),
        (
            advice.after_visits,
            report("done", "rejected", "failed", held_back=2),
            [
                "The same command tries again what failed (1).",
                "Drift keeps 2 sites from being published: postkeep drift",
            ],
        ),
        (
            advice.after_import,
            report("done", "rejected"),
            [
                "Why a page was rejected (1) can be looked at: postkeep probe FILE",
                NEXT,
            ],
        ),
        (advice.after_import, report("failed"), []),
        (advice.after_extract, report("done"), [NEXT]),
        (
            advice.after_extract,
            report("failed"),
            ["What is damaged (1) can be looked at: postkeep check"],
        ),
        (advice.after_export, report("done"), []),
    ],
)
def test_what_comes_next_follows_from_what_became_of_the_targets(
    advise: Advise, ended: Report, says: list[str]
) -> None:
    assert list(advise(ended, DEFAULT_ARCHIVE)) == says


@pytest.mark.parametrize(
    ("outcome", "says"),
    [("done", ['Next, in Python: datasets.load_dataset("dataset", "posts")']), ("failed", [])],
)
def test_a_dataset_from_warc_files_is_opened_where_any_was_read(
    outcome: OutcomeWord, says: list[str]
) -> None:
    ended = replace(report(outcome), outputs=("dataset",))
    assert list(advice.after_extract_from(ended)) == says


def test_the_archive_is_named_where_it_is_not_the_one_that_is_taken_anyway() -> None:
    (line,) = advice.after_visits(report("done"), ELSEWHERE)
    place = "--archive '/srv/my archive'"
    assert line == f"Next: postkeep export dataset {place}; or look around: postkeep status {place}"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_from_nothing_to_a_dataset_each_verb_says_the_next(here: Path, replica: Replica) -> None:
    said = []

    def run(*arguments: str, reached: Replica | None = None) -> None:
        ran = postkeep(*arguments, replica=reached)
        kept = [line for line in ran.stderr.splitlines() if " received in " not in line]
        said.append("\n".join([f"$ postkeep {' '.join(arguments)}", *kept, ""]))

    run("init", "--contact", "you@example.org")
    with (here / "archive" / "postkeep.toml").open("a") as settings:
        settings.write(FAST_HOSTS)
    run("crawl", POST, GONE, reached=replica)
    (here / "saved-pages").mkdir()
    page = answer(Deployment(), "GET", "careerly.co.kr", "/comments/71710", ()).body
    (here / "saved-pages" / "gated.html").write_bytes(page)
    (here / "saved-pages" / "notes.html").write_text("<html><body><p>Eggs, milk.</p></body></html>")
    run("import", "saved-pages/")
    run("extract")
    run("refresh", "--dry-run")
    run("export", "dataset")
    run("export", "tables", "--format", "csv")
    assert_screen("what-next", "\n".join(said))


@pytest.mark.parametrize("arguments", [["-q"], ["--json"]])
def test_nothing_of_it_is_said_with_q_and_with_json(arguments: list[str], here: Path) -> None:
    ran = postkeep("init", "--contact", "you@example.org", "--json")
    assert ran.stderr == ""
    ran = postkeep("extract", *arguments)
    assert "Next" not in ran.stderr


@pytest.mark.thorough
def test_q_says_what_went_wrong_and_v_says_what_was_asked(here: Path, replica: Replica) -> None:
    postkeep("init", "--contact", "you@example.org")
    with (here / "archive" / "postkeep.toml").open("a") as settings:
        settings.write(FAST_HOSTS)
    quiet = postkeep("crawl", POST, GONE, "-q", replica=replica)
    assert quiet.exit_code == 1
    (line,) = quiet.stderr.splitlines()
    assert line.startswith(("rejected ", "failed "))
    assert quiet.stdout == ""
    exported = postkeep("export", "dataset", "-q")
    assert (exported.exit_code, exported.stdout, exported.stderr) == (0, "", "")
    more = postkeep("crawl", POST, "-v", replica=replica)
    assert f"asked    {POST} (" in more.stderr
    assert "answer   https://careerly.co.kr/community?post=73002: 304, " in more.stderr
    assert f"visiting {POST}" in more.stderr
    assert "https://careerly.co.kr/robots.txt" not in more.stderr, "the copy of the first crawl holds"


def test_v_and_q_do_not_go_together(here: Path) -> None:
    ran = postkeep("extract", "-v", "-q")
    assert ran.exit_code == 2
    assert "give one of the two" in ran.stderr
    as_json = postkeep("extract", "-v", "-q", "--json")
    assert (as_json.exit_code, as_json.outcomes) == (2, ["failed"])
