"""Threads that branch: comments in comments, set in, or told by links and attributes what they answer."""

import random
from html import escape
from typing import Final

from tests.discussion.unknown.markup import Kind, ago, head_post, iso, labels, lines, paragraphs, printed
from tests.discussion.unknown.threads import Said, Thread


def _nested_articles(thread: Thread, chance: random.Random) -> str:
    """Articles in articles."""
    say = labels(thread.language)

    def one(at: int) -> str:
        said = thread.said[at]
        return (
            f'<article id="comment-{said.number}"><header><a rel="author" href="/u/{said.by.number}">{escape(said.by.name)}</a> <a href="#comment-{said.number}"><time datetime="{iso(said.at)}">{ago(said.at)}</time></a></header>'
            f'<div class="prose">{paragraphs(said)}</div><footer><button>{say["like"]}</button> <a href="#r">{say["reply"]}</a></footer>{"".join(map(one, thread.children(at)))}</article>'
        )

    first = thread.said[0]
    return (
        f'<main><article class="entry"><h1>{escape(thread.title)}</h1><p class="byline"><a rel="author" href="/u/{first.by.number}">{escape(first.by.name)}</a> <time datetime="{iso(first.at)}">{printed(first.at, thread.language)}</time></p><div class="prose">{paragraphs(first)}</div></article>'
        f'<section id="comments"><h2>{say["comments"]}</h2>{"".join(map(one, thread.children(0)))}</section></main>'
    )


def _lists(thread: Thread, chance: random.Random) -> str:
    """Lists in lists, each item with its comment and the list of its answers."""
    say = labels(thread.language)

    def items(at: int) -> str:
        return "".join(
            f'<li><div class="c-box" id="c{thread.said[each].number}"><p class="c-head"><b>{escape(thread.said[each].by.name)}</b> <span>{printed(thread.said[each].at, thread.language)}</span></p><div class="c-words">{paragraphs(thread.said[each])}</div><a href="/reply/{thread.said[each].number}">{say["reply"]}</a></div><ul>{items(each)}</ul></li>'
            for each in thread.children(at)
        )

    first = thread.said[0]
    return f'<div class="node"><h1>{escape(thread.title)}</h1><div class="submitted">{escape(first.by.name)}, {printed(first.at, thread.language)}</div><div class="content">{paragraphs(first)}</div></div><div id="discuss"><ul>{items(0)}</ul></div>'


def _margins(thread: Thread, chance: random.Random) -> str:
    """Comments in a row, each set in by a margin."""
    say = labels(thread.language)
    out = [head_post(thread)]
    out.extend(
        f'<div class="item" id="i{said.number}" style="margin-left: {thread.depth(at) * 24}px"><span class="nick">{escape(said.by.name)}</span> <span class="date">{printed(said.at, thread.language)}</span><div class="msg">{lines(said)}</div><a href="#">{say["reply"]}</a></div>'
        for at, said in enumerate(thread.said[1:], 1)
    )
    return "".join(out)


def _spacers(thread: Thread, chance: random.Random) -> str:
    """Rows of tables set in by the width of a picture; the post is a link with words."""
    first = thread.said[0]
    out = [
        f'<table class="fatitem"><tr class="athing" id="{first.number}"><td class="title"><span class="titleline"><a href="https://elsewhere.example/">{escape(thread.title)}</a></span></td></tr><tr><td class="subtext"><span class="score">31 points</span> by <a href="user?id={first.by.number}" class="huser">{escape(first.by.name)}</a> <span class="age" title="{iso(first.at)[:-1]}"><a href="item?id={first.number}">{ago(first.at)}</a></span></td></tr><tr><td><div class="toptext">{paragraphs(first)}</div></td></tr></table><table class="tree">'
    ]
    for at, said in enumerate(thread.said[1:], 1):
        words = said.paragraphs
        out.append(
            f'<tr class="athing comtr" id="{said.number}"><td><table><tr><td class="ind"><img src="s.gif" height="1" width="{thread.depth(at) * 40}"></td><td valign="top"><center><a href="vote?id={said.number}"><div class="arrow" title="upvote"></div></a></center></td><td class="default"><div><span class="comhead"><a href="user?id={said.by.number}" class="huser">{escape(said.by.name)}</a> <span class="age" title="{iso(said.at)[:-1]}"><a href="item?id={said.number}">{ago(said.at)}</a></span> <span class="navs"> | <a href="#x">next</a></span></span></div><br><div class="comment"><div class="commtext">{escape(words[0])}{"".join(f"<p>{escape(each)}</p>" for each in words[1:])}</div><div class="reply"><p><font size="1"><u><a href="reply?id={said.number}">reply</a></u></font></p></div></div></td></tr></table></td></tr>'
        )
    return "".join(out) + "</table>"


