"""A board in plain lists under a base address: its index shows the last topic and its author beside each section, and who is there now."""

import re
from typing import Final

from tests.replica.unknown.place import Entry, Place, Topic, day_of, name_of, title_of, words_of

_A_PAGE: Final = 5
_SECTIONS: Final = {1: "Kilns", 2: "Glazes", 3: "Clay bodies and slips"}
_TOPICS: Final = {1: range(1, 13), 2: range(30, 34), 3: range(50, 57)}
_ADDRESS: Final = re.compile(r"/talk/(section|thread)/(\d+)-[a-z-]+(?:/p(\d+))?")


def _slug(number: int) -> str:
    return f"{number}-{('about-a-kiln', 'some-glaze-or-other', 'plain')[number % 3]}"


def _page(path: str, query: dict[str, str]) -> str | None:
    if path == "/talk/":
        return _index()
    match = _ADDRESS.fullmatch(path)
    if match is None or query:
        return None
    kind, number, page = match[1], int(match[2]), int(match[3] or "1")
    if kind == "section":
        return _section(number, page) if number in _SECTIONS else None
    return _thread(number, page) if any(number in topics for topics in _TOPICS.values()) else None


def _person(number: int) -> str:
    return f'<a href="person/{number % 6}-x">{name_of(number)}</a>'


def _index() -> str:
    rows = "".join(
        f'<li><a href="person/{section}-x"><img src="a.png" alt=""></a> <strong><a href="section/{_slug(section)}">{name}</a></strong> <em>{len(_TOPICS[section])} threads</em><br>'
        f'Last: <a href="thread/{_slug(_TOPICS[section][-1])}">{title_of(_TOPICS[section][-1])}</a> by {_person(section)}, {day_of(section)}</li>\n'
        for section, name in _SECTIONS.items()
    )
    online = ", ".join(_person(each) for each in range(6))
    return _frame("Pottery talk", f"<ul>{rows}</ul><p>Who is here: {online}</p>")


def _section(section: int, page: int) -> str:
    topics = list(_TOPICS[section])[::-1][(page - 1) * _A_PAGE : page * _A_PAGE]
    rows = "".join(
        f'<li>{_person(topic)}: <a href="thread/{_slug(topic)}?goto=newpost">new</a> <a href="thread/{_slug(topic)}">{title_of(topic)}</a> ({topic % 4 + 1} posts, {day_of(topic)})</li>\n'
        for topic in topics
    )
    return _frame(
        _SECTIONS[section],
        f"<ul>{rows}</ul>{_pages(f'section/{_slug(section)}', len(_TOPICS[section]), page)}",
    )


def _pages(link: str, count: int, page: int) -> str:
    last = -(-count // _A_PAGE)
    links = (
        f"<b>{each}</b>" if each == page else f'<a href="{link}{f"/p{each}" if each > 1 else ""}">{each}</a>'
        for each in range(1, last + 1)
    )
    return f"<p>{' '.join(links)}</p>" if last > 1 else ""


def _posts(topic: int) -> int:
    return 11 if topic == 7 else topic % 4 + 1


def _thread(topic: int, page: int) -> str:
    posts = "".join(
        f'<li id="m{topic * 100 + at}"><p>{_person(topic + at)}, {day_of(topic)} 1{at % 10}:30</p><div>{words_of(topic, at, 3)}</div>'
        f'<p><a href="thanks/{topic * 100 + at}">Thanks</a> <a href="thread/{_slug(topic)}/answer?to={at}">Answer</a></p></li>\n'
        for at in range((page - 1) * _A_PAGE, min(page * _A_PAGE, _posts(topic)))
    )
    pages = _pages(f"thread/{_slug(topic)}", _posts(topic), page)
    return _frame(title_of(topic), f'<ol start="{(page - 1) * _A_PAGE + 1}">{posts}</ol>{pages}')


def _frame(title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><base href="/talk/"><title>{title}</title></head><body><p><a href="./">Pottery talk</a> | <a href="enter">Enter</a> | <a href="people">People</a></p>'
        f"<h1>{title}</h1>{body}<p>Kept by the guild.</p></body></html>"
    )


def _entry(topic: int, at: int) -> Entry:
    return Entry(name_of(topic + at), day_of(topic), f"1{at % 10}:30", words_of(topic, at, 3))


def _topic(topic: int) -> Topic:
    return Topic(
        title_of(topic), _entry(topic, 0), tuple(_entry(topic, at) for at in range(1, _posts(topic)))
    )


PLACE: Final = Place(
    host="pottery.example",
    start="/talk/",
    topics={f"/talk/thread/{_slug(topic)}": _topic(topic) for topics in _TOPICS.values() for topic in topics},
    traps=re.compile(r"person|goto|thanks|answer|enter|people"),
    page=_page,
)
