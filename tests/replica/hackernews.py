"""A story of a made Hacker News in our own words: comments by indentation, one of them flagged, and the page of one of them."""

from typing import Final

HOST: Final = "hackernews.example"
STORY: Final = "/item?id=500"
COMMENT: Final = "/item?id=503"
# Number, depth, author and words; a comment that was flagged shows neither author nor words.
COMMENTS: Final = (
    (501, 0, "ilse", "I bake in a cast iron pot, and the crust is as good as from any stone."),
    (502, 1, "doyun", "Same here.<p>It does not need half an hour to warm up either.</p>"),
    (503, 2, "ruben", "How do you get a long loaf into a round pot?"),
    (504, 1, None, None),
    (505, 2, "mara", "Please read the guidelines before you write such a thing."),
    (506, 0, "harin", "The stone keeps its heat between loaves, which matters if you bake four."),
)


def _row(number: int, indent: int, author: str | None, words: str | None) -> str:
    who = f'<a href="user?id={author}" class="hnuser">{author}</a> ' if author else ""
    said = f'<div class="commtext c00">{words}</div>' if words else " [flagged] "
    return (
        f'<tr class="athing comtr" id="{number}"><td><table><tr><td class="ind" indent="{indent}"><img src="s.gif" height="1" width="{indent * 40}"></td>'
        f'<td class="votelinks"><a href="vote?id={number}&amp;how=up"></a></td><td class="default"><div><span class="comhead">{who}'
        f'<span class="age" title="2024-02-03T1{indent}:00:00 {1706954400 + 3600 * indent}"><a href="item?id={number}">2 years ago</a></span>'
        f'<span class="navs"> | <a href="#501" class="clicky">parent</a> | <a href="#506" class="clicky">next</a></span></span></div><br>'
        f'<div class="comment">{said}<div class="reply"><p><font size="1"></font></p></div></div></td></tr></table></td></tr>'
    )


def _page(title: str, head: str, rows: str) -> str:
    return (
        f'<html lang="en" op="item"><head><title>{title} | Hacker News</title></head><body><center><table id="hnmain"><tr><td>'
        '<span class="pagetop"><b class="hnname"><a href="news">Hacker News</a></b> <a href="newest">new</a> | <a href="login">login</a></span></td></tr>'
        f'<tr id="bigbox"><td><table class="fatitem">{head}</table><br><br><table class="comment-tree">{rows}</table></td></tr>'
        '<tr><td><center><span class="yclinks"><a href="newsguidelines.html">Guidelines</a> | <a href="lists">Lists</a></span></center></td></tr>'
        "</table></center></body></html>"
    )


_AGE: Final = (
    '<span class="age" title="2024-02-03T09:00:00 1706950800"><a href="item?id=500">2 years ago</a></span>'
)
_HEAD: Final = (
    '<tr class="athing submission" id="500"><td class="title"><span class="rank"></span></td><td class="votelinks"></td>'
    '<td class="title"><span class="titleline"><a href="https://loaves.example/stone">Ask HN: Stone or pot?</a></span></td></tr>'
    '<tr><td colspan="2"></td><td class="subtext"><span class="subline"><span class="score" id="score_500">41 points</span> by '
    f'<a href="user?id=jiho" class="hnuser">jiho</a> {_AGE} | <a href="hide?id=500">hide</a> | <a href="item?id=500">6&nbsp;comments</a></span></td></tr>'
    '<tr><td colspan="2"></td><td><div class="toptext">My oven has room for a stone or for a pot, not for both. Which of them would you keep?</div></td></tr>'
)
_OF_COMMENT: Final = (
    '<tr class="athing" id="503"><td class="ind"></td><td class="votelinks"></td><td class="default"><div><span class="comhead">'
    '<a href="user?id=ruben" class="hnuser">ruben</a> <span class="age" title="2024-02-03T12:00:00 1706961600"><a href="item?id=503">2 years ago</a></span>'
    '<span class="navs"> | <a href="item?id=502">parent</a> | <a href="item?id=500#503">context</a></span> '
    '<span class="onstory"> | on: <a href="item?id=500" title="Ask HN: Stone or pot?">Ask HN: Stone or pot?</a></span></span></div><br>'
    '<div class="comment"><div class="commtext c00">How do you get a long loaf into a round pot?</div></div></td></tr>'
)
PAGES: Final = {
    f"{HOST}{STORY}": _page("Ask HN: Stone or pot?", _HEAD, "".join(_row(*each) for each in COMMENTS)),
    f"{HOST}{COMMENT}": _page("How do you get a long loaf", _OF_COMMENT, ""),
}
