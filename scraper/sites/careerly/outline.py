"""Where on a page the post, its numbers and its thread stand, by what the page says and in which order."""

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from scraper.model.record import CountName
from scraper.page.blocks import Block
from scraper.page.characters import plain
from scraper.sites.careerly import words
from scraper.sites.careerly.marks import Mark
from scraper.sites.careerly.region import is_author
from scraper.sites.careerly.sheet import Sheet
from scraper.sites.careerly.titles import LONGEST_TITLE

# So many blocks an author's name, headline, date and buttons may take up above or below a text.
_HEADER: Final = 10
_TRAILER: Final = 3


@dataclass(slots=True)
class Outline:
    """The parts of a page. ``run`` holds the post's counts, and ``header`` and ``trailer`` who wrote it when."""

    title: int | None
    header: list[Block]
    body: list[Block]
    trailer: list[Block]
    run: range
    thread: list[Block] = field(default_factory=list)
    thread_header: int | None = None


def outline(sheet: Sheet) -> Outline:
    """Take a page apart. Parts that are not there are empty."""
    run = _post_run(sheet)
    thread_header = _thread_header(sheet, run)
    limit = _limit(sheet, run, thread_header)
    title = _title(sheet, limit)
    start, end = _content(sheet, run, title, thread_header, limit)
    if title is None:
        title = _title_above(sheet, start, end, run)
        start = start if title is None or title < start else title + 1
    first = _after_header(sheet, start, end, title, run)
    last = _before_trailer(sheet, first, end)
    thread_start = len(sheet.blocks) if thread_header is None else thread_header + 1
    return Outline(
        title=title,
        header=[sheet.blocks[index] for index in range(_header_start(sheet, title), first) if index != title],
        body=[sheet.blocks[index] for index in range(first, last) if _is_body(sheet, index)],
        trailer=[sheet.blocks[index] for index in range(last, max(end, run.start))],
        run=run,
        thread=_thread(sheet, thread_start),
        thread_header=thread_header,
    )


def _post_run(sheet: Sheet) -> range:
    best, best_score = range(0), 0
    announced = [
        _section(sheet, index) for index in range(len(sheet.blocks)) if sheet.is_related_heading(index)
    ]
    for run in sheet.runs():
        score = _run_score(sheet, run)
        if any(run.start in section for section in announced):
            score -= 4
        if score > best_score:
            best, best_score = run, score
    return best


def _section(sheet: Sheet, heading: int) -> range:
    """What stands below a heading in the smallest element that holds more than it."""
    boxes = sheet.blocks[heading].box.ancestors()
    return next((range(heading, box.end) for box in boxes if box.end > heading + 1), range(0))


def _run_score(sheet: Sheet, run: range) -> int:
    marks = [sheet.marks[index] for index in run]
    counted = any(mark.has("views", "saves") for mark in marks) or _split_count(marks, "views", "saves")
    discussed = any(mark.has("comments") for mark in marks)
    stamps = [stamp for mark in marks for stamp in mark.stamps]
    gated = run.start - 1 in sheet.gated or any(index in sheet.gated for index in run)
    if not counted and not discussed and not (gated and stamps):
        return 0
    score = 6 * counted + 3 * discussed + 2 * bool(stamps) + 3 * gated
    score += any(":" in stamp.raw for stamp in stamps)
    score -= 10 * (counted and _is_card(sheet, run))
    return score - 3 * sheet.is_menu(run.start)


def _split_count(marks: list[Mark], *names: CountName) -> bool:
    return any(
        words.COUNT_LABELS.get(label) in names and following.numbers
        for mark, following in pairwise(marks)
        for label in mark.labels
    )


def _is_card(sheet: Sheet, run: range) -> bool:
    if any(sheet.is_foreign(index) for index in run):
        return True
    for box in sheet.blocks[run.start].box.ancestors():
        texts = sheet.texts(box.start, box.end)
        if texts:
            foreign = sum(len(block.text) for block in texts if sheet.is_foreign(block.index))
            return 2 * foreign >= sum(len(block.text) for block in texts)
    return False


def _thread_header(sheet: Sheet, run: range) -> int | None:
    """The last block that announces the thread: ``댓글 14``, or the bare word as a heading."""
    announcing = [index for index in range(run.start, len(sheet.blocks)) if _announces(sheet, index, run)]
    answers = [index for index in announcing if "답변" in _labels(sheet.marks[index])]
    if sheet.ref.kind == "qnas" and answers:
        announcing = answers
    if not announcing:
        return None
    first = announcing[0]
    header = first
    above = first in run and sheet.is_header_like(_title(sheet, run.start) or 0, run.start)
    for index in announcing[1:]:
        texts = [
            block
            for block in sheet.texts(header + 1, index)
            if not words.COMPOSER.fullmatch(plain(block.text))
        ]
        same = sheet.marks[index].counts == [] or _declared(sheet.marks[index]) == _declared(
            sheet.marks[first]
        )
        if same and (not texts or (above and header in run)):
            header = index
    return header


