"""A probe shows what would be read and where it stands; it asks as a crawl does, keeps nothing, and its page is harmless."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from unicodedata import combining, east_asian_width

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from scraper.archive.archive import Archive
from scraper.archive.lock import Lock
from scraper.errors import ArchiveHeldError, UsageError
from scraper.jobs.crawl.job import crawl
from scraper.jobs.probe.data import data_of as shown_as_data
from scraper.jobs.probe.job import ProbeOptions, probe
from scraper.jobs.probe.marked_page import marked_page
from scraper.jobs.probe.probed import Probe, probe_page
from scraper.jobs.probe.table import table_of
from scraper.jobs.probe.where import PlacesInWords
from scraper.jobs.workplace import Workplace
from scraper.model.outcome import Report
from scraper.model.stores import HostPace
from scraper.page.home_zones import NO_ZONES
from scraper.settings import Settings
from scraper.sites.registry import installed_sites
from tests.clock import VirtualClock
from tests.fixtures.captures import capture_of
from tests.fixtures.pages import v1_page, v1_post
from tests.jobs.workplaces import SETTINGS, workplace_at
from tests.replica import forum, v1
from tests.replica.routes import Deployment, RobotsFile
from tests.replica.server import Replica

LONG: Final = forum.TOPICS[0]
URL: Final = forum.SITE + LONG.path
ALLOWED_ATTRIBUTES: Final = {"class", "id", "title", "dir", "charset", "name", "content", "http-equiv"}
FORBIDDEN: Final = {
    "script", "iframe", "form", "input", "button", "base", "link", "object", "embed", "img", "video", "audio", "a", "area",
    "svg", "math", "template", "frame", "frameset",
}  # fmt: skip


def reader(tmp_path: Path, replica: Replica, settings: Settings = SETTINGS) -> Workplace:
    """Somebody with settings, and no archive."""
    return Workplace(tmp_path / "archive", settings, VirtualClock(), network=replica.network)


def data_of(report: Report) -> dict[str, Any]:
    assert isinstance(report.data, Mapping)
    return dict(report.data)


def probed(html: str, url: str = URL) -> Probe:
    page = capture_of(html.encode("utf-8", "replace"), url, ("content-type", "text/html; charset=utf-8"))
    return probe_page((page,), url, installed_sites(), NO_ZONES)


def asked(replica: Replica) -> list[str]:
    return [request.target for request in replica.log]


def test_a_url_is_asked_for_after_its_robots_txt_and_nothing_is_kept(
    tmp_path: Path, replica: Replica
) -> None:
    place = reader(tmp_path, replica)
    report = probe(URL, place)
    assert report.exit_code == 0
    assert asked(replica) == ["/robots.txt", LONG.path]
    assert not place.folder.exists()
    assert "test@example.org" in dict(replica.log[1].headers)["user-agent"]
    data = data_of(report)
    assert data["post"]["title"] == LONG.title
    assert data["post"]["text"] == forum.words_of(LONG, 0)
    said = [(each["author"]["name"], each["text"]) for each in data["comments"]]
    assert said == [(forum.name_of(LONG, at), forum.words_of(LONG, at)) for at in range(1, 10)]
    assert all("page=" in url for url in data["next_requests"])
    assert data["page"]["kind"] == "thread"


def test_a_post_that_its_page_does_not_hold_is_read_from_what_fills_the_page(
    tmp_path: Path, replica: Replica
) -> None:
    report = probe("https://careerly.co.kr/posts/73002", reader(tmp_path, replica))
    assert report.exit_code == 0
    data = data_of(report)
    assert data["post_id"] == "careerly:posts-73002"
    assert data["post"]["text"]
    pages = [target for target in asked(replica) if target != "/robots.txt"]
    assert pages[0] == "/posts/73002"
    assert pages[-1] == "/api/v1/posts/73002/"
    assert len(pages) == 3


def test_a_host_is_left_alone_between_two_requests_and_before_the_first(
    tmp_path: Path, replica: Replica
) -> None:
    place = reader(tmp_path, replica, Settings(contact="test@example.org"))
    probe(URL, place)
    assert isinstance(place.clock, VirtualClock)
    assert place.clock.slept == [2.0, 2.0]


def test_what_an_archive_knows_is_owed_to_a_host_is_waited_for(tmp_path: Path, replica: Replica) -> None:
    place = workplace_at(tmp_path / "archive", VirtualClock(), replica)
    with Archive.open(place.folder, clock=place.clock, warcinfo={}) as archive:
        now = place.clock.now()
        archive.pace.put_pace(HostPace(forum.HOST, now + timedelta(seconds=40), 20.0, noted_at=now))
        archive.commit()
    before = sorted(place.folder.rglob("*"))
    assert probe(URL, place).exit_code == 0
    assert isinstance(place.clock, VirtualClock)
    assert place.clock.slept[0] == 40.0
    assert {path for path in place.folder.rglob("*") if path.suffix == ".gz"} <= set(before)


def test_no_probe_goes_beside_a_run_on_the_same_archive(tmp_path: Path, replica: Replica) -> None:
    place = workplace_at(tmp_path / "archive", VirtualClock(), replica)
    crawl([URL], place, max_posts=1)
    with Lock(place.folder), pytest.raises(ArchiveHeldError):
        probe(URL, place)


def test_robots_txt_refuses_a_probe_too(tmp_path: Path) -> None:
    no = RobotsFile(body="User-agent: *\nDisallow: /t/\n")
    with Replica(Deployment(robots={forum.HOST: no})) as replica:
        report = probe(URL, reader(tmp_path, replica))
    assert report.exit_code == 3
    assert "robots.txt" in str(report.items[0].reason)
    assert asked(replica) == ["/robots.txt"]


def test_nobody_is_asked_without_a_contact(tmp_path: Path, replica: Replica) -> None:
    with pytest.raises(UsageError, match="contact"):
        probe(URL, reader(tmp_path, replica, Settings()))
    assert not asked(replica)


def test_a_list_is_shown_with_what_it_leads_to(tmp_path: Path, replica: Replica) -> None:
    report = probe(f"{forum.SITE}/b/workshop", reader(tmp_path, replica))
    assert report.exit_code == 0
    data = data_of(report)
    assert data["post"] is None
    assert f"{forum.SITE}/t/216" in data["leads"]["groups"][0]
    assert data["leads"]["following"] == [f"{forum.SITE}/b/workshop?page=2"]
    assert any(str(line).startswith("leads to") for line in report.view)


def test_a_page_that_is_no_post_is_rejected_and_shown_all_the_same(tmp_path: Path) -> None:
    page = tmp_path / "cart.html"
    page.write_text("<html><body><p>Your cart is empty.</p></body></html>", encoding="utf-8")
    report = probe(str(page), Workplace(tmp_path, Settings(), VirtualClock()))
    assert report.exit_code == 1
    assert data_of(report)["reason"]
    assert any(str(line).startswith("no post") for line in report.view)


def test_a_file_needs_no_archive_no_settings_and_no_url(tmp_path: Path) -> None:
    page = tmp_path / "topic.html"
    page.write_text(forum.page(LONG.path, "")[1], encoding="utf-8")
    report = probe(str(page), Workplace(tmp_path / "none", Settings(), VirtualClock()))
    assert report.exit_code == 0
    data = data_of(report)
    assert (data["file"], len(data["comments"])) == (str(page), 9)
    assert any("--url" in note for note in data["notes"])


def test_an_address_that_lacks_its_host_is_none_of_a_file(tmp_path: Path) -> None:
    page = tmp_path / "saved.html"
    page.write_text('<link rel=canonical href="https:///talk/17"><p>Words.</p>', encoding="utf-8")
    found = data_of(probe(str(page), Workplace(tmp_path, Settings(), VirtualClock())))
    assert found["url"] == "https://saved.invalid/saved.html"
    assert "The file does not say where its page was" in found["notes"][0]


def test_relative_dates_of_a_file_are_read_against_the_time_that_is_said(tmp_path: Path) -> None:
    page = tmp_path / "saved.html"
    page.write_text(v1_page(72260), encoding="utf-8")
    place = Workplace(tmp_path, Settings(), VirtualClock())
    url = "https://careerly.co.kr/comments/72260"
    without = data_of(probe(str(page), place, ProbeOptions(url)))
    dated = data_of(probe(str(page), place, ProbeOptions(url, datetime(2023, 12, 1, tzinfo=UTC))))
    ages = [each["published"]["at"] for each in without["comments"] if "전" in each["published"]["raw"]]
    assert None in ages or not ages
    assert all(each["published"]["at"] for each in dated["comments"])


def test_a_page_of_an_adapter_of_its_own_shows_its_record_where_its_words_stand(tmp_path: Path) -> None:
    found = probed(v1_page(72260), "https://careerly.co.kr/comments/72260")
    assert found.claimed is not None
    assert found.claimed.site.name == "careerly"
    assert {place.comment for place in found.places if place.part == "comment"} == {0, 1}
    assert 'class="m text' in marked_page(found)


def test_of_a_text_without_markup_lines_are_named(tmp_path: Path) -> None:
    page = tmp_path / "flattened.txt"
    page.write_text(v1.flattened_page(v1_post(71655)), encoding="utf-8")
    place = Workplace(tmp_path, Settings(), VirtualClock())
    data = data_of(probe(str(page), place, ProbeOptions("https://careerly.co.kr/comments/71655")))
    lines = page.read_text(encoding="utf-8").splitlines()
    where = data["comments"][0]["where"]["text"]["at"][0]
    assert data["comments"][0]["text"] in lines[int(where.removeprefix("line ")) - 1]
    prompt = data["post"]["removed"][0]
    assert prompt["rule"] == "careerly.signup-prompt"
    assert prompt["where"]["at"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("missing.html", None, "there is no such file"),
        ("empty.html", b"", "is empty"),
        ("picture.png", b"\x89PNG\r\n\x1a\n\0\0", "PNG"),
        ("crawl.warc", b"WARC/1.1\r\nWARC-Type: warcinfo\r\n\r\n\r\n", "no WARC record"),
    ],
)
def test_a_file_that_holds_no_page_is_named_with_what_to_do(
    name: str, content: bytes | None, said: str, tmp_path: Path
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    report = probe(str(tmp_path / name), Workplace(tmp_path, Settings(), VirtualClock()))
    assert report.exit_code == 1
    assert name in str(report.items[0].reason)
    assert said in str(report.items[0].reason)


def test_a_capture_in_a_warc_file_is_chosen_by_its_url(tmp_path: Path, replica: Replica) -> None:
    kept = workplace_at(tmp_path / "archive", VirtualClock(), replica)
    crawl([f"{forum.SITE}/t/204", f"{forum.SITE}/t/205"], kept)
    (warc,) = (kept.folder / "warc").iterdir()
    place = Workplace(tmp_path, Settings(), VirtualClock())
    several = probe(str(warc), place)
    assert several.exit_code == 1
    assert "--url" in str(several.items[0].reason)
    report = probe(str(warc), place, ProbeOptions(f"{forum.SITE}/t/205"))
    data = data_of(report)
    assert (data["url"], data["status"], data["captured_at_basis"]) == (
        f"{forum.SITE}/t/205",
        200,
        "asserted",
    )
    assert data["post"]["title"] == forum.TOPICS[4].title
    assert data["captured_at"]
    missing = probe(str(warc), place, ProbeOptions(f"{forum.SITE}/t/999"))
    assert "t/999" in str(missing.items[0].reason)
    with pytest.raises(UsageError, match="--captured-at"):
        probe(str(warc), place, ProbeOptions(f"{forum.SITE}/t/205", datetime(2023, 12, 1, tzinfo=UTC)))


def test_options_of_files_are_no_options_of_urls(tmp_path: Path, replica: Replica) -> None:
    with pytest.raises(UsageError, match="--url"):
        probe(URL, reader(tmp_path, replica), ProbeOptions(url=URL))
    assert not asked(replica)


def test_the_marked_page_is_written_and_never_over_the_page_itself(tmp_path: Path) -> None:
    page, marked = tmp_path / "topic.html", tmp_path / "marked.html"
    page.write_text(forum.page(LONG.path, "")[1], encoding="utf-8")
    place = Workplace(tmp_path, Settings(), VirtualClock())
    report = probe(str(page), place, ProbeOptions(URL, html=marked))
    assert report.outputs == (str(marked),)
    text = LexborHTMLParser(marked.read_text(encoding="utf-8"))
    assert len(text.css("#page .m.comment")) == 9
    assert text.css_first("#page h1.m.title") is not None
    for at, node in enumerate(text.css("#page .m.text")):
        assert forum.words_of(LONG, at) in node.text()
    with pytest.raises(UsageError, match=r"topic\.html"):
        probe(str(page), place, ProbeOptions(URL, html=page))
    with pytest.raises(UsageError, match="cannot be written"):
        probe(str(page), place, ProbeOptions(URL, html=tmp_path / "no" / "such" / "folder.html"))


def test_a_reply_is_labelled_with_what_it_answers() -> None:
    found = probed(_nested())
    assert found.record is not None
    assert found.record.comments[1].parent == 0
    assert "comment 1 answers 0 (nesting)" in marked_page(found)


def test_a_page_that_asks_not_to_be_archived_is_shown_with_a_word_on_it() -> None:
    page = forum.page(LONG.path, "")[1].replace("<head>", '<head><meta name="robots" content="noarchive">', 1)
    assert any("noarchive" in note for note in probed(page).notes)


def _nested() -> str:
    def said(number: int, name: str, words: str, inside: str = "") -> str:
        return (
            f'<li class="comment" id="comment-{number}"><a class="author" href="/user/{number}">{name}</a> '
            f'<time datetime="2024-05-0{number}T10:00:00Z">{number} May 2024</time><div class="comment-text"><p>{words}</p></div>{inside}</li>'
        )

    words = "The joints of this chair were cut by hand, and each of them took most of an evening to fit. " * 6
    reply = f'<ul class="children">{said(2, "솔바람", "저도 궁금했는데 감사합니다. 주말에 해 볼게요.")}</ul>'
    return (
        '<html><head><title>A chair</title></head><body><article><h1>A chair</h1><span class="author">Maren</span> '
        f'<time datetime="2024-05-01T09:00:00Z">1 May 2024</time><p>{words}</p></article><ul class="comments">'
        f"{said(1, 'Tobias', 'How deep did you cut the mortises, and with which chisel?', reply)}"
        f"{said(3, '나루', 'I would have used dowels here, they are quicker.')}</ul></body></html>"
    )


SNIPPETS: Final = (
    "<script>alert(1)</script>", '<p onclick="alert(1)">말</p>', '<a href="javascript:alert(1)">x</a>',
    '<iframe src="https://evil.example/"></iframe>', '<base href="https://evil.example/">', "<style>*{background:url(//evil.example)}</style>",
    '<meta http-equiv="refresh" content="0;url=https://evil.example/">', '<form action="https://evil.example/"><input name=a></form>',
    '<img src="https://evil.example/a.png" alt="&lt;script&gt;" onerror="alert(1)">', "<table><tr><td>셀<tr><p>x</table>",
    '<svg onload="alert(1)"><a xlink:href="javascript:1"><text>y</text></a></svg>', '"><img src=x onerror=alert(1)>', "<!-- --!><b>",
    '<x-y style="position:fixed" id=found class="l prompt">z</x-y>', "</div></div></body></html><h1>after</h1>", "<title></title><plaintext>",
    '<a title=\'"><script>\' href=\'"><script>alert(1)</script>\'>link words</a>', "<pre>\n\n a\n</pre>", "&lt;script&gt;alert(2)&lt;/script&gt;",
)  # fmt: skip


@given(st.lists(st.one_of(st.sampled_from(SNIPPETS), st.text(max_size=20)), max_size=12))
def test_whatever_a_page_holds_the_marked_one_loads_runs_and_sends_nothing(pieces: list[str]) -> None:
    written = marked_page(
        probed(f"{_nested().removesuffix('</body></html>')}{''.join(pieces)}</body></html>")
    )
    tree = LexborHTMLParser(written)
    for node in tree.css("*"):
        assert (node.tag or "") not in FORBIDDEN
        assert node.attributes.keys() <= ALLOWED_ATTRIBUTES, node.attributes
    assert len(tree.css("#found")) == 1
    assert len(tree.css("#page")) == 1
    assert len(tree.css("style")) == 1
    policies = [node.attributes["content"] for node in tree.css("meta[http-equiv]")]
    assert len(policies) == 1
    assert str(policies[0]).startswith("default-src 'none';")
    assert len(tree.css("#page .m.comment")) >= 3


@given(st.binary(max_size=400), st.sampled_from(("text/html", "text/plain", "application/json", "")))
def test_nothing_that_a_page_holds_raises(body: bytes, media_type: str) -> None:
    page = capture_of(body, URL, ("content-type", media_type))
    found = probe_page((page,), URL, installed_sites(), NO_ZONES)
    assert json.loads(json.dumps(shown_as_data(found)))["url"] == URL
    assert table_of(found)
    assert marked_page(found).endswith("</html>\n")


@given(st.lists(st.sampled_from(SNIPPETS), max_size=8))
def test_each_path_leads_to_the_element_that_holds_the_words(pieces: list[str]) -> None:
    html = _nested().replace("</article>", f"</article>{''.join(pieces)}", 1)
    found = probed(html)
    words = PlacesInWords(found)
    assert found.record is not None
    for at, comment in enumerate(found.record.comments):
        where = words.of("text", at)
        if where is not None:
            (node,) = found.document.tree.css(where.at[0])
            assert "".join((comment.text or "").split())[:20] in "".join(node.text().split())


def test_the_rows_of_comments_fit_a_narrow_terminal_with_their_places_below() -> None:
    found = probed(_nested())
    assert found.record is not None
    lines = table_of(found, columns=80)
    head = next(at for at, line in enumerate(lines) if line.startswith("#"))
    rows = lines[head : head + 2 * (len(found.record.comments) + 1)]
    assert all(_columns(line) <= 80 for line in rows[::2])
    assert all(line.startswith("      ") and line.strip() for line in rows[1::2])
    assert len(rows) == 2 * (len(found.record.comments) + 1)


def test_a_korean_letter_takes_two_columns_and_a_mark_over_a_letter_none() -> None:
    marked = _nested().replace("<p>", f"<p>z{chr(0x300) * 60} 가나다라마바사아자차카타파하 ")
    lines = table_of(probed(marked))
    starts = {_columns(line[: line.rindex("  ")]) for line in lines if line[:1].isdigit()}
    assert len(starts) == 1


def _columns(text: str) -> int:
    return sum((east_asian_width(each) in "WF") + 1 for each in text if combining(each) == 0)


def test_a_reply_that_quotes_is_shown_by_its_own_first_words() -> None:
    own = "<p>I would have used dowels"
    quoting = _nested().replace(own, f"<blockquote><p>With which chisel?</p></blockquote>{own}", 1)
    (row,) = [line for line in table_of(probed(quoting)) if "나루" in line]
    assert "I would have used dowels" in row
    assert "chisel" not in row
