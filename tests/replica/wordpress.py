"""A small WordPress of our own words, in the markup of a classic theme: posts, pages of comments, a gate, lists.

The forms are those that WordPress 6.1 writes with Twenty Twenty-One; the words are made up.
"""

from dataclasses import dataclass
from html import escape
from typing import Final

HOST: Final = "gyeoul.example"
SITE: Final = f"https://{HOST}"
_TITLE: Final = "겨울 베란다"


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment; ``user`` is the account of a registered author, ``depth`` is from 1 as the page has it."""

    number: int
    depth: int
    name: str
    day: int
    paragraphs: tuple[str, ...]
    user: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A post, its text as the HTML that the editor kept, and its comments by page."""

    number: int
    slug: str
    month: int
    title: str
    html: str
    tags: tuple[str, ...] = ()
    pages: tuple[tuple[Remark, ...], ...] = ((),)
    password: bool = False
    declared: int = 0

    @property
    def path(self) -> str:
        """The path of the post's own URL."""
        return f"/2026/{self.month:02}/{self.slug}/"


ENTRIES: Final = (
    Entry(
        21,
        "window-garden",
        3,
        "창가에서 상추 키우기: 석 달의 기록",
        '<p>1월에 씨를 뿌렸다.<br />\n3월에 첫 잎을 땄다.</p>\n\n\n<p>준비물은 <a href="https://soil.example/mix">배양토</a>와 화분뿐이다.</p>\n'
        '<ul>\n<li>화분 세 개</li>\n<li>물뿌리개</li>\n</ul>\n<pre class="wp-block-code"><code>for day in range(90):\n    물주기(day)</code></pre>\n'
        '<figure><img src="/wp-content/uploads/2026/03/lettuce.jpg" alt="상추" /></figure>',
        tags=("텃밭", "겨울"),
        pages=(
            (
                Remark(301, 1, "한별", 2, ("저도 해 보려고요.", "물은 며칠에 한 번 주시나요?"), "hanbyeol"),
                Remark(302, 2, "고은비", 2, ("겨울에는 닷새에 한 번이면 됩니다.",), "eunbi"),
                Remark(304, 3, "한별", 3, ("고맙습니다 🌱",), "hanbyeol"),
                Remark(303, 1, "지나가던 이", 3, ("1 < 2 & 2 > 1 같은 기호도 보이나요?",)),
            ),
            (Remark(309, 1, "문다온", 9, ("“상추”보다 깻잎이 쉽습니다.",)),),
        ),
        declared=6,
    ),
    Entry(
        34,
        "members-notes",
        4,
        "이웃만 보는 글: 장터 후기",
        "<p>보이지 않아야 하는 글이다.</p>",
        password=True,
    ),
    Entry(40, "night-walk", 5, "밤 산책", "<p>달이 밝았다.</p>", tags=("산책",)),
)


def page(path: str, query: str) -> tuple[int, str, str]:
    """Status, media type and body of the answer for a path; a status of 301 has the location for a body."""
    if path == "/" and query.startswith("p="):
        found = next((entry for entry in ENTRIES if query == f"p={entry.number}"), None)
        return (301, "", SITE + found.path) if found else (404, "text/html", _missing())
    lists = {
        "/": ("text/html", _list()),
        "/wp-sitemap.xml": ("application/xml", _index()),
        "/wp-sitemap-posts-post-1.xml": ("application/xml", _sitemap()),
        "/feed/": ("application/rss+xml", _feed()),
    }
    if path in lists:
        return 200, *lists[path]
    for entry in ENTRIES:
        for number in range(1, len(entry.pages) + 1):
            if path in {f"{entry.path}comment-page-{number}/", entry.path if number == 1 else None}:
                return 200, "text/html", _post(entry, number)
    return 404, "text/html", _missing()


def _post(entry: Entry, number: int) -> str:
    url = SITE + entry.path
    canonical = url if number == 1 else f"{url}comment-page-{number}/#comments"
    head = (
        f'<link rel="alternate" type="application/json" href="{SITE}/wp-json/wp/v2/posts/{entry.number}" />\n'
        f"<link rel=\"canonical\" href=\"{canonical}\" />\n<link rel='shortlink' href='{SITE}/?p={entry.number}' />\n"
    )
    shown = f"잠긴 글: {entry.title}" if entry.password else entry.title
    tags = ", ".join(f'<a href="{SITE}/tag/{tag}/" rel="tag">{tag}</a>' for tag in entry.tags)
    body = _password_form(entry) if entry.password else entry.html
    article = (
        f'<article id="post-{entry.number}" class="post-{entry.number} post type-post hentry">\n'
        f'<header class="entry-header"><h1 class="entry-title">{escape(shown)}</h1></header>\n'
        f'<div class="entry-content">\n{body}\n</div><!-- .entry-content -->\n'
        f'<footer class="entry-footer"><span class="posted-on">Published <time class="entry-date published updated" '
        f'datetime="2026-{entry.month:02}-01T09:30:00+09:00">2026년 {entry.month}월 1일</time></span>'
        f'<span class="byline">By <a href="{SITE}/author/eunbi/" rel="author">고은비</a></span>\n'
        f'<span class="tags-links">Tagged {tags}</span></footer>\n</article>\n'
    )
    classes = f"post-template-default single single-post postid-{entry.number} single-format-standard"
    thread = "" if entry.password else _thread(entry, number)
    return _frame(entry.title, head, classes, article + thread)


