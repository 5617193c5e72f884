"""A real WordPress that is changed between refreshes, has bad days, and has commenters who are forgotten."""

import re
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import md5
from pathlib import Path
from typing import Any, Final

import pyarrow.parquet as pq
import pytest
from warcio.archiveiterator import ArchiveIterator

from scraper.cli.network import read_network
from scraper.jobs.refresh.job import refresh
from scraper.jobs.workplace import Workplace
from scraper.model.outcome import Report
from scraper.model.record import GATED_SINCE
from scraper.settings_file import load_settings
from tests.archive.judge import warcio_complaints
from tests.archive.making import warc_files
from tests.clock import VirtualClock
from tests.commands import postkeep, postkeep_json
from tests.fixtures.reading import shared_reading
from tests.slow.wordpress import WordPress, serving
from tests.takedown.searching import places_of

pytestmark = pytest.mark.slow

PORT: Final = 8831
# Longer than the longest time between two looks, so that every post is due.
A_WHILE: Final = timedelta(days=120)
FOLLOWED: Final = 'follow = ["{site}/wp-sitemap.xml"]'
UNHURRIED: Final = '\n[host."127.0.0.1"]\ndelay = 0.05\n'

# The numbers of seeded posts, by what becomes of them.
COMMENTED, EDITED, ASYNCIO, PROTECTED, CAMPING, RECIPE = 1, 2, 3, 4, 5, 6
LIBRARY, LONG, TRASHED, MIXED = 9, 11, 12, 14

HER_NAME: Final = "백연화"
HER_WORDS: Final = ("투표소는 아침 여섯 시에 엽니다", "텐트 고리는 일곱 개가 모자랐습니다")
HER_TRACES: Final = ("yeonhwa", md5(b"yeonhwa@example.test", usedforsecurity=False).hexdigest())
HIS_NAME: Final = "나그네 은하"
HIS_WORDS: Final = ("은하수 사진에 반했습니다", "별똥별이 두 번 떨어졌습니다")
HIS_TRACES: Final = ("eunha", md5(b"eunha@example.test", usedforsecurity=False).hexdigest())
HIS_FIELDS: Final = {
    "comment_author_email": "eunha@example.test",
    "comment_author_url": "https://eunha.example/",
}

SOON: Final = """
add_action('template_redirect', function () {
    if (is_robots()) { return; }
    header('Content-Type: text/html; charset=utf-8');
    echo '<!DOCTYPE html><html><head><title>하늘마루</title><link rel="https://api.w.org/" href="/wp-json/"></head>';
    echo '<body><h1>곧 돌아옵니다</h1><p>사이트를 점검하고 있습니다.</p></body></html>';
    exit;
});
"""
SIGNED_IN_ONLY: Final = "add_action('template_redirect', 'auth_redirect');"

Row = dict[str, Any]
Table = dict[tuple[Any, ...], Row]
Tables = dict[str, Table]
KEYS: Final = {
    "posts": ("post_id",),
    "comments": ("comment_id",),
    "metrics": ("post_id", "observed_at"),
    "revisions": ("item_id", "field", "revision"),
}


