"""The ways out of a session that a page shows around its posts, with the names beside them, and the ways in."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final
from urllib.parse import unquote

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.model.url import parse_url
from scraper.page.document import Document
from scraper.page.session_words import (
    ACCOUNT_MENUS,
    BESIDE,
    CHROME_CLASS,
    CHROME_ROLES,
    CHROME_TAGS,
    CONTENT_CLASS,
    CONTENT_TAGS,
    EMPTY_NAME,
    GREETINGS,
    HIDDEN_CLASS,
    IN_ADDRESS,
    MENU,
    NAME_CLASS,
    NO_ACCOUNT,
    NOBODY,
    OF_THREADS,
    OUT_ADDRESS,
    OUT_STEMS,
    PROFILE,
    SIGN_IN,
    SIGN_OUT,
    TOGGLED,
)

_CONTROLS: Final = (
    "a, button, input[type=submit], input[type=button], form[action], [role=button], [role=menuitem]"
)
_LABELLED: Final = (
    "a, button, span, div, p, li, strong, b, h2, h3, h4, label, input[type=submit], input[type=button]"
)
# No page for people has more; each costs a look at what stands around it.
_MOST_CONTROLS: Final = 40
_LONGEST_MARKS: Final = 300
_LONGEST_ADDRESS: Final = 2000
_LONGEST_MENU: Final = 8000
_LONGEST_LABEL: Final = 60
_LONGEST_LINE: Final = 160
# A block with so many letters beside its links is prose.
_PROSE: Final = 40
_UP: Final = 40
_AROUND: Final = 6
_WORD: Final = re.compile(r"\w+")
_EDGES: Final = re.compile(r"^[\W_]+|[\W_]+$")
_LETTERS: Final = re.compile(r"[^\W\d_]")
_HIDDEN_STYLE: Final = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_PAGE_TAGS: Final = frozenset(("html", "body", "main", "article", "section"))
_UNSEEN_TAGS: Final = frozenset(("template", "noscript", "script", "style", "svg"))
_BLOCKS: Final = frozenset(
    ("p", "li", "div", "td", "dd", "dt", "ul", "ol", "section", "main", "body", "form", "table", "tr")
)


@dataclass(frozen=True, slots=True)
class Control:
    """A link, button or form that signs out: what it says, whether a reader sees it, and the names that the menu around it shows."""

    what: str
    node: LexborNode
    is_hidden: bool
    names: tuple[str, ...]


def controls_of(tree: LexborHTMLParser, document: Document) -> list[Control]:
    """The links, buttons and forms around the posts that sign out."""
    own = parse_url(document.capture.url)
    controls: list[Control] = []
    looked_at = 0
    for node in tree.css(_CONTROLS):
        label = _label(node)
        says = bool(label) and SIGN_OUT.fullmatch(label) is not None
        address = node.attributes.get("href") or node.attributes.get("action") or ""
        if not says and not _signs_out(address, document, own.host if own else ""):
            continue
        if (looked_at := looked_at + 1) > _MOST_CONTROLS:
            break
        if SIGN_IN.fullmatch(label) or _is_content(node, label) or _is_toggled(node) or _is_template(node):
            continue
        what = f"“{label}”" if says else "a link to sign out"
        names = tuple(name for words in _names_beside(node) if (name := name_in(words)) and not is_menu(name))
        controls.append(Control(what, node, _is_hidden(node), names))
    return controls


def menus_of(tree: LexborHTMLParser) -> list[Control]:
    """The account menus that name somebody and show no way out: scripts add that when the menu is opened."""
    menus = []
    for node in tree.css(ACCOUNT_MENUS)[:_MOST_CONTROLS]:
        if len(node.html or "") > _LONGEST_MENU or _is_content(node, "") or _is_hidden(node):
            continue
        if _is_toggled(node) or _is_template(node):
            continue
        names = tuple(
            name for words in _names_in(node, _line(node)) if (name := name_in(words)) and not is_menu(name)
        )
        if names:
            menus.append(Control("an account menu with a name", node, is_hidden=False, names=names))
    return menus


def _is_toggled(control: LexborNode) -> bool:
    around = (control, *list(_ancestors(control))[:_AROUND])
    return any(TOGGLED.search((node.attributes.get("class") or "")[:_LONGEST_MARKS]) for node in around)


def _is_template(control: LexborNode) -> bool:
    """Whether the menu around a control has a place for a name, and no name there: scripts fill it for whoever is signed in."""
    for menu in _menus(control):
        for node in menu.css("span, strong, b, em, i, p, div, a"):
            marks = _marks(node)
            is_for_name = node.tag in {"strong", "b"} or EMPTY_NAME.search(marks)
            if node.child is None and is_for_name and "icon" not in marks:
                return True
    return False


def _signs_out(address: str, document: Document, host: str) -> bool:
    if len(address) > _LONGEST_ADDRESS:
        return False
    lowered = (unquote(address) if "%" in address else address).lower()
    if OUT_STEMS.search(lowered) is None or NO_ACCOUNT.search(lowered):
        return False
    url = parse_url(document.base.resolve(address) or "")
    if url is None or not _is_near(url.host, host):
        return False
    path, query = unquote(url.path).lower(), unquote(url.query).lower()
    segment = path.rstrip("/").rpartition("/")[2]
    parts = {segment, *(part for pair in re.split("[&;]", query) for part in pair.split("=")[:2])}
    return any(OUT_ADDRESS.fullmatch(part) for part in parts) and not any(
        IN_ADDRESS.fullmatch(part) for part in parts
    )


def _is_near(one: str, other: str) -> bool:
    """Whether two hosts are of one site, as far as their last labels tell."""
    return one.split(".")[-2:] == other.split(".")[-2:] or not other


def _label(node: LexborNode) -> str:
    """What a control says, in lower case; empty where that is nothing, or too long to be its label."""
    words = node.attributes.get("value") if node.tag == "input" else None
    if words is None:
        words = "" if node.tag == "form" else node.text(separator=" ")
    words = words[:400].strip() or node.attributes.get("aria-label") or node.attributes.get("title") or ""
    words = " ".join(words.split())
    return _EDGES.sub("", words).lower() if len(words) <= _LONGEST_LABEL else ""


def _menus(control: LexborNode) -> Iterator[LexborNode]:
    """A control and the elements around it that may be the menu of an account, the smallest first."""
    for around in (control, *list(_ancestors(control))[:_AROUND]):
        is_page = around.tag in _PAGE_TAGS or OF_THREADS.search(_marks(around))
        if is_page or len(around.html or "") > _LONGEST_MENU:
            return
        yield around


def greetings_beside(control: LexborNode) -> Iterator[str]:
    for menu in _menus(control):
        line = _line_around(control, menu)
        if len(line) > _LONGEST_LINE:
            return
        if match := next((match for pattern in GREETINGS if (match := pattern.search(line))), None):
            yield match["name"]
            return


def _line(node: LexborNode) -> str:
    return " ".join(node.text(separator=" ").split())


def _ancestors(node: LexborNode) -> Iterator[LexborNode]:
    above = node.parent
    for _ in range(_UP):
        if above is None or above.tag == "-undef":
            return
        yield above
        above = above.parent


def _is_content(node: LexborNode, label: str) -> bool:
    """Whether a control stands in what people wrote, and not around it."""
    for above in _ancestors(node):
        marks = _marks(above)
        if (
            above.tag in CHROME_TAGS
            or above.attributes.get("role") in CHROME_ROLES
            or CHROME_CLASS.search(marks)
        ):
            return False
        if above.tag in CONTENT_TAGS or "itemprop" in above.attributes or CONTENT_CLASS.search(marks):
            return True
    return _stands_in_prose(node) if label else False


def _stands_in_prose(node: LexborNode) -> bool:
    block = next((above for above in _ancestors(node) if above.tag in _BLOCKS), None)
    if block is None or block.tag == "body" or len(block.html or "") > 20_000:
        return False
    links = sum(len(_LETTERS.findall(link.text())) for link in block.css("a, button, script, style"))
    return len(_LETTERS.findall(block.text())) - links > _PROSE


def _is_hidden(node: LexborNode) -> bool:
    return any(_hides(each) for each in (node, *_ancestors(node)))


def _hides(node: LexborNode) -> bool:
    attributes = node.attributes
    return (
        node.tag in _UNSEEN_TAGS
        or "hidden" in attributes
        or _HIDDEN_STYLE.search(attributes.get("style") or "") is not None
        or not HIDDEN_CLASS.isdisjoint((attributes.get("class") or "").split())
    )


def _line_around(control: LexborNode, menu: LexborNode) -> str:
    """The words of a menu, with a stroke for those of its control that only say what it does."""
    words, own = _line(menu), _line(control)
    return words.replace(own, "|") if own and is_menu(own) else words


def _names_beside(control: LexborNode) -> Iterator[str]:
    """The names that an account menu shows around its link to sign out."""
    for menu in _menus(control):
        yield from _names_in(menu, _line_around(control, menu))


def _names_in(menu: LexborNode, line: str) -> Iterator[str]:
    if len(line) <= 2 * _LONGEST_LINE and (
        match := next((match for pattern in BESIDE if (match := pattern.search(line))), None)
    ):
        yield match["name"]
    for node in menu.css("a, span, b, strong, em, div, img"):
        address = (node.attributes.get("href") or "")[:_LONGEST_ADDRESS]
        if (node.tag == "a" and PROFILE.search(address)) or NAME_CLASS.search(_marks(node)):
            yield (node.attributes.get("alt") or "") if node.tag == "img" else _line(node)


def _marks(node: LexborNode) -> str:
    attributes = node.attributes
    return f"{attributes.get('class') or ''} {attributes.get('id') or ''}"[:_LONGEST_MARKS]


def name_in(words: str) -> str | None:
    """A name without honorifics; None where the words are none: nobody's, a way in or out, or of no length that names have."""
    name = _EDGES.sub("", " ".join(words.split())).removesuffix(" 님").removesuffix("님").strip()
    if not 2 <= len(name) <= 40 or name.lower() in NOBODY:
        return None
    return None if SIGN_OUT.fullmatch(name.lower()) or SIGN_IN.fullmatch(name.lower()) else name


