"""A Korean bulletin board: one script for all, told apart by its query; a table of rows, notices on top of every page."""

import re
from typing import Final

from tests.replica.unknown.place import Entry, Place, Topic, day_of, name_of, title_of, words_of

_A_PAGE: Final = 8
_NOTICES: Final = (1, 2)
_COUNT: Final = 27


def _page(path: str, query: dict[str, str]) -> str | None:
    if path != "/bbs/madang.php" or query.get("tbl") != "free":
        return None
    page = int(query.get("page", "1"))
    number = int(query.get("no", "0"))
    if query.get("mode") == "view" and 1 <= number <= _COUNT:
        return _view(number, page)
    return _list(page) if not query.get("mode") else "<p>권한이 없습니다.</p>"


def _list(page: int) -> str:
    numbers = [each for each in range(_COUNT, 0, -1) if each not in _NOTICES]
    last = -(-len(numbers) // _A_PAGE)
    shown = numbers[(page - 1) * _A_PAGE : page * _A_PAGE]
    rows = "".join(
        _row(each, "공지" if each in _NOTICES else str(each), page) for each in (*_NOTICES, *shown)
    )
    pages = " ".join(
        f"<b>{each}</b>" if each == page else f'<a href="madang.php?tbl=free&page={each}">[{each}]</a>'
        for each in range(1, last + 1)
    )
    following = f'<a href="madang.php?tbl=free&page={page + 1}">다음</a>' if page < last else ""
    return _frame(
        "자유게시판",
        '<table width="700" border="0" cellspacing="0"><tr bgcolor="#eeeeee"><td>번호</td><td>제목</td>'
        '<td><a href="madang.php?tbl=free&sort=name&dir=asc">글쓴이</a></td><td><a href="madang.php?tbl=free&sort=date&dir=asc">날짜</a></td>'
        f'<td><a href="madang.php?tbl=free&sort=hit&dir=desc">조회</a></td></tr>{rows}</table>'
        f'<div align="center">{pages} {following}</div>'
        '<a href="madang.php?tbl=free&mode=write"><img src="/img/write.gif" alt="글쓰기"></a>'
        '<form action="madang.php"><input name="keyword"><input type="submit" value="검색"></form>',
    )


def _row(number: int, label: str, page: int) -> str:
    link = f"madang.php?tbl=free&mode=view&no={number}&page={page}"
    return (
        f'<tr><td align="center">{label}</td><td><a href="{link}">{title_of(number)}</a> <a href="{link}#cmt"><font color="red">[{number % 4 + 2}]</font></a></td>'
        f'<td><a href="/bbs/whois.php?mb={number % 6}">{name_of(number)}</a></td><td>{day_of(number)}</td><td>{number * 13}</td></tr>\n'
    )


def _view(number: int, page: int) -> str:
    said = "".join(
        f'<tr><td class="cmt_name"><a href="/bbs/whois.php?mb={at % 6}">{name_of(number + at)}</a></td><td class="cmt_body">{words_of(number, at, 1)}</td>'
        f'<td class="cmt_date">{day_of(number)} 1{at}:2{at}</td><td><a href="madang.php?tbl=free&mode=cmt_del&no={number}&c={at}">x</a></td></tr>'
        for at in range(1, number % 4 + 3)
    )
    beside = "".join(
        f'<tr><td>{word}</td><td><a href="madang.php?tbl=free&mode=view&no={each}&page={page}">{title_of(each)}</a></td></tr>'
        for word, each in (("이전글", number - 1), ("다음글", number + 1))
        if 1 <= each <= _COUNT
    )
    buttons = " ".join(
        f'<a href="madang.php?tbl=free&mode={mode}&no={number}">{word}</a>'
        for mode, word in (
            ("modify", "수정"), ("delete", "삭제"), ("reply", "답글"), ("recommend", "추천"), ("singo", "신고"), ("print", "인쇄"),
        )
    )  # fmt: skip
    return _frame(
        title_of(number),
        f'<table width="700"><tr><td class="view_subject"><b>{title_of(number)}</b></td></tr><tr><td>글쓴이 : {name_of(number)} 날짜 : {day_of(number)} 09:30 조회 : {number * 13}</td></tr>'
        f'<tr><td class="view_content"><p>{words_of(number, 0, 5)}</p></td></tr></table><table class="cmt_list">{said}</table>'
        f'<div>{buttons} <a href="madang.php?tbl=free&page={page}">목록</a></div><table>{beside}</table>',
    )


def _frame(title: str, body: str) -> str:
    return (
        f'<html><head><meta charset="utf-8"><title>{title}</title></head><body><table width="100%"><tr><td><a href="/">홈</a> '
        f'<a href="/bbs/login.php">로그인</a> <a href="/bbs/join.php">회원가입</a></td></tr></table>{body}<p>Copyright 마당 All rights reserved.</p></body></html>'
    )


def _topic(number: int) -> Topic:
    return Topic(
        title_of(number),
        Entry(name_of(number), day_of(number), "09:30", words_of(number, 0, 5)),
        tuple(
            Entry(name_of(number + at), day_of(number), f"1{at}:2{at}", words_of(number, at, 1))
            for at in range(1, number % 4 + 3)
        ),
    )


PLACE: Final = Place(
    host="madang.example",
    start="/bbs/madang.php?tbl=free",
    topics={
        f"/bbs/madang.php?tbl=free&mode=view&no={number}": _topic(number) for number in range(1, _COUNT + 1)
    },
    traps=re.compile(r"whois|login|join|sort=|mode=(?!view)|keyword"),
    page=_page,
)
