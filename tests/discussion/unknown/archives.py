"""Mail, wikis, tickets and guest books."""

import random
from html import escape
from typing import Final

from tests.discussion.unknown.markup import Kind, ago, iso, labels, lines, paragraphs, printed
from tests.discussion.unknown.threads import Said, Thread


def _mail(thread: Thread, chance: random.Random) -> str:
    """Mails of a thread one after the other: head lines, and plain text with quoted lines."""
    out = [f"<h1>{escape(thread.title)}</h1>"]
    for at, said in enumerate(thread.said):
        of = next((each for each in thread.said if said.quoted in each.paragraphs), said)
        quoted = (
            f"On {of.at:%a, %d %b %Y}, {escape(of.by.name)} wrote:\n&gt; {escape(said.quoted)}\n\n"
            if said.quoted
            else ""
        )
        body = "\n\n".join(map(escape, said.paragraphs))
        out.append(
            f'<div class="message"><a name="{said.number}"></a><table class="heads"><tr><th>From:</th><td>{escape(said.by.name)} &lt;name at example dot org&gt;</td></tr><tr><th>Date:</th><td>{said.at:%a, %d %b %Y %H:%M:%S} +0000</td></tr><tr><th>Subject:</th><td>{"Re: " if at else ""}{escape(thread.title)}</td></tr></table><pre>{quoted}{body}</pre><p>[<a href="/r/{said.number}">reply</a>] [<a href="/raw/{said.number}">raw</a>]</p></div>'
        )
    return "".join(out)


def _one_mail(thread: Thread, chance: random.Random) -> str:
    """The page of one mail, with links to those before and behind it."""
    said = thread.said[0]
    return (
        f'<h1>{escape(thread.title)}</h1><b>{escape(said.by.name)}</b> <a href="mailto:x">name at example.org</a><br><i>{said.at:%a %b} {said.at.day} {said.at:%H:%M:%S} UTC {said.at.year}</i><p><ul><li>Previous message: <a href="0012.html">{escape(thread.words.title())}</a></li><li>Next message: <a href="0014.html">{escape(thread.words.title())}</a></li><li><b>Messages sorted by:</b> <a href="date.html">[ date ]</a> <a href="thread.html">[ thread ]</a></li></ul><hr><pre>'
        + "\n\n".join(map(escape, said.paragraphs))
        + "</pre><hr>"
    )


def _talk(thread: Thread, chance: random.Random) -> str:
    """A section of a wiki's talk page: paragraphs signed by a dash, answers set in by lists."""
    first = thread.said[0]

    def signed(said: Said) -> str:
        return f'{"<br>".join(map(escape, said.paragraphs))} &mdash; <a href="/User:{said.by.number}">{escape(said.by.name)}</a> <small>(<a href="/User_talk:{said.by.number}">talk</a>)</small> {said.at:%H:%M}, {said.at.day} {said.at:%B} {said.at.year} (UTC)'

    def below(at: int) -> str:
        items = "".join(f"<li>{signed(thread.said[each])}{below(each)}</li>" for each in thread.children(at))
        return f"<ul>{items}</ul>" if items else ""

    return f"<h1>Talk:{escape(thread.words.title())}</h1><h2>{escape(thread.title)}</h2><p>{signed(first)}</p>{below(0)}"


def _journal(thread: Thread, chance: random.Random) -> str:
    """A ticket with notes: times relative with the date as a title, entries of changes without words between."""
    first = thread.said[0]

    def byline(said: Said, verb: str) -> str:
        return f'{verb} by <a class="user active" href="/users/{said.by.number}">{escape(said.by.name)}</a> <a title="{printed(said.at, thread.language)}" href="/activity?from={said.at:%Y-%m-%d}">{ago(said.at)}</a>'

    out = [
        f'<h2>Bug #{first.number}</h2><div class="issue"><h3>{escape(thread.title)}</h3><p class="author">{byline(first, "Added")}.</p><div class="attributes"><div>Status: Closed</div><div>Priority: Low</div></div><div class="description"><p><strong>Description</strong></p><div class="wiki">{paragraphs(first)}</div></div></div><div id="history"><h3>History</h3>'
    ]
    for at, said in enumerate(thread.said[1:], 1):
        if chance.random() < 0.3:
            out.append(
                f'<div id="change-{said.number - 1}" class="journal"><h4><a href="#note-{at}">#{at}</a> {byline(said, "Updated")}</h4><ul class="details"><li><strong>Status</strong> changed from <i>New</i> to <i>Closed</i></li></ul></div>'
            )
        out.append(
            f'<div id="change-{said.number}" class="journal has-notes"><h4><a href="#note-{at}">#{at}</a> {byline(said, "Updated")}</h4><div class="wiki">{paragraphs(said)}</div></div>'
        )
    return "".join(out) + "</div>"


