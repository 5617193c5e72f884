"""Careerly V1 pages of our own, in many layouts: what a page says, how it looks, and ways to disfigure its markup."""

import html
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

Place = Literal["none", "before", "inside", "after", "after-comments"]

BLOCK_TAGS = ("div", "section", "p", "article", "figure", "main")
INLINE_TAGS = ("span", "b", "em", "strong", "label", "u")


@dataclass(frozen=True)
class Said:
    """A comment as its author wrote it."""

    paragraphs: tuple[str, ...]
    name: str | None = None
    profile: int | None = None
    headline: str | None = None
    date: str | None = None
    likes: int | None = None
    replies: "tuple[Said, ...]" = ()


@dataclass(frozen=True)
class Written:
    """A post as its author wrote it, with what the site counted."""

    title: str | None
    paragraphs: tuple[str, ...]
    date: str
    saves: str
    views: str
    comments: tuple[Said, ...] = ()
    author: str = "박서윤"
    profile: int = 501
    headline: str = "데이터 분석가 @가온랩"
    number: int = 4242

    @property
    def declared(self) -> int:
        return sum(1 + len(said.replies) for said in self.comments)


@dataclass(frozen=True)
class Look:
    """One layout. Every field is a choice that some build of the site might have made."""

    title_tag: str = "h1"
    head_title: bool = True
    author: Literal["none", "above", "below-title", "below-text"] = "above"
    author_linked: bool = True
    date_above: bool = False
    stats_above: bool = False
    stats: Literal["link", "plain", "split"] = "link"
    body: Literal["paragraphs", "pre-wrap", "breaks"] = "paragraphs"
    prompt: Place = "none"
    prompt_buttons: bool = True
    actions: bool = True
    button_tag: str = "button"
    item_tag: str = "li"
    list_tag: str = "ul"
    comment_author: bool = True
    comment_headline: bool = True
    comment_date: Literal["none", "above", "below"] = "above"
    comment_actions: bool = True
    replies: Literal["inside", "beside"] = "inside"
    composer: bool = False
    related: Literal["none", "after", "before-comments", "aside-first", "unlinked"] = "after"
    menu: bool = True
    footer: bool = True
    banner: bool = False
    cookies: bool = False
    portraits: bool = False
    header_tags: bool = False
    headline_place: Literal["in-head", "below-head"] = "in-head"
    landmarks: bool = True
    data: bool = False
    indented: bool = False


@dataclass
class Node:
    """An element. ``inline`` is its nature, which swapping tags keeps; ``frame`` elements only group others."""

    tag: str
    children: "list[Node | str]" = field(default_factory=list)
    attributes: dict[str, str] = field(default_factory=dict)
    inline: bool = False
    frame: bool = False
    fixed: bool = False

    def all(self) -> "Iterator[Node]":
        """This element and all within it."""
        yield self
        for child in self.children:
            if isinstance(child, Node):
                yield from child.all()


def block(tag: str, *children: "Node | str | None", **attributes: str) -> Node:
    return Node(tag, [child for child in children if child is not None], attributes)


def frame(tag: str, *children: "Node | str | None", **attributes: str) -> Node:
    return Node(tag, [child for child in children if child is not None], attributes, frame=True)


def inline(tag: str, *children: "Node | str | None", **attributes: str) -> Node:
    return Node(tag, [child for child in children if child is not None], attributes, inline=True)


def page(written: Written, look: Look) -> Node:
    """The body of the page."""
    post = frame(
        "article" if look.landmarks else "div",
        *_head(written, look),
        _prompt(look) if look.prompt == "before" else None,
        _body(written, look),
        _author(written, look) if look.author == "below-text" else None,
        _prompt(look) if look.prompt == "after" else None,
        *(() if look.stats_above else _stats(written, look)),
        _related(look) if look.related == "before-comments" else None,
        _bar(look) if look.actions else None,
    )
    inner = [
        _related(look) if look.related == "aside-first" else None,
        frame(
            "main" if look.landmarks else "div",
            post,
            _thread(written, look),
            _prompt(look) if look.prompt == "after-comments" else None,
            _related(look) if look.related in {"after", "unlinked"} else None,
        ),
    ]
    return block(
        "div",
        _banner(look) if look.banner else None,
        _menu(look) if look.menu else None,
        *inner,
        _footer(look) if look.footer else None,
        _cookies(look) if look.cookies else None,
        id="__next",
    )


def _banner(look: Look) -> Node:
    return frame("div", block("p", "커리어리 앱으로 더 빠르게 만나요"), block(look.button_tag, "앱에서 열기"))


def _cookies(look: Look) -> Node:
    return frame("div", block("p", "이 사이트는 쿠키를 사용합니다."), block(look.button_tag, "모두 허용"))


