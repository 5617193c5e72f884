"""From bytes to text: which charset, and which rule said so."""

import codecs
import re
from dataclasses import dataclass
from typing import Final, Literal

import charset_normalizer

from scraper.page.characters import clean, has_controls
from scraper.page.encodings import REPLACEMENT, USER_DEFINED, codec_of, decode_as

Rule = Literal["bom", "header", "meta", "xml", "utf-8", "detector", "fallback"]

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HEADER_CHARSET: Final = re.compile(r"charset\s*=\s*[\"']?\s*([^\s\"';,]+)", re.IGNORECASE)
_META: Final = re.compile(rb"<meta[^>]{0,512}?charset\s*=\s*[\"']?\s*([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)
_XML: Final = re.compile(rb"\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})")
_COMMENT: Final = re.compile(rb"<!--.{0,4096}?-->", re.DOTALL)
# The HTML standard prescans 1024 bytes; pages put more before their meta, and browsers wait for it.
_PRESCAN: Final = 4096
_DETECT: Final = 64 * 1024
_OTHERS: Final = re.compile("[^\x00-\x7f\ufffd]")
_WIDE: Final = re.compile("[\u0800-\ufffc\ufffe-\U0010ffff]")
# So many characters of three octets to one stray octet are UTF-8; in other encodings it is the other way round.
_CHARACTERS_TO_A_STRAY: Final = 4
_HANGUL: Final = re.compile("[\uac00-\ud7a3\u3131-\u318e\u3000-\u303f\uff01-\uff5e\u2000-\u206f]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, the codec it was decoded with, and the rule that chose the codec; whether control characters were taken out."""

    text: str
    encoding: str
    rule: Rule
    had_controls: bool


def decode(body: bytes, content_type: str | None = None) -> Decoded:
    """``body`` as text, by the first rule that holds: byte order mark, zeros of UTF-16, header, meta, UTF-8, detection.

    Labels mean what browsers take them for (WHATWG Encoding: ``euc-kr`` is code page 949). A label that the
    bytes contradict, by being UTF-8 or by meaning next to nothing, does not count; stray octets here and there contradict
    none. Nothing raises: what cannot be decoded becomes U+FFFD.
    """
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return _cleaned(body[len(mark) :], encoding, "bom")
    if wide := utf16_without_mark(body):
        return _cleaned(body, wide, "detector")
    labels = _labels(body, content_type)
    for rule, codec in labels:
        if codec in {"utf-8", REPLACEMENT} or not _is_utf8(body):
            text = _mostly(body, codec)
            if text is not None:
                return _cleaned(body, codec, rule, text)
    if _is_utf8(body) or _mostly(body, "utf-8", _CHARACTERS_TO_A_STRAY) is not None:
        return _cleaned(body, "utf-8", "utf-8")
    if labels:
        rule, codec = labels[0]
        return _cleaned(body, codec, rule)
    return _detect(body)


def _cleaned(body: bytes, encoding: str, rule: Rule, decoded: str | None = None) -> Decoded:
    """``body``, or what was ``decoded`` of it already, without the characters that no row may hold."""
    text = decode_as(encoding, body) if decoded is None else decoded
    kept = clean(text, body if encoding == "utf-8" else None)
    return Decoded(kept, encoding, rule, kept is not text and has_controls(text))


def utf16_without_mark(body: bytes) -> str | None:
    """The codec of a body in UTF-16 that has no byte order mark: every other octet of its ASCII is zero."""
    start = body[:_PRESCAN]
    if 0 not in start:
        return None
    pairs = list(zip(start[0::2], start[1::2], strict=False))
    low_first = sum(0 < one < 0x80 and other == 0 for one, other in pairs)
    high_first = sum(one == 0 and 0 < other < 0x80 for one, other in pairs)
    # Texts in other encodings hold a zero by accident, and have pairs of ASCII all over.
    ascii_pairs = sum(0 < one < 0x80 and 0 < other < 0x80 for one, other in pairs)
    most, least = max(low_first, high_first), min(low_first, high_first)
    if most < 2 or most < 4 * least or most <= ascii_pairs:
        return None
    return "utf-16-le" if low_first > high_first else "utf-16-be"


def _labels(body: bytes, content_type: str | None) -> list[tuple[Rule, str]]:
    header = _HEADER_CHARSET.search(content_type or "")
    meta = _META.search(_COMMENT.sub(b"", body[:_PRESCAN]))
    xml, labels = _XML.match(body[:_PRESCAN]), list[tuple[Rule, str]]()
    if header and (codec := codec_of(header[1])):
        labels.append(("header", codec))
    if meta and (codec := codec_of(meta[1].decode("ascii", "replace"))):
        # HTML standard, 13.2.3.2: a page whose meta could be read as ASCII is not UTF-16.
        is_utf16 = codec.startswith("utf-16")
        labels.append(("meta", "utf-8" if is_utf16 else "cp1252" if codec == USER_DEFINED else codec))
    if xml and (codec := codec_of(xml[1].decode("ascii", "replace"))):
        labels.append(("xml", "utf-8" if codec.startswith("utf-16") else codec))
    return labels


def _mostly(body: bytes, codec: str, characters_to_a_stray: int = 1) -> str | None:
    """The text of ``body`` in ``codec``; None where more of it means nothing there than so many characters excuse."""
    text = decode_as(codec, body)
    strays = _strays(text, body, codec)
    if codec == REPLACEMENT or strays == 0:
        return text
    return text if strays * characters_to_a_stray <= len(_OTHERS.findall(text)) else None


def _strays(text: str, body: bytes, codec: str) -> int:
    """How often octets meant nothing; a page in UTF-8 may hold U+FFFD itself."""
    if "\ufffd" not in text:
        return 0
    return text.count("\ufffd") - (body.count(b"\xef\xbf\xbd") if codec == "utf-8" else 0)


def _is_utf8(body: bytes) -> bool:
    """Whether the bytes speak for UTF-8 against any label.

    Short code page 949 text can be well-formed UTF-8 of two-byte characters; longer sequences are no accident.
    """
    if body.isascii():
        return False
    text = decode_as("utf-8", body)
    strays = _strays(text, body, "utf-8")
    if strays == 0:
        return _WIDE.search(text) is not None
    return len(_WIDE.findall(text)) >= strays * _CHARACTERS_TO_A_STRAY


def _detect(body: bytes) -> Decoded:
    # As many octets as so many characters have at most, and one that a cut may spoil.
    korean = decode_as("cp949", body[: 2 * _DETECT + 2])[:_DETECT]
    others = "".join(_OTHERS.findall(korean))
    strays = korean.count("\ufffd")
    if len(_HANGUL.findall(others)) >= 0.9 * len(others) and strays * _CHARACTERS_TO_A_STRAY <= len(others):
        return _cleaned(body, "cp949", "detector")
    best = charset_normalizer.from_bytes(body[:_DETECT]).best()
    if best is None:
        return _cleaned(body, "utf-8", "fallback")
    codec = codec_of(best.encoding) or best.encoding
    codec = "cp949" if codec in {"johab", "iso2022_kr", REPLACEMENT} else codec
    return _cleaned(body, codec, "detector")