@dataclass
class Kept:
    """An archive of a WordPress, with a clock that can be moved on."""

    folder: Path
    server: WordPress
    clock: VirtualClock = field(default_factory=lambda: VirtualClock(datetime.now(UTC)))

    @classmethod
    def begun(cls, folder: Path, server: WordPress) -> "Kept":
        postkeep("init", str(folder), "--contact", "test@example.org")
        file = folder / "postkeep.toml"
        said = re.sub(r"(?m)^names = .*$", 'names = "named"', file.read_text(encoding="utf-8"))
        file.write_text(f"{FOLLOWED.format(site=server.site)}\n{said}{UNHURRIED}", encoding="utf-8")
        return cls(folder, server)

    def run(self, *arguments: str, expect: int = 0) -> str:
        """What a command says of this archive."""
        done = postkeep(*arguments, "--archive", str(self.folder), expect=expect)
        return done.stdout + done.stderr

    def crawl(self, *targets: str) -> Row:
        return postkeep_json("crawl", *targets, "--archive", str(self.folder), *self.server.reaching)

    def refreshed(self) -> Report:
        """One night's refresh, a long while after the last one."""
        self.clock.advance(A_WHILE.total_seconds())
        network = read_network([f"{self.server.authority}:{self.server.authority}"], None, ["127.0.0.1"])
        settings = load_settings(self.folder, {})
        return refresh(shared_reading(Workplace(self.folder, settings, self.clock, network)))

    def exported(self, name: str) -> Tables:
        """The rows of a new export, by their keys."""
        folder = self.folder.parent / name
        self.run("export", str(folder))
        tables: Tables = {}
        for config, key in KEYS.items():
            parts = sorted((folder / "data" / config).glob("*.parquet"))
            rows = [row for part in parts for row in pq.read_table(part).to_pylist()]
            tables[config] = {tuple(row[column] for column in key): row for row in rows}
            assert len(tables[config]) == len(rows)
        return tables

    def body_bytes(self) -> int:
        """The bytes of all bodies that are kept, as they came off the wire."""
        total = 0
        for path in warc_files(self.folder):
            with path.open("rb") as stream:
                for record in ArchiveIterator(stream, no_record_parse=True):
                    if record.rec_type == "response":
                        total += len(record.raw_stream.read().partition(b"\r\n\r\n")[2])
        return total


def post_id(number: int) -> str:
    return f"127.0.0.1:posts-{number}"


def post_row(tables: Tables, number: int) -> Row:
    return tables["posts"][(post_id(number),)]


def comment_row(tables: Tables, post: int, comment: int) -> Row:
    return tables["comments"][(f"{post_id(post)}#{comment}",)]


def texts(table: Table) -> dict[tuple[Any, ...], str | None]:
    return {key: row["text"] for key, row in table.items()}


def observed(tables: Tables, number: int) -> list[Row]:
    """The rows of ``metrics`` of a post, in order."""
    return [row for row in tables["metrics"].values() if row["post_id"] == post_id(number)]


def dated(fields: Mapping[str, str], minute: int) -> dict[str, str]:
    """The fields of a comment of a minute of its own: of one second, their order in the sidebar is by chance."""
    return {**fields, "comment_date": f"2026-11-01 09:{minute:02d}:00"}


@pytest.fixture(scope="module")
def server(shared: Path) -> Iterator[WordPress]:
    with serving(shared, port=PORT) as wordpress:
        # As WordPress comes; the testbed has them off.
        wordpress.set_option("show_avatars", "1")
        her = {
            "user_id": str(wordpress.add_reader("yeonhwa", HER_NAME, "yeonhwa@example.test")),
            "comment_author_email": "yeonhwa@example.test",
            "comment_author_url": "https://yeonhwa.example/about",
        }
        wordpress.add_comment(
            LONG,
            HER_NAME,
            f'세 번째 쪽에 <b>남기는</b> "긴 이야기" — {HER_WORDS[0]} 😀',
            fields=dated(her, 1),
        )
        camping = wordpress.add_comment(
            CAMPING, HER_NAME, f"{HER_WORDS[1]}. 적어 둡니다.", fields=dated(her, 2)
        )
        # The same as another's comment on the page.
        wordpress.add_comment(CAMPING, HER_NAME, "네", fields=dated(her, 3))
        quoting = f"<blockquote>{HER_WORDS[1]}. 적어 둡니다.</blockquote>\n\n고리는 빌릴 수 있습니다."
        wordpress.add_comment(CAMPING, "오상훈", quoting, parent=camping, fields=dated({}, 4))
        wordpress.add_comment(
            CAMPING, HIS_NAME, f"{HIS_WORDS[0]} & 저장했습니다.", fields=dated(HIS_FIELDS, 5)
        )
        wordpress.add_comment(
            LIBRARY, HIS_NAME, f"도서관의 밤에는 {HIS_WORDS[1]}.", fields=dated(HIS_FIELDS, 6)
        )
        yield wordpress


