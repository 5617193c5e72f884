"""The value of a Content-Signal: the paths that it is for, and the use that it leaves (contentsignals.org)."""

import re
from typing import Final, Literal

# immediate: nothing is stored. reference: an index and excerpts. full: all of it.
Use = Literal["immediate", "reference", "full"]

# Both spellings are met.
CONTENT_SIGNALS: Final = frozenset({"content-signal", "content-signals"})

_USES: Final[tuple[Use, ...]] = ("immediate", "reference", "full")
_USE: Final = re.compile(r"(?<![\w-])use\s*[=:]\s*[\"']?\s*([A-Za-z-]*)", re.IGNORECASE)
_SCOPED: Final = re.compile(r"([/*]\S*)\s+(\S.*)", re.DOTALL)


def use_left(value: str) -> Use | None:
    """The strictest use among those that a value states; None where it states none.

    A word that is none of the three is read as ``reference``, which is what the managed files of its inventor say.
    """
    words = [word.lower() for word in _USE.findall(value)]
    stated: list[Use] = [next((use for use in _USES if use == word), "reference") for word in words]
    return min(stated, key=_USES.index, default=None)


def scoped(value: str) -> tuple[str | None, str]:
    """The pattern of paths that a value in robots.txt begins with, None where it is for all; and the rest of it."""
    match = _SCOPED.match(value)
    return (match[1], match[2]) if match else (None, value)
