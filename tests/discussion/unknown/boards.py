"""Boards: posts one after the other, by how each is laid out."""

import random
from html import escape
from typing import Final

from tests.discussion.unknown.markup import Kind, ago, day, iso, labels, lines, paragraphs, printed
from tests.discussion.unknown.threads import Member, Thread


def _profile(by: Member, language: str) -> str:
    say = labels(language)
    return (
        f'<a class="big" href="/member.php?u={by.number}">{escape(by.name)}</a><div class="small">{by.rank}</div>'
        f'<img src="/avatars/{by.number}.gif" alt=""><div class="small"><div>{say["joined"]}: {day(by.joined, language)}</div><div>{say["posts"]}: {by.posts:,}</div></div>'
    )


def _two_rows(thread: Thread, chance: random.Random) -> str:
    """A table for each post with a row that dates it, and one with the writer left of the words."""
    say, out = labels(thread.language), [f"<h1>{escape(thread.title)}</h1>"]
    for at, said in enumerate(thread.said, 1):
        sign = f"<div>__________________<br>{escape(said.by.signature)}</div>" if said.by.signature else ""
        out.append(
            f'<table id="post{said.number}" class="tborder" width="100%"><tr><td class="thead"><a name="p{said.number}"></a> {printed(said.at, thread.language)}</td><td class="thead" align="right">#<a href="/showpost.php?p={said.number}">{at}</a></td></tr>'
            f'<tr valign="top"><td class="alt2" width="175">{_profile(said.by, thread.language)}</td><td class="alt1"><div class="small"><strong>{"Re: " if at > 1 else ""}{escape(thread.title)}</strong></div><hr><div id="pm_{said.number}">{lines(said)}</div>{sign}<div align="right"><a href="/newreply.php?p={said.number}">{say["quote"]}</a></div></td></tr></table>'
        )
        if at == 1 and chance.random() < 0.5:
            out.append(
                '<table class="tborder"><tr><td class="alt1"><b>Advertisement</b> Buy our wonderful soap today and save</td></tr></table>'
            )
    return "".join(out)


def _cells(thread: Thread, chance: random.Random) -> str:
    """One table of all posts: a row with writer and words, a row with buttons, a row that is a gap."""
    say = labels(thread.language)
    out = [
        f'<h1>{escape(thread.title)}</h1><table class="forumline"><tr><th>Author</th><th>Message</th></tr>'
    ]
    for at, said in enumerate(thread.said):
        row = f"row{at % 2 + 1}"
        quote = (
            f'<table><tr><td><b>{escape(said.by.name)} {say["wrote"]}:</b></td></tr><tr><td class="quote">{escape(said.quoted)}</td></tr></table>'
            if said.quoted
            else ""
        )
        sign = f"<br>_________________<br>{escape(said.by.signature)}" if said.by.signature else ""
        out.append(
            f'<tr><td width="150" class="{row}"><span class="name"><a name="{said.number}"></a><b>{escape(said.by.name)}</b></span><br><span class="postdetails">{said.by.rank}<br><br>{say["joined"]}: {day(said.by.joined, thread.language)}<br>{say["posts"]}: {said.by.posts}</span></td>'
            f'<td class="{row}"><table width="100%"><tr><td><a href="/viewtopic.php?p={said.number}#{said.number}"><img src="m.gif" alt="Post"></a><span class="postdetails">Posted: {printed(said.at, thread.language)} &nbsp; Post subject: {escape(thread.title)}</span></td><td><a href="/posting.php?mode=quote">{say["quote"]}</a></td></tr>'
            f'<tr><td colspan="2"><hr></td></tr><tr><td colspan="2"><span class="postbody">{quote}{lines(said)}{sign}</span></td></tr></table></td></tr>'
            f'<tr><td class="{row}"><a href="#top">Back to top</a></td><td class="{row}"><a href="/profile.php?u={said.by.number}">Profile</a> <a href="/privmsg.php">PM</a></td></tr><tr><td class="space" colspan="2"></td></tr>'
        )
    return "".join(out) + "</table>"


def _definitions(thread: Thread, chance: random.Random) -> str:
    """A list of terms and definitions: writer and date are the term, words the definition."""
    out = [f'<h2>{escape(thread.title)}</h2><dl id="talk">']
    out.extend(
        f'<dt id="n{said.number}"><a href="/people/{said.by.number}">{escape(said.by.name)}</a> <small>{printed(said.at, thread.language)}</small></dt><dd>{paragraphs(said)}</dd>'
        for said in thread.said
    )
    return "".join(out) + "</dl>"


