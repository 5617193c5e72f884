"""``export --wacz``: what is packed, what stays out, and that the file holds together."""

import gzip
import hashlib
import io
import json
import stat
import zipfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.archive.cdxj import url_key
from scraper.archive.outputs import Output, outputs_of
from scraper.archive.warc import WarcRecord, parse_member
from scraper.errors import StopError, UsageError
from scraper.jobs.forget import forget
from scraper.jobs.imports.files import ImportOptions, import_files
from scraper.jobs.publication.wacz import export_wacz
from scraper.jobs.workplace import Workplace
from scraper.model.outcome import Report
from tests.archive.making import NOON, exchange, keep_visit, open_archive
from tests.clock import VirtualClock
from tests.conftest import REPOSITORY
from tests.field.pages import URL, Odd
from tests.field.records import HTML, warc_record
from tests.fixtures.pages import v1_page, v1_post
from tests.jobs.workplaces import workplace_at
from tests.publish.archives import POSTS, Place

_SECRET = "회원에게만 보이는 글입니다"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path / "archive").keep(*POSTS)


def _workplace(place: Place) -> Workplace:
    return workplace_at(place.folder, VirtualClock())


class Package:
    """A WACZ as whoever replays it reads it: index, then record."""

    def __init__(self, path: Path) -> None:
        with zipfile.ZipFile(path) as package:
            assert package.testzip() is None
            assert {entry.compress_type for entry in package.infolist()} == {zipfile.ZIP_STORED}
            for entry in package.infolist():
                # ReplayWeb.page takes the fields beside the name to be those of the directory at the end.
                head = path.read_bytes()[entry.header_offset : entry.header_offset + 30]
                assert int.from_bytes(head[28:30], "little") == len(entry.extra) == 0
            self.files = {name: package.read(name) for name in package.namelist()}
        lines = gzip.decompress(self.files["indexes/index.cdx.gz"]).decode().splitlines()
        assert lines == sorted(lines)
        self.index: list[dict[str, Any]] = [json.loads(line.split(" ", 2)[2]) for line in lines]
        self.keys = [line.split(" ", 2)[:2] for line in lines]
        header, *self.pages = map(json.loads, self.files["pages/pages.jsonl"].decode().splitlines())
        assert header["format"] == "json-pages-1.0"
        self.about = json.loads(self.files["datapackage.json"])

    def record(self, entry: dict[str, Any]) -> WarcRecord:
        warc = self.files[f"archive/{entry['filename']}"]
        start = int(entry["offset"])
        return parse_member(warc[start : start + int(entry["length"])])

    @property
    def raw(self) -> str:
        """All that the WARC files hold, unpacked."""
        warcs = [data for name, data in self.files.items() if name.startswith("archive/")]
        return "".join(gzip.decompress(warc).decode("utf-8", "replace") for warc in warcs)

    @property
    def urls(self) -> set[str]:
        return {entry["url"] for entry in self.index}


def _packed(place: Place | Workplace, *, private: bool = False) -> tuple[Package, Report]:
    workplace = place if isinstance(place, Workplace) else _workplace(place)
    file = workplace.folder.with_name("out.wacz")
    report = export_wacz(file, workplace, is_private=private)
    return Package(file), report


def test_each_line_of_the_index_leads_to_its_record(place: Place) -> None:
    package, _ = _packed(place)
    assert len(package.index) == len(POSTS)
    for (key, timestamp), entry in zip(package.keys, package.index, strict=True):
        record = package.record(entry)
        assert record.get("WARC-Target-URI") == entry["url"]
        assert key == url_key(entry["url"])
        assert (record.get("WARC-Date") or "").replace("-", "").startswith(timestamp[:8])
        assert entry["mime"] == "text/html"
        assert entry["digest"]


