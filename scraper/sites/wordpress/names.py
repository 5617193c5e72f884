"""The names of people, out of what themes print around them: ``Ann says:``, ``Jonas 21. Juni 2019 um 14:07 Uhr - Antworten``."""

import re
from typing import Final

_MONTH: Final = r"[^\W\d_]{3,12}\.?"
_AGO: Final = (
    r"\b(?:vor|il y a|hace|há|fa|acum)\s\d+|\d+\s?\S{1,12}\s(?:ago|fa|geleden|sedan|siden|назад|temu|önce|atrás|전)\b"
    r"|\d+\s?(?:초|분|시간|일|주|개월|달|년)\s?전|\d+\s?(?:秒钟?|分钟?|分|小时|時間|天|日|周|週間|个月|か月|年)\s?前"
)
# What is a date for sure, in the languages of any theme: a year with a month, digits in threes, a clock, an age.
DATE: Final = re.compile(
    rf"\d{{1,2}}(?:\.|st|nd|rd|th)?\s(?:de\s|d’|d')?{_MONTH},?\s(?:de\s|del\s)?(?:19|20)\d\d|{_MONTH}\s\d{{1,2}}(?:st|nd|rd|th|,|\.)*\s(?:19|20)\d\d"
    r"|\b\d{1,2}\s?[./-]\s?\d{1,2}\s?[./-]\s?(?:19|20)?\d\d\b|\b(?:19|20)\d\d\s?[./-]\s?\d{1,2}\s?[./-]\s?\d{1,2}\b"
    rf"|(?:19|20)\d\d\s?[년年]|\b\d{{1,2}}[:h]\d\d\b|{_AGO}",
    re.IGNORECASE,
)
# What leads to a date: ``am 21. Juni``, ``on Monday, May 3``, a dash, a bracket.
_BEFORE_DATE: Final = re.compile(
    r"(?:[\s,;:|·•(–—-]+|\b(?:posted|written|published|veröffentlicht|gepostet|publié|publicado|pubblicato|geplaatst)(?=\s)"
    r"|\b(?:on|at|am|um|le|el|em|il|op|den|dne|dnia|the|à)(?=\s|\Z)|(?<=\s)(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|diens|donners|frei|"
    r"sams|sonn)tag|mittwoch|lun|mar|mer|mié|jeu|jue|ven|vie|sam|sáb|dim|dom|(?:lun|mar|mercre|jeu|vendre|same)di|dimanche|lunes|martes|miércoles|"
    r"jueves|viernes|sábado|domingo))+\Z",
    re.IGNORECASE,
)
# What themes say that somebody does, before a comment or behind a name.
_SAYS: Final = (
    "says|said|wrote|writes|commented|replied|sagt|sagte|schreibt|schrieb|meint|kommentiert|kommentierte|dice|dijo|escribió|"
    "comentó|ha dicho|dit|a dit|écrit|a écrit|ha detto|ha scritto|scrive|diz|disse|escreveu|comentou|zegt|schreef|schrijft|"
    "säger|skriver|skrev|siger|sier|sanoo|kirjoitti|pisze|napisał|napisała|mówi|powiedział|powiedziała|говорит|пишет|"
    "сказал|сказала|написал|написала|каже|пише|říká|napsal|napsala|hovorí|napísal|szerint|írta|mondja|spune|a spus|a scris|"
    "diyor ki|dedi ki|dedi|λέει|έγραψε|diu|ha dit|kaže|pravi|viết|nói|berkata|님의 댓글|님의 말|님이 말합니다|댓글|말|"
    "より|さんのコメント|のコメント|の発言|说道|说|說道|說|يقول|قال|كتب|אמר|הגיב|می‌گوید|گفت"
)
_BUTTONS: Final = (
    "reply|antworten|antwort|responder|répondre|rispondi|beantwoorden|svara|svar|odpowiedz|ответить|відповісти|odpovědět|"
    "válasz|yanıtla|απάντηση|vastaa|답글|응답|답글 달기|返信|回复|回覆|رد|הגב|permalink"
)
_BADGES: Final = "post author|author|autor|autorin|beitragsautor|auteur|autore|글쓴이|작성자|投稿者|作者|admin|administrator"
_TAIL: Final = re.compile(
    rf"(?:\s(?:{_SAYS})\s?[:：]|\s(?-i:{_SAYS})|(?:님의 댓글|님의 말|님이 말합니다|より|さんのコメント|のコメント|の発言|说道|说|說道|說)\s?[:：]"
    rf"|\s[-–—|·(]*\s?(?:{_BUTTONS})\s?[)]?|\s[-–—|·(]\s?(?:link|edit|#)\s?[)]?|\s?[(\[–—|·-]\s?(?:{_BADGES})\s?[)\]]?|[\s,;:：|·•(\[–—-]+)\Z",
    re.IGNORECASE,
)
_HEAD: Final = re.compile(
    r"\A(?:(?:comments?|reply|posted|written|kommentar|commentaire|comentario|comentário|commento|reactie|beitrag|artikel|pingback|trackback)\s"
    r"(?:by|from|von|de|par|por|di|van|door)\s|(?:pingback|trackback)\s?[:：]\s?|by\s|(?:author|autor|auteur|autore|written by|posted by|by|von|par|por|글쓴이|"
    r"작성자|作者|投稿者|автор)\s?[:：]\s?|글쓴이\s|#\d{1,5}[.:]?\s|\d{1,4}[.)]\s)",
    re.IGNORECASE,
)
_DIGIT: Final = re.compile(r"\d")
# A month or a word, and what parts it from the digit behind it; what a name ends in, but for a row of signs before it.
_BEFORE_DIGIT: Final = 16
_LONGEST_TAIL: Final = 40
_SIGNS: Final = frozenset(" ,;:：|·•([–—-")
_LONGEST: Final = 200
_LONGEST_DATE: Final = 60
# What stands around a date that is all an element says: ``on Monday, at pm``, ``오전``.
_LETTERS: Final = 18
_FEW_LETTERS: Final = 4
_HANGUL: Final = re.compile(r"[\u1100-\u11ff\uac00-\ud7af\u3040-\u30ff\u4e00-\u9fff]")
_SENTENCE: Final = re.compile(r"[!?…。]|\.\s+\S+\s+\S|[:：.]\Z")


