"""Forum and question software that the generic reader reads, a row each: by what it is recognised, and what its URLs say."""

import re
from dataclasses import dataclass
from typing import Final

from scraper.model.record import PostKind
from scraper.model.site import Trap

# The folder that the software stands in: as short as the rest of a form allows.
_ROOT: Final = r"\A(?P<root>/(?:[^/?]+/)*?)"
END: Final = r"(?=[/?&#;]|\Z)"


@dataclass(frozen=True, slots=True)
class TopicForm:
    """URLs of a topic: ``form`` matches ``/path?query`` with the groups ``root`` and ``id``; ``plain`` is the canonical one."""

    form: re.Pattern[str]
    plain: str


@dataclass(frozen=True, slots=True)
class Board:
    """One software. A page is its where it has one of ``hints`` in its markup, and at least two of ``signs`` (CSS selectors).

    ``page_form`` is what a topic's URL has behind it on a later page, where pages count from 1 and other parameters do not matter.
    """

    name: str
    hints: tuple[str, ...]
    signs: tuple[str, ...]
    forms: tuple[TopicForm, ...]
    traps: tuple[Trap, ...]
    kind: PostKind = "topic"
    label: str = "topics"
    has_answers: bool = False
    has_one_id_space: bool = True
    rank: int = 50
    page_form: str | None = None


def topic_form(rest: str, plain: str) -> TopicForm:
    """URLs that are ``rest`` behind the folder of the software, a regular expression, and the canonical one among them."""
    return TopicForm(re.compile(_ROOT + rest, re.IGNORECASE), plain)


def traps(answer: str, members: str) -> tuple[Trap, ...]:
    """What is left alone: URLs that answer, vote or sign in, and those that show members or topics in other ways."""
    return (
        Trap("a form, or an action", re.compile(answer, re.IGNORECASE)),
        Trap("members, searches and other views", re.compile(members, re.IGNORECASE)),
    )


