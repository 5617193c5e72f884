"""Comments as a page shows them: name, date, likes and words of each, taken apart by marks and order."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from scraper.discussion.lines.marks import gather_counts
from scraper.discussion.lines.region import Region
from scraper.discussion.lines.replies import CommentBlocks
from scraper.model.record import Comment, CommentKind, FieldSource, Moment, Person, Removed
from scraper.page.blocks import Block, common_box, to_markdown
from scraper.page.characters import plain

_HEADER = 60
_LEAD = 3


@dataclass(slots=True)
class _Parts:
    """The blocks of one comment by what they are."""

    head: list[Block] = field(default_factory=list)
    text: list[Block] = field(default_factory=list)
    tail: list[Block] = field(default_factory=list)


def read_comments(items: Sequence[CommentBlocks], region: Region) -> tuple[Comment, ...]:
    """The comments of a thread. Top-level ones below a question are of kind ``answer``."""
    parts = [_parts(item, region) for item in items]
    comments = []
    for item, part, lead in zip(items, parts, _leads(parts, region), strict=True):
        part.head, part.text = part.head + part.text[:lead], part.text[lead:]
        kind: CommentKind = "answer" if region.sheet.post.is_question and not item.depth else "comment"
        comments.append(_comment(item, part, region, kind))
    return tuple(comments)


def _parts(item: CommentBlocks, region: Region) -> _Parts:
    """Above the words stand name, headline and date; below them date and buttons."""
    blocks = item.blocks
    spoken = [position for position, block in enumerate(blocks) if region.is_text(block)]
    if not spoken:
        return _Parts(blocks, [], [])
    first, last = spoken[0], spoken[-1]
    dated = next((at for at in range(first, last) if region.is_dated(blocks[at])), None)
    if dated is not None and all(len(blocks[at].text) <= _HEADER for at in range(first, dated)):
        first = next(at for at in spoken if at > dated)
    kept = [
        block
        for block in blocks[first : last + 1]
        if not block.control and block.index not in region.headlines
    ]
    return _Parts(blocks[:first], kept, blocks[last + 1 :])


def _leads(parts: Sequence[_Parts], region: Region) -> list[int]:
    """How many lines above the words of each comment are a name and a headline, where no link marks the name.

    All comments of a page are made alike: a line leads where it does in most of them.
    """
    open_parts = [
        part for part in parts if part.text and all(block.index not in region.authors for block in part.head)
    ]
    leads = dict.fromkeys(map(id, parts), 0)
    for lead in range(_LEAD):
        leading = [part for part in open_parts if _leads_at(part, lead, region)]
        if not leading or len(leading) * 5 < len(open_parts) * 4 or not _is_sure(leading):
            break
        leads.update((id(part), lead + 1) for part in leading)
        open_parts = leading
    return [leads[id(part)] for part in parts]


def _is_sure(leading: Sequence[_Parts]) -> bool:
    """Whether more than one comment, or a portrait, tells that the first line is a name."""
    return len(leading) > 1 or leading[0].text[0].image_alt is not None


def _leads_at(part: _Parts, lead: int, region: Region) -> bool:
    """Whether the line reads like a name or a headline and is set apart from the words below it."""
    if lead + 1 >= len(part.text) or not region.sheet.is_name_like(part.text[lead]):
        return False
    line, last = part.text[lead], part.text[-1]
    shared = common_box([line, last])
    if all(block.box is line.box for block in part.text):
        return _is_first_paragraph(part.text, lead)
    if (part.head or part.tail) and shared.start == line.index and shared.end == last.index + 1:
        # An element of their own makes them paragraphs of one text.
        return False
    named = lead > 0 or not all(region.mark(block).is_meta for block in part.head)
    return named or line.box.parent is not last.box.parent or line.box.tag != last.box.tag


def _is_first_paragraph(text: Sequence[Block], lead: int) -> bool:
    """Whether only line breaks stand above a line of flattened text, and a blank line below it."""
    return all(block.glue == "\n" for block in text[1 : lead + 1]) and any(
        block.glue != "\n" for block in text[lead + 1 :]
    )


def _comment(item: CommentBlocks, part: _Parts, region: Region, kind: CommentKind) -> Comment:
    words, conventions = region.sheet.words, region.sheet.conventions
    marks = [region.mark(block) for block in [*part.head, *part.tail]]
    stamp = next((stamp for mark in marks for stamp in mark.stamps), None)
    text = to_markdown(part.text, item.box or common_box(item.blocks)) if part.text else ""
    edited_mark = next((mark.edited for mark in marks if mark.edited), None)
    suffix = words.edited_suffix.search(text)
    if suffix:
        text, edited_mark = text[: suffix.start()], suffix[0].strip()
    placeholder = words.deleted_comment.fullmatch(plain(text)) is not None
    return Comment(
        text=None if placeholder or not text else text,
        kind=kind,
        native_id=item.native_id,
        parent=item.parent,
        parent_basis=None if item.parent is None else "nesting",
        depth=item.depth,
        author=_author(part, region),
        is_post_author=True if any(mark.badge for mark in marks) else None,
        is_accepted=True if any(mark.accepted for mark in marks) else None,
        published=region.sheet.moment(stamp) if stamp else None,
        edited=Moment(raw=edited_mark) if edited_mark else None,
        likes=next((count for count in gather_counts(marks) if count.name == "likes"), None),
        status="placeholder" if placeholder else "present",
        removed=(Removed(conventions.deleted_comment_rule, text),) if placeholder else (),
        field_sources=(FieldSource("*", "page-order", "inferred"),),
    )


def _author(part: _Parts, region: Region) -> Person | None:
    for block in [*part.head, *part.tail]:
        if block.index in region.authors:
            return region.sheet.person(block)
    for block in [*part.head, *part.tail]:
        mark = region.mark(block)
        if mark.is_byline or not (mark.is_meta or block in part.tail):
            name = mark.rest[0].text if mark.rest else block.text
            return None if region.sheet.words.nobody.fullmatch(plain(name)) else Person(None, name)
    return None