@dataclass(frozen=True)
class Begun:
    """An archive after its first crawl, and after a night on which nothing was new."""

    kept: Kept
    before: Tables
    quiet: Tables
    bodies: int
    more_bodies: int


@pytest.fixture(scope="module")
def begun(server: WordPress, tmp_path_factory: pytest.TempPathFactory) -> Begun:
    kept = Kept.begun(tmp_path_factory.mktemp("refreshed") / "archive", server)
    url = {post["id"]: post["url"] for post in server.truth}
    lists = [f"{server.site}/feed/", f"{server.site}/comments/feed/", f"{url[CAMPING]}feed/"]
    kept.crawl(f"{server.site}/wp-sitemap.xml", *lists, f"{url[LONG]}comment-page-2/", f"{server.site}/")
    before, bodies = kept.exported("before"), kept.body_bytes()
    kept.refreshed()
    return Begun(kept, before, kept.exported("quiet"), bodies, kept.body_bytes() - bodies)


@dataclass(frozen=True)
class Changed:
    """After a night on which much was new; ``at`` is when it was refreshed."""

    begun: Begun
    after: Tables
    at: datetime
    added_comment: int
    added_post: int
    lone_comment: int


@pytest.fixture(scope="module")
def changed(begun: Begun, server: WordPress) -> Changed:
    thread = next(post for post in server.truth if post["id"] == MIXED)["comments"]
    answered = {comment["parent"] for comment in thread}
    lone = next(each["id"] for each in thread if each["parent"] is None and each["id"] not in answered)
    server.edit_post(EDITED, "<p>고친 글이다.</p>")
    server.trash_comment(9)  # the last reply of its thread
    server.trash_comment(14)  # others answered it
    server.trash_comment(lone)  # on the first of several pages
    server.edit_comment(29, "숫자를 고쳐 주셔서 고맙습니다.")
    server.set_password(PROTECTED, "열쇠")
    server.trash_post(TRASHED)
    added = server.add_comment(COMMENTED, "새 사람", "늦게 단 댓글")
    post = server.add_post("새 글", "<p>새로 쓴 글이다.</p>", datetime.now(UTC) - timedelta(hours=1))
    server.add_comment(post, "새 사람", "새 글의 댓글")
    begun.kept.refreshed()
    return Changed(begun, begun.kept.exported("after"), begun.kept.clock.now(), added, post, lone)


@dataclass(frozen=True)
class BadDays:
    """After each of some nights on which the site was not itself, by what was wrong, and of one on which it was again."""

    kept: Kept
    after: Tables
    nights: Mapping[str, Tables]


@pytest.fixture(scope="module")
def bad_days(changed: Changed, server: WordPress) -> BadDays:
    kept = changed.begun.kept
    days: dict[str, AbstractContextManager[None]] = {
        "maintenance": server.in_maintenance(),
        "stopped": server.stopped(),
        "coming soon": server.with_plugin(SOON),
        "for members alone": server.with_plugin(SIGNED_IN_ONLY),
        "itself again": nullcontext(),
    }
    nights: dict[str, Tables] = {}
    for name, day in days.items():
        with day:
            kept.refreshed()
        nights[name] = kept.exported(name)
    return BadDays(kept, changed.after, nights)


@dataclass(frozen=True)
class Forgotten:
    """After two commenters were forgotten; ``again`` is after a refresh, ``rebuilt`` after reading all anew."""

    kept: Kept
    back: Tables
    her_ids: frozenset[str]
    left: list[str]
    after: Tables
    left_again: list[str]
    again: Tables
    rebuilt: Tables


