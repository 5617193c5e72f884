"""What the tools write that save pages, in pages as they leave them."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.page.saver_notes import SaverNote, saved_time, saver_note

URL: Final = "https://blog.example/posts/41?tab=댓글&x=1"
AT: Final = datetime(2023, 11, 27, 1, tzinfo=UTC)
PRINTED: Final = "Mon Nov 27 2023 10:00:00 GMT+0900 (한국 표준시)"
REPLAYED: Final = f"https://web.archive.org/web/20200102123456/{URL}"
ARCHIVED: Final = datetime(2020, 1, 2, 12, 34, 56, tzinfo=UTC)
TOOLBAR: Final = (
    "<!--\n     FILE ARCHIVED ON 12:34:56 Jan 02, 2020 AND RETRIEVED FROM THE\n"
    "     INTERNET ARCHIVE ON 09:48:56 Jan 05, 2021.\n     JAVASCRIPT APPENDED BY WAYBACK MACHINE, COPYRIGHT INTERNET ARCHIVE.\n-->"
)


def page(note: str = "", html: str = "<html>", head: str = "", body: str = "<p>글", end: str = "") -> str:
    return f"<!DOCTYPE html>\n{html}{note}<head><title>글</title>{head}</head><body>{body}</body></html>{end}"


def singlefile(name: str = "Page saved with SingleFile", date: str = PRINTED, url: str = URL) -> str:
    return f"<!--\n {name} \n url: {url} \n saved date: {date}\n-->"


@pytest.mark.parametrize(
    ("text", "saver"),
    [
        (page(singlefile()), "SingleFile"),
        (page(singlefile("Archive processed by SingleFile")), "SingleFile"),
        (page(singlefile("Page saved with SingleFileZ")), "SingleFile"),
        (page(singlefile().replace("\n", "\r\n")), "SingleFile"),
        ("<!-- saved from url=(0042)https://other.example/ -->" + page(singlefile()), "a browser"),
        (f"<!-- Saved from {URL} at 2023-11-27T01:00:00Z using monolith v2.7.0 -->" + page(), "monolith"),
        (f"<!-- saved from url=(0041){URL} -->" + page(), "a browser"),
        (page(f"<!--\n OriginalSrc: {URL}\n-->"), "MaoXian"),
        (
            page(
                html=f'<html lang="ko" data-scrapbook-source="{URL.replace("&", "&amp;")}" data-scrapbook-create=20231127010000000>'
            ),
            "WebScrapBook",
        ),
        (
            page(
                head=f"<meta name='savepage-url' content='{URL}'><meta name=savepage-date content='{PRINTED}'>"
            ),
            "Save Page WE",
        ),
    ],
)
def test_a_note_is_told_by_its_tool(text: str, saver: str) -> None:
    note = saver_note(text)
    assert note is not None
    assert note.saver == saver
    assert note.url == ("https://other.example/" if "other" in text else URL)
    assert note.saved_at == (None if saver in {"a browser", "MaoXian"} else AT)


def test_what_singlefile_saves_states_url_and_time() -> None:
    text = (Path(__file__).parents[1] / "jobs" / "saved" / "singlefile.html").read_text(encoding="utf-8")
    at = datetime(2026, 11, 29, 13, 7, 54, tzinfo=UTC)
    raw = "Sun Nov 29 2026 22:07:54 GMT+0900 (Korean Standard Time)"
    assert saver_note(text) == SaverNote("SingleFile", "http://blog.example/posts/41", at, raw)


def test_httrack_says_the_time_and_no_scheme() -> None:
    text = page(
        "\n<!-- Mirrored from blog.example/posts/41 by HTTrack Website Copier/3.x [XR&CO'2014], Mon, 27 Nov 2023 01:00:00 GMT -->"
    )
    assert saver_note(text) == SaverNote("HTTrack", None, AT, "Mon, 27 Nov 2023 01:00:00 GMT")


@pytest.mark.parametrize(
    "text",
    [
        page(singlefile(url=REPLAYED)),
        f"<!-- saved from url=(0074){REPLAYED} -->" + page(end=TOOLBAR),
        page(
            head=f'<script>__wm.wombat("{URL}","20200102123456","https://web.archive.org/");</script>',
            end=TOOLBAR,
        ),
        page(singlefile(url=REPLAYED.replace("56/", "56id_/"))),
        page(singlefile(url=REPLAYED.replace("web.archive.org/web", "arquivo.pt/wayback"))),
        page(singlefile(url=REPLAYED.replace("web.archive.org/web", "archive.example"))),
    ],
)
def test_of_a_replayed_page_url_and_time_are_those_that_were_archived(text: str) -> None:
    note = saver_note(text)
    assert note is not None
    assert (note.url, note.saved_at) == (URL, ARCHIVED)


def test_the_wayback_machine_says_the_time_behind_the_page() -> None:
    note = saver_note(page(end=TOOLBAR))
    assert note is not None
    assert (note.url, note.saved_at) == (None, ARCHIVED)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plain words",
        page(),
        page(body=f"<p>{singlefile()}"),
        page(body=singlefile().replace("<", "&lt;")),
        page(head=f'<base href="{URL}"><link rel="canonical" href="{URL}">'),
        page(body=f"<p>FILE ARCHIVED ON 12:34:56 Jan 02, 2020{'x' * 20000}"),
        page("<!-- saved from our kitchen -->"),
        page(body=f"<div data-scrapbook-source='{URL}'>"),
    ],
)
def test_what_is_no_note_is_none(text: str) -> None:
    assert saver_note(text) is None


@pytest.mark.parametrize("url", ["file:///home/boram/a.html", "about:srcdoc", "blob:x", "https:///a"])
def test_a_page_that_was_saved_from_disk_has_no_url(url: str) -> None:
    note = saver_note(page(singlefile(url=url)))
    assert note is not None
    assert (note.url, note.saved_at) == (None, AT)


@pytest.mark.parametrize(
    ("raw", "moment"),
    [
        (PRINTED, AT),
        ("Sun Nov 26 2023 20:30:00 GMT-0430 (-0430)", AT),
        ("Mon Nov 27 2023 01:00:00 GMT+0000 (Coordinated Universal Time)", AT),
        ("Mon Nov 27 2023 10:00:00 GMT+0900", AT),
        ("Mon, 27 Nov 2023 01:00:00 GMT", AT),
        ("2023-11-27T01:00:00.000Z", AT),
        ("2023-11-27T10:00:00+09:00", AT),
        ("20231127010000", AT),
        ("20231127010000250", AT + timedelta(milliseconds=250)),
        ("01:00:00 Nov 27, 2023", AT),
        ("2023-11-27T10:00:00", None),
        ("Mon Nov 27 2023 10:00:00", None),
        ("2023. 11. 27. 오전 10:00:00", None),
        ("11/27/2023, 10:00:00 AM", None),
        ("Mon Nov 31 2023 10:00:00 GMT+0900", None),
        ("Mon Foo 27 2023 10:00:00 GMT+0900", None),
        ("Mon Nov 27 2023 10:00:00 GMT+9999", None),
        ("Mon Nov 27 0000 10:00:00 GMT+0000", None),
        ("99999999999999", None),
        ("", None),
    ],
)
def test_a_time_is_a_moment_only_with_its_zone(raw: str, moment: datetime | None) -> None:
    assert saved_time(raw) == moment


@given(
    st.datetimes(timezones=st.just(UTC)).filter(lambda at: 1000 <= at.year < 9999),
    st.integers(-14 * 60, 14 * 60),
)
def test_what_javascript_prints_is_read_exactly(at: datetime, minutes: int) -> None:
    local = at.replace(microsecond=0).astimezone(timezone(timedelta(minutes=minutes)))
    sign, size = "-" if minutes < 0 else "+", abs(minutes)
    raw = f"{local:%a %b %d %Y %H:%M:%S} GMT{sign}{size // 60:02}{size % 60:02} (어느 시간대)"
    assert saved_time(raw) == at.replace(microsecond=0)


@given(
    st.text()
    | st.lists(
        st.sampled_from(
            [singlefile(), TOOLBAR, "<html ", "<!--", "-->", "<body", "saved date: ", "url: ", "'", '"', "="]
        )
        | st.text(max_size=5)
    ).map("".join)
)
def test_no_text_breaks_the_reader(text: str) -> None:
    note = saver_note(text)
    assert note is None or note.saver
    saved_time(text)
