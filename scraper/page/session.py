"""Signs that a page was saved by somebody who was signed in, told from what stands around its posts.

Such a page may show what only a member sees. What shows that nobody was signed in, a link to sign in above all, counts against the links to sign
out that many pages hold for whoever is.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.model.url import parse_url
from scraper.page.data import walk
from scraper.page.document import Document
from scraper.page.json_text import parse_json
from scraper.page.session_words import (
    BARS,
    BESIDE,
    CHROME_CLASS,
    CHROME_ROLES,
    CHROME_TAGS,
    CONTENT_CLASS,
    CONTENT_TAGS,
    EMPTY_NAME,
    FLAG,
    FLAG_ATTRIBUTES,
    FLAG_KEYS,
    GREETINGS,
    HIDDEN_CLASS,
    HINTS,
    ID_KEYS,
    IN_ADDRESS,
    IN_CLASSES,
    MENU,
    NAME_CLASS,
    NAME_KEYS,
    NO_ACCOUNT,
    NOBODY,
    OF_THREADS,
    OUT_ADDRESS,
    OUT_CLASSES,
    OUT_STEMS,
    PROFILE,
    SIGN_IN,
    SIGN_OUT,
    TOGGLED,
    USER_KEYS,
    USER_METAS,
    VARIABLE_HINTS,
    VARIABLES,
)
from scraper.page.state import state_values

_CONTROLS: Final = (
    "a, button, input[type=submit], input[type=button], form[action], [role=button], [role=menuitem]"
)
_LABELLED: Final = (
    "a, button, span, div, p, li, strong, b, h2, h3, h4, label, input[type=submit], input[type=button]"
)
_LONGEST_MENU: Final = 8000
_LONGEST_LABEL: Final = 60
_LONGEST_LINE: Final = 160
# A block with so many letters beside its links is prose.
_PROSE: Final = 40
_UP: Final = 40
_AROUND: Final = 6
_SPACE: Final = re.compile(r"\s+")
_LONG_STRING: Final = re.compile(r"\"(?:[^\"\\]|\\.){60,}\"|'(?:[^'\\]|\\.){60,}'", re.DOTALL)
_WORD: Final = re.compile(r"\w+")
_EDGES: Final = re.compile(r"^[\W_]+|[\W_]+$")
_LETTERS: Final = re.compile(r"[^\W\d_]")
_FLAG_KEY: Final = re.compile(FLAG_KEYS, re.IGNORECASE)
_HIDDEN_STYLE: Final = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_PAGE_TAGS: Final = frozenset(("html", "body", "main", "article", "section"))
_UNSEEN_TAGS: Final = frozenset(("template", "noscript", "script", "style", "svg"))
_BLOCKS: Final = frozenset(
    ("p", "li", "div", "td", "dd", "dt", "ul", "ol", "section", "main", "body", "form", "table", "tr")
)
_TRUE: Final = frozenset(("true", "1", "yes"))
_FALSE: Final = frozenset(("false", "0", "no", "", "null"))


@dataclass(frozen=True, slots=True)
class Session:
    """``signs`` are what showed it, for a sentence and without anybody's name; ``names`` are those by which the page knows who was signed in."""

    signs: tuple[str, ...]
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Control:
    """A link, button or form that signs out: what it says, whether a reader sees it, and the names that the menu around it shows."""

    what: str
    node: LexborNode
    is_hidden: bool
    names: tuple[str, ...]


@dataclass(slots=True)
class _Signs:
    """What a page shows: marks that prove a session, marks that only tell of one, and whether it says that nobody is signed in."""

    proofs: list[str] = field(default_factory=list)
    tellings: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    is_signed_out: bool = False

    def flag(self, value: str, what: str) -> None:
        if value in _TRUE:
            self.tellings.append(what)
        elif value in _FALSE:
            self.is_signed_out = True