def test_pages_have_title_address_and_the_time_of_their_capture(place: Place) -> None:
    package, report = _packed(place)
    assert {page["url"] for page in package.pages} == package.urls
    assert v1_post(POSTS[0]).title in {page["title"] for page in package.pages}
    assert len({page["id"] for page in package.pages}) == len(POSTS)
    times = {page["ts"].translate({ord(mark): None for mark in "-:TZ"}) for page in package.pages}
    assert times <= {timestamp for _, timestamp in package.keys}
    assert package.about["mainPageUrl"] == package.pages[0]["url"]
    assert [item.outcome for item in report.items] == ["done"] * len(POSTS)


def test_every_file_is_listed_with_its_digest_and_the_list_too(place: Place) -> None:
    package, _ = _packed(place)
    assert package.about["wacz_version"] == "1.1.1"
    listed = {each["path"]: (each["hash"], each["bytes"]) for each in package.about["resources"]}
    beside = {"datapackage.json", "datapackage-digest.json"}
    assert listed == {
        name: (f"sha256:{hashlib.sha256(data).hexdigest()}", len(data))
        for name, data in package.files.items()
        if name not in beside
    }
    digest = json.loads(package.files["datapackage-digest.json"])
    assert digest["hash"] == f"sha256:{hashlib.sha256(package.files['datapackage.json']).hexdigest()}"


def test_the_blocks_of_the_index_are_each_whole(tmp_path: Path) -> None:
    package, _ = _packed(Place(tmp_path / "archive").keep(*POSTS))
    meta, *entries = package.files["indexes/index.idx"].decode().splitlines()
    assert json.loads(meta.removeprefix("!meta 0 "))["format"] == "cdxj-gzip-1.0"
    data = package.files["indexes/index.cdx.gz"]
    for entry in entries:
        key, timestamp, place = entry.split(" ", 2)
        fields = json.loads(place)
        block = data[fields["offset"] : fields["offset"] + fields["length"]]
        assert gzip.decompress(block).decode().startswith(f"{key} {timestamp} ")
        assert fields["digest"] == f"sha256:{hashlib.sha256(block).hexdigest()}"


def test_it_says_that_it_is_raw_and_only_its_owner_reads_it(place: Place) -> None:
    package, report = _packed(place)
    assert "It is raw: it holds names" in package.about["description"]
    assert "withholds is not in it" in package.about["description"]
    assert package.about["description"] in report.summary[0]
    file = place.folder.with_name("out.wacz")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert outputs_of(place.folder) == (Output("wacz", file),)
    private, _ = _packed(place, private=True)
    assert "for you alone" in private.about["description"]


def test_the_same_archive_gives_the_same_bytes(place: Place) -> None:
    file = place.folder.with_name("out.wacz")
    _packed(place)
    before = file.read_bytes()
    _packed(place)
    assert file.read_bytes() == before
    assert sorted(path.name for path in file.parent.iterdir() if path.name.startswith(".")) == []


# What stays out


def test_a_capture_that_shows_a_comment_which_was_deleted_since_stays_out(place: Place) -> None:
    number = POSTS[0]
    thread = v1_post(number).comments
    gone = thread[-1].text
    assert gone in _packed(place)[0].raw
    place.keep(number, comments=thread[:-1])
    package, report = _packed(place)
    assert gone not in package.raw
    assert len([page for page in package.pages if page["url"].endswith(str(number))]) == 1
    assert [item.outcome for item in report.items] == ["done"] * len(POSTS)
    assert gone in _packed(place, private=True)[0].raw


def test_every_version_that_was_edited_goes_along(place: Place) -> None:
    place.keep(POSTS[0], text="다시 쓴 글입니다. 조금 더 길게 다시 썼습니다.")
    package, _ = _packed(place)
    assert len([page for page in package.pages if page["url"].endswith(str(POSTS[0]))]) == 2


