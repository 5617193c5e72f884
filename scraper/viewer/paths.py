"""Where each page of the reader lies: a path that every file system can hold, and that stays.

The path of a post follows from its ``post_id`` alone: ``posts/<two hex digits>/<readable part>-<ten hex digits>.html``, where the digits
are the first twelve of the SHA-256 of the ``post_id``, and the readable part is what of it is ASCII letters and digits, in lower case.
So paths differ in more than case, name no device of Windows, and stay short. A list's folder follows from what it lists.
"""

import re
from hashlib import sha256
from typing import Final

HOME: Final = "index.html"
STYLE: Final = "assets/style.css"
SCRIPT: Final = "assets/keyboard.js"
SEARCH: Final = "search.html"
SEARCH_INDEX: Final = "search"
SEARCH_SCRIPTS: Final = ("assets/search-classes.js", "assets/search-terms.js", "assets/search.js")
ABOUT: Final = "about.html"
POSTS: Final = "posts"
LISTS: Final = "lists"
ALL_POSTS: Final = f"{LISTS}/all"
SITES: Final = f"{LISTS}/sites"
MONTHS: Final = f"{LISTS}/months"
STATES: Final = f"{LISTS}/states"
_UNSAFE: Final = re.compile(r"[^a-z0-9]+")
_READABLE: Final = 40
_FOLDER_DIGITS: Final = 2
_DIGITS: Final = 12


def post_path(post_id: str, number: int = 1) -> str:
    """The path of a post's page; the further pages of a long thread are numbered from 2."""
    digits = _digits(post_id)
    further = "" if number == 1 else f"-page-{number}"
    name = f"{_readable(post_id)}-{digits[_FOLDER_DIGITS:]}{further}.html"
    return f"{POSTS}/{digits[:_FOLDER_DIGITS]}/{name}"


def site_list(site: str) -> str:
    """The folder of the list of a site's posts."""
    return f"{SITES}/{_readable(site)}-{_digits(site)[:8]}"


def month_list(month: str) -> str:
    """The folder of the list of a month's posts; ``month`` is ``2022-10`` or ``undated``."""
    return f"{MONTHS}/{month}"


def state_list(state: str) -> str:
    """The folder of the list of posts in one state, a word of ours."""
    return f"{STATES}/{state}"


def list_path(folder: str, number: int | None = None) -> str:
    """A page of a list: the newest, or one of those before it, numbered from the oldest."""
    return f"{folder}/{'index' if number is None else number}.html"


def comment_anchor(comment_id: str) -> str:
    """The id of a comment on its page, which follows from its ``comment_id`` alone."""
    return f"c-{_digits(comment_id)}"


def record_anchor(record_id: str) -> str:
    """The id of a WARC record in the table of where things lie."""
    return f"r-{_digits(record_id)}"


def _readable(text: str) -> str:
    return _UNSAFE.sub("-", text.lower()).strip("-")[:_READABLE].strip("-") or "x"


def _digits(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]