def _issue(thread: Thread, chance: random.Random) -> str:
    """An issue of a forge: comments in a line of events of other kinds."""
    out = [
        f'<h1><span class="title">{escape(thread.title)}</span> <span class="index">#{thread.said[0].number}</span></h1><div class="timeline">'
    ]
    for at, said in enumerate(thread.said):
        if at and chance.random() < 0.4:
            other = thread.said[0].by
            out.append(
                f'<div class="timeline-item event" id="event-{said.number - 1}"><span class="badge"></span><span class="text grey"><a class="author" href="/{other.number}">{escape(other.name)}</a> added the <span class="label">kind/bug</span> label <relative-time datetime="{iso(said.at)}">{said.at:%b} {said.at.day}, {said.at.year}</relative-time></span></div>'
            )
        role = '<span class="role">Owner</span>' if chance.random() < 0.3 else ""
        out.append(
            f'<div class="timeline-item comment" id="issuecomment-{said.number}"><a class="avatar" href="/{said.by.number}"><img src="/av" alt=""></a><div class="content"><div class="header"><span class="text"><a class="author" href="/{said.by.number}">{escape(said.by.name)}</a> commented <relative-time datetime="{iso(said.at)}">{said.at:%b} {said.at.day}, {said.at.year}</relative-time></span>{role}</div><div class="body"><div class="render-content markup">{paragraphs(said)}</div></div></div></div>'
        )
    return "".join(out) + "</div>"


def _guests(thread: Thread, chance: random.Random) -> str:
    """A guest book of Korea's: rows of a list with name, date and words, no profile."""
    say, first = labels(thread.language), thread.said[0]
    rows = "".join(
        f'<div class="cmt_row"><div class="cmt_info"><span class="nm">{escape(said.by.name)}</span><span class="ip">(121.130.*.*)</span><span class="dt">{said.at:%Y.%m.%d %H:%M}</span></div><div class="cmt_txt">{lines(said)}</div><span class="btns">{say["reply"]} {say["report"]}</span></div>'
        for said in thread.said[1:]
    )
    return f'<div class="view_head"><h3 class="tit">{escape(thread.title)}</h3><div class="inf"><span>{escape(first.by.name)}</span><span>{first.at:%Y.%m.%d %H:%M}</span><span>조회 128</span></div></div><div class="view_body">{paragraphs(first)}</div><div class="cmt_area"><div class="cmt_tit">{say["comments"]} <b>{len(thread.said) - 1}</b></div>{rows}</div>'


ARCHIVES: Final = (
    Kind(
        "mail",
        _mail,
        "https://lists.example.net/users/thread/{number}.html",
        quotes=True,
        languages=("en", "de", "fr", "ko"),
    ),
    Kind(
        "one mail",
        _one_mail,
        "https://lists.example.net/pipermail/users/2024-March/{number}.html",
        sizes=(1,),
        languages=("en", "de", "fr"),
    ),
    Kind(
        "talk",
        _talk,
        "https://wiki.example.net/wiki/Talk:Kettle_{number}",
        deepest=6,
        edges=True,
        languages=("en", "de", "fr", "ja"),
    ),
    Kind("journal", _journal, "https://code.example.net/issues/{number}", languages=("en", "de", "fr")),
    Kind("guests", _guests, "https://site.example.net/bbs/view.php?no={number}"),
    Kind("issue", _issue, "https://forge.example.net/kitchen/kettle/issues/{number}"),
)
