"""A topic on a board of each software, in our own words: of its markup only the marks by which the software is told.

The thread is one for all, in plain markup: what it shows of the reading is the generic reader's.
"""

from dataclasses import dataclass
from typing import Final

from tests.replica import discourse, hackernews, lemmy, nodebb, stackexchange


@dataclass(frozen=True, slots=True)
class Case:
    """A software: the head and the body's opening of its pages, its topic 123 in all forms, and a form to leave alone."""

    board: str
    head: str
    body: str
    canonical: str
    forms: tuple[str, ...]
    trap: str
    post_id: str = "topics-123"


CASES: Final = (
    Case(
        "phpbb",
        '<html><head><meta name="copyright" content="phpBB Group">',
        '<body id="phpbb"><a href="/ucp.php?mode=login">Sign in</a>',
        "/viewtopic.php?t=123",
        (
            "/viewtopic.php?f=2&t=123",
            "/viewtopic.php?t=123&start=20",
            "/viewtopic.php?sid=ab12&t=123&hilit=bread",
        ),
        "/posting.php?mode=reply&t=123",
    ),
    Case(
        "xenforo",
        '<html id="XF" data-app="public" data-template="thread_view"><head>',
        '<body data-xf-init="x">',
        "/threads/bread.123/",
        (
            "/threads/bread.123/page-2",
            "/threads/bread.123/post-456",
            "/threads/bread.123/unread",
            "/threads/bread.123/latest#post-9",
        ),
        "/threads/bread.123/reply?quote=4",
    ),
    Case(
        "vbulletin",
        '<html><head><meta name="generator" content="vBulletin 4.2.5"><script src="/clientscript/a.js"></script>',
        "<body>",
        "/showthread.php?t=123",
        (
            "/showthread.php?s=ab&t=123",
            "/showthread.php?123-Bread&p=4#post4",
            "/showthread.php/123-Bread",
            "/showthread.php?t=123&page=2",
        ),
        "/newreply.php?do=newreply&p=4",
    ),
    Case(
        "invision",
        "<html><head>",
        '<body class="ipsApp" data-pageapp="forums"><div class="ipsComment_content" data-commentid="4"></div>',
        "/topic/123-bread/",
        (
            "/topic/123-bread/?do=findComment&comment=4",
            "/topic/123-bread/page/2/",
            "/topic/123-bread/?do=getNewComment",
        ),
        "/topic/123-bread/?do=reportComment&comment=4",
    ),
    Case(
        "smf",
        '<html><head><script src="/Themes/default/scripts/script.js"></script>',
        '<body><div id="main_content_section"><a href="https://www.simplemachines.org/">SMF</a></div>',
        "/index.php?topic=123.0",
        (
            "/index.php?topic=123.15",
            "/index.php?topic=123.msg456#msg456",
            "/index.php?PHPSESSID=ab&topic=123.new;topicseen",
            "/index.php?topic=123",
        ),
        "/index.php?action=post;topic=123.0",
    ),
    Case(
        "mybb",
        '<html><head><script src="/jscripts/general.js"></script>',
        '<body><div id="posts_container"></div><a href="https://mybb.com">MyBB</a>',
        "/showthread.php?tid=123",
        (
            "/showthread.php?tid=123&pid=4#pid4",
            "/showthread.php?tid=123&page=2",
            "/showthread.php?tid=123&action=lastpost",
        ),
        "/newreply.php?tid=123",
    ),
    Case(
        "flarum",
        '<html><head><link rel="stylesheet" href="/assets/forum.css">',
        '<body><div id="flarum-loading"></div>',
        "/d/123-bread",
        ("/d/123-bread/7", "/d/123-bread?page=2", "/d/123-bread/reply"),
        "/logout?token=1",
    ),
    Case(
        "vanilla",
        '<html><head><script src="/applications/vanilla/js/x.js"></script>',
        '<body id="vanilla_discussion_index"><ul class="MessageList"></ul>',
        "/discussion/123/bread",
        ("/discussion/123/bread/p2", "/discussion/123/bread#latest"),
        "/entry/signin?Target=x",
    ),
    Case(
        "fluxbb",
        "<html><head>",
        '<body><div id="punviewtopic"><div id="brdheader"></div></div>',
        "/viewtopic.php?id=123",
        ("/viewtopic.php?id=123&p=2", "/viewtopic.php?id=123&action=new"),
        "/post.php?tid=123",
    ),
    Case(
        "bbpress",
        "<html><head>",
        '<body class="bbpress"><div id="bbpress-forums"></div>',
        "/forums/topic/bread/",
        ("/forums/topic/bread/page/2/", "/forums/topic/bread/#post-4", "/forums/topic/bread"),
        "/forums/topic/bread/?bbp_reply_to=4&_wpnonce=a",
        "topics-bread",
    ),
    Case(
        "discourse",
        '<html><head><meta name="generator" content="Discourse 3.5.1"><meta name="discourse_theme_id" content="1">',
        '<body class="crawler">',
        "/t/bread/123",
        ("/t/bread/123/7", "/t/bread/123?page=2", "/t/bread/123/7?u=a"),
        "/t/bread/123/print",
    ),
    Case(
        "nodebb",
        '<html><head><script src="/assets/nodebb.min.js"></script>',
        '<body><div component="topic"><div component="post/content"></div></div>',
        "/topic/123/bread",
        ("/topic/123/bread/7", "/topic/123/bread?page=2", "/topic/123/bread?lang=ko"),
        "/compose?tid=123",
    ),
    Case(
        "stackexchange",
        '<html><head><link rel="stylesheet" href="https://cdn.sstatic.net/a.css">',
        '<body class="question-page"><div id="question-header"></div>',
        "/questions/123/bread",
        ("/questions/123/bread/456#456", "/questions/123/bread?rq=1", "/questions/123/bread?page=2"),
        "/posts/123/edit",
        "questions-123",
    ),
    Case(
        "hackernews",
        "<html><head>",
        '<body><table id="hnmain"><tr class="athing"></tr></table>',
        "/item?id=123",
        ("/item?id=123&p=2", "/item?id=123#456"),
        "/vote?id=123&how=up",
        "items-123",
    ),
    Case(
        "lemmy",
        "<html><head><script>window.isoData = {}</script>",
        '<body><div id="app" class="lemmy-site"><a href="https://join-lemmy.org">Lemmy</a></div>',
        "/post/123",
        ("/post/123?scrollToComments=true", "/post/123/456", "/post/123#comments"),
        "/create_post?communityId=4",
        "posts-123",
    ),
)

