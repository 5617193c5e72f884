"""Words by which threads of any language are told apart from what stands around them, as parts of regular expressions by language."""

import re
from collections.abc import Mapping
from typing import Final

from scraper.model.record import CountName

# Dates beside these are of a person, or of another post, not of what was written.
_OF_OTHERS: Final[Mapping[str, str]] = {
    "en": r"join|member since|regist|since|birthday|last (?:seen|active|visit|login|reply|post|comment)",
    "de": r"dabei seit|mitglied|letzte antwort|letzter beitrag",
    "fr": r"inscri|membre|dernière réponse",
    "es": r"miembro|registrad|última respuesta",
    "ru": r"регистр",
    "ko": r"가입|마지막 (?:답글|댓글)",
    "ja": r"登録|最終返信",
    "zh": r"注册|最后回复",
}
# A time of day, or how long ago it was.
_CLOCK: Final[Mapping[str, str]] = {
    "": r"\d[:h.]\s?\d",
    "en": r"\bago\b",
    "ko": r"\d시\s?\d|전$",
    "ja": r"\d[時点]\s?\d|前$",
}
# What is said before and behind the name of who wrote.
_WROTE: Final[Mapping[str, str]] = {
    "en": r"posted|written|asked|answered|submitted",
    "de": r"geschrieben|verfasst",
    "es": r"publicado|escrito",
    "fr": r"publié|posté|écrit",
}
_BY: Final[Mapping[str, str]] = {
    "en": "by", "de": "von", "fr": "par", "es": "por", "it": "da|di", "nl": "door", "sv": "av", "ru": "от",
}  # fmt: skip
_SAYS: Final[Mapping[str, str]] = {
    "en": r"on|at|wrote|says|said|posted",
    "de": r"am|um|schrieb|schreibt|sagt(?:e)?",
    "fr": r"le|a\s(?:dit|écrit)",
    "es": r"el|dijo|dice|escribió",
    "it": r"il|ha\sscritto",
    "pt": r"em|disse",
    "nl": r"op",
    "sv": r"den|skrev",
    "ko": r"님이?",
    "ja": r"さん|より",
}
# What stands before the title of what is answered.
_AGAIN: Final[Mapping[str, str]] = {
    "en": "re|fwd?", "de": "aw|antwort|wg", "fr": "réf?", "sv": "sv", "nl": "antw", "pl": "odp", "fi": "vs", "it": "rif",
    "ru": "отв", "zh": "回复|回覆|答复", "ko": "답글|답장|회신", "ja": "返信",
}  # fmt: skip
# The button by which a post is answered, or told to those in charge: it stands at posts of a thread alone.
_ANSWERING: Final[Mapping[str, str]] = {
    "en": "reply|reply to this|answer|respond|quote|report|reply to this comment|reply to this post",
    "de": "antworten|antwort|zitieren|melden",
    "fr": "répondre|citer|signaler",
    "es": "responder|citar|denunciar|reportar",
    "it": "rispondi|cita|segnala",
    "pt": "responder|citar|denunciar",
    "nl": "beantwoorden|reageren|reageer|citeren",
    "sv": "svara|citera|anmäl",
    "pl": "odpowiedz|cytuj|zgłoś",
    "ru": "ответить|цитировать|пожаловаться",
    "ko": "답글|답글쓰기|답글 쓰기|답글달기|답글 달기|답변|댓글달기|인용|신고|신고하기",
    "ja": "返信|返信する|引用|通報",
    "zh": "回复|回覆|引用|举报|檢舉",
    "ar": "رد|اقتباس|إبلاغ",
    "th": "ตอบกลับ|ตอบ|อ้างอิง|รายงาน",
    "tr": "yanıtla|cevapla|alıntıla|şikayet et",
}  # fmt: skip
# Buttons and links that stand at a post, each as a whole.
_BUTTONS: Final[Mapping[str, str]] = {
    "": r"[#№]\s?\d+|[▲▼△▽↑↓⬆⬇👍👎❤♥+−-]+️?",
    "en": (
        r"(?:re|un)?reply|repl(?:y|ies)(?: to (?:this|post|comment|message))?|quote|multi-?quote|report(?: post)?|share|(?:un)?like|edit|delete|permalink|permanent link"
        r"|(?:direct |copy )?link|flag|follow|bookmark|save|up-?vote|down-?vote|vote(?: up| down)?|parent|context|top|back to top|next|prev(?:ious)?|more|raw|source|profile|pm|view"
        r"|private message|send message|(?:add a )?comment|thank(?:s| you)?|helpful|hide|show|print|e-?mail|toggle|collapse|expand|give award|react|award|add reaction"
    ),
    "de": r"antworten|zitieren|zitat|melden|teilen|gefällt mir|bearbeiten|löschen|permalink|link|nach oben|merken|danke|kommentieren|folgen|profil",
    "fr": r"répondre|citer|signaler|partager|j['’]aime|modifier|supprimer|permalien|lien|haut|merci|commenter|suivre|profil",
    "es": r"responder|citar|denunciar|reportar|compartir|me gusta|editar|borrar|eliminar|enlace|arriba|gracias|comentar|seguir|perfil",
    "it": r"rispondi|cita|segnala|condividi|mi piace|modifica|elimina|collegamento|grazie|commenta|segui|profilo",
    "pt": r"responder|citar|denunciar|compartilhar|partilhar|curtir|gosto|editar|excluir|apagar|link|obrigado|comentar|seguir|perfil",
    "nl": r"beantwoorden|reageren|citeren|melden|delen|vind ik leuk|bewerken|verwijderen|bedankt|volgen|profiel",
    "sv": r"svara|citera|anmäl|dela|gilla|redigera|ta bort|länk|tack|följ|profil",
    "pl": r"odpowiedz|cytuj|zgłoś|udostępnij|lubię to|edytuj|usuń|link|dziękuję|profil",
    "ru": r"ответить|цитировать|цитата|пожаловаться|поделиться|нравится|изменить|редактировать|удалить|ссылка|наверх|спасибо|подписаться|профиль",
    "ko": r"답글|답글 ?(?:쓰기|달기)|답변|댓글(?: ?달기)?|인용|신고|신고하기|공유|공유하기|좋아요|싫어요|추천|비추천|수정|삭제|링크|맨 ?위로|더 ?보기|스크랩|저장|팔로우|프로필|쪽지|반대",
    "ja": r"返信|返信する|引用|通報|報告|共有|シェア|いいね|編集|削除|リンク|トップへ|もっと見る|保存|フォロー",
    "zh": r"回[复覆应應]|引用|[举舉][报報]|分享|[赞讚]|点赞|編輯|编辑|删除|刪除|[链連][接結结]|顶部|更多|收藏|[关關]注|支持|反[对對]",
    "ar": r"رد|اقتباس|إبلاغ|مشاركة|إعجاب|تعديل|حذف|رابط",
    "th": r"ตอบกลับ|ตอบ|อ้างอิง|รายงาน|แชร์|ถูกใจ|แก้ไข|ลบ",
    "tr": r"yanıtla|cevapla|alıntı(?:la)?|şikayet et|paylaş|beğen|düzenle|sil|bağlantı",
}  # fmt: skip
# What a name stands behind where it stands in a field of its own.
_AUTHOR_LABEL: Final[Mapping[str, str]] = {
    "en": r"from|author|by|(?:posted|written|opened|reported|created|submitted|asked|started|sent)(?: by)?|reporter|poster|sender|name|user",
    "de": r"von|autor(?:in)?|verfasser(?:in)?|erstellt von|gemeldet von|absender",
    "es": r"de|autor(?:a)?|publicado por|creado por|remitente",
    "fr": r"de|auteur|autrice|par|publié par|créé par|expéditeur",
    "it": r"da|autore|autrice|inviato da|mittente",
    "pt": r"de|autor(?:a)?|publicado por|criado por",
    "nl": r"van|auteur|schrijver|geplaatst door",
    "pl": r"od|autor(?:ka)?|zgłaszający|nadawca",
    "ru": r"от|автор|отправитель|создал",
    "ko": r"글쓴이|작성자|올린이|보낸 ?사람|등록자|저자|이름|질문자",
    "ja": r"投稿者|作者|著者|差出人|名前|報告者",
    "zh": r"作者|发帖人|发布者|发件人|楼主|報告者|發表者",
}
_ONWARD: Final[Mapping[str, str]] = {"": r"[»›>→]", "ko": r"다음"}
# What the link to the rest of a list or of a thread says, and no more than that.
_MORE: Final[Mapping[str, str]] = {
    "en": r"(?:load|show|view|see|read)?\s*(?:more|older|next|newer)(?:\s+(?:page|posts?|comments?|replies|answers|topics|threads|entries|messages|items|results))?",
    "de": r"(?:mehr|weitere|ältere|nächste(?:\s+seite)?|weiter)(?:\s+(?:laden|anzeigen|beiträge|kommentare|antworten|themen|einträge))*",
    "fr": r"(?:page\s+)?suivante?s?|(?:voir|afficher|charger)\s+(?:plus|la\s+suite)(?:\s+de\s+\w+)?|plus\s+anciens?",
    "es": r"(?:página\s+)?siguiente|(?:ver|mostrar|cargar)\s+más(?:\s+\w+)?|más\s+antiguos|anteriores",
    "it": r"(?:pagina\s+)?(?:successiva|seguente)|avanti|(?:mostra|carica)\s+altr[ioe](?:\s+\w+)?",
    "pt": r"(?:página\s+)?(?:próxima|seguinte)|(?:ver|mostrar|carregar)\s+mais(?:\s+\w+)?|mais\s+antigos",
    "nl": r"volgende(?:\s+pagina)?|meer(?:\s+(?:laden|tonen))?|ouder",
    "sv": r"nästa(?:\s+sida)?|(?:visa|ladda)\s+fler|äldre",
    "pl": r"następna(?:\s+strona)?|(?:pokaż|załaduj)\s+więcej|starsze",
    "ru": r"(?:показать|загрузить)?\s*ещ[её]|далее|следующая(?:\s+страница)?|вперёд",
    "ko": r"(?:글|댓글|답글)?\s*더\s?(?:보기|불러오기|읽기)|다음(?:\s?(?:페이지|쪽))?|이전\s?(?:페이지|글\s?더\s?보기|댓글\s?더\s?보기)",
    "ja": r"もっと(?:見る|読む)|次(?:へ|の(?:ページ|\d*件))|さらに(?:表示|読み込む)",
    "zh": r"(?:加[载載]|查看|[显顯]示)?更多(?:[评評][论論]|回[复復])?|下一[页頁]|下[页頁]",
}