def _flat(thread: Thread, chance: random.Random) -> str:
    """Posts without anything around each: heading, line of facts, words, rule."""
    say, out = labels(thread.language), ['<div id="main">']
    out.extend(
        f'<h4>{"Re: " if at else ""}{escape(thread.title)}</h4><p class="meta">{escape(said.by.name)} &middot; {printed(said.at, thread.language)} &middot; <a href="?reply={said.number}">{say["reply"]}</a></p><div class="words">{paragraphs(said)}</div><hr>'
        for at, said in enumerate(thread.said)
    )
    return "".join(out) + "</div>"


def _bare_flow(thread: Thread, chance: random.Random) -> str:
    """Posts without anything around each and with a varying number of paragraphs, which stand beside the facts."""
    say, out = labels(thread.language), [f'<div id="main"><h1>{escape(thread.title)}</h1>']
    out.extend(
        f'<h3><a href="/users/{said.by.number}">{escape(said.by.name)}</a></h3><p class="when">{printed(said.at, thread.language)}</p>{paragraphs(said)}<p class="act"><a href="?r={said.number}">{say["reply"]}</a></p>'
        for said in thread.said
    )
    return "".join(out) + "</div>"


def _quoting(thread: Thread, chance: random.Random) -> str:
    """A board whose quotations say whom they quote."""
    say, out = labels(thread.language), [f"<h1>{escape(thread.title)}</h1>"]
    for said in thread.said:
        of = next((each for each in thread.said if said.quoted in each.paragraphs), said)
        quote = (
            f"<blockquote><div><cite>{escape(of.by.name)} {say['wrote']}:</cite>{escape(said.quoted)}</div></blockquote>"
            if said.quoted
            else ""
        )
        edited = (
            f'<div class="notice">{say["edited"]}: {printed(said.at, thread.language)}</div>'
            if chance.random() < 0.2
            else ""
        )
        likes = (
            f'<div class="likes">{", ".join(escape(each.by.name) for each in thread.said[:3])} {say["like"]}</div>'
            if chance.random() < 0.3
            else ""
        )
        sign = f'<div class="signature">{escape(said.by.signature)}</div>' if said.by.signature else ""
        out.append(
            f'<div id="p{said.number}" class="post bg{said.number % 2}"><dl class="side"><dt><a href="/memberlist.php?u={said.by.number}" class="username">{escape(said.by.name)}</a></dt><dd>{said.by.rank}</dd><dd><strong>{say["posts"]}:</strong> {said.by.posts}</dd><dd><strong>{say["joined"]}:</strong> {day(said.by.joined, thread.language)}</dd></dl>'
            f'<div class="main"><h3><a href="#p{said.number}">Re: {escape(thread.title)}</a></h3><p class="author">{printed(said.at, thread.language)}</p><div class="content">{quote}{lines(said)}</div>{edited}{likes}{sign}</div></div>'
        )
    return "".join(out)


def _hashed(thread: Thread, chance: random.Random) -> str:
    """Classes that say nothing, times relative with their date in an attribute."""
    say, out = labels(thread.language), [f'<div class="_a1"><h1 class="_b2">{escape(thread.title)}</h1>']
    out.extend(
        f'<div class="_c3 _d4"><div class="_e5"><div class="_f6"><img class="_g7" src="/p/{said.by.number}" alt="{escape(said.by.name)}"></div><div class="_h8"><div class="_i9"><a class="_j0" href="/@{said.by.number}">{escape(said.by.name)}</a><span class="_k1">{said.by.rank}</span></div><div class="_l2"><time datetime="{iso(said.at)}">{ago(said.at)}</time></div></div></div><div class="_m3">{paragraphs(said)}</div><div class="_n4"><span>{say["like"]} {chance.randint(0, 30)}</span><span>{say["reply"]}</span></div></div>'
        for said in thread.said
    )
    return "".join(out) + "</div>"


def _epochs(thread: Thread, chance: random.Random) -> str:
    """Times as numbers in attributes, elements for time without words."""
    say, out = labels(thread.language), [f"<h1>{escape(thread.title)}</h1><div class='stream'>"]
    out.extend(
        f'<section class="entry" data-entry-id="{said.number}"><div class="who"><a href="/profile/{said.by.number}">{escape(said.by.name)}</a></div><span class="t" data-time="{int(said.at.timestamp())}000"></span><div class="body">{paragraphs(said)}</div><div class="tools">{say["reply"]} {say["report"]}</div></section>'
        for said in thread.said
    )
    return "".join(out) + "</div>"


def _undated(thread: Thread, chance: random.Random) -> str:
    """No dates at all."""
    say, out = labels(thread.language), [f"<h1>{escape(thread.title)}</h1>"]
    out.extend(
        f'<div class="message" id="m{said.number}"><div class="author"><a href="/user/{said.by.number}">{escape(said.by.name)}</a></div><div class="text">{paragraphs(said)}</div><a href="#">{say["quote"]}</a></div>'
        for said in thread.said
    )
    return "".join(out)