BOARDS: Final = (
    Board(
        "phpbb",
        ("phpbb", "viewtopic.php"),
        (
            "body#phpbb",
            'meta[name="copyright"][content*="phpBB"]',
            'a[href*="phpbb.com"]',
            'a[href*="ucp.php?mode="]',
            '[id^="phpbb_"], script[src*="phpbb"], link[href*="/styles/prosilver/"]',
            "div.post .postbody, table.tablebg .postbody",
        ),
        (topic_form(r"viewtopic\.php\?(?:[^#]*&)?t=(?P<id>\d+)(?=[&#]|\Z)", "viewtopic.php?t={id}"),),
        traps(
            r"/(?:posting|report|mcp|ucp)\.php|[?&](?:mark|view)=|[?&]mode=",
            r"/(?:memberlist|search|viewonline|faq)\.php|/feed(?:\.php|/)",
        ),
    ),
    Board(
        "xenforo",
        ("data-xf-init", 'id="XF"', 'id="XenForo"'),
        (
            "html#XF, html#XenForo",
            "html[data-app=public][data-template]",
            "[data-xf-init]",
            'link[href*="css.php?css=public"], script[src*="js/xf/"], script[src*="js/xenforo/"]',
            "article.message--post, li.message[data-author]",
        ),
        (
            topic_form(
                r"(?P<front>(?:index\.php\?)?)threads/(?P<slug>(?:[^/?&]*\.)?)(?P<id>\d+)" + END,
                "{front}threads/{slug}{id}/",
            ),
        ),
        traps(
            r"/(?:reply|add-reply|report|bookmark|react|vote|watch|mark-read|post-thread|edit)(?=[/?&]|\Z)",
            r"[/?](?:members|search|whats-new|login|register|lost-password|misc|help|account|online)(?=[/?&]|\Z)",
        ),
    ),
    Board(
        "vbulletin",
        ("vbulletin", "vb_global", "vBulletin"),
        (
            'meta[name="generator"][content*="vBulletin"]',
            'script[src*="vbulletin"], script[src*="clientscript/"]',
            "body#vb-page-body, body.vb-page, #vbulletin_html",
            'a[href*="showthread.php"], a[href*="forumdisplay.php"]',
            '[id^="post_message_"], [id^="td_post_"], .b-post, li.postbitlegacy, .js-post',
        ),
        (
            topic_form(r"showthread\.php\?(?:[^#]*&)?t=(?P<id>\d+)(?=[&#]|\Z)", "showthread.php?t={id}"),
            topic_form(r"showthread\.php[?/](?P<id>\d+)(?:-[^?&/]*)?(?=[?&/]|\Z)", "showthread.php?t={id}"),
            topic_form(r"threads/(?P<id>\d+)(?P<slug>-[^/?]*)?" + END, "threads/{id}{slug}"),
            topic_form(
                r"(?P<board>(?:forum/)?(?:[^/?]+/)+)(?<!forums/)(?<!forum/)(?<!members/)(?<!member/)(?<!blogs/)(?P<id>\d+)(?P<slug>-[^/?]+)"
                + END,
                "{board}{id}{slug}",
            ),
        ),
        traps(
            r"/(?:newreply|newthread|report|editpost|login|register|subscription|private|sendmessage)\.php|[?&]do=",
            r"/(?:member|memberlist|search|online|printthread|misc|faq|calendar)\.php|/(?:search|member)/",
        ),
    ),
    Board(
        "invision",
        ("ips", "data-controller"),
        (
            "body.ipsApp, body[data-pageapp]",
            '[data-controller^="core.front"], [data-controller^="core.global"]',
            '[class*="ipsComment"], .ipsEntry',
            'a[href*="invisioncommunity.com"], a[href*="invisionpower.com"]',
            "[data-commentid], [data-ipshook], [data-ips-hook]",
        ),
        (
            topic_form(
                r"(?P<front>(?:index\.php\?/)?)topic/(?P<id>\d+)(?P<slug>(?:-[^/?&]*)?)" + END,
                "{front}topic/{id}{slug}/",
            ),
        ),
        traps(
            r"[?&]do=|/(?:submit|report|login|register)(?=[/?]|\Z)|[?&]csrfKey=",
            r"/(?:profile|search|online|discover|leaderboard|notifications)(?=[/?]|\Z)",
        ),
    ),
    Board(
        "smf",
        ("smf_", "simplemachines", "SMF"),
        (
            'a[href*="simplemachines.org"]',
            "#smfheader, #smf_time, #display_head, #forumposts, #footer_section, #main_content_section",
            'script[src*="/scripts/script.js"], script[src*="/smf_"]',
            'a[href*="?topic="], a[href*="/topic,"]',
            '[id^="msg_"], [id^="subject_"]',
        ),
        (
            topic_form(
                r"index\.php\?(?:[^#]*[&;])?topic=(?P<id>\d+)(?=[.&;#]|\Z)[^#]*", "index.php?topic={id}.0"
            ),
            topic_form(
                r"(?P<front>(?:index\.php/)?)topic,(?P<id>\d+)(?:\.[\w-]*)?\.html",
                "{front}topic,{id}.0.html",
            ),
        ),
        traps(r"[?&;]action=", r"[?&;](?:sort|wap2?|imode|prev_next|all)(?=[=&;]|\Z)"),
    ),
    Board(
        "mybb",
        ("mybb", "MyBB"),
        (
            'a[href*="mybb.com"]',
            'script[src*="/jscripts/general.js"], script[src*="/jscripts/"]',
            'link[href*="cache/themes/"], link[href*="css.php?stylesheet="]',
            'a[href*="showthread.php?tid="], a[href*="/thread-"], a[href*="member.php?action="]',
            '#posts_container, [id^="post_meta_"], [id^="pid_"]',
        ),
        (
            topic_form(r"showthread\.php\?(?:[^#]*&)?tid=(?P<id>\d+)(?=[&#]|\Z)", "showthread.php?tid={id}"),
            topic_form(r"thread-(?P<id>\d+)(?:-[\w-]*)?\.html", "thread-{id}.html"),
        ),
        traps(
            r"/(?:newreply|newthread|report|editpost|reputation|usercp|private|ratethread)\.php|[?&]action=",
            r"/(?:memberlist|search|member|online|printthread|sendthread|calendar|misc)\.php|/user-\d",
        ),
    ),
    Board(
        "flarum",
        ("flarum",),
        (
            "#flarum-loading, #flarum-content, noscript#flarum-content, script#flarum-json-payload",
            'link[href*="/assets/forum"], script[src*="/assets/forum"]',
            ".App .App-content, #app.App",
            ".Post-body, .PostStream-item, .DiscussionListItem",
        ),
        (topic_form(r"d/(?P<id>\d+)(?P<slug>(?:-[^/?]*)?)" + END, "d/{id}{slug}"),),
        traps(r"/(?:logout|reset|confirm|settings)(?=[/?]|\Z)", r"/u/|[?&](?:sort|q)="),
    ),
    Board(
        "vanilla",
        ("vanilla", "Vanilla"),
        (
            "body[id^=vanilla_], body.Vanilla, body.Section-Discussion",
            'script[src*="/vanilla/"], link[href*="/vanilla/"], script[src*="/applications/vanilla"]',
            "#Discussion_Body, .MessageList, .ItemComment, .ItemDiscussion",
            'a[href*="vanillaforums.com"], [id^="Comment_"]',
        ),
        (
            topic_form(
                r"discussion/(?P<id>\d+)(?P<slug>(?:/(?!p\d+\b)[^/?]+)?)" + END, "discussion/{id}{slug}"
            ),
        ),
        traps(
            r"/(?:post|entry|messages|flag|vote|reactions?|bookmark)/|/discussion/(?:dismiss|bookmark|markread)",
            r"/(?:profile|search|activity|discussions/mine)(?=[/?]|\Z)",
        ),
    ),
    Board(
        "fluxbb",
        ("punbb", "fluxbb", 'id="pun'),
        (
            "#punviewtopic, #punindex, #punviewforum",
            "#brdheader, #brdmenu, #brdwelcome, #brdfooter",
            'a[href*="fluxbb.org"], a[href*="punbb.informer.com"]',
            ".blockpost .postbody, .blockpost .postmsg",
        ),
        (topic_form(r"viewtopic\.php\?(?:[^#]*&)?id=(?P<id>\d+)(?=[&#]|\Z)", "viewtopic.php?id={id}"),),
        traps(
            r"/(?:post|edit|delete|login|register|misc|moderate)\.php",
            r"/(?:userlist|search|profile|help|extern)\.php",
        ),
    ),
    Board(
        "bbpress",
        ("bbpress", "bbp-"),
        (
            "body.bbpress, body.bbPress",
            "#bbpress-forums",
            'link[href*="/bbpress/"], script[src*="/bbpress/"]',
            ".bbp-reply-content, .bbp-topic-content, .bbp-body",
        ),
        (topic_form(r"(?P<front>(?:forums/)?)topic/(?P<id>[^/?]+)" + END, "{front}topic/{id}/"),),
        traps(r"[?&](?:action|bbp_reply_to|_wpnonce)=|/edit/", r"/(?:users|search)/|[?&]bbp_search="),
        # WordPress stands below it, and would take its pages for its own posts.
        rank=-1,
    ),
)
