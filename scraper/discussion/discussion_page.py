"""What one page shows of a discussion."""

from dataclasses import dataclass
from datetime import datetime

from scraper.discussion.kind import PageKind
from scraper.discussion.pages import Pages
from scraper.discussion.topics import Topics
from scraper.model.record import Comment, Post


@dataclass(frozen=True, slots=True)
class DiscussionPage:
    """What one page shows of a discussion.

    ``kind`` is what the page is, and why. ``post`` is None on a page that is no post, and on a later page of a thread whose
    first record is the post. ``pages`` says where the page stands among those of its thread. ``topics`` are what a page lists, be it a list or not. ``is_closed`` says that the page
    states not to be free to read. ``leads`` says that the first record of the thread is the post, ``elsewhere`` names the system of another
    host that shows its comments. ``moved`` says until when something may have happened to a topic that a list dates (UTC). ``answers`` are the native ids of comments with those of what they
    answer, which may stand on other pages; ``withheld`` is how many comments the page says that it does not show.
    """

    kind: PageKind
    pages: Pages
    post: Post | None
    comments: tuple[Comment, ...]
    title: str | None
    is_closed: bool
    topics: Topics
    leads: bool = False
    elsewhere: str | None = None
    moved: tuple[tuple[str, datetime], ...] = ()
    answers: tuple[tuple[str, str], ...] = ()
    withheld: int = 0
