"""A wiki whose pages are talked about: an index of talk pages, and on each sections with signed words."""

import re
from typing import Final

from tests.replica.unknown.place import Entry, Place, Topic, name_of, title_of, words_of

_COUNT: Final = 12
_NAMES: Final = tuple(f"{('Kettle', 'Loom', 'Kite', 'Boat')[each % 4]}_{each}" for each in range(_COUNT))


def _page(path: str, query: dict[str, str]) -> str | None:
    name = path.removeprefix("/wiki/")
    if name == "Special:Talks":
        return _index()
    if name.removeprefix("Talk:") in _NAMES and name.startswith("Talk:") and not query:
        return _talk(name.removeprefix("Talk:"))
    return "<p>Something else.</p>" if name.startswith(("User", "Special:")) else None


def _index() -> str:
    items = "".join(
        f'<li><a href="/wiki/Talk:{name}" title="Talk:{name}">Talk:{name.replace("_", " ")}</a> <span class="info">(<a href="/w/index.php?title=Talk:{name}&amp;action=history">hist</a>) last changed 1{at % 10}:05, {1 + at} March 2026 by <a href="/wiki/User:{at % 6}">{name_of(at)}</a></span></li>\n'
        for at, name in enumerate(_NAMES)
    )
    return _frame("Talk pages", f"<ul>{items}</ul>", "Special:Talks")


def _talk(name: str) -> str:
    number = _NAMES.index(name)
    sections = "".join(
        f'<h2><span class="mw-headline" id="s{section}">{title_of(number * 3 + section)}</span><span class="editsection">[<a href="/w/index.php?title=Talk:{name}&amp;action=edit&amp;section={section}">edit</a>]</span></h2>'
        f'<p>{words_of(number, section, 3)} --<a href="/wiki/User:{section}">{name_of(section)}</a> (<a href="/wiki/User_talk:{section}">talk</a>) 10:1{section}, {1 + number} March 2026 (UTC)</p>'
        f'<dl><dd>{words_of(number, section + 3, 2)} --<a href="/w/index.php?title=User:{section + 1}&amp;action=edit&amp;redlink=1">{name_of(section + 1)}</a> 11:1{section}, {1 + number} March 2026 (UTC)</dd></dl>'
        for section in range(3)
    )
    return _frame(f"Talk:{name.replace('_', ' ')}", sections, f"Talk:{name}")


def _frame(title: str, body: str, name: str) -> str:
    tools = " ".join(
        f'<a href="/w/index.php?title={name}&amp;{query}">{word}</a>'
        for query, word in (
            ("action=edit", "Edit"),
            ("action=history", "View history"),
            ("oldid=7", "Permanent link"),
            ("printable=yes", "Printable version"),
        )
    )
    special = " ".join(
        f'<a href="/wiki/Special:{each}">{each}</a>'
        for each in ("RecentChanges", "Random", "UserLogin", "AllPages")
    )
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title} - Craft wiki</title></head><body><div id="content"><h1 id="firstHeading">{title}</h1><div id="bodyContent">{body}</div></div>'
        f'<div id="mw-navigation">{tools}<br>{special}</div><div id="footer"><a href="/wiki/Craft:About">About</a></div></body></html>'
    )


def _topic(number: int) -> Topic:
    day = f"2026-03-{1 + number:02}"
    post, *comments = (
        entry
        for section in range(3)
        for entry in (
            Entry(name_of(section), day, f"10:1{section}", words_of(number, section, 3)),
            Entry(
                name_of(section + 1),
                day,
                f"11:1{section}",
                words_of(number, section + 3, 2),
                2 * section - 1 if section else None,
            ),
        )
    )
    return Topic(f"Talk:{_NAMES[number].replace('_', ' ')}", post, tuple(comments))


PLACE: Final = Place(
    host="craftwiki.example",
    start="/wiki/Special:Talks",
    topics={f"/wiki/Talk:{name}": _topic(number) for number, name in enumerate(_NAMES)},
    traps=re.compile(r"index\.php|/wiki/(?!Talk:|Special:Talks)"),
    page=_page,
)