@pytest.fixture(scope="module")
def forgotten(bad_days: BadDays) -> Forgotten:
    kept, back = bad_days.kept, bad_days.after
    traces = (HER_NAME, *HER_WORDS, *HER_TRACES, HIS_NAME, *HIS_WORDS, *HIS_TRACES)
    assert {trace for trace in traces if not places_of(kept.folder, trace)} == set()
    hers = {row["author_id"] for row in back["comments"].values() if row["author_name"] == HER_NAME}
    for subject in (*hers, HIS_NAME):
        kept.run("forget", subject, "--reason", "Asked by its author", "--yes")
    left, after = places_of(kept.folder, *traces), kept.exported("forgotten")
    kept.refreshed()
    left_again, again = places_of(kept.folder, *traces), kept.exported("again")
    (kept.folder / "records.sqlite").unlink()
    # The visits of the bad days give no record.
    kept.run("extract", expect=1)
    return Forgotten(kept, back, frozenset(hers), left, after, left_again, again, kept.exported("rebuilt"))


def test_a_night_on_which_nothing_was_new_adds_no_row_and_few_bytes(begun: Begun) -> None:
    assert begun.quiet == begun.before
    assert begun.more_bodies <= 0.05 * begun.bodies


def test_an_edit_is_a_revision_and_no_other_text_moved(changed: Changed) -> None:
    before, after = changed.begun.quiet, changed.after
    (first, second) = (after["revisions"][(post_id(EDITED), "text", number)] for number in (1, 2))
    assert first["text"] == post_row(before, EDITED)["text"]
    assert (second["text"], second["observed_at"].date()) == ("고친 글이다.", changed.at.date())
    assert (post_row(after, EDITED)["text"], post_row(after, EDITED)["revision"]) == ("고친 글이다.", 2)
    comment = comment_row(after, RECIPE, 29)
    assert (comment["text"], comment["revision"]) == ("숫자를 고쳐 주셔서 고맙습니다.", 2)
    moved = {
        config: {key[0] for key, text in texts(before[config]).items() if texts(after[config])[key] != text}
        for config in ("posts", "comments")
    }
    gone = {f"{post_id(TRASHED)}#{number}" for number in (112, 113)}
    lost = {f"{post_id(ASYNCIO)}#9", f"{post_id(CAMPING)}#14", f"{post_id(MIXED)}#{changed.lone_comment}"}
    assert moved["posts"] == {post_id(EDITED), post_id(TRASHED)}
    assert moved["comments"] == {f"{post_id(RECIPE)}#29", *lost, *gone}


def test_a_comment_in_the_trash_is_absent_since_that_night_and_has_no_text(changed: Changed) -> None:
    for post, comment in ((ASYNCIO, 9), (MIXED, changed.lone_comment)):
        row = comment_row(changed.after, post, comment)
        assert (row["status"], row["text"]) == ("absent", None)
        assert row["status_at"].date() == changed.at.date()
        assert (row["comment_id"], "text", 1) not in changed.after["revisions"]


def test_a_comment_that_others_answered_is_absent_and_its_replies_are_not(changed: Changed) -> None:
    """WordPress counts its replies and prints none: the page shows fewer comments than it declares."""
    row = comment_row(changed.after, CAMPING, 14)
    assert (row["status"], row["text"], row["status_at"].date()) == ("absent", None, changed.at.date())
    replies = [each for each in changed.after["comments"].values() if each["parent_id"] == row["comment_id"]]
    assert {(each["status"], each["text"] is None) for each in replies} == {("present", False)}
    post = post_row(changed.after, CAMPING)
    assert post["comments_declared"] == post_row(changed.begun.quiet, CAMPING)["comments_declared"] - 1


def test_a_post_that_was_locked_says_so_keeps_its_last_text_and_no_row_is_lost(changed: Changed) -> None:
    before, after = changed.begun.quiet, changed.after
    was, now = post_row(before, PROTECTED), post_row(after, PROTECTED)
    assert (now["title"], now["text"]) == (was["title"], was["text"])
    assert now["text"]
    assert [item["kind"] for item in now["access_evidence"]] == [
        *(item["kind"] for item in was["access_evidence"]),
        GATED_SINCE,
    ]
    for config in ("comments", "metrics", "revisions"):
        own = {key: row for key, row in before[config].items() if key[0].startswith(post_id(PROTECTED))}
        assert own.items() <= after[config].items()


