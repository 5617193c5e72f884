"""Several archives become one dataset: as if one had made every visit, in whatever order they are named, and nothing comes back that any took down."""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from pathlib import Path
from typing import Final

import pytest

from scraper.archive.decisions import append_decision, read_decisions
from scraper.archive.disk import Disk
from scraper.archive.outputs import Output, outputs_of
from scraper.dataset.manifest import Manifest
from scraper.errors import ArchiveDamagedError, UsageError
from scraper.jobs.forget import forget
from scraper.jobs.init import init
from scraper.jobs.merge import merge
from scraper.jobs.politeness.conduct import conduct_of_archives
from scraper.jobs.progress import Progress
from scraper.jobs.publication.export import export
from scraper.jobs.workplace import Workplace
from scraper.model.decision import Decision
from scraper.model.outcome import Report
from scraper.records.contract import Row
from scraper.settings import HostSettings, Settings
from tests.archive.making import NOON, exchange
from tests.cli.holding import held_by_another
from tests.clock import VirtualClock
from tests.field.blogs import GENERATOR
from tests.jobs.rows import read_rows, without_time_and_place
from tests.jobs.workplaces import KEY, workplace_at
from tests.replica import v1
from tests.replica.content import ReplicaPost, load_community
from tests.takedown.archives import community_posts, keep_page, url_of, writing

COMMUNITY = load_community()
POSTS = community_posts()[:3]
BLOG = (
    f'<!doctype html><html lang="ko"><head>{GENERATOR}<title>눈 오는 날</title></head><body class="single single-post postid-4">'
    '<h1 class="entry-title">눈 오는 날</h1><div class="entry-content"><p>글의 본문이 여기 있습니다.</p></div></body></html>'
).encode()
PLAIN = (("Content-Type", "text/plain"),)


def keep(workplace: Workplace, post: ReplicaPost, minute: int, *, build: str = "one") -> None:
    page = v1.post_page(COMMUNITY, post, v1.Build(id=build)).encode()
    with writing(workplace) as archive:
        keep_page(archive, url_of(post), page, minute)


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def merged(archives: Sequence[Workplace], folder: Path) -> dict[str, bytes]:
    report = merge(archives, folder)
    assert report.exit_code == 0, report.items
    return bytes_of(folder)


def posts_in(folder: Path) -> dict[str, str | None]:
    return {row["post_id"]: row["text"] for row in read_rows(folder)["posts"]}


@pytest.fixture
def archives(tmp_path: Path) -> list[Workplace]:
    """Two archives with a key in common: the second post is in both, as each saw it at its time."""
    one, two = (workplace_at(tmp_path / name, VirtualClock()) for name in ("one", "two"))
    keep(one, POSTS[0], 1)
    keep(one, POSTS[1], 2)
    keep(two, POSTS[1], 3, build="two")
    keep(two, POSTS[2], 2)
    return [one, two]


def test_one_archive_merged_is_its_export_to_the_byte(archives: list[Workplace], tmp_path: Path) -> None:
    export(tmp_path / "exported", archives[0])
    assert merged([archives[0]], tmp_path / "merged") == bytes_of(tmp_path / "exported")


@pytest.mark.thorough
def test_neither_order_nor_names_nor_copies_nor_doing_it_again_make_a_difference(
    archives: list[Workplace], tmp_path: Path
) -> None:
    shutil.copytree(archives[1].folder, tmp_path / "a copy\nof two")
    copy = replace(archives[1], folder=tmp_path / "a copy\nof two")
    keep(copy, POSTS[0], 9)
    every = [*archives, copy]
    first = merged(every, tmp_path / "first")
    for number, order in enumerate(permutations(every)):
        assert merged(order, tmp_path / f"order {number}") == first
    assert merged([*every, *every], tmp_path / "first") == first
    renamed = [replace(each, folder=each.folder.rename(tmp_path / f"z{n}")) for n, each in enumerate(every)]
    assert merged(renamed[::-1], tmp_path / "renamed") == first


@pytest.mark.thorough
def test_shards_come_to_what_one_archive_that_made_all_visits_comes_to(
    archives: list[Workplace], tmp_path: Path
) -> None:
    whole = workplace_at(tmp_path / "whole", VirtualClock())
    for post, minute, build in (
        (POSTS[0], 1, "one"),
        (POSTS[1], 2, "one"),
        (POSTS[2], 2, "one"),
        (POSTS[1], 3, "two"),
    ):
        keep(whole, post, minute, build=build)
    export(tmp_path / "exported", whole)
    merged(archives, tmp_path / "merged")
    ours, theirs = read_rows(tmp_path / "merged"), read_rows(tmp_path / "exported")
    assert without_time_and_place(ours) == without_time_and_place(theirs)
    assert {row["captured_at"] for row in ours["posts"]} == {row["captured_at"] for row in theirs["posts"]}


