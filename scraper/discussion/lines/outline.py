"""Where on a page the post, its numbers and its thread stand, by what the page says and in which order."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from scraper.discussion.lines.header import find_people, find_title
from scraper.discussion.lines.marks import Mark
from scraper.discussion.lines.sheet import Sheet
from scraper.model.record import CountName
from scraper.page.blocks import Block

# So few short lines below an author's name are a card that ends the post.
_CARD: Final = 3
# Fewer lines above an author's name may be a title and what stands below it.
_MENU_LINES: Final = 3
# So many lines of another post's card at most say neither where it leads nor how often it was seen.
_CARD_LINES: Final = 4


@dataclass(slots=True)
class Outline:
    """The parts of a page. ``run`` holds the post's counts; ``around`` is what stands around title and text.

    ``people`` are the blocks of ``around`` that name the author or say what they do, the first name first.
    """

    title: int | None
    people: list[int]
    body: list[Block]
    around: list[Block]
    run: range
    tags: tuple[str, ...] | None = None
    thread: list[Block] = field(default_factory=list)
    thread_header: int | None = None


def outline(sheet: Sheet) -> Outline:
    """Take a page apart. Parts that are not there are empty."""
    run = _post_run(sheet)
    thread_header = _thread_header(sheet, run)
    area = _area(sheet, run, thread_header)
    title = find_title(sheet, area)
    people = find_people(sheet, area, title)
    content = [index for index in area if sheet.is_text(index) and index not in people and index != title]
    content = _below_menu(sheet, content, people) if title is None else _below_title(sheet, content, title)
    content = _beside_run(sheet, content, run)
    if title is None and _is_set_apart(sheet, content, {*people, *run}):
        title, content = content[0], content[1:]
    content, furniture = _split_furniture(sheet, _without_card(sheet, content, people))
    body = _whole(sheet, content, area)
    spoken = {*body, title}
    return Outline(
        title=title,
        people=people,
        body=[sheet.blocks[index] for index in body],
        around=[sheet.blocks[index] for index in area if index not in spoken],
        run=run,
        tags=_read_tags(sheet, furniture),
        thread=_thread(sheet, len(sheet.blocks) if thread_header is None else thread_header + 1),
        thread_header=thread_header,
    )


def _area(sheet: Sheet, run: range, thread_header: int | None) -> list[int]:
    """The blocks above the thread, without menus, prompts and other posts."""
    limit = _limit(sheet, run, thread_header)
    other: set[int] = set()
    for index in range(limit):
        if index in sheet.related_headings and index not in run:
            other.update(section for section in _section(sheet, index, run) if section < limit)
    other -= set(run)
    return [
        index
        for index in range(limit)
        if not (index in sheet.gated or index in sheet.frame or index in other or sheet.is_foreign(index))
    ]


def _below_menu(sheet: Sheet, content: list[int], people: Sequence[int]) -> list[int]:
    """The text without the lines of a menu above the author's name, the last of which may be the title."""
    above = [index for index in content if people and index < people[0]]
    below = content[len(above) :]
    if not above or not below or not sheet.is_light(0, people[0]):
        return content
    if sum(index not in sheet.frame for index in range(above[0], people[0])) < _MENU_LINES:
        return content
    return [*above[-1:], *below] if sheet.is_substantial(below[0]) else below


def _below_title(sheet: Sheet, content: list[int], title: int) -> list[int]:
    """The text below the title: what stands above it are menus, categories and the like, unless all text does."""
    below = [index for index in content if index > title]
    return below if any(map(sheet.is_substantial, below)) else content


def _beside_run(sheet: Sheet, content: list[int], run: range) -> list[int]:
    """The text on that side of the counts where there is more than a title."""
    before = [index for index in content if index < run.start]
    after = [index for index in content if index >= run.stop]
    if not run or not before:
        return content
    if any(map(sheet.is_substantial, before)) or len(before) > _CARD:
        return before
    return content if any(map(sheet.is_substantial, after)) else before


def _is_set_apart(sheet: Sheet, content: Sequence[int], apart: set[int]) -> bool:
    """Whether the first line is short, and the author's name, a date or counts stand between it and the text."""
    if len(content) < 2 or not sheet.is_short(content[0]) or content[0] > content[1]:
        return False
    between = range(content[0] + 1, content[1])
    return any(index in apart or sheet.marks[index].stamps for index in between)


