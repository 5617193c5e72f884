"""A forum's topic about an outage, in our own words, as it stands at two moments: some hours in, and a week later.

By the second the opening was edited twice, comments came, one was edited, and one was deleted and left its place.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from html import escape
from typing import Final, Literal

HOST: Final = "ondo.example"
PATH: Final = "/t/58-payment-outage"
URL: Final = f"https://{HOST}{PATH}"
DELETED: Final = "삭제된 댓글입니다."
TITLE: Final = "4월 3일 결제 장애 — what happened, and what you saw"

Moment = Literal["hours in", "a week later"]
_BEGUN: Final = datetime.fromisoformat("2026-04-03T14:05:00+09:00")
_OPENING: Final = (
    "14시 02분부터 결제가 두 번씩 승인되고 있습니다. 원인을 찾는 중이니, 겪으신 일을 시각과 함께 남겨 주세요. "
    "Payments are charged twice since 14:02. Please write what you see, and when."
)
_SINCE: Final = (
    "고침 16:40: 중복 승인은 15시 31분에 멈췄고, 두 번 빠져나간 금액은 오늘 안에 돌려드립니다. Fixed at 15:31; refunds go out today.",
    "고침 4월 6일: 원인은 재시도 두 겹이었습니다. 글 끝에 회고를 붙였습니다. The cause was a retry within a retry.",
)


@dataclass(frozen=True, slots=True)
class Reply:
    """A comment: minutes after the opening, who wrote it, what it says, and the number of the one that it answers, 0 for none."""

    number: int
    minutes: int
    name: str
    words: str
    to: int = 0
    is_deleted: bool = False


_PEOPLE: Final = ("운영", "모래", "Idun", "Perrin", "해솔", "도담")
# fmt: off
_REPLIES: Final = (
    Reply(1, 4, "모래", "14시 04분, 두 번 결제됐고 취소 버튼이 눌리지 않습니다."),
    Reply(2, 9, "Idun", "Same here at 14:06, two charges of 12,000 won, one receipt."),
    Reply(3, 12, "운영", "두 분 모두 확인했습니다. 주문 번호는 남기지 마시고 시각만 적어 주세요.", 1),
    Reply(4, 15, "모래", "네, 지웠습니다. 카드사 문자는 14시 04분에 두 건 왔어요.", 3),
    Reply(5, 21, "Perrin", "Mine went through once. Is it only for cards that were saved?", 2),
    Reply(6, 24, "Idun", "Saved card, yes. A new card worked once and only once.", 5),
    Reply(7, 33, "운영", "저장된 카드에서만 생긴다는 말씀이 도움이 됐습니다. 그쪽 재시도를 끄는 중입니다.", 6),
    Reply(8, 47, "해솔", "고객센터 전화가 안 됩니다. 여기에 쓰면 접수가 되나요?"),
    Reply(9, 52, "운영", "됩니다. 전화는 17시까지 어렵습니다.", 8),
    Reply(10, 90, "Perrin", "Since 15:31 it charges once again, I tried it twice with a small amount."),
    Reply(11, 97, "운영", "Thank you. That matches what we see on our side.", 10),
    Reply(12, 160, "모래", "환불 문자가 왔습니다. 두 시간 만이네요, 고맙습니다."),
)
_LATER: Final = (
    Reply(13, 310, "도담", "저는 아직 환불이 안 됐습니다. 15시 10분 결제분입니다."),
    Reply(14, 340, "운영", "15시대 결제는 내일 오전에 나갑니다. 늦어서 죄송합니다.", 13),
    Reply(15, 1320, "도담", "오전 11시에 들어왔습니다.", 14),
    Reply(16, 1500, "Idun", "Will you write down why it happened? I would rather read that than an apology."),
    Reply(17, 1530, "운영", "Yes, on Monday, here.", 16),
    Reply(18, 4300, "운영", "회고를 본문에 붙였습니다. 질문은 여기에 이어서 남겨 주세요."),
    Reply(19, 4345, "Perrin", "A retry within a retry: did the outer one have no key to tell the two apart?", 18),
    Reply(20, 4390, "운영", "It had one, made anew for each attempt. That was the mistake.", 19),
    Reply(21, 4420, "해솔", "시험 환경에서는 왜 안 보였나요?", 18),
    Reply(22, 4460, "운영", "시험 환경에는 저장된 카드가 없었습니다. 이번 주에 넣었습니다.", 21),
    Reply(23, 8600, "모래", "이런 회고를 그대로 남겨 주셔서 고맙습니다."),
)
# fmt: on


def replies(moment: Moment) -> tuple[Reply, ...]:
    """The comments as they stand at a moment, in the order in which they were written."""
    if moment == "hours in":
        return _REPLIES
    early = [
        replace(reply, words=DELETED, is_deleted=True)
        if reply.number == 4
        else replace(reply, words=f"{reply.words} (고침: 앱에서만 그렇습니다.)")
        if reply.number == 1
        else reply
        for reply in _REPLIES
    ]
    return (*early, *_LATER)


def opening(moment: Moment) -> tuple[str, ...]:
    """The paragraphs of the opening at a moment."""
    return (_OPENING,) if moment == "hours in" else (_OPENING, *_SINCE)


def page(moment: Moment) -> str:
    """The topic's page."""
    shown = replies(moment)
    words = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in opening(moment))
    edited = "" if moment == "hours in" else '<span class="edited">수정됨 2026-04-06 13:40</span>'
    return (
        f'<!doctype html>\n<html lang="ko"><head><meta charset="utf-8"><title>{escape(TITLE)} - 온도</title>'
        f'<link rel="canonical" href="{URL}"></head>\n<body><header><a href="/">온도</a> <a href="/login">로그인</a></header>\n<main>'
        f'<article class="topic" id="post-58"><h1>{escape(TITLE)}</h1><div class="byline"><a class="author" href="/u/1">운영</a> '
        f'<time datetime="{_BEGUN.isoformat()}">2026-04-03 14:05</time> {edited}</div><div class="topic-body">{words}</div></article>\n'
        f'<section class="comments"><h2>댓글 {len(shown)}개</h2><ol class="comment-list">{_level(shown, 0)}</ol></section></main>\n'
        "<footer>온도, 서비스를 쓰는 사람들의 이야기</footer></body></html>\n"
    )


def _level(shown: tuple[Reply, ...], above: int) -> str:
    return "".join(_comment(shown, reply) for reply in shown if reply.to == above)


def _comment(shown: tuple[Reply, ...], reply: Reply) -> str:
    at = _BEGUN + timedelta(minutes=reply.minutes)
    below = _level(shown, reply.number)
    nested = f'<ol class="children">{below}</ol>' if below else ""
    return (
        f'<li class="comment{" deleted" if reply.is_deleted else ""}" id="comment-{reply.number}"><div class="comment-head">'
        f'<a class="author" href="/u/{_PEOPLE.index(reply.name) + 1}">{escape(reply.name)}</a> <a class="permalink" href="{PATH}#comment-{reply.number}">'
        f'<time datetime="{at.isoformat()}">{at:%Y-%m-%d %H:%M}</time></a></div><div class="comment-body"><p>{escape(reply.words)}</p></div>'
        f"{nested}</li>\n"
    )


def texts(moment: Moment) -> Iterator[str]:
    """What the comments say at a moment, those that are deleted left out."""
    return (reply.words for reply in replies(moment) if not reply.is_deleted)
