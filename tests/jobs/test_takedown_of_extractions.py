"""Whoever asks to be taken out is served where only an extraction has their words: by URL, id, name or profile, in the dataset and beside it."""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
import pyarrow.parquet as pq
import pytest

from scraper.archive.decisions import read_decisions
from scraper.archive.outputs import Output, OutputKind, kind_at, remember
from scraper.archive.warc_file import WarcFile
from scraper.dataset.layout import MANIFEST
from scraper.errors import UsageError
from scraper.jobs.engines.pool import PoolEngine
from scraper.jobs.extract.from_files import extract_from
from scraper.jobs.extract.inputs import Inputs
from scraper.jobs.forget import forget
from scraper.jobs.merge import merge
from scraper.jobs.outgoing import Outgoing
from scraper.jobs.publication.from_folder import open_folder_source
from scraper.jobs.workplace import Workplace
from scraper.model.outcome import Report
from scraper.model.url import parse_url
from scraper.records.contract import Contract, Row
from scraper.sites.generic import generic_id
from tests.cli.holding import held_by_another
from tests.cli.terminal import postkeep
from tests.clock import VirtualClock
from tests.fixtures.pages import v1_page, v1_post
from tests.jobs.crawl_file import CrawlFile
from tests.jobs.rows import read_rows
from tests.jobs.test_extract_from import extracted
from tests.jobs.test_merge import BLOG
from tests.jobs.workplaces import workplace_at
from tests.replica.content import ReplicaPost
from tests.takedown.archives import keep_page, writing
from tests.takedown.searching import places_of

pytestmark = pytest.mark.thorough

SITE = "https://careerly.co.kr"
POST, OTHER = v1_post(72260), v1_post(70991)
PLAIN_URL = "https://village.example/talk/wells?utm_source=mail"
PLAIN_WORDS = "우물가에서 들은 이야기를 여기에 처음으로 적어 둡니다"
PLAIN = (
    '<!doctype html><html lang="ko"><head><title>우물 이야기</title><link rel="canonical" href="https://village.example/talk/wells"></head>'
    f"<body><article><h1>우물 이야기</h1><p>{PLAIN_WORDS}.</p><p>{PLAIN_WORDS}, 그리고 또 한 번 적습니다.</p></article></body></html>"
).encode()


@dataclass(frozen=True)
class World:
    """An archive in which nothing was kept, files of somebody else, and the dataset that was made of them under its key."""

    workplace: Workplace
    files: tuple[Path, ...]
    dataset: Path

    @property
    def work(self) -> Path:
        return self.dataset.with_name(f"{self.dataset.name}.work")

    def extract(self, workers: int = 1) -> Report:
        if workers == 1:
            return extracted(self.workplace, self.dataset, self.files)
        inputs = Inputs(tuple(map(WarcFile.at, self.files)))
        with PoolEngine(workers) as engine:
            return extract_from(inputs, self.dataset, self.workplace, engine, archive=self.workplace.folder)

    def rows(self) -> dict[str, list[Row]]:
        return read_rows(self.dataset)

    def places(self, *words: str) -> list[str]:
        """Where words stand in all that postkeep wrote."""
        folders = (self.dataset, self.work, self.workplace.folder)
        return [f"{folder.name}/{place}" for folder in folders for place in places_of(folder, *words)]


@pytest.fixture
def world(workplace: Workplace, tmp_path: Path) -> World:
    first, second = CrawlFile("a"), CrawlFile("b")
    first.add(f"{SITE}/comments/{POST.id}", v1_page(POST.id).encode())
    first.add(PLAIN_URL, PLAIN)
    second.add(f"{SITE}/comments/{OTHER.id}", v1_page(OTHER.id).encode())
    folder = tmp_path / "files"
    folder.mkdir()
    files = (first.write(folder / "1.warc.gz"), second.write(folder / "2.warc.gz"))
    return World(workplace, files, tmp_path / "dataset")


def words_of(post: ReplicaPost) -> list[str]:
    """The longest line of a text, which stands nowhere else."""
    return [max(post.text.split("\n"), key=len)]


