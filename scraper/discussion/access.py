"""What a page says of how much of a post it shows, as evidence in words."""

import re
from dataclasses import dataclass, replace
from typing import Final

from scraper.discussion.body.blocks import letters
from scraper.model.record import Access, Count, Evidence, Post, Record
from scraper.page.counts import is_short
from scraper.page.prompts import is_gate

# How a sentence ends, with what may close it; an ellipsis ends none.
_WHOLE: Final = re.compile(r"(?<!\.\.)[.!?。！？:;][\"'”’»）)\]*_`]*\Z")
# Lines that end without a full stop for what they are: items, headings, cells, code, quotations.
_NO_SENTENCE: Final = re.compile(r"[-*#|>`]|\d+\. ")
_TEASER: Final = 600  # letters, those of dense scripts three times


@dataclass(frozen=True, slots=True)
class Capture:
    """What was had of a thread: its comments, how many of its pages are missing, and the system of another host that has more.

    ``leads`` says that the post is the first record of the thread, which some pages count with the comments.
    """

    comments: int
    missing: int = 0
    elsewhere: str | None = None
    leads: bool = False


def with_access(post: Post, had: Capture) -> Post:
    """The post with how much of it and of its thread was had, by the number of comments that its page declares."""
    post = _without_declared(post) if had.elsewhere else _without_itself(post, had)
    evidence = [Evidence("prompt", each.text) for each in post.removed]
    if post.text and _is_gated(post) and is_cut(post.text):
        evidence.append(Evidence("cut", "The text breaks off, or is as short as a teaser, before a gate."))
    if post.text is None:
        evidence.append(Evidence("no-text", "No page with words of the post was captured."))
    if had.missing:
        evidence.append(
            Evidence("comment-pages", f"Pages of the thread that were not captured: {had.missing}.")
        )
    declared = _declared(post)
    evidence.append(_of_comments(declared, had))
    return replace(
        post, access=_access(post, declared, had), access_evidence=(*post.access_evidence, *evidence)
    )


def with_elsewhere(record: Record, system: str) -> Record:
    """The record of a page whose comments are those of another host: it says nothing of how many there are."""
    post = _without_declared(record.post)
    kept = tuple(each for each in post.access_evidence if each.kind != "comments")
    evidence = _of_comments(None, Capture(len(record.comments), elsewhere=system))
    access: Access = "unknown" if post.access == "full" else post.access
    return replace(record, post=replace(post, access=access, access_evidence=(*kept, evidence)))


def _of_comments(declared: Count | None, had: Capture) -> Evidence:
    if had.elsewhere:
        detail = f"The comments of the page are in a script or a frame of another host ({had.elsewhere})."
        return Evidence("comments-elsewhere", detail)
    if declared is None:
        detail = f"The pages of the thread say no number of comments, and show {had.comments}."
        return Evidence("comments", detail)
    return Evidence("comments", f"The page declares {declared_words(declared)} and {had.comments} were read.")


def _access(post: Post, declared: Count | None, had: Capture) -> Access:
    """Full only where as many comments as are declared were read, and nothing stands in the way of the text."""
    if _is_gated(post) and post.text is None:
        return "gated"
    if had.missing or (_is_gated(post) and is_cut(post.text or "")):
        return "partial"
    if had.elsewhere or declared is None:
        return "unknown"
    if is_short(declared, had.comments):
        return "partial"
    is_whole = declared.value == had.comments and post.text is not None and not post.removed
    return "full" if is_whole else "unknown"


def _is_gated(post: Post) -> bool:
    """Whether the page says where the text stands, or ends, that words are withheld."""
    return any(is_gate(each.rule) for each in post.removed)


def is_cut(text: str) -> bool:
    """Whether a text that a gate follows is no more than the beginning of one: it breaks off, or is as short as a teaser."""
    last = text.rstrip().rpartition("\n")[2]
    return letters(text) < _TEASER or (_WHOLE.search(last) is None and _NO_SENTENCE.match(last) is None)


def _declared(post: Post) -> Count | None:
    return next((count for count in post.counts if count.name == "comments"), None)


def _without_declared(post: Post) -> Post:
    return replace(
        post,
        counts=tuple(count for count in post.counts if count.name != "comments"),
        field_sources=tuple(source for source in post.field_sources if source.field != "comments"),
    )


def _without_itself(post: Post, had: Capture) -> Post:
    """The post whose data counts it with its comments, as that is one more than the whole thread shows, with the number of these."""
    declared = _declared(post)
    is_told = any(source.field == "comments" and source.source != "html" for source in post.field_sources)
    if not (declared and had.leads and is_told and not had.missing and declared.value == had.comments + 1):
        return post
    own = Count("comments", had.comments, declared.raw)
    return replace(post, counts=tuple(own if count.name == "comments" else count for count in post.counts))


def declared_words(declared: Count) -> str:
    """How many comments a page declares, in words."""
    return (
        f"{declared.value} comments"
        if declared.value is not None
        else f"“{declared.raw}” comments, which is no number,"
    )


def with_flag(record: Record) -> Record:
    """The record of a page whose data says that visitors are not shown all of it."""
    post = record.post
    evidence = Evidence("flag", "The page's data says that it is not free to read (isAccessibleForFree).")
    access: Access = "gated" if post.text is None else "partial"
    return replace(
        record, post=replace(post, access=access, access_evidence=(*post.access_evidence, evidence))
    )
