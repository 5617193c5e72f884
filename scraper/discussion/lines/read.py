"""A page as its lines show it: HTML under any markup, and the flattened text of a page."""

from dataclasses import dataclass, replace
from itertools import takewhile

from scraper.discussion.conventions import Conventions, PostReference
from scraper.discussion.lines.access import judge
from scraper.discussion.lines.comments import read_comments
from scraper.discussion.lines.header import head_title
from scraper.discussion.lines.marks import gather_counts
from scraper.discussion.lines.outline import Outline, outline
from scraper.discussion.lines.region import Region
from scraper.discussion.lines.sheet import Sheet
from scraper.discussion.lines.thread import cut_flattened, cut_thread
from scraper.discussion.titles import split_title
from scraper.model.capture import Capture
from scraper.model.record import Comment, Count, FieldSource, Moment, Person, Post, Record
from scraper.model.url import Base, strip_tracking
from scraper.page.blocks import Block, Page, common_box, to_markdown
from scraper.page.characters import plain


@dataclass(slots=True)
class ShownPost:
    """What a page shows of a post; ``says_post`` tells whether it shows one at all."""

    record: Record
    sheet: Sheet
    outline: Outline
    says_post: bool


def read_shown(page: Page, capture: Capture, sought: PostReference, conventions: Conventions) -> ShownPost:
    """Read the page of a capture by what it shows of the post ``sought``."""
    sheet = Sheet(page, sought, conventions, capture.captured_at)
    parts = outline(sheet)
    title, text, title_source = _title_and_text(sheet, parts)
    counts = _counts(sheet, parts)
    declared = next((count for count in counts if count.name == "comments"), None)
    comments = _comments(sheet, parts, declared.value if declared else None)
    access, evidence = judge(sheet, parts.body, text, declared, len(comments))
    published, edited = _dates(sheet, parts)
    post = Post(
        kind="question" if sought.is_question else "post",
        title=title,
        text=text,
        author=_author(sheet, parts),
        published=published,
        edited=edited,
        counts=counts,
        tags=parts.tags,
        links=None if page.flattened else _links(sheet, parts.body),
        images=None if page.flattened else _images(sheet, parts),
        access=access,
        access_evidence=evidence,
        removed=tuple(gate.removed() for gate in sheet.gates),
        field_sources=_sources(title, title_source, published, counts),
    )
    layouts = conventions.layouts
    layout = layouts.flattened if page.flattened else layouts.html
    record = Record(layout, capture.record_id, post, with_post_author(comments, post.author))
    says_post = bool(parts.run or parts.thread_header is not None or sheet.gates or (title and published))
    return ShownPost(record, sheet, parts, says_post and bool(title or text))


def _title_and_text(sheet: Sheet, parts: Outline) -> tuple[str | None, str | None, str]:
    text = to_markdown(parts.body, common_box(parts.body)) if parts.body else ""
    suffix = sheet.words.edited_suffix.search(text)
    text = text[: suffix.start()] if suffix else text
    if parts.title is not None:
        own = sheet.blocks[parts.title]
        if not text and not own.heading and not sheet.gates:
            return None, own.text, "page-order"
        return sheet.words.title_label.sub("", " ".join(own.text.split()), count=1), text or None, "heading"
    head = head_title(sheet)
    first = plain(text.partition("\n")[0])
    if head and first != head and not first.startswith(head.rstrip(".…").rstrip()):
        return head, text or None, "head"
    title, rest = split_title(text)
    return title, rest or None, "first-line"


def _counts(sheet: Sheet, parts: Outline) -> tuple[Count, ...]:
    """The post's counts: those of its own line first, then what its buttons and the thread's heading say."""
    below = range(parts.run.stop, len(sheet.blocks))
    after = takewhile(lambda index: not (sheet.is_text(index) or index in sheet.frame), below)
    heading = () if parts.thread_header is None else (parts.thread_header,)
    around = (block.index for block in parts.around)
    limit = parts.thread_header if parts.thread_header is not None else len(sheet.blocks)
    blocks = [*parts.run, *(index for index in after if index <= limit), *around, *heading]
    marks = [
        mark for index in dict.fromkeys(blocks) if (mark := sheet.marks[index]).is_meta or mark.is_byline
    ]
    return gather_counts(marks)


def _dates(sheet: Sheet, parts: Outline) -> tuple[Moment | None, Moment | None]:
    places = [*parts.run, *(block.index for block in parts.around)]
    marks = [sheet.marks[index] for index in dict.fromkeys(places)]
    stamps = [stamp for mark in marks for stamp in mark.stamps]
    edited = next((mark.edited for mark in marks if mark.edited), None)
    published = sheet.moment(stamps[0]) if stamps else None
    return published, Moment(raw=edited) if edited else None


def _author(sheet: Sheet, parts: Outline) -> Person | None:
    if parts.people:
        first = sheet.blocks[parts.people[0]]
        return sheet.person(first) if first.index in sheet.authors else Person(None, first.text)
    bylines = (sheet.marks[block.index] for block in parts.around if sheet.marks[block.index].is_byline)
    byline = next(bylines, None)
    return Person(None, byline.rest[0].text) if byline else None


def _comments(sheet: Sheet, parts: Outline, declared: int | None) -> tuple[Comment, ...]:
    if not parts.thread or declared == 0:
        return ()
    whole = Region(sheet, parts.thread)
    items, region = cut_flattened(whole, declared) if sheet.page.flattened else cut_thread(whole, declared)
    return read_comments(items, region)


def with_post_author(comments: tuple[Comment, ...], author: Person | None) -> tuple[Comment, ...]:
    """Who of the commenters is the post's author, where both have a profile id."""
    if author is None or author.native_id is None:
        return comments
    return tuple(
        replace(comment, is_post_author=comment.author.native_id == author.native_id)
        if comment.author and comment.author.native_id
        else comment
        for comment in comments
    )


def _links(sheet: Sheet, body: list[Block]) -> tuple[str, ...]:
    profile_id, base = sheet.conventions.links.profile_id, sheet.page.base or Base(sheet.post.url)
    hrefs = (base.resolve(href) for block in body for href in block.hrefs if profile_id(href) is None)
    return tuple(dict.fromkeys(strip_tracking(href) for href in hrefs if href))


def _images(sheet: Sheet, parts: Outline) -> tuple[str, ...]:
    """The pictures in the text and right below it; one right before a name is a portrait."""
    if not parts.body:
        return ()
    first, last = parts.body[0].index, parts.body[-1].index
    shown = (image for image in sheet.page.images if first <= image.before <= last + 1)
    base = sheet.page.base or Base(sheet.post.url)
    sources = (base.resolve(image.src) for image in shown if image.before not in parts.people)
    return tuple(dict.fromkeys(source for source in sources if source))


def _sources(
    title: str | None, title_source: str, published: Moment | None, counts: tuple[Count, ...]
) -> tuple[FieldSource, ...]:
    sources = [FieldSource("text", "page-order", "inferred")]
    if title is not None:
        sources.append(
            FieldSource("title", title_source, "stated" if title_source == "heading" else "inferred")
        )
    if published is not None:
        sources.append(FieldSource("published_at", "date-form", "inferred"))
    return (*sources, *(FieldSource(count.name, "label", "stated") for count in counts))