@pytest.mark.parametrize("workers", [1, 2])
def test_a_post_that_only_an_extraction_has_is_named_by_its_address(world: World, workers: int) -> None:
    world.extract(workers)
    assert world.places(PLAIN_WORDS)
    before = {path: path.read_bytes() for path in world.files}
    report = forget(PLAIN_URL, world.workplace, reason="Asked")
    assert report.exit_code == 0, report
    assert not world.places(PLAIN_WORDS)
    told = {item.target: item.reason or "" for item in report.items}
    assert "Posts: 1, comments: 0" in told[str(world.dataset)]
    assert "still holds what was taken down" in told[str(world.files[0])]
    assert str(world.files[1]) not in told
    assert before == {path: path.read_bytes() for path in world.files}
    ours = world.rows()
    assert len(ours["posts"]) == 2
    world.extract(workers)
    assert not world.places(PLAIN_WORDS)
    assert world.rows() == ours


@pytest.mark.parametrize("way", ["address", "canonical", "id", "requests"])
def test_every_way_to_name_a_post_leads_to_it(world: World, tmp_path: Path, way: str) -> None:
    world.extract()
    (own,) = [row for row in world.rows()["posts"] if row["site"] == "village.example"]
    named = {"address": PLAIN_URL, "canonical": own["url"], "id": own["post_id"]}
    if way == "requests":
        table = tmp_path / "requests.csv"
        table.write_text(f"what,why\n{PLAIN_URL},mine\nhttps://village.example/none,mine\n")
        ran = postkeep("forget", "--from", str(table), "--yes", "--archive", str(world.workplace.folder))
        done = table.with_name("requests.done.csv").read_text(encoding="utf-8-sig").splitlines()
        assert [line.split(",")[0] for line in done[1:]] == ["done", "not here"], ran.stderr
        again = postkeep("forget", "--from", str(table), "--yes", "--archive", str(world.workplace.folder))
        assert again.exit_code == ran.exit_code
    else:
        forget(named[way], world.workplace, reason="Asked")
    assert not world.places(PLAIN_WORDS)
    assert own["post_id"] in {each.subject for each in read_decisions(world.workplace.folder)}


@pytest.mark.parametrize("way", ["name", "profile", "author_id"])
def test_a_person_goes_from_where_only_an_extraction_has_them(world: World, way: str) -> None:
    world.extract()
    his = POST.by
    assert his
    (own,) = [row for row in world.rows()["posts"] if row["url"].endswith(f"/{POST.id}")]
    named = {"name": his.name, "profile": f"{SITE}/profiles/{his.profile_id}", "author_id": own["author_id"]}
    report = forget(str(named[way]), world.workplace, reason="Asked")
    assert report.exit_code == 0, report
    assert not world.places(*words_of(POST))
    assert not world.places(his.name)
    left = world.rows()
    assert own["author_id"] not in {
        row["author_id"] for config in ("posts", "comments") for row in left[config]
    }
    world.extract()
    assert world.rows() == left


def test_a_comment_that_only_an_extraction_has_goes_alone(world: World) -> None:
    world.extract()
    before = world.rows()
    comment = next(row for row in before["comments"] if row["post_id"].endswith(str(POST.id)))
    forget(comment["comment_id"], world.workplace, reason="Asked")
    after = world.rows()
    assert {row["post_id"] for row in after["posts"]} == {row["post_id"] for row in before["posts"]}
    assert {row["comment_id"] for row in before["comments"]} - {
        row["comment_id"] for row in after["comments"]
    } == {comment["comment_id"]}
    assert not world.places(comment["text"])
    world.extract()
    assert world.rows() == after


def test_a_dry_run_says_it_and_changes_nothing(world: World) -> None:
    world.extract()
    before = {path: path.read_bytes() for path in world.work.rglob("*") if path.is_file()}
    report = forget(PLAIN_URL, world.workplace, reason=None, dry_run=True)
    told = {item.target: item.reason or "" for item in report.items}
    assert "would be taken out of the dataset" in told[str(world.dataset)]
    assert str(world.files[0]) in told
    assert world.places(PLAIN_WORDS)
    assert before == {path: path.read_bytes() for path in before}
    assert not read_decisions(world.workplace.folder)


