"""The classes of characters by which the reader's search cuts texts, written from Python's Unicode tables for Python and browser alike.

``python -m tests.search_classes`` renews scraper/viewer/assets/search-classes.js; a test holds the two against each other.
"""

import json
import sys
import unicodedata
from collections.abc import Callable, Iterable
from typing import Final

from tests.conftest import REPOSITORY

ASSET: Final = REPOSITORY / "scraper" / "viewer" / "assets" / "search-classes.js"
# Scripts that put no space between words, or glue particles to them: found by pairs of characters.
_PAIRED: Final = (
    "HANGUL ",
    "HALFWIDTH HANGUL ",
    "CJK ",
    "IDEOGRAPHIC ",
    "HIRAGANA ",
    "KATAKANA",
    "HALFWIDTH KATAKANA",
    "HENTAIGANA ",
    "BOPOMOFO ",
    "YI ",
    "THAI ",
    "LAO ",
    "KHMER ",
    "MYANMAR ",
    "TIBETAN ",
)
# Blocks of marks that a reader may type or leave out: accents, points of Hebrew, vowels of Arabic; and what chooses a glyph.
_OPTIONAL: Final = (
    range(0x0300, 0x0370),
    range(0x0591, 0x05C8),
    range(0x0610, 0x061B),
    range(0x064B, 0x0660),
    range(0x0670, 0x0671),
    range(0x1AB0, 0x1B00),
    range(0x1DC0, 0x1E00),
    range(0x20D0, 0x2100),
    range(0xFE00, 0xFE10),
    range(0xFE20, 0xFE30),
    range(0xE0100, 0xE01F0),
)


def asset_text() -> str:
    """The file's text, by the Unicode tables of the Python that runs."""
    classes = {
        "unicode": unicodedata.unidata_version,
        "assigned": _ranges(_is_assigned),
        "dropped": _ranges(_is_dropped),
        "paired": _ranges(_is_paired),
        "spelled": _ranges(lambda char: _is_letter(char) and not _is_dropped(char) and not _is_paired(char)),
        "folds": _folds(),
    }
    lines = ",\n".join(
        f"{json.dumps(name)}: {json.dumps(value, separators=(',', ':'))}" for name, value in classes.items()
    )
    return f"// Written from Unicode's tables by `python -m tests.search_classes`; not to be edited by hand.\nvar postkeepClasses = {{\n{lines}\n}};\n"


def _is_assigned(char: str) -> bool:
    return unicodedata.category(char) not in {"Cn", "Cs"}


def _is_dropped(char: str) -> bool:
    category = unicodedata.category(char)
    return category == "Cf" or (category == "Mn" and any(ord(char) in block for block in _OPTIONAL))


def _is_letter(char: str) -> bool:
    return unicodedata.category(char)[0] in "LMN"


def _is_paired(char: str) -> bool:
    return _is_letter(char) and unicodedata.name(char, "").startswith(_PAIRED) and not _is_dropped(char)


def _characters() -> Iterable[str]:
    return map(chr, range(sys.maxunicode + 1))


def _ranges(is_member: Callable[[str], bool]) -> list[int]:
    """The members as gaps and lengths by turns: so many code points are not in it, so many are, and so on."""
    lengths = [0]
    inside = False
    for char in _characters():
        if is_member(char) is not inside:
            inside = not inside
            lengths.append(0)
        lengths[-1] += 1
    return lengths if inside else lengths[:-1]


def _folds() -> dict[str, str]:
    """What is left to do to lower case for it to be folded."""
    folds: dict[str, str] = {}
    for char in filter(_is_assigned, _characters()):
        lower, folded = char.lower(), char.casefold()
        if lower != folded:
            folds[lower] = folded
    return folds


if __name__ == "__main__":
    ASSET.write_text(asset_text(), encoding="ascii")