def test_different_keys_are_refused_before_anything_is_read(
    archives: list[Workplace], tmp_path: Path
) -> None:
    (archives[1].folder / "pseudonym.key").write_bytes(bytes(32))
    with pytest.raises(UsageError, match=r"one and .*two have different pseudonym keys.*--key-of") as raised:
        merge(archives, tmp_path / "merged")
    assert KEY.hex() not in str(raised.value)
    assert not (tmp_path / "merged").exists()
    assert not any((each.folder / "records.sqlite").exists() for each in archives)


def test_a_command_that_is_told_can_be_pasted_whatever_the_folders_are_called(
    archives: list[Workplace], tmp_path: Path
) -> None:
    spaced = archives[0].folder.rename(tmp_path / "my one")
    (archives[1].folder / "pseudonym.key").write_bytes(bytes(32))
    with pytest.raises(UsageError, match=f"init NEW --key-of '{spaced}'`"):
        merge([replace(archives[0], folder=spaced), archives[1]], tmp_path / "merged")


def test_a_key_that_is_lost_or_damaged_is_never_made_anew(archives: list[Workplace], tmp_path: Path) -> None:
    key = archives[1].folder / "pseudonym.key"
    key.write_bytes(b"short")
    with pytest.raises(ArchiveDamagedError, match="5 bytes instead of 32"):
        merge(archives, tmp_path / "merged")
    key.unlink()
    with pytest.raises(UsageError, match=r"two has captures and no pseudonym\.key"):
        merge(archives, tmp_path / "merged")
    assert not key.exists()


def test_an_archive_that_never_had_a_key_gets_none_by_being_merged(
    archives: list[Workplace], tmp_path: Path
) -> None:
    init(tmp_path / "new", "test@example.org")
    new = replace(archives[0], folder=tmp_path / "new")
    with pytest.raises(UsageError, match=r"new has no pseudonym key yet.*postkeep init .*new --key-of .*one"):
        merge([new, *archives], tmp_path / "merged")
    assert not (tmp_path / "new" / "pseudonym.key").exists()


MUST_AGREE: Final[dict[str, dict[str, object]]] = {
    "names": {"names": "pseudonymous"},
    "scrub": {"scrub": ("email",)},
    "license": {"license": "cc-by-4.0"},
    "keep_deleted_text": {"keep_deleted_text": True},
    "zone": {"host": {"careerly.co.kr": HostSettings(zone="Asia/Seoul")}},
    "contact": {"contact": "other@example.org"},
}


def test_every_setting_that_shapes_rows_is_among_those_that_must_agree() -> None:
    assert Settings().shaping.keys() <= MUST_AGREE.keys()


@pytest.mark.parametrize(("name", "settings"), MUST_AGREE.items())
def test_settings_that_rows_or_card_depend_on_must_agree(
    archives: list[Workplace], tmp_path: Path, name: str, settings: dict[str, object]
) -> None:
    other = replace(archives[1], settings=replace(archives[1].settings, **settings))  # type: ignore[arg-type]
    for order in ([archives[0], other], [other, archives[0]]):
        with pytest.raises(UsageError, match=rf"one and .*two do not agree in `{name}`"):
            merge(order, tmp_path / "merged")
    assert not any((each.folder / "records.sqlite").exists() for each in archives)


@pytest.mark.thorough
def test_what_the_card_states_may_be_said_by_one_of_them(archives: list[Workplace], tmp_path: Path) -> None:
    stated = Settings(**{**_plain(archives[0].settings), "title": "겨울 글", "rights_statement": "Ours."})  # type: ignore[arg-type]
    titled = [archives[0], replace(archives[1], settings=stated)]
    first = merged(titled, tmp_path / "merged")
    assert "겨울 글" in first["README.md"].decode()
    assert merged(titled[::-1], tmp_path / "again") == first


def _plain(settings: Settings) -> dict[str, object]:
    return {"names": settings.names, "contact": settings.contact, "host": settings.host}