def _labels(mark: Mark) -> list[str]:
    return [label for label, _ in mark.counts] + mark.labels


def _declared(mark: Mark) -> str | None:
    return next((raw for label, raw in mark.counts if words.COUNT_LABELS.get(label) == "comments"), None)


def _announces(sheet: Sheet, index: int, run: range) -> bool:
    mark, block = sheet.marks[index], sheet.blocks[index]
    if not mark.is_meta or index in sheet.gated or sheet.is_foreign(index) or sheet.is_menu(index):
        return False
    if mark.has("views", "saves") and index not in run:
        return False
    if mark.has("comments"):
        return not _is_card(sheet, range(index, index + 1)) or block.heading > 0
    return block.heading > 0 and any(words.COUNT_LABELS.get(label) == "comments" for label in mark.labels)


def _limit(sheet: Sheet, run: range, thread_header: int | None) -> int:
    """Where the post has ended at the latest."""
    if thread_header is not None:
        return thread_header
    for index in range(run.stop, len(sheet.blocks)):
        frame = sheet.is_menu(index) and any(not sheet.is_menu(before) for before in range(index))
        if (
            frame
            or sheet.is_related_heading(index)
            or words.FOOTER.fullmatch(plain(sheet.blocks[index].text))
        ):
            return max(index, run.start)
    return len(sheet.blocks)


def _title(sheet: Sheet, limit: int) -> int | None:
    """The block that is the title by the page's head or by being a heading."""
    names = (sheet.page.meta.get("og:title"), sheet.page.meta.get("twitter:title"), sheet.page.title)
    for name in names:
        said = plain(words.SITE_TITLE.sub("", name or ""))
        known = said and not words.SITE_NAME.fullmatch(said)
        found = [index for index in range(limit) if _is_titled(sheet, index, said)] if known else []
        if found:
            return next((index for index in found if sheet.blocks[index].heading), found[0])
    headings = [
        index
        for index in range(limit)
        if sheet.blocks[index].heading
        and sheet.is_text(index)
        and not (_is_site_name(sheet.blocks[index]) or sheet.is_related_heading(index))
    ]
    first = next(iter(headings), None)
    # A heading below text of some length is one inside the text.
    return first if first is not None and sheet.is_header_like(0, first) else None


def _title_above(sheet: Sheet, start: int, end: int, run: range) -> int | None:
    """A short line that stands where titles do: above the author's name, or between the name and the counts."""
    top = _header_start(sheet, None)
    bottom = (
        start
        if start > top
        else next(
            (index for index in range(start, min(end, start + _HEADER)) if sheet.is_person(index)), start
        )
    )
    if bottom <= top or not sheet.is_header_like(top, bottom):
        return None
    above = [
        block.index
        for block in sheet.texts(top, bottom)
        if not (sheet.is_person(block.index) or _is_frame(sheet, block.index))
    ]
    if start > top and above:
        first = _after_header(sheet, top, end, None, run)
        author = next((index for index in range(top, start) if sheet.is_person(index)), top)
        above = [index for index in above if index >= first or index < author]
    return above[-1] if above else None


def _is_titled(sheet: Sheet, index: int, said: str) -> bool:
    block = sheet.blocks[index]
    if "\n" in block.text or not sheet.is_text(index) or sheet.is_foreign(index):
        return False
    text = plain(block.text)
    cut = said.rstrip(".…").rstrip()
    shortened = cut != said and len(cut) >= 8 and len(text) <= LONGEST_TITLE
    return text == said or (shortened and text.startswith(cut))


def _is_site_name(block: Block) -> bool:
    return words.SITE_NAME.fullmatch(plain(block.text)) is not None


def _content(
    sheet: Sheet, run: range, title: int | None, thread_header: int | None, limit: int
) -> tuple[int, int]:
    start = _header_start(sheet, None) if title is None else title + 1
    if not run or run.start <= start:
        return (run.stop if run and run.start >= start else start), limit
    between = thread_header if thread_header is not None and thread_header not in run else None
    if between is not None and sheet.is_header_like(start, run.start):
        after = [
            block
            for block in sheet.texts(run.stop, between)
            if not sheet.is_person(block.index) and not words.COMPOSER.fullmatch(plain(block.text))
        ]
        if after:
            return run.stop, between
    return start, run.start


