"""What a run shows a person on stderr: on a terminal live, elsewhere plain lines; its report and its errors."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta, tzinfo
from threading import Event, RLock, Thread
from typing import Final, Self

from rich.console import Console
from rich.text import Text

from scraper.cli.board import Board
from scraper.cli.log import JsonLog
from scraper.cli.loudness import Loudness
from scraper.cli.printing import TROUBLE, item_line, print_json, print_lines, printable
from scraper.cli.region import Region
from scraper.cli.view import print_view
from scraper.cli.waits import seconds_words, wait_words
from scraper.jobs.progress import Progress
from scraper.model.host_events import Answered, Asked, HostEvent, Wait
from scraper.model.outcome import Item, Report
from scraper.model.run import bytes_text
from scraper.model.stores import Clock

_COLOURS: Final = {
    "done": "green",
    "failed": "red",
    "refused": "yellow",
    "rejected": "yellow",
    "skipped": "dim",
}
# For terminals whose encoding has no lines and dots.
_ASCII: Final = str.maketrans("━─…", "#-~")
# Seconds between two drawings, and between two looks at the clock where nothing is drawn.
_DRAWN_EVERY: Final = 0.125
_LOOKED_AT_EVERY: Final = 1.0
# Seconds: nobody sees a shorter wait.
_WORTH_SAYING: Final = 1.0
# A log has a line so often, and one at once for the first wait that is longer.
_QUIET: Final = timedelta(minutes=1)


class LiveProgress(Progress):
    """Draws a job on stderr, in its own thread: settled targets as lines, below them on a terminal who is asked and waited for.

    Elsewhere a line a minute says how far it is. ``zone`` is that of the times shown, None: this machine's.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        loudness: Loudness = Loudness.USUAL,
        console: Console | None = None,
        zone: tzinfo | None = None,
    ) -> None:
        self._clock = clock
        self._loudness = loudness
        self._zone = zone
        self._console = console or Console(stderr=True)
        self._board = Board()
        self._lock = RLock()
        self._waiting: list[Text] = []
        self._line_at = clock.now() + _QUIET
        self._has_told_wait = False
        is_live = self._console.is_interactive and self._console.file.isatty()
        self._live = Region(self._console, self._drawn) if is_live and loudness >= Loudness.USUAL else None
        self._ended = Event()
        self._thread: Thread | None = None

    def __enter__(self) -> Self:
        self._start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Keep away from the screen, so that a question can be asked."""
        self._stop()
        try:
            yield
        finally:
            self._start()

    def announce(self, sentence: str) -> None:
        """Say what is to be known before the work begins."""
        if self._loudness >= Loudness.USUAL:
            self._say(sentence, "bold")

    def expect(self, total: int, doing: str) -> None:
        """Start counting towards ``total``."""
        with self._lock:
            self._board.expect(total, doing)

    def more(self, count: int) -> None:
        """Count towards more."""
        with self._lock:
            self._board.more(count)

    def begin(self, target: str) -> None:
        """Note which target is in hand."""
        with self._lock:
            self._board.begin(target)
        if self._loudness >= Loudness.MORE:
            self._say(f"{self._board.doing.partition(' ')[0]:<8} {target}", "dim")

    def end(self, item: Item) -> None:
        """Say what became of a target, and count it."""
        least = Loudness.ERRORS if item.outcome in TROUBLE else Loudness.USUAL
        if self._loudness >= least:
            self._put(Text(item_line(item), style=_COLOURS[item.outcome]))
        with self._lock:
            self._board.end(item)

    def step(self) -> None:
        """Count a target of which nothing is said."""
        with self._lock:
            self._board.step()

    def tell(self, event: HostEvent) -> None:
        """Note what happens at a host; say it where more is to be said, or where the wait is long."""
        with self._lock:
            self._board.tell(event)
        if self._loudness >= Loudness.MORE:
            self._say_event(event)
        elif isinstance(event, Wait) and self._is_first_long(event):
            self._has_told_wait = True
            self._say_event(event)

    def tick(self) -> None:
        """Draw what is new; where nothing is drawn, say once a minute how far the run is."""
        now = self._clock.now()
        if self._live:
            self._live.draw(self._taken())
        elif self._loudness >= Loudness.USUAL and not self._line_at - _QUIET <= now < self._line_at:
            # Its time has come, or the clock was set back.
            self._line_at = now + _QUIET
            with self._lock:
                sentence = self._board.sentence(now, self._zone)
            self._say(f"{now.astimezone(self._zone):%H:%M:%S} {sentence}", "dim")

    def _is_first_long(self, wait: Wait) -> bool:
        is_log = self._live is None and self._loudness >= Loudness.USUAL
        return is_log and not self._has_told_wait and wait.until - self._clock.now() >= _QUIET

    def _say_event(self, event: HostEvent) -> None:
        match event:
            case Wait() if event.reason.seconds >= _WORTH_SAYING:
                words = wait_words(event, self._clock.now(), self._zone)
                self._say(f"{'waiting':<8} {event.host}: {words}", "dim")
            case Asked():
                self._say(f"{'asked':<8} {event.url} ({event.rule})", "dim")
            case Answered():
                what = event.trouble if event.status is None else f"{event.status}, {bytes_text(event.size)}"
                self._say(f"{'answer':<8} {event.url}: {what} in {seconds_words(event.elapsed)}", "dim")

    def _say(self, text: str, style: str) -> None:
        self._put(Text(printable(text), style=style))

    def _put(self, line: Text) -> None:
        if self._live:
            with self._lock:
                self._waiting.append(line)
        else:
            with self._lock:
                _print_unbroken(self._console, line)

    def _drawn(self) -> list[Text]:
        width, height = self._console.size
        with self._lock:
            lines = list(self._board.lines(width, height - 1, self._clock.now(), self._zone))
        if self._console.options.ascii_only:
            for line in lines:
                line.plain = line.plain.translate(_ASCII)
        return lines

    def _start(self) -> None:
        if self._live:
            self._live.start()
        if self._loudness >= Loudness.USUAL:
            self._ended = Event()
            self._thread = Thread(target=self._run, args=(self._ended,), daemon=True)
            self._thread.start()

    def _stop(self) -> None:
        self._ended.set()
        try:
            if self._thread:
                self._thread.join()
                self._thread = None
        finally:
            if self._live:
                self._live.stop(self._taken())

    def _taken(self) -> list[Text]:
        """The lines that wait to be written, which then wait no longer."""
        with self._lock:
            lines, self._waiting = self._waiting, []
        return lines

    def _run(self, ended: Event) -> None:
        # Where stderr is gone, the job finds out by itself.
        with suppress(OSError):
            while not ended.wait(_DRAWN_EVERY if self._live else _LOOKED_AT_EVERY):
                self.tick()


def print_report(
    command: str,
    report: Report,
    *,
    as_json: bool,
    log: JsonLog | None = None,
    loudness: Loudness = Loudness.USUAL,
    advise: Callable[[Report], Sequence[str]] = lambda _: (),
) -> None:
    """Print a finished run: the JSON object on stdout, or the view and the outputs on stdout and a summary on stderr.

    The summary ends with what ``advise`` says to do next. Where a ``log`` is kept, that has the summary.
    """
    if log is not None:
        log.finish(report)
    if as_json:
        print_json(command, report, report.exit_code)
        return
    print_view(report.view)
    if loudness >= Loudness.USUAL:
        print_lines(map(printable, report.outputs))
    if log is not None or loudness < Loudness.USUAL:
        return
    console = Console(stderr=True)
    counts = ", ".join(f"{count} {word}" for word, count in report.counts().items() if count)
    # Of a verb that only looks the view says all.
    counted = () if report.data is not None and not report.items else (f"{command}: {counts or '0 done'}",)
    for line in (*report.summary, *counted, *advise(report)):
        _print_unbroken(console, Text(printable(line)))


def print_error(message: str) -> None:
    """A sentence on stderr, safe for the terminal."""
    _print_unbroken(Console(stderr=True), Text(f"postkeep: {printable(message)}", style="red"))


def _print_unbroken(console: Console, line: Text) -> None:
    """One line: it is the terminal that wraps it, so that it can be searched and copied."""
    if console.is_terminal:
        console.print(line, highlight=False, soft_wrap=True)
    else:
        # A file has no colours and no width, and a run may settle a thousand items a second.
        console.file.write(line.plain + "\n")
        console.file.flush()