@pytest.mark.thorough
def test_a_post_that_one_forgot_does_not_go_out_of_another(archives: list[Workplace], tmp_path: Path) -> None:
    before = posts_in_merge(archives, tmp_path)
    post_id = next(each for each in before if each.endswith(f"-{POSTS[1].id}"))
    forget(post_id, archives[0], reason="Asked by its author")
    report = merge(archives, tmp_path / "merged")
    assert post_id not in posts_in(tmp_path / "merged")
    assert all(
        row["post_id"] != post_id for name in ("comments", "metrics") for row in rows_in(tmp_path, name)
    )
    (item,) = [each for each in report.items if each.post_id == post_id]
    assert item.outcome == "skipped"
    assert f"postkeep forget {post_id} --archive {archives[1].folder}" in str(item.reason)
    assert report.exit_code == 0
    digest = bytes_of(tmp_path / "merged")["manifest.json"]
    assert merged(archives[::-1], tmp_path / "turned")["manifest.json"] == digest
    assert not [each for each in read_decisions(archives[1].folder) if each.kind == "tombstone"]


def posts_in_merge(archives: list[Workplace], tmp_path: Path) -> dict[str, str | None]:
    merge(archives, tmp_path / "merged")
    return posts_in(tmp_path / "merged")


def rows_in(tmp_path: Path, config: str) -> list[Row]:
    return read_rows(tmp_path / "merged").get(config, [])


@pytest.mark.thorough
def test_people_and_comments_that_one_forgot_do_not_go_out_of_another(tmp_path: Path) -> None:
    post = next(each for each in community_posts() if len(each.comments) > 2)
    one, two = (workplace_at(tmp_path / name, VirtualClock()) for name in ("one", "two"))
    keep(one, post, 1)
    keep(two, post, 2, build="two")
    merge([one, two], tmp_path / "merged")
    comments = rows_in(tmp_path, "comments")
    someone = next(row for row in comments[1:] if not row["is_post_author"])
    gone = [comments[0]["comment_id"], someone["author_id"]]
    for subject in gone:
        forget(str(subject), one, reason="Asked")
    report = merge([one, two], tmp_path / "merged")
    left = rows_in(tmp_path, "comments")
    assert left
    assert not {row["comment_id"] for row in left} & set(gone)
    assert not {row["author_id"] for row in [*left, *rows_in(tmp_path, "posts")]} & set(gone)
    assert [row["position"] for row in left] == list(range(len(left)))
    reasons = [str(item.reason) for item in report.items if item.target == "comments"]
    count = len(comments) - len(left)
    assert [f"has taken down were left out ({count})." in each for each in reasons] == [True]
    # As one archive that made both visits, and has forgotten the same.
    whole = workplace_at(tmp_path / "whole", VirtualClock())
    keep(whole, post, 1)
    keep(whole, post, 2, build="two")
    export(tmp_path / "exported", whole)
    for subject in gone:
        forget(str(subject), whole, reason="Asked")
    export(tmp_path / "exported", whole)
    expected = without_time_and_place(read_rows(tmp_path / "exported"))
    ours = without_time_and_place(read_rows(tmp_path / "merged"))
    assert [row["comment_id"] for row in ours["comments"]] == [
        row["comment_id"] for row in expected["comments"]
    ]
    assert ours["revisions"] == expected["revisions"]


@pytest.mark.thorough
def test_who_opted_out_of_one_is_left_out_of_all(archives: list[Workplace], tmp_path: Path) -> None:
    every = posts_in_merge(archives, tmp_path)
    post_id = next(each for each in every if each.endswith(f"-{POSTS[2].id}"))
    (archives[0].folder / "opt-out.txt").write_text(url_of(POSTS[2]) + "\n")
    opted = replace(archives[0], settings=replace(archives[0].settings, opt_out="opt-out.txt"))
    report = merge([opted, archives[1]], tmp_path / "merged")
    assert posts_in(tmp_path / "merged").keys() == every.keys() - {post_id}
    (item,) = [each for each in report.items if each.post_id == post_id]
    assert "opt-out file" in str(item.reason)


class _TakesDownMeanwhile(Progress):
    """Has somebody take down a post while the rows are written."""

    def __init__(self, archive: Path, post_id: str) -> None:
        self._archive = archive
        self._decision = Decision("tombstone", post_id, NOON, "asked")

    def expect(self, total: int, doing: str) -> None:
        del total
        if doing == "writing":
            append_decision(self._archive, self._decision, Disk())


def test_the_card_honours_no_takedown_that_came_while_the_rows_were_written(
    archives: list[Workplace], tmp_path: Path
) -> None:
    folder = tmp_path / "merged"
    progress = _TakesDownMeanwhile(archives[1].folder, f"careerly:comments-{POSTS[0].id}")
    merge([replace(each, progress=progress) for each in archives], folder)
    assert not Manifest.read(folder).takedowns