def session_in(document: Document) -> Session | None:
    """The session that a page shows; None where it shows none, or cannot be parsed."""
    if not document.is_markup or document.is_hostile or document.tree.body is None:
        return None
    tree, signs = document.tree, _Signs()
    _read_marks(tree, signs)
    _read_data(tree, signs)
    controls = _controls(tree, document)
    if not (signs.proofs or signs.tellings or controls):
        return None
    if greeted := [name for control in controls for name in _greetings_beside(control.node)]:
        signs.proofs.append("words that say who is signed in")
        signs.names += greeted
    shown = [*signs.proofs, *_counting(signs, controls, tree)]
    if not shown:
        return None
    stated = (_name(words) for words in signs.names)
    beside = (name for control in controls for name in control.names)
    return Session(tuple(dict.fromkeys(shown)), tuple(dict.fromkeys(filter(None, (*stated, *beside)))))


def _counting(signs: _Signs, controls: list[_Control], tree: LexborHTMLParser) -> list[str]:
    """Of what proves nothing alone that which counts.

    Pages for everybody hold links to sign out beside those to sign in, and scripts choose; a name beside one that is seen is written there for
    whoever is signed in alone.
    """
    named = [control.what for control in controls if control.names and not control.is_hidden]
    others = [control for control in controls if control.names or not control.is_hidden]
    if signs.is_signed_out or not (signs.tellings or others) or (sign_ins := _sign_ins(tree)) == "seen":
        return named
    if sign_ins == "hidden":
        others = [control for control in others if control.names]
    return [*(signs.tellings if others or sign_ins is None else ()), *(control.what for control in others)]


def _sign_ins(tree: LexborHTMLParser) -> str | None:
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


def _read_marks(tree: LexborHTMLParser, signs: _Signs) -> None:
    for node in (tree.root, tree.body):
        if node is None:
            continue
        classes = _classes(node)
        signs.proofs += [f"the class “{name}” of the page" for name in sorted(classes & IN_CLASSES)]
        signs.is_signed_out = signs.is_signed_out or not classes.isdisjoint(OUT_CLASSES)
        for name, value in node.attributes.items():
            if FLAG_ATTRIBUTES.fullmatch(name):
                signs.flag((value or "").strip().lower(), f"the mark “{name}” of the page")
    for name in USER_METAS:
        for node in tree.css(f'meta[name="{name}"]'):
            value = (node.attributes.get("content") or "").strip()
            if value.lower() not in NOBODY:
                signs.proofs.append(f"the mark “{name}” of the page")
                signs.names.append(value)
    if any(tree.css_first(bar) for bar in BARS):
        signs.proofs.append("the toolbar of members")
        signs.names += [node.text() for node in tree.css("#wpadminbar .display-name, #wpadminbar .username")]


def _read_data(tree: LexborHTMLParser, signs: _Signs) -> None:
    values = [*state_values(tree, HINTS), *_preloaded(tree)]
    for holder, keys, _ in walk(*values):
        for key, value in holder.items():
            lowered = key.lower()
            if _FLAG_KEY.fullmatch(key) and isinstance(value, bool):
                signs.flag(str(value).lower(), f"“{key}” in the data of the page")
            elif lowered in USER_KEYS or (
                lowered == "user" and keys[-1:] == ("session",) and "expires" in holder
            ):
                _read_user(key, value, signs)
    for node in tree.css("script:not([src]):not([type*=json])"):
        script = node.text()
        if not any(hint in script for hint in (*HINTS, *VARIABLE_HINTS)):
            continue
        text = _LONG_STRING.sub('""', script)
        for match in FLAG.finditer(text):
            signs.flag(match["value"].lower(), "a variable of the page")
        for match in VARIABLES.finditer(text):
            value = next(group for group in match.groups() if group is not None).strip('"')
            if value.lower() in NOBODY:
                signs.is_signed_out = True
                continue
            signs.proofs.append("a variable of the page")
            signs.names += [value] if match["mediawiki"] else []


def _preloaded(tree: LexborHTMLParser) -> Iterator[object]:
    """What Discourse puts into an attribute: JSON whose values are JSON."""
    for node in tree.css("[data-preloaded]"):
        value = parse_json(node.attributes.get("data-preloaded") or "")
        if isinstance(value, dict):
            yield {key: parse_json(each) if isinstance(each, str) else each for key, each in value.items()}