def _levels(thread: Thread, chance: random.Random) -> str:
    """Comments in a row whose classes say how deep they stand."""
    say = labels(thread.language)
    out = [head_post(thread), f'<section class="talk"><h3>{say["comments"]} ({len(thread.said) - 1})</h3>']
    out.extend(
        f'<blockquote class="remark remark-level--{thread.depth(at) + 1}" id="r-{said.number}"><header><a class="inline" href="/u/{said.by.number}">{escape(said.by.name)}</a>, <time class="ago" datetime="{iso(said.at)}">{ago(said.at)}</time></header><div class="remark__body">{paragraphs(said)}</div><footer><menu><li><a href="#">{say["reply"]}</a></li><li>{say["share"]}</li></menu></footer></blockquote>'
        for at, said in enumerate(thread.said[1:], 1)
    )
    return "".join(out) + "</section>"


def _variables(thread: Thread, chance: random.Random) -> str:
    """Elements of a library of their own, hashed classes, depth as a variable of the style."""
    out = [head_post(thread), "<x-thread>"]
    out.extend(
        f'<x-comment class="css-1q{at % 3}x" style="--depth:{thread.depth(at)}" thing-id="t1_{said.number:x}"><div class="css-9ab"><a class="css-77c" href="/user/{said.by.number}/"><span>{escape(said.by.name)}</span></a><x-time ts="{iso(said.at)}"><time datetime="{iso(said.at)}" title="{printed(said.at, thread.language)}">{ago(said.at)}</time></x-time></div><div class="css-5e1">{paragraphs(said)}</div><div class="css-0f3"><span>{chance.randint(0, 99)}</span><x-share><span>Share</span></x-share></div></x-comment>'
        for at, said in enumerate(thread.said[1:], 1)
    )
    return "".join(out) + "</x-thread>"


def _answer_links(thread: Thread, chance: random.Random) -> str:
    """A flat row of comments, each of which links to what it answers."""
    say, out = labels(thread.language), [head_post(thread), '<div class="cs">']
    for said in thread.said[1:]:
        to = thread.said[said.parent] if said.parent else None
        link = f'<a href="#c{to.number}">{say["reply_to"]} {escape(to.by.name)}</a>' if to else ""
        out.append(
            f'<div class="c" id="c{said.number}"><div class="h"><strong>{escape(said.by.name)}</strong> <em>{printed(said.at, thread.language)}</em> {link}</div><div class="b">{paragraphs(said)}</div></div>'
        )
    return "".join(out) + "</div>"


def _parent_data(thread: Thread, chance: random.Random) -> str:
    """A flat row of comments whose attributes name what each answers."""
    say, out = labels(thread.language), [head_post(thread), '<ul class="rows">']
    for said in thread.said[1:]:
        parent = f' data-parent-id="{thread.said[said.parent].number}"' if said.parent else ""
        out.append(
            f'<li class="row" data-id="{said.number}"{parent}><span class="user-name">{escape(said.by.name)}</span><span data-time="{int(said.at.timestamp())}">{ago(said.at)}</span><p>{lines(said)}</p><a>{say["reply"]}</a></li>'
        )
    return "".join(out) + "</ul>"


def _blog(thread: Thread, chance: random.Random) -> str:
    """Comments under an article of a blog, in its language, with the form to send one."""
    say = labels(thread.language)

    def items(at: int) -> str:
        return "".join(
            f'<li class="comment" id="comment-{thread.said[each].number}"><div class="vcard"><img src="/a.png" alt=""><cite class="fn">{escape(thread.said[each].by.name)}</cite> <span class="says">:</span></div><div class="comment-meta"><a href="#comment-{thread.said[each].number}">{printed(thread.said[each].at, thread.language)}</a></div>{paragraphs(thread.said[each])}<div class="reply"><a href="#">{say["reply"]}</a></div>'
            + (f'<ol class="children">{items(each)}</ol>' if thread.children(each) else "")
            + "</li>"
            for each in thread.children(at)
        )

    first = thread.said[0]
    return (
        f'<article class="post"><h1>{escape(thread.title)}</h1><p class="byline">{escape(first.by.name)} | {printed(first.at, thread.language)}</p><div class="entry">{paragraphs(first)}</div></article>'
        f'<div id="comments"><h2>{len(thread.said) - 1} {say["comments"]}</h2><ol>{items(0)}</ol><form id="respond"><h3>{say["reply"]}</h3><label>Name</label><input name="n"><textarea name="t"></textarea></form></div>'
    )


