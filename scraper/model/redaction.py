"""The bars that stand where something was taken down, and how to know them again."""

from typing import Final

BARS: Final = "*¤■"
"""What stands for a character of one, of two, and of three bytes of UTF-8."""


def bar_for(character: str) -> str:
    """What stands for a character that was taken out; as many bytes of UTF-8 as it had."""
    size = len(character.encode("utf-8", "replace"))
    return BARS[min(size, len(BARS)) - 1] + BARS[0] * max(0, size - len(BARS))


def is_blacked_out(text: str | None) -> bool:
    """Whether bars, and no letter or digit, are all that is left of a text."""
    return text is not None and any(bar in text for bar in BARS) and not any(map(str.isalnum, text))