# What comments are called in the heading over them, and one of them in words.
_COMMENTS: Final[Mapping[str, str]] = {
    "ko": "댓글|덧글|답글|답변|의견|응답|생각",
    "ja": "コメント|返信|回答",
    "zh": r"(?:条|則|则|个|個)?(?:评论|評論|留言|回应|回應|回复|回覆|回答|答案)",
    "en": "comments?|responses?|repl(?:y|ies)|answers?|thoughts?",
    "de": "kommentare?|gedanken?|antwort(?:en)?",
    "fr": "commentaires?|réponses?|réflexions?|pensées?",
    "es": "comentarios?|respuestas?",
    "pt": "comentários?|respostas?",
    "it": "comment[oi]|rispost[ae]",
    "nl": "reacties?|antwoord(?:en)?",
    "ru": r"комментари\w*|ответ\w*",
    "pl": r"komentarz\w*|odpowied\w*",
    "sv": "kommentarer?|svar",
    "tr": "yorum|yanıt|cevap",
    "uk": r"коментар\w*|відповід\w*",
}
ONE: Final = r"\b(?:one|ein|eine|un|une|uno|um|uma|een|jeden|один)\b|하나"
# What stands with that: before the label, between the number and the label, and before what the comments are about.
ALL: Final = "총|전체|all|total"
OF_THEM: Final = "개의|件の|の"
ABOUT_BEFORE: Final = r"에\s(?:대한|달린)"
ABOUT: Final = "to|on|about|for|zu|zum|zur|auf|für|sur|à|pour|en|sobre|a|su|per|em|op|к|на|do"
# What stands behind a number of things or times.
TIMES: Final = "개|회|명|건|번|次|条|件|個|回"
# What all of a topic are called, its first included.
_POSTS: Final[Mapping[str, str]] = {
    "ko": "게시물|게시글", "en": "posts?|messages?", "de": "beiträge|beitrag|nachrichten", "fr": "messages?", "es": "mensajes?",
    "it": "messagg(?:io|i)|post", "pt": "mensage(?:m|ns)", "nl": "berichten", "ru": r"сообщени\w*", "pl": r"post(?:y|ów)?", "ja": "投稿",
}  # fmt: skip
# What counts of a post are called beside their number.
_VIEWS: Final = (
    r"조회\s?수?|읽음|views?|viewed|aufrufe|zugriffe|gelesen|vues?|lectures|vistas|visitas|visualizaciones|visualizações|visualizzazioni"
    r"|просмотр\w*|перегляд\w*|wyświetl\w*|odsłon\w*|weergaven|bekeken|visningar|görüntüle\w*|閲覧数?|浏览量?|瀏覽|阅读量?|閱讀|查看"
)
_LIKES: Final = r"좋아요|공감|추천|likes?|gefällt mir|j[’']aime|me gusta|curtidas?|mi piace|нравится|いいね|赞|讚|polubie\w*|gillar|beğeni"
COUNT_LABELS: Final[Mapping[CountName, str]] = {
    "views": _VIEWS,
    "likes": _LIKES,
    "saves": "저장|스크랩|북마크|saves?|bookmarks?|gemerkt|收藏|ブックマーク",
    "shares": r"공유|shares?|mal geteilt|partages?|compartidos?|condivisioni|分享|シェア",
    "score": r"votes?|points?|score|stimmen|punkte|votos|voti|голос\w*|점수|득표",
}


