"""Saved pages whose words would like to run, to turn around or to burst the page that shows them; all of it is text of ours."""

import html
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Final, NamedTuple

from scraper.model.url import parse_url
from scraper.sites.generic import generic_id
from scraper.viewer.paths import post_path

HOST: Final = "https://forum.example"
CAPTURED_AT: Final = "2024-05-06T07:08:09Z"
_ZALGO: Final = "".join(f"{letter}\u0335\u0317\u0334\u0348\u0306\u0301\u030b\u0310" * 6 for letter in "zalgo")
# Each is what somebody wrote, and must be read on the page as it was written.
ATTACKS: Final = (
    "<script>alert('script')</script>",
    "<img src=x onerror=\"alert('image')\">",
    "<svg onload=alert('svg')><foreignObject><iframe srcdoc='<script>parent.alert(1)</script>'>",
    "</script><script>alert('closing')</script>",
    "</title></textarea></style><script>alert('raw text')</script>",
    '" onmouseover="alert(\'attribute\')" autofocus onfocus="alert(\'focus\')" x="',
    "javascript:alert('address') JaVaScRiPt:alert(1) data:text/html,<script>alert(1)</script>",
    "[press here](javascript:alert('markdown)) ![picture](https://tracker.example/pixel.png)",
    "{{constructor.constructor('alert(1)')()}} ${alert(1)} <%= alert(1) %>",
    "<base href=https://tracker.example/><meta http-equiv=refresh content='0;url=https://tracker.example/'>",
    "<form action=https://tracker.example/><input name=q><button>Search</button></form>",
    "<link rel=stylesheet href=https://tracker.example/x.css><style>*{display:none}</style>",
    "]]><!-- --!><![CDATA[ <!--[if IE]> -->",
    "이 글은 \u202eesrever si txet siht\u202c 여기서 끝나고 \u2066\u2067\u2068 닫지 않은 것도 있습니다",
    f"위아래로 넘치는 {_ZALGO} 글자",
    "a\u2028b\u2029c 줄을 끊는 글자",
    "\ufeff\u200b\u00ad보이지 않는\u200d 글자\ufffe",
)
LONG_WORD: Final = "끊어지지않는말" * 8_000
COMMENTS: Final = 10_000
_WORDS: Final = (
    "배포",
    "장애",
    "원인",
    "금요일",
    "되돌리기",
    "점검",
    "일정",
    "담당",
    "회의",
    "문서",
    "설정",
    "서버",
    "로그",
    "알림",
    "대응",
    "기록",
    "확인",
    "공유",
    "질문",
)


class HostilePage(NamedTuple):
    """A page as somebody saved it, with the address that it had."""

    file: Path
    url: str
    title: str


def hostile_path(name: str, number: int = 1) -> str:
    """Where the reader has a page of the post that was saved under that name."""
    url = parse_url(f"{HOST}/topics/{name}")
    assert url is not None
    return post_path(generic_id(url), number)


def write_hostile_pages(folder: Path) -> list[HostilePage]:
    """The pages, in files of that folder."""
    return [
        _write(
            folder, "attacks", f"제목 </script><script>alert('title')</script> {ATTACKS[13]}", list(ATTACKS)
        ),
        _write(
            folder,
            "long",
            "아주 긴 댓글 하나",
            [_long_comment(), "댓글을 짧게 남깁니다. 긴 댓글 다음에도 읽힙니다."],
        ),
        _write(folder, "many", "댓글이 만 개인 글", [_comment(number) for number in range(1, COMMENTS + 1)]),
    ]


def _comment(number: int) -> str:
    """Words in an order of their own: the same sentence again and again is furniture of a page."""
    words = Random(number).choices(_WORDS, k=5 + number % 9)
    return f"{' '.join(words)} 같습니다. {number}"


def _long_comment() -> str:
    """About a megabyte, of which a good part is one word without a place to break it."""
    sentence = "이 댓글은 백만 바이트쯤 되도록 같은 문장을 되풀이해서 씁니다. "
    return f"{sentence * 9_000}{LONG_WORD} {LONG_WORD.translate({ord('끊'): 'W'})}"


def _write(folder: Path, name: str, title: str, comments: list[str]) -> HostilePage:
    url = f"{HOST}/topics/{name}"
    file = folder / f"{name}.html"
    file.write_text("\n".join(_lines(url, title, comments)), encoding="utf-8")
    return HostilePage(file, url, title)


def _lines(url: str, title: str, comments: list[str]) -> Iterator[str]:
    shown = html.escape(title)
    body = "이 글은 브라우저에서 아무것도 실행되지 않는지 보려고 썼습니다. 본문에는 평범한 문장이 두 개 있습니다."
    yield f"<!DOCTYPE html><html lang=ko><head><meta charset=utf-8><title>{shown}</title>"
    yield f"<link rel=canonical href='{url}'></head><body><main>"
    yield f"<article class=post><h1>{shown}</h1><p class=byline><a rel=author href='/users/minsu'>민수</a> "
    yield f"<time datetime='2024-05-01T09:00:00+09:00'>2024-05-01</time></p><div class=post-body><p>{body}</p>"
    yield f"<p>{html.escape(ATTACKS[0])} <a href=\"javascript:alert('link')\">눌러 보세요</a></p></div></article>"
    yield f"<section id=comments class=comments><h2>댓글 {len(comments)}개</h2>"
    for number, comment in enumerate(comments, 1):
        yield f"<article class=comment id=comment-{number}><header><a class=author href='/users/u{number % 97}'>사람{number % 97}</a> "
        yield f"<time datetime='2024-05-{2 + number % 3:02}T{number % 24:02}:{number % 60:02}:00+09:00'>5월</time></header>"
        yield f"<div class=comment-body><p>{html.escape(comment)}</p></div></article>"
    yield "</section></main></body></html>"
