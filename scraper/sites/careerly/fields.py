"""Careerly's JSON, of either generation, as posts and comments. Keys are spelt as ``Fields`` compares them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from scraper.model.record import Comment, CommentKind, Count, CountName, Moment, Person, Removed
from scraper.page.blocks import to_markdown
from scraper.page.bounds import HostilePageError
from scraper.page.characters import plain
from scraper.page.counts import parse_count
from scraper.page.data import Fields
from scraper.page.tree import read_html
from scraper.sites.careerly import words
from scraper.sites.careerly.moments import read_moment

IDS: Final = ("id", "postid", "commentid", "questionid", "qnaid", "answerid")
TITLE: Final = ("title", "subject", "posttitle")
TEXT: Final = ("description", "content", "body", "text", "contents", "contenttext")
HTML: Final = ("descriptionhtml", "contenthtml", "bodyhtml", "html")
CREATED: Final = ("createdat", "publishedat", "created", "createddate", "datecreated", "registeredat")
UPDATED: Final = ("updatedat", "editedat", "modifiedat", "updated")
DELETED: Final = ("isdeleted", "deleted")
ANSWERS: Final = ("answers", "answerlist")
_DELETED_AT: Final = ("deletedat",)
_ACCEPTED: Final = ("isaccepted", "isadopted", "accepted", "adopted", "ischosen", "isselected", "isbest")
_WRITER: Final = ("ispostwriter", "ispostauthor", "iswriter", "isquestionwriter")
_PERSON: Final = ("userprofile", "authorprofile", "author", "writer", "profile", "user", "member")
_PROFILE_ID: Final = ("authorprofileid", "userprofileid", "profileid")
_NAME: Final = ("authorname", "username", "writername", "nickname")
_LOCKED: Final = (
    "islocked",
    "ismembersonly",
    "membersonly",
    "loginrequired",
    "requireslogin",
    "istruncated",
    "ispaywalled",
    "isgated",
)
_IMAGES: Final = ("images", "imageurls", "photos")
_IMAGE: Final = ("photourl", "imageurl", "thumbnailurl")
_TAGS: Final = ("tags", "hashtags", "skilltags", "interests")

COUNTS: Final[dict[CountName, tuple[str, ...]]] = {
    "views": ("postviewcount", "viewcount", "viewscount", "views", "hitcount", "hits"),
    "saves": ("savecount", "savescount", "savedcount", "saves", "bookmarkcount", "scrapcount"),
    "likes": ("likecount", "likescount", "likes", "upvotecount"),
    "reposts": ("repostcount", "repostscount", "reposts"),
    "shares": ("sharecount", "sharescount", "shares"),
    "comments": (
        "commentcount",
        "commentscount",
        "repliescount",
        "replycount",
        "answercount",
        "answerscount",
    ),
}


def read_text(item: Fields) -> str | None:
    """The text: verbatim, or from its HTML where that alone has the paragraphs, lists and code."""
    text, html = item.text(TEXT), item.text(HTML)
    if text and html is None and text.lstrip().startswith("<") and text.rstrip().endswith(">"):
        text, html = None, text
    if html is None:
        return text.strip("\n") if text else None
    shown = _from_html(html)
    if not text or not shown:
        return (shown or text or "").strip("\n") or None
    same = "".join(plain(text).split()) == "".join(plain(shown).split())
    return text.strip("\n") if same and ("\n" in text or "\n" not in shown) else shown


def _from_html(html: str) -> str:
    try:
        return to_markdown(read_html(html).blocks)
    except HostilePageError:
        return ""


def read_counts(item: Fields) -> tuple[Count, ...]:
    """The counts of a post."""
    found = (parse_count(name, _number(item.get(keys))) for name, keys in COUNTS.items())
    return tuple(count for count in found if count is not None)


def _number(value: object) -> str | int | None:
    return value if isinstance(value, str | int) and not isinstance(value, bool) else None


def read_person(item: Fields) -> Person | None:
    """The author by profile id. A user id is another number, and stands in only where no profile id is told."""
    holder = item.fields(_PERSON)
    name = item.text(_NAME) or (holder.text(("name", *_NAME)) if holder else None)
    number = item.id(_PROFILE_ID) or (_profile_number(holder) if holder else None)
    if name and words.NO_AUTHOR.fullmatch(plain(name)):
        return None
    return Person(number, name) if number or name else None


def _profile_number(holder: Fields) -> str | None:
    inner = holder.fields(("userprofile", "profile"))
    return holder.id(_PROFILE_ID) or (inner.id(("id",)) if inner else None) or holder.id(("id",))


def read_dates(item: Fields, captured_at: datetime | None) -> tuple[Moment | None, Moment | None]:
    """When it was published and, where that differs, edited."""
    created, updated = item.text(CREATED), item.text(UPDATED)
    published = read_moment(created, captured_at) if created else None
    edited = read_moment(updated, captured_at) if updated and updated != created else None
    if (
        edited
        and published
        and edited.at
        and published.at
        and edited.at - published.at < timedelta(seconds=1)
    ):
        edited = None
    return published, edited


def is_deleted(item: Fields) -> bool:
    """Whether the data says that its author or the site took it back."""
    return item.flag(DELETED) is True or item.text(_DELETED_AT) is not None


def is_locked(item: Fields) -> bool:
    """Whether the data says that signed-out readers see less than all."""
    return item.flag(_LOCKED) is True


def read_images(item: Fields) -> tuple[str, ...] | None:
    """The pictures' addresses; None where the data has no place for them."""
    images = item.items(_IMAGES)
    if images is None:
        single = item.text(_IMAGE)
        return (single,) if single else None
    found = [
        Fields(image).text(("url", "src", "imageurl", "image")) if isinstance(image, dict) else image
        for image in images
    ]
    return tuple(image for image in found if isinstance(image, str) and image)


def read_tags(item: Fields) -> tuple[str, ...] | None:
    """The tags; None where the data has no place for them."""
    tags = item.items(_TAGS)
    if tags is None:
        return None
    found = [Fields(tag).text(("name", "title", "label")) if isinstance(tag, dict) else tag for tag in tags]
    return tuple(tag for tag in found if isinstance(tag, str) and tag)


def read_comment(item: Fields, captured_at: datetime | None, kind: CommentKind) -> Comment:
    """One comment or answer, its place in the thread left open."""
    text = read_text(item)
    published, edited = read_dates(item, captured_at)
    words_taken = words.DELETED_COMMENT.fullmatch(plain(text)) is not None if text else False
    gone = is_deleted(item) or words_taken
    suffix = words.EDITED_SUFFIX.search(text) if text else None
    if text and suffix:
        text, edited = text[: suffix.start()], edited or Moment(raw=suffix[0].strip())
    return Comment(
        text=None if gone else text,
        kind=kind,
        native_id=item.id(("id", "commentid", "answerid")),
        author=read_person(item),
        is_post_author=item.flag(_WRITER),
        is_accepted=item.flag(_ACCEPTED),
        published=published,
        edited=edited,
        likes=parse_count("likes", _number(item.get(COUNTS["likes"]))),
        status="placeholder" if gone else "present",
        removed=(Removed("careerly.deleted-comment", text),) if gone and text and words_taken else (),
    )


def parent_id(item: Fields) -> str | None:
    """The id of the comment that this one answers."""
    names: Sequence[str] = ("parentcommentid", "parentid", "parentanswerid", "parentcomment", "parent")
    holder = item.fields(names)
    number = holder.id(("id",)) if holder else item.id(names)
    return None if number == "0" else number
