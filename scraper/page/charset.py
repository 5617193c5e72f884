"""From bytes to text: which charset, and which rule said so."""

import codecs
import re
from dataclasses import dataclass
from typing import Final, Literal

import charset_normalizer
import webencodings

from scraper.page.characters import clean

Rule = Literal["bom", "header", "meta", "utf-8", "detector", "fallback"]

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HEADER_CHARSET: Final = re.compile(r"charset\s*=\s*[\"']?\s*([^\s\"';,]+)", re.IGNORECASE)
_META: Final = re.compile(rb"<meta[^>]{0,512}?charset\s*=\s*[\"']?\s*([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)
_COMMENT: Final = re.compile(rb"<!--.{0,4096}?-->", re.DOTALL)
# The HTML standard prescans 1024 bytes; pages put more before their meta, and browsers wait for it.
_PRESCAN: Final = 4096
_DETECT: Final = 64 * 1024
_WIDE: Final = re.compile("[\u0800-\U0010ffff]")
_HANGUL: Final = re.compile("[\uac00-\ud7a3\u3131-\u318e\u3000-\u303f\uff01-\uff5e\u2000-\u206f]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, the codec it was decoded with, and the rule that chose the codec."""

    text: str
    encoding: str
    rule: Rule


def decode(body: bytes, content_type: str | None = None) -> Decoded:
    """``body`` as text, by the first rule that holds: byte order mark, header, meta, strict UTF-8, detection.

    Labels mean what browsers take them for (WHATWG Encoding: ``euc-kr`` is code page 949). A label that the
    bytes contradict by being well-formed UTF-8 does not count. Nothing raises: what cannot be decoded
    becomes U+FFFD.
    """
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return Decoded(clean(body[len(mark) :].decode(encoding, "replace")), encoding, "bom")
    labels = _labels(body, content_type)
    for rule, codec in labels:
        text = _strictly(body, codec)
        if text is not None and not _really_utf8(body, codec):
            return Decoded(clean(text), codec, rule)
    text = _strictly(body, "utf-8")
    if text is not None:
        return Decoded(clean(text), "utf-8", "utf-8")
    if labels:
        rule, codec = labels[0]
        return Decoded(clean(body.decode(codec, "replace")), codec, rule)
    return _detect(body)


def _labels(body: bytes, content_type: str | None) -> list[tuple[Rule, str]]:
    header = _HEADER_CHARSET.search(content_type or "")
    meta = _META.search(_COMMENT.sub(b"", body[:_PRESCAN]))
    found: list[tuple[Rule, str]] = []
    if header and (codec := _codec(header[1])):
        found.append(("header", codec))
    if meta and (codec := _codec(meta[1].decode("ascii", "replace"))):
        # A page whose meta could be read as ASCII is not UTF-16 (HTML standard, 13.2.3.2).
        found.append(("meta", "utf-8" if codec.startswith("utf-16") else codec))
    return found


def _codec(label: str) -> str | None:
    encoding = webencodings.lookup(label)
    if encoding is None or encoding.name in {"replacement", "x-user-defined"}:
        return None
    return str(encoding.codec_info.name)


def _strictly(body: bytes, codec: str) -> str | None:
    try:
        return body.decode(codec)
    except UnicodeDecodeError:
        return None


def _really_utf8(body: bytes, codec: str) -> bool:
    if codec == "utf-8" or codec.startswith("utf-16") or body.isascii():
        return False
    text = _strictly(body, "utf-8")
    # Short code page 949 text can be well-formed UTF-8 of two-byte characters; longer sequences are no accident.
    return text is not None and _WIDE.search(text) is not None


def _detect(body: bytes) -> Decoded:
    korean = _strictly(body, "cp949")
    if korean is not None:
        others = [character for character in korean[:_DETECT] if character > "\x7f"]
        if len(_HANGUL.findall("".join(others))) >= 0.9 * len(others):
            return Decoded(clean(korean), "cp949", "detector")
    best = charset_normalizer.from_bytes(body[:_DETECT]).best()
    if best is None:
        return Decoded(clean(body.decode("utf-8", "replace")), "utf-8", "fallback")
    codec = "cp949" if best.encoding in {"euc_kr", "johab", "iso2022_kr"} else best.encoding
    return Decoded(clean(body.decode(codec, "replace")), codec, "detector")
