"""What a page may cost to parse: the parser is quadratic in nesting and in the attributes of a tag, so both are reckoned before it.

What is reckoned is never less than what the parser meets. Tags are cut as browsers cut them (HTML standard, 13.2.5.6 to 13.2.5.40), and
an end tag ends an element only where no other was left open in it: a page that knew of simpler rules could hide from them. What only
looks like a tag, in a script say, is reckoned too.
"""

import operator
import re
from typing import Final

from scraper.errors import SkippableError

MAX_CHARACTERS: Final = 24_000_000
# Of elements that are read as blocks; how deep they are, the tree tells.
MAX_DEPTH: Final = 400
# In units of two nanoseconds, so two seconds. One tag may have 30,000 attributes; of 2,067 real pages, the costliest came to a quarter.
MAX_COST: Final = 1_000_000_000
# An element costs so much for each that it lies in, and an attribute for each before it in its tag.
_COST_OF_DEPTH: Final = 2
_NAME: Final = r"(?:=[^ \t\n\r\f/>=]*+|[^ \t\n\r\f/>=]++)"
_VALUE: Final = (
    r"(?>(?:[ \t\n\r\f]*+=[ \t\n\r\f]*+(?>(?:\"[^\"]*+\"|'[^']*+'|[^ \t\n\r\f>\"'][^ \t\n\r\f>]*+)?))?)"
)
# The first alternative is only the one that most attributes are made of, so that they match sooner.
_ATTRIBUTES: Final = rf"(?: ?[a-zA-Z0-9-]++=\"[^\"]*+\"|[ \t\n\r\f/]++|{_NAME}{_VALUE})*+"
_TAG: Final = re.compile(rf"<(/?)([a-zA-Z][^ \t\n\r\f/>]*+)({_ATTRIBUTES})")
_TAG_WITH_ATTRIBUTES: Final = re.compile(rf"</?[a-zA-Z][^ \t\n\r\f/>]*+([ \t\n\r\f/]{_ATTRIBUTES})")
_ATTRIBUTE: Final = re.compile(_NAME + _VALUE)
# The attributes of a tag shorter than this cost nothing worth counting.
_SHORT_TAG: Final = 200
_GROUPS: Final = operator.methodcaller("groups")
_VOID: Final = frozenset(
    (
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    )
)
# Their end tags may be left out, so an open one says nothing about depth (HTML standard, 13.1.2.4).
_IMPLIED: Final = frozenset(("p", "li", "dt", "dd", "option", "tr", "td", "th", "tbody", "thead", "tfoot"))
_UNENDED: Final = _VOID | _IMPLIED


class HostilePageError(SkippableError):
    """A page is built so that parsing it would take minutes."""


def check_cost(html: str) -> None:
    """Raise HostilePageError where ``html`` is too long, or nests elements or heaps attributes by the tens of thousands."""
    if len(html) > MAX_CHARACTERS:
        raise HostilePageError(f"The page has {len(html):,} characters; at most {MAX_CHARACTERS:,} are read.")
    # A tag has three characters at least and an attribute two: a page so short costs less, whatever it is made of.
    if len(html) ** 2 <= 2 * MAX_COST:
        return
    tags = html.count("<")
    if _COST_OF_DEPTH * tags**2 <= MAX_COST // 2 and _cost_of_tags(html) <= MAX_COST // 2:
        return
    opened: list[str] = []
    cost = 0
    for closing, written, attributes in map(_GROUPS, _TAG.finditer(html)):
        if len(attributes) > _SHORT_TAG:
            cost += _cost_of_attributes(attributes)
        name = written.lower()
        if name not in _UNENDED:
            if not closing:
                opened.append(name)
            elif opened and opened[-1] == name:
                opened.pop()
        cost += _COST_OF_DEPTH * len(opened)
        if cost > MAX_COST:
            raise HostilePageError("The page nests elements, or heaps attributes, by the tens of thousands.")


def _cost_of_tags(html: str) -> int:
    """What the attributes of all tags cost."""
    every = _TAG_WITH_ATTRIBUTES.findall(html)
    return sum(_cost_of_attributes(attributes) for attributes in every if len(attributes) > _SHORT_TAG)


def _cost_of_attributes(attributes: str) -> int:
    """What the attributes of one tag cost."""
    return len(_ATTRIBUTE.findall(attributes)) ** 2


def check_depth(depth: int) -> None:
    """Raise HostilePageError where a block lies in more than ``MAX_DEPTH`` others."""
    if depth > MAX_DEPTH:
        raise HostilePageError(f"The page nests more than {MAX_DEPTH:,} elements in each other.")
