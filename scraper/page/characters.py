"""Characters that no row may hold, and the plain forms that words are compared in."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

_UNWANTED: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")
_CONTROL_OCTETS: Final = bytes((*range(0x09), *range(0x0B, 0x20), 0x7F))
# Of a long body so much at a time, so that it does not lie in memory twice.
_PIECE: Final = 1 << 18
_LABEL: Final = 100
_INVISIBLE: Final = re.compile("[\u200b-\u200d\u2060\ufeff\u00ad\ufe0e\ufe0f]")


def clean(text: str, utf_8: bytes | None = None) -> str:
    """``text`` with ``\\n`` line ends, without control characters, lone surrogates replaced by U+FFFD.

    ``utf_8`` are the octets that a long text was decoded from, where they were UTF-8: these are sooner looked through.
    """
    is_clean = _UNWANTED.search(text) is None if utf_8 is None else _is_clean(text, utf_8)
    if is_clean:
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _SURROGATE.search(text):
        # Two halves that JSON escapes kept apart are one character again; what stays alone is replaced.
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return _CONTROL.sub("", text)


def _is_clean(text: str, utf_8: bytes) -> bool:
    """Whether a text decoded from UTF-8, which holds no surrogates, holds nothing else that is unwanted."""
    pieces = (utf_8[at : at + _PIECE] for at in range(0, len(utf_8), _PIECE))
    has_controls = any(len(piece.translate(None, _CONTROL_OCTETS)) < len(piece) for piece in pieces)
    return not (has_controls or "\ufffe" in text or "\uffff" in text)


def has_controls(text: str) -> bool:
    """Whether ``text`` has control characters that ``clean`` takes out."""
    return _CONTROL.search(text.replace("\r", "")) is not None


def plain(text: str) -> str:
    """``text`` as labels are compared: NFKC, no invisible characters, each run of white space one space."""
    return _plain_label(text) if len(text) <= _LABEL else _plain(text)


def _plain(text: str) -> str:
    if text.isascii():
        return " ".join(text.split())
    return " ".join(_INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).split())


# What is as short as a label stands on a page, and on the pages of a site, many times.
_plain_label: Final = lru_cache(maxsize=4096)(_plain)
