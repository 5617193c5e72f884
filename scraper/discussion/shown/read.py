"""V1 pages as they show: HTML under any markup, and the flattened text of a page."""

from dataclasses import dataclass, replace
from datetime import datetime
from itertools import takewhile

from scraper.discussion.shown.access import judge
from scraper.discussion.shown.comments import read_comments
from scraper.discussion.shown.headings import head_title
from scraper.discussion.shown.marks import Stamp, gather_counts
from scraper.discussion.shown.moments import read_stamp
from scraper.discussion.shown.outline import Outline, outline
from scraper.discussion.shown.people import is_author, person_of
from scraper.discussion.shown.region import Region
from scraper.discussion.shown.sheet import Sheet
from scraper.discussion.shown.thread import cut_flattened, cut_thread
from scraper.discussion.shown.titles import split_title
from scraper.model.capture import Capture
from scraper.model.record import Comment, Count, FieldSource, Moment, Person, Post, Record
from scraper.model.url import resolve, strip_tracking
from scraper.page.blocks import Block, Page, common_box, to_markdown
from scraper.page.characters import plain
from scraper.sites.careerly import words
from scraper.sites.careerly.urls import PostRef, profile_id

HTML_LAYOUT = "careerly.v1-html/1"
FLATTENED_LAYOUT = "careerly.flattened/1"


@dataclass(slots=True)
class Shown:
    """What a page shows of a post; ``says_post`` tells whether it shows one at all."""

    record: Record
    sheet: Sheet
    outline: Outline
    says_post: bool


def read_shown(page: Page, capture: Capture, ref: PostRef) -> Shown:
    """Read a page by what it says."""
    sheet = Sheet(page, ref)
    found = outline(sheet)
    title, text, title_source = _title_and_text(sheet, found)
    counts = _counts(sheet, found)
    declared = next((count.value for count in counts if count.name == "comments"), None)
    comments = _comments(sheet, found, declared, capture.captured_at)
    access, evidence = judge(sheet.gates, found.body, text, declared, len(comments))
    published, edited = _dates(sheet, found, capture.captured_at)
    post = Post(
        kind="question" if ref.kind == "qnas" else "post",
        title=title,
        text=text,
        author=_author(sheet, found),
        published=published,
        edited=edited,
        counts=counts,
        tags=found.tags,
        links=None if page.flattened else _links(found.body, ref.url),
        images=None if page.flattened else _images(page, found, ref.url),
        access=access,
        access_evidence=evidence,
        removed=tuple(gate.removed() for gate in sheet.gates),
        field_sources=_sources(title, title_source, published, counts),
    )
    layout = FLATTENED_LAYOUT if page.flattened else HTML_LAYOUT
    record = Record(layout, capture.record_id, post, with_post_author(comments, post.author))
    says_post = bool(found.run or found.thread_header is not None or sheet.gates or (title and published))
    return Shown(record, sheet, found, says_post and bool(title or text))


def _title_and_text(sheet: Sheet, found: Outline) -> tuple[str | None, str | None, str]:
    text = to_markdown(found.body, common_box(found.body)) if found.body else ""
    suffix = words.EDITED_SUFFIX.search(text)
    text = text[: suffix.start()] if suffix else text
    if found.title is not None:
        own = sheet.blocks[found.title]
        if not text and not own.heading and not sheet.gates:
            return None, own.text, "page-order"
        return words.TITLE_LABEL.sub("", " ".join(own.text.split()), count=1), text or None, "heading"
    said = head_title(sheet)
    first = plain(text.partition("\n")[0])
    if said and first != said and not first.startswith(said.rstrip(".…").rstrip()):
        return said, text or None, "head"
    title, rest = split_title(text)
    return title, rest or None, "first-line"


def _counts(sheet: Sheet, found: Outline) -> tuple[Count, ...]:
    """The post's counts: those of its own line first, then what its buttons and the thread's heading say."""
    below = range(found.run.stop, len(sheet.blocks))
    after = takewhile(lambda index: not (sheet.is_text(index) or index in sheet.frame), below)
    heading = () if found.thread_header is None else (found.thread_header,)
    around = (block.index for block in found.around)
    limit = found.thread_header if found.thread_header is not None else len(sheet.blocks)
    blocks = [*found.run, *(index for index in after if index <= limit), *around, *heading]
    marks = [
        mark for index in dict.fromkeys(blocks) if (mark := sheet.marks[index]).is_meta or mark.is_byline
    ]
    return gather_counts(marks)


def _dates(sheet: Sheet, found: Outline, captured_at: datetime | None) -> tuple[Moment | None, Moment | None]:
    places = [*found.run, *(block.index for block in found.around)]
    marks = [sheet.marks[index] for index in dict.fromkeys(places)]
    stamps: list[Stamp] = [stamp for mark in marks for stamp in mark.stamps]
    edited = next((mark.edited for mark in marks if mark.edited), None)
    published = read_stamp(stamps[0], captured_at) if stamps else None
    return published, Moment(raw=edited) if edited else None


def _author(sheet: Sheet, found: Outline) -> Person | None:
    if found.people:
        first = sheet.blocks[found.people[0]]
        return person_of(first) if is_author(first) else Person(None, first.text)
    bylines = (sheet.marks[block.index] for block in found.around if sheet.marks[block.index].is_byline)
    byline = next(bylines, None)
    return Person(None, byline.rest[0].text) if byline else None


def _comments(
    sheet: Sheet, found: Outline, declared: int | None, captured_at: datetime | None
) -> tuple[Comment, ...]:
    if not found.thread or declared == 0:
        return ()
    whole = Region(found.thread, sheet.marks)
    items, region = cut_flattened(whole, declared) if sheet.page.flattened else cut_thread(whole, declared)
    return read_comments(items, region, captured_at, answers=sheet.ref.kind == "qnas")


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


def _links(body: list[Block], base: str) -> tuple[str, ...]:
    hrefs = (resolve(base, href) for block in body for href in block.hrefs if profile_id(href) is None)
    return tuple(dict.fromkeys(strip_tracking(href) for href in hrefs if href))


def _images(page: Page, found: Outline, base: str) -> tuple[str, ...]:
    """The pictures in the text and right below it; one right before a name is a portrait."""
    if not found.body:
        return ()
    first, last = found.body[0].index, found.body[-1].index
    shown = (image for image in page.images if first <= image.before <= last + 1)
    sources = (resolve(base, image.src) for image in shown if image.before not in found.people)
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
