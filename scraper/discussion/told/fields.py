"""Objects of JSON as posts and comments, under the keys of many APIs. Keys are spelt as ``Fields`` compares them."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from scraper.discussion.moments import read_moment
from scraper.discussion.vocabulary import Patterns
from scraper.model.record import Count, CountName, Moment, Person
from scraper.page.characters import plain
from scraper.page.counts import parse_count
from scraper.page.data import Fields, normal_key
from scraper.page.dates import Zone
from scraper.page.json_text import parse_json

IDS: Final = ("id", "postid", "commentid", "questionid", "qnaid", "answerid")
TITLE: Final = ("title", "subject", "posttitle")
TEXT: Final = (
    *("description", "content", "body", "text", "contents", "contenttext"),
    *("message", "rawcontent", "bodytext", "commenttext", "markdown", "comment"),
)
HTML: Final = (
    *("descriptionhtml", "contenthtml", "bodyhtml", "html"),
    *("htmlbody", "htmlcontent", "rendered", "cooked"),
)
CREATED: Final = (
    *("createdat", "publishedat", "created", "createddate", "datecreated", "registeredat"),
    *(
        "date",
        "datepublished",
        "publisheddate",
        "publishdate",
        "postedat",
        "postedon",
        "postdate",
        "createdon",
        "createdtime",
    ),
    *("createtime", "creationdate", "submittedat", "insertedat", "timestamp", "createdutc"),
)
UPDATED: Final = ("updatedat", "editedat", "modifiedat", "updated")
DELETED: Final = ("isdeleted", "deleted")
DELETED_AT: Final = ("deletedat",)
ANSWERS: Final = ("answers", "answerlist")
ACCEPTED: Final = ("isaccepted", "isadopted", "accepted", "adopted", "ischosen", "isselected", "isbest")
WRITER: Final = ("ispostwriter", "ispostauthor", "iswriter", "isquestionwriter")
PERSON: Final = (
    *("userprofile", "authorprofile", "author", "writer", "profile", "user", "member"),
    *("commenter", "creator", "createdby", "postedby", "owner"),
)
_PROFILE_ID: Final = ("authorprofileid", "userprofileid", "profileid")
NAMES: Final = (
    *("authorname", "username", "writername", "nickname"),
    *("displayname", "creatorname", "commentername", "screenname"),
)
# What stands for no date where a date is due: words, zero, and the zero dates of MySQL and Go.
_NEVER: Final = re.compile(r"\D*|0+|0000-00-00.*|0001-01-01.*", re.DOTALL)
_LONGEST_NAME: Final = 60
_NAME_OF_PERSON: Final = re.compile(r"(?!(?:null|true|false|undefined)\Z)(?=.*[^\W\d_])[^{}\[\]/:]+")
# Numbers of seconds since 1970 that are dates, and the least that counts milliseconds.
_EPOCH_FIRST: Final = 600_000_000
_EPOCH_LAST: Final = 4_000_000_000
_EPOCH_MILLISECONDS: Final = 100_000_000_000
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
_PUBLIC: Final = ("ispublic", "public", "ispublished", "isvisible")
_WITHHELD: Final = (
    "isfiltered",
    "isprivate",
    "ishidden",
    "isblinded",
    "isblocked",
    "isdraft",
    "isunlisted",
    "issecret",
)
_STATUS: Final = ("status", "visibility", "state", "poststatus")
# What an API calls the status of what anybody may read; questions have more of them.
_PUBLIC_STATUS: Final = frozenset(
    [
        "0",
        "1",
        "public",
        "published",
        "publish",
        "active",
        "open",
        "live",
        "normal",
        "visible",
        "approved",
        "posted",
        "ok",
        "enabled",
        "listed",
        "everyone",
        "all",
        "done",
        "answered",
        "unanswered",
        "resolved",
        "solved",
        "unsolved",
        "closed",
        "adopted",
        "accepted",
        "waiting",
        "in_progress",
    ]
)
_IMAGES: Final = ("images", "imageurls", "photos")
_IMAGE: Final = ("photourl", "imageurl", "thumbnailurl")
_TAGS: Final = ("tags", "hashtags", "skilltags", "interests")

COUNTS: Final[dict[CountName, tuple[str, ...]]] = {
    "views": ("postviewcount", "viewcount", "viewscount", "views", "hitcount", "hits"),
    "saves": ("savecount", "savescount", "savedcount", "saves", "bookmarkcount", "scrapcount"),
    "likes": ("likecount", "likescount", "likes", "upvotecount", "upvotes", "votes", "reactioncount"),
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


def read_counts(item: Fields) -> tuple[Count, ...]:
    """The counts of a post."""
    counts = (read_count(item, name) for name in COUNTS)
    return tuple(count for count in counts if count is not None)


def read_count(item: Fields, name: CountName) -> Count | None:
    """One count; None where it is not told."""
    value = item.get(COUNTS[name])
    return parse_count(name, value) if isinstance(value, str | int) and not isinstance(value, bool) else None


def read_person(item: Fields, words: Patterns) -> Person | None:
    """The author by profile id. A user id is another number, and stands in only where no profile id is told."""
    holder = _holder(item)
    name = item.text(NAMES) or (holder.text(("name", *NAMES)) if holder else _bare_name(item))
    number = item.id(_PROFILE_ID) or (_profile_number(holder) if holder else None)
    if name and words.nobody.fullmatch(plain(name)):
        return None
    # The reader before this one saw no object in a text, and knew who has one by the name beside it.
    former = (
        item.text(NAMES)
        if number and holder and item.fields(PERSON) is None and not item.id(_PROFILE_ID)
        else None
    )
    return Person(number, name, (former,) if former else ()) if number or name else None


def _holder(item: Fields) -> Fields | None:
    """The object of an author; some APIs give it as a text of JSON."""
    value = parse_json(item.text(PERSON) or "")
    holder = item.fields(PERSON) or (Fields(value) if isinstance(value, dict) else None)
    return (holder.fields(("node",)) if holder else None) or holder


def _bare_name(item: Fields) -> str | None:
    """The author as a text, where that is a name and no JSON, address or id."""
    name = item.text(PERSON)
    return name if name and len(name) <= _LONGEST_NAME and _NAME_OF_PERSON.fullmatch(name) else None


def withheld_by(item: Fields) -> str | None:
    """What the data says by which not everybody may read it, as ``key: value``; None where it says nothing of the kind."""
    for name, value in item.value.items():
        key, one = normal_key(name), Fields({name: value})
        is_closed = one.flag(_PUBLIC) is False or one.flag(_WITHHELD) is True
        is_other_status = key in _STATUS and isinstance(value, str | int) and not isinstance(value, bool)
        if is_closed or (
            is_other_status and str(value).strip() and str(value).strip().lower() not in _PUBLIC_STATUS
        ):
            return f"{name}: {value}"
    return None


def states_author(item: Fields) -> bool:
    """Whether the data says who the author is, or that there is none (any more)."""
    return item.has(PERSON) and (isinstance(item.get(PERSON), dict | None) or _holder(item) is not None)


def _profile_number(holder: Fields) -> str | None:
    inner = holder.fields(("userprofile", "profile"))
    return holder.id(_PROFILE_ID) or (inner.id(("id",)) if inner else None) or holder.id(("id",))


def read_dates(item: Fields, zone: Zone, captured_at: datetime | None) -> tuple[Moment | None, Moment | None]:
    """When it was published and, where that differs, edited."""
    created, updated = _date(item, CREATED), _date(item, UPDATED)
    published = read_moment(created, zone, captured_at) if created else None
    edited = read_moment(updated, zone, captured_at) if updated and updated != created else None
    if (
        edited
        and published
        and edited.at
        and published.at
        and edited.at - published.at < timedelta(seconds=1)
    ):
        edited = None
    return published, edited


def _date(item: Fields, names: tuple[str, ...]) -> str | None:
    """A date as the data has it; one in seconds or milliseconds since 1970 in ISO 8601."""
    value = item.get(names)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return item.text(names)
    seconds = value / 1000 if value >= _EPOCH_MILLISECONDS else value
    if not _EPOCH_FIRST <= seconds <= _EPOCH_LAST:
        return None
    return datetime.fromtimestamp(seconds, UTC).isoformat()


def is_deleted(item: Fields) -> bool:
    """Whether the data says that its author or the site took it back."""
    if item.flag(DELETED) or item.flag(DELETED_AT):
        return True
    return _NEVER.fullmatch(item.text(DELETED_AT) or "") is None


def is_locked(item: Fields) -> bool:
    """Whether the data says that signed-out readers see less than all."""
    return item.flag(_LOCKED) is True


def read_images(item: Fields) -> tuple[str, ...] | None:
    """The pictures' addresses; None where the data has no place for them."""
    images = item.items(_IMAGES)
    if images is None:
        single = item.text(_IMAGE)
        return (single,) if single else None
    sources = [
        Fields(image).text(("url", "src", "imageurl", "image")) if isinstance(image, dict) else image
        for image in images
    ]
    return tuple(image for image in sources if isinstance(image, str) and image)


def read_tags(item: Fields) -> tuple[str, ...] | None:
    """The tags; None where the data has no place for them."""
    tags = item.items(_TAGS)
    if tags is None:
        return None
    names = [Fields(tag).text(("name", "title", "label")) if isinstance(tag, dict) else tag for tag in tags]
    return tuple(tag for tag in names if isinstance(tag, str) and tag)
