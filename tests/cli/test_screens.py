"""What people see while a job runs and when it ends, kept as text in ``screens/``."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from scraper.cli.board import Board
from scraper.cli.loudness import Loudness
from scraper.cli.terminal import LiveProgress
from scraper.model.host_events import Answered, Asked, HostEvent, Left, Wait, WaitReason
from scraper.model.outcome import Item
from tests.cli.screens import Terminal, assert_screen
from tests.cli.terminal import postkeep
from tests.cli.test_terminal_safety import CONTROLS, HOSTILE
from tests.clock import VirtualClock

SEOUL = timezone(timedelta(hours=9))
MORNING = datetime(2026, 1, 5, 1, 2, 6, tzinfo=UTC)
ROBOTS = WaitReason("crawl-delay", 5)


def wait(host: str, reason: WaitReason, seconds: float) -> Wait:
    return Wait(host, reason, MORNING + timedelta(seconds=seconds))


def crawl(progress: LiveProgress) -> None:
    """A crawl of forty posts on three hosts, a while after it began."""
    progress.expect(40, "visiting")
    progress.end(Item("https://forum.example/t/1", "done", "forum.example:topics-1"))
    progress.end(
        Item("https://forum.example/t/2", "failed", reason="https://forum.example/t/2 answered 500.")
    )
    progress.end(Item("https://forum.example/t/3", "done", "forum.example:topics-3"))
    progress.tell(Asked("forum.example", "https://forum.example/t/4", "no rule against it"))
    progress.tell(Answered("forum.example", "https://forum.example/t/4", 200, 0.3, 34_000))
    progress.tell(wait("forum.example", ROBOTS, 5))
    progress.tell(wait("블로그.example", WaitReason("errors", 240, 3, 503), 240))
    progress.tell(Asked("careerly.co.kr", "https://careerly.co.kr/comments/70991", "no rule against it"))


def live(terminal: Terminal, clock: VirtualClock, loudness: Loudness = Loudness.USUAL) -> LiveProgress:
    return LiveProgress(clock, loudness=loudness, console=terminal.console(), zone=SEOUL)


def to_a_file(work: Callable[[LiveProgress], None], loudness: Loudness = Loudness.USUAL) -> str:
    file = StringIO()
    progress = LiveProgress(
        VirtualClock(MORNING), loudness=loudness, console=Console(file=file, width=200), zone=SEOUL
    )
    work(progress)
    progress.tick()
    return file.getvalue()


@pytest.mark.parametrize("columns", [80, 40, 20])
def test_a_crawl_on_a_terminal_says_whom_it_waits_for_why_and_until_when(columns: int) -> None:
    terminal = Terminal(columns)
    with live(terminal, VirtualClock(MORNING)) as progress:
        crawl(progress)
        progress.tick()
        assert_screen(f"crawl-{columns}", terminal.shown)
        region = terminal.shown.splitlines()[-4:]
    assert all(cell_len(line) <= columns for line in region)
    assert_screen(f"crawl-{columns}-ended", terminal.shown)


def test_a_wait_that_is_over_is_shown_no_longer() -> None:
    terminal, clock = Terminal(), VirtualClock(MORNING)
    with live(terminal, clock) as progress:
        crawl(progress)
        clock.advance(5)
        progress.tick()
        assert "robots.txt" not in terminal.shown
        progress.tell(Left("forum.example"))
        progress.tick()
        assert "forum.example " not in terminal.shown


def test_of_many_hosts_some_are_shown_and_the_rest_counted() -> None:
    terminal = Terminal(80, 12)
    with live(terminal, VirtualClock(MORNING)) as progress:
        progress.expect(20, "visiting")
        for number in range(20):
            progress.tell(wait(f"host-{number}.example", WaitReason("pace", 2), number))
        progress.tick()
        assert_screen("crawl-many-hosts", terminal.shown)


@pytest.mark.parametrize("rows", [1, 2, 3, 4])
def test_a_terminal_of_few_rows_is_never_overrun(rows: int) -> None:
    terminal = Terminal(80, rows)
    with live(terminal, VirtualClock(MORNING)) as progress:
        for number in range(20):
            progress.tell(wait(f"host-{number}.example", WaitReason("pace", 2), 9))
        progress.tick()
        assert len(terminal.shown.splitlines()) <= rows


def test_a_terminal_made_narrower_keeps_what_was_settled_and_nothing_twice() -> None:
    terminal = Terminal(80)
    console = terminal.console()
    with LiveProgress(VirtualClock(MORNING), console=console, zone=SEOUL) as progress:
        crawl(progress)
        progress.tick()
        terminal.columns = 40
        console.width = 40
        progress.tick()
        progress.tick()
        assert_screen("crawl-made-narrower", terminal.shown)


def test_ctrl_c_leaves_the_settled_lines_and_the_cursor() -> None:
    terminal = Terminal()
    with suppress(KeyboardInterrupt), live(terminal, VirtualClock(MORNING)) as progress:
        crawl(progress)
        raise KeyboardInterrupt
    assert len(terminal.shown.splitlines()) == 3
    written = terminal.getvalue()
    assert written.rindex("\x1b[?25h") > written.rindex("\x1b[?25l")


def test_a_crawl_to_a_pipe_has_its_items_and_a_line_a_minute() -> None:
    def work(progress: LiveProgress) -> None:
        crawl(progress)
        for _ in range(180):
            clock.advance(1)
            progress.tick()

    file, clock = StringIO(), VirtualClock(MORNING)
    work(LiveProgress(clock, console=Console(file=file, width=200), zone=SEOUL))
    assert_screen("crawl-pipe", file.getvalue())


def test_a_clock_set_back_takes_no_line_a_minute_away() -> None:
    file, clock = StringIO(), VirtualClock(MORNING)
    progress = LiveProgress(clock, console=Console(file=file, width=200), zone=SEOUL)
    progress.expect(3, "importing")
    progress.begin("saved/large.warc.gz")
    clock._now -= timedelta(hours=5)
    for _ in range(120):
        clock.advance(1)
        progress.tick()
    assert file.getvalue().splitlines() == [
        f"05:0{minute}:07 importing 0 of 3; saved/large.warc.gz" for minute in (2, 3)
    ]


def test_a_folder_that_is_imported_says_which_file_is_in_hand() -> None:
    terminal = Terminal()
    with live(terminal, VirtualClock(MORNING)) as progress:
        progress.expect(200, "importing")
        progress.end(Item("saved/0001.html", "done", "careerly:comments-70434"))
        progress.end(
            Item(
                "saved/0002.html",
                "rejected",
                reason="saved/0002.html is no post of a site that postkeep reads.",
            )
        )
        progress.begin("saved/커리어리 글 0003.html")
        progress.tick()
        assert_screen("import-folder", terminal.shown)


def test_an_extraction_says_how_far_it_is() -> None:
    terminal = Terminal()
    with live(terminal, VirtualClock(MORNING)) as progress:
        progress.expect(12_345, "reading")
        progress.end(Item("visit", "done", "careerly:qnas-2625"))
        for _ in range(6000):
            progress.step()
        progress.tick()
        assert_screen("extract", terminal.shown)


def test_more_is_said_where_more_is_asked_for() -> None:
    assert_screen("crawl-pipe-more", to_a_file(crawl, Loudness.MORE))


def test_nothing_but_what_went_wrong_is_said_where_less_is_asked_for() -> None:
    assert_screen("crawl-pipe-errors", to_a_file(crawl, Loudness.ERRORS))
    assert to_a_file(crawl, Loudness.SILENT) == ""


def test_reasons_in_words() -> None:
    reasons = [
        WaitReason("pace", 2),
        WaitReason("pace", 2.5),
        ROBOTS,
        WaitReason("retry-after", 120),
        WaitReason("slow", 12),
        WaitReason("errors", 4, 1, 503),
        WaitReason("errors", 8, 2),
        WaitReason("errors", 3),
        WaitReason("earlier", 60),
    ]

    def work(progress: LiveProgress) -> None:
        for number, reason in enumerate(reasons):
            progress.tell(wait("forum.example", reason, 20_000 * number))

    assert_screen("waits", to_a_file(work, Loudness.MORE))


@pytest.mark.parametrize("loudness", [Loudness.USUAL, Loudness.MORE])
def test_nothing_of_a_host_or_a_url_drives_the_terminal(loudness: Loudness) -> None:
    events: list[HostEvent] = [
        Asked(HOSTILE, f"https://{HOSTILE}/{HOSTILE}", HOSTILE),
        Answered("b", HOSTILE, None, 1, trouble=HOSTILE),
        wait(HOSTILE + "w", ROBOTS, 70),
    ]

    def work(progress: LiveProgress) -> None:
        progress.expect(1, HOSTILE)
        progress.begin(HOSTILE)
        for event in events:
            progress.tell(event)

    assert not CONTROLS.search(to_a_file(work, loudness))
    terminal = Terminal()
    with live(terminal, VirtualClock(MORNING), loudness) as progress:
        work(progress)
        progress.tick()
        assert not CONTROLS.search(terminal.shown)


def test_a_terminal_without_unicode_has_its_bar_too() -> None:
    terminal = Terminal(40)
    terminal.encoding_name = "ascii"
    with live(terminal, VirtualClock(MORNING)) as progress:
        progress.expect(4, "visiting")
        progress.end(Item("a", "done"))
        progress.tell(wait("forum.example", WaitReason("errors", 8, 2, 503), 8))
        progress.tick()
        assert_screen("crawl-ascii", terminal.shown)


def test_where_nothing_changes_nothing_is_written() -> None:
    terminal, clock = Terminal(), VirtualClock(MORNING)
    with live(terminal, clock) as progress:
        crawl(progress)
        progress.tick()
        written = terminal.getvalue()
        clock.advance(1)
        progress.tick()
        assert terminal.getvalue() == written


def test_hosts_that_answered_and_are_not_done_with_do_not_pile_up() -> None:
    board = Board()
    board.tell(wait("waiting.example", ROBOTS, 5))
    for number in range(10_000):
        board.tell(Answered(f"pictures-{number}.example", "https://pictures.example/1.png", 200, 0.1))
    assert len(board.hosts) < 300
    assert "waiting.example" in board.hosts


def test_a_question_stands_while_nothing_is_drawn() -> None:
    terminal = Terminal()
    with live(terminal, VirtualClock(MORNING)) as progress:
        crawl(progress)
        progress.tick()
        with progress.aside():
            terminal.write("Take it down? [y/N]: ")
            progress.step()
            assert terminal.shown.splitlines()[-1].startswith("Take it down? [y/N]:")
            terminal.write("\n")
        progress.tick()
        assert "Take it down?" in terminal.shown


def test_a_run_that_has_begun_nothing_draws_nothing() -> None:
    terminal = Terminal()
    with live(terminal, VirtualClock(MORNING)) as progress:
        before = terminal.getvalue()
        terminal.write("Take it down? [y/N]: ")
        progress.tick()
        assert terminal.getvalue() == before + "Take it down? [y/N]: "


def test_errors_name_what_is_wrong_and_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    commands = (
        ["extract"],
        ["crawl"],
        ["import", "nothing.html"],
        ["import", "https://example.org/a"],
        ["export", "dataset", "--without", "names"],
        ["extract", "-v", "-q"],
    )
    screens = []
    for words in commands:
        ran = postkeep(*words)
        said = ran.stderr.replace(str(tmp_path), "/home/me")
        screens.append(f"$ postkeep {' '.join(words)}\n{said}({ran.exit_code})\n")
    assert_screen("errors", "\n".join(screens))


@given(
    st.dictionaries(st.text(max_size=40), st.integers(-9, 10**6), max_size=12),
    st.text(max_size=60),
    st.integers(1, 120),
    st.integers(0, 12),
)
def test_whatever_hosts_and_targets_are_called_no_line_is_wider_than_the_terminal(
    hosts: dict[str, int], target: str, width: int, rows: int
) -> None:
    board = Board()
    board.expect(len(hosts), target)
    board.begin(target)
    for number, (host, seconds) in enumerate(hosts.items()):
        board.tell(wait(host, ROBOTS, seconds) if number % 3 else Asked(host, f"https://{host}/{target}", ""))
    lines = list(board.lines(width, rows, MORNING, SEOUL))
    assert len(lines) <= max(1, rows)
    assert all(line.cell_len <= width for line in lines)
    assert not any(CONTROLS.search(line.plain) for line in lines)
