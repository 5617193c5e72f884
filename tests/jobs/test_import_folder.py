"""``import`` of folders as people have them: pages, what browsers and file managers leave beside them, and trouble."""

import gzip
import json
import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scraper.archive.outputs import Output, remember
from scraper.errors import UsageError
from scraper.jobs.imports.files import ImportOptions, import_files
from scraper.jobs.imports.walk import files_below
from scraper.jobs.progress import Progress
from scraper.jobs.workplace import Workplace
from scraper.model.outcome import Item
from tests.examples import few_of
from tests.jobs.captures import visits
from tests.jobs.crawl_file import CrawlFile, import_of
from tests.jobs.rows import rows_of
from tests.jobs.saved_files import (
    URLS,
    named,
    page,
    reason,
    targets,
    text,
    write_folder,
    write_tar,
    write_zip,
)

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    return tmp_path / "saved"


def test_pages_are_taken_in_wherever_they_lie_and_the_rest_is_passed_over(
    workplace: Workplace, saved: Path, tmp_path: Path
) -> None:
    write_folder(
        saved,
        {
            "b/72260.html": page(72260),
            "a/first.html": page(71655),
            "a/first_files/saved_resource.html": b"<html><body>a frame</body></html>",
            "a/first_files/look.css": b"a {}",
            "look.css": b"a {}",
            "script.js": b"'<div>'",
            "data.json": b'{"body": "<div>"}',
            "photo": PNG,
            "photo.png": PNG,
            "paper.pdf": b"%PDF-1.4",
            "robots.txt": b"User-agent: *",
            ".DS_Store": b"\0",
            ".hidden/page.html": page(72260, "1"),
            "__MACOSX/a/._first.html": b"\0",
            "Thumbs.db": b"\0",
        },
    )
    listed = tmp_path / "skipped.jsonl"
    report = import_files([saved], workplace, options=ImportOptions(skipped_to=listed))
    assert targets(report, "done", saved) == ["a/first.html", "b/72260.html"]
    assert report.exit_code == 0
    passed = {".DS_Store", ".hidden", "Thumbs.db", "__MACOSX", "a/first_files", "data.json", "look.css"}
    passed |= {"paper.pdf", "photo", "photo.png", "robots.txt", "script.js"}
    assert set(targets(report, "skipped", saved)) == passed
    assert all(item.reason for item in named(report, "skipped"))
    lines = [json.loads(line) for line in listed.read_text(encoding="utf-8").splitlines()]
    assert {line["file"].removeprefix(f"{saved}/") for line in lines} == passed
    assert {line["url"] for line in lines} == {None}


def test_what_tools_leave_that_mirror_sites_is_passed_over(workplace: Workplace, saved: Path) -> None:
    cookies = b"# HTTP Cookie File\n.careerly.co.kr\tTRUE\t/\tFALSE\t0\tsid\tsecret-of-a-member\n"
    write_folder(
        saved,
        {
            "careerly.co.kr/comments/71655": page(71655),
            "careerly.co.kr/view.php?id=72260": page(72260),
            "careerly.co.kr/look.css?ver=5.1": b"a {}",
            "careerly.co.kr/run.js@v=2": b"1",
            "cookies.txt": cookies,
            "hts-cache/new.txt": b"x",
            "jar": cookies,
            "site.cdx": b" CDX a b a m s k r M V g u\nhttp://a.example/ 20230501000000 http://a.example/\n",
        },
    )
    report = import_files([saved], workplace, url=URLS)
    assert report.exit_code == 0
    assert len(named(report, "done")) == 2
    assert len(named(report, "skipped")) == 6
    assert all(b"secret-of-a-member" not in visit.captures[0].body for visit in visits(workplace))


@pytest.mark.thorough
def test_two_hundred_texts_are_one_command_and_one_part(workplace: Workplace, saved: Path) -> None:
    write_folder(saved, {f"{number}.txt": text(71655) + str(number).encode() for number in range(1, 201)})
    report = import_files([saved], workplace, url=URLS)
    assert [item.post_id for item in report.items[:2]] == [
        "careerly:comments-1",
        "careerly:comments-10",
    ]
    assert (len(named(report, "done")), len(report.items)) == (200, 200)
    assert len(list((workplace.folder / "warc").iterdir())) == 1


def test_the_order_is_that_of_the_names(saved: Path) -> None:
    names = ["B", "a", "a/../c", "b/z", "b/y/x", "é", "Ω"]
    write_folder(saved, {f"{name}.html": b"x" for name in names})
    walked = [str(path.relative_to(saved)) for path in files_below(saved) if isinstance(path, Path)]
    assert walked == ["B.html", "a.html", "b/y/x.html", "b/z.html", "c.html", "é.html", "Ω.html"]


