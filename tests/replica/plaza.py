"""Plaza: a board that nobody runs, for the walk that CONTRIBUTING takes through a new platform."""

import re
from typing import Final

HOST: Final = "plaza.example"
_PATH: Final = re.compile(r"/talk/17(?:-[a-z-]*)?")
_ENTRIES: Final = (
    (901, "Ilse", "3 March 2025 08:15", "My dough rests for a night in the cellar, at about ten degrees. Is that too cold for rye?"),
    (902, "도윤", "3 March 2025 09:40", "저는 호밀 반죽을 열다섯 도에서 열두 시간 둡니다. 열 도면 하루가 필요할 거예요."),
    (904, "Ruben", "4 March 2025 21:05", "Ten degrees works if the starter is strong; feed it twice on the day before."),
    (905, "Ilse", "5 March 2025 07:30", "Thank you both. I gave it a whole day, and it rose as it should."),
    (907, "하린", "6 March 2025 18:12", "다음에는 사진도 올려 주세요. 껍질이 어떻게 나왔는지 궁금합니다."),
)  # fmt: skip


def page(path: str) -> tuple[int, str]:
    """Status and body of the answer for a path: one topic, under any slug."""
    if _PATH.fullmatch(path) is None:
        return (
            404,
            "<html><head><title>Not found</title></head><body><p>There is no such page.</p></body></html>",
        )
    entries = "".join(
        f'<div class="entry" data-entry="{number}"><div class="entry-top"><a class="who" href="/people/{name}">{name}</a> '
        f'<span class="when">{when}</span></div><div class="entry-words"><p>{words}</p></div>'
        f'<div class="entry-bottom"><a href="/cheer/{number}">Cheer</a> <a href="/answer/{number}">Answer</a></div></div>\n'
        for number, name, when, words in _ENTRIES
    )
    head = '<meta name="generator" content="Plaza 3.1"><title>Slow bread - Plaza</title>'
    return 200, (
        f'<!doctype html><html lang="en"><head>{head}</head><body class="plaza"><nav><a href="/">Plaza</a></nav>'
        f"<h1>Slow bread</h1><main>\n{entries}</main></body></html>"
    )
