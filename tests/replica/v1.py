"""V1 of Careerly: server-rendered pages (Next.js pages router), and what a text archive keeps of one."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from html import escape
from typing import Final

from tests.replica import wording
from tests.replica.content import Community, ReplicaComment, ReplicaPerson, ReplicaPost
from tests.replica.markup import blocks, description_html, description_text, is_paragraph, rich_html

PROMPT: Final = ("다음 내용이 궁금하다면?", "또는", "이미 회원이신가요?")
SEPARATOR: Final = "\N{NO-BREAK SPACE}•\N{NO-BREAK SPACE}"
WITHDRAWN: Final = "알 수 없는 사용자"
DELETED_COMMENT: Final = "삭제된 댓글입니다."
RELATED_POSTS: Final = 3

_NAV: Final = (("/", "홈"), ("/trends", "트렌드"), ("/qnas", "Q&A"), ("/jobs", "채용"))
_TITLE_LENGTH: Final = 40
_DESCRIPTION_LENGTH: Final = 90


@dataclass(frozen=True, slots=True)
class Build:
    """One build of the front end: its id decides every hashed class name. ``seen_at`` makes dates relative."""

    id: str = "h8Kq2"
    seen_at: datetime | None = None

    def css(self, name: str) -> str:
        """A CSS-module class and an emotion class, as this build hashes them."""
        digest = sha256(f"{self.id}:{name}".encode()).hexdigest()
        return f"{name}__{digest[:5]} css-{digest[5:12]}"


def post_page(community: Community, post: ReplicaPost, build: Build) -> str:
    """The page of a post or a question, as a signed-out reader gets it."""
    related = [other for other in community.newest("post", "v1") if other.id != post.id][:RELATED_POSTS]
    main = (
        f'<main class="tw-mx-auto tw-max-w-screen-md tw-px-4 {build.css("PostDetail_main")}">'
        f'<article class="{build.css("PostDetail_article")}">'
        f"{_person(post.by, build)}{_title(post, build)}{_body(post, build)}{_prompt(post, build)}"
        f"{_meta(post, build)}</article>{_comments(post, build)}{_related(related, build)}</main>"
    )
    data = _next_data(post, related, build) if post.next_data else ""
    page = _document(_page_title(post), post.shown_text, post.path("v1"), main, build)
    return page.replace("</body>", f"{data}</body>")


def listing_page(community: Community, build: Build) -> str:
    """``/trends``: cards that lead to the posts and questions."""
    listed = (*community.newest("post", "v1"), *community.newest("question", "v1"))
    cards = "".join(
        _card(post, f"{post.path('v1')}?from=trends&order={order}", build)
        for order, post in enumerate(listed, start=1)
    )
    main = f'<main class="{build.css("Trends_main")}"><h1>지금 뜨는 글</h1>{cards}</main>'
    return _document("트렌드", "지금 많이 읽는 글을 모았습니다.", "/trends", main, build)


def missing_page(build: Build) -> str:
    """What stands where no post is."""
    main = '<main><h1>페이지를 찾을 수 없습니다</h1><p>주소가 바뀌었거나 지워진 글이에요.</p><a href="/">홈으로</a></main>'
    return _document("페이지를 찾을 수 없습니다", "", "/404", main, build)


def flattened_page(post: ReplicaPost) -> str:
    """The text of the page as a text archive keeps it: markup, buttons, authors and dates of comments gone.

    Raises:
        ValueError: the post has a list or code, of whose flattening nothing is known.
    """
    parts = [_one_line(block) for block in blocks(post.shown_text)]
    if not all(is_paragraph(block) for block in blocks(post.shown_text)):
        raise ValueError(f"The flattening of lists and code is not known, and post {post.id} has some.")
    if post.editor == "plain":
        parts = [" ".join(parts)]
    if post.title:
        parts.insert(0, post.title)
    if post.prompt != "none":
        parts += PROMPT
    parts += [wording.full_date(post.at), SEPARATOR, _flat_counts(post), _comment_heading(post)]
    parts += [f"  • {_one_line(_comment_words(comment))}" for comment in post.shown_comments]
    return "\n\n".join(parts)


def _document(title: str, description: str, path: str, inner: str, build: Build) -> str:
    summary = escape(_one_line(description)[:_DESCRIPTION_LENGTH])
    return (
        '<!DOCTYPE html><html lang="ko"><head><meta charset="utf-8"/>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"/>'
        f"<title>{escape(title, quote=False)} - 커리어리</title>"
        f'<meta name="description" content="{summary}"/><meta property="og:type" content="article"/>'
        f'<meta property="og:title" content="{escape(title)} - 커리어리"/>'
        f'<meta property="og:description" content="{summary}"/>'
        f'<meta property="og:url" content="https://careerly.co.kr{path}"/>'
        f'<link rel="canonical" href="https://careerly.co.kr{path}"/>'
        f'<link rel="stylesheet" href="/_next/static/css/{build.id}.css"/>'
        f'<script src="/_next/static/{build.id}/_buildManifest.js" defer=""></script></head>'
        f'<body><div id="__next"><div class="tw-min-h-screen {build.css("Layout_root")}">'
        f"{_header(build)}{inner}{_footer(build)}</div></div></body></html>"
    )


def _header(build: Build) -> str:
    links = "".join(f'<li><a href="{path}">{escape(word)}</a></li>' for path, word in _NAV)
    return (
        f'<header class="tw-sticky {build.css("Gnb_header")}"><a href="/"><img src="/logo.svg" alt="커리어리"/></a>'
        f'<nav><ul>{links}</ul></nav><input type="search" placeholder="관심 있는 내용을 검색해 보세요"/>'
        '<button type="button">로그인</button><button type="button">회원가입</button></header>'
    )


def _footer(build: Build) -> str:
    return (
        f'<footer class="tw-text-xs {build.css("Footer_root")}"><ul><li><a href="/terms">이용약관</a></li>'
        '<li><a href="/privacy">개인정보처리방침</a></li><li><a href="/help">고객센터</a></li></ul>'
        "<p>일하는 사람들의 이야기가 모이는 곳</p><p>© Careerly</p></footer>"
    )


def _person(person: ReplicaPerson | None, build: Build, badge: str = "") -> str:
    if person is None:
        return f'<div class="{build.css("Author_root")}"><span class="tw-font-bold">{WITHDRAWN}</span></div>'
    headline = f'<p class="tw-text-xs">{escape(person.headline)}</p>' if person.headline else ""
    return (
        f'<div class="tw-flex {build.css("Author_root")}"><a href="/profiles/{person.profile_id}">'
        f'<img src="/avatar/{person.profile_id}.png" alt=""/></a><div>'
        f'<a href="/profiles/{person.profile_id}"><span class="tw-font-bold">{escape(person.name)}</span></a>'
        f"{badge}{headline}</div></div>"
    )


def _title(post: ReplicaPost, build: Build) -> str:
    if post.title is None or _title_in_body(post):
        return ""
    css = f"tw-mb-6 tw-font-bold {build.css('PostDetail_title')}"
    return f'<h1 class="{css}">{escape(post.title, quote=False)}</h1>'


def _title_in_body(post: ReplicaPost) -> bool:
    return post.title_in == "first-line" and post.editor == "rich"


def _body(post: ReplicaPost, build: Build) -> str:
    images = "".join(f'<img src="{url}" alt="" class="tw-rounded"/>' for url in post.images)
    if post.editor == "plain":
        css = f"auto-line-break tw-text-slate-900 tw-whitespace-pre-line {build.css('PostDetail_body')}"
        return f'<div class="{css}">{escape(post.shown_text, quote=False)}</div>{images}'
    css = f"ProseMirror auto-line-break tw-whitespace-pre-wrap {build.css('PostDetail_body')}"
    text = f"{post.title}\n\n{post.shown_text}" if _title_in_body(post) else post.shown_text
    return f'<div class="{css}">{rich_html(text, post.links)}</div>{images}'


def _prompt(post: ReplicaPost, build: Build) -> str:
    if post.prompt == "none":
        return ""
    question, alternative, member = PROMPT
    return (
        f'<section class="tw-text-center {build.css("SignUpPrompt_root")}"><p class="tw-font-bold">{question}</p>'
        '<button type="button">3초 만에 가입하고 이어 읽기</button>'
        f'<div class="tw-text-color-text-subtler">{alternative}</div><button type="button">이메일로 가입하기</button>'
        f'<p>{member}</p><button type="button">로그인</button></section>'
    )


def _meta(post: ReplicaPost, build: Build) -> str:
    views = wording.count(post.views, abbreviated=post.abbreviated)
    saves = wording.count(post.saves, abbreviated=post.abbreviated)
    return (
        f'<div class="tw-flex {build.css("PostDetail_meta")}">'
        f'<span class="tw-text-xs tw-text-color-text-subtler">{wording.full_date(post.at)}</span>'
        f'<span class="tw-mx-1">{SEPARATOR}</span>'
        f'<a href="{post.path("v1")}">저장 <b>{saves}</b> • 조회 <b>{views}</b></a></div>'
        f'<div class="{build.css("PostDetail_actions")}"><button type="button">좋아요</button>'
        '<button type="button">저장</button><button type="button">공유</button></div>'
    )


def _comment_heading(post: ReplicaPost) -> str:
    return f"{'답변' if post.kind == 'question' else '댓글'} {len(post.comments)}"


def _comments(post: ReplicaPost, build: Build) -> str:
    threads = "".join(_comment(post, comment, build) for comment in post.shown_comments if comment.to is None)
    more = '<button type="button">댓글 더 보기</button>' if post.cut else ""
    return (
        f'<section class="{build.css("CommentList_root")}"><h2 class="tw-font-bold">{_comment_heading(post)}</h2>'
        f'<textarea placeholder="댓글을 남겨 보세요"></textarea><ul>{threads}</ul>{more}</section>'
    )


def _comment(post: ReplicaPost, comment: ReplicaComment, build: Build) -> str:
    replies = "".join(_comment(post, other, build) for other in post.shown_comments if other.to == comment.id)
    nested = f'<ul class="tw-pl-10 {build.css("CommentList_replies")}">{replies}</ul>' if replies else ""
    css = f'class="tw-py-4 {build.css("CommentItem_root")}"'
    words = escape(_comment_words(comment), quote=False)
    if comment.deleted:
        return f'<li {css}><p class="tw-text-color-text-subtler">{words}</p>{nested}</li>'
    is_writer = comment.by is not None and comment.by == post.by
    badge = f'<span class="{build.css("CommentItem_badge")}">작성자</span>' if is_writer else ""
    edited = "<span>수정됨</span>" if comment.edited else ""
    likes = f"좋아요 <b>{comment.likes}</b>" if comment.likes else "좋아요"
    date = wording.comment_date(comment.at, build.seen_at)
    return (
        f"<li {css}>{_person(comment.by, build, badge)}"
        f'<span class="tw-text-xs tw-text-color-text-subtler">{date}</span>{edited}'
        f'<p class="auto-line-break tw-whitespace-pre-line {build.css("CommentItem_text")}">{words}</p>'
        f'<div><button type="button">{likes}</button><button type="button">답글 쓰기</button></div>{nested}</li>'
    )


def _comment_words(comment: ReplicaComment) -> str:
    return DELETED_COMMENT if comment.deleted else comment.text


def _related(posts: Sequence[ReplicaPost], build: Build) -> str:
    cards = "".join(_card(post, post.path("v1"), build) for post in posts)
    return f'<aside class="{build.css("Related_root")}"><h2>함께 읽으면 좋은 글</h2>{cards}</aside>'


def _card(post: ReplicaPost, href: str, build: Build) -> str:
    name = escape(post.by.name if post.by else WITHDRAWN)
    saves = wording.count(post.saves, abbreviated=post.abbreviated)
    views = wording.count(post.views, abbreviated=post.abbreviated)
    return (
        f'<div class="{build.css("Card_root")}"><a href="{escape(href)}">'
        f'<strong>{escape(_page_title(post), quote=False)}</strong><p class="tw-line-clamp-2">'
        f"{escape(_one_line(post.shown_text)[:_DESCRIPTION_LENGTH], quote=False)}…</p></a><span>{name}</span>"
        f"<div>저장 <b>{saves}</b> • 조회 <b>{views}</b></div><div>댓글 {len(post.comments)}</div></div>"
    )


def _page_title(post: ReplicaPost) -> str:
    return post.title or _one_line(post.text)[:_TITLE_LENGTH]


def _flat_counts(post: ReplicaPost) -> str:
    saves = wording.count(post.saves, abbreviated=post.abbreviated)
    return f"저장 {saves}조회 {wording.count(post.views, abbreviated=post.abbreviated)}"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _next_data(post: ReplicaPost, related: Sequence[ReplicaPost], build: Build) -> str:
    queries = [
        {"queryKey": ["trend-posts"], "state": {"data": [_teaser(other) for other in related]}},
        {"queryKey": ["post", str(post.id)], "state": {"data": _feed_object(post)}},
    ]
    data = {
        "props": {"pageProps": {"dehydratedState": {"mutations": [], "queries": queries}}, "__N_SSP": True},
        "page": "/comments/[commentId]",
        "query": {"commentId": str(post.id)},
        "buildId": build.id,
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return f'<script id="__NEXT_DATA__" type="application/json">{text}</script>'


def _feed_object(post: ReplicaPost) -> dict[str, object]:
    return {
        "postId": post.id,
        "title": post.title_field,
        "description": description_text(post),
        "descriptionHtml": description_html(post),
        "userId": post.by.user_id if post.by else None,
        "createdAt": f"{post.at:%Y-%m-%d %H:%M:%S}",
        "updatedAt": f"{post.edited or post.at:%Y-%m-%d %H:%M:%S}",
        "postType": 0,
        "articleId": None,
        "likeCount": post.likes,
        "repostCount": post.reposts,
        "shareCount": 0,
        "saveCount": post.saves,
        "postViewCount": post.views,
        "repliesCount": len(post.comments),
        "userProfile": _profile(post.by) | {"user_id": post.by.user_id} if post.by else None,
    }


def _teaser(post: ReplicaPost) -> dict[str, object]:
    return {
        "postId": post.id,
        "title": post.title_field,
        "photoUrl": next(iter(post.images), None),
        "description": _one_line(post.source)[:_DESCRIPTION_LENGTH],
        "userProfile": _profile(post.by) if post.by else None,
    }


def _profile(person: ReplicaPerson) -> dict[str, object]:
    return {
        "id": person.profile_id,
        "name": person.name,
        "headline": person.headline,
        "image_url": f"https://static.careerly.co.kr/avatar/{person.profile_id}.png",
    }
