"""What strangers wrote reaches a terminal as letters only: no escape in a name, a URL or a title drives it."""

import os
import re
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.cli.printing import item_line, printable
from scraper.model.outcome import Item
from tests.cli.terminal import Ran, postkeep

# Sets the window's title, clears the screen, and writes the line from right to left.
HOSTILE: Final = "a\x1b]0;owned\x07b\x1b[2Jc\x9bd\u202ee"
CONTROLS: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def assert_is_tame(ran: Ran) -> None:
    assert not CONTROLS.search(ran.stdout + ran.stderr)


@pytest.mark.parametrize("as_json", [[], ["--json"]], ids=["plain", "json"])
def test_a_file_name_is_shown_tamely(as_json: list[str], tmp_path: Path) -> None:
    file = tmp_path / HOSTILE
    file.write_bytes(b"\0\0\0\0")
    ran = postkeep("import", file, "--archive", tmp_path / "archive", *as_json)
    assert ran.exit_code == 1
    assert_is_tame(ran)
    assert "owned" in ran.stdout + ran.stderr


@pytest.mark.parametrize("as_json", [[], ["--json"]], ids=["plain", "json"])
def test_a_url_is_shown_tamely(as_json: list[str], archive: Path) -> None:
    ran = postkeep("crawl", f"ftp://example.org/{HOSTILE}", "--archive", archive, *as_json)
    assert ran.exit_code == 1
    assert_is_tame(ran)


def test_a_url_in_a_saved_page_is_shown_tamely(archive: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(f'<html><head><link rel="canonical" href="https://example.org/{HOSTILE}">', "utf-8")
    ran = postkeep("import", page, "--archive", archive)
    assert ran.exit_code == 1
    assert_is_tame(ran)


@pytest.mark.parametrize("verb", ["init", "check", "extract", "nonsense"])
def test_a_command_line_is_shown_tamely(verb: str, tmp_path: Path) -> None:
    assert_is_tame(postkeep(verb, "--archive", tmp_path / HOSTILE))
    # typer escapes what drives a terminal in the words it does not know; the direction of text it lets be.
    unknown = HOSTILE.replace("\u202e", "")
    assert_is_tame(postkeep(verb, f"--{unknown}"))
    assert_is_tame(postkeep(unknown))


def test_the_export_folder_is_shown_tamely(crawled: Path, tmp_path: Path) -> None:
    ran = postkeep("export", tmp_path / HOSTILE, "--archive", crawled)
    assert ran.exit_code == 0
    assert_is_tame(ran)


def test_a_mistake_in_the_settings_is_shown_tamely(tmp_path: Path) -> None:
    hostile = HOSTILE.replace("\x1b", "\\u001b").replace("\x07", "\\u0007").replace("\x9b", "\\u009b")
    (tmp_path / "postkeep.toml").write_text(f'names = "{hostile}"\n"{hostile}" = 1\n', "utf-8")
    ran = postkeep("check", "--archive", tmp_path)
    assert ran.exit_code == 2
    assert_is_tame(ran)


def test_a_name_that_is_no_utf8_can_be_shown(tmp_path: Path) -> None:
    file = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe.html"))
    file.write_bytes(b"\0\0\0\0")
    for as_json in ([], ["--json"]):
        assert postkeep("import", file, "--archive", tmp_path / "archive", *as_json).exit_code == 1


@given(st.text())
def test_whatever_is_printed_is_one_tame_line_of_unicode(text: str) -> None:
    line = item_line(Item(text, "failed", reason=text + "!"))
    assert not CONTROLS.search(line)
    assert "\n" not in line
    assert line.encode()


@given(st.text(st.characters(categories=["L", "N", "P", "S", "Zs"])))
def test_ordinary_letters_are_printed_as_they_are(text: str) -> None:
    assert printable(text) == text
