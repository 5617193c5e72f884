"""Whatever else an archive holds of a person: feeds, lists, answers of APIs, addresses, packed files, damaged ones, single words."""

import base64
import gzip
import html
import json
import shutil
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest

from scraper.archive.check import check
from scraper.archive.files import RECORDS_FILE
from scraper.archive.members import Damage, Member, scan
from scraper.archive.read import open_to_read
from scraper.archive.runs import read_runs
from scraper.archive.warc import WarcRecord
from scraper.jobs.extract.anew import extract
from scraper.jobs.forget import forget
from scraper.jobs.imports.files import import_files
from scraper.jobs.record.cassette import cassette_at, recording_of
from scraper.jobs.record.job import visit_post
from scraper.jobs.workplace import Workplace
from scraper.model.run import Run
from scraper.model.stores import LedgerEntry
from scraper.records.contract import Row
from scraper.records.store import Records
from scraper.settings import HostSettings
from tests.archive.judge import warcio_complaints
from tests.archive.making import NOON, exchange, warc_files
from tests.cassettes import CASSETTES
from tests.clock import VirtualClock
from tests.jobs.workplaces import workplace_at
from tests.replica import v1
from tests.replica.content import ReplicaComment, ReplicaPerson, ReplicaPost, load_community
from tests.takedown.archives import SITE, community_posts, keep_page, url_of, writing
from tests.takedown.archives import community_archive as archive_of
from tests.takedown.searching import everything_in, places_of

REASON = "Asked by its author"


def thread() -> tuple[ReplicaPost, ReplicaPerson, str]:
    """A post, somebody who wrote under it and nothing else there, and the longest that she wrote."""
    for post in community_posts():
        written = Counter(comment.by for comment in post.comments if comment.by and comment.by != post.by)
        for person, count in written.items():
            (text, *_) = [comment.text for comment in post.comments if comment.by == person]
            if count == 1 and len(written) > 1 and len(text) > 40:
                return post, person, text
    raise AssertionError("the community has no such thread")


POST, HER, TEXT = thread()
NAME = HER.name
WORDS = " ".join(TEXT.split())
OBJECT = {"user": {"id": 5, "profile": {"name": NAME, "media": {"avatar": {"url": "https://cdn.example/a/77.png"}}, "contact": {"email": "her@example.org"}}, "headline": "한 회사의 사람"}}  # fmt: skip
PAGES: dict[str, str] = {
    "feed": f"<item><dc:creator><![CDATA[{NAME}]]></dc:creator><description><![CDATA[{TEXT}]]></description></item>",
    "excerpt": f"<li><b>{NAME}</b><p>{WORDS[:16]}…</p></li>",
    "JSON in an attribute, escaped twice": f'<i data-x="{html.escape(html.escape(json.dumps([TEXT, NAME])))}"></i>',
    "percent, twice": f'<a href="/s?q={quote(quote(NAME))}&t={quote(quote(TEXT))}">x</a>',
    "data: URI": f'<a href="data:text/html;base64,{base64.b64encode(f"{NAME}: {TEXT}".encode()).decode()}">x</a>',
    "base64 in base64": base64.b64encode(base64.b64encode(f"{NAME}: {TEXT}".encode())).decode(),
    "base64 in lines": base64.encodebytes(f"{NAME}: {TEXT}".encode()).decode(),
    "base64 in lines in JSON": json.dumps({"mail": base64.encodebytes(f"{NAME}: {TEXT}".encode()).decode()}),
    "base64 of deflate": base64.b64encode(zlib.compress(f"{NAME}: {TEXT}".encode())).decode(),
    "base16": f"{NAME}: {TEXT}".encode().hex(),
    "escapes of CSS": "content:'" + "".join(f"\\{ord(character):x} " for character in NAME) + "'",
    "escapes of Python": "".join(f"\\U{ord(character):08x}" for character in NAME),
    "bytes of a script": "".join(f"\\x{octet:02x}" for octet in NAME.encode()),
    "quoted-printable": "".join(f"={octet:02X}" for octet in NAME.encode()),
    "objects in objects": json.dumps(OBJECT, ensure_ascii=False),
    "objects in objects in a string": json.dumps(json.dumps(OBJECT)),
    "broken up": f"<p>{NAME[0]}<wbr>{NAME[1:]}</p><p>{NAME[0]}&shy;{NAME[1:]}</p>",
    "mention": f"<p>@{NAME} 님, 고맙습니다.</p>",
}  # fmt: skip
CODED: dict[str, tuple[bytes, tuple[tuple[str, str], ...]]] = {
    "sitemap.xml.gz": (gzip.compress(f"<loc>{SITE}/@{NAME}</loc>".encode()), (("Content-Type", "application/x-gzip"),)),
    "packed twice": (gzip.compress(gzip.compress(f"<p>{NAME}</p>".encode())), (("Content-Encoding", "gzip"),)),
    "cut off": (gzip.compress(f"<p>{NAME}: {TEXT}</p>".encode() * 40)[:-20], (("Content-Encoding", "gzip"),)),
    "not packed at all": (f"<p>{NAME}: {TEXT}</p>".encode(), (("Content-Encoding", "gzip"),)),
    "unknown coding": (b"\x8b\x02\x80abc", (("Content-Encoding", "dcb"),)),
    "UTF-16": (f"<p>{NAME}: {TEXT}</p>".encode("utf-16"), (("Content-Type", "text/html"),)),
    "EUC-KR": (f"<p>{NAME}: {TEXT}</p>".encode("euc-kr", "replace"), (("Content-Type", "text/html"),)),
    "headers": (b"", (("Location", f"/@{quote(NAME)}"), ("Link", f'<{SITE}/@{quote(NAME)}>; rel="author"'))),
}  # fmt: skip
ADDRESSES = (f"{SITE}/@{quote(NAME)}", f"{SITE}/search?q={quote(NAME)}", f"{SITE}/s?author={quote(NAME.encode('cp949'))}", f"{SITE}/tag/{quote(quote(NAME))}", f"{SITE}/search?q={quote(TEXT)}")  # fmt: skip