@pytest.mark.thorough
def test_the_newest_robots_txt_counts_in_whatever_archive_it_lies(
    archives: list[Workplace], tmp_path: Path
) -> None:
    robots = "https://careerly.co.kr/robots.txt"
    closed, opened = b"User-agent: *\nContent-Signal: use=immediate\nAllow: /\n", b"User-agent: *\nAllow: /\n"
    for place, body, minute in ((archives[0], opened, 5), (archives[1], closed, 6)):
        with writing(place) as archive:
            archive.keep(exchange(robots, body, at=NOON + timedelta(minutes=minute), headers=PLAIN))
    with_new = merge(archives, tmp_path / "merged").counts()
    with writing(archives[0]) as archive:
        archive.keep(exchange(robots, opened, at=NOON + timedelta(minutes=7), headers=PLAIN))
    assert (with_new["done"], merge(archives, tmp_path / "merged").counts()["done"]) == (0, 3)


@pytest.mark.thorough
def test_the_dataset_is_noted_in_every_archive(archives: list[Workplace], tmp_path: Path) -> None:
    merge(archives, tmp_path / "merged")
    assert [outputs_of(each.folder) for each in archives] == [(Output("merged", tmp_path / "merged"),)] * 2
    forgotten = posts_in(tmp_path / "merged")
    report: Report = forget(next(iter(forgotten)), archives[0], reason="Asked")
    assert any(str(tmp_path / "merged") in f"{item.target} {item.reason}" for item in report.items)


@pytest.mark.thorough
def test_an_archive_in_which_nothing_was_kept_brings_nothing_but_what_it_leaves_out(
    archives: list[Workplace], tmp_path: Path
) -> None:
    every = posts_in_merge(archives, tmp_path)
    init(tmp_path / "new", "test@example.org", archives[0].folder)
    (tmp_path / "new" / "opt-out.txt").write_text(url_of(POSTS[0]) + "\n")
    new = replace(
        archives[0],
        folder=tmp_path / "new",
        settings=replace(archives[0].settings, opt_out="opt-out.txt"),
    )
    report = merge([*archives, new], tmp_path / "merged")
    assert len(posts_in(tmp_path / "merged")) == len(every) - 1
    assert [item.reason for item in report.items if item.target == str(new.folder)] == [
        "Nothing was ever kept in it, so it brings nothing."
    ]
    with pytest.raises(UsageError, match="Nothing was ever kept in"):
        merge([new], tmp_path / "merged")


def test_what_is_no_archive_or_no_place_for_a_dataset_is_refused(
    archives: list[Workplace], tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match="absent is no archive"):
        merge([*archives, replace(archives[0], folder=tmp_path / "absent")], tmp_path / "merged")
    before = bytes_of(archives[0].folder / "warc")
    with pytest.raises(UsageError, match="holds what no export wrote"):
        merge(archives, archives[0].folder)
    assert bytes_of(archives[0].folder / "warc") == before


@pytest.mark.thorough
def test_archives_that_are_held_are_read_as_committed(archives: list[Workplace], tmp_path: Path) -> None:
    alone = merged(archives, tmp_path / "alone")
    with held_by_another(archives[0].folder), held_by_another(archives[1].folder):
        assert merged(archives, tmp_path / "beside") == alone


def test_the_ledger_of_a_copy_counts_once(archives: list[Workplace], tmp_path: Path) -> None:
    one, two = (each.folder for each in archives)
    shutil.copytree(one, tmp_path / "copy")
    keep(replace(archives[0], folder=tmp_path / "copy"), POSTS[2], 8)
    conduct = conduct_of_archives([one, two, tmp_path / "copy"])
    assert conduct == conduct_of_archives([tmp_path / "copy", two, one])
    assert conduct.requests == conduct_of_archives([one]).requests + conduct_of_archives([two]).requests + 1


@pytest.mark.thorough
def test_a_post_that_is_gone_by_what_another_archive_saw_at_its_address_is_gone(
    archives: list[Workplace], tmp_path: Path
) -> None:
    """No page that is gone tells its platform: what was read at its address before does, wherever that lies."""
    url = "https://blog.example/snow/"
    whole = workplace_at(tmp_path / "whole", VirtualClock())
    for place in (archives[0], whole):
        with writing(place) as archive:
            keep_page(archive, url, BLOG, 1)
    for place in (archives[1], whole):
        with writing(place) as archive:
            keep_page(archive, url, b"Not found", 5, status=404)
    export(tmp_path / "exported", whole)
    (expected,) = read_rows(tmp_path / "exported")["posts"]
    assert expected["status"] == "gone"
    for order in (archives, archives[::-1]):
        merge(order, tmp_path / "merged")
        (post,) = [row for row in rows_in(tmp_path, "posts") if row["post_id"] == expected["post_id"]]
        assert (post["status"], post["text"]) == ("gone", None)
