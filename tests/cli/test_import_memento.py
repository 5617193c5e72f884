"""``postkeep import`` with ``--memento`` and with filters, as it is written on the command line."""

from pathlib import Path

import pytest

from tests.cli.terminal import imported

CDX = "https://archive.example.org/kept/cdx"
POST = "https://careerly.co.kr/comments/1"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--memento", CDX, POST), "No contact is set"),
        (("--memento", CDX), "a prefix that ends in *"),
        (("--memento", CDX, POST, "--url", POST), "leave out --url and --captured-at"),
        (("--memento", CDX, POST, "--since", "2022-13-01"), "--since 2022-13-01: write it as"),
        (("--memento", CDX, POST, "--until", "2022-10-01T09:00"), "add time and zone"),
    ],
)
def test_a_command_line_that_cannot_be_is_a_usage_error(
    arguments: tuple[str, ...], says: str, tmp_path: Path
) -> None:
    ran = imported(*arguments, into=tmp_path / "new")
    assert ran.exit_code == 2
    assert says in str(ran.reasons[0])


def test_an_address_that_is_none_of_a_cdx_server_is_a_usage_error(archive: Path) -> None:
    ran = imported("--memento", "https://archive.example.org/", POST, into=archive)
    assert ran.exit_code == 2
    assert "name a CDX server, such as" in str(ran.reasons[0])


def test_a_private_web_archive_is_not_asked_unless_it_is_allowed(archive: Path) -> None:
    ran = imported("--memento", "http://127.0.0.1:9/kept/cdx", POST, into=archive)
    assert ran.exit_code == 3
    assert "--allow-host 127.0.0.1" in str(ran.reasons[0])


@pytest.mark.thorough
def test_files_are_filtered_by_host_pattern_and_day(crawled: Path, tmp_path: Path) -> None:
    (warc,) = (crawled / "warc").iterdir()
    chosen = imported(warc, "--host", "careerly.co.kr", "--match", "*/comments/*", into=tmp_path / "one")
    posts = [item["post_id"] for item in chosen.answer["items"] if item["post_id"]]
    assert {post_id.partition("-")[0] for post_id in posts} == {"careerly:comments"}
    before = imported(warc, "--until", "2001-01-01", into=tmp_path / "none")
    assert [item["outcome"] for item in before.answer["items"] if item["outcome"] != "skipped"] == ["failed"]