def _nameless(thread: Thread, chance: random.Random) -> str:
    """An anonymous board: all are called alike, told by numbers."""
    name = {"ko": "익명", "ja": "名無し"}.get(thread.language, "Anonymous")
    out = [f'<div class="board"><h2>{escape(thread.title)}</h2>']
    out.extend(
        f'<div class="postContainer" id="pc{said.number}"><div class="reply" id="p{said.number}"><div class="postInfo"><span class="nameBlock"><span class="name">{name}</span></span> <span class="dateTime" data-utc="{int(said.at.timestamp())}">{said.at:%m/%d/%y}({said.at:%a}){said.at:%H:%M:%S}</span> <span class="postNum"><a href="#p{said.number}">No.</a><a href="#q{said.number}">{said.number}</a></span></div><blockquote class="postMessage">{lines(said)}</blockquote></div></div>'
        for said in thread.said
    )
    return "".join(out) + "</div>"


def _reacting(thread: Thread, chance: random.Random) -> str:
    """A modern board with all that stands beside words: badges, lists of names, a poll, advertisements between, pictures alone."""
    say = labels(thread.language)
    poll = '<div class="poll"><h4>Which one?</h4><ul><li>The red one <b>40 %</b></li><li>The blue one <b>60 %</b></li></ul><p>25 votes</p></div>'
    out = [f"<h1>{escape(thread.title)}</h1>"]
    for at, said in enumerate(thread.said):
        names = ", ".join(escape(each.by.name) for each in thread.said[: chance.randint(0, 4)])
        reactions = (
            f'<div class="reactionsBar"><a href="/reactions/{said.number}">{names}</a></div>' if names else ""
        )
        badge = '<span class="tag">OP</span>' if said.by == thread.said[0].by else ""
        out.append(
            f'<article class="message message--post" data-author="{escape(said.by.name)}" id="js-post-{said.number}"><div class="message-inner"><div class="message-cell message-cell--user"><h4 class="message-name"><a href="/members/x.{said.by.number}/" class="username">{escape(said.by.name)}</a></h4><h5 class="userTitle">{said.by.rank}</h5>{badge}<dl class="pairs"><dt>{say["joined"]}</dt><dd>{day(said.by.joined, thread.language)}</dd></dl><dl class="pairs"><dt>{say["posts"]}</dt><dd>{said.by.posts}</dd></dl></div>'
            f'<div class="message-cell message-cell--main"><ul class="attribution"><li><a href="/post-{said.number}"><time datetime="{iso(said.at)}">{day(said.at, thread.language)}</time></a></li><li><a href="/post-{said.number}">#{at + 1}</a></li></ul><div class="message-body">{poll if at == 0 else ""}<div class="wrapper">{lines(said)}</div></div>{reactions}<footer>{say["like"]} {say["reply"]}</footer></div></div></article>'
        )
        if at % 5 == 2:
            out.append(
                '<article class="message message--ad"><div class="message-inner"><div>Sponsored: soap that smells of pine, now cheaper</div></div></article>'
            )
    return "".join(out)


def _social(thread: Thread, chance: random.Random) -> str:
    """A status with its answers: handles beside names, relative times only."""
    out = [f'<div class="timeline" role="feed"><h1 class="sr">{escape(thread.title)}</h1>']
    out.extend(
        f'<div class="status" role="article" data-id="{said.number}"><div class="status__info"><a class="display" href="/@user{said.by.number}"><bdi><strong>{escape(said.by.name)}</strong></bdi><span class="handle">@user{said.by.number}@example.net</span></a><a class="rel" href="/@user{said.by.number}/{said.number}"><time datetime="{iso(said.at)}" title="{iso(said.at)}">{(2026 - said.at.year) or 1}y</time></a></div><div class="status__content">{paragraphs(said)}</div><div class="bar"><span>{chance.randint(0, 9)}</span><span>{chance.randint(0, 9)}</span></div></div>'
        for said in thread.said
    )
    return "".join(out) + "</div>"


BOARDS: Final = (
    Kind("two rows", _two_rows, "https://board.example.net/showthread.php?t={number}"),
    Kind("cells", _cells, "https://board.example.net/viewtopic.php?t={number}", quotes=True),
    Kind("definitions", _definitions),
    Kind("flat", _flat),
    Kind("bare flow", _bare_flow, sizes=(3, 6, 14)),
    Kind("quoting", _quoting, "https://board.example.net/viewtopic.php?f=2&t={number}", quotes=True),
    Kind("hashed", _hashed),
    Kind("epochs", _epochs),
    Kind("undated", _undated, has_dates=False),
    Kind("nameless", _nameless, "https://board.example.net/kitchen/thread/{number}", has_names=False),
    Kind("reacting", _reacting, "https://board.example.net/threads/a-title.{number}/"),
    Kind("social", _social, "https://social.example.net/@user1/{number}"),
)