def test_what_goes_out_afterwards_is_without_it(world: World) -> None:
    world.extract()
    forget(PLAIN_URL, world.workplace, reason="Asked")
    with open_folder_source(
        world.dataset,
        world.workplace,
        lambda folder: replace(world.workplace, folder=folder),
        exclusively=True,
    ) as source:
        assert {rows.post["site"] for rows in source.posts()} == {"careerly"}


def test_a_dataset_that_has_nothing_of_it_is_left_and_can_go_out(world: World) -> None:
    world.extract()
    shards = sorted(world.work.glob("shards/*"))
    report = forget("careerly:comments-1", world.workplace, reason="Asked")
    assert str(world.dataset) not in {item.target for item in report.items}
    assert sorted(world.work.glob("shards/*")) == shards
    with open_folder_source(
        world.dataset,
        world.workplace,
        lambda folder: replace(world.workplace, folder=folder),
        exclusively=True,
    ) as source:
        assert sum(1 for _ in source.posts()) == 3


def test_what_a_run_left_that_was_cut_off_goes_too(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut_off(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("scraper.jobs.extract.dataset.write_dataset", cut_off)
    with pytest.raises(KeyboardInterrupt):
        world.extract()
    assert world.places(PLAIN_WORDS)
    report = forget(PLAIN_URL, world.workplace, reason="Asked")
    assert report.exit_code == 0
    assert not world.places(PLAIN_WORDS)


def test_what_a_run_left_half_made_goes_though_nothing_whole_holds_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut_off(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("scraper.jobs.extract.work.digest_of", cut_off)
    with pytest.raises(KeyboardInterrupt):
        world.extract()
    # What was read is packed there, so that no search finds its words.
    assert list(world.work.glob("shards/*.part"))
    # As a run leaves them that is killed while it writes what an index chose, or by what rows are made.
    url = f"{SITE}/comments/{POST.id}"
    for name in ("chosen.part", "plan.rows.part"):
        (world.work / name).write_text(url)
    assert forget(f"careerly:comments-{POST.id}", world.workplace, reason="Asked").exit_code == 0
    assert not list(world.work.rglob("*.part"))
    assert not world.places(url)


def test_without_the_work_folder_the_dataset_is_served_and_what_is_not_known_is_said(world: World) -> None:
    world.extract()
    shutil.rmtree(world.work)
    report = forget("https://village.example/talk/wells", world.workplace, reason="Asked")
    told = {item.target: item.reason or "" for item in report.items}
    assert "postkeep extract --from FILES" in told[str(world.dataset)]
    assert not places_of(world.dataset, PLAIN_WORDS)


def test_what_another_version_of_postkeep_wrote_beside_the_dataset_stops_no_takedown(world: World) -> None:
    world.extract()
    with closing(sqlite3.connect(world.work / "ids.sqlite")) as database:
        database.execute("PRAGMA user_version = 1")
        database.commit()
    for shard in world.work.glob("shards/*.parquet"):
        rows = pq.read_table(shard)
        visits = [msgspec.msgpack.decode(visit) for visit in rows.column("visit").to_pylist()]
        older = [msgspec.msgpack.encode(visit | {"called": None}) for visit in visits]
        place = rows.schema.get_field_index("visit")
        pq.write_table(rows.set_column(place, "visit", [older]), shard, compression="none")
    report = forget("https://village.example/talk/wells", world.workplace, reason="Asked")
    assert report.exit_code == 0, report
    assert not world.places(PLAIN_WORDS)
    assert not list(world.work.glob("shards/*"))


def test_a_dataset_that_was_merged_over_an_extraction_is_named_and_stays_what_it_is(
    world: World, tmp_path: Path
) -> None:
    world.extract()
    other = workplace_at(tmp_path / "other", VirtualClock())
    for place, post, minute in ((world.workplace, POST, 1), (other, OTHER, 2)):
        with writing(place) as archive:
            keep_page(archive, f"{SITE}/comments/{post.id}", v1_page(post.id).encode(), minute)
    assert merge([world.workplace, other], world.dataset).exit_code == 0
    before = (world.dataset / MANIFEST).read_bytes()
    report = forget(f"{SITE}/comments/{POST.id}", world.workplace, reason="Asked")
    assert (world.dataset / MANIFEST).read_bytes() == before
    assert kind_at(world.workplace.folder, world.dataset) == "merged"
    assert not places_of(world.work, *words_of(POST))
    told = " ".join(item.reason or "" for item in report.items if item.target == str(world.dataset))
    assert "postkeep merge" in told


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [("extracted", "failed"), ("merged", "skipped"), ("csv", "skipped"), ("reader", "skipped")],
)
def test_an_output_at_a_place_that_cannot_be_looked_into_is_named_and_stops_no_takedown(
    world: World, kind: OutputKind, outcome: str
) -> None:
    world.extract()
    unreachable = Path("/", "x" * 300)
    remember(world.workplace.folder, Output(kind, unreachable))
    report = forget(PLAIN_URL, world.workplace, reason="Asked")
    assert not world.places(PLAIN_WORDS)
    (item,) = [item for item in report.items if item.target == str(unreachable)]
    assert item.outcome == outcome


def test_a_dataset_that_a_run_is_making_is_named_as_still_holding_it(world: World) -> None:
    world.extract()
    with held_by_another(world.work):
        report = forget(PLAIN_URL, world.workplace, reason="Asked")
    (item,) = [item for item in report.items if item.target == str(world.dataset)]
    assert (item.outcome, "postkeep extract" in str(item.reason)) == ("failed", True)
    assert report.exit_code == 1
    # Asked again once that has ended.
    forget(PLAIN_URL, world.workplace, reason="Asked")
    assert not world.places(PLAIN_WORDS)


def test_what_nobody_has_is_refused_still(world: World) -> None:
    world.extract()
    with pytest.raises(UsageError, match="no post, comment or author"):
        forget("https://village.example/nowhere", world.workplace, reason="Asked")


def opted_out(world: World, line: str) -> Workplace:
    (world.workplace.folder / "left.txt").write_text(f"{line}\n", encoding="utf-8")
    return replace(world.workplace, settings=replace(world.workplace.settings, opt_out="left.txt"))


def going_out(world: World, workplace: Workplace) -> list[Row]:
    """The posts that a publication of the dataset lets out."""
    with open_folder_source(
        world.dataset, workplace, lambda folder: replace(workplace, folder=folder), exclusively=True
    ) as source:
        outgoing = Outgoing(Contract.load(), source.exclusions(), is_publication=True)
        return [dict(rows.post) for rows in outgoing.posts(source.posts())]


@pytest.mark.parametrize("way", ["former id", "address", "name", "profile"])
def test_an_opt_out_that_came_after_the_extraction_is_matched_by_whatever_was_known_when_it_was_made(
    world: World, tmp_path: Path, way: str
) -> None:
    file = CrawlFile("c")
    file.add("https://blog.example/snow/?from=list", BLOG)
    world = replace(world, files=(*world.files, file.write(tmp_path / "files" / "3.warc.gz")))
    world.extract()
    rows = {row["site"]: row for row in world.rows()["posts"] if not row["url"].endswith(f"/{OTHER.id}")}
    blog, his = rows["blog.example"], POST.by
    assert his
    assert blog["post_id"] == "blog.example:posts-4"
    url = parse_url(blog["url"])
    assert url
    lines = {
        "former id": (generic_id(url), blog["post_id"]),
        "address": (PLAIN_URL, rows["village.example"]["post_id"]),
        "name": (his.name, rows["careerly"]["post_id"]),
        "profile": (f"{SITE}/profiles/{his.profile_id}", rows["careerly"]["post_id"]),
    }
    line, post_id = lines[way]
    every = {row["post_id"] for row in going_out(world, world.workplace)}
    assert {row["post_id"] for row in going_out(world, opted_out(world, line))} == every - {post_id}


def test_an_opt_out_is_not_guessed_at_where_what_was_known_is_gone(world: World) -> None:
    world.extract()
    shutil.rmtree(world.work)
    assert len(going_out(world, world.workplace)) == 3
    with pytest.raises(UsageError, match="does not tell under which ids"):
        going_out(world, opted_out(world, PLAIN_URL))
