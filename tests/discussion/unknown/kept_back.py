"""Ways of making discussion pages that no rule of the reader was made on: what is read of them shows what unknown software will give."""

import random
from html import escape
from typing import Final

from tests.discussion.unknown.markup import Kind, ago, day, iso, labels, lines, paragraphs, printed
from tests.discussion.unknown.threads import Said, Thread


def _archive_thread(thread: Thread, chance: random.Random) -> str:
    """A mailing list's page of a whole thread: messages set in by classes, bodies in plain text with quoted lines."""
    say = labels(thread.language)
    out = [
        f'<div class="head"><h2>{escape(thread.title)}</h2><p>{len(thread.said)} {say["comments"]}</p></div><div id="thread-content">'
    ]
    for at, said in enumerate(thread.said):
        depth = min(thread.depth(at) + (1 if at else 0), 5)
        quoted = "".join(f"&gt; {escape(line)}\n" for line in ([said.quoted] if said.quoted else []))
        out.append(
            f'<div class="{"even" if at % 2 else "odd"}"><a name="M{said.number}XQ"></a>'
            f'<div class="mail level-{depth}" id="msg{said.number}"><div class="mail-head"><div class="gravatar"></div>'
            f'<div class="mail-author"><span class="who"><a href="/list/users/{said.by.number:x}/">{escape(said.by.name)}</a></span></div>'
            f'<div class="mail-date"><span title="Sender\'s time: {said.at:%B} {said.at.day}, {said.at.year}, {said.at:%H:%M}">{said.at.day} {said.at:%b} {said.at.year}</span>'
            f' <span class="time">{said.at:%H:%M}</span></div></div>'
            f'<div class="mail-body"><pre>{quoted}{escape(chr(10).join(said.paragraphs))}</pre></div>'
            f'<div class="mail-info"><a class="rep" href="#">{say["reply"]}</a> <a href="#v">0</a> / <a href="#w">0</a></div></div></div>'
        )
    return "".join(out) + "</div>"


def _right_profile(thread: Thread, chance: random.Random) -> str:
    """A board inside a publishing system: the writer stands right of the message, with a picture and a place."""
    say = labels(thread.language)
    out = [f'<h1 class="kt">{escape(thread.title)}</h1><div class="ktopic">']
    for at, said in enumerate(thread.said):
        by = said.by
        sign = f'<div class="ksig"><hr>{escape(by.signature)}</div>' if by.signature else ""
        out.append(
            f'<div class="krow"><a id="{said.number}"></a><div class="kcol-10"><small class="muted ktime"><time datetime="{iso(said.at)}">{printed(said.at, thread.language)}</time> '
            f'<a href="#{said.number}">#{said.number}</a></small>'
            f'<div class="kbadger khistory"><div class="kmsg"><div class="ktitle">{"Re: " if at else ""}{escape(thread.title)}</div><div class="ktext">{lines(said)}</div></div>{sign}</div>'
            f'<div class="kbuttons"><a href="/q/{said.number}">{say["quote"]}</a> <a href="/r/{said.number}">{say["reply"]}</a></div></div>'
            f'<div class="kcol-2"><ul class="unstyled"><li><strong><a href="/board/user/{by.number}-x">{escape(by.name)}</a></strong></li>'
            f'<li><img src="/a/{by.number}.png" alt="{escape(by.name)}"></li><li>{by.rank}</li><li>{say["posts"]}: {by.posts}</li></ul></div></div>'
        )
    return "".join(out) + "</div>"


def _bug(thread: Thread, chance: random.Random) -> str:
    """A bug tracker: a table of facts, a description and numbered comments in plain text."""
    first = thread.said[0]
    facts = "".join(
        f"<tr><th>{name}:</th><td>{value}</td></tr>"
        for name, value in (
            ("Status", "NEW"), ("Product", "Kitchen"), ("Component", "Kettle"), ("Version", "2.1"), ("Importance", "P3 normal"),
            ("Reported", f"{first.at:%Y-%m-%d %H:%M} UTC by {escape(first.by.name)}"), ("Modified", f"{thread.said[-1].at:%Y-%m-%d %H:%M} UTC"),
        )
    )  # fmt: skip
    out = [
        f'<div class="bz_title"><b>Bug {first.number}</b> - <span id="sd">{escape(thread.title)}</span></div><table>{facts}</table><div id="allc"><table><tr><td>'
    ]
    for at, said in enumerate(thread.said):
        name = "Description" if at == 0 else f"Comment {at}"
        out.append(
            f'<div id="c{at}" class="bzc{" first" if at == 0 else ""}"><div class="bzc_head"><span class="bzc_no"><a href="/show?id={first.number}#c{at}">{name}</a></span>'
            f' <span class="bzc_who"><span class="vcard"><span class="fn">{escape(said.by.name)}</span></span></span> <span class="bzc_images"></span>'
            f' <span class="bzc_time">{said.at:%Y-%m-%d %H:%M:%S} UTC</span></div><pre class="bzc_text">{escape(chr(10).join(said.paragraphs))}</pre></div>'
        )
    return "".join(out) + "</td></tr></table></div>"


