"""Signs that a page was saved by somebody who was signed in, told from what stands around its posts.

Such a page may show what only a member sees. What shows that nobody was signed in, a link to sign in above all, counts against the links to sign
out that many pages hold for whoever is.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.page.data import walk
from scraper.page.document import Document
from scraper.page.json_text import parse_json
from scraper.page.session_controls import (
    Control,
    controls_of,
    greetings_beside,
    menus_of,
    name_beside,
    name_in,
    sign_ins,
)
from scraper.page.session_words import (
    BARS,
    FLAG,
    FLAG_ATTRIBUTES,
    FLAG_KEYS,
    GREETINGS,
    HINTS,
    ID_KEYS,
    IN_CLASSES,
    NAME_KEYS,
    NAME_PLACES,
    NOBODY,
    OUT_CLASSES,
    SIGN_IN,
    SIGN_OUT,
    USER_KEYS,
    USER_METAS,
    VARIABLE_HINTS,
    VARIABLES,
)
from scraper.page.state import state_values

_LONG_STRING: Final = re.compile(r"\"(?:[^\"\\]|\\.){60,}\"|'(?:[^'\\]|\\.){60,}'", re.DOTALL)
_FLAG_KEY: Final = re.compile(FLAG_KEYS, re.IGNORECASE)
_PARAGRAPH: Final = 80
# What stands between the links of a menu in the text of a page.
_BETWEEN: Final = re.compile(r"[|·•\t/]| {2,}|\u3000")
_TRUE: Final = frozenset(("true", "1", "yes"))
_FALSE: Final = frozenset(("false", "0", "no", "", "null"))


@dataclass(frozen=True, slots=True)
class Session:
    """``signs`` are what showed it, for a sentence and without anybody's name; ``names`` are those by which the page knows who was signed in."""

    signs: tuple[str, ...]
    names: tuple[str, ...] = ()


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
    if document.capture.media_type == "text/plain":
        return _in_text(document.text)
    if not document.is_markup or document.is_hostile or document.tree.body is None:
        return None
    tree, signs = document.tree, _Signs()
    _read_marks(tree, signs)
    _read_data(tree, signs)
    controls = controls_of(tree, document)
    menus = [] if controls or signs.is_signed_out else menus_of(tree)
    if not (signs.proofs or signs.tellings or controls or menus):
        return None
    if greeted := [name for control in controls for name in greetings_beside(control.node)]:
        signs.proofs.append("words that say who is signed in")
        signs.names += greeted
    shown = [*signs.proofs, *_counting(signs, controls, tree)]
    if menus and (shown or sign_ins(tree) is None):
        shown += [menu.what for menu in menus]
        controls = menus
    if not shown:
        return None
    stated = (name_in(words) for words in signs.names)
    beside = (name for control in controls for name in control.names)
    return Session(tuple(dict.fromkeys(shown)), tuple(dict.fromkeys(filter(None, (*stated, *beside)))))


def _counting(signs: _Signs, controls: list[Control], tree: LexborHTMLParser) -> list[str]:
    """Of what proves nothing alone that which counts.

    Pages for everybody hold links to sign out beside those to sign in, and scripts choose; a name beside one that is seen is written there for
    whoever is signed in alone.
    """
    named = [control.what for control in controls if control.names and not control.is_hidden]
    others = [control for control in controls if control.names or not control.is_hidden]
    if signs.is_signed_out or not (signs.tellings or others):
        return named
    ways_in = sign_ins(tree)
    if ways_in == "seen":
        return named
    if ways_in == "hidden":
        others = [control for control in others if control.names]
    return [*(signs.tellings if others or ways_in is None else ()), *(control.what for control in others)]


def _in_text(text: str) -> Session | None:
    """The session that the text of a page shows in the lines of its menu: those before its first paragraph, and behind its last."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    long = [number for number, line in enumerate(lines) if len(line) >= _PARAGRAPH]
    first, last = (long[0], long[-1]) if long else (0, len(lines))
    around = [*lines[:first], *lines[last + 1 :]]
    items = [item.strip(" []()").lower() for line in around for item in _BETWEEN.split(line)]
    greeting = next(
        (match for line in around for pattern in GREETINGS if (match := pattern.match(line))), None
    )
    ways_out = [item for item in items if SIGN_OUT.fullmatch(item)]
    if not ways_out or any(SIGN_IN.fullmatch(item) for item in items):
        return None
    name = name_in(greeting["name"]) if greeting else name_beside(around, ways_out)
    return Session(tuple(f"“{item}”" for item in dict.fromkeys(ways_out)), (name,) if name else ())


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
    signs.names += [node.text() for node in tree.css(NAME_PLACES)]


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


def _classes(node: LexborNode) -> set[str]:
    return set((node.attributes.get("class") or "").lower().split())


def says_who_is_signed_in(line: str) -> bool:
    """Whether a line says so in the words of software, and leads out: what stands above forms for comments."""
    return SIGN_OUT.search(line.lower()) is not None and any(pattern.match(line) for pattern in GREETINGS)