def test_a_post_that_asks_not_to_be_archived_stays_out(place: Place, tmp_path: Path) -> None:
    page = tmp_path / "noarchive.html"
    html = v1_page(POSTS[0], text=_SECRET)
    page.write_text(html.replace("<head>", '<head><meta name="robots" content="noarchive">', 1), "utf-8")
    import_files([page], _workplace(place), url=f"https://careerly.co.kr/comments/{POSTS[0]}")
    package, report = _packed(place)
    assert _SECRET not in package.raw
    assert f"https://careerly.co.kr/comments/{POSTS[0]}" not in package.urls
    assert [item.outcome for item in report.items].count("skipped") == 1


def test_what_a_person_asked_for_stays_out_even_where_everybody_sees_it(tmp_path: Path) -> None:
    workplace = workplace_at(tmp_path / "archive", VirtualClock())
    request = b"GET /2024/willow/ HTTP/1.1\r\nHost: gang.example\r\nCookie: session=geheim\r\n\r\n"
    records = [
        warc_record(1, request, "WARC-Concurrent-To: <urn:uuid:2>", kind="request", url=URL),
        warc_record(2, HTML + str(Odd()).encode(), url=URL),
    ]
    path = tmp_path / "m.warc.gz"
    path.write_bytes(b"".join(map(gzip.compress, records)))
    for is_public in (False, True):
        import_files([path], workplace, options=ImportOptions(is_public))
        package, report = _packed(workplace)
        assert (package.index, package.pages) == ([], [])
        assert "geheim" not in package.raw
        assert [item.outcome for item in report.items] == ["skipped"] or is_public
    assert "geheim" in _packed(workplace, private=True)[0].raw


def test_a_page_that_was_saved_signed_in_stays_out_with_the_name_of_who_saved_it(tmp_path: Path) -> None:
    workplace = workplace_at(tmp_path / "archive", VirtualClock())
    saved = REPOSITORY / "tests" / "jobs" / "saved" / "chrome-signed-in.mhtml"
    for is_public in (False, True):
        import_files([saved], workplace, options=ImportOptions(is_public))
        package, _ = _packed(workplace)
        assert (package.index, package.pages) == ([], [])
    assert _packed(workplace, private=True)[0].index


def test_who_is_opted_out_stays_out_with_all_pages_that_show_them(place: Place) -> None:
    workplace = _workplace(place)
    (place.folder / "opt-out.txt").write_text(f"https://careerly.co.kr/comments/{POSTS[1]}\n", "utf-8")
    out = replace(workplace, settings=replace(workplace.settings, opt_out="opt-out.txt"))
    package, report = _packed(out)
    assert f"https://careerly.co.kr/comments/{POSTS[1]}" not in package.urls
    assert len(package.pages) == len(POSTS) - 1
    assert [item.outcome for item in report.items].count("skipped") == 1


def test_what_was_taken_down_is_in_no_package(place: Place) -> None:
    number = POSTS[0]
    text = v1_post(number).text.splitlines()[0]
    assert text in _packed(place, private=True)[0].raw
    forget(f"careerly:comments-{number}", _workplace(place), reason="test")
    for private in (False, True):
        package, _ = _packed(place, private=private)
        assert text not in package.raw
        assert all(not page["url"].endswith(str(number)) for page in package.pages)


def test_pages_that_gave_no_post_are_for_the_owner_alone(place: Place) -> None:
    listing = "https://careerly.co.kr/community"
    with open_archive(place.folder) as archive:
        keep_visit(archive, listing, exchange(listing, f"<p>{_SECRET}</p>".encode()))
    assert _SECRET not in _packed(place)[0].raw
    package, _ = _packed(place, private=True)
    assert _SECRET in package.raw
    assert {"url": listing, "title": listing}.items() <= package.pages[-1].items()


def test_a_revisit_goes_with_the_record_that_has_its_payload(tmp_path: Path) -> None:
    workplace = workplace_at(tmp_path / "archive", VirtualClock())
    url = f"https://careerly.co.kr/comments/{POSTS[0]}"
    page = v1_page(POSTS[0]).encode()
    with open_archive(workplace.folder) as archive:
        for day in range(3):
            keep_visit(archive, url, exchange(url, page, at=NOON + timedelta(days=day)))
    package, _ = _packed(workplace)
    assert [entry["mime"] for entry in package.index] == ["text/html", "warc/revisit", "warc/revisit"]
    assert len({entry["digest"] for entry in package.index}) == 1
    assert len(package.pages) == 3