def _changes(thread: Thread, chance: random.Random) -> str:
    """A ticket whose later entries are changes of its facts, with words or without."""
    first = thread.said[0]
    out = [
        (
            f'<div id="ticket"><h1><a href="/ticket/{first.number}">#{first.number}</a> <span class="summary">{escape(thread.title)}</span></h1>'
            f'<div class="date"><p>Opened <a class="timeline" title="{printed(first.at, "en")}" href="/timeline?from=1">{ago(first.at)}</a></p></div>'
            f'<table class="properties"><tr><th>Reported by:</th><td>{escape(first.by.name)}</td><th>Owned by:</th><td>nobody</td></tr><tr><th>Priority:</th><td>low</td><th>Milestone:</th><td></td></tr></table>'
            f'<div class="description"><h2>Description</h2><div class="searchable">{paragraphs(first)}</div></div></div><div><h2>Change History ({len(thread.said) - 1})</h2><div id="changelog">'
        )
    ]
    for at, said in enumerate(thread.said[1:], 1):
        if chance.random() < 0.3:
            other = chance.choice(thread.said).by
            out.append(
                f'<div class="change" id="trac-x-{at}"><h3 class="change"><span class="threading"></span> Changed <a class="timeline" title="{printed(said.at, "en")}" href="/timeline?from=2">{ago(said.at)}</a> by <span class="trac-author">{escape(other.name)}</span></h3>'
                f'<ul class="changes"><li class="field-status"><strong>Status:</strong> <em>new</em> → <em>assigned</em></li></ul></div>'
            )
        out.append(
            f'<div class="change" id="trac-change-{at}"><h3 class="change"><span class="cnum"><a href="#comment:{at}">comment:{at}</a></span> by <span class="trac-author">{escape(said.by.name)}</span>, '
            f'<a class="timeline" title="{printed(said.at, "en")}" href="/timeline?from=3">{ago(said.at)}</a></h3><div class="comment searchable">{paragraphs(said)}</div></div>'
        )
    return "".join(out) + "</div></div>"


def _subtree(thread: Thread, chance: random.Random) -> str:
    """A link board: the post is a link with few words, comments are lists in lists."""
    say = labels(thread.language)
    first = thread.said[0]

    def below(at: int) -> str:
        items = []
        for each in thread.children(at):
            said = thread.said[each]
            items.append(
                f'<li class="csub"><input id="fold{each}" type="checkbox"><div id="c_{said.number:x}z{said.number}" data-shortid="s{said.number}" class="cmt"><label for="fold{each}"></label>'
                f'<div class="voters"><a class="up">{chance.randint(1, 40)}</a></div><div class="det"><div class="line"><a href="/~{said.by.number}">{escape(said.by.name)}</a> <span title="{said.at:%Y-%m-%d %H:%M:%S} +0000">{ago(said.at)}</span> | <a href="#c_{said.number:x}z{said.number}">link</a></div>'
                f'<div class="cmt_text">{paragraphs(said)}</div></div></div><ol class="cmts">{below(each)}</ol></li>'
            )
        return "".join(items)

    return (
        f'<div class="story"><h1><a href="https://elsewhere.example/a">{escape(thread.title)}</a></h1><div class="line">via <a href="/~{first.by.number}">{escape(first.by.name)}</a> <span title="{first.at:%Y-%m-%d %H:%M:%S} +0000">{ago(first.at)}</span> | <span>{len(thread.said) - 1} {say["comments"]}</span></div>'
        f'<div class="story_text">{paragraphs(first)}</div></div><ol class="cmts top">{below(0)}</ol>'
    )


def _talk_page(thread: Thread, chance: random.Random) -> str:
    """A wiki's talk page: text with signatures, set in by lists of definitions."""

    def signed(said: Said) -> str:
        by = said.by
        return (
            f'{"</p><p>".join(escape(each) for each in said.paragraphs)} <a href="/wiki/User:{by.number}" title="User:{escape(by.name)}">{escape(by.name)}</a> '
            f'(<a href="/wiki/User_talk:{by.number}">talk</a>) {said.at:%H:%M}, {said.at.day} {said.at:%B} {said.at.year} (UTC)'
        )

    def below(at: int) -> str:
        return "".join(
            f"<dl><dd><p>{signed(thread.said[each])}</p>{below(each)}</dd></dl>"
            for each in thread.children(at)
        )

    return (
        f'<h1>Talk:{escape(thread.words.title())}</h1><div class="out"><h2><span id="s1">{escape(thread.title)}</span><span class="edit">[<a href="/e">edit</a>]</span></h2>'
        f"<p>{signed(thread.said[0])}</p>{below(0)}</div>"
    )


