"""A board with boards in boards, every link of which carries the session of whoever asks, a new one each time."""

import re
from itertools import count
from typing import Final

from tests.replica.unknown.place import Entry, Place, Topic, day_of, name_of, title_of, words_of

_A_PAGE: Final = 6
_POSTS_A_PAGE: Final = 5
# The board above each, and the topics right in it.
_ABOVE: Final = {1: 0, 2: 0, 3: 0, 4: 1, 5: 4}
_TOPICS: Final = {1: range(10, 11), 2: range(20, 36), 3: range(40, 45), 4: range(50, 54), 5: range(60, 68)}
_BOARDS: Final = {1: "Handwerk", 2: "Weberei", 3: "Papier", 4: "Holz", 5: "Drechseln"}
_SESSIONS: Final = count(1)


def _page(path: str, query: dict[str, str]) -> str | None:
    session = f"sid={next(_SESSIONS):032x}"
    board, topic = int(query.get("f", "0")), int(query.get("t", "0"))
    start = int(query.get("start", "0"))
    if "p" in query:
        topic, start = int(query["p"]) // 100, int(query["p"]) % 100 // _POSTS_A_PAGE * _POSTS_A_PAGE
    if path == "/brett/" and not query:
        return _frame("Das Brett", session, f"<h1>Das Brett</h1>{_boards(0, session)}")
    if path == "/brett/forum.php" and board in _BOARDS:
        return _board(board, start, session)
    if path == "/brett/thema.php" and any(topic in topics for topics in _TOPICS.values()):
        return _topic(topic, start, session)
    return None


def _posts(topic: int) -> int:
    return 12 if topic == 21 else topic % 3 + 2


def _boards(above: int, session: str) -> str:
    rows = "".join(
        f'<tr><td class="row1"><a class="forumlink" href="./forum.php?f={board}&amp;{session}">{name}</a><br><span class="gensmall">Alles über {name}.</span></td><td>{len(_TOPICS[board])}</td>'
        f'<td class="row2"><a href="./thema.php?f={board}&amp;p={_TOPICS[board][-1] * 100 + 1}&amp;{session}#p{_TOPICS[board][-1] * 100 + 1}" title="{title_of(_TOPICS[board][-1])}">{title_of(_TOPICS[board][-1])}</a><br>'
        f'by <a href="./mitglied.php?mode=viewprofile&amp;u={board}&amp;{session}">{name_of(board)}</a> {day_of(board)} 10:20</td></tr>\n'
        for board, name in _BOARDS.items()
        if _ABOVE[board] == above
    )
    return (
        f'<table class="tablebg"><tr><th>Forum</th><th>Topics</th><th>Last post</th></tr>{rows}</table>'
        if rows
        else ""
    )


def _board(board: int, start: int, session: str) -> str:
    topics = list(_TOPICS[board])[::-1]
    rows = "".join(
        f'<tr><td><a href="./thema.php?f={board}&amp;t={topic}&amp;view=unread&amp;{session}#unread"><img src="new.gif" alt=""></a></td><td class="row1"><a class="topictitle" href="./thema.php?f={board}&amp;t={topic}&amp;{session}">{title_of(topic)}</a>'
        f'{_small_pages(board, topic, session)}</td><td><a href="./mitglied.php?mode=viewprofile&amp;u={topic % 6}&amp;{session}">{name_of(topic)}</a></td><td>{_posts(topic) - 1}</td><td>{day_of(topic)} 11:00<br>'
        f'<a href="./mitglied.php?mode=viewprofile&amp;u={topic % 5}&amp;{session}">{name_of(topic + 1)}</a> <a href="./thema.php?f={board}&amp;p={topic * 100 + 1}&amp;{session}#p{topic * 100 + 1}"><img src="last.gif" alt="Last post"></a></td></tr>\n'
        for topic in topics[start : start + _A_PAGE]
    )
    pages = _pages(f"./forum.php?f={board}", len(topics), start, _A_PAGE, session)
    marks = f'<a href="./forum.php?f={board}&amp;mark=topics&amp;hash=1a2b&amp;{session}">Mark topics read</a> <a href="./schreiben.php?mode=post&amp;f={board}&amp;{session}">New topic</a>'
    return _frame(
        _BOARDS[board],
        session,
        f'<h2><a href="./forum.php?f={board}&amp;{session}">{_BOARDS[board]}</a></h2>{_boards(board, session)}{marks}<div class="pagination">{pages}</div>'
        f'<table class="tablebg"><tr><th></th><th>Topics</th><th>Author</th><th>Replies</th><th>Last post</th></tr>{rows}</table>',
    )