def _without_card(sheet: Sheet, content: list[int], people: Sequence[int]) -> list[int]:
    """The text above a card of its author."""
    for name in people:
        below = [index for index in content if index > name]
        above = len(content) - len(below)
        if above and len(below) <= _CARD and all(map(sheet.is_short, below)) and name in sheet.authors:
            return content[:above]
    return content


def _split_furniture(sheet: Sheet, content: Sequence[int]) -> tuple[list[int], list[int]]:
    """The text, and the blocks below it that are none. Only the end is looked at: a text may hold anything."""
    end = len(content)
    while end > 1 and _is_furniture(sheet, content[end - 2], content[end - 1]):
        end -= 1
    return list(content[:end]), list(content[end:])


def _read_tags(sheet: Sheet, furniture: Sequence[int]) -> tuple[str, ...] | None:
    """The tags that stand below a text; None where there are none."""
    tags = (
        tag
        for index in furniture
        if _is_tags(sheet, index)
        for tag in sheet.words.tag.findall(sheet.plain[index])
    )
    return tuple(dict.fromkeys(tags)) or None


def _is_furniture(sheet: Sheet, before: int, index: int) -> bool:
    if _is_link_row(sheet, sheet.blocks[index]) or _asks(sheet, index):
        return True
    apart = index - before > 1 or sheet.blocks[before].box.parent is not sheet.blocks[index].box.parent
    return _is_tags(sheet, index) and (
        apart or sheet.blocks[index].href is not None or _is_tags(sheet, before)
    )


def _is_tags(sheet: Sheet, index: int) -> bool:
    return sheet.words.tags.fullmatch(sheet.plain[index]) is not None


def _asks(sheet: Sheet, index: int) -> bool:
    """Whether a button that is none of a post's answers this line."""
    if not sheet.is_short(index) or index + 1 == len(sheet.blocks):
        return False
    return (
        sheet.blocks[index + 1].control
        and not sheet.marks[index + 1].is_meta
        and index + 1 not in sheet.gated
    )


def _is_link_row(sheet: Sheet, block: Block) -> bool:
    """Whether a block is links to different places and nothing else that could be text."""
    linked = {piece.href for piece in block.pieces if piece.href}
    if len(linked) < 2 or any(map(sheet.conventions.links.profile_id, linked)) or "://" in block.text:
        return False
    return all(piece.href or _says_nothing(sheet, piece.text) for piece in block.pieces)


def _says_nothing(sheet: Sheet, text: str) -> bool:
    return sheet.words.action.fullmatch(text) is not None or not any(map(str.isalnum, text))


def _whole(sheet: Sheet, content: list[int], area: Sequence[int]) -> list[int]:
    """The text with those of its paragraphs that look like a date, a number or a button's word."""
    if not content:
        return []
    first, last = content[0], content[-1]
    kept = [index for index in area if first <= index <= last and not sheet.blocks[index].control]
    while last + 1 in area and _is_sibling(sheet, last, last + 1):
        last += 1
        kept.append(last)
    return kept


def _is_sibling(sheet: Sheet, last: int, index: int) -> bool:
    """Whether a word like a button's is a paragraph like the one before, and unlike what follows."""
    before, block = sheet.blocks[last], sheet.blocks[index]
    same = before.box.parent is block.box.parent is not None and before.box.tag == block.box.tag == "p"
    bare = sheet.words.label_alone.fullmatch(sheet.plain[index]) and not block.control
    end = index + 1 < len(sheet.blocks) and sheet.blocks[index + 1].box.parent is not block.box.parent
    return bool(bare and same and end)


def _section(sheet: Sheet, heading: int, run: range = range(0)) -> range:
    """The other posts below a heading: down to the last link or number of theirs, above the post's own numbers."""
    boxes = sheet.blocks[heading].box.ancestors()
    limit = next((box.end for box in boxes if box.end > heading + 1), heading)
    last = heading
    for index in range(heading + 1, limit):
        if index in run or index - last > _CARD_LINES:
            break
        if sheet.is_foreign(index) or (sheet.marks[index].is_meta and sheet.marks[index].counts):
            last = index
    return range(heading, last + 1)


def _post_run(sheet: Sheet) -> range:
    best, best_score = range(0), 0
    announced = [
        _section(sheet, index) for index in range(len(sheet.blocks)) if index in sheet.related_headings
    ]
    for run in sheet.runs():
        score = _run_score(sheet, run)
        if any(run.start in section for section in announced):
            score -= 4
        if score > best_score:
            best, best_score = run, score
    return best


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
    return score - 10 * (run.start in sheet.frame)


