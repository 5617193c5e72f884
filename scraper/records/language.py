"""The language of a text, where its script alone decides it.

Hangul is written for Korean only and kana for Japanese only, so a text with enough of either is in that language,
whatever Latin words or Han characters stand between. Every other script serves several languages: there the
answer is None, not a guess. URLs, code, mentions and emoji do not count.
"""

import re
from typing import Final

# A script decides with this share of the letters, and at least this many of them.
_LEAST_SHARE: Final = 0.3
_LEAST_LETTERS: Final = 2

_NO_LANGUAGE: Final = re.compile(
    r"```.*?(?:```|\Z)"  # fenced code
    r"|`[^`\n]*`"  # inline code
    r"|\bhttps?://\S+|\bwww\.\S+"
    r"|@[\w.]+"
    r"|⟨[^⟩\n]*⟩",  # what personal details and user names were replaced by
    re.DOTALL,
)
# What each of these opens with: most texts hold none of it.
_MAY_OPEN: Final = re.compile("[`@⟨]|http|www")
# Jamo that stand alone, as in ㅋㅋㅋ and ㅠㅠ, are Hangul too.
_HANGUL: Final = re.compile(
    r"[\u1100-\u11ff\u3131-\u318e\ua960-\ua97c\uac00-\ud7a3\ud7b0-\ud7fb\uffa1-\uffdc]+"
)
_KANA: Final = re.compile(
    r"[\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fd-\u30ff\u31f0-\u31ff\uff66-\uff9d]+"
)
_SCRIPTS: Final = (("ko", _HANGUL), ("ja", _KANA))


def language_of(text: str | None) -> str | None:
    """``ko`` or ``ja`` (ISO 639-1) where Hangul or kana alone decide it; None otherwise."""
    if text is None or text.isascii():
        return None
    prose = _NO_LANGUAGE.sub(" ", text) if _MAY_OPEN.search(text) else text
    languages = [language for language, script in _SCRIPTS if _decides(script, prose)]
    return languages[0] if len(languages) == 1 else None


def _decides(script: re.Pattern[str], prose: str) -> bool:
    count = sum(map(len, script.findall(prose)))
    if count < _LEAST_LETTERS:
        return False
    # Letters are fewer than characters, which need not be told apart.
    return count >= _LEAST_SHARE * len(prose) or count >= _LEAST_SHARE * sum(map(str.isalpha, prose))
