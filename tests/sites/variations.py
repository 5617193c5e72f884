"""The replica's pages of Careerly's first site as other builds of it may have made them: other tags, wrappers, places, words.

What a page says stays; how its markup says it does not. What a variation quotes of the prompt is the author's.
"""

import html
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from random import Random
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from tests.replica import v1
from tests.replica.content import Community, ReplicaPost

QUOTED: Final = (
    "다음 내용이 궁금하다면?",
    "또는",
    "이미 회원이신가요?",
    "“다음 내용이 궁금하다면?” 이 문구가 뜹니다.",
    "다음 내용이 궁금하다면? 또는 이미 회원이신가요? 라는 문구를 보면 나가고 싶어집니다.",
    "카카오로 시작하기 버튼이 있죠.",
)
_VOID: Final = frozenset(("br", "hr", "img", "input", "link", "meta"))
_INLINE: Final = frozenset(("a", "b", "br", "em", "img", "span", "strong", "time"))
_UNWRAPPED: Final = frozenset(
    ("body", "head", "li", "link", "meta", "script", "style", "title", "textarea", "input")
)
_HOLDERS_AS_THEY_ARE: Final = frozenset(
    ("html", "head", "ul", "ol", "p", "title", "script", "style", "textarea")
)


@dataclass(eq=False)
class Element:
    """An element with what stands in it, in order."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: "list[Element | str]" = field(default_factory=list)

    def all(self) -> "Iterator[Element]":
        """This element and those in it."""
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.all()

    def named(self, name: str) -> "list[Element]":
        """The elements in it with a class that begins with ``name``."""
        return [each for each in self.all() if f" {name}" in f" {each.attributes.get('class', '')}"]

    def holder(self, child: "Element") -> "Element":
        """The element that ``child`` stands right in."""
        return next(each for each in self.all() if child in each.children)

    def words(self) -> str:
        """What is said in it."""
        return "".join(child if isinstance(child, str) else child.words() for child in self.children)

    def markup(self) -> str:
        """The element as HTML."""
        attributes = "".join(f' {name}="{html.escape(value)}"' for name, value in self.attributes.items())
        if self.tag in _VOID:
            return f"<{self.tag}{attributes}/>"
        inner = (
            html.escape(each, quote=False) if isinstance(each, str) else each.markup()
            for each in self.children
        )
        return f"<{self.tag}{attributes}>{''.join(inner)}</{self.tag}>"


def varied(community: Community, post: ReplicaPost, dice: Random) -> tuple[ReplicaPost, str]:
    """A post, which may quote the prompt now, and its page in one of very many forms."""
    post = _quoting(post, dice)
    build = v1.Build(id=str(dice.random()))
    root = _parsed(LexborHTMLParser(v1.post_page(community, post, build)).css_first("html"))
    for change, chance in _CHANGES:
        if dice.random() < chance:
            change(root, dice)
    return post, f"<!DOCTYPE html>{root.markup()}"


def _quoting(post: ReplicaPost, dice: Random) -> ReplicaPost:
    if post.editor == "plain" and dice.random() < 0.4:
        paragraphs = post.text.split("\n\n")
        paragraphs.insert(dice.randrange(1, len(paragraphs) + 1), dice.choice(QUOTED))
        post = replace(post, text="\n\n".join(paragraphs))
    if post.comments and dice.random() < 0.3:
        at = dice.randrange(len(post.comments))
        comments = list(post.comments)
        if not comments[at].deleted:
            comments[at] = replace(comments[at], text=dice.choice(QUOTED))
        post = replace(post, comments=tuple(comments))
    return replace(post, prompt=dice.choice(("none", "over"))) if not post.cut else post


def _parsed(node: LexborNode | None) -> Element:
    assert node is not None
    element = Element(node.tag or "", {name: value or "" for name, value in node.attributes.items()})
    child = node.first_child
    while child is not None:
        if child.tag == "-text":
            element.children.append(child.text_content or "")
        elif (child.tag or "")[:1].isalpha():
            element.children.append(_parsed(child))
        child = child.next
    return element


def _retagged(tags: frozenset[str], others: tuple[str, ...], within: str = "") -> "_Change":
    """The change of all elements of ``tags`` to one of ``others``, within the part of the page of that name."""

    def change(root: Element, dice: Random) -> None:
        tag = dice.choice(others)
        for part in root.named(within) if within else [root]:
            for element in part.all():
                element.tag = tag if element.tag in tags else element.tag

    return change


def _unlist_comments(root: Element, dice: Random) -> None:
    tag = dice.choice(("div", "article"))
    for element in root.named("CommentList_root")[0].all():
        element.tag = {"li": tag, "ul": "div"}.get(element.tag, element.tag)


def _move_prompt(root: Element, dice: Random) -> None:
    for prompt in root.named("SignUpPrompt_root"):
        (main, comments, body) = (
            root.named(name)[0] for name in ("PostDetail_main", "CommentList_root", "PostDetail_body")
        )
        root.holder(prompt).children.remove(prompt)
        beside, behind = dice.choice(((comments, 0), (comments, 1), (body, 0), (None, 0)))
        if beside is None:
            main.children.append(prompt)
        else:
            children = root.holder(beside).children
            children.insert(children.index(beside) + behind, prompt)


def _unbutton_prompt(root: Element, dice: Random) -> None:
    for prompt in root.named("SignUpPrompt_root"):
        for element in prompt.all():
            if element.tag == "button":
                element.tag = dice.choice(("a", "div"))
                element.attributes = {"href": "/login"} if element.tag == "a" else {}


def _restate_counts(root: Element, dice: Random) -> None:
    for element in root.named("PostDetail_meta")[0].all():
        if element.tag == "a":
            saves, views = (child.words() for child in element.children if isinstance(child, Element))
            element.children = [
                dice.choice(
                    (
                        f"저장 {saves}조회 {views}",
                        f"조회 {views} · 저장 {saves}",
                        f"저장 {saves} 조회 {views}",
                    )
                )
            ]


def _wrap(root: Element, dice: Random) -> None:
    for element in list(root.all()):
        if element.tag in _HOLDERS_AS_THEY_ARE:
            continue
        for at, child in enumerate(element.children):
            if isinstance(child, Element) and child.tag not in _UNWRAPPED and dice.random() < 0.1:
                tag = "span" if child.tag in _INLINE else "div"
                element.children[at] = Element(tag, {"class": f"css-{dice.getrandbits(24):x}"}, [child])


def _forget_classes(root: Element, _: Random) -> None:
    for element in root.all():
        element.attributes.pop("class", None)


def _invite(root: Element, _: Random) -> None:
    composer = Element(
        "div", {}, [Element("p", {}, ["로그인하고 댓글을 남겨 보세요."]), Element("button", {}, ["등록"])]
    )
    sorting = Element("div", {}, [Element("button", {}, ["최신순"]), Element("button", {}, ["등록순"])])
    root.named("CommentList_root")[0].children[1:1] = [sorting, composer]


def _leave_out(name: str) -> "_Change":
    def change(root: Element, _: Random) -> None:
        for part in root.named(name):
            root.holder(part).children.remove(part)

    return change


_Change = Callable[[Element, Random], None]
_CHANGES: Final[tuple[tuple[_Change, float], ...]] = (
    (_move_prompt, 0.5),
    (_unbutton_prompt, 0.3),
    (_restate_counts, 0.3),
    (_invite, 0.3),
    (_leave_out("Related_root"), 0.3),
    (_leave_out("Footer_root"), 0.2),
    (_retagged(frozenset(("section", "article", "main", "aside")), ("div",)), 0.3),
    (_retagged(frozenset(("h1",)), ("div", "h2", "p")), 0.3),
    (_unlist_comments, 0.4),
    (_retagged(frozenset(("h2",)), ("div", "h3", "strong"), "CommentList_root"), 0.3),
    (_wrap, 0.5),
    (_forget_classes, 0.2),
)
