"""What a page, a file's name or a server says is printed without driving the terminal, and names no file of ours."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from scraper.cli.printing import item_line, print_traceback
from scraper.cli.terminal import print_error, print_report
from scraper.jobs.crawl.job import crawl
from scraper.model.outcome import Item, Report
from tests.cli.terminal import make_archive, postkeep
from tests.clock import VirtualClock
from tests.jobs.workplaces import workplace_at
from tests.safety.hostile import HOST, head, hostile

ESCAPES: Final = "\x1b[2J\x1b]0;owned\x07\x9b31m\r\x08\u202e"
DRIVES: Final = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]")


def test_items_errors_outputs_and_tracebacks_are_escaped(capsys: pytest.CaptureFixture[str]) -> None:
    item = Item(f"https://example.org/{ESCAPES}", "failed", f"careerly:{ESCAPES}", f"It said {ESCAPES}.")
    print_error(item_line(item))
    print_error(ESCAPES)
    print_report("crawl", Report((item,), (ESCAPES,)), as_json=False)
    print_report("crawl", Report((item,), (ESCAPES,)), as_json=True)
    print_traceback(ValueError(ESCAPES))
    said = "".join(capsys.readouterr())
    assert "owned" in said
    assert not DRIVES.search(said)


@pytest.mark.parametrize("argument", [f"https://{HOST}/comments/{ESCAPES}", ESCAPES, f"ftp://x/{ESCAPES}"])
def test_targets_and_file_names_of_an_adversary_are_escaped(tmp_path: Path, argument: str) -> None:
    folder = make_archive(tmp_path / "archive")
    named = tmp_path / f"page{ESCAPES.replace('/', '')}.html"
    named.write_text(f"<title>{ESCAPES}</title><p>{ESCAPES}", encoding="utf-8")
    for verb in (["crawl", argument], ["import", str(named), "--url", f"https://{HOST}/comments/1"]):
        ran = postkeep(*verb, "--archive", folder)
        said = ran.stdout + ran.stderr
        assert ran.exit_code in {1, 2, 3}
        assert not DRIVES.search(said), said
        assert "Traceback" not in said


@pytest.mark.thorough
def test_a_server_can_neither_drive_the_terminal_nor_name_a_file(tmp_path: Path) -> None:
    place = workplace_at(tmp_path / "archive", VirtualClock())
    raw = ESCAPES.encode()
    page = (
        head('Content-Disposition: attachment; filename="../../owned.html"', "X-Robots-Tag: \x1b[31mnone")
        + b"<html><head><title>" + raw + b"</title></head><body><h1>../../owned</h1><p>" + raw + b"</body></html>"
    )  # fmt: skip
    robots = b"HTTP/1.1 200 \x1b[2J\r\nConnection: close\r\n\r\nUser-agent: *\nDisallow: /x\x1b[2J\n"
    answers = {"/comments/1": lambda send: send(page), "/robots.txt": lambda send: send(robots)}
    with hostile(answers, tmp_path) as server:
        report = crawl([f"https://{HOST}/comments/1"], replace(place, network=server.network))
    for item in report.items:
        assert not DRIVES.search(item_line(item))
    names = [str(path.relative_to(place.folder)) for path in place.folder.rglob("*")]
    ours = r"warc|ledger|lock|postkeep\.toml|pseudonym\.key|(state|records)\.sqlite(-wal|-shm|-journal)?|ledger/\d{4}-\d\d\.jsonl|warc/postkeep-\d{14}-\d{5}\.warc\.gz"
    assert [name for name in names if not re.fullmatch(ours, name)] == []
    assert not list(tmp_path.rglob("owned*"))