def _header_start(sheet: Sheet, title: int | None) -> int:
    """The first block after menus; far enough above a title to hold its author."""
    if title is not None:
        index = title
        while index > 0 and title - index < _HEADER and not _is_frame(sheet, index - 1):
            index -= 1
        return index
    for index, block in enumerate(sheet.blocks):
        other = sheet.is_foreign(index) or sheet.is_related_heading(index)
        skipped = other or _is_frame(sheet, index) or block.control or sheet.marks[index].is_meta
        if not skipped and index not in sheet.gated:
            return index
    return len(sheet.blocks)


def _is_frame(sheet: Sheet, index: int) -> bool:
    menu = words.MENU.fullmatch(plain(sheet.blocks[index].text)) is not None
    return sheet.is_menu(index) or (menu and index not in sheet.gated)


def _after_header(sheet: Sheet, start: int, end: int, title: int | None, run: range) -> int:
    """Where the text begins below the author's name, headline, date and buttons."""
    dated = any(sheet.marks[index].stamps for index in run)
    first = start
    shorts = 0
    for index in range(start, min(end, start + _HEADER)):
        if index in sheet.gated:
            continue
        if _is_header_mark(sheet, index, dated=dated, alone=shorts == 0):
            first, shorts = index + 1, 0
        elif shorts == 3 or not sheet.is_short(index) or sheet.is_sentence(index):
            break
        else:
            shorts += 1
    return _after_headline(sheet, first, end, title) if first > start else first


def _is_header_mark(sheet: Sheet, index: int, *, dated: bool, alone: bool) -> bool:
    block, mark = sheet.blocks[index], sheet.marks[index]
    if sheet.is_person(index):
        return True
    if mark.is_byline or (mark.is_meta and mark.stamps):
        return not dated
    if any(map(words.FOLLOW.fullmatch, mark.actions)):
        return True
    return alone and (block.control or (mark.is_meta and bool(mark.counts or mark.badge)))


def _after_headline(sheet: Sheet, first: int, end: int, title: int | None) -> int:
    author = next((index for index in range(first - 1, -1, -1) if is_author(sheet.blocks[index])), None)
    if author is None or author < first - 4:
        return first
    after = first
    for box in sheet.blocks[author].box.ancestors():
        inside = sheet.texts(box.start, box.end)
        if box.start <= (title if title is not None else -1) or not all(
            sheet.is_short(block.index) for block in inside
        ):
            break
        if len(inside) <= 4 and sheet.texts(box.end, end):
            after = max(after, min(box.end, end))
    headline = after == author + 1 and title is not None and title < author
    if headline and sheet.is_text(after) and sheet.is_short(after) and not sheet.is_sentence(after):
        return after + 1 if sheet.texts(after + 1, end) else after
    return after


def _before_trailer(sheet: Sheet, first: int, end: int) -> int:
    """Where the text ends above buttons, and above an author's card that stands below it."""
    last, shorts = end, 0
    for index in range(end - 1, first, -1):
        if sheet.is_person(index):
            last, shorts = index, _TRAILER
            continue
        if index in sheet.gated or sheet.marks[index].is_meta:
            continue
        shorts += 1
        if shorts > _TRAILER or not sheet.is_short(index):
            break
    while last > first and (last - 1 in sheet.gated or _is_button(sheet, last - 1)):
        last -= 1
    return _with_siblings(sheet, last) if last == end else last


def _is_button(sheet: Sheet, index: int) -> bool:
    return sheet.blocks[index].control or bool(sheet.marks[index].is_meta and sheet.marks[index].actions)


def _with_siblings(sheet: Sheet, last: int) -> int:
    """A last paragraph that is a word like a button's stays text where it is a paragraph like the one before."""
    while 0 < last < len(sheet.blocks) - 1:
        before, block, after = sheet.blocks[last - 1 : last + 2]
        same = before.box.parent is block.box.parent is not None and before.box.tag == block.box.tag == "p"
        bare = words.LABEL_ALONE.fullmatch(plain(block.text)) and not block.control
        if not (bare and same) or block.box.parent is after.box.parent:
            break
        last += 1
    return last


def _is_body(sheet: Sheet, index: int) -> bool:
    return not (index in sheet.gated or sheet.blocks[index].control or sheet.is_menu(index))


def _thread(sheet: Sheet, start: int) -> list[Block]:
    end = len(sheet.blocks)
    last_sign = max(
        (index for index in range(start, end) if is_author(sheet.blocks[index])), default=start - 1
    )
    for index in range(start, end):
        if index in sheet.gated:
            continue
        footer = index > last_sign and words.FOOTER.fullmatch(plain(sheet.blocks[index].text))
        if sheet.is_menu(index) or footer or sheet.is_related_heading(index):
            end = index
            break
        if sheet.marks[index].has("views", "saves"):
            end = max(start, sheet.card_start(index))
            break
    return [sheet.blocks[index] for index in range(start, end) if index not in sheet.gated]
