"""Pages with what is withheld of them: replicas of how sites make gates, in our own words, and pages of the corpora by name.

``withheld``: of the post's words some, or all, are not there. ``prompt``: a gate is laid over a text that is whole. ``quoted``: the post writes of
gates in their words. ``open``: nothing is withheld; what asks for a name does so for other things.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from tests.eval.corpora import CORPORA, pages_of

Label = Literal["withheld", "prompt", "quoted", "open"]
LABELS: Final[tuple[Label, ...]] = ("withheld", "prompt", "quoted", "open")
_OF_CORPORA: Final = Path(__file__).with_name("gate_labels.json")


@dataclass(frozen=True, slots=True)
class GatePage:
    """A page with its label. ``kept`` are words that are the writer's, and stay in the text."""

    name: str
    label: Label
    url: str
    html: bytes
    kept: str = ""


_ENGLISH: Final = (
    "The ferry to the island leaves at seven in the morning, and it waits for nobody, whatever the weather.",
    "On the way back it stops at the lighthouse, where the keeper takes the mail and hands over the log.",
    "Whoever misses the last boat sleeps in the harbour, in a room that smells of tar and of oranges.",
)
_KOREAN: Final = (
    "섬으로 가는 배는 아침 일곱 시에 떠나고, 날씨가 어떻든 아무도 기다리지 않습니다.",
    "돌아오는 길에 배는 등대에 들르고, 등대지기는 편지를 받고 하루의 기록을 건네줍니다.",
    "마지막 배를 놓친 사람은 항구의 작은 방에서 자는데, 그 방에서는 기름과 귤 냄새가 납니다.",
)
_GERMAN: Final = (
    "Die Fähre zur Insel legt um sieben Uhr am Morgen ab und wartet auf niemanden, bei keinem Wetter.",
    "Auf dem Rückweg hält sie am Leuchtturm, wo der Wärter die Post nimmt und das Logbuch übergibt.",
    "Wer das letzte Boot verpasst, schläft im Hafen, in einem Zimmer, das nach Teer und Orangen riecht.",
)
_LEAD: Final = 2
_WHOLE: Final = 12


def _page(
    name: str, label: Label, texts: tuple[str, ...], count: int, inside: str = "", behind: str = "", *, head: str = "", kept: str = ""
) -> GatePage:  # fmt: skip
    """A page whose post has ``count`` paragraphs, then ``inside`` its element and ``behind`` it what is given."""
    paragraphs = "".join(f"<p>{texts[at % len(texts)]}</p>" for at in range(count))
    html = (
        f"<html><head><meta charset='utf-8'><title>{texts[0][:12]}</title><meta property='og:type' content='article'>{head}</head><body><nav><a href='/'>Home</a>"
        f"<a href='/login'>Log in</a></nav><main><article><h1>{texts[0][:12]}</h1><p class='byline'>Ann Tide</p><time datetime='2021-05-03'>2021-05-03</time>"
        f"<div class='content'>{paragraphs}{inside}</div></article>{behind}</main><footer>Harbour</footer></body></html>"
    )
    return GatePage(name, label, f"https://harbour.example/news/2021/{name}", html.encode(), kept)


def _data(flag: str) -> str:
    part = f'{{"@type": "WebPageElement", "isAccessibleForFree": {flag}, "cssSelector": ".rest"}}'
    return f'<script type="application/ld+json">{{"@type": "NewsArticle", "isAccessibleForFree": {flag}, "hasPart": {part}}}</script>'


