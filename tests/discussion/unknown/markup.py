"""What pages of discussions have in common: dates and labels by language, paragraphs, and what stands around a thread."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from typing import Final

from tests.discussion.unknown.threads import Said, Thread

_MONTHS: Final = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "ar": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
    "th": "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม",
}
_LABELS: Final = {
    "en": "Reply|Quote|Report|Share|Like|Posts|Joined|Edited|wrote|Answers|Comments|Latest posts|Similar threads|In reply to|Sign up to take part|Home|Search",
    "ko": "답글|인용|신고|공유|좋아요|글 수|가입일|수정됨|님이 작성|답변|댓글|최근 글|비슷한 글|답글 대상|회원 가입하고 참여하기|홈|검색",
    "de": "Antworten|Zitieren|Melden|Teilen|Gefällt mir|Beiträge|Dabei seit|Bearbeitet|schrieb|Antworten|Kommentare|Neue Beiträge|Ähnliche Themen|Antwort auf|Jetzt mitmachen|Start|Suche",
    "fr": "Répondre|Citer|Signaler|Partager|J'aime|Messages|Inscrit|Modifié|a écrit|Réponses|Commentaires|Derniers messages|Sujets similaires|En réponse à|Inscrivez-vous|Accueil|Recherche",
    "es": "Responder|Citar|Denunciar|Compartir|Me gusta|Mensajes|Registrado|Editado|escribió|Respuestas|Comentarios|Últimos mensajes|Temas parecidos|En respuesta a|Regístrate|Inicio|Buscar",
    "ru": "Ответить|Цитировать|Пожаловаться|Поделиться|Нравится|Сообщений|Регистрация|Изменено|писал(а)|Ответы|Комментарии|Новые сообщения|Похожие темы|В ответ на|Зарегистрируйтесь|Главная|Поиск",
    "ja": "返信|引用|通報|共有|いいね|投稿数|登録日|編集済み|さんが書きました|回答|コメント|最近の投稿|関連トピック|返信先|会員登録して参加|ホーム|検索",
    "zh": "回复|引用|举报|分享|赞|帖子|注册|已编辑|写道|回答|评论|最新帖子|相关主题|回复|注册后参与|首页|搜索",
    "ar": "رد|اقتباس|إبلاغ|مشاركة|إعجاب|المشاركات|تاريخ التسجيل|تم التعديل|كتب|الإجابات|التعليقات|أحدث المشاركات|مواضيع مشابهة|ردا على|سجل للمشاركة|الرئيسية|بحث",
    "th": "ตอบกลับ|อ้างอิง|รายงาน|แชร์|ถูกใจ|โพสต์|สมัคร|แก้ไข|เขียนว่า|คำตอบ|ความคิดเห็น|โพสต์ล่าสุด|หัวข้อคล้ายกัน|ตอบถึง|สมัครสมาชิก|หน้าแรก|ค้นหา",
}
_KEYS: Final = "reply quote report share like posts joined edited wrote answers comments latest similar reply_to sign_up home search"
NOW: Final = datetime.fromisoformat("2026-07-01T00:00:00+00:00")


def labels(language: str) -> dict[str, str]:
    """The words that software of a language puts around posts."""
    return dict(zip(_KEYS.split(), _LABELS[language].split("|"), strict=True))


def printed(at: datetime, language: str) -> str:
    """A date with its time as pages of a language print it."""
    clock = f"{at:%H:%M}"
    if language == "ko":
        return f"{at.year}년 {at.month}월 {at.day}일 {clock}"
    if language in {"ja", "zh"}:
        return f"{at.year}年{at.month}月{at.day}日 {clock}"
    month = _MONTHS[language].split()[at.month - 1]
    if language == "en":
        return f"{month} {at.day}, {at.year}, {at:%I:%M} {'am' if at.hour < 12 else 'pm'}"
    forms = {"de": "{d}. {m} {y}, {t} Uhr", "fr": "{d} {m} {y} à {t}", "es": "{d} de {m} de {y} a las {t}"}
    return forms.get(language, "{d} {m} {y} {t}").format(d=at.day, m=month, y=at.year, t=clock)


def day(at: datetime, language: str) -> str:
    """A date alone."""
    if language in {"ko", "ja", "zh"}:
        return f"{at:%Y.%m.%d}"
    month = _MONTHS[language].split()[at.month - 1]
    return f"{month} {at.day}, {at.year}" if language == "en" else f"{at.day} {month} {at.year}"


def ago(at: datetime) -> str:
    """How long before the capture, in whole days or months."""
    days = (NOW - at).days
    return (
        f"{days} days ago"
        if days < 45
        else f"{days // 30} months ago"
        if days < 700
        else f"{days // 365} years ago"
    )


def iso(at: datetime) -> str:
    """A date as attributes have it."""
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def paragraphs(said: Said, tag: str = "p") -> str:
    """The paragraphs of a record as markup."""
    return "".join(f"<{tag}>{escape(each)}</{tag}>" for each in said.paragraphs)


def lines(said: Said) -> str:
    """The paragraphs of a record set apart by line breaks."""
    return "<br><br>".join(escape(each) for each in said.paragraphs)


def head_post(thread: Thread) -> str:
    """A post that stands before its comments, and under another form."""
    first = thread.said[0]
    return f'<article class="post"><h1>{escape(thread.title)}</h1><p class="info">{escape(first.by.name)} | {printed(first.at, thread.language)}</p><div class="text">{paragraphs(first)}</div></article>'


@dataclass(frozen=True, slots=True)
class Kind:
    """A way in which pages of discussions are made.

    ``make`` gives the markup between the head of the page and its foot. ``edges`` tells whether it shows what a record answers,
    ``quotes`` whether threads for it quote, ``deepest`` how deep they branch. ``is_apart`` says that the post stands before the thread,
    under another form than what answers it. ``f1``, ``authors``, ``dates`` and ``edges_f1`` are the least to be read; None where the page shows none.
    """

    name: str
    make: Callable[[Thread, random.Random], str]
    url: str = "https://talk.example.net/topic/{number}-words-of-a-title"
    deepest: int = 1
    edges: bool = False
    quotes: bool = False
    has_names: bool = True
    has_dates: bool = True
    around: bool = True
    sizes: tuple[int, ...] = (2, 3, 6, 14)
    languages: tuple[str, ...] = ("en", "ko", "de", "fr", "ru", "ja", "es", "zh", "ar", "th")


@dataclass(frozen=True, slots=True)
class Page:
    """A page with what it shows."""

    html: str
    url: str
    thread: Thread
    kind: Kind


def page_of(kind: Kind, thread: Thread, seed: int) -> Page:
    """The page of a kind for a thread."""
    chance = random.Random(f"{seed}/{kind.name}")
    main = kind.make(thread, chance)
    before, after = _around(thread, chance) if kind.around else ("", "")
    direction = ' dir="rtl"' if thread.language == "ar" else ""
    html = (
        f'<!DOCTYPE html><html lang="{thread.language}"{direction}><head><meta charset="utf-8">'
        f"<title>{escape(thread.title)} - Talk</title></head><body>{before}{main}{after}</body></html>"
    )
    return Page(html, kind.url.format(number=thread.said[0].number), thread, kind)


def _around(thread: Thread, chance: random.Random) -> tuple[str, str]:
    """What boards put before and behind a thread: menus, boxes with the names and dates of other threads, a foot."""
    say = labels(thread.language)
    others = thread.words.members(5)
    rows = "".join(
        f'<li class="x-row"><a href="/topic/{each.number}-other">{escape(thread.words.title())}</a>'
        f' <span class="x-by"><a href="/members/{each.number}">{escape(each.name)}</a></span>'
        f" <span>{printed(NOW - timedelta(days=each.number % 400), thread.language)}</span></li>"
        for each in others
    )
    similar = "".join(
        f'<tr><td><a href="/topic/{chance.randint(1, 9999)}-similar">{escape(thread.words.title())}</a></td>'
        f"<td>{escape(each.name)}</td><td>{day(NOW - timedelta(days=each.number % 300), thread.language)}</td><td>{each.posts}</td></tr>"
        for each in others[:4]
    )
    before = (
        f'<header><nav><ul><li><a href="/">{say["home"]}</a></li><li><a href="/search">{say["search"]}</a></li>'
        f'<li><a href="/register">{say["sign_up"]}</a></li></ul></nav></header>'
        f'<div class="crumbs"><a href="/">{say["home"]}</a> &raquo; <a href="/board/3">{escape(thread.words.title())}</a></div>'
    )
    side = (
        f'<aside class="side"><h3>{say["latest"]}</h3><ul>{rows}</ul></aside>'
        if chance.random() < 0.7
        else ""
    )
    box = (
        f'<section class="more"><h4>{say["similar"]}</h4><table>{similar}</table></section>'
        if chance.random() < 0.7
        else ""
    )
    foot = f'<footer><p>&copy; 2026 Talk. <a href="/terms">Terms</a> <a href="/privacy">Privacy</a></p><p>{say["sign_up"]}</p></footer>'
    return (before, box + side + foot) if chance.random() < 0.5 else (before + side, box + foot)