def test_links_lead_neither_in_circles_nor_out(workplace: Workplace, saved: Path, tmp_path: Path) -> None:
    elsewhere = write_folder(tmp_path / "elsewhere", {"72260.html": page(72260)})
    write_folder(saved, {"in/71655.html": page(71655)})
    (saved / "in" / "round").symlink_to(saved)
    (saved / "out").symlink_to(elsewhere)
    (saved / "self").symlink_to(saved / "self")
    (saved / "nowhere").symlink_to(saved / "gone")
    (saved / "linked.html").symlink_to(elsewhere / "72260.html")
    os.mkfifo(saved / "pipe")
    report = import_of(workplace, saved)
    assert targets(report, "done", saved) == ["in/71655.html", "linked.html"]
    assert set(targets(report, "skipped", saved)) == {"in/round", "out", "pipe"}
    assert set(targets(report, "failed", saved)) == {"nowhere", "self"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every folder")
def test_a_folder_that_may_not_be_read_costs_itself(workplace: Workplace, saved: Path) -> None:
    write_folder(saved, {"closed/1.html": page(72260), "open/71655.html": page(71655)})
    (saved / "closed").chmod(0)
    report = import_of(workplace, saved)
    (saved / "closed").chmod(0o700)
    assert targets(report, "done", saved) == ["open/71655.html"]
    assert "Permission denied" in reason(report)


def test_odd_names_harm_nothing(workplace: Workplace, saved: Path) -> None:
    names = ["한글 이름", "new\nline", "tab\tand\x1b[31m", "-rf", "a" * 200, "100%25", "{name}", "q?a=1#b"]
    write_folder(saved, {f"{name}.html": page(71655, name) for name in names})
    (saved / os.fsdecode("저장".encode("cp949") + b".html")).write_bytes(page(71655, "cp949"))
    report = import_of(workplace, saved)
    assert len(named(report, "done")) == len(report.items) == len(names) + 1


def test_a_folder_that_only_looks_as_that_of_a_page_is_read(workplace: Workplace, saved: Path) -> None:
    write_folder(saved, {"my_files/71655.html": page(71655)})
    assert targets(import_of(workplace, saved), "done", saved) == ["my_files/71655.html"]


def test_what_cannot_be_had_is_named_with_what_to_do(workplace: Workplace, saved: Path) -> None:
    write_folder(
        saved,
        {
            "empty.html": b"",
            "noise.bin": bytes(range(256)) * 8,
            "pages.7z": b"7z\xbc\xaf\x27\x1c\0\4" + bytes(64),
            "post.webarchive": b"bplist00\xd1\x01\x02" + bytes(32),
            "letters.mbox": b"From a@example.org Mon Nov  3 10:00:00 2025\nSubject: x\n\nhello\n",
        },
    )
    report = import_of(workplace, saved)
    told = {item.target.removeprefix(f"{saved}/"): item.reason or "" for item in report.items}
    assert set(targets(report, "failed", saved)) == set(told)
    assert "is empty" in told["empty.html"]
    assert "a 7z archive" in told["pages.7z"]
    assert "Unpack it" in told["pages.7z"]
    assert "webarchive" in told["post.webarchive"]
    assert "mailbox" in told["letters.mbox"]


def test_a_page_among_others_that_is_no_post_is_passed_over(workplace: Workplace, saved: Path) -> None:
    home = b'<html><head><link rel="canonical" href="https://blog.example/"><title>Home</title></head><body>'
    home += b"".join(b'<article><h2><a href="/p/%d">A post %d</a></h2></article>' % (n, n) for n in range(20))
    write_folder(saved, {"71655.html": page(71655), "index.html": home + b"</body></html>"})
    report = import_of(workplace, saved)
    assert targets(report, "done", saved) == ["71655.html"]
    assert targets(report, "skipped", saved) == ["index.html"]
    assert import_of(workplace, saved / "index.html").exit_code == 1


def test_files_of_every_kind_come_out_of_one_folder(workplace: Workplace, saved: Path) -> None:
    write_folder(
        saved, {"a.html.gz": gzip.compress(page(71655)), "b-72260 (1).txt.gz": gzip.compress(text(72260))}
    )
    write_zip(saved / "c.zip", {"71655.html": page(71655, "c")})
    write_tar(saved / "d.tar.gz", {"71655.html": page(71655, "d")})
    crawl = CrawlFile()
    crawl.add("https://careerly.co.kr/comments/72260", page(72260))
    crawl.write(saved / "e.warc.gz")
    report = import_files([saved], workplace, url="https://careerly.co.kr/comments/{number}")
    # What says itself where it was is not asked for by its name.
    assert [item.post_id for item in named(report, "done")] == [
        "careerly:comments-71655",
        "careerly:comments-72260",
        "careerly:comments-71655",
        "careerly:comments-71655",
        "careerly:comments-72260",
    ]


def test_an_archive_within_the_folder_is_not_taken_in_again(
    workplace: Workplace, saved: Path, tmp_path: Path
) -> None:
    inside = replace(workplace, folder=saved / "archive")
    write_folder(saved, {"71655.html": page(71655)})
    options = ImportOptions(skipped_to=saved / "skipped.jsonl")
    assert targets(import_files([saved], inside, options=options), "done", saved) == ["71655.html"]
    remember(
        inside.folder, Output("reader", write_folder(saved / "reader", {"71655.html": page(71655, "x")}))
    )
    again = import_files([saved], inside, options=options)
    assert set(targets(again, "skipped", saved)) == {"71655.html", "archive", "reader", "skipped.jsonl"}
    assert "--archive" in reason(import_of(workplace, saved / "archive"))


def test_the_list_of_what_is_passed_over_destroys_nothing(workplace: Workplace, saved: Path) -> None:
    write_folder(saved, {"71655.html": page(71655)})
    with pytest.raises(UsageError, match="holds something else"):
        import_files([saved], workplace, options=ImportOptions(skipped_to=saved / "71655.html"))
    assert (saved / "71655.html").read_bytes() == page(71655)


def test_an_empty_folder_is_said(workplace: Workplace, saved: Path) -> None:
    write_folder(saved, {".hidden": b"", "look.css": b"a {}"})
    assert "holds no file that could be a page" in reason(import_of(workplace, saved))


def test_one_url_is_not_for_a_folder_nor_for_what_holds_many(
    workplace: Workplace, saved: Path, tmp_path: Path
) -> None:
    write_folder(saved, {"71655.txt": text(71655)})
    with pytest.raises(UsageError, match=r"\{name\}"):
        import_files([saved], workplace, url="https://careerly.co.kr/comments/71655")
    package = write_zip(tmp_path / "one.zip", {"71655.txt": text(71655)})
    report = import_files([package], workplace, url="https://careerly.co.kr/comments/71655")
    assert "{name}" in reason(report)
    assert import_files([package], workplace, url=URLS).exit_code == 0


def test_a_name_that_does_not_fit_the_pattern_is_said_where_the_page_says_nothing(
    workplace: Workplace, saved: Path
) -> None:
    nothing = b"<html><body><p>Nothing says where this was.</p></body></html>"
    write_folder(
        saved, {"a.txt": text(71655), "b.html": nothing, "c.html": page(71655), "1-2.txt": text(72260)}
    )
    report = import_files([saved], workplace, url="https://careerly.co.kr/comments/{number}")
    assert targets(report, "done", saved) == ["c.html"]
    told = [item.reason or "" for item in named(report, "failed")]
    assert ["several numbers" in told[0], "no number" in told[1], "no number" in told[2]] == [True] * 3
    assert not report.summary


def test_the_hint_is_given_where_many_say_nothing(workplace: Workplace, saved: Path) -> None:
    write_folder(saved, {"1.txt": text(71655), "2.txt": text(72260)})
    (line,) = import_of(workplace, saved).summary
    assert line.startswith("2 files do not say")
    assert "--from TABLE" in line


class _Counting(Progress):
    def __init__(self) -> None:
        self.expected = 0
        self.settled = 0

    def expect(self, total: int, doing: str) -> None:
        self.expected += total

    def more(self, count: int) -> None:
        self.expected += count

    def end(self, item: Item) -> None:
        self.settled += 1

    def step(self) -> None:
        self.settled += 1


def test_a_page_that_is_there_twice_is_skipped_by_the_name_of_its_file(
    workplace: Workplace, saved: Path
) -> None:
    write_folder(saved, {"71655.html": page(71655), "copy/71655.html": page(71655)})
    (again,) = named(import_of(workplace, saved), "skipped")
    assert str(again.reason).startswith(again.target)
    assert again.target.endswith("71655.html")


def test_progress_counts_files_and_members(workplace: Workplace, saved: Path) -> None:
    write_folder(saved, {"71655.html": page(71655), "a_files.css": b"", "bad.7z": b"7z\xbc\xaf\x27\x1c\0"})
    write_zip(saved / "c.zip", {"1.html": page(72260), "d/": b"", "d/x.js": b""})
    write_tar(saved / "d.tar", {"1.html": page(72260, "d"), "d/x.js": b""})
    progress = _Counting()
    report = import_of(replace(workplace, progress=progress), saved)
    by_reason = {item.reason for item in named(report, "skipped")}
    assert progress.expected == 7 + len(by_reason)
    assert progress.settled == progress.expected


def test_the_captures_are_dated_as_the_user_says(workplace: Workplace, saved: Path) -> None:
    moment = datetime(2023, 5, 1, tzinfo=UTC)
    write_folder(saved, {"71655.html": page(71655)})
    import_files([saved], workplace, captured_at=moment)
    (visit,) = visits(workplace)
    assert (visit.captured_at, visit.captures[0].captured_at_basis) == (moment, "asserted")


class _Stopping(Progress):
    def __init__(self, after: int) -> None:
        self._left = after

    def end(self, item: Item) -> None:
        self._left -= 1
        if not self._left:
            raise KeyboardInterrupt


@pytest.mark.parametrize("after", few_of([33, 1, 31, 64], 1))
def test_an_import_that_was_stopped_is_gone_on_with_by_the_same_command(
    after: int, workplace: Workplace, saved: Path
) -> None:
    write_folder(saved, {f"{number}.txt": text(71655) + str(number).encode() for number in range(1, 71)})
    with pytest.raises(KeyboardInterrupt):
        import_files([saved], replace(workplace, progress=_Stopping(after)), url=URLS)
    report = import_files([saved], workplace, url=URLS)
    assert report.exit_code == 0
    assert len(visits(workplace)) == len(rows_of(workplace)["posts"]) == 70