def _any(words: Mapping[str, str]) -> str:
    return "|".join(words.values())


COMMENTS: Final = _any(_COMMENTS)
POSTS: Final = _any(_POSTS)
OF_OTHERS: Final = re.compile(_any(_OF_OTHERS), re.IGNORECASE)
CLOCK: Final = re.compile(_any(_CLOCK))
BEFORE_NAME: Final = re.compile(rf"^\W*(?:(?:{_any(_WROTE)})\s+)?(?:{_any(_BY)})?\W+", re.IGNORECASE)
BEHIND_NAME: Final = re.compile(rf"[\s,·|:—–-]*(?:\b(?:{_any(_SAYS)})\b)*[\s,·|:—–-]*$", re.IGNORECASE)
AUTHOR_LABEL: Final = re.compile(rf"\W*(?:{_any(_AUTHOR_LABEL)})\s*[:：]?\W*", re.IGNORECASE)
# A name between its own label and the one word that labels what follows it in the same text.
AUTHOR_FIELD: Final = re.compile(
    rf"\W*(?:{_any(_AUTHOR_LABEL)})\s*[:：]\s*(?P<name>[^:：]+?)\W+\w+\s*[:：]", re.IGNORECASE
)
ONWARD: Final = re.compile(_any(_ONWARD))
MORE: Final = re.compile(rf"[\s<>«»›→↓+.…-]*(?:{_any(_MORE)})[\s<>«»›→↓+.…-]*|[»›→]+", re.IGNORECASE)
AGAIN: Final = re.compile(rf"^(?:(?:{_any(_AGAIN)})(?:\[\d+\])?\s?[:：]\s*)+", re.IGNORECASE)
BUTTON: Final = re.compile(rf"\W*(?:{_any(_BUTTONS)})\W*(?:[(\[]?\d+[)\]]?)?\W*", re.IGNORECASE)
ANSWERING: Final = frozenset(_any(_ANSWERING).split("|"))