def _small_pages(board: int, topic: int, session: str) -> str:
    pages = range(_POSTS_A_PAGE, _posts(topic), _POSTS_A_PAGE)
    links = ", ".join(
        f'<a href="./thema.php?f={board}&amp;t={topic}&amp;start={each}&amp;{session}">{each // _POSTS_A_PAGE + 1}</a>'
        for each in pages
    )
    return f" [ Go to page: 1, {links} ]" if links else ""


def _pages(link: str, items: int, start: int, size: int, session: str) -> str:
    links = [
        f"<strong>{each // size + 1}</strong>"
        if each == start
        else f'<a href="{link}{f"&amp;start={each}" if each else ""}&amp;{session}">{each // size + 1}</a>'
        for each in range(0, items, size)
    ]
    return "Page " + " ".join(links) if len(links) > 1 else ""


def _topic(topic: int, start: int, session: str) -> str:
    board = next(board for board, topics in _TOPICS.items() if topic in topics)
    posts = "".join(
        f'<table class="tablebg"><tr><td class="author"><a name="p{topic * 100 + at}"></a><b class="postauthor">{name_of(topic + at)}</b></td><td><a href="./thema.php?p={topic * 100 + at}&amp;{session}#p{topic * 100 + at}">#</a> Posted: {day_of(topic)} 1{at % 10}:15</td></tr>'
        f'<tr><td class="profile"><a href="./mitglied.php?mode=viewprofile&amp;u={at % 6}&amp;{session}">Profile</a></td><td><div class="postbody">{words_of(topic, at, 3)}</div></td></tr><tr><td></td><td><a href="./schreiben.php?mode=quote&amp;p={topic * 100 + at}&amp;{session}">Quote</a> '
        f'<a href="./melden.php?p={topic * 100 + at}&amp;{session}">Report</a></td></tr></table>\n'
        for at in range(start, min(start + _POSTS_A_PAGE, _posts(topic)))
    )
    pages = _pages(f"./thema.php?f={board}&amp;t={topic}", _posts(topic), start, _POSTS_A_PAGE, session)
    links = " ".join(
        f'<a href="./thema.php?f={board}&amp;t={topic}&amp;{more}&amp;{session}">{word}</a>'
        for more, word in (
            ("view=print", "Print view"),
            ("view=previous", "Previous topic"),
            ("view=next", "Next topic"),
            ("bookmark=1", "Bookmark"),
        )
    )
    return _frame(
        title_of(topic),
        session,
        f'<h2><a href="./thema.php?f={board}&amp;t={topic}&amp;start={start}&amp;{session}">{title_of(topic)}</a></h2><a href="./schreiben.php?mode=reply&amp;t={topic}&amp;{session}">Reply</a> {links}<div class="pagination">{pages}</div>{posts}',
    )


def _frame(title: str, session: str, body: str) -> str:
    return (
        f'<html lang="de"><head><meta charset="utf-8"><title>Das Brett - {title}</title></head><body><div id="menubar"><a href="./konto.php?mode=login&amp;{session}">Login</a> <a href="./konto.php?mode=register&amp;{session}">Register</a> '
        f'<a href="./hilfe.php?{session}">FAQ</a> <a href="./suche.php?search_id=active_topics&amp;{session}">View active topics</a> <a href="./mitglied.php?{session}">Members</a></div><p><a href="./?{session}">Board index</a></p>{body}</body></html>'
    )


def _entry(topic: int, at: int) -> Entry:
    return Entry(name_of(topic + at), day_of(topic), f"1{at % 10}:15", words_of(topic, at, 3))


def _truth(topic: int) -> Topic:
    return Topic(
        title_of(topic), _entry(topic, 0), tuple(_entry(topic, at) for at in range(1, _posts(topic)))
    )


PLACE: Final = Place(
    host="brett.example",
    start="/brett/",
    topics={
        f"/brett/thema.php?f={board}&t={topic}": _truth(topic)
        for board, topics in _TOPICS.items()
        for topic in topics
    },
    traps=re.compile(r"mitglied|schreiben|melden|konto|hilfe|suche|sid=|mark=|view=|bookmark"),
    page=_page,
)