def kept_of_her(folder: Path) -> Workplace:
    """An archive of the thread with every page above, and the addresses in all places that hold any."""
    workplace = archive_of(folder, [POST])
    with writing(workplace) as archive:
        for number, page in enumerate(PAGES.values()):
            archive.keep(exchange(f"{SITE}/more/{number}", page.encode(), at=NOON))
        for number, (body, headers) in enumerate(CODED.values()):
            archive.keep(exchange(f"{SITE}/coded/{number}", body, headers=headers, at=NOON))
        for url in ADDRESSES:
            archive.keep(exchange(url, b"<p>nothing</p>", at=NOON))
            detail: dict[str, str | int] = {
                "status": 301,
                "location": url,
                "via": f"/@{NAME}",
                "said": f"sent on to {NAME}",
            }
            archive.ledger.note(LedgerEntry(NOON, "answer", "careerly.co.kr", url, "fetch", detail))
        archive.frontier.add(ADDRESSES)
        archive.frontier.settle(url_of(POST), "failed", None, f"It leads to /@{quote(NAME)}.", NOON)
        archive.frontier.begin(ADDRESSES[0], NOON, NOON)
        archive.frontier.note_list(ADDRESSES[0], ADDRESSES[0], (), ADDRESSES[1:], NOON)
    extract(workplace)
    return workplace


def comments(workplace: Workplace) -> list[Row]:
    with Records.open_to_read(workplace.folder / RECORDS_FILE) as records:
        return list(records.rows("comments"))


@pytest.mark.thorough
def test_nothing_of_her_is_left_however_it_was_written_and_wherever_it_stood(tmp_path: Path) -> None:
    workplace = kept_of_her(tmp_path / "archive")
    before = comments(workplace)
    forget(NAME, workplace, reason=REASON)
    markers = ("/77.png", "her@example.org", "한 회사의 사람")
    assert places_of(workplace.folder, NAME, TEXT, WORDS[:14], HER.headline or NAME, *markers) == []
    assert not check(workplace.folder)
    assert not warcio_complaints(*warc_files(workplace.folder))
    everything = b"".join(octets for _, octets in everything_in(workplace.folder))
    assert [name for name, page in PAGES.items() if page.encode() in everything] == []
    assert [name for name, (body, _) in CODED.items() if body and body in everything] == []
    assert not any(quote(form).encode() in everything for form in (NAME.encode("cp949"), quote(NAME)))
    assert [row["text"] for row in comments(workplace)] == [
        row["text"] for row in before if row["author_name"] != NAME
    ]


SMALL = ("네", "💯", "감사합니다!", "🎉🎉")


def small_talk(folder: Path, pages: Sequence[str] = ()) -> Workplace:
    """An archive of one post under which she and another said the same few short things, and of other pages."""
    him = next(comment.by for comment in POST.comments if comment.by not in {HER, POST.by, None})
    people = [(text, by) for text in SMALL for by in (HER, him)]
    talk = tuple(
        ReplicaComment(9000 + number, by, POST.at, text, 0) for number, (text, by) in enumerate(people)
    )
    page = v1.post_page(load_community(), replace(POST, comments=talk), v1.Build())
    workplace = workplace_at(folder, VirtualClock())
    with writing(workplace) as archive:
        keep_page(archive, url_of(POST), page.encode())
        for number, other in enumerate(pages):
            archive.keep(exchange(f"{SITE}/more/{number}", other.encode(), at=NOON))
    extract(workplace)
    return workplace


