"""The first crawl makes its archive, and only where nobody could have meant another one."""

from pathlib import Path
from typing import Final

import pytest

from scraper.settings_file import load_settings
from tests.cli.terminal import Ran, postkeep
from tests.replica.server import Replica

POST: Final = "https://careerly.co.kr/comments/72260"
CONTACT: Final = ("--contact", "me@example.org")
# What is made on the way to a refusal by the host: nobody is visited, and nobody is waited for.
NOWHERE: Final = "https://127.0.0.1/post"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def reason(ran: Ran) -> str:
    assert ran.exit_code == 2
    return str(ran.reasons[0])


def test_the_first_crawl_makes_the_archive_and_says_where_before_all_else(folder: Path) -> None:
    ran = postkeep("crawl", NOWHERE, *CONTACT, expect=3)
    first, *_ = ran.stderr.splitlines()
    assert str(folder / "archive") in first
    assert load_settings(folder / "archive", {}).contact == "me@example.org"
    key = (folder / "archive" / "pseudonym.key").read_bytes()
    again = postkeep("crawl", NOWHERE, *CONTACT, "--json", expect=3)
    assert again.answer["outputs"] == []
    assert (folder / "archive" / "pseudonym.key").read_bytes() == key


@pytest.mark.thorough
def test_one_command_leads_from_nothing_to_rows(replica: Replica, folder: Path) -> None:
    postkeep("crawl", POST, *CONTACT, replica=replica, expect=0)
    assert postkeep("list").stdout.startswith("careerly:comments-72260\t")


def test_what_was_made_is_an_output(folder: Path) -> None:
    ran = postkeep("crawl", NOWHERE, *CONTACT, "--json")
    assert ran.answer["outputs"] == ["archive/postkeep.toml"]
    assert ran.stderr == ""


@pytest.mark.parametrize("flag", [True, False], ids=["flag", "variable"])
@pytest.mark.parametrize("name", ["kept", "archive"])
def test_none_is_made_where_a_folder_is_named(name: str, flag: bool, folder: Path) -> None:
    named = ["--archive", name] if flag else []
    env = {} if flag else {"POSTKEEP_ARCHIVE": name}
    said = reason(postkeep("crawl", NOWHERE, *CONTACT, *named, "--json", env=env))
    assert f"{name} is no archive" in said
    assert f"postkeep init {name} --contact me@example.org" in said
    assert not list(folder.iterdir())


def test_a_variable_that_is_empty_names_nothing(folder: Path) -> None:
    postkeep("crawl", NOWHERE, *CONTACT, env={"POSTKEEP_ARCHIVE": ""})
    assert (folder / "archive" / "postkeep.toml").is_file()


def test_none_is_made_where_something_lies(folder: Path) -> None:
    place = folder / "archive"
    place.mkdir()
    assert "mount it" in reason(postkeep("crawl", NOWHERE, *CONTACT, "--json"))
    assert not list(place.iterdir())
    place.rmdir()
    place.symlink_to(folder / "missing-disk" / "archive")
    assert "mount it" in reason(postkeep("crawl", NOWHERE, *CONTACT, "--json"))
    place.unlink()
    place.write_text("a file")
    ran = postkeep("crawl", NOWHERE, *CONTACT, "--json", expect=2)
    assert "archive" in str(ran.answer["items"][0]["reason"])
    assert place.read_text() == "a file"


@pytest.mark.parametrize("address", ["me", "me@", "ftp://example.org", "me@example.org other", "a@b\n.org"])
def test_a_contact_that_is_none_makes_nothing(address: str, folder: Path) -> None:
    said = reason(postkeep("crawl", NOWHERE, "--contact", address, "--json"))
    assert "--contact: contact must be an e-mail address or an http(s) URL" in said
    assert not list(folder.iterdir())


@pytest.mark.parametrize("contact", [[], ["--contact", ""]], ids=["none", "empty"])
def test_without_a_contact_the_message_shows_the_flag(contact: list[str], folder: Path) -> None:
    assert "--contact you@example.org" in reason(postkeep("crawl", NOWHERE, *contact, "--json"))
    env = {"POSTKEEP_CONTACT": "me@example.org"}
    assert "--contact you@example.org" in reason(postkeep("crawl", NOWHERE, *contact, "--json", env=env))
    assert not list(folder.iterdir())


@pytest.mark.parametrize("line", [[], ["--from", "absent.txt"], [POST, "--cacert", "absent.pem"]], ids=str)
def test_a_mistake_on_the_command_line_makes_nothing(line: list[str], folder: Path) -> None:
    postkeep("crawl", *line, *CONTACT, "--json", expect=2)
    assert not list(folder.iterdir())


@pytest.mark.parametrize("verb", [["refresh"], ["refresh", "--dry-run"], ["extract"], ["status"], ["list"]])
def test_no_other_verb_makes_one(verb: list[str], folder: Path) -> None:
    postkeep(*verb, "--json", env={"POSTKEEP_CONTACT": "me@example.org"}, expect=2)
    assert not list(folder.iterdir())


@pytest.mark.thorough
def test_a_contact_given_once_is_that_of_this_run_alone(replica: Replica, crawled: Path) -> None:
    before = (crawled / "postkeep.toml").read_bytes()
    asked = len(replica.log)
    post = "https://careerly.co.kr/comments/72377"
    contact = ("--contact", "https://example.org/about-me")
    postkeep("crawl", post, *contact, "--archive", crawled, replica=replica, expect=0)
    agents = {dict(request.headers)["user-agent"] for request in replica.log[asked:]}
    assert all("https://example.org/about-me" in agent for agent in agents)
    assert (crawled / "postkeep.toml").read_bytes() == before
