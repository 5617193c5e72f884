"""Markup by construction: whatever is not made here is text, and text is escaped.

There is no way to write an event handler, a style or an address that was not looked at: ``tag`` refuses them.
"""

import html
import re
from collections.abc import Iterable
from functools import cache
from typing import Final

from scraper.model.url import parse_url

# Characters that HTML has no place for: C0 and C1 controls but tab and line feed, halves of pairs, and non-characters.
_NOT_TEXT: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_TO_ESCAPE: Final = re.compile(r"[&<>\"'\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_C0_PICTURES: Final = 0x2400
_DELETE: Final = "\x7f"
_SCHEMES: Final = ("http://", "https://")
_ADDRESSES: Final = frozenset({"href", "src", "action"})
_EMPTY: Final = frozenset({"br", "hr", "input", "link", "meta"})


class Html(str):
    """Markup that goes onto a page as it stands."""

    __slots__ = ()


class Address(Html):
    """A value for ``href``, ``src`` or ``action``: of our own making, or an http(s) URL."""

    __slots__ = ()


NOTHING: Final = Html()


def escape(text: str) -> Html:
    """``text`` as markup that shows it, control characters as their pictures; markup as it is."""
    if isinstance(text, Html):
        return text
    if not _TO_ESCAPE.search(text):
        return Html(text)
    escaped = html.escape(text)
    if _NOT_TEXT.search(escaped):
        escaped = _NOT_TEXT.sub(lambda match: _picture(match[0]), escaped)
    return Html(escaped)


def _picture(character: str) -> str:
    if character < " ":
        return chr(_C0_PICTURES + ord(character))
    return "␡" if character == _DELETE else "�"


def tag(name: str, /, *children: str | None, **attributes: str | None) -> Html:
    """An element. Children that are no markup are escaped; an attribute that is None is left out.

    ``class_`` is written ``class``, ``aria_label`` is written ``aria-label``. An attribute that is the empty text stands alone.

    Raises:
        ValueError: an attribute would run or draw something, or an address was not made by ``inside`` or ``outside``.
    """
    opened = [f"<{name}"]
    for key, value in attributes.items():
        if value is None:
            continue
        written = _attribute(key)
        if written in _ADDRESSES and not isinstance(value, Address):
            raise ValueError(f"{written} takes an address that was looked at")
        opened.append(f' {written}="{escape(value)}"' if value else f" {written}")
    opened.append(">")
    if name in _EMPTY:
        return Html("".join(opened))
    opened += [escape(child) for child in children if child is not None]
    opened.append(f"</{name}>")
    return Html("".join(opened))


@cache
def _attribute(key: str) -> str:
    """How the name of an attribute is written."""
    written = key.rstrip("_").replace("_", "-")
    if written.startswith("on") or written in {"style", "srcdoc"}:
        raise ValueError(f"no page of ours has the attribute {written}")
    return written


def join(parts: Iterable[str], between: str = "") -> Html:
    """The parts one after the other, each escaped where it is no markup."""
    return Html(escape(between).join(escape(part) for part in parts))


def timed(at: str | None, shown: str) -> Html:
    """A time in the words in which it is ``shown``; ``at`` is a row's, None where it is unknown."""
    return tag("time", shown, datetime=at) if at else escape(shown)


def inside(path: str, here: str) -> Address:
    """The way from the page at ``here`` to ``path``, both below the folder of the reader; ``path`` may end in a fragment."""
    return Address(html.escape(up_from(here) + path))


def up_from(here: str) -> str:
    """The way from the page at ``here`` to the folder of the reader: ``../`` for each folder it lies in."""
    return "../" * here.count("/")


def fragment(name: str) -> Address:
    """The way to the element with the id ``name`` on the same page."""
    return Address(html.escape(f"#{name}"))


def outside(url: str) -> Address | None:
    """An address out of content; None where it is no http(s) URL, so that nothing else is ever followed."""
    if not url.lower().startswith(_SCHEMES) or _NOT_TEXT.search(url):
        return None
    parsed = parse_url(url)
    return Address(html.escape(parsed.href)) if parsed else None


def outside_link(url: str, *children: str) -> Html:
    """A link out of content, which says nothing of where it was followed from; mere text where it may not be followed."""
    address = outside(url)
    shown = children or (url,)
    if address is None:
        return tag("span", *shown, class_="address")
    return tag("a", *shown, href=address, rel="noreferrer noopener nofollow", class_="address")
