"""``postkeep extract --from`` as it is typed."""

from pathlib import Path

import pytest

from scraper.cli.moments import read_selection
from tests.cli.terminal import postkeep
from tests.fixtures.pages import v1_page
from tests.jobs.crawl_file import CrawlFile
from tests.jobs.mementos import POST

ID = "careerly:comments-70991"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--into", "dataset"], "--from"),
        (["a.warc.gz"], "--from"),
        (["--host", "example.org"], "--from"),
        (["--ray", "local"], "--from"),
        (["--from", "a.warc.gz"], "--into"),
        (["--from", "a.warc.gz", "--into", "dataset", "--status", "200"], "--cdx"),
        (["--from", "a.warc.gz", "--into", "dataset", "--archive", "none"], "none is no archive"),
        (["--from", "a.warc.gz", "--into", "dataset", "--host", "https://example.org/"], "is no host"),
        (["--from", "a.warc.gz", "--into", "dataset", "--host", "*.example.org"], "is no host"),
        (["--from", "a.warc.gz", "--into", "dataset", "--host", "example.org:80"], "is no host"),
        (["--from", "a.warc.gz", "--into", "dataset", "--host", ".example.org"], "is no host"),
        (["--from", "a.warc.gz", "--into", "dataset", "--host", ""], "is no host"),
        (["--from", "a.warc.gz", "--into", "/"], "/ is a mount point"),
        (["--from", ".", "--into", "/"], "/ is a mount point"),
        (["--from", ".", "--into", ".."], "the folder you stand in"),
    ],
)
def test_what_lacks_a_part_is_told_which(
    arguments: list[str], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    file = CrawlFile()
    file.add(POST, v1_page(70991).encode())
    file.write(tmp_path / "a.warc.gz")
    ran = postkeep("extract", *arguments)
    assert ran.exit_code == 2
    assert told in ran.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"a.warc.gz"}


@pytest.mark.thorough
def test_files_and_patterns_after_from_become_one_dataset(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, number in (("a", 70991), ("b", 72260), ("c", 71655)):
        file = CrawlFile(name)
        file.add(POST.replace("70991", str(number)), v1_page(number).encode())
        file.write(tmp_path / f"{name}.warc.gz")
    ran = postkeep("extract", "--from", "a.warc.gz", "b.warc.gz", "c*.gz", "--into", "dataset", "--json")
    assert (ran.exit_code, ran.outcomes) == (0, ["done"] * 3)
    assert ran.answer["outputs"] == ["dataset"]
    shown = postkeep("extract", "--from", "a.warc.gz", "b.warc.gz", "c*.gz", "--into", "dataset")
    assert "Nothing has changed" in shown.stderr + shown.stdout


@pytest.mark.parametrize(
    ("typed", "host"),
    [
        ("Careerly.co.KR.", "careerly.co.kr"),
        ("모임.example.org", "xn--v52b68u.example.org"),
        ("[2001:DB8::7]", "[2001:db8::7]"),
        (" 10.0.0.1 ", "10.0.0.1"),
    ],
)
def test_a_host_is_chosen_in_any_spelling(typed: str, host: str) -> None:
    assert read_selection([typed], [], None, None).hosts == (host,)
