"""The lines at the bottom of a terminal that are drawn again and again, below those that stay."""

from collections.abc import Callable, Sequence

from rich.console import Console, Group
from rich.live import Live
from rich.text import Text


class Region:
    """Draws what ``lines`` gives at the bottom of the screen. It is told when: it has no thread of its own."""

    def __init__(self, console: Console, lines: Callable[[], Sequence[Text]]) -> None:
        self._console = console
        self._lines = lines
        self._width = 0
        self._drawn: Sequence[Text] = ()
        self._live = self._opened()

    def start(self) -> None:
        """Draw for the first time; the cursor is hidden, and what libraries print goes above."""
        self._live = self._opened()
        self._live.start(refresh=True)

    def draw(self, above: Sequence[Text]) -> None:
        """Draw anew where something changed, with lines to stay above; it is the terminal that wraps those, so that they can be searched and copied."""
        if not above and self._console.width == self._width and [*self._lines()] == [*self._drawn]:
            return
        self._count_rows()
        with self._console:
            if above:
                self._console.print(Group(*above), highlight=False, soft_wrap=True)
            self._live.refresh()

    def stop(self, above: Sequence[Text]) -> None:
        """Take the region away and give the cursor back; the lines above stay."""
        try:
            self.draw(above)
        finally:
            self._live.stop()

    def _opened(self) -> Live:
        return Live(
            console=self._console,
            get_renderable=self._group,
            auto_refresh=False,
            transient=True,
            vertical_overflow="crop",
        )

    def _group(self) -> Group:
        self._drawn, self._width = self._lines(), self._console.width
        return Group(*self._drawn)

    def _count_rows(self) -> None:
        """Let rich know how many rows are to be wiped: a terminal made narrower has wrapped what was drawn on it."""
        width = self._console.width
        rows = sum(max(1, -(-line.cell_len // width)) for line in self._drawn)
        # rich takes it for as many rows as it drew, and has no public way to tell it otherwise.
        self._live._live_render._shape = (width, rows)  # noqa: SLF001 - see above