def replicas() -> tuple[GatePage, ...]:
    """Our own pages."""
    card = "<div class='wall'><h3>This article is for subscribers only</h3><p>Already a subscriber? Sign in</p><a href='/buy'>Subscribe</a></div>"
    upgrade = "<aside class='upgrade-cta'><h2>This post is for paying subscribers only</h2><a href='/signup'>Subscribe now</a></aside>"
    korean = "<div class='wall'><p>회원 전용 글입니다. 로그인 후 이어서 읽으실 수 있습니다.</p><a href='/login'>로그인</a></div>"
    german = "<div class='wall'><p>Dieser Artikel ist exklusiv für Abonnenten.</p><p>Bereits Abonnent? Anmelden</p></div>"
    metered = "<div class='meter'><p>Subscribe to continue reading</p><p>You have read your last free article.</p></div>"
    newsletter = (
        "<div class='box'><p>Subscribe to our weekly newsletter and get the tides in your inbox.</p></div>"
    )
    comment = "<section><p>Log in to comment</p></section>"
    broken = "<p>What the keeper found on the third night behind the lamp was neither a bird nor …</p>"
    cut_korean = "<p>사흘째 밤에 등대지기가 등불 뒤에서 찾은 것은 새도 아니고…</p>"
    form = "<form method='post'><p>Enter your password to view this post</p><input type='password' name='p'><input type='submit'></form>"
    quote_en = "Sites greet us with “subscribe to continue reading” and ask whether we are already a subscriber, and we close the page."
    quote_ko = "어느 사이트든 첫 화면에서 ‘로그인 후 이어서 읽기’ 단추부터 보여 주니, 이 글에서는 그 말이 어디서 왔는지 적어 봅니다."
    return (
        _page("no-words-card", "withheld", _ENGLISH, 0, card),
        _page("no-words-upgrade", "withheld", _ENGLISH, 0, "", upgrade),
        _page("no-words-korean", "withheld", _KOREAN, 0, korean),
        _page("no-words-password", "withheld", _ENGLISH, 0, form),
        _page("lead-card", "withheld", _ENGLISH, _LEAD, card),
        _page("lead-upgrade", "withheld", _ENGLISH, _LEAD, "", upgrade),
        _page("lead-korean", "withheld", _KOREAN, _LEAD, korean),
        _page("lead-german", "withheld", _GERMAN, _LEAD, german),
        _page("cut-card", "withheld", _ENGLISH, _WHOLE, broken + card),
        _page("cut-metered", "withheld", _ENGLISH, _WHOLE, broken, metered),
        _page("cut-korean", "withheld", _KOREAN, _WHOLE, cut_korean + korean),
        _page("flag", "withheld", _ENGLISH, _LEAD, head=_data("false")),
        _page("flag-as-words", "withheld", _ENGLISH, _LEAD, head=_data('"False"')),
        _page("whole-card", "prompt", _ENGLISH, _WHOLE, card),
        _page("whole-metered", "prompt", _ENGLISH, _WHOLE, "", metered),
        _page("whole-korean", "prompt", _KOREAN, _WHOLE, korean),
        _page("whole-german", "prompt", _GERMAN, _WHOLE, german),
        _page("quoting", "quoted", (*_ENGLISH, quote_en), _WHOLE + 1, kept=quote_en),
        _page("quoting-korean", "quoted", (*_KOREAN, quote_ko), _WHOLE + 1, kept=quote_ko),
        _page("quoting-in-list", "quoted", _ENGLISH, _WHOLE, f"<ul><li>{quote_en}</li></ul><p>{_ENGLISH[1]}</p>", kept=quote_en),
        _page("open", "open", _ENGLISH, _WHOLE),
        _page("open-short", "open", _ENGLISH, _LEAD),
        _page("open-korean", "open", _KOREAN, _WHOLE),
        _page("open-newsletter", "open", _ENGLISH, _WHOLE, newsletter),
        _page("open-comments", "open", _ENGLISH, _WHOLE, "", comment),
        _page("open-flag", "open", _ENGLISH, _WHOLE, head=_data('"True"')),
    )  # fmt: skip


def of_corpora() -> Iterator[GatePage]:
    """The labelled pages of the corpora; none where the corpora are not there."""
    labels: dict[str, dict[str, Label]] = json.loads(_OF_CORPORA.read_text(encoding="utf-8"))
    for corpus, by_name in labels.items():
        if (CORPORA / corpus).is_dir():
            for page in pages_of(corpus, names=by_name):
                yield GatePage(f"{corpus}/{page.name}", by_name[page.name], page.url, page.html)
