"""What a run is at, as a terminal shows it: how far it is, what became of its targets, who is asked and who is waited for."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, tzinfo
from typing import Final

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from scraper.cli.printing import TROUBLE, printable
from scraper.cli.waits import clock_words, reason_words, seconds_words, wait_words
from scraper.model.host_events import Answered, Asked, HostEvent, Left, Wait
from scraper.model.outcome import Item, OutcomeWord

MOST_HOSTS: Final = 8
_MOST_KEPT: Final = 256
_BAR_CELLS: Final = 24
# Narrower than this a bar tells nothing.
_LEAST_BAR: Final = 8
_FILLED, _OPEN = "━", "─"
_HOST_SHARE: Final = 3


class Board:
    """Takes in what a job tells; gives it as lines. ``hosts`` are those that are busy or waited for, each with its last event."""

    def __init__(self) -> None:
        self.doing = ""
        self.total = 0
        self.settled = 0
        self.outcomes: Counter[OutcomeWord] = Counter()
        self.hosts: dict[str, HostEvent] = {}
        self._target = ""

    def expect(self, total: int, doing: str) -> None:
        """A stretch of ``total`` targets begins."""
        self.total, self.doing, self.settled = total, doing, 0
        self._target = ""

    def more(self, count: int) -> None:
        """The stretch has more targets than were expected."""
        self.total += count

    def begin(self, target: str) -> None:
        """Work on a target begins."""
        self._target = target

    def end(self, item: Item) -> None:
        """A target is settled."""
        self.outcomes[item.outcome] += 1
        self.step()

    def step(self) -> None:
        """A target is done with."""
        self.settled += 1

    def tell(self, event: HostEvent) -> None:
        """Something happened at a host."""
        if isinstance(event, Left):
            self.hosts.pop(event.host, None)
            return
        if event.host not in self.hosts and len(self.hosts) >= _MOST_KEPT:
            # Pictures and redirects lead to hosts that nobody says are done with.
            self.hosts = {host: last for host, last in self.hosts.items() if not isinstance(last, Answered)}
        self.hosts[event.host] = event

    def lines(self, width: int, most_lines: int, now: datetime, zone: tzinfo | None) -> Iterator[Text]:
        """At most ``most_lines`` lines of at most ``width`` cells: the hosts, and below them how far the run is."""
        if not (self.doing or self.hosts):
            return
        room = max(0, min(MOST_HOSTS, most_lines - 2))
        shown = dict(list(self.hosts.items())[:room])
        more = len(self.hosts) - len(shown)
        if shown:
            names = min(max(map(cell_len, map(printable, shown))), max(8, width // _HOST_SHARE))
            for host, event in shown.items():
                yield _host_line(host, names, event, width, now, zone)
            if more:
                yield Text(_fitted(f"and {more:,} more", width), style="dim")
        yield self._total_line(width)

    def sentence(self, now: datetime, zone: tzinfo | None) -> str:
        """How far the run is, and whom it waits for longest or what is in hand, for a log."""
        parts = [f"{self.doing or 'at work on'} {self._count_words()}"]
        waits = [event for event in self.hosts.values() if isinstance(event, Wait) and event.until > now]
        if waits:
            last = max(waits, key=lambda wait: wait.until)
            parts.append(f"{last.host}: {wait_words(last, now, zone)}")
        if len(self.hosts) > 1:
            parts.append(f"{len(self.hosts):,} hosts")
        if self._target and not self.hosts:
            parts.append(self._target)
        return "; ".join(parts)

    def _count_words(self) -> str:
        settled = f"{self.settled:,} of {self.total:,}" if self.total else f"{self.settled:,}"
        trouble = [f"{self.outcomes[word]:,} {word}" for word in TROUBLE if self.outcomes[word]]
        return ", ".join([settled, *trouble])

    def _total_line(self, width: int) -> Text:
        count = self._count_words() if self.doing else ""
        doing = printable(self.doing)
        bar = min(_BAR_CELLS, width - cell_len(doing) - cell_len(count) - 2)
        line = Text(doing)
        if self.total and bar >= _LEAST_BAR:
            filled = min(bar, bar * self.settled // self.total)
            line.append(" ")
            line.append(_FILLED * filled, style="green")
            line.append(_OPEN * (bar - filled), style="dim")
        line.append(f" {count}")
        target = printable(self._target)
        if target and not self.hosts and (left := width - line.cell_len - 2) >= _LEAST_BAR:
            line.append(f"  {_fitted(target, left)}", style="dim")
        line.truncate(width, overflow="ellipsis")
        return line


def _host_line(
    host: str, names: int, event: HostEvent, width: int, now: datetime, zone: tzinfo | None
) -> Text:
    name = set_cell_size(_fitted(printable(host), names), names)
    line = Text(f"{name}  ").append(_state(event, width - names - 2, now, zone), style="dim")
    line.truncate(width, overflow="ellipsis")
    return line


def _state(event: HostEvent, width: int, now: datetime, zone: tzinfo | None) -> str:
    """What happens at a host, in at most ``width`` cells; of a wait its end is told before its reason."""
    match event:
        case Wait() if event.until > now:
            until = clock_words(event.until, now, zone)
            for words in (wait_words(event, now, zone), f"{until} {reason_words(event.reason)}"):
                if cell_len(words) <= width:
                    return words
            return _fitted(f"{until} {reason_words(event.reason)}", width)
        case Asked():
            return _fitted(f"asked for {_path(event.url)}", width)
        case Answered(status=None):
            return _fitted(f"no answer within {seconds_words(event.elapsed)}", width)
        case Answered():
            return _fitted(f"answered {event.status} for {_path(event.url)}", width)
        case _:
            return "in line"


def _path(url: str) -> str:
    _, _, rest = url.partition("://")
    return printable(f"/{rest.partition('/')[2]}")


def _fitted(text: str, width: int) -> str:
    """``text`` in at most ``width`` cells, its end cut off where it is longer."""
    if cell_len(text) <= width:
        return text
    return f"{set_cell_size(text, max(0, width - 1)).rstrip()}…" if width > 0 else ""