def _question(thread: Thread, chance: random.Random) -> str:
    """A question with votes, answers, and comments under both."""
    say = labels(thread.language)

    def meta(said: Said, what: str) -> str:
        return f'<span class="q-{what}-meta"><span class="what">{what}</span> <span class="when"><time datetime="{iso(said.at)}">{day(said.at, thread.language)}</time></span> <span class="who">by <a href="/user/{said.by.number}" class="ulink">{escape(said.by.name)}</a> <span class="pts">({said.by.posts} points)</span></span></span>'

    def comments(at: int) -> str:
        items = "".join(
            f'<div class="q-c-item" id="c{thread.said[each].number}"><div class="q-c-content"><a name="{thread.said[each].number}"></a>{escape(" ".join(thread.said[each].paragraphs))}</div>{meta(thread.said[each], "commented")}</div>'
            for each in thread.children(at)
        )
        return f'<div class="q-c-list">{items}</div>'

    first = thread.said[0]
    answers = "".join(
        f'<div class="q-a-item" id="a{thread.said[each].number}"><div class="voting"><span>{chance.randint(0, 9)}</span> votes</div><div class="q-a-main"><div class="q-a-content">{paragraphs(thread.said[each])}</div>{meta(thread.said[each], "answered")}<div class="btn">{say["reply"]} {say["report"]}</div>{comments(each)}</div></div>'
        for each in thread.children(0)
    )
    return (
        f'<h1><a href="/{first.number}/q">{escape(thread.title)}</a></h1><div class="q-view"><div class="voting"><span>4</span> votes</div><div class="q-main"><div class="q-content">{paragraphs(first)}</div><ul class="tags"><li>kettle</li><li>repair</li></ul>{meta(first, "asked")}</div></div>'
        f'<div class="a-list"><h2>{len(thread.children(0))} {say["answers"]}</h2>{answers}</div>'
    )


def _numbered(thread: Thread, chance: random.Random) -> str:
    """An anonymous board: number, the same name for all, date and a code in one line, words in the next."""
    out = [f'<h1 style="color:#c00">{escape(thread.title)}</h1><dl class="thread">']
    out.extend(
        f'<dt>{at} ：<font color="green"><b>名無しさん</b></font>：{said.at:%Y/%m/%d}(火) {said.at:%H:%M:%S}.{said.number % 90 + 10} ID:{said.by.number:x}Zk0</dt><dd>{lines(said)}<br><br></dd>'
        for at, said in enumerate(thread.said, 1)
    )
    return "".join(out) + "</dl>"


def _rules(thread: Thread, chance: random.Random) -> str:
    """A home-made guest board: bold names, small dates, text and rules between."""
    out = [f'<center><font size="5"><b>{escape(thread.title)}</b></font></center><hr>']
    out.extend(
        f'<b>{escape(said.by.name)}</b> <font size="1" color="gray">({said.at:%Y/%m/%d %H:%M})</font><br>{lines(said)}<hr size="1">'
        for said in thread.said
    )
    return "".join(out)


KEPT_BACK: Final = (
    Kind("archive thread", _archive_thread, "https://lists.example.org/list/users/thread/{number}/", deepest=6, edges=True, quotes=False),
    Kind("right profile", _right_profile),
    Kind("bug", _bug, "https://bugs.example.org/show?id={number}", languages=("en", "de", "ja")),
    Kind("changes", _changes, "https://code.example.org/ticket/{number}", languages=("en", "de", "fr"), sizes=(3, 6, 14)),
    Kind("subtree", _subtree, "https://links.example.org/s/{number}/a_title_of_it", deepest=6, edges=True, sizes=(3, 6, 14)),
    Kind("talk page", _talk_page, "https://wiki.example.org/wiki/Talk:Kettle{number}", deepest=6, edges=True, languages=("en", "de", "fr", "ja")),
    Kind("question", _question, "https://ask.example.org/{number}/a-title-of-it", deepest=2, edges=True, sizes=(3, 6, 14)),
    Kind("numbered", _numbered, "https://board.example.jp/test/read/kitchen/{number}/", has_names=False, languages=("ja", "ko", "zh", "en")),
    Kind("rules", _rules, "https://home.example.com/bbs/view.cgi?no={number}", around=False, languages=("en", "ko", "ja", "de")),
)  # fmt: skip
