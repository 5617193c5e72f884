"""What addresses tell before anybody asks for them: that they do something, sort or filter, or are of one form with others."""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl

from scraper.model.url import Url

# A parameter of such a name does something, or shows the same otherwise.
_ACTION: Final = re.compile(
    r"(?:^|[_.-])(?:vote|up|down|like|unlike|report|delete|remove|log(?:in|out|on|off)|sign(?:in|up|out)|register|reply|reply_?to|quote|edit|new|create"
    r"|mark(?:read|_read)?|subscribe|watch|follow|share|print|printable|rss|feed|sort(?:by)?|order(?:by)?|dir|desc|asc|token|csrf|nonce|sid|hash|do"
    r"|tab|filter|set_filter|group(?:by)?|format|export|download|lang|theme|skin|style|highlight|q|query|search|keyword|redlink|oldid|diff|rev(?:ision)?"
    r"|bookmark|favou?rite|per_?page|page_?size|replytocom)(?:[_.-]|$)",
    re.IGNORECASE,
)
# Parameters whose value says what is to be done; of what they may say only these show what is there, and nothing else.
_MODE: Final = re.compile(r"do|action|act|mode|cmd|op|view|task|func|job|m", re.IGNORECASE)
_SHOWING: Final = re.compile(
    r"view|read|show|detail|content|article|thread|topic|message|msg|list|forum|board", re.IGNORECASE
)
_DOING: Final = re.compile(
    r"write|post(?!s)|repl|edit|modif|del|remov|vote|recom|like|quot|report|print|new|add|create|mark|next|prev|last|unread|profile|member|user|login|logout|regist"
    r"|search|source|raw|history|viewprofile",
    re.IGNORECASE,
)
_ACTION_PATH: Final = re.compile(
    r"/(?:log-?in|log-?out|log-?on|sign-?(?:in|up|out)|register|reply|report|flags?|votes?|quote|delete|subscribe|search|feed|rss|tags?|tagged|wp-login\.php|wp-admin"
    r"|accounts?|preferences|cart|calendar)(?:[/.?]|$)"
    r"|/(?:join|edit|new|ask|compose|prefs|settings|privacy|terms|rules|help|faq|contact|about|badges|users|members|memberlist)(?:\.\w{2,5})?/?$"
    r"|\.(?:rss|xml|json|atom|csv|txt|ics|pdf|zip|gz|bz2|xz|tgz|tar|mbox|epub|docx?|xlsx?|mp[34]|jpe?g|png|gif|webp|svg)$",
    re.IGNORECASE,
)
_DIGITS: Final = re.compile(r"\d+")
_SEPARATED: Final = re.compile(r".*[^\W_][-_+].*|.*[^\x00-\x7f].*|.*%[0-9A-F]{2}.*")
# A word that says what is numbered behind it.
_NUMBERED: Final = re.compile(r"[a-z]{1,12}(?:[-_]\d+)+", re.IGNORECASE)
_NAMESPACE: Final = re.compile(r"([A-Za-z_]{2,20}:)[^:]+")
_EXTENSION: Final = re.compile(r"(.*)(\.[a-z]{2,5})", re.IGNORECASE)
_LEAST_SLUG: Final = 8
_PLAIN: Final = re.compile(r"[a-z_.-]{1,20}", re.IGNORECASE)


def is_action(url: Url) -> bool:
    """Whether an address does something, or shows what is shown elsewhere in another order or form."""
    if _ACTION_PATH.search(url.path):
        return True
    return any(_is_doing(name, value) for name, value in parse_qsl(url.query, keep_blank_values=True))


def _is_doing(name: str, value: str) -> bool:
    if _MODE.fullmatch(name) and value:
        return not value.isdigit() and (_DOING.search(value) is not None or _SHOWING.search(value) is None)
    return _ACTION.search(name) is not None


def is_filter(url: Url, own: Url) -> bool:
    """Whether an address shows the page that it stands on in part or otherwise: the same path, and words in its query alone."""
    if url.path != own.path or not url.query:
        return False
    had = dict(parse_qsl(own.query, keep_blank_values=True))
    added = _other_than(had, url.query)
    return bool(added) and not any(
        _DIGITS.search(value) or not _PLAIN.fullmatch(value) for value in added.values()
    )


def _other_than(had: Mapping[str, str], query: str) -> dict[str, str]:
    return {name: value for name, value in parse_qsl(query, keep_blank_values=True) if had.get(name) != value}


def form_of(url: Url) -> str:
    """What addresses of one kind share: the names in them, without the numbers and slugs that tell one from the other."""
    segments = url.path.split("/")
    last = max((at for at, segment in enumerate(segments) if segment), default=0)
    forms = [_form_of_segment(segment, is_own=at == last > 1) for at, segment in enumerate(segments)]
    names = "&".join(
        sorted(
            f"{name}={_form_of_value(name, value)}"
            for name, value in parse_qsl(url.query, keep_blank_values=True)
        )
    )
    return "/".join(forms) + (f"?{names}" if names else "")


def _form_of_segment(segment: str, *, is_own: bool) -> str:
    """What a part of a path shares with others; ``is_own`` of the last, by which pages of one folder are told apart."""
    if not segment or segment.isdigit():
        return _DIGITS.sub("0", segment)
    named = _NAMESPACE.fullmatch(segment)
    if named:
        return f"{named[1]}*"
    filed = _EXTENSION.fullmatch(segment)
    stem, extension = (filed[1], filed[2]) if filed else (segment, "")
    if _NUMBERED.fullmatch(stem):
        return _DIGITS.sub("0", segment)
    if _SEPARATED.fullmatch(stem) and (len(stem) >= _LEAST_SLUG or stem[0].isdigit()):
        return f"*{extension}"
    return "*" if is_own and not filed and not _DIGITS.search(stem) else _DIGITS.sub("0", segment)


def _form_of_value(name: str, value: str) -> str:
    if value[:1].isdigit():
        return _DIGITS.sub("0", value)
    return value if _MODE.fullmatch(name) else ""