def _split_count(marks: list[Mark], *names: CountName) -> bool:
    return any(
        label.count in names and following.numbers
        for mark, following in pairwise(marks)
        for label in mark.labels
    )


def _is_card(sheet: Sheet, run: range) -> bool:
    if any(sheet.is_foreign(index) for index in run):
        return True
    for box in sheet.blocks[run.start].box.ancestors():
        texts = [block for block in sheet.texts(box.start, box.end) if block.index not in sheet.authors]
        if texts:
            foreign = sum(len(block.text) for block in texts if sheet.is_foreign(block.index))
            return 2 * foreign >= sum(len(block.text) for block in texts)
    return False


def _thread_header(sheet: Sheet, run: range) -> int | None:
    """The last block that announces the thread: ``댓글 14``, or the bare word as a heading."""
    announcing = [index for index in range(run.start, len(sheet.blocks)) if _announces(sheet, index, run)]
    answers = [index for index in announcing if _counts_answers(sheet, index)]
    if sheet.post.is_question and answers:
        announcing = answers
    if not announcing:
        return None
    first = announcing[0]
    header = first
    above = first in run and sheet.is_header_like(0, run.start)
    for index in announcing[1:]:
        texts = [
            block
            for block in sheet.texts(header + 1, index)
            if not sheet.words.composer.fullmatch(sheet.plain[block.index])
        ]
        same = not sheet.marks[index].counts or _declared(sheet.marks[index]) == _declared(sheet.marks[first])
        if same and (not texts or (above and header in run)):
            header = index
    return header


def _counts_answers(sheet: Sheet, index: int) -> bool:
    mark = sheet.marks[index]
    labels = (*(label for label, _ in mark.counts), *mark.labels)
    return any(sheet.words.answer.fullmatch(label.word) for label in labels)


def _declared(mark: Mark) -> str | None:
    return next((raw for label, raw in mark.counts if label.count == "comments"), None)


def _announces(sheet: Sheet, index: int, run: range) -> bool:
    mark, block = sheet.marks[index], sheet.blocks[index]
    if not mark.is_meta or index in sheet.gated or sheet.is_foreign(index) or (index in sheet.frame):
        return False
    if mark.has("views", "saves") and index not in run:
        return False
    if mark.has("comments"):
        return not _is_card(sheet, range(index, index + 1)) or block.heading > 0
    return block.heading > 0 and any(label.count == "comments" for label in mark.labels)


def _limit(sheet: Sheet, run: range, thread_header: int | None) -> int:
    """Where the post has ended at the latest."""
    if thread_header is not None:
        return thread_header
    below = range(run.stop, len(sheet.blocks))
    spoken = next((index for index in range(len(sheet.blocks)) if sheet.is_text(index)), 0)
    for index in below:
        frame = index in sheet.frame and index > spoken
        if frame or index in sheet.related_headings or sheet.is_footer(index):
            return max(index, run.start)
    return len(sheet.blocks)


def _thread(sheet: Sheet, start: int) -> list[Block]:
    """What stands below the thread's heading, down to other posts, the page's frame or its end."""
    names = [index for index in range(start, len(sheet.blocks)) if index in sheet.authors]
    last_name = max(names, default=start - 1)
    end = start
    heading = _heading_below(sheet, start)
    while end < heading and not _ends_thread(sheet, end, last_name):
        end += 1
    left_out = sheet.gated | sheet.frame | sheet.initials
    return [sheet.blocks[index] for index in range(start, end) if index not in left_out]


def _heading_below(sheet: Sheet, start: int) -> int:
    """Where a heading opens what is no part of the thread: the first one, below words, is no name above some."""
    spoken = False
    for index in range(start, len(sheet.blocks)):
        block = sheet.blocks[index]
        if block.heading and (sheet.is_text(index) or block.index in sheet.authors):
            return index if spoken and block.index not in sheet.authors else len(sheet.blocks)
        composer = sheet.words.composer.fullmatch(sheet.plain[index])
        spoken = spoken or (sheet.is_text(index) and block.index not in sheet.authors and not composer)
    return len(sheet.blocks)


def _ends_thread(sheet: Sheet, index: int, last_name: int) -> bool:
    if index in sheet.gated:
        return False
    if index in sheet.frame:
        return True
    footer = index > last_name and sheet.is_footer(index)
    counted = sheet.marks[index].has("views", "saves")
    return footer or counted or sheet.is_foreign(index) or index in sheet.related_headings