def _password_form(entry: Entry) -> str:
    box = f"pwbox-{entry.number}"
    return (
        f'<form action="{SITE}/wp-login.php?action=postpass" class="post-password-form" method="post">\n'
        "<p>이 콘텐츠는 비밀번호로 보호되어 있습니다. 이 콘텐츠를 보려면 아래에 비밀번호를 입력해주세요:</p>\n"
        f'<p><label for="{box}">비밀번호: <input name="post_password" id="{box}" type="password" /></label> '
        '<input type="submit" name="Submit" value="입력" /></p></form>'
    )


def _thread(entry: Entry, number: int) -> str:
    remarks = entry.pages[number - 1]
    if not remarks:
        return '<div id="comments" class="comments-area"><div id="respond"></div></div>'
    items, depth = [], 0
    for remark in remarks:
        items.append("</li>\n</ol>\n" * (depth - remark.depth) + ("</li>\n" if depth >= remark.depth else ""))
        items.append('<ol class="children">\n' if depth and remark.depth > depth else "")
        items.append(_remark(entry, remark))
        depth = remark.depth
    items.append("</li>\n</ol>\n" * (depth - 1) + "</li>\n")
    return (
        f'<div id="comments" class="comments-area">\n<h2 class="comments-title">{entry.declared} comments</h2>\n'
        f'<ol class="comment-list">\n{"".join(items)}</ol>\n{_navigation(entry, number)}'
        '<div id="respond"><form id="commentform"><p>댓글 남기기</p></form></div></div>'
    )


def _remark(entry: Entry, remark: Remark) -> str:
    url = f"{SITE}{entry.path}#comment-{remark.number}"
    user = f" byuser comment-author-{remark.user}" if remark.user else ""
    own = " bypostauthor" if remark.user == "eunbi" else ""
    words = "\n".join(f"<p>{escape(paragraph)}</p>" for paragraph in remark.paragraphs)
    return (
        f'<li id="comment-{remark.number}" class="comment{user}{own} even depth-{remark.depth}">\n'
        f'<article id="div-comment-{remark.number}" class="comment-body">\n<footer class="comment-meta">\n'
        f'<div class="comment-author vcard"><b class="fn">{remark.name}</b> <span class="says">says:</span></div>\n'
        f'<div class="comment-metadata"><a href="{url}"><time datetime="2026-{entry.month:02}-{remark.day:02}T21:05:00+09:00">'
        f"2026년 {entry.month}월 {remark.day}일 (오후 9:05)</time></a></div>\n</footer>\n"
        f'<div class="comment-content">\n{words}\n</div>\n'
        f"<div class=\"reply\"><a rel='nofollow' class='comment-reply-link' "
        f"href='{SITE}{entry.path}?replytocom={remark.number}#respond'>응답</a></div></article>\n"
    )


def _navigation(entry: Entry, number: int) -> str:
    if len(entry.pages) == 1:
        return ""
    links = [
        f'<span aria-current="page" class="page-numbers current">Page {each}</span>'
        if each == number
        else f'<a class="page-numbers" href="{SITE}{entry.path}comment-page-{each}/#comments">Page {each}</a>'
        for each in range(1, len(entry.pages) + 1)
    ]
    return (
        f'<nav class="navigation comments-pagination"><div class="nav-links">{" ".join(links)}</div></nav>\n'
    )


def _list() -> str:
    items = "".join(
        f'<article id="post-{entry.number}" class="post-{entry.number} post hentry"><h2 class="entry-title">'
        f'<a href="{SITE}{entry.path}">{escape(entry.title)}</a></h2></article>\n'
        for entry in reversed(ENTRIES)
    )
    frame = f'<a href="{SITE}/category/life/">분류</a> <a href="{SITE}/author/eunbi/">고은비</a>'
    return _frame("", "", "home blog", items + frame)


def _missing() -> str:
    return _frame("페이지가 없습니다.", "", "error404", "<h1>여기에는 아무것도 없습니다.</h1>")


def _frame(title: str, head: str, classes: str, body: str) -> str:
    return (
        f'<!doctype html>\n<html lang="ko-KR">\n<head>\n<meta charset="UTF-8" />\n<title>{escape(title)} &#8211; {_TITLE}</title>\n'
        f'<link rel="https://api.w.org/" href="{SITE}/wp-json/" />\n<meta name="generator" content="WordPress 6.1.9" />\n'
        f'{head}</head>\n<body class="{classes}">\n<header id="masthead"><p class="site-title"><a href="{SITE}/">{_TITLE}</a></p></header>\n'
        f"<main>\n{body}</main>\n<footer>{_TITLE}</footer>\n</body>\n</html>\n"
    )


def _index() -> str:
    names = ("posts-post", "taxonomies-category", "users")
    places = "".join(f"<sitemap><loc>{SITE}/wp-sitemap-{name}-1.xml</loc></sitemap>" for name in names)
    return f'<?xml version="1.0" encoding="UTF-8"?><sitemapindex>{places}</sitemapindex>'


def _sitemap() -> str:
    places = "".join(
        f"<url><loc>{SITE}{path}</loc></url>" for path in (*(each.path for each in ENTRIES), "/")
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><urlset>{places}</urlset>'


def _feed() -> str:
    items = "".join(f"<item><link>{SITE}{entry.path}</link></item>" for entry in reversed(ENTRIES))
    return f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel>{items}</channel></rss>'
