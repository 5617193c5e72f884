"""Marks of an edit: what a text says where its date is that of a change, a language each."""

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class _Mark:
    """The marks of one language: a stem that each has, and what they look like in lower case."""

    stems: tuple[str, ...]
    form: re.Pattern[str]

    def is_in(self, lowered: str) -> bool:
        return any(stem in lowered for stem in self.stems) and self.form.search(lowered) is not None


def _mark(stems: str, *forms: str) -> _Mark:
    return _Mark(tuple(stems.split("|")), re.compile("|".join(forms)))


# A mark opens its text or a bracket in it, or says "by" or a number of times.
_MARKS: Final = {
    "en": _mark("edit|modified|updated|modification|last update",
        r"(?:edited|updated|modified) by\b",
        r"(?:^|[(\[·|] ?)(?:last |most recently )?(?:edited|updated|modified)"
        r"(?:$|[)\]:;,]| on\b| at\b| \d| \S+ ago| yesterday| today| [a-z]{3,9}\.? \d)",
        r"(?:ago|\d|[ap]m) (?:edited|updated)$",
        r"(?:post|message|comment|reply|answer|question|entry|this) (?:was|has been|had been) (?:last )?(?:edited|modified|updated)",
        r"edited \d+ times?",
        r"last (?:edit|update|modification|edited|updated|modified)",
        r"edit history",
    ),
    "ko": _mark("수정|편집", r"(?:마지막으로 |최종 |최근 )?(?:수정|편집)(?:됨|함|일|일시|시각|자|된 댓글)", r"에 (?:수정|편집)(?:됨|했습니다|되었습니다|됐습니다)", r"^수정:"),
    "ja": _mark("編集|更新", r"編集(?:済み|済|されました|日時|日)", r"最終(?:更新|編集)", r"(?:^|[(（])編集"),
    "zh": _mark("编辑|編輯|修改|更新", r"(?:最后|最後|上次)(?:编辑|編輯|修改|更新)", r"(?:已|被|重新|再次)(?:编辑|編輯)", r"(?:编辑|編輯)(?:于|於|过|過)", r"(?:于|於).{0,40}(?:编辑|編輯|修改)"),
    "de": _mark("bearbeit|editiert|geändert|änderung|aktualisiert",
        r"(?:zuletzt |nachträglich |mehrfach )?(?:bearbeitet|editiert|geändert)(?: von\b| am\b| durch\b|:|$|\)|\]| \d|,|;)",
        r"zuletzt (?:bearbeitet|geändert|editiert|aktualisiert)",
        r"(?:beitrag|nachricht|kommentar) wurde .{0,60}(?:bearbeitet|geändert|editiert)",
        r"letzte (?:bearbeitung|änderung)",
    ),
    "fr": _mark("modifi|édit|mis à jour|mise à jour", r"(?:modifié|édité|mis à jour)e? (?:par|le|il y a)\b", r"derni[eè]re (?:modification|édition|mise à jour)", r"(?:^|[(\[])(?:modifié|édité)e?(?:$|[)\]:])", r"a été (?:modifié|édité)"),
    "es": _mark("editado|modificado|edición|modificación|actualización", r"(?:^|[(\[]|última vez )(?:editado|modificado)(?:$|[)\]:]| por\b| el\b| hace\b)", r"última (?:edición|modificación|actualización)", r"(?:fue|ha sido) (?:editado|modificado)"),
    "pt": _mark("editad|modificad|edição|modificação|atualização", r"(?:^|[(\[]|última vez )(?:editado|modificado)(?:$|[)\]:]| por\b| em\b| há\b)", r"última (?:edição|modificação|atualização)", r"foi (?:editad|modificad)[oa]"),
    "it": _mark("modific", r"(?:^|[(\[]|ultima volta )modificato(?:$|[)\]:]| da\b| il\b)", r"ultima modifica", r"è stato modificato"),
    "nl": _mark("bewerk|gewijzigd|wijziging|aangepast", r"(?:laatst |voor het laatst )(?:bewerkt|aangepast|gewijzigd)", r"(?:^|[(\[])(?:bewerkt|gewijzigd|aangepast)(?:$|[)\]:]| door\b| op\b)", r"laatste (?:bewerking|wijziging)"),
    "pl": _mark("edytowan|zmienion|zmodyfikowan|edycja", r"ostatnio (?:edytowan[yea]|zmienion[yea]|zmodyfikowan[yea]|edytowano)", r"(?:^|[(\[])(?:edytowan[yoea]|edytowano)(?:$|[)\]:]| przez\b| \d)", r"ostatnia edycja"),
    "cs": _mark("uprav|úprava|změn|editoval", r"naposledy (?:uprav(?:en[aoy]?|il)|změn(?:ěn[aoy]?|il)|editoval)", r"(?:^|[(\[])upraveno(?:$|[)\]:]| \d)", r"poslední úprava"),
    "ru": _mark("редактир|измен|исправлено|(ред", r"(?:последний раз )?(?:редактировалось|отредактировано|отредактирован|изменено|изменён|исправлено)", r"последнее (?:редактирование|изменение)", r"\(ред(?:\.|актировалось)"),
    "uk": _mark("редагу|змінено", r"востаннє редагувал\w+", r"(?:^|[(\[])(?:відредаговано|змінено)", r"останнє редагування"),
    "sv": _mark("redigera|ändra", r"(?:senast |sist )(?:redigera[dt]|ändra[dt])", r"(?:^|[(\[])redigera[dt](?:$|[)\]:]| av\b| den\b)"),
    "da": _mark("rediger|rettet|ændret", r"(?:senest |sidst )(?:redigeret|rettet|ændret)", r"(?:^|[(\[])redigeret(?:$|[)\]:]| af\b| den\b)"),
    "no": _mark("redigert|endret", r"(?:sist |senest )(?:redigert|endret)", r"(?:^|[(\[])redigert(?:$|[)\]:]| av\b| den\b)"),
    "fi": _mark("muok", r"viimeksi (?:muokattu|muokannut)", r"(?:^|[(\[])muokattu(?:$|[)\]:]| \d)"),
    "tr": _mark("düzenle", r"(?:son |en son )?düzenle(?:nme|me|yen|ndi)", r"(?:^|[(\[])düzenlendi"),
    "hu": _mark("szerkeszt|módosítás", r"(?:utoljára )?szerkesztve", r"utolsó (?:szerkesztés|módosítás)"),
    "ro": _mark("edit|modificare", r"(?:ultima |ultima dată )(?:editare|modificare|editat)", r"(?:^|[(\[])editat(?:$|[)\]:]| de\b)"),
    "el": _mark("επεξεργ|τροποποίηση", r"τελευταία (?:επεξεργασία|τροποποίηση)", r"επεξεργάστηκε"),
    "id": _mark("diedit|disunting|diubah", r"(?:terakhir )?(?:diedit|disunting|diubah)",),
    "vi": _mark("sửa", r"(?:sửa|chỉnh sửa) (?:lần cuối|cuối)", r"đã (?:chỉnh )?sửa"),
}  # fmt: skip
_STEM: Final = re.compile("|".join({re.escape(stem): 0 for mark in _MARKS.values() for stem in mark.stems}))
_LONGEST: Final = 200
_AROUND: Final = " ()[]·|:;,"
# What leads on to who made an edit, or when.
_LEADING_ON: Final = re.compile(
    r"\s(?:by|on|at|von|am|durch|par|le|por|el|em|da|il|door|op|przez|av|den|af|de|\d)\Z", re.IGNORECASE
)


def edit_mark(text: str) -> bool:
    """Whether a text is the mark of an edit, so that a date in it is that of the edit."""
    if len(text) > _LONGEST:
        return False
    lowered = text.lower().strip()
    return _STEM.search(lowered) is not None and any(mark.is_in(lowered) for mark in _MARKS.values())


def edit_words(text: str) -> str | None:
    """The words that mark an edit in a text, without what is said of who made it and when; None where there are none.

    A label that nothing follows (``Last edited by:``) marks none.
    """
    if len(text) > _LONGEST or text.rstrip()[-1:] in {":", "："}:
        return None
    lowered = text.lower()
    if _STEM.search(lowered) is None:
        return None
    marks = (mark for mark in _MARKS.values() if any(stem in lowered for stem in mark.stems))
    found = next(filter(None, (mark.form.search(lowered) for mark in marks)), None)
    return _LEADING_ON.sub("", text[found.start() : found.end()].strip(_AROUND)) or None if found else None