def _read_user(key: str, value: object, signs: _Signs) -> None:
    """Take in whoever looks at the page by its data: somebody with an id and a name, or a reference to a user."""
    if not isinstance(value, dict):
        return
    ids = [str(value[name]).strip().lower() for name in ID_KEYS if value.get(name) is not None]
    names = [name for each in NAME_KEYS if isinstance(name := value.get(each), str) and name.strip()]
    is_somebody = bool(ids and names) and NOBODY.isdisjoint(
        (ids[0], *(name.strip().lower() for name in names))
    )
    if is_somebody or str(value.get("__ref")).startswith("User:"):
        signs.proofs.append(f"“{key}” in the data of the page")
        signs.names += names


def _controls(tree: LexborHTMLParser, document: Document) -> list[_Control]:
    """The links, buttons and forms around the posts that sign out."""
    own = parse_url(document.capture.url)
    controls = []
    for node in tree.css(_CONTROLS):
        label = _label(node)
        says = bool(label) and SIGN_OUT.fullmatch(label) is not None
        address = node.attributes.get("href") or node.attributes.get("action") or ""
        if not says and not _signs_out(address, document, own.host if own else ""):
            continue
        if SIGN_IN.fullmatch(label) or _is_content(node, label) or _is_toggled(node) or _is_template(node):
            continue
        what = f"“{label}”" if says else "a link to sign out"
        names = tuple(name for words in _names_beside(node) if (name := _name(words)) and not is_menu(name))
        controls.append(_Control(what, node, _is_hidden(node), names))
    return controls


def _is_toggled(control: LexborNode) -> bool:
    around = (control, *list(_ancestors(control))[:_AROUND])
    return any(TOGGLED.search(node.attributes.get("class") or "") for node in around)


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
    lowered = (unquote(address) if "%" in address else address).lower()
    if NO_ACCOUNT.search(lowered) or not any(stem in lowered for stem in OUT_STEMS):
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


def _greetings_beside(control: LexborNode) -> Iterator[str]:
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


def _classes(node: LexborNode) -> set[str]:
    return set((node.attributes.get("class") or "").lower().split())


def _line_around(control: LexborNode, menu: LexborNode) -> str:
    """The words of a menu, with a stroke for those of its control that only say what it does."""
    words, own = _line(menu), _line(control)
    return words.replace(own, "|") if own and is_menu(own) else words


def _names_beside(control: LexborNode) -> Iterator[str]:
    """The names that an account menu shows around its link to sign out."""
    for menu in _menus(control):
        line = _line_around(control, menu)
        if len(line) <= 2 * _LONGEST_LINE and (
            match := next((match for pattern in BESIDE if (match := pattern.search(line))), None)
        ):
            yield match["name"]
        for node in menu.css("a, span, b, strong, em, div, img"):
            is_profile = node.tag == "a" and PROFILE.search(node.attributes.get("href") or "")
            if is_profile or NAME_CLASS.search(_marks(node)):
                yield (node.attributes.get("alt") or "") if node.tag == "img" else _line(node)


def _marks(node: LexborNode) -> str:
    attributes = node.attributes
    return f"{attributes.get('class') or ''} {attributes.get('id') or ''}"


def _name(words: str) -> str | None:
    """A name without honorifics; None where the words are none: nobody's, a way in or out, or of no length that names have."""
    name = _EDGES.sub("", _SPACE.sub(" ", words)).removesuffix(" 님").removesuffix("님").strip()
    if not 2 <= len(name) <= 40 or name.lower() in NOBODY:
        return None
    return None if SIGN_OUT.fullmatch(name.lower()) or SIGN_IN.fullmatch(name.lower()) else name


def is_menu(words: str) -> bool:
    """Whether words are those of an account's menu, a greeting or a way out among them, and of nothing else."""
    return MENU.issuperset(_WORD.findall(words.lower()))


def says_who_is_signed_in(line: str) -> bool:
    """Whether a line says so in the words of software, and leads out: what stands above forms for comments."""
    return SIGN_OUT.search(line.lower()) is not None and any(pattern.match(line) for pattern in GREETINGS)