def name_beside(lines: Sequence[str], ways_out: Collection[str]) -> str | None:
    """The name that the lines of a menu show in that with a way out, or in the one before it; None where they show none."""
    out = re.compile("|".join(map(re.escape, ways_out)), re.IGNORECASE)
    for before, line in pairwise(("", *lines)):
        if out.search(line) is None:
            continue
        for words in (out.sub("|", line), before):
            match = next((match for pattern in BESIDE if (match := pattern.search(words))), None)
            if match and (name := name_in(match["name"])) and not is_menu(name):
                return name
    return None


def is_menu(words: str) -> bool:
    """Whether words are those of an account's menu, a greeting or a way out among them, and of nothing else."""
    return MENU.issuperset(_WORD.findall(words.lower()))


def sign_ins(tree: LexborHTMLParser) -> str | None:
    """``seen`` where a reader sees how to sign in, ``hidden`` where the page holds it for others."""
    hidden = False
    for node in tree.css("input[type=password]"):
        if not _is_hidden(node):
            return "seen"
        hidden = True
    for node in tree.css(_LABELLED):
        if node.tag in {"a", "button"} or _is_leaf(node):
            label = _label(node)
            if (
                label
                and SIGN_IN.fullmatch(label)
                and not SIGN_OUT.fullmatch(label)
                and not _is_content(node, label)
            ):
                if not _is_hidden(node):
                    return "seen"
                hidden = True
    return "hidden" if hidden else None


def _is_leaf(node: LexborNode) -> bool:
    return node.child is not None and node.child.next is None and node.child.tag == "-text"
