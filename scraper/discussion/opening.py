"""Whether the post of a page stands apart from the records of its thread, which then answer it, or is the first of them."""

from collections.abc import Callable
from functools import cached_property
from typing import Final

from scraper.discussion.body.blocks import HEADINGS, letters
from scraper.discussion.body.find import Body
from scraper.discussion.post import OWN_TEXT
from scraper.discussion.thread.elements import Elements
from scraper.discussion.thread.marks import Mark
from scraper.discussion.thread.names import BOARD_POST, COMMENT
from scraper.discussion.thread.record import Thread
from scraper.discussion.words import BEFORE_NAME, BEHIND_NAME
from scraper.model.record import TO_THE_DAY, Moment

# A text that stands under the title and before the thread is the post where its records are called comments or as nothing that
# boards call them; else only where it has so many letters, and so many times those of the records: boards put notices there.
_LEAST_TEXT: Final = 20
_SHORT_TEXT: Final = 100
_TIMES_LONGER: Final = 3
_MINUTE: Final = 60
_LEAST_TITLE: Final = 8
_MOST_TITLE_TEXTS: Final = 3
_TITLES: Final = HEADINGS | {"a", "td", "b", "strong"}
_BEFORE_DATE: Final = 6
_BEHIND_DATE: Final = 3
_LONGEST_NAME: Final = 50
# A line of a name and a date.
_MOST_BYLINE_TEXTS: Final = 4
_LONGEST_BYLINE: Final = 80
_MOST_BESIDE_DATE: Final = 40


def bylines(page: Elements, thread: Thread) -> list[range]:
    """The elements that say when and by whom something was written, and no more than that."""
    lines = []
    for mark in thread.marks:
        texts = range(page.first_text[mark.element], page.last_text[mark.element])
        if mark.kind != "date" or not 0 < len(texts) <= _MOST_BYLINE_TEXTS:
            continue
        words = page.text_of(mark.element)
        if len(words) <= _LONGEST_BYLINE and len(words) - len(mark.raw) <= _MOST_BESIDE_DATE:
            lines.append(range(mark.element, page.ends[mark.element]))
    return lines


class Opening:
    """What stands between the title of a page and the first record of its thread.

    ``title`` is the title as the page's head has it; ``moment`` places a date.
    """

    def __init__(
        self, page: Elements, thread: Thread, title: str | None, moment: Callable[[str], Moment | None]
    ) -> None:
        self._page = page
        self._thread = thread
        self._title = (title or "").lower()
        self._moment = moment

    def is_post(self, body: Body | None) -> bool:
        """Whether the post stands there; ``body`` is the page's main text without the records."""
        records = self._thread.records
        first = records[0]
        is_before = body is not None and body.texts[1] <= first.span.first
        if self.is_by_another:
            return True
        if body is None or not 0 <= body.title < first.span.start:
            return False
        key = self._thread.groups[first.group].key
        if COMMENT(key):
            return body.size >= (_LEAST_TEXT if is_before else _SHORT_TEXT)
        if not is_before:
            return False
        if not BOARD_POST(key):
            return body.size >= _SHORT_TEXT
        usual = sorted(letters(record.text or "") for record in records)[len(records) // 2]
        return body.size >= max(OWN_TEXT, _TIMES_LONGER * max(usual, letters(first.text or "")))

    @cached_property
    def is_by_another(self) -> bool:
        """Whether something is dated there that is older than the first record, by somebody else or of another day.

        Boards say over the first post who began the thread, and when: that is the first post.
        """
        if not self._thread.records:
            return False
        page, first = self._page, self._thread.records[0]
        title = self._heading(first.span.start)
        if title < 0:
            return False
        began = self._moment(first.date)
        for mark in self._thread.marks:
            if not title <= mark.element < first.span.start or mark.is_other or mark.kind != "date":
                continue
            moment = self._moment(mark.raw)
            if moment is None or began is None or moment.at is None or began.at is None:
                continue
            is_exact = {moment.precision, began.precision} <= TO_THE_DAY
            if not is_exact or moment.at > began.at or not _are_apart(moment, began):
                continue
            texts = mark.texts(page)
            near = [
                text.lower()
                for text in page.texts[
                    max(page.last_text[title], texts.start - _BEFORE_DATE) : texts.stop + _BEHIND_DATE
                ]
            ]
            name = first.author.name.lower() if first.author else None
            if name and any(name in text for text in near):
                return True
            return name is not None and self._names_somebody(mark)
        return False

    def _names_somebody(self, mark: Mark) -> bool:
        """Whether a short text before a date, or the words before it in its own, may be a name."""
        page = self._page
        own = page.texts[mark.text][: mark.start] if mark.text >= 0 else ""
        texts = mark.texts(page)
        before = page.texts[max(0, texts.start - 2) : texts.start]
        names = (BEHIND_NAME.sub("", BEFORE_NAME.sub("", f"{each} ")).strip() for each in (own, *before))
        return any(1 < len(name) <= _LONGEST_NAME for name in names)

    def _heading(self, until: int) -> int:
        """The last heading before an element that is the page's title, else the last of the first level; -1 where there is none."""
        page = self._page
        last, first_level = -1, -1
        for element in range(until):
            is_short = page.last_text[element] - page.first_text[element] <= _MOST_TITLE_TEXTS
            if is_short and page.tags[element] in _TITLES:
                words = page.text_of(element).lower()
                if len(words) >= _LEAST_TITLE and self._title.startswith(words[: len(self._title)]):
                    last = element
                elif page.tags[element] == "h1" and words:
                    first_level = element
        return last if last >= 0 else first_level


def _are_apart(moment: Moment, began: Moment) -> bool:
    """Whether two moments are not the same one, each as exact as it is shown."""
    if moment.at is None or began.at is None:
        return False
    if "day" in {moment.precision, began.precision}:
        return moment.at.date() != began.at.date()
    return abs((began.at - moment.at).total_seconds()) >= _MINUTE