def test_a_post_in_the_trash_is_gone_since_that_night_and_shows_nothing(changed: Changed) -> None:
    row = post_row(changed.after, TRASHED)
    assert (row["status"], row["title"], row["text"], row["tags"]) == ("gone", None, None, None)
    assert row["status_at"].date() == changed.at.date()
    for number in (112, 113):
        assert (comment_row(changed.after, TRASHED, number)["status"]) == "absent"
    assert not [key for key in changed.after["revisions"] if key[0].startswith(post_id(TRASHED))]


def test_what_is_new_is_found_and_only_what_changed_has_a_new_number(changed: Changed) -> None:
    before, after = changed.begun.quiet, changed.after
    added = {key for config in ("posts", "comments") for key in after[config].keys() - before[config].keys()}
    new = post_id(changed.added_post)
    assert {key[0] for key in added} >= {new, f"{post_id(COMMENTED)}#{changed.added_comment}"}
    assert len(added) == 3
    assert post_row(after, changed.added_post)["text"] == "새로 쓴 글이다."
    counted = {row["post_id"] for key, row in after["metrics"].items() if key not in before["metrics"]}
    assert counted == {new, *map(post_id, (COMMENTED, ASYNCIO, CAMPING, MIXED))}
    assert [row["comments"] for row in observed(after, ASYNCIO)] == [8, 7]


def test_a_bad_day_changes_no_row(bad_days: BadDays) -> None:
    assert [name for name, tables in bad_days.nights.items() if tables != bad_days.after] == []


def test_the_archive_is_whole_and_its_conduct_was_polite(bad_days: BadDays, forgotten: Forgotten) -> None:
    assert bad_days.kept is forgotten.kept
    forgotten.kept.run("check")
    forgotten.kept.run("check", "--politeness")
    assert warcio_complaints(*warc_files(forgotten.kept.folder)) == ""


def test_nothing_is_found_of_those_who_were_forgotten(forgotten: Forgotten) -> None:
    assert len(forgotten.her_ids) == 1
    assert forgotten.left == []
    said = repr(forgotten.after)
    traces = (HER_NAME, *HER_WORDS, *HER_TRACES, HIS_NAME, *HIS_WORDS, *HIS_TRACES, *forgotten.her_ids)
    assert [trace for trace in traces if trace in said] == []


def test_everybody_else_is_there_as_before(forgotten: Forgotten) -> None:
    words = (*HER_WORDS, *HIS_WORDS)
    stays = {
        key: (row["text"], row["author_name"], row["status"], row["first_seen"], row["status_at"])
        for key, row in forgotten.back["comments"].items()
        if row["author_name"] not in {HER_NAME, HIS_NAME}
        and not any(word in str(row["text"]) for word in words)
    }
    now = {
        key: (row["text"], row["author_name"], row["status"], row["first_seen"], row["status_at"])
        for key, row in forgotten.after["comments"].items()
    }
    assert stays.items() <= now.items()
    # The one who quoted her is there with what is his own.
    (quoting,) = now.keys() - stays.keys()
    assert str(now[quoting][0]).endswith("고리는 빌릴 수 있습니다.")
    assert texts(forgotten.after["posts"]) == texts(forgotten.back["posts"])


def test_neither_a_refresh_nor_reading_all_anew_brings_them_back(forgotten: Forgotten) -> None:
    assert forgotten.left_again == []
    for tables in (forgotten.again, forgotten.rebuilt):
        assert tables["comments"].keys() == forgotten.after["comments"].keys()
        assert texts(tables["comments"]) == texts(forgotten.after["comments"])


def test_a_name_of_an_account_and_of_a_guest_asks_which(forgotten: Forgotten) -> None:
    said = forgotten.kept.run("forget", "홍길동", "--reason", "Asked by its author", "--yes", expect=2)
    ids = {row["author_id"] for row in forgotten.back["comments"].values() if row["author_name"] == "홍길동"}
    assert len(ids) == 2
    assert all(each in said for each in ids)
