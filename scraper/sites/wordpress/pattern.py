"""Comments whose theme marks their words in no way that is known: told from name, date and buttons by the thread's own pattern."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.model.url import Base
from scraper.sites.wordpress.fragment import read_fragment, words_of
from scraper.sites.wordpress.names import DATE, is_button, is_date, name_of

# What core writes what people typed in (wpautop), and in what it leaves what they marked up themselves.
_PARAGRAPHS: Final = frozenset({"p", "blockquote", "pre", "ul", "ol", "li"})
_LONGEST_NAME: Final = 60
_MOST_WORDS_OF_NAME: Final = 6
_LONGEST_REST: Final = 8
# How sentences end and names do not: ``Ann B.``, ``Dr. Jr.``.
_ENDS: Final = re.compile(r"[!?…。:]\Z|\w{4}\.\Z")


@dataclass(frozen=True, slots=True)
class Words:
    """What one comment says, and whose name and which date stand beside it; None where they cannot be told."""

    text: str
    name: str | None
    date: str | None


@dataclass(frozen=True, slots=True, eq=False)
class _Leaf:
    """An element that has words of its own; ``form`` are the tags and classes that lead to it from the comment."""

    node: LexborNode
    form: str
    words: str

    @property
    def is_paragraph(self) -> bool:
        return self.node.tag in _PARAGRAPHS and not self.node.attributes.get("class")


def read_by_pattern(comments: Sequence[tuple[str, str | None]], base: Base) -> tuple[Words | None, ...]:
    """The words of comments, each given by its markup and the name that it is known to be of, if it is.

    None for those whose words cannot be told from what stands around them.
    """
    trees = [LexborHTMLParser(markup) for markup, _ in comments]
    leaves = [_leaves(tree.body) for tree in trees]
    same = _repeated(leaves)
    texts = _longest_form(leaves, same)
    return tuple(
        _read(tree, own, name, same, texts, base)
        for tree, own, (_, name) in zip(trees, leaves, comments, strict=True)
    )


def is_clean(text: str, name: str | None) -> bool:
    """Whether a text begins with neither the name of who wrote it nor a date, and ends with no button."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if not lines or is_date(lines[0]) or (name is None and len(lines) > 1 and _is_head(lines[0])):
        return False
    begins = bool(name) and lines[0].casefold().startswith(str(name).casefold())
    is_name = begins and (name_of(lines[0]) == name or DATE.search(lines[0]) is not None)
    return not is_name and not (len(lines) > 1 and is_button(lines[-1]))


def _is_head(line: str) -> bool:
    """Whether a line is a name with a date behind it."""
    date = DATE.search(line)
    rest = DATE.sub("", line[date.start() :]) if date else line
    return date is not None and len(rest) <= _LONGEST_REST and _is_name(line)


def _leaves(body: LexborNode | None) -> list[_Leaf]:
    """The outermost elements below ``body`` that have words of their own, in page order."""
    leaves: list[_Leaf] = []
    stack: list[tuple[LexborNode, str]] = [(body, "")] if body is not None else []
    while stack:
        node, form = stack.pop()
        words = words_of(node)
        if not words:
            continue
        if form.count(">") > 1 and _has_own_words(node):
            leaves.append(_Leaf(node, form, words))
            continue
        children = [child for child in node.iter() if child.tag]
        stack += [(child, f"{form}>{_form(child)}") for child in reversed(children)]
    return leaves


def _has_own_words(node: LexborNode) -> bool:
    return any(
        (child.text_content or "").strip() for child in node.iter(include_text=True) if child.tag == "-text"
    )


def _form(node: LexborNode) -> str:
    classes = (node.attributes.get("class") or "").split()
    return ".".join([node.tag or "", *(each for each in classes if not any(map(str.isdigit, each)))])


def _repeated(comments: Sequence[Sequence[_Leaf]]) -> frozenset[str]:
    """The forms of what every comment says alike, such as a button."""
    letters: defaultdict[str, list[str]] = defaultdict(list)
    for leaf in (leaf for leaves in comments for leaf in leaves):
        letters[leaf.form].append("".join(filter(str.isalpha, leaf.words)))
    return frozenset(form for form, words in letters.items() if len(words) > 2 and len(set(words)) == 1)


def _longest_form(comments: Sequence[Sequence[_Leaf]], same: frozenset[str]) -> str | None:
    """The form under which a thread says most, where two comments at least have it."""
    sizes: defaultdict[str, list[int]] = defaultdict(list)
    for leaf in (leaf for leaves in comments for leaf in leaves):
        if leaf.form not in same and not is_date(leaf.words):
            sizes[leaf.form].append(len(leaf.words))
    means: Mapping[str, float] = {
        form: sum(all_) / len(all_) for form, all_ in sizes.items() if len(all_) > 1
    }
    return max(means, key=lambda form: means[form], default=None)


def _read(
    tree: LexborHTMLParser,
    leaves: list[_Leaf],
    name: str | None,
    same: frozenset[str],
    texts: str | None,
    base: Base,
) -> Words | None:
    dates = _dates(leaves)
    buttons = [
        leaf for leaf in leaves if leaf.form in same or (is_button(leaf.words) and not leaf.is_paragraph)
    ]
    around = dict.fromkeys((*dates, *buttons))
    others = [leaf for leaf in leaves if leaf not in around]
    written = [leaf for leaf in others if leaf.is_paragraph and (name is None or name_of(leaf.words) != name)]
    written = written or [leaf for leaf in others if leaf.form == texts]
    words = frozenset(written)
    heads = [leaf for leaf in others if leaf not in words]
    if name is None:
        # The first that is no part of what is said; where all look alike, what stands right before the date.
        if not heads and dates and leaves[1:2] == dates[:1] and len(others) > 1:
            heads, written = others[:1], others[1:]
        name = next((name_of(leaf.words) for leaf in (*heads, *dates) if _is_name(leaf.words)), None)
    if not written or name is None or tree.body is None:
        return None
    if not _drop_own_words(tree.body):
        return None
    for leaf in (*around, *heads):
        leaf.node.decompose()
    text = read_fragment(tree.body, base).text
    if text is None or not is_clean(text, name):
        return None
    return Words(
        text,
        name,
        dates[0].words if dates else next((leaf.words for leaf in heads if DATE.search(leaf.words)), None),
    )


def _drop_own_words(body: LexborNode) -> bool:
    """Take out what the comment's own element says between others, such as ``Says:``; False where that may be the comment's words."""
    for node in [
        text for item in body.iter() for text in item.iter(include_text=True) if text.tag == "-text"
    ]:
        words = (node.text_content or "").strip()
        if words and "X" not in {name_of(f"X {words}"), name_of(f"X {words} 2000-01-01")}:
            return False
        node.decompose()
    return True


def _dates(leaves: list[_Leaf]) -> list[_Leaf]:
    """The dates of a comment; one in a paragraph that follows others is what somebody wrote."""
    dates: list[_Leaf] = []
    has_paragraph = False
    for at, leaf in enumerate(leaves):
        if is_date(leaf.words) and not (leaf.is_paragraph and has_paragraph and at > 1):
            dates.append(leaf)
        has_paragraph = has_paragraph or leaf.is_paragraph
    return dates


def _is_name(words: str) -> bool:
    name = name_of(words)
    return (
        name is not None
        and len(name) <= _LONGEST_NAME
        and len(name.split()) <= _MOST_WORDS_OF_NAME
        and _ENDS.search(name) is None
    )