def bodies(workplace: Workplace) -> dict[str, str]:
    """What the archive holds now, by the address of the page."""
    with open_to_read(workplace.folder) as archive:
        found = [(url, archive.capture(record_id)) for record_id, url, _ in archive.captures_with_visits()]
    return {url: capture.body.decode() for url, capture in found}


def test_of_two_who_said_the_same_few_words_one_goes_and_the_other_stays(tmp_path: Path) -> None:
    his = "<ul><li>네</li><li>💯</li><li>🎉🎉</li><button>감사합니다!</button></ul>"
    hers = f"<ul><li><b>{NAME}</b><i>네</i><i>💯</i><i>감사합니다!</i></li></ul>"
    workplace = small_talk(tmp_path / "archive", [his, hers])
    assert len(comments(workplace)) == 2 * len(SMALL)
    forget(NAME, workplace, reason=REASON)
    left = comments(workplace)
    assert [row["text"] for row in left] == list(SMALL)
    assert not {row["author_name"] for row in left} & {NAME}
    page, others, about_her = (
        bodies(workplace)[url] for url in (url_of(POST), f"{SITE}/more/0", f"{SITE}/more/1")
    )
    assert [page.count(text) for text in SMALL] == [1, 1, 1, 1]
    assert others == his
    assert not any(text in about_her for text in (NAME, *SMALL))


@pytest.mark.thorough
def test_a_comment_goes_from_the_feed_that_names_it_by_its_number(tmp_path: Path) -> None:
    recorded = CASSETTES / "wordpress" / "comment-pages.yaml"
    workplace = workplace_at(tmp_path / "archive", VirtualClock())
    workplace = replace(
        workplace,
        settings=replace(workplace.settings, host={"gyeoul.example": HostSettings(delay=0.0)}),
    )
    with cassette_at(recorded, "none"):
        visit_post(recording_of(recorded).target, workplace)
    row = min(comments(workplace), key=lambda row: len(row["text"] or "x" * 99))
    number = row["comment_id"].partition("#")[2]
    feed = f"<item><link>https://gyeoul.example/x/#comment-{number}</link><description>{row['text']}</description></item>"
    other = f"<item><link>https://gyeoul.example/x/#comment-{number}7</link><description>{row['text']}</description></item>"
    with writing(workplace) as archive:
        for name, page in (("feed", feed), ("other", other)):
            archive.keep(exchange(f"https://gyeoul.example/comments/{name}", page.encode(), at=NOON))
    forget(row["comment_id"], workplace, reason=REASON)
    assert not check(workplace.folder)
    after = bodies(workplace).values()
    assert feed not in after
    assert other in after


def test_a_short_title_goes_from_the_list_that_leads_to_its_post(tmp_path: Path) -> None:
    post = replace(POST, title="첫 글", title_in="field")
    path = POST.path("v1")
    page = v1.post_page(load_community(), post, v1.Build())
    listing = f'<ul><li><a href="{path}">첫 글</a></li><li><a href="/comments/1">첫 글</a></li></ul>'
    workplace = workplace_at(tmp_path / "archive", VirtualClock())
    with writing(workplace) as archive:
        keep_page(archive, url_of(POST), page.encode())
        archive.keep(exchange(f"{SITE}/list", listing.encode(), at=NOON))
    extract(workplace)
    forget(url_of(POST), workplace, reason=REASON)
    (left,) = bodies(workplace).values()
    assert path not in left
    assert f'<a href="{path}">첫 글' not in left
    assert left.startswith('<ul><li><a href="/********/*****">■ ■</a>')


def test_a_short_title_goes_from_an_answer_that_names_its_post_or_tells_its_text(tmp_path: Path) -> None:
    post = replace(POST, title="첫 글", title_in="field")
    others = {"postId": 1, "title": "첫 글", "description": "다른 글입니다. " * 40}
    named = {"postId": POST.id, "title": "첫 글", "description": None}
    told = {"title": "첫 글", "description": POST.text[:200]}
    workplace = workplace_at(tmp_path / "archive", VirtualClock())
    with writing(workplace) as archive:
        keep_page(archive, url_of(POST), v1.post_page(load_community(), post, v1.Build()).encode())
        for number, item in enumerate((others, named, told)):
            answer = json.dumps({"items": [item]}, ensure_ascii=False).encode()
            archive.keep(exchange(f"{SITE}/api/{number}", answer, at=NOON))
    extract(workplace)
    forget(url_of(POST), workplace, reason=REASON)
    after = {url[-1]: json.loads(body)["items"][0]["title"] for url, body in bodies(workplace).items()}
    assert after == {"0": "첫 글", "1": "■ ■", "2": "■ ■"}


