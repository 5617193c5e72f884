"""What pages print beside the words of a comment, by language: counts, badges, links to it, and what stands where one was deleted."""

import re
from collections.abc import Mapping
from typing import Final

from scraper.page.counts import NUMBER

_LIKES: Final[Mapping[str, str]] = {
    "": "👍|❤|♥|♡",
    "en": r"likes?|upvotes?|thumbs[- ]up|kudos|recommendations?|helpful(?: votes?)?|(?:people )?(?:like|liked) this",
    "ko": r"좋아요|추천(?:\s?수)?|공감(?:\s?수)?|도움(?:이\s?)?(?:돼요|됐어요|됨)|찬성",
    "ja": r"いいね[!！]?|高評価|参考になった",
    "zh": r"赞|讚|点赞|點讚|赞同|贊同|推荐|推薦|有用",
    "de": r"gefällt(?: mir)?(?:[- ]angaben)?|daumen hoch|hilfreich",
    "fr": r"j[’']aime|mentions? j[’']aime",
    "es": r"me gustas?",
    "pt": r"gostos?|curtidas?",
    "it": r"mi piace",
    "nl": r"vind[- ]ik[- ]leuks?|leuk",
    "pl": r"polubie(?:ń|nia|nie)|lubię to",
    "ru": r"нравится|лайк(?:а|ов|и)?|мне нравится",
    "sv": r"gillar(?: det)?|gillningar",
}
_SCORE: Final[Mapping[str, str]] = {
    "en": r"points?|score|(?:net )?votes?",
    "ko": r"점수|포인트|득표",
    "ja": r"ポイント|票",
    "zh": r"分|票|得分",
    "de": r"punkte?|stimmen?",
    "fr": r"points?|votes?",
    "es": r"puntos?|votos?",
    "pt": r"pontos?|votos?",
    "it": r"punti|punto|vot[oi]",
    "nl": r"punten|stemmen",
    "pl": r"punkt(?:y|ów)?|głos(?:y|ów)?",
    "ru": r"очк(?:о|а|ов)|голос(?:а|ов)?",
    "sv": r"poäng|röster?",
}
_ACCEPTED: Final[Mapping[str, str]] = {
    "": r"[✓✔☑✅]",
    "en": r"accepted(?: (?:answer|solution))?|(?:best|chosen|verified|selected) (?:answer|solution)|solution|answer accepted|marked as (?:the )?(?:(?:best |accepted )?(?:solution|answer))",
    "ko": r"(?:질문자\s?)?채택(?:된)?(?:\s?(?:답변|됨))?|베스트\s?(?:답변|답)|해결된?\s?답변",
    "ja": r"ベストアンサー|解決策|採用された回答",
    "zh": r"最佳(?:答案|回答|解答)|已[采採][纳納]|[采採][纳納](?:的)?答案",
    "de": r"(?:beste|akzeptierte|hilfreichste) antwort|lösung",
    "fr": r"meilleure réponse|réponse (?:acceptée|validée)|solution",
    "es": r"mejor respuesta|respuesta aceptada|solución",
    "pt": r"melhor resposta|resposta aceit[ae]|solução",
    "it": r"(?:migliore? risposta|risposta (?:migliore|accettata))|soluzione",
    "nl": r"beste antwoord|geaccepteerd antwoord|oplossing",
    "pl": r"najlepsza odpowiedź|zaakceptowana odpowiedź|rozwiązanie",
    "ru": r"лучший ответ|принятый ответ|решение",
    "sv": r"bästa svar(?:et)?|godkänt svar|lösning",
}
_POST_AUTHOR: Final[Mapping[str, str]] = {
    "en": r"op|original poster|(?:(?:post|topic|thread|article) )?author|(?:thread|topic) (?:starter|creator|owner)|asker|submitter",
    "ko": r"(?:글\s?)?작성자|글쓴이|질문자|질문\s?작성자",
    "ja": r"投稿者|トピ主|スレ主|主|質問者",
    "zh": r"[楼樓]主|作者|题主|題主|[提發发][问問]者",
    "de": r"autor(?:in)?|verfasser(?:in)?|themenstarter(?:in)?|(?:themen)?ersteller(?:in)?|fragesteller(?:in)?",
    "fr": r"auteure?(?: (?:du sujet|de l[’']article))?",
    "es": r"autora?(?: del (?:tema|hilo|artículo))?",
    "pt": r"autora?(?: do (?:tópico|artigo))?",
    "it": r"autore|autrice",
    "nl": r"auteur|topicstarter|ts",
    "pl": r"autor(?:ka)?(?: (?:tematu|wątku))?",
    "ru": r"автор(?: темы| вопроса)?|тс",
    "sv": r"trådstartare|ts|författare",
}
_PERMALINK: Final[Mapping[str, str]] = {
    "": r"(?:№|no\.?|nr\.?)?\s?#?\s?\d{1,7}\.?|[#¶§∞🔗]",
    "en": r"(?:perma)?link(?: to (?:this )?(?:post|comment|answer))?|direct link|share(?: link)?",
    "ko": r"링크|(?:고유\s?)?주소|바로\s?가기|퍼머링크|\d{1,6}\s?(?:번|층)",
    "ja": r"(?:パーマ)?リンク|\d{1,6}\s?番",
    "zh": r"(?:永久)?(?:链接|連結)|\d{1,6}\s?[楼樓]",
    "de": r"(?:perma)?link|verweis",
    "fr": r"lien|permalien",
    "es": r"enlace|enlace permanente",
    "pt": r"link permanente|ligação",
    "it": r"collegamento|link permanente",
    "pl": r"odnośnik|link bezpośredni",
    "ru": r"(?:постоянная )?ссылка",
    "sv": r"(?:perma)?länk",
}
# Who deletes, behind what was deleted.
_BY_EN: Final = r"(?: by (?:(?:its|the|an?|our) )?(?:author|user|poster|owner|op|moderators?|moderation(?: team)?|staff|admin(?:istrator)?s?|community))?"
_OF_KO: Final = r"(?:(?:작성자|본인|운영자|관리자|운영진|신고)(?:가|이|에\s?의해|의\s?요청으로|로)?\s)?"
_THING_KO: Final = r"(?:댓글|답글|대댓글|답변|게시물|게시글|글|의견|코멘트|메시지|덧글)"
_THING_ZH: Final = r"(?:评论|評論|回复|回覆|回應|回应|帖子|留言|回答|内容|內容|消息|訊息)"
_PLACEHOLDER: Final[Mapping[str, str]] = {
    "en": (
        rf"[\[(<](?:deleted|removed|flagged|dead|hidden|redacted)(?: comment| post)?{_BY_EN}[\])>]"
        rf"|(?:this|the) (?:post|comment|message|reply|answer|content|response) (?:has been|was|is) (?:deleted|removed|hidden|withdrawn|retracted|unavailable){_BY_EN}"
        rf"|[\[(]?(?:post|comment|message|reply|answer|content|response) (?:deleted|removed|hidden|withdrawn|retracted){_BY_EN}[\])]?"
        r"|(?:deleted|removed) (?:comment|post|message|reply|answer|by (?:the )?(?:author|user|moderator|staff))"
    ),
    "ko": (
        rf"(?:이\s)?{_THING_KO}(?:은|는|이|가)\s{_OF_KO}(?:삭제|숨김\s?처리|차단|블라인드\s?처리)(?:되었습니다|됐습니다|되었어요|됐어요|됨)"
        rf"|{_OF_KO}(?:삭제|숨김\s?처리|차단|블라인드\s?처리)(?:된|한)\s?{_THING_KO}(?:입니다|이에요|예요)?"
        rf"|[\[(]?(?:{_THING_KO}\s)?{_OF_KO}삭제(?:되었습니다|됐습니다|됨)[\])]?"
    ),
    "ja": (
        r"(?:この)?(?:コメント|投稿|返信|回答|メッセージ|書き込み)は(?:、)?(?:(?:投稿者|管理者|運営|本人)(?:により|によって))?(?:削除|非表示に)(?:されました|されています|しました)"
        r"|削除された(?:コメント|投稿|返信|回答)(?:です)?|[\[(（]?削除(?:済み|されました)[\])）]?"
    ),
    "zh": (
        rf"(?:该|該|此|这条|這條|本)?(?:条|條)?{_THING_ZH}(?:已经|已經|已被|已|被)(?:作者|用户|用戶|管理员|管理員|版主|楼主|樓主)?(?:删除|刪除|屏蔽|隐藏|隱藏)"
        rf"|(?:已(?:被)?(?:删除|刪除)(?:的)?{_THING_ZH})|[\[(（【]已(?:删除|刪除)[\])）】]"
    ),
    "de": (
        r"(?:dieser?|der|die|dieses|das) (?:kommentar|beitrag|nachricht|antwort|posting) wurde (?:(?:vom|von der|von einem|durch einen?|durch die|von) (?:autor|autorin|nutzer|verfasser|moderator|moderation|administrator|redaktion|ersteller) )?(?:gelöscht|entfernt|ausgeblendet|gesperrt)"
        r"|[\[(]?(?:kommentar|beitrag|nachricht|antwort) (?:gelöscht|entfernt|ausgeblendet)[\])]?|[\[(](?:gelöscht|entfernt)[\])]|gelöschter (?:kommentar|beitrag)"
    ),
    "fr": (
        r"(?:ce|cette|le|la) (?:commentaire|message|réponse|publication|contenu) a été (?:supprimé|retiré|masqué|effacé)e?(?: par (?:son auteur|l[’']auteur|un modérateur|la modération|l[’']utilisateur))?"
        r"|[\[(]?(?:commentaire|message|réponse) (?:supprimé|retiré|masqué|effacé)e?[\])]?|[\[(]supprimé[\])]"
    ),
    "es": (
        r"(?:este|el|esta|la) (?:comentario|mensaje|respuesta|publicación) (?:ha sido|fue) (?:eliminad|borrad|ocultad|retirad)[oa](?: por (?:su autor|el autor|un moderador|el usuario|la moderación))?"
        r"|[\[(]?(?:comentario|mensaje|respuesta) (?:eliminad|borrad|ocultad)[oa][\])]?|[\[(](?:eliminado|borrado)[\])]"
    ),
    "pt": (
        r"(?:este|esse|o|esta|a) (?:comentário|mensagem|resposta|publicação|post) foi (?:removid|apagad|excluíd|eliminad)[oa](?: (?:pelo (?:autor|moderador|utilizador|usuário)|por um moderador))?"
        r"|[\[(]?(?:comentário|mensagem|resposta) (?:removid|apagad|excluíd|eliminad)[oa][\])]?|[\[(](?:removido|apagado|excluído)[\])]"
    ),
    "it": (
        r"(?:questo|il|questa|la) (?:commento|messaggio|post|risposta) è stat[oa] (?:eliminat|rimoss|cancellat|nascost)[oa](?: (?:dall[’']autore|da un moderatore|dall[’']utente))?"
        r"|[\[(]?(?:commento|messaggio|risposta) (?:eliminat|rimoss|cancellat)[oa][\])]?|[\[(](?:eliminato|rimosso)[\])]"
    ),
    "nl": (
        r"(?:deze|dit|de|het) (?:reactie|bericht|antwoord|post) is (?:(?:door (?:de auteur|een moderator|de moderator|de gebruiker) )?(?:verwijderd|verborgen)|(?:verwijderd|verborgen) door (?:de auteur|een moderator|de moderator|de gebruiker))"
        r"|[\[(]?(?:reactie|bericht|antwoord) (?:verwijderd|verborgen)[\])]?|[\[(]verwijderd[\])]"
    ),
    "pl": (
        r"(?:ten|ta|to) (?:komentarz|post|wiadomość|odpowiedź|wpis) (?:został|została|zostało) (?:usunięt|ukryt)[yae](?: przez (?:autora|moderatora|użytkownika|administratora))?"
        r"|[\[(]?(?:komentarz|post|wpis|wiadomość) (?:usunięt|ukryt)[yae][\])]?|[\[(]usunięt[yoe][\])]"
    ),
    "ru": (
        r"(?:(?:этот|это|данный|данное) )?(?:комментарий|сообщение|ответ|пост) (?:был[оа]? )?(?:удал[её]н|скрыт)[оа]?(?: (?:автором|модератором|администратором|администрацией|пользователем))?"
        r"|[\[(](?:удалено|удалён|скрыто)[\])]"
    ),
    "sv": (
        r"(?:denna|detta|den här|det här|kommentaren|inlägget|svaret)(?: (?:kommentar(?:en)?|inlägg(?:et)?|svar(?:et)?))? har (?:tagits bort|raderats)(?: av (?:författaren|en moderator|användaren))?"
        r"|[\[(](?:borttagen|raderad)[\])]|borttaget inlägg|borttagen kommentar"
    ),
}


