"""The encodings of the web (encoding.spec.whatwg.org) on Python's codecs, which differ from them where this module says so."""

import codecs
from collections.abc import Mapping
from typing import Final

import webencodings

# Decoders that are no codec: they give one U+FFFD, or the upper half as private characters.
REPLACEMENT: Final = "replacement"
USER_DEFINED: Final = "x-user-defined"

# Codecs that have more of the standard's index than those that go by the names of the encodings.
_CODECS: Final = {"gbk": "gb18030", "big5": "big5hkscs"}
# What Python's codecs give for octets that mean another character, or none, in the standard's index.
_OTHER_CHARACTERS: Final[Mapping[str, dict[int, int]]] = {
    "gb18030": str.maketrans(
        "\ue5e5\ue78d\ue78e\ue78f\ue790\ue791\ue792\ue793\ue794\ue795\ue796\ue7c7"
        "\ue81e\ue826\ue82b\ue82c\ue832\ue843\ue854\ue864",
        "\u3000\ufe10\ufe12\ufe11\ufe13\ufe14\ufe15\ufe16\ufe17\ufe18\ufe19\u1e3f"
        "\u9fb4\u9fb5\u9fb6\u9fb7\u9fb8\u9fb9\u9fba\u9fbb",
    ),
    "cp932": str.maketrans("\uf8f0\uf8f1\uf8f2\uf8f3", "\ufffd\ufffd\ufffd\ufffd"),
    "euc_jp": str.maketrans("〜‖−¢£¬", "～∥－￠￡￢"),
    "koi8-u": str.maketrans("╝╬", "ўЎ"),
    "mac-cyrillic": str.maketrans("¤", "€"),
}
_LEADS: Final[Mapping[str, frozenset[int]]] = {
    "gb18030": frozenset(range(0x81, 0xFF)),
    "cp949": frozenset(range(0x81, 0xFF)),
    "big5hkscs": frozenset(range(0x81, 0xFF)),
    "cp932": frozenset((*range(0x81, 0xA0), *range(0xE0, 0xFD))),
    "euc_jp": frozenset((0x8E, 0x8F, *range(0xA1, 0xFF))),
}
_REPLACED: Final = "\ufffd"
ERRORS: Final = "postkeep.whatwg"
"""How codecs are told to go on where octets mean nothing to them."""


def codec_of(label: str) -> str | None:
    """The codec of the encoding that browsers take a label for, ``REPLACEMENT`` or ``USER_DEFINED``; None where it is no label."""
    encoding = webencodings.lookup(label)
    if encoding is None:
        return None
    name = str(encoding.name)
    return name if name in {REPLACEMENT, USER_DEFINED} else _CODECS.get(name, encoding.codec_info.name)


def decode_as(codec: str, octets: bytes) -> str:
    """``octets`` as browsers decode them. What means nothing becomes U+FFFD, and takes no ASCII after it along."""
    if codec == REPLACEMENT:
        return _REPLACED if octets else ""
    if codec == USER_DEFINED:
        return "".join(chr(octet if octet < 0x80 else 0xF700 + octet) for octet in octets)
    # What Python does of itself where octets mean nothing in UTF-8 is what the standard wants, and a hundred times as fast.
    text = octets.decode(codec, "replace" if codec == "utf-8" else ERRORS)
    other = _OTHER_CHARACTERS.get(codec)
    return text.translate(other) if other else text


def _mend(error: UnicodeError) -> tuple[str, int]:
    """What octets stand for that a codec does not know, and where it goes on."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    octets, at, codec = error.object, error.start, error.encoding
    first, second = octets[at], octets[at + 1 : at + 2]
    if codec == "charmap" and first < 0xA0:
        return chr(first), at + 1
    if codec == "gb18030" and first == 0x80:
        return "€", at + 1
    leads = _LEADS.get(codec)
    if leads is None:
        return _REPLACED, error.end
    if first not in leads or second < b"\x80":
        return _REPLACED, at + 1
    return (_extended(first, second[0]) if codec == "euc_jp" else _REPLACED), at + 2


def _extended(lead: int, trail: int) -> str:
    """The character of a pair in EUC-JP that only NEC and IBM have: those of Shift_JIS at the same place of the table."""
    if lead < 0xA1 or not 0xA1 <= trail < 0xFF:
        return _REPLACED
    row, cell = divmod((lead - 0xA1) * 94 + trail - 0xA1, 188)
    pair = bytes((row + (0x81 if row < 0x1F else 0xC1), cell + (0x40 if cell < 0x3F else 0x41)))
    return pair.decode("cp932", "replace")[0]


codecs.register_error(ERRORS, _mend)