def test_a_post_that_is_gone_goes_out_without_its_text_so_no_page_that_shows_it_does(place: Place) -> None:
    url = f"https://careerly.co.kr/comments/{POSTS[0]}"
    with open_archive(place.folder) as archive:
        keep_visit(archive, url, exchange(url, b"", status=404))
    package, report = _packed(place)
    assert url not in package.urls
    [skipped] = [item for item in report.items if item.outcome == "skipped"]
    assert "does not go out" in str(skipped.reason)


def test_a_package_of_nothing_is_whole(tmp_path: Path) -> None:
    place = Place(tmp_path / "archive").keep(POSTS[0])
    workplace = _workplace(place)
    (place.folder / "opt-out.txt").write_text("careerly.co.kr\n", "utf-8")
    package, _ = _packed(replace(workplace, settings=replace(workplace.settings, opt_out="opt-out.txt")))
    assert (package.index, package.pages) == ([], [])
    [warc] = [name for name in package.files if name.startswith("archive/")]
    assert parse_member(package.files[warc]).type == "warcinfo"


def test_it_is_packed_from_what_is_committed_while_another_run_writes(place: Place) -> None:
    alone, _ = _packed(place)
    with open_archive(place.folder):
        beside, _ = _packed(place)
    assert beside.files == alone.files


# What goes wrong


def test_a_damaged_record_is_told_of_and_the_rest_is_packed(place: Place) -> None:
    warc = min((place.folder / "warc").iterdir())
    data = bytearray(warc.read_bytes())
    data[-40:-30] = bytes(10)
    _packed(place)
    warc.write_bytes(data)
    package, report = _packed(place, private=True)
    assert "failed" in [item.outcome for item in report.items]
    assert len(package.index) >= len(POSTS) - 1


@pytest.mark.parametrize("content", [b"mine", b"PK\x05\x06" + bytes(18), None])
def test_a_file_or_folder_of_ones_own_is_left_alone(
    place: Place, tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "mine.wacz"
    if content is None:
        file.mkdir()
    else:
        file.write_bytes(content)
    with pytest.raises(UsageError, match=r"no WACZ that postkeep wrote"):
        export_wacz(file, _workplace(place))
    assert file.is_dir() if content is None else file.read_bytes() == content


def test_the_name_must_be_one_that_replay_tools_know(place: Place, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"out\.zip\.wacz"):
        export_wacz(tmp_path / "out.zip", _workplace(place))


def test_a_disk_that_refuses_leaves_what_stood_there(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "out.wacz"
    export_wacz(file, _workplace(place))
    before = file.read_bytes()

    def full(*_: object) -> NoReturn:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("scraper.archive.cdxj.CaptureIndex.blocks", full)
    with pytest.raises(StopError, match="No space left"):
        export_wacz(file, _workplace(place))
    assert file.read_bytes() == before
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".out")]


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://www.Example.org/A?b=2&a=1", "org,example)/a?a=1&b=2"),
        ("http://example.org:80/", "org,example)/"),
        ("http://example.org:8080/x", "org,example:8080)/x"),
        ("https://example.org", "org,example)/"),
        ("https://한글.example/글", "example,xn--bj0bj06e)/%ea%b8%80"),
    ],
)
def test_the_key_of_a_url_is_that_of_replay_tools(url: str, key: str) -> None:
    assert url_key(url).lower() == key


@given(st.text())
def test_a_key_has_no_blank_and_comes_of_any_url(path: str) -> None:
    key = url_key(f"https://example.org/{path}")
    assert " " not in key
    assert "\n" not in key
    assert io.StringIO(key).readline() == key
