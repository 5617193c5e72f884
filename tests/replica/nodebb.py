"""A topic of a made NodeBB over two pages, in our own words: answers that name what they answer, a deleted one, an event between them."""

from dataclasses import dataclass
from html import escape
from typing import Final

HOST: Final = "nodebb.example"
TOPIC: Final = "/topic/200/rye-in-winter"
_START: Final = 1_700_000_000_000
_HOUR: Final = 3_600_000


@dataclass(frozen=True, slots=True)
class Entry:
    """A post: its number, who wrote it, what it says, and the number of what it answers."""

    number: int
    author: str
    words: str
    answers: int | None = None
    deleted: bool = False


ENTRIES: Final = (
    Entry(31, "Ilse", "My rye takes two days now that the kitchen is cold. What do you do in winter?"),
    Entry(32, "도윤", "저는 오븐에 불만 켜 두고 그 안에서 발효합니다."),
    Entry(33, "Ruben", "The same here, with a bowl of warm water beside it.", 32),
    Entry(34, "도윤", "ㅋㅋㅋ", 33),
    Entry(35, "Mara", "Look at my shop for cheap proofing boxes!", None, deleted=True),
    Entry(36, "Ilse", "The lamp works, thank you. A bowl of water I had not thought of.", 32),
    Entry(37, "하린", "전기장판 위에 두는 분도 있던데, 저는 무서워서 못 하겠어요."),
    Entry(38, "Ruben", "Please do not. A cool box with a hot bottle is enough.", 37),
)
_FIRST_PAGE: Final = 5
_EVENT: Final = (
    '<li component="topic/event" class="timeline-event" data-topic-event-id="4" data-topic-event-type="lock">'
    '<div><a href="/user/Admin">Admin</a> locked this topic <span class="timeago" title="2023-11-15T00:00:00.000Z"></span></div></li>'
)


def _item(at: int, entry: Entry) -> str:
    stamp = _START + at * _HOUR
    moment = f"2023-11-{14 + (22 + at) // 24}T{(22 + at) % 24:02}:13:20.000Z"
    answered = next((each for each in ENTRIES if each.number == entry.answers), None)
    parent = (
        f'<div component="post/parent" data-collapsed="true" data-parent-pid="{answered.number}"><a href="/user/{answered.author}">'
        f'{answered.author}</a> <a href="/post/{answered.number}" class="timeago" title="{moment}"></a>'
        f'<div component="post/parent/content"><p dir="auto">{escape(answered.words)}</p></div></div>'
        if answered
        else ""
    )
    words = "This post is deleted!" if entry.deleted else f'<p dir="auto">{escape(entry.words)}</p>'
    return (
        f'<li component="post" class="{"deleted" if entry.deleted else ""}" data-index="{at}" data-pid="{entry.number}" data-uid="{entry.number % 7 + 2}" '
        f'data-timestamp="{stamp}" data-username="{entry.author}" data-userslug="{entry.author.lower()}" itemprop="comment" '
        f'itemtype="http://schema.org/Comment" itemscope><a component="post/anchor" data-index="{at}" id="{at + 1}"></a>'
        f'<meta itemprop="datePublished" content="{moment}">{parent}'
        f'<div itemprop="author" itemscope itemtype="https://schema.org/Person"><meta itemprop="name" content="{entry.author}">'
        f'<a href="/user/{entry.author.lower()}" data-username="{entry.author}">{entry.author}</a></div>'
        f'<a href="/post/{entry.number}" class="timeago" title="{moment}"></a>'
        f'<div component="post/content" itemprop="text">{words}</div>'
        f'<div component="post/footer"><a component="post/reply" href="#">Reply</a> '
        f'<a component="post/vote-count" data-votes="{at % 3}">{at % 3}</a></div></li>'
    )


def _page(number: int) -> str:
    shown = ENTRIES[:_FIRST_PAGE] if number == 1 else ENTRIES[_FIRST_PAGE:]
    start = 0 if number == 1 else _FIRST_PAGE
    items = [_item(start + at, entry) for at, entry in enumerate(shown)]
    items.insert(2, _EVENT)
    links = "".join(
        f'<li class="page-item"><a class="page-link" href="?lang=en&amp;page={at}" data-page="{at}">{at}</a></li>'
        for at in (1, 2)
    )
    url = f"https://{HOST}{TOPIC}"
    return (
        f'<!doctype html><html lang="en"><head><title>Rye in winter | Loaves</title><link rel="canonical" href="{url}{"" if number == 1 else "?page=2"}">'
        '<script src="/assets/nodebb.min.js"></script></head><body class="page-topic"><div data-widget-area="header"></div>'
        f'<div itemid="{TOPIC}" itemscope itemtype="https://schema.org/DiscussionForumPosting"><meta itemprop="headline" content="Rye in winter">'
        f'<meta itemprop="text" content="Rye in winter"><meta itemprop="url" content="{TOPIC}">'
        '<meta itemprop="datePublished" content="2023-11-14T22:13:20.000Z"><meta itemprop="dateModified" content="2023-11-15T05:13:20.000Z">'
        f'<div itemprop="author" itemscope itemtype="https://schema.org/Person"><meta itemprop="name" content="{ENTRIES[0].author}"></div>'
        '<div itemprop="interactionStatistic" itemscope itemtype="https://schema.org/InteractionCounter">'
        f'<meta itemprop="interactionType" content="https://schema.org/CommentAction"><meta itemprop="userInteractionCount" content="{len(ENTRIES) - 1}"></div>'
        f'<h1 component="post/header"><span component="topic/title">Rye in winter</span></h1>'
        f'<ul component="topic" class="posts timeline" data-tid="200">{"".join(items)}</ul></div>'
        f'<ul class="pagination">{links}</ul></body></html>'
    )


PAGES: Final = {f"{HOST}{TOPIC}": _page(1), f"{HOST}{TOPIC}?page=2": _page(2)}
