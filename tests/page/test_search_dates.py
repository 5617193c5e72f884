"""Dates inside short texts, and what looks like one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.page.dates import edit_mark, edit_words, is_date, search_dates
from scraper.page.dates.lexicon import WORDS, tokens_of


def raws(text: str) -> list[str]:
    spans = search_dates(text)
    assert all(text[span.start : span.end] == span.raw for span in spans)
    return [span.raw for span in spans]


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("By: Minji Kim on June 19, 2025, 8:23 a.m.", ["June 19, 2025, 8:23 a.m."]),
        ("Posted: Mon Aug 23, 2004 5:02 pm    Post subject: Re: hello", ["Mon Aug 23, 2004 5:02 pm"]),
        ("answered Mar 3 '12 at 4:05", ["Mar 3 '12 at 4:05"]),
        ("asked yesterday", ["yesterday"]),
        ("#4 · vor 3 Tagen", ["vor 3 Tagen"]),
        ("Jonas 21. Juni 2019 um 14:07 Uhr - Antworten", ["21. Juni 2019 um 14:07 Uhr"]),
        ("2 replies | 3 days ago", ["3 days ago"]),
        ("Jonas · 3d · Reply", ["3d"]),
        ("Minji (Mar 3, 2012 at 4:05)", ["Mar 3, 2012 at 4:05"]),
        ("From Mar 5, 2012 to Mar 8, 2012", ["Mar 5, 2012", "Mar 8, 2012"]),
        ("홍길동2022년 10월 16일 오후 3:20에 작성", ["2022년 10월 16일 오후 3:20"]),
        ("김민지 · 3일 전에 작성", ["3일 전"]),
        ("发表于 3 天前", ["3 天前"]),
        ("«Reply #3 on: March 05, 2014, 10:22:11 AM»", ["March 05, 2014, 10:22:11 AM"]),
        ("Joined: 12 Mar 2012 Posts: 5", ["12 Mar 2012"]),
        ("1楼 ２０１４年３月５日", ["２０１４年３月５日"]),
        ("İ 5 Mart 2014", ["5 Mart 2014"]),
        ("30 Feb 2012", []),
        ("32/13/2014", []),
    ],
)
def test_the_dates_of_a_text(text: str, dates: list[str]) -> None:
    assert raws(text) == dates


@pytest.mark.parametrize(
    "text",
    [
        "version 2.10.3",
        "2.10.2014.1",
        "$3.50",
        "1/2",
        "24/7",
        "score 3-2 in 2012",
        "010-1234-5678",
        "555-2012",
        "192.168.10.12",
        "May I ask",
        "May 5 of you come",
        "we set 2014 as a goal",
        "march on",
        "5 min read",
        "12 hours",
        "in 3 days",
        "3.5 of 10",
        "the 3d model",
        "5M views",
        "I said it yesterday to them",
        "3 out of 5",
        "Windows 10",
        "https://example.com/2014/03/05/slug",
        "3일 전체",
        "오늘 좋다",
        "hier",
        "most",
        "net",
        "10:22",
        "2012",
    ],
)
def test_what_is_no_date(text: str) -> None:
    assert raws(text) == []
    assert not is_date(text)


@given(st.text(max_size=80))
def test_what_is_found_in_any_text_is_read(text: str) -> None:
    assert all(map(is_date, raws(text)))


@given(
    st.lists(st.sampled_from([*sorted(WORDS), *"0123456789./:,-()' ", "2014", "12", "~"]), max_size=25),
    st.sampled_from(["", " "]),
)
def test_what_is_found_among_the_words_of_dates_is_read(pieces: list[str], between: str) -> None:
    text = between.join(pieces)
    tokens = tokens_of(text)
    assert len(tokens.classes) == len(tokens.words)
    assert tokens.starts()[-1] == len(text)
    assert all(map(is_date, raws(text)))


@pytest.mark.parametrize(
    "piece", ["1", "1 ", "1/", "1. ", "a ", "mon ", "(mon) ", "may ", "1 may ", "12:", "12:12 ", "1 day ", "1 day, ", "about ", "日", "'", " ", "2014-", "vor "]
)  # fmt: skip
def test_a_hostile_text_is_searched_in_one_go(piece: str) -> None:
    # A search that is worse than linear would not end on a text of this size.
    assert len(search_dates(piece * 20_000)) <= 20_000


@pytest.mark.parametrize(
    "text",
    [
        "Last edited by Minji on Mar 5, 2012 10:22 am; edited 2 times in total",
        "This post was edited by Minji",
        "(edited)",
        "edited Jun 20, 2020 at 9:12",
        "edited yesterday",
        "마지막으로 수정됨: 2022.10.16",
        "수정됨",
        "Zuletzt bearbeitet: 5. März 2014",
        "bearbeitet von Jonas am 5.3.2014",
        "Dernière modification par Léa",
        "Editado por Ana el 3 de marzo",
        "Última edição em 3/5/2014",
        "Ultima modifica: ieri",
        "Laatst bewerkt door Jan",
        "Ostatnio edytowano 5 marca",
        "Naposledy upravil Jan",
        "Последний раз редактировалось вчера",
        "Senast redigerad av Anna",
        "Sidst redigeret af Anna",
        "Viimeksi muokattu 5.3.2014",
        "最終編集 2014年3月5日",
        "最后编辑于 2014-3-5",
        "本帖最后由 某人 于 2014-3-5 10:22 编辑",
        "Son düzenleme: dün",
    ],
)
def test_the_mark_of_an_edit(text: str) -> None:
    assert edit_mark(text)


@pytest.mark.parametrize(
    "text",
    [
        "March 5, 2014",
        "I edited the file and it works",
        "credit: 5",
        "편집장 김민지",
        "Redigerad text är svår",
        "답글",
        "Edit",
        "Reply",
    ],
)
def test_what_is_no_mark_of_an_edit(text: str) -> None:
    assert not edit_mark(text)


@pytest.mark.parametrize("label", ["마지막 수정자:", "Last edited by:", "最后编辑："])
def test_a_label_that_nothing_follows_marks_no_edit(label: str) -> None:
    assert edit_words(label) is None