THREAD: Final = "".join(
    f'<div class="post" id="post-{number}"><a class="username" href="/profile/{name}">{name}</a>'
    f'<a href="#post-{number}"><time datetime="2024-03-0{number}T09:00:00Z">March {number}, 2024</time></a>'
    f'<div class="content">{words}</div></div>'
    for number, name, words in (
        (
            1,
            "Hana",
            "How long does your bread rest before it goes into the oven, and does it need a warm place?",
        ),
        (2, "Doyun", "Mine rests for two hours on the table, and nobody has complained about it so far."),
        (3, "Mirae", "Overnight in the fridge is better: the crust turns out darker and the crumb is open."),
        (4, "Jiho", "Both work well enough, but do not forget to cover it with a damp cloth in winter."),
    )
)

# The host of each board, by the name of its software.
HOSTS: Final = {f"{case.board}.example": case for case in CASES}


# Topics in the markup of their software, by host and target.
MADE: Final = {**discourse.PAGES, **nodebb.PAGES, **hackernews.PAGES, **lemmy.PAGES, **stackexchange.PAGES}


def markup_of(case: Case) -> str:
    """The page of the software's topic."""
    return (
        f"{case.head}<title>Bread that rests</title></head>{case.body}"
        f"<h1>Bread that rests</h1><main>{THREAD}</main></body></html>"
    )


def page(host: str, target: str) -> tuple[int, str]:
    """Status and markup of the answer for a target, ``/path?query``."""
    if made := MADE.get(f"{host}{target}"):
        return 200, made
    case = HOSTS[host]
    return (200, markup_of(case)) if target == case.canonical else (404, "<p>No such page.</p>")