def _whole(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _any(words: Mapping[str, str]) -> str:
    return "|".join(dict.fromkeys(words.values()))


def _counted(words: Mapping[str, str]) -> re.Pattern[str]:
    """A label with its number before or behind it, and nothing else."""
    label = rf"(?:{_any(words)})\ufe0f?"
    return _whole(
        rf"{label}\s?[:：]?\s?[(\[]?\s?(?P<behind>[-−]?{NUMBER})\s?(?:개|명|회)?[)\]]?|(?P<before>[-−]?{NUMBER})\s?(?:개의?|명의?|个|個)?\s?{label}"
    )


LIKES: Final = _counted(_LIKES)
SCORE: Final = _counted(_SCORE)
LIKES_ALONE: Final = _whole(rf"(?:{_any(_LIKES)})\ufe0f?\s?[:：]?")
SCORE_ALONE: Final = _whole(rf"(?:{_any(_SCORE)})\s?[:：]?")
ACCEPTED: Final = _whole(rf"(?:[✓✔☑✅]\ufe0f?\s?)?(?:{_any(_ACCEPTED)})")
POST_AUTHOR: Final = _whole(rf"[(\[]?(?:{_any(_POST_AUTHOR)})[)\]]?")
PERMALINK: Final = _whole(_any(_PERMALINK))
PLACEHOLDER: Final = _whole(rf"(?:{_any(_PLACEHOLDER)})\s?[.!。！…]*")
LANGUAGES: Final = frozenset(_PLACEHOLDER)