def _pinned(thread: Thread, chance: random.Random) -> str:
    """The best comment stands once more above all."""
    say = labels(thread.language)

    def one(said: Said, more: str = "") -> str:
        return f'<div class="comment-item{more}"><div class="ci-top"><a class="ci-user" href="/user/{said.by.number}">{escape(said.by.name)}</a><span class="ci-time">{printed(said.at, thread.language)}</span></div><div class="ci-text">{lines(said)}</div><div class="ci-bottom">{say["like"]} {said.by.posts}</div></div>'

    rest = thread.said[1:]
    best = (
        f'<div class="best">{one(max(rest, key=lambda said: said.by.posts), " best-item")}</div>'
        if len(rest) > 3
        else ""
    )
    return f'{head_post(thread)}<div class="comment-list"><h3>{say["comments"]} {len(rest)}</h3>{best}{"".join(map(one, rest))}</div>'


def _answers(thread: Thread, chance: random.Random) -> str:
    """Question and answers alike, comments under each in a small table; one answer is accepted."""
    say = labels(thread.language)

    def small(at: int) -> str:
        rows = "".join(
            f'<tr id="k-{thread.said[each].number}"><td>{chance.randint(0, 5)}</td><td><span class="k-copy">{escape(" ".join(thread.said[each].paragraphs))}</span> &ndash; <a href="/users/{thread.said[each].by.number}/x">{escape(thread.said[each].by.name)}</a> <span class="k-date" title="{thread.said[each].at:%Y-%m-%d %H:%M:%SZ}">{ago(thread.said[each].at)}</span></td></tr>'
            for each in thread.children(at)
        )
        return f"<table>{rows}</table>" if rows else ""

    def cell(at: int) -> str:
        said, accepted = thread.said[at], ' <span class="ok">&#10003;</span>' if at == 1 else ""
        comments = small(at) if at else ""
        return (
            f'<div class="{"answer" if at else "question"}" id="{"answer" if at else "question"}-{said.number}"><div class="votes"><a>&#9650;</a><b>{chance.randint(0, 40)}</b><a>&#9660;</a>{accepted}</div><div class="words">{paragraphs(said)}</div>'
            f'<div class="card"><span>{"answered" if at else "asked"} <span title="{said.at:%Y-%m-%d %H:%M:%SZ}">{printed(said.at, thread.language)}</span></span><img src="/i/{said.by.number}.png" alt=""><a href="/users/{said.by.number}/x">{escape(said.by.name)}</a> <span>{said.by.posts:,}</span></div>{comments}</div>'
        )

    return f"<h1>{escape(thread.title)}</h1>{cell(0)}<h2>{len(thread.children(0))} {say['answers']}</h2>{''.join(map(cell, thread.children(0)))}"


TREES: Final = (
    Kind(
        "nested articles",
        _nested_articles,
        "https://site.example.net/discussion/{number}",
        deepest=6,
        edges=True,
    ),
    Kind("lists", _lists, "https://site.example.net/node/{number}", deepest=6, edges=True),
    Kind("margins", _margins, "https://site.example.net/post/{number}", deepest=6, edges=True),
    Kind(
        "spacers",
        _spacers,
        "https://news.example.net/item?id={number}",
        deepest=6,
        edges=True,
        languages=("en", "de", "ko"),
    ),
    Kind(
        "levels",
        _levels,
        "https://site.example.net/m/kitchen/t/{number}/a-title-of-it",
        deepest=6,
        edges=True,
    ),
    Kind(
        "variables",
        _variables,
        "https://site.example.net/r/kitchen/comments/{number}/a_title/",
        deepest=6,
        edges=True,
    ),
    Kind("answer links", _answer_links, "https://site.example.net/article/{number}", deepest=6, edges=True),
    Kind("parent data", _parent_data, "https://site.example.net/story/{number}", deepest=6, edges=True),
    Kind(
        "answers", _answers, "https://ask.example.net/questions/{number}/a-title-of-it", deepest=2, edges=True
    ),
    Kind("blog", _blog, "https://blog.example.net/2024/03/a-title-of-it/", deepest=4, edges=True),
    Kind("pinned", _pinned, "https://site.example.net/read/{number}"),
)
