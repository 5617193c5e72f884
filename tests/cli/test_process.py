"""The installed command in processes of its own, where the process matters: signals, locks, streams."""

import fcntl
import os
import signal
import struct
import subprocess
import termios
from collections.abc import Iterator
from contextlib import suppress
from itertools import repeat
from pathlib import Path
from typing import Final

import pytest

from tests.cli.screens import Terminal
from tests.cli.terminal import make_archive, postkeep
from tests.commands import command_line, environment
from tests.replica.server import Drip, Replica

POSTS: Final = ("https://careerly.co.kr/comments/72260", "https://careerly.co.kr/comments/72377")


@pytest.fixture
def slow_replica() -> Iterator[Replica]:
    """Its second post never comes to an end."""
    endless = repeat(Drip(interval=0.05))
    with Replica(faults={"/comments/72377": endless}) as serving:
        yield serving


def start_crawl(archive: Path, replica: Replica) -> subprocess.Popen[str]:
    """A crawl that has settled its first post and waits for its second, which never ends."""
    crawl = subprocess.Popen(
        command_line("crawl", *POSTS, "--archive", str(archive), replica=replica),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
        start_new_session=True,
    )
    assert crawl.stderr is not None
    assert crawl.stderr.readline().startswith("done ")
    return crawl


@pytest.mark.thorough
def test_ctrl_c_ends_a_crawl_with_a_sentence_and_the_same_command_goes_on(
    slow_replica: Replica, tmp_path: Path
) -> None:
    archive = make_archive(tmp_path / "archive")
    crawl = start_crawl(archive, slow_replica)
    os.killpg(crawl.pid, signal.SIGINT)
    stdout, stderr = crawl.communicate()
    assert (crawl.returncode, stdout) == (130, "")
    assert "The same command goes on" in stderr
    assert "Traceback" not in stderr
    with Replica() as replica:
        ran = postkeep("crawl", *POSTS, "--archive", archive, "--json", replica=replica)
        assert ran.outcomes == ["done", "done"]
        assert "/comments/72260" not in [request.target for request in replica.log]
    assert postkeep("check", "--archive", archive, expect=0).stdout == ""


@pytest.mark.thorough
def test_ctrl_c_on_a_terminal_leaves_what_was_settled_the_sentence_and_the_cursor(
    slow_replica: Replica, tmp_path: Path
) -> None:
    archive = make_archive(tmp_path / "archive")
    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    crawl = subprocess.Popen(
        command_line("crawl", *POSTS, "--archive", str(archive), replica=slow_replica),
        stdout=subprocess.DEVNULL,
        stderr=theirs,
        env=environment() | {"TERM": "xterm-256color"},
        start_new_session=True,
    )
    os.close(theirs)
    written, is_stopped = b"", False
    with suppress(OSError):
        while chunk := os.read(ours, 65_536):
            written += chunk
            if b"asked for /comments/72377" in written and not is_stopped:
                is_stopped = True
                os.killpg(crawl.pid, signal.SIGINT)
    os.close(ours)
    assert crawl.wait() == 130
    terminal = Terminal()
    terminal.write(written.decode().replace("\r\n", "\n"))
    first, second, *_ = terminal.shown.splitlines()
    assert first == "done     careerly:comments-72260"
    assert second.startswith("postkeep: Stopped by Ctrl-C. ")
    assert "visiting" not in terminal.shown
    assert written.rindex(b"\x1b[?25h") > written.rindex(b"\x1b[?25l")


def test_a_second_crawl_beside_a_first_is_4_and_names_the_process(
    slow_replica: Replica, tmp_path: Path
) -> None:
    archive = make_archive(tmp_path / "archive")
    crawl = start_crawl(archive, slow_replica)
    try:
        line = ("crawl", POSTS[0], "--archive", archive, "--json")
        ran = postkeep(*line, replica=slow_replica, expect=4)
        assert f"process {crawl.pid}" in str(ran.reasons[0])
        postkeep("check", "--archive", archive, expect=0)
    finally:
        os.killpg(crawl.pid, signal.SIGTERM)
        crawl.communicate()


@pytest.mark.thorough
def test_a_reader_that_goes_away_ends_it_quietly() -> None:
    line = " ".join([*command_line("schema"), "| head -n 1"])
    done = subprocess.run(["bash", "-o", "pipefail", "-c", line], check=False, capture_output=True, text=True)
    assert done.stdout.startswith("schema ")
    assert "Traceback" not in done.stderr


@pytest.mark.thorough
def test_a_terminal_without_unicode_gets_escapes() -> None:
    done = subprocess.run(
        command_line("schema"),
        check=True,
        capture_output=True,
        env={**environment(), "PYTHONIOENCODING": "ascii"},
    )
    assert done.stdout.isascii()
    assert b"\\u27e8" in done.stdout