def name_of(text: str | None) -> str | None:
    """The name in what an element says that shows a person: without date, verb, button or badge; None where none is left."""
    name = _shown(text)
    while name:
        date = _date_of(name)
        plain = _BEFORE_DATE.sub("", name[: date.start()]) if date else name
        plain = _without_tail(_HEAD.sub("", plain)).strip()
        if plain == name:
            break
        name = plain
    return name if any(character.isalnum() for character in name) else None


def is_name_of(text: str | None, name: str) -> bool:
    """Whether ``name_of`` a text is this name, which then leads it, or stands behind what is printed before names."""
    shown = _shown(text)
    return (shown.startswith(name) or _HEAD.match(shown) is not None) and name_of(text) == name


def _date_of(name: str) -> re.Match[str] | None:
    """The first date, which begins with a digit, or with a month or a word no further before one."""
    digit = _DIGIT.search(name)
    return DATE.search(name, max(0, digit.start() - _BEFORE_DIGIT)) if digit else None


def _without_tail(name: str) -> str:
    """A name without what ends it, be it behind a row of signs: what stands further before is not looked through."""
    start = max(0, len(name) - _LONGEST_TAIL)
    while start and name[start - 1] in _SIGNS:
        start -= 1
    tail = _TAIL.search(name, start)
    return name[: tail.start()] if tail else name


def _shown(text: str | None) -> str:
    return " ".join((text or "")[:_LONGEST].split())


def date_in(text: str) -> str | None:
    """The date in what an element says, with its clock and without what follows it; None where there is none."""
    date = DATE.search(text)
    return _TAIL.sub("", text[date.start() :]).strip() if date else None


def is_date(words: str) -> bool:
    """Whether a few words are a date, with no more around it than themes print: not a sentence that has one."""
    rest = DATE.sub(" ", words)
    if rest == words or len(words) > _LONGEST_DATE or _SENTENCE.search(rest.strip()):
        return False
    letters = "".join(filter(str.isalpha, rest))
    return len(letters) <= (
        _FEW_LETTERS if DATE.fullmatch(words.strip()) is None and _HANGUL.search(letters) else _LETTERS
    )


def is_label(text: str | None, name: str) -> bool:
    """Whether a text begins with what themes print behind a name (``Says:``), or is no more than the name, and what they print before it."""
    first = (text or "").partition("\n")[0].lstrip("- ").strip()
    return bool(first) and any(is_name_of(each, name) for each in (f"{name} {first}", f"{text} {name}", text))


def begins_with_name(text: str, name: str) -> bool:
    """Whether a text begins with a name, or is no more than what themes print before it."""
    return text.casefold().startswith(name.casefold()) or is_name_of(f"{text} {name}", name)
