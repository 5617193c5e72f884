"""Pages saved by members: they say so, stay at home unless they are stated to be public, and do not tell who saved them."""

import json
from pathlib import Path
from typing import Final

import pytest

from scraper.jobs.extract.anew import extract
from scraper.jobs.imports.files import ImportOptions, import_files
from scraper.jobs.publication.export import export
from scraper.jobs.workplace import Workplace
from scraper.model.outcome import Report
from scraper.model.record import ASKED_WITH, SIGNED_IN, Comment, Evidence, Person, Post, Record, Removed
from scraper.reading.savers import without_saver
from tests.jobs.crawl_file import CrawlFile
from tests.jobs.rows import exported_rows, rows_of

SAVED: Final = Path(__file__).parent / "saved"
SAVER: Final = "보람"
SIGNED_IN_PAGES: Final = ("chrome-signed-in.mhtml", "playwright-signed-in.har")


def taken(workplace: Workplace, path: Path, *, is_public: bool = False) -> Report:
    return import_files([path], workplace, options=ImportOptions(is_public))


def kinds_in(workplace: Workplace) -> list[str]:
    (post,) = rows_of(workplace)["posts"]
    return [item["kind"] for item in post["access_evidence"]]


@pytest.mark.parametrize("name", SIGNED_IN_PAGES)
def test_a_page_of_a_member_is_not_full_and_says_why(name: str, workplace: Workplace) -> None:
    report = taken(workplace, SAVED / name)
    done = next(item for item in report.items if item.outcome == "done")
    assert done.reason is not None
    assert "--as-public" in done.reason
    (post,) = rows_of(workplace)["posts"]
    assert post["access"] == "unknown"
    assert SIGNED_IN in kinds_in(workplace)


def test_a_page_of_a_member_is_not_exported(workplace: Workplace, tmp_path: Path) -> None:
    taken(workplace, SAVED / "chrome-signed-in.mhtml")
    export(tmp_path / "export", workplace)
    assert not list((tmp_path / "export").rglob("*.parquet"))


@pytest.mark.parametrize("name", SIGNED_IN_PAGES)
def test_nothing_that_is_read_of_it_names_who_saved_it(name: str, workplace: Workplace) -> None:
    assert (
        SAVER.encode() in (SAVED / name).read_bytes() or b"=EB=B3=B4=EB=9E=8C" in (SAVED / name).read_bytes()
    )
    taken(workplace, SAVED / name)
    rows = json.dumps(rows_of(workplace), ensure_ascii=False, default=str)
    assert SAVER not in rows
    assert "boram" not in rows


def test_what_is_stated_to_be_public_goes_out_without_the_name(workplace: Workplace, tmp_path: Path) -> None:
    taken(workplace, SAVED / "chrome-signed-in.mhtml", is_public=True)
    rows = exported_rows(workplace, tmp_path / "export")
    assert len(rows["posts"]) == 1
    assert SAVER not in json.dumps(rows, ensure_ascii=False, default=str)


@pytest.mark.thorough
@pytest.mark.parametrize("name", SIGNED_IN_PAGES)
@pytest.mark.parametrize("is_later", [False, True])
def test_that_it_is_public_is_stated_at_once_or_later_and_stays(
    name: str, is_later: bool, workplace: Workplace
) -> None:
    if is_later:
        taken(workplace, SAVED / name)
    report = taken(workplace, SAVED / name, is_public=True)
    assert "done" in [item.outcome for item in report.items]
    assert not {SIGNED_IN, ASKED_WITH} & set(kinds_in(workplace))
    extract(workplace)
    assert not {SIGNED_IN, ASKED_WITH} & set(kinds_in(workplace))


@pytest.mark.parametrize("name", ["chrome.mhtml", "singlefile.html", "playwright.har"])
def test_a_page_of_nobody_in_particular_shows_nobody(name: str, workplace: Workplace) -> None:
    taken(workplace, SAVED / name)
    assert SIGNED_IN not in kinds_in(workplace)


def test_a_capture_in_a_warc_file_shows_a_session_too(workplace: Workplace, tmp_path: Path) -> None:
    page = (SAVED / "singlefile.html").read_text(encoding="utf-8")
    assert "로그인" in page
    page = page.replace("로그인", "로그아웃").replace("/login", "/logout")
    file = CrawlFile()
    file.add("http://blog.example/posts/41", page.encode())
    path = file.write(tmp_path / "crawl.warc.gz")
    taken(workplace, path)
    assert SIGNED_IN in kinds_in(workplace)
    taken(workplace, path, is_public=True)
    assert SIGNED_IN not in kinds_in(workplace)


def test_a_public_capture_of_the_same_post_counts_more(workplace: Workplace) -> None:
    taken(workplace, SAVED / "chrome-signed-in.mhtml")
    taken(workplace, SAVED / "singlefile.html")
    assert SIGNED_IN not in kinds_in(workplace)


def record(text: str | None, *comments: Comment, removed: tuple[Removed, ...] = ()) -> Record:
    evidence = (Evidence("prompt", "Logged in as Boram. Log out?"),)
    return Record(
        "x/1", "urn:x", Post("post", "제목", text, removed=removed, access_evidence=evidence), comments
    )


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("보람님 로그아웃\n\n첫 문단입니다.", "첫 문단입니다."),
        ("첫 문단입니다.\n\n안녕하세요, 보람님!\n\n둘째 문단입니다.", "첫 문단입니다.\n\n둘째 문단입니다."),
        ("첫 문단입니다.\n\nLogged in as 보람. Log out", "첫 문단입니다."),
        ("보람\n\n첫 문단입니다.\n\n보람", "첫 문단입니다."),
        ("함께한 사람\n\n- 보람\n- 나래", "함께한 사람\n\n- 보람\n- 나래"),
        (
            "첫 문단입니다.\n\nLogged in as 보람. Edit your profile. Log out? Your address stays secret *",
            "첫 문단입니다.",
        ),
        ("보람님이 로그아웃을 눌렀습니다.", "보람님이 로그아웃을 눌렀습니다."),
        ("@보람 고맙습니다.", "@보람 고맙습니다."),
        ("첫 문단입니다.", "첫 문단입니다."),
        ("보람님", None),
        (None, None),
    ],
)
def test_lines_of_a_menu_leave_the_text_and_lines_of_people_stay(text: str | None, kept: str | None) -> None:
    assert without_saver(record(text), ["보람"]).post.text == kept


def test_what_the_member_wrote_stays_and_what_stood_around_it_is_masked() -> None:
    own = Comment("보람\n\n저도 같은 생각입니다.", author=Person(None, "보람"))
    other = Comment("저는 다릅니다.\n\n보람님 로그아웃", author=Person("7", "나래"))
    removed = (Removed("sign-up-ko", "보람님, 구독하세요"),)
    kept = without_saver(record("글", own, other, removed=removed), ["보람"])
    assert [comment.text for comment in kept.comments] == ["보람\n\n저도 같은 생각입니다.", "저는 다릅니다."]
    assert kept.comments[1].removed == (Removed("account-menu", "⟨member⟩님 로그아웃"),)
    assert kept.post.removed == (Removed("sign-up-ko", "⟨member⟩님, 구독하세요"),)
    assert (
        without_saver(record("글"), ["Boram"]).post.access_evidence[0].detail
        == "Logged in as ⟨member⟩. Log out?"
    )