def test_a_comment_of_which_only_a_placeholder_is_left_goes(kept: Workplace) -> None:
    row = next(row for row in comments(kept) if row["status"] == "placeholder")
    forget(row["comment_id"], kept, reason=REASON)
    assert row["comment_id"] not in {each["comment_id"] for each in comments(kept)}
    assert not check(kept.folder)


def kinds(workplace: Workplace) -> Counter[str]:
    """How many requests and visits the WARC files hold."""
    found = (each for path in warc_files(workplace.folder) for each in scan(path) if isinstance(each, Member))
    return Counter(each.record.type for each in found if each.record.type in {"request", "metadata"})


@pytest.mark.thorough
@pytest.mark.parametrize("name", ["2026", "done", "refresh", "fetch", "1", "careerly", "html", "yes", "men"])
def test_a_name_that_is_a_word_of_ours_takes_nothing_that_says_nothing_of_her(
    name: str, tmp_path: Path
) -> None:
    her = replace(HER, name=name)
    said = tuple(replace(each, by=her) if each.by == HER else each for each in POST.comments)
    page = v1.post_page(load_community(), replace(POST, comments=said), v1.Build())
    workplace = workplace_at(tmp_path / "archive", VirtualClock())
    listing = f"{SITE}/list?page=1&p=2026"
    with writing(workplace) as archive:
        keep_page(archive, url_of(POST), page.encode())
        archive.keep(exchange(listing, b"<p>else</p>", at=NOON))
        archive.frontier.add([listing])
        archive.frontier.settle(listing, "done", None, None, NOON)
        archive.runs.begin(Run("r", "refresh", NOON))
        archive.ledger.note(LedgerEntry(NOON, "answer", "careerly.co.kr", listing, "fetch", {"status": 200}))
    extract(workplace)
    before, asked = comments(workplace), kinds(workplace)
    forget(name, workplace, reason=REASON)
    assert len(comments(workplace)) == len(before) - 1
    assert kinds(workplace) == asked
    assert bodies(workplace)[listing] == "<p>else</p>"
    assert [run.verb for run in read_runs(workplace.folder)] == ["refresh"]
    with writing(workplace) as archive:
        settled = archive.frontier.settled(listing)
    assert settled is not None
    assert settled.outcome == "done"
    lines = [path.read_text(encoding="utf-8") for path in (workplace.folder / "ledger").iterdir()]
    assert listing in "".join(lines)


@pytest.mark.thorough
def test_the_file_that_a_record_came_from_is_not_named_after_her(tmp_path: Path) -> None:
    source = tmp_path / f"{NAME} {POST.id}.warc.gz"
    shutil.copy(warc_files(archive_of(tmp_path / "other", [POST]).folder)[0], source)
    workplace = workplace_at(tmp_path / "archive", VirtualClock())
    assert import_files([source], workplace).exit_code == 0
    assert places_of(workplace.folder, NAME)
    forget(NAME, workplace, reason=REASON)
    assert places_of(workplace.folder, NAME) == []
    assert not check(workplace.folder)
    assert len(comments(workplace)) == len(POST.comments) - 1


def is_damaged(record: WarcRecord) -> bool:
    """Whether a record is one that the test damages."""
    return record.type == "response" and (record.get("WARC-Target-URI") or "").endswith("/damaged")


@pytest.mark.thorough
def test_a_damaged_record_goes_where_its_host_showed_her_and_stays_elsewhere(tmp_path: Path) -> None:
    packed = gzip.compress(f"<p>{NAME}: {TEXT}</p>".encode())
    coded = (("Content-Type", "text/html"), ("Content-Encoding", "gzip"))
    workplace = archive_of(tmp_path / "archive", [POST])
    with writing(workplace) as archive:
        for host in (SITE, "https://elsewhere.example"):
            archive.keep(exchange(f"{host}/damaged", packed, headers=coded, at=NOON))
    for path in warc_files(workplace.folder):
        octets = bytearray(path.read_bytes())
        for found in scan(path):
            if isinstance(found, Member) and is_damaged(found.record):
                octets[found.offset + found.length - 6] ^= 0xFF
        path.write_bytes(octets)
    assert (
        sum(isinstance(found, Damage) for path in warc_files(workplace.folder) for found in scan(path)) == 2
    )
    report = forget(NAME, workplace, reason=REASON)
    assert any("Damaged stretches dropped: 1" in (item.reason or "") for item in report.items)
    assert (
        sum(isinstance(found, Damage) for path in warc_files(workplace.folder) for found in scan(path)) == 1
    )