def _menu(look: Look) -> Node:
    items = [block("li", inline("a", name, href=path)) for name, path in (("홈", "/"), ("트렌드", "/trends"))]
    login = block(look.button_tag, "로그인")
    return frame("header", inline("a", "커리어리", href="/"), frame("nav", frame("ul", *items), login))


def _footer(look: Look) -> Node:
    return frame(
        "footer" if look.landmarks else "div",
        block("p", "이용약관"),
        block("p", "개인정보 처리방침"),
        block("p", "© 커리어리 예시"),
    )


def _author(written: Written, look: Look) -> Node:
    link = {"href": f"/profiles/{written.profile}?from=post"} if look.author_linked else {}
    name = inline("a" if look.author_linked else "span", written.author, **link)
    follow = block(look.button_tag, "팔로우")
    portrait = Node("img", attributes={"src": "/me.png", "alt": ""}, inline=True, fixed=True)
    if look.portraits and look.author_linked:
        # One link around portrait, name and headline, as the site's own pages had it for a while.
        name.children = [portrait, block("div", written.author), block("div", written.headline)]
        return frame("header" if look.header_tags else "div", name, follow)
    head = [portrait] if look.portraits else []
    return frame(
        "header" if look.header_tags else "div",
        *head,
        block("div", name),
        block("div", written.headline),
        follow,
    )


def _head(written: Written, look: Look) -> Iterator[Node]:
    title = block(look.title_tag, written.title) if written.title else None
    if look.author == "above":
        yield _author(written, look)
    if look.author == "above" and look.date_above:
        yield block("div", inline("span", written.date))
    if title:
        yield title
    if look.author == "below-title":
        yield _author(written, look)
        if look.date_above:
            yield block("div", inline("span", written.date))
    if look.stats_above:
        yield from _stats(written, look)


def _body(written: Written, look: Look) -> Node:
    if look.body == "pre-wrap":
        return block("div", "\n\n".join(written.paragraphs))
    if look.body == "breaks":
        children: list[Node | str] = []
        for paragraph in written.paragraphs:
            children += [paragraph, Node("br", fixed=True, inline=True), Node("br", fixed=True, inline=True)]
        return Node("div", children[:-2])
    paragraphs = [block("p", paragraph) for paragraph in written.paragraphs]
    if look.prompt == "inside":
        paragraphs.insert(1, _prompt(look))
    return frame("div", *paragraphs)


def _prompt(look: Look) -> Node:
    button = block(look.button_tag, "카카오로 시작하기") if look.prompt_buttons else None
    mail = block(look.button_tag, "이메일로 회원가입") if look.prompt_buttons else None
    login = inline("a", "로그인", href="/login") if look.prompt_buttons else None
    return block(
        "div",
        block("p", "다음 내용이 궁금하다면?"),
        button,
        block("p", "또는"),
        mail,
        block("p", "이미 회원이신가요?", login),
    )


def _stats(written: Written, look: Look) -> Iterator[Node]:
    dated_above = look.date_above and look.author in {"above", "below-title"}
    if not dated_above:
        yield block("div", inline("span", written.date), inline("span", " • "))
    if look.stats == "split":
        yield frame(
            "div",
            block("div", "저장"),
            block("div", written.saves),
            block("div", "조회"),
            block("div", written.views),
        )
        return
    parts: list[Node | str] = ["저장 ", inline("b", written.saves), " • 조회 ", inline("b", written.views)]
    yield (
        block("div", inline("a", *parts, href=f"/comments/{written.number}"))
        if look.stats == "link"
        else block("div", *parts)
    )


def _bar(look: Look) -> Node:
    return frame("div", *(block(look.button_tag, name) for name in ("좋아요", "공유", "저장")))


def _thread(written: Written, look: Look) -> Node:
    items: list[Node] = []
    for said in written.comments:
        items += _item(said, look)
    return frame(
        "section",
        block("h2" if look.landmarks else "div", f"댓글 {written.declared}"),
        block("div", "댓글을 남겨보세요") if look.composer else None,
        frame(look.list_tag, *items),
    )


def _item(said: Said, look: Look) -> list[Node]:
    replies = [node for reply in said.replies for node in _item(reply, look)]
    inside = frame(look.list_tag, *replies) if replies and look.replies == "inside" else None
    beside = [frame("ul", *replies)] if replies and look.replies == "beside" else []
    date = block("div", said.date) if said.date and look.comment_date != "none" else None
    likes = f"좋아요 {said.likes}" if said.likes else "좋아요"
    buttons = frame("div", block(look.button_tag, likes), block(look.button_tag, "답글 쓰기"))
    name, headline = _who(said, look)
    below = headline if look.headline_place == "below-head" else None
    head = [name, None if below else headline, date if look.comment_date == "above" else None]
    item = frame(
        look.item_tag,
        frame("header" if look.header_tags else "div", *head) if any(head) else None,
        below,
        frame("div", *(block("p", paragraph) for paragraph in said.paragraphs)),
        date if look.comment_date == "below" else None,
        buttons if look.comment_actions else None,
        inside,
    )
    return [item, *beside]


def _who(said: Said, look: Look) -> tuple[Node | None, Node | None]:
    if not look.comment_author or said.name is None:
        return None, None
    name = block("div", inline("a", said.name, href=f"/profiles/{said.profile}"))
    return name, block("div", said.headline) if look.comment_headline and said.headline else None


def _related(look: Look) -> Node:
    cards = []
    for number, title in ((91, "주니어 면접에서 배운 것"), (92, "회고를 꾸준히 쓰는 방법")):
        parts: list[Node | str] = ["저장 ", inline("b", "3"), " • 조회 ", inline("b", "1,234")]
        name = block("div", inline("span", title))
        counts = block("div", *parts, " • 댓글 2")
        card = frame("div", name, counts)
        if look.related != "unlinked":
            name.children = [inline("a", title, href=f"/comments/{number}")]
        cards.append(card)
    return frame(
        "aside" if look.related == "aside-first" else "div", block("h3", "함께 읽으면 좋은 글"), *cards
    )


def mutate(
    root: Node, dice: random.Random, *, wrap: float = 0.1, unwrap: float = 0.0, swap: float = 0.3
) -> Node:
    """The same page under other markup: every class new, elements wrapped, unwrapped, and their tags swapped.

    Block boundaries and visible order stay; so does each element's nature, block or inline. What alone tells other
    words apart from the same words of the post keeps its element: the prompt and the margin.
    """
    for node in root.all():
        node.attributes["class"] = f"css-{dice.getrandbits(32):x} tw-{dice.randrange(99)}"
        if (
            not node.fixed
            and node.tag not in {"nav", "aside", "footer", "header", "h1", "h2", "h3"}
            and dice.random() < swap
        ):
            node.tag = dice.choice(INLINE_TAGS if node.inline else BLOCK_TAGS)
            if node.tag == "p" and any(
                isinstance(child, Node) and not child.inline for child in node.children
            ):
                node.tag = "div"
    for node in list(root.all()):
        node.children = [part for child in node.children for part in _changed(child, dice, wrap, unwrap)]
    return root


def _changed(child: "Node | str", dice: random.Random, wrap: float, unwrap: float) -> "list[Node | str]":
    if isinstance(child, str) or child.fixed:
        return [child]
    if child.frame and child.tag != "aside" and dice.random() < unwrap:
        return child.children
    if dice.random() < wrap:
        return [Node("span" if child.inline else "div", [child], inline=child.inline)]
    return [child]


def render(root: Node, written: Written, look: Look) -> str:
    """The page as HTML."""
    title = (
        f"<title>{html.escape(written.title or written.paragraphs[0])} - 커리어리</title>"
        if look.head_title
        else "<title>커리어리</title>"
    )
    data = ""
    if look.data:
        data = f'<script id="__NEXT_DATA__" type="application/json">{json.dumps(next_data(written), ensure_ascii=False)}</script>'
    return f"<!DOCTYPE html><html lang='ko'><head><meta charset='utf-8'>{title}</head><body>{_markup(root, look, 0)}{data}</body></html>"


def _markup(node: "Node | str", look: Look, depth: int) -> str:
    if isinstance(node, str):
        return html.escape(node)
    attributes = "".join(f' {name}="{html.escape(value)}"' for name, value in node.attributes.items())
    if node.tag in {"br", "img"}:
        return f"<{node.tag}{attributes}/>"
    pad = "\n" + "  " * depth if look.indented and not node.inline else ""
    inner = "".join(_markup(child, look, depth + 1) for child in node.children)
    close = (
        pad
        if look.indented and any(isinstance(child, Node) and not child.inline for child in node.children)
        else ""
    )
    return f"{pad}<{node.tag}{attributes}>{inner}{close}</{node.tag}>"


def next_data(written: Written) -> dict[str, object]:
    """The page's data, under keys of our own choosing."""
    return {
        "props": {
            "pageProps": {
                "dehydrated": [
                    {
                        "state": {
                            "data": {
                                "id": written.number,
                                "title": written.title,
                                "description": "\n\n".join(written.paragraphs),
                                "createdAt": "2023-05-04 10:20:30",
                                "save_count": 7,
                                "postViewCount": 1234,
                                "repliesCount": written.declared,
                                "userProfile": {"id": written.profile, "user_id": 99, "name": written.author},
                            }
                        }
                    }
                ],
                "others": [
                    {
                        "postId": 91,
                        "title": "다른 글",
                        "description": "다른 글의 내용",
                        "saveCount": 1,
                        "userProfile": {"id": 3, "name": "남"},
                    }
                ],
            }
        }
    }
